/* SPDX-License-Identifier: ISC */
#include "shop.h"

#include <fcntl.h>

#include "store/raw.h"

#define CHUNK (256 * 1024)

static GBytes *
pattern(gsize size)
{
  guint8 *bytes = size ? g_malloc(size) : NULL; /* as GLib hands out what is empty */
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)(i * 31 + i / 251);
  return g_bytes_new_take(bytes, size);
}

static void
check_size(SlDb *db, gsize size, gboolean by_fd)
{
  g_autoptr(GBytes) bytes = pattern(size);
  g_autofree char *sha = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
  g_autofree char *path = shop_path("raw.bin");
  gint64 got_size = -1;
  MUST(sl_db_begin(db, e));
  if (by_fd) {
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)"head\n\n", 6);
    g_byte_array_append(file, g_bytes_get_data(bytes, NULL) ? g_bytes_get_data(bytes, NULL) : (const guint8 *)"", (guint)size);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    g_assert_cmpint(write(fd, file->data, file->len), ==, file->len);
    MUST(sl_raw_put_fd(db, sha, fd, 6, e));
    MUST(sl_raw_put_fd(db, sha, fd, 6, e)); /* the same again */
    close(fd);
  } else {
    MUST(sl_raw_put(db, sha, bytes, e));
    MUST(sl_raw_put(db, sha, bytes, e));
  }
  MUST(sl_db_commit(db, e));
  MUST(sl_raw_size(db, sha, &got_size, e));
  g_assert_cmpint(got_size, ==, size);
  g_autoptr(GBytes) back = sl_raw_get(db, sha, (gint64)size, NULL);
  g_assert_true(g_bytes_equal(back, bytes));
  g_autofree char *count = g_strdup_printf("SELECT COUNT(*) FROM raw_chunk WHERE sha256 = '%s'", sha);
  g_assert_cmpint(shop_int(db, count), ==, MAX(1, (size + CHUNK - 1) / CHUNK)); /* once, in chunks */
  char piece[1000];
  gsize length = 0, at = 0;
  g_autoptr(GByteArray) pieces = g_byte_array_new();
  do { /* as the sender reads it */
    MUST(sl_raw_read_at(db, sha, (gint64)at, piece, sizeof piece, &length, e));
    g_byte_array_append(pieces, (guint8 *)piece, (guint)length);
    at += length;
  } while (length > 0);
  g_assert_cmpmem(pieces->data, pieces->len, g_bytes_get_data(bytes, NULL), size);
  if (size) {
    g_autoptr(GError) error = NULL;
    g_assert_null(sl_raw_get(db, sha, (gint64)size - 1, &error));
    g_assert_error(error, SL_ERROR, SL_ERROR_LIMIT);
  }
}

static void
test_sizes(void)
{
  static const gsize sizes[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * 1024 * 1024};
  g_autoptr(SlDb) by_bytes = shop_open("raw.db", FALSE);
  g_autoptr(SlDb) by_fd = shop_open("raw-fd.db", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    check_size(by_bytes, sizes[i], FALSE);
    check_size(by_fd, sizes[i], TRUE);
  }
}

static void
test_absent(void)
{
  g_autoptr(SlDb) db = shop_open("raw.db", FALSE);
  g_autoptr(GError) error = NULL;
  gint64 size = 0;
  g_assert_false(sl_raw_size(db, "abc", &size, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/raw/sizes", test_sizes);
  g_test_add_func("/store/raw/absent", test_absent);
  int rc = g_test_run();
  shop_end();
  return rc;
}
