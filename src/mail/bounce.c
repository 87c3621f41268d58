/* SPDX-License-Identifier: ISC */
#include "mail/bounce.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/dsn.h"
#include "mail/prose.h"
#include "mail/text.h"

#define MAX_COPY_LINES   3000
#define MAX_REPORT_BYTES 65536 /* of prose above a returned mail */

typedef struct {
  SlMail *mail;
  const GArray *recipients; /* SlProseRecipient */
  gboolean delay;
} Report;

/* How servers announce the mail that they return; and how its own header begins. */
static gboolean
announces_copy(const char *at, gsize length)
{
  static const char *const words[] = {
      "below this line is a copy",
      "this is a copy of",
      "original message",
      "message headers follow",
      "message header",
      "headers of the original",
      "header of the original",
      "the header of the original",
      "returned message",
      "unsent message",
      "included is a copy",
      "below is a copy",
      "the following is a copy",
      "copy of the message",
      "original mail",
      "undelivered message",
      "your message follows",
      "the original message follows",
      "the body of the original",
      "forwarded message",
      "start of returned",
      "begin of returned",
      "received: from",
      "received: by",
      "return-path:",
      "your original message",
      "message text follows",
      "rejected message",
  };
  while (length > 0 && strchr("-=*#_ |>", *at)) {
    at++;
    length--;
  }
  /* sendmail's first sentence: "The original message was received at" */
  return sl_text_begins_with_any(at, length, words, G_N_ELEMENTS(words)) && !sl_text_begins(at, length, "original message was") &&
         length < 120;
}

const char *
sl_bounce_returned(const char *text)
{
  while (*text) {
    gsize n = strcspn(text, "\n"), blank = strspn(text, " \t");
    if (blank < n && announces_copy(text + blank, n - blank))
      return text;
    text += n + (text[n] == '\n');
  }
  return text;
}

