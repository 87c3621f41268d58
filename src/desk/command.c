/* SPDX-License-Identifier: ISC */
#include "desk/command.h"

#include <string.h>

#include "desk/alarm.h"
#include "desk/orders.h"
#include "desk/when.h"

/* One agent's act on one ticket, while it is carried out. */
typedef struct {
  const SlFacts *facts;
  const SlRoute *route;
  const SlTicketFacts *ticket;
  SlDecision *decision;
  const char *actor;       /* "agent:ana" */
  SlTime at;               /* when it counts: the receipt of their mail, or now */
  gint64 mail;             /* 0 on the command line */
  const SlMail *parsed;    /* NULL on the command line */
  const char *text;        /* the words that came with it; "" when none */
  gboolean text_used;
  gboolean spoke;          /* public words went in this act */
  const char *why;         /* -m; NULL */
  SlTime when;             /* already absolute; NONE */
  GPtrArray *did;          /* char*: what the receipt says */
} Act;

/* ---- small things ---- */

static void
did(Act *act, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
did(Act *act, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_ptr_array_add(act->did, g_strdup_vprintf(format, args));
  va_end(args);
}

static const char *
actor_name(const Act *act)
{
  const char *colon = strchr(act->actor, ':');
  return colon ? colon + 1 : act->actor;
}

static SlEvent *
write_event(Act *act, SlEventKind kind, const char *words)
{
  SlEvent *event = sl_decision_event(act->decision, act->ticket->ticket->id, kind, act->facts->now, act->actor);
  sl_json_set_time(event->detail, "received_at", MIN(act->at, act->facts->now));
  if (act->mail)
    sl_json_set_int(event->detail, "mail", act->mail);
  if (words && *words)
    event->words = g_strdup(words);
  return event;
}

static gboolean
refuse(Act *act, SlError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static gboolean
refuse(Act *act, SlError code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  sl_decision_refuse(act->decision, code, "%s", text);
  return FALSE;
}

/* The words that belong to a verb: its own argument, -m, or the text of the mail, whichever is there. */
static char *
words_for(Act *act, const char *argument)
{
  g_autoptr(GString) words = g_string_new(NULL);
  const char *const parts[] = {argument, act->why, act->text_used ? NULL : act->text};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i] && *parts[i])
      g_string_append_printf(words, "%s%s", words->len ? "\n\n" : "", parts[i]);
  }
  act->text_used = TRUE;
  return g_string_free(g_steal_pointer(&words), FALSE);
}

static SlLetter *
to_customer(Act *act, SlLetterKind kind, const char *template_name, const char *body)
{
  if (!act->ticket->ticket->requester)
    return NULL;
  SlLetter *letter = sl_draft_to_customer(act->facts, act->ticket, kind, template_name);
  letter->cause = sl_draft_cause(act->facts, act->decision, act->ticket->ticket->id);
  letter->body = g_strdup(body);
  letter->voice = body && *body ? SL_VOICE_HUMAN : SL_VOICE_MACHINE;
  letter->event = body && *body ? atoi(letter->cause) : 0;
  sl_json_set_string(letter->fields, "agent", actor_name(act));
  return sl_decision_letter(act->decision, letter);
}

/* Public words: they answer, and whoever was alarmed about the answer is told. */
static void
words_went(Act *act)
{
  g_autofree char *at = sl_draft_our_time(act->facts, act->ticket, act->at);
  g_autofree char *what = g_strdup_printf("%s answered %s", actor_name(act), at);
  act->spoke = TRUE;
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ANSWER, what, act->actor);
}

/* ---- verbs ---- */

static gboolean
do_reply(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "an answer needs words");
  if (!act->ticket->ticket->requester)
    return refuse(act, SL_ERROR_DENIED, "ticket %" G_GINT64_FORMAT " has no address to answer to", act->ticket->ticket->id);
  sl_json_set_string(write_event(act, SL_EVENT_ANSWERED, words)->detail, "how", "reply");
  SlLetter *letter = to_customer(act, SL_LETTER_ANSWER, "answer", words);
  for (guint i = 0; act->ticket->cc && i < act->ticket->cc->len; i++)
    g_ptr_array_add(letter->cc, g_strdup(act->ticket->cc->pdata[i]));
  words_went(act);
  did(act, "your answer went to %s", act->ticket->ticket->requester);
  return TRUE;
}

