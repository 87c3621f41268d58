/* SPDX-License-Identifier: ISC */
#include "sla/calendar.h"

#include "sla/calendar-private.h"

#define FIRST_YEAR  1990
#define LAST_YEAR   2200
#define MARGIN_DAYS 400 /* how far beyond what was asked the intervals are made at once */

/* Half open: [open, close). `before_sec`: open seconds of all intervals before this one. */
typedef struct {
  SlTime open, close;
  gint64 before_sec;
  guint32 day; /* the local day it opens on */
} Interval;

struct SlCalendar {
  SlCalendarSpec *spec;
  SlCalendarDays *days;
  GTimeZone *zone;
  guint32 first_day, last_day;      /* the bounds of the range */
  guint32 compiled_from, compiled_to; /* [from, to): which days the intervals cover */
  GArray *intervals;                /* Interval, sorted, disjoint */
};

/* ---- local days ---- */

static guint32
julian_of(int year)
{
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, 1, G_DATE_JANUARY, (GDateYear)year);
  return g_date_get_julian(&date);
}

static guint32
day_of(const SlCalendar *calendar, SlTime at)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(sl_time_floor(at) / SL_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, calendar->zone);
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)g_date_time_get_day_of_month(local), (GDateMonth)g_date_time_get_month(local),
                 (GDateYear)g_date_time_get_year(local));
  return g_date_get_julian(&date);
}

/* A local time of a day as an instant. A time in a gap is the instant after it (GLib's own reading). */
static SlTime
instant(const SlCalendar *calendar, guint32 julian, int minute)
{
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_julian(&date, julian + (guint32)(minute / 1440));
  g_autoptr(GDateTime) dt = g_date_time_new(calendar->zone, g_date_get_year(&date), (int)g_date_get_month(&date),
                                            g_date_get_day(&date), minute % 1440 / 60, minute % 60, 0);
  return g_date_time_to_unix(dt) * SL_SECOND;
}

/* ---- compiling ---- */

static gint
by_open(gconstpointer a, gconstpointer b)
{
  const Interval *x = a, *y = b;
  return (x->open > y->open) - (x->open < y->open);
}

static void
compile_days(const SlCalendar *calendar, guint32 from, guint32 to, GArray *out)
{
  for (guint32 day = from; day < to; day++) {
    const GArray *spans = sl_calendar_days_spans(calendar->days, day);
    for (guint i = 0; spans && i < spans->len; i++) {
      const SlSpan *span = &g_array_index(spans, SlSpan, i);
      Interval interval = {instant(calendar, day, span->from_min), instant(calendar, day, span->to_min), 0, day};
      if (interval.close > interval.open)
        g_array_append_val(out, interval);
    }
  }
  g_array_sort(out, by_open);
}

/* Overlapping spans are one, and those of a day that touch; days that touch stay apart: what never closes ends at midnight. */
static void
merge_overlaps(GArray *intervals)
{
  guint kept = 0;
  for (guint i = 0; i < intervals->len; i++) {
    Interval now = g_array_index(intervals, Interval, i);
    Interval *last = kept ? &g_array_index(intervals, Interval, kept - 1) : NULL;
    if (last && (now.open < last->close || (now.open == last->close && now.day == last->day)))
      last->close = MAX(last->close, now.close);
    else
      g_array_index(intervals, Interval, kept++) = now;
  }
  g_array_set_size(intervals, kept);
}

static void
sum_up(GArray *intervals)
{
  gint64 sum = 0;
  for (guint i = 0; i < intervals->len; i++) {
    Interval *interval = &g_array_index(intervals, Interval, i);
    interval->before_sec = sum;
    sum += (interval->close - interval->open) / SL_SECOND;
  }
}

/* Makes the intervals of the days around [from, to], if they are not there yet: the calendar is a cache that grows. */
static void
cover_days(SlCalendar *calendar, guint32 from, guint32 to)
{
  from = CLAMP(from, calendar->first_day + MARGIN_DAYS, calendar->last_day) - MARGIN_DAYS;
  to = CLAMP(to, calendar->first_day, calendar->last_day - MARGIN_DAYS) + MARGIN_DAYS;
  gboolean empty = calendar->compiled_from == calendar->compiled_to;
  from = empty ? from : MIN(from, calendar->compiled_from);
  to = empty ? to : MAX(to, calendar->compiled_to);
  if (!empty && from == calendar->compiled_from && to == calendar->compiled_to)
    return;
  g_array_set_size(calendar->intervals, 0);
  compile_days(calendar, from, to, calendar->intervals);
  merge_overlaps(calendar->intervals);
  sum_up(calendar->intervals);
  calendar->compiled_from = from;
  calendar->compiled_to = to;
}

