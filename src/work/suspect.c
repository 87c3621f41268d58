/* SPDX-License-Identifier: ISC */
#include "work/suspect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "store/seen.h"

#define MARKER_BYTES 512

/* One marker a process; the signal handler can reach nothing but this. */
static struct {
  int fd;
  char key[MARKER_BYTES - 32];
} marker = {.fd = -1};

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};

/* Async-signal-safe: one pwrite of a constant, then the default action of the signal. What another process sent is no death of ours:
 * the kernel's own have a positive code, and abort() names us. */
static void
on_fatal(int signal_number, siginfo_t *info, void *context)
{
  static const char cause[] = "died\n";
  gboolean ours = info->si_code > 0 || info->si_pid == getpid();
  (void)context;
  if (ours && marker.fd >= 0 && marker.key[0] && pwrite(marker.fd, cause, sizeof cause - 1, 0) < 0)
    _exit(128 + signal_number);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static gboolean
count_death(SlDb *db, const char *stage, char *text, GError **error)
{
  static const char died[] = "died\n";
  int deaths = 0;
  char *newline = strchr(text, '\n');
  if (!g_str_has_prefix(text, died) || !newline || !newline[1])
    return TRUE;
  return sl_suspect_add(db, g_strchomp(newline + 1), stage, "a fatal signal or its own time limit", &deaths, error);
}

gboolean
sl_suspect_init(SlDb *db, const char *spool_path, const char *stage, GError **error)
{
  g_autofree char *name = g_strconcat(stage, ".marker", NULL);
  g_autofree char *path = g_build_filename(spool_path, "run", name, NULL);
  char text[MARKER_BYTES + 1] = {0};
  marker.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (marker.fd < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot open %s: %s", path, g_strerror(errno));
    return FALSE;
  }
  if (pread(marker.fd, text, MARKER_BYTES, 0) > 0 && !count_death(db, stage, text, error))
    return FALSE;
  if (ftruncate(marker.fd, 0) != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot clear %s: %s", path, g_strerror(errno));
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(fatal); i++) {
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_NODEFER | SA_SIGINFO};
    sigaction(fatal[i], &action, NULL);
  }
  return TRUE;
}

/* The marker's first five bytes are the verdict, which only the handler changes from "busy\n" to "died\n". */
void
sl_suspect_enter(const char *key, unsigned most_sec)
{
  if (marker.fd < 0)
    return;
  char text[MARKER_BYTES];
  g_strlcpy(marker.key, key, sizeof marker.key);
  int length = g_snprintf(text, sizeof text, "busy\n%s\n", marker.key);
  if (pwrite(marker.fd, text, (size_t)length, 0) == length)
    alarm(most_sec);
}

void
sl_suspect_leave(void)
{
  alarm(0);
  marker.key[0] = '\0';
  if (marker.fd >= 0 && ftruncate(marker.fd, 0) != 0)
    marker.key[0] = '\0'; /* a stale "busy" is no death */
}

gboolean
sl_suspect_count(SlDb *db, const char *key, int *out_deaths, GError **error)
{
  return sl_suspect_deaths(db, key, out_deaths, error);
}
