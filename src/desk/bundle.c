/* SPDX-License-Identifier: ISC */
#include "desk/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "desk/alarm-letters.h"

/* ---- what of a notice still holds when its bundle is made ---- */

/* An acknowledgement that came meanwhile, a ticket that ended: nothing is left to say. */
static gboolean
ack_holds(const SlTicketFacts *ticket, const SlNotice *notice)
{
  (void)notice;
  return ticket->ticket->acknowledged_at == SL_TIME_NONE && ticket->ticket->requester && !sl_ticket_is_over(ticket->ticket);
}

static gboolean
update_holds(const SlTicketFacts *ticket, const SlNotice *notice)
{
  if (ticket->ticket->status != SL_TICKET_OPEN)
    return FALSE;
  const SlClock *eta = sl_clock_find(ticket->clocks, SL_TARGET_ETA, 0);
  return !g_str_has_prefix(notice->cause, "update:eta:") || (eta && eta->end_seq == 0);
}

static gboolean
still_open(const SlTicketFacts *ticket, const SlNotice *notice)
{
  (void)notice;
  return ticket->ticket->status == SL_TICKET_OPEN || ticket->ticket->status == SL_TICKET_WAITING;
}

/* An estimate's cycle: a new one ended it. */
static const SlClock *
clock_of_estimate(const SlTicketFacts *ticket, int told)
{
  const SlClock *clock = sl_clock_find(ticket->clocks, SL_TARGET_RESOLVE, told / SL_LADDER_TOLD);
  return clock && clock->eta_cycle == told % SL_LADDER_TOLD ? clock : NULL;
}

/* "escalate:answer:1:2:0" holds while the clock that it speaks of is not met. */
static const SlClock *
alarm_clock(const SlTicketFacts *ticket, const char *cause)
{
  SlTarget target;
  g_auto(GStrv) parts = g_strsplit(cause, ":", 5);
  if (g_strv_length(parts) < 3 || !sl_target_parse(parts[1], &target))
    return NULL;
  if (target == SL_TARGET_RESOLVE && atoi(parts[2]) >= SL_LADDER_TOLD)
    return clock_of_estimate(ticket, atoi(parts[2]));
  const SlClock *exact = sl_clock_find(ticket->clocks, target, atoi(parts[2]));
  return exact ? exact : sl_clock_find(ticket->clocks, target, 0);
}

