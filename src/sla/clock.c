/* SPDX-License-Identifier: ISC */
#include "sla/clock.h"

#include "sla/clock-private.h"

/* A clock while the moves run over it: what the caller sees, and what finishing it needs. */
typedef struct {
  SlClock clock; /* first: the array holds SlClock* */
  SlTime ended_at;     /* when it was met or cancelled; NONE while it runs */
  SlTime met_recorded; /* when what met it entered the record */
  SlTime estimate;     /* resolve: the ETA that counts; NONE */
  SlTime estimated_at; /* when that was told: pauses after it move it */
} Running;

typedef struct {
  const SlMove *moves;
  guint n_moves;
  const SlAgreement *agreement;
  SlTime now;
  GPtrArray *clocks; /* Running* */
  SlPriority priority;
} Run;

const char *
sl_clock_state_word(SlClockState state)
{
  static const char *const words[] = {
#define X(name, word) [SL_CLOCK_##name] = word,
      SL_CLOCK_STATES(X)
#undef X
  };
  return words[state];
}

void
sl_clock_free(SlClock *clock)
{
  if (clock)
    g_free(clock->reason);
  g_free(clock);
}

/* ---- starting and ending ---- */

static int
last_cycle(const Run *run, SlTarget target)
{
  int cycle = 0;
  for (guint i = 0; i < run->clocks->len; i++) {
    const SlClock *clock = run->clocks->pdata[i];
    if (clock->target == target && clock->cycle < 100)
      cycle = MAX(cycle, clock->cycle);
  }
  return cycle;
}

static Running *
start_cycle(Run *run, SlTarget target, int cycle, const SlMove *move, SlTime at)
{
  const SlTargetSpec *spec = sl_agreement_target(run->agreement, target, run->priority);
  Running *fresh = g_new0(Running, 1);
  fresh->clock = (SlClock){.target = target, .cycle = cycle, .state = SL_CLOCK_RUNNING, .priority = run->priority,
                           .count = spec->count, .limit_sec = spec->within_sec, .started_at = at, .warn_at = SL_TIME_NONE,
                           .due_at = SL_TIME_NONE, .met_at = SL_TIME_NONE, .breached_at = SL_TIME_NONE,
                           .paused_at = SL_TIME_NONE, .start_seq = move->seq};
  fresh->ended_at = fresh->estimate = fresh->estimated_at = SL_TIME_NONE;
  g_ptr_array_add(run->clocks, fresh);
  return fresh;
}

static void
start(Run *run, SlTarget target, const SlMove *move)
{
  if (!sl_agreement_target(run->agreement, target, run->priority)->off)
    start_cycle(run, target, last_cycle(run, target) + 1, move, move->at);
}

static gboolean
is_open(const Running *running, SlTarget target)
{
  return running->clock.target == target && running->clock.end_seq == 0;
}

static gboolean
any_open(const Run *run, SlTarget target)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    if (is_open(run->clocks->pdata[i], target))
      return TRUE;
  }
  return FALSE;
}

static void
meet(Run *run, SlTarget target, const SlMove *move)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (!is_open(running, target))
      continue;
    running->clock.met_at = running->ended_at = MAX(move->at, running->clock.started_at);
    running->clock.end_seq = move->seq;
    running->clock.stated = move->stated;
    running->met_recorded = move->stated ? move->recorded : running->ended_at;
  }
}

static void
cancel(Run *run, SlTarget target, const SlMove *move, const char *reason)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (!is_open(running, target))
      continue;
    running->ended_at = MAX(move->at, running->clock.started_at);
    running->clock.end_seq = move->seq;
    running->clock.state = SL_CLOCK_CANCELLED;
    running->clock.reason = g_strdup(reason);
  }
}

/* It runs on from its own start, as if it had never been met. */
static void
reopen(Running *running)
{
  running->clock.met_at = running->ended_at = SL_TIME_NONE;
  running->clock.end_seq = 0;
  running->clock.stated = FALSE;
  running->clock.state = SL_CLOCK_RUNNING;
  g_clear_pointer(&running->clock.reason, g_free);
}

/* ---- what each move does ---- */

static void
on_received(Run *run, const SlMove *move)
{
  run->priority = move->priority;
  start(run, SL_TARGET_START, move);
  if (!move->by_agent) {
    start(run, SL_TARGET_ACK, move);
    start(run, SL_TARGET_ANSWER, move);
    start(run, SL_TARGET_ETA, move);
  }
  start(run, SL_TARGET_RESOLVE, move);
}