/* Is a day two or more days inside what is compiled? Then nothing at it can depend on what is not. */
static gboolean
covered(const SlCalendar *calendar, guint32 day)
{
  return day >= calendar->compiled_from + 2 && day + 2 < calendar->compiled_to;
}

static SlCalendar *
cover(const SlCalendar *calendar, SlTime at)
{
  SlCalendar *cache = (SlCalendar *)calendar;
  guint32 day = day_of(calendar, at);
  if (!covered(calendar, day))
    cover_days(cache, day, day);
  return cache;
}

/* Doubles the horizon; FALSE when the range ends. */
static gboolean
cover_more(SlCalendar *calendar)
{
  guint32 to = calendar->compiled_to;
  if (to >= calendar->last_day)
    return FALSE;
  cover_days(calendar, calendar->compiled_from + MARGIN_DAYS, to + (to - calendar->compiled_from));
  return calendar->compiled_to > to;
}

/* ---- searching ---- */

static const Interval *
nth(const SlCalendar *calendar, guint i)
{
  return &g_array_index(calendar->intervals, Interval, i);
}

/* The first interval that closes after `at`. */
static guint
first_after(const SlCalendar *calendar, SlTime at)
{
  guint low = 0, high = calendar->intervals->len;
  while (low < high) {
    guint mid = low + (high - low) / 2;
    if (nth(calendar, mid)->close > at)
      high = mid;
    else
      low = mid + 1;
  }
  return low;
}

/* Open seconds from the beginning of what is compiled to `at`. */
static gint64
position(const SlCalendar *calendar, SlTime at)
{
  guint i = first_after(calendar, at);
  if (i == calendar->intervals->len) {
    if (i == 0)
      return 0;
    const Interval *last = nth(calendar, i - 1);
    return last->before_sec + (last->close - last->open) / SL_SECOND;
  }
  const Interval *interval = nth(calendar, i);
  return interval->before_sec + (at > interval->open ? (at - interval->open) / SL_SECOND : 0);
}

static const Interval *
interval_after(const SlCalendar *calendar, SlTime at)
{
  SlCalendar *cache = cover(calendar, at);
  for (;;) {
    guint i = first_after(cache, at);
    if (i < cache->intervals->len)
      return nth(cache, i);
    if (!cover_more(cache))
      return NULL;
  }
}

/* ---- the calendar ---- */

SlCalendar *
sl_calendar_new(const SlCalendarSpec *spec, char **out_fault)
{
  g_autofree char *fault = NULL;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(spec->timezone);
  if (!zone)
    fault = g_strdup_printf("timezone: there is no time zone \"%s\" (an IANA name such as America/New_York is wanted)",
                            spec->timezone ? spec->timezone : "");
  SlCalendarDays *days = zone ? sl_calendar_days_new(spec, &fault) : NULL;
  if (!days) {
    if (out_fault)
      *out_fault = g_steal_pointer(&fault);
    return NULL;
  }
  SlCalendar *calendar = g_new0(SlCalendar, 1);
  calendar->spec = sl_calendar_spec_dup(spec);
  calendar->days = days;
  calendar->zone = g_steal_pointer(&zone);
  calendar->first_day = julian_of(FIRST_YEAR);
  calendar->last_day = julian_of(LAST_YEAR);
  calendar->intervals = g_array_new(FALSE, FALSE, sizeof(Interval));
  return calendar;
}

void
sl_calendar_free(SlCalendar *calendar)
{
  if (!calendar)
    return;
  sl_calendar_spec_free(calendar->spec);
  sl_calendar_days_free(calendar->days);
  g_time_zone_unref(calendar->zone);
  g_array_unref(calendar->intervals);
  g_free(calendar);
}

const SlCalendarSpec *
sl_calendar_get_spec(const SlCalendar *calendar)
{
  return calendar->spec;
}

const char *
sl_calendar_get_zone(const SlCalendar *calendar)
{
  return calendar->spec->timezone;
}

