/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "store/outbox.h"
#include "store/schema.h"
#include "work/alert.h"

static char *folder;

static SlConfig *
load_config(void)
{
  g_autofree char *path = g_build_filename(folder, "slate.conf", NULL);
  g_autofree char *text = g_strdup_printf("company = \"P\"\nfrom = \"P <s@p.example>\"\npostmaster = \"root@p.example\"\ndatabase = \"%s/slate.db\"\nspool = \"%s\"\n"
                                          "smtp \"m\" { url = \"maildir://%s/out\" }\n",
                                          folder, folder, folder);
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  SlConfig *config = sl_config_load(path, faults);
  g_assert_nonnull(config);
  return config;
}

static guint
letters(SlWork *work)
{
  g_autoptr(GPtrArray) all = sl_outbox_list(work->db, 0, NULL);
  return all->len;
}

static void
tell(SlWork *work, const char *cause, SlTime now)
{
  g_autoptr(GError) error = NULL;
  work->fixed_now = now;
  gboolean ok = sl_alert(work, cause, "it is down", "the server\r\nBcc: x", "look at it", FALSE, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static void
test_once(void)
{
  g_autoptr(SlConfig) config = load_config();
  g_autoptr(GError) error = NULL;
  const SlTime noon = G_GINT64_CONSTANT(1764072000) * SL_SECOND; /* 2025-11-25 12:00 UTC */
  g_autoptr(SlWork) work = sl_work_open(config, noon, FALSE, &error);
  g_assert_no_error(error);
  tell(work, "mailbox:support", noon);
  g_assert_cmpuint(letters(work), ==, 1);
  tell(work, "mailbox:support", noon + 11 * SL_HOUR); /* the same day */
  g_assert_cmpuint(letters(work), ==, 1);
  tell(work, "mailbox:sales", noon + 11 * SL_HOUR); /* another cause */
  g_assert_cmpuint(letters(work), ==, 2);
  tell(work, "mailbox:support", noon + 12 * SL_HOUR); /* another day */
  g_assert_cmpuint(letters(work), ==, 3);
  g_autoptr(SlLetterRow) letter = sl_outbox_get(work->db, 1, NULL);
  g_assert_cmpstr(letter->kind, ==, "alert");
  g_assert_cmpuint(letter->to->len, ==, 1);
  g_assert_cmpstr(letter->to->pdata[0], ==, "root@p.example");
  g_assert_null(strpbrk(letter->subject, "\r\n"));
}

/* Nested, it is part of somebody else's transaction: it goes with that, and comes with that. */
static void
test_nested(void)
{
  g_autoptr(SlConfig) config = load_config();
  g_autoptr(SlWork) work = sl_work_open(config, G_GINT64_CONSTANT(1764672000) * SL_SECOND, FALSE, NULL);
  guint before = letters(work);
  g_assert_true(sl_work_open_letters(work, NULL));
  g_assert_true(sl_db_begin(work->db, NULL));
  g_assert_true(sl_alert(work, "quarantine:7", "a", "b", "c", TRUE, NULL));
  sl_db_rollback(work->db);
  g_assert_cmpuint(letters(work), ==, before);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-alert-XXXXXX", NULL);
  g_test_add_func("/work/alert/once-a-cause-and-day", test_once);
  g_test_add_func("/work/alert/nested", test_nested);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
