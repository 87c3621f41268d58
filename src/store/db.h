/* SPDX-License-Identifier: ISC */
/* The tiny SQL layer: one connection, parameters bound by name, one set of SQL texts for every engine (common subset).
 *
 * An engine is a table of functions (db-private.h); db-sqlite.c is the embedded default. Errors: SL_ERROR_TEMP busy or locked,
 * SL_ERROR_STORE the store cannot take it (full, I/O, corrupt), SL_ERROR_CONFIG it cannot be opened at all, SL_ERROR_BUG our SQL.
 * A connection belongs to one thread. Statements are cached a connection; a query is reset when it is freed. */
#pragma once
#include "base/error.h"
#include "base/time.h"

typedef struct SlDb SlDb;
typedef struct SlQuery SlQuery;

typedef enum {
  SL_DB_CREATE = 1 << 0,    /* make the file when it is not there (mode 0640) */
  SL_DB_READ_ONLY = 1 << 1, /* whatever is asked of it, nothing is written */
} SlDbFlags;

/* A path, or postgresql://… (refused with SL_ERROR_CONFIG where that engine is not built in). WAL, synchronous=FULL, foreign
 * keys, busy timeout 10 s, DQS off, defensive. Owned. Does not look at the schema (store/schema does). */
SlDb *sl_db_open(const char *url, SlDbFlags flags, GError **error) SL_WARN_UNUSED;
void sl_db_free(SlDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlDb, sl_db_free)
const char *sl_db_url(const SlDb *db);

/* A writing transaction (BEGIN IMMEDIATE). Not nested; savepoints are. */
gboolean sl_db_begin(SlDb *db, GError **error) SL_WARN_UNUSED;
gboolean sl_db_commit(SlDb *db, GError **error) SL_WARN_UNUSED; /* on failure it is rolled back */
void sl_db_rollback(SlDb *db);
gboolean sl_db_savepoint(SlDb *db, GError **error) SL_WARN_UNUSED;
gboolean sl_db_release(SlDb *db, GError **error) SL_WARN_UNUSED;
void sl_db_rollback_to(SlDb *db); /* undoes and releases the savepoint */

/* A prepared statement with every parameter NULL. Owned; NULL on error (SL_ERROR_BUG). */
SlQuery *sl_db_query(SlDb *db, const char *sql, GError **error) SL_WARN_UNUSED;
void sl_query_free(SlQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlQuery, sl_query_free)

void sl_bind_int(SlQuery *query, const char *name, gint64 value); /* name without the colon; asserts that it exists */
void sl_bind_text(SlQuery *query, const char *name, const char *value); /* NULL: NULL; copied */
void sl_bind_time(SlQuery *query, const char *name, SlTime value);      /* NONE: NULL */
void sl_bind_blob(SlQuery *query, const char *name, gconstpointer bytes, gsize length); /* copied */

/* One row on. *out_row FALSE at the end. */
gboolean sl_query_next(SlQuery *query, gboolean *out_row, GError **error) SL_WARN_UNUSED;

/* Runs a statement that gives no rows; *out_changed (may be NULL): rows it changed. */
gboolean sl_query_run(SlQuery *query, gint64 *out_changed, GError **error) SL_WARN_UNUSED;

gint64 sl_column_int(SlQuery *query, int i);        /* 0 for NULL */
SlTime sl_column_time(SlQuery *query, int i);       /* NONE for NULL */
const char *sl_column_text(SlQuery *query, int i);  /* borrowed until the next row; NULL for NULL */
const void *sl_column_blob(SlQuery *query, int i, gsize *out_length);
gboolean sl_column_is_null(SlQuery *query, int i);

/* Several statements without parameters (schema). */
gboolean sl_db_script(SlDb *db, const char *sql, GError **error) SL_WARN_UNUSED;

/* How many tables there are, of whomever. */
gboolean sl_db_count_tables(SlDb *db, gint64 *out_n, GError **error) SL_WARN_UNUSED;
gboolean sl_db_has_table(SlDb *db, const char *name, gboolean *out_has, GError **error) SL_WARN_UNUSED;

/* A consistent copy into a new file (fsynced, renamed into place; SL_ERROR_CREATE when `path` exists). */
gboolean sl_db_backup(SlDb *db, const char *path, GError **error) SL_WARN_UNUSED;

/* The engine's own integrity check; appends what is wrong (char*). */
gboolean sl_db_integrity(SlDb *db, GPtrArray *out_faults, GError **error) SL_WARN_UNUSED;
