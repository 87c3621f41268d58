/* SPDX-License-Identifier: ISC */
/* A Maildir as a source. Its messages have no numbers, so each file gets one when it is first seen; the list of names stands in
 * `slate-uids`, made anew by rename. Taken-in mail moves to cur/, or to the `done` Maildir++ folder. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "wire/source-private.h"

typedef struct {
  char *path;
  guint32 next_uid;
  GHashTable *uid_by_name;  /* base name → GUINT_TO_POINTER(uid) */
  GHashTable *name_by_uid;  /* uid → base name, borrowed from the other */
  int inotify;
} Maildir;

static const char *const folders[] = {"new", "cur"};

/* "1700000000.M1.host:2,S" → without the flags, which change. */
static char *
base_name(const char *file)
{
  return g_strndup(file, strcspn(file, ":"));
}

static void
know(Maildir *m, const char *name, guint32 uid)
{
  char *owned = g_strdup(name);
  g_hash_table_insert(m->uid_by_name, owned, GUINT_TO_POINTER(uid));
  g_hash_table_insert(m->name_by_uid, GUINT_TO_POINTER(uid), owned);
}

static char *
list_path(const Maildir *m)
{
  return g_build_filename(m->path, "slate-uids", NULL);
}

static void
read_list(SlSource *source, Maildir *m)
{
  g_autofree char *path = list_path(m);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  if (lines[0])
    source->uidvalidity = (guint32)strtoul(lines[0], NULL, 10);
  for (guint i = 1; lines[0] && lines[i]; i++) {
    char *name = NULL;
    guint32 uid = (guint32)strtoul(lines[i], &name, 10);
    if (uid == 0 || *name != ' ')
      continue;
    g_autofree char *file = g_strcompress(name + 1);
    know(m, file, uid);
    m->next_uid = MAX(m->next_uid, uid + 1);
  }
}

static gboolean
write_list(SlSource *source, Maildir *m, GError **error)
{
  g_autofree char *path = list_path(m);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) why = NULL;
  GHashTableIter at;
  gpointer name, uid;
  g_string_append_printf(text, "%u\n", source->uidvalidity);
  g_hash_table_iter_init(&at, m->uid_by_name);
  while (g_hash_table_iter_next(&at, &name, &uid)) {
    g_autofree char *line = g_strescape(name, NULL); /* a name may hold a line end */
    g_string_append_printf(text, "%u %s\n", GPOINTER_TO_UINT(uid), line);
  }
  if (g_file_set_contents(path, text->str, (gssize)text->len, &why))
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s", why->message);
  return FALSE;
}

static gboolean
maildir_open(SlSource *source, GError **error)
{
  struct stat st;
  const char *path = source->options->url + strlen("maildir://");
  g_autofree char *fresh = g_build_filename(path, "new", NULL);
  if (stat(fresh, &st) != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s is no Maildir: %s", path, g_strerror(errno));
    return FALSE;
  }
  Maildir *m = g_new0(Maildir, 1);
  m->path = g_strdup(path);
  m->next_uid = 1;
  m->uid_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  m->name_by_uid = g_hash_table_new(NULL, NULL);
  m->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (m->inotify >= 0)
    inotify_add_watch(m->inotify, fresh, IN_MOVED_TO | IN_CREATE);
  source->uidvalidity = (guint32)(st.st_ino & 0x7fffffff) | 1;
  source->state = m;
  read_list(source, m);
  return TRUE;
}

static gint
by_uid(gconstpointer a, gconstpointer b)
{
  const SlSourceItem *x = a, *y = b;
  return (x->uid > y->uid) - (x->uid < y->uid);
}

