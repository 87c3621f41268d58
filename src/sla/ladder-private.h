/* SPDX-License-Identifier: ISC */
/* The schedule while it is made; and its second half: what comes by the day (sla/ladder-days.c). */
#pragma once
#include "sla/clock-private.h"
#include "sla/ladder.h"

typedef struct {
  const SlLadderState *state;
  const SlAgreement *agreement;
  SlTime now;
  GArray *alarms;
} SlLadder;

/* Adds it unless it was dealt with. TRUE while a series should go on: the alarm lies at or before now. */
gboolean sl_ladder_add(SlLadder *l, const SlAlarm *alarm);

/* Was it dealt with? */
gboolean sl_ladder_dealt(const SlLadder *l, const SlAlarm *alarm);

/* A word promised by the hour is to leave at the very second of its due: nothing is broken before it was tried. */
gboolean sl_ladder_word_goes(const SlLadder *l, const SlClock *clock);

/* The newest raise to critical, and how many there were; a ticket that came in critical was never raised. */
SlTime sl_ladder_raised(const SlLadder *l, int *out_count);

/* The agents' list and the progress letter of each day (S6, S8), and what an ETA due while closed puts on that list
 * (S4). */
void sl_ladder_add_days(SlLadder *l);

/* Reminders and closing while waiting, closing while resolved (S10). */
void sl_ladder_add_rests(SlLadder *l);
