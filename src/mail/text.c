/* SPDX-License-Identifier: ISC */
#include "mail/text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "mail/tame.h"

#define MAX_DEPTH       512
#define MAX_QUOTED      10
#define MAX_EMPTY_LINES 4 /* in a row: more tell nothing */

/* What an element does to the text around it. */
typedef enum { INLINE, LINE, PARAGRAPH, CELL, ITEM, LIST, QUOTE, BREAK, RULE, IMAGE, LINK, PRE, DROP } Role;

static const struct {
  const char *name;
  Role role;
} roles[] = {
    {"p", PARAGRAPH},   {"h1", PARAGRAPH}, {"h2", PARAGRAPH},     {"h3", PARAGRAPH},  {"h4", PARAGRAPH},
    {"h5", PARAGRAPH},  {"h6", PARAGRAPH}, {"table", LINE},       {"dl", PARAGRAPH},  {"div", LINE},
    {"tr", LINE},       {"section", LINE}, {"article", LINE},     {"header", LINE},   {"footer", LINE},
    {"address", LINE},  {"center", LINE},  {"dt", LINE},          {"dd", LINE},       {"form", LINE},
    {"fieldset", LINE}, {"caption", LINE}, {"td", CELL},          {"th", CELL},       {"li", ITEM},
    {"ul", LIST},       {"ol", LIST},      {"blockquote", QUOTE}, {"br", BREAK},      {"hr", RULE},
    {"img", IMAGE},     {"a", LINK},       {"pre", PRE},          {"script", DROP},   {"style", DROP},
    {"head", DROP},     {"title", DROP},   {"template", DROP},    {"object", DROP},   {"noframes", DROP},
    {"iframe", DROP},   {"svg", DROP},     {"select", DROP},      {"textarea", DROP},
};

typedef struct {
  htmlParserCtxtPtr parser;
  GString *out;
  guint depth;
  guint drop_depth;   /* the depth at which left-out content began; 0: none */
  guint quoted, pre;  /* how many blockquotes, pre elements we are in */
  guint quoted_above; /* how many at what was written last: an empty line between is of the outer one */
  guint newlines;     /* owed before the next character */
  gboolean blank;     /* a blank is owed */
  gboolean in_row;    /* this line has a cell already */
  gboolean too_deep;
  GArray *lists; /* guint: the next number of an ol; G_MAXUINT for ul */
  GString *href; /* of the link we are in; "" */
  gsize link_start;
} Html;

static Role
role_of(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
    if (g_ascii_strcasecmp(name, roles[i].name) == 0)
      return roles[i].role;
  return INLINE;
}

static void
begin_line(Html *h, guint quoted)
{
  for (guint i = 0; i < MIN(quoted, MAX_QUOTED); i++)
    g_string_append(h->out, "> ");
}

/* Pays what is owed: line ends (with the marks of quotation), or a blank. */
static void
settle(Html *h)
{
  if (h->out->len == 0) {
    begin_line(h, h->quoted);
  } else if (h->newlines > 0) {
    for (guint i = 1; i <= h->newlines; i++) {
      g_string_append_c(h->out, '\n');
      begin_line(h, i < h->newlines ? MIN(h->quoted, h->quoted_above) : h->quoted);
    }
  } else if (h->blank) {
    g_string_append_c(h->out, ' ');
  }
  if (h->newlines > 0)
    h->in_row = FALSE;
  h->newlines = 0;
  h->blank = FALSE;
  h->quoted_above = h->quoted;
}

static void
owe_lines(Html *h, guint n)
{
  h->newlines = MAX(h->newlines, n);
  h->blank = FALSE;
}

static void
put(Html *h, const char *text, gsize length)
{
  settle(h);
  g_string_append_len(h->out, text, (gssize)length);
}

static void
put_collapsed(Html *h, const char *text, gsize length)
{
  for (gsize i = 0; i < length;) {
    gsize n = 0;
    while (i + n < length && !g_ascii_isspace(text[i + n]))
      n++;
    if (n > 0)
      put(h, text + i, n);
    i += n;
    for (; i < length && g_ascii_isspace(text[i]); i++)
      h->blank = h->newlines == 0 && h->out->len > 0;
  }
}

static void
put_preformatted(Html *h, const char *text, gsize length)
{
  while (length > 0) {
    const char *newline = memchr(text, '\n', length);
    gsize n = newline ? (gsize)(newline - text) : length;
    if (n > 0)
      put(h, text, n);
    if (!newline)
      return;
    h->newlines++;
    text += n + 1;
    length -= n + 1;
  }
}

static void
on_characters(void *data, const xmlChar *text, int length)
{
  Html *h = data;
  if (h->drop_depth > 0 || h->too_deep)
    return;
  (h->pre ? put_preformatted : put_collapsed)(h, (const char *)text, (gsize)length);
}

static const char *
attribute(const xmlChar **attributes, const char *name)
{
  for (guint i = 0; attributes && attributes[i]; i += 2)
    if (g_ascii_strcasecmp((const char *)attributes[i], name) == 0)
      return (const char *)attributes[i + 1];
  return NULL;
}

