/* SPDX-License-Identifier: ISC */
/* The forms in which a body comes, as plain text: HTML with its paragraphs, lists, tables and links, and the flowed
 * text of RFC 3676. The only user of libxml2. Input and output are valid UTF-8; all functions are linear. Pure. */
#pragma once
#include <glib.h>

/* Scripts, styles, comments and what is hidden by style are left out; quotations get "> " in front of their lines.
 * *out_whole is FALSE where the markup was nested so deeply that only its tags could be taken out. Owned. */
char *sl_text_from_html(const char *html, gboolean *out_whole);

/* Joins the soft-broken lines of format=flowed; `delsp` as in the parameter DelSp=yes. Owned. */
char *sl_text_unflow(const char *text, gboolean delsp);

/* No blanks at line ends, at most four empty lines in a row, none at either end. Owned. */
char *sl_text_tidy(const char *text);

/* Does a stretch of `length` bytes begin with the word (ASCII, any case), or with one of `n` words? */
gboolean sl_text_begins(const char *at, gsize length, const char *word);
gboolean sl_text_begins_with_any(const char *at, gsize length, const char *const *words, guint n);
