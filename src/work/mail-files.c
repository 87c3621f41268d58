/* SPDX-License-Identifier: ISC */
/* mbox as mboxo and mboxrd write it: a message begins with a "From " line behind an empty line; ">From " in the text has one ">" too
 * many, ">>From " too. A "From " line that states no time of day is text that somebody forgot to quote. */
#include "work/mail-files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/receipt.h"

#define PIECE_BYTES 262144
#define LOOK_BYTES  65536
#define MOST_DEPTH  32

/* ---- lines of a range of a file ---- */

typedef struct {
  int fd;
  gint64 next, end; /* what is still to be read */
  char *buffer;
  gsize at, have;
  gboolean inside;  /* the piece before did not end its line */
} Lines;

typedef struct {
  const char *bytes; /* a line with its end, or a piece of a very long one */
  gsize length;
  gint64 offset;     /* in the file */
  gboolean begins;   /* a line begins here */
} Line;

static gboolean
read_failed(const char *path, GError **error)
{
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot read %s: %s", path, g_strerror(errno));
  return FALSE;
}

static ssize_t
read_at(int fd, char *buffer, gsize size, gint64 offset)
{
  ssize_t n;
  do
    n = pread(fd, buffer, size, offset);
  while (n < 0 && errno == EINTR);
  return n;
}

static gboolean
lines_fill(Lines *l)
{
  memmove(l->buffer, l->buffer + l->at, l->have - l->at);
  l->have -= l->at;
  l->at = 0;
  gsize room = (gsize)MIN((gint64)(PIECE_BYTES - l->have), l->end - l->next);
  ssize_t n = room ? read_at(l->fd, l->buffer + l->have, room, l->next) : 0;
  if (n < 0)
    return FALSE;
  if (n == 0)
    l->end = l->next; /* the file is shorter than it was */
  l->have += (gsize)n;
  l->next += n;
  return TRUE;
}

/* *out_line.length 0: the end. FALSE with errno: it cannot be read. */
static gboolean
lines_next(Lines *l, Line *out_line)
{
  const char *newline = l->have > l->at ? memchr(l->buffer + l->at, '\n', l->have - l->at) : NULL;
  while (!newline && l->next < l->end && l->have - l->at < PIECE_BYTES) {
    if (!lines_fill(l))
      return FALSE;
    newline = memchr(l->buffer, '\n', l->have);
  }
  gsize length = newline ? (gsize)(newline + 1 - (l->buffer + l->at)) : l->have - l->at;
  *out_line = (Line){l->buffer + l->at, length, l->next - (gint64)(l->have - l->at), !l->inside};
  l->inside = !newline;
  l->at += length;
  return TRUE;
}

static gboolean
begins_with(const Line *line, const char *text)
{
  gsize n = strlen(text);
  return line->length >= n && memcmp(line->bytes, text, n) == 0;
}

