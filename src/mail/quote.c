/* SPDX-License-Identifier: ISC */
#include "mail/quote.h"

#include <string.h>

#include "mail/quote-words.h"

#define HEADER_LINES         6 /* over which a mail program may break "On … wrote:" */
#define HEADER_BYTES         500
#define BLOCK_LINES          10 /* in which Outlook's From:, Sent:, To:, Subject: stand */
#define SIGNATURE_LINES      15 /* more than that behind "-- " is no signature */
#define SHORT_LINE           200
#define MAX_DISCLAIMERS      3
#define MAX_DISCLAIMER_LINES 40

/* A line of the text; bytes are not NUL-terminated. */
typedef struct {
  const char *at;
  gsize length; /* trimmed at both ends */
  gboolean quoted, dropped;
} Line;

/* The line in lower case without marks of quotation and of emphasis around it; long lines are cut. Owned. */
static char *
lowered(const Line *line)
{
  const char *at = line->at, *end = at + line->length;
  while (at < end && strchr("> \t*", *at))
    at++;
  while (end > at && strchr(" \t*", end[-1]))
    end--;
  gsize length = MIN((gsize)(end - at), HEADER_BYTES), ascii = 0;
  while (ascii < length && (guchar)at[ascii] < 0x80)
    ascii++;
  if (ascii == length) /* most lines */
    return g_ascii_strdown(at, (gssize)length);
  g_autofree char *copy = g_strndup(at, length);
  g_autofree char *valid = g_utf8_make_valid(copy, -1);
  return g_utf8_strdown(valid, -1);
}

static GArray *
split(const char *text)
{
  GArray *lines = g_array_new(FALSE, TRUE, sizeof(Line));
  while (*text) {
    gsize n = strcspn(text, "\n");
    Line line = {.at = text, .length = n};
    while (line.length > 0 && g_ascii_isspace(*line.at)) {
      line.at++;
      line.length--;
    }
    while (line.length > 0 && g_ascii_isspace(line.at[line.length - 1]))
      line.length--;
    line.quoted = line.length > 0 && *line.at == '>';
    g_array_append_val(lines, line);
    text += n + (text[n] == '\n');
  }
  return lines;
}

static Line *
nth(GArray *lines, guint i)
{
  return &g_array_index(lines, Line, i);
}

static guint
next_filled(GArray *lines, guint i, guint end)
{
  while (i < end && nth(lines, i)->length == 0)
    i++;
  return i;
}

static gboolean
is_over_quote(GArray *lines, guint i, guint end)
{
  guint below = next_filled(lines, i + 1, MIN(end, i + 4));
  return below < MIN(end, i + 4) && nth(lines, below)->quoted && !nth(lines, i)->quoted;
}

