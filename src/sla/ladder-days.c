/* SPDX-License-Identifier: ISC */
/* What comes by the day: the agents' list and the progress letter before closing, reminders, closings. */
#include "sla/ladder-private.h"

#define DAYS_BACK 3  /* an end of day that long ago is told no more */
#define FIRST_DAY 19900101 /* the numbers of days, as cycles: no clock has that many */
#define MOST_DAYS 14 /* days looked at: where each is told already, the next event asks again */

/* ---- the end of the day (S6, S8) ---- */

static int
day_number(const SlLadder *l, SlTime at)
{
  g_autofree char *text = sl_time_format_zone(at, sl_calendar_get_zone(l->agreement->calendar), "%Y%m%d");
  return (int)g_ascii_strtoll(text, NULL, 10);
}

static gboolean
is_promised(const SlLadder *l)
{
  return sl_clock_is_promised(l->agreement, l->state->priority);
}

/* Since when does it get a word a day? What is promised: since the ticket has that priority; a courtesy: since it is in the record, as
 * the acknowledgement of one that was read late is word enough. Where the promise goes by the hour, its clock says when, and only the
 * hand-over of critical tickets comes by the day. */
static SlTime
daily_since(const SlLadder *l)
{
  const SlMove *received = &l->state->moves[0];
  if (!is_promised(l))
    return l->state->courtesy && l->agreement->courtesy[l->state->priority] ? MAX(received->at, received->recorded_at) : SL_TIME_NONE;
  g_autoptr(GArray) promised = sl_clock_promised(l->state->moves, l->state->n_moves, l->agreement);
  return promised->len ? g_array_index(promised, SlStretch, promised->len - 1).from : SL_TIME_NONE;
}

/* A person's words, or an update, from `from` to `to`. */
static gboolean
words_within(const SlLadder *l, SlTime from, SlTime to)
{
  for (guint i = 0; i < l->state->n_moves; i++) {
    const SlMove *m = &l->state->moves[i];
    if ((m->kind == SL_MOVE_SPOKE || m->kind == SL_MOVE_UPDATED) && m->at >= from && m->at <= to)
      return TRUE;
  }
  return FALSE;
}

/* The instants of a business day that matter here; of a short one none comes before its opening. */
typedef struct {
  SlTime open, list, letter, close;
} Day;

static gboolean
day_at(const SlLadder *l, SlTime at, Day *out_day)
{
  SlTime open, close;
  if (!sl_calendar_day(l->agreement->calendar, at, &open, &close))
    return FALSE;
  *out_day = (Day){open, MAX(open, close - l->agreement->list_before_close_sec * SL_SECOND),
                   MAX(open, close - l->agreement->progress_before_close_sec * SL_SECOND), close};
  return TRUE;
}

/* Will the day's word be told without anybody doing more, as far as it is known at `at`? What is promised: words in the 2 h before
 * the letter. */
static gboolean
told_at(const SlLadder *l, const Day *day, SlTime at)
{
  SlTime from = day->letter - l->agreement->progress_words_within_sec * SL_SECOND;
  return is_promised(l) && words_within(l, from, at);
}

static gboolean
told(const SlLadder *l, const Day *day)
{
  return told_at(l, day, day->letter);
}

/* Waiting, resolved or closed at that moment: no word was due then, and none is made up for later. */
static gboolean
at_rest(const GArray *pauses, const GArray *rests, SlTime at)
{
  return sl_stretches_at(pauses, at) || sl_stretches_at(rests, at);
}

gboolean
sl_alarm_of_day(const SlAlarm *alarm)
{
  return alarm->kind == SL_ALARM_UPDATE_REQUEST || alarm->kind == SL_ALARM_HANDOVER ||
         (alarm->kind == SL_ALARM_PROGRESS && alarm->cycle >= FIRST_DAY);
}

/* Since when could we know of it? A mail that is read late was there; a call is where somebody wrote it down. */
static SlTime
told_of(const SlLadder *l)
{
  const SlMove *received = &l->state->moves[0];
  return received->stated ? received->recorded_at : received->at;
}

