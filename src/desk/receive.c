/* SPDX-License-Identifier: ISC */
#include "desk/receive.h"

#include <string.h>

#include "desk/assign.h"
#include "desk/triage.h"
#include "desk/when.h"

/* ---- a new ticket ---- */

/* Who wrote and what, whichever channel it came by. */
typedef struct {
  const char *subject, *text, *channel, *mailbox, *name;
  SlTime received;
  gint64 mail;         /* 0 for phone and chat */
  const SlMail *parsed; /* NULL for phone and chat */
  gboolean silent;     /* no letters, no clocks */
  SlTriage triage;
} SlArrival;

static void
arrival_of_mail(const SlPolicy *policy, const SlRoute *route, const SlMailStimulus *mail, SlArrival *out)
{
  *out = (SlArrival){
      .subject = mail->mail->subject,
      .text = mail->mail->reply,
      .channel = mail->channel ? mail->channel : "mail",
      .mailbox = mail->mailbox,
      .name = mail->mail->from ? mail->mail->from->name : NULL,
      .received = mail->received,
      .mail = mail->mail_id,
      .parsed = mail->mail,
  };
  sl_desk_triage(policy, mail, &out->triage);
  out->silent = route->kind == SL_ROUTE_BULK || mail->old || g_strcmp0(out->triage.action, "file") == 0;
}

/* The rules look at words, whichever way they came: a call is triaged as a mail would be. */
static void
arrival_of_call(const SlPolicy *policy, const SlCommand *command, SlTime now, SlMail *scratch, SlArrival *out)
{
  *out = (SlArrival){
      .subject = command->subject ? command->subject : "",
      .text = command->text ? command->text : "",
      .channel = command->channel ? command->channel : "phone",
      .received = command->received == SL_TIME_NONE ? now : command->received,
  };
  g_free(scratch->subject);
  g_free(scratch->reply);
  g_free(scratch->text);
  scratch->subject = g_strdup(out->subject);
  scratch->reply = g_strdup(out->text);
  scratch->text = g_strdup(out->text);
  scratch->from = sl_mailbox_new("", command->from);
  SlMailStimulus as_mail = {.mail = scratch, .received = out->received, .channel = out->channel};
  sl_desk_triage(policy, &as_mail, &out->triage);
}

/* Strangers raise at most three an hour: beyond that their words are just words. */
static SlPriority
first_priority(const SlFacts *facts, const SlRoute *route, const SlTriage *triage)
{
  if (triage->priority < 0)
    return SL_PRIORITY_STANDARD;
  gboolean stranger = sl_policy_is_stranger(facts->policy, route->person ? route->person : "");
  if (triage->priority == SL_PRIORITY_CRITICAL && stranger && facts->raises_by_strangers >= facts->policy->strangers_raise)
    return SL_PRIORITY_STANDARD;
  return (SlPriority)triage->priority;
}

static void
write_received(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, const char *actor, SlDecision *decision)
{
  const SlAgreement *agreement = route->client->agreement;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_RECEIVED, facts->now, actor);
  SlJson *tags = sl_json_array();
  for (guint i = 0; i < arrival->triage.tags->len; i++)
    sl_json_add_string(tags, arrival->triage.tags->pdata[i]);
  sl_json_set_take(event->detail, "tags", tags);
  sl_json_set_string(event->detail, "channel", arrival->channel);
  sl_json_set_string(event->detail, "client", route->client->name);
  sl_json_set_string(event->detail, "sla", agreement->name);
  sl_json_set_string(event->detail, "version", agreement->version);
  sl_json_set_string(event->detail, "priority", sl_priority_word(first_priority(facts, route, &arrival->triage)));
  sl_json_set_string(event->detail, "rule", arrival->triage.priority_rule);
  sl_json_set_string(event->detail, "mailbox", arrival->mailbox);
  sl_json_set_time(event->detail, "received_at", arrival->received);
  sl_json_set_int(event->detail, "person", facts->person_id);
  sl_json_set_int(event->detail, "mail", arrival->mail);
  sl_json_set_bool(event->detail, "silent", arrival->silent);
  event->words = g_strdup(arrival->subject);
  event->address = g_strdup(route->person);
}

