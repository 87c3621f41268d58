/* SPDX-License-Identifier: ISC */
/* Bounces that are written as prose, without the parts of RFC 3464: whom could the letter not reach, why, and is it a
 * delay only? What mail servers write differs; what is read is what they have in common: the failed address stands at
 * the beginning of a line, behind a reply code or behind a word that says "recipient", above the returned mail. Pure;
 * linear in the text. */
#pragma once
#include "mail/mail.h"

/* For a mail that is known for a bounce. Where no delivery status part named an address: adds to mail->dsn, at most 50;
 * of a part that named a pipe or a file the rest is kept. Reads text, subject, headers, to, cc and returned_to. */
void sl_bounce_read(SlMail *mail);

/* Says the text above a returned mail that something could not be delivered? */
gboolean sl_bounce_tells(const char *text);

/* Where the returned mail begins in the text, or its end: what stands above is the server's own. Borrowed. */
const char *sl_bounce_returned(const char *text);