/* What one day asks for. TRUE while the series should go on: nothing of it is still to come. */
static gboolean
add_day(SlLadder *l, const GArray *pauses, const GArray *rests, SlTime since, const Day *day)
{
  gboolean critical = l->state->priority == SL_PRIORITY_CRITICAL, by_the_hour = is_promised(l) && l->agreement->progress_every_sec;
  SlTime latest = is_promised(l) ? day->close - l->agreement->ladder_critical_window_sec * SL_SECOND : day->letter;
  SlTime list = is_promised(l) ? MAX(day->list, since) : day->list; /* a critical one that comes later gets its list at once */
  int number = day_number(l, day->letter);
  gboolean over = TRUE;
  SlAlarm request = {SL_ALARM_UPDATE_REQUEST, SL_TARGET_PROGRESS, number, 0, list > day->list, critical, list, day->close};
  SlAlarm progress = {SL_ALARM_PROGRESS, SL_TARGET_PROGRESS, number, 0, 0, critical, day->letter, day->close};
  SlAlarm handover = {SL_ALARM_HANDOVER, SL_TARGET_PROGRESS, number, 0, 0, TRUE, day->close, day->close};
  gboolean owed = !by_the_hour && since <= latest && !told(l, day);
  if (owed && since <= list && !at_rest(pauses, rests, list)) /* a list of the updates that will go */
    over = sl_ladder_add(l, &request) && over;
  if (owed && !at_rest(pauses, rests, day->letter))
    over = sl_ladder_add(l, &progress) && over;
  if (critical && MAX(since, told_of(l)) < day->close && !at_rest(pauses, rests, day->close))
    over = sl_ladder_add(l, &handover) && over;
  return over;
}

static SlAlarm
hourly_word(const SlLadder *l, const SlClock *clock)
{
  return (SlAlarm){SL_ALARM_PROGRESS, SL_TARGET_PROGRESS, clock->cycle, 0, 0, l->state->priority == SL_PRIORITY_CRITICAL, clock->due_at,
                   clock->due_at};
}

/* A word every two hours, say: the letter leaves when the clock has run out, and meets it at that second. */
static void
add_hourly_words(SlLadder *l)
{
  const SlClock *clock = sl_clock_find(l->state->clocks, SL_TARGET_PROGRESS, 0);
  if (!clock || clock->ended_at != SL_TIME_NONE || clock->paused_at != SL_TIME_NONE)
    return;
  SlAlarm progress = hourly_word(l, clock);
  sl_ladder_add(l, &progress);
}

gboolean
sl_ladder_word_goes(const SlLadder *l, const SlClock *clock)
{
  if (clock->target != SL_TARGET_PROGRESS || l->agreement->progress_every_sec == 0)
    return FALSE;
  const SlAlarm progress = hourly_word(l, clock);
  return !sl_ladder_dealt(l, &progress);
}

static void
add_words(SlLadder *l)
{
  Day day;
  SlTime since = daily_since(l);
  if (since == SL_TIME_NONE || l->state->waiting_since != SL_TIME_NONE || l->state->resolved_at != SL_TIME_NONE)
    return;
  if (is_promised(l) && l->agreement->progress_every_sec)
    add_hourly_words(l);
  g_autoptr(GArray) pauses = sl_clock_pauses(l->state->moves, l->state->n_moves);
  g_autoptr(GArray) rests = sl_clock_rests(l->state->moves, l->state->n_moves);
  SlTime at = MAX(since, l->now - DAYS_BACK * SL_DAY);
  for (int days = 0; days < MOST_DAYS && day_at(l, at, &day) && add_day(l, pauses, rests, since, &day); days++)
    at = day.close;
}

/* A person's words, or an update, on that date, as far as it is known at the list. */
static gboolean
words_that_day(const SlLadder *l, const Day *day)
{
  for (guint i = 0; i < l->state->n_moves; i++) {
    const SlMove *m = &l->state->moves[i];
    if ((m->kind == SL_MOVE_SPOKE || m->kind == SL_MOVE_UPDATED) && m->at <= day->list && day_number(l, m->at) == day_number(l, day->list))
      return TRUE;
  }
  return FALSE;
}

/* Is the ticket on that day's list anyhow? Standard ones stand there unless a person's words went that day. */
static gboolean
listed_anyhow(const SlLadder *l, const Day *day)
{
  SlTime since = daily_since(l);
  if (since == SL_TIME_NONE || since > day->list)
    return FALSE;
  if (is_promised(l))
    return l->agreement->progress_every_sec == 0 && !told_at(l, day, day->list);
  return !l->agreement->courtesy_skips_today || !words_that_day(l, day);
}