static void
list_file(Maildir *m, const char *folder, const char *file, guint32 above, gboolean *out_new, GArray *items)
{
  struct stat st;
  g_autofree char *path = g_build_filename(m->path, folder, file, NULL);
  g_autofree char *name = base_name(file);
  if (file[0] == '.' || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
    return;
  guint32 uid = GPOINTER_TO_UINT(g_hash_table_lookup(m->uid_by_name, name));
  if (uid == 0) {
    uid = m->next_uid++;
    know(m, name, uid);
    *out_new = TRUE;
  }
  SlSourceItem item = {uid, st.st_size, st.st_mtim.tv_sec * SL_SECOND, FALSE};
  if (uid > above)
    g_array_append_val(items, item);
}

static gboolean
maildir_list(SlSource *source, guint32 above, GArray *out_items, GError **error)
{
  Maildir *m = source->state;
  gboolean fresh = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(m->path, folders[i], NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;
    while (dir && (file = g_dir_read_name(dir)))
      list_file(m, folders[i], file, above, &fresh, out_items);
  }
  g_array_sort(out_items, by_uid);
  return !fresh || write_list(source, m, error);
}

/* Where the file is now; flags may have been added meanwhile. */
static char *
find_file(const Maildir *m, guint32 uid, const char **out_folder)
{
  const char *name = g_hash_table_lookup(m->name_by_uid, GUINT_TO_POINTER(uid));
  for (guint i = 0; name && i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(m->path, folders[i], NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;
    *out_folder = folders[i];
    while (dir && (file = g_dir_read_name(dir))) {
      g_autofree char *base = base_name(file);
      if (strcmp(base, name) == 0)
        return g_strdup(file);
    }
  }
  return NULL;
}

static gboolean
maildir_stream(SlSource *source, guint32 uid, SlSourceChunk chunk, gpointer user, GError **error)
{
  Maildir *m = source->state;
  const char *folder = NULL;
  char buffer[16384];
  g_autofree char *file = find_file(m, uid, &folder);
  g_autofree char *path = file ? g_build_filename(m->path, folder, file, NULL) : NULL;
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  if (fd < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "message %u is gone", uid);
    return FALSE;
  }
  gboolean ok = TRUE;
  ssize_t n = 0;
  while (ok && (n = read(fd, buffer, sizeof buffer)) > 0) {
    sl_source_beat(source);
    ok = chunk(buffer, (gsize)n, user, error);
  }
  close(fd);
  if (ok && n < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s: %s", path, g_strerror(errno));
    return FALSE;
  }
  return ok;
}

/* Where a file that has a name now goes; its folder is made. Owned; NULL with `errno`. */
static char *
target_of(const Maildir *m, const char *file, const char *to)
{
  g_autofree char *plus = to ? g_strconcat(".", to, NULL) : NULL;
  g_strdelimit(plus ? plus : (char[]){""}, "/", '.');
  g_autofree char *folder = g_build_filename(m->path, plus ? plus : "", "cur", NULL);
  g_autofree char *flagged = strchr(file, ':') ? g_strdup(file) : g_strconcat(file, ":2,", NULL);
  return g_mkdir_with_parents(folder, 0750) == 0 ? g_build_filename(folder, flagged, NULL) : NULL;
}

#define MOST_LOOKS 5 /* each time somebody else moved it between our look and our rename */

static gboolean
move_file(SlSource *source, const Maildir *m, guint32 uid, const char *to, GError **error)
{
  for (int look = 0; look < MOST_LOOKS; look++) {
    const char *folder = NULL;
    g_autofree char *file = find_file(m, uid, &folder);
    if (!file)
      return TRUE; /* somebody was faster: the row in the store is the truth */
    g_autofree char *from = g_build_filename(m->path, folder, file, NULL);
    g_autofree char *target = target_of(m, file, to);
    if (target && (strcmp(from, target) == 0 || rename(from, target) == 0))
      return TRUE;
    if (target && errno == ENOENT)
      continue;
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s: cannot move %s: %s", source->options->name, from, g_strerror(errno));
    return FALSE;
  }
  return TRUE;
}

static gboolean
maildir_mark(SlSource *source, const guint32 *uids, guint n, SlMark mark, GError **error)
{
  const SlSourceOptions *o = source->options;
  const char *to = mark == SL_MARK_QUARANTINED && o->trouble ? o->trouble : o->done;
  for (guint i = 0; i < n; i++) {
    if (!move_file(source, source->state, uids[i], to, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
maildir_wait(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error)
{
  Maildir *m = source->state;
  char buffer[4096];
  if (!sl_source_poll(source, m->inotify, wake_fd, most_sec, out_news, error))
    return FALSE;
  while (m->inotify >= 0 && read(m->inotify, buffer, sizeof buffer) > 0)
    *out_news = TRUE;
  return TRUE;
}

static void
maildir_close(SlSource *source)
{
  Maildir *m = source->state;
  if (!m)
    return;
  if (m->inotify >= 0)
    close(m->inotify);
  g_hash_table_unref(m->name_by_uid);
  g_hash_table_unref(m->uid_by_name);
  g_free(m->path);
  g_free(m);
}

const SlSourceDriver sl_source_maildir = {"maildir", maildir_open, maildir_list, maildir_stream, maildir_mark, maildir_wait, maildir_close};
