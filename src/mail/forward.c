/* SPDX-License-Identifier: ISC */
#include "mail/forward.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/prose.h"
#include "mail/text.h"
#include "mail/when.h"

#define MAX_FIELD_LINES 20
#define MAX_GAP_LINES   3 /* empty lines between the announcement and the fields */
#define MAX_LINE_BYTES  1000

/* A line without marks of quotation, emphasis and blanks around it. */
typedef struct {
  const char *at, *next;
  gsize length;
} Line;

typedef enum { NONE, FROM, DATE, SUBJECT, TO } Field;

static const struct {
  const char *label;
  Field field;
} labels[] = {
    {"from", FROM},
    {"von", FROM},
    {"de", FROM},
    {"da", FROM},
    {"date", DATE},
    {"sent", DATE},
    {"gesendet", DATE},
    {"datum", DATE},
    {"fecha", DATE},
    {"enviado", DATE},
    {"enviado el", DATE},
    {"envoyé", DATE},
    {"envoyé le", DATE},
    {"data", DATE},
    {"inviato", DATE},
    {"subject", SUBJECT},
    {"betreff", SUBJECT},
    {"asunto", SUBJECT},
    {"objet", SUBJECT},
    {"sujet", SUBJECT},
    {"oggetto", SUBJECT},
    {"assunto", SUBJECT},
    {"to", TO},
    {"an", TO},
    {"para", TO},
    {"à", TO},
    {"pour", TO},
    {"cc", TO},
    {"kopie", TO},
    {"reply-to", TO},
    {"antwort an", TO},
    {"antwort-an", TO},
    {"responder a", TO},
    {"répondre à", TO},
    {"importance", TO},
    {"organisation", TO},
    {"copie à", TO},
    {"bcc", TO},
    {"a", TO},
    {"resent-from", TO},
};

/* What Gmail, Apple and Thunderbird put over a forward, dashes around it or not. */
static const char *const announcements[] = {
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "comienzo del mensaje reenviado",
    "message transféré",
    "début du message transféré",
    "début du message réexpédié",
    "message transmis",
    "début du message transmis",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "mensagem encaminhada",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
};

static const char *const forward_prefixes[] = {"fwd", "fw", "wg",     "rv",    "tr", "i",
                                               "enc", "vb", "doorst", "reenv", "wtr"};

