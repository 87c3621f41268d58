/* SPDX-License-Identifier: ISC */
#include "desk/arrive.h"

#include <string.h>

#include "desk/assign.h"
#include "desk/triage.h"
#include "desk/when.h"

/* ---- a new ticket ---- */

/* Who wrote and what, whichever channel it came by. */
typedef struct {
  const char *subject, *text, *channel, *mailbox, *name;
  const char *actor;
  SlTime received;
  gint64 mail;            /* 0 at the command line */
  const SlMail *thread;   /* the customer's own mail, which our letters answer; NULL: there is none in our hands */
  const SlMail *original; /* what rides along to the worker; NULL */
  gboolean call;          /* who calls hears us: acknowledged at creation (S1) */
  gboolean by_agent;      /* an agent wrote first: nothing is owed but the solution */
  gboolean vouched;       /* an agent passed it on: the words may go back to the customer */
  gboolean silent;        /* no letters, no clocks */
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
      .actor = "customer",
      .received = mail->received,
      .mail = mail->mail_id,
      .thread = mail->mail,
      .original = mail->mail,
  };
  sl_desk_triage(policy, mail, &out->triage);
  out->silent = route->kind == SL_ROUTE_BULK || mail->mail->origin == SL_ORIGIN_BULK || mail->old || g_strcmp0(out->triage.action, "file") == 0;
}

/* The rules look at words, whichever way they came: a call or a passed-on mail is triaged as a mail of the customer's would be. */
static void
triage_words(const SlPolicy *policy, const char *from, SlArrival *arrival)
{
  g_autoptr(SlMail) words = sl_mail_new();
  g_free(words->subject);
  g_free(words->reply);
  words->subject = g_strdup(arrival->subject);
  words->reply = g_strdup(arrival->text);
  words->from = sl_mailbox_new("", from);
  const SlMailStimulus as_mail = {.mail = words, .received = arrival->received, .channel = arrival->channel};
  sl_desk_triage(policy, &as_mail, &arrival->triage);
}

static void
arrival_of_command(const SlPolicy *policy, const SlStimulus *stimulus, SlTime now, SlArrival *out)
{
  const SlCommand *command = &stimulus->command;
  *out = (SlArrival){
      .subject = command->subject ? command->subject : "",
      .text = command->text ? command->text : "",
      .channel = command->channel ? command->channel : "phone",
      .actor = stimulus->actor,
      .received = command->received == SL_TIME_NONE ? now : command->received,
      .call = TRUE,
  };
  triage_words(policy, command->from, out);
}

/* An agent's mail that speaks of a customer: passed on, told on the phone, or written first. */
static void
arrival_by_agent(const SlPolicy *policy, const SlRoute *route, const SlMailStimulus *mail, const char *actor, SlArrival *out)
{
  const SlForwarded *inside = route->kind == SL_ROUTE_FORWARD ? mail->mail->forwarded : NULL;
  *out = (SlArrival){
      .subject = inside ? inside->subject : mail->mail->subject,
      .text = inside ? inside->text : mail->mail->reply,
      .name = inside ? inside->from->name : NULL,
      .channel = route->scope == SL_SCOPE_CHAT ? "chat" : route->kind == SL_ROUTE_CALL ? "phone" : "mail",
      .mailbox = mail->mailbox,
      .actor = actor,
      .received = mail->received,
      .mail = mail->mail_id,
      .original = inside ? mail->mail : NULL,
      .call = route->kind == SL_ROUTE_CALL,
      .by_agent = route->kind == SL_ROUTE_INITIATED,
      .vouched = TRUE,
      .silent = mail->old,
  };
  triage_words(policy, route->person, out);
}

/* Strangers raise at most three an hour: beyond that their words are just words. */
SlPriority
sl_arrive_priority(const SlFacts *facts, const SlRoute *route, const SlTriage *triage)
{
  if (triage->priority < 0)
    return SL_PRIORITY_STANDARD;
  gboolean stranger = sl_policy_is_stranger(facts->policy, route->person ? route->person : "");
  if (triage->priority == SL_PRIORITY_CRITICAL && stranger && facts->raises_by_strangers >= facts->policy->strangers_raise)
    return SL_PRIORITY_STANDARD;
  return (SlPriority)triage->priority;
}

