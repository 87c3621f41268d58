/* SPDX-License-Identifier: ISC */
/* slated: a small supervisor. It looks at the configuration and brings the store up to date in a child, then runs a fetch a mailbox, intake,
 * tick, send, upkeep and, where one is configured, probe as processes of their own, restarts what dies with back-off, and kills what
 * hangs: workers beat over a pipe, and systemd's watchdog is fed only while all beat. SIGHUP: the new configuration is checked in a
 * child, then the workers are restarted; a bad one is refused and the old workers run on. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/wall.h"
#include "config/config.h"

#define HANG_USEC      (G_GINT64_CONSTANT(900) * 1000000) /* above the hard limit of the longest item (a letter to a slow server) */
#define STOP_USEC      (G_GINT64_CONSTANT(20) * 1000000)
#define BACK_OFF_FIRST (G_GINT64_CONSTANT(500) * 1000)
#define BACK_OFF_MOST  (G_GINT64_CONSTANT(60) * 1000000)
#define HEALTHY_USEC   (G_GINT64_CONSTANT(30) * 1000000) /* having run so long, a worker's back-off begins anew */

typedef struct {
  char *name;      /* "fetch support" */
  char *program;   /* "slate-fetch" */
  char *argument;  /* the mailbox; NULL */
  pid_t pid;       /* 0: not running */
  int beat_fd;
  gint64 last_beat, started, start_at, back_off;
} Worker;

typedef struct {
  char *config_path;
  SlConfig *config;
  GPtrArray *workers;
  int signals;
  gboolean stopping;
  gint64 stop_by;
  guint64 watchdog_usec;
} Supervisor;

/* ---- finding and starting programs ---- */

static char *
program_path(const char *name)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : "/");
  g_autofree char *beside = g_build_filename(folder, name, NULL);
  return access(beside, X_OK) == 0 ? g_steal_pointer(&beside) : g_build_filename(SL_LIBEXECDIR, name, NULL);
}

static void G_GNUC_NORETURN
become(const Supervisor *s, const Worker *worker, int beat_fd)
{
  sigset_t none;
  g_autofree char *path = program_path(worker->program);
  char number[16];
  char *argv[] = {path, (char *)"-c", s->config_path, (char *)"--serve", worker->argument, NULL};
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody works on unsupervised */
  g_snprintf(number, sizeof number, "%d", beat_fd);
  fcntl(beat_fd, F_SETFD, 0);
  setenv("SLATE_BEAT_FD", number, 1);
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  execv(path, argv);
  fprintf(stderr, "slated: %s: %s\n", path, g_strerror(errno));
  _exit(127);
}

static void
start_worker(const Supervisor *s, Worker *worker)
{
  int pipe_fds[2];
  gint64 now = sl_wall_boot_usec();
  worker->start_at = now + worker->back_off;
  if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0)
    return;
  pid_t pid = fork();
  if (pid == 0)
    become(s, worker, pipe_fds[1]);
  close(pipe_fds[1]);
  if (pid < 0) {
    close(pipe_fds[0]);
    return;
  }
  g_autofree char *number = g_strdup_printf("%d", (int)pid);
  worker->pid = pid;
  worker->beat_fd = pipe_fds[0];
  worker->started = worker->last_beat = now;
  sl_log(SL_LOG_INFO, "worker started", "worker", worker->name, "pid", number, NULL);
}

/* ---- their state, for `slate status` ---- */

static void
write_state(const Supervisor *s)
{
  g_autoptr(GString) text = g_string_new("[");
  for (guint i = 0; i < s->workers->len; i++) {
    const Worker *w = s->workers->pdata[i];
    g_autofree char *safe = g_strescape(w->name, NULL);
    g_string_append_printf(text, "%s{\"name\":\"%s\",\"pid\":%d,\"running\":%s}", i ? "," : "", safe, (int)w->pid, w->pid ? "true" : "false");
  }
  g_string_append_printf(text, "]\n");
  g_autofree char *path = g_build_filename(s->config->spool, "run", "workers.json", NULL);
  if (!g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0640, NULL))
    sl_log(SL_LOG_WARNING, "cannot write the workers' state", "path", path, NULL);
}

/* ---- dying and hanging ---- */

static Worker *
worker_of(const Supervisor *s, pid_t pid)
{
  for (guint i = 0; i < s->workers->len; i++) {
    Worker *worker = s->workers->pdata[i];
    if (worker->pid == pid)
      return worker;
  }
  return NULL;
}

