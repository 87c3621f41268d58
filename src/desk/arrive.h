/* SPDX-License-Identifier: ISC */
/* A new ticket, whoever it came by: a customer's mail, a call, an agent who passes a mail on or writes first. Pure. */
#pragma once
#include "desk/draft.h"
#include "desk/triage.h"

void sl_desk_new(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision);      /* NEW, BULK, FOLLOW_UP */
void sl_desk_by_agent(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision); /* FORWARD, CALL, INITIATED */

/* What the rules say; strangers raise at most three an hour: beyond that their words are just words (S5). */
SlPriority sl_arrive_priority(const SlFacts *facts, const SlRoute *route, const SlTriage *triage);
