/* SPDX-License-Identifier: ISC */
/* What is wrong with a certificate, in a few words. Links no GnuTLS, only knows its numbers. */
#pragma once

/* `status`: GnuTLS's verification status (gnutls_certificate_status_t). Static. */
const char *sl_tls_status_words(unsigned status);
