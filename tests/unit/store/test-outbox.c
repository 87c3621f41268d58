/* SPDX-License-Identifier: ISC */
/* The table of deliveries (INVARIANTS): every step from every state, allowed or not; leases, epochs, the dead and the late. */
#include "shop.h"

#include "store/outbox.h"

#define T0    (G_GINT64_CONSTANT(1764000000) * SL_SECOND)
#define LEASE (60 * G_USEC_PER_SEC)

static gboolean
alive(const char *owner, gpointer user)
{
  const char *living = user;
  return living && strcmp(owner, living) == 0;
}

static gboolean
queue(SlDb *db, gint64 ticket, const char *cause, const char *to, gint64 *out_id)
{
  gboolean taken = FALSE;
  g_autoptr(SlLetter) letter = sl_letter_new(SL_LETTER_ACK, "ack", ticket);
  letter->cause = g_strdup(cause);
  sl_letter_add_to(letter, to);
  g_autofree char *id = g_strdup_printf("%d.%s@x", (int)ticket, cause);
  SlComposed composed = {.bytes = g_bytes_new_static("From: x\r\n\r\nhi\r\n", 15), .message_id = id, .subject = (char *)"hi", .envelope_sender = (char *)"b@x"};
  MUST(sl_db_begin(db, e));
  MUST(sl_outbox_queue(db, letter, &composed, 0, T0, &taken, out_id, e));
  MUST(sl_db_commit(db, e));
  g_bytes_unref(composed.bytes);
  return taken;
}

