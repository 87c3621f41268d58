/* SPDX-License-Identifier: ISC */
/* The JSON of tickets, clocks, messages, events and letters. All owned by the caller. */
#pragma once
#include "cli/command.h"
#include "store/outbox.h"
#include "store/tickets.h"

SlJson *sl_ticket_json(const SlTicket *ticket, const char *next_target, SlTime next_due_at);
SlJson *sl_ticket_facts_json(const SlTicketFacts *facts);
SlJson *sl_clock_json(const SlClock *clock);
SlJson *sl_event_json(const SlEvent *event);
SlJson *sl_letter_json(const SlLetterRow *letter);
/* The ticket's mails, letters to the requester and notes, by time. NULL on error. */
SlJson *sl_messages_json(SlWork *work, const SlTicketFacts *facts, GError **error);
