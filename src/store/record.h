/* SPDX-License-Identifier: ISC */
/* A ticket as its record has it, computed at a moment: what the desk decides on, what `show` and `why` print, what reports count.
 * sl_record_new is the one place where events become clocks. */
#pragma once
#include "desk/ticket.h"
#include "store/db.h"

typedef struct {
  GPtrArray *events;      /* SlEvent*, oldest first */
  SlTicket *ticket;
  SlAgreement *agreement; /* the text under which it came in, with the dates as they were last edited; a reference */
  GHashTable *texts;      /* hash → SlAgreement* (owned): the texts before that; NULL: none */
  GArray *moves;          /* SlMove; borrows from the events and the texts */
  GPtrArray *clocks;      /* SlClock*, at the moment asked for; borrow their agreements */
} SlRecord;

/* Of at least one event, at `now`, under `agreement`, the text that the ticket names, and `texts`, those before its edits (NULL: none).
 * Takes the array and both references. Pure. Owned. */
SlRecord *sl_record_new(GPtrArray *events, SlAgreement *agreement, GHashTable *texts, SlTime now);
void sl_record_free(SlRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlRecord, sl_record_free)

/* The receipt of what made it, whatever was merged into it since. */
SlTime sl_record_received_at(const SlRecord *record);

/* The same with its texts from `known` (see sl_agreements_known), else from the store. Takes the array, also on error. Owned. */
SlRecord *sl_record_read(SlDb *db, GHashTable *known, GPtrArray *events, SlTime now, GError **error) SL_WARN_UNUSED;

/* Every ticket, in ascending order, as it was recorded by `now` and stands at `now`; one at a time. FALSE from `take` (error set) ends
 * the walk. */
typedef gboolean (*SlRecordTake)(const SlRecord *record, gpointer user, GError **error);
gboolean sl_records_walk(SlDb *db, SlTime now, SlRecordTake take, gpointer user, GError **error) SL_WARN_UNUSED;
