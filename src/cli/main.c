/* SPDX-License-Identifier: ISC */
/* slate: the command line. Options may stand before or after the command. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/wall.h"
#include "cli/command.h"
#include "cli/locate.h"
#include "config/scan.h"

#define STDIN_MOST (1024 * 1024)

static const SlCommandRow commands[] = {
    {"status", "", "what is on fire, and what to type next", sl_cmd_status, 0, 0},
    {"list", "[FILTER…] [TEXT…]", "tickets, most urgent first", sl_cmd_list, 0, -1},
    {"due", "[--within D]", "coming deadlines", sl_cmd_due, 0, 0},
    {"search", "TEXT…", "tickets that hold these words", sl_cmd_search, 1, -1},
    {"show", "N [--raw]", "a ticket with its clocks and messages; its newest mail as it came", sl_cmd_show, 1, 1},
    {"log", "N", "its record", sl_cmd_log, 1, 1},
    {"why", "N [TARGET] [--cycle K]", "the clock, second by second", sl_cmd_why, 1, 2},
    {"new", "--from A --subject S [--channel phone|chat|walkin] [--received T]", "a ticket by phone; text on standard input", sl_cmd_verb, 0, 0},
    {"reply", "N", "an answer to the customer, on standard input", sl_cmd_verb, 1, 1},
    {"note", "N", "an internal note, on standard input", sl_cmd_verb, 1, 1},
    {"progress", "N", "a progress update to the customer, on standard input", sl_cmd_verb, 1, 1},
    {"ask", "N", "a question to the customer, on standard input; then wait", sl_cmd_verb, 1, 1},
    {"answered", "N [--at T]", "what was said outside, on standard input", sl_cmd_verb, 1, 1},
    {"take", "N", "make it yours (--as AGENT)", sl_cmd_verb, 1, 1},
    {"assign", "N WHO", "give it to somebody", sl_cmd_verb, 2, 2},
    {"prio", "N critical|standard|low", "set its priority", sl_cmd_verb, 2, 2},
    {"eta", "N WHEN [-m WHY]", "tell the customer an estimate: \"Fri 16:00\", 2h, tomorrow", sl_cmd_verb, 2, -1},
    {"wait", "N [--until T | WHEN]", "wait for the customer", sl_cmd_verb, 1, -1},
    {"resume", "N", "stop waiting", sl_cmd_verb, 1, 1},
    {"noreply", "N -m WHY", "no answer is needed", sl_cmd_verb, 1, -1},
    {"resolve", "N", "resolve it; the solution on standard input", sl_cmd_verb, 1, 1},
    {"close", "N -m WHY", "close it", sl_cmd_verb, 1, -1},
    {"reopen", "N", "open it again", sl_cmd_verb, 1, 1},
    {"escalate", "N [1|2|3] [-m WHY]", "call the next level by hand", sl_cmd_verb, 1, -1},
    {"tag", "N +X -Y…", "add and remove tags", sl_cmd_verb, 2, -1},
    {"snooze", "N D", "the assignee's warnings wait; the customer's clock never does", sl_cmd_verb, 2, -1},
    {"merge", "N INTO", "two tickets of one client become one", sl_cmd_verb, 2, 2},
    {"split", "N MSG", "a message becomes a ticket of its own", sl_cmd_verb, 2, 2},
    {"link", "N M", "two tickets know of each other", sl_cmd_verb, 2, 2},
    {"spam", "N", "no ticket of anybody's: no letter, no clock", sl_cmd_verb, 1, 1},
    {"excuse", "N TARGET -m WHY", "a supervisor excuses a broken promise", sl_cmd_verb, 2, 2},
    {"undo", "N", "take the last thing back, within five minutes", sl_cmd_verb, 1, 1},
    {"away", "WHEN|off", "hand your tickets over (--as AGENT)", sl_cmd_verb, 0, -1},
    {"ingest", "[--mailbox M] [--recipient A] [--sender A] [--wait] < MAIL", "one message from a pipe; exit 0 or 75", NULL, 0, -1},
    {"parse", "PATH…", "what Slate reads in a mail", sl_cmd_worker, 0, -1},
    {"import", "[--mailbox M] [--no-letters] PATH…", "mail from files: .eml, mbox, Maildirs, folders of these", sl_cmd_worker, 1, -1},
    {"fetch", "[MAILBOX…]", "new mail into the spool, and taken in", sl_cmd_worker, 0, -1},
    {"tick", "", "every alarm due now", sl_cmd_worker, 0, 0},
    {"next", "", "when the next alarm is due", sl_cmd_worker, 0, 0},
    {"send", "", "one pass over the outbox", sl_cmd_worker, 0, 0},
    {"probe", "[list [--from T] [--to T]]", "asks now whether the clients' systems are up; list: what was seen", sl_cmd_probe, 0, 1},
    {"outbox", "[list|show ID|retry ID|hold ID|drop ID]", "letters", sl_cmd_outbox, 0, 2},
    {"quarantine", "[list|show ID|release ID|drop ID]", "mails that could not be understood", sl_cmd_quarantine, 0, 2},
    {"held", "[list|show ID|release ID|drop ID]", "mails that wait for a person's word", sl_cmd_held, 0, 2},
    {"calendar", "due C --from T --for D|elapsed C --from T --to T|open C [--at T]|show C [--month M]|eval", "business time", sl_cmd_calendar, 1, 2},
    {"sla", "[list|show NAME [VERSION]|history NAME|check]", "agreements and their versions", sl_cmd_sla, 0, 3},
    {"maintenance", "[list|add NAME --from T --to T [--announce D]|remove NAME]", "scheduled windows", sl_cmd_maintenance, 0, 2},
    {"report", "[--from T] [--to T] [--client C]", "what was promised, and what became of it", sl_cmd_report, 0, 0},
    {"replay", "--sla FILE [--from T] [--to T]", "the recorded past under another agreement", sl_cmd_replay, 0, 0},
    {"check", "[--online] [--strict]", "the configuration and all that it names", sl_cmd_check, 0, 0},
    {"config", "[-n | get KEY]", "what is configured; -n: without the defaults", sl_cmd_config, 0, 2},
    {"audit", "verify", "the record's hash chain", sl_cmd_audit, 1, 1},
    {"db", "backup FILE|check|migrate|stats", "the store", sl_cmd_db, 1, 2},
    {"help", "[COMMAND]", "this list, or one of it", sl_cmd_help, 0, 1},
    {NULL, NULL, NULL, NULL, 0, 0},
};

const SlCommandRow *
sl_commands(void)
{
  return commands;
}

static const SlCommandRow *
find_command(const char *name, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const SlCommandRow *row = commands; row->name; row++) {
    if (strcmp(row->name, name) == 0)
      return row;
    g_ptr_array_add(names, (gpointer)row->name);
  }
  g_ptr_array_add(names, NULL);
  const char *near = sl_suggest(name, (const char *const *)names->pdata);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "there is no command \"%s\"%s%s%s", name, near ? ": did you mean \"" : ": see slate help",
              near ? near : "", near ? "\"?" : "");
  return NULL;
}

int
sl_cmd_help(SlCli *cli, int argc, char **argv, GError **error)
{
  (void)cli;
  if (argc > 1) {
    const SlCommandRow *row = find_command(argv[1], error);
    if (row)
      printf("usage: slate %s %s\n  %s\n", row->name, row->synopsis, row->help);
    return row ? 0 : -1;
  }
  printf("usage: slate [-c FILE] [--now RFC3339] [--as AGENT] [--json|--plain] [-q|-v] COMMAND …\n\n");
  for (const SlCommandRow *row = commands; row->name; row++)
    printf("  %-11s %s\n              %s\n", row->name, row->synopsis, row->help);
  printf("\nslate(1) says more.\n");
  return 0;
}

/* ---- what commands share ---- */

