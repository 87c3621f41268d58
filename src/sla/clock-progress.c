/* SPDX-License-Identifier: ISC */
/* Progress (S6): a clock a business day for critical tickets, due at the day's closing. The letter of that day goes at
 * the progress instant (closing - 30 min); who waits, rests or is no longer critical then gets none, and owes none.
 * Where a word is promised every so many hours instead, a clock runs from word to word. */
#include "sla/clock-private.h"

typedef struct {
  SlRun *run;
  GArray *promised, *rests, *pauses; /* SlStretch */
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
  const SlStretch *promised = next_within(p->promised, open, latest);
  if (!promised)
    return SL_TIME_NONE;
  SlTime from = MAX(open, promised->from);
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
  for (guint i = 0; i < p->promised->len && !sl_stretches_at(p->promised, probe); i++) {
    SlTime lowered = g_array_index(p->promised, SlStretch, i).to;
    if (lowered > day->from && lowered <= probe)
      h = (Hindrance){lowered, "lowered"};
  }
  return h;
}

static SlPriority
priority_at(const Progress *p, SlTime at)
{
  SlPriority priority = p->run->moves[0].priority;
  for (guint i = 0; i < p->run->n_moves; i++) {
    const SlMove *m = &p->run->moves[i];
    if ((m->kind == SL_MOVE_RAISED || m->kind == SL_MOVE_LOWERED) && m->at <= at)
      priority = m->priority;
  }
  return priority;
}

static SlRunning *
start(const Progress *p, SlTime at)
{
  return sl_run_start(p->run, SL_TARGET_PROGRESS, priority_at(p, at), p->run->moves[0].seq, at);
}

static void
add_day(const Progress *p, const Day *day)
{
  SlRunning *running = start(p, day->from);
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
  const SlStretch *promised = &g_array_index(p->promised, SlStretch, p->promised->len - 1);
  const SlStretch *rest = p->rests->len ? &g_array_index(p->rests, SlStretch, p->rests->len - 1) : NULL;
  SlTime last = p->run->now;
  if (promised->to != SL_TIME_NONE)
    last = MIN(last, promised->to);
  return rest && rest->to == SL_TIME_NONE ? MIN(last, rest->from) : last;
}

static void
add_days(const Progress *p)
{
  SlTime open, close, last = last_instant(p);
  const SlAgreement *a = p->run->agreement;
  SlTime at = g_array_index(p->promised, SlStretch, 0).from;
  for (; sl_calendar_day(a->calendar, at, &open, &close) && open <= last; at = close) {
    Day day = {.letter = MAX(open, close - a->progress_before_close_sec * SL_SECOND), .close = close};
    day.from = begins(p, open, day.letter, close - a->ladder_critical_window_sec * SL_SECOND);
    if (day.from != SL_TIME_NONE && day.from <= p->run->now)
      add_day(p, &day);
  }
}

/* ---- by the hour ---- */

#define MOST_WORDS 5000 /* a ticket that got so many gets no more clocks: a bound, not an expectation */

static const SlMove *
first_word(const Progress *p, SlTime after)
{
  const SlMove *first = NULL;
  for (guint i = 0; i < p->run->n_moves; i++) {
    const SlMove *m = &p->run->moves[i];
    if ((m->kind == SL_MOVE_SPOKE || m->kind == SL_MOVE_UPDATED) && m->at > after && (!first || m->at < first->at))
      first = m;
  }
  return first;
}

/* What ends the promise itself: the ticket rests, or has another priority. */
static Hindrance
ends(const Progress *p, const SlStretch *promised, SlTime from)
{
  Hindrance h = {SL_TIME_NONE, NULL};
  if (promised->to != SL_TIME_NONE && promised->to <= p->run->now)
    hinder(&h, promised->to, "lowered");
  for (guint i = 0; i < p->rests->len; i++) {
    SlTime at = g_array_index(p->rests, SlStretch, i).from;
    if (at >= from && at <= p->run->now)
      hinder(&h, at, "resolved");
  }
  return h;
}

/* Where nothing rests: `from` itself, or the end of the rest that it lies in; NONE while that lasts. */
static SlTime
wakes(const Progress *p, SlTime from)
{
  const SlStretch *rest = sl_stretches_at(p->rests, from);
  return rest ? rest->to : from;
}

/* When the word is due that follows one at `from`; what waits came after its end (NONE: it has none) does not touch it. */
static SlTime
word_due(const Progress *p, const SlRunning *running, SlTime from, SlTime ended_at)
{
  g_autoptr(GArray) pauses = g_array_copy(p->pauses);
  if (ended_at != SL_TIME_NONE)
    sl_stretches_cut(pauses, ended_at);
  return sl_clock_reach(p->run->agreement->calendar, running->clock.count, from, p->run->agreement->progress_every_sec, pauses);
}

/* One clock from word to word; *out_next: where the next one starts. FALSE when this one still runs. */
static gboolean
add_word(const Progress *p, const SlStretch *promised, SlTime from, SlTime *out_next)
{
  SlRunning *running = start(p, from);
  const SlMove *met = first_word(p, from);
  Hindrance h = ends(p, promised, from);
  gboolean hindered = h.at != SL_TIME_NONE && (!met || met->at > h.at), told = !hindered && met && met->at <= p->run->now;
  running->clock.limit_sec = p->run->agreement->progress_every_sec;
  running->estimate = word_due(p, running, from, hindered ? h.at : told ? met->at : SL_TIME_NONE);
  if (hindered) {
    sl_running_cancel(running, -1, h.at, h.why);
    *out_next = wakes(p, h.at);
  } else if (told) {
    running->clock.met_at = running->clock.ended_at = running->decided_at = met->at;
    running->clock.end_seq = met->seq;
    *out_next = met->at;
  }
  return hindered || told;
}

static void
add_words(const Progress *p)
{
  int n = 0;
  for (guint i = 0; i < p->promised->len; i++) {
    const SlStretch *promised = &g_array_index(p->promised, SlStretch, i);
    SlTime from = wakes(p, promised->from);
    while (from != SL_TIME_NONE && from <= p->run->now && (promised->to == SL_TIME_NONE || from < promised->to) && n++ < MOST_WORDS &&
           add_word(p, promised, from, &from))
      ;
  }
}

void
sl_run_progress(SlRun *run)
{
  if (run->n_moves == 0 || run->moves[0].kind != SL_MOVE_RECEIVED)
    return;
  g_autoptr(GArray) promised = sl_clock_promised(run->moves, run->n_moves, run->agreement);
  g_autoptr(GArray) rests = sl_clock_rests(run->moves, run->n_moves);
  g_autoptr(GArray) pauses = run->agreement->pause_on_waiting ? sl_clock_pauses(run->moves, run->n_moves)
                                                              : g_array_new(FALSE, FALSE, sizeof(SlStretch));
  const Progress progress = {run, promised, rests, pauses};
  if (promised->len && run->agreement->progress_every_sec)
    add_words(&progress);
  else if (promised->len)
    add_days(&progress);
}
