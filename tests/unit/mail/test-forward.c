/* SPDX-License-Identifier: ISC */
/* Forwards as the four clients make them, in four languages; forwards as attachments; and what is none. */
#include <string.h>

#include "mail/forward.h"
#include "mail/parse.h"
#include "mail/when.h"

typedef struct {
  const char *name, *subject, *text;
  const char *from, *display, *date, *title, *body; /* from NULL: no forward */
} Case;

#define ANN   .from = "ann@acme.example", .display = "Ann Lee", .date = "2026-11-24T10:05:00Z", .title = "The pump"
#define BODY  .body = "It stands still.\n\nAnn"
#define WORDS "It stands still.\n\nAnn\n"

static const Case cases[] = {
    {"gmail/en", "Fwd: The pump",
     "Please take over.\n\n---------- Forwarded message ---------\nFrom: Ann Lee <ann@acme.example>\nDate: Tue, Nov "
     "24, 2026 at "
     "10:05 AM\nSubject: The pump\nTo: <jo@pool.example>\n\n\n" WORDS,
     ANN, BODY},
    {"gmail/de", "Fwd: The pump",
     "---------- Forwarded message ---------\nVon: Ann Lee <ann@acme.example>\nDate: Di., 24. Nov. 2026 um 10:05 Uhr\n"
     "Subject: The pump\nTo: Jo <jo@pool.example>\n\n\n" WORDS,
     ANN, BODY},
    {"gmail/es", "Fwd: The pump",
     "---------- Forwarded message ---------\nDe: Ann Lee <ann@acme.example>\nDate: mar, 24 nov 2026 a las 10:05\n"
     "Subject: The pump\nTo: Jo <jo@pool.example>\n\n\n" WORDS,
     ANN, BODY},
    {"gmail/fr", "Fwd: The pump",
     "---------- Forwarded message ---------\nDe : Ann Lee <ann@acme.example>\nDate: mar. 24 nov. 2026 à 10:05\n"
     "Subject: The pump\nTo: Jo <jo@pool.example>\n\n\n" WORDS,
     ANN, BODY},
    {"gmail/old", "Fwd: The pump",
     "---------- Forwarded message ----------\nFrom: Ann Lee <ann@acme.example>\nDate: 2026-11-24 10:05 GMT+00:00\n"
     "Subject: The pump\nTo: jo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"gmail/translated", "Fwd: The pump",
     "Hola\n\n---------- Mensaje reenviado ---------\nDe: Ann Lee <ann@acme.example>\nFecha: mar, 24 nov 2026 a las "
     "10:05\n"
     "Asunto: The pump\nPara: Jo <jo@pool.example>\n\n" WORDS,
     ANN, BODY},
    {"apple/en", "Fwd: The pump",
     "Begin forwarded message:\n\n> From: Ann Lee <ann@acme.example>\n> Subject: The pump\n> Date: November 24, 2026 "
     "at 10:05:00 "
     "GMT\n> To: jo@pool.example\n> \n> It stands still.\n> \n> Ann\n",
     ANN, BODY},
    {"apple/de", "WG: The pump",
     "Anfang der weitergeleiteten Nachricht:\n\nVon: Ann Lee <ann@acme.example>\nBetreff: The pump\nDatum: 24. "
     "November 2026 um "
     "11:05:00 GMT+1\nAn: jo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"apple/es", "Fwd: The pump",
     "Inicio del mensaje reenviado:\n\n> De: Ann Lee <ann@acme.example>\n> Asunto: The pump\n> Fecha: 24 de noviembre "
     "de 2026, "
     "10:05:00 GMT\n> Para: jo@pool.example\n> \n> It stands still.\n> \n> Ann\n",
     ANN, BODY},
    {"apple/fr", "Tr: The pump",
     "Début du message transféré :\n\n> De: Ann Lee <ann@acme.example>\n> Objet: The pump\n> Date: 24 novembre 2026 à "
     "11:05:00 "
     "UTC+1\n> À: jo@pool.example\n> \n> It stands still.\n> \n> Ann\n",
     ANN, BODY},
    {"apple/fields-apart", "Fwd: The pump",
     "Begin forwarded message:\n\nFrom: Ann Lee <ann@acme.example>\n\nSubject: The pump\n\nDate: November 24, 2026 at "
     "10:05:00 "
     "UTC\n\nTo: jo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"thunderbird/en", "Fwd: The pump",
     "Hi\n\n-------- Forwarded Message --------\nSubject: \tThe pump\nDate: \tTue, 24 Nov 2026 11:05:00 +0100\nFrom: "
     "\tAnn Lee "
     "<ann@acme.example>\nTo: \tjo@pool.example\n\n\n\n" WORDS,
     ANN, BODY},
    {"thunderbird/de", "Fwd: The pump",
     "-------- Weitergeleitete Nachricht --------\nBetreff: \tThe pump\nDatum: \tTue, 24 Nov 2026 11:05:00 +0100\nVon: "
     "\tAnn Lee "
     "<ann@acme.example>\nAn: \tjo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"thunderbird/es", "Fwd: The pump",
     "-------- Mensaje reenviado --------\nAsunto: \tThe pump\nFecha: \tTue, 24 Nov 2026 11:05:00 +0100\nDe: \tAnn Lee "
     "<ann@acme.example>\nPara: \tjo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"thunderbird/fr", "Fwd: The pump",
     "-------- Message transféré --------\nSujet : \tThe pump\nDate : \tTue, 24 Nov 2026 11:05:00 +0100\nDe : \tAnn "
     "Lee "
     "<ann@acme.example>\nPour : \tjo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"thunderbird/table", "Fwd: The pump",
     "-------- Forwarded Message --------\n\nSubject: | The pump\nDate: | Tue, 24 Nov 2026 11:05:00 +0100\nFrom: | Ann "
     "Lee "
     "<ann@acme.example>\nTo: | jo@pool.example\n\n" WORDS,
     ANN, BODY},
    {"outlook/en", "FW: The pump",
     "Yours.\n\nFrom: Ann Lee <ann@acme.example>\nSent: Tuesday, November 24, 2026 10:05 AM\nTo: Jo "
     "<jo@pool.example>\nSubject: The "
     "pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/en-mailto", "FW: The pump",
     "-----Original Message-----\nFrom: Ann Lee [mailto:ann@acme.example]\nSent: Tuesday, November 24, 2026 10:05 "
     "AM\nTo: Jo\nCc: "
     "Bo\nSubject: The pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/de", "WG: The pump",
     "Von: Ann Lee <ann@acme.example>\nGesendet: Dienstag, 24. November 2026 10:05\nAn: Jo <jo@pool.example>\nBetreff: "
     "The "
     "pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/es", "RV: The pump",
     "De: Ann Lee <ann@acme.example>\nEnviado el: martes, 24 de noviembre de 2026 10:05\nPara: Jo "
     "<jo@pool.example>\nAsunto: The "
     "pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/fr", "TR: The pump",
     "De : Ann Lee <ann@acme.example>\nEnvoyé : mardi 24 novembre 2026 10:05\nÀ : Jo <jo@pool.example>\nObjet : The "
     "pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/bold", "Fw: The pump",
     "________________________________\n*From:* Ann Lee <ann@acme.example>\n*Sent:* Tuesday, 24 November 2026 "
     "10:05\n*To:* "
     "Jo\n*Subject:* The pump\n\n" WORDS,
     ANN, BODY},
    {"outlook/wrapped", "FW: The pump",
     "From: Ann Lee <ann@acme.example>\nSent: Tuesday, November 24, 2026 10:05 AM\nTo: Jo <jo@pool.example>; "
     "Bo\n<bo@pool.example>\n"
     "Subject: The pump\n\n" WORDS,
     ANN, BODY},
    {.name = "only-the-name",
     .subject = "FW: The pump",
     .text = "From: Ann Lee\nSent: Tuesday, November 24, 2026 10:05 AM\nSubject: The pump\n\n" WORDS},
    {.name = "an-answer",
     .subject = "Re: The pump",
     .text = "Done.\n\nFrom: Ann Lee <ann@acme.example>\nSent: Tuesday, November 24, 2026 10:05 AM\nTo: Jo\nSubject: "
             "The pump\n\n" WORDS},
    {.name = "words-about-it",
     .subject = "Your forwarded message",
     .text = "The forwarded message from Ann never came.\nFrom: here it looks lost.\n"},
    {.name = "nothing-below", .subject = "Fwd: x", .text = "---------- Forwarded message ---------\n"},
};

