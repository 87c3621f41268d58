/* SPDX-License-Identifier: ISC */
#include "store/record.h"

#include "store/agreements.h"
#include "store/events.h"

static SlRecord *
begin(GPtrArray *events)
{
  SlRecord *record = g_new0(SlRecord, 1);
  g_assert(events->len > 0);
  record->events = events;
  record->ticket = sl_ticket_fold(events);
  return record;
}

static void
run(SlRecord *record, SlTime now)
{
  record->moves = sl_ticket_moves(record->events, record->texts);
  record->clocks = sl_clock_run((const SlMove *)(gconstpointer)record->moves->data, record->moves->len, record->agreement, now);
}

SlRecord *
sl_record_new(GPtrArray *events, SlAgreement *agreement, GHashTable *texts, SlTime now)
{
  SlRecord *record = begin(events);
  record->agreement = agreement;
  record->texts = texts;
  run(record, now);
  return record;
}

void
sl_record_free(SlRecord *record)
{
  if (!record)
    return;
  g_clear_pointer(&record->clocks, g_ptr_array_unref);
  g_clear_pointer(&record->moves, g_array_unref);
  g_clear_pointer(&record->texts, g_hash_table_unref);
  g_clear_pointer(&record->events, g_ptr_array_unref);
  sl_ticket_free(record->ticket);
  sl_agreement_free(record->agreement);
  g_free(record);
}

SlTime
sl_record_received_at(const SlRecord *record)
{
  return sl_event_counts_at(record->events->pdata[0]);
}

/* The texts that held before its holidays were edited. */
static gboolean
add_texts(SlDb *db, GHashTable *known, SlRecord *record, GError **error)
{
  for (guint i = 0; i < record->events->len; i++) {
    const SlEvent *event = record->events->pdata[i];
    const char *hash = event->kind == SL_EVENT_RECALENDAR ? sl_json_get_string(event->detail, "before") : NULL;
    if (!hash)
      continue;
    SlAgreement *before = sl_agreements_known(db, known, hash, error);
    if (!before)
      return FALSE;
    record->texts = record->texts ? record->texts : sl_agreements_known_new();
    g_hash_table_insert(record->texts, g_strdup(hash), before);
  }
  return TRUE;
}

SlRecord *
sl_record_read(SlDb *db, GHashTable *known, GPtrArray *events, SlTime now, GError **error)
{
  g_autoptr(SlRecord) record = begin(events);
  record->agreement = sl_agreements_known(db, known, record->ticket->agreement, error);
  if (!record->agreement || !add_texts(db, known, record, error))
    return NULL;
  run(record, now);
  return g_steal_pointer(&record);
}

/* ---- all of them ---- */

typedef struct {
  SlDb *db;
  GHashTable *known;
  SlTime now;
  SlRecordTake take;
  gpointer user;
} Walk;

static gboolean
take_events(GPtrArray *events, gpointer user, GError **error)
{
  const Walk *walk = user;
  g_autoptr(SlRecord) record = sl_record_read(walk->db, walk->known, events, walk->now, error);
  return record && walk->take(record, walk->user, error);
}

gboolean
sl_records_walk(SlDb *db, SlTime now, SlRecordTake take, gpointer user, GError **error)
{
  g_autoptr(GHashTable) known = sl_agreements_known_new();
  Walk walk = {db, known, now, take, user};
  return sl_events_walk(db, now, take_events, &walk, error);
}
