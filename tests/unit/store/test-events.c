/* SPDX-License-Identifier: ISC */
/* The chain of the record: whatever is changed by hand is found; what is forgotten is not missed. */
#include "shop.h"

#include "store/events.h"

#define T0 (G_GINT64_CONSTANT(1764000000) * SL_SECOND)

static void
append(SlDb *db, gint64 ticket, int seq, SlEventKind kind, SlTime at, const char *words)
{
  gboolean taken = FALSE;
  g_autoptr(SlEvent) event = sl_event_new(kind, at, seq == 1 ? "customer" : "agent:ana");
  event->ticket = ticket;
  event->seq = seq;
  event->words = g_strdup(words);
  sl_json_set_int(event->detail, "mail", seq * 10);
  MUST(sl_events_append(db, event, &taken, e));
  g_assert_true(taken);
}

/* Tickets 1001 (three events, two with words) and 1002 (one). */
static SlDb *
two_tickets(void)
{
  SlDb *db = shop_open("events.db", FALSE);
  MUST(sl_db_begin(db, e));
  append(db, 1001, 1, SL_EVENT_RECEIVED, T0, "the pump");
  append(db, 1001, 2, SL_EVENT_TAKEN, T0 + SL_MINUTE, NULL);
  append(db, 1001, 3, SL_EVENT_RESOLVED, T0 + SL_HOUR, "a new seal");
  append(db, 1002, 1, SL_EVENT_RECEIVED, T0, "the filter");
  MUST(sl_db_commit(db, e));
  MUST(sl_db_script(db,
                    "INSERT INTO ticket(id, rev, head, seq) SELECT ticket, 1, hash, seq FROM event o WHERE seq = (SELECT MAX(seq) FROM event i"
                    " WHERE i.ticket = o.ticket)",
                    e));
  return db;
}

/* The faults, one a line; *out_n: events looked at. Owned. */
static char *
faults_of(SlDb *db, gint64 ticket, gint64 *out_n)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  MUST(sl_events_verify(db, ticket, faults, out_n, e));
  g_ptr_array_add(faults, NULL);
  return g_strjoinv("\n", (char **)faults->pdata);
}

static void
test_whole(void)
{
  g_autoptr(SlDb) db = two_tickets();
  gint64 n = 0;
  g_autofree char *all = faults_of(db, 0, &n);
  g_assert_cmpstr(all, ==, "");
  g_assert_cmpint(n, ==, 4);
  g_autofree char *one = faults_of(db, 1002, &n);
  g_assert_cmpstr(one, ==, "");
  g_assert_cmpint(n, ==, 1);
}

static void
test_tampering(void)
{
  static const struct {
    const char *sql, *fault;
  } rows[] = {
      {"UPDATE event SET at = at - 1 WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET actor = 'agent:eve' WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET kind = 'noted' WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET detail = '{\"mail\":11}' WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET detail = 'no json' WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET prev = hash WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it does not hang on the one before it"},
      {"UPDATE event SET hash = prev WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 2: it was changed after it was written"},
      {"UPDATE event SET seq = 4 WHERE ticket = 1001 AND seq = 3", "ticket 1001, event 2: the next event is missing"},
      {"UPDATE event SET ticket = 1002, seq = 2 WHERE ticket = 1001 AND seq = 3", "ticket 1002, event 2: it does not hang on the one before it"},
      {"DELETE FROM event WHERE ticket = 1001 AND seq = 1", "ticket 1001, event 0: the next event is missing"},
      {"DELETE FROM event WHERE ticket = 1001 AND seq = 2", "ticket 1001, event 1: the next event is missing"},
      {"DELETE FROM event WHERE ticket = 1001 AND seq = 3", "ticket 1001, event 2: the chain does not end where the ticket says"},
      {"DELETE FROM event WHERE ticket = 1001", "ticket 1001: its events are gone"},
      {"DELETE FROM ticket WHERE id = 1001", "ticket 1001, event 3: there is no such ticket"},
      {"UPDATE ticket SET head = 'x' WHERE id = 1001", "ticket 1001, event 3: the chain does not end where the ticket says"},
      {"UPDATE ticket SET seq = 9 WHERE id = 1001", "ticket 1001, event 3: the chain does not end where the ticket says"},
      {"UPDATE words SET text = 'a new pump' WHERE ticket = 1001 AND seq = 3", "ticket 1001, event 3: its words are not those"},
      {"UPDATE words SET salt = x'00' WHERE ticket = 1001 AND seq = 3", "ticket 1001, event 3: its words are not those"},
      {"INSERT INTO words(ticket, seq, salt, text) VALUES (1001, 2, x'00', 'never said')", "ticket 1001, event 2: its words are not those"},
      {"UPDATE words SET seq = 2 WHERE ticket = 1001 AND seq = 3", "ticket 1001, event 2: its words are not those"},
  };
  g_autoptr(SlDb) db = two_tickets();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    MUST(sl_db_begin(db, e));
    MUST(sl_db_script(db, rows[i].sql, e));
    g_autofree char *faults = faults_of(db, 0, NULL);
    sl_db_rollback(db);
    if (!strstr(faults, rows[i].fault))
      g_error("after %s it says \"%s\"", rows[i].sql, faults);
  }
}

