/* SPDX-License-Identifier: ISC */
/* What each move does to the clocks: which it starts, meets, cancels and un-meets. */
#include "sla/clock-private.h"

/* ---- starting and ending ---- */

static int
last_cycle(const SlRun *run, SlTarget target)
{
  int cycle = 0;
  for (guint i = 0; i < run->clocks->len; i++) {
    const SlClock *clock = run->clocks->pdata[i];
    if (clock->target == target)
      cycle = MAX(cycle, clock->cycle);
  }
  return cycle;
}

SlRunning *
sl_run_start(SlRun *run, SlTarget target, SlPriority priority, int seq, SlTime at)
{
  const SlTargetSpec *spec = sl_agreement_target(run->agreement, target, priority);
  SlRunning *fresh = g_new0(SlRunning, 1);
  fresh->clock = (SlClock){.target = target, .cycle = last_cycle(run, target) + 1, .state = SL_CLOCK_RUNNING, .priority = priority,
                           .count = spec->count, .limit_sec = spec->within_sec, .started_at = at, .warn_at = SL_TIME_NONE,
                           .due_at = SL_TIME_NONE, .met_at = SL_TIME_NONE, .breached_at = SL_TIME_NONE,
                           .paused_at = SL_TIME_NONE, .ended_at = SL_TIME_NONE, .start_seq = seq, .agreement = run->agreement};
  fresh->asked_at = at;
  fresh->decided_at = fresh->estimate = fresh->estimated_at = SL_TIME_NONE;
  g_ptr_array_add(run->clocks, fresh);
  return fresh;
}

static void
start(SlRun *run, SlTarget target, const SlMove *move)
{
  if (!run->silent && !sl_agreement_target(run->agreement, target, run->priority)->off)
    sl_run_start(run, target, run->priority, move->seq, move->at);
}

static gboolean
is_open(const SlRunning *running, SlTarget target)
{
  return running->clock.target == target && running->clock.end_seq == 0;
}

static gboolean
any_open(const SlRun *run, SlTarget target)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    if (is_open(run->clocks->pdata[i], target))
      return TRUE;
  }
  return FALSE;
}

static void
meet_one(SlRunning *running, const SlMove *move)
{
  SlClock *clock = &running->clock;
  clock->met_at = clock->ended_at = running->decided_at = MAX(move->at, clock->started_at);
  if (move->stated)
    running->decided_at = MAX(running->decided_at, move->recorded_at);
  clock->end_seq = move->seq;
  clock->stated = move->stated;
}

static void
meet(SlRun *run, SlTarget target, const SlMove *move)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    if (is_open(run->clocks->pdata[i], target))
      meet_one(run->clocks->pdata[i], move);
  }
}

void
sl_running_cancel(SlRunning *running, int seq, SlTime at, const char *reason)
{
  running->clock.ended_at = running->decided_at = MAX(at, running->clock.started_at);
  running->clock.end_seq = seq;
  running->clock.reason = g_strdup(reason ? reason : "");
}

static void
cancel(SlRun *run, SlTarget target, const SlMove *move, const char *reason)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    if (is_open(run->clocks->pdata[i], target))
      sl_running_cancel(run->clocks->pdata[i], move->seq, move->at, reason);
  }
}

/* It runs on from its own start, as if it had never ended. */
static void
reopen(SlRunning *running)
{
  running->clock.met_at = running->clock.ended_at = running->decided_at = SL_TIME_NONE;
  running->clock.end_seq = 0;
  running->clock.stated = FALSE;
  g_clear_pointer(&running->clock.reason, g_free);
}

/* ---- what each move does ---- */

static void
on_received(SlRun *run, const SlMove *move)
{
  run->priority = move->priority;
  start(run, SL_TARGET_START, move);
  start(run, SL_TARGET_RESOLVE, move);
  if (move->by_agent)
    return;
  start(run, SL_TARGET_ACK, move);
  start(run, SL_TARGET_ANSWER, move);
  start(run, SL_TARGET_ETA, move);
}

static void
on_wrote(SlRun *run, const SlMove *move)
{
  if (!any_open(run, SL_TARGET_ANSWER))
    start(run, SL_TARGET_ANSWER, move);
}

static void
on_acked(SlRun *run, const SlMove *move)
{
  meet(run, SL_TARGET_ACK, move);
}

static void
on_ack_cancelled(SlRun *run, const SlMove *move)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (!is_open(running, SL_TARGET_ACK))
      continue;
    sl_running_cancel(running, move->seq, move->at, move->reason);
    running->waived = TRUE; /* where no letter may go there was no promise, however late that was found */
  }
}

static void
on_ack_bounced(SlRun *run, const SlMove *move)
{
  (void)move;
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (running->clock.target == SL_TARGET_ACK && running->clock.met_at != SL_TIME_NONE)
      reopen(running);
  }
}

static void
on_acted(SlRun *run, const SlMove *move)
{
  meet(run, SL_TARGET_START, move);
}

