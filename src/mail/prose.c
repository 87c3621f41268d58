/* SPDX-License-Identifier: ISC */
#include "mail/prose.h"

#include <string.h>

#include "mail/clean.h"
#include "mail/text.h"

#define MAX_LINES        3000
#define DIAGNOSTIC_LINES 8
#define DIAGNOSTIC_BYTES 500

typedef struct {
  const char *at;
  gsize length; /* trimmed at both ends */
} Line;

typedef struct {
  SlProseCertainty certainty;
  const char *address;
  gsize length;
  guint line;
} Candidate;

typedef struct {
  const SlMail *mail;
  GArray *lines;      /* Line */
  GArray *candidates; /* Candidate */
} Report;

static GArray *
split(const char *text, const char *end)
{
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
  while (text < end && lines->len < MAX_LINES) {
    const char *newline = memchr(text, '\n', (gsize)(end - text));
    const char *stop = newline ? newline : end;
    Line line = {.at = text, .length = (gsize)(stop - text)};
    while (line.length > 0 && g_ascii_isspace(*line.at)) {
      line.at++;
      line.length--;
    }
    while (line.length > 0 && g_ascii_isspace(line.at[line.length - 1]))
      line.length--;
    g_array_append_val(lines, line);
    text = stop + 1;
  }
  return lines;
}

static gboolean
is_local(char c)
{
  return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c && strchr("!#$%&*+/=?^_`{|}~.-", c));
}

static gboolean
is_domain(char c)
{
  return g_ascii_isalnum(c) || c == '.' || c == '-'; /* prose in other scripts may follow without a blank */
}

const char *
sl_prose_address(const char *at, const char *end, gsize *out_length)
{
  for (const char *sign = at; (sign = memchr(sign, '@', (gsize)(end - sign))); sign++) {
    const char *begin = sign, *stop = sign + 1;
    while (begin > at && is_local(begin[-1]))
      begin--;
    while (stop < end && is_domain(*stop))
      stop++;
    while (stop > sign + 1 && strchr(".-", stop[-1]))
      stop--;
    gboolean dotted = memchr(sign, '.', (gsize)(stop - sign)) != NULL;
    *out_length = (gsize)(stop - begin);
    if (begin < sign && dotted && *out_length <= 320)
      return begin;
  }
  return NULL;
}

static void
note_candidate(Report *report, SlProseCertainty certainty, guint line, const char *address, gsize length)
{
  Candidate candidate = {.certainty = certainty, .address = address, .length = length, .line = line};
  if (report->candidates->len < SL_PROSE_MAX_RECIPIENTS)
    g_array_append_val(report->candidates, candidate);
}

