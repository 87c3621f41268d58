/* SPDX-License-Identifier: ISC */
/* The agreement sentence by sentence (S1-S12): what it says, what in the agreement's text carries it out, and what became of it in the
 * period. For the annual review (S12): each promise beside its number. Pure. */
#pragma once
#include "report/figures.h"

typedef struct {
  const char *id;   /* "S3" */
  const char *text; /* the sentence, word by word */
  char *setting;    /* "answer: within 2 h business, goal 1 h" */
  char *figure;     /* "40 of 42 (95.2 %); half within 38 min" */
} SlPromise;

/* Of a finished report, in its agreement's words. GPtrArray of SlPromise; owned. */
GPtrArray *sl_report_promises(const SlReport *report);

/* "not measured"; "99.43 %: down for 12 min …" (S7). "L1 9, L2 3, L3 1": how often each was called (S11). Owned. */
char *sl_report_available_words(const SlReport *report);
char *sl_report_escalated_words(const SlReport *report);
