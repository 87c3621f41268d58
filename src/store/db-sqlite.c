/* SPDX-License-Identifier: ISC */
/* The embedded engine. The only file that knows sqlite3. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"

#define BUSY_MS 10000

struct SlDb {
  sqlite3 *handle;
  char *url;
  GHashTable *cache; /* SQL text → sqlite3_stmt that nobody uses at the moment */
  guint savepoints;
  gboolean open_transaction;
};

struct SlQuery {
  SlDb *db;
  sqlite3_stmt *statement;
  char *sql;
};

/* ---- errors ---- */

static SlError
code_of(int rc)
{
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return SL_ERROR_TEMP;
  case SQLITE_CANTOPEN:
  case SQLITE_NOTADB:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return SL_ERROR_CONFIG;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_CORRUPT:
  case SQLITE_READONLY:
  case SQLITE_NOMEM:
    return SL_ERROR_STORE;
  default:
    return SL_ERROR_BUG;
  }
}

static const char *
advice(int rc)
{
  switch (rc & 0xff) {
  case SQLITE_FULL:
    return " (make room on its disk; nothing is lost)";
  case SQLITE_BUSY:
    return " (another program holds it: try again)";
  case SQLITE_CANTOPEN:
    return " (does the folder exist, and may this user write there?)";
  case SQLITE_READONLY:
    return " (may this user write there?)";
  default:
    return "";
  }
}

static gboolean
fail(const SlDb *db, int rc, GError **error)
{
  g_set_error(error, SL_ERROR, (gint)code_of(rc), "the store %s: %s%s", db->url, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc),
              advice(rc));
  return FALSE;
}

static gboolean
exec(SlDb *db, const char *sql, GError **error)
{
  int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK || fail(db, rc, error);
}

/* ---- opening ---- */

static void
finalize(gpointer statement)
{
  sqlite3_finalize(statement);
}

static gboolean
configure(SlDb *db, gboolean read_only, GError **error)
{
  sqlite3_extended_result_codes(db->handle, 1);
  sqlite3_busy_timeout(db->handle, BUSY_MS);
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (!read_only && !exec(db, "PRAGMA journal_mode = WAL", error))
    return FALSE;
  if (read_only && !exec(db, "PRAGMA query_only = ON", error))
    return FALSE;
  return exec(db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY", error);
}

static gboolean
create_file(const char *path, GError **error)
{
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "the store %s cannot be made: %s", path, g_strerror(errno));
    return FALSE;
  }
  close(fd);
  return TRUE;
}

SlDb *
sl_db_open(const char *url, SlDbFlags flags, GError **error)
{
  gboolean read_only = (flags & SL_DB_READ_ONLY) != 0;
  if (g_str_has_prefix(url, "postgresql:") || g_str_has_prefix(url, "postgres:")) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: this program was built without PostgreSQL; name a file", url);
    return NULL;
  }
  if ((flags & SL_DB_CREATE) && !create_file(url, error))
    return NULL;
  SlDb *db = g_new0(SlDb, 1);
  db->url = g_strdup(url);
  db->cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize);
  /* A reader of a WAL store writes its shared memory, so it opens for writing, too, where it may. */
  int rc = sqlite3_open_v2(url, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if ((rc != SQLITE_OK && (fail(db, rc, error), TRUE)) || !configure(db, read_only, error)) {
    sl_db_free(db);
    return NULL;
  }
  return db;
}

void
sl_db_free(SlDb *db)
{
  if (!db)
    return;
  g_hash_table_unref(db->cache);
  sqlite3_close_v2(db->handle);
  g_free(db->url);
  g_free(db);
}

const char *
sl_db_url(const SlDb *db)
{
  return db->url;
}

/* ---- transactions ---- */

gboolean
sl_db_begin(SlDb *db, GError **error)
{
  g_assert(!db->open_transaction);
  db->open_transaction = exec(db, "BEGIN IMMEDIATE", error);
  db->savepoints = 0;
  return db->open_transaction;
}

