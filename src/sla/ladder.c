/* SPDX-License-Identifier: ISC */
#include "sla/ladder.h"

#include "sla/clock-private.h"

#define MOST_REPEATS 100000
#define DAYS_BACK    3      /* an end of day that long ago is told no more */
#define RAISED_CYCLE 100    /* a raise makes a cycle of its own: 100 * the raise's number + the clock's */

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

typedef struct {
  const SlLadderState *state;
  const SlAgreement *agreement;
  SlTime now;
  GArray *alarms;
} Ladder;

/* ---- what is written down ---- */

static gboolean
dealt(const Ladder *l, const SlAlarm *alarm)
{
  g_autofree char *key = sl_alarm_key(alarm);
  return g_hash_table_contains(l->state->dealt, key);
}

/* Adds it unless it was dealt with. TRUE while the series should go on: the alarm lies at or before now. */
static gboolean
add(Ladder *l, const SlAlarm *alarm)
{
  if (alarm->at == SL_TIME_NONE)
    return FALSE;
  if (!dealt(l, alarm))
    g_array_append_val(l->alarms, *alarm);
  return alarm->at <= l->now;
}

/* Never wake anyone for a clock that is stopped: what comes while closed fires at the next opening; what is due exactly at closing,
 * at closing. */
static SlTime
in_hours(const Ladder *l, SlTime at)
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

static SlTime
reach(const Ladder *l, const SlClock *clock, gint64 sec)
{
  g_autoptr(GArray) stretches = sl_clock_stretches(l->state->moves, l->state->n_moves, l->agreement, clock->target);
  return sl_clock_reach(l->agreement->calendar, clock->count, clock->started_at, sec, stretches);
}

/* ---- warnings and breaches ---- */

static SlTime
moment_at(const Ladder *l, const SlClock *clock, const SlMoment *moment)
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
  return clock->target == SL_TARGET_RESOLVE ? 1000 * clock->cycle + clock->eta_cycle : clock->cycle;
}

static void
add_warnings(Ladder *l, const SlClock *clock)
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
    add(l, &alarm);
  }
}

static void
add_breach(Ladder *l, const SlClock *clock)
{
  SlAlarm alarm = {SL_ALARM_BREACH, clock->target, told_cycle(clock), 0, 0, FALSE, clock->due_at, clock->due_at};
  add(l, &alarm);
}

/* ---- the ladder's levels ---- */

/* The newest raise, and how many there were; a ticket that came in critical was never raised. */
static SlTime
raised(const Ladder *l, int *out_count)
{
  SlTime at = SL_TIME_NONE;
  *out_count = 0;
  for (guint i = 0; i < l->state->n_moves; i++) {
    if (l->state->moves[i].kind == SL_MOVE_RAISED) {
      at = l->state->moves[i].at;
      (*out_count)++;
    }
  }
  return at;
}

/* "/take" stops the first level in its own cycle (S11). */
static gboolean
taken_in(const Ladder *l, SlTime from)
{
  for (guint i = 0; i < l->state->n_moves; i++) {
    const SlMove *m = &l->state->moves[i];
    if (m->kind == SL_MOVE_ACTED && m->at >= from && g_strcmp0(m->reason, "take") == 0)
      return TRUE;
  }
  return FALSE;
}

static SlTime
trigger_at(const Ladder *l, const SlTrigger *trigger, const SlClock *clock)
{
  if (trigger->percent == 100 || clock->limit_sec == 0)
    return trigger->percent == 100 ? clock->due_at : SL_TIME_NONE;
  return trigger->percent == 0 ? clock->started_at : reach(l, clock, clock->limit_sec * trigger->percent / 100);
}

/* The earliest instant at which any trigger of `triggers` calls the level for this answer cycle: start and answer share it in the
 * first. NONE when none does. */
