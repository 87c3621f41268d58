/* SPDX-License-Identifier: ISC */
/* The record: append-only, hash-chained a ticket. hash = SHA-256(prev ‖ ticket ‖ seq ‖ at ‖ actor ‖ kind ‖ canonical detail).
 * Words are kept in `words` under SHA-256(salt ‖ words), which stands in the detail; addresses in `person`. */
#pragma once
#include "desk/event.h"
#include "store/db.h"

/* All events of a ticket, oldest first, with words, addresses and hashes filled in. GPtrArray of SlEvent; owned. */
GPtrArray *sl_events_load(SlDb *db, gint64 ticket, GError **error) SL_WARN_UNUSED;

/* The events of every ticket recorded by `until`, a ticket at a time, in ascending order; one read of the store, so that all are of one
 * moment, and no more of it in memory than a ticket. `take` owns the array (as sl_events_load gives it); FALSE from it ends the walk. */
typedef gboolean (*SlEventsTake)(GPtrArray *events, gpointer user, GError **error);
gboolean sl_events_walk(SlDb *db, SlTime until, SlEventsTake take, gpointer user, GError **error) SL_WARN_UNUSED;

/* Appends event->ticket/seq (both set). Fills event->detail's "words" hash and event->hash. *out_taken FALSE when that number
 * exists already: somebody was faster. */
/* The same for a global event (ticket 0), which gets the next number there. */
gboolean sl_events_append_global(SlDb *db, SlEvent *event, GError **error) SL_WARN_UNUSED;

gboolean sl_events_append(SlDb *db, SlEvent *event, gboolean *out_taken, GError **error) SL_WARN_UNUSED;

/* Verifies the chain of every ticket (or of one, 0: all): gaps, order of time, hashes, heads, words that match their hash.
 * Appends a char* a fault. */
gboolean sl_events_verify(SlDb *db, gint64 ticket, GPtrArray *out_faults, gint64 *out_events, GError **error) SL_WARN_UNUSED;

/* Hashes the heads that changed since the last seal into an event of ticket 0 (daily, by upkeep). */
gboolean sl_events_seal(SlDb *db, SlTime now, GError **error) SL_WARN_UNUSED;
