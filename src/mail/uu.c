/* SPDX-License-Identifier: ISC */
#include "mail/uu.h"

#include <string.h>

#define MAX_FILES      20
#define MAX_NAME_BYTES 200

typedef struct {
  const char *at, *next;
  gsize length; /* without the line's end */
} Line;

static gboolean
read_line(const char *at, const char *end, Line *out_line)
{
  if (at >= end)
    return FALSE;
  const char *newline = memchr(at, '\n', (gsize)(end - at));
  out_line->at = at;
  out_line->next = newline ? newline + 1 : end;
  out_line->length = (gsize)((newline ? newline : end) - at);
  if (out_line->length > 0 && at[out_line->length - 1] == '\r')
    out_line->length--;
  return TRUE;
}

/* "begin 644 name": the name; NULL for any other line. Owned. */
static char *
begin_name(const Line *line)
{
  const char *at = line->at + 6;
  if (line->length < 11 || memcmp(line->at, "begin ", 6) != 0)
    return NULL;
  gsize digits = strspn(at, "01234567");
  if (digits < 3 || digits > 4 || at[digits] != ' ')
    return NULL;
  gsize skip = 6 + digits + 1;
  return g_strndup(line->at + skip, MIN(line->length - skip, MAX_NAME_BYTES));
}

static guint8
bits(char c)
{
  return (guint8)((c - ' ') & 0x3f);
}

/* The first byte of a line says how many bytes it holds; the rest comes in fours. Trailing blanks may be gone. */
static gboolean
decode_line(const Line *line, GByteArray *bytes)
{
  if (line->length == 0 || line->at[0] < ' ' || line->at[0] > '`')
    return FALSE;
  guint count = bits(line->at[0]);
  if (line->length < 1 + (gsize)(count / 3) * 4 || line->length > 100)
    return FALSE;
  for (guint i = 0; i < count; i++) {
    gsize group = 1 + (gsize)(i / 3) * 4 + i % 3;
    char a = group < line->length ? line->at[group] : ' ', b = group + 1 < line->length ? line->at[group + 1] : ' ';
    guint shift = 2 * (i % 3) + 2;
    guint8 byte = (guint8)(bits(a) << shift | bits(b) >> (6 - shift));
    g_byte_array_append(bytes, &byte, 1);
  }
  return TRUE;
}

static void
free_file(SlUuFile *file)
{
  g_free(file->name);
  g_byte_array_unref(file->bytes);
  g_free(file);
}

/* Behind the "end" of the file that begins at `at`; NULL, with nothing kept, where lines come that are none of it. */
static const char *
read_file(const char *at, const char *end, GByteArray *bytes)
{
  Line line;
  for (; read_line(at, end, &line); at = line.next) {
    if (line.length == 3 && memcmp(line.at, "end", 3) == 0)
      return line.next;
    if (!decode_line(&line, bytes))
      return NULL;
  }
  return NULL;
}

GPtrArray *
sl_uu_take(GString *text)
{
  GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)free_file);
  if (!strstr(text->str, "begin "))
    return files;
  g_autoptr(GString) rest = g_string_sized_new(text->len + 1);
  const char *end = text->str + text->len;
  Line line;
  for (const char *at = text->str; read_line(at, end, &line); at = line.next) {
    g_autofree char *name = files->len < MAX_FILES ? begin_name(&line) : NULL;
    g_autoptr(GByteArray) bytes = name ? g_byte_array_new() : NULL;
    const char *behind = name ? read_file(line.next, end, bytes) : NULL;
    if (!behind) {
      g_string_append_len(rest, line.at, line.next - line.at);
      continue;
    }
    SlUuFile *file = g_new0(SlUuFile, 1);
    file->name = g_steal_pointer(&name);
    file->bytes = g_steal_pointer(&bytes);
    g_ptr_array_add(files, file);
    line.next = behind;
  }
  g_string_truncate(text, 0);
  g_string_append_len(text, rest->str, (gssize)rest->len);
  return files;
}
