/* SPDX-License-Identifier: ISC */
/* A store of another time, of somebody else, that is broken, or that is full. */
#include "shop.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/raw.h"
#include "store/schema-private.h"

static void
test_fresh(void)
{
  g_autofree char *path = shop_path("fresh.db");
  g_autoptr(SlDb) db = sl_store_open(path, FALSE, NULL);
  g_autofree char *mode = shop_text(db, "PRAGMA journal_mode");
  g_autofree char *version = shop_text(db, "SELECT value FROM meta WHERE name = 'version'");
  g_autofree char *wanted = g_strdup_printf("%d", sl_schema_version());
  g_assert_cmpstr(mode, ==, "wal");
  g_assert_cmpstr(version, ==, wanted);
  g_assert_cmpint(shop_int(db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint(shop_int(db, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT'"), ==, 0);
  g_autoptr(SlDb) second = shop_open("fresh.db", TRUE);
  MUST(sl_schema_require(second, e));
}

/* Who only looks finds an empty store where there is none, and changes nothing. */
static void
test_read_only(void)
{
  g_autofree char *path = shop_path("looked-at.db");
  g_autoptr(GError) error = NULL;
  g_autoptr(SlDb) db = sl_store_open(path, TRUE, &error);
  g_assert_no_error(error);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM ticket"), ==, 0);
  g_assert_false(sl_db_script(db, "INSERT INTO ticket(id, rev) VALUES (1001, 1)", &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_STORE);
  g_autoptr(SlDb) writer = shop_open("looked-at.db", TRUE);
  MUST(sl_db_script(writer, "INSERT INTO ticket(id, rev) VALUES (1001, 1)", e));
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM ticket"), ==, 1);
}

static void
refused(const char *name, SlError code, const char *words)
{
  g_autofree char *path = shop_path(name);
  g_autoptr(GError) error = NULL;
  g_autoptr(SlDb) db = sl_store_open(path, FALSE, &error);
  g_assert_null(db);
  g_assert_error(error, SL_ERROR, (gint)code);
  if (!strstr(error->message, words))
    g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void
test_newer(void)
{
  SlDb *db = shop_open("newer.db", FALSE);
  MUST(sl_db_script(db, "UPDATE meta SET value = '99' WHERE name = 'version'", e));
  sl_db_free(db);
  refused("newer.db", SL_ERROR_CONFIG, "is newer (version 99) than this program"); /* exit 78 */
}

static void
test_strangers(void)
{
  g_autofree char *path = shop_path("strangers.db");
  SlDb *db = sl_db_open(path, SL_DB_CREATE, NULL);
  MUST(sl_db_script(db, "CREATE TABLE invoices(id INTEGER)", e));
  sl_db_free(db);
  refused("strangers.db", SL_ERROR_CONFIG, "is no store of Slate's");
  db = sl_db_open(path, 0, NULL);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM sqlite_master"), ==, 1); /* nothing was added to it */
  MUST(sl_db_script(db, "CREATE TABLE meta(name TEXT, value TEXT); INSERT INTO meta VALUES ('version', '1')", e));
  sl_db_free(db);
  refused("strangers.db", SL_ERROR_CONFIG, "is no store of Slate's");
}

static void
test_corrupt(void)
{
  g_autofree char *garbage = shop_path("garbage.db");
  g_autofree char *text = g_strnfill(8192, 'x');
  g_assert_true(g_file_set_contents(garbage, text, 8192, NULL));
  refused("garbage.db", SL_ERROR_CONFIG, "garbage.db");
  refused("no/such/folder/x.db", SL_ERROR_CONFIG, "No such file or directory");
  refused(".", SL_ERROR_CONFIG, "Is a directory");

  SlDb *db = shop_open("torn.db", FALSE);
  MUST(sl_db_script(db, "INSERT INTO raw_chunk(sha256, n, data) VALUES ('x', 0, zeroblob(200000)); PRAGMA wal_checkpoint(TRUNCATE)", e));
  sl_db_free(db);
  g_autofree char *torn = shop_path("torn.db");
  g_assert_cmpint(truncate(torn, 100000), ==, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(SlDb) half = sl_store_open(torn, FALSE, &error);
  gboolean ok = half && sl_db_integrity(half, faults, &error);
  g_assert_true(!ok || faults->len > 0);
  g_assert_true(ok || g_error_matches(error, SL_ERROR, SL_ERROR_STORE));
}

/* An older store: a copy beside it, then all steps or none. */
static void
test_older(void)
{
  static const char first[] = "CREATE TABLE meta(name T PRIMARY KEY, value T NOT NULL); CREATE TABLE old(n I NOT NULL);"
                              "INSERT INTO meta(name, value) VALUES ('application', 'slate'); INSERT INTO old(n) VALUES (7);";
  static const char second[] = "CREATE TABLE newer(n I NOT NULL); INSERT INTO newer SELECT n FROM old;";
  static const char broken[] = "DROP TABLE old; INSERT INTO nowhere VALUES (1);";
  static const char *const one[] = {first}, *const two[] = {first, second}, *const bad[] = {first, second, broken};
  g_autofree char *path = shop_path("older.db");
  g_autofree char *copy = shop_path("older.db.before-2");
  SlDb *db = sl_db_open(path, SL_DB_CREATE, NULL);
  g_autoptr(GError) error = NULL;
  MUST(sl_schema_migrate_with(db, one, 1, e));
  g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS)); /* nothing to keep of an empty one */
  MUST(sl_schema_migrate_with(db, two, 2, e));
  g_assert_cmpint(shop_int(db, "SELECT n FROM newer"), ==, 7);
  g_autoptr(SlDb) kept = sl_db_open(copy, SL_DB_READ_ONLY, NULL);
  g_autofree char *version = shop_text(kept, "SELECT value FROM meta WHERE name = 'version'");
  g_assert_cmpstr(version, ==, "1");
  g_assert_cmpint(shop_int(kept, "SELECT n FROM old"), ==, 7);
  g_assert_false(sl_schema_migrate_with(db, bad, 3, &error));
  g_assert_nonnull(error);
  g_assert_cmpint(shop_int(db, "SELECT n FROM old"), ==, 7); /* nothing of the failed step stays */
  g_autofree char *still = shop_text(db, "SELECT value FROM meta WHERE name = 'version'");
  g_assert_cmpstr(still, ==, "2");
  sl_db_free(db);
}

static void
test_older_is_busy(void)
{
  SlDb *db = shop_open("busy.db", FALSE);
  MUST(sl_db_script(db, "UPDATE meta SET value = '0' WHERE name = 'version'", e));
  g_autoptr(GError) error = NULL;
  g_assert_false(sl_schema_require(db, &error)); /* 75: the supervisor migrates it */
  g_assert_error(error, SL_ERROR, SL_ERROR_TEMP);
  sl_db_free(db);
}

/* A disk without room: the transaction fails with STORE, says so, and leaves the store as it was. In a child: the limit is a process's. */
static void
test_full(void)
{
  SlDb *db = shop_open("full.db", FALSE);
  sl_db_free(db);
  pid_t child = fork();
  if (child == 0) {
    const struct rlimit room = {600 * 1024, 600 * 1024};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &room);
    g_autofree char *path = shop_path("full.db");
    g_autoptr(GError) error = NULL;
    g_autofree char *big = g_malloc0(3 * 1024 * 1024);
    g_autoptr(GBytes) bytes = g_bytes_new(big, 3 * 1024 * 1024);
    SlDb *own = sl_store_open(path, FALSE, &error);
    gboolean ok = own && sl_db_begin(own, &error) && sl_raw_put(own, "abc", bytes, &error) && sl_db_commit(own, &error);
    if (own && !ok)
      sl_db_rollback(own);
    gint64 n = own ? shop_int(own, "SELECT COUNT(*) FROM raw_chunk") : -1;
    _exit(!ok && g_error_matches(error, SL_ERROR, SL_ERROR_STORE) && n == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  g_autoptr(SlDb) again = shop_open("full.db", TRUE);
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  MUST(sl_db_integrity(again, faults, e));
  g_assert_cmpuint(faults->len, ==, 0);
  g_assert_cmpint(shop_int(again, "SELECT COUNT(*) FROM raw_chunk"), ==, 0);
}

static void
test_backup(void)
{
  g_autoptr(SlDb) db = shop_open("live.db", FALSE);
  g_autofree char *path = shop_path("copy.db");
  g_autoptr(GError) error = NULL;
  MUST(sl_db_script(db, "INSERT INTO tally(what, who, at, n) VALUES ('x', 'y', 1, 7)", e));
  MUST(sl_db_backup(db, path, e));
  g_assert_false(sl_db_backup(db, path, &error)); /* never over another file */
  g_assert_error(error, SL_ERROR, SL_ERROR_CREATE);
  g_autoptr(SlDb) copy = shop_open("copy.db", TRUE);
  g_assert_cmpint(shop_int(copy, "SELECT n FROM tally"), ==, 7);
}

static void
test_savepoints(void)
{
  g_autoptr(SlDb) db = shop_open("save.db", FALSE);
  MUST(sl_db_begin(db, e));
  MUST(sl_db_script(db, "INSERT INTO tally(what, who, at, n) VALUES ('kept', '', 1, 1)", e));
  MUST(sl_db_savepoint(db, e));
  MUST(sl_db_script(db, "INSERT INTO tally(what, who, at, n) VALUES ('undone', '', 1, 1)", e));
  MUST(sl_db_savepoint(db, e));
  MUST(sl_db_release(db, e));
  sl_db_rollback_to(db);
  MUST(sl_db_commit(db, e));
  g_autofree char *what = shop_text(db, "SELECT what FROM tally");
  g_assert_cmpstr(what, ==, "kept");
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM tally"), ==, 1);
}

static void
test_postgresql(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_db_open("postgresql://host/db", 0, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/schema/fresh", test_fresh);
  g_test_add_func("/store/schema/read-only", test_read_only);
  g_test_add_func("/store/schema/newer-is-refused", test_newer);
  g_test_add_func("/store/schema/somebody-elses", test_strangers);
  g_test_add_func("/store/schema/corrupt", test_corrupt);
  g_test_add_func("/store/schema/older-is-kept-and-migrated", test_older);
  g_test_add_func("/store/schema/older-is-busy", test_older_is_busy);
  g_test_add_func("/store/schema/full-disk", test_full);
  g_test_add_func("/store/db/backup", test_backup);
  g_test_add_func("/store/db/savepoints", test_savepoints);
  g_test_add_func("/store/db/postgresql", test_postgresql);
  int rc = g_test_run();
  shop_end();
  return rc;
}
