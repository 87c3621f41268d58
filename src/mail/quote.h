/* SPDX-License-Identifier: ISC */
/* What the sender newly wrote: a mail's text without the mail it answers, without the signature. Pure, linear.
 *
 * Text above the first quote header is never lost; where nothing new would be left, the whole text stays. */
#pragma once
#include <glib.h>

/* `text` as in SlMail.text. Owned. */
char *sl_quote_reply(const char *text);