SlTime
sl_cli_now(const SlCli *cli)
{
  return sl_time_floor(cli->now == SL_TIME_NONE ? sl_wall_now() : cli->now);
}

void
sl_cli_print_faults(const GPtrArray *faults)
{
  for (guint i = 0; i < faults->len; i++) {
    g_autofree char *text = sl_config_fault_text(faults->pdata[i]);
    fprintf(stderr, "%s\n", text);
  }
}

gboolean
sl_cli_config(SlCli *cli, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  if (cli->config)
    return TRUE;
  cli->config = sl_config_load(cli->config_path, faults);
  if (cli->config)
    return TRUE;
  sl_cli_print_faults(faults);
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "the configuration %s has faults: slate check", cli->config_path);
  return FALSE;
}

static gboolean
open_store(SlCli *cli, gboolean read_only, GError **error)
{
  if (cli->work)
    return TRUE;
  if (!sl_cli_config(cli, error))
    return FALSE;
  cli->work = sl_work_open(cli->config, cli->now, read_only, error);
  return cli->work != NULL;
}

/* --as is a label for the record: an agent's name, else whoever sits at the shell. */
char *
sl_cli_actor(const SlCli *cli, GError **error)
{
  const SlPolicy *policy = cli->config->policy;
  const char *name = cli->as ? cli->as : g_get_user_name();
  const SlAgent *agent = sl_policy_agent(policy, name);
  if (agent)
    return g_strconcat("agent:", agent->name, NULL);
  if (cli->as) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--as %s: there is no such agent", cli->as);
    return NULL;
  }
  return g_strconcat("cli:", name, NULL);
}

