/* SPDX-License-Identifier: ISC */
/* Verbs about where it stands: estimates, waiting, the end, and taking a thing back. */
#include "desk/act.h"

#include <string.h>

#include "desk/merge.h"
#include "desk/orders.h"
#include "desk/when.h"

/* ---- estimates ---- */

gboolean
sl_verb_eta(SlAct *act, const char *argument)
{
  SlTime until;
  const char *rest;
  if (!sl_act_date(act, argument, &until, &rest))
    return FALSE;
  if (until <= act->facts->now)
    return sl_act_refuse(act, SL_ERROR_USAGE, "an estimate lies in the future");
  const SlTicket *ticket = act->ticket->ticket;
  if (ticket->status == SL_TICKET_RESOLVED)
    return sl_act_refuse(act, SL_ERROR_DENIED, "it is resolved: /reopen it first");
  g_autofree char *words = sl_act_words(act, rest);
  g_autofree char *absolute = sl_when_absolute(until, sl_calendar_get_zone(act->ticket->agreement->calendar));
  sl_json_set_time(sl_act_event(act, SL_EVENT_ETA, words)->detail, "until", until);
  SlLetter *letter = sl_act_to_customer(act, SL_LETTER_ETA, "eta", words);
  if (letter) {
    g_autofree char *theirs = sl_draft_time(act->facts, act->ticket, until);
    g_autofree char *before = ticket->eta == SL_TIME_NONE || ticket->eta == until ? NULL : sl_draft_time(act->facts, act->ticket, ticket->eta);
    sl_json_set_string(letter->fields, "until", theirs);
    sl_json_set_string(letter->fields, "previous", before);
    sl_json_set_bool(letter->fields, "waits", ticket->status == SL_TICKET_WAITING && act->ticket->agreement->pause_on_waiting);
    sl_json_set_bool(letter->fields, "sooner", ticket->eta != SL_TIME_NONE && until < ticket->eta);
  }
  g_autofree char *what = g_strdup_printf("%s gave an estimate: %s", sl_act_title(act), absolute);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ETA, what, act->actor);
  if (*words)
    sl_act_spoke(act);
  sl_act_did(act, "ETA %s%s", absolute, letter ? " told to the customer" : "");
  return TRUE;
}

/* ---- waiting (S10) ---- */

/* Waiting needs public words newer than the customer's last mail: else nobody knows what they should do. */
gboolean
sl_verb_wait(SlAct *act, const char *argument)
{
  const SlTicket *ticket = act->ticket->ticket;
  SlTime until = SL_TIME_NONE;
  const char *rest;
  if (!act->spoke && (ticket->last_words_at == SL_TIME_NONE || ticket->last_words_at < ticket->last_customer_at))
    return sl_act_refuse(act, SL_ERROR_DENIED, "the customer wrote last: ask or answer them first, then wait");
  if (((argument && *argument) || act->when != SL_TIME_NONE) && !sl_act_date(act, argument, &until, &rest))
    return FALSE;
  if (until != SL_TIME_NONE && until <= act->facts->now)
    return sl_act_refuse(act, SL_ERROR_USAGE, "that is over already");
  sl_json_set_time(sl_act_event(act, SL_EVENT_WAITING, NULL)->detail, "until", until);
  g_autofree char *when = until == SL_TIME_NONE ? NULL : sl_when_absolute(until, sl_calendar_get_zone(act->ticket->agreement->calendar));
  sl_act_did(act, "waiting for the customer%s%s", when ? ", until " : "", when ? when : "");
  return TRUE;
}

gboolean
sl_verb_resume(SlAct *act, const char *argument)
{
  (void)argument;
  sl_json_set_string(sl_act_event(act, SL_EVENT_RESUMED, NULL)->detail, "why", "by hand");
  sl_draft_moved_eta(act->facts, act->route, act->ticket->ticket->id, act->decision);
  sl_act_did(act, "resumed");
  return TRUE;
}

/* ---- the end ---- */

gboolean
sl_verb_resolve(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "a resolution takes the solution, a line at least");
  sl_act_event(act, SL_EVENT_RESOLVED, words);
  SlLetter *letter = sl_act_to_customer(act, SL_LETTER_RESOLUTION, "resolution", words);
  act->spoke = TRUE;
  g_autofree char *what = g_strdup_printf("%s resolved it", sl_act_title(act));
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_RESOLVE, what, act->actor);
  sl_act_did(act, "resolved%s", letter ? "; the solution went to the customer" : "");
  return TRUE;
}