static void
bury(Supervisor *s, Worker *worker, int status)
{
  gint64 now = sl_wall_boot_usec();
  gboolean clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  g_autofree char *how = WIFEXITED(status) ? g_strdup_printf("exit %d", WEXITSTATUS(status)) : g_strdup_printf("signal %d", WTERMSIG(status));
  close(worker->beat_fd);
  worker->pid = 0;
  if (now - worker->started > HEALTHY_USEC)
    worker->back_off = 0;
  worker->start_at = now + worker->back_off;
  worker->back_off = CLAMP(worker->back_off * 2, BACK_OFF_FIRST, BACK_OFF_MOST);
  if (!s->stopping || !clean)
    sl_log(s->stopping ? SL_LOG_INFO : SL_LOG_WARNING, "worker ended", "worker", worker->name, "how", how, NULL);
}

static void
reap(Supervisor *s)
{
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    Worker *worker = worker_of(s, pid);
    if (worker)
      bury(s, worker, status);
  }
  write_state(s);
}

static void
read_beats(Supervisor *s)
{
  char buffer[256];
  for (guint i = 0; i < s->workers->len; i++) {
    Worker *worker = s->workers->pdata[i];
    while (worker->pid && read(worker->beat_fd, buffer, sizeof buffer) > 0)
      worker->last_beat = sl_wall_boot_usec();
  }
}

static gboolean
kill_hanging(Supervisor *s)
{
  gboolean all_beat = TRUE;
  for (guint i = 0; i < s->workers->len; i++) {
    Worker *worker = s->workers->pdata[i];
    if (!worker->pid || sl_wall_boot_usec() - worker->last_beat < HANG_USEC)
      continue;
    sl_log(SL_LOG_ERROR, "worker hangs: killed", "worker", worker->name, NULL);
    kill(worker->pid, SIGKILL);
    all_beat = FALSE;
  }
  return all_beat;
}

static void
start_due(Supervisor *s)
{
  gboolean any = FALSE;
  for (guint i = 0; i < s->workers->len; i++) {
    Worker *worker = s->workers->pdata[i];
    if (worker->pid || sl_wall_boot_usec() < worker->start_at)
      continue;
    start_worker(s, worker);
    any = TRUE;
  }
  if (any)
    write_state(s);
}

/* ---- configuration and store, in a child: whatever they do to a process, they do not do it to us ---- */

static int
run_child(const Supervisor *s, const char *const *arguments)
{
  g_autofree char *path = program_path("slate");
  if (access(path, X_OK) != 0) {
    g_free(path);
    path = g_strdup("slate");
  }
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  int status = 0;
  g_ptr_array_add(argv, path);
  g_ptr_array_add(argv, (gpointer)"-c");
  g_ptr_array_add(argv, s->config_path);
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add(argv, (gpointer)arguments[i]);
  g_ptr_array_add(argv, NULL);
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error)) {
    fprintf(stderr, "slated: %s\n", error->message);
    return 70;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}

static SlConfig *
load_config(const char *path, int *out_code)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  SlConfig *config = sl_config_load(path, faults);
  for (guint i = 0; i < faults->len; i++) {
    const SlConfigFault *fault = faults->pdata[i];
    g_autofree char *text = sl_config_fault_text(fault);
    fprintf(stderr, "%s%s\n", text, fault->warning ? " (warning)" : "");
  }
  *out_code = config ? 0 : 78;
  return config;
}

/* ---- the set of workers ---- */

static void
worker_free(Worker *worker)
{
  g_free(worker->name);
  g_free(worker->program);
  g_free(worker->argument);
  g_free(worker);
}

static void
add_worker(Supervisor *s, const char *program, const char *argument)
{
  Worker *worker = g_new0(Worker, 1);
  const char *stage = program + strlen("slate-");
  worker->program = g_strdup(program);
  worker->argument = g_strdup(argument);
  worker->name = argument ? g_strdup_printf("%s %s", stage, argument) : g_strdup(stage);
  worker->beat_fd = -1;
  g_ptr_array_add(s->workers, worker);
}

/* Fetch first: what was mailed while we were away is read before an alarm fires over it. */
static void
make_workers(Supervisor *s)
{
  static const char *const stages[] = {"slate-intake", "slate-send", "slate-tick", "slate-upkeep"};
  for (guint i = 0; i < s->config->mailboxes->len; i++)
    add_worker(s, "slate-fetch", ((const SlMailboxConfig *)s->config->mailboxes->pdata[i])->name);
  for (guint i = 0; i < G_N_ELEMENTS(stages); i++)
    add_worker(s, stages[i], NULL);
  if (s->config->probes->len)
    add_worker(s, "slate-probe", NULL);
}