gboolean
sl_cli_open(SlCli *cli, GError **error)
{
  return open_store(cli, FALSE, error);
}

gboolean
sl_cli_open_to_read(SlCli *cli, GError **error)
{
  return open_store(cli, TRUE, error);
}

gboolean
sl_cli_ticket(const char *text, gint64 *out_ticket, GError **error)
{
  if (g_ascii_string_to_signed(text + (*text == '#'), 10, 1, G_MAXINT64, out_ticket, NULL))
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "\"%s\" is no ticket's number", text);
  return FALSE;
}

gboolean
sl_cli_time(const char *option, const char *text, SlTime *out_time, GError **error)
{
  if (text && sl_time_parse(text, out_time))
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s%s%s: a time such as 2026-11-24T12:00:00Z is wanted", option, text ? " " : " is missing",
              text ? text : "");
  return FALSE;
}

gboolean
sl_cli_local_time(const SlCli *cli, const char *option, const char *text, SlTime *out_time, GError **error)
{
  g_autoptr(GTimeZone) zone = sl_time_zone_new(cli->config->letter.timezone);
  return (text && zone && sl_time_parse_local(text, zone, out_time)) || sl_cli_time(option, text, out_time, error);
}

char *
sl_cli_stdin(GError **error)
{
  g_autofree char *buffer = g_malloc(STDIN_MOST + 1);
  gsize length = fread(buffer, 1, STDIN_MOST + 1, stdin);
  if (length > STDIN_MOST) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_LIMIT, "the text on standard input is longer than 1 MiB");
    return NULL;
  }
  return g_utf8_make_valid(buffer, (gssize)length);
}

void
sl_cli_print(SlJson *json)
{
  g_autofree char *text = sl_json_print(json, isatty(STDOUT_FILENO));
  puts(text);
  sl_json_free(json);
}

void
sl_cli_print_list(const SlCli *cli, const char *key, SlJson *array, SlTable *table)
{
  SlJson *document = sl_json_object();
  sl_json_set_take(document, key, array);
  if (cli->json) {
    sl_table_free(table);
    sl_cli_print(document);
  } else {
    sl_table_print(table);
    sl_json_free(document);
  }
}

/* ---- the command line ---- */

static int
fail(const SlCli *cli, GError *error)
{
  int code = sl_error_exit_code(error);
  fprintf(stderr, "slate: %s\n", error->message);
  if (cli->json) {
    SlJson *inner = sl_json_object();
    SlJson *document = sl_json_object();
    sl_json_set_string(inner, "code", sl_error_word(error));
    sl_json_set_string(inner, "message", error->message);
    sl_json_set_take(document, "error", inner);
    sl_cli_print(document);
  }
  g_error_free(error);
  return code;
}

