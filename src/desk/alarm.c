/* SPDX-License-Identifier: ISC */
#include "desk/alarm.h"

#include <string.h>

#include "desk/alarm-letters.h"

#define OVERDUE (10 * SL_MINUTE) /* after an outage: of alarms later than that only the highest level fires */

/* One alarm on its way to a decision. */
typedef struct {
  const SlFacts *facts;
  const SlRoute *route;
  const SlTicketFacts *ticket;
  const SlAlarm *alarm;
  const SlClock *clock; /* NULL for reminders and the day's letters */
  const char *key;
  SlDecision *decision;
  gboolean later; /* a later one of its kind and target is due in the same moment: that one's letter speaks for it */
} Alarm;

static SlEvent *
record(const Alarm *a, SlEventKind kind)
{
  SlEvent *event = sl_decision_event(a->decision, a->ticket->ticket->id, kind, a->facts->now, "slate");
  sl_json_set_string(event->detail, "alarm", a->key);
  sl_json_set_string(event->detail, "target", sl_target_word(a->alarm->target));
  sl_json_set_int(event->detail, "cycle", a->alarm->cycle);
  sl_json_set_time(event->detail, "due_at", a->alarm->due_at);
  return event;
}

static void
skip(const Alarm *a, const char *why)
{
  sl_json_set_string(record(a, SL_EVENT_SKIPPED)->detail, "why", why);
}

/* ---- one person, one letter within ten minutes ---- */

/* Until when do alarms to that person wait? Of several in this very step the first counts, too. NONE: they do not. */
static SlTime
wait_until(const Alarm *a, const char *address)
{
  const SlTime *until = g_hash_table_lookup(a->facts->alarm_window, address);
  if (until && a->facts->now < *until)
    return *until;
  for (guint i = 0; i < a->decision->letters->len; i++) {
    const SlLetter *letter = a->decision->letters->pdata[i];
    if (sl_letter_is_alarm(letter->kind) && g_strcmp0(letter->to->pdata[0], address) == 0)
      return a->facts->now + a->facts->policy->bundle_window_sec * SL_SECOND;
  }
  return SL_TIME_NONE;
}

/* The first alarm to a person leaves at once; later standard ones within ten minutes of it wait; a critical one never does. */
static gboolean
waits(const Alarm *a, const char *address)
{
  SlTime until = wait_until(a, address);
  if (a->alarm->critical || a->ticket->ticket->priority == SL_PRIORITY_CRITICAL || until == SL_TIME_NONE)
    return FALSE;
  sl_decision_notice(a->decision, address, a->ticket->ticket->id, a->key, until);
  return TRUE;
}

/* ---- each kind ---- */

static void
warn(const Alarm *a)
{
  g_autoptr(GPtrArray) workers = sl_draft_workers(a->facts->policy, a->ticket->ticket, NULL);
  record(a, SL_EVENT_WARNED);
  for (guint i = 0; i < workers->len; i++) {
    if (!waits(a, workers->pdata[i]))
      sl_desk_warning(a->facts, a->ticket, a->clock, workers->pdata[i], a->key, a->decision);
  }
}

static gboolean
told_by(const GArray *triggers, SlTarget target)
{
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *trigger = &g_array_index(triggers, SlTrigger, i);
    if (trigger->target == (int)target && trigger->percent <= 100)
      return TRUE;
  }
  return FALSE;
}

static gboolean
ladder_tells(const SlAgreement *agreement, SlTarget target)
{
  for (guint i = 0; i < agreement->levels->len; i++) {
    const SlLevel *level = agreement->levels->pdata[i];
    if (told_by(level->at, target))
      return TRUE;
  }
  return FALSE;
}

/* Did it leave, and come back? */
static gboolean
ack_bounced(const SlTicketFacts *ticket)
{
  for (guint i = 0; i < ticket->events->len; i++) {
    const SlEvent *event = ticket->events->pdata[i];
    if (event->kind == SL_EVENT_BOUNCED && g_strcmp0(sl_json_get_string(event->detail, "kind"), "ack") == 0)
      return TRUE;
  }
  return FALSE;
}

/* An acknowledgement that has not left must not promise what is past: another goes, without a time. One that waits to name several
 * numbers is not written yet. */
