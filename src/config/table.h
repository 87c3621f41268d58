/* SPDX-License-Identifier: ISC */
/* One row an option: section, name, type, default, help. The parser, the defaults, `slate config` and a test against
 * slate.conf(5) all come from this table. */
#pragma once
#include <glib.h>

typedef enum {
  SL_OPTION_STRING,
  SL_OPTION_INT,
  SL_OPTION_FLOAT,
  SL_OPTION_BOOL,
  SL_OPTION_DURATION, /* "20m" */
  SL_OPTION_SIZE,     /* "35M" */
  SL_OPTION_SECRET,   /* cred: file: cmd: */
  SL_OPTION_LIST,     /* of strings */
  SL_OPTION_REGEXES,  /* list of regular expressions */
  SL_OPTION_WORD,     /* one of `words` */
  SL_OPTION_SECTION,  /* `words` unused; its options are the rows whose section is its path */
} SlOptionType;

typedef struct {
  const char *section; /* "" top level; "sla", "sla.target" … */
  const char *name;
  SlOptionType type;
  const char *fallback; /* as written in the file; NULL: none */
  const char *words;    /* SL_OPTION_WORD: "least-open|round-robin|manual" */
  gboolean titled;      /* SECTION: takes a title and may stand several times */
  const char *help;     /* one sentence, as in slate.conf(5) */
} SlOption;

/* Ended by a row whose name is NULL. */
const SlOption *sl_option_table(void);