static void
on_wrote(Run *run, const SlMove *move)
{
  if (!any_open(run, SL_TARGET_ANSWER))
    start(run, SL_TARGET_ANSWER, move);
}

static void
on_acked(Run *run, const SlMove *move)
{
  meet(run, SL_TARGET_ACK, move);
}

static void
on_ack_cancelled(Run *run, const SlMove *move)
{
  cancel(run, SL_TARGET_ACK, move, move->reason);
}

static void
on_ack_bounced(Run *run, const SlMove *move)
{
  (void)move;
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (running->clock.target == SL_TARGET_ACK && running->clock.met_at != SL_TIME_NONE)
      reopen(running);
  }
}

static void
on_acted(Run *run, const SlMove *move)
{
  meet(run, SL_TARGET_START, move);
}

/* A mail that came in after these words were received, though it was recorded before them, is not answered by them. */
static void
start_unanswered(Run *run, const SlMove *spoke)
{
  for (const SlMove *m = run->moves; m < spoke; m++) {
    if (m->kind == SL_MOVE_WROTE && m->at > spoke->at) {
      start(run, SL_TARGET_ANSWER, m);
      return;
    }
  }
}

static void
on_spoke(Run *run, const SlMove *move)
{
  gboolean was_open = any_open(run, SL_TARGET_ANSWER);
  meet(run, SL_TARGET_START, move);
  meet(run, SL_TARGET_ANSWER, move);
  if (was_open)
    start_unanswered(run, move);
}

static void
on_spoke_bounced(Run *run, const SlMove *move)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (running->clock.target == SL_TARGET_ANSWER && running->clock.end_seq == move->ref && move->ref)
      reopen(running);
  }
}

static void
on_no_reply(Run *run, const SlMove *move)
{
  cancel(run, SL_TARGET_ANSWER, move, move->reason);
}

static void
on_estimated(Run *run, const SlMove *move)
{
  meet(run, SL_TARGET_ETA, move);
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (!is_open(running, SL_TARGET_RESOLVE))
      continue;
    running->estimate = move->until;
    running->estimated_at = move->at;
    running->clock.eta_cycle++;
  }
}

/* Raising starts the critical clocks at the raise, where the critical promise is another; the old ones run on (S5). */
static void
on_priority(Run *run, const SlMove *move)
{
  SlPriority from = run->priority;
  guint n = run->clocks->len;
  run->priority = move->priority;
  if (move->kind != SL_MOVE_RAISED)
    return;
  for (guint i = 0; i < n; i++) {
    const Running *old = run->clocks->pdata[i];
    SlTarget target = old->clock.target;
    const SlTargetSpec *was = sl_agreement_target(run->agreement, target, from);
    const SlTargetSpec *is = sl_agreement_target(run->agreement, target, move->priority);
    gboolean another = !is->off && (was->within_sec != is->within_sec || was->count != is->count);
    if (another && target != SL_TARGET_ACK && old->clock.end_seq == 0 && old->clock.cycle < 100)
      start_cycle(run, target, 100 + old->clock.cycle, move, move->at);
  }
}

static void
on_resolved(Run *run, const SlMove *move)
{
  meet(run, SL_TARGET_START, move);
  meet(run, SL_TARGET_ETA, move);
  meet(run, SL_TARGET_RESOLVE, move);
}

static void
cancel_all(Run *run, const SlMove *move, const char *reason)
{
  for (guint t = 0; t < SL_N_TARGETS; t++)
    cancel(run, (SlTarget)t, move, reason);
}

static void
on_closed(Run *run, const SlMove *move)
{
  cancel_all(run, move, "closed");
}

static void
on_cancelled(Run *run, const SlMove *move)
{
  cancel_all(run, move, move->reason);
}

/* resolve resumes without a due until a new estimate; eta and start do not start again. */
static void
on_reopened(Run *run, const SlMove *move)
{
  (void)move;
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    if (running->clock.target == SL_TARGET_RESOLVE && running->clock.end_seq) {
      reopen(running);
      running->estimate = running->estimated_at = SL_TIME_NONE;
    }
  }
}

