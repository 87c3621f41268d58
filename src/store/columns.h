/* SPDX-License-Identifier: ISC */
/* Reading rows into structs: small helpers that every module of the store shares. */
#pragma once
#include "store/db.h"

/* A query of rows, read by `take` one by one; FALSE on the first error of either. */
typedef gboolean (*SlRowTake)(SlQuery *query, gpointer user, GError **error);
gboolean sl_query_each(SlQuery *query, SlRowTake take, gpointer user, GError **error) SL_WARN_UNUSED;

/* A single number of a single row; *out_value untouched (and *out_row FALSE, where not NULL) when there is none. */
gboolean sl_query_int(SlQuery *query, gint64 *out_value, gboolean *out_row, GError **error) SL_WARN_UNUSED;

/* Appends column 0 of each row: gint64 to a GArray; char* to a GPtrArray. */
GArray *sl_query_ints(SlQuery *query, GError **error) SL_WARN_UNUSED;
GPtrArray *sl_query_texts(SlQuery *query, GError **error) SL_WARN_UNUSED;
