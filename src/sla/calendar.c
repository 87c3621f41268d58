/* SPDX-License-Identifier: ISC */
#include "sla/calendar.h"

#include "sla/calendar-private.h"

#define FIRST_YEAR  1990
#define LAST_YEAR   2200
#define MARGIN_DAYS 60  /* how far beyond what was asked the pieces are made at once */
#define EDGE_DAYS   4   /* nothing at a day so far inside what is compiled depends on what is not */

struct SlCalendar {
  SlCalendarSpec *spec;
  SlCalendarDays *days;
  GTimeZone *zone;
  guint32 first_day, last_day;        /* the bounds of the range */
  guint32 compiled_from, compiled_to; /* [from, to): which days the pieces cover */
  SlTime sure_from, sure_to;          /* instants well inside that */
  GArray *pieces;                     /* SlPiece, sorted, disjoint */
};

/* ---- the cache of pieces ---- */

static guint32
julian_of(int year)
{
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, 1, G_DATE_JANUARY, (GDateYear)year);
  return g_date_get_julian(&date);
}

/* At the ends of the range there is nothing to be unsure of. */
static void
set_sure(SlCalendar *calendar)
{
  gboolean first = calendar->compiled_from == calendar->first_day, last = calendar->compiled_to == calendar->last_day;
  calendar->sure_from = first ? G_MININT64 : sl_calendar_midnight(calendar->compiled_from + EDGE_DAYS);
  calendar->sure_to = last ? G_MAXINT64 : sl_calendar_midnight(calendar->compiled_to - EDGE_DAYS);
}

static void
compile(SlCalendar *calendar, guint32 from, guint32 to)
{
  g_clear_pointer(&calendar->pieces, g_array_unref);
  calendar->compiled_from = from;
  calendar->compiled_to = to;
  calendar->pieces = sl_calendar_compile(calendar->days, calendar->zone, from, to);
  set_sure(calendar);
}

/* Makes the pieces of the days around `at`, if they are not there yet: logically const, the calendar is a cache that
 * grows. */
static const SlCalendar *
cover(const SlCalendar *calendar, SlTime at)
{
  SlCalendar *cache = (SlCalendar *)calendar;
  if (at >= calendar->sure_from && at < calendar->sure_to)
    return calendar;
  guint32 day = sl_calendar_day_of(
      calendar->zone, CLAMP(at, sl_calendar_midnight(calendar->first_day), sl_calendar_midnight(calendar->last_day)));
  guint32 from = MAX(day, calendar->first_day + MARGIN_DAYS) - MARGIN_DAYS;
  guint32 to = MIN(day, calendar->last_day - MARGIN_DAYS) + MARGIN_DAYS;
  gboolean fresh = calendar->compiled_from == calendar->compiled_to;
  compile(cache, fresh ? from : MIN(from, calendar->compiled_from), fresh ? to : MAX(to, calendar->compiled_to));
  return calendar;
}

/* Doubles the horizon; FALSE when the range ends. */
static gboolean
cover_later(const SlCalendar *calendar)
{
  guint32 from = calendar->compiled_from, to = calendar->compiled_to;
  if (to >= calendar->last_day)
    return FALSE;
  compile((SlCalendar *)calendar, from, MIN(to + (to - from), calendar->last_day));
  return TRUE;
}

static gboolean
cover_earlier(const SlCalendar *calendar)
{
  guint32 from = calendar->compiled_from, to = calendar->compiled_to;
  if (from <= calendar->first_day)
    return FALSE;
  compile((SlCalendar *)calendar, MAX(from - MIN(from, to - from), calendar->first_day), to);
  return TRUE;
}

/* ---- searching ---- */

static const SlPiece *
nth(const SlCalendar *calendar, guint i)
{
  return &g_array_index(calendar->pieces, SlPiece, i);
}

static gint64
length_sec(const SlPiece *piece)
{
  return (piece->close - piece->open) / SL_SECOND;
}

/* The number of the first piece that closes after `at`. */
static guint
first_after(const SlCalendar *calendar, SlTime at)
{
  guint low = 0, high = calendar->pieces->len;
  while (low < high) {
    guint mid = low + (high - low) / 2;
    if (nth(calendar, mid)->close > at)
      high = mid;
    else
      low = mid + 1;
  }
  return low;
}

