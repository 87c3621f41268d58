/* SPDX-License-Identifier: ISC */
/* slate-intake: drains the spool. `--only NAME` one file of it, `--outcome NAME` what became of one, `--parse` what is read in files,
 * `--import` mail from files. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/import.h"
#include "daemon/outcome.h"
#include "daemon/parse.h"
#include "daemon/worker.h"
#include "store/mails.h"
#include "work/suspect.h"

typedef struct {
  SlSpool *spool;
  const char *only, *source;
  int lock; /* -1: let go */
} Intake;

static void
print_results(const SlWorker *worker, const GPtrArray *results, const char *source)
{
  SlJson *document = sl_json_object();
  SlJson *array = sl_json_array();
  for (guint i = 0; i < results->len; i++) {
    const SlIntakeResult *result = results->pdata[i];
    sl_json_add_take(array, sl_outcome_json(source ? source : result->source, &result->step));
    if (worker->json || worker->quiet)
      continue;
    printf("2.0.0 %s", sl_outcome_word(result->step.outcome));
    if (result->step.ticket)
      printf(" ticket %" G_GINT64_FORMAT, result->step.ticket);
    printf("\n");
  }
  sl_json_set_take(document, "results", array);
  if (worker->json)
    sl_worker_print(document);
  else
    sl_json_free(document);
}

static void
log_results(const GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++) {
    const SlIntakeResult *result = results->pdata[i];
    g_autofree char *ticket = result->step.ticket ? g_strdup_printf("%" G_GINT64_FORMAT, result->step.ticket) : NULL;
    sl_log(SL_LOG_INFO, "taken in", "source", result->source, "outcome", sl_outcome_word(result->step.outcome), "ticket", ticket, "reason",
           result->step.reason, NULL);
  }
}

static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  Intake *intake = user;
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)sl_intake_result_free);
  gboolean ok = sl_intake_pass(worker->work, intake->spool, NULL, sl_worker_beat, worker, results, error);
  log_results(results);
  return ok;
}

/* Who found the lock held relies on its holder. Their file was there before they asked for the lock, so a look after letting it go finds
 * it; then either we get the lock again or somebody else has it and will look in turn. */
static void
drain_rest(SlWorker *worker, Intake *intake)
{
  while (intake->lock >= 0 && !sl_worker_stopping(worker)) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) held = sl_spool_list(intake->spool, 1, &error);
    if (!held || (held->len && !pass(worker, intake, &error))) {
      sl_log_error(error, "pass failed", "stage", "intake", NULL);
      return;
    }
    close(intake->lock);
    intake->lock = -1;
    g_autoptr(GPtrArray) left = sl_spool_list(intake->spool, 1, NULL);
    if (left && left->len && !sl_spool_lock(intake->spool, FALSE, &intake->lock, &error))
      return;
  }
}

static int
once(SlWorker *worker, Intake *intake)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)sl_intake_result_free);
  if (!sl_intake_pass(worker->work, intake->spool, intake->only, sl_worker_beat, worker, results, &error))
    return sl_worker_fail(worker, error);
  print_results(worker, results, intake->source);
  fflush(stdout);
  drain_rest(worker, intake);
  return 0;
}

/* The one kind of mail that leaves no row is what had come before. */
static int
print_gone(SlWorker *worker, const char *name, const char *source, GPtrArray *results)
{
  SlIntakeResult result = {.source = (char *)name, .step = {.outcome = SL_OUTCOME_DUPLICATE, .reason = (char *)"the same content came before"}};
  g_ptr_array_add(results, &result);
  print_results(worker, results, source);
  return 0;
}

/* What became of a spool file that somebody else took in; exit 1 while it is not known. */
static int
print_outcome(SlWorker *worker, const char *name, const char *source)
{
  GError *error = NULL;
  gint64 id = 0;
  g_autoptr(SlSpool) spool = sl_spool_open(worker->config->spool, &error);
  if (!spool)
    return sl_worker_fail(worker, error);
  gboolean waits = sl_spool_has(spool, name); /* asked before the row: a file leaves the spool after the commit */
  if (!sl_mails_by_source(worker->work->db, name, &id, &error))
    return sl_worker_fail(worker, error);
  g_autoptr(GPtrArray) results = g_ptr_array_new();
  if (!id)
    return waits ? 1 : print_gone(worker, name, source, results);
  g_autoptr(SlMailRow) row = sl_mails_get(worker->work->db, id, &error);
  if (!row)
    return sl_worker_fail(worker, error);
  SlIntakeResult result = {.source = (char *)name, .step = {.ticket = row->ticket, .mail = id, .reason = row->reason}};
  if (!row->outcome || !sl_outcome_parse(row->outcome, &result.step.outcome))
    result.step.outcome = SL_OUTCOME_QUEUED;
  g_ptr_array_add(results, &result);
  print_results(worker, results, source);
  return 0;
}

int
main(int argc, char **argv)
{
  SlWorker worker;
  GError *error = NULL;
  g_autofree char *only = NULL, *outcome = NULL, *source = NULL, *mailbox = NULL;
  gboolean parse = FALSE, import = FALSE, no_letters = FALSE;
  int lock = -1;
  const GOptionEntry own[] = {
      {"only", 0, 0, G_OPTION_ARG_STRING, &only, "one file of the spool", "NAME"},
      {"outcome", 0, 0, G_OPTION_ARG_STRING, &outcome, "what became of a file of the spool", "NAME"},
      {"source", 0, 0, G_OPTION_ARG_STRING, &source, "what the results call it", "TEXT"},
      {"parse", 0, 0, G_OPTION_ARG_NONE, &parse, "print what is read in files; touches no store", NULL},
      {"import", 0, 0, G_OPTION_ARG_NONE, &import, "take in mail from files", NULL},
      {"mailbox", 0, 0, G_OPTION_ARG_STRING, &mailbox, "the mailbox it counts as", "M"},
      {"no-letters", 0, 0, G_OPTION_ARG_NONE, &no_letters, "tickets without letters and clocks", NULL},
      G_OPTION_ENTRY_NULL};
  sl_worker_init(&worker, "slate-intake", &argc, &argv, own);
  if (parse)
    return sl_worker_finish(&worker, sl_parse_files(worker.arguments));
  sl_worker_open(&worker);
  if (outcome)
    return sl_worker_finish(&worker, print_outcome(&worker, outcome, source));
  g_autoptr(SlSpool) spool = sl_spool_open(worker.config->spool, &error);
  if (!spool || (import && !sl_suspect_init(worker.work->db, worker.config->spool, "import", &error)))
    return sl_worker_fail(&worker, error);
  if (import)
    return sl_worker_finish(&worker, sl_import_run(&worker, spool, mailbox, no_letters));
  if (!sl_spool_lock(spool, worker.serve, &lock, &error))
    return sl_worker_fail(&worker, error);
  if (lock < 0) {
    g_set_error_literal(&error, SL_ERROR, SL_ERROR_TEMP, "somebody else drains the spool");
    return sl_worker_fail(&worker, error);
  }
  if (!sl_suspect_init(worker.work->db, worker.config->spool, "intake", &error))
    return sl_worker_fail(&worker, error);
  Intake intake = {spool, only, source, lock};
  int code = worker.serve ? sl_worker_serve(&worker, SL_STAGE_INTAKE, pass, &intake, worker.config->poll_sec) : once(&worker, &intake);
  if (intake.lock >= 0)
    close(intake.lock);
  return sl_worker_finish(&worker, code);
}
