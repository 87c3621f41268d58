/* SPDX-License-Identifier: ISC */
/* slate-upkeep: sweeps the spool, seals the record, tells the postmaster of what is stuck. */
#include "daemon/worker.h"

static gboolean
pass(SlWorker *worker, gpointer user, GError **error)
{
  return sl_upkeep_pass(worker->work, user, error);
}

int
main(int argc, char **argv)
{
  SlWorker worker;
  GError *error = NULL;
  sl_worker_init(&worker, "slate-upkeep", &argc, &argv, NULL);
  sl_worker_open(&worker);
  g_autoptr(SlSpool) spool = sl_spool_open(worker.config->spool, &error);
  if (!spool)
    return sl_worker_fail(&worker, error);
  if (worker.serve)
    return sl_worker_finish(&worker, sl_worker_serve(&worker, SL_STAGE_TICK, pass, spool, 10));
  return sl_worker_finish(&worker, pass(&worker, spool, &error) ? 0 : sl_worker_fail(&worker, error));
}