/* A person states minutes: what was said at 10:40 was said by 10:40:59. */
static SlTime
said_by(const SlMove *spoke)
{
  return spoke->stated ? spoke->at + SL_MINUTE - SL_SECOND : spoke->at;
}

/* Words answer what came before them; the mail that opened the ticket they always answer. */
static gboolean
answers(const SlRun *run, const SlRunning *running, const SlMove *spoke)
{
  return running->asked_at <= said_by(spoke) || running->asked_at == run->moves[0].at;
}

static gboolean
meet_answers(SlRun *run, const SlMove *spoke)
{
  gboolean met = FALSE;
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (!is_open(running, SL_TARGET_ANSWER) || !answers(run, running, spoke))
      continue;
    meet_one(running, spoke);
    met = TRUE;
  }
  return met;
}

/* A mail that came in after these words were received, though it was recorded before them, is not answered by them. */
static void
start_unanswered(SlRun *run, const SlMove *spoke)
{
  for (const SlMove *m = run->moves; m < spoke; m++) {
    if (m->kind == SL_MOVE_WROTE && m->at > said_by(spoke)) {
      start(run, SL_TARGET_ANSWER, m);
      return;
    }
  }
}

static void
on_spoke(SlRun *run, const SlMove *move)
{
  meet(run, SL_TARGET_START, move);
  if (meet_answers(run, move) && !any_open(run, SL_TARGET_ANSWER))
    start_unanswered(run, move);
}

static gboolean
bounced(const SlRun *run, const SlMove *until, int seq)
{
  for (const SlMove *m = run->moves; m <= until; m++) {
    if (m->kind == SL_MOVE_SPOKE_BOUNCED && m->ref == seq)
      return TRUE;
  }
  return FALSE;
}

/* Un-met by a hard bounce, unless other words have gone since and not come back. */
static void
on_spoke_bounced(SlRun *run, const SlMove *move)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (running->clock.target != SL_TARGET_ANSWER || running->clock.end_seq != move->ref || !move->ref)
      continue;
    reopen(running);
    for (const SlMove *m = run->moves; m < move && running->clock.end_seq == 0; m++) {
      if (m->kind == SL_MOVE_SPOKE && m->seq > move->ref && !bounced(run, move, m->seq) && answers(run, running, m))
        meet_one(running, m);
    }
  }
}

static void
on_no_reply(SlRun *run, const SlMove *move)
{
  cancel(run, SL_TARGET_ANSWER, move, move->reason);
}

static void
on_estimated(SlRun *run, const SlMove *move)
{
  meet(run, SL_TARGET_ETA, move);
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (!is_open(running, SL_TARGET_RESOLVE))
      continue;
    running->estimate = move->until;
    running->estimated_at = move->at;
    running->clock.eta_cycle++;
  }
}

static gboolean
same_promise(const SlRun *run, SlTarget target, SlPriority a, SlPriority b)
{
  const SlTargetSpec *x = sl_agreement_target(run->agreement, target, a), *y = sl_agreement_target(run->agreement, target, b);
  return x->off == y->off && x->within_sec == y->within_sec && x->count == y->count;
}

static gboolean
runs_under(const SlRun *run, SlTarget target, SlPriority priority)
{
  for (guint i = 0; i < run->clocks->len; i++) {
    const SlRunning *running = run->clocks->pdata[i];
    if (is_open(running, target) && same_promise(run, target, running->clock.priority, priority))
      return TRUE;
  }
  return FALSE;
}

/* Raising starts the critical clocks at the raise, where the critical promise is another; the old ones run on (S5). */
static void
on_raised(SlRun *run, const SlMove *move)
{
  guint n = run->clocks->len;
  run->priority = move->priority;
  for (guint i = 0; i < n; i++) {
    const SlRunning *old = run->clocks->pdata[i];
    SlTarget target = old->clock.target;
    if (old->clock.end_seq || runs_under(run, target, move->priority) || sl_agreement_target(run->agreement, target, move->priority)->off)
      continue;
    SlRunning *fresh = sl_run_start(run, target, move->priority, move->seq, MAX(move->at, old->clock.started_at));
    fresh->asked_at = old->asked_at;
    fresh->estimate = old->estimate;
    fresh->estimated_at = old->estimated_at;
    fresh->clock.eta_cycle = old->clock.eta_cycle;
  }
}

static gboolean
ran_out_by(const SlRun *run, const SlRunning *running, SlTime at)
{
  g_autoptr(GArray) stretches = sl_clock_stretches(run->moves, run->n_moves, run->agreement, running->clock.target);
  SlTime due = sl_run_due(run, running, stretches);
  return due != SL_TIME_NONE && due <= at;
}

/* Lowering never un-breaches. What has not run out is promised no more; the promise of the new priority counts, as if it had
 * always run, from where the ticket asked. */