static gboolean
unanswered(const SlAct *act)
{
  const SlClock *answer = sl_clock_find(act->ticket->clocks, SL_TARGET_ANSWER, 0);
  return !act->spoke && answer && answer->end_seq == 0;
}

gboolean
sl_verb_close(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "closing takes a reason");
  if (unanswered(act))
    return sl_act_refuse(act, SL_ERROR_DENIED, "the customer has no answer yet: answer first, or /noreply WHY");
  sl_act_event(act, SL_EVENT_CLOSED, words);
  sl_act_hold_back(act, sl_act_to_customer(act, SL_LETTER_CLOSURE, "closure", NULL));
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_RESOLVE, "It is closed", act->actor);
  sl_act_did(act, "closed: %s", words);
  return TRUE;
}

gboolean
sl_verb_reopen(SlAct *act, const char *argument)
{
  (void)argument;
  sl_json_set_string(sl_act_event(act, SL_EVENT_REOPENED, NULL)->detail, "why", "by hand");
  sl_decision_withdraw(act->decision, act->ticket->ticket->id, SL_LETTER_CLOSURE, NULL); /* it is not closed any more */
  sl_act_did(act, "reopened");
  return TRUE;
}

static void
withdraw_from_customer(SlAct *act)
{
  static const SlLetterKind kinds[] = {SL_LETTER_ACK,      SL_LETTER_ANSWER,     SL_LETTER_QUESTION,   SL_LETTER_ETA,
                                       SL_LETTER_PROGRESS, SL_LETTER_RESOLUTION, SL_LETTER_REMINDER,   SL_LETTER_CLOSURE};
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    sl_decision_withdraw(act->decision, act->ticket->ticket->id, kinds[i], NULL);
}

/* Nobody writes to a spammer, not even that it was closed. */
gboolean
sl_verb_spam(SlAct *act, const char *argument)
{
  (void)argument;
  sl_act_event(act, SL_EVENT_SPAM, NULL);
  withdraw_from_customer(act);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_RESOLVE, "It was spam", act->actor);
  sl_act_did(act, "spam: no letter goes, no clock runs");
  return TRUE;
}

/* ---- two tickets ---- */

/* The other ticket of a verb: named, there, and not this one. */
static const SlTicketFacts *
other_ticket(SlAct *act, const char *argument)
{
  const char *rest = argument ? argument : "";
  gint64 id = sl_orders_number(&rest);
  const SlTicketFacts *other = id ? sl_facts_ticket(act->facts, id) : NULL;
  if (!id)
    sl_act_refuse(act, SL_ERROR_USAGE, "\"%s\" is no ticket's number", argument ? argument : "");
  else if (!other)
    sl_act_refuse(act, SL_ERROR_NOT_FOUND, "there is no ticket %" G_GINT64_FORMAT, id);
  else if (other->ticket->id == act->ticket->ticket->id)
    sl_act_refuse(act, SL_ERROR_USAGE, "that is this ticket itself");
  else
    return other;
  return NULL;
}

static gboolean
may_merge(SlAct *act, const SlTicketFacts *into)
{
  if (g_strcmp0(act->ticket->ticket->client, into->ticket->client) != 0)
    return sl_act_refuse(act, SL_ERROR_DENIED, "%" G_GINT64_FORMAT " is another client's: tickets are never merged across clients",
                         into->ticket->id);
  if (act->ticket->client == act->facts->policy->everybody &&
      g_strcmp0(act->ticket->ticket->requester, into->ticket->requester) != 0)
    return sl_act_refuse(act, SL_ERROR_DENIED, "%" G_GINT64_FORMAT " is somebody else's", into->ticket->id);
  if (sl_ticket_is_over(into->ticket))
    return sl_act_refuse(act, SL_ERROR_DENIED, "%" G_GINT64_FORMAT " is %s", into->ticket->id, sl_status_word(into->ticket->status));
  return TRUE;
}

static void
absorb(SlAct *act, const SlTicketFacts *into)
{
  sl_merge_absorbed(sl_act_event_on(act, into->ticket->id, SL_EVENT_ABSORBED, NULL), act->ticket);
  if (sl_merge_raises(act->ticket, into))
    sl_merge_raised(sl_act_event_on(act, into->ticket->id, SL_EVENT_RAISED, NULL), act->ticket, into);
}

