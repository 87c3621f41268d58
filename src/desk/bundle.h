/* SPDX-License-Identifier: ISC */
/* One letter to one person of what several tickets tell them: the combined ack, the alarms of ten minutes, the agent's list before
 * closing. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_bundle(const SlFacts *facts, const SlRoute *route, SlDecision *decision);
