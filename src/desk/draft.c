/* SPDX-License-Identifier: ISC */
#include "desk/draft.h"

#include <string.h>

#include "desk/when.h"

/* ---- the ticket as it will be ---- */

static void
number_events(const GPtrArray *events, int after, GPtrArray *all)
{
  for (guint i = 0; i < events->len; i++) {
    SlEvent *event = events->pdata[i];
    event->seq = after + (int)i + 1;
    g_ptr_array_add(all, event);
  }
}

static const SlChange *
change_of(const SlDecision *decision, gint64 ticket)
{
  for (guint i = 0; i < decision->changes->len; i++) {
    const SlChange *change = decision->changes->pdata[i];
    if (change->ticket == ticket)
      return change;
  }
  return NULL;
}

static void
copy_thread(SlTicketFacts *after, const SlTicketFacts *before)
{
  after->references = before->references ? g_ptr_array_ref(before->references) : NULL;
  after->cc = before->cc ? g_ptr_array_ref(before->cc) : NULL;
  after->last_message_id = g_strdup(before->last_message_id);
  after->thread_topic = g_strdup(before->thread_topic);
  after->thread_index = g_strdup(before->thread_index);
  after->last_text = g_strdup(before->last_text);
  after->last_mail = before->last_mail;
}

/* The text that holds then: another where this decision takes the edited dates. */
static SlAgreement *
text_of(const SlTicketFacts *before, const SlTicket *after, const SlRoute *route)
{
  SlAgreement *edited = before && before->texts ? g_hash_table_lookup(before->texts, after->agreement) : NULL;
  return edited ? edited : before ? before->agreement : route->client->agreement;
}

SlTicketFacts *
sl_draft_after(const SlFacts *facts, const SlRoute *route, const SlDecision *decision, gint64 ticket)
{
  const SlTicketFacts *before = ticket ? sl_facts_ticket(facts, ticket) : NULL;
  const SlChange *change = change_of(decision, ticket);
  SlTicketFacts *after = g_new0(SlTicketFacts, 1);
  after->client = before ? before->client : route->client;
  after->texts = before && before->texts ? g_hash_table_ref(before->texts) : NULL;
  after->events = g_ptr_array_new(); /* borrows: facts and decision own them */
  for (guint i = 0; before && i < before->events->len; i++)
    g_ptr_array_add(after->events, before->events->pdata[i]);
  if (change)
    number_events(change->events, before ? before->ticket->seq : 0, after->events);
  after->ticket = sl_ticket_fold(after->events);
  after->ticket->id = ticket;
  after->agreement = sl_agreement_ref(text_of(before, after->ticket, route));
  after->moves = sl_ticket_moves(after->events, after->texts);
  after->clocks = sl_clock_run((const SlMove *)(gconstpointer)after->moves->data, after->moves->len, after->agreement, facts->now);
  if (before)
    copy_thread(after, before);
  return after;
}

char *
sl_draft_cause(const SlFacts *facts, const SlDecision *decision, gint64 ticket)
{
  const SlTicketFacts *before = ticket ? sl_facts_ticket(facts, ticket) : NULL;
  const SlChange *change = change_of(decision, ticket);
  return g_strdup_printf("%u", (before ? (guint)before->ticket->seq : 0) + (change ? change->events->len : 0));
}

/* ---- people ---- */

static void
add_role(const SlPolicy *policy, GPtrArray *out, const char *who, const char *but_not, GHashTable *absent)
{
  g_autoptr(GPtrArray) found = sl_policy_resolve(policy, who, but_not, absent);
  for (guint i = 0; i < found->len; i++) {
    if (!g_ptr_array_find_with_equal_func(out, found->pdata[i], g_str_equal, NULL))
      g_ptr_array_add(out, found->pdata[i]);
  }
}

GPtrArray *
sl_draft_workers(const SlPolicy *policy, const SlTicket *ticket, gboolean *out_assigned)
{
  static const char *const loud[] = {"role:supervisor", "role:agent"};
  GPtrArray *workers = g_ptr_array_new();
  const SlAgent *assignee = ticket->assignee ? sl_policy_agent(policy, ticket->assignee) : NULL;
  if (out_assigned)
    *out_assigned = assignee != NULL;
  if (assignee) {
    g_ptr_array_add(workers, (gpointer)sl_agent_mail(assignee));
    return workers;
  }
  for (guint i = 0; workers->len == 0 && i < G_N_ELEMENTS(loud); i++)
    add_role(policy, workers, loud[i], NULL, NULL);
  if (workers->len == 0)
    g_ptr_array_add(workers, policy->postmaster);
  return workers;
}

