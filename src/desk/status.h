/* SPDX-License-Identifier: ISC */
/* What a ticket can be, and which event leads from where to where: one table, from which the fold, the refusals of verbs and
 * doc/INVARIANTS.md come. An event that has no row for a status leaves it as it is. Pure. */
#pragma once
#include "desk/event.h"

#define SL_STATUSES(X)                                                                                                 \
  X(OPEN, "open")                                                                                                      \
  X(WAITING, "waiting")                                                                                                \
  X(RESOLVED, "resolved")                                                                                              \
  X(CLOSED, "closed")                                                                                                  \
  X(MERGED, "merged")                                                                                                  \
  X(SPAM, "spam")

typedef enum {
#define X(name, word) SL_TICKET_##name,
  SL_STATUSES(X)
#undef X
  SL_N_STATUSES
} SlStatus;

/* from, event, to */
#define SL_STATUS_MOVES(X)                                                                                             \
  X(OPEN, WAITING, WAITING)                                                                                            \
  X(OPEN, RESOLVED, RESOLVED)                                                                                          \
  X(OPEN, CLOSED, CLOSED)                                                                                              \
  X(OPEN, MERGED, MERGED)                                                                                              \
  X(OPEN, SPAM, SPAM)                                                                                                  \
  X(WAITING, RESUMED, OPEN)                                                                                            \
  X(WAITING, RESOLVED, RESOLVED)                                                                                       \
  X(WAITING, CLOSED, CLOSED)                                                                                           \
  X(WAITING, MERGED, MERGED)                                                                                           \
  X(WAITING, SPAM, SPAM)                                                                                               \
  X(RESOLVED, REOPENED, OPEN)                                                                                          \
  X(RESOLVED, CLOSED, CLOSED)                                                                                          \
  X(RESOLVED, MERGED, MERGED)                                                                                          \
  X(RESOLVED, SPAM, SPAM)                                                                                              \
  X(CLOSED, REOPENED, OPEN)                                                                                            \
  X(SPAM, REOPENED, OPEN)

const char *sl_status_word(SlStatus status); /* static */
gboolean sl_status_parse(const char *word, SlStatus *out_status);

/* Where `kind` leads from `from`; FALSE when it has no row. */
gboolean sl_status_next(SlStatus from, SlEventKind kind, SlStatus *out_to);

/* Does the kind move any status at all? */
gboolean sl_status_moves(SlEventKind kind);
