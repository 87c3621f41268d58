/* SPDX-License-Identifier: ISC */
/* The Mustache subset, by its specification: interpolation, sections, inverted sections, comments; standalone tags take their line
 * with them. A tag's value is never read as template text again. */
#include <string.h>

#include "base/error.h"
#include "letter/template.h"

#define MOST_DEPTH 32

typedef struct {
  const char *start; /* of "{{" */
  const char *after; /* behind "}}" */
  char sigil;        /* 0 & { # ^ / ! > */
  char *name;
} Tag;

typedef struct {
  const SlJson *stack[MOST_DEPTH];
  guint depth;
  gboolean escape_html;
  GString *out;
} Renderer;

static gboolean
fail(GError **error, const char *text, const char *at, const char *what)
{
  int line = 1;
  for (const char *p = text; p < at; p++)
    line += *p == '\n';
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%d: %s", line, what);
  return FALSE;
}

/* The next tag at or after `at`. FALSE at the end or (error set) at a tag that is not closed. */
static gboolean
next_tag(const char *text, const char *at, Tag *out_tag, GError **error)
{
  const char *open = strstr(at, "{{");
  if (!open)
    return FALSE;
  gboolean triple = open[2] == '{';
  const char *name = open + 2;
  const char *close = strstr(name, triple ? "}}}" : "}}");
  if (!close)
    return fail(error, text, open, "a tag is opened by {{ and never closed");
  *out_tag = (Tag){.start = open, .after = close + (triple ? 3 : 2), .sigil = triple ? '{' : 0};
  if (triple || strchr("&#^/!>", *name)) {
    out_tag->sigil = *name;
    name++;
  }
  g_autofree char *inner = g_strndup(name, (gsize)(close - name));
  out_tag->name = g_strdup(g_strstrip(inner));
  return TRUE;
}

/* A section, comment or partial alone on its line takes the whole line away. */
static void
swallow_line(const char *text, Tag *tag)
{
  const char *before = tag->start, *after = tag->after;
  if (tag->sigil == 0 || tag->sigil == '{' || tag->sigil == '&')
    return;
  while (before > text && (before[-1] == ' ' || before[-1] == '\t'))
    before--;
  while (*after == ' ' || *after == '\t')
    after++;
  gboolean begins = before == text || before[-1] == '\n';
  gboolean ends = !*after || *after == '\n' || (*after == '\r' && after[1] == '\n');
  if (!begins || !ends)
    return;
  tag->start = before;
  tag->after = after + (*after == '\r') + (*after != '\0');
}

/* ---- values ---- */

static const SlJson *
look_up(const Renderer *r, const char *name)
{
  if (strcmp(name, ".") == 0)
    return r->stack[r->depth - 1];
  g_auto(GStrv) parts = g_strsplit(name, ".", -1);
  const SlJson *value = NULL;
  for (guint i = r->depth; i > 0 && !value; i--)
    value = sl_json_get(r->stack[i - 1], parts[0]);
  for (guint i = 1; value && parts[i]; i++)
    value = sl_json_get(value, parts[i]);
  return value;
}

static char *
to_text(const SlJson *value)
{
  const char *string = sl_json_string(value);
  if (string)
    return g_strdup(string);
  g_autofree char *text = value ? sl_json_print(value, FALSE) : g_strdup("");
  return g_strdup(strcmp(text, "null") == 0 ? "" : text); /* JSON's null; the word is a string */
}

static void
interpolate(Renderer *r, const Tag *tag)
{
  g_autofree char *text = to_text(look_up(r, tag->name));
  if (!r->escape_html || tag->sigil) {
    g_string_append(r->out, text);
    return;
  }
  for (const char *p = text; *p; p++) {
    switch (*p) {
    case '&':
      g_string_append(r->out, "&amp;");
      break;
    case '<':
      g_string_append(r->out, "&lt;");
      break;
    case '>':
      g_string_append(r->out, "&gt;");
      break;
    case '"':
      g_string_append(r->out, "&quot;");
      break;
    default:
      g_string_append_c(r->out, *p);
    }
  }
}

/* false, null, the empty string and the empty list are not; the word "false" in somebody's subject is. */
static gboolean
truthy(const SlJson *value)
{
  const char *string = sl_json_string(value);
  if (!value || string)
    return string && *string;
  g_autofree char *text = sl_json_print(value, FALSE);
  return strcmp(text, "null") != 0 && strcmp(text, "false") != 0 && strcmp(text, "[]") != 0;
}

/* ---- rendering ---- */

static gboolean render(Renderer *r, const char *text, const char *from, const char *to, GError **error);

static gboolean
never_closed(const char *text, const Tag *open, GError **error)
{
  g_autofree char *what = g_strdup_printf("section {{%c%s}} is never closed", open->sigil, open->name);
  return fail(error, text, open->start, what);
}

