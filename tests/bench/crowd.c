/* SPDX-License-Identifier: ISC */
/* crowd STORE TICKET N: N open tickets more, each a copy of that one, with its events, clocks and alarms. For benches only: their
 * chains do not verify. */
#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"

#define FIRST 100000

static gboolean
columns_of(SlDb *db, const char *table, const char *key, char **out_columns, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query =
      sl_db_query(db, "SELECT group_concat(name, ', ') FROM pragma_table_info(:table) WHERE name <> :key", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "table", table);
  sl_bind_text(query, "key", key);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  *out_columns = g_strdup(sl_column_text(query, 0));
  return TRUE;
}

static gboolean
copy(SlDb *db, const char *table, const char *key, gint64 ticket, gint64 n, GError **error)
{
  g_autofree char *columns = NULL;
  if (!columns_of(db, table, key, &columns, error))
    return FALSE;
  g_autofree char *sql = g_strdup_printf("WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d + :n)"
                                         " INSERT INTO %s(%s, %s) SELECT n.i, %s FROM n, %s WHERE %s.%s = :ticket",
                                         FIRST, FIRST, table, key, columns, columns, table, table, key);
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "n", n);
  sl_bind_int(query, "ticket", ticket);
  return sl_query_run(query, NULL, error);
}

int
main(int argc, char **argv)
{
  static const char *const tables[][2] = {{"event", "ticket"}, {"clock", "ticket"}, {"alarm", "ticket"}, {"ticket", "id"}};
  g_autoptr(GError) error = NULL;
  if (argc != 4)
    return 64;
  g_autoptr(SlDb) db = sl_db_open(argv[1], 0, &error);
  gboolean ok = db && sl_db_begin(db, &error);
  for (guint i = 0; ok && i < G_N_ELEMENTS(tables); i++)
    ok = copy(db, tables[i][0], tables[i][1], g_ascii_strtoll(argv[2], NULL, 10), g_ascii_strtoll(argv[3], NULL, 10), &error);
  ok = ok && sl_db_commit(db, &error);
  if (!ok)
    fprintf(stderr, "crowd: %s\n", error->message);
  return !ok;
}
