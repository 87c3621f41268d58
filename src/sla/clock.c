/* SPDX-License-Identifier: ISC */
#include "sla/clock.h"

#include "sla/clock-private.h"

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

/* T moves by the business time waited after it was told (S10), but for waits that began when it had run out. NONE while
 * waiting. */
static SlTime
moved_estimate(const SlRun *run, const SlRunning *running, const GArray *pauses)
{
  const SlCalendar *calendar = run->agreement->calendar;
  SlTime due = running->estimate;
  for (guint i = 0; i < pauses->len; i++) {
    const SlStretch *s = &g_array_index(pauses, SlStretch, i);
    if (s->from >= due)
      break;
    if (s->to == SL_TIME_NONE)
      return SL_TIME_NONE;
    gint64 waited = sl_calendar_elapsed(calendar, MAX(s->from, running->estimated_at), s->to);
    due = waited ? sl_calendar_add(calendar, due, waited) : due;
  }
  return due;
}

SlTime
sl_run_due(const SlRun *run, const SlRunning *running, const GArray *stretches)
{
  const SlClock *clock = &running->clock;
  if (clock->target == SL_TARGET_PROGRESS)
    return running->estimate;
  if (clock->target == SL_TARGET_RESOLVE && running->estimate != SL_TIME_NONE) {
    g_autoptr(GArray) pauses = sl_clock_pauses(run->moves, run->n_moves);
    if (clock->ended_at != SL_TIME_NONE)
      sl_stretches_cut(pauses, clock->ended_at);
    return run->agreement->pause_on_waiting ? moved_estimate(run, running, pauses) : running->estimate;
  }
  if (clock->limit_sec == 0)
    return SL_TIME_NONE;
  return sl_clock_reach(run->agreement->calendar, clock->count, clock->started_at, clock->limit_sec, stretches);
}

static SlTime
moment_at(const SlRun *run, const SlClock *clock, const SlMoment *moment, const GArray *stretches)
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
set_warning(const SlRun *run, SlClock *clock, const GArray *stretches)
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

/* Met, or cancelled, at the second of its due is in time. */
static gboolean
ran_out(const SlRunning *running, SlTime now)
{
  const SlClock *clock = &running->clock;
  if (clock->due_at == SL_TIME_NONE)
    return FALSE;
  return clock->ended_at != SL_TIME_NONE ? running->decided_at > clock->due_at : now >= clock->due_at;
}

