/* SPDX-License-Identifier: ISC */
/* Progress: a clock a business day for critical tickets (S6), due at the day's closing. The letter of that day goes at
 * the progress instant (closing - 30 min); who waits, rests or is no longer critical then gets none, and owes none. */
#include "sla/clock-private.h"

typedef struct {
  SlRun *run;
  GArray *criticals, *rests, *pauses; /* SlStretch */
} Progress;

typedef struct {
  SlTime from, letter, close;
} Day;

static const SlStretch *
next_within(const GArray *stretches, SlTime open, SlTime latest)
{
  for (guint i = 0; i < stretches->len; i++) {
    const SlStretch *s = &g_array_index(stretches, SlStretch, i);
    if (s->from <= latest && (s->to == SL_TIME_NONE || s->to > open))
      return s;
  }
  return NULL;
}

/* "That day's opening, or becoming critical", or what ends a wait or a rest: NONE when that is too late for this day.
 */
static SlTime
begins(const Progress *p, SlTime open, SlTime letter, SlTime latest)
{
  const SlStretch *critical = next_within(p->criticals, open, latest);
  if (!critical)
    return SL_TIME_NONE;
  SlTime from = MAX(open, critical->from);
  for (;;) {
    const SlStretch *rest = sl_stretches_at(p->rests, from), *pause = sl_stretches_at(p->pauses, from);
    const SlStretch *held = rest ? rest : pause;
    if (!held)
      return from;
    if (held->to == SL_TIME_NONE || held->to > letter)
      return SL_TIME_NONE;
    from = held->to;
  }
}

/* The first word that counts for the day: any in the two hours before the letter, or after it. */
static const SlMove *
met_by(const Progress *p, const Day *day)
{
  const SlMove *first = NULL;
  SlTime words = day->letter - p->run->agreement->progress_words_within_sec * SL_SECOND;
  for (guint i = 0; i < p->run->n_moves; i++) {
    const SlMove *m = &p->run->moves[i];
    if ((m->kind == SL_MOVE_SPOKE || m->kind == SL_MOVE_UPDATED) && m->at >= words && (!first || m->at < first->at))
      first = m;
  }
  return first;
}

typedef struct {
  SlTime at; /* NONE: nothing hinders */
  const char *why;
} Hindrance;

static void
hinder(Hindrance *h, SlTime at, const char *why)
{
  if (h->at == SL_TIME_NONE || at < h->at)
    *h = (Hindrance){at, why};
}

static void
hinder_within(Hindrance *h, const GArray *stretches, const Day *day, SlTime probe, SlTime now, const char *why)
{
  const SlStretch *held = sl_stretches_at(stretches, probe);
  if (held)
    hinder(h, held->from, why);
  for (guint i = 0; i < stretches->len; i++) {
    SlTime from = g_array_index(stretches, SlStretch, i).from;
    if (from > day->letter && from < day->close && from <= now)
      hinder(h, from, why);
  }
}

/* What hinders the day's word: the ticket rests, waits or is no longer critical at the letter (so far: now), or from
 * then on. */
static Hindrance
hindrance(const Progress *p, const Day *day)
{
  Hindrance h = {SL_TIME_NONE, NULL};
  SlTime now = p->run->now, probe = MIN(now, day->letter);
  hinder_within(&h, p->rests, day, probe, now, "resolved");
  if (now >= day->letter) /* before, it only stands still */
    hinder_within(&h, p->pauses, day, probe, now, "waiting for the customer");
  for (guint i = 0; i < p->criticals->len && !sl_stretches_at(p->criticals, probe); i++) {
    SlTime lowered = g_array_index(p->criticals, SlStretch, i).to;
    if (lowered > day->from && lowered <= probe)
      h = (Hindrance){lowered, "lowered"};
  }
  return h;
}

static void
add_day(const Progress *p, const Day *day)
{
  SlRunning *running = sl_run_start(p->run, SL_TARGET_PROGRESS, SL_PRIORITY_CRITICAL, p->run->moves[0].seq, day->from);
  const SlMove *met = met_by(p, day);
  Hindrance h = hindrance(p, day);
  running->estimate = day->close; /* its due is the day's closing, whatever the limit */
  if (h.at != SL_TIME_NONE && (!met || met->at > h.at)) {
    sl_running_cancel(running, -1, h.at, h.why);
  } else if (met) {
    running->clock.met_at = running->clock.ended_at = running->decided_at = MAX(met->at, day->from);
    running->clock.end_seq = met->seq;
  }
}

/* No day after the last on which it was critical, nor after it came to rest for good. */
static SlTime
last_instant(const Progress *p)
{
  const SlStretch *critical = &g_array_index(p->criticals, SlStretch, p->criticals->len - 1);
  const SlStretch *rest = p->rests->len ? &g_array_index(p->rests, SlStretch, p->rests->len - 1) : NULL;
  SlTime last = p->run->now;
  if (critical->to != SL_TIME_NONE)
    last = MIN(last, critical->to);
  return rest && rest->to == SL_TIME_NONE ? MIN(last, rest->from) : last;
}

static void
add_days(const Progress *p)
{
  SlTime open, close, last = last_instant(p);
  const SlAgreement *a = p->run->agreement;
  SlTime at = g_array_index(p->criticals, SlStretch, 0).from;
  for (; sl_calendar_day(a->calendar, at, &open, &close) && open <= last; at = close) {
    Day day = {.letter = MAX(open, close - a->progress_before_close_sec * SL_SECOND), .close = close};
    day.from = begins(p, open, day.letter, close - a->ladder_critical_window_sec * SL_SECOND);
    if (day.from != SL_TIME_NONE && day.from <= p->run->now)
      add_day(p, &day);
  }
}

void
sl_run_progress(SlRun *run)
{
  if (run->n_moves == 0 || run->moves[0].kind != SL_MOVE_RECEIVED ||
      sl_agreement_target(run->agreement, SL_TARGET_PROGRESS, SL_PRIORITY_CRITICAL)->off)
    return;
  g_autoptr(GArray) criticals = sl_clock_criticals(run->moves, run->n_moves);
  g_autoptr(GArray) rests = sl_clock_rests(run->moves, run->n_moves);
  g_autoptr(GArray) pauses = run->agreement->pause_on_waiting ? sl_clock_pauses(run->moves, run->n_moves)
                                                              : g_array_new(FALSE, FALSE, sizeof(SlStretch));
  if (criticals->len)
    add_days(&(Progress){run, criticals, rests, pauses});
}
