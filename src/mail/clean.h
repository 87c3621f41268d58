/* SPDX-License-Identifier: ISC */
/* Bytes of unknown charset to text that is safe to store and to print: valid UTF-8, no control, no bidirectional
 * override, no invisible character that would let a text read otherwise than it looks. */
#pragma once
#include <glib.h>

/* Decodes: the declared charset where it can be true, strict UTF-8, then the fallbacks (char*, may be NULL), then
 * windows-1252. NUL-terminated valid UTF-8, of any characters. Owned. */
char *sl_text_decode(const char *bytes, gsize length, const char *charset, const GPtrArray *fallbacks);

/* Line ends become \n; controls (but \n and \t), bidi controls and zero-width characters go; a
 * no-break space is a space. Owned. */
char *sl_text_clean(const char *text);

/* The same on one line: any white space run that holds a control is one blank; trimmed, at most `max` bytes. Owned. */
char *sl_text_clean_line(const char *text, gsize max);

/* Cuts at a character's border so that at most `max` bytes stay. */
void sl_text_truncate(char *text, gsize max);