static void
finish(const SlRun *run, SlRunning *running)
{
  SlClock *clock = &running->clock;
  const SlCalendar *calendar = run->agreement->calendar;
  g_autoptr(GArray) stretches = sl_clock_stretches(run->moves, run->n_moves, run->agreement, clock->target);
  gboolean ended = clock->ended_at != SL_TIME_NONE;
  SlTime until = ended ? clock->ended_at : MAX(run->now, clock->started_at);
  if (ended) /* what waits and rests came later does not touch it */
    sl_stretches_cut(stretches, clock->ended_at);
  clock->due_at = sl_run_due(run, running, stretches);
  clock->elapsed_sec = sl_clock_count(calendar, clock->count, clock->started_at, until, stretches);
  clock->elapsed_business_sec = sl_clock_count(calendar, SL_COUNT_BUSINESS, clock->started_at, until, stretches);
  clock->elapsed_wall_sec = sl_clock_count(calendar, SL_COUNT_WALL, clock->started_at, until, stretches);
  gboolean still = !ended && paused_now(stretches, run->now, &clock->paused_at);
  if (!running->waived && ran_out(running, run->now))
    clock->breached_at = clock->due_at;
  if (clock->breached_at != SL_TIME_NONE)
    clock->late_sec = sl_clock_count(calendar, clock->count, clock->due_at, until, stretches);
  if (clock->reason) {
    clock->state = SL_CLOCK_CANCELLED;
  } else if (clock->breached_at != SL_TIME_NONE) {
    clock->state = SL_CLOCK_BREACHED;
  } else if (ended) {
    clock->state = SL_CLOCK_MET;
  } else if (still) {
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

static GPtrArray *
run_under(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTime now)
{
  SlRun run = {.moves = moves,
               .n_moves = n_moves,
               .agreement = agreement,
               .now = now,
               .priority = SL_PRIORITY_STANDARD,
               .clocks = g_ptr_array_new_with_free_func((GDestroyNotify)sl_clock_free)};
  for (guint i = 0; i < n_moves; i++)
    sl_run_move(&run, &moves[i]);
  sl_run_progress(&run);
  for (guint i = 0; i < run.clocks->len; i++)
    finish(&run, run.clocks->pdata[i]);
  return run.clocks;
}

/* ---- edited holidays ---- */

/* What had ended, or fallen due, keeps the dates that held then: no edit breaks or mends a promise afterwards. */
static gboolean
settled(const SlClock *clock, SlTime at)
{
  return (clock->ended_at != SL_TIME_NONE && clock->ended_at <= at) || (clock->breached_at != SL_TIME_NONE && clock->breached_at <= at);
}

static gboolean
has_clock(const GPtrArray *clocks, guint n, const SlClock *clock)
{
  for (guint i = 0; i < n; i++) {
    const SlClock *other = clocks->pdata[i];
    if (other->target == clock->target && other->cycle == clock->cycle)
      return TRUE;
  }
  return FALSE;
}

/* Of the old text's clocks those that were settled at `at`, of the new one's the others. Progress is counted by days, of which the
 * new text may have more or fewer: its cycles are numbered on. Takes both arrays; owned. */
static GPtrArray *
settle(GPtrArray *old, GPtrArray *fresh, SlTime at)
{
  int days = 0;
  for (guint i = old->len; i > 0; i--) {
    const SlClock *clock = old->pdata[i - 1];
    if (!settled(clock, at))
      g_ptr_array_remove_index(old, i - 1);
    else if (clock->target == SL_TARGET_PROGRESS)
      days = MAX(days, clock->cycle);
  }
  guint kept = old->len;
  for (guint i = 0; i < fresh->len; i++) {
    SlClock *clock = fresh->pdata[i];
    gboolean by_day = clock->target == SL_TARGET_PROGRESS;
    if (by_day ? settled(clock, at) : has_clock(old, kept, clock))
      continue;
    if (by_day)
      clock->cycle = ++days;
    g_ptr_array_add(old, clock);
    fresh->pdata[i] = NULL;
  }
  g_ptr_array_unref(fresh);
  return old;
}

GPtrArray *
sl_clock_run(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTime now)
{
  GPtrArray *clocks = NULL;
  SlTime edited_at = SL_TIME_NONE;
  for (guint i = 0; i <= n_moves; i++) {
    const SlMove *edit = i < n_moves && moves[i].kind == SL_MOVE_RECALENDAR && moves[i].before ? &moves[i] : NULL;
    if (i < n_moves && !edit)
      continue;
    GPtrArray *fresh = run_under(moves, n_moves, edit ? edit->before : agreement, now);
    clocks = clocks ? settle(clocks, fresh, edited_at) : fresh;
    edited_at = edit ? edit->at : edited_at;
  }
  g_ptr_array_sort(clocks, by_target_and_cycle);
  return clocks;
}

/* What still runs goes before what has ended: a raise that was taken back must not hide the clock that runs on. */
static gboolean
is_newer(const SlClock *clock, const SlClock *than)
{
  gboolean runs = clock->ended_at == SL_TIME_NONE, other_runs = than->ended_at == SL_TIME_NONE;
  return runs != other_runs ? runs : clock->started_at >= than->started_at;
}

const SlClock *
sl_clock_find(const GPtrArray *clocks, SlTarget target, int cycle)
{
  const SlClock *found = NULL;
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    if (clock->target != target || (cycle && clock->cycle != cycle))
      continue;
    if (!found || is_newer(clock, found))
      found = clock;
  }
  return found;
}