static void
link_to(const SlFacts *facts, gint64 old, SlDecision *decision)
{
  sl_json_set_int(sl_decision_event(decision, 0, SL_EVENT_LINKED, facts->now, "slate")->detail, "ticket", old);
}

/* What is said on the phone is kept as words beside the record. */
static void
keep_call(const SlFacts *facts, const SlArrival *arrival, const char *actor, SlDecision *decision)
{
  if (arrival->mail || !*arrival->text)
    return;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_NOTED, facts->now, actor);
  sl_json_set_string(event->detail, "how", arrival->channel);
  sl_json_set_time(event->detail, "received_at", arrival->received);
  event->words = g_strdup(arrival->text);
}

static const SlAgent *
assign(const SlFacts *facts, const SlRoute *route, SlDecision *decision)
{
  const char *language = route->client->language ? route->client->language : facts->policy->language;
  const SlAgent *agent = sl_desk_assign(facts->policy, facts->open_by_agent, facts->last_assigned, language);
  if (!agent)
    return NULL;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_ASSIGNED, facts->now, "slate");
  sl_json_set_string(event->detail, "agent", agent->name);
  sl_json_set_string(event->detail, "how", facts->policy->assign == SL_ASSIGN_ROUND_ROBIN ? "round-robin" : "least-open");
  return agent;
}

/* ---- the acknowledgement (S2) ---- */

static void
no_ack(const SlFacts *facts, const char *reason, SlDecision *decision)
{
  sl_json_set_string(sl_decision_event(decision, 0, SL_EVENT_UNACKED, facts->now, "slate")->detail, "reason", reason);
}

/* Why may no acknowledgement go? NULL: it may. */
static const char *
ack_forbidden(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival)
{
  if (arrival->silent)
    return "a machine's mail, or mail from before";
  if (arrival->triage.ack == 0)
    return "a rule says: no acknowledgement";
  if (!route->person)
    return "no sender's address";
  if (sl_policy_is_stranger(facts->policy, route->person) && facts->acks_to_strangers >= facts->policy->acks_to_strangers)
    return "too many acknowledgements to strangers within the hour";
  return NULL;
}

static char *
first_name(const char *display)
{
  if (!display || !*display || strpbrk(display, "@<>\"(),;:"))
    return NULL;
  g_auto(GStrv) words = g_strsplit(display, " ", 2);
  return g_strdup(words[0]);
}

/* "A person writes to you by …": the one time that the ack prints is the running answer clock's. */
static void
ack_times(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter)
{
  const SlCalendar *calendar = after->agreement->calendar;
  const SlClock *answer = sl_clock_find(after->clocks, SL_TARGET_ANSWER, 0);
  if (answer && answer->due_at != SL_TIME_NONE && answer->state == SL_CLOCK_RUNNING) {
    g_autofree char *by = sl_draft_time(facts, after, answer->due_at);
    sl_json_set_string(letter->fields, "by", by);
  }
  if (sl_calendar_is_open(calendar, facts->now))
    return;
  g_autofree char *opens = sl_draft_time(facts, after, sl_calendar_next_open(calendar, facts->now));
  sl_json_set_bool(letter->fields, "closed", TRUE);
  sl_json_set_string(letter->fields, "opens", opens);
  sl_json_set_string(letter->fields, "holiday", sl_calendar_holiday_at(calendar, facts->now));
}

static void
add_thread(SlLetter *letter, const SlMail *mail)
{
  letter->in_reply_to = g_strdup(mail->message_id);
  letter->references = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < mail->references->len; i++)
    g_ptr_array_add(letter->references, g_strdup(mail->references->pdata[i]));
  if (mail->message_id)
    g_ptr_array_add(letter->references, g_strdup(mail->message_id));
  letter->thread_topic = g_strdup(mail->thread_topic);
  letter->thread_index = g_strdup(mail->thread_index);
}

