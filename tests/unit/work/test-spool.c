/* SPDX-License-Identifier: ISC */
/* The only door for mail: whole or not at all, and durable before it is named. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "base/error.h"
#include "work/spool.h"

static char *folder;
static GString *calls;  /* what was asked of the system, in order: the linker prefers these to the C library's */
static gboolean full;   /* fsync fails */

int
fsync(int fd)
{
  char link[64], target[512] = "";
  g_snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, target, sizeof target - 1);
  g_autofree char *name = n > 0 ? g_path_get_basename(target) : g_strdup("?");
  if (calls)
    g_string_append_printf(calls, "fsync %s\n", g_str_has_suffix(target, "/new") ? "new/" : strstr(target, "/tmp/") ? "the file" : name);
  if (full) {
    errno = ENOSPC;
    return -1;
  }
  return (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
  if (calls)
    g_string_append_printf(calls, "rename %s\n", strstr(to, "/new/") ? "into new/" : "elsewhere");
  return (int)syscall(SYS_rename, from, to);
}

static SlSpool *
fresh(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  GError *error = NULL;
  SlSpool *spool = sl_spool_open(path, &error);
  g_assert_no_error(error);
  return spool;
}

static const SlSpoolMeta meta = {.recipient = (char *)"support@x.example", .sender = (char *)"maria@acme.example", .mailbox = (char *)"support",
                                 .channel = (char *)"mail", .uidvalidity = 4294967295u, .uid = 4294967294u, .received = 1764000000 * SL_SECOND};

static char *
put(SlSpool *spool, const char *name, const char *text, gboolean durable)
{
  GError *error = NULL;
  char *made = NULL;
  SlSpoolFile *file = sl_spool_begin(spool, &meta, name, &error);
  g_assert_no_error(error);
  g_assert_true(sl_spool_write(file, text, strlen(text), &error));
  g_assert_true(sl_spool_commit(file, durable, &made, &error));
  return made;
}

static guint
count(SlSpool *spool, const char *sub)
{
  g_autofree char *path = g_build_filename(sl_spool_path(spool), sub, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir))
    n++;
  return n;
}

static void
test_there_and_back(void)
{
  g_autoptr(SlSpool) spool = fresh("back");
  static const char *const bodies[] = {"From: x\n\nhello\n", "", "\n\nsha256: forged\n\n", "no newline"};
  for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autofree char *name = put(spool, NULL, bodies[i], TRUE);
    SlSpoolMeta got = {0};
    int fd = -1;
    gint64 start = 0;
    char text[100] = "";
    g_assert_true(sl_spool_has(spool, name));
    g_assert_true(sl_spool_take(spool, name, &got, &fd, &start, NULL));
    g_assert_true(sl_spool_verify(fd, start, &got, NULL));
    ssize_t n = pread(fd, text, sizeof text, start);
    g_assert_cmpmem(text, n, bodies[i], strlen(bodies[i]));
    g_assert_cmpstr(got.recipient, ==, meta.recipient);
    g_assert_cmpstr(got.sender, ==, meta.sender);
    g_assert_cmpstr(got.mailbox, ==, "support");
    g_assert_true(got.uid == meta.uid && got.uidvalidity == meta.uidvalidity && got.received == meta.received && !got.old);
    close(fd);
    sl_spool_meta_clear(&got);
    g_assert_true(sl_spool_remove(spool, name, NULL));
    g_assert_true(sl_spool_remove(spool, name, NULL)); /* gone already is fine */
    g_assert_false(sl_spool_has(spool, name));
  }
  g_assert_cmpuint(count(spool, "tmp"), ==, 0);
}

/* A power loss at any moment leaves a whole file or none: the bytes are on the disk before the name is, and the name before we say so. */
static void
test_order(void)
{
  g_autoptr(SlSpool) spool = fresh("order");
  calls = g_string_new(NULL);
  g_autofree char *durable = put(spool, NULL, "x\n", TRUE);
  g_assert_cmpstr(calls->str, ==, "fsync the file\nrename into new/\nfsync new/\n");
  g_string_truncate(calls, 0);
  g_autofree char *quick = put(spool, "support.7.1", "x\n", FALSE); /* the server still has it */
  g_assert_cmpstr(calls->str, ==, "rename into new/\n");
  g_assert_cmpstr(quick, ==, "support.7.1");
  g_string_free(calls, TRUE);
  calls = NULL;
}

