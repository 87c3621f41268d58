/* SPDX-License-Identifier: ISC */
/* slate-probe: asks the clients' systems whether they are up (S7). One pass asks every probe; with --serve each in its time. */
#include <stdio.h>

#include "base/log.h"
#include "daemon/worker.h"

#define EXIT_DOWN 69

static const char *
name_of(const SlWorker *worker, guint i)
{
  return ((const SlProbeConfig *)worker->config->probes->pdata[i])->name;
}

/* ---- for ever ---- */

/* A system that stays as it is says nothing. */
static void
log_look(const SlProbeResult *result, gpointer user)
{
  const char *name = name_of(user, result->i);
  if (result->unasked)
    sl_log(SL_LOG_ERROR, "probe could not ask", "probe", name, "error", result->why, NULL);
  else if (result->fresh)
    sl_log(result->up ? SL_LOG_INFO : SL_LOG_WARNING, result->up ? "up" : "down", "probe", name, "error", result->why, NULL);
}

static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  return sl_probe_pass(user, sl_worker_beat, worker, error);
}

/* ---- once ---- */

typedef struct {
  SlWorker *worker;
  SlProbeResult *looks; /* in the order of the configuration; `why` is owned */
  gboolean down;
} Once;

static void
keep_look(const SlProbeResult *result, gpointer user)
{
  Once *once = user;
  once->looks[result->i] = *result;
  once->looks[result->i].why = g_strdup(result->why);
  once->down |= !result->up;
}

static SlJson *
look_json(const char *name, const SlProbeResult *look)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "name", name);
  if (look->unasked)
    sl_json_set_null(json, "up");
  else
    sl_json_set_bool(json, "up", look->up);
  sl_json_set_string(json, "why", look->why);
  sl_json_set_time(json, "at", look->at);
  sl_json_set_int(json, "millis", look->millis);
  return json;
}

static void
print_json(const Once *once, guint n)
{
  SlJson *document = sl_json_object();
  SlJson *probes = sl_json_array();
  for (guint i = 0; i < n; i++)
    sl_json_add_take(probes, look_json(name_of(once->worker, i), &once->looks[i]));
  sl_json_set_take(document, "probes", probes);
  sl_worker_print(document);
}

static void
print_text(const Once *once, guint n)
{
  if (n == 0)
    printf("no probe is configured: see SECTION PROBE in slate.conf(5)\n");
  for (guint i = 0; i < n; i++) {
    const SlProbeResult *look = &once->looks[i];
    printf("%s: %s%s  (%" G_GINT64_FORMAT " ms)\n", name_of(once->worker, i), look->up ? "up" : look->unasked ? "NOT ASKED: " : "DOWN: ",
           look->up ? "" : look->why, look->millis);
  }
}

static int
ask_once(SlWorker *worker)
{
  GError *error = NULL;
  guint n = worker->config->probes->len;
  Once once = {.worker = worker, .looks = g_new0(SlProbeResult, n)};
  SlProber *prober = sl_prober_new(worker->work, worker->cancel_fd, FALSE, keep_look, &once);
  gboolean done = sl_probe_pass(prober, sl_worker_beat, worker, &error);
  if (done && worker->json)
    print_json(&once, n);
  else if (done && !worker->quiet)
    print_text(&once, n);
  for (guint i = 0; i < n; i++)
    g_free((char *)once.looks[i].why);
  g_free(once.looks);
  sl_prober_free(prober);
  return !done ? sl_worker_fail(worker, error) : once.down ? EXIT_DOWN : 0;
}

int
main(int argc, char **argv)
{
  SlWorker worker;
  GError *error = NULL;
  sl_worker_init(&worker, "slate-probe", &argc, &argv, NULL);
  sl_worker_config(&worker);
  worker.work = sl_work_open(worker.config, worker.now, FALSE, &error);
  if (!worker.work)
    return sl_worker_fail(&worker, error);
  if (!worker.serve)
    return sl_worker_finish(&worker, ask_once(&worker));
  g_autoptr(SlSpool) spool = sl_spool_open(worker.config->spool, &error); /* its folders are what the loop waits by */
  if (!spool)
    return sl_worker_fail(&worker, error);
  SlProber *prober = sl_prober_new(worker.work, worker.cancel_fd, TRUE, log_look, &worker);
  int code = sl_worker_serve(&worker, SL_STAGE_PROBE, pass, prober, 1);
  sl_prober_free(prober);
  return sl_worker_finish(&worker, code);
}