/* The first level asks that somebody begin: /take in the clock's cycle ends it. */
static gboolean
taken_since(const SlTicketFacts *ticket, SlTime since)
{
  for (guint i = 0; i < ticket->events->len; i++) {
    const SlEvent *event = ticket->events->pdata[i];
    if (event->kind == SL_EVENT_TAKEN && sl_event_counts_at(event) >= since)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_first_level(const char *cause)
{
  g_auto(GStrv) parts = g_strsplit(cause, ":", 5);
  return g_strv_length(parts) >= 4 && strcmp(parts[0], "escalate") == 0 && strcmp(parts[3], "1") == 0;
}

static gboolean
alarm_holds(const SlTicketFacts *ticket, const SlNotice *notice)
{
  const SlClock *clock = alarm_clock(ticket, notice->cause);
  if (clock && is_first_level(notice->cause) && taken_since(ticket, clock->started_at))
    return FALSE;
  return clock && clock->met_at == SL_TIME_NONE && clock->state != SL_CLOCK_CANCELLED && !sl_ticket_is_over(ticket->ticket);
}

/* ---- the letters ---- */

typedef struct {
  const SlFacts *facts;
  const SlRoute *route;
  GPtrArray *tickets; /* const SlTicketFacts*, those whose notice holds */
  GPtrArray *notices; /* const SlNotice*, beside them */
  SlDecision *decision;
} Bundle;

static SlLetter *
bundle_letter(const Bundle *b, SlLetter *letter)
{
  letter->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < b->tickets->len; i++)
    g_array_append_val(letter->tickets, ((const SlTicketFacts *)b->tickets->pdata[i])->ticket->id);
  return sl_decision_letter(b->decision, letter);
}

static char *
newest_cause(const Bundle *b)
{
  const SlTicketFacts *first = b->tickets->pdata[0];
  return g_strdup_printf("bundle-%d-%u", first->ticket->seq, b->tickets->len);
}

static void
combined_ack(const Bundle *b)
{
  const SlTicketFacts *first = b->tickets->pdata[0];
  SlJson *numbers = sl_json_array();
  SlTime latest = SL_TIME_NONE;
  SlLetter *letter = sl_draft_to_customer(b->facts, first, SL_LETTER_ACK, "ack-combined");
  letter->voice = SL_VOICE_REPLY;
  letter->cause = newest_cause(b);
  for (guint i = 0; i < b->tickets->len; i++) {
    const SlTicketFacts *ticket = b->tickets->pdata[i];
    const SlClock *answer = sl_clock_find(ticket->clocks, SL_TARGET_ANSWER, 0);
    SlJson *row = sl_json_object();
    sl_json_set_int(row, "id", ticket->ticket->id);
    sl_json_set_string(row, "subject", ticket->ticket->subject);
    sl_json_add_take(numbers, row);
    if (answer && answer->state == SL_CLOCK_RUNNING)
      latest = sl_time_later(latest, answer->due_at);
  }
  g_autofree char *by = latest == SL_TIME_NONE ? NULL : sl_draft_time(b->facts, first, latest);
  sl_json_set_take(letter->fields, "numbers", numbers);
  sl_json_set_string(letter->fields, "by", by);
  bundle_letter(b, letter);
}

static SlLetter *
personal_list(const Bundle *b, SlLetterKind kind, const char *template_name, SlScope scope)
{
  const SlTicketFacts *first = b->tickets->pdata[0];
  SlLetter *letter = sl_draft_personal(b->facts->policy, kind, template_name, b->route->person, scope);
  letter->cause = g_strdup_printf("%s-%" G_GINT64_FORMAT "-%d", ((const SlNotice *)b->notices->pdata[0])->cause, first->ticket->id,
                                  first->ticket->seq);
  return letter;
}

static gboolean
listed_before(const Bundle *b, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (b->tickets->pdata[i] == b->tickets->pdata[n])
      return TRUE;
  }
  return FALSE;
}

static void
add_estimate_due(const Bundle *b, const SlTicketFacts *ticket, SlJson *etas)
{
  const SlClock *eta = sl_clock_find(ticket->clocks, SL_TARGET_ETA, 0);
  sl_json_add_take(etas, sl_desk_alarm_row(b->facts, ticket, eta));
}

/* The list that an agent gets 75 min before closing, to replace by reply (S6). */
static void
update_list(const Bundle *b)
{
  const SlTicketFacts *first = b->tickets->pdata[0];
  SlJson *rows = sl_json_array();
  SlJson *etas = sl_json_array();
  SlTime open, close;
  SlLetter *letter = personal_list(b, SL_LETTER_UPDATE_REQUEST, "update-request", SL_SCOPE_UPDATES);
  for (guint i = 0; i < b->tickets->len; i++) {
    const SlTicketFacts *ticket = b->tickets->pdata[i];
    const SlNotice *notice = b->notices->pdata[i];
    if (g_str_has_prefix(notice->cause, "update:eta:")) {
      add_estimate_due(b, ticket, etas);
      continue;
    }
    if (listed_before(b, i) && !g_str_has_prefix(((const SlNotice *)b->notices->pdata[i - 1])->cause, "update:eta:"))
      continue;
    SlJson *row = sl_desk_alarm_row(b->facts, ticket, NULL);
    sl_json_set_string(row, "last_news", ticket->ticket->last_news);
    sl_json_add_take(rows, row);
  }
  if (sl_json_length(rows) && sl_calendar_day(first->agreement->calendar, b->facts->now, &open, &close)) {
    SlTime leaves = close - first->agreement->progress_before_close_sec * SL_SECOND;
    g_autofree char *at = sl_draft_our_time(b->facts, first, leaves);
    sl_json_set_string(letter->fields, "at", at);
  }
  sl_json_set_take(letter->fields, "rows", rows);
  sl_json_set_take(letter->fields, "etas", etas);
  bundle_letter(b, letter);
}

