/* SPDX-License-Identifier: ISC */
/* Bounces as prose, as the common kinds of mail servers word them; notices in JSON; what a status means. */
#include <string.h>

#include "mail/bounce.h"
#include "mail/dsn.h"
#include "mail/parse.h"

typedef struct {
  const char *name, *head, *text;
  const char *wanted; /* "recipient action status kind", one a line */
} Case;

#define COPY                                                                                                           \
  "\n\nReturn-Path: <us@pool.example>\nMessage-ID: <1042@pool.example>\nTo: ann@acme.example\nSubject: x\n\nHello\n"

static const Case cases[] = {
    {"address-and-colon", "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n",
     "I'm afraid I wasn't able to deliver your message.\n\n<ann@acme.example>:\n192.0.2.1 does not like recipient.\n"
     "Remote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the "
     "message." COPY,
     "ann@acme.example failed 5.1.1 hard"},
    {"indented", "From: Mailer-Daemon@mx.example\nSubject: Mail delivery failed: returning message to sender\n",
     "The following address(es) failed:\n\n  ann@acme.example\n    SMTP error from remote mail server:\n    550 "
     "Mailbox "
     "unavailable\n\n------ This is a copy of the message, including all the headers. ------" COPY,
     "ann@acme.example failed - hard"},
    {"several", "From: MAILER-DAEMON@mx.example\nSubject: Delivery failure\n",
     "Unable to deliver message to the following address(es).\n\n<ann@acme.example>:\nNo account (#5.1.1)\n\n"
     "<bob@acme.example>:\nMailbox full, try again later 452 4.2.2\n\n--- Original message follows." COPY,
     "ann@acme.example failed 5.1.1 hard\nbob@acme.example failed 4.2.2 soft"},
    {"same-line", "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n",
     "could not be delivered to one or more destinations.\n\n<ann@acme.example>: host mx.acme.example[192.0.2.3] said: "
     "554\n"
     "    5.7.1 rejected as spam\n\nOriginal message:" COPY,
     "ann@acme.example failed 5.7.1 hard"},
    {"transcript", "From: MAILER-DAEMON@mx.example\nSubject: Returned mail: User unknown\n",
     "   ----- Transcript of session follows -----\nWhile talking to mx.acme.example:\n>>> RCPT To:<ann@acme.example>\n"
     "<<< 550 No such user\n550 5.1.1 <ann@acme.example>... User unknown\n\n   ----- Unsent message follows -----" COPY,
     "ann@acme.example failed 5.1.1 hard"},
    {"gave-up", "From: MAILER-DAEMON@mx.example\nSubject: Mail delivery failed\n",
     "There was an error delivering your mail to <ann@acme.example>.\n\nCould not deliver for the last 432000 seconds. "
     "Giving up.\n\nMessage headers follow." COPY,
     "ann@acme.example failed - soft"},
    {"delay", "From: mailer-daemon@mx.example\nSubject: Delivery Status Notification (Delay)\n",
     "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:\n\n     "
     "ann@acme.example\n\n"
     "Message will be retried for 2 more day(s)\n\n----- Original message -----" COPY,
     "ann@acme.example delayed - none"},
    {"delay-warning", "From: Mailer-Daemon@mx.example\nSubject: Warning: message x delayed 24 hours\n",
     "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on "
     "the queue.\n\n"
     "The address to which the message has not yet been delivered is:\n\n  ann@acme.example\n    Delay reason: 451 "
     "greylisted\n",
     "ann@acme.example delayed - none"},
    {"on-a-date", "From: postmaster@acme.example\nSubject: Undeliverable: x\nReturn-Path: <>\n",
     "Your message\n\n  To:      us@pool.example\n  Subject: x\n\ndid not reach the following "
     "recipient(s):\n\nann@acme.example "
     "on Thu, 29 Apr 2027 16:51:51 -0500\n    The recipient name is not recognized\n",
     "ann@acme.example failed - hard"},
    {"mailto", "From: postmaster@outlook.example\nSubject: Undeliverable: x\nReturn-Path: <>\n",
     "Delivery has failed to these recipients or groups:\n\nann@acme.example<mailto:ann@acme.example>\nThe address "
     "wasn't found.\n"
     "\nRemote Server returned '550 5.1.10 RecipientNotFound'\n\nOriginal message headers:" COPY,
     "ann@acme.example failed 5.1.10 hard"},
    {"header-names-them",
     "From: mailer-daemon@mx.example\nSubject: failure notice\nX-Failed-Recipients: ann@acme.example\n",
     "Dear us@pool.example, your message did not arrive.\n\n----- Original message -----" COPY,
     "ann@acme.example failed - hard"},
    {"only-the-copy-tells", "From: mailer-daemon@mx.example\nSubject: Undeliverable mail\n",
     "It did not work.\n\n----- Original message -----" COPY, "ann@acme.example failed - hard"},
    {"fields-in-text", "From: MAILER-DAEMON@mx.example\nSubject: Delivery Status Notification (Failure)\n",
     "Technical report:\n\nReporting-MTA: dns; mx.example\n\nAction: failed\nFinal-Recipient: rfc822; "
     "ann@acme.example\n"
     "Diagnostic-Code: smtp; 550 5.2.2 full\nStatus: 5.2.2\n",
     "ann@acme.example failed 5.2.2 hard"},
    {"json-bounce", "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n",
     "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{"
     "\"emailAddress\":"
     "\"ann@acme.example\",\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 "
     "unknown\"}]},"
     "\"mail\":{\"commonHeaders\":{\"messageId\":\"<1042@pool.example>\"}}}\n\n--\nIf you wish to stop these notices\n",
     "ann@acme.example failed 5.1.1 hard"},
    {"json-delivery", "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n",
     "{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":[\"ann@acme.example\"],\"smtpResponse\":\"250 "
     "2.6.0 ok\"}}",
     "ann@acme.example delivered 2.6.0 none"},
    {"sender-takes-no-answers", "From: no-reply@carrier.example\nSubject: Mail\nReturn-Path: <>\n",
     "Your mail could not be delivered to: <ann@acme.example>\n     As their mailbox is full.\n\nOriginal "
     "message:" COPY,
     "ann@acme.example failed - hard"},
    {"no-bounce", "From: Bob <bob@acme.example>\nSubject: Mail delivery failed for us\n",
     "We could not deliver to ann@acme.example since Monday. What is wrong?\n", ""},
};

static char *
read_dsn(const SlMail *mail)
{
  g_autoptr(GString) all = g_string_new("");
  for (guint i = 0; i < mail->dsn->len; i++) {
    const SlDsn *dsn = mail->dsn->pdata[i];
    g_string_append_printf(all, "%s%s %s %s %s", i ? "\n" : "", dsn->recipient, dsn->action,
                           dsn->status ? dsn->status : "-", dsn->kind);
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = g_strdup_printf("%sTo: us@pool.example\n\n%s", c->head, c->text);
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  g_autofree char *got = read_dsn(mail);
  g_assert_cmpstr(got, ==, c->wanted);
  g_assert_cmpint(mail->origin == SL_ORIGIN_BOUNCE, ==, *c->wanted != '\0');
  if (strstr(c->text, "1042@"))
    g_assert_cmpstr(mail->dsn_message_id, ==, "1042@pool.example");
}

static void
test_kinds(void)
{
  static const struct {
    const char *action, *status, *diagnostic, *kind;
  } rows[] = {
      {"failed", "5.1.1", NULL, "hard"},       {"failed", "4.4.7", NULL, "soft"},
      {"failed", NULL, NULL, "hard"},          {"delayed", "4.4.1", NULL, "none"},
      {"delivered", "2.0.0", NULL, "none"},    {"relayed", NULL, NULL, "none"},
      {"failed", "5.4.316", NULL, "soft"},     {"failed", "5.0.0", "retry timeout exceeded", "soft"},
      {"failed", NULL, "said: 451 4", "soft"}, {"failed", "5.1.1", "mailbox expired", "hard"},
      {NULL, "5.1.1", NULL, "hard"},           {NULL, NULL, NULL, "none"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    g_assert_cmpstr(sl_dsn_kind(rows[i].action, rows[i].status, rows[i].diagnostic), ==, rows[i].kind);
}

/* The part names a pipe; whose pipe it is stands in the text. */
static void
test_pipe(void)
{
  static const char bytes[] =
      "From: Mailer-Daemon@mx.example\nTo: us@pool.example\nSubject: Mail delivery failed\nMIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
      "The following address(es) failed:\n\n  pipe to |/usr/bin/x\n    generated by ann@acme.example\n\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nAction: failed\n"
      "Final-Recipient: rfc822;|/usr/bin/x\nStatus: 5.0.0\n\n--b--\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  g_autofree char *got = read_dsn(mail);
  g_assert_cmpstr(got, ==, "ann@acme.example failed 5.0.0 hard");
}

/* A boundary that never comes hides the report in the body. */
static void
test_wrong_boundary(void)
{
  static const char bytes[] = "From: MAILER-DAEMON@mx.example\nTo: us@pool.example\nSubject: Undelivered\n"
                              "Content-Type: multipart/report; report-type=delivery-status; boundary=other\n\n"
                              "preamble\n\n--real\nContent-Type: text/plain\n\nsorry\n\n--real\n"
                              "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
                              "Final-Recipient: rfc822; ann@acme.example\nAction: failed\nStatus: 5.1.1\n\n--real--\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  g_autofree char *got = read_dsn(mail);
  g_assert_cmpstr(got, ==, "ann@acme.example failed 5.1.1 hard");
  g_assert_cmpstr(mail->text, ==, "sorry");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/mail/bounce/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/mail/bounce/kinds", test_kinds);
  g_test_add_func("/mail/bounce/pipe", test_pipe);
  g_test_add_func("/mail/bounce/wrong-boundary", test_wrong_boundary);
  return g_test_run();
}
