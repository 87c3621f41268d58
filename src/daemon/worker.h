/* SPDX-License-Identifier: ISC */
/* What the `main` of every worker shares: options, configuration, signals, the heart beat. A worker runs one pass of its stage, or
 * (--serve, under slated) passes for ever. */
#pragma once
#include "config/config.h"
#include "work/stages.h"
#include "work/wake.h"

typedef struct {
  const char *name;      /* "slate-tick" */
  char *config_path;
  SlConfig *config;      /* NULL where the program needs none */
  SlWork *work;          /* NULL until sl_worker_open */
  SlTime now;            /* --now; NONE */
  gboolean json, serve, quiet, verbose;
  char **arguments;      /* what the options left; NULL-terminated */
  int cancel_fd;         /* readable when SIGTERM or SIGINT came */
  int beat_fd;           /* the supervisor's pipe; -1 */
  gint64 started_usec;
} SlWorker;

/* Parses the options common to all, besides `own` (may be NULL). On trouble it says so and exits. */
void sl_worker_init(SlWorker *worker, const char *name, int *argc, char ***argv, const GOptionEntry *own);

/* Reads the configuration; prints its faults and exits 78 when there are any. */
void sl_worker_config(SlWorker *worker);
/* And opens the store; exits with the error's code on trouble. */
void sl_worker_open(SlWorker *worker);

/* Says "I am alive" and whether to go on; fits SlBeat. */
gboolean sl_worker_beat(gpointer worker);
gboolean sl_worker_stopping(const SlWorker *worker);

/* Sleeps until woken on `wake_fd` (or -1), stopped, or `most_sec` are over; drains wake_fd. */
void sl_worker_sleep(SlWorker *worker, int wake_fd, gint64 most_sec);

/* Prints `slate: WHAT: WHY` (and the JSON of it), frees the error, gives the exit code. */
int sl_worker_fail(const SlWorker *worker, GError *error);
void sl_worker_print(SlJson *json); /* one document on standard output; takes it */

int sl_worker_finish(SlWorker *worker, int code);

/* The loop of --serve: `pass` again and again, woken by the stage's file, at least every `poll_sec`. A temporary error is logged and
 * tried again with back-off; others end the process. */
typedef gboolean (*SlPass)(SlWorker *worker, gpointer user, GError **error);
int sl_worker_serve(SlWorker *worker, SlStage stage, SlPass pass, gpointer user, gint64 poll_sec);
