/* SPDX-License-Identifier: ISC */
/* Holidays from iCalendar files: the whole days that their events name, recurrences (RRULE, RDATE, EXDATE, moved
 * instances) expanded from SL_ICS_FIRST_YEAR to SL_ICS_LAST_YEAR, fixed years, so that the same file always gives the
 * same agreement.
 *
 * An event of whole days closes each of them (DTEND is exclusive), one from midnight to midnight too; a shorter one
 * closes nothing, nor does a cancelled one. The only user of libical, and linked by slate-ics alone: such files are
 * downloaded, so they are parsed in a process that holds no store and no secret (config/holidays runs it). */
#pragma once
#include <glib.h>

#define SL_ICS_FIRST_YEAR 2010
#define SL_ICS_LAST_YEAR  2050

/* Appends "2026-12-25 Christmas Day" (char*), sorted, a line a date. FALSE when the text is no iCalendar; *out_fault
 * then says why. */
gboolean sl_ics_expand(const char *text, GPtrArray *out_dates, char **out_fault) G_GNUC_WARN_UNUSED_RESULT;