/* A colleague's note on a critical ticket reaches whoever works on it at once (S6). */
static void
pass_note_on(Act *act, const char *words)
{
  const SlTicket *ticket = act->ticket->ticket;
  const SlAgent *assignee = ticket->assignee ? sl_policy_agent(act->facts->policy, ticket->assignee) : NULL;
  if (ticket->priority != SL_PRIORITY_CRITICAL || !assignee || g_strcmp0(actor_name(act), ticket->assignee) == 0)
    return;
  SlLetter *letter =
      sl_draft_to_staff(act->facts, act->ticket, SL_LETTER_MESSAGE, "message", sl_agent_mail(assignee), SL_SCOPE_REPLY);
  letter->cause = sl_draft_cause(act->facts, act->decision, ticket->id);
  sl_json_set_string(letter->fields, "requester", actor_name(act));
  sl_json_set_string(letter->fields, "text", words);
  sl_json_set_bool(letter->fields, "note", TRUE);
  sl_decision_letter(act->decision, letter);
}

static gboolean
do_note(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "a note needs words");
  write_event(act, SL_EVENT_NOTED, words);
  pass_note_on(act, words);
  did(act, "noted, inside only");
  return TRUE;
}

static gboolean
do_progress(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "a progress update needs words");
  sl_json_set_string(write_event(act, SL_EVENT_UPDATED, words)->detail, "how", "person");
  to_customer(act, SL_LETTER_PROGRESS, "progress", words);
  words_went(act);
  did(act, "your progress update went to %s", act->ticket->ticket->requester);
  return TRUE;
}

static gboolean
do_take(Act *act, const char *argument)
{
  (void)argument;
  if (!act->route->agent)
    return refuse(act, SL_ERROR_DENIED, "say who takes it: --as AGENT, an agent of the configuration");
  sl_json_set_string(write_event(act, SL_EVENT_TAKEN, NULL)->detail, "agent", act->route->agent->name);
  sl_decision_withdraw(act->decision, act->ticket->ticket->id, SL_LETTER_ESCALATION, "escalate:start:");
  did(act, "you have it");
  return TRUE;
}

static gboolean
do_assign(Act *act, const char *argument)
{
  const SlAgent *agent = sl_policy_agent(act->facts->policy, argument ? argument : "");
  if (!agent)
    return refuse(act, SL_ERROR_USAGE, "there is no agent \"%s\"", argument ? argument : "");
  SlEvent *event = write_event(act, SL_EVENT_ASSIGNED, NULL);
  sl_json_set_string(event->detail, "agent", agent->name);
  sl_json_set_string(event->detail, "how", "by hand");
  did(act, "assigned to %s", agent->name);
  if (agent == act->route->agent)
    return TRUE;
  SlLetter *letter =
      sl_draft_to_staff(act->facts, act->ticket, SL_LETTER_ASSIGNMENT, "assignment", sl_agent_mail(agent), SL_SCOPE_REPLY);
  letter->cause = sl_draft_cause(act->facts, act->decision, act->ticket->ticket->id);
  g_autofree char *how = g_strdup_printf("%s gave it to you", actor_name(act));
  sl_json_set_string(letter->fields, "how", how);
  sl_decision_letter(act->decision, letter);
  return TRUE;
}

static gboolean
do_prio(Act *act, const char *argument)
{
  SlPriority to;
  SlPriority from = act->ticket->ticket->priority;
  if (!argument || !sl_priority_parse(argument, &to))
    return refuse(act, SL_ERROR_USAGE, "\"%s\" is no priority: critical, standard or low", argument ? argument : "");
  if (to == from)
    return refuse(act, SL_ERROR_USAGE, "it is %s already", argument);
  SlEvent *event = write_event(act, to < from ? SL_EVENT_RAISED : SL_EVENT_LOWERED, NULL);
  sl_json_set_string(event->detail, "from", sl_priority_word(from));
  sl_json_set_string(event->detail, "to", sl_priority_word(to));
  sl_json_set_string(event->detail, "why", act->why);
  did(act, "priority %s, was %s", sl_priority_word(to), sl_priority_word(from));
  return TRUE;
}

