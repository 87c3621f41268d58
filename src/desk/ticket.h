/* SPDX-License-Identifier: ISC */
/* A ticket as its events make it. Pure; the ticket rows of the store are a cache of this. */
#pragma once
#include "desk/status.h"
#include "sla/ladder.h"

/* Somebody who was alarmed and is told when it is over. */
typedef struct {
  char *who;       /* "agent:chen", or an address of the configuration */
  int level;       /* 1..3 */
  SlTarget target; /* whose alarm it was: says what ends it */
  gboolean told;   /* the letter was written; FALSE: it still waits to be one of several alarms */
} SlAlarmed;

void sl_alarmed_free(SlAlarmed *alarmed);

/* Is that alarm over when `ended` is kept (ANSWER: words; ETA: an estimate; RESOLVE: the solution, or the ticket's end)? */
gboolean sl_alarmed_ends(const SlAlarmed *alarmed, SlTarget ended, SlPriority priority);

typedef struct {
  gint64 id;
  int seq;            /* of the last event */
  SlStatus status;
  SlPriority priority;
  char *subject;      /* "" when none */
  char *channel;      /* "mail", "phone", "chat", "walkin" */
  char *client;       /* its name; "default" */
  gint64 requester_id; /* person */
  char *requester;    /* address; NULL when forgotten */
  char *assignee;     /* agent's name; NULL: unassigned, which is loud */
  int level;          /* highest level alarmed in the running cycle; 0 */
  GPtrArray *tags;    /* char*, sorted */
  char *agreement;    /* hash */
  char *sla, *sla_version;
  char *mailbox;      /* NULL */
  gboolean silent;    /* no letters, no clocks */
  gboolean stopped;   /* STOP */
  SlTime received_at, acknowledged_at, assigned_at, started_at, answered_at, estimated_at, eta, resolved_at, closed_at;
  SlTime last_estimated_at; /* when a person gave the newest; estimated_at is the first */
  SlTime waiting_since;
  SlTime last_words_at;  /* the newest public words of a human; courtesy updates are skipped that day */
  SlTime last_customer_at; /* receipt of the customer's newest mail */
  SlTime raised_at;
  SlTime snoozed_at, snoozed_until; /* the assignee's warnings wait until then; NONE */
  SlTime waiting_until;  /* /wait until T: the pause ends then; NONE */
  gint64 merged_into; /* 0 */
  GPtrArray *also;    /* char*: requesters of tickets merged into this one; they get copies of answers */
  char *solution;     /* NULL */
  char *last_news;    /* the newest public words' first line, for the progress letter; NULL */
  GPtrArray *alarmed; /* SlAlarmed*: alarmed and not yet told that it is over; one a person, level and target */
  GHashTable *dealt;  /* set of alarm keys (owned strings) already dealt with */
} SlTicket;

/* Folds the events, oldest first (the first is `received`); those that were undone count for nothing. Owned. */
SlTicket *sl_ticket_fold(const GPtrArray *events);
void sl_ticket_free(SlTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlTicket, sl_ticket_free)

/* The moves of the ticket's clocks. `texts`: hash → SlAgreement of the texts that held before its holidays were edited; NULL where
 * they never were. GArray of SlMove; borrows from the events and the texts. Owned. */
GArray *sl_ticket_moves(const GPtrArray *events, GHashTable *texts);

/* What the schedule must know of a ticket. `out_state` borrows everything. */
void sl_ticket_ladder_state(const SlTicket *ticket, const GArray *moves, const GPtrArray *clocks, SlLadderState *out_state);

/* The events that count: all but those undone. Borrowed elements; owned array. */
GPtrArray *sl_ticket_standing(const GPtrArray *events);

gboolean sl_event_by_person(const SlEvent *event); /* staff, by mail or at the command line */

gboolean sl_ticket_is_over(const SlTicket *ticket); /* closed, merged or spam */
