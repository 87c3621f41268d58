/* SPDX-License-Identifier: ISC */
#include "story.h"

static SlAgreement *agreement;

/* The schedule as text: "escalate answer L2 Tue 12:00", a line an alarm up to `until`. */
static char *
schedule(GArray *moves, SlPriority priority, const char *now, const char *until, GHashTable *dealt)
{
  g_autoptr(GPtrArray) clocks = run_clocks(moves, agreement, now);
  const SlLadderState state = {.moves = (const SlMove *)(gconstpointer)moves->data, .n_moves = moves->len, .clocks = clocks, .dealt = dealt,
                               .priority = priority, .courtesy = FALSE, .waiting_since = SL_TIME_NONE, .resolved_at = SL_TIME_NONE};
  g_autoptr(GArray) alarms = sl_ladder_schedule(&state, agreement, at(now));
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < alarms->len; i++) {
    const SlAlarm *a = &g_array_index(alarms, SlAlarm, i);
    g_autofree char *when = sl_time_format_zone(a->at, "America/New_York", "%a %H:%M");
    if (a->at <= at(until) && a->kind != SL_ALARM_BREACH)
      g_string_append_printf(text, "%s%s %s %d %s", text->len ? ", " : "", sl_alarm_word(a->kind), sl_target_word(a->target), a->level, when);
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
  static const char *const keys[] = {"warn:start:1:0:1", "escalate:answer:1:1:0", "warn:answer:1:0:0", "escalate:answer:1:2:0"};
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
         "escalate answer 1 Tue 10:00, warn start 0 Tue 10:15, warn answer 0 Tue 11:00, escalate answer 2 Tue 12:00, escalate eta 3 Tue 12:00");
}

static void
test_nobody_is_woken(void)
{
  g_autoptr(GArray) m = received("Sat 03:00", SL_PRIORITY_CRITICAL);
  expect(m, SL_PRIORITY_CRITICAL, "Sat 03:00", "Mon2 08:00", "warn eta 0 Mon 08:00, escalate answer 1 Mon 08:00, escalate eta 3 Mon 08:00");
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
  g_hash_table_add(dealt, (gpointer) "escalate:eta:100:3:0");
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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  g_test_add_func("/sla/ladder/standard", test_standard);
  g_test_add_func("/sla/ladder/take-stops-the-first-level", test_take_stops_the_first_level);
  g_test_add_func("/sla/ladder/a-note-stops-nothing", test_a_note_meets_start_and_stops_nothing);
  g_test_add_func("/sla/ladder/words-stop-it", test_words_stop_the_ladder);
  g_test_add_func("/sla/ladder/repeats", test_repeats_are_counted_by_the_schedule);
  g_test_add_func("/sla/ladder/critical-at-once", test_critical_at_once);
  g_test_add_func("/sla/ladder/nobody-is-woken", test_nobody_is_woken);
  g_test_add_func("/sla/ladder/a-raise-fires-again", test_a_raise_fires_the_first_level_again);
  g_test_add_func("/sla/ladder/list-and-letter", test_the_list_and_the_letter);
  g_test_add_func("/sla/ladder/late-critical-list-at-once", test_a_late_critical_one_gets_its_list_at_once);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
