/* SPDX-License-Identifier: ISC */
/* Who wrote: a person, or a machine that must not be answered (RFC 3834 2 and the headers in use)? Pure. */
#pragma once
#include "mail/parse.h"

/* Reads mail's headers, from, reply_to, subject, message_id, in_reply_to, references and dsn. Sets origin and
 * origin_reason, which names what decided. */
void sl_origin_judge(SlMail *mail, const SlMailOptions *options);
