/* SPDX-License-Identifier: ISC */
/* SMTP by libcurl: one easy handle, one connection kept between letters, one recipient a transaction. The read call back is asked once
 * more after the last byte; there the gate decides whether the final dot is sent. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "wire/curl-common.h"
#include "wire/sink-private.h"

#define CONNECT_SEC  30L
#define REPLY_BYTES  400
#define WHOLE_SEC    240L /* for all that is not the last answer: with its ten minutes still below the lease of a claim */

typedef struct {
  CURL *easy;
  char *secret;
  GString *reply;   /* the server's last 4xx or 5xx line */
  /* of the letter under way: */
  SlSinkRead read;
  SlSinkGate gate;
  gpointer user;
  gboolean asked, allowed, unreadable;
  int cancel_fd;
} Smtp;

/* ---- call backs ---- */

static size_t
on_read(char *buffer, size_t size, size_t count, void *user)
{
  Smtp *smtp = user;
  gssize n = smtp->asked ? 0 : smtp->read(buffer, size * count, smtp->user);
  if (n > 0)
    return (size_t)n;
  if (n < 0) {
    smtp->unreadable = TRUE;
    return CURL_READFUNC_ABORT;
  }
  if (!smtp->asked) {
    g_string_truncate(smtp->reply, 0);
    smtp->asked = TRUE;
    smtp->allowed = smtp->gate(smtp->user);
  }
  return smtp->allowed ? 0 : CURL_READFUNC_ABORT;
}

static size_t
on_line(char *line, size_t size, size_t count, void *user)
{
  Smtp *smtp = user;
  gsize length = size * count;
  if (length > 3 && (line[0] == '4' || line[0] == '5')) {
    g_autofree char *said = g_strndup(line, MIN(length, REPLY_BYTES));
    g_autofree char *plain = sl_text_one_line(g_strchomp(said), REPLY_BYTES);
    g_string_assign(smtp->reply, plain);
  } else if (length > 3 && !g_str_has_prefix(line, "221")) { /* a step that went well: what was said before is no answer to the next */
    g_string_truncate(smtp->reply, 0);
  }
  return length;
}

static int
on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  Smtp *smtp = user;
  struct pollfd cancel = {smtp->cancel_fd, POLLIN, 0};
  (void)a;
  (void)b;
  (void)c;
  (void)d;
  return smtp->cancel_fd >= 0 && poll(&cancel, 1, 0) > 0;
}

/* ---- settings ---- */

