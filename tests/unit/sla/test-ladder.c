/* SPDX-License-Identifier: ISC */
#include "story.h"

static SlAgreement *agreement;
static gboolean courtesy, with_breaches;

/* The schedule as text: "escalate answer L2 Tue 12:00", a line an alarm up to `until`. */
static char *
schedule(GArray *moves, SlPriority priority, const char *now, const char *until, GHashTable *dealt)
{
  g_autoptr(GPtrArray) clocks = run_clocks(moves, agreement, now);
  SlLadderState state = {.moves = moves_of(moves),
                         .n_moves = moves->len,
                         .clocks = clocks,
                         .dealt = dealt,
                         .priority = priority,
                         .courtesy = courtesy,
                         .waiting_since = SL_TIME_NONE,
                         .waiting_until = SL_TIME_NONE,
                         .snoozed_at = SL_TIME_NONE,
                         .snoozed_until = SL_TIME_NONE,
                         .resolved_at = SL_TIME_NONE};
  for (guint i = 0; i < moves->len; i++) {
    const SlMove *m = moves_of(moves) + i;
    if (m->kind == SL_MOVE_WAITING || m->kind == SL_MOVE_RESUMED)
      state.waiting_since = m->kind == SL_MOVE_WAITING ? m->at : SL_TIME_NONE;
    if (m->kind == SL_MOVE_RESOLVED || m->kind == SL_MOVE_REOPENED)
      state.resolved_at = m->kind == SL_MOVE_RESOLVED ? m->at : SL_TIME_NONE;
  }
  g_autoptr(GArray) alarms = sl_ladder_schedule(&state, agreement, at(now));
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < alarms->len; i++) {
    const SlAlarm *a = &g_array_index(alarms, SlAlarm, i);
    g_autofree char *when = sl_time_format_zone(a->at, "America/New_York", "%a %H:%M");
    if (a->at <= at(until) && (with_breaches || a->kind != SL_ALARM_BREACH))
      g_string_append_printf(text, "%s%s %s %d %s", text->len ? ", " : "", sl_alarm_word(a->kind),
                             sl_target_word(a->target), a->level, when);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
expect(GArray *moves, SlPriority priority, const char *now, const char *until, const char *wanted)
{
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *got = schedule(moves, priority, now, until, none);
  g_assert_cmpstr(got, ==, wanted);
}

static GArray *
received(const char *when, SlPriority priority)
{
  GArray *moves = g_array_new(FALSE, TRUE, sizeof(SlMove));
  add_move(moves, SL_MOVE_RECEIVED, when);
  last_move(moves)->priority = priority;
  return moves;
}

static void
test_standard(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  expect(m, SL_PRIORITY_STANDARD, "Tue 10:00", "Tue 13:30",
         "warn start 0 Tue 10:15, escalate answer 1 Tue 10:20, warn answer 0 Tue 11:00, escalate answer 2 Tue 12:00");
}

static void
test_take_stops_the_first_level(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_ACTED, "Tue 10:05");
  last_move(m)->reason = "take";
  expect(m, SL_PRIORITY_STANDARD, "Tue 10:06", "Tue 12:30", "warn answer 0 Tue 11:00, escalate answer 2 Tue 12:00");
}

static void
test_a_note_meets_start_and_stops_nothing(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_ACTED, "Tue 10:05");
  last_move(m)->reason = "noted";
  expect(m, SL_PRIORITY_STANDARD, "Tue 10:06", "Tue 12:30",
         "warn answer 0 Tue 11:00, escalate answer 1 Tue 11:36, escalate answer 2 Tue 12:00");
}

static void
test_words_stop_the_ladder(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_SPOKE, "Tue 10:30");
  expect(m, SL_PRIORITY_STANDARD, "Tue 10:31", "Wed 07:59", "");
  expect(m, SL_PRIORITY_STANDARD, "Tue 10:31", "Wed 12:00", "warn eta 0 Wed 08:00, escalate eta 3 Wed 10:00");
}

static void
test_repeats_are_counted_by_the_schedule(void)
{
  g_autoptr(GArray) m = received("Tue 15:30", SL_PRIORITY_STANDARD);
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  static const char *const keys[] = {"warn:start:1:0:1", "escalate:answer:1:1:0", "warn:answer:1:0:0",
                                     "escalate:answer:1:2:0"};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    g_hash_table_add(dealt, (gpointer)keys[i]);
  g_autofree char *got = schedule(m, SL_PRIORITY_STANDARD, "Tue 17:45", "Wed 08:45", dealt);
  g_assert_cmpstr(got, ==, "escalate answer 2 Wed 08:30"); /* an hour of repeating is business time */
}

