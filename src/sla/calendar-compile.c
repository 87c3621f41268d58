/* SPDX-License-Identifier: ISC */
/* Spans of a local day to UTC instants.
 *
 * We are open at an instant when the clock on the wall of the zone then shows a time within the hours. So a time in a
 * gap opens or closes at the gap, and an hour that the wall shows twice counts twice. Nothing asks the zone about
 * single times: the zone is cut into stretches of one offset, and in each of them local time is UTC plus that offset.
 */
#include "sla/calendar-private.h"

#define EPOCH_DAY 719163 /* 1 January 1970 */

typedef struct {
  SlTime from;   /* until the next one's */
  SlTime offset; /* local time minus UTC */
} Stretch;

SlTime
sl_calendar_midnight(guint32 julian)
{
  return ((SlTime)julian - EPOCH_DAY) * SL_DAY;
}

static SlTime
offset_at(GTimeZone *zone, SlTime at)
{
  return g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at / SL_SECOND)) *
         SL_SECOND;
}

SlTime
sl_calendar_local(GTimeZone *zone, SlTime at)
{
  return sl_time_floor(at) + offset_at(zone, sl_time_floor(at));
}

guint32
sl_calendar_day_of(GTimeZone *zone, SlTime at)
{
  SlTime local = sl_calendar_local(zone, at);
  SlTime day = (local >= 0 ? local : local - SL_DAY + 1) / SL_DAY + EPOCH_DAY;
  return (guint32)CLAMP(day, 1, G_MAXINT32);
}

/* ---- stretches of one offset ---- */

/* The offset changes between low and high: at which second? */
static SlTime
transition(GTimeZone *zone, SlTime low, SlTime high)
{
  SlTime old = offset_at(zone, low);
  while (high - low > SL_SECOND) {
    SlTime mid = low + (high - low) / SL_SECOND / 2 * SL_SECOND;
    if (offset_at(zone, mid) == old)
      low = mid;
    else
      high = mid;
  }
  return high;
}

SlTime
sl_calendar_instant(GTimeZone *zone, SlTime local)
{
  SlTime before = offset_at(zone, local - SL_DAY), after = offset_at(zone, local + SL_DAY);
  if (before == after)
    return local - before;
  SlTime change = transition(zone, local - SL_DAY, local + SL_DAY);
  return local - before < change ? local - before : MAX(local - after, change);
}

/* No zone changes its offset twice within a day and a half. */
static GArray *
stretches_of(GTimeZone *zone, SlTime from, SlTime to)
{
  GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
  Stretch now = {from, offset_at(zone, from)};
  g_array_append_val(stretches, now);
  for (SlTime at = from; at < to; at += SL_DAY) {
    SlTime offset = offset_at(zone, at + SL_DAY);
    if (offset == now.offset)
      continue;
    now = (Stretch){transition(zone, at, at + SL_DAY), offset};
    g_array_append_val(stretches, now);
  }
  return stretches;
}

static const Stretch *
nth(const GArray *stretches, guint i)
{
  return &g_array_index(stretches, Stretch, i);
}

static SlTime
end_of(const GArray *stretches, guint i)
{
  return i + 1 < stretches->len ? nth(stretches, i + 1)->from : G_MAXINT64;
}

/* Where to begin looking for a local time: the last stretch that surely began before it. Offsets stay within a day. */
static guint
first_stretch(const GArray *stretches, SlTime local, guint cursor)
{
  while (cursor + 1 < stretches->len && nth(stretches, cursor + 1)->from < local - SL_DAY)
    cursor++;
  return cursor;
}

/* ---- pieces ---- */

static void
add_local(GArray *pieces, const GArray *stretches, guint cursor, SlTime open, SlTime close, guint32 day)
{
  for (guint i = cursor; i < stretches->len && nth(stretches, i)->from < close + SL_DAY; i++) {
    const Stretch *s = nth(stretches, i);
    SlPiece piece = {MAX(open - s->offset, s->from), MIN(close - s->offset, end_of(stretches, i)), 0, day};
    if (piece.open < piece.close)
      g_array_append_val(pieces, piece);
  }
}

