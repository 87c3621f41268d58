/* SPDX-License-Identifier: ISC */
#include "store/events.h"

#include <string.h>
#include <sys/random.h>

#include "store/columns.h"

#define SALT_BYTES 16
#define FIRST_PREV "0000000000000000000000000000000000000000000000000000000000000000"

/* ---- hashing ---- */

static void
feed(GChecksum *checksum, const char *text)
{
  gsize length = strlen(text);
  guint32 prefix = GUINT32_TO_BE((guint32)length); /* so that no two lists of fields read the same */
  g_checksum_update(checksum, (const guchar *)&prefix, sizeof prefix);
  g_checksum_update(checksum, (const guchar *)text, (gssize)length);
}

static char *
chain_hash(const char *prev, gint64 ticket, int seq, SlTime at, const char *actor, const char *kind, const char *detail)
{
  char numbers[96];
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_snprintf(numbers, sizeof numbers, "%" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT, ticket, seq, at);
  feed(checksum, prev);
  feed(checksum, numbers);
  feed(checksum, actor);
  feed(checksum, kind);
  feed(checksum, detail);
  return g_strdup(g_checksum_get_string(checksum));
}

static char *
words_hash(const guint8 *salt, gsize salt_length, const char *words)
{
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, salt, (gssize)salt_length);
  g_checksum_update(checksum, (const guchar *)words, -1);
  return g_strdup(g_checksum_get_string(checksum));
}

/* ---- appending ---- */

/* The hash of its words goes into the event's detail; the words themselves wait until the event is in. */
static gboolean
hash_words(SlEvent *event, guint8 *salt, GError **error)
{
  if (!event->words)
    return TRUE;
  if (getrandom(salt, SALT_BYTES, 0) != SALT_BYTES) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "no random bytes");
    return FALSE;
  }
  g_autofree char *valid = g_utf8_make_valid(event->words, -1);
  g_autofree char *hash = words_hash(salt, SALT_BYTES, valid);
  sl_json_set_string(event->detail, "words", hash);
  return TRUE;
}

static gboolean
put_words(SlDb *db, const SlEvent *event, const guint8 *salt, GError **error)
{
  if (!event->words)
    return TRUE;
  g_autofree char *valid = g_utf8_make_valid(event->words, -1);
  g_autoptr(SlQuery) query = sl_db_query(
      db, "INSERT INTO words(ticket, seq, salt, text) VALUES (:ticket, :seq, :salt, :text) ON CONFLICT DO NOTHING", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", event->ticket);
  sl_bind_int(query, "seq", event->seq);
  sl_bind_blob(query, "salt", salt, SALT_BYTES);
  sl_bind_text(query, "text", valid);
  return sl_query_run(query, NULL, error);
}

/* The link before this one: its hash and time. A first event has none. */
static gboolean
last_link(SlDb *db, const SlEvent *event, char **out_prev, SlTime *out_at, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT hash, at FROM event WHERE ticket = :ticket AND seq = :seq", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", event->ticket);
  sl_bind_int(query, "seq", event->seq - 1);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  *out_prev = g_strdup(row ? sl_column_text(query, 0) : FIRST_PREV);
  *out_at = row ? sl_column_time(query, 1) : SL_TIME_NONE;
  return TRUE;
}

