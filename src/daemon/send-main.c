/* SPDX-License-Identifier: ISC */
/* slate-send: one pass over the outbox. `--check` only logs in to the servers. */
#include <stdio.h>

#include "base/log.h"
#include "daemon/worker.h"
#include "work/suspect.h"

static void
add_row(SlJson *document, const SlSendResultRow *row)
{
  SlJson *entry = sl_json_object();
  sl_json_set_int(entry, "id", row->letter);
  sl_json_set_string(entry, "recipient", row->recipient);
  sl_json_set_string(entry, "error", row->error);
  sl_json_set_time(entry, "not_before", row->not_before);
  sl_json_add_take((SlJson *)sl_json_get(document, row->what == SL_PASS_FAILED ? "failed" : "deferred"), entry);
}

static void
print_json(const GPtrArray *rows)
{
  SlJson *document = sl_json_object();
  sl_json_set_take(document, "sent", sl_json_array());
  sl_json_set_take(document, "deferred", sl_json_array());
  sl_json_set_take(document, "failed", sl_json_array());
  for (guint i = 0; i < rows->len; i++) {
    const SlSendResultRow *row = rows->pdata[i];
    if (row->what == SL_PASS_SENT)
      sl_json_add_int((SlJson *)sl_json_get(document, "sent"), row->letter);
    else if (row->what != SL_PASS_WITHHELD)
      add_row(document, row);
  }
  sl_worker_print(document);
}

static const char *
word(const SlSendResultRow *row)
{
  static const char *const words[] = {[SL_PASS_SENT] = "sent", [SL_PASS_DEFERRED] = "deferred", [SL_PASS_FAILED] = "failed",
                                      [SL_PASS_WITHHELD] = "withheld"};
  return words[row->what];
}

static void
print_text(const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const SlSendResultRow *row = rows->pdata[i];
    printf("%s  letter %" G_GINT64_FORMAT "  %s%s%s\n", word(row), row->letter, row->recipient, row->error ? "  " : "",
           row->error ? row->error : "");
  }
}

static void
log_rows(const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const SlSendResultRow *row = rows->pdata[i];
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->letter);
    sl_log(row->what == SL_PASS_SENT ? SL_LOG_INFO : SL_LOG_WARNING, word(row), "letter", id, "to", row->recipient, "error", row->error, NULL);
  }
}

static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_send_row_free);
  gboolean ok = sl_send_pass(user, sl_worker_beat, worker, rows, error);
  log_rows(rows);
  return ok;
}

static int
once(SlWorker *worker, SlSender *sender)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_send_row_free);
  if (!sl_send_pass(sender, sl_worker_beat, worker, rows, &error))
    return sl_worker_fail(worker, error);
  if (worker->json)
    print_json(rows);
  else if (!worker->quiet)
    print_text(rows);
  return 0;
}

static int
check(SlWorker *worker)
{
  int code = 0;
  for (guint i = 0; i < worker->config->sinks->len; i++) {
    const SlSinkOptions *options = worker->config->sinks->pdata[i];
    g_autoptr(GError) error = NULL;
    g_autoptr(SlSink) sink = sl_sink_new(options, worker->cancel_fd, &error);
    gboolean ok = sink && sl_sink_open(sink, &error) && sl_sink_check(sink, &error);
    printf("smtp %s: %s\n", options->name, ok ? "ok" : error->message);
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
  sl_worker_init(&worker, "slate-send", &argc, &argv, own);
  if (only_check) {
    sl_worker_config(&worker);
    return sl_worker_finish(&worker, check(&worker));
  }
  sl_worker_open(&worker);
  g_autoptr(SlSpool) spool = sl_spool_open(worker.config->spool, &error);
  SlSender *sender = spool ? sl_sender_new(worker.work, worker.cancel_fd, &error) : NULL;
  if (!sender || !sl_suspect_init(worker.work->db, worker.config->spool, "send", &error))
    return sl_worker_fail(&worker, error);
  int code = worker.serve ? sl_worker_serve(&worker, SL_STAGE_SEND, pass, sender, worker.config->poll_sec) : once(&worker, sender);
  sl_sender_free(sender);
  return sl_worker_finish(&worker, code);
}