static gint
by_open(gconstpointer a, gconstpointer b)
{
  const SlPiece *x = a, *y = b;
  return (x->open > y->open) - (x->open < y->open);
}

static void
join(GArray *pieces)
{
  guint kept = 0;
  for (guint i = 0; i < pieces->len; i++) {
    SlPiece now = g_array_index(pieces, SlPiece, i);
    SlPiece *last = kept ? &g_array_index(pieces, SlPiece, kept - 1) : NULL;
    if (last && now.open <= last->close)
      last->close = MAX(last->close, now.close);
    else
      g_array_index(pieces, SlPiece, kept++) = now;
  }
  g_array_set_size(pieces, kept);
}

/* The first instant at which the wall shows the day. */
static SlTime
beginning(const GArray *stretches, guint cursor, guint32 day)
{
  SlTime midnight = sl_calendar_midnight(day);
  for (guint i = cursor; i < stretches->len; i++) {
    SlTime at = MAX(midnight - nth(stretches, i)->offset, nth(stretches, i)->from);
    if (at < end_of(stretches, i))
      return at;
  }
  return G_MAXINT64;
}

static void
add_piece(GArray *out, SlTime open, SlTime close, guint32 day)
{
  SlPiece piece = {open, close, 0, day};
  if (open < close)
    g_array_append_val(out, piece);
}

/* Each local day that lies whole within the piece becomes one of its own. */
static void
cut(const SlPiece *piece, const GArray *stretches, guint cursor, GArray *out)
{
  SlTime open = piece->open;
  guint32 day = piece->day, last = piece->day + (guint32)((piece->close - piece->open) / SL_DAY) + 1;
  for (guint32 whole = piece->day; whole <= last; whole++) {
    SlTime begins = beginning(stretches, cursor, whole), ends = beginning(stretches, cursor, whole + 1);
    if (begins < piece->open || ends > piece->close)
      continue;
    add_piece(out, open, begins, day);
    add_piece(out, begins, ends, whole);
    open = ends;
    day = whole + 1;
  }
  add_piece(out, open, piece->close, day);
}

static GArray *
cut_at_midnights(const GArray *pieces, const GArray *stretches)
{
  guint cursor = 0;
  GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(SlPiece), pieces->len);
  for (guint i = 0; i < pieces->len; i++) {
    const SlPiece *piece = &g_array_index(pieces, SlPiece, i);
    cursor = first_stretch(stretches, sl_calendar_midnight(piece->day), cursor);
    cut(piece, stretches, cursor, out);
  }
  return out;
}

static void
sum_up(GArray *pieces)
{
  gint64 sum = 0;
  for (guint i = 0; i < pieces->len; i++) {
    SlPiece *piece = &g_array_index(pieces, SlPiece, i);
    piece->before_sec = sum;
    sum += (piece->close - piece->open) / SL_SECOND;
  }
}

GArray *
sl_calendar_compile(const SlCalendarDays *days, GTimeZone *zone, guint32 from, guint32 to)
{
  guint cursor = 0;
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(SlPiece));
  g_autoptr(GArray) stretches =
      stretches_of(zone, sl_calendar_midnight(from) - 3 * SL_DAY, sl_calendar_midnight(to) + 3 * SL_DAY);
  for (guint32 day = from; day < to; day++) {
    const GArray *spans = sl_calendar_days_spans(days, day);
    SlTime midnight = sl_calendar_midnight(day);
    cursor = first_stretch(stretches, midnight, cursor);
    for (guint i = 0; spans && i < spans->len; i++) {
      const SlSpan *span = &g_array_index(spans, SlSpan, i);
      add_local(pieces, stretches, cursor, midnight + span->from_min * SL_MINUTE, midnight + span->to_min * SL_MINUTE,
                day);
    }
  }
  g_array_sort(pieces, by_open);
  join(pieces);
  GArray *out = cut_at_midnights(pieces, stretches);
  sum_up(out);
  return out;
}