/* "Fri 16:00 because the template …": the date, then the sentence. */
static gboolean
read_date(Act *act, const char *argument, SlTime *out_time, const char **out_rest)
{
  const SlCalendar *calendar = act->ticket->agreement->calendar;
  g_autofree char *why = NULL;
  *out_rest = "";
  if (act->when != SL_TIME_NONE) {
    *out_time = act->when;
    return TRUE;
  }
  gsize used = argument ? sl_when_prefix(argument, calendar, act->facts->now, out_time) : 0;
  if (used > 0) {
    *out_rest = argument + used;
    while (g_ascii_isspace(**out_rest) || **out_rest == ',')
      (*out_rest)++;
    return TRUE;
  }
  if (!sl_when_parse(argument ? argument : "", calendar, act->facts->now, out_time, &why))
    return refuse(act, SL_ERROR_USAGE, "%s", why);
  return TRUE;
}

static gboolean
do_eta(Act *act, const char *argument)
{
  SlTime until;
  const char *rest;
  if (!read_date(act, argument, &until, &rest))
    return FALSE;
  if (until <= act->facts->now)
    return refuse(act, SL_ERROR_USAGE, "an estimate lies in the future");
  const SlTicket *ticket = act->ticket->ticket;
  g_autofree char *words = words_for(act, rest);
  g_autofree char *absolute = sl_when_absolute(until, sl_calendar_get_zone(act->ticket->agreement->calendar));
  sl_json_set_time(write_event(act, SL_EVENT_ETA, words)->detail, "until", until);
  SlLetter *letter = to_customer(act, SL_LETTER_ETA, "eta", words);
  if (letter) {
    g_autofree char *theirs = sl_draft_time(act->facts, act->ticket, until);
    g_autofree char *before = ticket->eta == SL_TIME_NONE ? NULL : sl_draft_time(act->facts, act->ticket, ticket->eta);
    sl_json_set_string(letter->fields, "until", theirs);
    sl_json_set_string(letter->fields, "previous", before);
  }
  g_autofree char *what = g_strdup_printf("%s gave an estimate: %s", actor_name(act), absolute);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ETA, what, act->actor);
  if (*words)
    words_went(act);
  did(act, "ETA %s%s", absolute, letter ? " told to the customer" : "");
  return TRUE;
}

/* Waiting needs public words newer than the customer's last mail (S10): else nobody knows what they should do. */
static gboolean
do_wait(Act *act, const char *argument)
{
  const SlTicket *ticket = act->ticket->ticket;
  SlTime until = SL_TIME_NONE;
  const char *rest;
  if (ticket->status == SL_TICKET_WAITING)
    return refuse(act, SL_ERROR_USAGE, "it waits for the customer already");
  if (!act->spoke && (ticket->last_words_at == SL_TIME_NONE || ticket->last_words_at < ticket->last_customer_at))
    return refuse(act, SL_ERROR_DENIED, "the customer wrote last: ask or answer them first, then wait");
  if (((argument && *argument) || act->when != SL_TIME_NONE) && !read_date(act, argument, &until, &rest))
    return FALSE;
  sl_json_set_time(write_event(act, SL_EVENT_WAITING, NULL)->detail, "until", until);
  did(act, "waiting for the customer");
  return TRUE;
}

static gboolean
do_resume(Act *act, const char *argument)
{
  (void)argument;
  if (act->ticket->ticket->status != SL_TICKET_WAITING)
    return refuse(act, SL_ERROR_USAGE, "it does not wait");
  sl_json_set_string(write_event(act, SL_EVENT_RESUMED, NULL)->detail, "why", "by hand");
  did(act, "resumed");
  return TRUE;
}

static gboolean
do_no_reply(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "say why no answer is needed");
  write_event(act, SL_EVENT_NO_REPLY, words);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ANSWER, "No answer is needed.", act->actor);
  did(act, "no answer needed: %s", words);
  return TRUE;
}