static gboolean
has_words(const char *text, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (strstr(text, words[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_delay(const char *lower)
{
  static const char *const words[] = {
      "(delay)",
      "transient non-fatal",
      "still undelivered",
      "zustellung verzögert",
      "verzögert sich",
      "se ha retrasado",
      "a été retardé",
      "est différé",
      "in ritardo",
      "delayed mail",
      "been delayed",
      "delivery is delayed",
      "delivery delayed",
      "warning message only",
      "warning only",
      "need to resend",
      "will be retried",
      "being retried",
      "will keep trying",
      "will continue to",
      "not yet been deliver",
      "has not been delivered yet",
      "continue trying",
      "delivery attempts will continue",
      "wird weiter versucht",
      "still trying",
      "message delayed",
  };
  return has_words(lower, words, G_N_ELEMENTS(words));
}

static gboolean
is_known(const SlMail *mail, const char *address)
{
  for (guint i = 0; i < mail->dsn->len; i++) {
    const SlDsn *dsn = mail->dsn->pdata[i];
    if (dsn->recipient && sl_address_equal(dsn->recipient, address))
      return TRUE;
  }
  return FALSE;
}

static void
add_dsn(SlMail *mail, const char *address, const char *said, gboolean delay)
{
  g_autofree char *valid = g_utf8_make_valid(address, -1);
  g_autofree char *recipient = sl_text_clean_line(valid, 320);
  if (!sl_address_is_valid(recipient) || is_known(mail, recipient) || mail->dsn->len >= SL_PROSE_MAX_RECIPIENTS)
    return;
  SlDsn *dsn = g_new0(SlDsn, 1);
  dsn->recipient = g_steal_pointer(&recipient);
  dsn->action = g_strdup(delay ? "delayed" : "failed");
  dsn->diagnostic = said && *said ? g_strdup(said) : NULL;
  dsn->status = said ? sl_dsn_status_in(said) : NULL;
  if (dsn->status && *dsn->status == '2') /* of another step of the dialogue */
    g_clear_pointer(&dsn->status, g_free);
  dsn->kind = g_strdup(sl_dsn_kind(dsn->action, dsn->status, dsn->diagnostic));
  g_ptr_array_add(mail->dsn, dsn);
}

static const char *
said_of(const Report *report, const char *address)
{
  for (guint i = 0; i < report->recipients->len; i++) {
    const SlProseRecipient *recipient = &g_array_index(report->recipients, SlProseRecipient, i);
    if (sl_address_equal(recipient->address, address))
      return recipient->said;
  }
  return NULL;
}

/* Some servers name them in a header; what the text says of each is still worth reading. */
static void
take_failed_header(const Report *report)
{
  const char *value = sl_mail_header(report->mail, "X-Failed-Recipients");
  g_auto(GStrv) addresses = g_strsplit(value ? value : "", ",", SL_PROSE_MAX_RECIPIENTS);
  for (guint i = 0; addresses[i]; i++) {
    g_strstrip(addresses[i]);
    add_dsn(report->mail, addresses[i], said_of(report, addresses[i]), report->delay);
  }
}

static void
take_recipients(const Report *report, SlProseCertainty certainty)
{
  for (guint i = 0; i < report->recipients->len; i++) {
    const SlProseRecipient *recipient = &g_array_index(report->recipients, SlProseRecipient, i);
    if (recipient->certainty == certainty)
      add_dsn(report->mail, recipient->address, recipient->said, report->delay);
  }
}

/* Whom the returned mail was for: from an enclosed part, or from its header below the prose. */
static void
take_returned(const Report *report, const char *copy)
{
  SlMail *mail = report->mail;
  if (mail->returned_to)
    add_dsn(mail, mail->returned_to, NULL, report->delay);
  for (guint i = 0; mail->dsn->len == 0 && *copy && i < MAX_COPY_LINES; i++) {
    gsize n = strcspn(copy, "\n"), length;
    const char *address = sl_text_begins(copy, n, "To:") ? sl_prose_address(copy, copy + n, &length) : NULL;
    g_autofree char *bare = address ? g_strndup(address, length) : NULL;
    if (bare)
      add_dsn(mail, bare, NULL, report->delay);
    copy += n + (copy[n] == '\n');
  }
}

/* The fields of a report (RFC 3464) within the text, quoted perhaps. */
static void
take_fields(SlMail *mail, const char *text, gsize length)
{
  g_autoptr(GString) plain = g_string_sized_new(length + 1);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)sl_dsn_free);
  for (const char *at = text, *end = text + length; at < end;) {
    const char *newline = memchr(at, '\n', (gsize)(end - at));
    const char *stop = newline ? newline : end;
    while (at < stop && *at == '>')
      at++;
    at += at < stop && *at == ' ' && at > text && at[-1] == '>';
    g_string_append_len(plain, at, stop - at);
    g_string_append_c(plain, '\n');
    at = stop + 1;
  }
  sl_dsn_read(plain->str, plain->len, found);
  for (guint i = 0; i < found->len; i++) {
    SlDsn *dsn = found->pdata[i];
    if (!dsn->recipient || !dsn->action || !sl_address_is_valid(dsn->recipient) || is_known(mail, dsn->recipient))
      continue;
    found->pdata[i] = NULL;
    g_ptr_array_add(mail->dsn, dsn);
  }
}

static void
take_surest(const Report *report, const char *copy)
{
  const GPtrArray *dsn = report->mail->dsn;
  take_recipients(report, SL_PROSE_SURELY);
  if (dsn->len == 0)
    take_failed_header(report);
  if (dsn->len == 0)
    take_recipients(report, SL_PROSE_LIKELY);
  if (dsn->len == 0)
    take_returned(report, copy);
  if (dsn->len == 0)
    take_recipients(report, SL_PROSE_PERHAPS);
}

/* Of a single recipient the status may stand anywhere in the prose. */
static void
find_status(const Report *report, const char *above)
{
  SlDsn *dsn = report->mail->dsn->len == 1 ? report->mail->dsn->pdata[0] : NULL;
  if (!dsn || dsn->status)
    return;
  g_autofree char *status = sl_dsn_status_in(above);
  if (!status || *status == '2')
    return;
  dsn->status = g_steal_pointer(&status);
  g_free(dsn->kind);
  dsn->kind = g_strdup(sl_dsn_kind(dsn->action, dsn->status, dsn->diagnostic));
}

static void
read_text(SlMail *mail)
{
  const char *copy = sl_bounce_returned(mail->text);
  gsize length = MIN((gsize)(copy - mail->text), MAX_REPORT_BYTES);
  take_fields(mail, mail->text, length);
  if (mail->dsn->len > 0)
    return;
  g_autofree char *above = g_strndup(mail->text, length);
  g_autofree char *all = g_strdup_printf("%s\n%s", mail->subject, above);
  g_autofree char *lower = g_ascii_strdown(all, -1);
  g_autoptr(GArray) recipients = sl_prose_read(mail, mail->text, length);
  Report report = {.mail = mail, .recipients = recipients, .delay = is_delay(lower)};
  take_surest(&report, copy);
  find_status(&report, above);
}

/* What the part said of the pipe is true of the address. */
static void
adopt(SlDsn *dsn, SlDsn *part)
{
  char **const slots[] = {&dsn->action, &dsn->status, &dsn->diagnostic, &dsn->kind};
  char **const told[] = {&part->action, &part->status, &part->diagnostic, &part->kind};
  for (guint i = 0; i < G_N_ELEMENTS(slots); i++) {
    if (!*told[i])
      continue;
    g_free(*slots[i]);
    *slots[i] = g_steal_pointer(told[i]);
  }
}

void
sl_bounce_read(SlMail *mail)
{
  SlDsn *only = mail->dsn->len == 1 ? mail->dsn->pdata[0] : NULL;
  gboolean nameless = only && !(only->recipient && sl_address_is_valid(only->recipient));
  if (mail->dsn->len > 0 && !nameless)
    return;
  if (nameless)
    g_ptr_array_steal_index(mail->dsn, 0);
  read_text(mail);
  if (nameless && mail->dsn->len > 0) {
    adopt(mail->dsn->pdata[0], only);
    sl_dsn_free(only);
  } else if (nameless) {
    g_ptr_array_add(mail->dsn, only);
  }
}

gboolean
sl_bounce_tells(const char *text)
{
  static const char *const words[] = {
      "could not be delivered",
      "couldn't be delivered",
      "cannot be delivered",
      "can't be delivered",
      "was not delivered",
      "wasn't delivered",
      "not able to deliver",
      "unable to deliver",
      "wasn't able to deliver",
      "delivery failed",
      "delivery has failed",
      "failed to deliver",
      "undeliverable",
      "delivery to the following",
      "did not reach the following",
      "error delivering",
      "permanent error",
      "user unknown",
      "unknown user",
      "no such user",
      "returned to sender",
      "delivery failure",
      "trouble delivering",
      "konnte nicht zugestellt",
      "nicht zugestellt werden",
      "no se pudo entregar",
      "n'a pas pu être",
      "non è stato possibile recapitar",
  };
  gsize length = MIN((gsize)(sl_bounce_returned(text) - text), MAX_REPORT_BYTES);
  g_autofree char *lower = g_ascii_strdown(text, (gssize)length);
  return has_words(lower, words, G_N_ELEMENTS(words));
}
