/* SPDX-License-Identifier: ISC */
/* The commands of `slate`: one table, one function each, and what they share. */
#pragma once
#include "base/error.h"
#include "cli/table.h"
#include "config/config.h"
#include "work/step.h"

typedef struct {
  char *config_path;
  SlConfig *config;   /* read at first need */
  SlWork *work;       /* opened at first need */
  SlTime now;         /* --now; NONE */
  char *as;           /* --as; NULL */
  gboolean json, jsonl, plain, quiet, verbose; /* jsonl: json, and lists a line an entry */
  char *why;          /* -m; NULL */
  char *at, *cycle, *within, *from, *to, *for_, *month, *channel, *received, *subject, *mailbox, *announce, *client, *sla; /* options of single commands; NULL */
  gboolean online, strict, raw, no_letters, as_written;
} SlCli;

/* Arguments: argv[0] is the command's name. Gives the exit code; a GError is printed by the caller. */
typedef int (*SlCommandRun)(SlCli *cli, int argc, char **argv, GError **error);

typedef struct {
  const char *name, *synopsis, *help;
  SlCommandRun run;
  int least, most; /* arguments after the name; most -1: any */
} SlCommandRow;

const SlCommandRow *sl_commands(void); /* ended by a NULL name */

/* At first need; print faults. NULL/FALSE with error set. */
gboolean sl_cli_config(SlCli *cli, GError **error) SL_WARN_UNUSED;
gboolean sl_cli_open(SlCli *cli, GError **error) SL_WARN_UNUSED;
gboolean sl_cli_open_to_read(SlCli *cli, GError **error) SL_WARN_UNUSED; /* whatever is asked of it, the store stays as it is */
void sl_cli_print_faults(const GPtrArray *faults); /* of a configuration, on standard error */

SlTime sl_cli_now(const SlCli *cli);
gboolean sl_cli_ticket(const char *text, gint64 *out_ticket, GError **error) SL_WARN_UNUSED;
/* Who does it, for the record: "agent:NAME" (--as, or the login name), else "cli:LOGIN". Owned; SL_ERROR_USAGE for an unknown --as. */
char *sl_cli_actor(const SlCli *cli, GError **error) SL_WARN_UNUSED;
char *sl_cli_stdin(GError **error); /* all of standard input, at most 1 MiB, as UTF-8; owned */
void sl_cli_print(SlJson *json);    /* one document; takes it */
void sl_cli_print_list(const SlCli *cli, const char *key, SlJson *array, SlTable *table); /* {key: array}, or the table; takes both */
gboolean sl_cli_time(const char *option, const char *text, SlTime *out_time, GError **error) SL_WARN_UNUSED;
/* The same, or "2026-11-28 22:00", or "2026-11-28", as the desk's wall shows it; needs the configuration. */
gboolean sl_cli_local_time(const SlCli *cli, const char *option, const char *text, SlTime *out_time, GError **error) SL_WARN_UNUSED;

/* Commands, a file a group. */
int sl_cmd_list(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_search(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_due(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_show(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_log(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_why(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_verb(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_calendar(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_sla(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_maintenance(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_outbox(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_quarantine(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_held(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_audit(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_db(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_check(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_status(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_report(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_replay(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_config(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_probe(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_worker(SlCli *cli, int argc, char **argv, GError **error);
int sl_cmd_help(SlCli *cli, int argc, char **argv, GError **error);
