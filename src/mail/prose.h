/* SPDX-License-Identifier: ISC */
/* Addresses in a server's prose: which of them are those of recipients that it could not reach, and what it says of
 * each? Pure; linear in the text. */
#pragma once
#include "mail/mail.h"

#define SL_PROSE_MAX_RECIPIENTS 50

/* How surely an address is that of a failed recipient; of several only the surest are to be taken. */
typedef enum { SL_PROSE_NEVER, SL_PROSE_PERHAPS, SL_PROSE_LIKELY, SL_PROSE_SURELY } SlProseCertainty;

typedef struct {
  char *address;
  SlProseCertainty certainty;
  char *said; /* the diagnostic beside it; "" when none */
} SlProseRecipient;

/* SlProseRecipient in the order in which they stand, at most 50, of the first `length` bytes of `text`. `mail` tells who
 * is told and who tells. Owned. */
GArray *sl_prose_read(const SlMail *mail, const char *text, gsize length);

/* The first address in [at, end): where it begins, its length in *out_length; NULL for none. Borrowed. */
const char *sl_prose_address(const char *at, const char *end, gsize *out_length);
