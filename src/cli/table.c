/* SPDX-License-Identifier: ISC */
#include "cli/table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <string.h>

struct SlTable {
  struct libscols_table *table; /* NULL: plain */
  GString *plain;               /* the lines of a plain one; NULL */
  guint n;
};

SlTable *
sl_table_new(const char *const *columns, gboolean plain)
{
  SlTable *table = g_new0(SlTable, 1);
  table->plain = plain ? g_string_new(NULL) : NULL;
  table->table = plain ? NULL : scols_new_table();
  for (; columns[table->n]; table->n++) {
    if (!plain)
      scols_table_new_column(table->table, columns[table->n], 0, columns[table->n + 1] ? 0 : SCOLS_FL_TRUNC);
  }
  return table;
}

void
sl_table_add(SlTable *table, const char *const *cells)
{
  struct libscols_line *line = table->plain ? NULL : scols_table_new_line(table->table, NULL);
  for (guint i = 0; i < table->n; i++) {
    g_autofree char *shown = sl_shown(cells[i] ? cells[i] : "");
    if (table->plain)
      g_string_append_printf(table->plain, "%s%c", shown, i + 1 < table->n ? '\t' : '\n');
    else
      scols_line_set_data(line, i, shown);
  }
}

void
sl_table_print(SlTable *table)
{
  if (table->plain)
    fputs(table->plain->str, stdout);
  else
    scols_print_table(table->table);
  sl_table_free(table);
}

void
sl_table_free(SlTable *table)
{
  if (table->plain)
    g_string_free(table->plain, TRUE);
  else
    scols_unref_table(table->table);
  g_free(table);
}

char *
sl_shown(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  for (char *p = valid; *p; p++) {
    if ((guchar)*p < 0x20 || *p == 0x7f)
      *p = ' ';
  }
  return g_steal_pointer(&valid);
}
