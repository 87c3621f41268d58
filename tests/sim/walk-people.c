/* SPDX-License-Identifier: ISC */
/* Who writes, types and waits in the random walk, and what. Each function is one thing that can happen. */
#include "tests/sim/walk.h"

#include <string.h>

#include "base/wall.h"
#include "letter/address.h"
#include "store/mails.h"
#include "store/notices.h"
#include "store/people.h"
#include "store/tickets.h"
#include "work/stages.h"

#define US "support@poologics.example"
#define MOST_OPEN   12 /* tickets; more of them are tidied up */
#define LONG_TICKET 30 /* events; longer ones are ended, so that histories stay short */

static const char *const customers[] = {"maria@acme-pools.example", "luis@acme-pools.example",  "rosa@west.acme-pools.example",
                                        "juergen@blauwasser.example", "uli@blauwasser.example", "walter@nowhere.example",
                                        "eve@elsewhere.example"};
static const char *const agents[] = {"ana@poologics.example", "ben@poologics.example", "chen@poologics.example", "dana@poologics.example",
                                     "pia@poologics.example", "ana@home.example"};
static const char *const names[] = {"ana", "ben", "chen", "dana", "pia", "nobody"};

#define PICK(w, list) ((list)[roll((w), G_N_ELEMENTS(list))])

static char *
words(World *w, const char *mark)
{
  static const char *const some[] = {"please look at it again", "the pump runs and the page does not", "it says: error 17\nand then nothing",
                                     "/tmp is full here", "> not a quote\nbut an answer", "thanks for the news; but how?", "ein Gruß aus Köln"};
  return g_strdup_printf("%s %u %s", mark, ++w->number, PICK(w, some));
}

static char *
quoted(World *w, char *take_words)
{
  static const char *const tails[] = {"", "", "\n\nOn Mon, Nov 23, 2026 at 8:12 AM Support <support@poologics.example> wrote:\n> /resolve\n> your text\n", "\n\n-- \nAna Meyer\n/Chen\n",
                                      "\n\n-----Original Message-----\nFrom: Support\nTo: you\nSubject: x\n\n/close now\n"};
  g_autofree char *text = take_words;
  return g_strconcat(text, PICK(w, tails), NULL);
}

/* ---- letters in somebody's mailbox ---- */

static gboolean
is_customers(const Seen *seen, gconstpointer user)
{
  (void)user;
  return !seen->staff && seen->reply_to;
}

static gboolean
is_agents(const Seen *seen, gconstpointer user)
{
  (void)user;
  return seen->staff && seen->reply_to && g_str_has_suffix(seen->to, "@poologics.example") && !g_str_has_prefix(seen->to, "postmaster@");
}

static gboolean
is_hold(const Seen *seen, gconstpointer user)
{
  return is_agents(seen, user) && seen->kind == SL_LETTER_HOLD;
}

static gboolean
is_any(const Seen *seen, gconstpointer user)
{
  (void)user;
  return seen->message_id != NULL;
}

/* ---- customers ---- */

static void
new_mail(World *w)
{
  static const char *const subjects[] = {"Login loop",     "Cannot generate estimate for pool 14", "Wrong tax", "Re: your offer", "",
                                         "Grüße aus Köln", "filed: a report",                      "ignored"};
  static const char *const bodies[] = {"We are blocked and cannot generate an estimate.", "", "", "", ""};
  g_autofree char *some = words(w, CUSTOMER);
  g_autofree char *body = g_strdup_printf("%s\n%s", PICK(w, bodies), some);
  post(w, &(Draft){.from = PICK(w, customers), .to = US, .cc = chance(w, 15) ? PICK(w, customers) : NULL,
                   .subject = PICK(w, subjects), .body = body});
}

/* By the signed address: the one who got the letter, sometimes a colleague or a stranger. */
static void
customer_reply(World *w)
{
  static const char *const said[] = {"URGENT", "SOLVED", "STOP", "Thanks!", "Thank you very much.", "OK", "urgent."};
  const Seen *seen = any_seen(w, is_customers, NULL);
  if (!seen) {
    new_mail(w);
    return;
  }
  g_autofree char *body = quoted(w, chance(w, 30) ? g_strdup(PICK(w, said)) : words(w, CUSTOMER));
  post(w, &(Draft){.from = chance(w, 75) ? seen->to : PICK(w, customers), .to = seen->reply_to, .subject = seen->subject,
                   .cc = chance(w, 10) ? PICK(w, customers) : NULL, .in_reply_to = chance(w, 80) ? seen->message_id : NULL, .body = body});
}

