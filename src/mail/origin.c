/* SPDX-License-Identifier: ISC */
#include "mail/origin.h"

#include <string.h>

#include "mail/origin-bounce.h"
#include "mail/subjects.h"

#define MAX_HOPS 50

/* What follows in this file are the signs, the surest first: the first sign that holds decides. */
typedef gboolean (*Sign)(SlMail *mail, const SlMailOptions *options);

static gboolean
is_listed(const GPtrArray *list, const char *value)
{
  for (guint i = 0; list && i < list->len; i++)
    if (g_ascii_strcasecmp(list->pdata[i], value) == 0)
      return TRUE;
  return FALSE;
}

/* A header's first word in lower case, comments (RFC 5322 3.2.2) and parameters left out; "" for none. Owned. */
static char *
first_word(const char *value)
{
  guint depth = 0;
  g_autoptr(GString) word = g_string_new("");
  for (; value && *value; value++) {
    if (*value == '(')
      depth++;
    else if (*value == ')' && depth > 0)
      depth--;
    else if (depth > 0)
      continue;
    else if (*value == ';' || g_ascii_isspace(*value) || *value == ',') {
      if (word->len > 0)
        break;
    } else {
      g_string_append_c(word, g_ascii_tolower(*value));
    }
  }
  return g_string_free(g_steal_pointer(&word), FALSE);
}

/* "1042.TOKEN.HASH": the form of our Message-IDs, with a token of 80 bits in base32. The domain alone would take our
 * own people's mail for ours. */
static gboolean
has_our_form(const char *id)
{
  gsize ticket = strspn(id, "0123456789");
  if (ticket == 0 || id[ticket] != '.')
    return FALSE;
  const char *token = id + ticket + 1;
  gsize length = strspn(token, "abcdefghijklmnopqrstuvwxyz234567");
  return length == 16 && token[length] == '.' && g_ascii_isalnum(token[length + 1]);
}

/* Our letters bear X-Slate-Ticket; where a relay took it off, the form of our Message-IDs is left. Another company's Slate, and
 * whoever writes such a header, is not us: the sender's domain must be ours, where we know it. */
static gboolean
is_self(SlMail *mail, const SlMailOptions *options)
{
  const char *ticket = sl_mail_header(mail, "X-Slate-Ticket");
  gboolean from_us = !options->own_domains || options->own_domains->len == 0 ||
                     (mail->from && is_listed(options->own_domains, sl_address_domain(mail->from->address)));
  if (ticket && from_us)
    return sl_origin_decide(mail, SL_ORIGIN_SELF, "X-Slate-Ticket", ticket);
  gboolean ours = mail->message_id && has_our_form(mail->message_id) &&
                  is_listed(options->own_domains, sl_address_domain(mail->message_id));
  return ours && sl_origin_decide(mail, SL_ORIGIN_SELF, "Message-ID", mail->message_id);
}

static gboolean
is_bounce(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return sl_origin_is_bounce(mail);
}

static gboolean
is_forwarded_report(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return sl_origin_is_forwarded_report(mail);
}

/* RFC 3834 5: `no` is a person; any other word is a machine. auto-generated tells something new, unless it answers. */
static gboolean
is_auto_submitted(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  for (guint i = 0; i < mail->headers->len; i++) {
    const SlHeader *header = mail->headers->pdata[i];
    if (g_ascii_strcasecmp(header->name, "Auto-Submitted") != 0)
      continue;
    g_autofree char *word = first_word(header->value);
    if (*word == '\0' || strcmp(word, "no") == 0)
      continue;
    if (strcmp(word, "auto-replied") == 0)
      return sl_origin_decide(mail, SL_ORIGIN_AUTO_REPLY, "Auto-Submitted", header->value);
    return sl_origin_decide_machine(mail, "Auto-Submitted", header->value);
  }
  return FALSE;
}