/* Merging keeps the earliest receipt: what still runs counts from there, and the answer from the oldest mail that waits for one. */
static void
on_absorbed(Run *run, const SlMove *move)
{
  gboolean answer_runs = any_open(run, SL_TARGET_ANSWER);
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    SlClock *clock = &running->clock;
    SlTime from = clock->target == SL_TARGET_ANSWER ? move->until : move->at;
    if (clock->end_seq == 0 && clock->target != SL_TARGET_ACK && clock->cycle < 100)
      clock->started_at = sl_time_earlier(clock->started_at, from);
  }
  if (!answer_runs && move->until != SL_TIME_NONE && !sl_agreement_target(run->agreement, SL_TARGET_ANSWER, run->priority)->off)
    start_cycle(run, SL_TARGET_ANSWER, last_cycle(run, SL_TARGET_ANSWER) + 1, move, move->until);
}

/* The cycle that the mail had begun ends; a later mail that waits, too, begins its own. */
static void
on_split(Run *run, const SlMove *move)
{
  gboolean was_its = FALSE;
  for (guint i = 0; i < run->clocks->len; i++) {
    Running *running = run->clocks->pdata[i];
    was_its |= is_open(running, SL_TARGET_ANSWER) && running->clock.start_seq == move->ref;
  }
  if (!was_its)
    return;
  cancel(run, SL_TARGET_ANSWER, move, "split off");
  for (const SlMove *m = run->moves; m < move; m++) {
    if (m->kind == SL_MOVE_WROTE && m->seq > move->ref) {
      start(run, SL_TARGET_ANSWER, m);
      return;
    }
  }
}

static void
on_nothing(Run *run, const SlMove *move)
{
  (void)run;
  (void)move;
}

static void (*const handlers[])(Run *, const SlMove *) = {
    [SL_MOVE_RECEIVED] = on_received,           [SL_MOVE_WROTE] = on_wrote,
    [SL_MOVE_ACKED] = on_acked,                 [SL_MOVE_ACK_CANCELLED] = on_ack_cancelled,
    [SL_MOVE_ACK_BOUNCED] = on_ack_bounced,     [SL_MOVE_ACTED] = on_acted,
    [SL_MOVE_SPOKE] = on_spoke,                 [SL_MOVE_SPOKE_BOUNCED] = on_spoke_bounced,
    [SL_MOVE_NO_REPLY] = on_no_reply,           [SL_MOVE_ESTIMATED] = on_estimated,
    [SL_MOVE_WAITING] = on_nothing,             [SL_MOVE_RESUMED] = on_nothing,
    [SL_MOVE_UPDATED] = on_nothing,             [SL_MOVE_RAISED] = on_priority,
    [SL_MOVE_LOWERED] = on_priority,            [SL_MOVE_RESOLVED] = on_resolved,
    [SL_MOVE_CLOSED] = on_closed,               [SL_MOVE_REOPENED] = on_reopened,
    [SL_MOVE_CANCELLED] = on_cancelled,         [SL_MOVE_SILENT] = on_nothing,
    [SL_MOVE_ABSORBED] = on_absorbed,           [SL_MOVE_SPLIT] = on_split,
};

/* ---- progress: a clock a business day for critical tickets (S6) ---- */

/* When did it become critical, looking back from `at`? NONE: it was not. */
static SlTime
critical_since(const Run *run, SlTime at)
{
  SlTime since = SL_TIME_NONE;
  for (guint i = 0; i < run->n_moves && run->moves[i].at <= at; i++) {
    const SlMove *m = &run->moves[i];
    if (m->kind != SL_MOVE_RECEIVED && m->kind != SL_MOVE_RAISED && m->kind != SL_MOVE_LOWERED)
      continue;
    if (m->priority != SL_PRIORITY_CRITICAL)
      since = SL_TIME_NONE;
    else if (since == SL_TIME_NONE)
      since = m->at;
  }
  return since;
}

/* The first word of progress that counts for the day: any update, or words in the two hours before the progress letter. */
static const SlMove *
progress_met_by(const Run *run, SlTime from, SlTime close)
{
  SlTime letter = close - run->agreement->progress_before_close_sec * SL_SECOND;
  SlTime words = letter - run->agreement->progress_words_within_sec * SL_SECOND;
  for (guint i = 0; i < run->n_moves; i++) {
    const SlMove *m = &run->moves[i];
    gboolean update = m->kind == SL_MOVE_UPDATED && m->at >= from;
    gboolean spoken = m->kind == SL_MOVE_SPOKE && m->at >= words && m->at >= from;
    if ((update || spoken) && m->at <= close)
      return m;
  }
  return NULL;
}

