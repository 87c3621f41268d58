/* SPDX-License-Identifier: ISC */
/* A window of scheduled maintenance (S7): told to the customers beforehand, and not counted against availability. */
#pragma once
#include "sla/calendar.h"

typedef struct {
  char *name;          /* "db-upgrade" */
  SlTime from, to;     /* half open; from < to */
  int announce_days;   /* told so many business days before; 0: see announce_sec */
  gint64 announce_sec; /* or so many seconds before; both 0: it is not announced */
  gboolean excuses;    /* it may not be counted against availability */
  gboolean configured; /* stands in the configuration; else it was planned by hand */
} SlWindow;

SlWindow *sl_window_new(const char *name, SlTime from, SlTime to); /* not announced, excusing; owned */
void sl_window_free(SlWindow *window);                            /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlWindow, sl_window_free)

/* "2bd", "48h"; "" or NULL: not announced. FALSE, and nothing changed, for anything else. */
gboolean sl_window_set_announce(SlWindow *window, const char *text) SL_WARN_UNUSED;

/* "2bd", "2 d 0 h", or NULL. Owned. */
char *sl_window_announce_text(const SlWindow *window);

/* When it is announced: at the opening of the business day so many before the one it begins in (or comes after), or so long
 * before; NONE when it is not. */
SlTime sl_window_announce_at(const SlWindow *window, const SlCalendar *calendar);
