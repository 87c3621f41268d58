/* SPDX-License-Identifier: ISC */
/* What intake does with what it cannot take in: kept whole, told to a person, never in the way of the others. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/mails.h"
#include "store/outbox.h"
#include "store/raw.h"
#include "store/seen.h"
#include "work/stages.h"

#define NOW (G_GINT64_CONSTANT(1764081000) * SL_SECOND)

static char *root;
static guint n_folders;

typedef struct {
  SlConfig *config;
  SlWork *work;
  SlSpool *spool;
} House;

static House
house_new(void)
{
  House house = {0};
  GError *error = NULL;
  g_autofree char *folder = g_strdup_printf("%s/%u", root, n_folders++);
  g_autofree char *path = g_build_filename(folder, "slate.conf", NULL);
  g_autofree char *text = g_strdup_printf("company = \"P\"\nfrom = \"P <s@p.example>\"\ndatabase = \"%s/slate.db\"\nspool = \"%s\"\n"
                                          "agent \"ana\" { mail = { \"ana@p.example\" } roles = { agent } }\nsmtp \"m\" { url = \"maildir://%s/out\" }\n",
                                          folder, folder, folder);
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  house.config = sl_config_load(path, faults);
  g_assert_nonnull(house.config);
  house.work = sl_work_open(house.config, NOW, FALSE, &error);
  g_assert_no_error(error);
  g_assert_true(sl_work_open_letters(house.work, &error));
  house.spool = sl_spool_open(folder, &error);
  g_assert_no_error(error);
  return house;
}

static void
house_free(House *house)
{
  sl_spool_free(house->spool);
  sl_work_free(house->work);
  sl_config_free(house->config);
}

static char *
deliver(House *house, const char *name, guint32 uid, const char *id)
{
  const SlSpoolMeta meta = {.mailbox = (char *)"support", .uidvalidity = uid ? 7 : 0, .uid = uid, .received = NOW};
  g_autofree char *text = g_strdup_printf("From: Maria <maria@acme.example>\nTo: s@p.example\nSubject: %s\nMessage-ID: <%s@acme.example>\n\nIt is broken.\n", id, id);
  char *made = NULL;
  SlSpoolFile *file = sl_spool_begin(house->spool, &meta, name, NULL);
  g_assert_true(sl_spool_write(file, text, strlen(text), NULL));
  g_assert_true(sl_spool_commit(file, FALSE, &made, NULL));
  return made;
}

static GPtrArray *
pass(House *house)
{
  GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)sl_intake_result_free);
  g_autoptr(GError) error = NULL;
  gboolean ok = sl_intake_pass(house->work, house->spool, NULL, NULL, NULL, results, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  return results;
}

static guint
alerts(House *house)
{
  g_autoptr(GPtrArray) letters = sl_outbox_list(house->work->db, 0, NULL);
  guint n = 0;
  for (guint i = 0; i < letters->len; i++)
    n += strcmp(((SlLetterRow *)letters->pdata[i])->kind, "alert") == 0;
  return n;
}

static guint
waiting(House *house)
{
  g_autoptr(GPtrArray) names = sl_spool_list(house->spool, 100, NULL);
  return names->len;
}

static SlOutcome
outcome(const GPtrArray *results, const char *source)
{
  for (guint i = 0; i < results->len; i++) {
    const SlIntakeResult *result = results->pdata[i];
    if (strcmp(result->source, source) == 0)
      return result->step.outcome;
  }
  g_error("nothing is said of %s", source);
}

static void
test_poison(void)
{
  House house = house_new();
  int deaths = 0;
  g_autofree char *poison = deliver(&house, "support.7.1", 1, "poison");
  g_autofree char *once = deliver(&house, "support.7.2", 2, "once");
  g_autofree char *good = deliver(&house, "support.7.3", 3, "good");
  g_assert_true(sl_suspect_add(house.work->db, poison, "intake", "SEGV", &deaths, NULL));
  g_assert_true(sl_suspect_add(house.work->db, poison, "intake", "SEGV", &deaths, NULL));
  g_assert_true(sl_suspect_add(house.work->db, once, "intake", "SEGV", &deaths, NULL));
  g_autoptr(GPtrArray) results = pass(&house);
  g_assert_cmpuint(results->len, ==, 3);
  g_assert_cmpstr(((SlIntakeResult *)results->pdata[0])->source, ==, good); /* suspects go last */
  g_assert_cmpint((int)outcome(results, good), ==, SL_OUTCOME_NEW);
  g_assert_cmpint((int)outcome(results, once), ==, SL_OUTCOME_NEW); /* one death may have been an accident */
  g_assert_cmpint((int)outcome(results, poison), ==, SL_OUTCOME_QUARANTINED);
  g_assert_cmpuint(waiting(&house), ==, 0);
  g_assert_cmpuint(alerts(&house), ==, 1);
  g_autoptr(GPtrArray) kept = sl_mails_in_state(house.work->db, SL_MAIL_QUARANTINED, NULL);
  g_assert_cmpuint(kept->len, ==, 1);
  g_autoptr(GBytes) bytes = sl_raw_get(house.work->db, ((SlMailRow *)kept->pdata[0])->sha256, 10000, NULL);
  g_assert_nonnull(strstr(g_bytes_get_data(bytes, NULL), "Subject: poison")); /* whole */
  g_autoptr(GArray) quarantined = sl_seen_in_state(house.work->db, "support", 7, "quarantined", NULL);
  g_assert_cmpuint(quarantined->len, ==, 1);
  g_assert_cmpuint(g_array_index(quarantined, guint32, 0), ==, 1);
  house_free(&house);
}

