/* SPDX-License-Identifier: ISC */
#include "desk/command.h"

#include <string.h>

#include "desk/act.h"
#include "desk/orders.h"
#include "desk/when.h"

/* ---- the table of verbs ---- */

static const SlVerbRow verbs[SL_N_VERBS] = {
    /*                     run              text   over   anywhere event */
    [SL_VERB_REPLY] =    {sl_verb_reply,    TRUE,  TRUE,  FALSE, -1},
    [SL_VERB_NOTE] =     {sl_verb_note,     TRUE,  TRUE,  FALSE, -1},
    [SL_VERB_PROGRESS] = {sl_verb_progress, TRUE,  FALSE, FALSE, -1},
    [SL_VERB_ASK] =      {sl_verb_ask,      TRUE,  FALSE, FALSE, -1},
    [SL_VERB_ANSWERED] = {sl_verb_answered, TRUE,  FALSE, FALSE, -1},
    [SL_VERB_NO_REPLY] = {sl_verb_noreply,  TRUE,  FALSE, FALSE, -1},
    [SL_VERB_USE] =      {sl_verb_use,      TRUE,  TRUE,  FALSE, -1},
    [SL_VERB_TAKE] =     {sl_verb_take,     FALSE, FALSE, FALSE, -1},
    [SL_VERB_ASSIGN] =   {sl_verb_assign,   FALSE, FALSE, FALSE, -1},
    [SL_VERB_PRIO] =     {sl_verb_prio,     FALSE, FALSE, FALSE, -1},
    [SL_VERB_ESCALATE] = {sl_verb_escalate, FALSE, FALSE, FALSE, -1},
    [SL_VERB_TAG] =      {sl_verb_tag,      FALSE, TRUE,  FALSE, -1},
    [SL_VERB_SNOOZE] =   {sl_verb_snooze,   FALSE, FALSE, FALSE, -1},
    [SL_VERB_EXCUSE] =   {sl_verb_excuse,   TRUE,  TRUE,  FALSE, -1},
    [SL_VERB_AWAY] =     {sl_verb_away,     FALSE, TRUE,  TRUE,  -1},
    [SL_VERB_ETA] =      {sl_verb_eta,      TRUE,  FALSE, FALSE, -1},
    [SL_VERB_WAIT] =     {sl_verb_wait,     FALSE, FALSE, FALSE, SL_EVENT_WAITING},
    [SL_VERB_RESUME] =   {sl_verb_resume,   FALSE, FALSE, FALSE, SL_EVENT_RESUMED},
    [SL_VERB_RESOLVE] =  {sl_verb_resolve,  TRUE,  FALSE, FALSE, SL_EVENT_RESOLVED},
    [SL_VERB_CLOSE] =    {sl_verb_close,    FALSE, FALSE, FALSE, SL_EVENT_CLOSED},
    [SL_VERB_REOPEN] =   {sl_verb_reopen,   FALSE, TRUE,  FALSE, SL_EVENT_REOPENED},
    [SL_VERB_SPAM] =     {sl_verb_spam,     FALSE, FALSE, FALSE, SL_EVENT_SPAM},
    [SL_VERB_MERGE] =    {sl_verb_merge,    FALSE, FALSE, FALSE, SL_EVENT_MERGED},
    [SL_VERB_SPLIT] =    {sl_verb_split,    FALSE, FALSE, FALSE, -1},
    [SL_VERB_LINK] =     {sl_verb_link,     FALSE, TRUE,  FALSE, -1},
    [SL_VERB_UNDO] =     {sl_verb_undo,     FALSE, TRUE,  FALSE, -1},
    [SL_VERB_STATUS] =   {NULL,             FALSE, TRUE,  FALSE, -1}, /* answered in the receipt */
    [SL_VERB_HELP] =     {NULL,             FALSE, TRUE,  TRUE,  -1},
    [SL_VERB_QUIET] =    {NULL,             FALSE, TRUE,  TRUE,  -1},
};

const SlVerbRow *
sl_verb_row(SlVerb verb)
{
  return &verbs[verb];
}

