/* SPDX-License-Identifier: ISC */
#include "store/meta.h"

gboolean
sl_meta_get(SlDb *db, const char *name, char **out_value, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT value FROM meta WHERE name = :name", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", name);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  *out_value = row ? g_strdup(sl_column_text(query, 0)) : NULL;
  return TRUE;
}

gboolean
sl_meta_set(SlDb *db, const char *name, const char *value, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(
      db, "INSERT INTO meta(name, value) VALUES (:name, :value) ON CONFLICT(name) DO UPDATE SET value = excluded.value", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", name);
  sl_bind_text(query, "value", value);
  return sl_query_run(query, NULL, error);
}
