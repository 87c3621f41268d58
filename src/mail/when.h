/* SPDX-License-Identifier: ISC */
/* A date as mail programs print it for people, in English, German, Spanish and French: "Tue, Nov 24, 2026 at 10:05 AM",
 * "24.11.2026 um 10:05", "martes, 24 de noviembre de 2026 10:05", "24 nov. 2026 à 10:05". Pure. */
#pragma once
#include "base/time.h"

/* `month_first` says how 03/04/2026 is meant where both readings are possible. Without a zone `zone_sec`
 * (seconds east of UTC) is taken. SL_TIME_NONE where day, month, year or the time of day is missing. */
SlTime sl_when_read(const char *text, gboolean month_first, int zone_sec);