static SlTime
answer_cycle_at(const Ladder *l, const GArray *triggers, const SlClock *answer)
{
  SlTime at = SL_TIME_NONE;
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, i);
    const SlClock *clock = trigger->target == SL_TARGET_ANSWER ? answer
                           : trigger->target == SL_TARGET_START && answer->cycle == 1
                               ? sl_clock_find(l->state->clocks, SL_TARGET_START, 1)
                               : NULL;
    if (clock && alive(clock))
      at = sl_time_earlier(at, trigger_at(l, trigger, clock));
  }
  return at;
}

static void
add_repeats(Ladder *l, const SlLevel *level, SlAlarm alarm)
{
  const SlCalendar *calendar = l->agreement->calendar;
  SlTime first = alarm.at;
  for (int k = 0; k < MOST_REPEATS; k++) {
    alarm.occurrence = k;
    alarm.at = k == 0 ? first : sl_calendar_add(calendar, first, k * level->repeat_sec);
    if (!add(l, &alarm) || level->repeat_sec == 0)
      return;
  }
}

static void
level_of_answer(Ladder *l, const SlLevel *level, int number, const SlClock *answer)
{
  int raises = 0;
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL;
  SlTime raise = raised(l, &raises);
  if (!alive(answer) || (number == 1 && taken_in(l, answer->started_at)))
    return;
  SlTime at = answer_cycle_at(l, level->at, answer);
  SlTime at_once = critical ? answer_cycle_at(l, level->critical_at, answer) : SL_TIME_NONE;
  gboolean again = critical && at_once != SL_TIME_NONE && raise != SL_TIME_NONE && raise > answer->started_at;
  if (again)
    at_once = MAX(at_once, raise);
  else
    at = sl_time_earlier(at, at_once);
  if (at != SL_TIME_NONE)
    add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, SL_TARGET_ANSWER, answer->cycle, number, 0, critical, in_hours(l, at), answer->due_at});
  if (again) /* a raise fires it once more, in a cycle of its own */
    add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, SL_TARGET_ANSWER, RAISED_CYCLE * raises + answer->cycle, number, 0, TRUE,
                                    in_hours(l, at_once), answer->due_at});
}

/* Levels that hang on another target than the answer: eta, resolve, ack, progress. */
static void
level_of_clock(Ladder *l, const SlLevel *level, int number, const SlClock *clock)
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

/* "2h": business time after receipt, or after the raise; it stands still while waiting and ends with the solution. */
static void
level_by_offset(Ladder *l, const SlLevel *level, int number, const GArray *triggers)
{
  int raises = 0;
  SlTime raise = raised(l, &raises);
  SlTime from = raise == SL_TIME_NONE ? l->state->moves[0].at : raise;
  g_autoptr(GArray) pauses = sl_clock_pauses(l->state->moves, l->state->n_moves);
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, i);
    if (trigger->target >= 0)
      continue;
    SlTime at = sl_clock_reach(l->agreement->calendar, SL_COUNT_BUSINESS, from, trigger->offset_sec, pauses);
    if (at != SL_TIME_NONE)
      add_repeats(l, level, (SlAlarm){SL_ALARM_ESCALATE, SL_TARGET_ETA, RAISED_CYCLE * (raises + 1), number, (int)i, TRUE,
                                      in_hours(l, at), SL_TIME_NONE});
  }
}

static void
add_level(Ladder *l, const SlLevel *level, int number)
{
  for (guint i = 0; i < l->state->clocks->len; i++) {
    const SlClock *clock = l->state->clocks->pdata[i];
    if (clock->target == SL_TARGET_ANSWER)
      level_of_answer(l, level, number, clock);
    else if (clock->target != SL_TARGET_START)
      level_of_clock(l, level, number, clock);
  }
  if (l->state->resolved_at != SL_TIME_NONE)
    return;
  level_by_offset(l, level, number, level->at);
  if (l->state->priority == SL_PRIORITY_CRITICAL)
    level_by_offset(l, level, number, level->critical_at);
}

/* ---- the end of the day (S6, S8) ---- */