/* Lines `i` to `k` as one, in lower case. Owned. */
static char *
joined(GArray *lines, guint i, guint k)
{
  g_autoptr(GString) all = g_string_new("");
  for (; i <= k; i++) {
    g_autofree char *more = lowered(nth(lines, i));
    g_string_append_printf(all, "%s%s", *more && all->len ? " " : "", more);
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

/* A date, an address and a colon right above quoted lines are a header in any language. */
static guint
any_header_length(GArray *lines, guint i, guint end)
{
  if (nth(lines, i)->quoted)
    return 0;
  for (guint k = i; k < MIN(end, i + 3) && nth(lines, k)->length > 0 && nth(lines, k)->length < SHORT_LINE; k++) {
    if (nth(lines, k)->at[nth(lines, k)->length - 1] != ':')
      continue;
    guint below = next_filled(lines, k + 1, MIN(end, k + 4));
    if (below >= MIN(end, k + 4) || !nth(lines, below)->quoted)
      return 0;
    g_autofree char *first = lowered(nth(lines, i));
    g_autofree char *all = joined(lines, i, k);
    return sl_quote_has_date(first) && strchr(all, '@') ? k - i + 1 : 0;
  }
  return 0;
}

/* Does a whole header begin under an empty line after `i`? Then what stands at `i` is the sender's ("/progress 1042 …"). */
static gboolean
begins_below(GArray *lines, guint i, guint k, guint end)
{
  for (guint j = i + 1; j <= k; j++) {
    if (nth(lines, j - 1)->length > 0)
      continue;
    g_autofree char *first = lowered(nth(lines, j));
    g_autofree char *rest = joined(lines, j, k);
    if (sl_quote_opens_header(first) && sl_quote_says_header(rest, is_over_quote(lines, k, end)))
      return TRUE;
  }
  return FALSE;
}

/* "On … wrote:", over as many lines as a mail program may break it. */
static guint
told_header_length(GArray *lines, guint i, guint end)
{
  g_autoptr(GString) all = g_string_new("");
  for (guint k = i; k < MIN(end, i + HEADER_LINES) && all->len < HEADER_BYTES; k++) {
    g_autofree char *more = lowered(nth(lines, k));
    g_string_append_printf(all, "%s%s", *more && all->len ? " " : "", more);
    if (sl_quote_says_header(all->str, is_over_quote(lines, k, end)))
      return begins_below(lines, i, k, end) ? 0 : k - i + 1;
  }
  return 0;
}

/* How many lines from `i` on are a header over quoted text; 0: none. A name alone needs quoted lines below it. Where
 * the next line could begin the header as well, this one is the sender's. */
static guint
header_length(GArray *lines, guint i, guint end)
{
  g_autofree char *first = lowered(nth(lines, i));
  if (sl_quote_is_dated(first))
    return 1;
  if (sl_quote_is_named(first) && (strpbrk(first, "@<") || is_over_quote(lines, i, end)))
    return 1;
  guint told = sl_quote_opens_header(first) ? told_header_length(lines, i, end) : 0;
  if (told > 0)
    return told;
  guint length = any_header_length(lines, i, end);
  return length > 1 && any_header_length(lines, i + 1, end) > 0 ? 0 : length;
}

/* "reply On Wed, Apr 4, 2012, bob@example.com wrote:" above quoted lines: where the header begins in the line; 0: none.
 */
static gsize
shared_header(GArray *lines, guint i, guint end)
{
  const Line *line = nth(lines, i);
  gboolean over_quote = i + 1 < end && nth(lines, i + 1)->quoted && !line->quoted;
  if (!over_quote || line->length > HEADER_BYTES || line->length == 0 || line->at[line->length - 1] != ':')
    return 0;
  for (gsize n = line->length - 1; n > 0; n--) {
    if (line->at[n - 1] != ' ' || g_ascii_strncasecmp(line->at + n, "on ", 3) != 0)
      continue;
    Line rest = {.at = line->at + n, .length = line->length - n};
    g_autofree char *lower = lowered(&rest);
    if (sl_quote_says_header(lower, TRUE) && strchr(lower, '@'))
      return n;
  }
  return 0;
}

static SlQuoteField
field_of(const Line *line)
{
  g_autofree char *lower = lowered(line);
  char *colon = strchr(lower, ':'), *wide = strstr(lower, "：");
  if (wide && (!colon || wide < colon))
    colon = wide;
  if (!colon || colon - lower > 30)
    return SL_QUOTE_NONE;
  *colon = '\0';
  g_strdelimit(lower, "*", ' ');
  if (g_str_has_suffix(g_strchomp(lower), "\302\240")) /* the French blank before a colon */
    lower[strlen(lower) - 2] = '\0';
  return sl_quote_field(lower);
}

/* A block that begins with its date: the next line is a field with an address. */
static gboolean
is_dated_block(GArray *lines, guint i, guint end)
{
  if (i + 1 >= end || field_of(nth(lines, i)) != SL_QUOTE_DATE)
    return FALSE;
  const Line *below = nth(lines, i + 1);
  g_autofree char *date = lowered(nth(lines, i));
  return sl_quote_has_date(date) && memchr(below->at, '@', below->length) && field_of(below) != SL_QUOTE_NONE;
}

/* From: and at least two more fields close below it; a From with an address needs only the date right under it. */
static gboolean
is_block(GArray *lines, guint i, guint end)
{
  if (field_of(nth(lines, i)) != SL_QUOTE_FROM)
    return FALSE;
  gboolean addressed = memchr(nth(lines, i)->at, '@', nth(lines, i)->length) != NULL;
  if (i + 1 < end && addressed && field_of(nth(lines, i + 1)) == SL_QUOTE_DATE)
    return TRUE;
  guint fields = 0, empty = 0;
  for (guint k = i + 1; k < MIN(end, i + BLOCK_LINES) && empty < 2; k++) {
    empty += nth(lines, k)->length == 0;
    fields += field_of(nth(lines, k)) >= SL_QUOTE_DATE;
  }
  return fields >= 2;
}

static gboolean
is_divider(const Line *line)
{
  if (line->length < 8 || line->length > SHORT_LINE)
    return FALSE;
  g_autofree char *lower = lowered(line);
  return sl_quote_is_divider(lower);
}

static gboolean
is_rule(const Line *line)
{
  gsize n = 0;
  while (n < line->length && strchr("_-=*", line->at[n]))
    n++;
  return n == line->length && n >= 5;
}

/* A long link that was quoted and then wrapped: its rest lost the mark. */
static gboolean
is_wrapped_link(GArray *lines, guint i, guint end)
{
  const Line *above = nth(lines, i - 1), *line = nth(lines, i);
  g_autofree char *copy = g_strndup(above->at, above->length);
  const char *link = strstr(copy, "(http");
  link = link ? link : strstr(copy, "<http");
  return above->quoted && link && !strpbrk(link, " )>") && !memchr(line->at, ' ', line->length) && line->length > 0 &&
         i + 1 < end && nth(lines, i + 1)->quoted;
}

/* The last line that belongs to the quoted block at `i`, its inner empty lines included, plus one. */
static guint
quoted_end(GArray *lines, guint i, guint end)
{
  guint last = i;
  for (guint k = i; k < end; k++) {
    if (nth(lines, k)->quoted || (k > i && is_wrapped_link(lines, k, end)))
      last = k + 1;
    else if (nth(lines, k)->length > 0)
      break;
  }
  return last;
}

static void
drop(GArray *lines, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    nth(lines, i)->dropped = TRUE;
}

/* A header is followed by marked lines, below which the sender may go on; or by the bare old mail, to the end. Returns
 * where what the sender wrote ends. */
static guint
drop_quotations(GArray *lines)
{
  guint end = lines->len;
  for (guint i = 0; i < end; i++) {
    if (nth(lines, i)->length == 0)
      continue;
    if (is_divider(nth(lines, i)) || is_block(lines, i, end) || is_dated_block(lines, i, end))
      return i;
    gsize shared = shared_header(lines, i, end);
    guint length = shared ? 0 : header_length(lines, i, end);
    if (shared) {
      nth(lines, i)->length = shared - 1; /* the blank between them */
      drop(lines, i + 1, quoted_end(lines, i + 1, end));
    }
    if (length == 0)
      continue;
    guint below = next_filled(lines, i + length, end);
    guint last = below < end && nth(lines, below)->quoted ? quoted_end(lines, below, end) : i;
    if (last == i)
      return i;
    drop(lines, i, last);
    i = last - 1;
  }
  return end;
}

static gboolean
is_signature_mark(const Line *line)
{
  return (line->length == 2 && memcmp(line->at, "--", 2) == 0) || (line->length == 3 && memcmp(line->at, "—", 3) == 0);
}

static gboolean
is_phone_mark(const Line *line)
{
  if (line->length > SHORT_LINE)
    return FALSE;
  g_autofree char *lower = lowered(line);
  return sl_quote_is_phone_mark(lower);
}

static gboolean
is_filled(const Line *line)
{
  return !line->dropped && line->length > 0;
}

/* The first mark behind which only a few lines stand. */
static guint
without_signature(GArray *lines, guint end)
{
  guint filled = 0, found = end;
  for (guint i = end; i > 0 && filled <= SIGNATURE_LINES; i--) {
    const Line *line = nth(lines, i - 1);
    if (!is_filled(line))
      continue;
    if (!line->quoted && (is_signature_mark(line) || (filled <= 1 && is_phone_mark(line))))
      found = i - 1;
    filled++;
  }
  return found;
}

/* Trailing empty lines, rules and quoted lines are nobody's words. */
static guint
without_tail(GArray *lines, guint end)
{
  while (end > 0) {
    const Line *line = nth(lines, end - 1);
    if (is_filled(line) && !line->quoted && !is_rule(line))
      break;
    end--;
  }
  return end;
}

/* The last paragraphs, while they are a lawyer's. */
static guint
without_disclaimer(GArray *lines, guint end)
{
  for (guint k = 0; k < MAX_DISCLAIMERS && end > 0; k++) {
    guint begin = end;
    while (begin > 0 && end - begin < MAX_DISCLAIMER_LINES && nth(lines, begin - 1)->length > 0)
      begin--;
    g_autofree char *paragraph = begin < end ? joined(lines, begin, end - 1) : NULL;
    if (begin == 0 || !paragraph || !sl_quote_is_disclaimer(paragraph))
      break;
    end = without_tail(lines, begin);
  }
  return end;
}

static char *
join(GArray *lines, guint end)
{
  g_autoptr(GString) out = g_string_new("");
  guint empty = 0;
  gboolean gap = FALSE; /* a quotation was dropped here */
  for (guint i = 0; i < end; i++) {
    const Line *line = nth(lines, i);
    if (!is_filled(line)) {
      gap = gap || line->dropped;
      empty += !line->dropped;
      continue;
    }
    const char *begin = line->at;
    while (begin > nth(lines, 0)->at && (begin[-1] == ' ' || begin[-1] == '\t'))
      begin--;
    for (guint k = 0; out->len > 0 && k < (gap ? MIN(empty, 1) : empty) + 1; k++)
      g_string_append_c(out, '\n');
    g_string_append_len(out, begin, line->at - begin + (gssize)line->length);
    empty = 0;
    gap = FALSE;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
sl_quote_reply(const char *text, gboolean *out_nothing_new)
{
  g_autoptr(GArray) lines = split(text);
  guint end = drop_quotations(lines);
  end = without_tail(lines, end);
  end = without_disclaimer(lines, end);
  end = without_signature(lines, end);
  end = without_tail(lines, end);
  g_autofree char *reply = join(lines, end);
  if (out_nothing_new)
    *out_nothing_new = *reply == '\0';
  return *reply ? g_steal_pointer(&reply) : g_strdup(text);
}
