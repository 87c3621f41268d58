/* SPDX-License-Identifier: ISC */
/* slate-fetch: new mail of the mailboxes into the spool; with --serve one mailbox for ever, by IDLE. `--check` only logs in. */
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/worker.h"

typedef struct {
  SlWorker *worker;
  SlFetcher *fetcher;
  int wake_fd;
} Serve;

static SlJson *
result_json(const SlFetchResult *result)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "name", result->name);
  sl_json_set_int(json, "seen", result->seen);
  sl_json_set_int(json, "ingested", result->ingested);
  sl_json_set_int(json, "duplicates", result->duplicates);
  sl_json_set_int(json, "quarantined", result->quarantined);
  sl_json_set_string(json, "error", result->error);
  return json;
}

/* Drains the spool unless a daemon does, so that what was fetched is also taken in; then the marks can be set. */
static void
drain(SlWorker *worker, SlSpool *spool, SlFetchResult *result)
{
  int lock = -1;
  g_autoptr(GError) error = NULL;
  if (!sl_spool_lock(spool, FALSE, &lock, &error) || lock < 0)
    return;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : SL_LIBEXECDIR "/slate-fetch");
  g_autofree char *program = g_build_filename(folder, "slate-intake", NULL);
  g_autofree char *now = sl_time_format(worker->now);
  const char *argv[] = {program, "-c", worker->config_path, "--json", now ? "--now" : NULL, now, NULL};
  g_autofree char *out = NULL;
  close(lock);
  if (!g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &out, NULL, NULL, NULL))
    return;
  g_autoptr(SlJson) document = sl_json_parse(out, -1, NULL);
  const SlJson *results = document ? sl_json_get(document, "results") : NULL;
  for (guint i = 0; i < sl_json_length(results); i++) {
    const char *outcome = sl_json_get_string(sl_json_at(results, i), "outcome");
    result->duplicates += g_strcmp0(outcome, "duplicate") == 0;
    result->quarantined += g_strcmp0(outcome, "quarantined") == 0;
  }
}

static gboolean
wanted(const SlWorker *worker, const SlMailboxConfig *mailbox)
{
  return !worker->arguments || g_strv_contains((const char *const *)worker->arguments, mailbox->name);
}

/* A name that is none would fetch nothing, and say nothing. */
static gboolean
check_names(const SlWorker *worker, GError **error)
{
  g_autoptr(GString) known = g_string_new(NULL);
  for (guint i = 0; i < worker->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = worker->config->mailboxes->pdata[i];
    g_string_append_printf(known, "%s%s", i ? ", " : "", mailbox->name);
  }
  for (guint i = 0; worker->arguments && worker->arguments[i]; i++) {
    if (sl_config_mailbox(worker->config, worker->arguments[i]))
      continue;
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "there is no mailbox \"%s\": %s%s", worker->arguments[i],
                known->len ? "there are " : "none is configured", known->str);
    return FALSE;
  }
  return TRUE;
}

static int
fetch_one(SlWorker *worker, SlSpool *spool, const SlMailboxConfig *mailbox, SlJson *mailboxes)
{
  g_autoptr(GError) error = NULL;
  SlFetchResult result = {.name = g_strdup(mailbox->name)};
  g_autoptr(SlFetcher) fetcher = sl_fetcher_new(worker->work, spool, mailbox, worker->cancel_fd, sl_worker_beat, worker, &error);
  gboolean ok = FALSE;
  if (fetcher) {
    g_free(result.name);
    ok = sl_fetch_pass(fetcher, &result, &error);
  }
  if (ok && result.ingested) {
    drain(worker, spool, &result);
    ok = sl_fetch_mark(fetcher, &error);
  }
  if (!ok && !result.error)
    result.error = g_strdup(error->message);
  if (!ok)
    fprintf(stderr, "slate: %s\n", result.error);
  if (!worker->json && !worker->quiet && ok)
    printf("%s: %u seen, %u new\n", result.name, result.seen, result.ingested);
  sl_json_add_take(mailboxes, result_json(&result));
  g_free(result.name);
  g_free(result.error);
  return ok ? 0 : sl_error_exit_code(error);
}

