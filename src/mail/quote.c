/* SPDX-License-Identifier: ISC */
#include "mail/quote.h"

#include <string.h>

#define HEADER_LINES    6 /* over which a mail program may break "On … wrote:" */
#define HEADER_BYTES    500
#define BLOCK_LINES     10 /* in which Outlook's From:, Sent:, To:, Subject: stand */
#define SIGNATURE_LINES 15 /* more than that behind "-- " is no signature */
#define SHORT_LINE      200

/* A line of the text; bytes are not NUL-terminated. */
typedef struct {
  const char *at;
  gsize length; /* trimmed at both ends */
  gboolean quoted, dropped;
} Line;

/* A header over quoted text: "On Tue, Ann wrote:". */
static const struct {
  const char *opens, *says;
} headers[] = {
    {"on ", "wrote"},
    {"on ", "writes"},
    {"am ", "schrieb"},
    {"le ", "a écrit"},
    {"le ", "écrit"},
    {"el ", "escribió"},
    {"il ", "ha scritto"},
    {"em ", "escreveu"},
    {"op ", "schreef"},
    {"den ", "skrev"},
    {"på ", "skrev"},
    {"w dniu ", "napisał"},
    {"dnia ", "napisał"},
    {"dne ", "napsal"},
    {"kl. ", "skrev"},
    {"vào ", "đã viết"},
    {"la ", "a scris"},
    {"a ", "escribió"},
    {"op ", "het volgende geschreven"},
    {"il giorno ", "scritto"},
    {"в ", "пишет"},
    {"w dniu ", "pisze"},
    {"el ", "va escriure"},
};

/* The words of a header that begins with the name instead of the date. */
static const char *const sayings[] = {
    "wrote:", "writes:",  "schrieb:",    "a écrit :", "a écrit:", "escribió:",   "scritto:",   "escreveu:", "schreef:",
    "skrev:", "napisał:", "napisał(a):", "пишет:",    "написал:", "geschreven:", "kirjoitti:", "a scris:"};

/* Between dashes: what follows is the old mail. */
static const char *const dividers[] = {
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message original",
    "message initial",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "original meddelelse",
    "opprinnelig melding",
    "forwarded message",
    "message transféré",
    "mensaje reenviado",
    "original email",
    "исходное сообщение",
    "пересылаемое сообщение",
    "reply above this line",
    "messaggio inoltrato",
    "reply message",
    "oprindelig besked",
    "original mail",
    "alkuperäinen viesti",
};

/* Names of the fields in Outlook's block, by what they tell. */
static const char *const from_words[] = {"from",   "von",    "de",        "da",       "från",      "fra",
                                         "van",    "od",     "от",        "mittente", "lähettäjä", "差出人",
                                         "发件人", "寄件者", "보낸 사람", "від",      "feladó",    "gönderen"};
static const char *const other_words[] = {
    "sent",    "date",       "to",         "subject",       "cc",         "gesendet",   "datum",
    "an",      "betreff",    "kopie",      "envoyé",        "à",          "objet",      "date",
    "enviado", "enviado el", "enviada em", "fecha",         "para",       "asunto",     "assunto",
    "inviato", "a",          "oggetto",    "verzonden",     "aan",        "onderwerp",  "skickat",
    "till",    "ämne",       "sendt",      "til",           "emne",       "wysłano",    "do",
    "temat",   "reply-to",   "importance", "inviato il",    "data",       "отправлено", "кому",
    "тема",    "envoyé le",  "sent at",    "lähetetty",     "aihe",       "送信日時",   "宛先",
    "件名",    "发送时间",   "收件人",     "主题",          "日期",       "寄件日期",   "收件者",
    "主旨",    "보낸 날짜",  "받는 사람",  "제목",          "надіслано",  "тема",       "gönderilme tarihi",
    "kime",    "konu",       "lähetetty",  "vastaanottaja", "enviado em", "抄送",
};

static const char *const phone_marks[] = {
    "sent from my ",
    "sent from mail for ",
    "get outlook for ",
    "sent from outlook",
    "sent via ",
    "sent with ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "envoyé depuis ",
    "enviado desde ",
    "inviato da ",
    "enviado do meu ",
    "sendt fra ",
    "skickat från ",
    "verzonden vanaf ",
    "sent from yahoo",
    "sent using ",
    "diese nachricht wurde von ",
    "sent from the ",
    "verstuurd vanaf ",
    "sent from samsung",
    "sent from a ",
};

static gboolean
has_prefix(const char *lower, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix(lower, words[i]))
      return TRUE;
  return FALSE;
}

