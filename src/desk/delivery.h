/* SPDX-License-Identifier: ISC */
/* What a delivery's outcome, or a bounce, does to the tickets that the letter speaks of. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_delivery(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
void sl_desk_bounce(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
