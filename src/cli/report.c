/* SPDX-License-Identifier: ISC */
/* What was promised and what became of it: slate report, slate replay. Both only read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/table.h"
#include "config/scan.h"
#include "report/json.h"
#include "report/read.h"
#include "report/text.h"

#define MOST_LISTED 50 /* of what is broken, or changed: the rest is for --json */
#define LINE        80 /* columns of running words */

/* ---- the period ---- */

typedef struct {
  SlTime from;
  SlTime to; /* NONE: up to now */
} Period;

/* The first of the month that ends there, in the desk's zone. */
static SlTime
month_of(const SlCli *cli, SlTime end)
{
  SlTime first = end;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(cli->config->letter.timezone);
  g_autofree char *day = sl_time_format_zone(end, cli->config->letter.timezone, "%Y-%m-01");
  gboolean ok = day && sl_time_parse_local(day, zone, &first);
  g_assert(ok);
  return first;
}

static gboolean
read_period(const SlCli *cli, Period *out, GError **error)
{
  SlTime now = sl_cli_now(cli);
  Period p = {SL_TIME_NONE, SL_TIME_NONE};
  if ((cli->to && !sl_cli_local_time(cli, "--to", cli->to, &p.to, error)) || (cli->from && !sl_cli_local_time(cli, "--from", cli->from, &p.from, error)))
    return FALSE;
  if (!cli->from)
    p.from = month_of(cli, p.to == SL_TIME_NONE ? now : p.to - SL_SECOND);
  *out = p;
  if (p.from <= (p.to == SL_TIME_NONE ? now : p.to))
    return TRUE;
  if (cli->to)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--to %s lies before --from %s", cli->to, cli->from ? cli->from : "");
  else
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--from %s lies in the future: --to is wanted, too", cli->from);
  return FALSE;
}

/* ---- printing ---- */

static void
print_plain(const SlTextBlock *block)
{
  for (guint i = 0; i < block->rows->len; i++) {
    char **row = block->rows->pdata[i];
    printf("%s", block->key);
    for (guint c = 0; row[c]; c++) {
      g_autofree char *cell = sl_shown(row[c]);
      printf("\t%s", cell);
    }
    puts("");
  }
}

/* Words to the end of the line, those that follow below their beginning. */
static void
print_words(const char *text, guint indent)
{
  g_autofree char *shown = sl_shown(text);
  g_auto(GStrv) words = g_strsplit(shown, " ", -1);
  guint column = indent;
  for (guint i = 0; words[i]; i++) {
    guint width = (guint)g_utf8_strlen(words[i], -1);
    if (i && column + 1 + width > LINE) {
      printf("\n%*s", (int)indent, "");
      column = indent;
    } else if (i) {
      putchar(' ');
      column++;
    }
    fputs(words[i], stdout);
    column += width;
  }
  puts("");
}

/* The third paragraph says what came of the first two. */
static void
print_entries(const SlTextBlock *block)
{
  guint width = 0;
  for (guint i = 0; i < block->rows->len; i++)
    width = MAX(width, (guint)strlen(((char **)block->rows->pdata[i])[0]));
  for (guint i = 0; i < block->rows->len; i++) {
    char **row = block->rows->pdata[i];
    for (guint c = 1; row[c]; c++) {
      printf("%-*s  %s", (int)width, c == 1 ? row[0] : "", c > 2 ? "> " : "");
      print_words(row[c], width + (c > 2 ? 4 : 2));
    }
  }
}

static void
print_table(const SlTextBlock *block)
{
  SlTable *table = sl_table_new(block->columns, FALSE);
  for (guint i = 0; i < block->rows->len; i++)
    sl_table_add(table, (const char *const *)block->rows->pdata[i]);
  sl_table_print(table);
}

static void
print_blocks(const SlCli *cli, const GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++) {
    const SlTextBlock *block = blocks->pdata[i];
    if (cli->plain) {
      print_plain(block);
      continue;
    }
    printf("%s%s\n", i ? "\n" : "", block->heading);
    if (!block->columns)
      print_entries(block);
    else if (block->rows->len)
      print_table(block);
    if (block->note)
      print_words(block->note, 0);
  }
}