static void
test_critical_at_once(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_CRITICAL);
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:00", "Tue 13:30",
         "escalate answer 1 Tue 10:00, warn start 0 Tue 10:15, warn answer 0 Tue 11:00, escalate answer 2 Tue 12:00, "
         "escalate eta 3 Tue 12:00");
}

/* What was not asked for when the list left is not asked for when the letter has gone: the next alarm is never an earlier one. */
static void
test_the_list_is_over_when_it_left(void)
{
  g_autoptr(GArray) m = received("Tue 20:00", SL_PRIORITY_CRITICAL);
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *before = schedule(m, SL_PRIORITY_CRITICAL, "Wed 16:45", "Wed 17:30", none);
  add_move(m, SL_MOVE_UPDATED, "Wed 17:30");
  g_autofree char *after = schedule(m, SL_PRIORITY_CRITICAL, "Wed 17:31", "Wed 18:00", none);
  g_assert_nonnull(strstr(before, "update-request progress 0 Wed 16:45"));
  g_assert_null(strstr(before, "update-request eta"));
  g_assert_null(strstr(after, "update-request eta"));
}

static void
test_nobody_is_woken(void)
{
  g_autoptr(GArray) m = received("Sat 03:00", SL_PRIORITY_CRITICAL);
  expect(m, SL_PRIORITY_CRITICAL, "Sat 03:00", "Mon2 08:00",
         "warn eta 0 Mon 08:00, escalate answer 1 Mon 08:00, escalate eta 3 Mon 08:00");
}

static void
test_a_raise_fires_the_first_level_again(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_add(dealt, (gpointer) "escalate:answer:1:1:0");
  g_hash_table_add(dealt, (gpointer) "warn:start:1:0:1");
  add_move(m, SL_MOVE_RAISED, "Tue 10:30");
  last_move(m)->priority = SL_PRIORITY_CRITICAL;
  g_autofree char *got = schedule(m, SL_PRIORITY_CRITICAL, "Tue 10:30", "Tue 10:45", dealt);
  g_assert_cmpstr(got, ==, "escalate answer 1 Tue 10:30");
  g_autofree char *later = schedule(m, SL_PRIORITY_CRITICAL, "Tue 12:15", "Tue 12:45", dealt);
  g_assert_nonnull(strstr(later, "escalate eta 3 Tue 12:30")); /* the two hours count from the raise */
}

static void
test_the_list_and_the_letter(void)
{
  g_autoptr(GArray) m = received("Mon 10:00", SL_PRIORITY_CRITICAL);
  add_move(m, SL_MOVE_SPOKE, "Mon 10:30");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 10:30");
  last_move(m)->until = at("Fri 16:00");
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_add(dealt, (gpointer) "escalate:eta:10001:3:0");
  g_autofree char *got = schedule(m, SL_PRIORITY_CRITICAL, "Mon 11:00", "Mon 18:00", dealt);
  g_assert_cmpstr(got, ==, "update-request progress 0 Mon 16:45, progress progress 0 Mon 17:30, handover progress 0 Mon 18:00");
}

static void
test_a_late_critical_one_gets_its_list_at_once(void)
{
  g_autoptr(GArray) m = received("Mon 17:10", SL_PRIORITY_CRITICAL);
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_add(dealt, (gpointer) "escalate:answer:1:1:0");
  g_autofree char *got = schedule(m, SL_PRIORITY_CRITICAL, "Mon 17:10", "Mon 17:10", dealt);
  g_assert_cmpstr(got, ==, "update-request progress 0 Mon 17:10");
}

/* ---- what other help desks got wrong ---- */

static void
test_alarm_that_races_an_answer(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_SPOKE, "Tue 12:00"); /* at the very second of the second level */
  expect(m, SL_PRIORITY_STANDARD, "Tue 12:00", "Tue 18:00", "");
}