static void
progress_day(Run *run, const GArray *rests, SlTime open, SlTime close)
{
  SlTime since = critical_since(run, close - 1);
  if (since == SL_TIME_NONE || since > close - run->agreement->ladder_critical_window_sec * SL_SECOND)
    return;
  SlTime from = MAX(open, since);
  if (sl_stretches_hold(rests, from) || run->now < from)
    return;
  const SlMove fake = {.kind = SL_MOVE_RECEIVED, .seq = run->moves[0].seq, .at = from};
  SlPriority now_priority = run->priority;
  run->priority = SL_PRIORITY_CRITICAL;
  Running *running = start_cycle(run, SL_TARGET_PROGRESS, last_cycle(run, SL_TARGET_PROGRESS) + 1, &fake, from);
  run->priority = now_priority;
  running->estimate = close; /* its due is the day's closing, whatever the limit */
  const SlMove *met = progress_met_by(run, from, close);
  if (met) {
    running->clock.met_at = running->ended_at = met->at;
    running->clock.end_seq = met->seq;
  }
  for (guint i = 0; !met && i < rests->len; i++) { /* resolved or closed before closing: no more word is due */
    const SlStretch *rest = &g_array_index(rests, SlStretch, i);
    if (rest->from > from && rest->from < close) {
      running->ended_at = rest->from;
      running->clock.end_seq = -1;
      running->clock.state = SL_CLOCK_CANCELLED;
      running->clock.reason = g_strdup("resolved");
    }
  }
}

static void
run_progress(Run *run)
{
  SlTime open, close;
  const SlMove *first = run->moves;
  g_autoptr(GArray) rests = sl_clock_rests(run->moves, run->n_moves);
  if (run->n_moves == 0 || first->kind != SL_MOVE_RECEIVED ||
      sl_agreement_target(run->agreement, SL_TARGET_PROGRESS, SL_PRIORITY_CRITICAL)->off)
    return;
  SlTime last = run->now;
  if (rests->len && g_array_index(rests, SlStretch, rests->len - 1).to == SL_TIME_NONE)
    last = MIN(last, g_array_index(rests, SlStretch, rests->len - 1).from);
  for (SlTime at = first->at; sl_calendar_day(run->agreement->calendar, at, &open, &close) && open <= last; at = close)
    progress_day(run, rests, open, close);
}

/* ---- finishing: due, state, elapsed ---- */

static gboolean
paused_now(const GArray *stretches, SlTime now, SlTime *out_since)
{
  for (guint i = 0; i < stretches->len; i++) {
    const SlStretch *s = &g_array_index(stretches, SlStretch, i);
    if (s->to == SL_TIME_NONE && s->from <= now) {
      *out_since = s->from;
      return TRUE;
    }
  }
  return FALSE;
}

/* T moves by the business time waited after it was told (S10). NONE while waiting. */
static SlTime
moved_estimate(const Run *run, const Running *running, const GArray *pauses)
{
  gint64 waited = 0;
  for (guint i = 0; i < pauses->len; i++) {
    const SlStretch *s = &g_array_index(pauses, SlStretch, i);
    if (s->to == SL_TIME_NONE)
      return running->ended_at == SL_TIME_NONE ? SL_TIME_NONE : running->estimate;
    SlTime from = MAX(s->from, running->estimated_at);
    waited += sl_calendar_elapsed(run->agreement->calendar, from, s->to);
  }
  return waited ? sl_calendar_add(run->agreement->calendar, running->estimate, waited) : running->estimate;
}

static SlTime
due_of(const Run *run, const Running *running, const GArray *stretches)
{
  const SlClock *clock = &running->clock;
  if (clock->target == SL_TARGET_PROGRESS)
    return running->estimate;
  if (clock->target == SL_TARGET_RESOLVE && running->estimate != SL_TIME_NONE) {
    g_autoptr(GArray) pauses = sl_clock_pauses(run->moves, run->n_moves);
    return run->agreement->pause_on_waiting ? moved_estimate(run, running, pauses) : running->estimate;
  }
  if (clock->limit_sec == 0)
    return SL_TIME_NONE;
  return sl_clock_reach(run->agreement->calendar, clock->count, clock->started_at, clock->limit_sec, stretches);
}

