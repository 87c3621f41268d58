/* SPDX-License-Identifier: ISC */
/* HTTP by libcurl: questions asked side by side, so that a server that hangs keeps nobody else waiting.
 *
 * A GET follows a few redirects, to http and https only, reads the body to its end and throws it away; certificates are
 * verified; no cookies, no proxies, no connection kept. What went wrong is data, in words that stay the same from one look
 * to the next: no addresses, no milliseconds, nothing that the server says. */
#pragma once
#include "base/time.h"

typedef struct {
  const char *url;    /* http://… or https://… */
  const char *tls_ca; /* PEM file with the only trusted CAs; NULL: the system's */
  gint64 timeout_sec; /* for the whole of it, redirects too */
} SlHttpRequest;

typedef enum {
  SL_HTTP_OK,      /* the last answer's status was 2xx, and the answer came to its end or over the limit */
  SL_HTTP_FAILED,  /* anything else that the server, or the road to it, is to blame for */
  SL_HTTP_UNASKED, /* the trouble is ours (memory, the CA file, a URL that is none): nothing is known of the server */
} SlHttpResult;

typedef struct {
  SlHttpResult result;
  int status;      /* of the last answer; 0: there was none */
  const char *why; /* "503 Service Unavailable", "timed out after 10 s", "certificate: expired", "refused"; NULL when OK */
  gint64 millis;   /* how long it took */
} SlHttpOutcome;

/* `outcome` is gone after the call. May ask more. */
typedef void (*SlHttpDone)(const SlHttpOutcome *outcome, gpointer user);

typedef struct SlHttp SlHttp;
SlHttp *sl_http_new(int cancel_fd); /* a readable `cancel_fd` (-1: none) ends a wait early; never NULL */
void sl_http_free(SlHttp *http);    /* what is under way is dropped: nobody is called */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlHttp, sl_http_free)

/* Begins; `request` is copied. `done` is called by sl_http_run(). */
void sl_http_get(SlHttp *http, const SlHttpRequest *request, SlHttpDone done, gpointer user);

guint sl_http_under_way(const SlHttp *http);

/* Moves on all that is under way: waits for something to happen, at most `most_ms`, and calls whom it is done for. */
void sl_http_run(SlHttp *http, int most_ms);
