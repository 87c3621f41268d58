/* SPDX-License-Identifier: ISC */
/* The second half of a step: what is done about a stimulus. Pure; reads like the agreement. */
#pragma once
#include "desk/decision.h"
#include "desk/facts.h"

SlDecision *sl_desk_decide(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus);
