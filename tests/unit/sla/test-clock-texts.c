/* SPDX-License-Identifier: ISC */
/* Clocks under texts that are not the default's: holidays edited while they run, words promised by the hour. */
#include "story.h"

static SlAgreement *agreement;

/* The default's hours, closed on the days given. */
static SlAgreement *
closed_on(const char *const *days)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_dup(sl_calendar_get_spec(plain->calendar));
  for (guint i = 0; days[i]; i++)
    g_ptr_array_add(spec->holidays, g_strdup(days[i]));
  SlAgreement *redated = sl_agreement_redated(plain, spec);
  g_assert_nonnull(redated);
  return redated;
}

static void
edit(GArray *moves, const char *when, const SlAgreement *before)
{
  add_move(moves, SL_MOVE_RECALENDAR, when)->before = before;
}

static void
test_what_runs_moves(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlAgreement) edited = closed_on((const char *[]){"2026-11-17 Founders' Day", NULL});
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 17:30");
  agreement = plain;
  ASSERT_TEXT(m, SL_TARGET_ANSWER, 1, "Mon 17:40", "running Tue 09:30");
  edit(m, "Mon 17:45", plain);
  agreement = edited;
  ASSERT_TEXT(m, SL_TARGET_ANSWER, 1, "Mon 17:50", "running Wed 09:30");
  ASSERT_TEXT(m, SL_TARGET_ETA, 1, "Mon 17:50", "running Tue 17:30"); /* elapsed time knows no holidays */
}

static void
test_what_ended_keeps_its_dates(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlAgreement) edited = closed_on((const char *[]){"2026-11-17 Founders' Day", NULL});
  g_autoptr(GArray) m = story();
  agreement = edited;
  add_move(m, SL_MOVE_RECEIVED, "Mon 17:30");
  add_move(m, SL_MOVE_SPOKE, "Tue 09:00");
  add_move(m, SL_MOVE_WROTE, "Tue 09:30");
  edit(m, "Tue 10:00", plain); /* in the middle of that very day */
  ASSERT_TEXT(m, SL_TARGET_ANSWER, 1, "Tue 11:00", "met Tue 09:30");
  ASSERT_TEXT(m, SL_TARGET_ANSWER, 2, "Tue 11:00", "running Wed 10:00");
  ASSERT_TEXT(m, SL_TARGET_ACK, 1, "Tue 11:00", "breached Mon 17:50"); /* and what was broken stays broken */
  g_autoptr(GPtrArray) clocks = run_clocks(m, agreement, "Tue 11:00");
  g_assert_true(sl_clock_find(clocks, SL_TARGET_ANSWER, 1)->agreement == plain);
  g_assert_true(sl_clock_find(clocks, SL_TARGET_ANSWER, 2)->agreement == edited);
  g_assert_cmpint(sl_clock_find(clocks, SL_TARGET_ANSWER, 1)->elapsed_sec, ==, 90 * 60);
}

static void
test_edited_twice(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlAgreement) first = closed_on((const char *[]){"2026-11-17 Founders' Day", NULL});
  g_autoptr(SlAgreement) second = closed_on((const char *[]){"2026-11-17 Founders' Day", "2026-11-18 Repentance", NULL});
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 17:00");
  edit(m, "Mon 17:10", plain);
  edit(m, "Mon 17:15", first);
  agreement = second;
  ASSERT_TEXT(m, SL_TARGET_ANSWER, 1, "Mon 17:18", "running Thu 09:00");
}

/* A day of progress that was over when it became a holiday was owed; one that comes is not. */
static void
test_days_of_progress(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlAgreement) edited = closed_on((const char *[]){"2026-11-16 Yesterday", "2026-11-18 Repentance", NULL});
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00")->priority = SL_PRIORITY_CRITICAL;
  edit(m, "Tue 09:00", plain);
  agreement = edited;
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Thu 12:00", "breached Mon 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Thu 12:00", "breached Tue 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 3, "Thu 12:00", "running Thu 18:00"); /* not Wednesday's */
}