gboolean
sl_events_append(SlDb *db, SlEvent *event, gboolean *out_taken, GError **error)
{
  g_autofree char *prev = NULL;
  SlTime last = SL_TIME_NONE;
  gint64 changed = 0;
  guint8 salt[SALT_BYTES];
  if (!last_link(db, event, &prev, &last, error) || !hash_words(event, salt, error))
    return FALSE;
  event->at = MAX(event->at, last); /* the record never goes back in time */
  g_autofree char *detail = sl_json_canonical(event->detail);
  g_free(event->hash);
  event->hash = chain_hash(prev, event->ticket, event->seq, event->at, event->actor, sl_event_word(event->kind), detail);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO event(ticket, seq, at, actor, kind, detail, prev, hash) VALUES (:ticket, :seq,"
                                         " :at, :actor, :kind, :detail, :prev, :hash) ON CONFLICT DO NOTHING",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", event->ticket);
  sl_bind_int(query, "seq", event->seq);
  sl_bind_time(query, "at", event->at);
  sl_bind_text(query, "actor", event->actor);
  sl_bind_text(query, "kind", sl_event_word(event->kind));
  sl_bind_text(query, "detail", detail);
  sl_bind_text(query, "prev", prev);
  sl_bind_text(query, "hash", event->hash);
  if (!sl_query_run(query, &changed, error))
    return FALSE;
  *out_taken = changed == 1;
  return !*out_taken || put_words(db, event, salt, error);
}

/* ---- loading ---- */

static SlEvent *
event_of_row(SlQuery *query, GError **error)
{
  SlEventKind kind;
  if (!sl_event_parse(sl_column_text(query, 4), &kind)) {
    g_set_error(error, SL_ERROR, SL_ERROR_STORE, "the record holds an event \"%s\" that this program does not know",
                sl_column_text(query, 4));
    return NULL;
  }
  g_autoptr(SlJson) detail = sl_json_parse(sl_column_text(query, 5), -1, error);
  if (!detail)
    return NULL;
  SlEvent *event = g_new0(SlEvent, 1);
  event->ticket = sl_column_int(query, 0);
  event->seq = (int)sl_column_int(query, 1);
  event->at = sl_column_time(query, 2);
  event->actor = g_strdup(sl_column_text(query, 3));
  event->kind = kind;
  event->detail = g_steal_pointer(&detail);
  event->hash = g_strdup(sl_column_text(query, 6));
  event->words = g_strdup(sl_column_text(query, 7));
  return event;
}

static gboolean
fill_address(SlDb *db, SlEvent *event, GError **error)
{
  gint64 person = sl_json_get_int(event->detail, "person", 0);
  gboolean row = FALSE;
  if (!person)
    return TRUE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT address FROM person WHERE id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", person);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  event->address = row ? g_strdup(sl_column_text(query, 0)) : NULL;
  return TRUE;
}

#define EVENT_ROWS                                                                                                     \
  "SELECT e.ticket, e.seq, e.at, e.actor, e.kind, e.detail, e.hash, w.text FROM event e"                               \
  " LEFT JOIN words w ON w.ticket = e.ticket AND w.seq = e.seq "

static gboolean
add_event(SlDb *db, SlQuery *query, GPtrArray *events, GError **error)
{
  SlEvent *event = event_of_row(query, error);
  if (!event)
    return FALSE;
  g_ptr_array_add(events, event);
  return fill_address(db, event, error);
}

GPtrArray *
sl_events_load(SlDb *db, gint64 ticket, GError **error)
{
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)sl_event_free);
  g_autoptr(SlQuery) query = sl_db_query(db, EVENT_ROWS "WHERE e.ticket = :ticket ORDER BY e.seq", error);
  gboolean row = FALSE;
  if (!query)
    return NULL;
  sl_bind_int(query, "ticket", ticket);
  while (sl_query_next(query, &row, error)) {
    if (!row)
      return g_steal_pointer(&events);
    if (!add_event(db, query, events, error))
      return NULL;
  }
  return NULL;
}

/* ---- all of them ---- */

typedef struct {
  SlDb *db;
  GPtrArray *events; /* of the ticket that is being read; NULL before the first */
  gint64 ticket;
  SlEventsTake take;
  gpointer user;
} Walk;

static gboolean
hand_over(Walk *walk, GError **error)
{
  GPtrArray *events = g_steal_pointer(&walk->events);
  return !events || walk->take(events, walk->user, error);
}

static gboolean
walk_row(SlQuery *query, gpointer user, GError **error)
{
  Walk *walk = user;
  gint64 ticket = sl_column_int(query, 0);
  if (ticket != walk->ticket && !hand_over(walk, error))
    return FALSE;
  walk->ticket = ticket;
  if (!walk->events)
    walk->events = g_ptr_array_new_with_free_func((GDestroyNotify)sl_event_free);
  return add_event(walk->db, query, walk->events, error);
}