static gboolean
parse_options(SlCli *cli, int *argc, char ***argv, char ***out_words, GError **error)
{
  g_autofree char *now = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &cli->config_path, "the configuration", "FILE"},
      {"now", 0, 0, G_OPTION_ARG_STRING, &now, "the virtual time of this command", "RFC3339"},
      {"as", 0, 0, G_OPTION_ARG_STRING, &cli->as, "who does it", "AGENT"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "print one JSON document", NULL},
      {"jsonl", 0, 0, G_OPTION_ARG_NONE, &cli->jsonl, "print JSON lines", NULL},
      {"plain", 0, 0, G_OPTION_ARG_NONE, &cli->plain, "tables as tab-separated lines", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet, "print nothing on success", NULL},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, "say more", NULL},
      {"message", 'm', 0, G_OPTION_ARG_STRING, &cli->why, "why", "TEXT"},
      {"at", 0, 0, G_OPTION_ARG_STRING, &cli->at, "at that time", "T"},
      {"cycle", 0, 0, G_OPTION_ARG_STRING, &cli->cycle, "which cycle of the clock", "K"},
      {"within", 0, 0, G_OPTION_ARG_STRING, &cli->within, "how far ahead", "D"},
      {"from", 0, 0, G_OPTION_ARG_STRING, &cli->from, "an address, or a time", "A"},
      {"to", 0, 0, G_OPTION_ARG_STRING, &cli->to, "a time", "T"},
      {"until", 0, 0, G_OPTION_ARG_STRING, &cli->to, "a time", "T"},
      {"for", 0, 0, G_OPTION_ARG_STRING, &cli->for_, "a duration", "D"},
      {"announce", 0, 0, G_OPTION_ARG_STRING, &cli->announce, "how long before: 2bd, 48h", "D"},
      {"month", 0, 0, G_OPTION_ARG_STRING, &cli->month, "a month", "M"},
      {"channel", 0, 0, G_OPTION_ARG_STRING, &cli->channel, "phone, chat, walkin", "C"},
      {"received", 0, 0, G_OPTION_ARG_STRING, &cli->received, "when it came in", "T"},
      {"client", 0, 0, G_OPTION_ARG_STRING, &cli->client, "one client's", "C"},
      {"sla", 0, 0, G_OPTION_ARG_FILENAME, &cli->sla, "a file with an agreement", "FILE"},
      {"subject", 0, 0, G_OPTION_ARG_STRING, &cli->subject, "its subject", "S"},
      {"mailbox", 0, 0, G_OPTION_ARG_STRING, &cli->mailbox, "the mailbox it counts as", "M"},
      {"no-letters", 0, 0, G_OPTION_ARG_NONE, &cli->no_letters, "tickets without letters and clocks", NULL},
      {"online", 0, 0, G_OPTION_ARG_NONE, &cli->online, "log in to every server, too", NULL},
      {"as-written", 'n', 0, G_OPTION_ARG_NONE, &cli->as_written, "only what the file says", NULL},
      {"raw", 0, 0, G_OPTION_ARG_NONE, &cli->raw, "the customer's newest mail as it came", NULL},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &cli->strict, "exit 1 for warnings", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, out_words, NULL, NULL},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new("COMMAND …");
  g_autoptr(GError) why = NULL;
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_summary(context, "slate help lists the commands.");
  for (int i = 1; i < *argc; i++) /* an error about options is answered in JSON, too */
    cli->json |= strcmp((*argv)[i], "--json") == 0 || strcmp((*argv)[i], "--jsonl") == 0;
  if (!g_option_context_parse(context, argc, argv, &why)) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, why->message);
    return FALSE;
  }
  cli->json |= cli->jsonl;
  if (version) {
    printf("slate %s\n", PACKAGE_VERSION);
    exit(0);
  }
  return !now || sl_cli_time("--now", now, &cli->now, error);
}

/* `slate ingest` is slate-ingest, options and all: it answers 0 or 75, whatever is wrong with them. */
static void
become_ingest(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    gboolean takes_value = strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "--config") == 0 || strcmp(argv[i], "--now") == 0 ||
                           strcmp(argv[i], "--as") == 0;
    if (takes_value)
      i++;
    else if (argv[i][0] != '-' && strcmp(argv[i], "ingest") != 0)
      return;
    else if (argv[i][0] != '-') {
      g_autofree char *path = sl_locate("slate-ingest");
      if (access(path, X_OK) != 0) {
        g_free(path);
        path = g_strdup("slate-ingest");
      }
      memmove(argv + i, argv + i + 1, (size_t)(argc - i) * sizeof *argv);
      execvp(path, argv);
      printf("4.3.0 slate: %s: %s\n", path, g_strerror(errno));
      exit(75);
    }
  }
}

