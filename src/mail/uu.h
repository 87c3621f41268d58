/* SPDX-License-Identifier: ISC */
/* Files that old programs put into the text itself: "begin 644 name", lines of uuencode, "end". Pure; linear. */
#pragma once
#include <glib.h>

typedef struct {
  char *name;
  GByteArray *bytes;
} SlUuFile;

/* Takes each such file out of `text` (its length is in text->len, any bytes) and appends it to the array that is
 * returned; at most 20 of them, none that has no "end". Owned. */
GPtrArray *sl_uu_take(GString *text);
