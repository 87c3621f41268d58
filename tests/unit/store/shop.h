/* SPDX-License-Identifier: ISC */
/* A store in a folder of its own, and short words for what nearly every test of the store does. */
#pragma once
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "store/schema.h"

static char *shop_folder;

#define MUST(call)                                                                                                     \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    GError *must_error = NULL;                                                                                         \
    GError **e = &must_error;                                                                                          \
    gboolean must_ok = (call);                                                                                         \
    g_assert_no_error(must_error);                                                                                     \
    g_assert_true(must_ok);                                                                                            \
  }                                                                                                                    \
  G_STMT_END

static inline char *
shop_path(const char *name)
{
  return g_build_filename(shop_folder, name, NULL);
}

/* A fresh store under that name; a second call with `again` is another connection to the same one. */
static inline SlDb *
shop_open(const char *name, gboolean again)
{
  g_autofree char *path = shop_path(name);
  GError *error = NULL;
  if (!again) {
    static const char *const parts[] = {"", "-wal", "-shm"};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
      g_autofree char *part = g_strconcat(path, parts[i], NULL);
      unlink(part);
    }
  }
  SlDb *db = sl_store_open(path, FALSE, &error);
  g_assert_no_error(error);
  g_assert_true(sl_db_script(db, "PRAGMA synchronous = OFF", NULL)); /* nothing here survives the test anyway */
  return db;
}

static inline gint64
shop_int(SlDb *db, const char *sql)
{
  gboolean row = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(db, sql, &error);
  g_assert_no_error(error);
  g_assert_true(sl_query_next(query, &row, &error) && row);
  return sl_column_int(query, 0);
}

static inline char *
shop_text(SlDb *db, const char *sql)
{
  gboolean row = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(db, sql, &error);
  g_assert_no_error(error);
  g_assert_true(sl_query_next(query, &row, &error));
  return row ? g_strdup(sl_column_text(query, 0)) : NULL;
}

static inline void
shop_begin(void)
{
  shop_folder = g_dir_make_tmp("sl-store-XXXXXX", NULL);
  g_assert_nonnull(shop_folder);
}

static inline void
shop_end(void)
{
  const char *const argv[] = {"rm", "-rf", shop_folder, NULL};
  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(shop_folder);
}
