/* SPDX-License-Identifier: ISC */
/* The smaller tables: content keys, what was seen, deaths, notices, tallies, windows, loads, tokens. */
#include "shop.h"

#include "mail/mail.h"
#include "store/mails.h"
#include "store/notices.h"
#include "store/people.h"
#include "store/seen.h"

#define T0 (G_GINT64_CONSTANT(1764000000) * SL_SECOND)

static gint64
quarantined(SlDb *db, const char *source)
{
  gint64 id = 0;
  MUST(sl_mails_quarantine(db, "abc", T0, "support", source, "broken", &id, e));
  return id;
}

static void
test_content(void)
{
  g_autoptr(SlDb) db = shop_open("content.db", FALSE);
  gboolean first = FALSE;
  gint64 mail = 0, ticket = 0;
  gint64 id = quarantined(db, "one");
  MUST(sl_mails_content_find(db, "key", 0, &mail, &ticket, e));
  g_assert_cmpint(mail, ==, 0);
  MUST(sl_mails_content_put(db, "key", 0, id, &first, e));
  g_assert_true(first);
  MUST(sl_mails_content_put(db, "key", 0, id + 1, &first, e));
  g_assert_false(first);
  MUST(sl_mails_content_put(db, "key", 1001, id + 1, &first, e)); /* by another door it is another effect */
  g_assert_true(first);
  MUST(sl_mails_content_find(db, "key", 0, &mail, &ticket, e));
  g_assert_cmpint(mail, ==, id);
}

/* Two connections with the same mail: whoever commits second finds the first. */
static gpointer
put_key(gpointer user)
{
  SlDb *db = shop_open("race.db", TRUE);
  gboolean first = FALSE;
  MUST(sl_db_begin(db, e));
  MUST(sl_mails_content_put(db, user, 0, 1, &first, e));
  MUST(sl_db_commit(db, e));
  sl_db_free(db);
  return GINT_TO_POINTER(first);
}

static void
test_race(void)
{
  g_autoptr(SlDb) db = shop_open("race.db", FALSE);
  for (int i = 0; i < 10; i++) {
    g_autofree char *key = g_strdup_printf("key%d", i);
    GThread *one = g_thread_new("one", put_key, key), *two = g_thread_new("two", put_key, key);
    int firsts = GPOINTER_TO_INT(g_thread_join(one)) + GPOINTER_TO_INT(g_thread_join(two));
    g_assert_cmpint(firsts, ==, 1);
  }
}

