/* SPDX-License-Identifier: ISC */
#include "mail/mail.h"

#include <string.h>

#include "mail/head.h"

const char *
sl_origin_word(SlOrigin origin)
{
  static const char *const words[] = {
      [SL_ORIGIN_PERSON] = "person", [SL_ORIGIN_AUTO_REPLY] = "auto-reply",
      [SL_ORIGIN_BOUNCE] = "bounce", [SL_ORIGIN_LIST] = "list",
      [SL_ORIGIN_BULK] = "bulk",     [SL_ORIGIN_SELF] = "self",
  };
  g_assert((guint)origin < G_N_ELEMENTS(words));
  return words[origin];
}

static void
attachment_free(SlAttachment *attachment)
{
  g_free(attachment->name);
  g_free(attachment->type);
  g_free(attachment->sha256);
  g_free(attachment);
}

void
sl_dsn_free(SlDsn *dsn)
{
  if (!dsn)
    return;
  g_free(dsn->recipient);
  g_free(dsn->action);
  g_free(dsn->status);
  g_free(dsn->diagnostic);
  g_free(dsn->kind);
  g_free(dsn);
}

void
sl_forwarded_free(SlForwarded *forwarded)
{
  if (!forwarded)
    return;
  sl_mailbox_free(forwarded->from);
  g_free(forwarded->subject);
  g_free(forwarded->text);
  g_free(forwarded);
}

static GPtrArray *
list_of(void (*free_item)(void *))
{
  return g_ptr_array_new_with_free_func(free_item);
}

SlMail *
sl_mail_new(void)
{
  SlMail *mail = g_new0(SlMail, 1);
  mail->subject = g_strdup("");
  mail->reply_to = list_of((GDestroyNotify)sl_mailbox_free);
  mail->to = list_of((GDestroyNotify)sl_mailbox_free);
  mail->cc = list_of((GDestroyNotify)sl_mailbox_free);
  mail->date = SL_TIME_NONE;
  mail->in_reply_to = list_of(g_free);
  mail->references = list_of(g_free);
  mail->text = g_strdup("");
  mail->reply = g_strdup("");
  mail->attachments = list_of((GDestroyNotify)attachment_free);
  mail->origin = SL_ORIGIN_PERSON;
  mail->origin_reason = g_strdup("");
  mail->dsn = list_of((GDestroyNotify)sl_dsn_free);
  mail->headers = list_of((GDestroyNotify)sl_header_free);
  mail->authentication = g_strdup("none");
  mail->faults = list_of(g_free);
  mail->content_key = g_strdup("");
  return mail;
}

static void
free_lists(SlMail *mail)
{
  GPtrArray *const lists[] = {mail->reply_to,    mail->to,  mail->cc,      mail->in_reply_to, mail->references,
                              mail->attachments, mail->dsn, mail->headers, mail->faults};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    g_ptr_array_unref(lists[i]);
}

void
sl_mail_free(SlMail *mail)
{
  if (!mail)
    return;
  char *const strings[] = {mail->subject,        mail->delivered_to, mail->message_id,     mail->thread_topic,
                           mail->thread_index,   mail->text,         mail->reply,          mail->origin_reason,
                           mail->dsn_message_id, mail->returned_to,  mail->authentication, mail->content_key};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  sl_mailbox_free(mail->from);
  sl_forwarded_free(mail->forwarded);
  free_lists(mail);
  g_free(mail);
}

SlMailbox *
sl_mailbox_new(const char *name, const char *address)
{
  SlMailbox *mailbox = g_new0(SlMailbox, 1);
  mailbox->name = g_strdup(name ? name : "");
  const char *at = strrchr(address, '@');
  g_autofree char *domain = g_ascii_strdown(at ? at : "", -1);
  mailbox->address = g_strdup_printf("%.*s%s", at ? (int)(at - address) : (int)strlen(address), address, domain);
  return mailbox;
}

void
sl_mailbox_free(SlMailbox *mailbox)
{
  if (!mailbox)
    return;
  g_free(mailbox->name);
  g_free(mailbox->address);
  g_free(mailbox);
}

/* The full-width and the small '@' look the same to people. */
gboolean
sl_mailbox_misleads(const SlMailbox *mailbox)
{
  static const char *const signs[] = {"@", "\357\274\240", "\357\271\253"};
  g_autofree char *name = g_utf8_strdown(mailbox->name, -1);
  g_autofree char *address = g_utf8_strdown(mailbox->address, -1);
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (strstr(name, signs[i]))
      return strstr(name, address) == NULL;
  return FALSE;
}

const char *
sl_mail_header(const SlMail *mail, const char *name)
{
  return sl_head_get(mail->headers, name);
}

gboolean
sl_address_equal(const char *a, const char *b)
{
  return g_ascii_strcasecmp(a, b) == 0;
}

char *
sl_address_fold(const char *address)
{
  return g_ascii_strdown(address, -1);
}

const char *
sl_address_domain(const char *address)
{
  const char *at = strrchr(address, '@');
  return at ? at + 1 : "";
}
