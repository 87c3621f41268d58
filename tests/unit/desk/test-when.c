/* SPDX-License-Identifier: ISC */
/* Dates in words as an agent writes them before a sentence: what is taken for the date, what is past, what is to come. It is Tuesday 17 November
 * 2026, 10:00 EST. */
#include "desk/when.h"
#include "pure.h"

static SlAgreement *agreement;
static SlTime now;

static char *
said(SlTime t)
{
  return t == SL_TIME_NONE ? g_strdup("-") : sl_time_format_zone(t, "America/New_York", "%a %-d %b %H:%M");
}

static void
test_prefix(void)
{
  static const struct {
    const char *line, *rest, *at;
  } rows[] = {
      {"Fri 16:00 because a part is missing", " because a part is missing", "Fri 20 Nov 16:00"},
      {"Fri because", " because", "Fri 20 Nov 18:00"},
      {"tomorrow at 16:00, then", " then", "Wed 18 Nov 16:00"},
      {"2h", "", "Tue 17 Nov 12:00"},
      {"16:00 today", "", "Tue 17 Nov 16:00"},
      {"09:00", "", "Wed 18 Nov 09:00"},
      {"until Mon", "", "Mon 23 Nov 18:00"},
      {"today 09:00 because", "today 09:00 because", "-"}, /* past: its beginning is not taken for another date */
      {"2026-11-17 09:00", "2026-11-17 09:00", "-"},
      {"yesterday", "yesterday", "-"},
      {"because of Fri", "because of Fri", "-"},
      {"", "", "-"},
      {"the 5 parts", "the 5 parts", "-"},
      {"30 Feb", "30 Feb", "-"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime t = SL_TIME_NONE;
    gsize used = sl_when_prefix(rows[i].line, agreement->calendar, now, &t);
    g_autofree char *got = said(t);
    g_test_message("\"%s\"", rows[i].line);
    g_assert_cmpstr(rows[i].line + used, ==, rows[i].rest);
    g_assert_cmpstr(got, ==, rows[i].at);
  }
}

static void
test_past(void)
{
  static const struct {
    const char *line, *rest, *at;
    gboolean parses; /* as a whole, at or before now */
  } rows[] = {
      {"09:40 that it comes", " that it comes", "Tue 17 Nov 09:40", FALSE},
      {"09:40", "", "Tue 17 Nov 09:40", TRUE},
      {"10:00", "", "Tue 17 Nov 10:00", TRUE},
      {"10:40 that it comes", " that it comes", "Tue 17 Nov 10:40", FALSE}, /* to come: given as such, and refused */
      {"10:40", "", "Tue 17 Nov 10:40", FALSE},
      {"yesterday 16:00", "", "Mon 16 Nov 16:00", TRUE},
      {"Mon 16:00", "", "Mon 16 Nov 16:00", TRUE},
      {"Fri 16:00", "", "Fri 13 Nov 16:00", TRUE},
      {"2h", "", "Tue 17 Nov 08:00", TRUE},
      {"2026-11-16 09:30", "", "Mon 16 Nov 09:30", TRUE},
      {"gestern 16:00", "", "Mon 16 Nov 16:00", TRUE},
      {"ayer 16:00", "", "Mon 16 Nov 16:00", TRUE},
      {"that it comes", "that it comes", "-", FALSE},
      {"", "", "-", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime t = SL_TIME_NONE, whole = SL_TIME_NONE;
    g_autofree char *why = NULL;
    gsize used = sl_when_prefix_past(rows[i].line, agreement->calendar, now, &t);
    gboolean parsed = sl_when_parse_past(rows[i].line, agreement->calendar, now, &whole, &why);
    g_autofree char *got = said(t);
    g_test_message("\"%s\"", rows[i].line);
    g_assert_cmpstr(rows[i].line + used, ==, rows[i].rest);
    g_assert_cmpstr(got, ==, rows[i].at);
    g_assert_cmpint(parsed, ==, rows[i].parses);
    g_assert_cmpint(parsed, ==, why == NULL);
    g_assert_true(!parsed || whole == t);
  }
}

static void
test_why(void)
{
  static const struct {
    const char *text, *why;
  } rows[] = {
      {"today 09:00", "Tue 17 Nov 2026 09:00 EST is in the past"},
      {"today 09:00 because", "Tue 17 Nov 2026 09:00 EST is in the past"},
      {"yesterday", "Mon 16 Nov 2026 18:00 EST is in the past"},
      {"soon", "\"soon\" is no date: say Fri 16:00, tomorrow, 2h or 2026-11-25 16:00"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime t = SL_TIME_NONE;
    g_autofree char *why = NULL;
    g_assert_false(sl_when_parse(rows[i].text, agreement->calendar, now, &t, &why));
    g_assert_cmpstr(why, ==, rows[i].why);
    g_assert_true(t == SL_TIME_NONE);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  agreement = sl_agreement_new_default();
  now = at("Tue 10:00");
  g_test_add_func("/desk/when/prefix", test_prefix);
  g_test_add_func("/desk/when/past", test_past);
  g_test_add_func("/desk/when/why", test_why);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