/* One letter in one store, its delivery in that state with epoch 5, claimed by "me" in this boot. */
static SlDb *
in_state(SlDb *db, SlDeliveryState state)
{
  gint64 id = 0;
  if (shop_int(db, "SELECT COUNT(*) FROM letter") == 0)
    queue(db, 1001, "a", "maria@acme.example", &id);
  g_autofree char *boot = NULL;
  g_assert_true(g_file_get_contents("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL));
  g_strstrip(boot);
  g_autofree char *sql = g_strdup_printf("UPDATE delivery SET state = '%s', epoch = 5, owner = 'me', lease_boot = '%s', lease_until = %" G_GINT64_FORMAT
                                         ", in_doubt = 0, marks = 0, attempts = 1, not_before = %" G_GINT64_FORMAT ", accepted_at = NULL, last_error = NULL",
                                         sl_delivery_word(state), boot, G_MAXINT64 / 2, T0);
  MUST(sl_db_script(db, sql, e));
  return db;
}

static SlClaim
claim_of(gint64 epoch)
{
  return (SlClaim){.letter = 1, .recipient = (char *)"maria@acme.example", .epoch = epoch};
}

static char *
state_now(SlDb *db)
{
  return shop_text(db, "SELECT state FROM delivery");
}

/* Every way to change a state; TRUE when it says that it did. */
static gboolean
do_claim(SlDb *db)
{
  SlClaim claim = {0};
  gboolean found = FALSE;
  MUST(sl_outbox_claim(db, "me", LEASE, T0, alive, (gpointer) "me", &claim, &found, e));
  sl_claim_clear(&claim);
  return found;
}

static gboolean
do_mark(SlDb *db)
{
  SlClaim claim = claim_of(5);
  gboolean ok = FALSE;
  MUST(sl_outbox_mark(db, &claim, &ok, e));
  return ok;
}

static gboolean
do_sent(SlDb *db)
{
  SlClaim claim = claim_of(5);
  gboolean changed = FALSE;
  MUST(sl_outbox_sent(db, &claim, T0, &changed, e));
  return changed;
}

static gboolean
do_failed(SlDb *db)
{
  SlClaim claim = claim_of(5);
  gboolean changed = FALSE;
  MUST(sl_outbox_failed(db, &claim, "550 no", &changed, e));
  return changed;
}

static gboolean
do_deferred(SlDb *db)
{
  SlClaim claim = claim_of(5);
  g_autofree char *before = state_now(db);
  MUST(sl_outbox_deferred(db, &claim, "450 later", T0 + SL_MINUTE, FALSE, e));
  g_autofree char *after = state_now(db);
  return strcmp(before, after) != 0;
}

static gboolean
do_withdraw(SlDb *db)
{
  g_autofree char *before = state_now(db);
  MUST(sl_outbox_withdraw(db, 1001, SL_LETTER_ACK, NULL, e));
  g_autofree char *after = state_now(db);
  return strcmp(before, after) != 0;
}

static gboolean
by_hand(SlDb *db, SlDeliveryState to)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = sl_outbox_by_hand(db, 1, to, T0, &error);
  g_assert_true(ok || g_error_matches(error, SL_ERROR, SL_ERROR_DENIED));
  return ok;
}

static gboolean
do_retry(SlDb *db)
{
  return by_hand(db, SL_DELIVERY_QUEUED);
}

static gboolean
do_hold(SlDb *db)
{
  return by_hand(db, SL_DELIVERY_HELD);
}

static gboolean
do_drop(SlDb *db)
{
  return by_hand(db, SL_DELIVERY_DROPPED);
}

/* "me" asks for a letter here, so what "me" had claimed before was left over. from × what is done → what it is then; "-" where nothing may happen. Columns as in the table below. */
static const struct {
  SlDeliveryState from;
  const char *to[9];
} transitions[] = {
    /*                       claim      mark       sent    failed    deferred  withdraw     retry     hold    drop */
    {SL_DELIVERY_QUEUED,    {"claimed", "-",       "sent", "-",      "-",      "withdrawn", "-",      "held", "dropped"}},
    {SL_DELIVERY_CLAIMED,   {"claimed", "sending", "sent", "failed", "queued", "withdrawn", "-",      "-",    "-"}},
    {SL_DELIVERY_SENDING,   {"claimed", "-",       "sent", "failed", "queued", "-",         "-",      "-",    "-"}},
    {SL_DELIVERY_SENT,      {"-",       "-",       "-",    "-",      "-",      "-",         "-",      "-",    "-"}},
    {SL_DELIVERY_FAILED,    {"-",       "-",       "sent", "-",      "-",      "-",         "queued", "held", "dropped"}},
    {SL_DELIVERY_HELD,      {"-",       "-",       "sent", "-",      "-",      "-",         "queued", "-",    "dropped"}},
    {SL_DELIVERY_DROPPED,   {"-",       "-",       "sent", "-",      "-",      "-",         "queued", "-",    "-"}},
    {SL_DELIVERY_WITHDRAWN, {"-",       "-",       "sent", "-",      "-",      "-",         "-",      "-",    "-"}},
};
static gboolean (*const deeds[])(SlDb *) = {do_claim, do_mark, do_sent, do_failed, do_deferred, do_withdraw, do_retry, do_hold, do_drop};

static void
test_every_step(void)
{
  g_autoptr(SlDb) db = shop_open("outbox.db", FALSE);
  g_assert_cmpint(G_N_ELEMENTS(transitions), ==, SL_N_DELIVERIES);
  for (guint i = 0; i < G_N_ELEMENTS(transitions); i++) {
    for (guint d = 0; d < G_N_ELEMENTS(deeds); d++) {
      in_state(db, transitions[i].from);
      const char *wanted = strcmp(transitions[i].to[d], "-") ? transitions[i].to[d] : sl_delivery_word(transitions[i].from);
      gboolean changed = deeds[d](db);
      g_autofree char *got = state_now(db);
      if (strcmp(got, wanted) != 0 || changed != (strcmp(transitions[i].to[d], "-") != 0))
        g_error("%s, deed %u: it is %s (changed %d), not %s", sl_delivery_word(transitions[i].from), d, got, changed, wanted);
      if (changed) {
        SlDeliveryState to;
        for (to = 0; strcmp(sl_delivery_word(to), got) != 0; to++)
          ;
        if (!sl_delivery_may(transitions[i].from, to))
          g_error("%s → %s happens and is not in the table", sl_delivery_word(transitions[i].from), got);
      }
    }
  }
}

/* Who had it before may still say that it was taken, and nothing else. */
static void
test_old_epoch(void)
{
  static const SlDeliveryState states[] = {SL_DELIVERY_QUEUED, SL_DELIVERY_CLAIMED, SL_DELIVERY_SENDING};
  g_autoptr(SlDb) db = shop_open("epoch.db", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    SlClaim old = claim_of(4);
    gboolean ok = TRUE;
    in_state(db, states[i]);
    MUST(sl_outbox_mark(db, &old, &ok, e));
    g_assert_false(ok);
    MUST(sl_outbox_failed(db, &old, "550", &ok, e));
    g_assert_false(ok);
    MUST(sl_outbox_deferred(db, &old, "450", T0, TRUE, e));
    g_autofree char *same = state_now(db);
    g_assert_cmpstr(same, ==, sl_delivery_word(states[i]));
    g_assert_cmpint(shop_int(db, "SELECT in_doubt FROM delivery"), ==, 0);
    MUST(sl_outbox_sent(db, &old, T0 + SL_SECOND, &ok, e)); /* a late 250 is true */
    g_assert_true(ok);
    g_assert_cmpint(shop_int(db, "SELECT accepted_at FROM delivery"), ==, T0 + SL_SECOND);
    MUST(sl_outbox_sent(db, &old, T0 + SL_HOUR, &ok, e)); /* and final */
    g_assert_false(ok);
    g_assert_cmpint(shop_int(db, "SELECT accepted_at FROM delivery"), ==, T0 + SL_SECOND);
  }
}

static void
test_lease(void)
{
  g_autoptr(SlDb) db = shop_open("lease.db", FALSE);
  gint64 id = 0;
  SlClaim claim = {0};
  gboolean found = FALSE, ok = TRUE;
  queue(db, 1001, "a", "maria@acme.example", &id);
  MUST(sl_outbox_claim(db, "me", LEASE, T0 - SL_SECOND, alive, (gpointer) "me", &claim, &found, e));
  g_assert_false(found); /* not before its time */
  MUST(sl_outbox_claim(db, "me", -1, T0, alive, (gpointer) "me", &claim, &found, e));
  g_assert_true(found);
  g_assert_cmpint(claim.attempts, ==, 1);
  g_assert_cmpint(claim.epoch, ==, 1);
  g_assert_cmpstr(claim.envelope_sender, ==, "b@x");
  MUST(sl_outbox_mark(db, &claim, &ok, e)); /* the lease is over already: the dot must not be sent */
  g_assert_false(ok);
  g_assert_cmpint(shop_int(db, "SELECT marks FROM delivery"), ==, 0);
  sl_claim_clear(&claim);
}

/* Takeover needs proof of death, however old the lease: a process that hangs may still have its letter under way. */
static void
test_take_over(void)
{
  static const struct {
    SlDeliveryState state;
    const char *living;
    gboolean old_lease, other_boot, taken;
    int in_doubt;
  } rows[] = {
      {SL_DELIVERY_CLAIMED, "me", FALSE, FALSE, FALSE, 0}, {SL_DELIVERY_SENDING, "me", FALSE, FALSE, FALSE, 0},
      {SL_DELIVERY_CLAIMED, "me", TRUE, FALSE, FALSE, 0},  {SL_DELIVERY_SENDING, "me", TRUE, FALSE, FALSE, 0},
      {SL_DELIVERY_CLAIMED, NULL, FALSE, FALSE, TRUE, 0},  {SL_DELIVERY_SENDING, NULL, FALSE, FALSE, TRUE, 1},
      {SL_DELIVERY_CLAIMED, "me", FALSE, TRUE, TRUE, 0},   {SL_DELIVERY_SENDING, "me", FALSE, TRUE, TRUE, 1},
  };
  g_autoptr(SlDb) db = shop_open("takeover.db", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlClaim claim = {0};
    gboolean found = FALSE;
    in_state(db, rows[i].state);
    if (rows[i].old_lease)
      MUST(sl_db_script(db, "UPDATE delivery SET lease_until = 1", e));
    if (rows[i].other_boot)
      MUST(sl_db_script(db, "UPDATE delivery SET lease_boot = 'another'", e));
    MUST(sl_outbox_claim(db, "other", LEASE, T0, alive, (gpointer)rows[i].living, &claim, &found, e));
    if (found != rows[i].taken || claim.in_doubt != (rows[i].in_doubt > 0))
      g_error("row %u: taken %d, in doubt %d", i, found, claim.in_doubt);
    g_assert_cmpint(shop_int(db, "SELECT in_doubt FROM delivery"), ==, rows[i].in_doubt);
    if (found)
      g_assert_cmpint(claim.epoch, >, 5);
    sl_claim_clear(&claim);
  }
}

static void
test_doubt(void)
{
  g_autoptr(SlDb) db = shop_open("doubt.db", FALSE);
  SlClaim claim = claim_of(5);
  gboolean found = FALSE;
  in_state(db, SL_DELIVERY_SENDING);
  MUST(sl_outbox_deferred(db, &claim, "the connection broke", T0, TRUE, e));
  g_assert_cmpint(shop_int(db, "SELECT in_doubt FROM delivery"), ==, 1);
  SlClaim again = {0};
  MUST(sl_outbox_claim(db, "me", LEASE, T0, alive, NULL, &again, &found, e));
  g_assert_true(found && again.in_doubt);
  g_autoptr(SlLetterRow) row = sl_outbox_get(db, 1, NULL);
  g_assert_cmpint(row->in_doubt, ==, 1);
  g_assert_cmpstr(row->last_error, ==, "the connection broke");
  sl_claim_clear(&again);
}

static void
test_purpose(void)
{
  g_autoptr(SlDb) db = shop_open("purpose.db", FALSE);
  gint64 id = 0;
  g_assert_true(queue(db, 1001, "a", "maria@acme.example", &id));
  g_assert_false(queue(db, 1001, "a", "maria@acme.example", &id)); /* decided once */
  g_assert_true(queue(db, 1001, "b", "maria@acme.example", &id));
  g_assert_cmpint(id, ==, 2);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM delivery"), ==, 2);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM raw_chunk"), ==, 1); /* the same bytes are kept once */
}