static void
correct_waiting_ack(const Alarm *a)
{
  const SlClock *ack = sl_clock_find(a->ticket->clocks, SL_TARGET_ACK, 0);
  if (a->alarm->target != SL_TARGET_ANSWER || !ack || ack->end_seq != 0 || !a->ticket->ticket->requester || ack_bounced(a->ticket) ||
      a->facts->person_has_ack_notice)
    return;
  sl_decision_withdraw(a->decision, a->ticket->ticket->id, SL_LETTER_ACK, NULL);
  SlLetter *letter = sl_draft_to_customer(a->facts, a->ticket, SL_LETTER_ACK, "ack");
  letter->voice = SL_VOICE_REPLY;
  letter->cause = g_strdup(a->key); /* each cycle that breaks has its own */
  sl_decision_letter(a->decision, letter);
}

/* A broken promise is always in the record; a letter of its own goes only where no ladder step tells it. */
static void
breach(const Alarm *a)
{
  record(a, SL_EVENT_BREACHED);
  correct_waiting_ack(a);
  if (ladder_tells(a->ticket->agreement, a->alarm->target))
    return;
  g_autoptr(GPtrArray) people = sl_policy_resolve(a->facts->policy, "role:supervisor", NULL, a->facts->absent);
  if (people->len == 0)
    g_ptr_array_add(people, a->facts->policy->postmaster);
  for (guint i = 0; i < people->len && !a->later; i++) {
    if (!waits(a, people->pdata[i]))
      sl_desk_breach(a->facts, a->ticket, a->alarm->target, a->clock, people->pdata[i], a->key, a->decision);
  }
}

/* Start and answer share their levels: the letter names the one that is late. NULL: none called. */
static const SlClock *
clock_shown(const Alarm *a)
{
  const SlClock *start = sl_clock_find(a->ticket->clocks, SL_TARGET_START, 1);
  if (a->alarm->due_at == SL_TIME_NONE) /* so long after receipt, or a raise: no promise calls */
    return NULL;
  gboolean of_start = a->alarm->target == SL_TARGET_ANSWER && start && start->end_seq == 0 && start->due_at != SL_TIME_NONE &&
                      start->due_at <= a->facts->now && a->alarm->due_at > a->facts->now;
  return of_start ? start : a->clock;
}

/* Called by the time since receipt or the raise, or by the raise itself. */
static const char *
what_without_clock(const Alarm *a)
{
  if (a->ticket->ticket->priority != SL_PRIORITY_CRITICAL)
    return "It is not solved yet: see what can be done.";
  return a->alarm->target == SL_TARGET_ETA ? "Critical, and not solved yet: the customer is blocked. See what can be done now."
                                           : "It became critical: the customer is blocked. See that it goes on.";
}

static void
escalate(const Alarm *a)
{
  g_autoptr(GPtrArray) people = sl_draft_level(a->facts, a->ticket->agreement, a->alarm->level, a->ticket->ticket->assignee);
  SlEvent *event = record(a, SL_EVENT_ESCALATED);
  g_autofree char *earlier = g_strdup_printf("escalate:%s:%d:%d:", sl_target_word(a->alarm->target), a->alarm->cycle, a->alarm->level);
  sl_decision_withdraw(a->decision, a->ticket->ticket->id, SL_LETTER_ESCALATION, earlier); /* one that never left is overtaken */
  SlJson *names = sl_json_array(), *later = sl_json_array();
  const SlClock *shown = clock_shown(a);
  sl_json_set_int(event->detail, "level", a->alarm->level);
  for (guint i = 0; i < people->len; i++) {
    g_autofree char *name = sl_draft_staff_name(a->facts->policy, people->pdata[i]);
    sl_json_add_string(names, name);
    if (waits(a, people->pdata[i])) {
      sl_json_add_string(later, name);
      continue;
    }
    SlLetter *letter = sl_desk_escalation(a->facts, a->ticket, a->alarm->level, shown, people->pdata[i], a->key, a->decision);
    if (!shown)
      sl_json_set_string(letter->fields, "what", what_without_clock(a));
  }
  sl_json_set_take(event->detail, "to", names);
  sl_json_set_take(event->detail, "later", later);
}

static gboolean
same_day(const SlTicketFacts *ticket, SlTime t, SlTime day)
{
  const char *zone = sl_calendar_get_zone(ticket->agreement->calendar);
  g_autofree char *a = t == SL_TIME_NONE ? NULL : sl_time_format_zone(t, zone, "%F");
  g_autofree char *b = sl_time_format_zone(day, zone, "%F");
  return g_strcmp0(a, b) == 0;
}

/* A courtesy: not on a day on which a person's words went. Where it is promised, the clock itself knows (words in the 2 h before). */
static gboolean
words_will_do(const Alarm *a)
{
  const SlAgreement *agreement = a->ticket->agreement;
  if (agreement->promised[a->ticket->ticket->priority])
    return a->clock && a->clock->target == SL_TARGET_PROGRESS && a->clock->met_at != SL_TIME_NONE;
  return agreement->courtesy_skips_today && (same_day(a->ticket, a->ticket->ticket->last_words_at, a->alarm->at) ||
                                             same_day(a->ticket, a->ticket->ticket->last_estimated_at, a->alarm->at));
}