static int
once(SlWorker *worker, SlSpool *spool)
{
  int code = 0;
  GError *error = NULL;
  if (!check_names(worker, &error))
    return sl_worker_fail(worker, error);
  SlJson *mailboxes = sl_json_array();
  SlJson *document = sl_json_object();
  for (guint i = 0; i < worker->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = worker->config->mailboxes->pdata[i];
    int one = wanted(worker, mailbox) ? fetch_one(worker, spool, mailbox, mailboxes) : 0;
    code = code ? code : one;
  }
  SlFetchResult none = {0};
  drain(worker, spool, &none); /* what a pipe left there waits for nobody else */
  sl_json_set_take(document, "mailboxes", mailboxes);
  if (worker->json)
    sl_worker_print(document);
  else
    sl_json_free(document);
  return code;
}

/* One round: read, mark, then wait for the server's news or for intake's commit. */
static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  Serve *serve = user;
  SlFetchResult result = {0};
  gboolean ok = sl_fetch_pass(serve->fetcher, &result, error);
  if (ok && result.ingested) {
    g_autofree char *n = g_strdup_printf("%u", result.ingested);
    sl_log(SL_LOG_INFO, "fetched", "mailbox", result.name, "messages", n, NULL);
  }
  g_free(result.name);
  g_free(result.error);
  if (!ok || sl_worker_stopping(worker))
    return ok;
  gboolean waited = sl_fetch_wait(serve->fetcher, 60, serve->wake_fd, error);
  sl_wake_drain(serve->wake_fd);
  return waited;
}

static int
serve(SlWorker *worker, SlSpool *spool)
{
  GError *error = NULL;
  const SlMailboxConfig *mailbox = worker->arguments ? sl_config_mailbox(worker->config, worker->arguments[0]) : NULL;
  if (!mailbox) {
    g_set_error_literal(&error, SL_ERROR, SL_ERROR_USAGE, "--serve wants the name of a mailbox");
    return sl_worker_fail(worker, error);
  }
  SlFetcher *fetcher = sl_fetcher_new(worker->work, spool, mailbox, worker->cancel_fd, sl_worker_beat, worker, &error);
  int wake_fd = fetcher ? sl_wake_watch(worker->config->spool, SL_STAGE_FETCH, &error) : -1;
  if (wake_fd < 0)
    return sl_worker_fail(worker, error);
  Serve state = {worker, fetcher, wake_fd};
  int code = sl_worker_serve(worker, SL_STAGE_FETCH, pass, &state, 0);
  sl_fetcher_free(fetcher);
  return code;
}

static int
check(SlWorker *worker)
{
  int code = 0;
  for (guint i = 0; i < worker->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = worker->config->mailboxes->pdata[i];
    g_autoptr(GError) error = NULL;
    g_autoptr(SlSource) source = sl_source_new(&mailbox->source, worker->cancel_fd, NULL, NULL, &error);
    gboolean ok = source && sl_source_open(source, &error);
    printf("mailbox %s: %s\n", mailbox->name, ok ? "ok" : error->message);
    code = ok ? code : 69;
  }
  return code;
}

int
main(int argc, char **argv)
{
  SlWorker worker;
  GError *error = NULL;
  gboolean only_check = FALSE;
  const GOptionEntry own[] = {{"check", 0, 0, G_OPTION_ARG_NONE, &only_check, "only log in", NULL}, G_OPTION_ENTRY_NULL};
  sl_worker_init(&worker, "slate-fetch", &argc, &argv, own);
  if (only_check) {
    sl_worker_config(&worker);
    return sl_worker_finish(&worker, check(&worker));
  }
  sl_worker_config(&worker);
  worker.work = sl_work_open(worker.config, worker.now, FALSE, &error);
  g_autoptr(SlSpool) spool = worker.work ? sl_spool_open(worker.config->spool, &error) : NULL;
  if (!spool)
    return sl_worker_fail(&worker, error);
  return sl_worker_finish(&worker, worker.serve ? serve(&worker, spool) : once(&worker, spool));
}
