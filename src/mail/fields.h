/* SPDX-License-Identifier: ISC */
/* The header of a mail as values: subject, addresses, ids, date. Of a field that stands several times the first counts,
 * and a fault says so. */
#pragma once
#include <gmime/gmime.h>

#include "mail/mail.h"

/* `raw` as sl_head_split made it; `fallbacks` are charsets, NULL too. Fills headers, subject, from, reply_to, to, cc,
 * delivered_to, date, message_id, in_reply_to, references, thread_topic and thread_index, and adds faults. FALSE where
 * there is more than one From: then nobody knows which of them the mail server authenticated. */
gboolean sl_fields_read(const GPtrArray *raw, const GPtrArray *fallbacks, GMimeParserOptions *gmime, SlMail *mail);
