/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "sla/calendar.h"

/* ---- the text table ---- */

static GHashTable *calendars;

static void
add_list(GPtrArray *out, const char *text)
{
  g_auto(GStrv) items = g_strsplit(text, ";", -1);
  for (guint i = 0; items[i]; i++) {
    g_strstrip(items[i]);
    if (*items[i])
      g_ptr_array_add(out, g_strdup(items[i]));
  }
}

static void
define(const char *line)
{
  g_auto(GStrv) parts = g_strsplit(line, "|", 4);
  g_auto(GStrv) head = g_strsplit(g_strstrip(parts[0]), " ", 3);
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new(head[1], head[2]);
  g_autofree char *fault = NULL;
  add_list(spec->hours, parts[1]);
  add_list(spec->holidays, parts[2]);
  add_list(spec->special, parts[3]);
  SlCalendar *calendar = sl_calendar_new(spec, &fault);
  g_assert_cmpstr(fault, ==, NULL);
  g_hash_table_insert(calendars, g_strdup(head[1]), calendar);
}

static SlTime
local(const SlCalendar *calendar, const char *day, const char *time)
{
  SlTime at = 0;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(calendar));
  g_autofree char *text = g_strdup_printf("%s %s", day, time);
  g_assert_true(sl_time_parse_local(text, zone, &at));
  return at;
}

static void
check_time(const char *line, SlTime got, SlTime wanted)
{
  g_autofree char *got_text = sl_time_format(got);
  g_autofree char *wanted_text = sl_time_format(wanted);
  if (got != wanted)
    g_test_message("%s", line);
  g_assert_cmpstr(got_text, ==, wanted_text);
}

static void
check_due(const char *line, const SlCalendar *c, char **f)
{
  check_time(line, sl_calendar_add(c, local(c, f[2], f[3]), 60 * g_ascii_strtoll(f[5], NULL, 10)), local(c, f[7], f[8]));
}

static void
check_before(const char *line, const SlCalendar *c, char **f)
{
  check_time(line, sl_calendar_subtract(c, local(c, f[2], f[3]), 60 * g_ascii_strtoll(f[5], NULL, 10)), local(c, f[7], f[8]));
}

static void
check_days(const char *line, const SlCalendar *c, char **f)
{
  check_time(line, sl_calendar_add_days(c, local(c, f[2], f[3]), (int)g_ascii_strtoll(f[5], NULL, 10)), local(c, f[7], f[8]));
}

static void
check_day(const char *line, const SlCalendar *c, char **f)
{
  SlTime open = 0, close = 0;
  g_assert_true(sl_calendar_day(c, local(c, f[2], f[3]), &open, &close));
  check_time(line, open, local(c, f[5], f[6]));
  check_time(line, close, local(c, f[7], f[8]));
}

static void
check_closes(const char *line, const SlCalendar *c, char **f)
{
  check_time(line, sl_calendar_next_close(c, local(c, f[2], f[3])), local(c, f[5], f[6]));
}

static void
check_open(const char *line, const SlCalendar *c, char **f)
{
  if (sl_calendar_is_open(c, local(c, f[2], f[3])) != (strcmp(f[4], "yes") == 0))
    g_error("%s", line);
}

static void
check_elapsed(const char *line, const SlCalendar *c, char **f)
{
  g_test_message("%s", line);
  g_assert_cmpint(sl_calendar_elapsed(c, local(c, f[2], f[3]), local(c, f[4], f[5])), ==, 60 * g_ascii_strtoll(f[7], NULL, 10));
}

static void
check_line(const char *line)
{
  static const struct {
    const char *word;
    guint fields;
    void (*check)(const char *, const SlCalendar *, char **);
  } rows[] = {{"due", 9, check_due}, {"before", 9, check_before}, {"days", 9, check_days}, {"day", 9, check_day},
              {"closes", 7, check_closes}, {"open", 5, check_open}, {"elapsed", 8, check_elapsed}};
  g_auto(GStrv) f = g_strsplit(line, " ", -1);
  const SlCalendar *c = f[0] && f[1] ? g_hash_table_lookup(calendars, f[1]) : NULL;
  for (guint i = 0; c && i < G_N_ELEMENTS(rows); i++) {
    if (strcmp(f[0], rows[i].word) == 0 && g_strv_length(f) == rows[i].fields) {
      rows[i].check(line, c, f);
      return;
    }
  }
  g_error("not understood: %s", line);
}

static void
test_table(void)
{
  g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "tests/data/calendar/business-time.txt", NULL);
  g_autofree char *text = NULL;
  guint n = 0;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  calendars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)sl_calendar_free);
  for (guint i = 0; lines[i]; i++) {
    if (g_str_has_prefix(lines[i], "calendar "))
      define(lines[i]);
    else if (*lines[i] && *lines[i] != '#') {
      check_line(lines[i]);
      n++;
    }
  }
  g_hash_table_unref(calendars);
  g_assert_cmpuint(n, >=, 25);
}

/* ---- faults ---- */

static void
test_faults(void)
{
  static const struct {
    const char *zone, *hours, *holiday, *fault;
  } rows[] = {
      {"Mars/Base", "mon-fri 08:00-18:00", NULL, "there is no time zone"},
      {"UTC", "mon-fry 08:00-18:00", NULL, "no such day"},
      {"UTC", "mon-fri 8-18", NULL, "a time such as"},
      {"UTC", "mon-fri 08:00-25:00", NULL, "a time such as"},
      {"UTC", NULL, NULL, "never open"},
      {"UTC", "mon 08:00-09:00", "2026-02-30 Nothing", "a date such as"},
      {"UTC", "mon 08:00-09:00", "Christmas", "a date such as"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("x", rows[i].zone);
    g_autofree char *fault = NULL;
    if (rows[i].hours)
      g_ptr_array_add(spec->hours, g_strdup(rows[i].hours));
    if (rows[i].holiday)
      g_ptr_array_add(spec->holidays, g_strdup(rows[i].holiday));
    g_assert_null(sl_calendar_new(spec, &fault));
    g_assert_nonnull(strstr(fault, rows[i].fault));
  }
}

/* ---- days ---- */

static SlCalendar *
office(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("ny", "America/New_York");
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  g_ptr_array_add(spec->holidays, g_strdup("2026-11-26 Thanksgiving"));
  return sl_calendar_new(spec, NULL);
}

static void
test_business_days(void)
{
  g_autoptr(SlCalendar) c = office();
  SlTime open, close;
  g_assert_true(sl_calendar_day(c, local(c, "2026-11-25", "19:00"), &open, &close)); /* Thanksgiving lies between */
  g_assert_cmpint(open, ==, local(c, "2026-11-27", "08:00"));
  g_assert_cmpint(close, ==, local(c, "2026-11-27", "18:00"));
  g_assert_cmpint(sl_calendar_add_days(c, local(c, "2026-11-24", "10:30"), 2), ==, local(c, "2026-11-27", "10:30"));
  g_assert_cmpint(sl_calendar_add_days(c, local(c, "2026-11-24", "20:00"), 1), ==, local(c, "2026-11-25", "18:00"));
  g_assert_cmpstr(sl_calendar_holiday_at(c, local(c, "2026-11-26", "12:00")), ==, "Thanksgiving");
  g_assert_null(sl_calendar_holiday_at(c, local(c, "2026-11-25", "12:00")));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/calendar/table", test_table);
  g_test_add_func("/sla/calendar/faults", test_faults);
  g_test_add_func("/sla/calendar/business-days", test_business_days);
  return g_test_run();
}