gboolean
sl_events_walk(SlDb *db, SlTime until, SlEventsTake take, gpointer user, GError **error)
{
  Walk walk = {.db = db, .take = take, .user = user};
  g_autoptr(SlQuery) query =
      sl_db_query(db, EVENT_ROWS "WHERE e.ticket > 0 AND e.at <= :until ORDER BY e.ticket, e.seq", error);
  if (!query)
    return FALSE;
  sl_bind_time(query, "until", until);
  gboolean ok = sl_query_each(query, walk_row, &walk, error) && hand_over(&walk, error);
  g_clear_pointer(&walk.events, g_ptr_array_unref);
  return ok;
}

/* ---- verifying ---- */

typedef struct {
  gint64 ticket;
  int seq;
  SlTime at;
  char *hash;
  GPtrArray *faults;
} Chain;

static void
fault(const Chain *chain, const char *what)
{
  g_ptr_array_add(chain->faults, g_strdup_printf("ticket %" G_GINT64_FORMAT ", event %d: %s", chain->ticket, chain->seq, what));
}

static gboolean
check_head(SlDb *db, Chain *chain, GError **error)
{
  gboolean row = FALSE;
  if (chain->ticket == 0 || chain->seq == 0)
    return TRUE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT head, seq FROM ticket WHERE id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", chain->ticket);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  if (!row)
    fault(chain, "there is no such ticket");
  else if (g_strcmp0(sl_column_text(query, 0), chain->hash) != 0 || sl_column_int(query, 1) != chain->seq)
    fault(chain, "the chain does not end where the ticket says: events are missing or were added");
  return TRUE;
}

static gboolean
begin_chain(SlDb *db, Chain *chain, gint64 ticket, GError **error)
{
  if (!check_head(db, chain, error))
    return FALSE;
  chain->ticket = ticket;
  chain->seq = 0;
  chain->at = SL_TIME_NONE;
  g_free(chain->hash);
  chain->hash = g_strdup(FIRST_PREV);
  return TRUE;
}

static void
check_words(Chain *chain, const SlJson *detail, SlQuery *query)
{
  gsize length = 0;
  const char *said = sl_json_get_string(detail, "words");
  const char *text = sl_column_text(query, 8);
  const guint8 *salt = sl_column_blob(query, 9, &length);
  if (!text) /* forgotten: the chain still holds */
    return;
  g_autofree char *hash = words_hash(salt, length, text);
  if (g_strcmp0(hash, said) != 0)
    fault(chain, "its words are not those that were recorded");
}

static void
check_link(Chain *chain, SlQuery *query)
{
  int seq = (int)sl_column_int(query, 1);
  SlTime at = sl_column_time(query, 2);
  const char *detail = sl_column_text(query, 5);
  if (seq != chain->seq + 1)
    fault(chain, "the next event is missing");
  chain->seq = seq;
  if (at < chain->at)
    fault(chain, "it lies before the one before it");
  chain->at = at;
  if (g_strcmp0(sl_column_text(query, 6), chain->hash) != 0)
    fault(chain, "it does not hang on the one before it");
  g_autofree char *hash =
      chain_hash(sl_column_text(query, 6), chain->ticket, seq, at, sl_column_text(query, 3), sl_column_text(query, 4), detail);
  if (g_strcmp0(hash, sl_column_text(query, 7)) != 0)
    fault(chain, "it was changed after it was written");
  g_free(chain->hash);
  chain->hash = g_strdup(sl_column_text(query, 7));
  g_autoptr(SlJson) json = sl_json_parse(detail, -1, NULL);
  if (json)
    check_words(chain, json, query);
}

static gboolean
missing_chains(SlDb *db, gint64 ticket, GPtrArray *faults, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT id FROM ticket WHERE (:only = 0 OR id = :only) AND NOT EXISTS"
                                         " (SELECT 1 FROM event WHERE event.ticket = ticket.id)",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "only", ticket);
  while (sl_query_next(query, &row, error)) {
    if (!row)
      return TRUE;
    g_ptr_array_add(faults, g_strdup_printf("ticket %" G_GINT64_FORMAT ": its events are gone", sl_column_int(query, 0)));
  }
  return FALSE;
}