static gboolean
status_allows(SlAct *act, SlVerb verb)
{
  const SlTicket *ticket = act->ticket->ticket;
  const SlVerbRow *row = &verbs[verb];
  SlStatus to;
  if (ticket->status == SL_TICKET_MERGED && verb != SL_VERB_UNDO)
    return sl_act_refuse(act, SL_ERROR_DENIED, "it was merged into %" G_GINT64_FORMAT, ticket->merged_into);
  if (sl_ticket_is_over(ticket) && !row->when_over)
    return sl_act_refuse(act, SL_ERROR_DENIED, "it is %s: /reopen it first", sl_status_word(ticket->status));
  if (row->event >= 0 && !sl_status_next(ticket->status, (SlEventKind)row->event, &to))
    return sl_act_refuse(act, SL_ERROR_DENIED, "it is %s: /%s does nothing there", sl_status_word(ticket->status), sl_verb_word(verb));
  return TRUE;
}

/* The next verb sees what this one did. */
static void
look_again(SlAct *act, gint64 ticket)
{
  SlTicketFacts *after = sl_draft_after(act->facts, act->route, act->decision, ticket);
  g_ptr_array_add(act->after, after);
  act->ticket = after;
}

static gboolean
run_verb(SlAct *act, SlVerb verb, const char *argument)
{
  const SlVerbRow *row = &verbs[verb];
  act->quiet |= verb == SL_VERB_QUIET;
  act->wants_help |= verb == SL_VERB_HELP;
  act->wants_status |= verb == SL_VERB_STATUS;
  if (!act->ticket && !row->anywhere)
    return sl_act_refuse(act, SL_ERROR_USAGE, "/%s: say which ticket: /%s 1042 …", sl_verb_word(verb), sl_verb_word(verb));
  if (!row->run)
    return verb == SL_VERB_STATUS || verb == SL_VERB_HELP || verb == SL_VERB_QUIET ||
           sl_act_refuse(act, SL_ERROR_USAGE, "/%s cannot be done to a ticket", sl_verb_word(verb));
  if (act->ticket && !status_allows(act, verb))
    return FALSE;
  if (!row->run(act, argument))
    return FALSE;
  if (act->ticket)
    look_again(act, act->ticket->ticket->id);
  return TRUE;
}

static void
act_init(SlAct *act, const SlFacts *facts, const SlRoute *route, SlDecision *decision, const char *actor)
{
  *act = (SlAct){.facts = facts, .route = route, .decision = decision, .actor = actor, .at = facts->now, .text = "",
                 .when = SL_TIME_NONE, .did = g_ptr_array_new_with_free_func(g_free),
                 .after = g_ptr_array_new_with_free_func((GDestroyNotify)sl_ticket_facts_free)};
  act->ticket = route->ticket ? sl_facts_ticket(facts, route->ticket) : NULL;
}

static void
act_clear(SlAct *act)
{
  g_ptr_array_unref(act->did);
  g_ptr_array_unref(act->after);
}

/* ---- what goes back to the agent ---- */

static SlLetter *
back_to_agent(const SlAct *act, SlLetterKind kind, const char *name)
{
  const char *address = sl_agent_mail(act->route->agent);
  SlScope scope = act->route->exposed ? act->route->scope : SL_SCOPE_NOTE; /* the new address stands for the old one */
  SlLetter *letter = act->ticket ? sl_draft_to_staff(act->facts, act->ticket, kind, name, address, scope)
                                 : sl_draft_personal(act->facts->policy, kind, name, address, SL_SCOPE_COMMAND);
  letter->cause = g_strdup_printf("m%" G_GINT64_FORMAT, act->mail);
  letter->in_reply_to = g_strdup(act->parsed->message_id);
  return letter;
}

static void
add_status(const SlAct *act, SlLetter *letter)
{
  const SlTicket *ticket = act->ticket->ticket;
  SlJson *rows = sl_json_array();
  for (guint i = 0; i < act->ticket->clocks->len; i++) {
    const SlClock *clock = act->ticket->clocks->pdata[i];
    SlJson *row = sl_json_object();
    g_autofree char *due = clock->due_at == SL_TIME_NONE ? NULL : sl_draft_our_time(act->facts, act->ticket, clock->due_at);
    sl_json_set_string(row, "target", sl_target_word(clock->target));
    sl_json_set_string(row, "state", sl_clock_state_word(clock->state));
    sl_json_set_string(row, "due", due);
    sl_json_add_take(rows, row);
  }
  sl_json_set_string(letter->fields, "status", sl_status_word(ticket->status));
  sl_json_set_take(letter->fields, "clocks", rows);
}

