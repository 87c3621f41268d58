/* SPDX-License-Identifier: ISC */
/* Dates in words ("tomorrow 16:00", "2h", "Fri", "25.11. 14 Uhr", ISO), and times said to people. Pure. */
#pragma once
#include "sla/calendar.h"

/* Reads `text` as a time after `now`, in the calendar's zone. A day without a time means that day's closing; a time without
 * a day the next one that comes; "2h", "30m", "1d" from now; a weekday the next one (today's name: in a week). English,
 * German and Spanish words. FALSE: *out_why says why ("\"Fry\" is no date", "25 Nov 10:00 is in the past"); owned. */
gboolean sl_when_parse(const char *text, const SlCalendar *calendar, SlTime now, SlTime *out_time, char **out_why) SL_WARN_UNUSED;

/* The same words as a time at or before `now`: "10:40" is today's or, where that is to come, refused; "Fri" the last one. */
gboolean sl_when_parse_past(const char *text, const SlCalendar *calendar, SlTime now, SlTime *out_time, char **out_why) SL_WARN_UNUSED;
gsize sl_when_prefix_past(const char *line, const SlCalendar *calendar, SlTime now, SlTime *out_time);

/* How much of `line`'s beginning is a date (for "/eta Fri 16:00 because the template …")? Bytes used; 0 when none. The
 * longest run of leading words that sl_when_parse understands. */
gsize sl_when_prefix(const char *line, const SlCalendar *calendar, SlTime now, SlTime *out_time);

/* For people: "12:47 EST" on the day of `now`, "Mon 09:55 EST" within six days, else "Mon 7 Dec 09:55 EST", with the year from 300 days on; their own time in
 * brackets, " (18:47 your time)", where their zone (NULL: none) reads differently. Zone names as the zone has them (EST, EDT). Owned. */
char *sl_when_say(SlTime t, SlTime now, const char *zone, const char *their_zone);

/* Absolute with zone, as echoed to agents: "Wed 25 Nov 2026 16:00 EST". Owned. */
char *sl_when_absolute(SlTime t, const char *zone);