static void
test_the_ledger_says_so(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_autoptr(SlAgreement) edited = closed_on((const char *[]){"2026-11-17 Founders' Day", NULL});
  g_autoptr(GArray) m = story();
  gboolean said = FALSE;
  add_move(m, SL_MOVE_RECEIVED, "Mon 17:30");
  edit(m, "Mon 17:45", plain);
  g_autoptr(GPtrArray) clocks = run_clocks(m, edited, "Wed 08:30");
  const SlClock *answer = sl_clock_find(clocks, SL_TARGET_ANSWER, 1);
  g_autoptr(GPtrArray) lines = sl_clock_ledger(moves_of(m), m->len, at("Wed 08:30"), answer);
  for (guint i = 0; i < lines->len; i++)
    said |= strcmp(((const SlLedgerLine *)lines->pdata[i])->what, "holidays edited") == 0;
  g_assert_true(said);
  g_assert_cmpint(((const SlLedgerLine *)lines->pdata[lines->len - 1])->total_sec, ==, answer->elapsed_sec);
  g_assert_cmpint(answer->elapsed_sec, ==, 60 * 60);
}

static void
test_same_dates_are_no_edit(void)
{
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  g_assert_null(sl_agreement_redated(plain, sl_calendar_get_spec(plain->calendar)));
}

/* ---- words by the hour ---- */

static SlAgreement *
two_hourly(void)
{
  SlAgreement *a = sl_agreement_new_default();
  a->progress_every_sec = 2 * 3600;
  return a;
}

static GArray *
critical_at(const char *when)
{
  GArray *m = story();
  add_move(m, SL_MOVE_RECEIVED, when)->priority = SL_PRIORITY_CRITICAL;
  return m;
}

static void
test_from_word_to_word(void)
{
  g_autoptr(SlAgreement) hourly = agreement = two_hourly();
  g_autoptr(GArray) m = critical_at("Mon 09:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 10:00", "running Mon 11:00");
  add_move(m, SL_MOVE_SPOKE, "Mon 10:30");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 10:40", "met Mon 11:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Mon 10:40", "running Mon 12:30");
  add_move(m, SL_MOVE_UPDATED, "Mon 12:30"); /* the letter, at the second of its due */
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Mon 12:40", "met Mon 12:30");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 3, "Mon 12:40", "running Mon 14:30");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 3, "Mon 14:31", "breached Mon 14:30");
}

static void
test_business_hours_between_words(void)
{
  g_autoptr(SlAgreement) hourly = agreement = two_hourly();
  g_autoptr(GArray) m = critical_at("Mon 17:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 20:00", "running Tue 09:00");
  add_move(m, SL_MOVE_WAITING, "Tue 08:30");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Tue 12:00", "paused -");
  add_move(m, SL_MOVE_RESUMED, "Tue 14:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Tue 14:10", "running Tue 14:30");
}

static void
test_by_the_hour_ends(void)
{
  g_autoptr(SlAgreement) hourly = agreement = two_hourly();
  g_autoptr(GArray) m = critical_at("Mon 09:00");
  add_move(m, SL_MOVE_RESOLVED, "Mon 10:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 12:00", "cancelled Mon 11:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Mon 12:00", "none");
  add_move(m, SL_MOVE_REOPENED, "Tue 09:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Tue 09:10", "running Tue 11:00");
  add_move(m, SL_MOVE_LOWERED, "Tue 10:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 2, "Tue 12:00", "cancelled Tue 11:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 3, "Tue 12:00", "none");
}

static void
test_promised_to_standard_tickets(void)
{
  g_autoptr(SlAgreement) wide = agreement = sl_agreement_new_default();
  wide->promised[SL_PRIORITY_STANDARD] = TRUE;
  g_autoptr(GArray) m = story();
  add_move(m, SL_MOVE_RECEIVED, "Mon 09:00");
  add_move(m, SL_MOVE_RAISED, "Mon 17:50")->priority = SL_PRIORITY_CRITICAL; /* it was promised before already */
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 17:55", "running Mon 18:00");
  ASSERT_TEXT(m, SL_TARGET_PROGRESS, 1, "Mon 18:01", "breached Mon 18:00");
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {
      {"edited/what-runs-moves", test_what_runs_moves},
      {"edited/what-ended-keeps-its-dates", test_what_ended_keeps_its_dates},
      {"edited/twice", test_edited_twice},
      {"edited/days-of-progress", test_days_of_progress},
      {"edited/the-ledger-says-so", test_the_ledger_says_so},
      {"edited/same-dates", test_same_dates_are_no_edit},
      {"by-the-hour/from-word-to-word", test_from_word_to_word},
      {"by-the-hour/business-hours", test_business_hours_between_words},
      {"by-the-hour/ends", test_by_the_hour_ends},
      {"promised-to-standard", test_promised_to_standard_tickets},
  };
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strdup_printf("/sla/clock/%s", tests[i].name);
    g_test_add_func(path, tests[i].run);
  }
  return g_test_run();
}
