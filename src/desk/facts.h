/* SPDX-License-Identifier: ISC */
/* All that a decision may know. Gathered by work/gather after the rows are locked; plain values; owned by the SlFacts. */
#pragma once
#include "desk/route.h"

typedef struct {
  SlTicket *ticket;
  GPtrArray *events;            /* SlEvent*, oldest first */
  GArray *moves;                /* SlMove, borrows from events */
  GPtrArray *clocks;            /* SlClock*, at `now` */
  SlAgreement *agreement;       /* the text under which it came in, with the dates as they were last edited; owned */
  GHashTable *texts;            /* hash → SlAgreement* (owned): the texts before that, and the one named by `edited`; NULL: none */
  char *edited;                 /* ALARM: hash of its text with the holidays as they are now; NULL: they are the same */
  const SlClient *client;       /* borrowed from the policy */
  gboolean due;                 /* ALARM: the store holds an alarm of it at or before `now` */
  GPtrArray *references;        /* char*: Message-IDs of the thread with the requester, oldest first */
  char *last_message_id;        /* of the customer's newest mail: what an answer replies to; NULL */
  char *thread_topic, *thread_index; /* of the customer's newest mail; NULL */
  GPtrArray *cc;                /* char*: addresses of the same client in Cc of the customer's newest mail */
  gint64 last_mail;             /* id of the customer's newest mail; 0 */
  char *last_text;              /* what they newly wrote there; NULL */
} SlTicketFacts;

void sl_ticket_facts_free(SlTicketFacts *facts);

/* Who hears of maintenance: a client's contact, or who has an open ticket. */
typedef struct {
  char *address;
  const SlClient *client; /* borrowed from the policy */
} SlAudience;

void sl_audience_free(SlAudience *audience);

/* A notice that waits for its person's bundle. */
typedef struct {
  gint64 ticket;
  char *cause;    /* "ack", "update:20261124", or an alarm's key */
  SlTime ready;
} SlNotice;

void sl_notice_free(SlNotice *notice);

/* A letter of the ticket, as /undo must know it. */
typedef struct {
  SlLetterKind kind;
  int cause;         /* the event's number in its purpose; 0 when it has another cause */
  gint64 ticket;
  gboolean left;     /* it is on its way or has arrived */
  gboolean to_staff;
} SlLetterFact;

typedef struct {
  SlTime now;
  const SlPolicy *policy;
  GPtrArray *tickets;        /* SlTicketFacts*, in the route's order */
  gint64 person_id;          /* row of route->person; 0 */
  GHashTable *absent;        /* set of agents' names: away at `now`; never NULL */
  GHashTable *open_by_agent; /* agent's name → GINT_TO_POINTER(open tickets); kept by the store, not counted */
  char *last_assigned;       /* agent's name, for round robin; NULL */
  int acks_to_person;        /* acks decided for the sender within acks_per_sender_window */
  int acks_to_strangers;     /* to all strangers within the last hour */
  int raises_by_strangers;   /* within the last hour */
  gboolean person_has_ack_notice; /* a combined ack is waiting for them already; ALARM: for the ticket's requester */
  GHashTable *alarm_window;  /* address → SlTime* (the moment up to which alarms to them wait) */
  /* ALARM of ticket 0: */
  GPtrArray *house;          /* SlEvent*: the record of ticket 0, oldest first; NULL else */
  GPtrArray *audience;       /* SlAudience*: each address once; NULL else */
  /* DELIVERY, and BOUNCE: */
  SlLetterKind letter_kind;
  gint64 letter_id;
  char *letter_purpose, *letter_recipient, *letter_subject; /* NULL where there is no letter */
  GArray *letter_tickets;    /* gint64 */
  int letter_event;          /* seq of the event whose words the letter carries; 0 */
  /* COMMAND split, and a MAIL with /split: the mail it names, or the customer's newest: */
  SlMail *split_mail;        /* NULL where there is none on the ticket */
  gint64 split_mail_id;
  SlTime split_received;
  GPtrArray *letters;        /* SlLetterFact*: of the route's tickets, where /undo is asked; never NULL */
  /* BUNDLE: */
  GPtrArray *notices;        /* SlNotice*: those that are ready, by ticket */
} SlFacts;

SlFacts *sl_facts_new(SlTime now, const SlPolicy *policy);
void sl_facts_free(SlFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlFacts, sl_facts_free)

/* The facts of one ticket; NULL when the route does not hold it. Borrowed. */
const SlTicketFacts *sl_facts_ticket(const SlFacts *facts, gint64 ticket);
