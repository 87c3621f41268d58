/* SPDX-License-Identifier: ISC */
#include "sla/ladder.h"

#include "sla/ladder-private.h"

#define MOST_REPEATS 100000
#define RAISED_CYCLE 10000  /* a raise makes a cycle of its own: 10000 * the raise's number + the clock's */

const char *
sl_alarm_word(SlAlarmKind kind)
{
  static const char *const words[] = {
#define X(name, word) [SL_ALARM_##name] = word,
      SL_ALARMS(X)
#undef X
  };
  return words[kind];
}

char *
sl_alarm_key(const SlAlarm *alarm)
{
  return g_strdup_printf("%s:%s:%d:%d:%d", sl_alarm_word(alarm->kind), sl_target_word(alarm->target), alarm->cycle, alarm->level,
                         alarm->occurrence);
}

/* ---- what is written down ---- */

gboolean
sl_ladder_dealt(const SlLadder *l, const SlAlarm *alarm)
{
  g_autofree char *key = sl_alarm_key(alarm);
  return g_hash_table_contains(l->state->dealt, key);
}

gboolean
sl_ladder_add(SlLadder *l, const SlAlarm *alarm)
{
  if (alarm->at == SL_TIME_NONE)
    return FALSE;
  if (!sl_ladder_dealt(l, alarm))
    g_array_append_val(l->alarms, *alarm);
  return alarm->at <= l->now;
}

/* Never wake anyone for a clock that is stopped: what comes while closed fires at the next opening; what is due exactly at closing,
 * at closing. */
static SlTime
in_hours(const SlLadder *l, SlTime at)
{
  const SlCalendar *calendar = l->agreement->calendar;
  if (at == SL_TIME_NONE || !l->agreement->quiet_outside_hours || sl_calendar_is_open(calendar, at) ||
      sl_calendar_is_open(calendar, at - 1))
    return at;
  return sl_calendar_next_open(calendar, at);
}

static gboolean
alive(const SlClock *clock)
{
  return clock->ended_at == SL_TIME_NONE && clock->paused_at == SL_TIME_NONE;
}

/* Once an ETA is told, it is what every resolve clock of the ticket runs to: the oldest speaks for them. */
static gboolean
speaks(const SlLadder *l, const SlClock *clock)
{
  for (guint i = 0; i < l->state->clocks->len && clock->target == SL_TARGET_RESOLVE && clock->eta_cycle; i++) {
    const SlClock *other = l->state->clocks->pdata[i];
    if (other->target == SL_TARGET_RESOLVE && other->cycle < clock->cycle && other->ended_at == SL_TIME_NONE && other->eta_cycle)
      return FALSE;
  }
  return TRUE;
}

static SlTime
reach(const SlLadder *l, const SlClock *clock, gint64 sec)
{
  g_autoptr(GArray) stretches = sl_clock_stretches(l->state->moves, l->state->n_moves, l->agreement, clock->target);
  return sl_clock_reach(l->agreement->calendar, clock->count, clock->started_at, sec, stretches);
}

/* ---- warnings and breaches ---- */

static SlTime
moment_at(const SlLadder *l, const SlClock *clock, const SlMoment *moment)
{
  if (moment->before_due)
    return clock->due_at == SL_TIME_NONE ? SL_TIME_NONE
                                         : sl_clock_before(l->agreement->calendar, clock->count, clock->started_at,
                                                           clock->due_at, moment->offset_sec);
  if (moment->percent < 0)
    return reach(l, clock, moment->offset_sec);
  return clock->limit_sec ? reach(l, clock, clock->limit_sec * moment->percent / 100) : SL_TIME_NONE;
}

static int
told_cycle(const SlClock *clock)
{
  return clock->target == SL_TARGET_RESOLVE ? SL_LADDER_TOLD * clock->cycle + clock->eta_cycle : clock->cycle;
}

static void
add_warnings(SlLadder *l, const SlClock *clock)
{
  const SlTargetSpec *spec = sl_agreement_target(l->agreement, clock->target, clock->priority);
  const SlMoment goal = {.percent = -1, .offset_sec = spec->goal_sec};
  for (guint i = 0; i < spec->warn->len + 1; i++) {
    const SlMoment *moment = i ? &g_array_index(spec->warn, SlMoment, i - 1) : &goal;
    if (i == 0 && spec->goal_sec == 0)
      continue;
    SlTime at = moment_at(l, clock, moment);
    if (at != SL_TIME_NONE && l->state->snoozed_until != SL_TIME_NONE && at >= l->state->snoozed_at)
      at = MAX(at, l->state->snoozed_until);
    SlAlarm alarm = {SL_ALARM_WARN, clock->target, told_cycle(clock), 0, (int)i, FALSE, in_hours(l, at), clock->due_at};
    sl_ladder_add(l, &alarm);
  }
}

static void
add_breach(SlLadder *l, const SlClock *clock)
{
  SlAlarm alarm = {SL_ALARM_BREACH, clock->target, told_cycle(clock), 0, 0, FALSE, clock->due_at, clock->due_at};
  sl_ladder_add(l, &alarm);
}