static void
test_source(void)
{
  g_autoptr(SlDb) db = shop_open("source.db", FALSE);
  gint64 id = 0;
  MUST(sl_mails_by_source(db, "support.7.1", &id, e));
  g_assert_cmpint(id, ==, 0);
  gint64 made = quarantined(db, "support.7.1");
  MUST(sl_mails_by_source(db, "support.7.1", &id, e));
  g_assert_cmpint(id, ==, made);
  MUST(sl_mails_settle(db, made, 0, "other", SL_MAIL_DROPPED, "dropped", NULL, e));
  MUST(sl_mails_by_source(db, "support.7.1", &id, e));
  g_assert_cmpint(id, ==, 0);
  gint64 n = 0;
  MUST(sl_mails_count(db, SL_MAIL_DROPPED, &n, e));
  g_assert_cmpint(n, ==, 1);
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_mails_get(db, 99, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

static void
test_seen(void)
{
  g_autoptr(SlDb) db = shop_open("seen.db", FALSE);
  SlMailboxRow row;
  MUST(sl_mailbox_load(db, "support", &row, e));
  g_assert_true(row.uidvalidity == 0 && row.since == SL_TIME_NONE && row.last_error == NULL);
  row = (SlMailboxRow){4294967295u, T0, T0 + 1, T0 + 2, (char *)"down"};
  MUST(sl_mailbox_save(db, "support", &row, e));
  MUST(sl_mailbox_load(db, "support", &row, e));
  g_assert_true(row.uidvalidity == 4294967295u && row.since == T0 && row.read_through == T0 + 1 && row.last_ok == T0 + 2);
  g_assert_cmpstr(row.last_error, ==, "down");
  sl_mailbox_row_clear(&row);
  MUST(sl_seen_put(db, "support", 7, 4294967295u, "taken", e));
  MUST(sl_seen_put(db, "support", 7, 2, "taken", e));
  MUST(sl_seen_put(db, "support", 7, 2, "taken-marked", e));
  MUST(sl_seen_put(db, "support", 8, 3, "taken", e));
  MUST(sl_seen_put(db, "sales", 7, 4, "taken", e));
  g_autoptr(GHashTable) known = sl_seen_uids(db, "support", 7, 0, NULL);
  g_assert_cmpuint(g_hash_table_size(known), ==, 2);
  g_assert_true(g_hash_table_contains(known, GUINT_TO_POINTER(4294967295u)));
  g_autoptr(GArray) taken = sl_seen_in_state(db, "support", 7, "taken", NULL);
  g_assert_cmpuint(taken->len, ==, 1);
  g_assert_cmpuint(g_array_index(taken, guint32, 0), ==, 4294967295u);
}

static void
test_suspects(void)
{
  g_autoptr(SlDb) db = shop_open("suspect.db", FALSE);
  int deaths = -1;
  MUST(sl_suspect_deaths(db, "x", &deaths, e));
  g_assert_cmpint(deaths, ==, 0);
  MUST(sl_suspect_add(db, "x", "intake", "SEGV", &deaths, e));
  MUST(sl_suspect_add(db, "x", "intake", "ALRM", &deaths, e));
  g_assert_cmpint(deaths, ==, 2);
  MUST(sl_suspect_clear(db, "x", e));
  MUST(sl_suspect_deaths(db, "x", &deaths, e));
  g_assert_cmpint(deaths, ==, 0);
}

static void
test_notices(void)
{
  g_autoptr(SlDb) db = shop_open("notices.db", FALSE);
  SlTime next = 0;
  gboolean any = FALSE;
  MUST(sl_notices_next(db, &next, e));
  g_assert_true(next == SL_TIME_NONE);
  MUST(sl_notices_add(db, "Ana@x.example", 1001, "ack", T0, e));
  MUST(sl_notices_add(db, "ana@X.example", 1001, "ack", T0 + SL_HOUR, e)); /* the same: the first stays */
  MUST(sl_notices_add(db, "ana@x.example", 1002, "ack", T0 + SL_HOUR, e));
  MUST(sl_notices_add(db, "ana@x.example", 1003, "update:20261124", T0 + SL_HOUR, e));
  MUST(sl_notices_add(db, "bob@x.example", 1001, "ack", T0 + SL_HOUR, e));
  MUST(sl_notices_next(db, &next, e));
  g_assert_cmpint(next, ==, T0);
  MUST(sl_notices_waiting(db, "ANA@x.example", "update", &any, e));
  g_assert_true(any);
  MUST(sl_notices_waiting(db, "bob@x.example", "update", &any, e));
  g_assert_false(any);
  g_autoptr(GPtrArray) persons = sl_notices_persons(db, T0, NULL);
  g_assert_cmpuint(persons->len, ==, 1);
  g_assert_cmpstr(persons->pdata[0], ==, "ana@x.example");
  g_autoptr(GPtrArray) ready = sl_notices_ready(db, "ana@x.example", T0, NULL);
  g_assert_cmpuint(ready->len, ==, 2); /* the ready one takes its kind along, and not the other kind */
  MUST(sl_notices_spend(db, "Ana@x.example", 1001, "ack", e));
  MUST(sl_notices_spend(db, "Ana@x.example", 1002, "ack", e));
  g_autoptr(GPtrArray) later = sl_notices_ready(db, "ana@x.example", T0 + SL_HOUR, NULL);
  g_assert_cmpuint(later->len, ==, 1);
}

static void
test_tallies(void)
{
  g_autoptr(SlDb) db = shop_open("tallies.db", FALSE);
  int n = -1;
  MUST(sl_people_tally_count(db, "ack", "m@x", T0, &n, e));
  g_assert_cmpint(n, ==, 0);
  for (int i = 0; i < 3; i++)
    MUST(sl_people_tally_add(db, "ack", "m@x", T0, e));
  MUST(sl_people_tally_add(db, "ack", "m@x", T0 + SL_MINUTE, e));
  MUST(sl_people_tally_add(db, "ack", "other@x", T0 + SL_MINUTE, e));
  MUST(sl_people_tally_count(db, "ack", "m@x", T0 - 1, &n, e));
  g_assert_cmpint(n, ==, 4);
  MUST(sl_people_tally_count(db, "ack", "m@x", T0, &n, e)); /* what is exactly an hour old has left the hour */
  g_assert_cmpint(n, ==, 1);
}

static void
test_windows_and_loads(void)
{
  g_autoptr(SlDb) db = shop_open("loads.db", FALSE);
  SlTime until = 0;
  MUST(sl_people_window(db, "ana@x", &until, e));
  g_assert_true(until == SL_TIME_NONE);
  MUST(sl_people_window_set(db, "Ana@X", T0, e));
  MUST(sl_people_window_set(db, "ana@x", T0 + 1, e));
  MUST(sl_people_window(db, "ANA@X", &until, e));
  g_assert_cmpint(until, ==, T0 + 1);
  g_autofree char *last = NULL;
  MUST(sl_people_load_add(db, "ana", 1, TRUE, e));
  MUST(sl_people_load_add(db, "ben", 1, TRUE, e));
  MUST(sl_people_load_add(db, "ana", 1, FALSE, e));
  g_autoptr(GHashTable) loads = sl_people_loads(db, &last, NULL);
  g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(loads, "ana")), ==, 2);
  g_assert_cmpstr(last, ==, "ben");
}

