/* SPDX-License-Identifier: ISC */
/* What must hold for every calendar: over random ones (hours, holidays, special days, zones) from a fixed seed, and
 * against a brute force that asks the wall clock minute by minute. */
#include <string.h>

#include "sla/calendar.h"

#define FROM  G_GINT64_CONSTANT(1735689600) /* 2025 to 2028: six changes of the clocks in most zones */
#define YEARS (3 * 365 * 86400)

typedef struct {
  int from_min, to_min; /* as written: to <= from runs into the next day */
} Hours;

/* A random week in a form that the brute force reads by itself. */
typedef struct {
  SlCalendar *calendar;
  GTimeZone *zone;
  GArray *week[7];     /* Hours */
  GHashTable *holiday; /* "2026-11-26" */
  GHashTable *special; /* date → GArray of Hours */
} Model;

static guint cases;

static void
count(gint64 got, gint64 wanted)
{
  cases++;
  g_assert_cmpint(got, ==, wanted);
}

static Hours
random_hours(GRand *rand)
{
  static const Hours usual[] = {{480, 1080}, {1320, 360}, {0, 1440}, {480, 720}, {780, 1080}, {60, 150}, {1380, 90}};
  if (g_rand_boolean(rand))
    return usual[g_rand_int_range(rand, 0, G_N_ELEMENTS(usual))];
  return (Hours){g_rand_int_range(rand, 0, 1440), g_rand_int_range(rand, 0, 1440)};
}

static char *
hours_text(const Hours *h)
{
  return g_strdup_printf("%02d:%02d-%02d:%02d", h->from_min / 60, h->from_min % 60, h->to_min / 60, h->to_min % 60);
}

static void
add_week(Model *model, SlCalendarSpec *spec, GRand *rand)
{
  static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  Hours h = random_hours(rand);
  int first = g_rand_int_range(rand, 0, 7), n = g_rand_int_range(rand, 1, 8);
  g_autofree char *text = hours_text(&h);
  g_ptr_array_add(spec->hours, g_strdup_printf("%s-%s %s", days[first], days[(first + n - 1) % 7], text));
  for (int i = 0; i < n; i++)
    g_array_append_val(model->week[(first + i) % 7], h);
}

static char *
random_date(GRand *rand)
{
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(FROM + g_rand_int_range(rand, 0, YEARS));
  return g_date_time_format(day, "%F");
}

static void
add_dates(Model *model, SlCalendarSpec *spec, GRand *rand)
{
  for (int i = g_rand_int_range(rand, 0, 60); i > 0; i--) {
    char *date = random_date(rand);
    g_ptr_array_add(spec->holidays, g_strdup_printf("%s Some Day", date));
    g_hash_table_add(model->holiday, date);
  }
  for (int i = g_rand_int_range(rand, 0, 30); i > 0; i--) {
    char *date = random_date(rand);
    Hours h = random_hours(rand);
    g_autofree char *text = hours_text(&h);
    GArray *hours = g_hash_table_lookup(model->special, date);
    hours = hours ? g_array_ref(hours) : g_array_new(FALSE, FALSE, sizeof(Hours));
    g_array_append_val(hours, h);
    g_ptr_array_add(spec->special, g_strdup_printf("%s %s", date, text));
    g_hash_table_insert(model->special, date, hours);
  }
}

static Model *
model_new(GRand *rand)
{
  static const char *const zones[] = {"America/New_York",    "Europe/Berlin",   "UTC",
                                      "Australia/Lord_Howe", "America/Phoenix", "Asia/Kolkata",
                                      "America/St_Johns",    "Asia/Beirut",     "Africa/Casablanca",
                                      "Pacific/Chatham",     "America/Havana",  "EST"};
  const char *zone = zones[g_rand_int_range(rand, 0, G_N_ELEMENTS(zones))];
  Model *model = g_new0(Model, 1);
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("random", zone);
  g_autofree char *fault = NULL;
  model->zone = sl_time_zone_new(zone);
  model->holiday = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  model->special = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  for (int i = 0; i < 7; i++)
    model->week[i] = g_array_new(FALSE, FALSE, sizeof(Hours));
  for (int i = g_rand_int_range(rand, 1, 4); i > 0; i--)
    add_week(model, spec, rand);
  add_dates(model, spec, rand);
  model->calendar = sl_calendar_new(spec, &fault);
  g_assert_cmpstr(fault, ==, NULL);
  return model;
}

