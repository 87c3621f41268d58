/* SPDX-License-Identifier: ISC */
#include "work/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/wall.h"

#define HEADER_MAX_BYTES 8192
#define SHA256_HEX       64

struct SlSpool {
  char *path;
};

struct SlSpoolFile {
  SlSpool *spool;
  char *name;
  char *tmp;
  int fd;
  gint64 bytes;
  gint64 sha_at; /* offset of the hex digest in the header, which is known only at the end */
  GChecksum *sha256;
};

void
sl_spool_meta_clear(SlSpoolMeta *meta)
{
  g_clear_pointer(&meta->recipient, g_free);
  g_clear_pointer(&meta->sender, g_free);
  g_clear_pointer(&meta->mailbox, g_free);
  g_clear_pointer(&meta->channel, g_free);
  g_clear_pointer(&meta->sha256, g_free);
}

static gboolean
fail(GError **error, SlError code, const char *what, const char *path)
{
  g_set_error(error, SL_ERROR, (gint)code, "%s %s: %s", what, path, g_strerror(errno));
  return FALSE;
}

static char *
spool_path_of(const SlSpool *spool, const char *folder, const char *name)
{
  return g_build_filename(spool->path, folder, name, NULL);
}

static gboolean
make_folder(const char *path, GError **error)
{
  if (g_mkdir_with_parents(path, 0770) == 0)
    return TRUE;
  return fail(error, SL_ERROR_TEMP, "cannot make the spool folder", path);
}

SlSpool *
sl_spool_open(const char *path, GError **error)
{
  static const char *const folders[] = {"tmp", "new", "wake", "run"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(path, folders[i], NULL);
    if (!make_folder(folder, error))
      return NULL;
  }
  SlSpool *spool = g_new0(SlSpool, 1);
  spool->path = g_strdup(path);
  return spool;
}

void
sl_spool_free(SlSpool *spool)
{
  if (spool)
    g_free(spool->path);
  g_free(spool);
}

const char *
sl_spool_path(const SlSpool *spool)
{
  return spool->path;
}

/* ---- writing ---- */

static char *
unique_name(void)
{
  guint64 random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random)
    random = (guint64)sl_wall_boot_usec();
  return g_strdup_printf("%" G_GINT64_FORMAT ".%d.%016" G_GINT64_MODIFIER "x", sl_wall_now(), (int)getpid(), random);
}

static void
add_line(GString *header, const char *key, const char *value)
{
  if (!value)
    return;
  g_string_append_printf(header, "%s: ", key);
  for (const char *p = value; *p; p++) /* a value is one line, whatever was given */
    g_string_append_c(header, (guchar)*p < 0x20 || *p == 0x7f ? ' ' : *p);
  g_string_append_c(header, '\n');
}

static GString *
header_text(const SlSpoolMeta *meta, gint64 *out_sha_at)
{
  GString *header = g_string_new(NULL);
  g_autofree char *received = sl_time_format(meta->received);
  g_autofree char *nothing = g_strnfill(SHA256_HEX, '0');
  add_line(header, "recipient", meta->recipient);
  add_line(header, "sender", meta->sender);
  add_line(header, "mailbox", meta->mailbox);
  add_line(header, "channel", meta->channel);
  add_line(header, "received", received);
  if (meta->uid)
    g_string_append_printf(header, "uidvalidity: %u\nuid: %u\n", meta->uidvalidity, meta->uid);
  if (meta->old)
    add_line(header, "old", "yes");
  if (meta->imported)
    add_line(header, "imported", "yes");
  *out_sha_at = (gint64)header->len + (gint64)strlen("sha256: ");
  add_line(header, "sha256", nothing);
  g_string_append_c(header, '\n');
  return header;
}

static gboolean
write_all(int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    bytes += n;
    length -= (gsize)n;
  }
  return TRUE;
}

SlSpoolFile *
sl_spool_begin(SlSpool *spool, const SlSpoolMeta *meta, const char *name, GError **error)
{
  SlSpoolFile *file = g_new0(SlSpoolFile, 1);
  g_autoptr(GString) header = header_text(meta, &file->sha_at);
  if (header->len > HEADER_MAX_BYTES) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_LIMIT, "the addresses given with the message are too long");
    g_free(file);
    return NULL;
  }
  file->spool = spool;
  file->name = name ? g_strdup(name) : unique_name();
  g_autofree char *own = unique_name(); /* two may write a file of the same name: each writes its own, the last one's stays */
  file->tmp = spool_path_of(spool, "tmp", own);
  file->sha256 = g_checksum_new(G_CHECKSUM_SHA256);
  file->fd = open(file->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
  if (file->fd >= 0 && write_all(file->fd, header->str, header->len))
    return file;
  fail(error, SL_ERROR_TEMP, "cannot write the spool file", file->tmp);
  sl_spool_abort(file);
  return NULL;
}