static void
test_tokens(void)
{
  g_autoptr(SlDb) db = shop_open("tokens.db", FALSE);
  SlTokenFact *token = NULL;
  MUST(sl_tokens_find(db, "unknown", T0, &token, e));
  g_assert_null(token);
  MUST(sl_tokens_put(db, "h", 1001, "Ana@x.example", SL_SCOPE_REPLY, 0, e));
  MUST(sl_tokens_put(db, "h", 1002, "eve@x.example", SL_SCOPE_NOTE, 0, e)); /* the first stays */
  MUST(sl_tokens_find(db, "h", T0, &token, e));
  g_assert_cmpint(token->ticket, ==, 1001);
  g_assert_cmpstr(token->person, ==, "ana@x.example");
  g_assert_true(token->scope == SL_SCOPE_REPLY && !token->ended && !token->leaked);
  sl_token_fact_free(token);
  MUST(sl_tokens_end(db, 1001, T0, e));
  MUST(sl_tokens_find(db, "h", T0 - 1, &token, e));
  g_assert_false(token->ended);
  sl_token_fact_free(token);
  MUST(sl_tokens_find(db, "h", T0, &token, e));
  g_assert_true(token->ended);
  sl_token_fact_free(token);
  MUST(sl_tokens_end(db, 1001, SL_TIME_NONE, e));
  MUST(sl_tokens_find(db, "h", T0, &token, e));
  g_assert_false(token->ended);
  sl_token_fact_free(token);
}

static void
test_person(void)
{
  g_autoptr(SlDb) db = shop_open("person.db", FALSE);
  gint64 one = 0, two = 0, three = 0;
  g_autofree char *address = NULL;
  MUST(sl_people_lock(db, "Maria@Acme.example", &one, e));
  MUST(sl_people_lock(db, "maria@acme.example", &two, e));
  MUST(sl_people_lock(db, "juan@acme.example", &three, e));
  g_assert_cmpint(one, ==, two);
  g_assert_cmpint(one, !=, three);
  g_assert_cmpint(shop_int(db, "SELECT rev FROM person WHERE id = 1"), ==, 2);
  MUST(sl_people_address(db, one, &address, e));
  g_assert_cmpstr(address, ==, "maria@acme.example");
  g_autofree char *nobody = NULL;
  MUST(sl_people_address(db, 99, &nobody, e));
  g_assert_null(nobody);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/mails/content-key", test_content);
  g_test_add_func("/store/mails/content-key-race", test_race);
  g_test_add_func("/store/mails/source", test_source);
  g_test_add_func("/store/seen/mailbox", test_seen);
  g_test_add_func("/store/seen/suspects", test_suspects);
  g_test_add_func("/store/notices", test_notices);
  g_test_add_func("/store/people/tallies", test_tallies);
  g_test_add_func("/store/people/windows-and-loads", test_windows_and_loads);
  g_test_add_func("/store/people/tokens", test_tokens);
  g_test_add_func("/store/people/person", test_person);
  int rc = g_test_run();
  shop_end();
  return rc;
}
