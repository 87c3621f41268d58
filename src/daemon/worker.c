/* SPDX-License-Identifier: ISC */
#include "daemon/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/wall.h"

#define BACK_OFF_FIRST_SEC 1
#define BACK_OFF_MOST_SEC  60

/* The one thing that a signal handler can reach. */
static int cancel_event = -1;

static void
on_stop(int signal_number)
{
  static const guint64 one = 1;
  (void)signal_number;
  if (write(cancel_event, &one, sizeof one) < 0)
    _exit(143);
}

static void
catch_signals(SlWorker *worker)
{
  const struct sigaction stop = {.sa_handler = on_stop};
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  worker->cancel_fd = cancel_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sigaction(SIGTERM, &stop, NULL);
  sigaction(SIGINT, &stop, NULL);
  sigaction(SIGPIPE, &ignore, NULL);
  sigaction(SIGHUP, &ignore, NULL); /* the supervisor restarts us for a new configuration */
}

static void
die(const SlWorker *worker, int code, const char *format, ...) G_GNUC_PRINTF(3, 4) G_GNUC_NORETURN;

static void
die(const SlWorker *worker, int code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  fprintf(stderr, "slate: %s\n", text);
  if (worker->json) {
    SlJson *error = sl_json_object();
    SlJson *document = sl_json_object();
    sl_json_set_string(error, "code", code == 64 ? "usage" : "config");
    sl_json_set_string(error, "message", text);
    sl_json_set_take(document, "error", error);
    sl_worker_print(document);
  }
  exit(code);
}

static void
parse_options(SlWorker *worker, int *argc, char ***argv, const GOptionEntry *own, char **out_now)
{
  const GOptionEntry common[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &worker->config_path, "the configuration", "FILE"},
      {"now", 0, 0, G_OPTION_ARG_STRING, out_now, "the virtual time of this run", "RFC3339"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &worker->json, "print JSON", NULL},
      {"jsonl", 0, 0, G_OPTION_ARG_NONE, &worker->json, "print JSON, one document a line", NULL},
      {"serve", 0, 0, G_OPTION_ARG_NONE, &worker->serve, "go on for ever (slated does this)", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &worker->quiet, "print nothing on success", NULL},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &worker->verbose, "log more", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &worker->arguments, NULL, NULL},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_option_context_add_main_entries(context, common, NULL);
  if (own)
    g_option_context_add_main_entries(context, own, NULL);
  if (!g_option_context_parse(context, argc, argv, &error))
    die(worker, 64, "%s", error->message);
}

void
sl_worker_init(SlWorker *worker, const char *name, int *argc, char ***argv, const GOptionEntry *own)
{
  g_autofree char *now = NULL;
  const char *beat = g_getenv("SLATE_BEAT_FD");
  *worker = (SlWorker){.name = name, .now = SL_TIME_NONE, .cancel_fd = -1, .beat_fd = -1, .started_usec = sl_wall_boot_usec()};
  parse_options(worker, argc, argv, own, &now);
  sl_log_init(name, worker->verbose ? SL_LOG_DEBUG : SL_LOG_INFO);
  if (now && !sl_time_parse(now, &worker->now))
    die(worker, 64, "--now %s: a time such as 2026-11-24T12:00:00Z is wanted", now);
  if (worker->serve && beat)
    worker->beat_fd = atoi(beat);
  catch_signals(worker);
}

void
sl_worker_config(SlWorker *worker)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  char *path = sl_config_path(worker->config_path);
  g_free(worker->config_path);
  worker->config_path = path;
  worker->config = sl_config_load(path, faults);
  for (guint i = 0; !worker->config && i < faults->len; i++) {
    g_autofree char *text = sl_config_fault_text(faults->pdata[i]);
    fprintf(stderr, "%s\n", text);
  }
  if (!worker->config)
    die(worker, 78, "the configuration %s has faults: nothing was done", path);
}

void
sl_worker_open(SlWorker *worker)
{
  GError *error = NULL;
  sl_worker_config(worker);
  worker->work = sl_work_open(worker->config, worker->now, FALSE, &error);
  if (!worker->work || !sl_work_open_letters(worker->work, &error))
    exit(sl_worker_fail(worker, error));
}

