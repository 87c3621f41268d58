/* SPDX-License-Identifier: ISC */
/* slate-tick: every alarm due at now, then the bundles that are ready. `--next`: when the next one is due. */
#include <stdio.h>

#include "base/log.h"
#include "base/wall.h"
#include "daemon/worker.h"
#include "store/seen.h"
#include "work/suspect.h"

static SlJson *
fired_json(const SlFired *fired)
{
  SlJson *json = sl_json_object();
  if (fired->ticket) {
    sl_json_set_int(json, "ticket", fired->ticket);
    sl_json_set_string(json, "target", fired->target);
    sl_json_set_int(json, "cycle", fired->cycle);
  } else { /* a review, an announcement: of no ticket */
    sl_json_set_null(json, "ticket");
    sl_json_set_null(json, "target");
    sl_json_set_null(json, "cycle");
  }
  sl_json_set_string(json, "what", fired->what);
  if (fired->level)
    sl_json_set_int(json, "level", fired->level);
  else
    sl_json_set_null(json, "level");
  sl_json_set_time(json, "at", fired->at);
  sl_json_set_time(json, "due_at", fired->due_at);
  return json;
}

static void
print_json(const SlTickResult *result)
{
  SlJson *document = sl_json_object();
  SlJson *fired = sl_json_array();
  for (guint i = 0; i < result->fired->len; i++)
    sl_json_add_take(fired, fired_json(result->fired->pdata[i]));
  sl_json_set_take(document, "fired", fired);
  sl_json_set_int(document, "letters", result->letters);
  sl_worker_print(document);
}

static void
print_text(const SlTickResult *result)
{
  for (guint i = 0; i < result->fired->len; i++) {
    const SlFired *f = result->fired->pdata[i];
    g_autofree char *at = sl_time_format(f->at);
    if (!f->ticket) {
      printf("%s  %s\n", at, f->what);
      continue;
    }
    printf("%s  #%" G_GINT64_FORMAT "  %s %s", at, f->ticket, f->what, f->target);
    printf(f->level ? "  L%d\n" : "\n", f->level);
  }
}

/* After a start, what was mailed while we were away is read first: an alarm must not fire over an answer that lies in the mailbox. */
static gboolean
mailboxes_read(const SlWorker *worker)
{
  gint64 up = (sl_wall_boot_usec() - worker->started_usec) / G_USEC_PER_SEC;
  SlTime started = sl_wall_now() - up * SL_SECOND;
  if (up >= worker->config->grace_sec)
    return TRUE;
  for (guint i = 0; i < worker->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = worker->config->mailboxes->pdata[i];
    SlMailboxRow row = {0};
    g_autoptr(GError) ignored = NULL;
    gboolean read = sl_mailbox_load(worker->work->db, mailbox->name, &row, &ignored) && row.last_ok != SL_TIME_NONE &&
                    row.last_ok >= sl_time_floor(started);
    sl_mailbox_row_clear(&row);
    if (!read)
      return FALSE;
  }
  return TRUE;
}

static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  SlTickResult result = {0};
  (void)user;
  if (!mailboxes_read(worker))
    return TRUE;
  gboolean ok = sl_tick_pass(worker->work, sl_worker_beat, worker, &result, error);
  if (ok && result.fired->len) {
    g_autofree char *n = g_strdup_printf("%u", result.fired->len);
    sl_log(SL_LOG_INFO, "alarms", "fired", n, NULL);
  }
  sl_tick_result_clear(&result);
  return ok;
}

static int
print_next(SlWorker *worker)
{
  GError *error = NULL;
  SlTime at = SL_TIME_NONE;
  if (!sl_tick_next(worker->work, &at, &error))
    return sl_worker_fail(worker, error);
  if (worker->json) {
    SlJson *document = sl_json_object();
    sl_json_set_time(document, "at", at);
    sl_worker_print(document);
    return 0;
  }
  g_autofree char *text = sl_time_format(at);
  puts(text ? text : "nothing is to come");
  return 0;
}

static int
once(SlWorker *worker)
{
  GError *error = NULL;
  SlTickResult result = {0};
  if (!sl_tick_pass(worker->work, sl_worker_beat, worker, &result, &error)) {
    sl_tick_result_clear(&result);
    return sl_worker_fail(worker, error);
  }
  if (worker->json)
    print_json(&result);
  else if (!worker->quiet)
    print_text(&result);
  sl_tick_result_clear(&result);
  return 0;
}

int
main(int argc, char **argv)
{
  SlWorker worker;
  gboolean next = FALSE;
  const GOptionEntry own[] = {{"next", 0, 0, G_OPTION_ARG_NONE, &next, "when the next alarm is due", NULL}, G_OPTION_ENTRY_NULL};
  sl_worker_init(&worker, "slate-tick", &argc, &argv, own);
  sl_worker_open(&worker);
  if (next)
    return sl_worker_finish(&worker, print_next(&worker));
  if (!worker.serve)
    return sl_worker_finish(&worker, once(&worker));
  GError *error = NULL;
  g_autoptr(SlSpool) spool = sl_spool_open(worker.config->spool, &error); /* makes the folders that it is woken by */
  if (!spool || !sl_suspect_init(worker.work->db, worker.config->spool, "tick", &error))
    return sl_worker_fail(&worker, error);
  return sl_worker_finish(&worker, sl_worker_serve(&worker, SL_STAGE_TICK, pass, NULL, worker.config->poll_sec));
}