/* The line in lower case without marks of quotation and of emphasis around it; long lines are cut. Owned. */
static char *
lowered(const Line *line)
{
  const char *at = line->at, *end = at + line->length;
  while (at < end && strchr("> \t*", *at))
    at++;
  while (end > at && strchr(" \t*", end[-1]))
    end--;
  g_autofree char *copy = g_strndup(at, MIN((gsize)(end - at), HEADER_BYTES));
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

static gboolean
ends_header(const char *lower)
{
  return g_str_has_suffix(lower, ":") || g_str_has_suffix(lower, "：") || g_str_has_suffix(lower, "----");
}

static gboolean
opens_header(const char *lower)
{
  lower += strspn(lower, "-– ");
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
    if (g_str_has_prefix(lower, headers[i].opens))
      return TRUE;
  return FALSE;
}

static gboolean
says_header(const char *lower)
{
  lower += strspn(lower, "-– ");
  if (!ends_header(lower) || !strpbrk(lower, "0123456789"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
    const char *says = g_str_has_prefix(lower, headers[i].opens) ? strstr(lower, headers[i].says) : NULL;
    if (says)
      return TRUE;
  }
  return FALSE;
}

/* "2016-03-03 17:21 GMT+01:00 Some One <foo@bar.com>:" */
static gboolean
is_dated(const char *lower)
{
  return g_ascii_isdigit(*lower) && strchr(lower, '@') &&
         (g_str_has_suffix(lower, ">:") || g_str_has_suffix(lower, "):")) && strspn(lower, "0123456789-/.") >= 8;
}

static gboolean
is_named(const char *lower)
{
  for (guint i = 0; i < G_N_ELEMENTS(sayings); i++)
    if (g_str_has_suffix(lower, sayings[i]))
      return strlen(lower) < SHORT_LINE;
  return FALSE;
}

static guint
next_filled(GArray *lines, guint i, guint end)
{
  while (i < end && nth(lines, i)->length == 0)
    i++;
  return i;
}

/* "10:30" or "2026": what a line that only goes on from the one before seldom has. */
static gboolean
has_date(const char *lower)
{
  for (; *lower; lower++) {
    gsize n = strspn(lower, "0123456789");
    if (n == 0)
      continue;
    if (n == 4 || (n <= 2 && (lower[n] == ':' || lower[n] == '.') && g_ascii_isdigit(lower[n + 1])))
      return TRUE;
    lower += n - 1;
  }
  return FALSE;
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
    return has_date(first) && strchr(all, '@') ? k - i + 1 : 0;
  }
  return 0;
}

/* "On … wrote:", over as many lines as a mail program may break it. */
static guint
told_header_length(GArray *lines, guint i, guint end)
{
  g_autoptr(GString) all = g_string_new("");
  for (guint k = i; k < MIN(end, i + HEADER_LINES) && all->len < HEADER_BYTES; k++) {
    g_autofree char *more = lowered(nth(lines, k));
    g_string_append_printf(all, "%s%s", *more && all->len ? " " : "", more);
    if (says_header(all->str))
      return k - i + 1;
  }
  return 0;
}

/* How many lines from `i` on are a header over quoted text; 0: none. A name alone needs quoted lines below it. Where
 * the next line could begin the header as well, this one is the sender's. */
static guint
header_length(GArray *lines, guint i, guint end)
{
  g_autofree char *first = lowered(nth(lines, i));
  if (is_dated(first))
    return 1;
  guint below = next_filled(lines, i + 1, MIN(end, i + 4));
  gboolean over_quote = below < MIN(end, i + 4) && nth(lines, below)->quoted && !nth(lines, i)->quoted;
  if (is_named(first) && (strpbrk(first, "@<") || over_quote))
    return 1;
  guint told = opens_header(first) ? told_header_length(lines, i, end) : 0;
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
    if (says_header(lower) && strchr(lower, '@'))
      return n;
  }
  return 0;
}

static gboolean
is_field(const Line *line, const char *const *words, guint n)
{
  g_autofree char *lower = lowered(line);
  char *colon = strchr(lower, ':'), *wide = strstr(lower, "：");
  if (wide && (!colon || wide < colon))
    colon = wide;
  if (!colon || colon - lower > 30)
    return FALSE;
  *colon = '\0';
  g_strchomp(lower);
  g_strdelimit(lower, "*", ' ');
  g_strchomp(lower);
  for (guint i = 0; i < n; i++)
    if (strcmp(lower, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* From: and at least two more fields close below it; a From with an address needs only the date right under it. */
static gboolean
is_block(GArray *lines, guint i, guint end)
{
  if (!is_field(nth(lines, i), from_words, G_N_ELEMENTS(from_words)))
    return FALSE;
  static const char *const dates[] = {"date", "sent", "datum", "gesendet", "envoyé", "fecha", "enviado", "data"};
  if (i + 1 < end && memchr(nth(lines, i)->at, '@', nth(lines, i)->length) &&
      is_field(nth(lines, i + 1), dates, G_N_ELEMENTS(dates)))
    return TRUE;
  guint fields = 0, empty = 0;
  for (guint k = i + 1; k < MIN(end, i + BLOCK_LINES) && empty < 2; k++) {
    empty += nth(lines, k)->length == 0;
    fields += is_field(nth(lines, k), other_words, G_N_ELEMENTS(other_words));
  }
  return fields >= 2;
}

static gboolean
is_divider(const Line *line)
{
  if (line->length < 8 || line->length > SHORT_LINE)
    return FALSE;
  g_autofree char *lower = lowered(line);
  if (g_str_has_prefix(lower, "begin forwarded message"))
    return TRUE;
  gsize marks = strspn(lower, "-_=# ");
  return marks >= 2 && has_prefix(lower + marks, dividers, G_N_ELEMENTS(dividers));
}

static gboolean
is_rule(const Line *line)
{
  gsize n = 0;
  while (n < line->length && strchr("_-=*", line->at[n]))
    n++;
  return n == line->length && n >= 5;
}

/* The last line that belongs to the quoted block at `i`, its inner empty lines included, plus one. */
static guint
quoted_end(GArray *lines, guint i, guint end)
{
  guint last = i;
  for (guint k = i; k < end && (nth(lines, k)->quoted || nth(lines, k)->length == 0); k++)
    if (nth(lines, k)->quoted)
      last = k + 1;
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
    if (is_divider(nth(lines, i)) || is_block(lines, i, end))
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
  return has_prefix(lower, phone_marks, G_N_ELEMENTS(phone_marks));
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
sl_quote_reply(const char *text)
{
  g_autoptr(GArray) lines = split(text);
  guint end = drop_quotations(lines);
  end = without_tail(lines, end);
  end = without_signature(lines, end);
  end = without_tail(lines, end);
  g_autofree char *reply = join(lines, end);
  return *reply ? g_steal_pointer(&reply) : g_strdup(text);
}
