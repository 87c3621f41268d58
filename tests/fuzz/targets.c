/* SPDX-License-Identifier: ISC */
#include "fuzz/targets.h"

#include <string.h>

#include "desk/orders.h"
#include "desk/triage.h"
#include "desk/when.h"
#include "mail/addresses.h"
#include "mail/bounce.h"
#include "mail/clean.h"
#include "mail/dsn.h"
#include "mail/forward.h"
#include "mail/gmime-auto.h"
#include "mail/origin.h"
#include "mail/parse.h"
#include "mail/quote.h"
#include "mail/sns.h"
#include "mail/text.h"
#include "mail/words.h"

/* Text keeps newline and tabulator, a line neither. */
static void
must_be_clean(const char *text, gboolean line)
{
  if (!text)
    return;
  g_assert(g_utf8_validate(text, -1, NULL));
  for (const char *at = text; *at; at++)
    g_assert((guchar)*at >= ' ' || (!line && (*at == '\n' || *at == '\t')));
}

static void
must_be_lines(const GPtrArray *strings)
{
  for (guint i = 0; i < strings->len; i++)
    must_be_clean(strings->pdata[i], TRUE);
}

static void
must_be_mailboxes(const GPtrArray *mailboxes)
{
  for (guint i = 0; i < mailboxes->len; i++) {
    const SlMailbox *mailbox = mailboxes->pdata[i];
    must_be_clean(mailbox->name, TRUE);
    must_be_clean(mailbox->address, TRUE);
    g_assert(strchr(mailbox->address, '@'));
  }
}

static void
must_be_dsn(const GPtrArray *dsn)
{
  for (guint i = 0; i < dsn->len; i++) {
    const SlDsn *group = dsn->pdata[i];
    must_be_clean(group->recipient, TRUE);
    must_be_clean(group->action, TRUE);
    must_be_clean(group->status, TRUE);
    must_be_clean(group->diagnostic, TRUE);
    g_assert_nonnull(group->kind);
  }
}

static void
must_be_forwarded(const SlForwarded *forwarded)
{
  if (!forwarded)
    return;
  must_be_clean(forwarded->from->address, TRUE);
  must_be_clean(forwarded->from->name, TRUE);
  must_be_clean(forwarded->subject, TRUE);
  must_be_clean(forwarded->text, FALSE);
}

static void
must_be_mail(const SlMail *mail)
{
  must_be_clean(mail->subject, TRUE);
  must_be_clean(mail->message_id, TRUE);
  must_be_clean(mail->origin_reason, TRUE);
  must_be_clean(mail->dsn_message_id, TRUE);
  must_be_clean(mail->text, FALSE);
  must_be_clean(mail->reply, FALSE);
  must_be_lines(mail->in_reply_to);
  must_be_lines(mail->references);
  must_be_lines(mail->faults);
  must_be_mailboxes(mail->to);
  must_be_mailboxes(mail->cc);
  must_be_mailboxes(mail->reply_to);
  must_be_dsn(mail->dsn);
  must_be_forwarded(mail->forwarded);
  for (guint i = 0; i < mail->attachments->len; i++) {
    const SlAttachment *attachment = mail->attachments->pdata[i];
    must_be_clean(attachment->name, TRUE);
    must_be_clean(attachment->type, TRUE);
    g_assert(!strpbrk(attachment->name, "/\\"));
    g_assert_cmpuint(strlen(attachment->sha256), ==, 64);
  }
}

static void
run_parse(const guint8 *bytes, gsize length)
{
  const SlMailOptions options = {.authserv_id = (char *)(gintptr) "first"};
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes((const char *)bytes, length, &options, &error);
  g_assert_no_error(error);
  must_be_mail(mail);
}

/* HTML to text, and flowed text. */
static void
run_text(const guint8 *bytes, gsize length)
{
  gboolean whole;
  g_autofree char *decoded = sl_text_decode((const char *)bytes, length, NULL, NULL);
  g_autofree char *html = sl_text_from_html(decoded, &whole);
  g_autofree char *clean = sl_text_clean(html);
  g_autofree char *tidy = sl_text_tidy(clean);
  must_be_clean(tidy, FALSE);
  g_autofree char *plain = sl_text_clean(decoded);
  g_autofree char *flowed = sl_text_unflow(plain, length & 1);
  must_be_clean(flowed, FALSE);
}

static char *
plain_text(const guint8 *bytes, gsize length)
{
  g_autofree char *decoded = sl_text_decode((const char *)bytes, length, NULL, NULL);
  return sl_text_clean(decoded);
}

static void
run_quote(const guint8 *bytes, gsize length)
{
  g_autofree char *text = plain_text(bytes, length);
  g_autofree char *reply = sl_quote_reply(text, NULL);
  must_be_clean(reply, FALSE);
  g_assert_cmpuint(strlen(reply), <=, strlen(text));
}

