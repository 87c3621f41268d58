/* SPDX-License-Identifier: ISC */
#include "mail/origin.h"

#include <string.h>

#include "mail/bounce.h"
#include "mail/clean.h"
#include "mail/subjects.h"

#define REASON_BYTES 200
#define MAX_HOPS     50

/* What follows in this file are the signs, the surest first: the first sign that holds decides. */
typedef gboolean (*Sign)(SlMail *mail, const SlMailOptions *options);

static gboolean
decide(SlMail *mail, SlOrigin origin, const char *name, const char *value)
{
  g_autofree char *reason = value ? g_strdup_printf("%s: %s", name, value) : g_strdup(name);
  g_free(mail->origin_reason);
  mail->origin = origin;
  mail->origin_reason = sl_text_clean_line(reason, REASON_BYTES);
  return TRUE;
}

/* A machine that answers joins its ticket in silence; one that tells something new deserves a ticket without letters.
 */
static gboolean
decide_machine(SlMail *mail, const char *name, const char *value)
{
  gboolean answers = mail->in_reply_to->len > 0 || mail->references->len > 0 || sl_subject_is_absence(mail->subject);
  return decide(mail, answers ? SL_ORIGIN_AUTO_REPLY : SL_ORIGIN_BULK, name, value);
}

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

static gboolean
contains(const char *value, const char *lower_word)
{
  g_autofree char *lower = g_ascii_strdown(value ? value : "", -1);
  return strstr(lower, lower_word) != NULL;
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
    return decide(mail, SL_ORIGIN_SELF, "X-Slate-Ticket", ticket);
  gboolean ours = mail->message_id && has_our_form(mail->message_id) &&
                  is_listed(options->own_domains, sl_address_domain(mail->message_id));
  return ours && decide(mail, SL_ORIGIN_SELF, "Message-ID", mail->message_id);
}

/* RFC 6522; the other kinds are receipts of reading (RFC 8098) and complaints (RFC 5965). */
static gboolean
is_report(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  const char *type = sl_mail_header(mail, "Content-Type");
  if (mail->dsn->len > 0)
    return decide(mail, SL_ORIGIN_BOUNCE, "a delivery status notification", NULL);
  if (!contains(type, "multipart/report"))
    return FALSE;
  if (contains(type, "disposition-notification"))
    return decide(mail, SL_ORIGIN_AUTO_REPLY, "multipart/report", "disposition-notification");
  if (contains(type, "feedback-report"))
    return decide(mail, SL_ORIGIN_BULK, "multipart/report", "feedback-report");
  return decide(mail, SL_ORIGIN_BOUNCE, "multipart/report", NULL);
}

