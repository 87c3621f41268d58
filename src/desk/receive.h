/* SPDX-License-Identifier: ISC */
/* Mail that comes in: a new ticket, a customer's later mail, what is held, what machines write. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_new(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);   /* NEW, BULK, FOLLOW_UP */
void sl_desk_join(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);
void sl_desk_hold(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);  /* AGENT_HELD, STRANGER_HELD */
void sl_desk_machine(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision); /* AUTO_REPLY, NO_TICKET */
