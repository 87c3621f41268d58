/* SPDX-License-Identifier: ISC */
/* What other help desks got wrong, by name; and the sentences of the agreement that are easily misread. */
#include "story.h"

#define WALL   SL_TARGET_ETA
#define ANSWER SL_TARGET_ANSWER
#define START  SL_TARGET_START

static SlAgreement *agreement;

/* Another agreement: critical tickets are answered within 30 minutes and solved within 12 hours of wall time. */
static SlAgreement *
gold(void)
{
  SlAgreement *a = sl_agreement_new_default();
  a->target[ANSWER][SL_PRIORITY_CRITICAL].within_sec = 1800;
  a->target[SL_TARGET_RESOLVE][SL_PRIORITY_CRITICAL].within_sec = 12 * 3600;
  a->target[SL_TARGET_RESOLVE][SL_PRIORITY_CRITICAL].count = SL_COUNT_WALL;
  return a;
}

/* When it was broken, whatever became of it: "Tue 10:20", "-". */
static char *
broken(const GArray *m, SlTarget target, const char *now)
{
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, now);
  SlTime when = sl_clock_find(clocks, target, 0)->breached_at;
  return when == SL_TIME_NONE ? g_strdup("-") : sl_time_format_zone(when, "America/New_York", "%a %H:%M");
}

#define ASSERT_BROKEN(moves, target, now, wanted)                                                                      \
  do {                                                                                                                 \
    g_autofree char *broken_ = broken(moves, target, now);                                                             \
    g_assert_cmpstr(broken_, ==, wanted);                                                                              \
  } while (0)

static gint64
elapsed(const GArray *m, const SlAgreement *a, SlTarget target, const char *now)
{
  g_autoptr(GPtrArray) clocks = run_clocks(m, a, now);
  return sl_clock_find(clocks, target, 0)->elapsed_sec;
}

/* ---- pauses ---- */

static void
test_pause_not_subtracted(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 10:00");
  add_move(m, SL_MOVE_RESUMED, "Mon 13:00");
  add_move(m, SL_MOVE_WAITING, "Mon 14:00");
  add_move(m, SL_MOVE_RESUMED, "Tue 09:00");
  ASSERT_TEXT(m, WALL, 1, "Tue 10:00", "running Wed 07:00"); /* 22 hours waited: 3 and 19 */
  g_assert_cmpint(elapsed(m, agreement, WALL, "Tue 10:00"), ==, 3 * 3600);
  g_assert_cmpint(elapsed(m, agreement, SL_TARGET_RESOLVE, "Tue 10:00"), ==, 3 * 3600);
}

static void
test_pause_before_the_first_business_minute(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Sat 12:00");
  add_move(m, SL_MOVE_WAITING, "Sat 13:00");
  add_move(m, SL_MOVE_RESUMED, "Mon2 07:00"); /* all of it while closed */
  g_assert_cmpint(elapsed(m, agreement, SL_TARGET_RESOLVE, "Mon2 09:00"), ==, 3600);
  ASSERT_TEXT(m, WALL, 1, "Mon2 07:30", "running Tue 06:00");
  ASSERT_TEXT(m, ANSWER, 1, "Mon2 07:30", "running Mon 10:00"); /* never pauses */
}

static void
test_ticket_created_paused(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 09:00");
  ASSERT_TEXT(m, WALL, 1, "Mon 09:00", "paused -");
  ASSERT_TEXT(m, WALL, 1, "Thu 09:00", "paused -");
  add_move(m, SL_MOVE_RESUMED, "Thu 09:00");
  ASSERT_TEXT(m, WALL, 1, "Thu 09:00", "running Fri 09:00");
}

static void
test_wait_before_any_answer(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 09:30");
  ASSERT_TEXT(m, ANSWER, 1, "Mon 10:00", "running Mon 11:00");
  ASSERT_TEXT(m, START, 1, "Mon 10:00", "breached Mon 09:20");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Mon 10:00", "paused -");
}

static void
test_breached_before_the_wait_stays_breached(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 09:30")->until = at("Mon 12:00");
  add_move(m, SL_MOVE_WAITING, "Mon 13:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Mon 14:00", "breached Mon 12:00");
  add_move(m, SL_MOVE_RESUMED, "Mon 15:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Mon 15:01", "breached Mon 12:00"); /* the wait moves nothing that was over */
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Mon 14:00");
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_RESOLVE, 1)->elapsed_sec, ==,
                  4 * 3600); /* though it stands still since */
}