static char *
time_text(SlTime at)
{
  g_autoptr(GDateTime) utc = at == SL_TIME_NONE ? NULL : g_date_time_new_from_unix_utc(at / SL_SECOND);
  return utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("none");
}

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(SlMail) mail = sl_mail_new();
  g_free(mail->subject);
  g_free(mail->text);
  mail->subject = g_strdup(c->subject);
  mail->text = g_strdup(c->text);
  SlForwarded *got = sl_forward_read(mail);
  mail->forwarded = got;
  g_assert_true(!got == !c->from);
  if (!got)
    return;
  g_autofree char *date = time_text(got->date);
  g_assert_cmpstr(got->from->address, ==, c->from);
  g_assert_cmpstr(got->from->name, ==, c->display);
  g_assert_cmpstr(date, ==, c->date);
  g_assert_cmpstr(got->subject, ==, c->title);
  g_assert_cmpstr(got->text, ==, c->body);
}

static void
test_attached(void)
{
  static const char bytes[] =
      "From: Jo <jo@pool.example>\nTo: support@pool.example\nSubject: see attached\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhere\n--b\nContent-Type: message/rfc822\n\n"
      "From: =?utf-8?Q?Ann_L=C3=B6e?= <ann@acme.example>\nDate: Tue, 24 Nov 2026 11:05:00 +0100\nSubject: "
      "=?utf-8?Q?P=C3=BCmp?=\n"
      "Content-Type: text/html\n\n<p>It stands <b>still</b></p>\n--b--\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(mail->forwarded);
  g_autofree char *date = time_text(mail->forwarded->date);
  g_assert_cmpstr(mail->forwarded->from->address, ==, "ann@acme.example");
  g_assert_cmpstr(mail->forwarded->from->name, ==, "Ann Löe");
  g_assert_cmpstr(date, ==, "2026-11-24T10:05:00Z");
  g_assert_cmpstr(mail->forwarded->subject, ==, "Pümp");
  g_assert_cmpstr(mail->forwarded->text, ==, "It stands still");
  g_assert_cmpstr(mail->text, ==, "here");
  g_assert_cmpuint(mail->attachments->len, ==, 1);
}

