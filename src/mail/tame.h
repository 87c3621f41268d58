/* SPDX-License-Identifier: ISC */
/* HTML made harmless for a parser: comments, declarations, scripts and styles gone, of attributes only those that the
 * text needs, each tag closed and short. The parser's cost is then linear (libxml2 compares each attribute of a tag
 * with all before it), and a tag is what lies between '<' and '>'. Pure. */
#pragma once
#include <glib.h>

char *sl_html_tame(const char *html);

/* Tamed HTML without its tags, for what no parser will take. Owned. */
char *sl_html_strip(const char *tamed);