static void
test_no_escalation_at_midnight(void)
{
  g_autoptr(GArray) m = received("Fri 16:30", SL_PRIORITY_STANDARD);
  expect(
      m, SL_PRIORITY_STANDARD, "Fri 16:30", "Mon2 08:30",
      "warn start 0 Fri 16:45, update-request eta 0 Fri 16:45, escalate answer 1 Fri 16:50, warn answer 0 Fri 17:30, "
      "warn eta 0 Mon 08:00, escalate eta 3 Mon 08:00, escalate answer 2 Mon 08:30");
}

static void
test_due_exactly_at_closing(void)
{
  g_autoptr(GArray) m = received("Fri 16:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_ACTED, "Fri 16:01")->reason = "take";
  expect(m, SL_PRIORITY_STANDARD, "Fri 16:02", "Sat 12:00",
         "update-request eta 0 Fri 16:45, warn answer 0 Fri 17:00, escalate answer 2 Fri 18:00"); /* at closing, not on
                                                                                                     Monday */
}

static void
test_alarms_of_a_weekend(void)
{
  g_autoptr(GArray) m = received("Sat 09:00", SL_PRIORITY_STANDARD);
  expect(m, SL_PRIORITY_STANDARD, "Mon2 08:00", "Mon2 09:40",
         "warn eta 0 Mon 08:00, escalate eta 3 Mon 08:00, warn start 0 Mon 08:15, escalate answer 1 Mon 08:20, warn "
         "answer 0 Mon 09:00");
}

static void
test_daemon_down_for_a_day(void)
{
  g_autoptr(GArray) m = received("Mon 10:00", SL_PRIORITY_STANDARD);
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *late = schedule(m, SL_PRIORITY_STANDARD, "Tue 10:30", "Tue 11:00", none);
  g_assert_true(g_str_has_prefix(
      late,
      "warn start 0 Mon 10:15, escalate answer 1 Mon 10:20, warn answer 0 Mon 11:00, escalate answer 2 Mon 12:00"));
  g_assert_nonnull(strstr(late, "escalate answer 2 Tue 10:00")); /* counted by the schedule, whenever it is asked */
  g_assert_nonnull(strstr(late, "escalate eta 3 Tue 10:00"));
}

static void
test_repeats_stand_still_while_waiting(void)
{
  g_autoptr(GArray) m = received("Mon 09:00", SL_PRIORITY_STANDARD);
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  add_move(m, SL_MOVE_SPOKE, "Mon 09:10");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 09:10")->until = at("Mon 11:00");
  add_move(m, SL_MOVE_WAITING, "Mon 11:30");
  static const char *const keys[] = {"warn:resolve:1001:0:1", "escalate:resolve:1001:2:0", "remind:resolve:1:0:1",
                                     "remind:resolve:1:0:2"};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    g_hash_table_add(dealt, (gpointer)keys[i]);
  g_autofree char *waiting = schedule(m, SL_PRIORITY_STANDARD, "Mon 15:00", "Wed 18:00", dealt);
  g_assert_cmpstr(waiting, ==, "");
  add_move(m, SL_MOVE_RESUMED, "Mon 16:00");
  g_autofree char *after = schedule(m, SL_PRIORITY_STANDARD, "Mon 16:01", "Mon 18:00", dealt);
  g_assert_cmpstr(after, ==, "escalate resolve 2 Mon 16:30"); /* half an hour had passed before the wait */
}

static void
test_breach_is_recorded_though_it_waits_now(void)
{
  g_autoptr(GArray) m = received("Mon 09:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_SPOKE, "Mon 09:10");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 09:10")->until = at("Mon 11:00");
  add_move(m, SL_MOVE_WAITING, "Mon 11:30");
  with_breaches = TRUE; /* no tick ran between 11:00 and 11:30 */
  expect(m, SL_PRIORITY_STANDARD, "Mon 11:40", "Mon 18:00", "breach ack 0 Mon 09:20, breach resolve 0 Mon 11:00");
  with_breaches = FALSE;
}

static void
test_taken_before_the_raise(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_ACTED, "Tue 10:05")->reason = "take";
  add_move(m, SL_MOVE_RAISED, "Tue 10:30")->priority = SL_PRIORITY_CRITICAL;
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:30", "Tue 10:45", "escalate answer 1 Tue 10:30");
  add_move(m, SL_MOVE_ACTED, "Tue 10:31")->reason = "take";
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:32", "Tue 10:45", "");
}

