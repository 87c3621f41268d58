/* SPDX-License-Identifier: ISC */
/* The two halves below a calendar: what the spec's words mean before any time zone (spans of minutes after each local
 * midnight), and those spans as UTC instants (pieces of open time). Days are GLib's julian numbers. */
#pragma once
#include "sla/calendar.h"

typedef struct {
  int from_min, to_min; /* to_min > 1440: runs into the next day */
} SlSpan;

typedef struct {
  GArray *week[7];      /* SlSpan, Monday first */
  GHashTable *holidays; /* julian → name */
  GHashTable *special;  /* julian → GArray of SlSpan */
} SlCalendarDays;

SlCalendarDays *sl_calendar_days_new(const SlCalendarSpec *spec, char **out_fault);
void sl_calendar_days_free(SlCalendarDays *days);

/* The spans that begin on that day; NULL on a holiday. Borrowed. */
const GArray *sl_calendar_days_spans(const SlCalendarDays *days, guint32 julian);

/* A piece of open time, half open: [open, close). */
typedef struct {
  SlTime open, close;
  gint64 before_sec; /* open seconds of all pieces before this one */
  guint32 day;       /* the local day it opens on */
} SlPiece;

/* The pieces that open on the days [from, to): sorted, disjoint. Pieces that touch are one, but a local day that is
 * open from midnight to midnight is a piece of its own: what never closes ends at midnight. GArray of SlPiece; owned.
 */
GArray *sl_calendar_compile(const SlCalendarDays *days, GTimeZone *zone, guint32 from, guint32 to);

/* The local day of an instant; days before 1 January of year 1 are its first. */
guint32 sl_calendar_day_of(GTimeZone *zone, SlTime at);

/* What the wall shows at an instant, as if its zone were UTC, to the second. */
SlTime sl_calendar_local(GTimeZone *zone, SlTime at);

/* Midnight of a day as if its zone were UTC. */
SlTime sl_calendar_midnight(guint32 julian);

/* The first instant at which the wall shows `local` (a time as if its zone were UTC); in a gap, the instant after it.
 */
SlTime sl_calendar_instant(GTimeZone *zone, SlTime local);