/* The number of the first piece by whose end `sec` open seconds of what is compiled have run out. */
static guint
first_with(const SlCalendar *calendar, gint64 sec)
{
  guint low = 0, high = calendar->pieces->len;
  while (low < high) {
    guint mid = low + (high - low) / 2;
    if (nth(calendar, mid)->before_sec + length_sec(nth(calendar, mid)) >= sec)
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
  if (i == calendar->pieces->len)
    return i ? nth(calendar, i - 1)->before_sec + length_sec(nth(calendar, i - 1)) : 0;
  const SlPiece *piece = nth(calendar, i);
  return piece->before_sec + (at > piece->open ? (at - piece->open) / SL_SECOND : 0);
}

/* The piece that is open at `at`, or the next; NULL when it never opens again. */
static const SlPiece *
piece_at(const SlCalendar *calendar, SlTime at)
{
  cover(calendar, at);
  do {
    guint i = first_after(calendar, at);
    if (i < calendar->pieces->len)
      return nth(calendar, i);
  } while (cover_later(calendar));
  return NULL;
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
  g_clear_pointer(&calendar->pieces, g_array_unref);
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
  const SlPiece *piece = piece_at(calendar, at);
  return piece && piece->open <= at;
}

SlTime
sl_calendar_next_open(const SlCalendar *calendar, SlTime at)
{
  const SlPiece *piece = piece_at(calendar, at);
  return piece ? MAX(piece->open, at) : SL_TIME_NONE;
}

SlTime
sl_calendar_next_close(const SlCalendar *calendar, SlTime at)
{
  const SlPiece *piece = piece_at(calendar, at);
  return piece ? piece->close : SL_TIME_NONE;
}

SlTime
sl_calendar_add(const SlCalendar *calendar, SlTime from, gint64 sec)
{
  if (sec <= 0)
    return sl_calendar_next_open(calendar, from);
  cover(calendar, from);
  do {
    gint64 target = position(calendar, from) + sec;
    guint i = first_with(calendar, target);
    if (i < calendar->pieces->len) {
      const SlPiece *piece = nth(calendar, i);
      SlTime fraction = from > piece->open ? from - sl_time_floor(from) : 0;
      return MIN(piece->open + (target - piece->before_sec) * SL_SECOND + fraction, piece->close);
    }
  } while (cover_later(calendar));
  return SL_TIME_NONE;
}

SlTime
sl_calendar_subtract(const SlCalendar *calendar, SlTime to, gint64 sec)
{
  if (sec <= 0)
    return to;
  cover(calendar, to);
  do {
    gint64 target = position(calendar, to) - sec;
    guint i = first_with(calendar, target + 1); /* the last instant at that position is where its next second begins */
    if (target >= 0 && i < calendar->pieces->len) {
      const SlPiece *piece = nth(calendar, i);
      SlTime at = piece->open + (target - piece->before_sec) * SL_SECOND;
      return piece->close >= to ? at + (to - sl_time_floor(to)) : at;
    }
  } while (cover_earlier(calendar));
  return SL_TIME_NONE;
}

gint64
sl_calendar_elapsed(const SlCalendar *calendar, SlTime from, SlTime to)
{
  if (to <= from)
    return 0;
  cover(calendar, from);
  cover(calendar, to);
  return position(calendar, to) - position(calendar, from);
}

/* ---- business days ---- */

/* First opening and last closing of the day of piece number i. */
static void
day_bounds(const SlCalendar *calendar, guint i, SlTime *out_open, SlTime *out_close)
{
  guint first = i, last = i;
  while (first > 0 && nth(calendar, first - 1)->day == nth(calendar, i)->day)
    first--;
  while (last + 1 < calendar->pieces->len && nth(calendar, last + 1)->day == nth(calendar, i)->day)
    last++;
  *out_open = nth(calendar, first)->open;
  *out_close = nth(calendar, last)->close;
}

gboolean
sl_calendar_day(const SlCalendar *calendar, SlTime at, SlTime *out_open, SlTime *out_close)
{
  const SlPiece *piece = piece_at(calendar, at);
  if (!piece)
    return FALSE;
  cover(calendar, piece->close);
  day_bounds(calendar, first_after(calendar, at), out_open, out_close);
  return TRUE;
}

/* The number of the first piece of the n-th business day after `day`; the length of the list when there is none. */
static guint
nth_day_after(const SlCalendar *calendar, SlTime at, guint32 day, int n)
{
  for (;;) {
    int left = n;
    guint32 last = day;
    for (guint i = first_after(calendar, at); i < calendar->pieces->len; i++) {
      if (nth(calendar, i)->day <= last)
        continue;
      last = nth(calendar, i)->day;
      if (--left == 0)
        return i;
    }
    if (!cover_later(calendar))
      return calendar->pieces->len;
  }
}

SlTime
sl_calendar_add_days(const SlCalendar *calendar, SlTime at, int n)
{
  SlTime open, close;
  const SlPiece *now = piece_at(calendar, at);
  if (!now)
    return SL_TIME_NONE;
  guint32 day = now->open <= at ? now->day : sl_calendar_day_of(calendar->zone, at);
  guint32 shown =
      sl_calendar_day_of(calendar->zone, at); /* by night the wall shows the day after the one it belongs to */
  guint i = nth_day_after(calendar, at, day, n);
  if (i == calendar->pieces->len)
    return SL_TIME_NONE;
  day_bounds(calendar, i, &open, &close);
  guint32 then = nth(calendar, i)->day + (shown - day);
  SlTime time = sl_calendar_local(calendar->zone, at) - sl_calendar_midnight(shown);
  SlTime same = CLAMP(sl_calendar_instant(calendar->zone, sl_calendar_midnight(then) + time), open, close);
  return same == close ? close : sl_calendar_next_open(calendar, same);
}

const char *
sl_calendar_holiday_at(const SlCalendar *calendar, SlTime at)
{
  guint32 day = sl_calendar_day_of(calendar->zone, at);
  if (g_hash_table_contains(calendar->days->special, GUINT_TO_POINTER(day)))
    return NULL;
  return g_hash_table_lookup(calendar->days->holidays, GUINT_TO_POINTER(day));
}