/* ---- report ---- */

/* A client who has left the configuration may still have tickets: only a name that neither knows is an error. */
static gboolean
check_client(const SlCli *cli, const SlReport *report, GError **error)
{
  const SlPolicy *policy = cli->config->policy;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  if (!cli->client || report->matched || sl_policy_client(policy, cli->client))
    return TRUE;
  g_ptr_array_add(names, policy->everybody->name);
  for (guint i = 0; i < policy->clients->len; i++)
    g_ptr_array_add(names, ((const SlClient *)policy->clients->pdata[i])->name);
  g_ptr_array_add(names, NULL);
  const char *near = sl_suggest(cli->client, (const char *const *)names->pdata);
  g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
  g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no client \"%s\": %s%s%s", cli->client, near ? "did you mean \"" : "there are ",
              near ? near : known, near ? "\"?" : "");
  return FALSE;
}

/* What was in force when the period ended, or is: the client's, or everybody's. Borrowed. */
static SlAgreement *
agreement_of(const SlCli *cli, SlTime to)
{
  SlPolicy *policy = cli->config->policy;
  const SlClient *client = cli->client ? sl_policy_client(policy, cli->client) : NULL;
  SlTime now = sl_cli_now(cli);
  sl_policy_in_force(policy, to == SL_TIME_NONE ? now : MIN(to - SL_SECOND, now));
  return client ? client->agreement : policy->everybody->agreement;
}

int
sl_cmd_report(SlCli *cli, int argc, char **argv, GError **error)
{
  Period p;
  (void)argc;
  (void)argv;
  if (!sl_cli_config(cli, error) || !read_period(cli, &p, error) || !sl_cli_open_to_read(cli, error))
    return -1;
  g_autoptr(SlReport) report = sl_report_new(p.from, p.to, sl_cli_now(cli), cli->client, agreement_of(cli, p.to));
  if (!sl_report_read(report, cli->work->db, cli->config, error) || !check_client(cli, report, error))
    return -1;
  if (cli->json) {
    sl_cli_print(sl_report_json(report));
    return 0;
  }
  g_autoptr(GPtrArray) blocks =
      sl_report_text(report, cli->config->letter.company, cli->config->letter.timezone, cli->plain ? G_MAXUINT : MOST_LISTED);
  print_blocks(cli, blocks);
  return 0;
}

/* ---- replay ---- */

static SlConfig *
load_file(SlCli *cli, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  if (!cli->sla) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "--sla is missing: a file with the agreement is wanted");
    return NULL;
  }
  if (access(cli->sla, R_OK) != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s: %s", cli->sla, g_strerror(errno));
    return NULL;
  }
  SlConfig *config = sl_config_load_agreements(cli->sla, cli->config->letter.timezone, faults);
  if (config)
    return config;
  sl_cli_print_faults(faults);
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s has faults", cli->sla);
  return NULL;
}

int
sl_cmd_replay(SlCli *cli, int argc, char **argv, GError **error)
{
  Period p;
  (void)argc;
  (void)argv;
  if (!sl_cli_config(cli, error) || !read_period(cli, &p, error))
    return -1;
  g_autoptr(SlConfig) config = load_file(cli, error);
  if (!config || !sl_cli_open_to_read(cli, error))
    return -1;
  g_autoptr(SlReplay) replay = sl_replay_new(cli->sla, config, p.from, p.to, sl_cli_now(cli));
  if (!sl_replay_read(replay, cli->work->db, error))
    return -1;
  if (cli->json) {
    sl_cli_print(sl_replay_json(replay));
    return 0;
  }
  g_autoptr(GPtrArray) blocks = sl_replay_text(replay, cli->config->letter.timezone, cli->plain ? G_MAXUINT : MOST_LISTED);
  print_blocks(cli, blocks);
  return 0;
}