static gboolean
is_in(const GPtrArray *mailboxes, const char *address, gsize length)
{
  for (guint i = 0; i < mailboxes->len; i++) {
    const SlMailbox *mailbox = mailboxes->pdata[i];
    if (strlen(mailbox->address) == length && g_ascii_strncasecmp(mailbox->address, address, length) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The one who is told, or the one who tells. */
static gboolean
is_party(const SlMail *mail, const char *address, gsize length)
{
  static const char *const offices[] = {"postmaster@", "mailer-daemon@", "abuse@", "hostmaster@"};
  const SlMailbox *from = mail->from;
  return is_in(mail->to, address, length) || is_in(mail->cc, address, length) ||
         (from && strlen(from->address) == length && g_ascii_strncasecmp(from->address, address, length) == 0) ||
         sl_text_begins_with_any(address, length, offices, G_N_ELEMENTS(offices));
}

/* A line that begins with the address: "<ann@x>: why", "ann@x on Monday", "ann@x<mailto:ann@x>", "ann@x". Where prose
 * follows, it may as well be a salutation. */
static SlProseCertainty
weigh_beginning(const Report *report, const Line *line, const char *address, gsize length)
{
  const char *open = line->at;
  while (open < address && strchr("<\"'*-> \t", *open))
    open++;
  if (open != address)
    return SL_PROSE_NEVER;
  const char *behind = address + length, *end = line->at + line->length;
  if (behind == end || strchr(">:\"'<;(", *behind) || sl_text_begins(behind, (gsize)(end - behind), "...") ||
      sl_text_begins(behind, (gsize)(end - behind), " on "))
    return SL_PROSE_SURELY;
  return is_party(report->mail, address, length) ? SL_PROSE_NEVER : SL_PROSE_LIKELY;
}

/* "550 5.1.1 <ann@x>... User unknown", as sendmail's transcripts have it, marks of a dialogue before it. */
static gboolean
follows_reply_code(const Line *line, const char *address)
{
  const char *at = line->at;
  while (at < address && strchr("<> ", *at))
    at++;
  if (address - at < 5 || !strchr("45", *at) || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]))
    return FALSE;
  at += 3;
  while (at < address && (g_ascii_isdigit(*at) || strchr(" .-<", *at)))
    at++;
  return at == address;
}

/* "No such mailbox: ", and not the field of a header. */
static gboolean
is_label(const char *before)
{
  static const char *const fields[] = {"to",      "from",        "cc",   "sender", "reply-to",
                                       "subject", "return-path", "date", "bcc"};
  g_autofree char *label = g_strstrip(g_strdup(before));
  gsize n = strlen(label);
  while (n > 0 && strchr("<\"' ", label[n - 1]))
    label[--n] = '\0';
  if (n < 4 || label[n - 1] != ':')
    return FALSE;
  label[n - 1] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
    if (strcmp(label, fields[i]) == 0)
      return FALSE;
  return TRUE;
}

/* Does the line say before the address that what follows is whom it did not reach? */
static SlProseCertainty
weigh_label(const Line *line, const char *address)
{
  static const char *const sure[] = {
      "recipient",    "delivered to", "delivering your",  "delivery to", "deliver message to", "send your message to",
      "unknown user", "userid",       "undeliverable to", "not reach",   "failed for",         "failed address"};
  static const char *const likely[] = {"rcpt to:", "expanded from", "generated by", "sent to", "message to", "mail to"};
  g_autofree char *before = g_ascii_strdown(line->at, address - line->at);
  if (strlen(before) > 300)
    return SL_PROSE_NEVER;
  if (strstr(before, "contact") || strstr(before, "mail from:") || strstr(before, "please"))
    return SL_PROSE_NEVER;
  for (guint i = 0; i < G_N_ELEMENTS(sure); i++)
    if (strstr(before, sure[i]))
      return SL_PROSE_SURELY;
  for (guint i = 0; i < G_N_ELEMENTS(likely); i++)
    if (strstr(before, likely[i]))
      return SL_PROSE_LIKELY;
  return is_label(before) ? SL_PROSE_LIKELY : SL_PROSE_NEVER;
}

static void
read_line(Report *report, guint i)
{
  const Line *line = &g_array_index(report->lines, Line, i);
  gsize length;
  const char *address = sl_prose_address(line->at, line->at + line->length, &length);
  if (!address)
    return;
  SlProseCertainty certainty = weigh_beginning(report, line, address, length);
  if (certainty < SL_PROSE_SURELY && follows_reply_code(line, address))
    certainty = SL_PROSE_SURELY;
  if (certainty < SL_PROSE_SURELY)
    certainty = MAX(certainty, weigh_label(line, address));
  if (certainty == SL_PROSE_NEVER && !is_party(report->mail, address, length))
    certainty = SL_PROSE_PERHAPS;
  if (certainty > SL_PROSE_NEVER)
    note_candidate(report, certainty, i, address, length);
}

/* What was said of the candidate: the line that a reply code begins, or the rest of its line and what follows, up to an
 * empty line or the next one. Where nothing is said there, the next paragraph. Owned; "" for none. */
static char *
said_of(const Report *report, const Candidate *candidate)
{
  g_autoptr(GString) said = g_string_new("");
  const Line *line = &g_array_index(report->lines, Line, candidate->line);
  const char *rest = candidate->address + candidate->length, *end = line->at + line->length;
  if (follows_reply_code(line, candidate->address))
    rest = line->at + strspn(line->at, "<> ");
  while (rest < end && strchr(">:\"'.; \t", *rest))
    rest++;
  g_string_append_len(said, rest, MIN(end - rest, DIAGNOSTIC_BYTES));
  for (guint i = candidate->line + 1, n = 0; i < report->lines->len && n < DIAGNOSTIC_LINES; i++) {
    const Line *next = &g_array_index(report->lines, Line, i);
    gsize length;
    const char *address = sl_prose_address(next->at, next->at + next->length, &length);
    if (address && weigh_beginning(report, next, address, length) == SL_PROSE_SURELY)
      break;
    if (next->length == 0 && said->len > 0)
      break;
    if (next->length == 0)
      continue;
    g_string_append_printf(said, "%s%.*s", said->len ? " " : "", (int)MIN(next->length, DIAGNOSTIC_BYTES), next->at);
    n++;
  }
  g_autofree char *valid = g_utf8_make_valid(said->str, (gssize)said->len);
  return sl_text_clean_line(valid, DIAGNOSTIC_BYTES);
}

static void
clear_recipient(SlProseRecipient *recipient)
{
  g_free(recipient->address);
  g_free(recipient->said);
}

GArray *
sl_prose_read(const SlMail *mail, const char *text, gsize length)
{
  g_autoptr(GArray) lines = split(text, text + length);
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
  Report report = {.mail = mail, .lines = lines, .candidates = candidates};
  GArray *recipients = g_array_new(FALSE, FALSE, sizeof(SlProseRecipient));
  g_array_set_clear_func(recipients, (GDestroyNotify)clear_recipient);
  for (guint i = 0; i < lines->len; i++)
    read_line(&report, i);
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = &g_array_index(candidates, Candidate, i);
    SlProseRecipient recipient = {.certainty = candidate->certainty, .said = said_of(&report, candidate)};
    recipient.address = g_strndup(candidate->address, candidate->length);
    g_array_append_val(recipients, recipient);
  }
  return recipients;
}
