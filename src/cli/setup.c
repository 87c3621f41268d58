/* SPDX-License-Identifier: ISC */
/* Trying and explaining the set-up: check, status, config. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/wall.h"
#include "cli/command.h"
#include "cli/locate.h"
#include "cli/table.h"
#include "config/scan.h"
#include "config/table.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "store/schema.h"
#include "store/seen.h"
#include "store/tickets.h"
#include "work/spool.h"
#include "work/stages.h"

/* ---- check ---- */

typedef struct {
  SlCli *cli;
  SlJson *findings;
  guint errors, warnings;
} Check;

static void
find(Check *check, const char *level, const char *text)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "level", level);
  sl_json_set_string(json, "message", text);
  sl_json_add_take(check->findings, json);
  check->errors += strcmp(level, "error") == 0;
  check->warnings += strcmp(level, "warning") == 0;
  if (check->cli->json || (check->cli->quiet && strcmp(level, "ok") == 0))
    return;
  if (strcmp(level, "ok") == 0)
    printf("ok       %s\n", text);
  else
    fprintf(stderr, "%s%s\n", text, strcmp(level, "warning") == 0 ? " (warning)" : "");
}

static void
find_result(Check *check, const char *what, gboolean ok, GError *error)
{
  g_autofree char *text = ok ? g_strdup(what) : g_strdup_printf("%s: %s", what, error->message);
  find(check, ok ? "ok" : "error", text);
  g_clear_error(&error);
}

static void
check_secret(Check *check, const char *what, const char *spec)
{
  GError *error = NULL;
  if (!spec)
    return;
  char *secret = sl_secret_load(spec, &error);
  gboolean ok = secret != NULL;
  sl_secret_free(secret);
  find_result(check, what, ok, error);
}

static void
check_secrets(Check *check)
{
  const SlConfig *config = check->cli->config;
  for (guint i = 0; i < config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = config->mailboxes->pdata[i];
    g_autofree char *what = g_strdup_printf("mailbox %s: password", mailbox->name);
    check_secret(check, what, mailbox->source.token ? mailbox->source.token : mailbox->source.password);
  }
  for (guint i = 0; i < config->sinks->len; i++) {
    const SlSinkOptions *sink = config->sinks->pdata[i];
    g_autofree char *what = g_strdup_printf("smtp %s: password", sink->name);
    check_secret(check, what, sink->token ? sink->token : sink->password);
  }
}

static void
check_parts(Check *check)
{
  const SlConfig *config = check->cli->config;
  GError *error = NULL;
  g_autoptr(SlTemplates) templates = sl_templates_load(config->letter.template_dir, &error);
  find_result(check, "templates", templates != NULL, error);
  error = NULL;
  g_autoptr(SlSpool) spool = sl_spool_open(config->spool, &error);
  find_result(check, "spool", spool != NULL, error);
  error = NULL;
  g_autoptr(SlDb) db = sl_store_open(config->database, FALSE, &error);
  find_result(check, "store", db != NULL, error);
  error = NULL;
  g_autoptr(SlReplyKey) key = sl_reply_key_load(config->reply_key, TRUE, &error);
  find_result(check, "reply key", key != NULL, error);
  check_secrets(check);
}

static void
check_online(Check *check)
{
  static const char *const programs[] = {"slate-fetch"};
  for (guint i = 0; i < G_N_ELEMENTS(programs); i++) {
    g_autofree char *path = sl_locate(programs[i]);
    const char *argv[] = {path, "-c", check->cli->config_path, "--check", NULL};
    g_autofree char *out = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &out, NULL, &status, NULL))
      continue;
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    for (guint j = 0; lines[j] && *lines[j]; j++)
      find(check, g_str_has_suffix(lines[j], ": ok") ? "ok" : "error", lines[j]);
  }
}

