/* SPDX-License-Identifier: ISC */
/* What agents did outside, and their word about a held mail. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_outside(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
void sl_desk_confirm(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