static void
write_received(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, SlDecision *decision)
{
  const SlAgreement *agreement = route->client->agreement;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_RECEIVED, facts->now, arrival->actor);
  SlJson *tags = sl_json_array();
  for (guint i = 0; i < arrival->triage.tags->len; i++)
    sl_json_add_string(tags, arrival->triage.tags->pdata[i]);
  sl_json_set_take(event->detail, "tags", tags);
  sl_json_set_string(event->detail, "channel", arrival->channel);
  sl_json_set_string(event->detail, "client", route->client->name);
  sl_json_set_string(event->detail, "sla", agreement->name);
  sl_json_set_string(event->detail, "version", agreement->version);
  sl_json_set_string(event->detail, "priority", sl_priority_word(sl_arrive_priority(facts, route, &arrival->triage)));
  sl_json_set_string(event->detail, "rule", arrival->triage.priority_rule);
  sl_json_set_string(event->detail, "mailbox", arrival->mailbox);
  sl_json_set_time(event->detail, "received_at", arrival->received);
  sl_json_set_int(event->detail, "person", facts->person_id);
  sl_json_set_int(event->detail, "mail", arrival->mail);
  sl_json_set_bool(event->detail, "silent", arrival->silent);
  if (arrival->by_agent)
    sl_json_set_bool(event->detail, "by_agent", TRUE);
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
keep_call(const SlFacts *facts, const SlArrival *arrival, SlDecision *decision)
{
  if (!arrival->call || !*arrival->text)
    return;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_NOTED, facts->now, arrival->actor);
  sl_json_set_string(event->detail, "how", arrival->channel);
  sl_json_set_time(event->detail, "received_at", arrival->received);
  event->words = g_strdup(arrival->text);
}

/* Whoever wrote first goes on with it; else it is somebody's turn. */
static void
assign(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, SlDecision *decision)
{
  const char *of_mailbox = arrival->mailbox ? g_hash_table_lookup(facts->policy->mailbox_languages, arrival->mailbox) : NULL;
  const char *language = route->client->language ? route->client->language : of_mailbox ? of_mailbox : facts->policy->language;
  const SlAgent *agent = arrival->by_agent ? route->agent
                                           : sl_desk_assign(facts->policy, facts->open_by_agent, facts->last_assigned, language, facts->absent);
  const char *how = arrival->by_agent ? "wrote first" : facts->policy->assign == SL_ASSIGN_ROUND_ROBIN ? "round-robin" : "least-open";
  if (!agent)
    return;
  SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_ASSIGNED, facts->now, "slate");
  sl_json_set_string(event->detail, "agent", agent->name);
  sl_json_set_string(event->detail, "how", how);
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
  gboolean stranger = sl_policy_is_stranger(facts->policy, route->person) && !arrival->vouched &&
                      g_strcmp0(arrival->thread ? arrival->thread->authentication : NULL, "pass") != 0;
  g_autofree char *name = first_name(arrival->name);
  letter->voice = SL_VOICE_REPLY;
  if (arrival->thread)
    add_thread(letter, arrival->thread);
  sl_json_set_bool(letter->fields, "stranger", stranger);
  if (stranger) { /* nobody's reflector: none of their words go back to them, but the thread's own subject */
    sl_json_set_null(letter->fields, "subject");
  } else {
    sl_json_set_string(letter->fields, "name", name);
  }
  sl_draft_ack_times(facts, after, letter);
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

/* Why only its headers were read: the first fault says it. */
static const char *
arrival_fault(const SlMail *mail)
{
  return mail->faults->len ? mail->faults->pdata[0] : "this mail was too large to be read whole; its headers made the ticket, and it is kept";
}

static void
tell_workers(const SlFacts *facts, const SlRoute *route, const SlTicketFacts *after, const SlArrival *arrival, SlDecision *decision)
{
  gboolean assigned = FALSE;
  const char *turn = facts->policy->assign == SL_ASSIGN_ROUND_ROBIN ? "it is your turn" : "you have the fewest open tickets";
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, after->ticket, &assigned);
  for (guint i = 0; i < workers->len; i++) {
    SlLetter *letter = sl_draft_to_staff(facts, after, SL_LETTER_ASSIGNMENT, "assignment", workers->pdata[i], SL_SCOPE_REPLY);
    letter->cause = g_strdup("1");
    sl_json_set_bool(letter->fields, "unassigned", !assigned);
    sl_json_set_string(letter->fields, "text", arrival->text);
    sl_json_set_string(letter->fields, "how", arrival->by_agent ? "you wrote first" : turn);
    if (arrival->original && arrival->original->oversize)
      sl_json_set_string(letter->fields, "fault", arrival_fault(arrival->original));
    else if (!route->person)
      sl_json_set_string(letter->fields, "fault", "No sender's address can be read in this mail, so nobody was acknowledged. It is kept as it came.");
    sl_draft_due(facts, after, letter);
    sl_draft_attach(letter, arrival->original, arrival->mail);
    sl_decision_letter(decision, letter);
  }
}

