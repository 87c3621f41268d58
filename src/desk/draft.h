/* SPDX-License-Identifier: ISC */
/* Drafts of letters: who gets it, what it answers, which facts its template may name. The words are the templates'. Pure. */
#pragma once
#include "desk/decide.h"

/* The ticket as it will stand once the decision's events are written: for times that a letter prints. For the new ticket (0) the
 * agreement and client are the route's. Owned (sl_ticket_facts_free). */
SlTicketFacts *sl_draft_after(const SlFacts *facts, const SlRoute *route, const SlDecision *decision, gint64 ticket);

/* The number that the decision's newest event on the ticket will get: the cause in a purpose key. Owned text. */
char *sl_draft_cause(const SlFacts *facts, const SlDecision *decision, gint64 ticket);

/* To the requester, in their thread: subject kept, In-Reply-To and References right, Reply-To signed for them. */
SlLetter *sl_draft_to_customer(const SlFacts *facts, const SlTicketFacts *ticket, SlLetterKind kind, const char *template_name);

/* To one person of ours. `scope` says what a reply does: REPLY goes to the customer, NOTE stays inside. */
SlLetter *sl_draft_to_staff(const SlFacts *facts, const SlTicketFacts *ticket, SlLetterKind kind, const char *template_name,
                            const char *address, SlScope scope);

/* Who is spoken to about a ticket's work: the assignee, else (loud) every supervisor, else every agent, else the postmaster.
 * char* borrowed; owned array. *out_assigned says which it was (may be NULL). */
GPtrArray *sl_draft_workers(const SlPolicy *policy, const SlTicket *ticket, gboolean *out_assigned);

/* The addresses of a level of the ladder; an empty level, or one whose only person is the assignee, passes upward, at last to the
 * postmaster (S11). `level` from 1; above the highest: the postmaster. */
GPtrArray *sl_draft_level(const SlFacts *facts, const SlAgreement *agreement, int level, const char *assignee);

/* A letter to one of ours that is of no one ticket. */
SlLetter *sl_draft_personal(const SlPolicy *policy, SlLetterKind kind, const char *template_name, const char *address, SlScope scope);

/* "This ticket is yours": how, and what falls due. */
SlLetter *sl_draft_assignment(const SlFacts *facts, const SlTicketFacts *ticket, const SlAgent *agent, const char *how,
                              SlDecision *decision);

/* Mail goes whole to who works on it: what the plain text cannot show rides along as the original. `mail` may be NULL. */
void sl_draft_attach(SlLetter *letter, const SlMail *mail, gint64 mail_id);

/* The one time that an acknowledgement prints, and when we open. */
void sl_draft_ack_times(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter);

/* What runs and falls due, as rows. */
void sl_draft_due(const SlFacts *facts, const SlTicketFacts *after, SlLetter *letter);

/* After a pause: the estimate moves by the business time waited, is recorded, and the customer is told (S10), of five minutes or more. */
void sl_draft_moved_eta(const SlFacts *facts, const SlRoute *route, gint64 ticket, SlDecision *decision);

/* A mail goes back to a person of ours, who is asked about it. `ticket` NULL: it is of none. */
SlLetter *sl_draft_hold(const SlFacts *facts, const SlTicketFacts *ticket, const char *address, const SlMail *mail, gint64 mail_id,
                        const char *why, const char *what_ok_does, SlDecision *decision);

/* "agent:chen" for an agent's address, else the address: how the record names staff. Owned. And back. */
char *sl_draft_staff_name(const SlPolicy *policy, const char *address);
const char *sl_draft_staff_address(const SlPolicy *policy, const char *name);

/* "Poologics, Mon-Fri 08:00-18:00 EST": who we are and when we are there. Owned. */
char *sl_draft_desk_line(const SlFacts *facts, const SlCalendar *calendar);

/* A time for the customer, and for us. Owned. */
char *sl_draft_time(const SlFacts *facts, const SlTicketFacts *ticket, SlTime t);
char *sl_draft_our_time(const SlFacts *facts, const SlTicketFacts *ticket, SlTime t);

/* The words have gone: whoever was alarmed and whose alarm this ends is told, and letters that were still queued are withdrawn.
 * `what`: "Ana answered 10:02". `ended`: which target's alarms (SL_TARGET_ANSWER, ETA, RESOLVE). */
void sl_draft_all_clear(const SlFacts *facts, SlDecision *decision, const SlTicketFacts *ticket, SlTarget ended, const char *what,
                        const char *actor);