/* ---- the ladder's levels ---- */

SlTime
sl_ladder_raised(const SlLadder *l, int *out_count)
{
  SlTime at = SL_TIME_NONE;
  *out_count = 0;
  for (guint i = 0; i < l->state->n_moves; i++) {
    if (l->state->moves[i].kind == SL_MOVE_RAISED && l->state->moves[i].priority == SL_PRIORITY_CRITICAL) {
      at = l->state->moves[i].at;
      (*out_count)++;
    }
  }
  return at;
}

/* "/take" stops the first level in its own cycle (S11). */
static gboolean
taken_since(const SlLadder *l, SlTime from)
{
  for (guint i = 0; i < l->state->n_moves; i++) {
    const SlMove *m = &l->state->moves[i];
    if (m->kind == SL_MOVE_ACTED && m->at >= from && g_strcmp0(m->reason, "take") == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
spoke_since(const SlLadder *l, SlTime from)
{
  for (guint i = 0; i < l->state->n_moves; i++) {
    if (l->state->moves[i].kind == SL_MOVE_SPOKE && l->state->moves[i].at >= from)
      return TRUE;
  }
  return FALSE;
}

static SlTime
trigger_at(const SlLadder *l, const SlTrigger *trigger, const SlClock *clock)
{
  if (trigger->percent == 100 || clock->limit_sec == 0)
    return trigger->percent == 100 ? clock->due_at : SL_TIME_NONE;
  return trigger->percent == 0 ? clock->started_at : reach(l, clock, clock->limit_sec * trigger->percent / 100);
}

/* The earliest instant at which any trigger of `triggers` calls the level for a clock of `target`; NONE when none does. */
static SlTime
called_at(const SlLadder *l, const GArray *triggers, SlTarget target)
{
  SlTime at = SL_TIME_NONE;
  for (guint i = 0; i < l->state->clocks->len; i++) {
    const SlClock *clock = l->state->clocks->pdata[i];
    for (guint k = 0; clock->target == target && alive(clock) && k < triggers->len; k++) {
      const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, k);
      if (trigger->target == (int)target)
        at = sl_time_earlier(at, trigger_at(l, trigger, clock));
    }
  }
  return at;
}

/* An hour of repeating is business time; where the target stands still while waiting, so does its repeating. */
static void
add_repeats(SlLadder *l, const SlLevel *level, SlAlarm alarm)
{
  SlTime first = alarm.at;
  g_autoptr(GArray) stretches = sl_clock_stretches(l->state->moves, l->state->n_moves, l->agreement, alarm.target);
  for (int k = 0; k < MOST_REPEATS; k++) {
    alarm.occurrence = k;
    alarm.at = k == 0 ? first : sl_clock_reach(l->agreement->calendar, SL_COUNT_BUSINESS, first, k * level->repeat_sec, stretches);
    if (!sl_ladder_add(l, &alarm) || level->repeat_sec == 0)
      return;
  }
}

/* The oldest question that nobody answered: its cycle is the ladder's, however many promises run on it. NULL when none waits. */
static const SlClock *
unanswered(const SlLadder *l)
{
  for (guint i = 0; i < l->state->clocks->len; i++) {
    const SlClock *clock = l->state->clocks->pdata[i];
    if (clock->target == SL_TARGET_ANSWER && alive(clock))
      return clock;
  }
  return NULL;
}

/* Start and answer share a level in the first cycle; it fires once a cycle, whichever trigger comes first. */
static SlTime
question_calls(const SlLadder *l, const GArray *triggers, const SlClock *question)
{
  SlTime at = called_at(l, triggers, SL_TARGET_ANSWER);
  return question->cycle == 1 ? sl_time_earlier(at, called_at(l, triggers, SL_TARGET_START)) : at;
}

static void
level_of_answer(SlLadder *l, const SlLevel *level, int number, const SlClock *question)
{
  int raises = 0;
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL;
  SlTime raise = sl_ladder_raised(l, &raises);
  SlTime at = question_calls(l, level->at, question);
  if (number == 1 && taken_since(l, question->started_at))
    return;
  if (critical && (raise == SL_TIME_NONE || raise <= question->started_at))
    at = sl_time_earlier(at, question_calls(l, level->critical_at, question));
  if (at != SL_TIME_NONE)
    add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, SL_TARGET_ANSWER, question->cycle, number, 0, critical, in_hours(l, at), question->due_at});
}

static gboolean
calls_at_once(const GArray *triggers)
{
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, i);
    if (trigger->target == SL_TARGET_ANSWER && trigger->percent == 0)
      return TRUE;
  }
  return FALSE;
}

/* A raise fires again what critical tickets call, in a cycle of its own; who took it or wrote before did so for a standard
 * ticket. Where no question waits, only "at once" is left of it. */
