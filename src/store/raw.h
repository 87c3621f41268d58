/* SPDX-License-Identifier: ISC */
/* Raw bytes by their SHA-256, in chunks of at most 256 KiB: memory stays bounded whatever the size. */
#pragma once
#include "store/db.h"

/* Stores fd from `start` to its end; nothing happens when the same bytes are there. `sha256`: hex of those bytes. */
gboolean sl_raw_put_fd(SlDb *db, const char *sha256, int fd, gint64 start, GError **error) SL_WARN_UNUSED;
gboolean sl_raw_put(SlDb *db, const char *sha256, GBytes *bytes, GError **error) SL_WARN_UNUSED;

/* Calls chunk for each piece in order. SL_ERROR_NOT_FOUND when there are none. */
typedef gboolean (*SlRawChunk)(gconstpointer bytes, gsize length, gpointer user, GError **error);
gboolean sl_raw_read(SlDb *db, const char *sha256, SlRawChunk chunk, gpointer user, GError **error) SL_WARN_UNUSED;

/* The bytes from `offset`, at most `size`; *out_length 0 at the end. */
gboolean sl_raw_read_at(SlDb *db, const char *sha256, gint64 offset, char *buffer, gsize size, gsize *out_length,
                        GError **error) SL_WARN_UNUSED;
gboolean sl_raw_size(SlDb *db, const char *sha256, gint64 *out_bytes, GError **error) SL_WARN_UNUSED;
/* All of it, at most `most` bytes (SL_ERROR_LIMIT above). Owned. */
GBytes *sl_raw_get(SlDb *db, const char *sha256, gint64 most, GError **error) SL_WARN_UNUSED;