/* A line each, as /help prints them; the order is the table's. */
static const struct {
  const char *line, *does;
} helps[SL_N_VERBS] = {
    [SL_VERB_NOTE] = {"/note", "what follows stays inside"},
    [SL_VERB_PROGRESS] = {"/progress words", "tell the customer how it stands; replaces tonight's letter"},
    [SL_VERB_ASK] = {"/ask", "what follows is a question; then wait for the answer"},
    [SL_VERB_ANSWERED] = {"/answered 10:40 words", "what you told them elsewhere, and when"},
    [SL_VERB_NO_REPLY] = {"/noreply why", "no answer is needed"},
    [SL_VERB_USE] = {"/use name", "a saved reply"},
    [SL_VERB_TAKE] = {"/take", "it is yours now"},
    [SL_VERB_ASSIGN] = {"/assign bill", "give it to somebody"},
    [SL_VERB_PRIO] = {"/prio critical", "critical, standard or low"},
    [SL_VERB_ESCALATE] = {"/escalate L2 why", "call the next level, or that one"},
    [SL_VERB_TAG] = {"/tag +billing -bug", "add and remove tags"},
    [SL_VERB_SNOOZE] = {"/snooze 30m", "your warnings wait; the customer's clock does not"},
    [SL_VERB_EXCUSE] = {"/excuse answer why", "excuse a broken promise (supervisors)"},
    [SL_VERB_AWAY] = {"/away until Mon", "hand your tickets over; /away off when you are back"},
    [SL_VERB_ETA] = {"/eta Fri 16:00", "tell the customer an estimate"},
    [SL_VERB_WAIT] = {"/wait", "for the customer; /wait until Fri"},
    [SL_VERB_RESUME] = {"/resume", "stop waiting"},
    [SL_VERB_RESOLVE] = {"/resolve", "what you write is the solution; the customer gets it"},
    [SL_VERB_CLOSE] = {"/close why", "close it"},
    [SL_VERB_REOPEN] = {"/reopen", "open it again"},
    [SL_VERB_SPAM] = {"/spam", "no ticket of anybody's"},
    [SL_VERB_MERGE] = {"/merge 1041", "into that ticket"},
    [SL_VERB_SPLIT] = {"/split", "the newest mail becomes a ticket of its own"},
    [SL_VERB_LINK] = {"/link 1041", "both name each other"},
    [SL_VERB_UNDO] = {"/undo", "take the last thing back, within five minutes"},
    [SL_VERB_STATUS] = {"/status", "how it stands, in the receipt"},
    [SL_VERB_HELP] = {"/help", "this list"},
    [SL_VERB_QUIET] = {"/quiet", "no receipt for this mail"},
};

/* Their own signed addresses: the step makes the tokens, so the words stand for them. */
static void
add_help(const SlAct *act, SlLetter *letter)
{
  SlJson *lines = sl_json_array();
  for (guint i = 0; i < SL_N_VERBS; i++) {
    if (sl_verb_by_mail((SlVerb)i)) {
      g_autofree char *line = g_strdup_printf("%-22s %s", helps[i].line, helps[i].does);
      sl_json_add_string(lines, line);
    }
  }
  sl_json_set_take(letter->fields, "verbs", lines);
  letter->own_addresses = TRUE;
  (void)act;
}

static gboolean
may_be_undone(const SlAct *act)
{
  for (guint i = 0; i < act->decision->changes->len; i++) {
    const SlChange *change = act->decision->changes->pdata[i];
    for (guint j = 0; j < change->events->len; j++) {
      const SlEvent *event = change->events->pdata[j];
      if (event->kind == SL_EVENT_CLOSED || event->kind == SL_EVENT_SPAM || event->kind == SL_EVENT_MERGED)
        return TRUE;
    }
  }
  return FALSE;
}

static void
send_receipt(const SlAct *act)
{
  SlLetter *letter = back_to_agent(act, SL_LETTER_RECEIPT, "receipt");
  SlJson *lines = sl_json_array();
  for (guint i = 0; i < act->did->len; i++)
    sl_json_add_string(lines, act->did->pdata[i]);
  sl_json_set_take(letter->fields, "did", lines);
  if (may_be_undone(act)) {
    g_autofree char *window = sl_duration_format(act->facts->policy->undo_sec);
    sl_json_set_string(letter->fields, "undo", window);
  }
  if (act->wants_status && act->ticket)
    add_status(act, letter);
  if (act->wants_help)
    add_help(act, letter);
  sl_decision_letter(act->decision, letter);
}

