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
check_line(const char *line)
{
  g_auto(GStrv) f = g_strsplit(line, " ", -1);
  const SlCalendar *c = g_hash_table_lookup(calendars, f[1]);
  g_assert_nonnull(c);
  SlTime from = local(c, f[2], f[3]);
  if (strcmp(f[0], "due") == 0) {
    g_autofree char *got = sl_time_format(sl_calendar_add(c, from, 60 * g_ascii_strtoll(f[5], NULL, 10)));
    g_autofree char *wanted = sl_time_format(local(c, f[7], f[8]));
    g_test_message("%s", line);
    g_assert_cmpstr(got, ==, wanted);
  } else if (strcmp(f[0], "open") == 0) {
    g_assert_cmpint(sl_calendar_is_open(c, from), ==, strcmp(f[4], "yes") == 0);
  } else {
    g_assert_cmpint(sl_calendar_elapsed(c, from, local(c, f[4], f[5])), ==, 60 * g_ascii_strtoll(f[7], NULL, 10));
  }
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

/* ---- properties over random calendars ---- */

static SlCalendar *
random_calendar(GRand *rand)
{
  static const char *const zones[] = {"America/New_York", "Europe/Berlin", "UTC", "Australia/Lord_Howe", "America/Phoenix", "Asia/Kolkata"};
  static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("r", zones[g_rand_int_range(rand, 0, G_N_ELEMENTS(zones))]);
  int n = g_rand_int_range(rand, 1, 5);
  for (int i = 0; i < n; i++) {
    int a = g_rand_int_range(rand, 0, 7), from = g_rand_int_range(rand, 0, 1380), to = g_rand_int_range(rand, 0, 1440);
    g_ptr_array_add(spec->hours, g_strdup_printf("%s-%s %02d:%02d-%02d:%02d", days[a], days[(a + g_rand_int_range(rand, 0, 7)) % 7], from / 60,
                                                 from % 60, to / 60, to % 60));
  }
  return sl_calendar_new(spec, NULL);
}

static void
test_properties(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(20261124);
  for (int i = 0; i < 2000; i++) {
    g_autoptr(SlCalendar) c = random_calendar(rand);
    for (int j = 0; j < 20; j++) {
      SlTime from = (G_GINT64_CONSTANT(1790000000) + g_rand_int_range(rand, 0, 40000000)) * SL_SECOND;
      gint64 sec = g_rand_int_range(rand, 1, 400000);
      SlTime due = sl_calendar_add(c, from, sec);
      g_assert_cmpint(sl_calendar_elapsed(c, from, due), ==, sec); /* add, then measure, is the identity */
      SlTime between = from + (due - from) / 2 / SL_SECOND * SL_SECOND;
      g_assert_cmpint(sl_calendar_elapsed(c, from, between) + sl_calendar_elapsed(c, between, due), ==, sec); /* additive */
      g_assert_cmpint(sl_calendar_add(c, from, sec + 60), >, due); /* monotone */
    }
  }
}

static void
test_brute_force(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (int i = 0; i < 40; i++) {
    g_autoptr(SlCalendar) c = random_calendar(rand);
    SlTime from = (G_GINT64_CONSTANT(1793000000) / 60 * 60 + g_rand_int_range(rand, 0, 500000) * 60) * SL_SECOND;
    gint64 open = 0;
    for (int minute = 0; minute < 5000; minute++)
      open += sl_calendar_is_open(c, from + minute * SL_MINUTE) ? 60 : 0;
    g_assert_cmpint(sl_calendar_elapsed(c, from, from + 5000 * SL_MINUTE), ==, open);
  }
}

/* ---- other people's tables, where they are at hand ---- */

static char *
corpus(const char *name)
{
  return g_build_filename(g_getenv("SL_SRCDIR") ? g_getenv("SL_SRCDIR") : ".", "../shared/corpora/calendar", name, NULL);
}

static SlCalendar *
corpus_calendar(const char *zone)
{
  g_autofree char *path = corpus("holidays.txt");
  g_autofree char *text = NULL;
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new(zone, strcmp(zone, "NY") == 0 ? "America/New_York" : "EST");
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_strdelimit(lines[i], "\t", ' ');
    if (*lines[i])
      g_ptr_array_add(spec->holidays, g_strdup(lines[i]));
  }
  return sl_calendar_new(spec, NULL);
}

static void
check_corpus_row(const char *name, char **f, const SlCalendar *c)
{
  SlTime from, to;
  g_assert_true(sl_time_parse(f[1], &from));
  if (strcmp(name, "add.tsv") == 0) {
    g_autofree char *got = sl_time_format(sl_calendar_add(c, from, 60 * g_ascii_strtoll(f[2], NULL, 10)));
    g_assert_cmpstr(got, ==, f[3]);
  } else if (strcmp(name, "within.tsv") == 0) {
    g_assert_true(sl_time_parse(f[2], &to));
    g_assert_cmpint(sl_calendar_elapsed(c, from, to), ==, g_ascii_strtoll(f[3], NULL, 10));
  } else {
    g_assert_cmpint(sl_calendar_is_open(c, from), ==, *f[2] == '1');
  }
}

static void
test_corpus(void)
{
  static const char *const names[] = {"add.tsv", "within.tsv", "open.tsv"};
  g_autofree char *probe = corpus("add.tsv");
  guint n = 0;
  if (!g_file_test(probe, G_FILE_TEST_EXISTS)) {
    g_test_skip("the calendar corpus is not here");
    return;
  }
  g_autoptr(SlCalendar) est = corpus_calendar("EST");
  g_autoptr(SlCalendar) ny = corpus_calendar("NY");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = corpus(names[i]);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint j = 1; lines[j] && *lines[j]; j++, n++) {
      g_auto(GStrv) f = g_strsplit(lines[j], "\t", -1);
      check_corpus_row(names[i], f, strcmp(f[0], "NY") == 0 ? ny : est);
    }
  }
  g_test_message("%u rows", n);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/calendar/table", test_table);
  g_test_add_func("/sla/calendar/faults", test_faults);
  g_test_add_func("/sla/calendar/business-days", test_business_days);
  g_test_add_func("/sla/calendar/properties", test_properties);
  g_test_add_func("/sla/calendar/brute-force", test_brute_force);
  g_test_add_func("/sla/calendar/corpus", test_corpus);
  return g_test_run();
}