static void
write_ack(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, const SlTicketFacts *after, SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_customer(facts, after, SL_LETTER_ACK, "ack");
  gboolean stranger = sl_policy_is_stranger(facts->policy, route->person) &&
                      g_strcmp0(arrival->parsed->authentication, "pass") != 0;
  g_autofree char *name = first_name(arrival->name);
  letter->voice = SL_VOICE_REPLY;
  add_thread(letter, arrival->parsed);
  sl_json_set_bool(letter->fields, "stranger", stranger);
  if (stranger) { /* nobody's reflector: none of their words go back to them, but the thread's own subject */
    sl_json_set_null(letter->fields, "subject");
  } else {
    sl_json_set_string(letter->fields, "name", name);
  }
  ack_times(facts, after, letter);
  sl_decision_letter(decision, letter);
}

/* Above five an hour to one sender, one combined acknowledgement names all numbers, well within the 20 minutes. */
#define COMBINED_ACK_AFTER (10 * SL_MINUTE)

static void
acknowledge(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, const SlTicketFacts *after, SlDecision *decision)
{
  if (facts->person_has_ack_notice || facts->acks_to_person >= facts->policy->acks_per_sender)
    sl_decision_notice(decision, route->person, 0, "ack", facts->now + COMBINED_ACK_AFTER);
  else
    write_ack(facts, route, arrival, after, decision);
}

/* ---- telling the worker ---- */

static void
add_due(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter)
{
  SlJson *rows = sl_json_array();
  for (guint i = 0; i < after->clocks->len; i++) {
    const SlClock *clock = after->clocks->pdata[i];
    if (clock->state != SL_CLOCK_RUNNING || clock->due_at == SL_TIME_NONE || clock->target == SL_TARGET_ACK)
      continue;
    SlJson *row = sl_json_object();
    g_autofree char *at = sl_draft_our_time(facts, after, clock->due_at);
    sl_json_set_string(row, "target", sl_target_word(clock->target));
    sl_json_set_string(row, "at", at);
    sl_json_add_take(rows, row);
  }
  sl_json_set_take(letter->fields, "due", rows);
}

/* Mail goes whole to who works on it: what the plain text cannot show rides along as the original. */
static void
attach_original(SlLetter *letter, const SlMail *mail, gint64 mail_id)
{
  if (mail && (mail->attachments->len || mail->html) && !mail->oversize)
    letter->original_mail = mail_id;
}

static void
tell_workers(const SlFacts *facts, const SlTicketFacts *after, const SlArrival *arrival, SlDecision *decision)
{
  gboolean assigned = FALSE;
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, after->ticket, &assigned);
  for (guint i = 0; i < workers->len; i++) {
    SlLetter *letter = sl_draft_to_staff(facts, after, SL_LETTER_ASSIGNMENT, "assignment", workers->pdata[i], SL_SCOPE_REPLY);
    letter->cause = g_strdup("1");
    sl_json_set_bool(letter->fields, "unassigned", !assigned);
    sl_json_set_string(letter->fields, "text", arrival->text);
    sl_json_set_string(letter->fields, "how", "you have the fewest open tickets");
    if (arrival->parsed && arrival->parsed->oversize)
      sl_json_set_string(letter->fields, "fault", "This mail was too large to be read whole; its headers made the ticket, and it is kept.");
    add_due(facts, after, letter);
    attach_original(letter, arrival->parsed, arrival->mail);
    sl_decision_letter(decision, letter);
  }
}

/* ---- */

static void
new_ticket(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, const char *actor, SlDecision *decision)
{
  write_received(facts, route, arrival, actor, decision);
  if (route->kind == SL_ROUTE_FOLLOW_UP)
    link_to(facts, route->ticket, decision);
  keep_call(facts, arrival, actor, decision);
  if (!arrival->silent)
    assign(facts, route, decision);
  const char *forbidden = arrival->parsed ? ack_forbidden(facts, route, arrival) : NULL;
  if (forbidden && !arrival->silent)
    no_ack(facts, forbidden, decision);
  if (!arrival->parsed) /* who calls hears us: acknowledged at creation (S1) */
    sl_json_set_string(sl_decision_event(decision, 0, SL_EVENT_ACKNOWLEDGED, facts->now, actor)->detail, "channel", arrival->channel);
  if (arrival->silent)
    return;
  SlTicketFacts *after = sl_draft_after(facts, route, decision, 0);
  if (arrival->parsed && !forbidden)
    acknowledge(facts, route, arrival, after, decision);
  tell_workers(facts, after, arrival, decision);
  sl_ticket_facts_free(after);
}