gboolean
sl_forward_subject(const char *subject)
{
  gsize n = strcspn(subject, ":");
  if (subject[n] != ':')
    return FALSE;
  g_autofree char *prefix = g_strstrip(g_ascii_strdown(subject, (gssize)n));
  for (guint i = 0; i < G_N_ELEMENTS(forward_prefixes); i++)
    if (strcmp(prefix, forward_prefixes[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_mark(char c)
{
  return c && strchr("> \t*|", c);
}

static Line
line_at(const char *at)
{
  gsize n = strcspn(at, "\n");
  Line line = {.at = at, .length = n, .next = at + n + (at[n] == '\n')};
  while (line.length > 0 && is_mark(*line.at)) {
    line.at++;
    line.length--;
  }
  while (line.length > 0 && is_mark(line.at[line.length - 1]))
    line.length--;
  return line;
}

static char *
lowered(const Line *line)
{
  g_autofree char *copy = g_strndup(line->at, MIN(line->length, MAX_LINE_BYTES));
  g_autofree char *valid = g_utf8_make_valid(copy, -1);
  return g_utf8_strdown(valid, -1);
}

static gboolean
is_announcement(const Line *line)
{
  if (line->length < 12 || line->length > 120)
    return FALSE;
  g_autofree char *lower = lowered(line);
  gsize dashes = strspn(lower, "-–_= ");
  for (guint i = 0; i < G_N_ELEMENTS(announcements); i++) {
    if (!g_str_has_prefix(lower + dashes, announcements[i]))
      continue;
    const char *rest = lower + dashes + strlen(announcements[i]);
    rest += strspn(rest, " :-_=\302\240");
    if (*rest == '\0' || g_str_has_prefix(rest, "from") || g_str_has_prefix(rest, "–"))
      return TRUE;
  }
  return FALSE;
}

/* "Von: Ann", "*De :* Ann", "Subject: | x" of a table. *out_value is what follows; NONE for no field. */
static Field
field_of(const Line *line, const char **out_value)
{
  const char *colon = memchr(line->at, ':', MIN(line->length, 40));
  if (!colon)
    return NONE;
  Line label = {.at = line->at, .length = (gsize)(colon - line->at)};
  g_autofree char *lower = lowered(&label);
  for (gsize n = strlen(lower); n > 0; n = strlen(lower)) {
    gboolean blank = strchr(" *\t", lower[n - 1]) != NULL;
    gboolean no_break = n > 1 && g_str_has_suffix(lower, "\302\240");
    if (!blank && !no_break)
      break;
    lower[n - (no_break ? 2 : 1)] = '\0';
  }
  *out_value = colon + 1;
  for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
    if (strcmp(lower, labels[i].label) == 0)
      return labels[i].field;
  return NONE;
}

/* The block of fields: its values by field, and where the text below it begins. */
typedef struct {
  GString *values[TO + 1];
  gboolean english;
  const char *text;
} Block;

static void
append_value(Block *block, Field field, const char *at, const char *end)
{
  while (at < end && is_mark(*at))
    at++;
  GString *value = block->values[field];
  if (value->len > 0)
    g_string_append_c(value, ' ');
  g_string_append_len(value, at, MIN(end - at, MAX_LINE_BYTES));
}

/* Fields stand together; a line among them that is none goes on with the one before. Empty lines may stand between
 * them where each was a paragraph, but the text begins at the first line behind an empty one that is no field. */
static gboolean
read_block(Block *block, const char *at)
{
  Field last = NONE;
  guint fields = 0, gap = 0;
  for (guint i = 0; *at && i < MAX_FIELD_LINES; i++) {
    Line line = line_at(at);
    const char *value;
    Field field = line.length > 0 ? field_of(&line, &value) : NONE;
    gboolean again = field != NONE && field != TO && block->values[field]->len > 0;
    if ((last == NONE && gap > MAX_GAP_LINES) || again ||
        (field == NONE && line.length > 0 && (gap > 0 || last == NONE)))
      break;
    if (field != NONE) {
      block->english = block->english || (field == DATE && g_ascii_strncasecmp(line.at, "sent", 4) == 0) ||
                       (field == FROM && g_ascii_strncasecmp(line.at, "from", 4) == 0);
      append_value(block, field, value, line.at + line.length);
      fields++;
      last = field;
    } else if (line.length > 0) {
      append_value(block, last, line.at, line.at + line.length);
    }
    gap = line.length == 0 ? gap + 1 : 0;
    at = line.next;
  }
  block->text = at;
  return fields >= 2 && block->values[FROM]->len > 0;
}

/* Behind the announcement, or where Outlook's block begins; NULL where nothing is forwarded. */
static const char *
find_block(const SlMail *mail)
{
  gboolean by_subject = sl_forward_subject(mail->subject);
  const char *value;
  for (const char *at = mail->text; *at;) {
    Line line = line_at(at);
    if (is_announcement(&line))
      return line.next;
    if (by_subject && line.length > 0 && field_of(&line, &value) == FROM) {
      Line below = line_at(line.next);
      gboolean more = below.length > 0 && field_of(&below, &value) != NONE;
      if (more || memchr(line.at, '@', line.length))
        return at;
    }
    at = line.next;
  }
  return NULL;
}

/* Quoted lines lose one mark, where all of them have one. */
static char *
unquoted(const char *text)
{
  g_autoptr(GString) out = g_string_new("");
  gboolean all = TRUE;
  for (const char *at = text; *at && all;) {
    gsize n = strcspn(at, "\n");
    all = n == 0 || *at == '>' || strspn(at, " \t") == n;
    at += n + (at[n] == '\n');
  }
  if (!all)
    return sl_text_tidy(text);
  for (const char *at = text; *at;) {
    gsize n = strcspn(at, "\n"), skip = *at == '>';
    skip += skip && n > 1 && at[1] == ' ';
    g_string_append_len(out, at + skip, (gssize)(n - skip));
    g_string_append_c(out, '\n');
    at += n + (at[n] == '\n');
  }
  return sl_text_tidy(out->str);
}

/* "Ann Lee <ann@x>", "Ann Lee [mailto:ann@x]", "\"Lee, Ann\" (ann@x)", "ann@x". NULL for a name alone. */
static SlMailbox *
read_sender(const char *value)
{
  gsize length;
  const char *address = sl_prose_address(value, value + strlen(value), &length);
  if (!address)
    return NULL;
  g_autofree char *spec = g_strndup(address, length);
  g_autofree char *before = g_strndup(value, (gsize)(address - value));
  char *scheme = strstr(before, "mailto:");
  if (scheme)
    *scheme = '\0';
  for (gsize n = strlen(before); n > 0 && strchr(" <[(\"'\t*", before[n - 1]); n = strlen(before))
    before[n - 1] = '\0';
  g_autofree char *name = sl_text_clean_line(before + strspn(before, " \"'"), 256);
  return sl_address_is_valid(spec) ? sl_mailbox_new(name, spec) : NULL;
}

static SlForwarded *
make(const Block *block, int zone_sec)
{
  SlMailbox *from = read_sender(block->values[FROM]->str);
  if (!from)
    return NULL;
  SlForwarded *forwarded = g_new0(SlForwarded, 1);
  forwarded->from = from;
  forwarded->date = sl_when_read(block->values[DATE]->str, block->english, zone_sec);
  g_autofree char *subject = g_utf8_make_valid(block->values[SUBJECT]->str, -1);
  forwarded->subject = sl_text_clean_line(subject, 998);
  forwarded->text = unquoted(block->text);
  return forwarded;
}

SlForwarded *
sl_forward_read(const SlMail *mail)
{
  const char *begin = find_block(mail);
  if (!begin)
    return NULL;
  Block block = {0};
  for (guint i = 0; i < G_N_ELEMENTS(block.values); i++)
    block.values[i] = g_string_new("");
  SlForwarded *forwarded = read_block(&block, begin) ? make(&block, mail->date_zone_sec) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(block.values); i++)
    g_string_free(block.values[i], TRUE);
  return forwarded;
}
