/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "base/wall.h"
#include "wire/source-private.h"

#define BEAT_SEC 10

static const SlSourceDriver *const drivers[] = {&sl_source_imap, &sl_source_imaps, &sl_source_maildir};

static const SlSourceDriver *
driver_of(const char *url)
{
  for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
    gsize n = strlen(drivers[i]->scheme);
    if (strncmp(url, drivers[i]->scheme, n) == 0 && g_str_has_prefix(url + n, "://"))
      return drivers[i];
  }
  return NULL;
}

SlSource *
sl_source_new(const SlSourceOptions *options, int cancel_fd, SlSourceBeat beat, gpointer user, GError **error)
{
  const SlSourceDriver *driver = driver_of(options->url);
  if (!driver) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "no way to read %s", options->url);
    return NULL;
  }
  SlSource *source = g_new0(SlSource, 1);
  *source = (SlSource){.options = options, .driver = driver, .cancel_fd = cancel_fd, .beat = beat, .user = user};
  return source;
}

void
sl_source_beat(SlSource *source)
{
  if (source->beat)
    source->beat(source->user);
}

gboolean
sl_source_poll(SlSource *source, int fd, int wake_fd, gint64 most_sec, gboolean *out_ready, GError **error)
{
  gint64 end = sl_wall_boot_usec() + most_sec * G_USEC_PER_SEC;
  *out_ready = FALSE;
  for (;;) {
    struct pollfd fds[] = {{source->cancel_fd, POLLIN, 0}, {fd, POLLIN, 0}, {wake_fd, POLLIN, 0}};
    gint64 left = (end - sl_wall_boot_usec()) / 1000;
    sl_source_beat(source);
    if (left <= 0)
      return TRUE;
    int n = poll(fds, G_N_ELEMENTS(fds), (int)MIN(left, BEAT_SEC * 1000));
    if (n > 0 && fds[0].revents) {
      g_set_error_literal(error, SL_ERROR, SL_ERROR_CANCELLED, "asked to stop");
      return FALSE;
    }
    *out_ready = n > 0 && fds[1].revents;
    if (n > 0)
      return TRUE;
  }
}

gboolean
sl_source_open(SlSource *source, GError **error)
{
  return source->driver->open(source, error);
}

guint32
sl_source_uidvalidity(const SlSource *source)
{
  return source->uidvalidity;
}

gboolean
sl_source_list(SlSource *source, guint32 above_uid, GArray *out_items, GError **error)
{
  return source->driver->list(source, above_uid, out_items, error);
}

gboolean
sl_source_stream(SlSource *source, guint32 uid, SlSourceChunk chunk, gpointer user, GError **error)
{
  return source->driver->stream(source, uid, chunk, user, error);
}

gboolean
sl_source_mark(SlSource *source, const guint32 *uids, guint n, SlMark mark, GError **error)
{
  return source->driver->mark(source, uids, n, mark, error);
}

gboolean
sl_source_wait(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error)
{
  return source->driver->wait(source, most_sec, wake_fd, out_news, error);
}

void
sl_source_free(SlSource *source)
{
  if (!source)
    return;
  source->driver->close(source);
  g_free(source);
}
