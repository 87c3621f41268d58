/* SPDX-License-Identifier: ISC */
/* What clocks and ladder share: stretches of time that do not count, and the instant at which a clock reaches an amount. */
#pragma once
#include "sla/clock.h"

typedef struct {
  SlTime from, to; /* to NONE: it lasts */
} SlStretch;

/* While waiting for the customer (S10). GArray of SlStretch; owned. */
GArray *sl_clock_pauses(const SlMove *moves, guint n_moves);

/* While resolved or closed. GArray of SlStretch; owned. */
GArray *sl_clock_rests(const SlMove *moves, guint n_moves);

/* Does the target stand still while waiting? */
gboolean sl_clock_pauses_for(const SlAgreement *agreement, SlTarget target);

/* Seconds in [from, to), as `count` counts, the stretches taken out. */
gint64 sl_clock_count(const SlCalendar *calendar, SlCount count, SlTime from, SlTime to, const GArray *stretches);

/* When `sec` such seconds after `from` have run out; NONE while a lasting stretch comes before it. */
SlTime sl_clock_reach(const SlCalendar *calendar, SlCount count, SlTime from, gint64 sec, const GArray *stretches);

/* `sec` such seconds before `due`, not before `from`. */
SlTime sl_clock_before(const SlCalendar *calendar, SlCount count, SlTime from, SlTime due, gint64 sec);

/* The stretches that count for a clock: pauses where its target pauses, rests for resolve. GArray; owned. */
GArray *sl_clock_stretches(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTarget target);
gboolean sl_stretches_hold(const GArray *stretches, SlTime at);