void
sl_desk_new(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  SlArrival arrival;
  g_autoptr(SlMail) scratch = sl_mail_new();
  decision->outcome = route->kind == SL_ROUTE_BULK ? SL_OUTCOME_BULK : SL_OUTCOME_NEW;
  decision->reason = g_strdup(route->reason);
  if (stimulus->kind == SL_STIMULUS_MAIL)
    arrival_of_mail(facts->policy, route, &stimulus->mail, &arrival);
  else
    arrival_of_call(facts->policy, &stimulus->command, facts->now, scratch, &arrival);
  if (g_strcmp0(arrival.triage.action, "file") == 0)
    decision->outcome = SL_OUTCOME_FILED;
  new_ticket(facts, route, &arrival, stimulus->kind == SL_STIMULUS_MAIL ? "customer" : stimulus->actor, decision);
  sl_triage_clear(&arrival.triage);
}

/* ---- a customer's later mail ---- */

static SlEvent *
write_wrote(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, gboolean wants_answer, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_WROTE, facts->now, "customer");
  sl_json_set_int(event->detail, "mail", mail->mail_id);
  sl_json_set_int(event->detail, "person", facts->person_id);
  sl_json_set_time(event->detail, "received_at", mail->received);
  sl_json_set_bool(event->detail, "thanks", !wants_answer);
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
  if (ticket->priority != SL_PRIORITY_CRITICAL && first_priority(facts, route, &triage) == SL_PRIORITY_CRITICAL)
    make_critical(facts, ticket, triage.priority_rule, mail->received, decision);
  sl_triage_clear(&triage);
}

/* What their one word does: only with a token of theirs (S8: offered in each letter). */
static void
obey_word(const SlFacts *facts, const SlTicket *ticket, SlWord word, SlTime received, SlDecision *decision)
{
  if (word == SL_WORD_STOP && !ticket->stopped)
    sl_decision_event(decision, ticket->id, SL_EVENT_STOPPED, facts->now, "customer");
  if (word == SL_WORD_URGENT && ticket->priority != SL_PRIORITY_CRITICAL)
    make_critical(facts, ticket, "URGENT", received, decision);
  if (word == SL_WORD_SOLVED && ticket->status != SL_TICKET_RESOLVED && !sl_ticket_is_over(ticket)) {
    SlEvent *event = sl_decision_event(decision, ticket->id, SL_EVENT_RESOLVED, facts->now, "customer");
    sl_json_set_time(event->detail, "received_at", received);
    event->words = g_strdup("The customer says it is solved.");
  }
}

static void
wake_ticket(const SlFacts *facts, const SlTicket *ticket, SlTime received, SlDecision *decision)
{
  if (ticket->status == SL_TICKET_WAITING) {
    SlEvent *event = sl_decision_event(decision, ticket->id, SL_EVENT_RESUMED, facts->now, "customer");
    sl_json_set_string(event->detail, "why", "the customer wrote");
    sl_json_set_time(event->detail, "received_at", MAX(received, ticket->waiting_since));
  } else if (ticket->status == SL_TICKET_RESOLVED || ticket->status == SL_TICKET_CLOSED) {
    sl_json_set_string(sl_decision_event(decision, ticket->id, SL_EVENT_REOPENED, facts->now, "customer")->detail, "why",
                       "the customer wrote");
  }
}

static void
pass_on(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, SlDecision *decision)
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
    sl_json_set_string(letter->fields, "text", mail->mail->reply);
    sl_json_set_string(letter->fields, "due_at", due);
    attach_original(letter, mail->mail, mail->mail_id);
    sl_decision_letter(decision, letter);
  }
  sl_ticket_facts_free(after);
}