static gboolean
has_local_part(const char *address, const char *const *names, guint n)
{
  const char *at = strrchr(address, '@');
  gsize length = at ? (gsize)(at - address) : strlen(address);
  for (guint i = 0; i < n; i++)
    if (strlen(names[i]) == length && g_ascii_strncasecmp(address, names[i], length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_daemon(const char *address)
{
  static const char *const names[] = {"mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "post_master",
                                      "mail-daemon",   "maildaemon",    "mdaemon",      "bounce",     "bounces"};
  return has_local_part(address, names, G_N_ELEMENTS(names));
}

/* Return-Path is written at the final delivery; an empty one, not a missing one, is the null reverse path. */
static gboolean
has_null_path(const SlMail *mail)
{
  const char *path = sl_mail_header(mail, "Return-Path");
  return path && strcmp(path, "<>") == 0;
}

static gboolean
is_bounce(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  const char *failed = sl_mail_header(mail, "X-Failed-Recipients");
  const char *path = sl_mail_header(mail, "Return-Path");
  const char *from = sl_mail_header(mail, "From");
  gboolean daemon = mail->from ? is_daemon(mail->from->address) : contains(from, "mailer-daemon");
  gboolean daemon_path = path && contains(path, "<mailer-daemon");
  gboolean subject = sl_subject_is_bounce(mail->subject);
  if (failed)
    return decide(mail, SL_ORIGIN_BOUNCE, "X-Failed-Recipients", failed);
  if (daemon && (subject || !contains(from, "<postmaster@") || has_null_path(mail)))
    return decide(mail, SL_ORIGIN_BOUNCE, "From", from);
  if (daemon_path && (subject || !mail->from))
    return decide(mail, SL_ORIGIN_BOUNCE, "Return-Path", path);
  if (from && g_str_has_suffix(from, "<>"))
    return decide(mail, SL_ORIGIN_BOUNCE, "From", from);
  return has_null_path(mail) && subject && decide(mail, SL_ORIGIN_BOUNCE, "Return-Path", path);
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
      return decide(mail, SL_ORIGIN_AUTO_REPLY, "Auto-Submitted", header->value);
    return decide_machine(mail, "Auto-Submitted", header->value);
  }
  return FALSE;
}

static gboolean
refuses_answers(const char *address)
{
  const char *at = strrchr(address, '@');
  g_autoptr(GString) local = g_string_new("");
  for (const char *c = address; *c && c != at; c++)
    if (g_ascii_isalnum(*c))
      g_string_append_c(local, g_ascii_tolower(*c));
  return g_str_has_prefix(local->str, "noreply") || g_str_has_suffix(local->str, "noreply") ||
         strstr(local->str, "donotreply") || g_str_has_prefix(local->str, "dontreply") ||
         strcmp(local->str, "nobody") == 0 || g_str_has_prefix(local->str, "neantworten");
}

/* The addresses behind which a list's program stands. */
static gboolean
is_list_office(const char *address)
{
  static const char *const endings[] = {"-admin", "-owner", "-request", "-bounces", "-ctl", "-help", "-errors"};
  const char *at = strrchr(address, '@');
  g_autofree char *local = g_ascii_strdown(address, at ? at - address : -1);
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(local, endings[i]))
      return TRUE;
  return FALSE;
}

/* A null return path, or a sender who takes no answers, and the words of a bounce above a returned mail. */
static gboolean
is_told_bounce(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  gboolean machine = has_null_path(mail) || (mail->from && refuses_answers(mail->from->address));
  gboolean returns = mail->returned_to || mail->dsn_message_id || *sl_bounce_returned(mail->text);
  return machine && returns && sl_bounce_tells(mail->text) &&
         decide(mail, SL_ORIGIN_BOUNCE, "a returned mail below words of a bounce", NULL);
}

/* A list that does not take our letter: "You are not a member (pumps ML)". */
static gboolean
is_list_refusal(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  g_autofree char *lower = g_utf8_strdown(mail->subject, -1);
  gboolean refused = strstr(lower, "not a member") || strstr(lower, "not member");
  return refused && mail->from && is_list_office(mail->from->address) &&
         decide(mail, SL_ORIGIN_BOUNCE, "Subject", mail->subject);
}

/* Somebody sends on a bounce to have it known; to answer it would be to answer the bounce. It keeps its ticket. */
static gboolean
is_forwarded_report(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  const char *subject = mail->subject;
  const char *colon = strchr(subject, ':');
  gboolean forward = g_ascii_strncasecmp(subject, "fw", 2) == 0 && colon && colon - subject <= 4;
  if (!forward || !sl_subject_is_bounce(colon + 1 + strspn(colon + 1, " ")))
    return FALSE;
  gboolean report = strstr(mail->text, "Final-Recipient:") && strstr(mail->text, "Action: failed");
  return report && decide(mail, SL_ORIGIN_BULK, "a forwarded bounce", subject);
}

static gboolean
is_absence(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return sl_subject_is_absence(mail->subject) && decide(mail, SL_ORIGIN_AUTO_REPLY, "Subject", mail->subject);
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
        return decide_machine(mail, header->name, header->value);
      return decide(mail, signs[s].origin, header->name, header->value);
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
  if (!contains(value, "all") && !contains(value, "oof") && !contains(value, "autoreply"))
    return FALSE;
  return decide_machine(mail, "X-Auto-Response-Suppress", value);
}

static gboolean
is_no_reply(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  if (mail->from && (refuses_answers(mail->from->address) || is_daemon(mail->from->address)))
    return decide(mail, SL_ORIGIN_BULK, "From", mail->from->address);
  const SlMailbox *reply_to = mail->reply_to->len > 0 ? mail->reply_to->pdata[0] : NULL;
  return reply_to && refuses_answers(reply_to->address) && decide(mail, SL_ORIGIN_BULK, "Reply-To", reply_to->address);
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
  return hops > MAX_HOPS && decide_machine(mail, "hops", count);
}

static gboolean
is_null_sender(SlMail *mail, const SlMailOptions *options)
{
  (void)options;
  return has_null_path(mail) && decide_machine(mail, "Return-Path", "<>");
}

void
sl_origin_judge(SlMail *mail, const SlMailOptions *options)
{
  static const Sign signs[] = {
      is_self,           is_report,        is_bounce,   is_told_bounce,      is_list_refusal,
      is_auto_submitted, has_reply_header, is_absence,  has_list_header,     suppresses_answers,
      is_no_reply,       is_null_sender,   is_circling, is_forwarded_report,
  };
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (signs[i](mail, options))
      return;
  decide(mail, SL_ORIGIN_PERSON, "no sign of a machine", NULL);
}
