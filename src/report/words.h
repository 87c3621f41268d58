/* SPDX-License-Identifier: ISC */
/* Figures as people read them. All owned by the caller. */
#pragma once
#include <glib.h>

#define SL_WORDS_FEWEST 10 /* below that a percentage says more than is known */

/* "95.2 %"; "100 %" and "0 %" only where that is the whole truth. `whole` > 0. */
char *sl_words_percent(guint part, guint whole);

/* "40 of 42 kept (95.2 %)"; "1 of 2 kept": few have no percentage; "none was due". `word` NULL: without "kept". */
char *sl_words_share(guint part, guint whole, const char *word);

/* An amount of time to the second, in hours however many they are: "20 min", "2 h", "1 h 30 min", "150 h". */
char *sl_words_hours(gint64 sec);

/* A limit: the same, but "14 d". */
char *sl_words_limit(gint64 sec);

/* How long it took, roughly: "41 s", "38 min", "30 h 02 min"; "-" below 0: nothing did. */
char *sl_words_took(gint64 sec);

/* The same for a narrow column: "41s", "38m", "30h02"; "" below 0. */
char *sl_words_short(gint64 sec);

/* "1 ticket", "2 tickets": an s makes the many. */
char *sl_words_count(guint n, const char *one);
