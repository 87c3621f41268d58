/* SPDX-License-Identifier: ISC */
#include "mail/tame.h"

#include <string.h>

#define MAX_NAME_BYTES  32
#define MAX_VALUE_BYTES 2048

/* Elements whose content is no text, and where '<' is no tag until their own end. */
static const char *const raw_elements[] = {"script", "style", "title", "textarea", "xmp", "noframes", "iframe"};
static const char *const kept_attributes[] = {"href", "style", "alt"};

static gsize
name_length(const char *at)
{
  gsize n = 0;
  while (g_ascii_isalnum(at[n]) || at[n] == ':' || at[n] == '-' || at[n] == '_')
    n++;
  return n;
}

static gboolean
is_one_of(const char *name, gsize length, const char *const *names, guint n)
{
  for (guint i = 0; i < n; i++)
    if (strlen(names[i]) == length && g_ascii_strncasecmp(name, names[i], length) == 0)
      return TRUE;
  return FALSE;
}

static void
append_value(GString *out, const char *value, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (value[i] == '"')
      g_string_append(out, "&quot;");
    else if (value[i] == '<')
      g_string_append(out, "&lt;");
    else if (value[i] == '>')
      g_string_append(out, "&gt;");
    else
      g_string_append_c(out, value[i]);
  }
}

/* A value, quoted or not; *out_value and *out_length are what lies within. Returns what follows. */
static const char *
scan_value(const char *at, const char **out_value, gsize *out_length)
{
  at += strspn(at, " \t\r\n\f");
  gboolean quoted = *at == '"' || *at == '\'';
  const char end[] = {*at, '\0'};
  *out_value = at + quoted;
  *out_length = strcspn(*out_value, quoted ? end : " \t\r\n\f>");
  at = *out_value + *out_length;
  return at + (quoted && *at);
}

/* The attributes of a tag up to its '>'; returns what follows it. Each kept one is written at most once. */
static const char *
copy_attributes(GString *out, const char *at)
{
  guint written = 0;
  while (*at && *at != '>') {
    gsize n = name_length(at);
    if (n == 0) {
      at++;
      continue;
    }
    const char *name = at, *value = "";
    gsize length = 0;
    at += n;
    const char *equals = at + strspn(at, " \t\r\n\f");
    if (*equals == '=')
      at = scan_value(equals + 1, &value, &length);
    if (length == 0 || length > MAX_VALUE_BYTES || written >= G_N_ELEMENTS(kept_attributes) ||
        !is_one_of(name, n, kept_attributes, G_N_ELEMENTS(kept_attributes)))
      continue;
    g_string_append_printf(out, " %.*s=\"", (int)n, name);
    append_value(out, value, length);
    g_string_append_c(out, '"');
    written++;
  }
  return at + (*at == '>');
}

/* Behind the end tag of a raw element; to the end of the text where there is none. */
static const char *
skip_raw(const char *at, const char *name, gsize length)
{
  for (at = strstr(at, "</"); at; at = strstr(at + 2, "</"))
    if (g_ascii_strncasecmp(at + 2, name, length) == 0 && name_length(at + 2) == length) {
      const char *end = strchr(at, '>');
      return end ? end + 1 : at + strlen(at);
    }
  return NULL;
}

static const char *
copy_tag(GString *out, const char *at)
{
  const char *name = at + 1 + (at[1] == '/');
  gsize n = name_length(name);
  if (n > MAX_NAME_BYTES)
    n = MAX_NAME_BYTES;
  if (at[1] != '/' && is_one_of(name, n, raw_elements, G_N_ELEMENTS(raw_elements))) {
    g_autoptr(GString) unused = g_string_new("");
    const char *content = copy_attributes(unused, name + n);
    const char *end = skip_raw(content, name, n);
    return end ? end : content + strlen(content);
  }
  g_string_append_len(out, at, name + n - at);
  at = copy_attributes(out, name + n);
  g_string_append_c(out, '>');
  return at;
}

/* "<!-- … -->", "<!…>", "<?…>", "</ …>": an unended comment ends at its first '>', as in browsers. */
static const char *
skip_markup(const char *at, gboolean *comments_end)
{
  if (g_str_has_prefix(at, "<!--") && *comments_end) {
    const char *end = strstr(at + 4, "-->");
    if (end)
      return end + 3;
    *comments_end = FALSE;
  }
  const char *end = strchr(at, '>');
  return end ? end + 1 : at + strlen(at);
}

char *
sl_html_tame(const char *html)
{
  g_autoptr(GString) out = g_string_sized_new(strlen(html) + 1);
  gboolean comments_end = TRUE;
  for (const char *at = html; *at;) {
    gsize n = strcspn(at, "<");
    g_string_append_len(out, at, (gssize)n);
    at += n;
    if (!*at)
      break;
    if (g_ascii_isalpha(at[1]) || (at[1] == '/' && g_ascii_isalpha(at[2]))) {
      at = copy_tag(out, at);
    } else if (at[1] == '!' || at[1] == '?' || at[1] == '/') {
      at = skip_markup(at, &comments_end);
    } else {
      g_string_append(out, "&lt;");
      at++;
    }
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
sl_html_strip(const char *tamed)
{
  g_autoptr(GString) out = g_string_sized_new(strlen(tamed) + 1);
  while (*tamed) {
    gsize n = strcspn(tamed, "<");
    g_string_append_len(out, tamed, (gssize)n);
    tamed += n;
    if (!*tamed)
      break;
    if (out->len > 0 && out->str[out->len - 1] != '\n')
      g_string_append_c(out, '\n');
    tamed += strcspn(tamed, ">");
    tamed += *tamed == '>';
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}