/* Does the style say `name: value`? Of 2000 bytes; blanks don't count. */
static gboolean
is_styled(const char *style, const char *name, const char *value)
{
  const char *found = g_strstr_len(style, 2000, name);
  if (!found || (found > style && (g_ascii_isalnum(found[-1]) || found[-1] == '-')))
    return FALSE;
  found += strlen(name);
  found += strspn(found, " \t\n:");
  gsize n = strlen(value);
  return g_ascii_strncasecmp(found, value, n) == 0 && !g_ascii_isdigit(found[n]) && found[n] != '.';
}

/* What a reader of the page does not see. A font size of 0 says nothing: templates put it around what has its own. */
static gboolean
is_hidden(const xmlChar **attributes)
{
  static const struct {
    const char *name, *value;
  } styles[] = {
      {"display", "none"}, {"visibility", "hidden"}, {"mso-hide", "all"}, {"max-height", "0"}, {"opacity", "0"}};
  const char *style = attribute(attributes, "style");
  g_autofree char *lower = style ? g_ascii_strdown(style, -1) : NULL;
  for (guint i = 0; lower && i < G_N_ELEMENTS(styles); i++)
    if (is_styled(lower, styles[i].name, styles[i].value))
      return TRUE;
  return FALSE;
}

static void
begin_item(Html *h)
{
  owe_lines(h, 1);
  guint *number = h->lists->len ? &g_array_index(h->lists, guint, h->lists->len - 1) : NULL;
  g_autofree char *mark = number && *number != G_MAXUINT ? g_strdup_printf("%u.", (*number)++) : g_strdup("-");
  for (guint i = 1; i < MIN(h->lists->len, 8); i++)
    put(h, "  ", 2);
  put(h, mark, strlen(mark));
  h->blank = TRUE;
}

static void
begin_list(Html *h, const char *name)
{
  guint first = g_ascii_strcasecmp(name, "ol") == 0 ? 1 : G_MAXUINT;
  owe_lines(h, h->lists->len ? 1 : 2);
  g_array_append_val(h->lists, first);
}

static void
begin_cell(Html *h)
{
  if (h->in_row && h->newlines == 0)
    put(h, " |", 2);
  h->blank = h->in_row;
}

static void
begin_link(Html *h, const xmlChar **attributes)
{
  const char *href = attribute(attributes, "href");
  g_string_assign(h->href, href && strlen(href) <= 2048 ? href : "");
  h->link_start = h->out->len;
}

/* The address stands behind the words, unless the words are the address. */
static void
end_link(Html *h)
{
  const char *href = h->href->str;
  const char *words = h->out->str + MIN(h->link_start, h->out->len);
  gboolean web = g_str_has_prefix(href, "http://") || g_str_has_prefix(href, "https://");
  g_autofree char *bare = g_strdup(web ? strstr(href, "://") + 3 : "");
  if (g_str_has_suffix(bare, "/"))
    bare[strlen(bare) - 1] = '\0';
  if (*bare && *words && !strstr(words, bare)) {
    g_autofree char *shown = g_strdup_printf("<%s>", href);
    h->blank = TRUE;
    put(h, shown, strlen(shown));
  }
  g_string_truncate(h->href, 0);
}

static void
put_image(Html *h, const xmlChar **attributes)
{
  const char *alt = attribute(attributes, "alt");
  if (alt && *alt && strlen(alt) <= 500)
    put_collapsed(h, alt, strlen(alt));
}

static void
put_rule(Html *h)
{
  owe_lines(h, 1);
  put(h, "________________________________", 32);
  owe_lines(h, 1);
}

static void
begin_role(Html *h, Role role, const char *name, const xmlChar **attributes)
{
  switch (role) {
  case PARAGRAPH:
    owe_lines(h, 2);
    break;
  case LINE:
    owe_lines(h, 1);
    break;
  case PRE:
    owe_lines(h, 1);
    h->pre++;
    break;
  case QUOTE:
    owe_lines(h, 2);
    h->quoted++;
    break;
  case BREAK:
    h->newlines = MIN(h->newlines + 1, 3);
    h->blank = FALSE;
    break;
  case LIST:
    begin_list(h, name);
    break;
  case ITEM:
    begin_item(h);
    break;
  case CELL:
    begin_cell(h);
    break;
  case LINK:
    begin_link(h, attributes);
    break;
  case IMAGE:
    put_image(h, attributes);
    break;
  case RULE:
    put_rule(h);
    break;
  case DROP:
    h->drop_depth = h->depth;
    break;
  case INLINE:
    break;
  }
}

static void
on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
  Html *h = data;
  if (++h->depth > MAX_DEPTH && !h->too_deep) {
    h->too_deep = TRUE;
    xmlStopParser(h->parser);
  }
  if (h->drop_depth > 0 || h->too_deep)
    return;
  if (is_hidden(attributes))
    h->drop_depth = h->depth;
  else
    begin_role(h, role_of((const char *)name), (const char *)name, attributes);
}