/* One line a ticket: the open critical ones at closing; what somebody who is away left. */
static void
ticket_list(const Bundle *b, SlLetterKind kind, const char *template_name)
{
  SlJson *rows = sl_json_array();
  SlLetter *letter = personal_list(b, kind, template_name, SL_SCOPE_COMMAND);
  for (guint i = 0; i < b->tickets->len; i++) {
    const SlTicketFacts *ticket = b->tickets->pdata[i];
    SlJson *row = sl_desk_alarm_row(b->facts, ticket, NULL);
    g_autofree char *eta = ticket->ticket->eta == SL_TIME_NONE ? NULL : sl_draft_our_time(b->facts, ticket, ticket->ticket->eta);
    sl_json_set_string(row, "requester", ticket->ticket->requester);
    sl_json_set_string(row, "last_news", ticket->ticket->last_news);
    sl_json_set_string(row, "eta", eta);
    sl_json_add_take(rows, row);
  }
  sl_json_set_take(letter->fields, "rows", rows);
  bundle_letter(b, letter);
}

static void
handover_list(const Bundle *b)
{
  ticket_list(b, SL_LETTER_HANDOVER, "handover");
}

static void
inherited_list(const Bundle *b)
{
  g_auto(GStrv) parts = g_strsplit(((const SlNotice *)b->notices->pdata[0])->cause, ":", 3);
  ticket_list(b, SL_LETTER_ASSIGNMENT, strcmp(parts[0], "orphan") == 0 ? "orphaned" : "inherited");
  SlLetter *letter = b->decision->letters->pdata[b->decision->letters->len - 1];
  sl_json_set_string(letter->fields, "who", sl_policy_title(b->facts->policy, parts[1]));
}

/* "escalate:answer:1:2:0" → 2; warnings and breaches have none. */
static int
level_of(const SlNotice *notice)
{
  g_auto(GStrv) parts = g_strsplit(notice->cause, ":", 5);
  return g_str_has_prefix(notice->cause, "escalate:") && g_strv_length(parts) >= 4 ? atoi(parts[3]) : 0;
}

/* Now they are told, of each that is theirs by a step of the ladder. */
static void
record_told(const Bundle *b)
{
  g_autofree char *name = sl_draft_staff_name(b->facts->policy, b->route->person);
  for (guint i = 0; i < b->notices->len; i++) {
    const SlNotice *notice = b->notices->pdata[i];
    g_auto(GStrv) parts = g_strsplit(notice->cause, ":", 3);
    if (!level_of(notice))
      continue;
    SlEvent *event = sl_decision_event(b->decision, notice->ticket, SL_EVENT_TOLD, b->facts->now, "slate");
    sl_json_set_string(event->detail, "alarm", notice->cause);
    sl_json_set_string(event->detail, "target", parts[1]);
    sl_json_set_int(event->detail, "level", level_of(notice));
    sl_json_set_string(event->detail, "who", name);
  }
}

static gboolean
is_breach(const SlNotice *notice)
{
  return g_str_has_prefix(notice->cause, "breach:");
}

/* A single alarm that had to wait reads as if it had not. */
static void
single_alarm(const Bundle *b, const SlNotice *notice, const SlTicketFacts *ticket)
{
  const SlClock *clock = alarm_clock(ticket, notice->cause);
  g_autofree char *cause = g_strconcat(notice->cause, "+", NULL);
  if (level_of(notice))
    sl_desk_escalation(b->facts, ticket, level_of(notice), clock, b->route->person, cause, b->decision);
  else if (is_breach(notice))
    sl_desk_breach(b->facts, ticket, clock->target, clock, b->route->person, cause, b->decision);
  else
    sl_desk_warning(b->facts, ticket, clock, b->route->person, cause, b->decision);
}

