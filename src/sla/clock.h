/* SPDX-License-Identifier: ISC */
/* Clocks: a pure function of what happened and of the agreement's text. Nothing is remembered between calls; the clock
 * rows of the store are a cache of this.
 *
 * Rules (each from DESIGN "The agreement", its table of targets):
 *  ack      one cycle; starts at RECEIVED; met by ACKED; ACK_BOUNCED un-mets it; ACK_CANCELLED cancels, whenever it comes.
 *  start    one cycle; met by the first ACTED, SPOKE or UPDATED-with-words (desk gives an ACTED with it).
 *  answer   cycles from 1: one starts at the oldest unanswered RECEIVED/WROTE; one SPOKE meets it, but not one that was said
 *           before the mail came; SPOKE_BOUNCED un-mets, unless words went since; NO_REPLY cancels it. A WROTE while a cycle
 *           runs starts none. A time stated after the breach leaves the clock breached.
 *  eta      one cycle; wall time by default; met by ESTIMATED or RESOLVED; pauses while WAITING.
 *  resolve  one cycle, running from receipt; no due until an ESTIMATED (or the sla's own limit), then due = the ETA;
 *           while waiting its due is NONE and on resumption moves by the business time waited, unless it ran out before the
 *           wait; met by RESOLVED; after REOPENED it runs again without a due until a new ETA, time closed not counted.
 *  progress one cycle a business day for critical tickets (day's opening, or becoming critical, or going on after a wait or a
 *           reopening, to closing); none for a day in which that was later than 30 min before closing; met by SPOKE or UPDATED
 *           in the 2 h before the progress instant (closing - 30 min) or after it; cancelled when the ticket waits, rests or is
 *           no longer critical at that instant.
 *  A raise starts the critical clocks at the raise, as further cycles, where the critical promise is another; old ones run on.
 *  Lowering cancels those that have not run out (the promise of the new priority counts from where it always did), and
 *  never un-breaches. For the default agreement start and answer have one limit for all priorities, so nothing doubles there.
 *  Met at the second of its due is met. A breached clock that is met later keeps `breached`; one that ran out before it was
 *  cancelled (no reply, closing, merging) is cancelled and keeps its breached_at: breaches are counted by that. */
#pragma once
#include "sla/moves.h"

#define SL_CLOCK_STATES(X)                                                                                             \
  X(RUNNING, "running")                                                                                                \
  X(PAUSED, "paused")                                                                                                  \
  X(MET, "met")                                                                                                        \
  X(BREACHED, "breached")                                                                                              \
  X(CANCELLED, "cancelled")

typedef enum {
#define X(name, word) SL_CLOCK_##name,
  SL_CLOCK_STATES(X)
#undef X
} SlClockState;

const char *sl_clock_state_word(SlClockState state); /* static */

typedef struct {
  SlTarget target;
  int cycle;            /* from 1 */
  SlClockState state;
  SlPriority priority;  /* whose limit it runs under */
  SlCount count;
  gint64 limit_sec;     /* 0: none */
  SlTime started_at;
  SlTime warn_at;       /* the next (or, once passed, the last) warning's instant; NONE where there is none */
  SlTime due_at;        /* NONE: no due (resolve without an ETA, paused resolve) */
  SlTime met_at;
  SlTime breached_at;   /* = due_at once passed unmet; in a CANCELLED clock: it was broken before that */
  SlTime paused_at;     /* it stands still since then: PAUSED, or BREACHED before */
  SlTime ended_at;      /* when it was met or cancelled; NONE while it runs, stands still or is overdue */
  gint64 elapsed_sec;   /* as the target counts, pauses taken out where it pauses; until met_at, or `now` */
  gint64 elapsed_business_sec;
  gint64 elapsed_wall_sec;
  gint64 late_sec;      /* as the target counts, from the due to its end or `now`; 0 where it is not broken, or was met in time but stated too late */
  gboolean stated;
  char *reason;         /* why cancelled; NULL else; owned */
  int start_seq;        /* the move that started the cycle */
  int end_seq;          /* the move that met or cancelled it; 0 while it runs; -1: no single move (progress) */
  const SlAgreement *agreement; /* the text it counts under: not the newest where the holidays were edited after it ended. Borrowed */
  int eta_cycle;        /* resolve: which ETA told counts (1, 2, …); 0 before the first. L2's cycle for a broken ETA */
} SlClock;

/* All clocks of a ticket at `now`, in the order target, cycle. `agreement` is the ticket's text with the dates of its newest
 * RECALENDAR; what had ended or fallen due before that counts under the text that held then. Element free function set. Owned (g_ptr_array_unref). */
GPtrArray *sl_clock_run(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTime now);

/* The newest clock of a target (cycle 0; one that has not ended goes before those that have) or a given cycle. Borrowed;
 * NULL when there is none. */
const SlClock *sl_clock_find(const GPtrArray *clocks, SlTarget target, int cycle);

void sl_clock_free(SlClock *clock);

/* The rule by which a move started, ended or moved the clock: "met by a person's public words (S3)". Static; NULL: it does nothing
 * to it. In sla/clock-rules.c. */
const char *sl_clock_rule(const SlClock *clock, const SlMove *move);

/* One line of the ledger of `slate why`. */
typedef struct {
  SlTime at;
  char *what;         /* "received", "closed", "open", "waiting for customer", "answered", "due" … ; owned */
  const char *rule;   /* by which the clock moved here: "business time only (S1)"; static; NULL: it did not move it */
  gint64 counted_sec; /* counted since the line before, as the target counts */
  gint64 total_sec;
} SlLedgerLine;

/* Second by second: why the clock stands where it stands. The last line's total is the clock's elapsed_sec. Owned;
 * element free function set. */
GPtrArray *sl_clock_ledger(const SlMove *moves, guint n_moves, SlTime now, const SlClock *clock);
