/* SPDX-License-Identifier: ISC */
#include "store/people.h"

#include <sys/random.h>

#include "store/columns.h"

gboolean
sl_people_lock(SlDb *db, const char *address, gint64 *out_id, GError **error)
{
  guint8 salt[16];
  g_autofree char *who = g_ascii_strdown(address, -1);
  if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "no random bytes");
    return FALSE;
  }
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO person(id, rev, address, salt) SELECT COALESCE(MAX(id), 0) + 1, 1, :who, :salt"
                                         " FROM person WHERE TRUE ON CONFLICT(address) DO UPDATE SET rev = person.rev + 1 RETURNING id",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "who", who);
  sl_bind_blob(query, "salt", salt, sizeof salt);
  return sl_query_int(query, out_id, NULL, error);
}

gboolean
sl_people_address(SlDb *db, gint64 id, char **out_address, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT address FROM person WHERE id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", id);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  *out_address = row ? g_strdup(sl_column_text(query, 0)) : NULL;
  return TRUE;
}

/* ---- loads ---- */

gboolean
sl_people_load_add(SlDb *db, const char *agent, int delta, gboolean assigned_now, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(
      db,
      "INSERT INTO agent_load(name, open, last_assigned) VALUES (:name, :delta, (SELECT COALESCE(MAX(last_assigned), 0) + :now FROM"
      " agent_load)) ON CONFLICT(name) DO UPDATE SET open = agent_load.open + :delta, last_assigned = CASE WHEN :now = 1 THEN"
      " excluded.last_assigned ELSE agent_load.last_assigned END",
      error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", agent);
  sl_bind_int(query, "delta", delta);
  sl_bind_int(query, "now", assigned_now ? 1 : 0);
  return sl_query_run(query, NULL, error);
}

static gboolean
take_load(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  g_hash_table_insert(user, g_strdup(sl_column_text(query, 0)), GINT_TO_POINTER((int)sl_column_int(query, 1)));
  return TRUE;
}

GHashTable *
sl_people_loads(SlDb *db, char **out_last_assigned, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(GHashTable) loads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT name, open FROM agent_load", error);
  if (!query || !sl_query_each(query, take_load, loads, error))
    return NULL;
  g_autoptr(SlQuery) last =
      sl_db_query(db, "SELECT name FROM agent_load WHERE last_assigned > 0 ORDER BY last_assigned DESC LIMIT 1", error);
  if (!last || !sl_query_next(last, &row, error))
    return NULL;
  *out_last_assigned = row ? g_strdup(sl_column_text(last, 0)) : NULL;
  return g_steal_pointer(&loads);
}

/* ---- sliding windows ---- */

gboolean
sl_people_tally_add(SlDb *db, const char *what, const char *who, SlTime at, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO tally(what, who, at, n) VALUES (:what, :who, :at, 1)"
                                         " ON CONFLICT(what, who, at) DO UPDATE SET n = tally.n + 1",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "what", what);
  sl_bind_text(query, "who", who);
  sl_bind_time(query, "at", at);
  return sl_query_run(query, NULL, error);
}

gboolean
sl_people_tally_count(SlDb *db, const char *what, const char *who, SlTime since, int *out_n, GError **error)
{
  gint64 n = 0;
  g_autoptr(SlQuery) query =
      sl_db_query(db, "SELECT SUM(n) FROM tally WHERE what = :what AND who = :who AND at > :since", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "what", what);
  sl_bind_text(query, "who", who);
  sl_bind_time(query, "since", since);
  if (!sl_query_int(query, &n, NULL, error))
    return FALSE;
  *out_n = (int)n;
  return TRUE;
}

gboolean
sl_people_window(SlDb *db, const char *address, SlTime *out_until, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT until FROM alarm_window WHERE person = :who", error);
  if (!query)
    return FALSE;
  g_autofree char *who = g_ascii_strdown(address, -1);
  sl_bind_text(query, "who", who);
  *out_until = SL_TIME_NONE;
  return sl_query_int(query, out_until, NULL, error);
}

