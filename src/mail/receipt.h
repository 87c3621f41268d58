/* SPDX-License-Identifier: ISC */
/* When a mail came in, by its own header: for mail that no server hands over, so that nothing better is known. */
#pragma once
#include "base/time.h"

/* `bytes`: the beginning of the mail, its header block at least. The newest (topmost) Received header with a date that can be read,
 * else the Date header; NONE. Not to be believed where a server's time is at hand. */
SlTime sl_mail_receipt(const char *bytes, gsize length);

/* Is there a header block of a mail at the beginning of these bytes? */
gboolean sl_mail_looks_like_one(const char *bytes, gsize length);
