/* SPDX-License-Identifier: ISC */
/* The one type of time, its text forms and durations. Pure: nothing here reads a clock (base/wall does).
 *
 * SlTime is int64 microseconds since 1970-01-01 UTC. SL_TIME_NONE stands for "no such time" (JSON null). What enters the
 * record is a whole second (sl_time_floor), so that "met at the second of its due is met" is plain comparison. */
#pragma once
#include <glib.h>

typedef gint64 SlTime;

#define SL_TIME_NONE ((SlTime)G_MININT64)
#define SL_SECOND    G_GINT64_CONSTANT(1000000)
#define SL_MINUTE    (60 * SL_SECOND)
#define SL_HOUR      (60 * SL_MINUTE)
#define SL_DAY       (24 * SL_HOUR)

#define SL_WARN_UNUSED G_GNUC_WARN_UNUSED_RESULT

/* The latest whole second not after `t`; SL_TIME_NONE stays. */
SlTime sl_time_floor(SlTime t);

/* The earlier (later) of two times, where SL_TIME_NONE loses to anything. */
SlTime sl_time_earlier(SlTime a, SlTime b);
SlTime sl_time_later(SlTime a, SlTime b);

/* RFC 3339 with an explicit offset or Z. False (out untouched) for anything else. */
gboolean sl_time_parse(const char *text, SlTime *out_time) SL_WARN_UNUSED;

/* RFC 3339 in UTC to the second ("2026-11-24T12:00:00Z"); NULL for SL_TIME_NONE. Owned by the caller. */
char *sl_time_format(SlTime t);

/* For people: "Tue 24 Nov 12:47 EST" in `zone` (an IANA name or NULL for UTC). Owned. `format` as in g_date_time_format. */
char *sl_time_format_zone(SlTime t, const char *zone, const char *format);

/* An IANA zone by name; "EST" is UTC-5 all year, as tzdata has it. NULL when there is no such zone. Owned
 * (g_time_zone_unref). Names that GLib would silently take for UTC are refused. */
GTimeZone *sl_time_zone_new(const char *name);
gboolean sl_time_zone_exists(const char *name); /* without working it out: a look at its file */

/* "2026-11-28 22:00", "2026-11-24" (midnight) in `zone`; a local time in a gap is the instant after the gap. */
gboolean sl_time_parse_local(const char *text, GTimeZone *zone, SlTime *out_time) SL_WARN_UNUSED;

/* Durations: "90s" "20m" "2h" "1d" and sums "1h30m". Seconds, at least 0. False for anything else. */
gboolean sl_duration_parse(const char *text, gint64 *out_sec) SL_WARN_UNUSED;

/* "2 h 05 min", "12 min", "45 s": for people. Owned. */
char *sl_duration_format(gint64 sec);