int
sl_cmd_check(SlCli *cli, int argc, char **argv, GError **error)
{
  Check check = {.cli = cli, .findings = sl_json_array()};
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  (void)argc;
  (void)argv;
  (void)error;
  cli->config = sl_config_load(cli->config_path, faults);
  for (guint i = 0; i < faults->len; i++) {
    const SlConfigFault *fault = faults->pdata[i];
    g_autofree char *text = sl_config_fault_text(fault);
    find(&check, fault->warning ? "warning" : "error", text);
  }
  if (cli->config) {
    find(&check, "ok", "configuration");
    check_parts(&check);
    if (cli->online)
      check_online(&check);
  }
  SlJson *document = sl_json_object();
  sl_json_set_bool(document, "ok", check.errors == 0);
  sl_json_set_take(document, "findings", check.findings);
  if (cli->json)
    sl_cli_print(document);
  else
    sl_json_free(document);
  if (check.errors)
    return cli->config ? 69 : 78;
  return cli->strict && check.warnings ? 1 : 0;
}

/* ---- status ---- */

static SlJson *
read_workers(const SlConfig *config)
{
  g_autofree char *path = g_build_filename(config->spool, "run", "workers.json", NULL);
  g_autofree char *text = NULL;
  SlJson *workers = NULL;
  if (g_file_get_contents(path, &text, NULL, NULL))
    workers = sl_json_parse(text, -1, NULL);
  return workers ? workers : sl_json_array();
}

/* A pid that lives: the file stays behind when a daemon is killed. */
static guint
count_alive(const SlJson *workers)
{
  guint alive = 0;
  for (guint i = 0; i < sl_json_length(workers); i++) {
    g_autofree char *proc = g_strdup_printf("/proc/%" G_GINT64_FORMAT, sl_json_get_int(sl_json_at(workers, i), "pid", 0));
    alive += sl_json_get_int(sl_json_at(workers, i), "pid", 0) > 0 && access(proc, F_OK) == 0;
  }
  return alive;
}

static gboolean
mailbox_status(SlCli *cli, SlJson *out, gboolean *out_ok, GError **error)
{
  for (guint i = 0; i < cli->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = cli->config->mailboxes->pdata[i];
    SlMailboxRow row = {0};
    if (!sl_mailbox_load(cli->work->db, mailbox->name, &row, error))
      return FALSE;
    SlJson *json = sl_json_object();
    sl_json_set_string(json, "name", mailbox->name);
    sl_json_set_time(json, "last_ok", row.last_ok);
    sl_json_set_string(json, "error", row.last_error);
    sl_json_add_take(out, json);
    *out_ok &= row.last_error == NULL;
    if (!cli->json)
      printf("  mailbox %-12s %s\n", mailbox->name, row.last_error ? row.last_error : row.last_ok == SL_TIME_NONE ? "never read yet" : "ok");
    sl_mailbox_row_clear(&row);
  }
  return TRUE;
}

static void
print_urgent(const GPtrArray *rows, SlTime now)
{
  guint most = MIN(rows->len, 5);
  printf("%u open%s\n", rows->len, most ? ", the most urgent:" : "");
  for (guint i = 0; i < most; i++) {
    const SlTicketRow *row = rows->pdata[i];
    gint64 sec = row->next_due_at == SL_TIME_NONE ? 0 : (row->next_due_at - now) / SL_SECOND;
    g_autofree char *amount = sl_duration_format(sec);
    g_autofree char *subject = sl_shown(row->ticket->subject);
    printf("  #%-6" G_GINT64_FORMAT " %-8s %-12s %-8s %s %-5s %s\n", row->ticket->id, sl_priority_word(row->ticket->priority), row->ticket->client,
           row->next_target ? row->next_target : "-", row->next_target ? amount : "", !row->next_target ? "" : sec < 0 ? "LATE" : "left", subject);
  }
  if (most)
    printf("  (use \"slate show N\", \"slate why N\", \"slate reply N\")\n");
}

#define OUTBOX_STUCK_SEC 600