static void
test_raised_when_answered(void)
{
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  add_move(m, SL_MOVE_SPOKE, "Tue 10:05");
  add_move(m, SL_MOVE_RAISED, "Tue 10:30")->priority = SL_PRIORITY_CRITICAL;
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:30", "Tue 10:45", "escalate answer 1 Tue 10:30");
  add_move(m, SL_MOVE_SPOKE, "Tue 10:35");
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:36", "Tue 10:45", "");
}

static void
test_two_promises_one_ladder(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  agreement = sl_agreement_new_default();
  agreement->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL].within_sec = 1800;
  add_move(m, SL_MOVE_ACTED, "Tue 10:01")->reason = "take";
  add_move(m, SL_MOVE_RAISED, "Tue 10:10")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_ACTED, "Tue 10:11")->reason = "take";
  expect(
      m, SL_PRIORITY_CRITICAL, "Tue 10:12", "Tue 13:00",
      "escalate answer 2 Tue 10:40, warn answer 0 Tue 11:00, warn answer 0 Tue 11:10, escalate eta 3 Tue 12:10"); /* the
                                                                                                                     second
                                                                                                                     level
                                                                                                                     once
                                                                                                                   */
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_two_resolve_clocks_one_eta(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(GArray) m = received("Tue 10:00", SL_PRIORITY_STANDARD);
  agreement = sl_agreement_new_default();
  agreement->target[SL_TARGET_RESOLVE][SL_PRIORITY_CRITICAL].within_sec = 12 * 3600;
  add_move(m, SL_MOVE_RAISED, "Tue 10:10")->priority = SL_PRIORITY_CRITICAL;
  add_move(m, SL_MOVE_SPOKE, "Tue 10:11");
  add_move(m, SL_MOVE_ESTIMATED, "Tue 10:11")->until = at("Tue 12:00");
  expect(m, SL_PRIORITY_CRITICAL, "Tue 10:12", "Tue 12:05", "warn resolve 0 Tue 11:00, escalate resolve 2 Tue 12:00");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_low_tickets_with_an_eta_due_on_sunday(void)
{
  g_autoptr(GArray) m = received("Sat 10:00", SL_PRIORITY_LOW);
  expect(m, SL_PRIORITY_LOW, "Sat 10:00", "Mon2 07:59", ""); /* came in after the last list */
  g_autoptr(GArray) friday = received("Fri 15:00", SL_PRIORITY_LOW);
  add_move(friday, SL_MOVE_SPOKE, "Fri 15:10");
  expect(friday, SL_PRIORITY_LOW, "Fri 15:10", "Mon2 08:00",
         "update-request eta 0 Fri 16:45, warn eta 0 Mon 08:00, escalate eta 3 Mon 08:00");
  add_move(friday, SL_MOVE_ESTIMATED, "Fri 15:20")->until = at("Thu2 12:00");
  expect(friday, SL_PRIORITY_LOW, "Fri 15:20", "Mon2 08:00", "");
}

/* Who waited for the customer when the list was written is not made up for when they answer. */
static void
test_an_eta_due_on_saturday_after_a_wait(void)
{
  g_autoptr(GArray) m = received("Fri 10:00", SL_PRIORITY_LOW);
  add_move(m, SL_MOVE_SPOKE, "Fri 10:10");
  add_move(m, SL_MOVE_WAITING, "Fri 10:10");
  add_move(m, SL_MOVE_RESUMED, "Fri 17:29");
  expect(m, SL_PRIORITY_LOW, "Fri 17:29", "Sun 00:00", "");
}

/* Words before opening are words of that day: no courtesy letter goes, so the estimate stands on the list for itself. */
static void
test_an_eta_due_on_saturday_after_early_words(void)
{
  g_autoptr(GArray) m = received("Fri 06:00", SL_PRIORITY_STANDARD);
  courtesy = TRUE;
  add_move(m, SL_MOVE_SPOKE, "Fri 06:30");
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *got = schedule(m, SL_PRIORITY_STANDARD, "Fri 08:00", "Fri 16:45", none);
  g_assert_nonnull(strstr(got, "update-request eta 0 Fri 16:45"));
  courtesy = FALSE;
}

/* A mail that was read late, a call that is told later: the acknowledgement or the call was word enough for what is over. */
static void
test_courtesy_begins_with_the_record(void)
{
  g_autoptr(GArray) m = received("Tue 16:00", SL_PRIORITY_STANDARD);
  courtesy = TRUE;
  last_move(m)->recorded_at = at("Tue 17:45");
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *got = schedule(m, SL_PRIORITY_STANDARD, "Tue 17:45", "Wed 16:45", none);
  g_assert_null(strstr(got, "progress progress 0 Tue 17:30"));
  g_assert_nonnull(strstr(got, "update-request progress 0 Wed 16:45"));
  courtesy = FALSE;
}

/* It stood on Friday's list anyhow: words that come later, or are stated for an earlier time, make no second one. */
static void
test_one_list_a_day(void)
{
  g_autoptr(GArray) m = received("Fri 15:00", SL_PRIORITY_STANDARD);
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  courtesy = TRUE;
  add_move(m, SL_MOVE_SPOKE, "Fri 16:30");
  g_hash_table_add(dealt, (gpointer) "update-request:progress:20261120:0:0");
  g_autofree char *got = schedule(m, SL_PRIORITY_STANDARD, "Fri 16:50", "Fri 17:30", dealt);
  g_assert_cmpstr(got, ==, "progress progress 0 Fri 17:30");
  courtesy = FALSE;
}

/* At noon: the list of that day comes after it. */
static void
test_an_eta_due_in_the_lunch_break(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("lunch", "America/New_York");
  g_autoptr(GArray) m = received("Mon 12:30", SL_PRIORITY_LOW);
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-12:00"));
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 13:00-18:00"));
  agreement = sl_agreement_new_default();
  sl_calendar_free(agreement->calendar);
  agreement->calendar = sl_calendar_new(spec, NULL);
  add_move(m, SL_MOVE_SPOKE, "Mon 13:10");
  expect(m, SL_PRIORITY_LOW, "Mon 13:10", "Tue 18:00", "warn eta 0 Tue 08:00, escalate eta 3 Tue 13:00");
  sl_agreement_free(agreement);
  agreement = plain;
}

static void
test_told_already(void)
{
  g_autoptr(GArray) m = received("Mon 10:00", SL_PRIORITY_CRITICAL);
  add_move(m, SL_MOVE_SPOKE, "Mon 16:00");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 16:00")->until = at("Fri 16:00");
  g_autoptr(GHashTable) dealt = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_add(dealt, (gpointer) "escalate:eta:10001:3:0");
  g_autofree char *got = schedule(m, SL_PRIORITY_CRITICAL, "Mon 16:10", "Mon 18:00", dealt);
  g_assert_cmpstr(got, ==, "handover progress 0 Mon 18:00"); /* neither on the agents' list nor a letter: words went in the two hours before it */
}

/* A call of 17:50 that is written down at 18:05 stood on no list at closing. */
static void
test_no_handover_of_what_came_later(void)
{
  g_autoptr(GArray) m = received("Mon 17:50", SL_PRIORITY_CRITICAL);
  last_move(m)->recorded_at = at("Mon 18:05");
  last_move(m)->stated = TRUE;
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *got = schedule(m, SL_PRIORITY_CRITICAL, "Mon 18:05", "Mon 18:05", none);
  g_assert_null(strstr(got, "handover"));
  last_move(m)->recorded_at = at("Mon 17:55");
  g_autofree char *before = schedule(m, SL_PRIORITY_CRITICAL, "Mon 18:05", "Mon 18:05", none);
  g_assert_nonnull(strstr(before, "handover progress 0 Mon 18:00"));
  last_move(m)->stated = FALSE;
  last_move(m)->recorded_at = at("Mon 18:05"); /* a mail that was read late had come before closing */
  g_autofree char *late = schedule(m, SL_PRIORITY_CRITICAL, "Mon 18:05", "Mon 18:05", none);
  g_assert_nonnull(strstr(late, "handover progress 0 Mon 18:00"));
}

static void
test_half_day(void)
{
  SlAgreement *plain = agreement;
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("half", "America/New_York");
  g_autoptr(GArray) m = received("Mon 10:00", SL_PRIORITY_STANDARD);
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  g_ptr_array_add(spec->special, g_strdup("2026-11-17 08:00-12:00"));
  g_ptr_array_add(spec->special, g_strdup("2026-11-18 08:00-08:20"));
  agreement = sl_agreement_new_default();
  sl_calendar_free(agreement->calendar);
  agreement->calendar = sl_calendar_new(spec, NULL);
  courtesy = TRUE;
  add_move(m, SL_MOVE_SPOKE, "Mon 10:05");
  add_move(m, SL_MOVE_ESTIMATED, "Mon 10:05")->until = at("Fri 16:00");
  expect(m, SL_PRIORITY_STANDARD, "Mon 20:00", "Tue 18:00",
         "update-request progress 0 Mon 16:45, progress progress 0 Mon 17:30, update-request progress 0 Tue 10:45, "
         "progress progress 0 Tue 11:30");
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree char *short_day = schedule(m, SL_PRIORITY_STANDARD, "Tue 12:30", "Wed 18:00", none);
  g_assert_nonnull(strstr(short_day, "update-request progress 0 Wed 08:00, progress progress 0 Wed 08:00"));
  courtesy = FALSE;
  sl_agreement_free(agreement);
  agreement = plain;
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  g_test_add_func("/sla/ladder/no-handover-of-what-came-later", test_no_handover_of_what_came_later);
  g_test_add_func("/sla/ladder/standard", test_standard);
  g_test_add_func("/sla/ladder/take-stops-the-first-level", test_take_stops_the_first_level);
  g_test_add_func("/sla/ladder/a-note-stops-nothing", test_a_note_meets_start_and_stops_nothing);
  g_test_add_func("/sla/ladder/words-stop-it", test_words_stop_the_ladder);
  g_test_add_func("/sla/ladder/repeats", test_repeats_are_counted_by_the_schedule);
  g_test_add_func("/sla/ladder/critical-at-once", test_critical_at_once);
  g_test_add_func("/sla/ladder/nobody-is-woken", test_nobody_is_woken);
  g_test_add_func("/sla/ladder/the-list-is-over-when-it-left", test_the_list_is_over_when_it_left);
  g_test_add_func("/sla/ladder/a-raise-fires-again", test_a_raise_fires_the_first_level_again);
  g_test_add_func("/sla/ladder/list-and-letter", test_the_list_and_the_letter);
  g_test_add_func("/sla/ladder/late-critical-list-at-once", test_a_late_critical_one_gets_its_list_at_once);
  g_test_add_func("/sla/ladder/alarm-that-races-an-answer", test_alarm_that_races_an_answer);
  g_test_add_func("/sla/ladder/no-escalation-at-midnight", test_no_escalation_at_midnight);
  g_test_add_func("/sla/ladder/due-exactly-at-closing", test_due_exactly_at_closing);
  g_test_add_func("/sla/ladder/alarms-of-a-weekend", test_alarms_of_a_weekend);
  g_test_add_func("/sla/ladder/daemon-down-for-a-day", test_daemon_down_for_a_day);
  g_test_add_func("/sla/ladder/repeats-stand-still-while-waiting", test_repeats_stand_still_while_waiting);
  g_test_add_func("/sla/ladder/breach-is-recorded-though-it-waits-now", test_breach_is_recorded_though_it_waits_now);
  g_test_add_func("/sla/ladder/taken-before-the-raise", test_taken_before_the_raise);
  g_test_add_func("/sla/ladder/raised-when-answered", test_raised_when_answered);
  g_test_add_func("/sla/ladder/two-promises-one-ladder", test_two_promises_one_ladder);
  g_test_add_func("/sla/ladder/low-tickets-with-an-eta-due-on-sunday", test_low_tickets_with_an_eta_due_on_sunday);
  g_test_add_func("/sla/ladder/an-eta-due-on-saturday-after-a-wait", test_an_eta_due_on_saturday_after_a_wait);
  g_test_add_func("/sla/ladder/an-eta-due-on-saturday-after-early-words", test_an_eta_due_on_saturday_after_early_words);
  g_test_add_func("/sla/ladder/courtesy-begins-with-the-record", test_courtesy_begins_with_the_record);
  g_test_add_func("/sla/ladder/one-list-a-day", test_one_list_a_day);
  g_test_add_func("/sla/ladder/an-eta-due-in-the-lunch-break", test_an_eta_due_in_the_lunch_break);
  g_test_add_func("/sla/ladder/told-already", test_told_already);
  g_test_add_func("/sla/ladder/half-day", test_half_day);
  g_test_add_func("/sla/ladder/two-resolve-clocks-one-eta", test_two_resolve_clocks_one_eta);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
