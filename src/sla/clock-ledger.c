/* SPDX-License-Identifier: ISC */
/* The ledger of `slate why`: each line says when, what, how much it counted and the total. */
#include "sla/clock-private.h"

#define MOST_LINES 4000
#define BUSINESS   "business time only (S1)"

static void
line_free(SlLedgerLine *line)
{
  g_free(line->what);
  g_free(line);
}

static void
add_point(GPtrArray *lines, SlTime at, const char *what, const char *rule)
{
  SlLedgerLine *line = g_new0(SlLedgerLine, 1);
  line->at = at;
  line->what = g_strdup(what);
  line->rule = rule;
  g_ptr_array_add(lines, line);
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
  const SlLedgerLine *x = *(SlLedgerLine *const *)a, *y = *(SlLedgerLine *const *)b;
  return (x->at > y->at) - (x->at < y->at);
}

/* Where the office opens and closes between the clock's start and its end. */
static void
add_hours(GPtrArray *lines, const SlCalendar *calendar, SlTime from, SlTime to)
{
  SlTime at = from;
  if (!sl_calendar_is_open(calendar, at)) {
    at = sl_calendar_next_open(calendar, at);
    if (at != SL_TIME_NONE && at < to)
      add_point(lines, at, "office open", BUSINESS);
  }
  while (at != SL_TIME_NONE && at < to && lines->len < MOST_LINES) {
    SlTime close = sl_calendar_next_close(calendar, at);
    if (close == SL_TIME_NONE || close >= to)
      return;
    at = sl_calendar_next_open(calendar, close);
    if (at == close) /* midnight of what never closes */
      continue;
    const char *holiday = sl_calendar_holiday_at(calendar, close + SL_DAY);
    g_autofree char *text =
        holiday ? g_strdup_printf("office closed (%s follows)", holiday) : g_strdup("office closed");
    add_point(lines, close, text, BUSINESS);
    if (at != SL_TIME_NONE && at < to)
      add_point(lines, at, "office open", BUSINESS);
  }
}

static gboolean
shown(const SlMove *move)
{
  return move->kind != SL_MOVE_ACTED && move->kind != SL_MOVE_SILENT;
}

static void
add_moves(GPtrArray *lines, const SlMove *moves, guint n_moves, const SlClock *clock, SlTime to)
{
  for (guint i = 0; i < n_moves && lines->len < MOST_LINES; i++) {
    const SlMove *m = &moves[i];
    gboolean its_own = m->seq == clock->start_seq || m->seq == clock->end_seq;
    if (m->at < clock->started_at || m->at > to || (!shown(m) && !its_own))
      continue;
    if (m->reason && shown(m)) {
      g_autofree char *text = g_strdup_printf("%s (%s)", sl_move_text(m->kind), m->reason);
      add_point(lines, m->at, text, sl_clock_rule(clock, m));
    } else {
      add_point(lines, m->at, sl_move_text(m->kind), sl_clock_rule(clock, m));
    }
  }
}

/* Every line's share, and the running total. */
static void
count_lines(GPtrArray *lines, const SlCalendar *calendar, const SlClock *clock, const GArray *stretches)
{
  SlTime before = clock->started_at;
  gint64 total = 0;
  for (guint i = 0; i < lines->len; i++) {
    SlLedgerLine *line = lines->pdata[i];
    line->counted_sec = sl_clock_count(calendar, clock->count, before, line->at, stretches);
    total += line->counted_sec;
    line->total_sec = total;
    before = line->at;
  }
}

static gboolean
has_line_at(const GPtrArray *lines, SlTime at)
{
  for (guint i = 0; i < lines->len; i++) {
    if (((const SlLedgerLine *)lines->pdata[i])->at == at)
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
sl_clock_ledger(const SlMove *moves, guint n_moves, SlTime now, const SlClock *clock)
{
  const SlAgreement *agreement = clock->agreement;
  GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
  g_autoptr(GArray) stretches = sl_clock_stretches(moves, n_moves, agreement, clock->target);
  gboolean ended = clock->ended_at != SL_TIME_NONE;
  SlTime to = ended ? clock->ended_at : MAX(now, clock->started_at);
  add_moves(lines, moves, n_moves, clock, to);
  if (!has_line_at(lines, clock->started_at)) /* no move started it: the day did, or another clock before it */
    add_point(lines, clock->started_at, "the clock starts",
              clock->target == SL_TARGET_PROGRESS ? "a word each business day while it is promised (S6)" : NULL);
  if (clock->count == SL_COUNT_BUSINESS)
    add_hours(lines, agreement->calendar, clock->started_at, to);
  if (clock->due_at != SL_TIME_NONE && clock->due_at >= clock->started_at && clock->due_at < to)
    add_point(lines, clock->due_at, "due", "met at this second is in time; from then on it is late");
  if (!ended)
    add_point(lines, to, "now", NULL);
  else if (!has_line_at(lines, to))
    add_point(lines, to, clock->reason && *clock->reason ? clock->reason : "the clock ends", NULL);
  g_ptr_array_sort(lines, by_time);
  count_lines(lines, agreement->calendar, clock, stretches);
  return lines;
}
