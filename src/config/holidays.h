/* SPDX-License-Identifier: ISC */
/* The dates of iCalendar files, read by the program slate-ics: a calendar's `ics` in the configuration. */
#pragma once
#include <glib.h>

/* Appends the files' dates to `out_dates` ("2026-12-25 Christmas Day", char*), leaving out those whose date stands
 * there already. FALSE when one cannot be read; *out_fault says which and why. */
gboolean sl_holidays_read(const GPtrArray *files, GPtrArray *out_dates, char **out_fault) G_GNUC_WARN_UNUSED_RESULT;