/* Has the day's own list been written, or left out? Then it stood there, too, or was told besides: there is one list a day. */
static gboolean
list_is_over(const SlLadder *l, const Day *day)
{
  const SlAlarm request = {.kind = SL_ALARM_UPDATE_REQUEST, .target = SL_TARGET_PROGRESS, .cycle = day_number(l, day->letter)};
  g_autofree char *key = sl_alarm_key(&request);
  return g_hash_table_contains(l->state->dealt, key);
}

/* An ETA that falls due while closed is in the agents' list of the last open day, which leaves even when it holds nothing
 * else (S4). */
static void
add_closed_eta(SlLadder *l, const SlClock *clock)
{
  Day day;
  const SlCalendar *calendar = l->agreement->calendar;
  SlTime due = clock->due_at;
  if (clock->target != SL_TARGET_ETA || clock->ended_at != SL_TIME_NONE || due == SL_TIME_NONE || sl_calendar_is_open(calendar, due) ||
      sl_calendar_is_open(calendar, due - 1))
    return;
  SlTime last_open = sl_calendar_subtract(calendar, due, 1);
  if (last_open == SL_TIME_NONE || !day_at(l, last_open, &day) || day.list < clock->started_at || day.list >= due || listed_anyhow(l, &day) ||
      list_is_over(l, &day))
    return;
  g_autoptr(GArray) pauses = sl_clock_pauses(l->state->moves, l->state->n_moves);
  if (sl_stretches_at(pauses, day.list)) /* it waited for the customer then: nothing is made up for later */
    return;
  SlAlarm request = {SL_ALARM_UPDATE_REQUEST, SL_TARGET_ETA, clock->cycle, 0, 0, FALSE, day.list, due};
  sl_ladder_add(l, &request);
}

void
sl_ladder_add_days(SlLadder *l)
{
  add_words(l);
  for (guint i = 0; i < l->state->clocks->len; i++)
    add_closed_eta(l, l->state->clocks->pdata[i]);
}

/* ---- waiting and resolved: reminders and closing ---- */

static int
count_moves(const SlLadder *l, SlMoveKind kind)
{
  int n = 0;
  for (guint i = 0; i < l->state->n_moves; i++)
    n += l->state->moves[i].kind == kind;
  return n;
}

static void
add_waiting(SlLadder *l)
{
  const SlCalendar *calendar = l->agreement->calendar;
  SlTime since = l->state->waiting_since;
  int cycle = count_moves(l, SL_MOVE_WAITING);
  for (guint i = 0; i < l->agreement->remind_days->len; i++) {
    int days = g_array_index(l->agreement->remind_days, int, i);
    SlAlarm alarm = {SL_ALARM_REMIND, SL_TARGET_RESOLVE, cycle, 0, (int)i + 1, FALSE,
                     sl_calendar_add_days(calendar, since, days), SL_TIME_NONE};
    sl_ladder_add(l, &alarm);
  }
  SlAlarm resume = {SL_ALARM_RESUME, SL_TARGET_RESOLVE, cycle, 0, 0, FALSE, l->state->waiting_until, SL_TIME_NONE};
  sl_ladder_add(l, &resume);
  SlAlarm close = {SL_ALARM_CLOSE, SL_TARGET_RESOLVE, cycle, 0, 1, FALSE,
                   sl_calendar_add_days(calendar, since, l->agreement->close_waiting_days), SL_TIME_NONE};
  if (l->agreement->close_waiting_days > 0 && l->state->waiting_until == SL_TIME_NONE) /* until then it waits, and then it goes on */
    sl_ladder_add(l, &close);
}

static void
add_resolved(SlLadder *l)
{
  SlAlarm close = {SL_ALARM_CLOSE, SL_TARGET_RESOLVE, count_moves(l, SL_MOVE_RESOLVED), 0, 2, FALSE,
                   sl_calendar_add_days(l->agreement->calendar, l->state->resolved_at, l->agreement->close_resolved_days),
                   SL_TIME_NONE};
  if (l->agreement->close_resolved_days > 0)
    sl_ladder_add(l, &close);
}

void
sl_ladder_add_rests(SlLadder *l)
{
  if (l->state->waiting_since != SL_TIME_NONE)
    add_waiting(l);
  if (l->state->resolved_at != SL_TIME_NONE)
    add_resolved(l);
}