static void
test_withdraw(void)
{
  g_autoptr(SlDb) db = shop_open("withdraw.db", FALSE);
  gint64 id = 0;
  queue(db, 1001, "a:1", "maria@acme.example", &id);
  queue(db, 1001, "b", "maria@acme.example", &id);
  queue(db, 10011, "a:1", "maria@acme.example", &id); /* another ticket whose number begins alike */
  MUST(sl_outbox_withdraw(db, 1001, SL_LETTER_ACK, "a:", e));
  g_autofree char *gone = shop_text(db, "SELECT GROUP_CONCAT(l.purpose) FROM letter l JOIN delivery d ON d.letter = l.id WHERE d.state = 'withdrawn'");
  g_assert_cmpstr(gone, ==, "ack:1001:a:1");
  MUST(sl_db_script(db, "INSERT INTO letter_ticket(letter, ticket) VALUES (2, 1002)", e));
  MUST(sl_outbox_withdraw(db, 1001, SL_LETTER_ACK, NULL, e)); /* one that speaks of another ticket, too, stays */
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM delivery WHERE state = 'withdrawn'"), ==, 1);
}

static void
test_figures(void)
{
  g_autoptr(SlDb) db = shop_open("figures.db", FALSE);
  gint64 id = 0;
  SlOutboxFigures figures;
  SlTime next = 0;
  MUST(sl_outbox_figures(db, &figures, e));
  MUST(sl_outbox_next(db, &next, e));
  g_assert_true(figures.queued == 0 && figures.failed == 0 && figures.oldest_queued_at == SL_TIME_NONE && next == SL_TIME_NONE);
  queue(db, 1001, "a", "maria@acme.example", &id);
  queue(db, 1001, "b", "maria@acme.example", &id);
  MUST(sl_db_script(db, "UPDATE delivery SET state = 'failed' WHERE letter = 2", e));
  MUST(sl_outbox_figures(db, &figures, e));
  MUST(sl_outbox_next(db, &next, e));
  g_assert_true(figures.queued == 1 && figures.failed == 1 && figures.oldest_queued_at == T0 && next == T0);
}

