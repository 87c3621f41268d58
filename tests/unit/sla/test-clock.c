/* SPDX-License-Identifier: ISC */
#include "story.h"

static SlAgreement *agreement;

static const SlClock *
clock_at(GArray *moves, SlTarget target, int cycle, const char *now, GPtrArray **out)
{
  *out = run_clocks(moves, agreement, now);
  return sl_clock_find(*out, target, cycle);
}

#define ASSERT_CLOCK(moves, target, cycle, now, wanted_state, wanted_due)                                                      \
  do {                                                                                                                         \
    g_autoptr(GPtrArray) clocks_ = NULL;                                                                                       \
    const SlClock *clock_ = clock_at(moves, target, cycle, now, &clocks_);                                                     \
    g_assert_nonnull(clock_);                                                                                                  \
    g_assert_cmpstr(sl_clock_state_word(clock_->state), ==, sl_clock_state_word(wanted_state));                                \
    const char *due_ = wanted_due;                                                                                             \
    g_assert_cmpint(clock_->due_at, ==, due_ ? at(due_) : SL_TIME_NONE);                                                       \
  } while (0)

static void
test_answer_over_a_weekend(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Fri 17:55");
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Fri 17:56", SL_CLOCK_RUNNING, "Mon2 09:55");
  ASSERT_CLOCK(m, SL_TARGET_ACK, 1, "Mon2 08:14", SL_CLOCK_RUNNING, "Mon2 08:15");
  ASSERT_CLOCK(m, SL_TARGET_ACK, 1, "Mon2 08:15", SL_CLOCK_BREACHED, "Mon2 08:15");
  ASSERT_CLOCK(m, SL_TARGET_ETA, 1, "Fri 18:00", SL_CLOCK_RUNNING, "Sat 17:55");
}

static void
test_met_at_the_second_of_its_due_is_met(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 12:00");
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Tue 13:00", SL_CLOCK_MET, "Tue 12:00");
  last_move(m)->at += SL_SECOND;
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Tue 13:00", SL_CLOCK_BREACHED, "Tue 12:00");
}

static void
test_two_customer_mails_before_one_answer(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_WROTE, "Tue 10:30");
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 0, "Tue 10:31", SL_CLOCK_RUNNING, "Tue 12:00"); /* of the oldest */
  add_move(m, SL_MOVE_SPOKE, "Tue 11:00");
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Tue 11:01");
  g_assert_null(sl_clock_find(clocks, SL_TARGET_ANSWER, 2)); /* one answer meets the cycle */
  add_move(m, SL_MOVE_WROTE, "Tue 14:00");
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 2, "Tue 14:01", SL_CLOCK_RUNNING, "Tue 16:00");
}

static void
test_a_mail_that_crossed_the_answer_is_unanswered(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_WROTE, "Tue 10:05");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:02"); /* recorded later, received earlier */
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 2, "Tue 10:10", SL_CLOCK_RUNNING, "Tue 12:05");
}

static void
test_bounced_answer_is_un_met(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:30");
  add_move(m, SL_MOVE_SPOKE_BOUNCED, "Tue 10:31");
  last_move(m)->ref = 2;
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Tue 11:00", SL_CLOCK_RUNNING, "Tue 12:00");
}

static void
test_bounced_ack_is_un_met(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_ACKED, "Tue 10:00");
  ASSERT_CLOCK(m, SL_TARGET_ACK, 1, "Tue 10:01", SL_CLOCK_MET, "Tue 10:20");
  add_move(m, SL_MOVE_ACK_BOUNCED, "Tue 10:05");
  ASSERT_CLOCK(m, SL_TARGET_ACK, 1, "Tue 10:10", SL_CLOCK_RUNNING, "Tue 10:20");
}

static void
test_pause_is_taken_out(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_SPOKE, "Mon 10:00");
  add_move(m, SL_MOVE_WAITING, "Mon 10:00");
  ASSERT_CLOCK(m, SL_TARGET_ETA, 1, "Wed 10:00", SL_CLOCK_PAUSED, NULL);
  add_move(m, SL_MOVE_RESUMED, "Wed 10:00");
  ASSERT_CLOCK(m, SL_TARGET_ETA, 1, "Wed 10:01", SL_CLOCK_RUNNING, "Thu 09:00"); /* 23 h were left */
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Wed 11:00");
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_ETA, 1)->elapsed_sec, ==, 2 * 3600);
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_ETA, 1)->elapsed_business_sec, ==, 2 * 3600);
}

static void
test_answer_never_pauses(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 09:10");
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Mon 12:00", SL_CLOCK_BREACHED, "Mon 11:00");
}

static void
test_estimate_moves_by_the_business_time_waited(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Mon 09:01", SL_CLOCK_RUNNING, NULL);
  add_move(m, SL_MOVE_ESTIMATED, "Mon 10:00");
  last_move(m)->until = at("Tue 16:00");
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Mon 10:01", SL_CLOCK_RUNNING, "Tue 16:00");
  add_move(m, SL_MOVE_WAITING, "Mon 17:00");
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Mon 17:30", SL_CLOCK_PAUSED, NULL);
  add_move(m, SL_MOVE_RESUMED, "Tue 09:00"); /* an hour on Monday, one on Tuesday */
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Tue 09:01", SL_CLOCK_RUNNING, "Tue 18:00");
}

static void
test_solved_without_an_estimate(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RESOLVED, "Mon 10:00");
  ASSERT_CLOCK(m, SL_TARGET_ETA, 1, "Wed 10:00", SL_CLOCK_MET, "Tue 09:00");
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Wed 10:00", SL_CLOCK_MET, NULL);
}