static void
on_lowered(SlRun *run, const SlMove *move)
{
  guint n = run->clocks->len;
  run->priority = move->priority;
  for (guint i = 0; i < n; i++) {
    SlRunning *old = run->clocks->pdata[i];
    SlTarget target = old->clock.target;
    if (old->clock.end_seq || same_promise(run, target, old->clock.priority, move->priority) || ran_out_by(run, old, move->at))
      continue;
    sl_running_cancel(old, move->seq, move->at, "lowered");
    old->lowered = TRUE;
    if (runs_under(run, target, move->priority) || sl_agreement_target(run->agreement, target, move->priority)->off)
      continue;
    SlRunning *fresh = sl_run_start(run, target, move->priority, move->seq, old->asked_at);
    fresh->estimate = old->estimate;
    fresh->estimated_at = old->estimated_at;
    fresh->clock.eta_cycle = old->clock.eta_cycle;
  }
}

static void
on_resolved(SlRun *run, const SlMove *move)
{
  meet(run, SL_TARGET_START, move);
  meet(run, SL_TARGET_ETA, move);
  meet(run, SL_TARGET_RESOLVE, move);
}

static void
cancel_all(SlRun *run, const SlMove *move, const char *reason)
{
  for (guint t = 0; t < SL_N_TARGETS; t++)
    cancel(run, (SlTarget)t, move, reason);
}

static void
on_closed(SlRun *run, const SlMove *move)
{
  cancel_all(run, move, "closed");
}

static void
on_cancelled(SlRun *run, const SlMove *move)
{
  cancel_all(run, move, move->reason);
}

/* resolve resumes without a due until a new estimate; eta and start do not start again. */
static void
on_reopened(SlRun *run, const SlMove *move)
{
  (void)move;
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    if (running->clock.target == SL_TARGET_RESOLVE && running->clock.end_seq && !running->lowered) {
      reopen(running);
      running->estimate = running->estimated_at = SL_TIME_NONE;
    }
  }
}

/* Merging keeps the earliest receipt: what still runs counts from there, and the answer from the oldest mail that waits for one. */
static void
on_absorbed(SlRun *run, const SlMove *move)
{
  gboolean answer_runs = any_open(run, SL_TARGET_ANSWER);
  for (guint i = 0; i < run->clocks->len; i++) {
    SlRunning *running = run->clocks->pdata[i];
    SlTarget target = running->clock.target;
    SlTime from = target == SL_TARGET_ANSWER ? move->until : move->at;
    if (running->clock.end_seq || target == SL_TARGET_ACK || from == SL_TIME_NONE)
      continue;
    running->clock.started_at = sl_time_earlier(running->clock.started_at, from);
    running->asked_at = sl_time_earlier(running->asked_at, from);
  }
  if (!answer_runs && move->until != SL_TIME_NONE && !run->silent && !sl_agreement_target(run->agreement, SL_TARGET_ANSWER, run->priority)->off)
    sl_run_start(run, SL_TARGET_ANSWER, run->priority, move->seq, move->until);
}

/* The cycle that the mail had begun ends; a later mail that waits, too, begins its own. */
static void
on_split(SlRun *run, const SlMove *move)
{
  gboolean was_its = FALSE;
  for (guint i = 0; i < run->clocks->len; i++) {
    const SlRunning *running = run->clocks->pdata[i];
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
on_silent(SlRun *run, const SlMove *move)
{
  (void)move;
  run->silent = TRUE;
}

static void
on_nothing(SlRun *run, const SlMove *move)
{
  (void)run;
  (void)move;
}

static void (*const handlers[])(SlRun *, const SlMove *) = {
    [SL_MOVE_RECEIVED] = on_received,           [SL_MOVE_WROTE] = on_wrote,
    [SL_MOVE_ACKED] = on_acked,                 [SL_MOVE_ACK_CANCELLED] = on_ack_cancelled,
    [SL_MOVE_ACK_BOUNCED] = on_ack_bounced,     [SL_MOVE_ACTED] = on_acted,
    [SL_MOVE_SPOKE] = on_spoke,                 [SL_MOVE_SPOKE_BOUNCED] = on_spoke_bounced,
    [SL_MOVE_NO_REPLY] = on_no_reply,           [SL_MOVE_ESTIMATED] = on_estimated,
    [SL_MOVE_WAITING] = on_nothing,             [SL_MOVE_RESUMED] = on_nothing,
    [SL_MOVE_UPDATED] = on_nothing,             [SL_MOVE_RAISED] = on_raised,
    [SL_MOVE_LOWERED] = on_lowered,             [SL_MOVE_RESOLVED] = on_resolved,
    [SL_MOVE_CLOSED] = on_closed,               [SL_MOVE_REOPENED] = on_reopened,
    [SL_MOVE_CANCELLED] = on_cancelled,         [SL_MOVE_SILENT] = on_silent,
    [SL_MOVE_ABSORBED] = on_absorbed,           [SL_MOVE_SPLIT] = on_split,
    [SL_MOVE_RECALENDAR] = on_nothing,
};

void
sl_run_move(SlRun *run, const SlMove *move)
{
  handlers[move->kind](run, move);
}
