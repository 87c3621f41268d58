/* SPDX-License-Identifier: ISC */
/* Trying and explaining the set-up: check, status, config. */
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/wall.h"
#include "cli/command.h"
#include "cli/locate.h"
#include "cli/probes.h"
#include "cli/table.h"
#include "config/scan.h"
#include "config/table.h"
#include "store/mails.h"
#include "store/outbox.h"
#include "store/schema.h"
#include "store/seen.h"
#include "store/tickets.h"
#include "work/house.h"
#include "work/spool.h"
#include "work/stages.h"

/* ---- check ---- */

#define EXIT_TEMPLATE 65
#define EXIT_DOWN     69
#define EXIT_CONFIG   78

typedef struct {
  SlCli *cli;
  SlJson *findings;
  guint errors, warnings;
  int code; /* the exit code of the first error; 0 */
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

/* `code`: the exit code of this error; 0: what the error itself says. */
static void
find_result(Check *check, const char *what, int code, gboolean ok, GError *error)
{
  g_autofree char *text = ok ? g_strdup(what) : g_strdup_printf("%s: %s", what, error->message);
  find(check, ok ? "ok" : "error", text);
  if (!ok && !check->code)
    check->code = code ? code : sl_error_exit_code(error);
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
  find_result(check, what, 0, ok, error);
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
check_language(Check *check, const SlTemplates *templates, const char *of, const char *language)
{
  if (!language || sl_templates_speak(templates, language))
    return;
  g_autofree char *text = g_strdup_printf("%s: language \"%s\": there are no templates in it, so its letters are in English; see templates in slate.conf(5)",
                                          of, language);
  find(check, "warning", text);
}

static void
check_languages(Check *check, const SlTemplates *templates)
{
  const SlPolicy *policy = check->cli->config->policy;
  check_language(check, templates, "the company", policy->language);
  check_language(check, templates, "client default", policy->everybody->language);
  for (guint i = 0; i < policy->clients->len; i++) {
    const SlClient *client = policy->clients->pdata[i];
    g_autofree char *of = g_strdup_printf("client %s", client->name);
    check_language(check, templates, of, client->language);
  }
}

/* A changed promise under an old version number (S12). */
static void
check_promises(Check *check)
{
  GError *error = NULL;
  gboolean ok = sl_cli_open(check->cli, &error) && sl_house_check(check->cli->work, &error);
  find_result(check, "promises", EXIT_CONFIG, ok, error);
}

static void
check_parts(Check *check)
{
  const SlConfig *config = check->cli->config;
  GError *error = NULL;
  g_autoptr(SlTemplates) templates = sl_templates_load(config->letter.template_dir, &error);
  find_result(check, "templates", EXIT_TEMPLATE, templates != NULL, error);
  if (templates)
    check_languages(check, templates);
  error = NULL;
  g_autoptr(SlSpool) spool = sl_spool_open(config->spool, &error);
  find_result(check, "spool", 0, spool != NULL, error);
  error = NULL;
  g_autoptr(SlDb) db = sl_store_open(config->database, FALSE, &error);
  find_result(check, "store", 0, db != NULL, error);
  if (db)
    check_promises(check);
  error = NULL;
  g_autoptr(SlReplyKey) key = sl_reply_key_load(config->reply_key, TRUE, &error);
  find_result(check, "reply key", 0, key != NULL, error);
  check_secrets(check);
}

static void
check_online(Check *check)
{
  static const char *const programs[] = {"slate-fetch", "slate-send"};
  for (guint i = 0; i < G_N_ELEMENTS(programs); i++) {
    g_autofree char *path = sl_locate(programs[i]);
    const char *argv[] = {path, "-c", check->cli->config_path, "--check", NULL};
    g_autofree char *out = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &out, NULL, &status, NULL))
      continue;
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    for (guint j = 0; lines[j] && *lines[j]; j++) {
      gboolean ok = g_str_has_suffix(lines[j], ": ok");
      find(check, ok ? "ok" : "error", lines[j]);
      if (!ok && !check->code)
        check->code = EXIT_DOWN;
    }
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
    gboolean late = fault->error_from != SL_TIME_NONE && fault->error_from <= sl_cli_now(cli);
    find(&check, fault->warning && !late ? "warning" : "error", text);
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
    return check.code ? check.code : EXIT_CONFIG;
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

/* The supervisor holds its lock as long as it lives. */
static gboolean
slated_runs(const SlConfig *config)
{
  g_autofree char *path = g_build_filename(config->spool, "run", "slated.lock", NULL);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  gboolean runs = flock(fd, LOCK_SH | LOCK_NB) != 0;
  close(fd);
  return runs;
}

static void G_GNUC_PRINTF(2, 3)
add_trouble(SlJson *trouble, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  sl_json_add_string(trouble, text);
}

#define SPOOL_STUCK_SEC 120

/* What a pipe or a fetch left, and nobody took in. */
static void
spool_status(const SlCli *cli, SlJson *trouble, SlJson *out)
{
  g_autofree char *path = g_build_filename(cli->config->spool, "new", NULL);
  GDir *dir = g_dir_open(path, 0, NULL);
  const char *name;
  gint64 waiting = 0, oldest = 0;
  while (dir && (name = g_dir_read_name(dir))) {
    struct stat st;
    g_autofree char *file = g_build_filename(path, name, NULL);
    if (stat(file, &st) != 0)
      continue;
    waiting++;
    oldest = MAX(oldest, sl_wall_now() / SL_SECOND - st.st_mtime);
  }
  if (dir)
    g_dir_close(dir);
  if (oldest > SPOOL_STUCK_SEC)
    add_trouble(trouble, "%" G_GINT64_FORMAT " mails wait in the spool: start slated, or take them in with slate fetch", waiting);
  sl_json_set_int(out, "waiting", waiting);
  sl_json_set_int(out, "oldest_age", oldest);
}

static gboolean
mailbox_status(SlCli *cli, SlJson *out, SlJson *trouble, GError **error)
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
    if (row.last_error)
      add_trouble(trouble, "mailbox %s cannot be read: %s", mailbox->name, row.last_error);
    if (!cli->json && !cli->quiet)
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

typedef struct {
  SlOutboxFigures figures;
  gint64 quarantined, held, age;
  SlTime next;
  SlJson *workers, *mailboxes, *probes, *spool, *trouble;
  gboolean runs;
} Status;

static gboolean
read_status(SlCli *cli, Status *st, GError **error)
{
  if (!sl_outbox_figures(cli->work->db, &st->figures, error) ||
      !sl_mails_count(cli->work->db, SL_MAIL_QUARANTINED, &st->quarantined, error) ||
      !sl_mails_count(cli->work->db, SL_MAIL_HELD, &st->held, error) || !sl_tickets_next_alarm(cli->work->db, &st->next, error))
    return FALSE;
  st->runs = slated_runs(cli->config);
  st->age = st->figures.oldest_queued_at == SL_TIME_NONE ? 0 : (sl_cli_now(cli) - st->figures.oldest_queued_at) / SL_SECOND;
  if (!st->runs && (sl_json_length(st->workers) || cli->config->mailboxes->len || cli->config->probes->len))
    add_trouble(st->trouble, "slated is not running: systemctl start slated");
  if (st->age >= OUTBOX_STUCK_SEC)
    add_trouble(st->trouble, "%" G_GINT64_FORMAT " letters wait, the oldest for %" G_GINT64_FORMAT " min: slate outbox says why",
                st->figures.queued, st->age / 60);
  spool_status(cli, st->trouble, st->spool);
  return TRUE;
}

static void
print_status_json(Status *st)
{
  SlJson *document = sl_json_object();
  SlJson *outbox = sl_json_object();
  sl_json_set_int(outbox, "queued", st->figures.queued);
  sl_json_set_int(outbox, "oldest_age", st->age);
  sl_json_set_int(outbox, "failed", st->figures.failed);
  sl_json_set_bool(document, "ok", sl_json_length(st->trouble) == 0);
  sl_json_set_take(document, "trouble", sl_json_ref(st->trouble));
  sl_json_set_take(document, "workers", sl_json_ref(st->workers));
  sl_json_set_take(document, "mailboxes", sl_json_ref(st->mailboxes));
  sl_json_set_take(document, "probes", sl_json_ref(st->probes));
  sl_json_set_take(document, "spool", sl_json_ref(st->spool));
  sl_json_set_take(document, "outbox", outbox);
  sl_json_set_int(document, "quarantine", st->quarantined);
  sl_json_set_int(document, "held", st->held);
  sl_json_set_time(document, "next_alarm", st->next);
  sl_cli_print(document);
}

static gboolean
print_status(SlCli *cli, const Status *st, GError **error)
{
  const SlTicketFilter filter = {.due_before = SL_TIME_NONE};
  g_autoptr(GPtrArray) rows = sl_tickets_list(cli->work->db, &filter, error);
  if (!rows)
    return FALSE;
  printf("  outbox  %" G_GINT64_FORMAT " waiting, %" G_GINT64_FORMAT " failed    held %" G_GINT64_FORMAT "    quarantine %" G_GINT64_FORMAT "\n",
         st->figures.queued, st->figures.failed, st->held, st->quarantined);
  for (guint i = 0; i < sl_json_length(st->trouble); i++)
    printf("  DOWN: %s\n", sl_json_string(sl_json_at(st->trouble, i)));
  print_urgent(rows, sl_cli_now(cli));
  return TRUE;
}

int
sl_cmd_status(SlCli *cli, int argc, char **argv, GError **error)
{
  (void)argc;
  (void)argv;
  if (!sl_cli_open(cli, error))
    return -1;
  Status st = {.next = SL_TIME_NONE, .workers = read_workers(cli->config), .mailboxes = sl_json_array(), .probes = sl_json_array(),
               .spool = sl_json_object(), .trouble = sl_json_array()};
  gboolean done = read_status(cli, &st, error);
  if (done && !cli->json && !cli->quiet)
    printf("Slate %s · slated %s%s\n", PACKAGE_VERSION, st.runs ? "running" : "not running",
           cli->config->letter.shadow ? " · SHADOW MODE: every letter goes to the postmaster" : "");
  done = done && mailbox_status(cli, st.mailboxes, st.trouble, error) && sl_probes_status(cli, st.runs, st.probes, st.trouble, error);
  if (done && cli->json)
    print_status_json(&st);
  else if (done && !cli->quiet)
    done = print_status(cli, &st, error);
  gboolean ok = sl_json_length(st.trouble) == 0;
  SlJson *const parts[] = {st.workers, st.mailboxes, st.probes, st.spool, st.trouble};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    sl_json_free(parts[i]);
  return !done ? -1 : ok ? 0 : EXIT_DOWN;
}

/* ---- config ---- */

/* Returns whether anything was printed. `only`: the value of that key alone; NULL: every key and its value. */
static gboolean
print_node(const SlScanNode *node, const char *prefix, const char *only)
{
  g_autofree char *name = node->title ? g_strdup_printf("%s%s[%s]", prefix, node->name, node->title) : g_strconcat(prefix, node->name, NULL);
  gboolean printed = FALSE;
  if (node->is_section) {
    g_autofree char *inner = *name ? g_strconcat(name, ".", NULL) : g_strdup("");
    for (guint i = 0; i < node->children->len; i++)
      printed |= print_node(node->children->pdata[i], inner, only);
    return printed;
  }
  if (only && strcmp(only, name) != 0)
    return FALSE;
  g_ptr_array_add(node->values, NULL);
  g_autofree char *value = g_strjoinv(", ", (char **)node->values->pdata);
  g_ptr_array_set_size(node->values, (gint)node->values->len - 1);
  if (only)
    printf("%s\n", value);
  else
    printf("%s = %s\n", name, value);
  return TRUE;
}

static gboolean
has_section(const SlScanNode *node, const char *prefix, const char *wanted)
{
  g_autofree char *name = node->title ? g_strdup_printf("%s%s[%s]", prefix, node->name, node->title) : g_strconcat(prefix, node->name, NULL);
  g_autofree char *inner = *name ? g_strconcat(name, ".", NULL) : g_strdup("");
  gboolean found = node->is_section && strcmp(name, wanted) == 0;
  for (guint i = 0; node->is_section && !found && i < node->children->len; i++)
    found = has_section(node->children->pdata[i], inner, wanted);
  return found;
}

/* "sla[standard].target[answer].within" is the option `within` of "sla.target". `out_section`: as the key writes it. */
static const SlOption *
option_of(const char *key, char **out_section, GError **error)
{
  g_autoptr(GString) path = g_string_new(NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  const char *last = NULL;
  int depth = 0;
  for (const char *p = key; *p; p++) {
    depth += (*p == '[') - (*p == ']');
    if (depth == 0 && *p != ']')
      g_string_append_c(path, *p);
    if (depth == 0 && *p == '.')
      last = p;
  }
  const char *dot = strrchr(path->str, '.');
  g_autofree char *section = dot ? g_strndup(path->str, (gsize)(dot - path->str)) : g_strdup("");
  const char *name = dot ? dot + 1 : path->str;
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section) != 0 || o->type == SL_OPTION_SECTION)
      continue;
    if (strcmp(o->name, name) == 0) {
      *out_section = last ? g_strndup(key, (gsize)(last - key)) : NULL;
      return o;
    }
    g_ptr_array_add(names, (gpointer)o->name);
  }
  g_ptr_array_add(names, NULL);
  const char *near = sl_suggest(name, (const char *const *)names->pdata);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "there is no option \"%s\"%s%s%s", key, near ? ": did you mean \"" : ": slate.conf(5) has them",
              near ? near : "", near ? "\"?" : "");
  return NULL;
}

