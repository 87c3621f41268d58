/* SPDX-License-Identifier: ISC */
#include "cli/table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <string.h>

struct SlTable {
  struct libscols_table *table;
  guint n;
};

SlTable *
sl_table_new(const char *const *columns, gboolean plain)
{
  SlTable *table = g_new0(SlTable, 1);
  table->table = scols_new_table();
  scols_table_enable_noheadings(table->table, plain);
  scols_table_enable_raw(table->table, FALSE);
  if (plain)
    scols_table_set_column_separator(table->table, "\t");
  for (; columns[table->n]; table->n++)
    scols_table_new_column(table->table, columns[table->n], 0, columns[table->n + 1] || plain ? 0 : SCOLS_FL_TRUNC);
  return table;
}

void
sl_table_add(SlTable *table, const char *const *cells)
{
  struct libscols_line *line = scols_table_new_line(table->table, NULL);
  for (guint i = 0; i < table->n; i++) {
    g_autofree char *shown = sl_shown(cells[i] ? cells[i] : "");
    scols_line_set_data(line, i, shown);
  }
}

void
sl_table_print(SlTable *table)
{
  scols_print_table(table->table);
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
