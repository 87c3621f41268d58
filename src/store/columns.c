/* SPDX-License-Identifier: ISC */
#include "store/columns.h"

gboolean
sl_query_each(SlQuery *query, SlRowTake take, gpointer user, GError **error)
{
  gboolean row = FALSE;
  while (sl_query_next(query, &row, error)) {
    if (!row)
      return TRUE;
    if (!take(query, user, error))
      return FALSE;
  }
  return FALSE;
}

gboolean
sl_query_int(SlQuery *query, gint64 *out_value, gboolean *out_row, GError **error)
{
  gboolean row = FALSE;
  if (!sl_query_next(query, &row, error))
    return FALSE;
  if (row && !sl_column_is_null(query, 0))
    *out_value = sl_column_int(query, 0);
  if (out_row)
    *out_row = row && !sl_column_is_null(query, 0);
  return TRUE;
}

static gboolean
take_int(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  gint64 value = sl_column_int(query, 0);
  g_array_append_val((GArray *)user, value);
  return TRUE;
}

GArray *
sl_query_ints(SlQuery *query, GError **error)
{
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(gint64));
  return sl_query_each(query, take_int, values, error) ? g_steal_pointer(&values) : NULL;
}

static gboolean
take_text(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  g_ptr_array_add(user, g_strdup(sl_column_text(query, 0)));
  return TRUE;
}

GPtrArray *
sl_query_texts(SlQuery *query, GError **error)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
  return sl_query_each(query, take_text, values, error) ? g_steal_pointer(&values) : NULL;
}
