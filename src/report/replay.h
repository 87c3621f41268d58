/* SPDX-License-Identifier: ISC */
/* The recorded past under another agreement: each ticket received in [from, end) runs once more, under what a configuration has for its
 * client, and each clock is compared. What was done, and what was told (an ETA), stays; limits, hours and pauses change. Letters that Slate
 * would have sent at other times are not invented. Pure. */
#pragma once
#include "config/config.h"
#include "store/record.h"

#define SL_REPLAY_STATES(X)                                                                                            \
  X(NONE, "none")           /* there is no such clock                                           */                     \
  X(OPEN, "open")           /* it runs or stands still, and is not broken                       */                     \
  X(MET, "met")             /* in time                                                          */                     \
  X(LATE, "late")           /* broken, whatever came then                                       */                     \
  X(CANCELLED, "cancelled") /* before it was broken                                             */

typedef enum {
#define X(name, word) SL_REPLAY_##name,
  SL_REPLAY_STATES(X)
#undef X
} SlReplayState;

const char *sl_replay_word(SlReplayState state); /* static */

typedef struct {
  SlTime due_at; /* NONE where it has none */
  SlReplayState state;
} SlReplaySide;

typedef struct {
  gint64 ticket;
  SlTarget target;
  int cycle;
  SlReplaySide before, after; /* their states differ */
  char *subject;
} SlReplayChange;

typedef struct {
  guint due, met; /* of the clocks whose due has come or that have ended; the others of them are broken */
} SlReplayFigure;

typedef struct {
  SlTime from, to; /* as they are told */
  SlTime end;      /* the first second that does not count */
  SlTime now;
  char *file;      /* as it was named */
  const SlConfig *config; /* what stands in it; borrowed */
  guint tickets;   /* received in the period */
  guint kept_own;  /* of these: those for which the file has no agreement, so that they keep theirs */
  GHashTable *agreements; /* "standard 2026, calendar default" → GUINT: tickets that ran under it */
  SlReplayFigure before[SL_N_TARGETS][SL_N_PRIORITIES], after[SL_N_TARGETS][SL_N_PRIORITIES];
  GPtrArray *changed; /* SlReplayChange*, by ticket, target, cycle */
} SlReplay;

/* `to` NONE: up to and with `now`. Owned. */
SlReplay *sl_replay_new(const char *file, const SlConfig *config, SlTime from, SlTime to, SlTime now);
void sl_replay_free(SlReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlReplay, sl_replay_free)

/* A record as it stands at the replay's `now`; in ascending order. One received at another time is passed over. */
void sl_replay_add(SlReplay *replay, const SlRecord *record);

/* What the configuration has for a ticket received then: of the client of that name, else of its client "default", else the agreement of the
 * ticket's own name; the version in force at the receipt. NULL: it says nothing of this ticket. Borrowed. */
const SlAgreement *sl_replay_agreement(const SlConfig *config, const SlTicket *ticket, SlTime received);
