/* SPDX-License-Identifier: ISC */
/* Reports and replays for people: blocks of rows in the order of reading. Who prints them draws the tables and wraps the words. */
#pragma once
#include "report/figures.h"
#include "report/replay.h"

typedef struct {
  const char *key;            /* "promise": tells its rows from those of other blocks; static */
  char *heading;
  const char *const *columns; /* of a table, ended by NULL; NULL: entries, each a label with its paragraphs */
  GPtrArray *rows;            /* char**: a cell a column, or the label and the paragraphs */
  char *note;                 /* below it; NULL */
} SlTextBlock;

/* `zone`: in which times are told. `most`: how many broken promises are listed, the newest of them. GPtrArray of SlTextBlock; owned. */
GPtrArray *sl_report_text(const SlReport *report, const char *company, const char *zone, guint most);
GPtrArray *sl_replay_text(const SlReplay *replay, const char *zone, guint most);