gboolean
sl_worker_stopping(const SlWorker *worker)
{
  struct pollfd fd = {worker->cancel_fd, POLLIN, 0};
  return poll(&fd, 1, 0) > 0;
}

gboolean
sl_worker_beat(gpointer user)
{
  SlWorker *worker = user;
  if (worker->beat_fd >= 0 && write(worker->beat_fd, ".", 1) < 0 && errno == EPIPE)
    return FALSE; /* nobody supervises us any more */
  return !sl_worker_stopping(worker);
}

void
sl_worker_sleep(SlWorker *worker, int wake_fd, gint64 most_sec)
{
  struct pollfd fds[] = {{worker->cancel_fd, POLLIN, 0}, {wake_fd, POLLIN, 0}};
  poll(fds, G_N_ELEMENTS(fds), (int)MIN(most_sec, 10) * 1000);
  if (wake_fd >= 0)
    sl_wake_drain(wake_fd);
}

void
sl_worker_print(SlJson *json)
{
  g_autofree char *text = sl_json_print(json, FALSE);
  puts(text);
  sl_json_free(json);
}

int
sl_worker_fail(const SlWorker *worker, GError *error)
{
  int code = sl_error_exit_code(error);
  fprintf(stderr, "slate: %s\n", error->message);
  if (worker->json) {
    SlJson *inner = sl_json_object();
    SlJson *document = sl_json_object();
    sl_json_set_string(inner, "code", sl_error_word(error));
    sl_json_set_string(inner, "message", error->message);
    sl_json_set_take(document, "error", inner);
    sl_worker_print(document);
  }
  g_error_free(error);
  return code;
}

int
sl_worker_finish(SlWorker *worker, int code)
{
  sl_work_free(worker->work);
  sl_config_free(worker->config);
  g_free(worker->config_path);
  g_strfreev(worker->arguments);
  return code;
}

/* ---- --serve ---- */

/* What another try can mend. */
static gboolean
passing(const GError *error)
{
  return g_error_matches(error, SL_ERROR, SL_ERROR_TEMP) || g_error_matches(error, SL_ERROR, SL_ERROR_ACCOUNT) ||
         g_error_matches(error, SL_ERROR, SL_ERROR_AUTH) || g_error_matches(error, SL_ERROR, SL_ERROR_STORE) ||
         g_error_matches(error, SL_ERROR, SL_ERROR_LIMIT);
}

static void
rest(SlWorker *worker, gint64 sec)
{
  gint64 end = sl_wall_boot_usec() + sec * G_USEC_PER_SEC;
  while (sl_worker_beat(worker) && sl_wall_boot_usec() < end)
    sl_worker_sleep(worker, -1, MAX(1, (end - sl_wall_boot_usec()) / G_USEC_PER_SEC));
}

int
sl_worker_serve(SlWorker *worker, SlStage stage, SlPass pass, gpointer user, gint64 poll_sec)
{
  g_autoptr(GError) error = NULL;
  gint64 back_off = BACK_OFF_FIRST_SEC;
  int wake_fd = sl_wake_watch(worker->config->spool, stage, &error);
  if (wake_fd < 0)
    return sl_worker_fail(worker, g_steal_pointer(&error));
  while (sl_worker_beat(worker)) {
    g_autoptr(GError) why = NULL;
    if (pass(worker, user, &why)) {
      back_off = BACK_OFF_FIRST_SEC;
      sl_worker_sleep(worker, wake_fd, poll_sec);
      continue;
    }
    if (!why || g_error_matches(why, SL_ERROR, SL_ERROR_CANCELLED)) /* asked to stop in the middle */
      continue;
    sl_log_error(why, "pass failed", "stage", sl_stage_word(stage), NULL);
    if (!passing(why))
      return sl_error_exit_code(why);
    rest(worker, back_off);
    back_off = MIN(back_off * 2, BACK_OFF_MOST_SEC);
  }
  close(wake_fd);
  return 0;
}
