/* SPDX-License-Identifier: ISC */
/* Availability (S7): of the business hours that were measured, without scheduled maintenance, the share in which the
 * client's system was up. Values in, figure out: the caller reads probes and windows. What was not measured is neither
 * up nor down; where nothing was, there is no figure. */
#pragma once
#include "sla/calendar.h"

typedef struct {
  SlTime from, to; /* half open; to NONE: it lasts */
} SlPeriod;

typedef struct {
  SlTime at;
  gboolean up;
} SlProbed;

/* Outages from a probe's results in order of time: `fail_after` failures in a row are one, from the first of them to
 * the next success; NONE as its end while it lasts. A silence longer than `silence_sec` ends it at its last result:
 * what nobody looked at is not known to be down. GArray of SlPeriod; owned. */
GArray *sl_availability_outages(const SlProbed *results, guint n, guint fail_after, gint64 silence_sec);

/* When somebody looked: a result stands until the next, or for `silence_sec` at most. The last one stands until `now`,
 * at most as long. GArray of SlPeriod; owned. */
GArray *sl_availability_measured(const SlProbed *results, guint n, gint64 silence_sec, SlTime now);

typedef struct {
  gboolean measured;          /* else there is no rate */
  double rate;                /* percent of measured_seconds */
  gint64 business_seconds;    /* open seconds of the time asked for */
  gint64 maintenance_seconds; /* of them in maintenance: counted neither way */
  gint64 measured_seconds;    /* of the rest, those that were measured */
  gint64 down_seconds;        /* of these, those in an outage */
} SlAvailability;

/* The figure for [from, to). The arrays (SlPeriod) may be in any order and overlap; NULL is none. */
void sl_availability_figure(const SlCalendar *calendar, SlTime from, SlTime to, const GArray *measured,
                            const GArray *outages, const GArray *maintenance, SlAvailability *out_figure);