static int
day_number(const Ladder *l, SlTime at)
{
  g_autofree char *text = sl_time_format_zone(at, sl_calendar_get_zone(l->agreement->calendar), "%Y%m%d");
  return (int)g_ascii_strtoll(text, NULL, 10);
}

/* Since when does it get a word a day? Critical tickets: since they are critical; standard ones: since receipt. */
static SlTime
daily_since(const Ladder *l)
{
  int raises;
  SlTime raise = raised(l, &raises);
  if (l->state->priority == SL_PRIORITY_CRITICAL)
    return raise == SL_TIME_NONE ? l->state->moves[0].at : raise;
  gboolean courtesy = l->state->courtesy && l->agreement->courtesy && l->state->priority == SL_PRIORITY_STANDARD;
  return courtesy ? l->state->moves[0].at : SL_TIME_NONE;
}

static gboolean
words_before(const Ladder *l, SlTime letter)
{
  SlTime from = letter - l->agreement->progress_words_within_sec * SL_SECOND;
  for (guint i = 0; i < l->state->n_moves; i++) {
    const SlMove *m = &l->state->moves[i];
    if ((m->kind == SL_MOVE_SPOKE || m->kind == SL_MOVE_UPDATED) && m->at >= from && m->at <= letter)
      return TRUE;
  }
  return FALSE;
}

/* Waiting, resolved or closed at that moment: no word was due then, and none is made up for later. */
static gboolean
at_rest(const GArray *pauses, const GArray *rests, SlTime at)
{
  return sl_stretches_at(pauses, at) || sl_stretches_at(rests, at);
}

/* What one day asks for. TRUE while the series should go on: nothing of it is still to come. */
static gboolean
add_day(Ladder *l, const GArray *pauses, const GArray *rests, SlTime since, SlTime close)
{
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL;
  SlTime letter = close - l->agreement->progress_before_close_sec * SL_SECOND;
  SlTime list = close - l->agreement->list_before_close_sec * SL_SECOND;
  SlTime latest = critical ? close - l->agreement->ladder_critical_window_sec * SL_SECOND : letter;
  int day = day_number(l, letter);
  if (critical)
    list = MAX(list, since); /* one that comes later gets its list at once */
  SlAlarm request = {SL_ALARM_UPDATE_REQUEST, SL_TARGET_PROGRESS, day, 0, 0, critical, list, close};
  SlAlarm progress = {SL_ALARM_PROGRESS, SL_TARGET_PROGRESS, day, 0, 0, critical, letter, close};
  SlAlarm handover = {SL_ALARM_HANDOVER, SL_TARGET_PROGRESS, day, 0, 0, TRUE, close, close};
  gboolean over = TRUE;
  if (since <= MIN(list, latest) && !at_rest(pauses, rests, list))
    over = add(l, &request) && over;
  if (since <= latest && !at_rest(pauses, rests, letter) && !(critical && words_before(l, letter)))
    over = add(l, &progress) && over;
  if (critical && since < close && !at_rest(pauses, rests, close))
    over = add(l, &handover) && over;
  return over;
}

static void
add_days(Ladder *l)
{
  SlTime open, close;
  SlTime since = daily_since(l);
  if (since == SL_TIME_NONE || l->state->waiting_since != SL_TIME_NONE || l->state->resolved_at != SL_TIME_NONE)
    return;
  g_autoptr(GArray) pauses = sl_clock_pauses(l->state->moves, l->state->n_moves);
  g_autoptr(GArray) rests = sl_clock_rests(l->state->moves, l->state->n_moves);
  SlTime at = MAX(since, l->now - DAYS_BACK * SL_DAY);
  for (int days = 0; days < 2 * DAYS_BACK + 2; days++) {
    if (!sl_calendar_day(l->agreement->calendar, at, &open, &close) || !add_day(l, pauses, rests, since, close))
      return;
    at = close;
  }
}