/* Each column that there is, by its name in the schema: none is left out of the hash. */
static void
test_each_column(void)
{
  static const char *const columns[] = {"ticket", "seq", "at", "actor", "kind", "detail", "prev", "hash"};
  g_autoptr(SlDb) db = two_tickets();
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM pragma_table_info('event')"), ==, G_N_ELEMENTS(columns));
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM pragma_table_info('event') WHERE name = '%s'", columns[i]);
    g_assert_cmpint(shop_int(db, sql), ==, 1);
  }
}

static void
test_forgotten(void)
{
  g_autoptr(SlDb) db = two_tickets();
  MUST(sl_db_script(db, "DELETE FROM words", e));
  g_autofree char *faults = faults_of(db, 0, NULL);
  g_assert_cmpstr(faults, ==, "");
  g_autoptr(GPtrArray) events = sl_events_load(db, 1001, NULL);
  g_assert_cmpuint(events->len, ==, 3);
  g_assert_null(((SlEvent *)events->pdata[0])->words);
}

static void
test_load(void)
{
  g_autoptr(SlDb) db = two_tickets();
  g_autoptr(GPtrArray) events = sl_events_load(db, 1001, NULL);
  const SlEvent *last = events->pdata[2];
  g_assert_cmpint(last->seq, ==, 3);
  g_assert_cmpint(last->at, ==, T0 + SL_HOUR);
  g_assert_cmpstr(last->actor, ==, "agent:ana");
  g_assert_cmpint((int)last->kind, ==, SL_EVENT_RESOLVED);
  g_assert_cmpstr(last->words, ==, "a new seal");
  g_assert_cmpint(sl_json_get_int(last->detail, "mail", 0), ==, 30);
  g_autofree char *detail = shop_text(db, "SELECT detail FROM event WHERE ticket = 1001 AND seq = 3");
  g_assert_null(strstr(detail, "seal")); /* words stand in a table of their own */
}

/* A number that is taken already: nothing is written, neither event nor words. */
static void
test_somebody_was_faster(void)
{
  g_autoptr(SlDb) db = two_tickets();
  gboolean taken = TRUE;
  g_autoptr(SlEvent) event = sl_event_new(SL_EVENT_NOTED, T0, "agent:eve");
  event->ticket = 1001;
  event->seq = 2;
  event->words = g_strdup("too late");
  MUST(sl_events_append(db, event, &taken, e));
  g_assert_false(taken);
  g_autofree char *faults = faults_of(db, 0, NULL);
  g_assert_cmpstr(faults, ==, "");
}

static void
test_never_back_in_time(void)
{
  g_autoptr(SlDb) db = two_tickets();
  append(db, 1002, 2, SL_EVENT_TAKEN, T0 - SL_DAY, NULL);
  g_assert_cmpint(shop_int(db, "SELECT at FROM event WHERE ticket = 1002 AND seq = 2"), ==, T0);
}

/* No two lists of fields hash the same: "ab" + "c" is not "a" + "bc". */
static void
test_fields_apart(void)
{
  g_autoptr(SlDb) db = two_tickets();
  MUST(sl_db_script(db, "UPDATE event SET actor = actor || kind, kind = '' WHERE ticket = 1002", e));
  g_autofree char *faults = faults_of(db, 1002, NULL);
  g_assert_nonnull(strstr(faults, "it was changed"));
}

