/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "mail/parse.h"

static const struct {
  const char *headers, *want;
} rows[] = {
    {"", "person"},
    {"Auto-Submitted: no\n", "person"},
    {"Auto-Submitted: (by hand) NO; x=y\n", "person"},
    {"Auto-Submitted: auto-replied\n", "auto-reply"},
    {"AUTO-SUBMITTED:\n auto-replied (vacation)\n", "auto-reply"},
    {"Auto-Submitted: auto-generated\n", "bulk"},
    {"Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>\n", "auto-reply"},
    {"Auto-Submitted: no\nAuto-Submitted: auto-replied\n", "auto-reply"},
    {"Precedence: first-class\n", "person"},
    {"Precedence: bulk\n", "bulk"},
    {"Precedence: JUNK\n", "bulk"},
    {"Precedence: list\n", "list"},
    {"Precedence: auto_reply\n", "auto-reply"},
    {"X-Auto-Response-Suppress: All\n", "bulk"},
    {"X-Auto-Response-Suppress: OOF, AutoReply\nReferences: <a@b>\n", "auto-reply"},
    {"X-Auto-Response-Suppress: DR, RN, NRN\n", "person"},
    {"X-Auto-Response-Suppress:\n", "person"},
    {"X-Autoreply: yes\n", "auto-reply"},
    {"X-Autorespond: 1\n", "auto-reply"},
    {"X-Loop: support@pool.example\n", "bulk"},
    {"List-Id: <talk.acme.example>\n", "list"},
    {"List-Id: Our group <support.pool.example>\nPrecedence: list\nList-Post: <mailto:x@y>\n", "person"},
    {"List-Unsubscribe: <https://acme.example/u>\n", "bulk"},
    {"Feedback-ID: 1:2:3\n", "bulk"},
    {"Return-Path: <>\n", "bulk"},
    {"Return-Path: <>\nIn-Reply-To: <a@b>\n", "auto-reply"},
    {"Return-Path: <>\nSubject: Undelivered Mail Returned to Sender\n", "bounce"},
    {"Return-Path: <ann@acme.example>\nSubject: Undelivered mail: where do I see it?\n", "person"},
    {"Subject: Automatic reply: pump\n", "auto-reply"},
    {"Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A?= devis\n", "auto-reply"},
    {"Subject: Automatic reply rules do not work\n", "person"},
    {"Subject: Re: Out of office: pump\n", "person"},
    {"Subject: Absence\n", "person"},
    {"Subject: Absence : Re: devis\n", "auto-reply"},
    {"Subject: Urlaub beantragen\n", "person"},
    {"Subject: [Auto-Reply] pump\n", "auto-reply"},
    {"Subject: =?utf-8?b?6Ieq5YuV6L+U5L+h?=: pump\n", "auto-reply"},
    {"Subject: Automatikus =?utf-8?q?v=C3=A1lasz?=: pump\n", "auto-reply"},
    {"X-Mailer: vacation 1.2\n", "auto-reply"},
    {"X-Mailer: Autoresponder-Free Mail 2.0\n", "person"},
    {"Delivered-To: Autoresponder\n", "auto-reply"},
    {"Delivered-To: support@pool.example\n", "person"},
    {"X-Spamarrest-Noauth: 1\n", "auto-reply"},
    {"X-RT-Loop-Prevention: acme\n", "bulk"},
    {"X-Zammad-Loop: yes\nIn-Reply-To: <a@b>\n", "auto-reply"},
    {"X-GitHub-Reason: mention\n", "bulk"},
    {"x-amz-sns-message-id: 1\n", "bulk"},
    {"From: pumps-admin@acme.example\nSubject: You are not member (pumps ML)\n", "bounce"},
    {"Subject: I am not a member any more\n", "person"},
    {"From: MAILER-DAEMON@mx.acme.example\n", "bounce"},
    {"From: Mail Delivery Subsystem <>\n", "bounce"},
    {"From: <>\n", "bounce"},
    {"From: No Reply <no-reply@acme.example>\n", "bulk"},
    {"From: noreply+123@acme.example\n", "bulk"},
    {"Reply-To: do-not-reply@acme.example\n", "bulk"},
    {"From: Noreply <norman@acme.example>\n", "person"},
    {"X-Failed-Recipients: ann@acme.example\n", "bounce"},
    {"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "auto-reply"},
    {"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n", "bulk"},
    {"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", "bounce"},
    {"From: S <support@pool.example>\nX-Slate-Ticket: 7\nAuto-Submitted: auto-replied\n", "self"},
    {"Message-ID: <1042.abcdefghijklmnop.k3v@pool.example>\n", "self"},
    {"Message-ID: <1042.abcdefghijklmnop.k3v@acme.example>\n", "person"},
    {"Message-ID: <20261124.ana@pool.example>\n", "person"},
};

static GPtrArray *
list_of(const char *item)
{
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(list, g_strdup(item));
  return list;
}

static void
test_origin(void)
{
  g_autoptr(GPtrArray) domains = list_of("pool.example");
  g_autoptr(GPtrArray) lists = list_of("support.pool.example");
  SlMailOptions options = {.own_domains = domains, .own_lists = lists};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    gboolean from = strstr(rows[i].headers, "From:") != NULL;
    g_autofree char *bytes =
        g_strdup_printf("%s%s\nText\n", rows[i].headers, from ? "" : "From: Ann <ann@acme.example>\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), &options, &error);
    g_assert_no_error(error);
    g_test_message("%s", rows[i].headers);
    g_assert_cmpstr(sl_origin_word(mail->origin), ==, rows[i].want);
    g_assert_cmpstr(mail->origin_reason, !=, "");
  }
}

static const char *
origin_of(const char *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  return sl_origin_word(mail->origin);
}

/* A mail that goes in circles; a person's, that went far. */
static void
test_hops(void)
{
  for (guint hops = 12; hops <= 60; hops += 48) {
    g_autoptr(GString) bytes = g_string_new("");
    for (guint i = 0; i < hops; i++)
      g_string_append(bytes, "Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\n");
    g_string_append(bytes, "From: Ann <ann@acme.example>\nSubject: x\n\ny\n");
    g_assert_cmpstr(origin_of(bytes->str), ==, hops > 50 ? "bulk" : "person");
  }
}

/* Who asks about a bounce is a person; who only sends one on keeps the ticket, without a letter. */
static void
test_forwarded_bounce(void)
{
  g_assert_cmpstr(
      origin_of("From: ann@acme.example\nSubject: Fwd: Returned mail: see transcript\n\n> Final-Recipient: rfc822; "
                "bob@acme.example\n> Action: failed\n> Status: 5.1.1\n"),
      ==, "bulk");
  g_assert_cmpstr(
      origin_of("From: ann@acme.example\nSubject: What does this mean?\n\nI got:\n> Final-Recipient: rfc822; "
                "bob@acme.example\n> Action: failed\n"),
      ==, "person");
  static const char head[] = "From: ann@acme.example\nContent-Type: multipart/mixed; boundary=b\nSubject: ";
  static const char parts[] =
      "\n\n--b\n\nHelp!\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
      "Final-Recipient: rfc822; bob@acme.example\nAction: failed\nStatus: 5.1.1\n--b--\n";
  g_autofree char *forwarded = g_strconcat(head, "Fwd: Returned mail", parts, NULL);
  g_autofree char *returned = g_strconcat(head, "Returned mail", parts, NULL);
  g_assert_cmpstr(origin_of(forwarded), ==, "bulk");
  g_assert_cmpstr(origin_of(returned), ==, "bounce");
}

/* The same words, from a mail program and from a person who attached what came back. */
static void
test_worded_bounce(void)
{
  static const char rest[] =
      "Subject: Message could not be delivered\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\n\nYour message could not be delivered.\n--b\nContent-Type: message/rfc822\n\n"
      "From: us@pool.example\nTo: bob@acme.example\nMessage-ID: <1@pool.example>\n\nx\n--b--\n";
  g_autofree char *program = g_strconcat("From: sysadmin@carrier.example\n", rest, NULL);
  g_autofree char *person = g_strconcat("From: ann@acme.example\n", rest, NULL);
  g_assert_cmpstr(origin_of(program), ==, "bounce");
  g_assert_cmpstr(origin_of(person), ==, "person");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mail/origin/headers", test_origin);
  g_test_add_func("/mail/origin/hops", test_hops);
  g_test_add_func("/mail/origin/worded-bounce", test_worded_bounce);
  g_test_add_func("/mail/origin/forwarded-bounce", test_forwarded_bounce);
  return g_test_run();
}