/* By References or the tag alone. */
static void
customer_refers(World *w)
{
  const Seen *seen = any_seen(w, is_any, NULL);
  g_autofree char *tag = g_strdup_printf("Again [PL#%" G_GINT64_FORMAT "]", any_ticket(w));
  g_autofree char *body = quoted(w, chance(w, 20) ? g_strdup("SOLVED") : words(w, CUSTOMER));
  gboolean by_tag = !seen || chance(w, 30);
  post(w, &(Draft){.from = seen && !seen->staff && chance(w, 60) ? seen->to : PICK(w, customers), .to = US,
                   .subject = by_tag ? tag : seen->subject, .references = by_tag ? NULL : seen->message_id, .body = body});
}

/* ---- machines ---- */

static void
bounce(World *w, const Seen *seen)
{
  static const char *const states[] = {"failed\nStatus: 5.1.1", "failed\nStatus: 5.2.2", "delayed\nStatus: 4.4.1", "failed\nStatus: 4.2.2"};
  g_autofree char *type = g_strdup("Content-Type: multipart/report; report-type=delivery-status; boundary=BB\nMIME-Version: 1.0");
  g_autofree char *body = g_strdup_printf("--BB\nContent-Type: text/plain\n\nIt failed.\n--BB\nContent-Type: message/delivery-status\n\n"
                                          "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; %s\nAction: %s\n"
                                          "Diagnostic-Code: smtp; 550 no such user\n\n--BB\nContent-Type: message/rfc822\n\n"
                                          "From: " US "\nTo: %s\nSubject: x\nMessage-ID: <%s>\n\n.\n--BB--",
                                          seen->to, PICK(w, states), seen->to, seen->message_id);
  post(w, &(Draft){.from = "MAILER-DAEMON@mx.example", .to = US, .subject = "Undelivered Mail", .extra = type, .body = body});
}

static void
machine(World *w)
{
  const Seen *seen = any_seen(w, is_any, NULL);
  g_autofree char *body = words(w, CUSTOMER);
  switch (roll(w, seen ? 6 : 3)) {
  case 0:
    post(w, &(Draft){.from = "news@lists.example", .to = US, .subject = "[list] news", .extra = "List-Id: <news.lists.example>", .body = body});
    break;
  case 1:
    post(w, &(Draft){.from = "noreply@shop.example", .to = US, .subject = "Your invoice", .extra = "Precedence: bulk", .body = body});
    break;
  case 2:
    post(w, &(Draft){.from = US, .to = US, .subject = "Loop", .extra = "X-Slate-Ticket: 1", .body = body});
    break;
  case 3:
    bounce(w, seen);
    break;
  default: /* on holiday: a customer, or an agent */
    post(w, &(Draft){.from = seen->to, .to = seen->reply_to && chance(w, 70) ? seen->reply_to : US, .subject = "Out of office",
                     .in_reply_to = seen->message_id, .extra = "Auto-Submitted: auto-replied", .body = body});
    break;
  }
}

/* ---- agents by mail ---- */

/* takes: which words of the mail the verb takes for itself; I: inside, P: public, -: none. %I and %n in the argument: words for inside,
 * a ticket's number. */