static SlTime
moment_at(const Run *run, const SlClock *clock, const SlMoment *moment, const GArray *stretches)
{
  const SlCalendar *calendar = run->agreement->calendar;
  if (moment->before_due)
    return clock->due_at == SL_TIME_NONE
               ? SL_TIME_NONE
               : sl_clock_before(calendar, clock->count, clock->started_at, clock->due_at, moment->offset_sec);
  if (moment->percent >= 0 && clock->limit_sec == 0)
    return SL_TIME_NONE;
  gint64 sec = moment->percent >= 0 ? clock->limit_sec * moment->percent / 100 : moment->offset_sec;
  return sl_clock_reach(calendar, clock->count, clock->started_at, sec, stretches);
}

static void
set_warning(const Run *run, SlClock *clock, const GArray *stretches)
{
  const SlTargetSpec *spec = sl_agreement_target(run->agreement, clock->target, clock->priority);
  const SlMoment goal = {.percent = -1, .offset_sec = spec->goal_sec};
  SlTime next = SL_TIME_NONE, last = SL_TIME_NONE;
  for (guint i = 0; i < spec->warn->len + 1; i++) {
    const SlMoment *moment = i ? &g_array_index(spec->warn, SlMoment, i - 1) : &goal;
    if (i == 0 && spec->goal_sec == 0)
      continue;
    SlTime at = moment_at(run, clock, moment, stretches);
    if (at != SL_TIME_NONE && at > run->now)
      next = sl_time_earlier(next, at);
    else
      last = sl_time_later(last, at);
  }
  clock->warn_at = next != SL_TIME_NONE ? next : last;
}

static void
finish(const Run *run, Running *running)
{
  SlClock *clock = &running->clock;
  const SlCalendar *calendar = run->agreement->calendar;
  g_autoptr(GArray) stretches = sl_clock_stretches(run->moves, run->n_moves, run->agreement, clock->target);
  SlTime until = running->ended_at == SL_TIME_NONE ? MAX(run->now, clock->started_at) : running->ended_at;
  clock->due_at = due_of(run, running, stretches);
  clock->elapsed_sec = sl_clock_count(calendar, clock->count, clock->started_at, until, stretches);
  clock->elapsed_business_sec = sl_clock_count(calendar, SL_COUNT_BUSINESS, clock->started_at, until, stretches);
  clock->elapsed_wall_sec = sl_clock_count(calendar, SL_COUNT_WALL, clock->started_at, until, stretches);
  if (clock->state == SL_CLOCK_CANCELLED) {
    if (clock->due_at != SL_TIME_NONE && clock->due_at < running->ended_at) { /* what was broken before stays broken */
      clock->state = SL_CLOCK_BREACHED;
      clock->breached_at = clock->due_at;
    }
    return;
  }
  gboolean met = clock->met_at != SL_TIME_NONE;
  SlTime known = met && clock->stated ? MAX(clock->met_at, running->met_recorded) : clock->met_at;
  if (clock->due_at != SL_TIME_NONE && (met ? known > clock->due_at : run->now >= clock->due_at)) {
    clock->state = SL_CLOCK_BREACHED;
    clock->breached_at = clock->due_at;
  } else if (met) {
    clock->state = SL_CLOCK_MET;
  } else if (paused_now(stretches, run->now, &clock->paused_at)) {
    clock->state = SL_CLOCK_PAUSED;
    clock->due_at = SL_TIME_NONE;
  }
  set_warning(run, clock, stretches);
}

static gint
by_target_and_cycle(gconstpointer a, gconstpointer b)
{
  const SlClock *x = *(const SlClock *const *)a, *y = *(const SlClock *const *)b;
  return x->target != y->target ? (int)x->target - (int)y->target : x->cycle - y->cycle;
}

GPtrArray *
sl_clock_run(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTime now)
{
  Run run = {moves, n_moves, agreement, now, g_ptr_array_new_with_free_func((GDestroyNotify)sl_clock_free), SL_PRIORITY_STANDARD};
  for (guint i = 0; i < n_moves; i++)
    handlers[moves[i].kind](&run, &moves[i]);
  run_progress(&run);
  for (guint i = 0; i < run.clocks->len; i++)
    finish(&run, run.clocks->pdata[i]);
  g_ptr_array_sort(run.clocks, by_target_and_cycle);
  return run.clocks;
}

const SlClock *
sl_clock_find(const GPtrArray *clocks, SlTarget target, int cycle)
{
  const SlClock *found = NULL;
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    if (clock->target != target || (cycle && clock->cycle != cycle))
      continue;
    if (!found || clock->started_at >= found->started_at)
      found = clock;
  }
  return found;
}
