/* SPDX-License-Identifier: ISC */
/* S/MIME as far as reading needs it (RFC 8551): a mail wrapped whole into its signature is unwrapped, the signature
 * itself is not judged (Authentication-Results say who sent it). The only user of GnuTLS here. Pure. */
#pragma once
#include "mail/mail.h"

typedef enum {
  SL_SMIME_SIGNED,    /* *out_entity is what was signed: a MIME entity */
  SL_SMIME_ENCRYPTED, /* for a key that is not ours */
  SL_SMIME_OTHER,     /* certificates alone, compressed data, or broken */
} SlSmime;

/* The decoded content of an application/pkcs7-mime part. *out_entity is set for SL_SMIME_SIGNED only. Owned. */
SlSmime sl_smime_open(const char *bytes, gsize length, GBytes **out_entity);
