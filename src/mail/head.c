/* SPDX-License-Identifier: ISC */
#include "mail/head.h"

#include <string.h>

#define MAX_IDS      100
#define MAX_ID_BYTES 255

SlHeader *
sl_header_new(const char *name, char *take_value)
{
  SlHeader *header = g_new0(SlHeader, 1);
  header->name = g_strdup(name);
  header->value = take_value;
  return header;
}

void
sl_header_free(SlHeader *header)
{
  if (!header)
    return;
  g_free(header->name);
  g_free(header->value);
  g_free(header);
}

const char *
sl_head_get(const GPtrArray *headers, const char *name)
{
  for (guint i = 0; i < headers->len; i++) {
    const SlHeader *header = headers->pdata[i];
    if (g_ascii_strcasecmp(header->name, name) == 0)
      return header->value;
  }
  return NULL;
}

/* RFC 5322 3.6.8: printable ASCII but the colon; white space before the colon is tolerated (obs-optional). */
static gsize
name_length(const char *line, gsize length)
{
  gsize n = 0;
  while (n < length && line[n] > ' ' && line[n] < 0x7f && line[n] != ':')
    n++;
  gsize end = n;
  while (end < length && (line[end] == ' ' || line[end] == '\t'))
    end++;
  return end < length && line[end] == ':' ? n : 0;
}

/* Bytes of one logical line become one value: folding, NUL and bare CR or LF are blanks, which are trimmed at the ends.
 */
static char *
value_of(const char *bytes, gsize length)
{
  char *value = g_strndup("", length);
  gsize n = 0;
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n')
      continue;
    value[n++] = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\0' ? ' ' : bytes[i];
  }
  value[n] = '\0';
  return g_strstrip(value);
}

static gsize
line_end(const char *bytes, gsize length, gsize from)
{
  const char *newline = memchr(bytes + from, '\n', length - from);
  return newline ? (gsize)(newline - bytes) + 1 : length;
}

static gboolean
is_empty_line(const char *line, gsize length)
{
  return length == 0 || line[0] == '\n' || (line[0] == '\r' && (length == 1 || line[1] == '\n'));
}

/* Where the logical line that begins at `from` ends: after its continuation lines. */
static gsize
folded_end(const char *bytes, gsize length, gsize from)
{
  gsize end = line_end(bytes, length, from);
  while (end < length && (bytes[end] == ' ' || bytes[end] == '\t'))
    end = line_end(bytes, length, end);
  return end;
}

static gboolean
is_mbox_line(const char *line, gsize length)
{
  return (length >= 5 && memcmp(line, "From ", 5) == 0) || (length >= 6 && memcmp(line, ">From ", 6) == 0);
}

GPtrArray *
sl_head_split(const char *bytes, gsize length, guint *out_junk)
{
  GPtrArray *headers = g_ptr_array_new_with_free_func((GDestroyNotify)sl_header_free);
  guint junk = 0;
  for (gsize at = 0, end; at < length && headers->len < SL_HEAD_MAX_LINES; at = end) {
    if (is_empty_line(bytes + at, length - at))
      break;
    end = folded_end(bytes, length, at);
    gsize name = name_length(bytes + at, end - at);
    if (name == 0) {
      junk += at > 0 || !is_mbox_line(bytes, length);
      continue;
    }
    const char *colon = memchr(bytes + at + name, ':', end - at - name);
    g_autofree char *key = g_strndup(bytes + at, name);
    gsize skip = (gsize)(colon + 1 - (bytes + at));
    g_ptr_array_add(headers, sl_header_new(key, value_of(bytes + at + skip, end - at - skip)));
  }
  if (out_junk)
    *out_junk = junk;
  return headers;
}

/* The first id stays (the thread's root), and of the others the newest. */
static void
keep_id(GPtrArray *ids, GHashTable *seen, const char *id, gsize length)
{
  if (length == 0 || length > MAX_ID_BYTES)
    return;
  char *copy = g_strndup(id, length);
  if (!g_utf8_validate(copy, -1, NULL) || g_hash_table_contains(seen, copy)) {
    g_free(copy);
    return;
  }
  g_ptr_array_add(ids, copy);
  g_hash_table_add(seen, copy);
  if (ids->len > MAX_IDS) {
    g_hash_table_remove(seen, ids->pdata[1]);
    g_ptr_array_remove_index(ids, 1);
  }
}

static gboolean
is_id_byte(char c)
{
  return (guchar)c > ' ' && c != '<' && c != '>' && c != 0x7f;
}

static void
bare_id(GPtrArray *ids, GHashTable *seen, const char *value)
{
  if (!strpbrk(value, "<> \t\"()") && strchr(value, '@'))
    keep_id(ids, seen, value, strlen(value));
}

GPtrArray *
sl_head_ids(const char *value)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  if (!value)
    return ids;
  for (const char *open = strchr(value, '<'); open; open = strchr(open, '<')) {
    const char *end = ++open;
    while (is_id_byte(*end))
      end++;
    if (*end == '>')
      keep_id(ids, seen, open, (gsize)(end - open));
    open = end;
  }
  if (ids->len == 0)
    bare_id(ids, seen, value);
  return ids;
}