static void
test_estimate_told_while_waiting(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 10:00");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 14:00")->until = at("Tue 12:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Mon 15:00", "paused -");
  add_move(m, SL_MOVE_RESUMED, "Mon 16:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Mon 16:00", "running Tue 14:00"); /* two hours waited since it was told */
}

/* ---- the agreement, priorities ---- */

static void
test_agreement_changed_while_paused(void)
{
  g_autoptr(SlAgreement) other = sl_agreement_new_default();
  g_autoptr(GArray) m = story();
  other->target[WALL][SL_PRIORITY_STANDARD].within_sec = 4 * 3600;
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_WAITING, "Mon 10:00");
  add_move(m, SL_MOVE_RESUMED, "Mon 12:00");
  g_autofree char *old = clock_text(m, agreement, WALL, 1, "Mon 12:00");
  g_autofree char *now = clock_text(m, other, WALL, 1, "Mon 12:00");
  g_assert_cmpstr(old, ==, "running Tue 11:00");
  g_assert_cmpstr(now, ==, "running Mon 15:00"); /* the whole story under the other text: nothing half and half */
}

static void
test_priority_changed_mid_clock(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = story();
  agreement = gold();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RAISED, "Mon 09:30")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, ANSWER, 1, "Mon 09:45", "running Mon 11:00"); /* the old one runs on */
  ASSERT_TEXT(m, ANSWER, 2, "Mon 09:45", "running Mon 10:00"); /* the critical one starts at the raise */
  add_move(m, SL_MOVE_LOWERED, "Mon 09:50")->priority = SL_PRIORITY_STANDARD;
  ASSERT_TEXT(m, ANSWER, 2, "Mon 12:00", "cancelled Mon 10:00");
  ASSERT_TEXT(m, ANSWER, 0, "Mon 09:51", "running Mon 11:00"); /* what was taken back hides nothing */
  add_move(m, SL_MOVE_RAISED, "Mon 09:55")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, ANSWER, 3, "Mon 10:00", "running Mon 10:25");
  add_move(m, SL_MOVE_LOWERED, "Mon 10:25")->priority = SL_PRIORITY_STANDARD;
  ASSERT_TEXT(m, ANSWER, 3, "Mon 10:30", "breached Mon 10:25"); /* lowering never un-breaches */
  add_move(m, SL_MOVE_SPOKE, "Mon 10:40");
  ASSERT_TEXT(m, ANSWER, 1, "Mon 12:00", "met Mon 11:00");
  ASSERT_TEXT(m, ANSWER, 3, "Mon 12:00", "breached Mon 10:25");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_raised_twice_is_one_more_promise(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = story();
  agreement = gold();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RAISED, "Mon 09:30")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_RAISED, "Mon 09:40")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, ANSWER, 2, "Mon 09:45", "running Mon 10:00");
  ASSERT_TEXT(m, ANSWER, 3, "Mon 09:45", "none");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_lowered_from_birth(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = story();
  agreement = gold();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_LOWERED, "Mon 09:10")->priority = SL_PRIORITY_STANDARD;
  ASSERT_TEXT(m, ANSWER, 1, "Mon 09:20", "cancelled Mon 09:30");
  ASSERT_TEXT(m, ANSWER, 2, "Mon 09:20", "running Mon 11:00"); /* from where the ticket asked */
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 2, "Mon 09:20", "running -");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_clock_of_the_defaults_does_not_double(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RAISED, "Mon 09:30")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, ANSWER, 2, "Mon 09:45", "none");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 09:45", "running Mon 18:00");
  add_move(m, SL_MOVE_LOWERED, "Mon 12:00")->priority = SL_PRIORITY_STANDARD;
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Tue 12:00", "cancelled Mon 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Tue 12:00", "none");
}

/* ---- answers ---- */

static void
test_two_customer_mails_before_one_answer(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:10");
  add_move(m, SL_MOVE_WROTE, "Tue 11:00");
  add_move(m, SL_MOVE_WROTE, "Tue 11:30");
  ASSERT_TEXT(m, ANSWER, 2, "Tue 11:31", "running Tue 13:00"); /* of the older */
  add_move(m, SL_MOVE_SPOKE, "Tue 12:00");
  ASSERT_TEXT(m, ANSWER, 2, "Tue 12:01", "met Tue 13:00");
  ASSERT_TEXT(m, ANSWER, 3, "Tue 12:01", "none");
}

