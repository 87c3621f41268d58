/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <string.h>

gboolean
sl_text_is_plain(gunichar c)
{
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
    return FALSE;
  return c != 0x061c && c != 0x200e && c != 0x200f && !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

char *
sl_text_one_line(const char *text, gsize most)
{
  g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
  GString *line = g_string_new(NULL);
  for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    gsize bytes = (gsize)(g_utf8_next_char(p) - p);
    if (line->len + (sl_text_is_plain(c) ? bytes : 1) > most)
      break;
    if (sl_text_is_plain(c))
      g_string_append_len(line, p, (gssize)bytes);
    else
      g_string_append_c(line, ' ');
  }
  return g_string_free(line, FALSE);
}
