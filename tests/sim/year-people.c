/* SPDX-License-Identifier: ISC */
/* What people write and type, from a line of the scenario: mails as bytes through the parser, commands as the command line gives them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mail/parse.h"
#include "store/columns.h"
#include "tests/sim/year.h"

/* ---- steps ---- */

static gint64
step(World *w, SlStimulus *stimulus, const SlStepMail *mail)
{
  SlStepResult result;
  g_autoptr(GError) error = NULL;
  if (!sl_step(w->work, stimulus, mail, FALSE, &result, &error)) {
    if (stimulus->kind != SL_STIMULUS_COMMAND)
      fail(w, "%s", error->message);
    w->refused++;
    fprintf(stderr, "# refused: ticket %" G_GINT64_FORMAT " %s: %s\n", stimulus->command.ticket, sl_verb_word(stimulus->command.verb), error->message);
    return 0;
  }
  gint64 ticket = result.ticket;
  w->queued += result.letters;
  if (result.outcome == SL_OUTCOME_REFUSED || result.outcome == SL_OUTCOME_HELD) {
    w->refused++;
    fprintf(stderr, "# refused: ticket %" G_GINT64_FORMAT ": %s\n", ticket, result.reason);
  }
  sl_step_result_clear(&result);
  return ticket;
}

/* ---- mails ---- */

typedef struct {
  const char *from, *to, *subject, *in_reply_to, *extra, *body;
} Draft;

static void
add(GString *text, const char *name, const char *value)
{
  if (value)
    g_string_append_printf(text, "%s: %s\r\n", name, value);
}

static GString *
write_mail(World *w, const Draft *d)
{
  GString *text = g_string_new(NULL);
  g_autofree char *id = g_strdup_printf("<y%u@mail.example>", ++w->mails);
  g_autofree char *date = sl_time_format_zone(world_now(w), NULL, "%a, %d %b %Y %H:%M:%S +0000");
  g_autofree char *reply = d->in_reply_to ? g_strdup_printf("<%s>", d->in_reply_to) : NULL;
  add(text, "From", d->from);
  add(text, "To", d->to);
  add(text, "Subject", d->subject);
  add(text, "Message-ID", id);
  add(text, "Date", date);
  add(text, "In-Reply-To", reply);
  add(text, "References", reply);
  g_string_append_printf(text, "%s\r\n%s\r\n", d->extra ? d->extra : "", d->body);
  return text;
}

/* As it comes from the spool: parsed from a file, received when the server received it. */
static gint64
deliver(World *w, const Draft *d, SlTime received)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = write_mail(w, d);
  g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text->str, text->len);
  g_autofree char *source = g_strdup_printf("year-%u", w->mails);
  if (ftruncate(w->fd, 0) != 0 || pwrite(w->fd, text->str, text->len, 0) != (ssize_t)text->len)
    fail(w, "the nameless file");
  g_autoptr(SlMail) mail = sl_mail_parse_fd(w->fd, 0, &w->config->mail, &error);
  if (!mail)
    fail(w, "%s", error->message);
  const SlStepMail bytes = {w->fd, 0, sha256, source};
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL, .mail = {.mail = mail, .received = received, .recipient = d->to, .channel = "mail"}};
  return step(w, &stimulus, &bytes);
}

/* ---- customers ---- */

/* What they write, by the scenario's word. */
static const struct {
  const char *detail, *subject, *extra, *body;
} said[] = {
    {"plain", "The pump of pool %s", "", "Something is wrong with it. Please look at it."},
    {"blocked", "Cannot generate estimate for pool %s", "", "We are blocked and cannot generate an estimate."},
    {"low", "low: the colour of pool %s", "", "When there is time."},
    {"unacked", "no ack: the sensor of pool %s", "", "It has stopped."},
    {"thanks", "Re: the pump of pool %s", "", "Thank you very much!"},
    {"vacation", "Out of office: pool %s", "Auto-Submitted: auto-replied\r\n", "I am not in the office until Monday."},
    {"bulk", "Report on pool %s", "Precedence: bulk\r\n", "This is what was measured."},
    {"STOP", "Re: the pump of pool %s", "", "STOP"},
    {"URGENT", "Re: the pump of pool %s", "", "URGENT"},
    {"SOLVED", "Re: the pump of pool %s", "", "SOLVED"},
};

static void
customer_writes(World *w, Talk *talk, const Line *line)
{
  const Letter *letter = g_hash_table_lookup(talk->held, line->who);
  guint i = 0;
  while (i < G_N_ELEMENTS(said) && strcmp(said[i].detail, line->detail) != 0)
    i++;
  if (i == G_N_ELEMENTS(said))
    fail(w, "nobody writes \"%s\"", line->detail);
  g_auto(GStrv) parts = g_strsplit(said[i].subject, "%s", 2);
  g_autofree char *subject = g_strjoin(NULL, parts[0], talk->name, parts[1], NULL);
  gint64 ticket = deliver(w, &(Draft){.from = line->who, .to = letter ? letter->reply_to : w->config->letter.from_address, .subject = subject,
                                      .in_reply_to = letter ? letter->message_id : NULL, .extra = said[i].extra, .body = said[i].body}, line->at);
  talk_gets_ticket(w, talk, ticket);
}

