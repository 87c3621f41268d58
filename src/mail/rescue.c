/* SPDX-License-Identifier: ISC */
#include "mail/rescue.h"

#include <string.h>

#define MAX_BOUNDARY_BYTES 200

/* A line without its end; `next` is where the following one begins. */
typedef struct {
  const char *at, *next;
  gsize length;
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
  while (out_line->length > 0 && g_ascii_isspace(at[out_line->length - 1]))
    out_line->length--;
  return TRUE;
}

static gboolean
begins(const Line *line, const char *word)
{
  gsize n = strlen(word);
  return line->length >= n && g_ascii_strncasecmp(line->at, word, n) == 0;
}

static gboolean
looks_like_boundary(const Line *line)
{
  return line->length > 4 && line->length < MAX_BOUNDARY_BYTES && line->at[0] == '-' && line->at[1] == '-' &&
         !memchr(line->at, ' ', line->length) && !memchr(line->at, '"', line->length) &&
         !memchr(line->at, '\\', line->length) && strspn(line->at, "-") < line->length;
}

/* A boundary stands right above a part's header, or closes the last part. */
static gboolean
is_boundary(const Line *line, const char *end)
{
  Line below;
  if (!looks_like_boundary(line))
    return FALSE;
  return line->at[line->length - 1] == '-' || !read_line(line->next, end, &below) || begins(&below, "Content-");
}

static char *
guess_boundary(const char *bytes, const char *end)
{
  Line line;
  for (const char *at = bytes; read_line(at, end, &line); at = line.next)
    if (is_boundary(&line, end) && line.at[line.length - 1] != '-')
      return g_strndup(line.at + 2, line.length - 2);
  return NULL;
}

/* Behind the header of a part: after its first empty line. */
static const char *
skip_head(const char *at, const char *end)
{
  Line line;
  while (read_line(at, end, &line) && line.length > 0)
    at = line.next;
  return at;
}

static char *
as_text(const char *bytes, const char *end, gsize *out_length)
{
  GString *text = g_string_new("Content-Type: text/plain\n\n");
  Line line;
  for (const char *at = bytes; read_line(at, end, &line); at = line.next) {
    if (!is_boundary(&line, end)) {
      g_string_append_len(text, line.at, line.next - line.at);
      continue;
    }
    g_string_append_c(text, '\n');
    line.next = skip_head(line.next, end);
  }
  *out_length = text->len;
  return g_string_free(text, FALSE);
}

char *
sl_rescue_body(const char *bytes, gsize length, SlRescue how, gsize *out_length)
{
  const char *end = bytes + length;
  if (how == SL_RESCUE_AS_TEXT)
    return as_text(bytes, end, out_length);
  g_autofree char *boundary = guess_boundary(bytes, end);
  if (!boundary)
    return NULL;
  GString *entity = g_string_new("");
  g_string_append_printf(entity, "Content-Type: multipart/mixed; boundary=\"%s\"\n\n", boundary);
  g_string_append_len(entity, bytes, (gssize)length);
  *out_length = entity->len;
  return g_string_free(entity, FALSE);
}

/* A line feed may have been put at the very end. */
gboolean
sl_rescue_is_cr(const char *bytes, gsize length)
{
  gsize cr = 0, lf = 0;
  for (gsize i = 0; i < length; i++) {
    cr += bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n');
    lf += bytes[i] == '\n';
  }
  return cr >= 2 && lf <= cr / 20 && memchr(bytes, ':', length);
}
