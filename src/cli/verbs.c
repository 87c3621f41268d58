/* SPDX-License-Identifier: ISC */
/* What agents do, on the command line: the same verbs as by mail, through the same step. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/json.h"

/* Which verbs read words from standard input. */
static gboolean
reads_words(SlVerb verb)
{
  static const SlVerb with_words[] = {SL_VERB_REPLY, SL_VERB_NOTE,    SL_VERB_PROGRESS, SL_VERB_ASK,
                                      SL_VERB_ANSWERED, SL_VERB_RESOLVE, SL_VERB_NEW};
  for (guint i = 0; i < G_N_ELEMENTS(with_words); i++) {
    if (with_words[i] == verb)
      return TRUE;
  }
  return FALSE;
}

static gboolean
fill_new(const SlCli *cli, SlCommand *command, GError **error)
{
  command->from = cli->from;
  command->subject = cli->subject;
  command->channel = cli->channel ? cli->channel : "phone";
  command->received = SL_TIME_NONE;
  if (!cli->from || !cli->subject) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "slate new --from ADDRESS --subject SUBJECT, the text on standard input");
    return FALSE;
  }
  if (!sl_address_is_sendable(cli->from)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--from %s is no address", cli->from);
    return FALSE;
  }
  static const char *const channels[] = {"phone", "chat", "walkin", NULL};
  if (!g_strv_contains(channels, command->channel)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--channel %s: phone, chat or walkin is wanted", command->channel);
    return FALSE;
  }
  if (cli->received && !sl_cli_time("--received", cli->received, &command->received, error))
    return FALSE;
  if (cli->received && command->received > sl_cli_now(cli)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--received %s is still to come", cli->received);
    return FALSE;
  }
  return TRUE;
}

static gboolean
fill_command(SlCli *cli, int argc, char **argv, SlCommand *command, char **out_argument, GError **error)
{
  if (command->verb == SL_VERB_NEW)
    return fill_new(cli, command, error);
  if (command->verb == SL_VERB_AWAY) { /* of the agent, not of a ticket */
    *out_argument = argc > 1 ? g_strjoinv(" ", argv + 1) : NULL;
    command->argument = *out_argument;
    return TRUE;
  }
  if (argc < 2) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "slate %s N …: the ticket's number is wanted", argv[0]);
    return FALSE;
  }
  if (!sl_cli_ticket(argv[1], &command->ticket, error))
    return FALSE;
  *out_argument = argc > 2 ? g_strjoinv(" ", argv + 2) : NULL;
  command->argument = *out_argument;
  return TRUE;
}

static int
print_result(SlCli *cli, gint64 ticket, const char *said, GError **error)
{
  if (!ticket) {
    SlJson *document = sl_json_object();
    sl_json_set_string(document, "said", said);
    if (!cli->json && !cli->quiet)
      printf("%s\n", said ? said : "done");
    if (cli->json)
      sl_cli_print(document);
    else
      sl_json_free(document);
    return 0;
  }
  SlTicketFacts *facts = sl_gather_ticket(cli->work, ticket, sl_cli_now(cli), error);
  if (!facts)
    return -1;
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_take(document, "ticket", sl_ticket_facts_json(facts));
    sl_cli_print(document);
  } else if (!cli->quiet) {
    printf("#%" G_GINT64_FORMAT ": %s\n", ticket, said ? said : "done");
  }
  sl_ticket_facts_free(facts);
  return 0;
}

int
sl_cmd_verb(SlCli *cli, int argc, char **argv, GError **error)
{
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .command = {.when = SL_TIME_NONE, .received = SL_TIME_NONE, .why = cli->why}};
  g_autofree char *argument = NULL;
  SlStepResult result;
  if (!sl_verb_parse(argv[0], &stimulus.command.verb) || !fill_command(cli, argc, argv, &stimulus.command, &argument, error) ||
      !sl_cli_open(cli, error))
    return -1;
  g_autofree char *actor = sl_cli_actor(cli, error);
  g_autofree char *text = actor && reads_words(stimulus.command.verb) ? sl_cli_stdin(error) : NULL;
  if (!actor || (reads_words(stimulus.command.verb) && !text))
    return -1;
  if (text)
    g_strstrip(text);
  if (cli->at && !sl_cli_time("--at", cli->at, &stimulus.command.when, error))
    return -1;
  if (cli->to && !sl_time_parse(cli->to, &stimulus.command.when))
    stimulus.command.argument = cli->to; /* --until "Fri 12:00": words, read like an argument */
  stimulus.actor = actor;
  stimulus.command.text = text;
  if (!sl_step(cli->work, &stimulus, NULL, FALSE, &result, error))
    return -1;
  int code = print_result(cli, result.ticket, result.reason, error);
  sl_step_result_clear(&result);
  return code;
}