static void
test_reopening_has_no_due_until_a_new_estimate(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 09:30");
  last_move(m)->until = at("Mon 16:00");
  add_move(m, SL_MOVE_RESOLVED, "Mon 10:00");
  add_move(m, SL_MOVE_REOPENED, "Tue 10:00");
  ASSERT_CLOCK(m, SL_TARGET_RESOLVE, 1, "Tue 10:01", SL_CLOCK_RUNNING, NULL);
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Tue 11:00");
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_RESOLVE, 1)->elapsed_sec, ==, 2 * 3600); /* time closed is not counted */
}

static void
test_no_reply_cancels_the_cycle(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_NO_REPLY, "Mon 09:30");
  last_move(m)->reason = "a thank-you";
  ASSERT_CLOCK(m, SL_TARGET_ANSWER, 1, "Mon 15:00", SL_CLOCK_CANCELLED, "Mon 11:00");
}

static void
test_progress_of_critical_days(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 17:40"); /* later than 30 min before closing: none that day */
  last_move(m)->priority = SL_PRIORITY_CRITICAL;
  g_autoptr(GPtrArray) monday = run_clocks(m, agreement, "Mon 17:59");
  g_assert_null(sl_clock_find(monday, SL_TARGET_PROGRESS, 0));
  ASSERT_CLOCK(m, SL_TARGET_PROGRESS, 1, "Tue 12:00", SL_CLOCK_RUNNING, "Tue 18:00");
  ASSERT_CLOCK(m, SL_TARGET_PROGRESS, 1, "Wed 12:00", SL_CLOCK_BREACHED, "Tue 18:00");
  add_move(m, SL_MOVE_SPOKE, "Wed 15:29"); /* too early to stand for the day's word */
  ASSERT_CLOCK(m, SL_TARGET_PROGRESS, 2, "Wed 17:45", SL_CLOCK_RUNNING, "Wed 18:00");
  add_move(m, SL_MOVE_UPDATED, "Wed 17:50");
  ASSERT_CLOCK(m, SL_TARGET_PROGRESS, 2, "Wed 17:55", SL_CLOCK_MET, "Wed 18:00");
}

static void
test_ledger_total_is_elapsed(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Fri 17:31");
  add_move(m, SL_MOVE_WROTE, "Mon2 08:20");
  add_move(m, SL_MOVE_SPOKE, "Mon2 09:40");
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Mon2 12:00");
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    g_autoptr(GPtrArray) lines =
        sl_clock_ledger((const SlMove *)(gconstpointer)m->data, m->len, at("Mon2 12:00"), clock);
    g_assert_cmpuint(lines->len, >, 0);
    g_assert_cmpint(((SlLedgerLine *)lines->pdata[lines->len - 1])->total_sec, ==, clock->elapsed_sec);
  }
}

/* What reports tell of a broken promise: how far over, as the promise counts. */
static void
test_how_late(void)
{
  static const struct {
    SlMoveKind kind;
    const char *when, *now;
    SlTarget target;
    gint64 late;
  } rows[] = {
      {SL_MOVE_SPOKE, "Tue 12:00", "Wed 09:00", SL_TARGET_ANSWER, 0},          /* in time */
      {SL_MOVE_SPOKE, "Tue 12:30", "Wed 09:00", SL_TARGET_ANSWER, 1800},
      {SL_MOVE_ACTED, "Tue 10:10", "Wed 09:00", SL_TARGET_ANSWER, 7 * 3600},   /* not yet: closed hours do not count */
      {SL_MOVE_CANCELLED, "Tue 13:00", "Fri 09:00", SL_TARGET_ANSWER, 3600},   /* until it was cancelled */
      {SL_MOVE_NO_REPLY, "Tue 11:00", "Fri 09:00", SL_TARGET_ANSWER, 0},
      {SL_MOVE_ACTED, "Tue 10:10", "Thu 10:00", SL_TARGET_ETA, 24 * 3600},     /* elapsed */
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GArray) m = story();
    g_autoptr(GPtrArray) clocks = NULL;
    add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
    add_move(m, rows[i].kind, rows[i].when);
    const SlClock *clock = clock_at(m, rows[i].target, 1, rows[i].now, &clocks);
    g_test_message("row %u", i);
    g_assert_cmpint(clock->late_sec, ==, rows[i].late);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  g_test_add_func("/sla/clock/answer-over-a-weekend", test_answer_over_a_weekend);
  g_test_add_func("/sla/clock/met-at-the-second-of-its-due", test_met_at_the_second_of_its_due_is_met);
  g_test_add_func("/sla/clock/two-customer-mails-before-one-answer", test_two_customer_mails_before_one_answer);
  g_test_add_func("/sla/clock/crossing-mail-is-unanswered", test_a_mail_that_crossed_the_answer_is_unanswered);
  g_test_add_func("/sla/clock/bounced-answer-is-un-met", test_bounced_answer_is_un_met);
  g_test_add_func("/sla/clock/bounced-ack-is-un-met", test_bounced_ack_is_un_met);
  g_test_add_func("/sla/clock/pause-is-taken-out", test_pause_is_taken_out);
  g_test_add_func("/sla/clock/answer-never-pauses", test_answer_never_pauses);
  g_test_add_func("/sla/clock/estimate-moves-by-the-time-waited", test_estimate_moves_by_the_business_time_waited);
  g_test_add_func("/sla/clock/solved-without-an-estimate", test_solved_without_an_estimate);
  g_test_add_func("/sla/clock/reopening", test_reopening_has_no_due_until_a_new_estimate);
  g_test_add_func("/sla/clock/noreply-cancels", test_no_reply_cancels_the_cycle);
  g_test_add_func("/sla/clock/progress-days", test_progress_of_critical_days);
  g_test_add_func("/sla/clock/ledger-total-is-elapsed", test_ledger_total_is_elapsed);
  g_test_add_func("/sla/clock/how-late", test_how_late);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
