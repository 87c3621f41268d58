/* SPDX-License-Identifier: ISC */
/* What letters of alarms say: to one person of one ticket, and the parts of those that speak of several. Pure. */
#pragma once
#include "desk/draft.h"

/* A letter of the ladder to one person; `clock` may be NULL (by hand). Borrowed from the decision. */
SlLetter *sl_desk_escalation(const SlFacts *facts, const SlTicketFacts *ticket, int level, const SlClock *clock, const char *address,
                             const char *cause, SlDecision *decision);

/* A warning to one person; `clock` may be NULL. */
void sl_desk_warning(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock, const char *address, const char *cause,
                     SlDecision *decision);

/* A broken promise that no step of the ladder tells, to one person; `clock` may be NULL. */
void sl_desk_breach(const SlFacts *facts, const SlTicketFacts *ticket, SlTarget target, const SlClock *clock, const char *address,
                    const char *cause, SlDecision *decision);

/* A ticket in a letter of several alarms: the line below, what to do, the last action and, if asked, the ledger. Owned. */
SlJson *sl_desk_alarm_paragraph(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock, gboolean with_ledger);

/* One line a ticket for letters that speak of several: id, subject, client, target, due_at, left or late. Owned. */
SlJson *sl_desk_alarm_row(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock);
