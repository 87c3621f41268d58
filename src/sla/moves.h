/* SPDX-License-Identifier: ISC */
/* What can happen to a ticket's clocks. desk/ maps a ticket's events to moves, so that sla/ knows no ticket.
 *
 * Moves come in the order of the record (seq ascending). `at` is when the thing counts (a mail's receipt, a stated time),
 * which may lie before the move that stands before it. */
#pragma once
#include "sla/agreement.h"

#define SL_MOVES(X)                                                                                                    \
  X(RECEIVED, "received")           /* the ticket came in; `priority`                                              */   \
  X(WROTE, "customer wrote")        /* a later customer mail that wants an answer                                  */   \
  X(ACKED, "acknowledged")          /* the SMTP server took the ack, or a phone ticket was made                    */   \
  X(ACK_CANCELLED, "no ack")        /* no letter may go; `reason`                                                  */   \
  X(ACK_BOUNCED, "ack bounced")     /* hard bounce of the ack: un-met                                              */   \
  X(ACTED, "acted")                 /* a human act: any agent's verb but assign, snooze, tag, status               */   \
  X(SPOKE, "answered")              /* a human's public words; `stated` when a person stated the time              */   \
  X(SPOKE_BOUNCED, "answer bounced") /* hard bounce of the words of move `ref` (its seq): un-met                   */   \
  X(NO_REPLY, "no reply needed")    /* /noreply: cancels the answer cycle; `reason`                                */   \
  X(ESTIMATED, "estimate given")    /* an ETA was told; `until` is it                                              */   \
  X(WAITING, "waiting for customer") /* pause                                                                      */   \
  X(RESUMED, "resumed")             /* end of the pause                                                            */   \
  X(UPDATED, "update sent")         /* the progress letter was queued, or a person's update went                   */   \
  X(RAISED, "raised")               /* became critical; `priority`                                                 */   \
  X(LOWERED, "lowered")             /* `priority`                                                                  */   \
  X(RESOLVED, "resolved")                                                                                              \
  X(CLOSED, "closed")                                                                                                  \
  X(REOPENED, "reopened")           /* by the customer's mail; a WROTE follows when it wants an answer             */   \
  X(CANCELLED, "cancelled")         /* merged or spam: every running clock ends as cancelled; `reason`             */   \
  X(ABSORBED, "another ticket merged in") /* `at`: its receipt; `until`: since when its customer waits for an answer; NONE   */   \
  X(SPLIT, "split off")             /* the mail of move `ref` went to a ticket of its own                          */   \
  X(RECALENDAR, "holidays edited")  /* other dates from here on; `before`: the text that held until then           */   \
  X(SILENT, "no promises")          /* a ticket without letters (bulk, import, before `since`): no clock starts    */

typedef enum {
#define X(name, text) SL_MOVE_##name,
  SL_MOVES(X)
#undef X
} SlMoveKind;

typedef struct {
  SlMoveKind kind;
  int seq;             /* the event's number on its ticket */
  SlTime at;
  SlTime recorded_at;  /* when it entered the record; 0: with `at`. A time stated after the breach leaves the clock breached */
  SlTime until;        /* ESTIMATED: the ETA; ABSORBED; else SL_TIME_NONE */
  SlPriority priority; /* RECEIVED, RAISED, LOWERED */
  int ref;             /* SPOKE_BOUNCED: seq of the SPOKE move; SPLIT: of the WROTE; else 0 */
  gboolean by_agent;   /* RECEIVED: an agent wrote first: no acknowledgement, answer or estimate is owed */
  gboolean stated;     /* the time was stated by a person; RECEIVED: of a call or chat */
  const char *reason;  /* borrowed from the event; NULL where none */
  const SlAgreement *before; /* RECALENDAR: borrowed; NULL where it is not known, and the move does nothing */
} SlMove;

const char *sl_move_text(SlMoveKind kind); /* for `slate why`; static */
