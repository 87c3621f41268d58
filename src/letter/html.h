/* SPDX-License-Identifier: ISC */
/* The same words in HTML: paragraphs and line breaks, nothing else. Owned. */
#pragma once
#include <glib.h>

char *sl_html_of_text(const char *text, const char *language);
