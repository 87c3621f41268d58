/* SPDX-License-Identifier: ISC */
#include "wire/http.h"

#include <errno.h>

#include "wire/curl-common.h"
#include "wire/tls-words.h"

#define MOST_REDIRECTS  5L
#define MOST_BODY_BYTES (1024 * 1024)
#define MOST_HEAD_BYTES (256 * 1024)
#define SCHEMES         "http,https"

struct SlHttp {
  CURLM *multi;
  GPtrArray *asks; /* Ask*: under way */
  int cancel_fd;
};

typedef struct {
  SlHttp *http;
  CURL *easy;
  gint64 timeout_sec, body_bytes, head_bytes;
  char said[CURL_ERROR_SIZE];
  SlHttpDone done;
  gpointer user;
} Ask;

static void
ask_free(Ask *ask)
{
  curl_multi_remove_handle(ask->http->multi, ask->easy);
  curl_easy_cleanup(ask->easy);
  g_free(ask);
}

SlHttp *
sl_http_new(int cancel_fd)
{
  SlHttp *http = g_new0(SlHttp, 1);
  http->multi = curl_multi_init();
  if (!http->multi)
    g_error("libcurl gives no handle");
  http->asks = g_ptr_array_new_with_free_func((GDestroyNotify)ask_free);
  http->cancel_fd = cancel_fd;
  return http;
}

void
sl_http_free(SlHttp *http)
{
  if (!http)
    return;
  g_ptr_array_unref(http->asks);
  curl_multi_cleanup(http->multi);
  g_free(http);
}

guint
sl_http_under_way(const SlHttp *http)
{
  return http->asks->len;
}

/* ---- asking ---- */

/* Enough is enough: a body without end is cut off, and the status has been read by then. */
static size_t
on_body(char *bytes, size_t size, size_t count, void *user)
{
  Ask *ask = user;
  (void)bytes;
  ask->body_bytes += (gint64)(size * count);
  return ask->body_bytes > MOST_BODY_BYTES ? 0 : size * count;
}

static size_t
on_head(char *bytes, size_t size, size_t count, void *user)
{
  Ask *ask = user;
  (void)bytes;
  ask->head_bytes += (gint64)(size * count);
  return ask->head_bytes > MOST_HEAD_BYTES ? 0 : size * count;
}

/* Each look is one of its own: name, connection and certificate are asked for anew. */
static void
set_fresh(CURL *easy)
{
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L); /* a resumed session shows no certificate */
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);          /* or a resolver that hangs would hold up the others */
}

static void
set_request(Ask *ask, const SlHttpRequest *request)
{
  CURL *easy = ask->easy;
  curl_easy_setopt(easy, CURLOPT_URL, request->url);
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "slate/" PACKAGE_VERSION);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(request->timeout_sec * 1000));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, MOST_REDIRECTS);
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, SCHEMES);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, ask);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, ask);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ask->said);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, ask);
  sl_curl_trust(easy, request->tls_ca);
  set_fresh(easy);
}

void
sl_http_get(SlHttp *http, const SlHttpRequest *request, SlHttpDone done, gpointer user)
{
  Ask *ask = g_new0(Ask, 1);
  ask->http = http;
  ask->easy = sl_curl_new(SCHEMES);
  ask->timeout_sec = request->timeout_sec;
  ask->done = done;
  ask->user = user;
  set_request(ask, request);
  g_ptr_array_add(http->asks, ask);
  curl_multi_add_handle(http->multi, ask->easy);
}

/* ---- what came of it ---- */

