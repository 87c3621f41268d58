/* SPDX-License-Identifier: ISC */
#include "work/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

const char *
sl_stage_word(SlStage stage)
{
  static const char *const words[SL_N_STAGES] = {"fetch", "intake", "tick", "send", "probe"};
  return words[stage];
}

static char *
wake_path(const char *spool_path, SlStage stage)
{
  return g_build_filename(spool_path, "wake", sl_stage_word(stage), NULL);
}

/* Opened for writing and closed again: IN_CLOSE_WRITE is what the sleeper listens for; nothing need be written. */
void
sl_wake(const char *spool_path, SlStage stage)
{
  g_autofree char *path = wake_path(spool_path, stage);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0660);
  if (fd >= 0)
    close(fd);
}

static gboolean
watch(int fd, const char *path, guint32 mask, GError **error)
{
  if (inotify_add_watch(fd, path, mask) >= 0)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot watch %s: %s", path, g_strerror(errno));
  return FALSE;
}

int
sl_wake_watch(const char *spool_path, SlStage stage, GError **error)
{
  g_autofree char *path = wake_path(spool_path, stage);
  g_autofree char *fresh = g_build_filename(spool_path, "new", NULL);
  sl_wake(spool_path, stage); /* so that there is a file to watch */
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "inotify: %s", g_strerror(errno));
    return -1;
  }
  if (watch(fd, path, IN_CLOSE_WRITE, error) && (stage != SL_STAGE_INTAKE || watch(fd, fresh, IN_MOVED_TO, error)))
    return fd;
  close(fd);
  return -1;
}

void
sl_wake_drain(int fd)
{
  char buffer[4096];
  while (read(fd, buffer, sizeof buffer) > 0) {
  }
}
