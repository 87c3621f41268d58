/* SPDX-License-Identifier: ISC */
/* What the probes saw (S7): spans of like looks, one row a span and not one a look. Never pruned: a system that is up for a
 * year is one row. */
#pragma once
#include "config/config.h"
#include "sla/availability.h"
#include "store/db.h"

typedef struct {
  SlProbed seen;
  char *why; /* NULL when up */
} SlProbeSpan;

/* One look more: the newest span grows when it is alike and not silent for too long, else a new one begins (*out_new). Looks of
 * one probe stand in order: one that is not later than the last counts as a second after it. In the caller's transaction. */
gboolean sl_probes_add(SlDb *db, const SlProbeConfig *probe, SlTime at, gboolean up, const char *why, gboolean *out_new,
                       GError **error) SL_WARN_UNUSED;

/* The spans that touch [from, to), in order of time. GPtrArray of SlProbeSpan*; owned. */
GPtrArray *sl_probes_spans(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error) SL_WARN_UNUSED;

/* What is needed to judge [from, to): its spans, back to the success before it and on to the success behind it, since failures
 * count in a row. Owned. */
SlProbeRecord *sl_probes_record(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error) SL_WARN_UNUSED;

/* Of each of `probes` (SlProbeConfig*), for sl_availability_of(). GPtrArray of SlProbeRecord*; owned. */
GPtrArray *sl_probes_records(SlDb *db, const GPtrArray *probes, SlTime from, SlTime to, GError **error) SL_WARN_UNUSED;

/* When was it looked at, when was it down? Right within [from, to), whatever they hold outside. GArrays of SlPeriod; owned. */
gboolean sl_probes_periods(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, SlTime now, GArray **out_measured,
                           GArray **out_outages, GError **error) SL_WARN_UNUSED;

typedef struct {
  SlTime at;       /* of the last look; NONE: never */
  SlTime since;    /* as long as it has looked the same without a gap; NONE: never looked */
  gboolean up;     /* at the last look */
  gboolean outage; /* failed often enough by then */
  gboolean silent; /* that look does not stand any more: nobody knows */
  char *why;       /* NULL when up */
} SlProbeState;

gboolean sl_probes_state(SlDb *db, const SlProbeConfig *probe, SlTime now, SlProbeState *out_state, GError **error) SL_WARN_UNUSED;
void sl_probe_state_clear(SlProbeState *state);
