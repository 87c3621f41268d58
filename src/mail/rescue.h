/* SPDX-License-Identifier: ISC */
/* What to do with a mail that its own markup hides: a multipart whose boundary never comes, or whose parts have no
 * content, and a mail whose lines end in a bare CR. The bytes are rewritten so that a parser finds the words. Pure. */
#pragma once
#include "mail/mail.h"

typedef enum {
  SL_RESCUE_BY_BOUNDARY, /* a multipart by the boundary that its lines really have */
  SL_RESCUE_AS_TEXT,     /* plain text, without what looks like boundaries and headers of parts */
} SlRescue;

/* A MIME entity, header and body, made of the bytes of a body; NULL where it has no boundary. NUL-terminated, owned; its
 * length in *out_length. */
char *sl_rescue_body(const char *bytes, gsize length, SlRescue how, gsize *out_length);

/* Do the lines of these bytes, the beginning of a mail, end in a bare CR? */
gboolean sl_rescue_is_cr(const char *bytes, gsize length);
