/* SPDX-License-Identifier: ISC */
#include "base/time.h"

static void
test_parse_and_format(void)
{
  static const struct {
    const char *in, *out;
  } rows[] = {
      {"2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"},      {"2026-11-24t12:00:00z", "2026-11-24T12:00:00Z"},
      {"2026-11-24 07:00:00-05:00", "2026-11-24T12:00:00Z"}, {"2026-11-24T12:00:00.999Z", "2026-11-24T12:00:00Z"},
      {"2026-11-24T12:00:00", NULL},                         {"2026-11-24", NULL},
      {"2026-W48-2T12:00:00Z", NULL},                        {"2026-13-24T12:00:00Z", NULL},
      {"2026-02-30T12:00:00Z", NULL},                        {"tomorrow", NULL},
      {"", NULL},                                            {"2026-11-24T12:00:00+0500", NULL},
      {"2026-11- 4T12:00:00Z", NULL},                        {"+026-11-24T12:00:00Z", NULL},
      {"2026-11-24T24:00:00Z", NULL},                        {"2026-11-24T12:60:00Z", NULL},
      {"2026-11-24T12:00:00.Z", NULL},                       {"2026-11-24T12:00:00Zx", NULL},
      {"2026-11-24T12:00:00-25:00", NULL},                   {"2026-11-24T12:00:00+05:30", "2026-11-24T06:30:00Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},      {"2026-11-24x12:00:00Z", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime t = 0;
    gboolean ok = sl_time_parse(rows[i].in, &t);
    g_assert_cmpint(ok, ==, rows[i].out != NULL);
    g_autofree char *back = ok ? sl_time_format(t) : NULL;
    g_assert_cmpstr(back, ==, rows[i].out);
  }
}

static void
test_floor(void)
{
  g_assert_cmpint(sl_time_floor(1500000), ==, 1000000);
  g_assert_cmpint(sl_time_floor(-1), ==, -1000000);
  g_assert_cmpint(sl_time_floor(SL_TIME_NONE), ==, SL_TIME_NONE);
  g_assert_cmpint(sl_time_earlier(SL_TIME_NONE, 5), ==, 5);
  g_assert_cmpint(sl_time_later(SL_TIME_NONE, 5), ==, 5);
}

static void
test_zone(void)
{
  g_assert_null(sl_time_zone_new("Mars/Base"));
  g_assert_null(sl_time_zone_new("../../etc/passwd"));
  g_assert_null(sl_time_zone_new(""));
  g_autoptr(GTimeZone) est = sl_time_zone_new("EST");
  g_assert_nonnull(est);
  SlTime t;
  g_assert_true(sl_time_parse_local("2026-07-01 08:00", est, &t)); /* UTC-5 in July too */
  g_autofree char *text = sl_time_format(t);
  g_assert_cmpstr(text, ==, "2026-07-01T13:00:00Z");
  g_autoptr(GTimeZone) ny = sl_time_zone_new("America/New_York");
  g_assert_true(sl_time_parse_local("2026-03-08 02:30", ny, &t)); /* in the gap */
  g_autofree char *gap = sl_time_format(t);
  g_assert_cmpstr(gap, ==, "2026-03-08T07:00:00Z");
  g_assert_false(sl_time_parse_local("2026-03-08 2:30", ny, &t));
  g_assert_false(sl_time_parse_local("2026-03-08 02:30:11", ny, &t));
  g_assert_false(sl_time_parse_local("2026-03- 8", ny, &t));
  g_assert_false(sl_time_parse_local("2026-03-08 +2:30", ny, &t));
  g_assert_false(sl_time_parse_local("2026-02-30", ny, &t));
  g_assert_false(sl_time_parse_local("2026-03-08 24:00", ny, &t));
  g_assert_false(sl_time_parse_local(NULL, ny, &t));
}

static void
test_duration(void)
{
  static const struct {
    const char *text;
    gint64 sec;
  } rows[] = {{"90s", 90}, {"20m", 1200}, {"2h", 7200}, {"1d", 86400}, {"1h30m", 5400}, {"20", -1}, {"", -1}, {"-5m", -1}, {"5 m", -1}, {"9999999999999d", -1}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    gint64 sec = -1;
    g_assert_cmpint(sl_duration_parse(rows[i].text, &sec), ==, rows[i].sec >= 0);
    g_assert_cmpint(sec, ==, rows[i].sec);
  }
  g_autofree char *text = sl_duration_format(7500);
  g_assert_cmpstr(text, ==, "2 h 05 min");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/time/parse-and-format", test_parse_and_format);
  g_test_add_func("/base/time/floor", test_floor);
  g_test_add_func("/base/time/zone", test_zone);
  g_test_add_func("/base/time/duration", test_duration);
  return g_test_run();
}
