/* SPDX-License-Identifier: ISC */
#include "wire/tls.h"

#include <gnutls/x509.h>
#include <string.h>

gnutls_certificate_credentials_t
sl_tls_credentials(const char *ca_file, GError **error)
{
  gnutls_certificate_credentials_t credentials = NULL;
  int rc = gnutls_certificate_allocate_credentials(&credentials);
  if (rc == 0)
    rc = ca_file ? gnutls_certificate_set_x509_trust_file(credentials, ca_file, GNUTLS_X509_FMT_PEM)
                 : gnutls_certificate_set_x509_system_trust(credentials);
  if (rc > 0)
    return credentials;
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: %s", ca_file ? ca_file : "the system's certificates",
              rc < 0 ? gnutls_strerror(rc) : "there is no CA in it");
  if (credentials)
    gnutls_certificate_free_credentials(credentials);
  return NULL;
}

/* SNI is for names only (RFC 6066, 3). */
static gboolean
is_address(const char *host)
{
  return strchr(host, ':') || strspn(host, "0123456789.") == strlen(host);
}

gnutls_session_t
sl_tls_session(const char *host, int fd, gnutls_certificate_credentials_t credentials, GError **error)
{
  gnutls_session_t session = NULL;
  const char *bad = NULL;
  int rc = gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  if (rc == 0)
    rc = gnutls_set_default_priority_append(session, "-VERS-TLS1.0:-VERS-TLS1.1", &bad, 0);
  if (rc == 0)
    rc = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
  if (rc == 0 && !is_address(host))
    rc = gnutls_server_name_set(session, GNUTLS_NAME_DNS, host, strlen(host));
  if (rc != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "TLS: %s", gnutls_strerror(rc));
    if (session)
      gnutls_deinit(session);
    return NULL;
  }
  gnutls_session_set_verify_cert(session, host, 0);
  gnutls_transport_set_int(session, fd);
  return session;
}

void
sl_tls_explain(gnutls_session_t session, const char *host, int rc, GError **error)
{
  gnutls_datum_t text = {NULL, 0};
  if (rc != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "TLS with %s: %s", host, gnutls_strerror(rc));
    return;
  }
  unsigned status = gnutls_session_get_verify_cert_status(session);
  gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
  g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "the certificate of %s is not trusted: %s", host, text.data ? (char *)text.data : "");
  gnutls_free(text.data);
}