static void
signal_workers(const Supervisor *s, int signal_number)
{
  for (guint i = 0; i < s->workers->len; i++) {
    const Worker *worker = s->workers->pdata[i];
    if (worker->pid)
      kill(worker->pid, signal_number);
  }
}

static guint
running(const Supervisor *s)
{
  guint n = 0;
  for (guint i = 0; i < s->workers->len; i++)
    n += ((const Worker *)s->workers->pdata[i])->pid != 0;
  return n;
}

static void
wait_for_workers(Supervisor *s)
{
  gint64 by = sl_wall_boot_usec() + STOP_USEC;
  signal_workers(s, SIGTERM);
  while (running(s)) {
    struct pollfd fd = {s->signals, POLLIN, 0};
    struct signalfd_siginfo info;
    poll(&fd, 1, 200);
    if (fd.revents && read(s->signals, &info, sizeof info) < 0)
      break;
    reap(s);
    if (sl_wall_boot_usec() > by)
      signal_workers(s, SIGKILL);
  }
}

/* ---- signals ---- */

static void
reload(Supervisor *s)
{
  static const char *const check[] = {"check", "--quiet", NULL};
  int code = 0;
  sd_notify(0, "RELOADING=1");
  if (run_child(s, check) != 0) {
    sl_log(SL_LOG_ERROR, "the new configuration has faults: the old one is kept", "path", s->config_path, NULL);
  } else {
    SlConfig *config = load_config(s->config_path, &code);
    if (config) {
      wait_for_workers(s);
      g_ptr_array_set_size(s->workers, 0);
      sl_config_free(s->config);
      s->config = config;
      make_workers(s);
      start_due(s);
      sl_log(SL_LOG_INFO, "configuration read anew", "path", s->config_path, NULL);
    }
  }
  sd_notify(0, "READY=1");
}

static void
handle_signal(Supervisor *s)
{
  struct signalfd_siginfo info;
  while (read(s->signals, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD)
      reap(s);
    else if (info.ssi_signo == SIGHUP)
      reload(s);
    else
      s->stopping = TRUE;
  }
}

static int
open_signals(void)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* ---- */

/* One supervisor a spool: the lock is also how `slate status` knows that we live. Held until the process ends. */
static gboolean
take_lock(const Supervisor *s)
{
  g_autofree char *path = g_build_filename(s->config->spool, "run", "slated.lock", NULL);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  fprintf(stderr, "slated: %s: %s\n", path, errno == EWOULDBLOCK ? "another slated works on this spool" : g_strerror(errno));
  return FALSE;
}

static void
run(Supervisor *s)
{
  sd_notify(0, "READY=1\nSTATUS=running");
  while (!s->stopping) {
    struct pollfd fd = {s->signals, POLLIN, 0};
    start_due(s);
    poll(&fd, 1, 500);
    handle_signal(s);
    read_beats(s);
    if (kill_hanging(s) && s->watchdog_usec)
      sd_notify(0, "WATCHDOG=1");
  }
  sd_notify(0, "STOPPING=1");
  wait_for_workers(s);
}

int
main(int argc, char **argv)
{
  Supervisor s = {.signals = -1};
  g_autofree char *option = NULL;
  gboolean foreground = FALSE;
  int code = 0;
  static const char *const migrate[] = {"db", "migrate", "--quiet", NULL}, *const promises[] = {"sla", "check", "--quiet", NULL};
  const GOptionEntry entries[] = {{"config", 'c', 0, G_OPTION_ARG_FILENAME, &option, "the configuration", "FILE"},
                                  {"foreground", 0, 0, G_OPTION_ARG_NONE, &foreground, "stay in the foreground (it always does)", NULL},
                                  G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    fprintf(stderr, "slated: %s\n", error->message);
    return 64;
  }
  sl_log_init("slated", SL_LOG_INFO);
  s.config_path = sl_config_path(option);
  s.config = load_config(s.config_path, &code);
  if (!s.config || (code = run_child(&s, migrate)) != 0 || (code = run_child(&s, promises)) != 0)
    return code;
  g_autofree char *run_folder = g_build_filename(s.config->spool, "run", NULL);
  g_mkdir_with_parents(run_folder, 0770);
  if (!take_lock(&s)) {
    sl_config_free(s.config);
    g_free(s.config_path);
    return 75;
  }
  s.signals = open_signals();
  s.workers = g_ptr_array_new_with_free_func((GDestroyNotify)worker_free);
  if (sd_watchdog_enabled(0, &s.watchdog_usec) <= 0)
    s.watchdog_usec = 0;
  make_workers(&s);
  run(&s);
  g_ptr_array_unref(s.workers);
  sl_config_free(s.config);
  g_free(s.config_path);
  return 0;
}
