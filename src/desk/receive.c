/* SPDX-License-Identifier: ISC */
#include "desk/receive.h"

#include <string.h>

#include "desk/arrive.h"
#include "desk/assign.h"
#include "desk/merge.h"
#include "desk/triage.h"

/* ---- a customer's later mail ---- */

static SlEvent *
write_wrote(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, gboolean wants_answer, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_WROTE, facts->now, "customer");
  sl_json_set_int(event->detail, "mail", mail->mail_id);
  sl_json_set_int(event->detail, "person", facts->person_id);
  sl_json_set_time(event->detail, "received_at", mail->received);
  sl_json_set_bool(event->detail, "thanks", !wants_answer);
  sl_json_set_bool(event->detail, "proven", route->proven); /* who is only referred to adds no Cc */
  event->address = g_strdup(route->person);
  return event;
}

static void
make_critical(const SlFacts *facts, const SlTicket *ticket, const char *why, SlTime received, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, ticket->id, SL_EVENT_RAISED, facts->now, "customer");
  sl_json_set_string(event->detail, "from", sl_priority_word(ticket->priority));
  sl_json_set_string(event->detail, "to", sl_priority_word(SL_PRIORITY_CRITICAL));
  sl_json_set_string(event->detail, "why", why);
  sl_json_set_time(event->detail, "received_at", received);
}

/* The rules run again on each customer mail, and only raise (S5). */
static void
triage_again(const SlFacts *facts, const SlRoute *route, const SlTicket *ticket, const SlMailStimulus *mail, SlDecision *decision)
{
  SlTriage triage;
  sl_desk_triage(facts->policy, mail, &triage);
  if (ticket->priority != SL_PRIORITY_CRITICAL && sl_arrive_priority(facts, route, &triage) == SL_PRIORITY_CRITICAL)
    make_critical(facts, ticket, triage.priority_rule, mail->received, decision);
  sl_triage_clear(&triage);
}

/* Nothing is owed any more: no answer either, and whoever was alarmed is told. */
static void
end_by_customer(const SlFacts *facts, const SlTicketFacts *before, SlTime received, SlDecision *decision)
{
  static const char said[] = "The customer says it is solved";
  const SlClock *answer = sl_clock_find(before->clocks, SL_TARGET_ANSWER, 0);
  if (answer && answer->end_seq == 0)
    sl_decision_event(decision, before->ticket->id, SL_EVENT_NO_REPLY, facts->now, "customer")->words = g_strconcat(said, ".", NULL);
  SlEvent *event = sl_decision_event(decision, before->ticket->id, SL_EVENT_RESOLVED, facts->now, "customer");
  sl_json_set_time(event->detail, "received_at", received);
  event->words = g_strconcat(said, ".", NULL);
  sl_draft_all_clear(facts, decision, before, SL_TARGET_RESOLVE, said, "customer");
}

/* What their one word does: only with a token of theirs (S8: offered in each letter). */
static void
obey_word(const SlFacts *facts, const SlTicketFacts *before, SlWord word, SlTime received, SlDecision *decision)
{
  const SlTicket *ticket = before->ticket;
  if (word == SL_WORD_STOP && !ticket->stopped)
    sl_decision_event(decision, ticket->id, SL_EVENT_STOPPED, facts->now, "customer");
  if (word == SL_WORD_URGENT && ticket->priority != SL_PRIORITY_CRITICAL)
    make_critical(facts, ticket, "URGENT", received, decision);
  if (word == SL_WORD_SOLVED && ticket->status != SL_TICKET_RESOLVED && !sl_ticket_is_over(ticket))
    end_by_customer(facts, before, received, decision);
}

/* A mail later than the pause, by sequence or by time, ends it (S10). */
static void
wake_ticket(const SlFacts *facts, const SlRoute *route, const SlTicket *ticket, SlTime received, SlDecision *decision)
{
  if (ticket->status == SL_TICKET_WAITING) {
    SlEvent *event = sl_decision_event(decision, ticket->id, SL_EVENT_RESUMED, facts->now, "customer");
    sl_json_set_string(event->detail, "why", "the customer wrote");
    sl_json_set_time(event->detail, "received_at", MAX(received, ticket->waiting_since));
    sl_draft_moved_eta(facts, route, ticket->id, decision);
  } else if (ticket->status == SL_TICKET_RESOLVED || ticket->status == SL_TICKET_CLOSED) {
    SlEvent *event = sl_decision_event(decision, ticket->id, SL_EVENT_REOPENED, facts->now, "customer");
    sl_json_set_string(event->detail, "why", "the customer wrote");
    sl_json_set_time(event->detail, "received_at", received);
    sl_decision_withdraw(decision, ticket->id, SL_LETTER_CLOSURE, NULL);
  }
}

