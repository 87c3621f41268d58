/* SPDX-License-Identifier: ISC */
/* What hangs on a parsed mail: its body text, its attachments, the delivery reports in it. */
#pragma once
#include <gmime/gmime.h>

#include "mail/parse.h"

/* Fills text, html, html_only, attachments, dsn, dsn_message_id and returned_to (of any enclosed mail), and adds faults.
 * Looks at most 500 parts and 32 levels deep; an enclosed mail is an attachment. With `follow` the first of them is also
 * read into `forwarded`. Contents are streamed from the mail's file; but for texts nothing is held. */
void sl_parts_read(GMimeMessage *message, const SlMailOptions *options, gboolean follow, SlMail *mail);

/* Records what was broken, once a text, at most 20 of them. */
void sl_parts_fault(SlMail *mail, const char *fault);
