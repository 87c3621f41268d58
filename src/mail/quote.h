/* SPDX-License-Identifier: ISC */
/* What the sender newly wrote: a mail's text without the mail it answers, without the signature. Pure, linear.
 *
 * Text above the first quote header is never lost; where nothing new would be left, the whole text stays, and *out_nothing_new says so. */
#pragma once
#include <glib.h>

/* `text` as in SlMail.text. Owned. out_nothing_new may be NULL. */
char *sl_quote_reply(const char *text, gboolean *out_nothing_new);