gboolean
sl_calendar_is_open(const SlCalendar *calendar, SlTime at)
{
  const Interval *interval = interval_after(calendar, at);
  return interval && interval->open <= at;
}

SlTime
sl_calendar_next_open(const SlCalendar *calendar, SlTime at)
{
  const Interval *interval = interval_after(calendar, at);
  return interval ? MAX(interval->open, at) : SL_TIME_NONE;
}

SlTime
sl_calendar_next_close(const SlCalendar *calendar, SlTime at)
{
  const Interval *interval = interval_after(calendar, at);
  return interval ? interval->close : SL_TIME_NONE;
}

SlTime
sl_calendar_add(const SlCalendar *calendar, SlTime from, gint64 sec)
{
  if (sec <= 0)
    return sl_calendar_next_open(calendar, from);
  SlCalendar *cache = cover(calendar, from);
  for (;;) {
    gint64 target = position(cache, from) + sec;
    guint low = 0, high = cache->intervals->len;
    while (low < high) { /* the first interval in which the target's second has run out: its end counts as in it */
      guint mid = low + (high - low) / 2;
      const Interval *interval = nth(cache, mid);
      if (interval->before_sec + (interval->close - interval->open) / SL_SECOND >= target)
        high = mid;
      else
        low = mid + 1;
    }
    if (low < cache->intervals->len) {
      const Interval *interval = nth(cache, low);
      SlTime fraction = from - sl_time_floor(from);
      gboolean inside = from > interval->open;
      return interval->open + (target - interval->before_sec) * SL_SECOND + (inside ? fraction : 0);
    }
    if (!cover_more(cache))
      return SL_TIME_NONE;
  }
}

gint64
sl_calendar_elapsed(const SlCalendar *calendar, SlTime from, SlTime to)
{
  if (to <= from)
    return 0;
  cover(calendar, from);
  SlCalendar *cache = cover(calendar, to);
  return position(cache, to) - position(cache, from);
}

/* First opening and last closing of a local day; FALSE when nothing opens on it. */
static gboolean
day_bounds(const SlCalendar *calendar, guint32 day, SlTime *out_open, SlTime *out_close)
{
  const GArray *spans = sl_calendar_days_spans(calendar->days, day);
  if (!spans || spans->len == 0)
    return FALSE;
  int from = G_MAXINT, to = 0;
  for (guint i = 0; i < spans->len; i++) {
    const SlSpan *span = &g_array_index(spans, SlSpan, i);
    from = MIN(from, span->from_min);
    to = MAX(to, span->to_min);
  }
  *out_open = instant(calendar, day, from);
  *out_close = instant(calendar, day, to);
  return *out_close > *out_open;
}

gboolean
sl_calendar_day(const SlCalendar *calendar, SlTime at, SlTime *out_open, SlTime *out_close)
{
  guint32 day = day_of(calendar, at) - 1; /* yesterday's overnight hours may still run */
  for (; day < calendar->last_day; day++) {
    if (day_bounds(calendar, day, out_open, out_close) && *out_close > at)
      return TRUE;
  }
  return FALSE;
}

static guint32
next_business_day(const SlCalendar *calendar, guint32 day)
{
  SlTime open, close;
  for (day++; day < calendar->last_day; day++) {
    if (day_bounds(calendar, day, &open, &close))
      return day;
  }
  return calendar->last_day;
}

SlTime
sl_calendar_add_days(const SlCalendar *calendar, SlTime at, int n)
{
  SlTime open, close;
  guint32 day = day_of(calendar, at);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / SL_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, calendar->zone);
  int minute = g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
  for (int i = 0; i < n; i++)
    day = next_business_day(calendar, day);
  if (!day_bounds(calendar, day, &open, &close))
    return SL_TIME_NONE;
  SlTime same = instant(calendar, day, minute) + g_date_time_get_second(local) * SL_SECOND;
  return CLAMP(same, open, close);
}

const char *
sl_calendar_holiday_at(const SlCalendar *calendar, SlTime at)
{
  guint32 day = day_of(calendar, at);
  if (g_hash_table_contains(calendar->days->special, GUINT_TO_POINTER(day)))
    return NULL;
  return g_hash_table_lookup(calendar->days->holidays, GUINT_TO_POINTER(day));
}
