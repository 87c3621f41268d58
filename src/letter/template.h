/* SPDX-License-Identifier: ISC */
/* Templates: a Mustache subset ({{x}} {{{x}}} {{#x}}…{{/x}} {{^x}}…{{/x}} {{!c}}; a {{>partial}} is empty; implicit iterator {{.}},
 * dotted names), files of the administrator over built-in defaults in the words a support team wants to read.
 *
 * A template begins with `Subject: …` and an empty line; the rest is the text part. Nothing is escaped in text; the HTML part
 * is generated from it. A value can never become template text. */
#pragma once
#include "base/json.h"

typedef struct SlTemplates SlTemplates;

/* Reads dir/LANGUAGE/NAME.txt over the built-in ones (dir NULL: built-in only). NULL with SL_ERROR_CONFIG ("FILE:LINE: …") when one
 * cannot be parsed, names no known template, or names an unknown field. Owned. */
SlTemplates *sl_templates_load(const char *dir, GError **error) SL_WARN_UNUSED;
void sl_templates_free(SlTemplates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlTemplates, sl_templates_free)

/* Is there any template in that language? English is built in; the others are the administrator's. */
gboolean sl_templates_speak(const SlTemplates *templates, const char *language);

/* Renders a template in a language (falls back to "en"). out_subject: one line; out_text: the body, ending in a newline.
 * The name must exist among the built-in ones (a bug otherwise). Both owned. */
void sl_template_render(const SlTemplates *templates, const char *name, const char *language, const SlJson *fields,
                        char **out_subject, char **out_text);

/* Renders any template text; NULL with SL_ERROR_CONFIG on a syntax error. `escape_html`: {{x}} is escaped. Owned. */
char *sl_mustache_render(const char *text, const SlJson *fields, gboolean escape_html, GError **error) SL_WARN_UNUSED;

/* The names of the built-in templates, NULL-terminated. Borrowed. */
const char *const *sl_template_names(void);
