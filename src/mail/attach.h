/* SPDX-License-Identifier: ISC */
/* Attachments: names made safe, contents summed, what could run marked. */
#pragma once
#include <gmime/gmime.h>

#include "mail/mail.h"

/* `name` and `type` as the mail has them, any bytes, NULL too. Owned; not summed yet. */
SlAttachment *sl_attachment_new(const char *name, const char *type);

/* Sets size, sha256 and `executable` from the content; a NULL stream is empty. Nothing of it is held. */
void sl_attachment_sum(SlAttachment *attachment, GMimeStream *stream);
