/* SPDX-License-Identifier: ISC */
#include "store/outbox.h"

#include <string.h>

#include "base/wall.h"
#include "store/columns.h"
#include "store/raw.h"

static const char *const state_words[SL_N_DELIVERIES] = {
#define X(name, word) [SL_DELIVERY_##name] = word,
    SL_DELIVERIES(X)
#undef X
};

const char *
sl_delivery_word(SlDeliveryState state)
{
  return state_words[state];
}

/* The table of deliveries (DESIGN "Store"): from → to. A late 250 is true wherever the delivery has got to meanwhile. */
gboolean
sl_delivery_may(SlDeliveryState from, SlDeliveryState to)
{
  static const gboolean table[SL_N_DELIVERIES][SL_N_DELIVERIES] = {
      [SL_DELIVERY_QUEUED] = {[SL_DELIVERY_CLAIMED] = 1, [SL_DELIVERY_WITHDRAWN] = 1, [SL_DELIVERY_HELD] = 1, [SL_DELIVERY_DROPPED] = 1,
                              [SL_DELIVERY_SENT] = 1},
      [SL_DELIVERY_CLAIMED] = {[SL_DELIVERY_SENDING] = 1, [SL_DELIVERY_QUEUED] = 1, [SL_DELIVERY_FAILED] = 1, [SL_DELIVERY_WITHDRAWN] = 1,
                               [SL_DELIVERY_CLAIMED] = 1, [SL_DELIVERY_SENT] = 1},
      [SL_DELIVERY_SENDING] = {[SL_DELIVERY_SENT] = 1, [SL_DELIVERY_QUEUED] = 1, [SL_DELIVERY_FAILED] = 1, [SL_DELIVERY_CLAIMED] = 1},
      [SL_DELIVERY_FAILED] = {[SL_DELIVERY_QUEUED] = 1, [SL_DELIVERY_HELD] = 1, [SL_DELIVERY_DROPPED] = 1, [SL_DELIVERY_SENT] = 1},
      [SL_DELIVERY_HELD] = {[SL_DELIVERY_QUEUED] = 1, [SL_DELIVERY_DROPPED] = 1, [SL_DELIVERY_SENT] = 1},
      [SL_DELIVERY_DROPPED] = {[SL_DELIVERY_QUEUED] = 1, [SL_DELIVERY_SENT] = 1},
      [SL_DELIVERY_WITHDRAWN] = {[SL_DELIVERY_SENT] = 1},
  };
  return table[from][to];
}

void
sl_claim_clear(SlClaim *claim)
{
  g_clear_pointer(&claim->recipient, g_free);
  g_clear_pointer(&claim->envelope_sender, g_free);
  g_clear_pointer(&claim->sha256, g_free);
}

/* ---- queueing ---- */