static gboolean
do_resolve(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (act->ticket->ticket->status == SL_TICKET_RESOLVED)
    return refuse(act, SL_ERROR_USAGE, "it is resolved already");
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "a resolution takes the solution, a line at least");
  write_event(act, SL_EVENT_RESOLVED, words);
  to_customer(act, SL_LETTER_RESOLUTION, "resolution", words);
  act->spoke = TRUE;
  g_autofree char *what = g_strdup_printf("%s resolved it", actor_name(act));
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_RESOLVE, what, act->actor);
  did(act, "resolved; the solution went to the customer");
  return TRUE;
}

static gboolean
unanswered(const Act *act)
{
  const SlClock *answer = sl_clock_find(act->ticket->clocks, SL_TARGET_ANSWER, 0);
  return !act->spoke && answer && answer->met_at == SL_TIME_NONE && answer->state != SL_CLOCK_CANCELLED;
}

static gboolean
do_close(Act *act, const char *argument)
{
  g_autofree char *words = words_for(act, argument);
  if (!*words)
    return refuse(act, SL_ERROR_USAGE, "closing takes a reason");
  if (unanswered(act))
    return refuse(act, SL_ERROR_DENIED, "the customer has no answer yet: answer first, or /noreply WHY");
  write_event(act, SL_EVENT_CLOSED, words);
  to_customer(act, SL_LETTER_CLOSURE, "closure", NULL);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_RESOLVE, "It is closed.", act->actor);
  did(act, "closed: %s", words);
  return TRUE;
}

static gboolean
do_reopen(Act *act, const char *argument)
{
  (void)argument;
  if (act->ticket->ticket->status != SL_TICKET_CLOSED && act->ticket->ticket->status != SL_TICKET_RESOLVED)
    return refuse(act, SL_ERROR_USAGE, "it is open");
  sl_json_set_string(write_event(act, SL_EVENT_REOPENED, NULL)->detail, "why", "by hand");
  did(act, "reopened");
  return TRUE;
}

/* "L2 because …", "2", or the next level upward. */
static int
read_level(const Act *act, const char *argument, const char **out_rest)
{
  const char *p = argument ? argument : "";
  gboolean named = g_ascii_toupper(*p) == 'L' && g_ascii_isdigit(p[1]);
  p += named;
  if (!g_ascii_isdigit(*p)) {
    *out_rest = argument ? argument : "";
    return MIN(act->ticket->ticket->level + 1, 3);
  }
  *out_rest = p + 1;
  return *p - '0';
}

static gboolean
do_escalate(Act *act, const char *argument)
{
  const char *rest;
  int level = read_level(act, argument, &rest);
  if (level < 1 || level > 3)
    return refuse(act, SL_ERROR_USAGE, "there are the levels 1, 2 and 3");
  g_autofree char *words = words_for(act, rest);
  g_autoptr(GPtrArray) people =
      sl_draft_level(act->facts->policy, act->ticket->agreement, level, act->route->agent ? act->route->agent->name : NULL);
  SlEvent *event = write_event(act, SL_EVENT_ESCALATED, words);
  SlJson *names = sl_json_array();
  sl_json_set_int(event->detail, "level", level);
  sl_json_set_string(event->detail, "target", sl_target_word(SL_TARGET_ANSWER));
  g_autofree char *cause = sl_draft_cause(act->facts, act->decision, act->ticket->ticket->id);
  for (guint i = 0; i < people->len; i++) {
    g_autofree char *name = sl_draft_staff_name(act->facts->policy, people->pdata[i]);
    sl_json_add_string(names, name);
    const SlClock *clock = sl_clock_find(act->ticket->clocks, SL_TARGET_ANSWER, 0);
    SlLetter *letter = sl_desk_escalation(act->facts, act->ticket, level, clock, people->pdata[i], cause, act->decision);
    sl_json_set_string(letter->fields, "why", words);
    sl_json_set_string(letter->fields, "by", actor_name(act));
  }
  sl_json_set_take(event->detail, "to", names);
  did(act, "escalated to level %d", level);
  return TRUE;
}