/* An estimate that falls due while we are closed stands in the agents' list of the last open day (S4). */
static void
add_eta_list(Ladder *l, const SlClock *eta)
{
  const SlCalendar *calendar = l->agreement->calendar;
  SlTime open, close, list = SL_TIME_NONE;
  if (eta->due_at == SL_TIME_NONE || !alive(eta) || sl_calendar_is_open(calendar, eta->due_at) ||
      sl_calendar_is_open(calendar, eta->due_at - 1))
    return;
  for (SlTime at = eta->started_at; sl_calendar_day(calendar, at, &open, &close) && close <= eta->due_at; at = close)
    list = close - l->agreement->list_before_close_sec * SL_SECOND;
  SlAlarm request = {SL_ALARM_UPDATE_REQUEST, SL_TARGET_ETA, eta->cycle, 0, 0, FALSE, list, eta->due_at};
  if (list != SL_TIME_NONE && list >= eta->started_at)
    add(l, &request);
}

/* ---- waiting and resolved: reminders, the end of the wait, closing ---- */

static int
count_moves(const Ladder *l, SlMoveKind kind)
{
  int n = 0;
  for (guint i = 0; i < l->state->n_moves; i++)
    n += l->state->moves[i].kind == kind;
  return n;
}

static void
add_waiting(Ladder *l)
{
  const SlCalendar *calendar = l->agreement->calendar;
  SlTime since = l->state->waiting_since;
  int cycle = count_moves(l, SL_MOVE_WAITING);
  for (guint i = 0; i < l->agreement->remind_days->len; i++) {
    int days = g_array_index(l->agreement->remind_days, int, i);
    SlAlarm alarm = {SL_ALARM_REMIND, SL_TARGET_RESOLVE, cycle, 0, (int)i + 1, FALSE,
                     sl_calendar_add_days(calendar, since, days), SL_TIME_NONE};
    add(l, &alarm);
  }
  SlAlarm resume = {SL_ALARM_RESUME, SL_TARGET_RESOLVE, cycle, 0, 0, FALSE, l->state->waiting_until, SL_TIME_NONE};
  add(l, &resume);
  SlAlarm close = {SL_ALARM_CLOSE, SL_TARGET_RESOLVE, cycle, 0, 1, FALSE,
                   sl_calendar_add_days(calendar, since, l->agreement->close_waiting_days), SL_TIME_NONE};
  if (l->agreement->close_waiting_days > 0)
    add(l, &close);
}

static void
add_resolved(Ladder *l)
{
  SlAlarm close = {SL_ALARM_CLOSE, SL_TARGET_RESOLVE, count_moves(l, SL_MOVE_RESOLVED), 0, 2, FALSE,
                   sl_calendar_add_days(l->agreement->calendar, l->state->resolved_at, l->agreement->close_resolved_days),
                   SL_TIME_NONE};
  if (l->agreement->close_resolved_days > 0)
    add(l, &close);
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
  Ladder l = {state, agreement, now, g_array_new(FALSE, TRUE, sizeof(SlAlarm))};
  if (state->silent || state->closed || state->n_moves == 0 || state->moves[0].kind != SL_MOVE_RECEIVED)
    return l.alarms;
  for (guint i = 0; i < state->clocks->len; i++) {
    const SlClock *clock = state->clocks->pdata[i];
    if (!alive(clock))
      continue;
    add_warnings(&l, clock);
    add_breach(&l, clock);
    if (clock->target == SL_TARGET_ETA)
      add_eta_list(&l, clock);
  }
  for (guint i = 0; i < agreement->levels->len; i++)
    add_level(&l, agreement->levels->pdata[i], (int)i + 1);
  add_days(&l);
  if (state->waiting_since != SL_TIME_NONE)
    add_waiting(&l);
  if (state->resolved_at != SL_TIME_NONE)
    add_resolved(&l);
  g_array_sort(l.alarms, by_instant);
  return l.alarms;
}