static void
customer_calls(World *w, Talk *talk, const Line *line)
{
  gboolean blocked = strcmp(line->detail, "blocked") == 0;
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = "cli:desk",
                         .command = {.verb = SL_VERB_NEW, .from = line->who, .channel = "phone", .when = SL_TIME_NONE, .received = line->until,
                                     .subject = blocked ? "Cannot generate estimate" : "The pump", .text = "They called."}};
  talk_gets_ticket(w, talk, step(w, &stimulus, NULL));
}

static void
supervisor_leaves(World *w, const Line *line)
{
  g_autoptr(GPtrArray) people = sl_policy_resolve(w->config->policy, "role:supervisor", NULL, NULL);
  const SlAgent *agent = people->len ? sl_policy_agent_by_mail(w->config->policy, people->pdata[0]) : NULL;
  if (!agent)
    fail(w, "there is no supervisor");
  g_autofree char *actor = g_strconcat("agent:", agent->name, NULL);
  g_autofree char *until = sl_time_format_zone(line->until, sl_calendar_get_zone(w->config->policy->everybody->agreement->calendar),
                                               "until %Y-%m-%d %H:%M");
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = actor,
                         .command = {.verb = SL_VERB_AWAY, .argument = until, .when = SL_TIME_NONE, .received = SL_TIME_NONE}};
  step(w, &stimulus, NULL);
}

/* A server gives a letter of ours back. */
static void
server_returns(World *w, Talk *talk, const Line *line)
{
  const Letter *letter = g_hash_table_lookup(talk->returns, line->detail);
  if (!letter)
    fail(w, "%s: there was no %s that could bounce", talk->name, line->detail);
  g_autofree char *body = g_strdup_printf("--BB\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n--BB\r\nContent-Type: message/delivery-status\r\n\r\n"
                                          "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                                          "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--BB\r\nContent-Type: message/rfc822\r\n\r\n"
                                          "From: %s\r\nTo: %s\r\nSubject: x\r\nMessage-ID: <%s>\r\n\r\n.\r\n--BB--",
                                          talk->customer, w->config->letter.from_address, talk->customer, letter->message_id);
  deliver(w, &(Draft){.from = "MAILER-DAEMON@mx.example", .to = letter->reply_to, .subject = "Undelivered Mail",
                      .extra = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=BB\r\n", .body = body}, line->at);
}

/* ---- agents ---- */

/* What they do: the verb, the command in a mail (%s: the detail, %t: a time), its words; where a command takes no words but its line, NULL. */
static const struct {
  const char *what;
  SlVerb verb;
  const char *line, *words;
} acts[] = {
    {"answer", SL_VERB_REPLY, NULL, "We have looked at it, and this is what we found."},
    {"take", SL_VERB_TAKE, "/take", NULL},
    {"eta", SL_VERB_ETA, "/eta %t", "We need a part for that."},
    {"wait", SL_VERB_WAIT, "/wait", NULL},
    {"resume", SL_VERB_RESUME, "/resume", NULL},
    {"ask", SL_VERB_ASK, "/ask", "Which of the pumps is it?"},
    {"resolve", SL_VERB_RESOLVE, "/resolve", "We have changed the pump."},
    {"close", SL_VERB_CLOSE, "/close nothing is left to do", NULL},
    {"reopen", SL_VERB_REOPEN, "/reopen", NULL},
    {"prio", SL_VERB_PRIO, "/prio %s", NULL},
    {"progress", SL_VERB_PROGRESS, "/progress", "The part is on its way."},
    {"note", SL_VERB_NOTE, "/note", "Look at the fuse, too."},
    {"noreply", SL_VERB_NO_REPLY, "/noreply they only wanted us to know", NULL},
    {"answered", SL_VERB_ANSWERED, "/answered %t", "that the part comes on Thursday"},
    {"assign", SL_VERB_ASSIGN, "/assign %s", NULL},
    {"escalate", SL_VERB_ESCALATE, "/escalate L%s I do not know this pump", NULL},
};

static char *
text_of(World *w, gint64 ticket, const char *column)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *sql = g_strdup_printf("SELECT %s FROM ticket WHERE id = :t", column);
  g_autoptr(SlQuery) query = sl_db_query(w->work->db, sql, &error);
  gboolean row = FALSE;
  if (query)
    sl_bind_int(query, "t", ticket);
  if (!query || !sl_query_next(query, &row, &error) || !row)
    fail(w, "ticket %" G_GINT64_FORMAT ": %s", ticket, error ? error->message : "it is not there");
  return g_strdup(sl_column_text(query, 0));
}

static const SlAgent *
after(const World *w, const char *name)
{
  g_autoptr(GPtrArray) agents = g_ptr_array_new();
  for (guint i = 0; i < w->config->policy->agents->len; i++) {
    if (sl_agent_has_role(w->config->policy->agents->pdata[i], "agent"))
      g_ptr_array_add(agents, w->config->policy->agents->pdata[i]);
  }
  for (guint i = 0; i < agents->len; i++) {
    if (strcmp(((SlAgent *)agents->pdata[i])->name, name) == 0)
      return agents->pdata[(i + 1) % agents->len];
  }
  return NULL;
}

static const SlAgent *
who_acts(World *w, const Talk *talk, const char *who)
{
  const SlPolicy *policy = w->config->policy;
  g_autofree char *assignee = text_of(w, talk->ticket, "assignee");
  if (strcmp(who, "senior") == 0) {
    g_autoptr(GPtrArray) people = sl_policy_resolve(policy, "role:senior", NULL, NULL);
    return sl_policy_agent_by_mail(policy, people->pdata[0]);
  }
  const SlAgent *agent = assignee ? sl_policy_agent(policy, assignee) : NULL;
  if (!agent)
    fail(w, "%s: nobody has it", talk->name);
  return agent;
}

static const char *
zone_of(const World *w, const Talk *talk)
{
  const SlClient *client = sl_policy_client_of(w->config->policy, talk->customer);
  return sl_calendar_get_zone(client->agreement->calendar);
}

static char *
command_line(World *w, const Talk *talk, const Line *line, const char *pattern, const char *detail)
{
  g_autofree char *day = line->until == SL_TIME_NONE ? NULL : sl_time_format_zone(line->until, zone_of(w, talk), "%Y-%m-%d %H:%M");
  GString *text = g_string_new(pattern);
  g_string_replace(text, "%s", detail, 0);
  g_string_replace(text, "%t", day ? day : "", 0);
  if (strcmp(line->what, "wait") == 0 && day)
    g_string_append_printf(text, " until %s", day);
  return g_string_free(text, FALSE);
}

static void
agent_mails(World *w, Talk *talk, const SlAgent *agent, const Line *line, const char *command, const char *words)
{
  const char *address = sl_agent_mail(agent);
  const Letter *letter = g_hash_table_lookup(talk->held, address);
  if (!letter)
    fail(w, "%s: %s has no letter to reply to", talk->name, address);
  g_autofree char *body = g_strjoin("\r\n\r\n", command ? command : words, command ? words : NULL, NULL);
  deliver(w, &(Draft){.from = address, .to = letter->reply_to, .subject = letter->subject, .in_reply_to = letter->message_id, .body = body}, line->at);
}

/* The command without its "/word " is the argument. */
static void
agent_types(World *w, const Talk *talk, const SlAgent *agent, const Line *line, SlVerb verb, const char *command, const char *words)
{
  g_autofree char *actor = g_strconcat("agent:", agent->name, NULL);
  const char *argument = command ? strchr(command, ' ') : NULL;
  gboolean why = verb == SL_VERB_ETA;
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = actor,
                         .command = {.verb = verb, .ticket = talk->ticket, .argument = argument ? argument + 1 : NULL, .text = why ? NULL : words,
                                     .why = why ? words : NULL, .when = SL_TIME_NONE, .received = SL_TIME_NONE}};
  if (line->until != SL_TIME_NONE) {
    stimulus.command.when = line->until;
    stimulus.command.argument = NULL;
  }
  step(w, &stimulus, NULL);
}

