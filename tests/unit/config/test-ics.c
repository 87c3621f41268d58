/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "config/ics.h"

static GPtrArray *
expand(const char *text)
{
  g_autofree char *fault = NULL;
  GPtrArray *dates = g_ptr_array_new_with_free_func(g_free);
  g_assert_true(sl_ics_expand(text, dates, &fault));
  return dates;
}

static const char *
on(const GPtrArray *dates, const char *date)
{
  for (guint i = 0; i < dates->len; i++) {
    const char *line = dates->pdata[i];
    if (g_str_has_prefix(line, date))
      return line + strlen("2026-11-26 ");
  }
  return NULL;
}

static void
test_file(void)
{
  static const struct {
    const char *date, *name;
  } rows[] = {
      {"2026-11-26", "Thanksgiving"},
      {"2027-11-25", NULL},
      {"2028-11-23", "Thanksgiving"},
      {"2050-11-24", "Thanksgiving"},
      {"2010-11-25", "Thanksgiving"},
      {"2009-11-26", NULL},
      {"2051-11-23", NULL}, /* fixed years */
      {"2026-12-25", "Christmas Day"},
      {"2026-12-26", NULL},
      {"2028-12-25", NULL},
      {"2028-12-26", "Christmas Day (moved)"},
      {"2026-12-28", "Company, closed"},
      {"2026-12-30", "Company, closed"},
      {"2026-12-31", NULL}, /* DTEND is exclusive */
      {"2027-03-15", "From midnight to midnight"},
      {"2027-03-16", NULL},
      {"2027-04-01", NULL},
      {"2027-06-30", "Inventory"},
      {"2027-12-30", "Inventory"},
      {"2028-12-29", "Inventory"},
      {"2027-03-26", "Good Friday"},
      {"2027-03-27", NULL},
  };
  g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "tests/data/calendar/holidays.ics", NULL);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GPtrArray) dates = expand(text);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_test_message("%s", rows[i].date);
    g_assert_cmpstr(on(dates, rows[i].date), ==, rows[i].name);
  }
  for (guint i = 1; i < dates->len; i++)
    g_assert_cmpstr(dates->pdata[i - 1], <, dates->pdata[i]);
}

/* As Windows writes it: a byte order mark, CRLF, folded lines, its own time zone, a rule by position. */
static void
test_windows(void)
{
  g_autoptr(GPtrArray) dates =
      expand("\xef\xbb\xbf"
             "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Eastern\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\n"
             "TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
             "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Memorial\r\n  Day\r\nDTSTART;TZID=Eastern:20260525T000000\r\n"
             "DTEND;TZID=Eastern:20260526T000000\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20290101T000000Z\r\n"
             "END:VEVENT\r\nEND:VCALENDAR\r\n");
  g_assert_cmpstr(on(dates, "2026-05-25"), ==, "Memorial Day");
  g_assert_cmpstr(on(dates, "2027-05-31"), ==, "Memorial Day");
  g_assert_cmpstr(on(dates, "2028-05-29"), ==, "Memorial Day");
  g_assert_cmpuint(dates->len, ==, 3);
}

static void
test_no_calendar(void)
{
  static const char *const texts[] = {"", "hello", "<html>404</html>", "BEGIN:VEVENT\nEND:VEVENT\n"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *fault = NULL;
    g_autoptr(GPtrArray) dates = g_ptr_array_new_with_free_func(g_free);
    g_assert_false(sl_ics_expand(texts[i], dates, &fault));
    g_assert_nonnull(fault);
    g_assert_cmpuint(dates->len, ==, 0);
  }
}

/* Rules without end and broken events end, and take no line of the agreement apart. */
static void
test_hostile(void)
{
  g_autoptr(GPtrArray) dates =
      expand("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T000000\nDTEND:20260102T000000\n"
             "RRULE:FREQ=SECONDLY\nSUMMARY:a\\nb\x01 \xff\nEND:VEVENT\n"
             "BEGIN:VEVENT\nSUMMARY:no start\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
             "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:99991231\nEND:VEVENT\n"
             "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20290101\nDTEND;VALUE=DATE:20280101\nSUMMARY:\nEND:VEVENT\n"
             "END:VCALENDAR\n");
  g_assert_nonnull(on(dates, "2026-01-01"));
  g_assert_null(strpbrk(on(dates, "2026-01-01"), "\n\x01"));
  g_assert_cmpstr(on(dates, "2029-01-01"), ==, "a holiday");
  g_assert_cmpuint(dates->len, <, 400);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/ics/file", test_file);
  g_test_add_func("/config/ics/windows", test_windows);
  g_test_add_func("/config/ics/no-calendar", test_no_calendar);
  g_test_add_func("/config/ics/hostile", test_hostile);
  return g_test_run();
}
