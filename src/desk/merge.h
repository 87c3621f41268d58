/* SPDX-License-Identifier: ISC */
/* One ticket becomes part of another: the earliest receipt, the unanswered question and the higher priority stay (S9). Pure.
 * By /merge, or because a mail shows that two tickets are one thread. */
#pragma once
#include "desk/decision.h"
#include "desk/facts.h"

/* Fill the events of the ticket that goes on. */
void sl_merge_absorbed(SlEvent *absorbed, const SlTicketFacts *from);
gboolean sl_merge_raises(const SlTicketFacts *from, const SlTicketFacts *into);
void sl_merge_raised(SlEvent *raised, const SlTicketFacts *from, const SlTicketFacts *into);

/* What was to be said of the ticket that ends. */
void sl_merge_quiet(SlDecision *decision, gint64 from);

/* Slate's own merge, without letters: the numbers that people were given go on working. Not of tickets that somebody parted, or linked
 * as two. */
void sl_merge_thread(const SlFacts *facts, const SlTicketFacts *from, const SlTicketFacts *into, SlDecision *decision);
