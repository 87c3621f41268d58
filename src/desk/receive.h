/* SPDX-License-Identifier: ISC */
/* Mail that comes to a ticket: a customer's later mail, what is held, what machines write. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_join(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);  /* JOIN, FORWARD_JOIN */
void sl_desk_hold(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);  /* AGENT_HELD, STRANGER_HELD */
void sl_desk_machine(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision); /* AUTO_REPLY, NO_TICKET */