static void
pass_on(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, const char *news, SlDecision *decision)
{
  SlTicketFacts *after = sl_draft_after(facts, route, decision, route->ticket);
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, after->ticket, NULL);
  const SlClock *answer = sl_clock_find(after->clocks, SL_TARGET_ANSWER, 0);
  g_autofree char *due = answer && answer->state == SL_CLOCK_RUNNING ? sl_draft_our_time(facts, after, answer->due_at) : NULL;
  g_autofree char *cause = sl_draft_cause(facts, decision, route->ticket);
  for (guint i = 0; i < workers->len; i++) {
    SlLetter *letter = sl_draft_to_staff(facts, after, SL_LETTER_MESSAGE, "message", workers->pdata[i], SL_SCOPE_REPLY);
    letter->cause = g_strdup(cause);
    sl_json_set_string(letter->fields, "requester", route->person);
    sl_json_set_string(letter->fields, "text", route->kind == SL_ROUTE_FORWARD_JOIN ? mail->mail->forwarded->text : mail->mail->reply);
    sl_json_set_string(letter->fields, "due_at", due);
    sl_json_set_string(letter->fields, "what", news);
    sl_draft_attach(letter, mail->mail, mail->mail_id);
    sl_decision_letter(decision, letter);
  }
  sl_ticket_facts_free(after);
}

/* What their one word did, for who works on it. */
static const char *
what_happened(const SlTicket *before, const SlRoute *route, SlWord word)
{
  if (!route->proven)
    return NULL;
  if (word == SL_WORD_SOLVED && !sl_ticket_is_over(before))
    return "The customer says that it is solved: nothing is left for you to do.";
  if (word == SL_WORD_URGENT && before->priority != SL_PRIORITY_CRITICAL)
    return "The customer says URGENT: the ticket is critical now.";
  if (word == SL_WORD_STOP && before->priority == SL_PRIORITY_CRITICAL)
    return "The customer wants no more progress letters: while the ticket is critical its daily one goes on (S6).";
  return word == SL_WORD_STOP ? "The customer wants no more progress letters." : NULL;
}

/* The mail shows that other tickets are pieces of this one's thread. */
static void
merge_thread(const SlFacts *facts, const SlRoute *route, const SlTicketFacts *into, SlDecision *decision)
{
  for (guint i = 0; i < route->tickets->len; i++) {
    const SlTicketFacts *from = sl_facts_ticket(facts, g_array_index(route->tickets, gint64, i));
    if (from && from != into)
      sl_merge_thread(facts, from, into, decision);
  }
}

void
sl_desk_join(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  const SlTicketFacts *before = sl_facts_ticket(facts, route->ticket);
  SlWord word = sl_triage_word(mail->mail->reply, mail->mail->from ? mail->mail->from->name : NULL);
  gboolean bare = mail->old || word == SL_WORD_THANKS || (route->proven && (word == SL_WORD_SOLVED || word == SL_WORD_STOP));
  decision->outcome = SL_OUTCOME_REPLY;
  decision->ticket = route->ticket;
  write_wrote(facts, route, mail, !bare, decision);
  merge_thread(facts, route, before, decision);
  if (!bare)
    wake_ticket(facts, route, before->ticket, mail->received, decision);
  if (route->proven && !mail->old)
    obey_word(facts, before, word, mail->received, decision);
  if (!bare && word != SL_WORD_URGENT)
    triage_again(facts, route, before->ticket, mail, decision);
  pass_on(facts, route, mail, what_happened(before->ticket, route, word), decision);
}

/* ---- what waits for a person's word ---- */

static const char *
what_ok_does(const SlFacts *facts, const SlRoute *route, const SlTicketFacts *ticket, char **out_text)
{
  if (route->kind == SL_ROUTE_STRANGER_HELD)
    *out_text = g_strdup("Reply OK to let it in as text, or DROP.");
  else if (ticket && route->scope == SL_SCOPE_NOTE)
    *out_text = g_strdup("Did you write this? Reply OK, and it is done: words stay inside, as a note. Or reply DROP.");
  else if (ticket && ticket->ticket->requester)
    *out_text = g_strdup_printf("Did you write this? Reply OK, and it is done: words go to %s. Or reply DROP.", ticket->ticket->requester);
  else
    *out_text = g_strdup_printf("Did you write this? Reply OK to make it a ticket of your own at %s, or DROP.", facts->policy->company);
  return *out_text;
}