static void
end_role(Html *h, Role role)
{
  switch (role) {
  case PARAGRAPH:
    owe_lines(h, 2);
    break;
  case LINE:
  case ITEM:
    owe_lines(h, 1);
    break;
  case PRE:
    owe_lines(h, 1);
    h->pre -= h->pre > 0;
    break;
  case QUOTE:
    h->quoted -= h->quoted > 0;
    owe_lines(h, 2);
    break;
  case CELL:
    h->in_row = h->in_row || (h->newlines == 0 && h->out->len > 0);
    break;
  case LINK:
    end_link(h);
    break;
  case LIST:
    if (h->lists->len > 0)
      g_array_set_size(h->lists, h->lists->len - 1);
    owe_lines(h, h->lists->len ? 1 : 2);
    break;
  case BREAK:
  case RULE:
  case IMAGE:
  case DROP:
  case INLINE:
    break;
  }
}

static void
on_end(void *data, const xmlChar *name)
{
  Html *h = data;
  gboolean dropped = h->drop_depth > 0;
  if (dropped && h->depth <= h->drop_depth)
    h->drop_depth = 0;
  h->depth -= h->depth > 0;
  if (!dropped && !h->too_deep)
    end_role(h, role_of((const char *)name));
}

/* SAX, not a tree: memory is that of the text. The document's own charset is ignored: the input is UTF-8 already. */
static void
parse_html(Html *h, const char *html)
{
  static const int options =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
  h->parser = htmlNewParserCtxt();
  g_assert(h->parser != NULL);
  memset(h->parser->sax, 0, sizeof *h->parser->sax);
  h->parser->sax->startElement = on_start;
  h->parser->sax->endElement = on_end;
  h->parser->sax->characters = on_characters;
  h->parser->sax->ignorableWhitespace = on_characters;
  h->parser->userData = h;
  xmlDocPtr doc = htmlCtxtReadMemory(h->parser, html, (int)MIN(strlen(html), G_MAXINT32), NULL, "UTF-8", options);
  if (doc)
    xmlFreeDoc(doc);
  htmlFreeParserCtxt(h->parser);
}

char *
sl_text_from_html(const char *html, gboolean *out_whole)
{
  g_autoptr(GString) out = g_string_sized_new(1024);
  g_autoptr(GString) href = g_string_new("");
  g_autoptr(GArray) lists = g_array_new(FALSE, FALSE, sizeof(guint));
  Html h = {.out = out, .href = href, .lists = lists};
  g_autofree char *content = sl_html_tame(html);
  /* Outside a body libxml2 takes bare text for a paragraph of its own. */
  g_autofree char *tamed = g_strconcat("<html><body>", content, NULL);
  parse_html(&h, tamed);
  *out_whole = !h.too_deep;
  g_autofree char *stripped = h.too_deep ? sl_html_strip(tamed) : NULL;
  return g_utf8_make_valid(stripped ? stripped : out->str, -1);
}

static gsize
quote_depth(const char *line)
{
  return strspn(line, ">");
}

/* RFC 3676 4.2: a line that ends in a blank flows into the next of the same depth; "-- " never flows. */
char *
sl_text_unflow(const char *text, gboolean delsp)
{
  g_autoptr(GString) out = g_string_sized_new(strlen(text) + 1);
  gsize open_depth = 0;
  gboolean open = FALSE;
  while (*text) {
    gsize depth = quote_depth(text), n = strcspn(text, "\n");
    const char *words = text + depth + (text[depth] == ' ');
    gsize length = (gsize)(text + n - words);
    gboolean signature = length == 3 && memcmp(words, "-- ", 3) == 0;
    gboolean joined = open && depth == open_depth && !signature;
    if (open && !joined)
      g_string_append_c(out, '\n');
    if (!joined) {
      g_string_append_len(out, text, (gssize)depth);
      if (depth > 0)
        g_string_append_c(out, ' ');
    }
    open = length > 0 && words[length - 1] == ' ' && !signature;
    g_string_append_len(out, words, (gssize)(length - (open && delsp)));
    if (!open && text[n])
      g_string_append_c(out, '\n');
    open_depth = depth;
    text += n + (text[n] == '\n');
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
sl_text_tidy(const char *text)
{
  g_autoptr(GString) out = g_string_sized_new(strlen(text) + 1);
  guint empty = 0;
  while (*text) {
    gsize n = strcspn(text, "\n"), kept = n;
    while (kept > 0 && (text[kept - 1] == ' ' || text[kept - 1] == '\t'))
      kept--;
    gboolean signature = n == 3 && memcmp(text, "-- ", 3) == 0;
    if (kept == 0) {
      empty++;
    } else {
      for (guint i = 0; out->len > 0 && i < MIN(empty, MAX_EMPTY_LINES) + 1; i++)
        g_string_append_c(out, '\n');
      g_string_append_len(out, text, (gssize)(signature ? n : kept));
      empty = 0;
    }
    text += n + (text[n] == '\n');
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean
sl_text_begins(const char *at, gsize length, const char *word)
{
  gsize n = strlen(word);
  return length >= n && g_ascii_strncasecmp(at, word, n) == 0;
}

gboolean
sl_text_begins_with_any(const char *at, gsize length, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (sl_text_begins(at, length, words[i]))
      return TRUE;
  return FALSE;
}