static void
test_full(void)
{
  g_autoptr(SlSpool) spool = fresh("full");
  g_autoptr(GError) error = NULL;
  SlSpoolFile *file = sl_spool_begin(spool, &meta, NULL, NULL);
  g_assert_true(sl_spool_write(file, "x\n", 2, NULL));
  full = TRUE;
  g_assert_false(sl_spool_commit(file, TRUE, NULL, &error));
  full = FALSE;
  g_assert_error(error, SL_ERROR, SL_ERROR_TEMP);
  g_assert_cmpuint(count(spool, "new"), ==, 0);
  g_assert_cmpuint(count(spool, "tmp"), ==, 0);
}

static void
test_invisible_until_whole(void)
{
  g_autoptr(SlSpool) spool = fresh("half");
  g_autoptr(GPtrArray) none = NULL;
  SlSpoolFile *file = sl_spool_begin(spool, &meta, "support.7.1", NULL);
  g_assert_true(sl_spool_write(file, "x\n", 2, NULL));
  none = sl_spool_list(spool, 10, NULL);
  g_assert_cmpuint(none->len, ==, 0);
  sl_spool_abort(file);
  g_assert_cmpuint(count(spool, "tmp") + count(spool, "new"), ==, 0);
}

static void
damage(SlSpool *spool, const char *name, gboolean cut)
{
  g_autofree char *path = g_build_filename(sl_spool_path(spool), "new", name, NULL);
  struct stat st;
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  if (cut) {
    g_assert_cmpint(truncate(path, st.st_size - 1), ==, 0);
    return;
  }
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint(pwrite(fd, "\0", 1, st.st_size - 2), ==, 1);
  close(fd);
}

static void
test_torn(void)
{
  g_autoptr(SlSpool) spool = fresh("torn");
  for (int cut = 0; cut < 2; cut++) {
    g_autofree char *name = put(spool, NULL, "From: x\n\nhello\n", FALSE);
    g_autoptr(GError) error = NULL;
    SlSpoolMeta got = {0};
    int fd = -1;
    gint64 start = 0;
    damage(spool, name, cut != 0);
    g_assert_true(sl_spool_take(spool, name, &got, &fd, &start, NULL));
    g_assert_false(sl_spool_verify(fd, start, &got, &error));
    g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
    close(fd);
    sl_spool_meta_clear(&got);
  }
}

static void
test_no_header(void)
{
  static const struct {
    const char *text;
    gsize length;
  } rows[] = {{"", 0}, {"hello", 5}, {"From: x\n\nhello\n", 15}, {"received: 2026-11-24T12:00:00Z\n\nx", 33}, {"\n\n", 2},
              {"sha256: 00\nreceived: 2026-11-24T12:00:00Z\n\n", 43}, {"a\0b: c\n\n", 8}};
  g_autoptr(SlSpool) spool = fresh("strange");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_build_filename(sl_spool_path(spool), "new", "strange", NULL);
    g_autoptr(GError) error = NULL;
    SlSpoolMeta got = {0};
    int fd = -1;
    gint64 start = 0;
    g_assert_true(g_file_set_contents(path, rows[i].text, (gssize)rows[i].length, NULL));
    g_assert_false(sl_spool_take(spool, "strange", &got, &fd, &start, &error));
    g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
  }
}

/* A value is one line, whatever was given: nothing forges a key of the header. */
static void
test_forged_meta(void)
{
  g_autoptr(SlSpool) spool = fresh("forged");
  const SlSpoolMeta forged = {.recipient = (char *)"a@x\nsha256: 00\nuid: 7", .sender = (char *)"b@x\r\n\r\nbody", .received = 1764000000 * SL_SECOND};
  g_autofree char *name = NULL;
  SlSpoolMeta got = {0};
  int fd = -1;
  gint64 start = 0;
  SlSpoolFile *file = sl_spool_begin(spool, &forged, NULL, NULL);
  g_assert_true(sl_spool_write(file, "x\n", 2, NULL));
  g_assert_true(sl_spool_commit(file, FALSE, &name, NULL));
  g_assert_true(sl_spool_take(spool, name, &got, &fd, &start, NULL));
  g_assert_true(sl_spool_verify(fd, start, &got, NULL));
  g_assert_cmpstr(got.recipient, ==, "a@x sha256: 00 uid: 7");
  g_assert_cmpstr(got.sender, ==, "b@x    body");
  g_assert_cmpuint(got.uid, ==, 0);
  close(fd);
  sl_spool_meta_clear(&got);
  const char *huge_text = g_strnfill(9000, 'x');
  const SlSpoolMeta huge = {.recipient = (char *)huge_text, .received = 1764000000 * SL_SECOND};
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_spool_begin(spool, &huge, NULL, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_LIMIT);
  g_assert_null(strstr(error->message, "Success"));
  g_assert_cmpuint(count(spool, "tmp"), ==, 0);
  g_free((char *)huge_text);
}