static gboolean
is_absence(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return sl_subject_is_absence(mail->subject) && sl_origin_decide(mail, SL_ORIGIN_AUTO_REPLY, "Subject", mail->subject);
}

static gboolean
is_own_list(const SlMail *mail, const SlMailOptions *options)
{
  const char *id = sl_mail_header(mail, "List-Id");
  const char *open = id ? strrchr(id, '<') : NULL;
  if (!id)
    return FALSE;
  g_autofree char *bare = g_strndup(open ? open + 1 : id, strcspn(open ? open + 1 : id, ">"));
  return is_listed(options->own_lists, bare) || is_listed(options->own_lists, id);
}

typedef struct {
  const char *name;
  const char *words; /* the value's first word, one of these; NULL: any value but none */
  SlOrigin origin;   /* PERSON: by whether it answers (decide_machine) */
} HeaderSign;

static gboolean
holds(const HeaderSign *sign, const char *value)
{
  g_autofree char *word = first_word(value);
  if (!sign->words)
    return *value != '\0' && strcmp(word, "no") != 0 && strcmp(word, "false") != 0;
  g_auto(GStrv) words = g_strsplit(sign->words, " ", -1);
  return g_strv_contains((const char *const *)words, word);
}

static gboolean
find_header(SlMail *mail, const HeaderSign *signs, guint n)
{
  for (guint s = 0; s < n; s++)
    for (guint i = 0; i < mail->headers->len; i++) {
      const SlHeader *header = mail->headers->pdata[i];
      if (g_ascii_strcasecmp(header->name, signs[s].name) != 0 || !holds(&signs[s], header->value))
        continue;
      if (signs[s].origin == SL_ORIGIN_PERSON)
        return sl_origin_decide_machine(mail, header->name, header->value);
      return sl_origin_decide(mail, signs[s].origin, header->name, header->value);
    }
  return FALSE;
}