/* Keeps the earliest receipt and every breach (S9). */
gboolean
sl_verb_merge(SlAct *act, const char *argument)
{
  const SlTicketFacts *into = other_ticket(act, argument);
  if (!into || !may_merge(act, into))
    return FALSE;
  gint64 id = act->ticket->ticket->id;
  sl_json_set_int(sl_act_event(act, SL_EVENT_MERGED, NULL)->detail, "into", into->ticket->id);
  absorb(act, into);
  SlLetter *letter = sl_act_to_customer(act, SL_LETTER_CLOSURE, "closure", NULL);
  if (letter)
    sl_json_set_int(letter->fields, "into", into->ticket->id);
  sl_act_hold_back(act, letter);
  sl_merge_quiet(act->decision, id);
  sl_act_did(act, "merged into %" G_GINT64_FORMAT, into->ticket->id);
  return TRUE;
}

gboolean
sl_verb_link(SlAct *act, const char *argument)
{
  const SlTicketFacts *other = other_ticket(act, argument);
  if (!other)
    return FALSE;
  sl_json_set_int(sl_act_event(act, SL_EVENT_LINKED, NULL)->detail, "ticket", other->ticket->id);
  sl_json_set_int(sl_act_event_on(act, other->ticket->id, SL_EVENT_LINKED, NULL)->detail, "ticket", act->ticket->ticket->id);
  sl_act_did(act, "linked with %" G_GINT64_FORMAT, other->ticket->id);
  return TRUE;
}

/* The event that brought the mail to the ticket. */
static const SlEvent *
event_of_mail(const SlTicketFacts *ticket, gint64 mail)
{
  for (guint i = 0; i < ticket->events->len; i++) {
    const SlEvent *event = ticket->events->pdata[i];
    gboolean brought = event->kind == SL_EVENT_RECEIVED || event->kind == SL_EVENT_WROTE;
    if (brought && sl_json_get_int(event->detail, "mail", 0) == mail)
      return event;
  }
  return NULL;
}

/* When the customer wrote last, but for that mail. */
static SlTime
newest_but(const SlTicketFacts *ticket, const SlEvent *split)
{
  SlTime newest = SL_TIME_NONE;
  for (guint i = 0; i < ticket->events->len; i++) {
    const SlEvent *event = ticket->events->pdata[i];
    if (event != split && (event->kind == SL_EVENT_RECEIVED || event->kind == SL_EVENT_WROTE))
      newest = sl_time_later(newest, sl_event_counts_at(event));
  }
  return newest;
}

static void
write_split_ticket(SlAct *act, const SlEvent *wrote)
{
  const SlTicket *ticket = act->ticket->ticket;
  const SlFacts *facts = act->facts;
  SlEvent *received = sl_decision_event(act->decision, 0, SL_EVENT_RECEIVED, facts->now, act->actor);
  sl_json_set_string(received->detail, "channel", ticket->channel);
  sl_json_set_string(received->detail, "client", ticket->client);
  sl_json_set_string(received->detail, "sla", act->ticket->client->agreement->name);
  sl_json_set_string(received->detail, "version", act->ticket->client->agreement->version);
  sl_json_set_string(received->detail, "priority", sl_priority_word(SL_PRIORITY_STANDARD));
  sl_json_set_string(received->detail, "mailbox", ticket->mailbox);
  sl_json_set_bool(received->detail, "silent", ticket->silent); /* a machine's mail stays one */
  sl_json_set_time(received->detail, "received_at", facts->split_received);
  sl_json_set_int(received->detail, "person", sl_json_get_int(wrote->detail, "person", 0));
  sl_json_set_int(received->detail, "mail", facts->split_mail_id);
  received->words = g_strdup(facts->split_mail->subject);
  received->address = g_strdup(wrote->address);
  sl_json_set_int(sl_decision_event(act->decision, 0, SL_EVENT_LINKED, facts->now, "slate")->detail, "ticket", ticket->id);
  SlEvent *unacked = sl_decision_event(act->decision, 0, SL_EVENT_UNACKED, facts->now, "slate");
  g_autofree char *reason = g_strdup_printf("split off %" G_GINT64_FORMAT ", which was acknowledged", ticket->id);
  sl_json_set_string(unacked->detail, "reason", reason);
  SlEvent *assigned = sl_decision_event(act->decision, 0, SL_EVENT_ASSIGNED, facts->now, act->actor);
  sl_json_set_string(assigned->detail, "agent", ticket->assignee);
  sl_json_set_string(assigned->detail, "how", "split");
}

/* A ticket that nobody has is loud, also when it comes from one that nobody had. */
static void
tell_that_nobody_has_it(SlAct *act, const SlTicketFacts *ticket, const char *how)
{
  g_autoptr(GPtrArray) workers = sl_draft_workers(act->facts->policy, ticket->ticket, NULL);
  for (guint i = 0; i < workers->len; i++) {
    SlLetter *letter = sl_draft_to_staff(act->facts, ticket, SL_LETTER_ASSIGNMENT, "assignment", workers->pdata[i], SL_SCOPE_REPLY);
    letter->cause = sl_draft_cause(act->facts, act->decision, ticket->ticket->id);
    sl_json_set_bool(letter->fields, "unassigned", TRUE);
    sl_json_set_string(letter->fields, "how", how);
    sl_draft_due(act->facts, ticket, letter);
    sl_decision_letter(act->decision, letter);
  }
}

