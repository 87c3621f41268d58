/* SPDX-License-Identifier: ISC */
/* Where letters go: an SMTP server (wire/smtp, libcurl) or a Maildir (wire/maildir-out: demo, dry run, shadow).
 *
 * A letter is sent to exactly one recipient a call. Just before the final dot the gate is asked: only if it says yes is the
 * dot sent, so the caller can commit `sending` there; after that the outcome of a broken connection is unknown. */
#pragma once
#include "base/time.h"

typedef struct {
  char *name;     /* of the section in the configuration */
  char *url;      /* smtp://host[:port], smtps://host[:port], maildir:///path */
  char *user;     /* NULL: no AUTH */
  char *password; /* secret spec or NULL */
  char *auth;     /* "password" (default) or "oauth2" */
  char *token;    /* secret spec that gives an access token */
  char *tls;      /* "starttls" (default of smtp), "implicit" (smtps), "none" (loopback only) */
  char *tls_ca;   /* PEM file with the only trusted CAs; NULL: the system's */
  char *helo;     /* name in EHLO; NULL: the host name */
  int rate;       /* mails a minute; 0: no limit */
  gint64 timeout_sec; /* for one answer; at most the ten minutes of RFC 5321 4.5.3.2.6 */
  GArray *retry_sec; /* gint64: 60, 300, 900, 3600; the last repeats */
  gint64 give_up_sec; /* 24 h */
} SlSinkOptions;

typedef enum {
  SL_SENT,      /* the server took it (2xx after the dot) */
  SL_DEFERRED,  /* 4xx, or no connection: try again later */
  SL_REFUSED,   /* 5xx: this recipient or this letter will never go */
  SL_WITHHELD,  /* the gate said no: nothing was sent */
  SL_DOUBTFUL,  /* the gate said yes, then the connection broke before an answer */
} SlSendResult;

typedef struct {
  SlSendResult result;
  int code;        /* SMTP reply code; 0 where there was none */
  gboolean server; /* the trouble is the server's (connect, TLS, AUTH), not this letter's: stop the pass */
  char *text;      /* "550 5.1.1 no such user", or what went wrong; owned; never NULL */
} SlSendOutcome;

void sl_send_outcome_clear(SlSendOutcome *outcome);

/* The bytes of a letter: fills buffer with up to size bytes from the letter's current position; 0 at its end, -1 on error. */
typedef gssize (*SlSinkRead)(char *buffer, gsize size, gpointer user);

/* Asked once, after the last byte and before the final dot. FALSE: do not send. */
typedef gboolean (*SlSinkGate)(gpointer user);

typedef struct SlSink SlSink;

typedef struct {
  const char *scheme;
  gboolean (*open)(SlSink *sink, GError **error);
  void (*send)(SlSink *sink, const char *envelope_sender, const char *recipient, SlSinkRead read, SlSinkGate gate,
               gpointer user, SlSendOutcome *out_outcome);
  gboolean (*check)(SlSink *sink, GError **error);
  void (*close)(SlSink *sink);
} SlSinkDriver;

/* `options` is borrowed and must outlive the sink. NULL with SL_ERROR_CONFIG for an unknown scheme or a bad setting. */
SlSink *sl_sink_new(const SlSinkOptions *options, int cancel_fd, GError **error) SL_WARN_UNUSED;

/* Loads the secret, prepares the connection (made at the first send and kept between sends). */
gboolean sl_sink_open(SlSink *sink, GError **error) SL_WARN_UNUSED;

/* Connects and logs in, and sends nothing. SL_ERROR_ACCOUNT with what is wrong. */
gboolean sl_sink_check(SlSink *sink, GError **error) SL_WARN_UNUSED;

/* Lines end in CR LF already. envelope_sender "" is the null sender. Both addresses are checked strictly here once more
 * (ASCII addr-spec, at most 254, no control, space, < or >): a bad one is SL_REFUSED without a connection. */
void sl_sink_send(SlSink *sink, const char *envelope_sender, const char *recipient, SlSinkRead read, SlSinkGate gate,
                  gpointer user, SlSendOutcome *out_outcome);

void sl_sink_free(SlSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlSink, sl_sink_free)