static void
test_words_before_the_question_answer_nothing(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:30");
  add_move(m, SL_MOVE_WROTE, "Tue 11:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:50"); /* received before the mail, recorded after it */
  ASSERT_TEXT(m, ANSWER, 2, "Tue 11:05", "running Tue 13:00");
  ASSERT_TEXT(m, ANSWER, 3, "Tue 11:05", "none");
  add_move(m, SL_MOVE_SPOKE, "Tue 11:10");
  ASSERT_TEXT(m, ANSWER, 2, "Tue 11:15", "met Tue 13:00");
}

static void
test_stated_after_the_breach_leaves_it_breached(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:40")->stated = TRUE;
  last_move(m)->recorded_at = at("Tue 11:59");
  ASSERT_TEXT(m, ANSWER, 1, "Tue 13:00", "met Tue 12:00");
  last_move(m)->recorded_at = at("Tue 12:01");
  ASSERT_TEXT(m, ANSWER, 1, "Tue 13:00", "breached Tue 12:00");
  g_assert_cmpint(elapsed(m, agreement, ANSWER, "Tue 13:00"), ==, 40 * 60); /* it took as long as it took */
}

static void
test_stated_minute_of_the_mail(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:05");
  add_move(m, SL_MOVE_WROTE, "Tue 11:00")->at += 25 * SL_SECOND;
  add_move(m, SL_MOVE_SPOKE, "Tue 11:00")->stated = TRUE; /* "/answered 11:00", of a mail of 11:00:25 */
  ASSERT_TEXT(m, ANSWER, 2, "Tue 11:10", "met Tue 13:00");
}

static void
test_bounced_but_others_words_went(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:10");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:30");
  add_move(m, SL_MOVE_SPOKE_BOUNCED, "Tue 10:40")->ref = 2;
  ASSERT_TEXT(m, ANSWER, 1, "Tue 13:00", "met Tue 12:00");
  g_assert_cmpint(elapsed(m, agreement, ANSWER, "Tue 13:00"), ==, 30 * 60);
  add_move(m, SL_MOVE_SPOKE_BOUNCED, "Tue 10:50")->ref = 3;
  ASSERT_TEXT(m, ANSWER, 1, "Tue 11:00", "running Tue 12:00");
}

/* ---- ends ---- */

static void
test_closing_keeps_the_breach(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_CLOSED, "Tue 11:00");
  ASSERT_TEXT(m, START, 1, "Wed 10:00", "cancelled Tue 10:20");
  ASSERT_BROKEN(m, START, "Wed 10:00", "Tue 10:20");
  ASSERT_TEXT(m, ANSWER, 1, "Wed 10:00", "cancelled Tue 12:00");
  ASSERT_BROKEN(m, ANSWER, "Wed 10:00", "-");
  g_assert_cmpint(elapsed(m, agreement, START, "Wed 10:00"), ==, 3600);
}

static void
test_no_reply_after_the_breach(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_NO_REPLY, "Tue 12:00"); /* at the second of its due */
  ASSERT_BROKEN(m, ANSWER, "Tue 13:00", "-");
  last_move(m)->at += SL_SECOND;
  ASSERT_BROKEN(m, ANSWER, "Tue 13:00", "Tue 12:00");
  ASSERT_TEXT(m, ANSWER, 1, "Tue 13:00", "cancelled Tue 12:00");
}

static void
test_merge_and_split(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_CANCELLED, "Mon 11:30")->reason = "merged"; /* every breach is kept, nothing runs on */
  ASSERT_BROKEN(m, ANSWER, "Thu 09:00", "Mon 11:00");
  ASSERT_TEXT(m, ANSWER, 1, "Thu 09:00", "cancelled Mon 11:00");
  ASSERT_TEXT(m, WALL, 1, "Thu 09:00", "cancelled Tue 09:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Thu 09:00", "cancelled Mon 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Thu 09:00", "none");
  g_autoptr(GArray) split = story(); /* what is split off counts from its own mail */
  add_move(split, SL_MOVE_RECEIVED, "Mon 10:00");
  ASSERT_TEXT(split, ANSWER, 1, "Mon 11:30", "running Mon 12:00");
}

static void
test_unacked_is_no_breach(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_ACK_CANCELLED, "Mon 12:00")->reason = "a machine"; /* found late: the mailbox was down */
  ASSERT_TEXT(m, SL_TARGET_ACK, 1, "Mon 12:01", "cancelled Mon 09:20");
}