int
sl_cmd_status(SlCli *cli, int argc, char **argv, GError **error)
{
  SlOutboxFigures figures;
  gint64 quarantined = 0;
  SlTime next = SL_TIME_NONE;
  gboolean ok = TRUE;
  (void)argc;
  (void)argv;
  if (!sl_cli_open(cli, error) || !sl_outbox_figures(cli->work->db, &figures, error) ||
      !sl_mails_count(cli->work->db, SL_MAIL_QUARANTINED, &quarantined, error) || !sl_tickets_next_alarm(cli->work->db, &next, error))
    return -1;
  SlJson *workers = read_workers(cli->config);
  SlJson *mailboxes = sl_json_array();
  guint alive = count_alive(workers);
  gint64 age = figures.oldest_queued_at == SL_TIME_NONE ? 0 : (sl_cli_now(cli) - figures.oldest_queued_at) / SL_SECOND;
  if (!cli->json)
    printf("Slate %s · slated %s\n", PACKAGE_VERSION, alive ? "running" : "not running");
  if (!mailbox_status(cli, mailboxes, &ok, error))
    return -1;
  ok &= age < OUTBOX_STUCK_SEC && (alive > 0 || sl_json_length(workers) == 0);
  SlJson *outbox = sl_json_object();
  sl_json_set_int(outbox, "queued", figures.queued);
  sl_json_set_int(outbox, "oldest_age", age);
  sl_json_set_int(outbox, "failed", figures.failed);
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_bool(document, "ok", ok);
    sl_json_set_take(document, "workers", workers);
    sl_json_set_take(document, "mailboxes", mailboxes);
    sl_json_set_take(document, "outbox", outbox);
    sl_json_set_int(document, "quarantine", quarantined);
    sl_json_set_time(document, "next_alarm", next);
    sl_cli_print(document);
    return ok ? 0 : 69;
  }
  printf("  outbox  %" G_GINT64_FORMAT " waiting, %" G_GINT64_FORMAT " failed    quarantine %" G_GINT64_FORMAT "\n", figures.queued, figures.failed,
         quarantined);
  const SlTicketFilter filter = {.due_before = SL_TIME_NONE};
  g_autoptr(GPtrArray) rows = sl_tickets_list(cli->work->db, &filter, error);
  if (!rows)
    return -1;
  print_urgent(rows, sl_cli_now(cli));
  sl_json_free(workers);
  sl_json_free(mailboxes);
  sl_json_free(outbox);
  return ok ? 0 : 69;
}

/* ---- config ---- */

static void
print_node(const SlScanNode *node, const char *prefix, const char *only)
{
  g_autofree char *name = node->title ? g_strdup_printf("%s%s[%s]", prefix, node->name, node->title) : g_strconcat(prefix, node->name, NULL);
  if (node->is_section) {
    g_autofree char *inner = *name ? g_strconcat(name, ".", NULL) : g_strdup("");
    for (guint i = 0; i < node->children->len; i++)
      print_node(node->children->pdata[i], inner, only);
    return;
  }
  if (only && strcmp(only, name) != 0)
    return;
  g_ptr_array_add(node->values, NULL);
  g_autofree char *value = g_strjoinv(", ", (char **)node->values->pdata);
  g_ptr_array_set_size(node->values, (gint)node->values->len - 1);
  if (only)
    printf("%s\n", value);
  else
    printf("%s = %s\n", name, value);
}

/* What the file says, and for top-level options that it leaves out, the default. */
int
sl_cmd_config(SlCli *cli, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  const char *only = argc == 3 && strcmp(argv[1], "get") == 0 ? argv[2] : NULL;
  if (!sl_cli_config(cli, error))
    return -1;
  SlScan *scan = sl_scan_file(cli->config_path, faults);
  print_node(scan->root, "", only);
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    gboolean top = !*o->section && o->fallback && !sl_scan_child(scan->root, o->name, 0);
    if (top && (!only || strcmp(only, o->name) == 0))
      printf(only ? "%s%s\n" : "%s = %s\n", only ? "" : o->name, o->fallback);
  }
  sl_scan_free(scan);
  return 0;
}
