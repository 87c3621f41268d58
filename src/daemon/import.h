/* SPDX-License-Identifier: ISC */
/* `slate import`: what the shell sees of it. */
#pragma once
#include "daemon/worker.h"

/* Progress goes to standard error, what became of each message to standard output (JSON) or a summary. Gives the exit code. */
int sl_import_run(SlWorker *worker, SlSpool *spool, const char *mailbox, gboolean no_letters);