static void
test_silent_tickets_have_no_clocks(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_SILENT, "Mon 09:00");
  add_move(m, SL_MOVE_WROTE, "Mon 10:00");
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Mon 12:00");
  g_assert_cmpuint(clocks->len, ==, 0);
}

static void
test_reopen(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_SPOKE, "Mon 10:00");
  add_move(m, SL_MOVE_RESOLVED, "Mon 10:00");
  add_move(m, SL_MOVE_CLOSED, "Thu 10:00");
  add_move(m, SL_MOVE_REOPENED, "Fri 10:00");
  add_move(m, SL_MOVE_WROTE, "Fri 10:00");
  ASSERT_TEXT(m, ANSWER, 2, "Fri 11:00", "running Fri 12:00");
  ASSERT_TEXT(m, WALL, 1, "Fri 11:00", "met Tue 09:00"); /* eta and start do not start again */
  ASSERT_TEXT(m, WALL, 2, "Fri 11:00", "none");
  ASSERT_TEXT(m, START, 2, "Fri 11:00", "none");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Fri 11:00", "running -");
  g_assert_cmpint(elapsed(m, agreement, SL_TARGET_RESOLVE, "Fri 11:00"), ==, 2 * 3600);
  add_move(m, SL_MOVE_ESTIMATED, "Fri 11:00")->until = at("Fri 16:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Fri 12:00", "running Fri 16:00");
}

static void
test_solved_without_an_estimate(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RESOLVED, "Tue 09:01");
  ASSERT_TEXT(m, WALL, 1, "Wed 09:00", "breached Tue 09:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Wed 09:00", "met -");
}

static void
test_estimate_due_on_a_sunday(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Fri 10:00");
  add_move(m, SL_MOVE_ESTIMATED, "Fri 11:00")->until = at("Sun 12:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Sun 11:59", "running Sun 12:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Sun 12:00", "breached Sun 12:00");
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Fri 12:00");
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_RESOLVE, 1)->warn_at, ==,
                  at("Fri 17:00")); /* an hour of business before */
  add_move(m, SL_MOVE_WAITING, "Fri 16:00");
  add_move(m, SL_MOVE_RESUMED, "Fri 17:00");
  ASSERT_TEXT(m, SL_TARGET_RESOLVE, 1, "Fri 17:01", "running Mon 09:00"); /* an hour waited: the first of Monday */
}

/* ---- the wall ---- */

static void
test_lunch_is_no_holiday(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("lunch", "America/New_York");
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = story();
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-12:00"));
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 13:00-18:00"));
  agreement = sl_agreement_new_default();
  sl_calendar_free(agreement->calendar);
  agreement->calendar = sl_calendar_new(spec, NULL);
  add_move(m, SL_MOVE_RECEIVED, "Mon 11:30")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, ANSWER, 1, "Mon 12:30", "running Mon 14:30");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 14:00", "running Mon 18:00"); /* one day, one word */
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Mon 17:59", "none");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_daylight_saving_inside_a_running_clock(void)
{
  g_autoptr(GArray) m = story();
  SlTime due;
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->at =
      at("Mon 09:00") - 17 * SL_DAY - SL_HOUR; /* Friday 30 October, 09:00 EDT */
  g_autoptr(GPtrArray) clocks = sl_clock_run(moves_of(m), 1, agreement, last_move(m)->at);
  g_assert_cmpint(sl_clock_find(clocks, WALL, 1)->due_at, ==, last_move(m)->at + SL_DAY); /* 24 hours are 24 hours */
  last_move(m)->at += 8 * SL_HOUR; /* 17:00: the answer is due on Monday after the change, by the clock on the wall */
  g_autoptr(GPtrArray) later = sl_clock_run(moves_of(m), 1, agreement, last_move(m)->at);
  g_assert_true(sl_time_parse("2026-11-02T14:00:00Z", &due)); /* 09:00 EST */
  g_assert_cmpint(sl_clock_find(later, ANSWER, 1)->due_at, ==, due);
}