static void
model_free(Model *model)
{
  for (int i = 0; i < 7; i++)
    g_array_unref(model->week[i]);
  g_hash_table_unref(model->holiday);
  g_hash_table_unref(model->special);
  g_time_zone_unref(model->zone);
  sl_calendar_free(model->calendar);
  g_free(model);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Model, model_free)

static SlTime
random_time(GRand *rand)
{
  return (FROM + g_rand_int_range(rand, 0, YEARS)) * SL_SECOND;
}

/* ---- properties ---- */

static void
check_properties(const SlCalendar *c, GRand *rand)
{
  SlTime from = random_time(rand);
  gint64 sec = g_rand_int_range(rand, 1, 400000), more = g_rand_int_range(rand, 0, 90000);
  SlTime due = sl_calendar_add(c, from, sec);
  SlTime between = sl_time_floor(from + (SlTime)(g_rand_double(rand) * (double)(due - from)));
  count(sl_calendar_elapsed(c, from, due), sec); /* add, then measure, is the identity */
  count(sl_calendar_elapsed(c, from, between) + sl_calendar_elapsed(c, between, due),
        sec); /* additive over any split */
  count(sl_calendar_add(c, due, more + 1), sl_calendar_add(c, from, sec + more + 1));
  cases++;
  g_assert_cmpint(sl_calendar_add(c, from, sec + more), >=, due); /* monotone */
  SlTime back = sl_calendar_subtract(c, due, sec);
  count(sl_calendar_elapsed(c, back, due), sec);
  count(back, sl_calendar_next_open(c, from)); /* the inverse of add, where we were open */
  SlTime start = sl_calendar_subtract(c, from, sec);
  count(sl_calendar_elapsed(c, start, from), sec);
  count(sl_calendar_elapsed(c, start + SL_SECOND, from), sec - 1); /* and the latest such instant */
}

static void
check_days(const SlCalendar *c, GRand *rand)
{
  SlTime open, close, next_open, next_close, at = random_time(rand);
  g_assert_true(sl_calendar_day(c, at, &open, &close));
  cases++;
  g_assert_cmpint(open, <, close);
  g_assert_cmpint(at, <, close);
  count(sl_calendar_is_open(c, open), TRUE);
  count(sl_calendar_is_open(c, close - 1), TRUE);
  g_assert_true(sl_calendar_day(c, close, &next_open, &next_close));
  cases++;
  g_assert_cmpint(next_open, >=, close); /* days do not overlap */
  SlTime later = sl_calendar_add_days(c, at, 1), last = sl_calendar_add_days(c, at, 3);
  cases++;
  g_assert_cmpint(at, <, later);
  g_assert_cmpint(later, <, last);
}

static void
test_properties(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(20261124);
  for (int i = 0; i < 500; i++) {
    g_autoptr(Model) model = model_new(rand);
    for (int j = 0; j < 25; j++) {
      check_properties(model->calendar, rand);
      check_days(model->calendar, rand);
    }
  }
  g_test_message("%u cases", cases);
  g_assert_cmpuint(cases, >=, 100000);
}

/* Whatever was asked before, the answer is the same: the cache does not show. */
static void
test_cache_does_not_show(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  for (int i = 0; i < 60; i++) {
    g_autoptr(Model) model = model_new(rand);
    for (int j = 0; j < 8; j++) {
      g_autoptr(SlCalendar) fresh = sl_calendar_new(sl_calendar_get_spec(model->calendar), NULL);
      SlTime at = random_time(rand) + g_rand_int_range(rand, -5, 5) * 365 * SL_DAY, open[2], close[2];
      gint64 sec = g_rand_int_range(rand, 1, 40000000);
      count(sl_calendar_add(model->calendar, at, sec), sl_calendar_add(fresh, at, sec));
      count(sl_calendar_subtract(model->calendar, at, sec), sl_calendar_subtract(fresh, at, sec));
      g_assert_true(sl_calendar_day(model->calendar, at, &open[0], &close[0]) &&
                    sl_calendar_day(fresh, at, &open[1], &close[1]));
      count(open[0], open[1]);
      count(close[0], close[1]);
    }
  }
}