gboolean
sl_spool_write(SlSpoolFile *file, const char *bytes, gsize length, GError **error)
{
  file->bytes += (gint64)length;
  if (file->bytes > SL_SPOOL_MAX_BYTES) {
    g_set_error(error, SL_ERROR, SL_ERROR_LIMIT, "the message is larger than 200 MB");
    return FALSE;
  }
  if (!write_all(file->fd, bytes, length))
    return fail(error, SL_ERROR_TEMP, "cannot write the spool file", file->tmp);
  g_checksum_update(file->sha256, (const guchar *)bytes, (gssize)length);
  return TRUE;
}

static void
file_free(SlSpoolFile *file)
{
  if (file->fd >= 0)
    close(file->fd);
  g_checksum_free(file->sha256);
  g_free(file->tmp);
  g_free(file->name);
  g_free(file);
}

void
sl_spool_abort(SlSpoolFile *file)
{
  if (!file)
    return;
  if (file->fd >= 0)
    unlink(file->tmp);
  file_free(file);
}

static gboolean
sync_folder(const char *path)
{
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  gboolean ok = fsync(fd) == 0;
  close(fd);
  return ok;
}

static gboolean
finish(SlSpoolFile *file, gboolean durable, const char *target, GError **error)
{
  const char *digest = g_checksum_get_string(file->sha256);
  if (pwrite(file->fd, digest, SHA256_HEX, file->sha_at) != SHA256_HEX || (durable && fsync(file->fd) != 0))
    return fail(error, SL_ERROR_TEMP, "cannot complete the spool file", file->tmp);
  if (close(file->fd) != 0) {
    file->fd = -1;
    unlink(file->tmp);
    return fail(error, SL_ERROR_TEMP, "cannot complete the spool file", file->tmp);
  }
  file->fd = -1;
  if (rename(file->tmp, target) != 0) {
    unlink(file->tmp);
    return fail(error, SL_ERROR_TEMP, "cannot move into the spool", target);
  }
  return TRUE;
}

gboolean
sl_spool_commit(SlSpoolFile *file, gboolean durable, char **out_name, GError **error)
{
  g_autofree char *target = spool_path_of(file->spool, "new", file->name);
  g_autofree char *folder = spool_path_of(file->spool, "new", NULL);
  if (!finish(file, durable, target, error)) {
    sl_spool_abort(file);
    return FALSE;
  }
  /* The mail is in new/ and whole from here on; a folder that cannot be synced must not make the sender try again. */
  if (durable && !sync_folder(folder))
    sync();
  if (out_name)
    *out_name = g_strdup(file->name);
  file_free(file);
  return TRUE;
}

/* ---- reading ---- */

typedef struct {
  char *name;
  gint64 mtime_ns;
} Entry;

static void
entry_clear(Entry *entry)
{
  g_free(entry->name);
}

static gint
by_age(gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;
  if (x->mtime_ns != y->mtime_ns)
    return x->mtime_ns < y->mtime_ns ? -1 : 1;
  return strcmp(x->name, y->name);
}

static GArray *
read_folder(const char *folder, GError **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &local);
  if (!dir) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "%s", local->message);
    return NULL;
  }
  GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(entries, (GDestroyNotify)entry_clear);
  const char *name;
  while ((name = g_dir_read_name(dir))) {
    struct stat st;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
      continue;
    Entry entry = {g_strdup(name), st.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + st.st_mtim.tv_nsec};
    g_array_append_val(entries, entry);
  }
  g_array_sort(entries, by_age);
  return entries;
}

GPtrArray *
sl_spool_list(SlSpool *spool, guint most, GError **error)
{
  g_autofree char *folder = spool_path_of(spool, "new", NULL);
  g_autoptr(GArray) entries = read_folder(folder, error);
  if (!entries)
    return NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < entries->len && i < most; i++)
    g_ptr_array_add(names, g_strdup(g_array_index(entries, Entry, i).name));
  return names;
}

gboolean
sl_spool_has(SlSpool *spool, const char *name)
{
  g_autofree char *path = spool_path_of(spool, "new", name);
  return access(path, F_OK) == 0;
}