/* The same clients, as they really send: HTML. */
static void
test_html(void)
{
  static const struct {
    const char *subject, *html;
  } rows[] = {
      {"Fwd: The pump", "<div>Please.<br><br><div class=gmail_quote><div>---------- Forwarded message "
                        "---------<br>From: <strong>Ann Lee</strong> "
                        "<span>&lt;<a href='mailto:ann@acme.example'>ann@acme.example</a>&gt;</span><br>Date: Tue, Nov "
                        "24, 2026 at 10:05 AM<br>"
                        "Subject: The pump<br>To: jo<br></div><br><br><div>It stands still.</div></div></div>"},
      {"Fwd: The pump",
       "See<br><div><blockquote type=cite><div>Begin forwarded message:</div><br><div><span><b>From: "
       "</b></span><span>Ann Lee "
       "&lt;<a href='mailto:ann@acme.example'>ann@acme.example</a>&gt;<br></span></div><div><span><b>Subject: "
       "</b></span><b>The "
       "pump</b><br></div><div><b>Date: </b>November 24, 2026 at 10:05:00 GMT<br></div><div><b>To: "
       "</b>jo<br></div><br><div>It "
       "stands still.</div></blockquote></div>"},
      {"Fwd: The pump", "<br>-------- Forwarded Message --------<table><tr><th>Subject: </th><td>The "
                        "pump</td></tr><tr><th>Date: </th><td>Tue, 24 "
                        "Nov 2026 11:05:00 +0100</td></tr><tr><th>From: </th><td>Ann Lee <a "
                        "href='mailto:ann@acme.example'>&lt;ann@acme.example&gt;"
                        "</a></td></tr><tr><th>To: </th><td>jo</td></tr></table><br><br><p>It stands still.</p>"},
      {"WG: The pump", "<p>Bitte<o:p></o:p></p><div><p><b>Von:</b> Ann Lee &lt;ann@acme.example&gt; "
                       "<br><b>Gesendet:</b> Dienstag, 24. November "
                       "2026 10:05<br><b>An:</b> Jo<br><b>Betreff:</b> The pump<o:p></o:p></p></div><p>&nbsp;</p><p>It "
                       "stands still.</p>"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *bytes =
        g_strdup_printf("From: jo@pool.example\nSubject: %s\nContent-Type: text/html; charset=utf-8\n\n%s\n",
                        rows[i].subject, rows[i].html);
    g_autoptr(GError) error = NULL;
    g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(mail->forwarded);
    g_autofree char *date = time_text(mail->forwarded->date);
    g_assert_cmpstr(mail->forwarded->from->address, ==, "ann@acme.example");
    g_assert_cmpstr(mail->forwarded->from->name, ==, "Ann Lee");
    g_assert_cmpstr(date, ==, "2026-11-24T10:05:00Z");
    g_assert_cmpstr(mail->forwarded->subject, ==, "The pump");
    g_assert_cmpstr(mail->forwarded->text, ==, "It stands still.");
  }
}

static void
test_when(void)
{
  static const struct {
    const char *text, *wanted;
    gboolean month_first;
  } rows[] = {
      {"Tue, 24 Nov 2026 10:05:30 +0100", "2026-11-24T09:05:30Z", FALSE},
      {"11/24/2026 10:05 PM", "2026-11-24T22:05:00Z", TRUE},
      {"24/11/2026 22:05", "2026-11-24T22:05:00Z", TRUE},
      {"03/04/2026 12:05 AM", "2026-03-04T00:05:00Z", TRUE},
      {"03/04/2026 12:05", "2026-04-03T12:05:00Z", FALSE},
      {"24.11.26, 22:05", "2026-11-24T22:05:00Z", FALSE},
      {"2026-11-24 22:05:01", "2026-11-24T22:05:01Z", FALSE},
      {"mar. 3 mars 2026 à 10h05", "2026-03-03T10:05:00Z", FALSE},
      {"martes, 24 de noviembre de 2026 10:05 p. m.", "2026-11-24T22:05:00Z", FALSE},
      {"Montag, 2. März 2026 um 08:00 Uhr", "2026-03-02T08:00:00Z", FALSE},
      {"1 août 2026 07:00 GMT+02:00", "2026-08-01T05:00:00Z", FALSE},
      {"", "none", FALSE},
      {"tomorrow at noon", "none", FALSE},
      {"99/99/2026 99:99", "none", FALSE},
      {"24 Nov 2026", "none", FALSE},
  };
  g_autofree char *own_zone = time_text(sl_when_read("Tue, Nov 24, 2026 at 10:05 AM", TRUE, -5 * 3600));
  g_autofree char *stated = time_text(sl_when_read("Tue, Nov 24, 2026 at 10:05 GMT", TRUE, -5 * 3600));
  g_assert_cmpstr(own_zone, ==, "2026-11-24T15:05:00Z");
  g_assert_cmpstr(stated, ==, "2026-11-24T10:05:00Z");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *got = time_text(sl_when_read(rows[i].text, rows[i].month_first, 0));
    g_assert_cmpstr(got, ==, rows[i].wanted);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/mail/forward/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/mail/forward/attached", test_attached);
  g_test_add_func("/mail/forward/html", test_html);
  g_test_add_func("/mail/when", test_when);
  return g_test_run();
}