static void
tell_of_split(SlAct *act)
{
  SlTicketFacts *after = sl_draft_after(act->facts, act->route, act->decision, 0);
  const SlAgent *assignee = after->ticket->assignee ? sl_policy_agent(act->facts->policy, after->ticket->assignee) : NULL;
  g_autofree char *how = g_strdup_printf("%s split it off %" G_GINT64_FORMAT, sl_act_title(act), act->ticket->ticket->id);
  g_ptr_array_add(act->after, after);
  if (after->ticket->silent)
    return;
  after->last_text = g_strdup(act->facts->split_mail->reply);
  after->last_message_id = g_strdup(act->facts->split_mail->message_id);
  if (after->ticket->requester) {
    SlLetter *letter = sl_draft_to_customer(act->facts, after, SL_LETTER_ACK, "ack");
    sl_draft_ack_times(act->facts, after, letter);
    letter->voice = SL_VOICE_REPLY;
    sl_json_set_int(letter->fields, "split_of", act->ticket->ticket->id);
    sl_decision_letter(act->decision, letter);
  }
  if (assignee)
    sl_draft_assignment(act->facts, after, assignee, how, act->decision);
  else
    tell_that_nobody_has_it(act, after, how);
}

/* A mail that is another matter gets a ticket of its own, from its own receipt on. */
gboolean
sl_verb_split(SlAct *act, const char *argument)
{
  gint64 named = argument ? g_ascii_strtoll(argument + (*argument == 'm'), NULL, 10) : 0;
  if (act->decision->move_mail)
    return sl_act_refuse(act, SL_ERROR_USAGE, "one mail splits off one ticket: send the next /split in a mail of its own");
  if (!act->facts->split_mail || (named && named != act->facts->split_mail_id)) /* the facts hold the mail that a line of it names */
    return sl_act_refuse(act, SL_ERROR_USAGE, "there is no such message on the ticket: slate show lists them (m12)");
  const SlEvent *wrote = event_of_mail(act->ticket, act->facts->split_mail_id);
  if (!wrote || wrote->kind == SL_EVENT_RECEIVED)
    return sl_act_refuse(act, SL_ERROR_DENIED, "it is the mail that made the ticket, and stays");
  SlEvent *event = sl_act_event(act, SL_EVENT_SPLIT, NULL);
  sl_json_set_int(event->detail, "mail", act->facts->split_mail_id);
  sl_json_set_int(event->detail, "ref", wrote->seq);
  sl_json_set_bool(event->detail, "new", TRUE);
  sl_json_set_time(event->detail, "customer_at", newest_but(act->ticket, wrote));
  write_split_ticket(act, wrote);
  act->decision->move_mail = act->facts->split_mail_id;
  tell_of_split(act);
  sl_act_did(act, "split off");
  return TRUE;
}

/* ---- taking it back ---- */

/* The events of the newest act on the ticket that stands; NULL when there is none. */
static GPtrArray *
newest_act(const SlTicketFacts *ticket)
{
  g_autoptr(GPtrArray) standing = sl_ticket_standing(ticket->events);
  gint64 act = 0;
  GPtrArray *events = g_ptr_array_new();
  for (guint i = standing->len; i > 0; i--) {
    SlEvent *event = standing->pdata[i - 1];
    gint64 of = sl_json_get_int(event->detail, "act", 0);
    if (!of || event->kind == SL_EVENT_UNDONE)
      continue;
    if (act == 0)
      act = of;
    if (of == act)
      g_ptr_array_add(events, event);
  }
  return events;
}

static const SlLetterFact *
letter_that_left(const SlAct *act, const GPtrArray *events)
{
  for (guint i = 0; i < act->facts->letters->len; i++) {
    const SlLetterFact *letter = act->facts->letters->pdata[i];
    for (guint j = 0; j < events->len; j++) {
      if (letter->ticket == act->ticket->ticket->id && letter->cause == ((const SlEvent *)events->pdata[j])->seq && letter->left &&
          !letter->to_staff)
        return letter;
    }
  }
  return NULL;
}