static gboolean
states_a_time(const Line *line)
{
  for (gsize i = 0; i + 3 < line->length; i++) {
    const char *p = line->bytes + i;
    if (g_ascii_isdigit(p[0]) && p[1] == ':' && g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_empty_line(const Line *line)
{
  return line->begins && ((line->length == 1 && line->bytes[0] == '\n') || (line->length == 2 && memcmp(line->bytes, "\r\n", 2) == 0));
}

/* ---- the messages of a file ---- */

typedef struct {
  const SlMailFilesVisitor *visitor;
  GError **error;
  gint64 mails;
} Walk;

static void
pass_over(const Walk *walk, const char *path, int code, const char *why)
{
  if (walk->visitor->passed_over)
    walk->visitor->passed_over(path, code, why, walk->visitor->user);
}

static gboolean
tell(Walk *walk, const SlFoundMail *mail)
{
  walk->mails++;
  return walk->visitor->found(mail, walk->visitor->user, walk->error);
}

/* The empty line before a "From " line, and the one at the end, belong to the file. */
static gboolean
walk_mbox(Walk *walk, SlFoundMail *mail)
{
  g_autofree char *buffer = g_malloc(PIECE_BYTES);
  Lines lines = {.fd = mail->fd, .end = mail->file_bytes, .buffer = buffer};
  gint64 blank = 0; /* length of the empty line before */
  Line line;
  mail->mbox = TRUE;
  mail->begin = -1;
  for (;;) {
    if (!lines_next(&lines, &line))
      return read_failed(mail->path, walk->error);
    gboolean from = line.begins && begins_with(&line, "From ") && (line.offset == 0 || (blank && states_a_time(&line)));
    if (from || line.length == 0) {
      mail->end = line.offset - blank;
      if (mail->begin >= 0 && mail->end > mail->begin && !tell(walk, mail))
        return FALSE;
      mail->at = line.offset;
      mail->begin = line.offset + (gint64)line.length;
    }
    if (line.length == 0)
      return TRUE;
    blank = is_empty_line(&line) ? (gint64)line.length : 0;
  }
}

static gboolean
walk_open_file(Walk *walk, const char *path, int fd, gboolean named, gboolean surely)
{
  struct stat st;
  char look[LOOK_BYTES];
  if (fstat(fd, &st) != 0)
    return read_failed(path, walk->error);
  SlFoundMail mail = {.path = path, .end = st.st_size, .file_bytes = st.st_size, .fd = fd,
                      .mtime_ns = st.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + st.st_mtim.tv_nsec};
  ssize_t n = read_at(fd, look, sizeof look, 0);
  if (n <= 0) {
    pass_over(walk, path, n < 0 ? SL_ERROR_NOT_FOUND : 0, n < 0 ? g_strerror(errno) : "it is empty");
    return TRUE;
  }
  if (n > 5 && memcmp(look, "From ", 5) == 0)
    return walk_mbox(walk, &mail);
  if (surely || sl_mail_looks_like_one(look, (gsize)n))
    return tell(walk, &mail);
  pass_over(walk, path, named ? SL_ERROR_MAIL : -1, "this is no mail");
  return TRUE;
}

static gboolean
walk_file(Walk *walk, const char *path, gboolean named, gboolean surely)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    pass_over(walk, path, SL_ERROR_NOT_FOUND, g_strerror(errno));
    return TRUE;
  }
  gboolean ok = walk_open_file(walk, path, fd, named, surely);
  close(fd);
  return ok;
}

/* ---- folders ---- */

static gboolean
is_folder(const char *path)
{
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static gboolean
is_file(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static gboolean
has_folder(const char *path, const char *name)
{
  g_autofree char *inner = g_build_filename(path, name, NULL);
  return is_folder(inner);
}

static gboolean
is_maildir(const char *path)
{
  return has_folder(path, "cur") && has_folder(path, "new");
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  const char *x = strrchr(*(const char *const *)a, '/'), *y = strrchr(*(const char *const *)b, '/');
  return strverscmp(x + 1, y + 1);
}

static void
list(const Walk *walk, const char *path, GPtrArray *paths)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
  const char *name;
  if (!dir)
    pass_over(walk, path, SL_ERROR_NOT_FOUND, why->message);
  while (dir && (name = g_dir_read_name(dir)))
    g_ptr_array_add(paths, g_build_filename(path, name, NULL));
}

static gboolean
walk_maildir(Walk *walk, const char *path)
{
  static const char *const folders[] = {"new", "cur"};
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(path, folders[i], NULL);
    list(walk, folder, paths);
  }
  g_ptr_array_sort(paths, by_name);
  for (guint i = 0; i < paths->len; i++) {
    const char *name = strrchr(paths->pdata[i], '/') + 1;
    if (*name != '.' && is_file(paths->pdata[i]) && !walk_file(walk, paths->pdata[i], FALSE, TRUE))
      return FALSE;
  }
  return TRUE;
}

/* Is an entry of a folder to be looked at? Hidden ones only where they are Maildirs; of a Maildir no loose files. */
static gboolean
worth_a_look(const char *path, gboolean in_maildir)
{
  const char *name = strrchr(path, '/') + 1;
  if (in_maildir)
    return is_folder(path) && is_maildir(path);
  return *name != '.' || (is_folder(path) && is_maildir(path));
}

static gboolean
walk_folder(Walk *walk, const char *path, int depth)
{
  gboolean maildir = is_maildir(path);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  if (maildir && !walk_maildir(walk, path))
    return FALSE;
  list(walk, path, paths);
  g_ptr_array_sort(paths, by_name);
  for (guint i = 0; i < paths->len; i++) {
    const char *one = paths->pdata[i];
    if (!worth_a_look(one, maildir))
      continue;
    if (is_folder(one) ? depth < MOST_DEPTH && !walk_folder(walk, one, depth + 1) : is_file(one) && !walk_file(walk, one, FALSE, FALSE))
      return FALSE;
  }
  return TRUE;
}

gboolean
sl_mail_files_walk(const char *path, const SlMailFilesVisitor *visitor, GError **error)
{
  Walk walk = {.visitor = visitor, .error = error};
  struct stat st;
  if (stat(path, &st) != 0) {
    pass_over(&walk, path, SL_ERROR_NOT_FOUND, g_strerror(errno));
    return TRUE;
  }
  if (!S_ISDIR(st.st_mode))
    return walk_file(&walk, path, TRUE, FALSE);
  if (!walk_folder(&walk, path, 0))
    return FALSE;
  if (walk.mails == 0)
    pass_over(&walk, path, 0, "there is no mail in it");
  return TRUE;
}

/* ---- one message ---- */

/* Has the line one ">" too many? */
static gboolean
is_quoted_from(const Line *line)
{
  gsize n = 0;
  while (n < line->length && line->bytes[n] == '>')
    n++;
  return line->begins && n > 0 && line->length >= n + 5 && memcmp(line->bytes + n, "From ", 5) == 0;
}

gboolean
sl_mail_files_read(const SlFoundMail *mail, SlMailPiece piece, gpointer user, GError **error)
{
  g_autofree char *buffer = g_malloc(PIECE_BYTES);
  if (mail->mbox) {
    Lines lines = {.fd = mail->fd, .next = mail->begin, .end = mail->end, .buffer = buffer};
    for (Line line;;) {
      if (!lines_next(&lines, &line))
        return read_failed(mail->path, error);
      if (line.length == 0)
        return TRUE;
      gsize skip = is_quoted_from(&line);
      if (!piece(line.bytes + skip, line.length - skip, user, error))
        return FALSE;
    }
  }
  for (gint64 at = mail->begin; at < mail->end;) {
    ssize_t n = read_at(mail->fd, buffer, (gsize)MIN(PIECE_BYTES, mail->end - at), at);
    if (n < 0)
      return read_failed(mail->path, error);
    if (n == 0)
      return TRUE;
    if (!piece(buffer, (gsize)n, user, error))
      return FALSE;
    at += n;
  }
  return TRUE;
}

char *
sl_mail_files_head(const SlFoundMail *mail, gsize most, gsize *out_length)
{
  gsize size = (gsize)MIN((gint64)most, mail->end - mail->begin);
  g_autofree char *bytes = g_malloc(size + 1);
  ssize_t n = read_at(mail->fd, bytes, size, mail->begin);
  if (n < 0)
    return NULL;
  *out_length = (gsize)n;
  return g_steal_pointer(&bytes);
}