/* Several: one letter, named for the worst of them, a paragraph a ticket, with its ledger where the ladder has climbed (S11). */
static void
alarm_list(const Bundle *b)
{
  int highest = 0;
  gboolean broken = FALSE;
  record_told(b);
  if (b->tickets->len == 1) {
    single_alarm(b, b->notices->pdata[0], b->tickets->pdata[0]);
    return;
  }
  for (guint i = 0; i < b->notices->len; i++) {
    highest = MAX(highest, level_of(b->notices->pdata[i]));
    broken |= is_breach(b->notices->pdata[i]);
  }
  SlJson *rows = sl_json_array();
  SlLetterKind kind = highest ? SL_LETTER_ESCALATION : broken ? SL_LETTER_BREACH : SL_LETTER_WARNING;
  SlLetter *letter = personal_list(b, kind, "alarms", SL_SCOPE_COMMAND);
  for (guint i = 0; i < b->tickets->len; i++) {
    const SlTicketFacts *ticket = b->tickets->pdata[i];
    sl_json_add_take(rows, sl_desk_alarm_paragraph(b->facts, ticket, alarm_clock(ticket, ((const SlNotice *)b->notices->pdata[i])->cause), highest > 0));
  }
  g_autofree char *level = g_strdup_printf("L%d", highest);
  sl_json_set_string(letter->fields, "level", highest ? level : broken ? "late" : "warning");
  sl_json_set_int(letter->fields, "count", b->tickets->len);
  sl_json_set_take(letter->fields, "tickets", rows);
  bundle_letter(b, letter);
}

/* ---- */

/* "inherit:OLD:SEQ:NEW": meanwhile it may have gone on to somebody else. */
static gboolean
still_theirs(const SlTicketFacts *ticket, const SlNotice *notice)
{
  g_auto(GStrv) parts = g_strsplit(notice->cause, ":", 4);
  return g_strv_length(parts) == 4 && g_strcmp0(parts[3], ticket->ticket->assignee) == 0 && still_open(ticket, notice);
}

static gboolean
still_nobodys(const SlTicketFacts *ticket, const SlNotice *notice)
{
  return !ticket->ticket->assignee && still_open(ticket, notice);
}

/* One row a kind of notice: which causes, whether one still holds, and the letter that is made of those that do. All alarms are one
 * kind: what waited for the tenth minute leaves as one letter. */
static const struct {
  const char *prefixes[4];
  gboolean (*holds)(const SlTicketFacts *, const SlNotice *);
  void (*write)(const Bundle *);
} kinds[] = {
    {{"ack"}, ack_holds, combined_ack},
    {{"update:"}, update_holds, update_list},
    {{"handover:"}, still_open, handover_list},
    {{"inherit:"}, still_theirs, inherited_list},
    {{"orphan:"}, still_nobodys, inherited_list},
    {{"escalate:", "warn:", "breach:"}, alarm_holds, alarm_list},
};

static gboolean
is_of_kind(const SlNotice *notice, guint kind)
{
  for (guint i = 0; i < G_N_ELEMENTS(kinds[kind].prefixes) && kinds[kind].prefixes[i]; i++) {
    if (g_str_has_prefix(notice->cause, kinds[kind].prefixes[i]))
      return TRUE;
  }
  return FALSE;
}

void
sl_desk_bundle(const SlFacts *facts, const SlRoute *route, SlDecision *decision)
{
  for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
    g_autoptr(GPtrArray) tickets = g_ptr_array_new();
    g_autoptr(GPtrArray) notices = g_ptr_array_new();
    for (guint i = 0; i < facts->notices->len; i++) {
      const SlNotice *notice = facts->notices->pdata[i];
      const SlTicketFacts *ticket = sl_facts_ticket(facts, notice->ticket);
      if (!is_of_kind(notice, k))
        continue;
      sl_decision_spend(decision, route->person, notice->ticket, notice->cause);
      if (ticket && kinds[k].holds(ticket, notice)) {
        g_ptr_array_add(tickets, (gpointer)ticket);
        g_ptr_array_add(notices, (gpointer)notice);
      }
    }
    Bundle bundle = {facts, route, tickets, notices, decision};
    if (tickets->len)
      kinds[k].write(&bundle);
  }
}