gboolean
sl_db_commit(SlDb *db, GError **error)
{
  if (exec(db, "COMMIT", error)) {
    db->open_transaction = FALSE;
    return TRUE;
  }
  sl_db_rollback(db);
  return FALSE;
}

void
sl_db_rollback(SlDb *db)
{
  if (!sqlite3_get_autocommit(db->handle))
    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
  db->open_transaction = FALSE;
  db->savepoints = 0;
}

static gboolean
savepoint(SlDb *db, const char *format, guint number, GError **error)
{
  char sql[80];
  g_snprintf(sql, sizeof sql, "%s s%u", format, number);
  return exec(db, sql, error);
}

gboolean
sl_db_savepoint(SlDb *db, GError **error)
{
  if (!savepoint(db, "SAVEPOINT", db->savepoints + 1, error))
    return FALSE;
  db->savepoints++;
  return TRUE;
}

gboolean
sl_db_release(SlDb *db, GError **error)
{
  g_assert(db->savepoints > 0);
  if (!savepoint(db, "RELEASE", db->savepoints, error))
    return FALSE;
  db->savepoints--;
  return TRUE;
}

void
sl_db_rollback_to(SlDb *db)
{
  g_assert(db->savepoints > 0);
  if (!sqlite3_get_autocommit(db->handle)) { /* a full disk may have rolled the whole transaction back */
    (void)savepoint(db, "ROLLBACK TO", db->savepoints, NULL);
    (void)savepoint(db, "RELEASE", db->savepoints, NULL);
  }
  db->savepoints--;
}

/* ---- queries ---- */

SlQuery *
sl_db_query(SlDb *db, const char *sql, GError **error)
{
  char *cached_sql = NULL;
  sqlite3_stmt *statement = NULL;
  if (!g_hash_table_steal_extended(db->cache, sql, (gpointer *)&cached_sql, (gpointer *)&statement)) {
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (rc != SQLITE_OK) {
      fail(db, rc, error);
      return NULL;
    }
    cached_sql = g_strdup(sql);
  }
  SlQuery *query = g_new0(SlQuery, 1);
  query->db = db;
  query->statement = statement;
  query->sql = cached_sql;
  return query;
}

void
sl_query_free(SlQuery *query)
{
  if (!query)
    return;
  sqlite3_reset(query->statement);
  sqlite3_clear_bindings(query->statement);
  if (g_hash_table_contains(query->db->cache, query->sql)) { /* used twice at a time: one is enough to keep */
    sqlite3_finalize(query->statement);
    g_free(query->sql);
  } else {
    g_hash_table_insert(query->db->cache, query->sql, query->statement);
  }
  g_free(query);
}

static int
parameter(const SlQuery *query, const char *name)
{
  char with_colon[40];
  g_snprintf(with_colon, sizeof with_colon, ":%s", name);
  int i = sqlite3_bind_parameter_index(query->statement, with_colon);
  g_assert(i > 0);
  return i;
}

void
sl_bind_int(SlQuery *query, const char *name, gint64 value)
{
  sqlite3_bind_int64(query->statement, parameter(query, name), value);
}

void
sl_bind_text(SlQuery *query, const char *name, const char *value)
{
  sqlite3_bind_text(query->statement, parameter(query, name), value, -1, SQLITE_TRANSIENT);
}

void
sl_bind_time(SlQuery *query, const char *name, SlTime value)
{
  if (value != SL_TIME_NONE)
    sl_bind_int(query, name, value);
}

void
sl_bind_blob(SlQuery *query, const char *name, gconstpointer bytes, gsize length)
{
  /* no bytes are not NULL */
  sqlite3_bind_blob64(query->statement, parameter(query, name), bytes ? bytes : "", length, SQLITE_TRANSIENT);
}

gboolean
sl_query_next(SlQuery *query, gboolean *out_row, GError **error)
{
  int rc = sqlite3_step(query->statement);
  *out_row = rc == SQLITE_ROW;
  return rc == SQLITE_ROW || rc == SQLITE_DONE || fail(query->db, rc, error);
}

