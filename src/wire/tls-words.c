/* SPDX-License-Identifier: ISC */
#include "wire/tls-words.h"

#include <gnutls/gnutls.h>

const char *
sl_tls_status_words(unsigned status)
{
  static const struct {
    unsigned bit;
    const char *words;
  } rows[] = {
      {GNUTLS_CERT_REVOKED, "revoked"},
      {GNUTLS_CERT_SIGNER_NOT_FOUND, "signed by nobody we trust"},
      {GNUTLS_CERT_SIGNER_NOT_CA, "signed by who may not sign"},
      {GNUTLS_CERT_EXPIRED, "expired"},
      {GNUTLS_CERT_NOT_ACTIVATED, "not valid yet"},
      {GNUTLS_CERT_INSECURE_ALGORITHM, "signed by a weak algorithm"},
      {GNUTLS_CERT_UNEXPECTED_OWNER, "for another host name"},
  };
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (status & rows[i].bit)
      return rows[i].words;
  }
  return "not trusted";
}