/* ---- */

/* Nothing is owed to whom an agent wrote first; who calls hears us. */
static void
settle_ack(const SlFacts *facts, const SlArrival *arrival, const char *forbidden, SlDecision *decision)
{
  if (arrival->call)
    sl_json_set_string(sl_decision_event(decision, 0, SL_EVENT_ACKNOWLEDGED, facts->now, arrival->actor)->detail, "channel", arrival->channel);
  else if (forbidden && !arrival->silent && !arrival->by_agent)
    no_ack(facts, forbidden, decision);
}

static void
new_ticket(const SlFacts *facts, const SlRoute *route, const SlArrival *arrival, SlDecision *decision)
{
  write_received(facts, route, arrival, decision);
  if (route->kind == SL_ROUTE_FOLLOW_UP)
    link_to(facts, route->ticket, decision);
  keep_call(facts, arrival, decision);
  if (!arrival->silent || !route->person) /* what names no sender is looked at by a person, at least */
    assign(facts, route, arrival, decision);
  const char *forbidden = arrival->call || arrival->by_agent ? NULL : ack_forbidden(facts, route, arrival);
  settle_ack(facts, arrival, forbidden, decision);
  if (arrival->silent && route->person)
    return;
  SlTicketFacts *after = sl_draft_after(facts, route, decision, 0);
  if (!arrival->silent && !arrival->call && !arrival->by_agent && !forbidden)
    acknowledge(facts, route, arrival, after, decision);
  tell_workers(facts, route, after, arrival, decision);
  sl_ticket_facts_free(after);
}

void
sl_desk_new(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  SlArrival arrival;
  gboolean bulk = route->kind == SL_ROUTE_BULK || (stimulus->kind == SL_STIMULUS_MAIL && stimulus->mail.mail->origin == SL_ORIGIN_BULK);
  decision->outcome = bulk ? SL_OUTCOME_BULK : SL_OUTCOME_NEW;
  decision->reason = g_strdup(route->reason);
  if (stimulus->kind == SL_STIMULUS_MAIL)
    arrival_of_mail(facts->policy, route, &stimulus->mail, &arrival);
  else
    arrival_of_command(facts->policy, stimulus, facts->now, &arrival);
  if (g_strcmp0(arrival.triage.action, "file") == 0)
    decision->outcome = SL_OUTCOME_FILED;
  new_ticket(facts, route, &arrival, decision);
  sl_triage_clear(&arrival.triage);
}

/* The agent learns what became of their mail. */
static void
tell_agent(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, SlDecision *decision)
{
  SlTicketFacts *after = sl_draft_after(facts, route, decision, 0);
  SlLetter *letter = sl_draft_to_staff(facts, after, SL_LETTER_RECEIPT, "receipt", sl_agent_mail(route->agent), SL_SCOPE_NOTE);
  SlJson *did = sl_json_array();
  g_autofree char *line = g_strdup_printf("a ticket of %s's%s", route->person,
                                          route->kind == SL_ROUTE_FORWARD ? ", who gets an acknowledgement" : "");
  letter->cause = g_strdup_printf("m%" G_GINT64_FORMAT, mail->mail_id);
  letter->in_reply_to = g_strdup(mail->mail->message_id);
  sl_json_add_string(did, line);
  sl_json_set_take(letter->fields, "did", did);
  sl_decision_letter(decision, letter);
  sl_ticket_facts_free(after);
}

void
sl_desk_by_agent(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  SlArrival arrival;
  g_autofree char *actor = g_strconcat("agent:", route->agent->name, NULL);
  arrival_by_agent(facts->policy, route, &stimulus->mail, actor, &arrival);
  decision->outcome = route->kind == SL_ROUTE_INITIATED ? SL_OUTCOME_OUTGOING : SL_OUTCOME_NEW;
  decision->reason = g_strdup(route->reason);
  new_ticket(facts, route, &arrival, decision);
  if (arrival.by_agent) {
    SlEvent *event = sl_decision_event(decision, 0, SL_EVENT_ANSWERED, facts->now, actor);
    sl_json_set_string(event->detail, "how", "outside");
    sl_json_set_time(event->detail, "received_at", stimulus->mail.received);
    sl_json_set_int(event->detail, "mail", stimulus->mail.mail_id);
    event->words = g_strdup(*arrival.text ? arrival.text : NULL);
  }
  tell_agent(facts, route, &stimulus->mail, decision);
  sl_triage_clear(&arrival.triage);
}
