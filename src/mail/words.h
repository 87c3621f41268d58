/* SPDX-License-Identifier: ISC */
/* Encoded words (RFC 2047) as the world writes them: with blanks in them, torn in the middle of a character, in a charset
 * that is not what they say, next to each other or to plain text without a blank. Pure; linear. */
#pragma once
#include <glib.h>

/* `value` is valid UTF-8. Each word is decoded as body text is (sl_text_decode); what is none stays. May hold any
 * character afterwards, line ends too: clean it. Owned. */
char *sl_words_decode(const char *value, const GPtrArray *fallbacks);

/* The same with each word encoded anew, in UTF-8 and without faults: for a parser that must see where words are. Owned. */
char *sl_words_recode(const char *value, const GPtrArray *fallbacks);