static void
test_clock_set_back_by_an_hour(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Tue 10:00");
  add_move(m, SL_MOVE_WAITING, "Tue 10:30");
  add_move(m, SL_MOVE_RESUMED,
           "Tue 09:40"); /* the host's clock was set back: the wait has no length, and none below zero */
  ASSERT_TEXT(m, WALL, 1, "Tue 11:00", "running Wed 10:00");
  add_move(m, SL_MOVE_SPOKE, "Tue 09:50");
  ASSERT_TEXT(m, ANSWER, 1, "Tue 11:00", "met Tue 12:00");
  g_assert_cmpint(elapsed(m, agreement, ANSWER, "Tue 11:00"), ==, 0);
  g_assert_cmpint(elapsed(m, agreement, SL_TARGET_RESOLVE, "Tue 09:30"), ==, 0);
}

/* ---- progress (S6) ---- */

static void
test_update_in_the_morning_is_not_the_days_word(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_UPDATED, "Mon 10:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 17:00", "running Mon 18:00");
  add_move(m, SL_MOVE_UPDATED, "Mon 15:30"); /* two hours before the letter */
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 17:00", "met Mon 18:00");
}

static void
test_words_just_before_the_raise_are_the_days_word(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_SPOKE, "Mon 16:30");
  add_move(m, SL_MOVE_RAISED, "Mon 16:45")->priority = SL_PRIORITY_CRITICAL;
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 17:00", "met Mon 18:00");
}

static void
test_progress_stands_still_while_waiting(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_WAITING, "Mon 12:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 13:00", "paused -");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 20:00", "cancelled Mon 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Wed 12:00", "none");
  add_move(m, SL_MOVE_RESUMED, "Thu 11:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Thu 12:00", "running Thu 18:00");
}

static void
test_progress_after_a_reopening(void)
{
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_RESOLVED, "Mon 12:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 13:00", "cancelled Mon 18:00");
  add_move(m, SL_MOVE_REOPENED, "Tue 14:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Tue 15:00", "running Tue 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Wed 07:00", "breached Tue 18:00");
  add_move(m, SL_MOVE_UPDATED, "Wed 09:00"); /* late, but told */
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Wed 10:00");
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_PROGRESS, 2)->met_at, ==, at("Wed 09:00"));
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_PROGRESS, 2)->state, ==, SL_CLOCK_BREACHED);
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test)(void);
  } rows[] = {
      {"pause-not-subtracted", test_pause_not_subtracted},
      {"pause-before-the-first-business-minute", test_pause_before_the_first_business_minute},
      {"ticket-created-paused", test_ticket_created_paused},
      {"wait-before-any-answer", test_wait_before_any_answer},
      {"breached-before-the-wait", test_breached_before_the_wait_stays_breached},
      {"estimate-told-while-waiting", test_estimate_told_while_waiting},
      {"agreement-changed-while-paused", test_agreement_changed_while_paused},
      {"priority-changed-mid-clock", test_priority_changed_mid_clock},
      {"raised-twice", test_raised_twice_is_one_more_promise},
      {"lowered-from-birth", test_lowered_from_birth},
      {"defaults-do-not-double", test_clock_of_the_defaults_does_not_double},
      {"two-customer-mails-before-one-answer", test_two_customer_mails_before_one_answer},
      {"words-before-the-question", test_words_before_the_question_answer_nothing},
      {"stated-after-the-breach", test_stated_after_the_breach_leaves_it_breached},
      {"stated-minute", test_stated_minute_of_the_mail},
      {"bounced-but-other-words-went", test_bounced_but_others_words_went},
      {"closing-keeps-the-breach", test_closing_keeps_the_breach},
      {"no-reply-after-the-breach", test_no_reply_after_the_breach},
      {"merge-and-split", test_merge_and_split},
      {"unacked-is-no-breach", test_unacked_is_no_breach},
      {"silent", test_silent_tickets_have_no_clocks},
      {"reopen", test_reopen},
      {"solved-without-an-estimate", test_solved_without_an_estimate},
      {"estimate-due-on-a-sunday", test_estimate_due_on_a_sunday},
      {"lunch-is-no-holiday", test_lunch_is_no_holiday},
      {"daylight-saving-inside-a-running-clock", test_daylight_saving_inside_a_running_clock},
      {"clock-set-back-by-an-hour", test_clock_set_back_by_an_hour},
      {"progress-update-in-the-morning", test_update_in_the_morning_is_not_the_days_word},
      {"progress-words-before-the-raise", test_words_just_before_the_raise_are_the_days_word},
      {"progress-while-waiting", test_progress_stands_still_while_waiting},
      {"progress-after-a-reopening", test_progress_after_a_reopening},
  };
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strconcat("/sla/cases/", rows[i].name, NULL);
    g_test_add_func(path, rows[i].test);
  }
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