static void
agent_acts(World *w, Talk *talk, const Line *line)
{
  guint i = 0;
  while (i < G_N_ELEMENTS(acts) && strcmp(acts[i].what, line->what) != 0)
    i++;
  if (i == G_N_ELEMENTS(acts))
    fail(w, "nobody does \"%s\"", line->what);
  const SlAgent *agent = who_acts(w, talk, line->who);
  const SlAgent *other = strcmp(line->detail, "other") == 0 ? after(w, agent->name) : NULL;
  g_autofree char *command = acts[i].line ? command_line(w, talk, line, acts[i].line, other ? other->name : line->detail) : NULL;
  const char *words = strcmp(line->detail, "bare") == 0 ? NULL : acts[i].words;
  if (strcmp(line->way, "mail") == 0)
    agent_mails(w, talk, agent, line, command, words);
  else
    agent_types(w, talk, agent, line, acts[i].verb, command, words);
}

/* ---- */

static void
needs_ticket(const World *w, const Talk *talk)
{
  if (!talk->ticket)
    fail(w, "%s: there is no ticket yet", talk->name);
}

static void
customer_acts(World *w, Talk *talk, const Line *line)
{
  g_free(talk->customer);
  talk->customer = g_strdup(line->who);
  if (strcmp(line->what, "call") == 0)
    customer_calls(w, talk, line);
  else
    customer_writes(w, talk, line);
}

void
line_happens(World *w, const Line *line)
{
  Talk *talk = talk_of(w, line->talk);
  if (strcmp(line->what, "away") == 0) {
    supervisor_leaves(w, line);
  } else if (strcmp(line->what, "call") == 0 || strcmp(line->what, "mail") == 0) {
    customer_acts(w, talk, line);
  } else {
    needs_ticket(w, talk);
    (strcmp(line->what, "bounce") == 0 ? server_returns : agent_acts)(w, talk, line);
  }
}