static const struct {
  const char *line;
  char takes;
} orders[] = {
    {"/take", '-'},          {"/assign ben", '-'},       {"/assign nobody", '-'},     {"/prio critical", '-'},    {"/prio low", '-'},
    {"/prio standard", '-'}, {"/prio high", '-'},        {"/eta tomorrow 16:00", 'P'}, {"/eta 2h", 'P'},          {"/eta Fri", 'P'},
    {"/eta yesterday", 'P'}, {"/eta 3d the part comes", 'P'}, {"/wait", '-'},         {"/wait until Fri", '-'},   {"/wait 2h", '-'},
    {"/resume", '-'},        {"/resolve", 'P'},          {"/resolve we changed the pump", 'P'}, {"/close %I", '-'}, {"/close", '-'},
    {"/reopen", '-'},        {"/note", 'I'},             {"/note %I", 'I'},           {"/progress", 'P'},         {"/answered 10:40", 'P'},
    {"/answered", 'P'},      {"/noreply %I", 'I'},       {"/ask", 'P'},               {"/escalate %I", '-'},      {"/escalate L2 %I", '-'},
    {"/escalate 7", '-'},    {"/tag +billing -bug", '-'}, {"/tag", '-'},              {"/split", '-'},            {"/split m999999", '-'},
    {"/link %n", '-'},       {"/merge %n", '-'},         {"/merge soon", '-'},        {"/excuse answer %I", 'I'}, {"/spam", '-'},
    {"/snooze 30m", '-'},    {"/undo", '-'},             {"/use thanks", 'P'},        {"/use nothing", 'P'},      {"/away until Mon", '-'},
    {"/away off", '-'},      {"/quiet", '-'},            {"/status", '-'},            {"/help", '-'},
};
static const char *const unknown[] = {"/tkae", "/resolv now", "/nite", "/closee"};

static char *
order_line(World *w, const char *line)
{
  g_autofree char *inside = g_strdup_printf(INSIDE " %u a reason", ++w->number);
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, any_ticket(w));
  g_autoptr(GString) text = g_string_new(line);
  g_string_replace(text, "%I", inside, 0);
  g_string_replace(text, "%n", number, 0);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Commands first or last, the words between; sometimes a command in the middle, which nobody can be sure about. */
static char *
agent_text(World *w, gboolean inside)
{
  g_autoptr(GString) above = g_string_new(NULL);
  char takes = '-';
  guint n = chance(w, 30) ? 0 : 1 + chance(w, 25);
  for (guint i = 0; i < n; i++) {
    guint which = roll(w, G_N_ELEMENTS(orders));
    g_autofree char *line = order_line(w, orders[which].line);
    g_string_append_printf(above, "%s\n", line);
    takes = takes == '-' ? orders[which].takes : takes;
  }
  if (chance(w, 4)) {
    g_string_append_printf(above, "%s\n", PICK(w, unknown));
    takes = 'I'; /* nothing of it may go anywhere */
  }
  gboolean silent = n && chance(w, 30);
  g_autofree char *some = silent ? g_strdup("") : words(w, takes == 'I' || (takes == '-' && inside) ? INSIDE : "PUBLIC");
  if (!silent && chance(w, 4)) {
    char *longer = g_strconcat(some, "\n\n/resume\n\nand so on", NULL);
    g_free(some);
    some = longer;
  }
  return chance(w, 70) ? g_strconcat(above->str, "\n", some, NULL) : g_strconcat(some, "\n\n", above->str, NULL);
}

/* Each line names its ticket: the list before closing, a person's own address. */
static char *
named_text(World *w)
{
  gint64 a = any_ticket(w), b = any_ticket(w);
  switch (roll(w, 6)) {
  case 0:
    return g_strdup_printf("/progress %" G_GINT64_FORMAT " we are on it\n/eta %" G_GINT64_FORMAT " Fri 16:00 the part comes\n", a, b);
  case 1:
    return g_strdup_printf("/take %" G_GINT64_FORMAT "\n/note %" G_GINT64_FORMAT " " INSIDE " lines\nof a note\n", a, b);
  case 2:
    return g_strdup("/away until Mon\n");
  case 3:
    return g_strdup("/help\n");
  case 4:
    return g_strdup(INSIDE " just words");
  default:
    return g_strdup_printf("/progress 999999 nobody\n/prio #%" G_GINT64_FORMAT " low\n", a);
  }
}