static gboolean
do_tag(Act *act, const char *argument)
{
  g_auto(GStrv) words = g_strsplit_set(argument ? argument : "", " \t,", -1);
  SlEvent *event = write_event(act, SL_EVENT_TAGGED, NULL);
  SlJson *add = sl_json_array();
  SlJson *drop = sl_json_array();
  for (guint i = 0; words[i]; i++) {
    if (*words[i] == '-' && words[i][1])
      sl_json_add_string(drop, words[i] + 1);
    else if (*words[i])
      sl_json_add_string(add, words[i] + (*words[i] == '+'));
  }
  gboolean any = sl_json_length(add) + sl_json_length(drop) > 0;
  sl_json_set_take(event->detail, "add", add);
  sl_json_set_take(event->detail, "remove", drop);
  did(act, "tags %s", argument);
  return any || refuse(act, SL_ERROR_USAGE, "name the tags: +billing -bug");
}

/* What a verb needs beyond its own rules. */
typedef struct {
  gboolean (*run)(Act *act, const char *argument);
  gboolean takes_text; /* the words of the mail are its words */
  gboolean when_over;  /* may be done on a closed ticket */
} VerbRow;

static const VerbRow verbs[SL_N_VERBS] = {
    [SL_VERB_REPLY] = {do_reply, TRUE, TRUE},       [SL_VERB_NOTE] = {do_note, TRUE, TRUE},
    [SL_VERB_PROGRESS] = {do_progress, TRUE, FALSE}, [SL_VERB_TAKE] = {do_take, FALSE, FALSE},
    [SL_VERB_ASSIGN] = {do_assign, FALSE, FALSE},   [SL_VERB_PRIO] = {do_prio, FALSE, FALSE},
    [SL_VERB_ETA] = {do_eta, TRUE, FALSE},          [SL_VERB_WAIT] = {do_wait, FALSE, FALSE},
    [SL_VERB_RESUME] = {do_resume, FALSE, FALSE},   [SL_VERB_NO_REPLY] = {do_no_reply, FALSE, FALSE},
    [SL_VERB_RESOLVE] = {do_resolve, TRUE, FALSE},  [SL_VERB_CLOSE] = {do_close, FALSE, FALSE},
    [SL_VERB_REOPEN] = {do_reopen, FALSE, TRUE},    [SL_VERB_ESCALATE] = {do_escalate, FALSE, FALSE},
    [SL_VERB_TAG] = {do_tag, FALSE, TRUE},
};

static gboolean
run_verb(Act *act, SlVerb verb, const char *argument)
{
  const SlTicket *ticket = act->ticket->ticket;
  const VerbRow *row = &verbs[verb];
  if (!row->run)
    return refuse(act, SL_ERROR_USAGE, "/%s cannot be done to a ticket", sl_verb_word(verb));
  if (ticket->status == SL_TICKET_MERGED)
    return refuse(act, SL_ERROR_DENIED, "it was merged into %" G_GINT64_FORMAT, ticket->merged_into);
  if (sl_ticket_is_over(ticket) && !row->when_over)
    return refuse(act, SL_ERROR_DENIED, "it is %s: /reopen it first", sl_status_word(ticket->status));
  return row->run(act, argument);
}

/* ---- an agent's mail ---- */

/* The words go first unless a verb takes them: so that "/wait" after a question finds the question asked. */
static gboolean
run_words_first(Act *act, const SlOrders *orders, SlScope scope)
{
  gboolean taken = FALSE;
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    taken |= verbs[order->verb].takes_text;
  }
  if (taken || !*act->text)
    return TRUE;
  return run_verb(act, scope == SL_SCOPE_REPLY ? SL_VERB_REPLY : SL_VERB_NOTE, NULL);
}

static gboolean
run_orders(Act *act, const SlOrders *orders, SlScope scope)
{
  if (!run_words_first(act, orders, scope))
    return FALSE;
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    if (!run_verb(act, order->verb, order->argument))
      return FALSE;
  }
  if (orders->orders->len == 0 && !*act->text)
    return refuse(act, SL_ERROR_USAGE, "the mail has neither words nor a command");
  return TRUE;
}

static SlLetter *
back_to_agent(const SlFacts *facts, const SlTicketFacts *ticket, const SlRoute *route, SlLetterKind kind, const char *name,
              gint64 mail)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, kind, name, sl_agent_mail(route->agent), SL_SCOPE_REPLY);
  letter->cause = g_strdup_printf("m%" G_GINT64_FORMAT, mail);
  return letter;
}

