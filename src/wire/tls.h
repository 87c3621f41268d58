/* SPDX-License-Identifier: ISC */
/* TLS as we want it: chain and host name verified, 1.2 or newer, no way around. GnuTLS. */
#pragma once
#include <gnutls/gnutls.h>

#include "base/error.h"

/* Credentials that trust `ca_file` only, or (NULL) the system's CAs. SL_ERROR_CONFIG. Freed by gnutls_certificate_free_credentials. */
gnutls_certificate_credentials_t sl_tls_credentials(const char *ca_file, GError **error);

/* A client session for `host` over `fd`, non-blocking, not yet shaken hands. NULL with SL_ERROR_ACCOUNT. */
gnutls_session_t sl_tls_session(const char *host, int fd, gnutls_certificate_credentials_t credentials, GError **error);

/* Why did the handshake fail? "the certificate of HOST is not trusted: …". Sets SL_ERROR_ACCOUNT. */
void sl_tls_explain(gnutls_session_t session, const char *host, int rc, GError **error);