void
sl_desk_join(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  const SlTicketFacts *before = sl_facts_ticket(facts, route->ticket);
  SlWord word = sl_triage_word(mail->mail->reply);
  gboolean bare = word == SL_WORD_THANKS || (route->proven && (word == SL_WORD_SOLVED || word == SL_WORD_STOP));
  decision->outcome = SL_OUTCOME_REPLY;
  decision->ticket = route->ticket;
  write_wrote(facts, route, mail, !bare, decision);
  if (!bare)
    wake_ticket(facts, before->ticket, mail->received, decision);
  if (route->proven)
    obey_word(facts, before->ticket, word, mail->received, decision);
  if (!bare && word != SL_WORD_URGENT)
    triage_again(facts, route, before->ticket, mail, decision);
  pass_on(facts, route, mail, decision);
}

/* ---- what waits for a person's word ---- */

static void
ask_for_word(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, const char *address, SlDecision *decision)
{
  const SlTicketFacts *ticket = route->ticket ? sl_facts_ticket(facts, route->ticket) : NULL;
  SlLetter *letter = sl_letter_new(SL_LETTER_HOLD, "hold", route->ticket);
  letter->no_ticket = route->ticket == 0;
  sl_letter_add_to(letter, address);
  sl_letter_set_person(letter, address);
  letter->reply_scope = ticket ? SL_SCOPE_NOTE : SL_SCOPE_NONE;
  letter->voice = SL_VOICE_MACHINE;
  letter->cause = g_strdup_printf("m%" G_GINT64_FORMAT, mail->mail_id);
  sl_json_set_string(letter->fields, "company", facts->policy->company);
  sl_json_set_string(letter->fields, "why", route->reason);
  sl_json_set_string(letter->fields, "from", route->person);
  sl_json_set_string(letter->fields, "subject", mail->mail->subject);
  sl_json_set_string(letter->fields, "text", mail->mail->reply);
  sl_json_set_int(letter->fields, "mail", mail->mail_id);
  sl_decision_letter(decision, letter);
}

void
sl_desk_hold(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  decision->outcome = SL_OUTCOME_HELD;
  decision->ticket = route->ticket;
  decision->reason = g_strdup(route->reason);
  decision->hold_mail = TRUE;
  if (route->ticket) {
    SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_HELD, facts->now, "slate");
    sl_json_set_int(event->detail, "mail", mail->mail_id);
    sl_json_set_string(event->detail, "why", route->reason);
  }
  if (route->kind == SL_ROUTE_AGENT_HELD) { /* back to the registered mailbox: whoever wrote it, the agent learns of it */
    ask_for_word(facts, route, mail, sl_agent_mail(route->agent), decision);
    return;
  }
  const SlTicketFacts *ticket = sl_facts_ticket(facts, route->ticket);
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, ticket->ticket, NULL);
  for (guint i = 0; i < workers->len; i++)
    ask_for_word(facts, route, mail, workers->pdata[i], decision);
}

/* ---- machines are never answered ---- */

void
sl_desk_machine(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  static const SlOutcome outcomes[] = {
      [SL_ORIGIN_PERSON] = SL_OUTCOME_IGNORED,       [SL_ORIGIN_AUTO_REPLY] = SL_OUTCOME_AUTO_REPLY,
      [SL_ORIGIN_BOUNCE] = SL_OUTCOME_BOUNCE,        [SL_ORIGIN_LIST] = SL_OUTCOME_LIST,
      [SL_ORIGIN_BULK] = SL_OUTCOME_IGNORED,         [SL_ORIGIN_SELF] = SL_OUTCOME_SELF,
  };
  const SlMail *mail = stimulus->mail.mail;
  decision->outcome = outcomes[mail->origin];
  decision->reason = g_strdup(route->reason);
  decision->ticket = route->ticket;
  if (!route->ticket)
    return;
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_JOINED, facts->now, "slate");
  sl_json_set_int(event->detail, "mail", stimulus->mail.mail_id);
  sl_json_set_string(event->detail, "origin", sl_origin_word(mail->origin));
}