gboolean
sl_people_window_set(SlDb *db, const char *address, SlTime until, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO alarm_window(person, until) VALUES (:who, :until)"
                                         " ON CONFLICT(person) DO UPDATE SET until = excluded.until",
                                         error);
  if (!query)
    return FALSE;
  g_autofree char *who = g_ascii_strdown(address, -1);
  sl_bind_text(query, "who", who);
  sl_bind_time(query, "until", until);
  return sl_query_run(query, NULL, error);
}

/* ---- who is away ---- */

static gboolean
take_absent(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  g_hash_table_add(user, g_strdup(sl_column_text(query, 0)));
  return TRUE;
}

GHashTable *
sl_people_absent(SlDb *db, SlTime now, GError **error)
{
  g_autoptr(GHashTable) absent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT agent FROM absence WHERE until > :now", error);
  if (!query)
    return NULL;
  sl_bind_time(query, "now", now);
  return sl_query_each(query, take_absent, absent, error) ? g_steal_pointer(&absent) : NULL;
}

gboolean
sl_people_absence_set(SlDb *db, const char *agent, SlTime until, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO absence(agent, until) VALUES (:agent, :until) ON CONFLICT(agent) DO UPDATE SET"
                                         " until = excluded.until",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "agent", agent);
  sl_bind_int(query, "until", until == SL_TIME_NONE ? 0 : until);
  return sl_query_run(query, NULL, error);
}

/* ---- signed addresses ---- */

gboolean
sl_tokens_put(SlDb *db, const char *hash, gint64 ticket, const char *person, SlScope scope, int generation, GError **error)
{
  g_autofree char *who = g_ascii_strdown(person, -1);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO token(hash, ticket, person, scope, leaked, generation) VALUES (:hash, :ticket, :who, :scope,"
                                         " 0, :generation)"
                                         " ON CONFLICT DO NOTHING",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "hash", hash);
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "who", who);
  sl_bind_text(query, "scope", sl_scope_word(scope));
  sl_bind_int(query, "generation", generation);
  return sl_query_run(query, NULL, error);
}

gboolean
sl_tokens_generation(SlDb *db, gint64 ticket, const char *person, SlScope scope, int *out_n, GError **error)
{
  gint64 n = 0;
  g_autofree char *who = g_ascii_strdown(person, -1);
  g_autoptr(SlQuery) query = sl_db_query(
      db, "SELECT COUNT(*) FROM token WHERE ticket = :ticket AND person = :who AND scope = :scope AND leaked = 1", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "who", who);
  sl_bind_text(query, "scope", sl_scope_word(scope));
  if (!sl_query_int(query, &n, NULL, error))
    return FALSE;
  *out_n = (int)n;
  return TRUE;
}

gboolean
sl_tokens_leak(SlDb *db, const char *hash, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "UPDATE token SET leaked = 1 WHERE hash = :hash", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "hash", hash);
  return sl_query_run(query, NULL, error);
}

gboolean
sl_tokens_find(SlDb *db, const char *hash, SlTime now, SlTokenFact **out_token, GError **error)
{
  gboolean row = FALSE;
  SlScope scope;
  *out_token = NULL;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT ticket, person, scope, ends, leaked, generation FROM token WHERE hash = :hash", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "hash", hash);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  if (!row || !sl_scope_parse(sl_column_text(query, 2), &scope))
    return TRUE;
  SlTokenFact *token = g_new0(SlTokenFact, 1);
  token->ticket = sl_column_int(query, 0);
  token->person = g_strdup(sl_column_text(query, 1));
  token->scope = scope;
  token->ended = sl_column_time(query, 3) != SL_TIME_NONE && sl_column_time(query, 3) <= now;
  token->leaked = sl_column_int(query, 4) != 0;
  token->generation = (int)sl_column_int(query, 5);
  token->hash = g_strdup(hash);
  *out_token = token;
  return TRUE;
}

gboolean
sl_tokens_end(SlDb *db, gint64 ticket, SlTime ends, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "UPDATE token SET ends = :ends WHERE ticket = :ticket", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_time(query, "ends", ends);
  return sl_query_run(query, NULL, error);
}