GPtrArray *
sl_draft_level(const SlFacts *facts, const SlAgreement *agreement, int level, const char *assignee)
{
  const SlPolicy *policy = facts->policy;
  GPtrArray *people = g_ptr_array_new();
  for (guint i = (guint)level; people->len == 0 && i <= agreement->levels->len; i++) {
    const SlLevel *step = agreement->levels->pdata[i - 1];
    for (guint j = 0; j < step->to->len; j++)
      add_role(policy, people, step->to->pdata[j], assignee, facts->absent);
  }
  if (people->len == 0)
    g_ptr_array_add(people, policy->postmaster);
  return people;
}

char *
sl_draft_staff_name(const SlPolicy *policy, const char *address)
{
  const SlAgent *agent = sl_policy_agent_by_mail(policy, address);
  return agent ? g_strconcat("agent:", agent->name, NULL) : g_strdup(address);
}

const char *
sl_draft_staff_address(const SlPolicy *policy, const char *name)
{
  if (!g_str_has_prefix(name, "agent:"))
    return name;
  const SlAgent *agent = sl_policy_agent(policy, name + strlen("agent:"));
  return agent ? sl_agent_mail(agent) : NULL;
}

/* ---- times ---- */

char *
sl_draft_time(const SlFacts *facts, const SlTicketFacts *ticket, SlTime t)
{
  return sl_when_say(t, facts->now, sl_calendar_get_zone(ticket->agreement->calendar), ticket->client->timezone);
}

char *
sl_draft_our_time(const SlFacts *facts, const SlTicketFacts *ticket, SlTime t)
{
  return sl_when_say(t, facts->now, sl_calendar_get_zone(ticket->agreement->calendar), NULL);
}

/* "Mon-Fri 08:00-18:00, Sat 09:00-12:00 EST": the hours as the configuration has them, days capitalised. */
char *
sl_draft_desk_line(const SlFacts *facts, const SlCalendar *calendar)
{
  const SlCalendarSpec *spec = sl_calendar_get_spec(calendar);
  g_autofree char *zone = sl_time_format_zone(facts->now, spec->timezone, "%Z");
  g_autoptr(GString) line = g_string_new(facts->policy->company);
  for (guint i = 0; i < spec->hours->len; i++) {
    gsize start = line->len + 2;
    g_string_append_printf(line, "%s%s", ", ", (const char *)spec->hours->pdata[i]);
    for (gsize j = start; j < line->len; j++) {
      if (j == start || line->str[j - 1] == '-')
        line->str[j] = g_ascii_toupper(line->str[j]);
    }
  }
  g_string_append_printf(line, " %s", zone);
  return g_string_free(g_steal_pointer(&line), FALSE);
}

/* ---- letters ---- */

static char *
reply_subject(const char *subject)
{
  if (g_ascii_strncasecmp(subject, "re:", 3) == 0 || g_ascii_strncasecmp(subject, "aw:", 3) == 0)
    return g_strdup(subject);
  return g_strconcat("Re: ", *subject ? subject : "your message", NULL);
}

static void
common_fields(const SlFacts *facts, const SlTicketFacts *ticket, SlLetter *letter)
{
  g_autofree char *line = sl_draft_desk_line(facts, ticket->agreement->calendar);
  sl_json_set_string(letter->fields, "company", facts->policy->company);
  sl_json_set_string(letter->fields, "desk_line", line);
  sl_json_set_string(letter->fields, "subject", ticket->ticket->subject);
  sl_json_set_string(letter->fields, "assignee", sl_policy_title(facts->policy, ticket->ticket->assignee));
}

SlLetter *
sl_draft_to_customer(const SlFacts *facts, const SlTicketFacts *ticket, SlLetterKind kind, const char *template_name)
{
  SlLetter *letter = sl_letter_new(kind, template_name, ticket->ticket->id);
  const char *requester = ticket->ticket->requester;
  sl_letter_add_to(letter, requester);
  letter->reply_scope = SL_SCOPE_REPLY;
  letter->voice = SL_VOICE_MACHINE;
  letter->language = g_strdup(ticket->client->language ? ticket->client->language : facts->policy->language);
  letter->subject = reply_subject(ticket->ticket->subject);
  letter->in_reply_to = g_strdup(ticket->last_message_id);
  letter->references = ticket->references ? g_ptr_array_ref(ticket->references) : NULL;
  letter->thread_topic = g_strdup(ticket->thread_topic);
  letter->thread_index = g_strdup(ticket->thread_index);
  common_fields(facts, ticket, letter);
  return letter;
}