static void
agent_reply(World *w)
{
  const Seen *seen = any_seen(w, is_agents, NULL);
  if (!seen) {
    new_mail(w);
    return;
  }
  gboolean named = seen->ticket == 0;
  gboolean inside = seen->kind != SL_LETTER_ASSIGNMENT && seen->kind != SL_LETTER_MESSAGE && seen->kind != SL_LETTER_RECEIPT &&
                    seen->kind != SL_LETTER_WARNING && seen->kind != SL_LETTER_REFUSAL;
  g_autofree char *body = quoted(w, named ? named_text(w) : agent_text(w, inside));
  const char *from = chance(w, 90) ? seen->to : PICK(w, agents);
  post(w, &(Draft){.from = from, .to = seen->reply_to, .cc = chance(w, 3) ? PICK(w, customers) : NULL, .subject = seen->subject,
                   .in_reply_to = chance(w, 80) ? seen->message_id : NULL, .body = body});
}

/* From the phone: no signed address. */
static void
agent_unproven(World *w)
{
  g_autofree char *subject = g_strdup_printf("#%" G_GINT64_FORMAT " fixed", any_ticket(w));
  g_autofree char *body = agent_text(w, FALSE);
  post(w, &(Draft){.from = PICK(w, agents), .to = US, .subject = chance(w, 80) ? subject : "a thing", .body = body});
}

static void
agent_confirms(World *w)
{
  static const char *const said[] = {"OK", "ok.", "DROP", "no", "Yes, that was me"};
  const Seen *seen = any_seen(w, is_hold, NULL);
  if (seen)
    post(w, &(Draft){.from = seen->to, .to = seen->reply_to, .subject = seen->subject, .in_reply_to = seen->message_id,
                     .body = PICK(w, said)});
  else
    agent_unproven(w);
}

/* The customer in To, ours in Cc; or a customer's mail passed on. */
static void
agent_outside(World *w)
{
  const Seen *seen = any_seen(w, is_any, NULL);
  g_autofree char *some = words(w, "PUBLIC");
  if (chance(w, 60)) {
    post(w, &(Draft){.from = PICK(w, agents), .to = PICK(w, customers), .cc = US, .subject = "Re: your matter",
                     .references = seen && chance(w, 70) ? seen->message_id : NULL, .body = some});
    return;
  }
  g_autofree char *body = g_strdup_printf(INSIDE " see below\n\n---------- Forwarded message ---------\nFrom: Some One <%s>\n"
                                          "Date: Mon, 23 Nov 2026 at 08:12\nSubject: the pump\nTo: <ana@poologics.example>\n\n" CUSTOMER
                                          " it leaks\n",
                                          PICK(w, customers));
  post(w, &(Draft){.from = PICK(w, agents), .to = US, .subject = "Fwd: the pump", .body = body});
}

/* Their own addresses, which /help told them (or not yet: then they are worth nothing). */
static void
agent_own_address(World *w)
{
  static const SlScope scopes[] = {SL_SCOPE_SENT, SL_SCOPE_PHONE, SL_SCOPE_CHAT, SL_SCOPE_COMMAND};
  const char *who = PICK(w, agents);
  SlScope scope = PICK(w, scopes);
  g_autofree char *token = sl_token_make(w->work->key, 0, who, scope, 0);
  g_autofree char *to = sl_token_address(&w->config->letter, token);
  g_autofree char *body = scope == SL_SCOPE_COMMAND ? named_text(w)
                          : scope == SL_SCOPE_SENT  ? words(w, "PUBLIC")
                                                    : g_strdup_printf("%s called\n" INSIDE " the pump leaks", PICK(w, customers));
  post(w, &(Draft){.from = who, .to = to, .cc = scope == SL_SCOPE_SENT ? PICK(w, customers) : NULL, .subject = "from outside", .body = body});
}

/* ---- the command line ---- */

static void
run_command(World *w, SlCommand command, const char *actor)
{
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = actor, .command = command};
  say(w, "%s: %s %" G_GINT64_FORMAT " %s -m %s < %.60s", actor, sl_verb_word(command.verb), command.ticket,
      command.argument ? command.argument : "", command.why ? command.why : "-", command.text ? command.text : "");
  step(w, &stimulus, NULL);
}