/* Nothing of the mail was done; it comes back with the reason, and their words so that nothing is lost. */
static void
send_back(SlAct *act, const char *why, const SlOrders *orders)
{
  SlDecision *decision = act->decision;
  g_clear_error(&decision->refusal);
  sl_decision_forget(decision);
  act->ticket = act->route->ticket ? sl_facts_ticket(act->facts, act->route->ticket) : NULL;
  SlLetter *letter = back_to_agent(act, SL_LETTER_REFUSAL, "refusal");
  sl_json_set_string(letter->fields, "why", why);
  sl_json_set_string(letter->fields, "line", orders ? orders->unknown : NULL);
  sl_json_set_string(letter->fields, "suggestion", orders ? orders->suggestion : NULL);
  letter->body = g_strdup(act->parsed->reply);
  sl_decision_letter(decision, letter);
  decision->outcome = SL_OUTCOME_REFUSED;
  decision->reason = g_strdup(why);
  decision->ticket = act->route->ticket;
}

/* ---- an agent's mail ---- */

/* The words go first unless a verb takes them: so that "/wait" after a question finds the question asked. To a note address they
 * stay inside, whatever stands above them: only what is in a command's own line is meant for the customer. */
static gboolean
run_words_first(SlAct *act, const SlOrders *orders, SlScope scope)
{
  gboolean taken = FALSE, noted = FALSE;
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    taken |= verbs[order->verb].takes_text;
    noted |= order->verb == SL_VERB_NOTE;
  }
  if (!*act->text || noted || (taken && scope == SL_SCOPE_REPLY))
    return TRUE;
  return run_verb(act, scope == SL_SCOPE_REPLY ? SL_VERB_REPLY : SL_VERB_NOTE, NULL);
}

static gboolean
run_orders(SlAct *act, const SlOrders *orders, SlScope scope)
{
  if (!run_words_first(act, orders, scope))
    return FALSE;
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    if (!run_verb(act, order->verb, order->argument))
      return FALSE;
  }
  if (orders->orders->len == 0 && !*act->text)
    return sl_act_refuse(act, SL_ERROR_USAGE, "the mail has neither words nor a command");
  return TRUE;
}

/* Each line names its ticket: the reply to the list of updates, and a person's own address. */
static gboolean
run_named_orders(SlAct *act, const SlOrders *orders)
{
  if (orders->orders->len == 0)
    return sl_act_refuse(act, SL_ERROR_USAGE, "this address takes lines such as: /progress 1042 we have found the cause");
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    const SlTicketFacts *named = order->ticket ? sl_facts_ticket(act->facts, order->ticket) : NULL;
    if (order->ticket && !named)
      return sl_act_refuse(act, SL_ERROR_NOT_FOUND, "there is no ticket %" G_GINT64_FORMAT, order->ticket);
    act->ticket = NULL;
    if (named)
      look_again(act, order->ticket);
    act->text = order->text;
    act->text_used = act->spoke = FALSE;
    guint before = act->did->len;
    if (!run_verb(act, order->verb, order->argument))
      return FALSE;
    for (guint j = before; order->ticket && j < act->did->len; j++) {
      char *line = g_strdup_printf("#%" G_GINT64_FORMAT ": %s", order->ticket, (char *)act->did->pdata[j]);
      g_free(act->did->pdata[j]);
      act->did->pdata[j] = line;
    }
  }
  return TRUE;
}

static gboolean
names_tickets(SlScope scope)
{
  return scope == SL_SCOPE_UPDATES || scope == SL_SCOPE_COMMAND;
}

/* Outsiders saw the agent's signed address: it needs DKIM from now on, and a new one goes to the agent (S8 of "Who wrote"). */
static void
replace_address(SlAct *act)
{
  if (!act->route->exposed || !act->route->token_hash)
    return;
  act->decision->leaked_token = g_strdup(act->route->token_hash);
  sl_act_did(act, "your signed address stood beside outsiders' addresses, so it was replaced: reply to this mail instead%s",
             act->route->scope == SL_SCOPE_REPLY ? " (your words go to the customer)" : "");
  if (act->ticket) {
    SlEvent *event = sl_decision_event(act->decision, act->ticket->ticket->id, SL_EVENT_LEAKED, act->facts->now, "slate");
    sl_json_set_string(event->detail, "scope", sl_scope_word(act->route->scope));
  }
}