static gboolean
insert_letter(SlDb *db, const SlLetter *letter, const SlComposed *composed, const char *sha256, int event, SlTime now, gint64 *out_id,
              gboolean *out_taken, GError **error)
{
  g_autofree char *purpose = sl_letter_purpose(letter);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO letter(id, ticket, kind, purpose, message_id, subject, sha256, envelope_sender, event,"
                                         " queued_at) SELECT COALESCE(MAX(id), 0) + 1, :ticket, :kind, :purpose, :message_id, :subject, :sha,"
                                         " :sender, :event, :now FROM letter WHERE TRUE ON CONFLICT DO NOTHING RETURNING id",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", letter->no_ticket ? 0 : letter->ticket);
  sl_bind_text(query, "kind", sl_letter_word(letter->kind));
  sl_bind_text(query, "purpose", purpose);
  sl_bind_text(query, "message_id", composed->message_id);
  sl_bind_text(query, "subject", composed->subject);
  sl_bind_text(query, "sha", sha256);
  sl_bind_text(query, "sender", composed->envelope_sender);
  sl_bind_int(query, "event", event);
  sl_bind_time(query, "now", now);
  return sl_query_int(query, out_id, out_taken, error);
}

static gboolean
insert_ticket(SlDb *db, gint64 letter, gint64 ticket, GError **error)
{
  g_autoptr(SlQuery) query =
      sl_db_query(db, "INSERT INTO letter_ticket(letter, ticket) VALUES (:letter, :ticket) ON CONFLICT DO NOTHING", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "letter", letter);
  sl_bind_int(query, "ticket", ticket);
  return sl_query_run(query, NULL, error);
}

static gboolean
insert_tickets(SlDb *db, gint64 id, const SlLetter *letter, GError **error)
{
  if (!letter->no_ticket && !insert_ticket(db, id, letter->ticket, error))
    return FALSE;
  for (guint i = 0; letter->tickets && i < letter->tickets->len; i++) {
    if (!insert_ticket(db, id, g_array_index(letter->tickets, gint64, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
insert_deliveries(SlDb *db, gint64 id, const GPtrArray *recipients, gboolean is_cc, SlTime now, GError **error)
{
  for (guint i = 0; i < recipients->len; i++) {
    g_autoptr(SlQuery) query = sl_db_query(db,
                                           "INSERT INTO delivery(letter, recipient, is_cc, state, epoch, attempts, marks, in_doubt,"
                                           " not_before) VALUES (:letter, :who, :cc, 'queued', 0, 0, 0, 0, :now) ON CONFLICT DO NOTHING",
                                           error);
    if (!query)
      return FALSE;
    sl_bind_int(query, "letter", id);
    sl_bind_text(query, "who", recipients->pdata[i]);
    sl_bind_int(query, "cc", is_cc);
    sl_bind_time(query, "now", now);
    if (!sl_query_run(query, NULL, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
sl_outbox_queue(SlDb *db, const SlLetter *letter, const SlComposed *composed, int event, SlTime now, gboolean *out_taken,
                gint64 *out_id, GError **error)
{
  gint64 id = 0;
  g_autofree char *sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, composed->bytes);
  if (!insert_letter(db, letter, composed, sha256, event, now, &id, out_taken, error))
    return FALSE;
  if (!*out_taken)
    return TRUE;
  if (out_id)
    *out_id = id;
  SlTime from = letter->not_before == SL_TIME_NONE ? now : letter->not_before;
  g_autoptr(GPtrArray) shadow = g_ptr_array_new();
  if (composed->instead) {
    g_ptr_array_add(shadow, composed->instead);
    return sl_raw_put(db, sha256, composed->bytes, error) && insert_tickets(db, id, letter, error) &&
           insert_deliveries(db, id, shadow, FALSE, from, error);
  }
  return sl_raw_put(db, sha256, composed->bytes, error) && insert_tickets(db, id, letter, error) &&
         insert_deliveries(db, id, letter->to, FALSE, from, error) && insert_deliveries(db, id, letter->cc, TRUE, from, error);
}

gboolean
sl_outbox_withdraw(SlDb *db, gint64 ticket, SlLetterKind kind, const char *cause_prefix, GError **error)
{
  gboolean open = cause_prefix && g_str_has_suffix(cause_prefix, ":"); /* "escalate:eta:": whatever follows */
  g_autofree char *prefix = g_strdup_printf("%s:%" G_GINT64_FORMAT "%s%s", sl_letter_word(kind), ticket, cause_prefix ? ":" : "",
                                            cause_prefix ? cause_prefix : "");
  g_autoptr(SlQuery) query = sl_db_query(
      db,
      "UPDATE delivery SET state = 'withdrawn', epoch = epoch + 1 WHERE state IN ('queued', 'claimed') AND letter IN (SELECT l.id FROM"
      " letter l WHERE l.ticket = :ticket AND l.kind = :kind AND ((:open = 1 AND SUBSTR(l.purpose, 1, LENGTH(:prefix)) ="
      " :prefix) OR l.purpose = :prefix OR SUBSTR(l.purpose, 1, LENGTH(:prefix) + 1) = :prefix || ':') AND"
      " (SELECT COUNT(*) FROM letter_ticket t WHERE t.letter = l.id) = 1)",
      error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "kind", sl_letter_word(kind));
  sl_bind_text(query, "prefix", prefix);
  sl_bind_int(query, "open", open);
  return sl_query_run(query, NULL, error);
}

/* ---- claiming ---- */

typedef struct {
  gint64 letter, epoch;
  char *recipient, *owner, *boot;
} Stuck;

static void
stuck_clear(Stuck *stuck)
{
  g_free(stuck->recipient);
  g_free(stuck->owner);
  g_free(stuck->boot);
}

static gboolean
take_stuck(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  Stuck stuck = {sl_column_int(query, 0), sl_column_int(query, 1), g_strdup(sl_column_text(query, 2)),
                 g_strdup(sl_column_text(query, 3)), g_strdup(sl_column_text(query, 4))};
  g_array_append_val((GArray *)user, stuck);
  return TRUE;
}

/* Claims of the dead come back. One that had passed its mark may have been delivered: it comes back in doubt. On one machine that needs
 * proof of death (its flock is gone, or the machine was started anew): a living owner keeps its claim however old the lease, since its
 * letter may be under way. The lease ends what it may still begin (sl_outbox_mark). Who asks for a letter has none under way: a claim of
 * its own is one that it could not conclude. */
static gboolean
take_over(SlDb *db, const char *me, const Stuck *stuck, SlOwnerAlive alive, gpointer user, GError **error)
{
  gboolean same_boot = g_strcmp0(stuck->boot, sl_wall_boot_id()) == 0;
  if (same_boot && stuck->owner && strcmp(stuck->owner, me) != 0 && alive(stuck->owner, user))
    return TRUE;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "UPDATE delivery SET in_doubt = in_doubt + CASE WHEN state = 'sending' THEN 1 ELSE 0 END,"
                                         " last_error = CASE WHEN state = 'sending' THEN 'the sender died after the mark: it may have"
                                         " been delivered' ELSE last_error END, state = 'queued', epoch = epoch + 1 WHERE letter = :letter"
                                         " AND recipient = :who AND epoch = :epoch AND state IN ('claimed', 'sending')",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "letter", stuck->letter);
  sl_bind_text(query, "who", stuck->recipient);
  sl_bind_int(query, "epoch", stuck->epoch);
  return sl_query_run(query, NULL, error);
}

static gboolean
recover(SlDb *db, const char *owner, SlOwnerAlive alive, gpointer user, GError **error)
{
  g_autoptr(GArray) stuck = g_array_new(FALSE, FALSE, sizeof(Stuck));
  g_array_set_clear_func(stuck, (GDestroyNotify)stuck_clear);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT letter, epoch, recipient, owner, lease_boot FROM delivery WHERE state IN"
                                         " ('claimed', 'sending') ORDER BY letter LIMIT 1000",
                                         error);
  if (!query)
    return FALSE;
  if (!sl_query_each(query, take_stuck, stuck, error))
    return FALSE;
  for (guint i = 0; i < stuck->len; i++) {
    if (!take_over(db, owner, &g_array_index(stuck, Stuck, i), alive, user, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
unknown_kind(const SlClaim *claim, GError **error)
{
  g_set_error(error, SL_ERROR, SL_ERROR_STORE, "letter %" G_GINT64_FORMAT " is of a kind that this program does not know", claim->letter);
  return FALSE;
}

static gboolean
find_queued(SlDb *db, SlTime now, SlClaim *out_claim, gboolean *out_found, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT d.letter, d.recipient, l.envelope_sender, l.sha256, d.attempts, d.epoch, d.in_doubt, l.kind FROM"
                                         " delivery d JOIN letter l ON l.id = d.letter WHERE d.state = 'queued' AND d.not_before <= :now"
                                         " ORDER BY d.not_before, d.letter, d.is_cc, d.recipient LIMIT 1",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_time(query, "now", now);
  if (!sl_query_next(query, out_found, error))
    return FALSE;
  if (*out_found)
    *out_claim = (SlClaim){.letter = sl_column_int(query, 0),
                           .recipient = g_strdup(sl_column_text(query, 1)),
                           .envelope_sender = g_strdup(sl_column_text(query, 2)),
                           .sha256 = g_strdup(sl_column_text(query, 3)),
                           .attempts = (int)sl_column_int(query, 4) + 1,
                           .epoch = sl_column_int(query, 5) + 1,
                           .in_doubt = sl_column_int(query, 6) > 0};
  return !*out_found || sl_letter_parse(sl_column_text(query, 7), &out_claim->kind) || unknown_kind(out_claim, error);
}

static gboolean
set_claimed(SlDb *db, const SlClaim *claim, const char *owner, gint64 lease_usec, gboolean *out_ok, GError **error)
{
  gint64 changed = 0;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "UPDATE delivery SET state = 'claimed', owner = :owner, epoch = :epoch, attempts = :attempts,"
                                         " lease_until = :lease, lease_boot = :boot WHERE letter = :letter AND recipient = :who AND state"
                                         " = 'queued' AND epoch = :epoch - 1",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "owner", owner);
  sl_bind_int(query, "epoch", claim->epoch);
  sl_bind_int(query, "attempts", claim->attempts);
  sl_bind_int(query, "lease", sl_wall_boot_usec() + lease_usec);
  sl_bind_text(query, "boot", sl_wall_boot_id());
  sl_bind_int(query, "letter", claim->letter);
  sl_bind_text(query, "who", claim->recipient);
  if (!sl_query_run(query, &changed, error))
    return FALSE;
  *out_ok = changed == 1;
  return TRUE;
}

gboolean
sl_outbox_claim(SlDb *db, const char *owner, gint64 lease_usec, SlTime now, SlOwnerAlive alive, gpointer user, SlClaim *out_claim,
                gboolean *out_found, GError **error)
{
  gboolean ok = FALSE;
  if (!sl_db_begin(db, error))
    return FALSE;
  if (recover(db, owner, alive, user, error) && find_queued(db, now, out_claim, out_found, error) &&
      (!*out_found || set_claimed(db, out_claim, owner, lease_usec, out_found, error)))
    ok = sl_db_commit(db, error);
  else
    sl_db_rollback(db);
  if (!ok)
    sl_claim_clear(out_claim);
  return ok;
}

/* ---- outcomes ---- */

static SlQuery *
of_claim(SlDb *db, const char *sql, const SlClaim *claim, gboolean with_epoch, GError **error)
{
  SlQuery *query = sl_db_query(db, sql, error);
  if (!query)
    return NULL;
  sl_bind_int(query, "letter", claim->letter);
  sl_bind_text(query, "who", claim->recipient);
  if (with_epoch)
    sl_bind_int(query, "epoch", claim->epoch);
  return query;
}

static gboolean
run_changed(SlQuery *query, gboolean *out_changed, GError **error)
{
  gint64 changed = 0;
  if (!sl_query_run(query, &changed, error))
    return FALSE;
  *out_changed = changed == 1;
  return TRUE;
}

gboolean
sl_outbox_mark(SlDb *db, const SlClaim *claim, gboolean *out_ok, GError **error)
{
  if (!sl_db_begin(db, error))
    return FALSE;
  g_autoptr(SlQuery) query = of_claim(db,
                                      "UPDATE delivery SET state = 'sending', marks = marks + 1 WHERE letter = :letter AND recipient = :who"
                                      " AND epoch = :epoch AND state = 'claimed' AND lease_until > :boot",
                                      claim, TRUE, error);
  if (query)
    sl_bind_int(query, "boot", sl_wall_boot_usec());
  if (query && run_changed(query, out_ok, error)) {
    g_clear_pointer(&query, sl_query_free);
    return sl_db_commit(db, error);
  }
  sl_db_rollback(db);
  return FALSE;
}

/* Accepted from any epoch: a late 250 is true. */
gboolean
sl_outbox_sent(SlDb *db, const SlClaim *claim, SlTime accepted_at, gboolean *out_changed, GError **error)
{
  g_autoptr(SlQuery) query = of_claim(db,
                                      "UPDATE delivery SET state = 'sent', accepted_at = :at, last_error = NULL WHERE letter = :letter AND"
                                      " recipient = :who AND state <> 'sent'",
                                      claim, FALSE, error);
  if (!query)
    return FALSE;
  sl_bind_time(query, "at", accepted_at);
  return run_changed(query, out_changed, error);
}

gboolean
sl_outbox_failed(SlDb *db, const SlClaim *claim, const char *why, gboolean *out_changed, GError **error)
{
  g_autoptr(SlQuery) query = of_claim(db,
                                      "UPDATE delivery SET state = 'failed', last_error = :why WHERE letter = :letter AND recipient = :who"
                                      " AND epoch = :epoch AND state IN ('claimed', 'sending')",
                                      claim, TRUE, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "why", why);
  return run_changed(query, out_changed, error);
}

gboolean
sl_outbox_deferred(SlDb *db, const SlClaim *claim, const char *why, SlTime not_before, gboolean doubtful, GError **error)
{
  gboolean changed = FALSE;
  if (!sl_db_begin(db, error))
    return FALSE;
  g_autoptr(SlQuery) query = of_claim(db,
                                      "UPDATE delivery SET state = 'queued', last_error = :why, not_before = :at, in_doubt = in_doubt +"
                                      " :doubt WHERE letter = :letter AND recipient = :who AND epoch = :epoch AND state IN ('claimed',"
                                      " 'sending')",
                                      claim, TRUE, error);
  if (query) {
    sl_bind_text(query, "why", why);
    sl_bind_time(query, "at", not_before);
    sl_bind_int(query, "doubt", doubtful ? 1 : 0);
  }
  if (query && run_changed(query, &changed, error)) {
    g_clear_pointer(&query, sl_query_free);
    return sl_db_commit(db, error);
  }
  sl_db_rollback(db);
  return FALSE;
}

gboolean
sl_outbox_next(SlDb *db, SlTime *out_not_before, GError **error)
{
  *out_not_before = SL_TIME_NONE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT MIN(not_before) FROM delivery WHERE state = 'queued'", error);
  return query && sl_query_int(query, out_not_before, NULL, error);
}

/* ---- reading ---- */

static void
delivery_free(SlDeliveryRow *row)
{
  g_free(row->recipient);
  g_free(row->last_error);
  g_free(row);
}

void
sl_letter_row_free(SlLetterRow *row)
{
  if (!row)
    return;
  char *const strings[] = {row->kind, row->purpose, row->subject, row->message_id, row->sha256, row->last_error};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_array_unref(row->tickets);
  g_ptr_array_unref(row->to);
  g_ptr_array_unref(row->cc);
  g_ptr_array_unref(row->deliveries);
  g_free(row);
}

static SlDeliveryState
state_of(const char *word)
{
  for (guint i = 0; i < SL_N_DELIVERIES; i++) {
    if (g_strcmp0(word, state_words[i]) == 0)
      return (SlDeliveryState)i;
  }
  return SL_DELIVERY_FAILED;
}

static gboolean
take_delivery(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlLetterRow *row = user;
  SlDeliveryRow *delivery = g_new0(SlDeliveryRow, 1);
  delivery->recipient = g_strdup(sl_column_text(query, 0));
  delivery->state = state_of(sl_column_text(query, 1));
  delivery->attempts = (int)sl_column_int(query, 2);
  delivery->marks = (int)sl_column_int(query, 3);
  delivery->in_doubt = sl_column_int(query, 4) > 0;
  delivery->not_before = sl_column_time(query, 5);
  delivery->accepted_at = sl_column_time(query, 6);
  delivery->last_error = g_strdup(sl_column_text(query, 7));
  g_ptr_array_add(sl_column_int(query, 8) ? row->cc : row->to, g_strdup(delivery->recipient));
  g_ptr_array_add(row->deliveries, delivery);
  row->state = row->deliveries->len == 1 ? delivery->state : MIN(row->state, delivery->state);
  row->attempts += delivery->attempts;
  row->in_doubt += (int)sl_column_int(query, 4);
  row->not_before = sl_time_earlier(row->not_before, delivery->state == SL_DELIVERY_QUEUED ? delivery->not_before : SL_TIME_NONE);
  row->sent_at = sl_time_later(row->sent_at, delivery->accepted_at);
  if (delivery->last_error && !row->last_error)
    row->last_error = g_strdup(delivery->last_error);
  return TRUE;
}

static gboolean
fill_letter(SlDb *db, SlLetterRow *row, GError **error)
{
  g_autoptr(SlQuery) tickets = sl_db_query(db, "SELECT ticket FROM letter_ticket WHERE letter = :letter ORDER BY ticket", error);
  if (!tickets)
    return FALSE;
  sl_bind_int(tickets, "letter", row->id);
  row->tickets = sl_query_ints(tickets, error);
  if (!row->tickets) {
    row->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    return FALSE;
  }
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT recipient, state, attempts, marks, in_doubt, not_before, accepted_at, last_error, is_cc"
                                         " FROM delivery WHERE letter = :letter ORDER BY is_cc, recipient",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "letter", row->id);
  return sl_query_each(query, take_delivery, row, error);
}

static gboolean
take_letter(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlLetterRow *row = g_new0(SlLetterRow, 1);
  row->id = sl_column_int(query, 0);
  row->ticket = sl_column_int(query, 1);
  row->kind = g_strdup(sl_column_text(query, 2));
  row->purpose = g_strdup(sl_column_text(query, 3));
  row->message_id = g_strdup(sl_column_text(query, 4));
  row->subject = g_strdup(sl_column_text(query, 5));
  row->sha256 = g_strdup(sl_column_text(query, 6));
  row->event = (int)sl_column_int(query, 7);
  row->queued_at = sl_column_time(query, 8);
  row->sent_at = row->not_before = SL_TIME_NONE;
  row->to = g_ptr_array_new_with_free_func(g_free);
  row->cc = g_ptr_array_new_with_free_func(g_free);
  row->deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
  g_ptr_array_add(user, row);
  return TRUE;
}

#define LETTER_COLUMNS "SELECT id, ticket, kind, purpose, message_id, subject, sha256, event, queued_at FROM letter "

static GPtrArray *
letters_of(SlDb *db, SlQuery *query, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_letter_row_free);
  gboolean ok = sl_query_each(query, take_letter, rows, error);
  for (guint i = 0; i < rows->len; i++) {
    SlLetterRow *row = rows->pdata[i];
    if (ok)
      ok = fill_letter(db, row, error);
    if (!row->tickets)
      row->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
    row->sent_at = row->state == SL_DELIVERY_SENT ? row->sent_at : SL_TIME_NONE;
  }
  return ok ? g_steal_pointer(&rows) : NULL;
}

GPtrArray *
sl_outbox_list(SlDb *db, gint64 ticket, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         LETTER_COLUMNS "WHERE :ticket = 0 OR id IN (SELECT letter FROM letter_ticket WHERE ticket ="
                                                        " :ticket) ORDER BY id",
                                         error);
  if (!query)
    return NULL;
  sl_bind_int(query, "ticket", ticket);
  return letters_of(db, query, error);
}

SlLetterRow *
sl_outbox_get(SlDb *db, gint64 id, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, LETTER_COLUMNS "WHERE id = :id", error);
  if (!query)
    return NULL;
  sl_bind_int(query, "id", id);
  g_autoptr(GPtrArray) rows = letters_of(db, query, error);
  if (!rows)
    return NULL;
  if (rows->len == 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no letter %" G_GINT64_FORMAT, id);
    return NULL;
  }
  return g_ptr_array_steal_index(rows, 0);
}

gboolean
sl_outbox_by_message_id(SlDb *db, const char *message_id, gint64 *out_id, GError **error)
{
  *out_id = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT id FROM letter WHERE message_id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "id", message_id);
  return sl_query_int(query, out_id, NULL, error);
}

gboolean
sl_outbox_newest_to(SlDb *db, gint64 ticket, const char *person, gint64 *out_id, GError **error)
{
  *out_id = 0;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT MAX(l.id) FROM letter l JOIN delivery d ON d.letter = l.id WHERE l.ticket = :ticket AND"
                                         " LOWER(d.recipient) = :who AND d.state = 'sent'",
                                         error);
  if (!query)
    return FALSE;
  g_autofree char *who = g_ascii_strdown(person, -1);
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "who", who);
  gint64 id = 0;
  if (!sl_query_int(query, &id, NULL, error))
    return FALSE;
  *out_id = MAX(id, 0);
  return TRUE;
}

/* ---- by hand ---- */

static gboolean
move_by_hand(SlDb *db, gint64 id, SlDeliveryState to, SlTime now, gint64 *out_changed, GError **error)
{
  g_autoptr(GString) from = g_string_new("''");
  for (guint i = 0; i < SL_N_DELIVERIES; i++) {
    gboolean by_hand = i == SL_DELIVERY_QUEUED || i == SL_DELIVERY_FAILED || i == SL_DELIVERY_HELD || i == SL_DELIVERY_DROPPED;
    if (by_hand && sl_delivery_may((SlDeliveryState)i, to))
      g_string_append_printf(from, ", '%s'", state_words[i]);
  }
  g_autofree char *sql = g_strdup_printf("UPDATE delivery SET state = :to, epoch = epoch + 1, not_before = :now WHERE letter = :id AND"
                                         " state IN (%s)",
                                         from->str);
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "to", state_words[to]);
  sl_bind_time(query, "now", now);
  sl_bind_int(query, "id", id);
  return sl_query_run(query, out_changed, error);
}

gboolean
sl_outbox_by_hand(SlDb *db, gint64 id, SlDeliveryState to, SlTime now, GError **error)
{
  gint64 changed = 0;
  g_autoptr(SlLetterRow) letter = sl_outbox_get(db, id, error);
  if (!letter || !sl_db_begin(db, error))
    return FALSE;
  if (!move_by_hand(db, id, to, now, &changed, error)) {
    sl_db_rollback(db);
    return FALSE;
  }
  if (!sl_db_commit(db, error))
    return FALSE;
  if (changed == 0)
    g_set_error(error, SL_ERROR, SL_ERROR_DENIED, "letter %" G_GINT64_FORMAT " is %s: it cannot become %s", id,
                sl_delivery_word(letter->state), sl_delivery_word(to));
  return changed > 0;
}

gboolean
sl_outbox_figures(SlDb *db, SlOutboxFigures *out, GError **error)
{
  gint64 oldest = SL_TIME_NONE;
  *out = (SlOutboxFigures){0, 0, SL_TIME_NONE};
  g_autoptr(SlQuery) queued =
      sl_db_query(db, "SELECT COUNT(*) FROM delivery WHERE state IN ('queued', 'claimed', 'sending')", error);
  g_autoptr(SlQuery) failed = queued ? sl_db_query(db, "SELECT COUNT(*) FROM delivery WHERE state = 'failed'", error) : NULL;
  g_autoptr(SlQuery) age = failed ? sl_db_query(db,
                                                "SELECT MIN(l.queued_at) FROM letter l JOIN delivery d ON d.letter = l.id WHERE d.state IN"
                                                " ('queued', 'claimed', 'sending')",
                                                error)
                                  : NULL;
  if (!age || !sl_query_int(queued, &out->queued, NULL, error) || !sl_query_int(failed, &out->failed, NULL, error) ||
      !sl_query_int(age, &oldest, NULL, error))
    return FALSE;
  out->oldest_queued_at = oldest;
  return TRUE;
}