static void
command_line(World *w)
{
  guint which = roll(w, G_N_ELEMENTS(orders));
  g_autofree char *line = order_line(w, orders[which].line);
  g_autofree char *actor = chance(w, 80) ? g_strconcat("agent:", names[roll(w, 5)], NULL) : g_strdup("cli:root");
  g_autofree char *inside = g_strdup_printf(INSIDE " %u why", ++w->number);
  SlCommand command = {.ticket = chance(w, 97) ? any_ticket(w) : 424242, .when = SL_TIME_NONE, .received = SL_TIME_NONE};
  char *space = strchr(line, ' ');
  if (space)
    *space = '\0';
  if (!sl_verb_parse(line + 1, &command.verb))
    g_error("%s", line);
  if (chance(w, 8)) {
    command.verb = SL_VERB_REPLY;
    space = NULL;
  }
  command.argument = space ? space + 1 : NULL;
  char takes = command.verb == SL_VERB_REPLY ? 'P' : orders[which].takes;
  g_autofree char *text = takes == '-' ? NULL : words(w, takes == 'I' ? INSIDE : "PUBLIC");
  command.text = text;
  command.why = takes != 'P' && chance(w, 30) ? inside : NULL;
  run_command(w, command, actor);
}

static void
phone_call(World *w)
{
  static const char *const channels[] = {"phone", "chat", "walkin"};
  g_autofree char *text = words(w, INSIDE);
  run_command(w, (SlCommand){.verb = SL_VERB_NEW, .from = PICK(w, customers), .subject = "by phone", .channel = PICK(w, channels), .text = text,
                             .when = SL_TIME_NONE, .received = chance(w, 50) ? SL_TIME_NONE : world_now(w) - roll(w, 3000) * SL_SECOND},
              "agent:ana");
}

/* Old and long tickets are ended, so that the walk stays quick. */
static void
tidy(World *w)
{
  static const SlVerb ends[] = {SL_VERB_SPAM, SL_VERB_NO_REPLY, SL_VERB_CLOSE, SL_VERB_RESOLVE, SL_VERB_CLOSE};
  g_autoptr(GError) error = NULL;
  const SlTicketFilter filter = {.open = TRUE, .waiting = TRUE, .due_before = SL_TIME_NONE};
  g_autoptr(GPtrArray) rows = sl_tickets_list(w->work->db, &filter, &error);
  const SlTicketRow *victim = NULL;
  if (!rows) {
    fault(w, "list: %s", error->message);
    return;
  }
  for (guint i = 0; i < rows->len && !victim; i++) {
    const SlTicketRow *row = rows->pdata[i];
    victim = row->ticket->seq > LONG_TICKET ? row : NULL;
  }
  if (!victim && rows->len > MOST_OPEN)
    victim = rows->pdata[roll(w, rows->len)];
  if (!victim)
    return;
  SlVerb verb = victim->ticket->seq > LONG_TICKET ? SL_VERB_SPAM : PICK(w, ends);
  run_command(w, (SlCommand){.verb = verb, .ticket = victim->ticket->id, .when = SL_TIME_NONE, .received = SL_TIME_NONE,
                             .why = verb == SL_VERB_RESOLVE ? NULL : INSIDE " tidied up", .text = verb == SL_VERB_RESOLVE ? "PUBLIC it is mended" : NULL},
              "agent:dana");
}

/* ---- time ---- */

static void
time_goes_on(World *w)
{
  static const gint64 spans_sec[] = {5, 30, 90, 300, 1200, 3600, 7200, 4 * 3600, 12 * 3600, 30 * 3600, 80 * 3600};
  g_autoptr(GError) error = NULL;
  SlTime next = SL_TIME_NONE;
  if (!sl_tick_next(w->work, &next, &error))
    fault(w, "next: %s", error->message);
  if (next != SL_TIME_NONE && next > world_now(w) && chance(w, 60))
    w->work->fixed_now = MIN(next, world_now(w) + 90 * 3600 * SL_SECOND);
  else
    w->work->fixed_now += spans_sec[chance(w, 85) ? roll(w, 8) : roll(w, G_N_ELEMENTS(spans_sec))] * SL_SECOND;
}

