/* SPDX-License-Identifier: ISC */
/* Availability (S7): of the business hours that were measured, without scheduled maintenance, the share in which the
 * client's system was up. Values in, figure out: the caller reads probes and windows. What was not measured is neither
 * up nor down; where nothing was, there is no figure. */
#pragma once
#include "sla/calendar.h"

typedef struct {
  SlTime from, to; /* half open; to NONE: it lasts */
} SlPeriod;

/* What a probe saw: looks of one kind, the next never further from the last than its silence allowed. */
typedef struct {
  SlTime from, to; /* the first look and the last */
  gint64 n;        /* how many; at least 1 */
  gboolean up;
} SlProbed;

/* Outages from a probe's spans in order of time: `fail_after` failures in a row are one, from the first of them to the
 * next success; NONE as its end while it lasts. A silence longer than `silence_sec` (to the next look, or to `now`) ends
 * it that long after its last look: what nobody looked at is not known to be down. GArray of SlPeriod; owned. */
GArray *sl_availability_outages(const SlProbed *spans, guint n, guint fail_after, gint64 silence_sec, SlTime now);

/* When somebody looked: a look stands until the next, or for `silence_sec` at most. The last one stands until `now`,
 * at most as long. GArray of SlPeriod; owned. */
GArray *sl_availability_measured(const SlProbed *spans, guint n, gint64 silence_sec, SlTime now);

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

/* All that one probe saw, and how it is read. */
typedef struct {
  GPtrArray *clients; /* char*: whose system it looks at; NULL or empty: everybody's */
  guint fail_after;
  gint64 silence_sec;
  GArray *spans; /* SlProbed in order of time */
} SlProbeRecord;
void sl_probe_record_free(SlProbeRecord *record);

/* Does a probe of these clients look at that client's system? NULL as client: any does. */
gboolean sl_availability_concerns(const GPtrArray *clients, const char *client);

/* The figure from several probes (SlProbeRecord*): down when any of them is down, measured when any of them looked. Of one
 * `client` only those that look at its system count; NULL: all. */
void sl_availability_of(const GPtrArray *records, const char *client, const SlCalendar *calendar, SlTime from, SlTime to,
                        SlTime now, const GArray *maintenance, SlAvailability *out_figure);
