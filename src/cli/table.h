/* SPDX-License-Identifier: ISC */
/* What people read: tables with right widths for any script, nothing that could move their cursor. The only user of libsmartcols. */
#pragma once
#include <glib.h>

typedef struct SlTable SlTable;

/* Columns: names, NULL-terminated; the last one is cut to fit the terminal. `plain`: cells parted by tabs, as they are; no heading. */
SlTable *sl_table_new(const char *const *columns, gboolean plain);
/* One cell a column; NULL prints nothing. */
void sl_table_add(SlTable *table, const char *const *cells);
void sl_table_print(SlTable *table); /* and frees it */
void sl_table_free(SlTable *table);

/* A copy without control characters. Owned. */
char *sl_shown(const char *text);