/* A tick that meets it again would never end. */
static void
still_due(World *w, gint64 ticket)
{
  g_autoptr(GError) error = NULL;
  SlTicketFacts *facts = sl_gather_ticket(w->work, ticket, world_now(w), &error);
  g_autoptr(GArray) alarms = facts ? sl_gather_alarms(facts, world_now(w)) : NULL;
  for (guint i = 0; alarms && i < alarms->len; i++) {
    const SlAlarm *alarm = &g_array_index(alarms, SlAlarm, i);
    g_autofree char *key = sl_alarm_key(alarm);
    g_autofree char *at = sl_time_format(alarm->at);
    fault(w, "  its alarm %s at %s", key, at);
  }
  for (guint i = 0; facts && i < facts->events->len; i++) {
    const SlEvent *event = facts->events->pdata[i];
    g_autofree char *detail = sl_json_canonical(event->detail);
    if (i + 20 > facts->events->len)
      fault(w, "  %d %s %s", event->seq, sl_event_word(event->kind), detail);
  }
  fault(w, "ticket %" G_GINT64_FORMAT " is due still after its alarm", ticket);
  sl_ticket_facts_free(facts);
}

static void
alarm_goes(World *w)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) due = sl_tickets_due(w->work->db, world_now(w), 1, &error);
  if (!due) {
    fault(w, "due: %s", error->message);
    return;
  }
  if (due->len == 0) {
    time_goes_on(w);
    return;
  }
  gint64 ticket = g_array_index(due, gint64, 0);
  SlStimulus stimulus = {.kind = SL_STIMULUS_ALARM, .ticket = ticket};
  say(w, "alarm of %" G_GINT64_FORMAT, ticket);
  w->alarms++;
  step(w, &stimulus, NULL);
  w->again = ticket == w->again_ticket && w->again_at == world_now(w) ? w->again + 1 : 0;
  w->again_ticket = ticket;
  w->again_at = world_now(w);
  if (!w->fault && w->again > MOST_AGAIN)
    still_due(w, ticket);
}

static void
bundle_goes(World *w)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) persons = sl_notices_persons(w->work->db, world_now(w), &error);
  if (!persons || persons->len == 0) {
    alarm_goes(w);
    return;
  }
  SlStimulus stimulus = {.kind = SL_STIMULUS_BUNDLE, .person = persons->pdata[roll(w, persons->len)]};
  say(w, "bundle of %s", stimulus.person);
  w->bundles++;
  step(w, &stimulus, NULL);
}

static void
calendar_edited(World *w)
{
  if (!chance(w, 10)) {
    alarm_goes(w);
    return;
  }
  say(w, "the holidays are edited");
  w->number++;
  world_reconfigure(w);
}

/* ---- deliveries ---- */

static gboolean
nobody_lives(const char *owner, gpointer user)
{
  (void)owner;
  (void)user;
  return FALSE;
}

/* As work/send does it: the outcome and what it does to the ticket in one transaction. */
static void
settle(World *w, const SlClaim *claim, gboolean accepted)
{
  g_autoptr(GError) error = NULL;
  SlDb *db = w->work->db;
  SlStepResult result;
  gboolean changed = FALSE;
  SlStimulus stimulus = {.kind = SL_STIMULUS_DELIVERY, .delivery = {claim->letter, claim->recipient, accepted, "550 no such user"}};
  gboolean ok = sl_db_begin(db, &error) && (accepted ? sl_outbox_sent(db, claim, world_now(w), &changed, &error)
                                                      : sl_outbox_failed(db, claim, "550 no such user", &changed, &error));
  if (ok && changed) {
    ok = sl_step(w->work, &stimulus, NULL, TRUE, &result, &error);
    if (ok)
      sl_step_result_clear(&result);
  }
  if (!ok || !sl_db_commit(db, &error))
    fault(w, "delivery: %s", error->message);
}