static void
level_of_raise(SlLadder *l, const SlLevel *level, int number, const SlClock *question)
{
  int raises = 0;
  SlTime raise = sl_ladder_raised(l, &raises);
  const SlClock *last = sl_clock_find(l->state->clocks, SL_TARGET_ANSWER, 0);
  if (raise == SL_TIME_NONE || l->state->priority != SL_PRIORITY_CRITICAL || (question && raise <= question->started_at))
    return;
  if (spoke_since(l, raise) || (number == 1 && taken_since(l, raise)))
    return;
  SlTime at = question ? question_calls(l, level->critical_at, question) : SL_TIME_NONE;
  if (!question && calls_at_once(level->critical_at) && l->state->waiting_since == SL_TIME_NONE)
    at = raise;
  int cycle = RAISED_CYCLE * raises + (question ? question->cycle : last ? last->cycle : 0);
  if (at != SL_TIME_NONE)
    add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, SL_TARGET_ANSWER, cycle, number, 0, TRUE, in_hours(l, MAX(at, raise)),
                                    question ? question->due_at : SL_TIME_NONE});
}

/* Levels that hang on another target than the answer: eta, resolve, ack, progress. */
static void
level_of_clock(SlLadder *l, const SlLevel *level, int number, const SlClock *clock)
{
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL;
  const GArray *const lists[] = {level->at, critical ? level->critical_at : NULL};
  SlTime at = SL_TIME_NONE;
  for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
    for (guint i = 0; lists[k] && i < lists[k]->len; i++) {
      const SlTrigger *trigger = &g_array_index(lists[k], SlTrigger, i);
      if (trigger->target == (int)clock->target)
        at = sl_time_earlier(at, trigger_at(l, trigger, clock));
    }
  }
  if (at != SL_TIME_NONE && alive(clock))
    add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, clock->target, told_cycle(clock), number, 0, critical, in_hours(l, at), clock->due_at});
}

/* "2h": business time after receipt, or after the raise; it stands still while waiting and ends with the solution. `first`
 * numbers the triggers of both lists through. */
static void
level_by_offset(SlLadder *l, const SlLevel *level, int number, const GArray *triggers, int first)
{
  int raises = 0;
  SlTime raise = sl_ladder_raised(l, &raises);
  SlTime from = raise == SL_TIME_NONE ? l->state->moves[0].at : raise;
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL;
  g_autoptr(GArray) pauses = sl_clock_stretches(l->state->moves, l->state->n_moves, l->agreement, SL_TARGET_ETA);
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, i);
    if (trigger->target >= 0)
      continue;
    SlTime at = sl_clock_reach(l->agreement->calendar, SL_COUNT_BUSINESS, from, trigger->offset_sec, pauses);
    SlAlarm alarm = {SL_ALARM_ESCALATE, SL_TARGET_ETA, RAISED_CYCLE * (raises + 1) + first + (int)i, number, 0, critical, in_hours(l, at),
                     SL_TIME_NONE};
    if (at != SL_TIME_NONE)
      add_repeats(l, level, alarm);
  }
}

static void
add_level(SlLadder *l, const SlLevel *level, int number)
{
  const SlClock *question = unanswered(l);
  if (question)
    level_of_answer(l, level, number, question);
  for (guint i = 0; i < l->state->clocks->len; i++) {
    const SlClock *clock = l->state->clocks->pdata[i];
    if (clock->target != SL_TARGET_ANSWER && clock->target != SL_TARGET_START && speaks(l, clock))
      level_of_clock(l, level, number, clock);
  }
  if (l->state->resolved_at != SL_TIME_NONE)
    return;
  level_of_raise(l, level, number, question);
  level_by_offset(l, level, number, level->at, 0);
  if (l->state->priority == SL_PRIORITY_CRITICAL)
    level_by_offset(l, level, number, level->critical_at, (int)level->at->len);
}

/* ---- */

static gint
by_instant(gconstpointer a, gconstpointer b)
{
  const SlAlarm *x = a, *y = b;
  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  if (x->level != y->level)
    return x->level - y->level;
  if (x->kind != y->kind)
    return (int)x->kind - (int)y->kind;
  if (x->target != y->target)
    return (int)x->target - (int)y->target;
  return x->cycle != y->cycle ? x->cycle - y->cycle : x->occurrence - y->occurrence;
}

GArray *
sl_ladder_schedule(const SlLadderState *state, const SlAgreement *agreement, SlTime now)
{
  SlLadder l = {state, agreement, now, g_array_new(FALSE, TRUE, sizeof(SlAlarm))};
  if (state->silent || state->closed || state->n_moves == 0 || state->moves[0].kind != SL_MOVE_RECEIVED)
    return l.alarms;
  for (guint i = 0; i < state->clocks->len; i++) {
    const SlClock *clock = state->clocks->pdata[i];
    if (!speaks(&l, clock))
      continue;
    if (alive(clock))
      add_warnings(&l, clock);
    gboolean open = alive(clock) || (clock->ended_at == SL_TIME_NONE && clock->breached_at != SL_TIME_NONE);
    if (open && !sl_ladder_word_goes(&l, clock))
      add_breach(&l, clock);
  }
  for (guint i = 0; i < agreement->levels->len; i++)
    add_level(&l, agreement->levels->pdata[i], (int)i + 1);
  sl_ladder_add_days(&l);
  sl_ladder_add_rests(&l);
  g_array_sort(l.alarms, by_instant);
  return l.alarms;
}