static void
set_auth(SlSink *sink, Smtp *smtp)
{
  const SlSinkOptions *o = sink->options;
  if (!o->user)
    return;
  curl_easy_setopt(smtp->easy, CURLOPT_USERNAME, o->user);
  if (o->token) {
    curl_easy_setopt(smtp->easy, CURLOPT_XOAUTH2_BEARER, smtp->secret);
    curl_easy_setopt(smtp->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
  } else {
    curl_easy_setopt(smtp->easy, CURLOPT_PASSWORD, smtp->secret);
  }
}

static char *
url_with_helo(const SlSinkOptions *o)
{
  gsize n = strlen(o->url);
  const char *helo = o->helo ? o->helo : "localhost";
  while (n > 0 && o->url[n - 1] == '/')
    n--;
  return g_strdup_printf("%.*s/%s", (int)n, o->url, helo);
}

static void
set_options(SlSink *sink, Smtp *smtp)
{
  const SlSinkOptions *o = sink->options;
  g_autofree char *url = url_with_helo(o);
  gboolean plain = g_strcmp0(o->tls, "none") == 0;
  long answer_sec = (long)o->timeout_sec;
  curl_easy_setopt(smtp->easy, CURLOPT_URL, url);
  curl_easy_setopt(smtp->easy, CURLOPT_USE_SSL, plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
  sl_curl_trust(smtp->easy, o->tls_ca);
  curl_easy_setopt(smtp->easy, CURLOPT_CONNECTTIMEOUT, MIN(CONNECT_SEC, answer_sec));
  curl_easy_setopt(smtp->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, answer_sec);
  curl_easy_setopt(smtp->easy, CURLOPT_TIMEOUT, WHOLE_SEC + answer_sec);
  curl_easy_setopt(smtp->easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(smtp->easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(smtp->easy, CURLOPT_READDATA, smtp);
  curl_easy_setopt(smtp->easy, CURLOPT_HEADERFUNCTION, on_line);
  curl_easy_setopt(smtp->easy, CURLOPT_HEADERDATA, smtp);
  curl_easy_setopt(smtp->easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(smtp->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(smtp->easy, CURLOPT_XFERINFODATA, smtp);
  set_auth(sink, smtp);
}

static gboolean
smtp_open(SlSink *sink, GError **error)
{
  const SlSinkOptions *o = sink->options;
  const char *spec = o->token ? o->token : o->password;
  char *secret = NULL;
  if (o->user && !spec) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "smtp %s has a user but no password", o->name);
    return FALSE;
  }
  if (o->user && !(secret = sl_secret_load(spec, error)))
    return sl_error_prefix(error, "smtp %s", o->name);
  Smtp *smtp = g_new0(Smtp, 1);
  smtp->easy = sl_curl_new("smtp,smtps");
  smtp->secret = secret;
  smtp->reply = g_string_new(NULL);
  smtp->cancel_fd = sink->cancel_fd;
  sink->state = smtp;
  set_options(sink, smtp);
  return TRUE;
}

/* ---- one letter ---- */

/* What a curl code means when the server said nothing itself: is it the server, or this letter? */
static const char *
trouble_text(CURLcode rc)
{
  switch ((int)rc) {
  case CURLE_PEER_FAILED_VERIFICATION:
    return "the server's certificate is not trusted, or is not for this host name";
  case CURLE_USE_SSL_FAILED:
    return "the server offers no TLS";
  case CURLE_LOGIN_DENIED:
    return "the server refused our user name or password";
  default:
    return curl_easy_strerror(rc);
  }
}

/* Is a 5xx about this letter? A greeting, EHLO, STARTTLS or AUTH that is refused, and "log in first", say nothing of it: they would
 * fail the whole outbox for a server that is set up wrongly for an hour. (curl: SEND_ERROR for MAIL, RCPT and DATA.) */
static gboolean
about_the_letter(const Smtp *smtp, CURLcode rc, long code)
{
  return smtp->allowed || (rc == CURLE_SEND_ERROR && code != 530);
}

static void
classify(const Smtp *smtp, CURLcode rc, SlSendOutcome *out)
{
  long code = 0;
  const char *text = smtp->reply->len ? smtp->reply->str : trouble_text(rc);
  gboolean answered = smtp->reply->len > 0;
  curl_easy_getinfo(smtp->easy, CURLINFO_RESPONSE_CODE, &code);
  if (answered) /* curl's may be that of the QUIT behind it */
    code = strtol(text, NULL, 10);
  if (rc == CURLE_OK) {
    sl_outcome_set(out, SL_SENT, (int)code, FALSE, "%ld taken", code);
  } else if (smtp->asked && !smtp->allowed) {
    sl_outcome_set(out, SL_WITHHELD, 0, FALSE, "overtaken before it left");
  } else if (smtp->unreadable) {
    sl_outcome_set(out, SL_DEFERRED, 0, TRUE, "the letter's bytes cannot be read");
  } else if (smtp->allowed && !answered) { /* the dot may have arrived: nobody knows */
    sl_outcome_set(out, SL_DOUBTFUL, 0, TRUE, "the connection broke after the letter was sent: %s", text);
  } else if (!answered || !about_the_letter(smtp, rc, code)) {
    sl_outcome_set(out, SL_DEFERRED, (int)code, TRUE, "%s", text);
  } else if (smtp->reply->str[0] == '5') {
    sl_outcome_set(out, SL_REFUSED, (int)code, FALSE, "%s", text);
  } else {
    sl_outcome_set(out, SL_DEFERRED, (int)code, code == 421, "%s", text);
  }
}

static void
smtp_send(SlSink *sink, const char *sender, const char *recipient, SlSinkRead read, SlSinkGate gate, gpointer user, SlSendOutcome *out)
{
  Smtp *smtp = sink->state;
  g_autofree char *from = g_strdup_printf("<%s>", sender);
  g_autofree char *to = g_strdup_printf("<%s>", recipient);
  struct curl_slist *recipients = curl_slist_append(NULL, to);
  smtp->read = read;
  smtp->gate = gate;
  smtp->user = user;
  smtp->asked = smtp->allowed = smtp->unreadable = FALSE;
  g_string_truncate(smtp->reply, 0);
  curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, recipients);
  CURLcode rc = curl_easy_perform(smtp->easy);
  classify(smtp, rc, out);
  curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
  curl_slist_free_all(recipients);
}

static gboolean
smtp_check(SlSink *sink, GError **error)
{
  Smtp *smtp = sink->state;
  g_string_truncate(smtp->reply, 0);
  curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 0L);
  curl_easy_setopt(smtp->easy, CURLOPT_CONNECT_ONLY, 1L);
  CURLcode rc = curl_easy_perform(smtp->easy);
  if (rc == CURLE_OK)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s: %s", sink->options->url, smtp->reply->len ? smtp->reply->str : trouble_text(rc));
  return FALSE;
}

/* All letters are settled by then. curl says QUIT and would wait for the answer as long as for any other: it reads the end at once. */
static void
hang_up(const Smtp *smtp)
{
  curl_socket_t fd = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(smtp->easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK && fd != CURL_SOCKET_BAD)
    shutdown(fd, SHUT_RD);
}

static void
smtp_close(SlSink *sink)
{
  Smtp *smtp = sink->state;
  if (!smtp)
    return;
  hang_up(smtp);
  curl_easy_cleanup(smtp->easy);
  sl_secret_free(smtp->secret);
  g_string_free(smtp->reply, TRUE);
  g_free(smtp);
}

const SlSinkDriver sl_sink_smtp = {"smtp", smtp_open, smtp_send, smtp_check, smtp_close};
const SlSinkDriver sl_sink_smtps = {"smtps", smtp_open, smtp_send, smtp_check, smtp_close};