static void
deliver(World *w)
{
  g_autoptr(GError) error = NULL;
  SlDb *db = w->work->db;
  SlClaim claim = {0};
  gboolean found = FALSE, ok = FALSE;
  g_autofree char *owner = g_strdup_printf("walk-%u", roll(w, 3));
  if (!sl_outbox_claim(db, owner, G_USEC_PER_SEC * 600, world_now(w), nobody_lives, NULL, &claim, &found, &error))
    fault(w, "claim: %s", error->message);
  if (!found)
    return;
  w->deliveries++;
  say(w, "letter %" G_GINT64_FORMAT " to %s", claim.letter, claim.recipient);
  guint how = roll(w, 100);
  if (how < 2) { /* the sender dies before the mark */
  } else if (!sl_outbox_mark(db, &claim, &ok, &error) || !ok) {
    fault(w, "mark: %s", error ? error->message : "not mine");
  } else if (how < 4) { /* or after it */
  } else if (how < 12) {
    if (!sl_outbox_deferred(db, &claim, "450 later", world_now(w) + 60 * SL_SECOND, how < 7, &error))
      fault(w, "defer: %s", error->message);
  } else {
    settle(w, &claim, how >= 16);
  }
  sl_claim_clear(&claim);
}

static void
outbox_by_hand(World *w)
{
  static const SlDeliveryState to[] = {SL_DELIVERY_QUEUED, SL_DELIVERY_HELD, SL_DELIVERY_DROPPED};
  const Seen *seen = any_seen(w, is_any, NULL);
  g_autoptr(GError) error = NULL;
  SlDeliveryState state = PICK(w, to);
  if (!seen)
    return;
  say(w, "outbox: %" G_GINT64_FORMAT " to %s", seen->id, sl_delivery_word(state));
  if (!sl_outbox_by_hand(w->work->db, seen->id, state, world_now(w), &error) && !g_error_matches(error, SL_ERROR, SL_ERROR_DENIED))
    fault(w, "by hand: %s", error->message);
}

/* ---- held mail at the shell, and mail that comes twice ---- */

static void
held_by_hand(World *w)
{
  g_autoptr(GError) error = NULL;
  SlDb *db = w->work->db;
  g_autoptr(GPtrArray) held = sl_mails_in_state(db, SL_MAIL_HELD, &error);
  SlStepResult result;
  if (!held || held->len == 0)
    return;
  const SlMailRow *row = held->pdata[roll(w, held->len)];
  gboolean release = chance(w, 60);
  say(w, "held m%" G_GINT64_FORMAT ": %s", row->id, release ? "release" : "drop");
  gboolean ok;
  if (release) {
    ok = sl_step_release(w->work, row->id, "cli:root", FALSE, &result, &error);
    if (ok)
      sl_step_result_clear(&result);
  } else {
    ok = sl_db_begin(db, &error) && sl_mails_settle(db, row->id, row->ticket, "other", SL_MAIL_DROPPED, "dropped", row->reason, &error) &&
         sl_db_commit(db, &error);
  }
  if (!ok)
    fault(w, "held: %s", error->message);
}

static void
same_again(World *w)
{
  if (w->mails->len == 0)
    return;
  const GString *mail = w->mails->pdata[roll(w, w->mails->len)];
  g_autofree char *copy = g_strndup(mail->str, mail->len);
  guint duplicates = w->outcomes[SL_OUTCOME_DUPLICATE], letters = w->seen->len;
  (void)letters;
  say(w, "the same mail again: %.60s", copy);
  post_bytes(w, copy, mail->len, NULL);
  if (!w->fault && w->outcomes[SL_OUTCOME_DUPLICATE] != duplicates + 1)
    fault(w, "the same mail again was no duplicate");
}

/* ---- one of them ---- */

static const struct {
  void (*happens)(World *w);
  guint weight;
} things[] = {
    {new_mail, 6},        {customer_reply, 8},  {customer_refers, 3}, {machine, 4},        {agent_reply, 16},   {agent_unproven, 2},
    {agent_confirms, 3},  {agent_outside, 2},   {agent_own_address, 2}, {command_line, 12}, {phone_call, 1},     {tidy, 5},
    {alarm_goes, 14},     {bundle_goes, 4},     {deliver, 20},        {outbox_by_hand, 1}, {held_by_hand, 1},   {same_again, 2},
    {time_goes_on, 3},    {calendar_edited, 1},
};

void
something_happens(World *w)
{
  guint sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS(things); i++)
    sum += things[i].weight;
  guint at = roll(w, sum);
  guint i = 0;
  while (at >= things[i].weight)
    at -= things[i++].weight;
  things[i].happens(w);
}