/* Without the act, what came later could not have come: the end of a wait that never was. */
static gboolean
is_built_upon(const SlTicketFacts *ticket, const GPtrArray *events)
{
  g_autoptr(GPtrArray) standing = sl_ticket_standing(ticket->events);
  SlStatus status = SL_TICKET_OPEN;
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    if (!g_ptr_array_find((GPtrArray *)events, event, NULL) && sl_status_moves(event->kind) && !sl_status_next(status, event->kind, &status))
      return TRUE;
  }
  return FALSE;
}

static gboolean
may_undo(SlAct *act, const GPtrArray *events)
{
  if (events->len == 0)
    return sl_act_refuse(act, SL_ERROR_DENIED, "there is nothing to undo");
  const SlEvent *newest = events->pdata[0];
  if (act->facts->now - newest->at > act->facts->policy->undo_sec * SL_SECOND) {
    g_autofree char *window = sl_duration_format(act->facts->policy->undo_sec);
    return sl_act_refuse(act, SL_ERROR_DENIED, "%s were the time to undo it (%s), and they are over", window, sl_event_word(newest->kind));
  }
  for (guint i = 0; i < events->len; i++) {
    if (((const SlEvent *)events->pdata[i])->kind == SL_EVENT_SPLIT)
      return sl_act_refuse(act, SL_ERROR_DENIED, "a split is not undone: merge the two tickets");
  }
  if (is_built_upon(act->ticket, events))
    return sl_act_refuse(act, SL_ERROR_DENIED, "what came since builds on it: slate log %" G_GINT64_FORMAT " shows it",
                         act->ticket->ticket->id);
  const SlLetterFact *left = letter_that_left(act, events);
  return !left || sl_act_refuse(act, SL_ERROR_DENIED, "its letter (%s) has left already: write to the customer", sl_letter_word(left->kind));
}

static void
write_undone(SlAct *act, gint64 ticket, const GPtrArray *events)
{
  SlJson *numbers = sl_json_array();
  for (guint i = events->len; i > 0; i--)
    sl_json_add_int(numbers, ((const SlEvent *)events->pdata[i - 1])->seq);
  SlEvent *undone = sl_decision_event(act->decision, ticket, SL_EVENT_UNDONE, act->facts->now, act->actor);
  sl_json_set_take(undone->detail, "events", numbers);
  for (guint i = 0; i < act->facts->letters->len; i++) {
    const SlLetterFact *letter = act->facts->letters->pdata[i];
    for (guint j = 0; j < events->len; j++) {
      if (letter->ticket != ticket || letter->cause != ((const SlEvent *)events->pdata[j])->seq)
        continue;
      g_autofree char *cause = g_strdup_printf("%d", letter->cause);
      sl_decision_withdraw(act->decision, ticket, letter->kind, cause);
    }
  }
}

/* A merge has two sides: the other one's events are those that name this ticket. */
static void
undo_other_side(SlAct *act, const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    gint64 other = event->kind == SL_EVENT_MERGED ? sl_json_get_int(event->detail, "into", 0)
                   : event->kind == SL_EVENT_ABSORBED || event->kind == SL_EVENT_LINKED ? sl_json_get_int(event->detail, "ticket", 0) : 0;
    const SlTicketFacts *facts = other ? sl_facts_ticket(act->facts, other) : NULL;
    g_autoptr(GPtrArray) theirs = facts ? newest_act(facts) : NULL;
    if (theirs && theirs->len && ((const SlEvent *)theirs->pdata[0])->at == event->at)
      write_undone(act, other, theirs);
  }
}

/* A merge is undone from the ticket that it ended, whichever of the two is named: there are its letters. NULL: it is no merge. */
static const SlTicketFacts *
merged_side(const SlAct *act, const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (event->kind == SL_EVENT_ABSORBED)
      return sl_facts_ticket(act->facts, sl_json_get_int(event->detail, "ticket", 0));
  }
  return NULL;
}

static gboolean
undo(SlAct *act)
{
  g_autoptr(GPtrArray) events = newest_act(act->ticket);
  if (!may_undo(act, events))
    return FALSE;
  write_undone(act, act->ticket->ticket->id, events);
  undo_other_side(act, events);
  sl_act_did(act, "undone: %s", sl_event_word(((const SlEvent *)events->pdata[events->len - 1])->kind));
  return TRUE;
}

gboolean
sl_verb_undo(SlAct *act, const char *argument)
{
  (void)argument;
  const SlTicketFacts *named = act->ticket;
  g_autoptr(GPtrArray) events = newest_act(named);
  const SlTicketFacts *merged = merged_side(act, events);
  act->ticket = merged ? merged : named;
  gboolean ok = undo(act);
  act->ticket = named;
  return ok;
}