static void
test_seal(void)
{
  g_autoptr(SlDb) db = two_tickets();
  MUST(sl_events_seal(db, T0 + SL_DAY, e));
  MUST(sl_events_seal(db, T0 + SL_DAY + SL_HOUR, e)); /* once a day */
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM event WHERE ticket = 0"), ==, 1);
  MUST(sl_events_seal(db, T0 + 3 * SL_DAY, e)); /* nothing changed: nothing to seal */
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM event WHERE ticket = 0"), ==, 1);
  append(db, 1002, 2, SL_EVENT_TAKEN, T0 + 3 * SL_DAY, NULL);
  MUST(sl_db_script(db, "UPDATE ticket SET seq = 2, head = (SELECT hash FROM event WHERE ticket = 1002 AND seq = 2) WHERE id = 1002", e));
  MUST(sl_events_seal(db, T0 + 4 * SL_DAY, e));
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM event WHERE ticket = 0"), ==, 2);
  g_autofree char *detail = shop_text(db, "SELECT detail FROM event WHERE ticket = 0 AND seq = 2");
  g_assert_nonnull(strstr(detail, "\"tickets\":1"));
  g_autofree char *faults = faults_of(db, 0, NULL);
  g_assert_cmpstr(faults, ==, "");
  MUST(sl_db_script(db, "UPDATE event SET detail = REPLACE(detail, '\"tickets\":1', '\"tickets\":2') WHERE ticket = 0 AND seq = 2", e));
  g_autofree char *changed = faults_of(db, 0, NULL);
  g_assert_nonnull(strstr(changed, "ticket 0, event 2: it was changed"));
}

/* ---- ticket by ticket ---- */

typedef struct {
  GString *told;
  guint most; /* tickets, then it ends */
} Heard;

static gboolean
hear(GPtrArray *events, gpointer user, GError **error)
{
  Heard *heard = user;
  const SlEvent *first = events->pdata[0], *last = events->pdata[events->len - 1];
  g_string_append_printf(heard->told, "%d:%d-%d %s; ", (int)first->ticket, first->seq, last->seq, last->words ? last->words : "");
  g_ptr_array_unref(events);
  if (--heard->most > 0)
    return TRUE;
  g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "enough");
  return FALSE;
}

static void
test_walk(void)
{
  g_autoptr(SlDb) db = two_tickets();
  static const struct {
    SlTime until;
    guint most;
    const char *told;
    gboolean ok;
  } rows[] = {
      {T0 + SL_DAY, 9, "1001:1-3 a new seal; 1002:1-1 the filter; ", TRUE},
      {T0 + SL_MINUTE, 9, "1001:1-2 ; 1002:1-1 the filter; ", TRUE}, /* as it was then, this second with it */
      {T0 - SL_SECOND, 9, "", TRUE},
      {T0 + SL_DAY, 1, "1001:1-3 a new seal; ", FALSE},
  };
  g_autoptr(SlEvent) away = sl_event_new(SL_EVENT_AWAY, T0, "agent:ana");
  MUST(sl_events_append_global(db, away, e)); /* of no ticket */
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    Heard heard = {g_string_new(NULL), rows[i].most};
    g_assert_cmpint(sl_events_walk(db, rows[i].until, hear, &heard, &error), ==, rows[i].ok);
    g_assert_cmpint(error == NULL, ==, rows[i].ok);
    g_assert_cmpstr(heard.told->str, ==, rows[i].told);
    g_string_free(heard.told, TRUE);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/events/whole", test_whole);
  g_test_add_func("/store/events/tampering-is-found", test_tampering);
  g_test_add_func("/store/events/each-column", test_each_column);
  g_test_add_func("/store/events/forgotten-words", test_forgotten);
  g_test_add_func("/store/events/load", test_load);
  g_test_add_func("/store/events/somebody-was-faster", test_somebody_was_faster);
  g_test_add_func("/store/events/never-back-in-time", test_never_back_in_time);
  g_test_add_func("/store/events/fields-apart", test_fields_apart);
  g_test_add_func("/store/events/walk", test_walk);
  g_test_add_func("/store/events/seal", test_seal);
  int rc = g_test_run();
  shop_end();
  return rc;
}