/* ---- minute by minute ---- */

static gboolean
within(const GArray *hours, int minute, gboolean yesterday)
{
  for (guint i = 0; hours && i < hours->len; i++) {
    const Hours *h = &g_array_index(hours, Hours, i);
    int to = h->to_min > h->from_min ? h->to_min : h->to_min + 1440;
    int m = yesterday ? minute + 1440 : minute;
    if (m >= h->from_min && m < to)
      return TRUE;
  }
  return FALSE;
}

static const GArray *
hours_of(const Model *model, GDateTime *day)
{
  g_autofree char *date = g_date_time_format(day, "%F");
  const GArray *special = g_hash_table_lookup(model->special, date);
  if (special)
    return special;
  return g_hash_table_contains(model->holiday, date) ? NULL : model->week[g_date_time_get_day_of_week(day) - 1];
}

/* What the wall shows now lies within today's hours, or within yesterday's that run over midnight. */
static gboolean
open_by_the_wall(const Model *model, SlTime at)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / SL_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, model->zone);
  g_autoptr(GDateTime) today = g_date_time_new_utc(g_date_time_get_year(local), g_date_time_get_month(local),
                                                   g_date_time_get_day_of_month(local), 12, 0, 0);
  g_autoptr(GDateTime) yesterday = g_date_time_add_days(today, -1);
  int minute = g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
  return within(hours_of(model, today), minute, FALSE) || within(hours_of(model, yesterday), minute, TRUE);
}

#define MINUTES (6 * 1440)

/* Six days around a change of the clocks, or anywhere. */
static SlTime
window(const Model *model, GRand *rand)
{
  SlTime at = random_time(rand) / SL_MINUTE * SL_MINUTE;
  gint32 offset = g_time_zone_get_offset(model->zone,
                                         g_time_zone_find_interval(model->zone, G_TIME_TYPE_UNIVERSAL, at / SL_SECOND));
  for (int day = 0; day < 220 && g_rand_int_range(rand, 0, 1000) > 2; day++) {
    SlTime there = at + day * SL_DAY;
    if (g_time_zone_get_offset(
            model->zone, g_time_zone_find_interval(model->zone, G_TIME_TYPE_UNIVERSAL, there / SL_SECOND)) != offset)
      return there - 3 * SL_DAY;
  }
  return at;
}

static void
check_window(const Model *model, GRand *rand)
{
  static int open_before[MINUTES + 1]; /* open minutes before that one */
  SlTime from = window(model, rand);
  for (int m = 0; m < MINUTES; m++) {
    gboolean open = open_by_the_wall(model, from + m * SL_MINUTE);
    open_before[m + 1] = open_before[m] + open;
    count(sl_calendar_is_open(model->calendar, from + m * SL_MINUTE), open);
  }
  for (int i = 0; i < 200; i++) {
    int a = g_rand_int_range(rand, 0, MINUTES), b = g_rand_int_range(rand, a, MINUTES + 1),
        sum = open_before[b] - open_before[a];
    count(sl_calendar_elapsed(model->calendar, from + a * SL_MINUTE, from + b * SL_MINUTE), 60 * sum);
    if (sum == 0)
      continue;
    int end = b,
        begin = a; /* the minute by whose end the sum is reached first; the last from which it is still to come */
    while (open_before[end - 1] == open_before[b])
      end--;
    while (open_before[begin + 1] == open_before[a])
      begin++;
    count(sl_calendar_add(model->calendar, from + a * SL_MINUTE, 60 * sum), from + end * SL_MINUTE);
    count(sl_calendar_subtract(model->calendar, from + b * SL_MINUTE, 60 * sum), from + begin * SL_MINUTE);
  }
}

static void
test_brute_force(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (int i = 0; i < 80; i++) {
    g_autoptr(Model) model = model_new(rand);
    check_window(model, rand);
  }
  g_test_message("%u cases", cases);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/calendar/properties", test_properties);
  g_test_add_func("/sla/calendar/cache-does-not-show", test_cache_does_not_show);
  g_test_add_func("/sla/calendar/minute-by-minute", test_brute_force);
  return g_test_run();
}
