/* SPDX-License-Identifier: ISC */
/* Letters into a Maildir: one file a recipient, tmp/ → fsync → new/ by rename. Headers of delivery say whom it was for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/wall.h"
#include "wire/sink-private.h"

typedef struct {
  char *path;
  guint count;
} Maildir;

static gboolean
maildir_open(SlSink *sink, GError **error)
{
  static const char *const folders[] = {"tmp", "new", "cur"};
  const char *path = sink->options->url + strlen("maildir://");
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(path, folders[i], NULL);
    if (g_mkdir_with_parents(folder, 0750) != 0) {
      g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "smtp %s: cannot make %s: %s", sink->options->name, folder, g_strerror(errno));
      return FALSE;
    }
  }
  Maildir *maildir = g_new0(Maildir, 1);
  maildir->path = g_strdup(path);
  sink->state = maildir;
  return TRUE;
}

static gboolean
write_all(int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno != EINTR)
      return FALSE;
    if (n > 0) {
      bytes += n;
      length -= (gsize)n;
    }
  }
  return TRUE;
}

static gboolean
copy_letter(int fd, const char *sender, const char *recipient, SlSinkRead read_letter, gpointer user)
{
  char buffer[16384];
  gssize n;
  g_autofree char *head = g_strdup_printf("Return-Path: <%s>\r\nDelivered-To: %s\r\n", sender, recipient);
  if (!write_all(fd, head, strlen(head)))
    return FALSE;
  while ((n = read_letter(buffer, sizeof buffer, user)) > 0) {
    if (!write_all(fd, buffer, (gsize)n))
      return FALSE;
  }
  return n == 0 && fsync(fd) == 0;
}

static void
maildir_send(SlSink *sink, const char *sender, const char *recipient, SlSinkRead read_letter, SlSinkGate gate, gpointer user,
             SlSendOutcome *out_outcome)
{
  Maildir *maildir = sink->state;
  SlTime now = sl_wall_now();
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".M%06dP%dQ%u.slate", now / SL_SECOND,
                                          (int)(now % SL_SECOND), (int)getpid(), maildir->count++);
  g_autofree char *tmp = g_build_filename(maildir->path, "tmp", name, NULL);
  g_autofree char *target = g_build_filename(maildir->path, "new", name, NULL);
  int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  gboolean written = fd >= 0 && copy_letter(fd, sender, recipient, read_letter, user);
  int why = errno;
  if (fd >= 0)
    close(fd);
  if (!written)
    sl_outcome_set(out_outcome, SL_DEFERRED, 0, TRUE, "cannot write %s: %s", tmp, g_strerror(why));
  else if (!gate(user))
    sl_outcome_set(out_outcome, SL_WITHHELD, 0, FALSE, "overtaken before it left");
  else if (rename(tmp, target) != 0)
    sl_outcome_set(out_outcome, SL_DEFERRED, 0, TRUE, "cannot move %s: %s", target, g_strerror(errno));
  else
    sl_outcome_set(out_outcome, SL_SENT, 250, FALSE, "250 in %s", target);
  if (out_outcome->result != SL_SENT)
    unlink(tmp);
}

static void
maildir_close(SlSink *sink)
{
  Maildir *maildir = sink->state;
  if (maildir)
    g_free(maildir->path);
  g_free(maildir);
}

/* Opening made the folders: it is there. */
static gboolean
maildir_check(SlSink *sink, GError **error)
{
  const Maildir *maildir = sink->state;
  g_autofree char *tmp = g_build_filename(maildir->path, "tmp", NULL);
  if (access(tmp, W_OK) == 0)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s: %s", tmp, g_strerror(errno));
  return FALSE;
}

const SlSinkDriver sl_sink_maildir = {"maildir", maildir_open, maildir_send, maildir_check, maildir_close};
