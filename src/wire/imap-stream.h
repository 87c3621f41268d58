/* SPDX-License-Identifier: ISC */
/* The bytes below IMAP: a libetpan stream of our own over poll and GnuTLS, with an absolute deadline and a byte budget a command,
 * and a cancel fd. An error is sticky: nothing is read after it. */
#pragma once
#include <libetpan/libetpan.h>

#include "wire/source-private.h"
#include "wire/tls.h"

typedef struct SlImapStream SlImapStream;

/* Connects; `source` gives the cancel fd and the beat. NULL with SL_ERROR_ACCOUNT or CANCELLED. */
SlImapStream *sl_imap_stream_new(SlSource *source, const char *host, const char *port, GError **error);

/* libetpan's view of it, which owns it from then on. */
mailstream_low *sl_imap_stream_low(SlImapStream *stream);

/* Before each command: it must be over in `sec`, and the server may send at most `bytes`. */
void sl_imap_stream_arm(SlImapStream *stream, int sec, guint64 bytes);

gboolean sl_imap_stream_starttls(SlImapStream *stream, const char *host, gnutls_certificate_credentials_t credentials,
                                 GError **error) SL_WARN_UNUSED;

/* Bytes that are here already and that poll does not see. */
gboolean sl_imap_stream_pending(const SlImapStream *stream);
int sl_imap_stream_fd(const SlImapStream *stream);

/* What went wrong below the protocol; NULL when nothing did. *out_cancelled: it was us. Borrowed. */
const char *sl_imap_stream_trouble(const SlImapStream *stream, gboolean *out_cancelled);
void sl_imap_stream_free(SlImapStream *stream); /* only when libetpan never got it */