/* What the file says, else the default; an option that is left out and has none prints nothing. */
static gboolean
get_option(const SlScan *scan, const char *key, GError **error)
{
  g_autofree char *section = NULL;
  const SlOption *option = option_of(key, &section, error);
  if (!option)
    return FALSE;
  if (print_node(scan->root, "", key))
    return TRUE;
  if (section && strchr(section, '[') && !has_section(scan->root, "", section)) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no %s in the configuration", section);
    return FALSE;
  }
  if (option->fallback)
    printf("%s\n", option->fallback);
  return TRUE;
}

/* What the file says (-n), and for top-level options that it leaves out, the default. */
static void
print_options(const SlCli *cli, const SlScan *scan)
{
  print_node(scan->root, "", NULL);
  for (const SlOption *o = sl_option_table(); o->name && !cli->as_written; o++) {
    if (!*o->section && o->fallback && !sl_scan_child(scan->root, o->name, 0))
      printf("%s = %s\n", o->name, o->fallback);
  }
}

int
sl_cmd_config(SlCli *cli, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  gboolean ok = TRUE;
  if (argc > 1 && (argc != 3 || strcmp(argv[1], "get") != 0)) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "usage: slate config [-n | get KEY]");
    return -1;
  }
  if (!sl_cli_config(cli, error))
    return -1;
  SlScan *scan = sl_scan_file(cli->config_path, faults);
  if (argc == 3)
    ok = get_option(scan, argv[2], error);
  else
    print_options(cli, scan);
  sl_scan_free(scan);
  return ok ? 0 : -1;
}
