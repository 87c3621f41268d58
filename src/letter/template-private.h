/* SPDX-License-Identifier: ISC */
#pragma once
#include <glib.h>

typedef struct {
  const char *name;
  const char *fields; /* space-separated: what it may name */
  const char *text;   /* "Subject: …", an empty line, the body */
} SlBuiltin;

/* Ended by a row whose name is NULL. */
const SlBuiltin *sl_template_builtin(void);
