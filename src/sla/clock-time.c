/* SPDX-License-Identifier: ISC */
/* Time that counts: business or wall, without the stretches in which a clock stands still. */
#include "sla/clock-private.h"

static void
begin(GArray *stretches, SlTime at)
{
  SlStretch last = stretches->len ? g_array_index(stretches, SlStretch, stretches->len - 1) : (SlStretch){0, 0};
  if (stretches->len && last.to == SL_TIME_NONE)
    return;
  SlStretch fresh = {stretches->len ? MAX(at, last.to) : at, SL_TIME_NONE};
  g_array_append_val(stretches, fresh);
}

static void
end(GArray *stretches, SlTime at)
{
  SlStretch *last = stretches->len ? &g_array_index(stretches, SlStretch, stretches->len - 1) : NULL;
  if (last && last->to == SL_TIME_NONE)
    last->to = MAX(at, last->from);
}

GArray *
sl_clock_pauses(const SlMove *moves, guint n_moves)
{
  GArray *pauses = g_array_new(FALSE, FALSE, sizeof(SlStretch));
  for (guint i = 0; i < n_moves; i++) {
    if (moves[i].kind == SL_MOVE_WAITING)
      begin(pauses, moves[i].at);
    else if (moves[i].kind == SL_MOVE_RESUMED || moves[i].kind == SL_MOVE_RESOLVED || moves[i].kind == SL_MOVE_CLOSED ||
             moves[i].kind == SL_MOVE_REOPENED)
      end(pauses, moves[i].at);
  }
  return pauses;
}

GArray *
sl_clock_rests(const SlMove *moves, guint n_moves)
{
  GArray *rests = g_array_new(FALSE, FALSE, sizeof(SlStretch));
  for (guint i = 0; i < n_moves; i++) {
    if (moves[i].kind == SL_MOVE_RESOLVED || moves[i].kind == SL_MOVE_CLOSED || moves[i].kind == SL_MOVE_CANCELLED)
      begin(rests, moves[i].at);
    else if (moves[i].kind == SL_MOVE_REOPENED)
      end(rests, moves[i].at);
  }
  return rests;
}

gboolean
sl_clock_is_promised(const SlAgreement *agreement, SlPriority priority)
{
  return agreement->promised[priority] && !sl_agreement_target(agreement, SL_TARGET_PROGRESS, priority)->off;
}

GArray *
sl_clock_promised(const SlMove *moves, guint n_moves, const SlAgreement *agreement)
{
  GArray *promised = g_array_new(FALSE, FALSE, sizeof(SlStretch));
  for (guint i = 0; i < n_moves; i++) {
    if (moves[i].kind != SL_MOVE_RECEIVED && moves[i].kind != SL_MOVE_RAISED && moves[i].kind != SL_MOVE_LOWERED)
      continue;
    if (sl_clock_is_promised(agreement, moves[i].priority))
      begin(promised, moves[i].at);
    else
      end(promised, moves[i].at);
  }
  return promised;
}

gboolean
sl_clock_pauses_for(const SlAgreement *agreement, SlTarget target)
{
  return agreement->pause_on_waiting &&
         (target == SL_TARGET_ETA || target == SL_TARGET_PROGRESS || target == SL_TARGET_RESOLVE);
}

static gint
by_from(gconstpointer a, gconstpointer b)
{
  const SlStretch *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

GArray *
sl_clock_stretches(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTarget target)
{
  GArray *all = sl_clock_pauses_for(agreement, target) ? sl_clock_pauses(moves, n_moves)
                                                       : g_array_new(FALSE, FALSE, sizeof(SlStretch));
  if (target == SL_TARGET_RESOLVE) {
    g_autoptr(GArray) rests = sl_clock_rests(moves, n_moves);
    g_array_append_vals(all, rests->data, rests->len);
    g_array_sort(all, by_from);
  }
  return all;
}

void
sl_stretches_cut(GArray *stretches, SlTime at)
{
  for (guint i = stretches->len; i > 0; i--) {
    SlStretch *s = &g_array_index(stretches, SlStretch, i - 1);
    if (s->from >= at)
      g_array_remove_index(stretches, i - 1);
    else if (s->to == SL_TIME_NONE || s->to > at)
      s->to = at;
  }
}

const SlStretch *
sl_stretches_at(const GArray *stretches, SlTime at)
{
  for (guint i = 0; i < stretches->len; i++) {
    const SlStretch *s = &g_array_index(stretches, SlStretch, i);
    if (s->from <= at && (s->to == SL_TIME_NONE || at < s->to))
      return s;
  }
  return NULL;
}

static gint64
plain_count(const SlCalendar *calendar, SlCount count, SlTime from, SlTime to)
{
  if (to <= from)
    return 0;
  return count == SL_COUNT_WALL ? (to - from) / SL_SECOND : sl_calendar_elapsed(calendar, from, to);
}

gint64
sl_clock_count(const SlCalendar *calendar, SlCount count, SlTime from, SlTime to, const GArray *stretches)
{
  gint64 total = 0;
  for (guint i = 0; stretches && i < stretches->len && from < to; i++) {
    const SlStretch *s = &g_array_index(stretches, SlStretch, i);
    if (s->to != SL_TIME_NONE && s->to <= from)
      continue;
    if (s->from >= to)
      break;
    total += plain_count(calendar, count, from, s->from);
    from = s->to == SL_TIME_NONE ? to : s->to;
  }
  return total + plain_count(calendar, count, from, to);
}

static SlTime
plain_add(const SlCalendar *calendar, SlCount count, SlTime from, gint64 sec)
{
  return count == SL_COUNT_WALL ? from + sec * SL_SECOND : sl_calendar_add(calendar, from, sec);
}

SlTime
sl_clock_reach(const SlCalendar *calendar, SlCount count, SlTime from, gint64 sec, const GArray *stretches)
{
  for (guint i = 0; stretches && i < stretches->len; i++) {
    const SlStretch *s = &g_array_index(stretches, SlStretch, i);
    if (s->to != SL_TIME_NONE && s->to <= from)
      continue;
    gint64 until = plain_count(calendar, count, from, s->from);
    if (s->from > from && until >= sec)
      break;
    if (s->to == SL_TIME_NONE)
      return SL_TIME_NONE;
    sec -= until;
    from = s->to;
  }
  return plain_add(calendar, count, from, sec);
}

SlTime
sl_clock_before(const SlCalendar *calendar, SlCount count, SlTime from, SlTime due, gint64 sec)
{
  SlTime at = count == SL_COUNT_WALL ? due - sec * SL_SECOND : sl_calendar_subtract(calendar, due, sec);
  return MAX(from, at); /* SL_TIME_NONE is the smallest value */
}
