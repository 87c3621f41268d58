/* SPDX-License-Identifier: ISC */
#pragma once
#include "wire/source.h"

struct SlSource {
  const SlSourceOptions *options;
  const SlSourceDriver *driver;
  int cancel_fd;
  SlSourceBeat beat;
  gpointer user;
  guint32 uidvalidity;
  gpointer state; /* the driver's */
};

extern const SlSourceDriver sl_source_imap, sl_source_imaps, sl_source_maildir;

void sl_source_beat(SlSource *source);

/* Waits for `fd` (or -1), the cancel fd or wake_fd, at most `most_sec`, beating every ten seconds. *out_ready: fd is readable.
 * SL_ERROR_CANCELLED when cancelled. */
gboolean sl_source_poll(SlSource *source, int fd, int wake_fd, gint64 most_sec, gboolean *out_ready, GError **error) SL_WARN_UNUSED;