SlLetter *
sl_draft_to_staff(const SlFacts *facts, const SlTicketFacts *ticket, SlLetterKind kind, const char *template_name,
                  const char *address, SlScope scope)
{
  SlLetter *letter = sl_letter_new(kind, template_name, ticket->ticket->id);
  sl_letter_add_to(letter, address);
  sl_letter_set_person(letter, address);
  letter->reply_scope = scope;
  letter->voice = SL_VOICE_MACHINE;
  common_fields(facts, ticket, letter);
  if (!ticket->ticket->subject || !*ticket->ticket->subject)
    sl_json_set_string(letter->fields, "subject", "(no subject)");
  sl_json_set_string(letter->fields, "client", ticket->client->title ? ticket->client->title : ticket->client->name);
  sl_json_set_string(letter->fields, "requester", ticket->ticket->requester);
  sl_json_set_string(letter->fields, "priority", sl_priority_word(ticket->ticket->priority));
  sl_json_set_bool(letter->fields, "critical", ticket->ticket->priority == SL_PRIORITY_CRITICAL);
  sl_json_set_string(letter->fields, "owner", sl_policy_title(facts->policy, ticket->ticket->assignee));
  sl_json_set_string(letter->fields, "text", ticket->last_text);
  return letter;
}

SlLetter *
sl_draft_personal(const SlPolicy *policy, SlLetterKind kind, const char *template_name, const char *address, SlScope scope)
{
  SlLetter *letter = sl_letter_new(kind, template_name, 0);
  letter->no_ticket = TRUE;
  sl_letter_add_to(letter, address);
  sl_letter_set_person(letter, address);
  letter->reply_scope = scope;
  letter->voice = SL_VOICE_MACHINE;
  sl_json_set_string(letter->fields, "company", policy->company);
  return letter;
}

void
sl_draft_attach(SlLetter *letter, const SlMail *mail, gint64 mail_id)
{
  if (mail && (mail->attachments->len || mail->html) && !mail->oversize)
    letter->original_mail = mail_id;
}

void
sl_draft_due(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter)
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

SlLetter *
sl_draft_assignment(const SlFacts *facts, const SlTicketFacts *ticket, const SlAgent *agent, const char *how, SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_ASSIGNMENT, "assignment", sl_agent_mail(agent), SL_SCOPE_REPLY);
  letter->cause = sl_draft_cause(facts, decision, ticket->ticket->id);
  sl_json_set_string(letter->fields, "how", how);
  sl_draft_due(facts, ticket, letter);
  return sl_decision_letter(decision, letter);
}

/* "A person writes to you by …": the one time that the ack prints is the running answer clock's. */
void
sl_draft_ack_times(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter)
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

/* Some minutes later are no news: the clock has them, no letter does. */
#define MOVED_LEAST (5 * SL_MINUTE)

static void
write_moved_eta(const SlFacts *facts, const SlTicketFacts *after, SlTime moved, SlDecision *decision)
{
  gint64 ticket = after->ticket->id;
  SlEvent *event = sl_decision_event(decision, ticket, SL_EVENT_ETA, facts->now, "slate");
  sl_json_set_time(event->detail, "until", moved);
  sl_json_set_string(event->detail, "how", "moved");
  if (!after->ticket->requester || moved <= facts->now) /* what is over already is no estimate to tell */
    return;
  if (moved - after->ticket->eta < MOVED_LEAST)
    return;
  SlLetter *letter = sl_draft_to_customer(facts, after, SL_LETTER_ETA, "eta");
  g_autofree char *until = sl_draft_time(facts, after, moved);
  g_autofree char *previous = sl_draft_time(facts, after, after->ticket->eta);
  letter->cause = sl_draft_cause(facts, decision, ticket);
  sl_json_set_string(letter->fields, "until", until);
  sl_json_set_string(letter->fields, "previous", previous);
  sl_json_set_bool(letter->fields, "waited", TRUE);
  sl_decision_letter(decision, letter);
}

void
sl_draft_moved_eta(const SlFacts *facts, const SlRoute *route, gint64 ticket, SlDecision *decision)
{
  SlTicketFacts *after = sl_draft_after(facts, route, decision, ticket);
  const SlClock *resolve = sl_clock_find(after->clocks, SL_TARGET_RESOLVE, 0);
  SlTime told = after->ticket->eta;
  if (resolve && resolve->end_seq == 0 && told != SL_TIME_NONE && resolve->due_at != SL_TIME_NONE && resolve->due_at > told)
    write_moved_eta(facts, after, resolve->due_at, decision);
  sl_ticket_facts_free(after);
}