static void
send_receipt(const Act *act)
{
  SlLetter *letter = back_to_agent(act->facts, act->ticket, act->route, SL_LETTER_RECEIPT, "receipt", act->mail);
  SlJson *lines = sl_json_array();
  for (guint i = 0; i < act->did->len; i++)
    sl_json_add_string(lines, act->did->pdata[i]);
  letter->in_reply_to = g_strdup(act->parsed->message_id);
  sl_json_set_take(letter->fields, "did", lines);
  sl_decision_letter(act->decision, letter);
}

/* Nothing of the mail was done; it comes back with the reason, and their words so that nothing is lost. */
static void
send_back(const SlFacts *facts, const SlRoute *route, const SlMailStimulus *mail, const char *why, const SlOrders *orders,
          SlDecision *decision)
{
  const SlTicketFacts *ticket = sl_facts_ticket(facts, route->ticket);
  SlLetter *letter = back_to_agent(facts, ticket, route, SL_LETTER_REFUSAL, "refusal", mail->mail_id);
  letter->in_reply_to = g_strdup(mail->mail->message_id);
  sl_json_set_string(letter->fields, "why", why);
  sl_json_set_string(letter->fields, "line", orders->unknown);
  sl_json_set_string(letter->fields, "suggestion", orders->suggestion);
  letter->body = g_strdup(mail->mail->reply);
  sl_decision_letter(decision, letter);
  decision->outcome = SL_OUTCOME_REFUSED;
  decision->reason = g_strdup(why);
  decision->ticket = route->ticket;
}

/* Takes everything out of a decision that a refused act had already put in. */
static void
forget_all(SlDecision *decision)
{
  g_ptr_array_set_size(decision->changes, 0);
  g_ptr_array_set_size(decision->letters, 0);
  g_ptr_array_set_size(decision->notices, 0);
  g_array_set_size(decision->withdrawals, 0);
}

static void
agent_mail(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  g_autoptr(SlOrders) orders = sl_orders_read(facts->policy, mail->mail->reply);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *actor = g_strconcat("agent:", route->agent->name, NULL);
  Act act = {.facts = facts, .route = route, .ticket = sl_facts_ticket(facts, route->ticket), .decision = decision,
             .actor = actor, .at = mail->received, .mail = mail->mail_id, .parsed = mail->mail, .text = orders->text,
             .when = SL_TIME_NONE, .did = lines};
  if (orders->unknown) {
    send_back(facts, route, mail, "I do not know this command, so nothing of your mail was done", orders, decision);
    return;
  }
  if (!run_orders(&act, orders, route->scope)) {
    g_autofree char *why = g_strdup(decision->refusal->message);
    g_clear_error(&decision->refusal);
    forget_all(decision);
    send_back(facts, route, mail, why, orders, decision);
    return;
  }
  decision->ticket = route->ticket;
  decision->outcome = orders->orders->len ? SL_OUTCOME_COMMAND : route->scope == SL_SCOPE_REPLY ? SL_OUTCOME_OUTGOING : SL_OUTCOME_COMMAND;
  if (orders->orders->len)
    send_receipt(&act);
}

/* ---- the command line ---- */

static void
agent_command(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlCommand *command = &stimulus->command;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  Act act = {.facts = facts, .route = route, .ticket = sl_facts_ticket(facts, route->ticket), .decision = decision,
             .actor = stimulus->actor, .at = facts->now, .text = command->text ? command->text : "", .why = command->why,
             .when = command->when, .did = lines};
  decision->outcome = SL_OUTCOME_COMMAND;
  decision->ticket = route->ticket;
  if (!run_verb(&act, command->verb, command->argument)) {
    forget_all(decision);
    return;
  }
  decision->reason = lines->len ? g_strdup(lines->pdata[0]) : NULL;
}

void
sl_desk_agent(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  if (stimulus->kind == SL_STIMULUS_MAIL)
    agent_mail(facts, route, stimulus, decision);
  else
    agent_command(facts, route, stimulus, decision);
}
