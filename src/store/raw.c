/* SPDX-License-Identifier: ISC */
#include "store/raw.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store/columns.h"

#define CHUNK_BYTES (256 * 1024)

static gboolean
has(SlDb *db, const char *sha256, gboolean *out_has, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT 1 FROM raw_chunk WHERE sha256 = :sha AND n = 0", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "sha", sha256);
  return sl_query_next(query, out_has, error);
}

static gboolean
put_chunk(SlDb *db, const char *sha256, gint64 n, gconstpointer bytes, gsize length, GError **error)
{
  g_autoptr(SlQuery) query =
      sl_db_query(db, "INSERT INTO raw_chunk(sha256, n, data) VALUES (:sha, :n, :data) ON CONFLICT DO NOTHING", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "sha", sha256);
  sl_bind_int(query, "n", n);
  sl_bind_blob(query, "data", bytes, length);
  return sl_query_run(query, NULL, error);
}

/* A full chunk, or what is left: offsets are computed from the number, so only the last may be short. */
static gssize
read_full(int fd, char *buffer, gint64 at)
{
  gsize have = 0;
  while (have < CHUNK_BYTES) {
    ssize_t n = pread(fd, buffer + have, CHUNK_BYTES - have, at + (gint64)have);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    have += (gsize)n;
  }
  return (gssize)have;
}

gboolean
sl_raw_put_fd(SlDb *db, const char *sha256, int fd, gint64 start, GError **error)
{
  gboolean there = FALSE;
  if (!has(db, sha256, &there, error) || there)
    return there;
  g_autofree char *buffer = g_malloc(CHUNK_BYTES);
  for (gint64 n = 0;; n++) {
    gssize length = read_full(fd, buffer, start + n * CHUNK_BYTES);
    if (length < 0) {
      g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot read the message: %s", g_strerror(errno));
      return FALSE;
    }
    if (length == 0 && n > 0)
      return TRUE;
    if (!put_chunk(db, sha256, n, buffer, (gsize)length, error))
      return FALSE;
    if (length < CHUNK_BYTES)
      return TRUE;
  }
}

gboolean
sl_raw_put(SlDb *db, const char *sha256, GBytes *bytes, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);
  gsize at = 0;
  for (gint64 n = 0; at < size || n == 0; n++) {
    gsize length = MIN(size - at, CHUNK_BYTES);
    if (!put_chunk(db, sha256, n, data + at, length, error))
      return FALSE;
    at += length;
  }
  return TRUE;
}

static gboolean
none(const char *sha256, GError **error)
{
  g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "the bytes %.12s… are not kept any more", sha256);
  return FALSE;
}

gboolean
sl_raw_read(SlDb *db, const char *sha256, SlRawChunk chunk, gpointer user, GError **error)
{
  gboolean row = FALSE;
  guint n = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT data FROM raw_chunk WHERE sha256 = :sha ORDER BY n", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "sha", sha256);
  while (sl_query_next(query, &row, error)) {
    gsize length = 0;
    if (!row)
      return n > 0 || none(sha256, error);
    const void *bytes = sl_column_blob(query, 0, &length);
    if (!chunk(bytes, length, user, error))
      return FALSE;
    n++;
  }
  return FALSE;
}

gboolean
sl_raw_read_at(SlDb *db, const char *sha256, gint64 offset, char *buffer, gsize size, gsize *out_length, GError **error)
{
  gboolean row = FALSE;
  *out_length = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT data FROM raw_chunk WHERE sha256 = :sha AND n = :n", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "sha", sha256);
  sl_bind_int(query, "n", offset / CHUNK_BYTES);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  gsize length = 0;
  const char *bytes = sl_column_blob(query, 0, &length);
  gsize from = (gsize)(offset % CHUNK_BYTES);
  if (from >= length)
    return TRUE;
  *out_length = MIN(size, length - from);
  memcpy(buffer, bytes + from, *out_length);
  return TRUE;
}

gboolean
sl_raw_size(SlDb *db, const char *sha256, gint64 *out_bytes, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT SUM(LENGTH(data)) FROM raw_chunk WHERE sha256 = :sha", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "sha", sha256);
  return sl_query_int(query, out_bytes, &row, error) && (row || none(sha256, error));
}

static gboolean
append_chunk(gconstpointer bytes, gsize length, gpointer user, GError **error)
{
  (void)error;
  g_byte_array_append(user, bytes, (guint)length);
  return TRUE;
}

GBytes *
sl_raw_get(SlDb *db, const char *sha256, gint64 most, GError **error)
{
  gint64 size = 0;
  if (!sl_raw_size(db, sha256, &size, error))
    return NULL;
  if (size > most) {
    g_set_error(error, SL_ERROR, SL_ERROR_LIMIT, "%" G_GINT64_FORMAT " bytes are more than wanted", size);
    return NULL;
  }
  g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)size);
  if (!sl_raw_read(db, sha256, append_chunk, bytes, error))
    return NULL;
  return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