gboolean
sl_events_verify(SlDb *db, gint64 ticket, GPtrArray *out_faults, gint64 *out_events, GError **error)
{
  Chain chain = {.ticket = -1, .faults = out_faults};
  gboolean row = TRUE, ok = TRUE;
  gint64 n = 0;
  g_autoptr(SlQuery) query = sl_db_query(
      db,
      "SELECT e.ticket, e.seq, e.at, e.actor, e.kind, e.detail, e.prev, e.hash, w.text, w.salt FROM event e LEFT JOIN words w"
      " ON w.ticket = e.ticket AND w.seq = e.seq WHERE :only = 0 OR e.ticket = :only ORDER BY e.ticket, e.seq",
      error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "only", ticket);
  while (ok && (ok = sl_query_next(query, &row, error)) && row) {
    gint64 id = sl_column_int(query, 0);
    if (id != chain.ticket)
      ok = begin_chain(db, &chain, id, error);
    check_link(&chain, query);
    n++;
  }
  ok = ok && check_head(db, &chain, error) && missing_chains(db, ticket, out_faults, error);
  g_free(chain.hash);
  if (out_events)
    *out_events = n;
  return ok;
}

/* ---- ticket 0 ---- */

static gboolean
last_global(SlDb *db, int *out_seq, SlTime *out_at, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT seq, at FROM event WHERE ticket = 0 ORDER BY seq DESC LIMIT 1", error);
  if (!query || !sl_query_next(query, &row, error))
    return FALSE;
  *out_seq = row ? (int)sl_column_int(query, 0) : 0;
  *out_at = row ? sl_column_time(query, 1) : SL_TIME_NONE;
  return TRUE;
}

gboolean
sl_events_append_global(SlDb *db, SlEvent *event, GError **error)
{
  int seq = 0;
  SlTime at = SL_TIME_NONE;
  gboolean taken = FALSE;
  if (!last_global(db, &seq, &at, error))
    return FALSE;
  event->ticket = 0;
  event->seq = seq + 1;
  if (!sl_events_append(db, event, &taken, error))
    return FALSE;
  if (!taken)
    g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "somebody was faster with a global event: try again");
  return taken;
}

/* ---- the daily seal ---- */

static gboolean
last_seal(SlDb *db, SlTime *out_at, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query =
      sl_db_query(db, "SELECT at FROM event WHERE ticket = 0 AND kind = 'sealed' ORDER BY seq DESC LIMIT 1", error);
  if (!query || !sl_query_next(query, &row, error))
    return FALSE;
  *out_at = row ? sl_column_time(query, 0) : SL_TIME_NONE;
  return TRUE;
}

static gboolean
hash_heads(SlDb *db, SlTime since, GChecksum *checksum, gint64 *out_n, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT t.id, t.head FROM ticket t JOIN event e ON e.ticket = t.id AND e.seq = t.seq"
                                         " WHERE e.at >= :since ORDER BY t.id",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "since", since == SL_TIME_NONE ? 0 : since);
  *out_n = 0;
  while (sl_query_next(query, &row, error)) {
    if (!row)
      return TRUE;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, sl_column_int(query, 0));
    feed(checksum, id);
    feed(checksum, sl_column_text(query, 1) ? sl_column_text(query, 1) : "");
    (*out_n)++;
  }
  return FALSE;
}

static gboolean
append_seal(SlDb *db, SlTime now, GError **error)
{
  SlTime at = SL_TIME_NONE;
  gint64 n = 0;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  if (!last_seal(db, &at, error))
    return FALSE;
  if (at != SL_TIME_NONE && now - at < SL_DAY)
    return TRUE;
  if (!hash_heads(db, at, checksum, &n, error))
    return FALSE;
  g_autoptr(SlEvent) seal = sl_event_new(SL_EVENT_SEALED, now, "slate");
  sl_json_set_string(seal->detail, "heads", g_checksum_get_string(checksum));
  sl_json_set_int(seal->detail, "tickets", n);
  return n == 0 || sl_events_append_global(db, seal, error);
}

gboolean
sl_events_seal(SlDb *db, SlTime now, GError **error)
{
  if (!sl_db_begin(db, error))
    return FALSE;
  if (append_seal(db, now, error))
    return sl_db_commit(db, error);
  sl_db_rollback(db);
  return FALSE;
}