gboolean
sl_query_run(SlQuery *query, gint64 *out_changed, GError **error)
{
  int rc = sqlite3_step(query->statement);
  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    return fail(query->db, rc, error);
  if (out_changed)
    *out_changed = sqlite3_changes64(query->db->handle);
  return TRUE;
}

gint64
sl_column_int(SlQuery *query, int i)
{
  return sqlite3_column_int64(query->statement, i);
}

gboolean
sl_column_is_null(SlQuery *query, int i)
{
  return sqlite3_column_type(query->statement, i) == SQLITE_NULL;
}

SlTime
sl_column_time(SlQuery *query, int i)
{
  return sl_column_is_null(query, i) ? SL_TIME_NONE : sl_column_int(query, i);
}

const char *
sl_column_text(SlQuery *query, int i)
{
  return (const char *)sqlite3_column_text(query->statement, i);
}

const void *
sl_column_blob(SlQuery *query, int i, gsize *out_length)
{
  const void *bytes = sqlite3_column_blob(query->statement, i);
  *out_length = (gsize)sqlite3_column_bytes(query->statement, i);
  return bytes;
}

gboolean
sl_db_script(SlDb *db, const char *sql, GError **error)
{
  return exec(db, sql, error);
}

gboolean
sl_db_has_table(SlDb *db, const char *name, gboolean *out_has, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "name", name);
  return sl_query_next(query, out_has, error);
}

gboolean
sl_db_count_tables(SlDb *db, gint64 *out_n, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'", error);
  if (!query || !sl_query_next(query, &row, error))
    return FALSE;
  *out_n = sl_column_int(query, 0);
  return TRUE;
}

/* ---- the whole file ---- */

static gboolean
sync_and_rename(const char *tmp, const char *path, GError **error)
{
  int fd = open(tmp, O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0)
    close(fd);
  ok = ok && rename(tmp, path) == 0;
  if (!ok)
    g_set_error(error, SL_ERROR, SL_ERROR_CREATE, "%s: %s", path, g_strerror(errno));
  return ok;
}

/* SQLite fills an empty file, and says less well why it cannot make one. */
static gboolean
make_empty(const char *tmp, const char *path, GError **error)
{
  int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    g_set_error(error, SL_ERROR, SL_ERROR_CREATE, "%s: %s", path, g_strerror(errno));
  else
    close(fd);
  return fd >= 0;
}

gboolean
sl_db_backup(SlDb *db, const char *path, GError **error)
{
  if (access(path, F_OK) == 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_CREATE, "%s exists already: name a new file", path);
    return FALSE;
  }
  g_autofree char *tmp = g_strdup_printf("%s.%d.tmp", path, (int)getpid());
  g_autoptr(SlQuery) query = sl_db_query(db, "VACUUM INTO :path", error);
  if (!query || !make_empty(tmp, path, error))
    return FALSE;
  sl_bind_text(query, "path", tmp);
  if (sl_query_run(query, NULL, error) && sync_and_rename(tmp, path, error))
    return TRUE;
  unlink(tmp);
  return FALSE;
}

gboolean
sl_db_integrity(SlDb *db, GPtrArray *out_faults, GError **error)
{
  static const char *const checks[] = {"PRAGMA integrity_check", "PRAGMA foreign_key_check"};
  for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
    g_autoptr(SlQuery) query = sl_db_query(db, checks[i], error);
    gboolean row = FALSE;
    if (!query)
      return FALSE;
    for (;;) {
      if (!sl_query_next(query, &row, error))
        return FALSE;
      if (!row)
        break;
      const char *text = sl_column_text(query, 0);
      if (g_strcmp0(text, "ok") != 0)
        g_ptr_array_add(out_faults, g_strdup_printf("%s: %s", checks[i] + strlen("PRAGMA "), text));
    }
  }
  return TRUE;
}
