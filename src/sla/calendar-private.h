/* SPDX-License-Identifier: ISC */
/* What the spec's words mean, before any time zone: minutes after each local midnight. Days are GLib's julian numbers. */
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
