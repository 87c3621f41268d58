/* SPDX-License-Identifier: ISC */
#include "mail/origin-bounce.h"

#include <string.h>

#include "mail/bounce.h"
#include "mail/forward.h"
#include "mail/subjects.h"

#define FORWARDED_BOUNCE "a forwarded bounce"

/* RFC 6522; the other kinds are receipts of reading (RFC 8098) and complaints (RFC 5965). */
static gboolean
is_report(SlMail *mail)
{
  const char *type = sl_mail_header(mail, "Content-Type");
  gboolean report = sl_origin_contains(type, "multipart/report");
  if (mail->dsn->len > 0 && !report &&
      sl_forward_subject(mail->subject)) /* a person's, with the parts of a bounce in it */
    return sl_origin_decide(mail, SL_ORIGIN_BULK, FORWARDED_BOUNCE, mail->subject);
  if (mail->dsn->len > 0)
    return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "a delivery status notification", NULL);
  if (!report)
    return FALSE;
  if (sl_origin_contains(type, "disposition-notification"))
    return sl_origin_decide(mail, SL_ORIGIN_AUTO_REPLY, "multipart/report", "disposition-notification");
  if (sl_origin_contains(type, "feedback-report"))
    return sl_origin_decide(mail, SL_ORIGIN_BULK, "multipart/report", "feedback-report");
  return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "multipart/report", NULL);
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

gboolean
sl_origin_is_daemon(const char *address)
{
  static const char *const names[] = {"mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "post_master",
                                      "mail-daemon",   "maildaemon",    "mdaemon",      "bounce",     "bounces"};
  return has_local_part(address, names, G_N_ELEMENTS(names));
}

/* Return-Path is written at the final delivery; an empty one, not a missing one, is the null reverse path. */
gboolean
sl_origin_has_null_path(const SlMail *mail)
{
  const char *path = sl_mail_header(mail, "Return-Path");
  return path && strcmp(path, "<>") == 0;
}

static gboolean
is_bounce(SlMail *mail)
{
  const char *failed = sl_mail_header(mail, "X-Failed-Recipients");
  const char *path = sl_mail_header(mail, "Return-Path");
  const char *from = sl_mail_header(mail, "From");
  gboolean daemon = mail->from ? sl_origin_is_daemon(mail->from->address) : sl_origin_contains(from, "mailer-daemon");
  gboolean daemon_path = path && sl_origin_contains(path, "<mailer-daemon");
  gboolean subject = sl_subject_is_bounce(mail->subject);
  if (failed)
    return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "X-Failed-Recipients", failed);
  if (daemon && (subject || !sl_origin_contains(from, "<postmaster@") || sl_origin_has_null_path(mail)))
    return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "From", from);
  if (daemon_path && (subject || !mail->from))
    return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "Return-Path", path);
  if (from && g_str_has_suffix(from, "<>"))
    return sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "From", from);
  return sl_origin_has_null_path(mail) && subject && sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "Return-Path", path);
}

gboolean
sl_origin_refuses_answers(const char *address)
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

static gboolean
returns_mail(const SlMail *mail)
{
  return mail->returned_to || mail->dsn_message_id || *sl_bounce_returned(mail->text);
}

/* A null return path, or a sender who takes no answers, and the words of a bounce above a returned mail. */
static gboolean
is_told_bounce(SlMail *mail)
{
  gboolean machine = sl_origin_has_null_path(mail) || (mail->from && sl_origin_refuses_answers(mail->from->address));
  return machine && returns_mail(mail) && sl_bounce_tells(mail->text) &&
         sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "a returned mail below words of a bounce", NULL);
}

/* Names that mail programs give to themselves. People attach bounces to mails with such subjects too. */
static gboolean
is_mail_program(const char *address)
{
  static const char *const words[] = {"postmaster", "daemon",    "sysadmin", "mailer", "smtp",
                                      "delivery",   "interscan", "gateway",  "bounce", "mta-"};
  const char *at = strrchr(address, '@');
  g_autofree char *local = g_ascii_strdown(address, at ? at - address : -1);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(local, words[i]))
      return TRUE;
  return strcmp(local, "root") == 0;
}

/* The subject and the words of a bounce above a returned mail, from a mail program. */
static gboolean
is_worded_bounce(SlMail *mail)
{
  return mail->from && is_mail_program(mail->from->address) && sl_subject_is_bounce(mail->subject) &&
         returns_mail(mail) && sl_bounce_tells(mail->text) &&
         sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "Subject", mail->subject);
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

/* A list that does not take our letter: "You are not a member (pumps ML)". */
static gboolean
is_list_refusal(SlMail *mail)
{
  g_autofree char *lower = g_utf8_strdown(mail->subject, -1);
  static const char *const words[] = {"not a member",         "not member",         "reject mail",
                                      "is rejected",          "loop alert",         "loop back warning",
                                      "system error message", "post by non-member", "was rejected"};
  gboolean refused = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    refused = refused || strstr(lower, words[i]);
  return refused && mail->from && is_list_office(mail->from->address) &&
         sl_origin_decide(mail, SL_ORIGIN_BOUNCE, "Subject", mail->subject);
}

/* Somebody sends on a bounce to have it known; to answer it would be to answer the bounce. It keeps its ticket. */
gboolean
sl_origin_is_forwarded_report(SlMail *mail)
{
  const char *subject = mail->subject;
  const char *colon = strchr(subject, ':');
  gboolean forward = g_ascii_strncasecmp(subject, "fw", 2) == 0 && colon && colon - subject <= 4;
  if (!forward || !sl_subject_is_bounce(colon + 1 + strspn(colon + 1, " ")))
    return FALSE;
  gboolean report = strstr(mail->text, "Final-Recipient:") && strstr(mail->text, "Action: failed");
  return report && sl_origin_decide(mail, SL_ORIGIN_BULK, FORWARDED_BOUNCE, subject);
}

gboolean
sl_origin_is_bounce(SlMail *mail)
{
  return is_report(mail) || is_bounce(mail) || is_told_bounce(mail) || is_worded_bounce(mail) || is_list_refusal(mail);
}
