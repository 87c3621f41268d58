/* SPDX-License-Identifier: ISC */
/* A letter's facts to RFC 5322 bytes, by GMime: text/plain in UTF-8 (and, if wanted, the same words in HTML), one gate through
 * which every header value passes, CR LF throughout, no Bcc. */
#pragma once
#include "letter/address.h"
#include "letter/template.h"

typedef struct {
  const SlLetterOptions *options;
  const SlTemplates *templates;
  const SlReplyKey *key;
  SlTime now; /* the Date header */
} SlComposer;

typedef struct {
  GBytes *bytes;
  char *message_id;       /* without brackets */
  char *subject;          /* as in the header, decoded */
  char *envelope_sender;  /* support+BOUNCETOKEN@…, or "" */
  char *reply_token;      /* NULL when the scope is NONE */
  char *bounce_token;     /* NULL for letters of no ticket */
  char *instead;          /* shadow: the one address it goes to, whoever the letter names; NULL */
} SlComposed;

/* Fails only with SL_ERROR_MAIL: an address that may not stand in a header. Cleared by sl_composed_clear. */
gboolean sl_letter_compose(const SlComposer *composer, const SlLetter *letter, SlComposed *out_composed,
                           GError **error) SL_WARN_UNUSED;
void sl_composed_clear(SlComposed *composed);
