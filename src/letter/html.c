/* SPDX-License-Identifier: ISC */
#include "letter/html.h"

#include <string.h>

char *
sl_html_of_text(const char *text, const char *language)
{
  g_autoptr(GString) html = g_string_new(NULL);
  g_autofree char *trimmed = g_strchomp(g_strdup(text));
  g_auto(GStrv) paragraphs = g_strsplit(trimmed, "\n\n", -1);
  g_autofree char *lang = g_markup_escape_text(language ? language : "en", -1);
  g_string_append_printf(html, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"></head><body>\n",
                         lang);
  for (guint i = 0; paragraphs[i]; i++) {
    g_autofree char *escaped = g_markup_escape_text(g_strstrip(paragraphs[i]), -1);
    g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
    g_autofree char *broken = g_strjoinv("<br>\n", lines);
    if (*broken)
      g_string_append_printf(html, "<p>%s</p>\n", broken);
  }
  g_string_append(html, "</body></html>\n");
  return g_string_free(g_steal_pointer(&html), FALSE);
}
