/* SPDX-License-Identifier: ISC */
/* A line: "MAIL SHA BYTES MTIME AT PATH\n", PATH escaped; SHA the first 16 digits of the raw bytes' SHA-256. */
#include "work/import-state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/mails.h"

#define SHA_DIGITS 16

typedef struct {
  gint64 at, mail;
  char sha[SHA_DIGITS + 1];
} Entry;

/* What was taken from one file as it was then. */
typedef struct {
  gint64 file_bytes, mtime_ns;
  GArray *entries; /* Entry, as they were taken: by `at` */
  guint next;      /* where the last one was found: files are read from their beginning */
} Source;

struct SlImportState {
  int fd;
  char *path;
  GHashTable *sources; /* path → Source* */
};

static void
source_free(gpointer source)
{
  g_array_unref(((Source *)source)->entries);
  g_free(source);
}

static Source *
source_of(SlImportState *state, const char *path, gint64 file_bytes, gint64 mtime_ns)
{
  Source *source = g_hash_table_lookup(state->sources, path);
  if (source && source->file_bytes == file_bytes && source->mtime_ns == mtime_ns)
    return source;
  source = g_new0(Source, 1);
  source->file_bytes = file_bytes;
  source->mtime_ns = mtime_ns;
  source->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_hash_table_replace(state->sources, g_strdup(path), source);
  return source;
}

static void
read_line(SlImportState *state, const char *line)
{
  Entry entry = {0};
  gint64 bytes = 0, mtime = 0;
  int used = 0;
  if (sscanf(line, "%" G_GINT64_FORMAT " %16[0-9a-f] %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %n", &entry.mail,
             entry.sha, &bytes, &mtime, &entry.at, &used) < 5 || used == 0)
    return;
  g_autofree char *path = g_strcompress(line + used);
  g_array_append_val(source_of(state, path, bytes, mtime)->entries, entry);
}

/* A line that a kill cut off must not swallow the next one. */
static void
end_last_line(SlImportState *state)
{
  char last = '\n';
  off_t end = lseek(state->fd, 0, SEEK_END);
  if (end > 0 && pread(state->fd, &last, 1, end - 1) == 1 && last != '\n' && write(state->fd, "\n", 1) < 0)
    return;
}

SlImportState *
sl_import_state_open(const char *spool_path, GError **error)
{
  g_autofree char *path = g_build_filename(spool_path, "run", "import", NULL);
  int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0660);
  FILE *in = fd >= 0 ? fopen(path, "re") : NULL;
  if (!in) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot open %s: %s", path, g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return NULL;
  }
  SlImportState *state = g_new0(SlImportState, 1);
  state->fd = fd;
  state->path = g_steal_pointer(&path);
  state->sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, source_free);
  char *line = NULL;
  size_t size = 0;
  for (ssize_t n; (n = getline(&line, &size, in)) > 0;) {
    if (line[n - 1] != '\n')
      break;
    line[n - 1] = '\0';
    read_line(state, line);
  }
  free(line);
  fclose(in);
  end_last_line(state);
  return state;
}

void
sl_import_state_free(SlImportState *state)
{
  if (!state)
    return;
  close(state->fd);
  g_hash_table_unref(state->sources);
  g_free(state->path);
  g_free(state);
}

static const Entry *
entry_at(Source *source, gint64 at)
{
  for (guint tries = 0; tries < source->entries->len; tries++) {
    const Entry *entry = &g_array_index(source->entries, Entry, source->next);
    if (entry->at == at)
      return entry;
    source->next = (source->next + 1) % source->entries->len;
    if (entry->at > at) /* they stand in order: it is not there, or before */
      break;
  }
  return NULL;
}

/* A store that was put back from a backup does not have what this file remembers. */
static gboolean
is_in_store(SlDb *db, const Entry *entry, gboolean *out_is, gint64 *out_ticket, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(SlMailRow) row = sl_mails_get(db, entry->mail, &why);
  *out_is = row && g_str_has_prefix(row->sha256, entry->sha);
  *out_ticket = *out_is ? row->ticket : 0;
  if (row || g_error_matches(why, SL_ERROR, SL_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

gboolean
sl_import_state_find(SlImportState *state, SlDb *db, const SlFoundMail *mail, gint64 *out_mail, gint64 *out_ticket, GError **error)
{
  g_autofree char *path = g_canonicalize_filename(mail->path, NULL);
  Source *source = g_hash_table_lookup(state->sources, path);
  gboolean same = source && source->file_bytes == mail->file_bytes && source->mtime_ns == mail->mtime_ns;
  const Entry *entry = same ? entry_at(source, mail->at) : NULL;
  gboolean is = FALSE;
  *out_mail = *out_ticket = 0;
  if (entry && !is_in_store(db, entry, &is, out_ticket, error))
    return FALSE;
  if (is)
    *out_mail = entry->mail;
  return TRUE;
}

char *
sl_import_state_line(const SlFoundMail *mail)
{
  g_autofree char *whole = g_canonicalize_filename(mail->path, NULL);
  g_autofree char *path = g_strescape(whole, NULL);
  return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", mail->file_bytes, mail->mtime_ns, mail->at,
                         path);
}

gboolean
sl_import_state_add(SlImportState *state, SlDb *db, const char *line, gint64 mail, GError **error)
{
  g_autoptr(SlMailRow) row = sl_mails_get(db, mail, error);
  if (!row)
    return FALSE;
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " %.*s %s\n", mail, SHA_DIGITS, row->sha256, line);
  if (write(state->fd, text, strlen(text)) == (ssize_t)strlen(text))
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot write %s: %s", state->path, g_strerror(errno));
  return FALSE;
}