/* What a command does not take would be ignored in silence: its synopsis says what it takes. (Words in -m may always be given.) */
static gboolean
takes_options(const SlCli *cli, const SlCommandRow *row, GError **error)
{
  const struct {
    const char *flag, *other; /* NULL: no other spelling */
    gboolean given;
  } options[] = {
      {"--at", NULL, cli->at != NULL},
      {"--cycle", NULL, cli->cycle != NULL},
      {"--within", NULL, cli->within != NULL},
      {"--from", NULL, cli->from != NULL},
      {"--to", "--until", cli->to != NULL},
      {"--for", NULL, cli->for_ != NULL},
      {"--announce", NULL, cli->announce != NULL},
      {"--month", NULL, cli->month != NULL},
      {"--channel", NULL, cli->channel != NULL},
      {"--received", NULL, cli->received != NULL},
      {"--client", NULL, cli->client != NULL},
      {"--sla", NULL, cli->sla != NULL},
      {"--subject", NULL, cli->subject != NULL},
      {"--mailbox", NULL, cli->mailbox != NULL},
      {"--no-letters", NULL, cli->no_letters},
      {"--online", NULL, cli->online},
      {"--strict", NULL, cli->strict},
      {"--raw", NULL, cli->raw},
      {"-n", NULL, cli->as_written},
  };
  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    const char *flag = options[i].flag, *other = options[i].other;
    if (!options[i].given || strstr(row->synopsis, flag) || (other && strstr(row->synopsis, other)))
      continue;
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s takes no %s: usage: slate %s%s%s", row->name, flag, row->name, *row->synopsis ? " " : "",
                row->synopsis);
    return FALSE;
  }
  return TRUE;
}

static int
run(SlCli *cli, char **words, GError **error)
{
  int n = words ? (int)g_strv_length(words) : 0;
  const SlCommandRow *row = find_command(n ? words[0] : "status", error);
  char *status[] = {(char *)"status", NULL};
  if (!row)
    return -1;
  if (n && (n - 1 < row->least || (row->most >= 0 && n - 1 > row->most))) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "usage: slate %s%s%s", row->name, *row->synopsis ? " " : "", row->synopsis);
    return -1;
  }
  return takes_options(cli, row, error) ? row->run(cli, n ? n : 1, n ? words : status, error) : -1;
}

/* "+billing -bug": GOption would take -bug for options; a tag that is dropped is written behind --, or so. */
static void
protect_tags(int argc, char **argv)
{
  gboolean tag = FALSE;
  for (int i = 1; i < argc; i++) {
    tag |= strcmp(argv[i], "tag") == 0;
    gboolean option = strcmp(argv[i], "-q") == 0 || strcmp(argv[i], "-v") == 0 || strcmp(argv[i], "-c") == 0;
    if (tag && argv[i][0] == '-' && argv[i][1] && argv[i][1] != '-' && !option) {
      char *shielded = g_strdup_printf("\xe2\x88\x92%s", argv[i] + 1); /* a minus sign that is no hyphen, undone below */
      argv[i] = shielded;
    }
  }
}

static void
unprotect_tags(char **words)
{
  for (guint i = 0; words && words[i]; i++) {
    if (g_str_has_prefix(words[i], "\xe2\x88\x92")) {
      char *plain = g_strconcat("-", words[i] + 3, NULL);
      g_free(words[i]);
      words[i] = plain;
    }
  }
}

int
main(int argc, char **argv)
{
  SlCli cli = {.now = SL_TIME_NONE};
  GError *error = NULL;
  g_auto(GStrv) words = NULL;
  setlocale(LC_ALL, "");
  become_ingest(argc, argv);
  protect_tags(argc, argv);
  sl_log_init("slate", SL_LOG_WARNING);
  gboolean parsed = parse_options(&cli, &argc, &argv, &words, &error);
  unprotect_tags(words);
  char *path = sl_config_path(cli.config_path);
  g_free(cli.config_path);
  cli.config_path = path;
  int code = parsed ? run(&cli, words, &error) : -1;
  if (code < 0)
    code = fail(&cli, error);
  sl_work_free(cli.work);
  sl_config_free(cli.config);
  char *const strings[] = {cli.config_path, cli.as, cli.why, cli.at, cli.cycle, cli.within, cli.from, cli.to, cli.for_, cli.month,
                           cli.channel, cli.received, cli.subject, cli.mailbox, cli.announce, cli.client, cli.sla};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  return code;
}