/* Who was raised after the list, but stood there as a standard ticket, makes no second one. */
static gboolean
was_listed(const Alarm *a)
{
  SlAlarm first = *a->alarm;
  first.occurrence = 0;
  g_autofree char *key = sl_alarm_key(&first);
  for (guint i = 0; i < a->ticket->events->len; i++) {
    const SlEvent *event = a->ticket->events->pdata[i];
    if (event->kind == SL_EVENT_LISTED && g_strcmp0(sl_json_get_string(event->detail, "alarm"), key) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The day's updates, and estimates that fall due before we open again (S4). */
static void
request_update(const Alarm *a)
{
  gboolean of_eta = a->alarm->target == SL_TARGET_ETA;
  if (!of_eta && words_will_do(a)) {
    skip(a, "a person's words went today");
    return;
  }
  if (a->alarm->occurrence > 0 && was_listed(a)) {
    skip(a, "it stood on today's list");
    return;
  }
  g_autoptr(GPtrArray) workers = sl_draft_workers(a->facts->policy, a->ticket->ticket, NULL);
  g_autofree char *cause = g_strdup_printf("update:%s%d", of_eta ? "eta:" : "", a->alarm->cycle);
  record(a, SL_EVENT_LISTED);
  for (guint i = 0; i < workers->len; i++)
    sl_decision_notice(a->decision, workers->pdata[i], a->ticket->ticket->id, cause, a->facts->now);
}

/* The progress instant of the business day after today's; by the hour, so long after this word. NONE where there is none. */
static SlTime
next_word_at(const Alarm *a)
{
  SlTime open, close;
  const SlAgreement *agreement = a->ticket->agreement;
  const SlCalendar *calendar = agreement->calendar;
  if (!sl_alarm_of_day(a->alarm))
    return sl_calendar_add(calendar, a->facts->now, agreement->progress_every_sec);
  if (!sl_calendar_day(calendar, a->alarm->at, &open, &close) ||
      !sl_calendar_day(calendar, sl_calendar_next_open(calendar, close), &open, &close))
    return SL_TIME_NONE;
  return close - agreement->progress_before_close_sec * SL_SECOND;
}

/* "Next word by …" */
static void
set_next_word(const Alarm *a, SlLetter *letter)
{
  SlTime at = next_word_at(a);
  g_autofree char *next = at == SL_TIME_NONE ? NULL : sl_draft_time(a->facts, a->ticket, at);
  sl_json_set_string(letter->fields, "next_at", next);
}

static void
send_progress(const Alarm *a)
{
  if (!a->ticket->ticket->requester || words_will_do(a)) {
    skip(a, "a person's words went today");
    return;
  }
  SlEvent *event = record(a, SL_EVENT_UPDATED);
  sl_json_set_string(event->detail, "how", "machine");
  SlLetter *letter = sl_draft_to_customer(a->facts, a->ticket, SL_LETTER_PROGRESS, "progress");
  letter->cause = g_strdup(a->key);
  sl_json_set_bool(letter->fields, "may_stop", !a->ticket->agreement->promised[a->ticket->ticket->priority]); /* what is promised goes on */
  sl_json_set_bool(letter->fields, "started", a->ticket->ticket->started_at != SL_TIME_NONE);
  if (a->ticket->ticket->last_news && a->ticket->ticket->last_words_at != SL_TIME_NONE) {
    g_autofree char *at = sl_draft_time(a->facts, a->ticket, a->ticket->ticket->last_words_at);
    sl_json_set_string(letter->fields, "last_news", a->ticket->ticket->last_news);
    sl_json_set_string(letter->fields, "last_news_at", at);
  }
  const SlClock *answer = sl_clock_find(a->ticket->clocks, SL_TARGET_ANSWER, 0);
  if (answer && answer->state == SL_CLOCK_RUNNING && answer->due_at != SL_TIME_NONE) {
    g_autofree char *by = sl_draft_time(a->facts, a->ticket, answer->due_at);
    sl_json_set_string(letter->fields, "by", by);
  }
  set_next_word(a, letter);
  sl_decision_letter(a->decision, letter);
}

static void
remind(const Alarm *a)
{
  record(a, SL_EVENT_REMINDED);
  if (!a->ticket->ticket->requester)
    return;
  SlLetter *letter = sl_draft_to_customer(a->facts, a->ticket, SL_LETTER_REMINDER, "reminder");
  g_autofree char *since = sl_draft_time(a->facts, a->ticket, a->ticket->ticket->waiting_since);
  letter->cause = g_strdup(a->key);
  sl_json_set_string(letter->fields, "since", since);
  sl_json_set_string(letter->fields, "body", a->ticket->ticket->last_news);
  sl_decision_letter(a->decision, letter);
}

/* The end of /wait until T: it goes on, and who works on it is told. */
static void
resume_by_itself(const Alarm *a)
{
  g_autoptr(GPtrArray) workers = sl_draft_workers(a->facts->policy, a->ticket->ticket, NULL);
  SlEvent *event = record(a, SL_EVENT_RESUMED);
  sl_json_set_string(event->detail, "why", "the wait is over");
  sl_json_set_time(event->detail, "received_at", a->alarm->at);
  sl_draft_moved_eta(a->facts, a->route, a->ticket->ticket->id, a->decision);
  for (guint i = 0; i < workers->len; i++) {
    SlLetter *letter = sl_draft_to_staff(a->facts, a->ticket, SL_LETTER_WARNING, "resumed", workers->pdata[i], SL_SCOPE_NOTE);
    letter->cause = g_strdup(a->key);
    sl_decision_letter(a->decision, letter);
  }
}

/* At closing: whoever is on call (else the supervisors) gets one list of the open critical tickets. */
static void
hand_over(const Alarm *a)
{
  g_autoptr(GPtrArray) on_call = sl_policy_resolve(a->facts->policy, "role:oncall", NULL, a->facts->absent);
  g_autoptr(GPtrArray) supervisors = sl_policy_resolve(a->facts->policy, "role:supervisor", NULL, a->facts->absent);
  const GPtrArray *people = on_call->len ? on_call : supervisors;
  g_autofree char *cause = g_strdup_printf("handover:%d", a->alarm->cycle);
  record(a, SL_EVENT_LISTED);
  for (guint i = 0; i < people->len; i++)
    sl_decision_notice(a->decision, people->pdata[i], a->ticket->ticket->id, cause, a->facts->now);
}

/* Waiting six business days: closed with a letter. Resolved three: silently, the solution was the last word. */
static void
close_by_itself(const Alarm *a)
{
  gboolean was_waiting = a->ticket->ticket->status == SL_TICKET_WAITING;
  SlEvent *event = record(a, SL_EVENT_CLOSED);
  event->words = g_strdup(was_waiting ? "no word from the customer" : "no more word after the solution");
  if (!was_waiting) /* with the solution everybody heard that it is over */
    return;
  sl_draft_all_clear(a->facts, a->decision, a->ticket, SL_TARGET_RESOLVE, "It is closed, as no word came from the customer", "slate");
  if (!a->ticket->ticket->requester)
    return;
  SlLetter *letter = sl_draft_to_customer(a->facts, a->ticket, SL_LETTER_CLOSURE, "closure");
  letter->cause = g_strdup(a->key);
  sl_json_set_bool(letter->fields, "waited", TRUE);
  sl_decision_letter(a->decision, letter);
}

static void (*const handlers[])(const Alarm *) = {
    [SL_ALARM_WARN] = warn,
    [SL_ALARM_BREACH] = breach,
    [SL_ALARM_ESCALATE] = escalate,
    [SL_ALARM_UPDATE_REQUEST] = request_update,
    [SL_ALARM_PROGRESS] = send_progress,
    [SL_ALARM_REMIND] = remind,
    [SL_ALARM_RESUME] = resume_by_itself,
    [SL_ALARM_HANDOVER] = hand_over,
    [SL_ALARM_CLOSE] = close_by_itself,
};

/* ---- after an outage nobody gets a burst ---- */

static int
highest_overdue(const GArray *due, SlTime now)
{
  int highest = 0;
  for (guint i = 0; i < due->len; i++) {
    const SlAlarm *alarm = &g_array_index(due, SlAlarm, i);
    if (alarm->kind == SL_ALARM_ESCALATE && now - alarm->at > OVERDUE)
      highest = MAX(highest, alarm->level);
  }
  return highest;
}

/* The end of the day is promised by closing (S6): its letter goes late rather than not at all, and the list as long as its letters
 * have not left. Later, or the next day, both are over. */
static gboolean
day_is_over(const SlAgreement *agreement, const SlAlarm *alarm, SlTime now)
{
  if (alarm->kind == SL_ALARM_PROGRESS)
    return now >= alarm->due_at;
  if (alarm->kind == SL_ALARM_UPDATE_REQUEST && alarm->target == SL_TARGET_PROGRESS)
    return now >= alarm->due_at - agreement->progress_before_close_sec * SL_SECOND;
  gint64 left = agreement->list_before_close_sec - agreement->progress_before_close_sec; /* of an estimate due while closed */
  return alarm->kind == SL_ALARM_HANDOVER || now >= alarm->at + left * SL_SECOND;
}

/* Is a later repetition or a higher level of the same burst going to tell it? */
static gboolean
told_better(const SlAgreement *agreement, const GArray *due, guint i, SlTime now)
{
  const SlAlarm *alarm = &g_array_index(due, SlAlarm, i);
  if (alarm->kind == SL_ALARM_WARN && alarm->due_at != SL_TIME_NONE && alarm->due_at <= now)
    return TRUE; /* nobody is warned of what is broken already */
  if (now - alarm->at <= OVERDUE)
    return FALSE;
  int highest = highest_overdue(due, now);
  if (sl_alarm_of_day(alarm))
    return day_is_over(agreement, alarm, now);
  if (alarm->kind == SL_ALARM_WARN)
    return highest > 0;
  if (alarm->kind != SL_ALARM_ESCALATE)
    return FALSE;
  if (alarm->level < highest)
    return TRUE;
  for (guint j = i + 1; j < due->len; j++) {
    const SlAlarm *later = &g_array_index(due, SlAlarm, j);
    if (later->kind == SL_ALARM_ESCALATE && later->level == alarm->level)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_later(const GArray *due, guint i)
{
  const SlAlarm *alarm = &g_array_index(due, SlAlarm, i);
  for (guint k = i + 1; k < due->len; k++) {
    const SlAlarm *other = &g_array_index(due, SlAlarm, k);
    if (other->kind == alarm->kind && other->target == alarm->target)
      return TRUE;
  }
  return FALSE;
}

static const SlClock *
clock_of(const SlTicketFacts *ticket, const SlAlarm *alarm)
{
  const SlClock *exact = sl_clock_find(ticket->clocks, alarm->target, alarm->cycle);
  return exact ? exact : sl_clock_find(ticket->clocks, alarm->target, 0);
}

static GArray *
due_alarms(const SlFacts *facts, const SlTicketFacts *ticket)
{
  SlLadderState state;
  sl_ticket_ladder_state(ticket->ticket, ticket->moves, ticket->clocks, &state);
  GArray *alarms = sl_ladder_schedule(&state, ticket->agreement, facts->now);
  guint n = 0;
  while (n < alarms->len && g_array_index(alarms, SlAlarm, n).at <= facts->now)
    n++;
  g_array_set_size(alarms, n);
  return alarms;
}

/* What the store waited for is too long ago to be told (the ends of days gone by): it says so once, and waits no more. */
static void
let_go(const SlFacts *facts, const SlTicketFacts *ticket, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, ticket->ticket->id, SL_EVENT_SKIPPED, facts->now, "slate");
  sl_json_set_string(event->detail, "why", "too long ago to be told");
}

/* The ticket keeps its text but for the holidays, which were edited. */
static void
recalendar(const SlFacts *facts, const SlTicketFacts *ticket, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, ticket->ticket->id, SL_EVENT_RECALENDAR, facts->now, "slate");
  sl_json_set_string(event->detail, "before", ticket->ticket->agreement);
  sl_json_set_string(event->detail, "agreement", ticket->edited);
}

void
sl_desk_alarm(const SlFacts *facts, const SlRoute *route, SlDecision *decision)
{
  const SlTicketFacts *ticket = sl_facts_ticket(facts, route->ticket);
  if (ticket->edited) {
    recalendar(facts, ticket, decision);
    return; /* what is due under the new dates comes as the next stimulus */
  }
  g_autoptr(GArray) due = due_alarms(facts, ticket);
  if (due->len == 0 && ticket->due)
    let_go(facts, ticket, decision);
  for (guint i = 0; i < due->len; i++) {
    const SlAlarm *alarm = &g_array_index(due, SlAlarm, i);
    g_autofree char *key = sl_alarm_key(alarm);
    Alarm a = {facts, route, ticket, alarm, clock_of(ticket, alarm), key, decision, has_later(due, i)};
    if (told_better(ticket->agreement, due, i, facts->now)) {
      skip(&a, "overdue: a higher or later alarm tells it");
      continue;
    }
    handlers[alarm->kind](&a);
    sl_decision_fire(decision, ticket->ticket->id, alarm, a.clock ? a.clock->cycle : 1);
  }
}
