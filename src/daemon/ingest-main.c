/* SPDX-License-Identifier: ISC */
/* slate-ingest: the end of a pipe. Standard input to its end, into the spool, exit 0. On any trouble exactly one line, `4.3.0 slate: WHY`,
 * and exit 75: Postfix bounces the customer's mail on any other code, and reads a leading `4.X.X` of either stream. Before the rename
 * a time limit ends it with 75; after the rename it is 0 whatever follows. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/wall.h"
#include "config/config.h"
#include "work/spool.h"
#include "work/wake.h"

#define TIME_LIMIT_SEC 600
#define WAIT_MOST_SEC  30

typedef struct {
  char *config, *mailbox, *recipient, *sender, *channel, *received, *now, *as;
  gboolean wait, json, quiet, verbose;
} Options;

static int G_GNUC_NORETURN G_GNUC_PRINTF(1, 2)
try_again(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_strdelimit(text, "\r\n", ' ');
  printf("4.3.0 slate: %s\n", text);
  fflush(stdout);
  exit(75);
}

static void
on_alarm(int signal_number)
{
  static const char text[] = "4.3.0 slate: the message did not come to its end in time\n";
  (void)signal_number;
  if (write(STDOUT_FILENO, text, sizeof text - 1) < 0)
    _exit(75);
  _exit(75);
}

static void
parse_options(Options *o, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config, "the configuration", "FILE"},
      {"mailbox", 0, 0, G_OPTION_ARG_STRING, &o->mailbox, "the mailbox it is for", "M"},
      {"recipient", 0, 0, G_OPTION_ARG_STRING, &o->recipient, "envelope recipient", "ADDRESS"},
      {"sender", 0, 0, G_OPTION_ARG_STRING, &o->sender, "envelope sender", "ADDRESS"},
      {"channel", 0, 0, G_OPTION_ARG_STRING, &o->channel, "mail, phone, chat", "C"},
      {"received", 0, 0, G_OPTION_ARG_STRING, &o->received, "when the server received it", "RFC3339"},
      {"now", 0, 0, G_OPTION_ARG_STRING, &o->now, "the virtual time of this run", "RFC3339"},
      {"as", 0, 0, G_OPTION_ARG_STRING, &o->as, "who does it", "AGENT"},
      {"wait", 0, 0, G_OPTION_ARG_NONE, &o->wait, "wait for the outcome", NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "print JSON", NULL},
      {"jsonl", 0, 0, G_OPTION_ARG_NONE, &o->json, "print JSON", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "print nothing on success", NULL},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "say more", NULL},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new("< MESSAGE");
  g_autoptr(GError) error = NULL;
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, argc, argv, &error))
    try_again("%s", error->message);
}

static SlSpool *
open_spool(const Options *o)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = sl_config_path(o->config);
  g_autofree char *folder = sl_config_spool(path, faults);
  if (!folder) {
    g_autofree char *text = sl_config_fault_text(faults->pdata[0]);
    try_again("%s", text);
  }
  SlSpool *spool = sl_spool_open(folder, &error);
  if (!spool)
    try_again("%s", error->message);
  return spool;
}

static SlTime
stated_time(const char *name, const char *text, SlTime otherwise)
{
  SlTime t = otherwise;
  if (text && !sl_time_parse(text, &t))
    try_again("--%s %s: a time such as 2026-11-24T12:00:00Z is wanted", name, text);
  return t;
}

static char *
spool_stdin(SlSpool *spool, const Options *o)
{
  static char buffer[65536];
  g_autoptr(GError) error = NULL;
  char *name = NULL;
  SlTime now = stated_time("now", o->now, sl_wall_now());
  const SlSpoolMeta meta = {.recipient = o->recipient, .sender = o->sender, .mailbox = o->mailbox, .channel = o->channel,
                            .received = stated_time("received", o->received, now)};
  SlSpoolFile *file = sl_spool_begin(spool, &meta, NULL, &error);
  if (!file)
    try_again("%s", error->message);
  for (;;) {
    ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0)
      break;
    if (n < 0 || !sl_spool_write(file, buffer, (gsize)n, &error)) {
      sl_spool_abort(file);
      try_again("%s", error ? error->message : g_strerror(errno));
    }
  }
  if (!sl_spool_commit(file, TRUE, &name, &error))
    try_again("%s", error->message);
  return name;
}

static void
say_queued(const Options *o, const char *name)
{
  if (o->json)
    puts("{\"results\":[{\"source\":\"-\",\"outcome\":\"queued\",\"reason\":null,\"ticket\":null,\"message\":null,\"duplicate_of\":null}]}");
  else if (!o->quiet)
    printf("2.0.0 queued as %s\n", name);
}

/* ---- taking it in ---- */

static char *
intake_path(void)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : "/");
  g_autofree char *beside = g_build_filename(folder, "slate-intake", NULL);
  return access(beside, X_OK) == 0 ? g_steal_pointer(&beside) : g_strdup(SL_LIBEXECDIR "/slate-intake");
}

/* TRUE when slate-intake said what became of the message. What it prints on trouble is dropped: the mail is safe, exit is 0. */
static gboolean
run_intake(const Options *o, const char *how, const char *name)
{
  g_autofree char *program = intake_path();
  g_autofree char *config = sl_config_path(o->config);
  g_autofree char *out = NULL;
  const char *argv[16] = {program, "-c", config, how, name, "--source", "-"};
  guint n = 7;
  int status = 0;
  if (o->now) {
    argv[n++] = "--now";
    argv[n++] = o->now;
  }
  if (o->json)
    argv[n++] = "--json";
  if (o->quiet)
    argv[n++] = "--quiet";
  if (!g_spawn_sync(NULL, (char **)argv, NULL, o->verbose ? 0 : G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status, NULL) ||
      !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return FALSE;
  fputs(out, stdout);
  return TRUE;
}

static gboolean
take_in(SlSpool *spool, const Options *o, const char *name)
{
  int lock = -1;
  g_autoptr(GError) ignored = NULL;
  if (!sl_spool_lock(spool, FALSE, &lock, &ignored) || lock < 0)
    return FALSE;
  close(lock);
  return run_intake(o, "--only", name);
}

static gboolean
wait_for_outcome(SlSpool *spool, const Options *o, const char *name)
{
  gint64 end = sl_wall_boot_usec() + WAIT_MOST_SEC * G_USEC_PER_SEC;
  while (sl_wall_boot_usec() < end) {
    if (!sl_spool_has(spool, name) && run_intake(o, "--outcome", name))
      return TRUE;
    g_usleep(50000);
  }
  return FALSE;
}

int
main(int argc, char **argv)
{
  Options options = {0};
  signal(SIGALRM, on_alarm);
  signal(SIGPIPE, SIG_IGN);
  alarm(TIME_LIMIT_SEC);
  parse_options(&options, &argc, &argv);
  SlSpool *spool = open_spool(&options);
  g_autofree char *name = spool_stdin(spool, &options);
  alarm(0);
  sl_wake(sl_spool_path(spool), SL_STAGE_INTAKE);
  if (!take_in(spool, &options, name) && !(options.wait && wait_for_outcome(spool, &options, name)))
    say_queued(&options, name);
  sl_spool_free(spool);
  return 0;
}