static void
tear(House *house, const char *name)
{
  g_autofree char *path = g_build_filename(sl_spool_path(house->spool), "new", name, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_assert_true(g_file_get_contents(path, &text, &length, NULL));
  g_assert_cmpint(truncate(path, (off_t)length - 4), ==, 0);
}

/* The server still has IMAP's: it is fetched again. A pipe's is kept. */
static void
test_torn(void)
{
  House house = house_new();
  g_autofree char *imap = deliver(&house, "support.7.1", 1, "one");
  g_autofree char *piped = deliver(&house, NULL, 0, "two");
  tear(&house, imap);
  tear(&house, piped);
  g_autoptr(GPtrArray) results = pass(&house);
  g_assert_cmpuint(results->len, ==, 2);
  g_assert_cmpuint(waiting(&house), ==, 0);
  g_autoptr(GPtrArray) kept = sl_mails_in_state(house.work->db, SL_MAIL_QUARANTINED, NULL);
  g_assert_cmpuint(kept->len, ==, 1);
  g_assert_cmpstr(((SlMailRow *)kept->pdata[0])->source, ==, piped);
  g_autoptr(GHashTable) seen = sl_seen_uids(house.work->db, "support", 7, 0, NULL);
  g_assert_cmpuint(g_hash_table_size(seen), ==, 0);
  g_autofree char *again = deliver(&house, "support.7.1", 1, "one");
  g_autoptr(GPtrArray) second = pass(&house);
  g_assert_cmpint((int)outcome(second, again), ==, SL_OUTCOME_NEW);
  house_free(&house);
}

static void
test_strange_file(void)
{
  House house = house_new();
  g_autofree char *path = g_build_filename(sl_spool_path(house.spool), "new", "notes.txt", NULL);
  g_autofree char *aside = g_build_filename(sl_spool_path(house.spool), "run", "aside-notes.txt", NULL);
  g_autofree char *text = NULL;
  g_autofree char *good = deliver(&house, "support.7.1", 1, "good");
  g_assert_true(g_file_set_contents(path, "buy milk\n", -1, NULL));
  g_autoptr(GPtrArray) results = pass(&house);
  g_assert_cmpint((int)outcome(results, good), ==, SL_OUTCOME_NEW);
  g_assert_cmpuint(waiting(&house), ==, 0);
  g_assert_true(g_file_get_contents(aside, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "buy milk\n");
  g_assert_cmpuint(alerts(&house), ==, 1);
  house_free(&house);
}

/* The power went between the commit and the unlink: the same file again has no second effect. */
static void
test_found_committed(void)
{
  House house = house_new();
  for (int i = 0; i < 2; i++) {
    g_autofree char *name = deliver(&house, "support.7.1", 1, "same");
    g_autoptr(GPtrArray) results = pass(&house);
    g_assert_cmpint((int)outcome(results, name), ==, SL_OUTCOME_NEW); /* it says again what became of it */
    g_assert_cmpint((int)((SlIntakeResult *)results->pdata[0])->step.ticket, ==, 1001);
  }
  g_autofree char *other = deliver(&house, "support.8.1", 1, "same"); /* the same mail by another number */
  g_autoptr(GPtrArray) results = pass(&house);
  g_assert_cmpint((int)outcome(results, other), ==, SL_OUTCOME_DUPLICATE);
  house_free(&house);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  root = g_dir_make_tmp("sl-intake-XXXXXX", NULL);
  g_test_add_func("/work/intake/poison", test_poison);
  g_test_add_func("/work/intake/torn", test_torn);
  g_test_add_func("/work/intake/strange-file", test_strange_file);
  g_test_add_func("/work/intake/found-committed", test_found_committed);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", root, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(root);
  return rc;
}
