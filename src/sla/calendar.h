/* SPDX-License-Identifier: ISC */
/* Business time (S1): when we are open, and how much open time lies between two instants.
 *
 * A spec is what the configuration says; a calendar is the spec compiled into sorted, half-open UTC intervals [open, close)
 * with prefix sums, extended on demand (internally; the object stays logically const), so that add, subtract and elapsed are
 * binary searches. We are open when the wall clock of the zone shows a time within the hours: a time in a gap opens or closes
 * at the gap, an hour that is shown twice counts twice. Time that runs out exactly at closing is due at closing, not at the
 * next opening. Hours that touch are one, but a local day open from midnight to midnight (24x7) ends at midnight.
 * Instants are SlTime, amounts whole seconds. Range: years 1990 to 2200; outside it nothing is open. */
#pragma once
#include "base/time.h"

typedef struct {
  char *name;
  char *timezone;      /* IANA, or "EST" */
  GPtrArray *hours;    /* char*: "mon-fri 08:00-18:00", "sat 22:00-02:00" (overnight), "mon-sun 00:00-24:00" */
  GPtrArray *holidays; /* char*: "2026-11-26 Thanksgiving" (closed all day; the text after the date is its name) */
  GPtrArray *special;  /* char*: "2026-12-24 08:00-12:00" replaces that day's hours, also on a closed day or holiday */
} SlCalendarSpec;

SlCalendarSpec *sl_calendar_spec_new(const char *name, const char *timezone); /* empty lists; owned */
SlCalendarSpec *sl_calendar_spec_dup(const SlCalendarSpec *spec);
void sl_calendar_spec_free(SlCalendarSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlCalendarSpec, sl_calendar_spec_free)

typedef struct SlCalendar SlCalendar;

/* NULL when a zone, day, time or date cannot be understood or no hour is ever open; *out_fault then says which and why
 * ("hours: \"mon-fry 08:00-18:00\": no such day \"fry\""). Owned. */
SlCalendar *sl_calendar_new(const SlCalendarSpec *spec, char **out_fault) SL_WARN_UNUSED;
void sl_calendar_free(SlCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlCalendar, sl_calendar_free)

const SlCalendarSpec *sl_calendar_get_spec(const SlCalendar *calendar); /* borrowed */
const char *sl_calendar_get_zone(const SlCalendar *calendar);           /* borrowed; the IANA name */

gboolean sl_calendar_is_open(const SlCalendar *calendar, SlTime at);

/* `at` itself when open; SL_TIME_NONE when it never opens again. */
SlTime sl_calendar_next_open(const SlCalendar *calendar, SlTime at);

/* The next closing after `at` (strictly), of the interval that is open at `at` or of the next one. */
SlTime sl_calendar_next_close(const SlCalendar *calendar, SlTime at);

/* The instant when `sec` open seconds after `from` have run out. sec = 0: `from` when open, else the next opening. */
SlTime sl_calendar_add(const SlCalendar *calendar, SlTime from, gint64 sec);

/* The latest instant from which `sec` open seconds lie before `to`; `to` itself when sec is 0. The inverse of add: what add
 * gives leads back to where it came from when that was open. SL_TIME_NONE when there never were so many. */
SlTime sl_calendar_subtract(const SlCalendar *calendar, SlTime to, gint64 sec);

/* Open seconds in [from, to); 0 when to <= from. */
gint64 sl_calendar_elapsed(const SlCalendar *calendar, SlTime from, SlTime to);

/* The business day (local date on which anything opens) that `at` falls into, or the next one: its first opening and last
 * closing. Overnight hours belong to the day they open on; a 24x7 day is midnight to midnight. False when none. */
gboolean sl_calendar_day(const SlCalendar *calendar, SlTime at, SlTime *out_open, SlTime *out_close) SL_WARN_UNUSED;

/* `n` >= 1 business days later: the same local time of day on the n-th business day after the one of `at`, moved into
 * that day's hours when it falls outside (S: reminders, closing). */
SlTime sl_calendar_add_days(const SlCalendar *calendar, SlTime at, int n);

/* Why is the calendar closed at `at`: a holiday's name, else NULL. Borrowed. */
const char *sl_calendar_holiday_at(const SlCalendar *calendar, SlTime at);