static void
set_meta(SlSpoolMeta *meta, const char *key, const char *value)
{
  const struct {
    const char *key;
    char **slot;
  } strings[] = {{"recipient", &meta->recipient}, {"sender", &meta->sender}, {"mailbox", &meta->mailbox},
                 {"channel", &meta->channel},     {"sha256", &meta->sha256}};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
    if (strcmp(key, strings[i].key) == 0) {
      g_free(*strings[i].slot);
      *strings[i].slot = g_strdup(value);
    }
  }
  if (strcmp(key, "received") == 0 && !sl_time_parse(value, &meta->received))
    meta->received = SL_TIME_NONE;
  if (strcmp(key, "uid") == 0)
    meta->uid = (guint32)strtoul(value, NULL, 10);
  if (strcmp(key, "uidvalidity") == 0)
    meta->uidvalidity = (guint32)strtoul(value, NULL, 10);
  if (strcmp(key, "old") == 0)
    meta->old = TRUE;
  if (strcmp(key, "imported") == 0)
    meta->imported = TRUE;
}

static gboolean
parse_header(char *text, SlSpoolMeta *out_meta, gint64 *out_start)
{
  char *end = strstr(text, "\n\n");
  if (!end)
    return FALSE;
  *out_start = end + 2 - text;
  *end = '\0';
  *out_meta = (SlSpoolMeta){.received = SL_TIME_NONE};
  g_auto(GStrv) lines = g_strsplit(text, "\n", 64);
  for (guint i = 0; lines[i]; i++) {
    char *colon = strstr(lines[i], ": ");
    if (!colon)
      return FALSE;
    *colon = '\0';
    set_meta(out_meta, lines[i], colon + 2);
  }
  return out_meta->sha256 && strlen(out_meta->sha256) == SHA256_HEX && out_meta->received != SL_TIME_NONE;
}

gboolean
sl_spool_take(SlSpool *spool, const char *name, SlSpoolMeta *out_meta, int *out_fd, gint64 *out_start, GError **error)
{
  char header[HEADER_MAX_BYTES + 1];
  g_autofree char *path = spool_path_of(spool, "new", name);
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return fail(error, SL_ERROR_TEMP, "cannot open the spool file", path);
  ssize_t n = pread(fd, header, HEADER_MAX_BYTES, 0);
  if (n >= 0)
    header[n] = '\0';
  if (n < 0 || !parse_header(header, out_meta, out_start)) {
    sl_spool_meta_clear(out_meta);
    close(fd);
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "the spool file %s has no header of ours", name);
    return FALSE;
  }
  *out_fd = fd;
  return TRUE;
}

gboolean
sl_spool_verify(int fd, gint64 start, const SlSpoolMeta *meta, GError **error)
{
  static const gsize size = 65536;
  g_autofree guchar *buffer = g_malloc(size);
  g_autoptr(GChecksum) sha256 = g_checksum_new(G_CHECKSUM_SHA256);
  ssize_t n;
  for (gint64 at = start; (n = pread(fd, buffer, size, at)) > 0; at += n)
    g_checksum_update(sha256, buffer, n);
  if (n < 0)
    return fail(error, SL_ERROR_TEMP, "cannot read", "the spool file");
  if (strcmp(g_checksum_get_string(sha256), meta->sha256) == 0)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "the spool file is torn: its bytes do not have the SHA-256 in its header");
  return FALSE;
}

gboolean
sl_spool_remove(SlSpool *spool, const char *name, GError **error)
{
  g_autofree char *path = spool_path_of(spool, "new", name);
  if (unlink(path) == 0 || errno == ENOENT)
    return TRUE;
  return fail(error, SL_ERROR_TEMP, "cannot remove", path);
}

gboolean
sl_spool_lock(SlSpool *spool, gboolean wait, int *out_fd, GError **error)
{
  g_autofree char *path = spool_path_of(spool, "lock", NULL);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (fd < 0)
    return fail(error, SL_ERROR_TEMP, "cannot open", path);
  *out_fd = fd;
  if (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0)
    return TRUE;
  int why = errno;
  close(fd);
  *out_fd = -1;
  errno = why;
  return why == EWOULDBLOCK ? TRUE : fail(error, SL_ERROR_TEMP, "cannot lock", path);
}

gboolean
sl_spool_sweep(SlSpool *spool, SlTime now, GError **error)
{
  g_autofree char *folder = spool_path_of(spool, "tmp", NULL);
  g_autoptr(GArray) entries = read_folder(folder, error);
  for (guint i = 0; entries && i < entries->len; i++) {
    const Entry *entry = &g_array_index(entries, Entry, i);
    g_autofree char *path = g_build_filename(folder, entry->name, NULL);
    if (entry->mtime_ns / 1000 < now - SL_DAY)
      unlink(path);
  }
  return entries != NULL;
}