/* Where the section that `open` begins ends: its closing tag. */
static gboolean
find_close(const char *text, const Tag *open, Tag *out_close, GError **error)
{
  const char *at = open->after;
  int depth = 1;
  GError *why = NULL;
  while (next_tag(text, at, out_close, &why)) {
    swallow_line(text, out_close);
    gboolean same = strcmp(out_close->name, open->name) == 0;
    if (same && (out_close->sigil == '#' || out_close->sigil == '^'))
      depth++;
    if (same && out_close->sigil == '/' && --depth == 0)
      return TRUE;
    at = out_close->after;
    g_clear_pointer(&out_close->name, g_free);
  }
  if (why) {
    g_propagate_error(error, why);
    return FALSE;
  }
  return never_closed(text, open, error);
}

static gboolean
render_with(Renderer *r, const char *text, const Tag *open, const Tag *close, const SlJson *value, GError **error)
{
  if (r->depth >= MOST_DEPTH)
    return fail(error, text, open->start, "sections are nested too deeply");
  r->stack[r->depth++] = value;
  gboolean ok = render(r, text, open->after, close->start, error);
  r->depth--;
  return ok;
}

static gboolean
render_section(Renderer *r, const char *text, const Tag *open, const Tag *close, GError **error)
{
  const SlJson *value = look_up(r, open->name);
  guint n = sl_json_length(value);
  if (open->sigil == '^')
    return truthy(value) || render(r, text, open->after, close->start, error);
  if (!truthy(value))
    return TRUE;
  if (n == 0)
    return render_with(r, text, open, close, value, error);
  for (guint i = 0; i < n; i++) {
    if (!render_with(r, text, open, close, sl_json_at(value, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
render_tag(Renderer *r, const char *text, Tag *tag, const char **at, GError **error)
{
  *at = tag->after;
  switch (tag->sigil) {
  case 0:
  case '{':
  case '&':
    interpolate(r, tag);
    return TRUE;
  case '#':
  case '^': {
    Tag close = {0};
    gboolean ok = find_close(text, tag, &close, error) && render_section(r, text, tag, &close, error);
    *at = close.after;
    g_free(close.name);
    return ok;
  }
  case '/':
    return fail(error, text, tag->start, "a section is closed that was never opened");
  default: /* comments; partials are not to be had */
    return TRUE;
  }
}

static gboolean
render(Renderer *r, const char *text, const char *from, const char *to, GError **error)
{
  const char *at = from;
  Tag tag = {0};
  GError *why = NULL;
  while (at < to && next_tag(text, at, &tag, &why) && tag.start < to) {
    swallow_line(text, &tag);
    if (tag.start > at)
      g_string_append_len(r->out, at, tag.start - at);
    gboolean ok = render_tag(r, text, &tag, &at, error);
    g_clear_pointer(&tag.name, g_free);
    if (!ok)
      return FALSE;
  }
  g_clear_pointer(&tag.name, g_free);
  if (why) {
    g_propagate_error(error, why);
    return FALSE;
  }
  if (at < to)
    g_string_append_len(r->out, at, to - at);
  return TRUE;
}

/* ---- the form, whatever the fields hold ---- */

static gboolean check_form(const char *text, const char *from, const char *to, guint depth, GError **error);

static gboolean
check_section(const char *text, const Tag *open, const char *to, guint depth, const char **at, GError **error)
{
  Tag close = {0};
  if (depth >= MOST_DEPTH - 1)
    return fail(error, text, open->start, "sections are nested too deeply");
  gboolean ok = find_close(text, open, &close, error) && (close.start < to || never_closed(text, open, error)) &&
                check_form(text, open->after, close.start, depth + 1, error);
  *at = close.after;
  g_free(close.name);
  return ok;
}

static gboolean
check_form(const char *text, const char *from, const char *to, guint depth, GError **error)
{
  const char *at = from;
  Tag tag = {0};
  GError *why = NULL;
  gboolean ok = TRUE;
  while (ok && at < to && next_tag(text, at, &tag, &why) && tag.start < to) {
    at = tag.after;
    if (tag.sigil == '#' || tag.sigil == '^')
      ok = check_section(text, &tag, to, depth, &at, error);
    else if (tag.sigil == '/')
      ok = fail(error, text, tag.start, "a section is closed that was never opened");
    else if (tag.sigil == 0 && *tag.name == '=')
      ok = fail(error, text, tag.start, "the signs of a tag cannot be changed");
    g_clear_pointer(&tag.name, g_free);
  }
  g_clear_pointer(&tag.name, g_free);
  if (why)
    g_propagate_error(error, why);
  return ok && !why;
}

char *
sl_mustache_render(const char *text, const SlJson *fields, gboolean escape_html, GError **error)
{
  if (!check_form(text, text, text + strlen(text), 0, error))
    return NULL;
  Renderer r = {.stack = {fields}, .depth = 1, .escape_html = escape_html, .out = g_string_new(NULL)};
  gboolean ok = render(&r, text, text, text + strlen(text), error);
  char *out = g_string_free(r.out, !ok);
  return ok ? out : NULL;
}
