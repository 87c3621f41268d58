/* SPDX-License-Identifier: ISC */
/* What agents do: their mail's words and /verbs, and the same verbs on the command line. All or nothing. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_agent(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
