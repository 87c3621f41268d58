/* SPDX-License-Identifier: ISC */
/* Text from outside, made fit to be shown: on a terminal, in a log line, in a header. */
#pragma once
#include <glib.h>

/* One line of UTF-8: bytes that are none become U+FFFD; control characters (C0, DEL, C1), line and paragraph separators and the marks
 * that turn the reading direction become spaces; at most `most` bytes, cut between characters. NULL gives "". Owned. */
char *sl_text_one_line(const char *text, gsize most);

/* May this character stand in a line that is shown? */
gboolean sl_text_is_plain(gunichar c);
