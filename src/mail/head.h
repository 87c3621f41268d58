/* SPDX-License-Identifier: ISC */
/* A header block as bytes: split into lines of name and value before any library has read it, so that the content key,
 * the threading ids and the judgement of who wrote all see the same first Subject, first From and whole References. */
#pragma once
#include "mail/mail.h"

#define SL_HEAD_MAX_BYTES (G_GINT64_CONSTANT(256) * 1024)
#define SL_HEAD_MAX_LINES 1000

/* SlHeader*: names as written; values unfolded, trimmed, of any bytes but NUL, CR and LF. At most SL_HEAD_MAX_LINES of
 * them. Reads up to the first empty line; a leading mbox "From " line and lines without a colon are passed over, their
 * number goes to *out_junk (may be NULL). Owned. */
GPtrArray *sl_head_split(const char *bytes, gsize length, guint *out_junk);

/* The value of the first header of that name, any case; NULL. Borrowed. */
const char *sl_head_get(const GPtrArray *headers, const char *name);

/* Every <id> in a value, without the brackets, each once and of at most 255 bytes; the first and the last 99. Where the
 * value holds no bracket at all, a single bare word with an '@' counts. char*, owned. */
GPtrArray *sl_head_ids(const char *value);

SlHeader *sl_header_new(const char *name, char *take_value);
void sl_header_free(SlHeader *header);
