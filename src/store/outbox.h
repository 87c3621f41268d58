/* SPDX-License-Identifier: ISC */
/* Letters and their deliveries (DESIGN "Store", the table of deliveries). A letter's bytes are stored when it is decided; one
 * delivery a recipient. Leases use the boot clock, never the virtual time. */
#pragma once
#include "desk/decision.h"
#include "letter/compose.h"
#include "store/db.h"

#define SL_DELIVERIES(X)                                                                                               \
  X(FAILED, "failed")                                                                                                  \
  X(HELD, "held")                                                                                                      \
  X(SENDING, "sending")                                                                                                \
  X(CLAIMED, "claimed")                                                                                                \
  X(QUEUED, "queued")                                                                                                  \
  X(WITHDRAWN, "withdrawn")                                                                                            \
  X(DROPPED, "dropped")                                                                                                \
  X(SENT, "sent")

/* In the order in which a letter's own state is that of its deliveries. */
typedef enum {
#define X(name, word) SL_DELIVERY_##name,
  SL_DELIVERIES(X)
#undef X
  SL_N_DELIVERIES
} SlDeliveryState;

const char *sl_delivery_word(SlDeliveryState state); /* static */
/* Is the step from one state to another one of the table's? */
gboolean sl_delivery_may(SlDeliveryState from, SlDeliveryState to);

/* Queues a composed letter for its recipients (to and cc). *out_taken FALSE when its purpose exists already: somebody was
 * faster. `event`: seq of the ticket's event whose words it carries, or 0. */
gboolean sl_outbox_queue(SlDb *db, const SlLetter *letter, const SlComposed *composed, int event, SlTime now,
                         gboolean *out_taken, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* Withdraws the ticket's letters of a kind that are queued or claimed and whose purpose's cause begins with `cause_prefix`
 * (NULL: all). Letters that speak of other tickets too are left. */
gboolean sl_outbox_withdraw(SlDb *db, gint64 ticket, SlLetterKind kind, const char *cause_prefix, GError **error) SL_WARN_UNUSED;

typedef struct {
  gint64 letter;
  SlLetterKind kind;
  char *recipient;
  char *envelope_sender;
  char *sha256;        /* of the bytes in raw */
  int attempts;        /* with this one */
  gint64 epoch;
  gboolean in_doubt;   /* an earlier attempt passed its mark without an outcome */
} SlClaim;
void sl_claim_clear(SlClaim *claim);

/* Claims the delivery that waits longest (not_before <= now). In a transaction of its own. `owner` names this process.
 * *out_found FALSE: nothing to do. A `sending` whose owner is dead (`alive` says no) is claimed as in doubt. */
typedef gboolean (*SlOwnerAlive)(const char *owner, gpointer user);
gboolean sl_outbox_claim(SlDb *db, const char *owner, gint64 lease_usec, SlTime now, SlOwnerAlive alive, gpointer user,
                         SlClaim *out_claim, gboolean *out_found, GError **error) SL_WARN_UNUSED;

/* claimed → sending: compare-and-set on epoch, lease and state; the mark is counted. *out_ok FALSE: do not send. Commits. */
gboolean sl_outbox_mark(SlDb *db, const SlClaim *claim, gboolean *out_ok, GError **error) SL_WARN_UNUSED;

/* The outcomes. `sent` is accepted from any epoch. To be called inside the step's transaction (sent, failed) or in one of their
 * own (deferred, withheld). *out_changed FALSE: it was so already, or another epoch has it. */
gboolean sl_outbox_sent(SlDb *db, const SlClaim *claim, SlTime accepted_at, gboolean *out_changed, GError **error) SL_WARN_UNUSED;
gboolean sl_outbox_failed(SlDb *db, const SlClaim *claim, const char *why, gboolean *out_changed, GError **error) SL_WARN_UNUSED;
/* claimed/sending → queued, not before `not_before` (decision time); `doubtful`: the mark was passed, no outcome known. */
gboolean sl_outbox_deferred(SlDb *db, const SlClaim *claim, const char *why, SlTime not_before, gboolean doubtful,
                            GError **error) SL_WARN_UNUSED;

/* When the next delivery may be tried; NONE when nothing waits. */
gboolean sl_outbox_next(SlDb *db, SlTime *out_not_before, GError **error) SL_WARN_UNUSED;

typedef struct {
  char *recipient;
  SlDeliveryState state;
  int attempts, marks;
  gboolean in_doubt;
  SlTime not_before, accepted_at;
  char *last_error; /* NULL */
} SlDeliveryRow;

typedef struct {
  gint64 id, ticket;      /* ticket 0: none */
  GArray *tickets;        /* gint64: all, `ticket` among them */
  char *kind, *purpose, *subject, *message_id, *sha256;
  GPtrArray *to, *cc;     /* char* */
  SlDeliveryState state;
  int attempts, in_doubt; /* sums over the deliveries: attempts; marks without outcome */
  SlTime queued_at, sent_at, not_before;
  char *last_error;       /* NULL */
  int event;
  GPtrArray *deliveries;  /* SlDeliveryRow* */
} SlLetterRow;
void sl_letter_row_free(SlLetterRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlLetterRow, sl_letter_row_free)

GPtrArray *sl_outbox_list(SlDb *db, gint64 ticket /* 0: all */, GError **error) SL_WARN_UNUSED; /* by id */
SlLetterRow *sl_outbox_get(SlDb *db, gint64 id, GError **error) SL_WARN_UNUSED; /* SL_ERROR_NOT_FOUND */
/* The letter with that Message-ID; 0 when none. */
/* The newest letter of the ticket that was sent to that person: what a bounce without a copy speaks of. 0: none. */
gboolean sl_outbox_newest_to(SlDb *db, gint64 ticket, const char *person, gint64 *out_id, GError **error) SL_WARN_UNUSED;

gboolean sl_outbox_by_message_id(SlDb *db, const char *message_id, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* By hand: retry (failed, held, dropped → queued now), hold (queued → held), drop (queued, failed, held → dropped).
 * SL_ERROR_DENIED when its state does not allow it. */
gboolean sl_outbox_by_hand(SlDb *db, gint64 id, SlDeliveryState to, SlTime now, GError **error) SL_WARN_UNUSED;

typedef struct {
  gint64 queued, failed;
  SlTime oldest_queued_at; /* NONE */
} SlOutboxFigures;
gboolean sl_outbox_figures(SlDb *db, SlOutboxFigures *out_figures, GError **error) SL_WARN_UNUSED;