void
sl_desk_hold(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  const SlTicketFacts *ticket = route->ticket ? sl_facts_ticket(facts, route->ticket) : NULL;
  g_autofree char *ok = NULL;
  what_ok_does(facts, route, ticket, &ok);
  decision->outcome = SL_OUTCOME_HELD;
  decision->ticket = route->ticket;
  decision->reason = g_strdup(route->reason);
  decision->hold_mail = TRUE;
  if (ticket) {
    SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_HELD, facts->now, "slate");
    sl_json_set_int(event->detail, "mail", mail->mail_id);
    sl_json_set_string(event->detail, "why", route->reason);
  }
  if (route->kind == SL_ROUTE_AGENT_HELD) { /* back to the registered mailbox: whoever wrote it, the agent learns of it */
    sl_draft_hold(facts, ticket, sl_agent_mail(route->agent), mail->mail, mail->mail_id, route->reason, ok, decision);
    return;
  }
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, ticket->ticket, NULL);
  for (guint i = 0; i < workers->len; i++)
    sl_draft_hold(facts, ticket, workers->pdata[i], mail->mail, mail->mail_id, route->reason, ok, decision);
}

/* ---- machines are never answered ---- */

/* An agent's vacation reply is never public. They get no more tickets today, and this one goes to somebody who is there. */
static void
agent_is_away(const SlFacts *facts, const SlRoute *route, SlDecision *decision)
{
  const SlTicketFacts *ticket = route->ticket ? sl_facts_ticket(facts, route->ticket) : NULL;
  const SlCalendar *calendar = route->client->agreement->calendar;
  SlTime open, close;
  if (sl_calendar_day(calendar, facts->now, &open, &close) && close > facts->now)
    sl_decision_absence(decision, route->agent->name, close);
  if (!ticket || g_strcmp0(ticket->ticket->assignee, route->agent->name) != 0 || sl_ticket_is_over(ticket->ticket))
    return;
  g_autoptr(GHashTable) absent = g_hash_table_new(g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;
  for (g_hash_table_iter_init(&iter, facts->absent); g_hash_table_iter_next(&iter, &name, NULL);)
    g_hash_table_add(absent, name);
  g_hash_table_add(absent, route->agent->name);
  const char *language = ticket->client->language ? ticket->client->language : facts->policy->language;
  const SlAgent *other = sl_desk_assign(facts->policy, facts->open_by_agent, facts->last_assigned, language, absent);
  if (!other)
    return;
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_ASSIGNED, facts->now, "slate");
  sl_json_set_string(event->detail, "agent", other->name);
  sl_json_set_string(event->detail, "how", "absent");
  g_autofree char *how = g_strdup_printf("%s is away", route->agent->title);
  sl_draft_assignment(facts, ticket, other, how, decision);
}

void
sl_desk_machine(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  static const SlOutcome outcomes[] = {
      [SL_ORIGIN_PERSON] = SL_OUTCOME_IGNORED,       [SL_ORIGIN_AUTO_REPLY] = SL_OUTCOME_AUTO_REPLY,
      [SL_ORIGIN_BOUNCE] = SL_OUTCOME_BOUNCE,        [SL_ORIGIN_LIST] = SL_OUTCOME_LIST,
      [SL_ORIGIN_BULK] = SL_OUTCOME_IGNORED,         [SL_ORIGIN_SELF] = SL_OUTCOME_SELF,
  };
  const SlMail *mail = stimulus->mail.mail;
  gboolean ours = route->person && sl_policy_is_ours(facts->policy, route->person);
  decision->outcome = ours && outcomes[mail->origin] == SL_OUTCOME_IGNORED ? SL_OUTCOME_SELF : outcomes[mail->origin];
  decision->reason = g_strdup(route->reason);
  decision->ticket = route->ticket;
  if (route->agent && mail->origin == SL_ORIGIN_AUTO_REPLY)
    agent_is_away(facts, route, decision);
  if (!route->ticket)
    return;
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_JOINED, facts->now, "slate");
  sl_json_set_int(event->detail, "mail", stimulus->mail.mail_id);
  sl_json_set_string(event->detail, "origin", sl_origin_word(mail->origin));
}