/* A header block alone: who wrote? */
static void
run_origin(const guint8 *bytes, gsize length)
{
  g_autoptr(GByteArray) mail_bytes = g_byte_array_new();
  g_byte_array_append(mail_bytes, bytes, (guint)length);
  g_byte_array_append(mail_bytes, (const guint8 *)"\n\nx\n", 4);
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes((const char *)mail_bytes->data, mail_bytes->len, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(sl_origin_word(mail->origin));
  must_be_clean(mail->origin_reason, TRUE);
}

static void
run_dsn(const guint8 *bytes, gsize length)
{
  g_autoptr(SlMail) mail = sl_mail_new();
  sl_dsn_read((const char *)bytes, length, mail->dsn);
  must_be_dsn(mail->dsn);
  g_autofree char *text = plain_text(bytes, length);
  g_autofree char *id = sl_dsn_id_in_text(text);
  must_be_clean(id, TRUE);
}

/* What the text alone says: whom a bounce names, what is sent on, when. */
static void
run_told(const guint8 *bytes, gsize length)
{
  g_autoptr(SlMail) mail = sl_mail_new();
  g_free(mail->text);
  mail->text = plain_text(bytes, length);
  sl_sns_read(mail);
  must_be_dsn(mail->dsn);
  sl_bounce_read(mail);
  must_be_dsn(mail->dsn);
  g_free(mail->subject);
  mail->subject = g_strdup("Fwd: x");
  mail->forwarded = sl_forward_read(mail);
  must_be_forwarded(mail->forwarded);
}

static void
run_address(const guint8 *bytes, gsize length)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  g_mime_init();
  g_autofree char *value = sl_text_decode((const char *)bytes, MIN(length, 65536), NULL, NULL);
  g_autofree char *recoded = sl_words_recode(value, NULL);
  g_assert(g_utf8_validate(recoded, -1, NULL));
  sl_addresses_read(recoded, NULL, list);
  sl_addresses_guess(value, list);
  must_be_mailboxes(list);
}

static SlPolicy *
team(void)
{
  SlPolicy *policy = sl_policy_new();
  SlAgent *chen = sl_agent_new("chen");
  g_ptr_array_add(policy->agents, chen);
  return policy;
}

static SlCalendar *
office(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("office", "America/New_York");
  g_autofree char *fault = NULL;
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  SlCalendar *calendar = sl_calendar_new(spec, &fault);
  g_assert(calendar);
  return calendar;
}

static void
must_be_orders(SlOrders *orders)
{
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    g_assert(order->argument && order->text && order->ticket >= 0);
    g_assert(!strchr(order->argument, '\n'));
  }
  g_assert(orders->text && (!orders->suggestion || orders->unknown));
  sl_orders_free(orders);
}

/* What an agent types, and the dates in it. */
static void
run_command(const guint8 *bytes, gsize length)
{
  static SlPolicy *policy;
  static SlCalendar *calendar;
  policy = policy ? policy : team();
  calendar = calendar ? calendar : office();
  g_autofree char *text = plain_text(bytes, length);
  const SlTime now = 1795186800 * SL_SECOND; /* a Friday */
  SlTime at;
  g_autofree char *why = NULL, *why_past = NULL;
  must_be_orders(sl_orders_read(policy, text));
  must_be_orders(sl_orders_read_anywhere(policy, text));
  must_be_orders(sl_orders_read_named(policy, text));
  if (sl_when_parse(text, calendar, now, &at, &why))
    g_assert(at > now);
  else
    g_assert(why);
  if (sl_when_parse_past(text, calendar, now, &at, &why_past))
    g_assert(at <= now);
  else
    g_assert(why_past);
  g_assert(sl_when_prefix(text, calendar, now, &at) <= strlen(text));
  g_assert(sl_when_prefix_past(text, calendar, now, &at) <= strlen(text));
  sl_triage_word(text, "Ana Meyer");
}

const SlFuzzTarget sl_fuzz_targets[] = {
    {"parse", run_parse}, {"text", run_text},       {"quote", run_quote}, {"origin", run_origin},
    {"dsn", run_dsn},     {"address", run_address}, {"told", run_told},   {"command", run_command},
};
const guint sl_fuzz_targets_n = G_N_ELEMENTS(sl_fuzz_targets);

const SlFuzzTarget *
sl_fuzz_find(const char *name)
{
  for (guint i = 0; i < sl_fuzz_targets_n; i++)
    if (strcmp(sl_fuzz_targets[i].name, name) == 0)
      return &sl_fuzz_targets[i];
  return NULL;
}