static void
test_names(void)
{
  g_autoptr(SlSpool) spool = fresh("names");
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < 200; i++)
    g_assert_true(g_hash_table_add(names, put(spool, NULL, "x\n", FALSE)));
  g_autoptr(GPtrArray) all = sl_spool_list(spool, 1000, NULL);
  g_autoptr(GPtrArray) some = sl_spool_list(spool, 7, NULL);
  g_assert_cmpuint(all->len, ==, 200);
  g_assert_cmpuint(some->len, ==, 7);
  g_assert_cmpstr(some->pdata[0], ==, all->pdata[0]);
}

static void
test_oldest_first(void)
{
  g_autoptr(SlSpool) spool = fresh("oldest");
  static const char *const names[] = {"b", "c", "a"};
  for (int i = 0; i < 3; i++) {
    g_autofree char *made = put(spool, names[i], "x\n", FALSE);
    g_autofree char *path = g_build_filename(sl_spool_path(spool), "new", made, NULL);
    const struct utimbuf when = {1700000000 + i, 1700000000 + i};
    g_assert_cmpint(utime(path, &when), ==, 0);
  }
  g_autoptr(GPtrArray) list = sl_spool_list(spool, 10, NULL);
  for (int i = 0; i < 3; i++)
    g_assert_cmpstr(list->pdata[i], ==, names[i]);
}

static void
test_lock(void)
{
  g_autoptr(SlSpool) spool = fresh("lock");
  int one = -1, two = -1;
  g_assert_true(sl_spool_lock(spool, FALSE, &one, NULL));
  g_assert_cmpint(one, >=, 0);
  g_assert_true(sl_spool_lock(spool, FALSE, &two, NULL)); /* somebody else drains: no error, no lock */
  g_assert_cmpint(two, ==, -1);
  close(one);
  g_assert_true(sl_spool_lock(spool, FALSE, &two, NULL));
  g_assert_cmpint(two, >=, 0);
  close(two);
}

static void
test_sweep(void)
{
  g_autoptr(SlSpool) spool = fresh("sweep");
  g_autofree char *old = g_build_filename(sl_spool_path(spool), "tmp", "old", NULL);
  g_autofree char *young = g_build_filename(sl_spool_path(spool), "tmp", "young", NULL);
  const struct utimbuf when = {1764000000, 1764000000};
  g_assert_true(g_file_set_contents(old, "x", 1, NULL) && g_file_set_contents(young, "x", 1, NULL));
  g_assert_cmpint(utime(old, &when) + utime(young, &when), ==, 0);
  g_assert_true(sl_spool_sweep(spool, 1764000000 * SL_SECOND + SL_DAY, NULL));
  g_assert_cmpuint(count(spool, "tmp"), ==, 2);
  g_assert_true(sl_spool_sweep(spool, 1764000000 * SL_SECOND + SL_DAY + SL_SECOND, NULL));
  g_assert_cmpuint(count(spool, "tmp"), ==, 0);
}

static void
test_limit(void)
{
  g_autoptr(SlSpool) spool = fresh("limit");
  g_autoptr(GError) error = NULL;
  SlSpoolFile *file = sl_spool_begin(spool, &meta, NULL, NULL);
  g_assert_false(sl_spool_write(file, "x", (gsize)SL_SPOOL_MAX_BYTES + 1, &error)); /* refused before a byte is read */
  g_assert_error(error, SL_ERROR, SL_ERROR_LIMIT);
  sl_spool_abort(file);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-spool-XXXXXX", NULL);
  g_test_add_func("/work/spool/there-and-back", test_there_and_back);
  g_test_add_func("/work/spool/durable-before-named", test_order);
  g_test_add_func("/work/spool/full-disk", test_full);
  g_test_add_func("/work/spool/invisible-until-whole", test_invisible_until_whole);
  g_test_add_func("/work/spool/torn", test_torn);
  g_test_add_func("/work/spool/no-header", test_no_header);
  g_test_add_func("/work/spool/forged-values", test_forged_meta);
  g_test_add_func("/work/spool/names", test_names);
  g_test_add_func("/work/spool/oldest-first", test_oldest_first);
  g_test_add_func("/work/spool/lock", test_lock);
  g_test_add_func("/work/spool/sweep", test_sweep);
  g_test_add_func("/work/spool/limit", test_limit);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