/* A command in the middle of the words: nobody can tell whether it was meant. */
static void
hold_doubtful(SlAct *act, const SlOrders *orders)
{
  SlDecision *decision = act->decision;
  decision->hold_mail = TRUE;
  decision->outcome = SL_OUTCOME_HELD;
  decision->ticket = act->route->ticket;
  decision->reason = g_strdup_printf("%s stands in the middle of your words: is it a command? Commands stand first or last", orders->doubtful);
  sl_draft_hold(act->facts, act->ticket, sl_agent_mail(act->route->agent), act->parsed, act->mail, decision->reason,
                "Reply OK, and it is taken as a command.", decision);
}

static gboolean
is_by_outsiders_hand(const SlAct *act)
{
  return act->route->scope == SL_SCOPE_REPLY && act->ticket && act->ticket->ticket->requester && act->parsed &&
         sl_route_addresses(act->parsed, act->ticket->ticket->requester);
}

/* The customer stands in To or Cc of the same mail: they have these words already. */
static gboolean
run_answered_outside(SlAct *act, const SlOrders *orders)
{
  if (orders->orders->len || !*act->text)
    return FALSE;
  sl_json_set_string(sl_act_event(act, SL_EVENT_ANSWERED, act->text)->detail, "how", "outside");
  sl_act_spoke(act);
  sl_act_did(act, "recorded: the customer had your mail directly, and gets no second copy");
  return TRUE;
}

/* Plain words of whoever works on it, to a letter of ours about it: they may have meant the customer, and must know. */
static gboolean
words_stayed_inside(const SlAct *act, const SlOrders *orders)
{
  return act->route->scope == SL_SCOPE_NOTE && *orders->text && !orders->orders->len && act->ticket &&
         g_strcmp0(act->ticket->ticket->assignee, act->route->agent->name) == 0;
}

static void
agent_mail(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  gboolean named = names_tickets(route->scope);
  const char *reply = mail->mail->nothing_new ? "" : mail->mail->reply; /* what it quotes may be inside only, and orders nothing */
  g_autoptr(SlOrders) orders = named            ? sl_orders_read_named(facts->policy, reply)
                               : mail->released ? sl_orders_read_anywhere(facts->policy, reply)
                                                : sl_orders_read(facts->policy, reply);
  g_autofree char *actor = g_strconcat("agent:", route->agent->name, NULL);
  SlAct act;
  act_init(&act, facts, route, decision, actor);
  act.at = mail->received;
  act.mail = mail->mail_id;
  act.parsed = mail->mail;
  act.text = orders->text;
  gboolean unknown = orders->unknown != NULL;
  gboolean doubtful = !named && orders->doubtful;
  gboolean done = !unknown && !doubtful &&
                  ((is_by_outsiders_hand(&act) && run_answered_outside(&act, orders)) ||
                   (named ? run_named_orders(&act, orders) : run_orders(&act, orders, route->scope)));
  if (unknown) {
    send_back(&act, "I do not know this command, so nothing of your mail was done", orders);
  } else if (doubtful) {
    hold_doubtful(&act, orders);
  } else if (!done) {
    g_autofree char *why = g_strdup(decision->refusal->message);
    send_back(&act, why, orders);
  } else {
    decision->ticket = route->ticket;
    decision->outcome = orders->orders->len || route->scope != SL_SCOPE_REPLY ? SL_OUTCOME_COMMAND : SL_OUTCOME_OUTGOING;
    replace_address(&act);
    gboolean inside = words_stayed_inside(&act, orders);
    if (inside)
      sl_act_did(&act, "to write to the customer, reply to the letter that brought their words");
    if ((orders->orders->len && !act.quiet) || route->exposed || inside)
      send_receipt(&act);
  }
  act_clear(&act);
}

/* ---- the command line ---- */

static void
agent_command(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlCommand *command = &stimulus->command;
  SlAct act;
  act_init(&act, facts, route, decision, stimulus->actor);
  act.text = command->text ? command->text : "";
  act.why = command->why;
  act.when = command->when;
  decision->outcome = SL_OUTCOME_COMMAND;
  decision->ticket = route->ticket;
  if (!run_verb(&act, command->verb, command->argument)) {
    g_autoptr(GError) why = g_steal_pointer(&decision->refusal);
    sl_decision_forget(decision);
    decision->refusal = g_steal_pointer(&why);
  } else {
    decision->reason = act.did->len ? g_strdup(act.did->pdata[0]) : NULL;
  }
  act_clear(&act);
}

void
sl_desk_agent(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  if (stimulus->kind == SL_STIMULUS_MAIL)
    agent_mail(facts, route, stimulus, decision);
  else
    agent_command(facts, route, stimulus, decision);
}
