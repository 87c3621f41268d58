/* SPDX-License-Identifier: ISC */
#include "store/seen.h"

#include "store/columns.h"

void
sl_mailbox_row_clear(SlMailboxRow *row)
{
  g_clear_pointer(&row->last_error, g_free);
}

gboolean
sl_mailbox_load(SlDb *db, const char *mailbox, SlMailboxRow *out_row, GError **error)
{
  gboolean row = FALSE;
  *out_row = (SlMailboxRow){0, SL_TIME_NONE, SL_TIME_NONE, SL_TIME_NONE, NULL};
  g_autoptr(SlQuery) query = sl_db_query(
      db, "SELECT uidvalidity, since, read_through, last_ok, last_error FROM mailbox WHERE name = :name", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", mailbox);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  if (row)
    *out_row = (SlMailboxRow){(guint32)sl_column_int(query, 0), sl_column_time(query, 1), sl_column_time(query, 2),
                              sl_column_time(query, 3), g_strdup(sl_column_text(query, 4))};
  return TRUE;
}

gboolean
sl_mailbox_save(SlDb *db, const char *mailbox, const SlMailboxRow *row, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO mailbox(name, uidvalidity, since, read_through, last_ok, last_error) VALUES (:name,"
                                         " :uidvalidity, :since, :through, :ok, :error) ON CONFLICT(name) DO UPDATE SET uidvalidity ="
                                         " excluded.uidvalidity, since = excluded.since, read_through = excluded.read_through, last_ok ="
                                         " excluded.last_ok, last_error = excluded.last_error",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", mailbox);
  sl_bind_int(query, "uidvalidity", row->uidvalidity);
  sl_bind_time(query, "since", row->since);
  sl_bind_time(query, "through", row->read_through);
  sl_bind_time(query, "ok", row->last_ok);
  sl_bind_text(query, "error", row->last_error);
  return sl_query_run(query, NULL, error);
}

gboolean
sl_seen_put(SlDb *db, const char *mailbox, guint32 uidvalidity, guint32 uid, const char *state, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO imap_seen(mailbox, uidvalidity, uid, state) VALUES (:mailbox, :validity, :uid, :state)"
                                         " ON CONFLICT(mailbox, uidvalidity, uid) DO UPDATE SET state = excluded.state",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "mailbox", mailbox);
  sl_bind_int(query, "validity", uidvalidity);
  sl_bind_int(query, "uid", uid);
  sl_bind_text(query, "state", state);
  return sl_query_run(query, NULL, error);
}

static gboolean
take_uid(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  g_hash_table_add(user, GUINT_TO_POINTER((guint)sl_column_int(query, 0)));
  return TRUE;
}

GHashTable *
sl_seen_uids(SlDb *db, const char *mailbox, guint32 uidvalidity, guint32 from, GError **error)
{
  g_autoptr(GHashTable) uids = g_hash_table_new(NULL, NULL);
  g_autoptr(SlQuery) query = sl_db_query(
      db, "SELECT uid FROM imap_seen WHERE mailbox = :mailbox AND uidvalidity = :validity AND uid >= :from", error);
  if (!query)
    return NULL;
  sl_bind_text(query, "mailbox", mailbox);
  sl_bind_int(query, "validity", uidvalidity);
  sl_bind_int(query, "from", from);
  return sl_query_each(query, take_uid, uids, error) ? g_steal_pointer(&uids) : NULL;
}

static gboolean
append_uid(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  guint32 uid = (guint32)sl_column_int(query, 0);
  g_array_append_val((GArray *)user, uid);
  return TRUE;
}

GArray *
sl_seen_in_state(SlDb *db, const char *mailbox, guint32 uidvalidity, const char *state, GError **error)
{
  g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT uid FROM imap_seen WHERE mailbox = :mailbox AND uidvalidity = :validity AND state = :state"
                                         " ORDER BY uid LIMIT 200",
                                         error);
  if (!query)
    return NULL;
  sl_bind_text(query, "mailbox", mailbox);
  sl_bind_int(query, "validity", uidvalidity);
  sl_bind_text(query, "state", state);
  return sl_query_each(query, append_uid, uids, error) ? g_steal_pointer(&uids) : NULL;
}

/* ---- poison ---- */

gboolean
sl_suspect_add(SlDb *db, const char *key, const char *stage, const char *cause, int *out_deaths, GError **error)
{
  gint64 deaths = 0;
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO suspect(name, stage, deaths, cause) VALUES (:name, :stage, 1, :cause)"
                                         " ON CONFLICT(name) DO UPDATE SET deaths = suspect.deaths + 1, cause = excluded.cause"
                                         " RETURNING deaths",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", key);
  sl_bind_text(query, "stage", stage);
  sl_bind_text(query, "cause", cause);
  if (!sl_query_int(query, &deaths, NULL, error))
    return FALSE;
  *out_deaths = (int)deaths;
  return TRUE;
}

gboolean
sl_suspect_deaths(SlDb *db, const char *key, int *out_deaths, GError **error)
{
  gint64 deaths = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT deaths FROM suspect WHERE name = :name", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", key);
  if (!sl_query_int(query, &deaths, NULL, error))
    return FALSE;
  *out_deaths = (int)deaths;
  return TRUE;
}

gboolean
sl_suspect_clear(SlDb *db, const char *key, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "DELETE FROM suspect WHERE name = :name", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", key);
  return sl_query_run(query, NULL, error);
}