static const char *
status_words(long status)
{
  static const struct {
    long status;
    const char *words;
  } rows[] = {
      {301, "Moved Permanently"}, {302, "Found"},          {303, "See Other"},        {304, "Not Modified"},
      {400, "Bad Request"},       {401, "Unauthorized"},   {403, "Forbidden"},        {404, "Not Found"},
      {405, "Method Not Allowed"}, {408, "Request Timeout"}, {410, "Gone"},           {429, "Too Many Requests"},
      {500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    if (rows[i].status == status)
      return rows[i].words;
  }
  return NULL;
}

static char *
status_text(long status)
{
  const char *words = status_words(status);
  return words ? g_strdup_printf("%ld %s", status, words) : g_strdup_printf("status %ld", status);
}

static char *
certificate_text(const Ask *ask)
{
  long status = 0;
  curl_easy_getinfo(ask->easy, CURLINFO_SSL_VERIFYRESULT, &status);
  /* the host's name is curl's own check, behind GnuTLS's */
  gboolean elsewhere = g_str_has_prefix(ask->said, "SSL: certificate subject name");
  return g_strdup_printf("certificate: %s", elsewhere ? "for another host name" : sl_tls_status_words((unsigned)status));
}

static char *
connect_text(const Ask *ask)
{
  long os = 0;
  curl_easy_getinfo(ask->easy, CURLINFO_OS_ERRNO, &os);
  return g_strdup(os == ECONNREFUSED ? "refused" : "cannot be reached");
}

/* The words for curl's own troubles. */
static char *
trouble_text(const Ask *ask, CURLcode rc, long status)
{
  switch ((int)rc) {
  case CURLE_OPERATION_TIMEDOUT:
    return g_strdup_printf("timed out after %" G_GINT64_FORMAT " s", ask->timeout_sec);
  case CURLE_COULDNT_RESOLVE_HOST:
    return g_strdup("host name not found");
  case CURLE_COULDNT_CONNECT:
    return connect_text(ask);
  case CURLE_PEER_FAILED_VERIFICATION:
    return certificate_text(ask);
  case CURLE_SSL_CONNECT_ERROR:
    return g_strdup("no TLS handshake");
  case CURLE_TOO_MANY_REDIRECTS:
    return g_strdup_printf("more than %ld redirects", MOST_REDIRECTS);
  case CURLE_GOT_NOTHING:
    return g_strdup("hung up without an answer");
  case CURLE_SEND_ERROR:
  case CURLE_RECV_ERROR:
  case CURLE_PARTIAL_FILE:
    return g_strdup("the connection broke");
  case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, or where a redirect leads */
  case CURLE_URL_MALFORMAT:
    return g_strdup(status ? "redirected to no web address" : "answered no HTTP");
  case CURLE_WEIRD_SERVER_REPLY:
    return g_strdup("answered no HTTP");
  case CURLE_WRITE_ERROR:
    return g_strdup("headers without end");
  default:
    return g_strdup(curl_easy_strerror(rc));
  }
}

/* Nothing that the other side could do leads here. */
static gboolean
is_ours(CURLcode rc, long status)
{
  switch ((int)rc) {
  case CURLE_OUT_OF_MEMORY:
  case CURLE_FAILED_INIT:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ENGINE_INITFAILED:
    return TRUE;
  case CURLE_URL_MALFORMAT:
    return status == 0;
  default:
    return FALSE;
  }
}

static void
conclude(const Ask *ask, CURLcode rc)
{
  long status = 0;
  curl_off_t usec = 0;
  g_autofree char *why = NULL;
  SlHttpResult result = SL_HTTP_FAILED;
  curl_easy_getinfo(ask->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(ask->easy, CURLINFO_TOTAL_TIME_T, &usec);
  gboolean answered = rc == CURLE_OK || (rc == CURLE_WRITE_ERROR && ask->body_bytes > MOST_BODY_BYTES);
  if (answered && status / 100 == 2) {
    result = SL_HTTP_OK;
  } else if (answered) {
    why = status_text(status);
  } else {
    result = is_ours(rc, status) ? SL_HTTP_UNASKED : SL_HTTP_FAILED;
    why = trouble_text(ask, rc, status);
  }
  const SlHttpOutcome outcome = {result, (int)status, why, usec / 1000};
  ask->done(&outcome, ask->user);
}

static void
harvest(SlHttp *http)
{
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(http->multi, &left))) {
    Ask *ask = NULL;
    CURLcode rc = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&ask);
    conclude(ask, rc);
    g_ptr_array_remove_fast(http->asks, ask);
  }
}

void
sl_http_run(SlHttp *http, int most_ms)
{
  struct curl_waitfd cancel = {http->cancel_fd, CURL_WAIT_POLLIN, 0};
  int running = 0;
  curl_multi_perform(http->multi, &running);
  if ((guint)running == http->asks->len) {
    curl_multi_poll(http->multi, &cancel, http->cancel_fd >= 0, most_ms, NULL);
    curl_multi_perform(http->multi, &running);
  }
  harvest(http);
}