SlLetter *
sl_draft_hold(const SlFacts *facts, const SlTicketFacts *ticket, const char *address, const SlMail *mail, gint64 mail_id, const char *why,
              const char *what_ok_does, SlDecision *decision)
{
  SlLetter *letter = ticket ? sl_draft_to_staff(facts, ticket, SL_LETTER_HOLD, "hold", address, SL_SCOPE_NOTE)
                            : sl_draft_personal(facts->policy, SL_LETTER_HOLD, "hold", address, SL_SCOPE_COMMAND);
  letter->cause = g_strdup_printf("m%" G_GINT64_FORMAT, mail_id);
  sl_json_set_string(letter->fields, "why", why);
  sl_json_set_string(letter->fields, "ok", what_ok_does);
  sl_json_set_string(letter->fields, "from", mail->from ? mail->from->address : NULL);
  sl_json_set_string(letter->fields, "subject", mail->subject);
  sl_json_set_string(letter->fields, "text", mail->reply);
  sl_json_set_int(letter->fields, "mail", mail_id);
  return sl_decision_letter(decision, letter);
}

/* ---- all-clear ---- */

static void
withdraw_alarms(SlDecision *decision, const SlTicket *ticket, SlTarget ended)
{
  static const char *const causes[SL_N_TARGETS][4] = {
      [SL_TARGET_ANSWER] = {"escalate:start:", "escalate:answer:"},
      [SL_TARGET_ETA] = {"escalate:eta:", "escalate:resolve:"},
      [SL_TARGET_RESOLVE] = {"escalate:"},
  };
  static const char *const warnings[SL_N_TARGETS][4] = {
      [SL_TARGET_ANSWER] = {"warn:start:", "warn:answer:"},
      [SL_TARGET_ETA] = {"warn:eta:", "warn:resolve:"},
      [SL_TARGET_RESOLVE] = {"warn:"},
  };
  gboolean goes_on = ended == SL_TARGET_ETA && ticket->priority == SL_PRIORITY_CRITICAL; /* level 3: until it is solved */
  for (guint i = goes_on ? 1 : 0; causes[ended][i]; i++)
    sl_decision_withdraw(decision, ticket->id, SL_LETTER_ESCALATION, causes[ended][i]);
  for (guint i = 0; warnings[ended][i]; i++)
    sl_decision_withdraw(decision, ticket->id, SL_LETTER_WARNING, warnings[ended][i]);
}

/* Who was told of what ends now. char*, borrowed; owned array. NULL: there was no such alarm, not even one that still waits to be told. */
static GPtrArray *
alarmed_people(const SlTicket *ticket, SlTarget ended)
{
  GPtrArray *told = NULL;
  for (guint i = 0; i < ticket->alarmed->len; i++) {
    const SlAlarmed *alarmed = ticket->alarmed->pdata[i];
    if (!sl_alarmed_ends(alarmed, ended, ticket->priority))
      continue;
    told = told ? told : g_ptr_array_new();
    if (alarmed->told && !g_ptr_array_find_with_equal_func(told, alarmed->who, g_str_equal, NULL))
      g_ptr_array_add(told, alarmed->who);
  }
  return told;
}

void
sl_draft_all_clear(const SlFacts *facts, SlDecision *decision, const SlTicketFacts *ticket, SlTarget ended, const char *what,
                   const char *actor)
{
  g_autoptr(GPtrArray) told = alarmed_people(ticket->ticket, ended);
  withdraw_alarms(decision, ticket->ticket, ended);
  if (!told)
    return;
  SlJson *names = sl_json_array();
  for (guint i = 0; i < told->len; i++)
    sl_json_add_string(names, told->pdata[i]);
  SlEvent *event = sl_decision_event(decision, ticket->ticket->id, SL_EVENT_CALMED, facts->now, "slate");
  sl_json_set_take(event->detail, "who", names);
  sl_json_set_string(event->detail, "ended", sl_target_word(ended));
  g_autofree char *cause = sl_draft_cause(facts, decision, ticket->ticket->id);
  for (guint i = 0; i < told->len; i++) {
    const char *address = sl_draft_staff_address(facts->policy, told->pdata[i]);
    if (!address || g_strcmp0(told->pdata[i], actor) == 0) /* who ended it knows */
      continue;
    SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_ALL_CLEAR, "all-clear", address, SL_SCOPE_NOTE);
    letter->cause = g_strdup(cause);
    sl_json_set_string(letter->fields, "what", what);
    sl_decision_letter(decision, letter);
  }
}
