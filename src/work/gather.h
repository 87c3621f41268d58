/* SPDX-License-Identifier: ISC */
/* What a decision may know: the probe before the lock, the facts after it. A fixed set of queries a kind of stimulus. */
#pragma once
#include "desk/decide.h"
#include "work/work.h"

SlProbe *sl_gather_probe(SlWork *work, const SlStimulus *stimulus, SlTime now, GError **error) SL_WARN_UNUSED;
SlFacts *sl_gather_facts(SlWork *work, const SlRoute *route, const SlStimulus *stimulus, SlTime now, gint64 person_id,
                         gint64 bounced_letter, GError **error) SL_WARN_UNUSED;

/* One ticket with everything computed at `now`: what `show` and `why` print. NULL with SL_ERROR_NOT_FOUND. Owned. */
SlTicketFacts *sl_gather_ticket(SlWork *work, gint64 ticket, SlTime now, GError **error) SL_WARN_UNUSED;

/* The ticket's alarms not yet dealt with, sorted. GArray of SlAlarm; owned. */
GArray *sl_gather_alarms(const SlTicketFacts *facts, SlTime now);