static gboolean
has_reply_header(SlMail *mail, const SlMailOptions *options)
{
  static const HeaderSign signs[] = {
      {"Precedence", "auto_reply auto-reply", SL_ORIGIN_AUTO_REPLY},
      {"X-Precedence", "auto_reply auto-reply", SL_ORIGIN_AUTO_REPLY},
      {"X-Autoreply", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Auto-Reply", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Autorespond", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Autoresponse", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-AutoReply-From", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Mail-Autoreply", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Autogenerated", "reply", SL_ORIGIN_AUTO_REPLY},
      {"X-Autogenerated", NULL, SL_ORIGIN_PERSON},
      {"X-AutoReply-Domain", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-AutoResponder", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Vacation", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Apple-Action", "vacation", SL_ORIGIN_AUTO_REPLY},
      {"X-Mailer", "vacation", SL_ORIGIN_AUTO_REPLY},
      {"Delivered-To", "autoresponder", SL_ORIGIN_AUTO_REPLY},
      {"X-Delivered-By-Auto-Reply", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-FC-MachineGenerated", NULL, SL_ORIGIN_PERSON},
      {"X-ServiceNow-Generated", NULL, SL_ORIGIN_PERSON},
      {"X-MS-Exchange-Generated-Message-Source", NULL, SL_ORIGIN_PERSON},
      {"X-Spamarrest-Noauth", NULL, SL_ORIGIN_AUTO_REPLY}, /* challenges: "prove that you are a person" */
      {"X-ChoiceMail-Registration-Request", NULL, SL_ORIGIN_AUTO_REPLY},
      {"X-Delivery-Agent", "tmda", SL_ORIGIN_AUTO_REPLY},
      {"X-POST-MessageClass", "9;", SL_ORIGIN_AUTO_REPLY},
  };
  (void)options;
  return find_header(mail, signs, G_N_ELEMENTS(signs));
}

static gboolean
has_list_header(SlMail *mail, const SlMailOptions *options)
{
  static const HeaderSign signs[] = {
      {"List-Id", NULL, SL_ORIGIN_LIST},
      {"List-Post", NULL, SL_ORIGIN_LIST},
      {"Mailing-List", NULL, SL_ORIGIN_LIST},
      {"X-Mailing-List", NULL, SL_ORIGIN_LIST},
      {"X-BeenThere", NULL, SL_ORIGIN_LIST},
      {"X-Mailman-Version", NULL, SL_ORIGIN_LIST},
      {"Precedence", "list", SL_ORIGIN_LIST},
      {"Precedence", "bulk junk", SL_ORIGIN_BULK},
      {"X-Precedence", "bulk junk list", SL_ORIGIN_BULK},
      {"List-Unsubscribe", NULL, SL_ORIGIN_BULK},
      {"Feedback-ID", NULL, SL_ORIGIN_BULK},
      {"X-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-RT-Loop-Prevention", NULL, SL_ORIGIN_PERSON}, /* other desks: two of them would talk for ever */
      {"X-OTRS-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-Znuny-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-Zammad-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-Roundup-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-osTicket-Loop", NULL, SL_ORIGIN_PERSON},
      {"X-Jira-FingerPrint", NULL, SL_ORIGIN_PERSON},
      {"X-GitHub-Reason", NULL, SL_ORIGIN_PERSON},
      {"X-GitLab-Project", NULL, SL_ORIGIN_PERSON},
      {"X-Bugzilla-Reason", NULL, SL_ORIGIN_PERSON},
      {"X-Redmine-Host", NULL, SL_ORIGIN_PERSON},
      {"X-Cron-Env", NULL, SL_ORIGIN_PERSON},
      {"X-Amz-Sns-Message-Id", NULL, SL_ORIGIN_PERSON},
  };
  return !is_own_list(mail, options) && find_header(mail, signs, G_N_ELEMENTS(signs));
}

/* Exchange writes it into automatic answers, programs into notices; Outlook's people don't send it. DR, RN and NRN only
 * speak of receipts. */
static gboolean
suppresses_answers(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  const char *value = sl_mail_header(mail, "X-Auto-Response-Suppress");
  if (!sl_origin_contains(value, "all") && !sl_origin_contains(value, "oof") && !sl_origin_contains(value, "autoreply"))
    return FALSE;
  return sl_origin_decide_machine(mail, "X-Auto-Response-Suppress", value);
}

static gboolean
is_no_reply(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  if (mail->from && (sl_origin_refuses_answers(mail->from->address) || sl_origin_is_daemon(mail->from->address)))
    return sl_origin_decide(mail, SL_ORIGIN_BULK, "From", mail->from->address);
  const SlMailbox *reply_to = mail->reply_to->len > 0 ? mail->reply_to->pdata[0] : NULL;
  return reply_to && sl_origin_refuses_answers(reply_to->address) &&
         sl_origin_decide(mail, SL_ORIGIN_BULK, "Reply-To", reply_to->address);
}

/* Each server on the way adds a Received line; a mail with so many goes in circles. */
static gboolean
is_circling(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  guint hops = 0;
  for (guint i = 0; i < mail->headers->len; i++)
    hops += g_ascii_strcasecmp(((const SlHeader *)mail->headers->pdata[i])->name, "Received") == 0;
  g_autofree char *count = g_strdup_printf("%u", hops);
  return hops > MAX_HOPS && sl_origin_decide_machine(mail, "hops", count);
}

static gboolean
is_null_sender(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return sl_origin_has_null_path(mail) && sl_origin_decide_machine(mail, "Return-Path", "<>");
}

void
sl_origin_judge(SlMail *mail, const SlMailOptions *options)
{
  static const Sign signs[] = {is_self,        is_bounce,       is_auto_submitted,  has_reply_header,
                               is_absence,     has_list_header, suppresses_answers, is_no_reply,
                               is_null_sender, is_circling,     is_forwarded_report};
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (signs[i](mail, options))
      return;
  sl_origin_decide(mail, SL_ORIGIN_PERSON, "no sign of a machine", NULL);
}