/* Two senders at once never hold the same delivery. */
static void
test_two_senders(void)
{
  g_autoptr(SlDb) one = shop_open("two.db", FALSE);
  g_autoptr(SlDb) two = shop_open("two.db", TRUE);
  SlClaim first = {0}, second = {0};
  gboolean found = FALSE;
  gint64 id = 0;
  queue(one, 1001, "a", "maria@acme.example", &id);
  MUST(sl_outbox_claim(one, "one", LEASE, T0, alive, (gpointer) "one", &first, &found, e));
  g_assert_true(found);
  MUST(sl_outbox_claim(two, "two", LEASE, T0, alive, (gpointer) "one", &second, &found, e));
  g_assert_false(found);
  sl_claim_clear(&first);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/outbox/every-step", test_every_step);
  g_test_add_func("/store/outbox/old-epoch", test_old_epoch);
  g_test_add_func("/store/outbox/lease", test_lease);
  g_test_add_func("/store/outbox/take-over", test_take_over);
  g_test_add_func("/store/outbox/doubt", test_doubt);
  g_test_add_func("/store/outbox/purpose-once", test_purpose);
  g_test_add_func("/store/outbox/withdraw", test_withdraw);
  g_test_add_func("/store/outbox/figures", test_figures);
  g_test_add_func("/store/outbox/two-senders", test_two_senders);
  int rc = g_test_run();
  shop_end();
  return rc;
}
