/* SPDX-License-Identifier: ISC */
#include "sla/agreement.h"

/* The defaults are exactly the agreement's sentences. */
static void
test_defaults(void)
{
  static const struct {
    SlTarget target;
    gint64 within, goal;
    SlCount count;
  } rows[] = {
      {SL_TARGET_ACK, 1200, 0, SL_COUNT_BUSINESS},      {SL_TARGET_START, 1200, 0, SL_COUNT_BUSINESS},
      {SL_TARGET_ANSWER, 7200, 3600, SL_COUNT_BUSINESS}, {SL_TARGET_ETA, 86400, 0, SL_COUNT_WALL},
      {SL_TARGET_RESOLVE, 0, 0, SL_COUNT_BUSINESS},
  };
  g_autoptr(SlAgreement) a = sl_agreement_new_default();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      const SlTargetSpec *spec = sl_agreement_target(a, rows[i].target, (SlPriority)p);
      g_assert_cmpint(spec->within_sec, ==, rows[i].within);
      g_assert_cmpint(spec->goal_sec, ==, rows[i].goal);
      g_assert_cmpint(spec->count, ==, rows[i].count);
    }
  }
  g_assert_cmpuint(a->levels->len, ==, 3);
  g_assert_cmpint(((SlLevel *)a->levels->pdata[1])->repeat_sec, ==, 3600);
}

static void
test_json_round_trip(void)
{
  g_autoptr(SlAgreement) a = sl_agreement_new_default();
  g_autoptr(SlAgreement) copy = sl_agreement_dup(a);
  g_autoptr(SlJson) json = sl_agreement_to_json(a);
  g_autoptr(SlAgreement) back = sl_agreement_from_json(json, NULL);
  g_assert_nonnull(back);
  g_autofree char *hash = sl_agreement_hash(a);
  g_autofree char *hash_copy = sl_agreement_hash(copy);
  g_autofree char *hash_back = sl_agreement_hash(back);
  g_assert_cmpstr(hash, ==, hash_back);
  g_assert_cmpstr(hash, ==, hash_copy);
  copy->objective = 96; /* another promise is another text */
  g_autofree char *other = sl_agreement_hash(copy);
  g_assert_cmpstr(hash, !=, other);
}

static void
test_words(void)
{
  SlMoment moment;
  SlTrigger trigger;
  static const char *const bad_moments[] = {"", "80", "x%", "1001%", "-", "15 m"};
  static const char *const bad_triggers[] = {"", "100%", "100% lunch", "answer", "100%answer"};
  g_assert_true(sl_moment_parse("80%", &moment) && moment.percent == 80);
  g_assert_true(sl_moment_parse("15m", &moment) && moment.percent == -1 && moment.offset_sec == 900 && !moment.before_due);
  g_assert_true(sl_moment_parse("-1h", &moment) && moment.before_due && moment.offset_sec == 3600);
  g_assert_true(sl_trigger_parse("100% answer", &trigger) && trigger.target == SL_TARGET_ANSWER && trigger.percent == 100);
  g_assert_true(sl_trigger_parse("2h", &trigger) && trigger.target == -1 && trigger.offset_sec == 7200);
  for (guint i = 0; i < G_N_ELEMENTS(bad_moments); i++)
    g_assert_false(sl_moment_parse(bad_moments[i], &moment));
  for (guint i = 0; i < G_N_ELEMENTS(bad_triggers); i++)
    g_assert_false(sl_trigger_parse(bad_triggers[i], &trigger));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/agreement/defaults", test_defaults);
  g_test_add_func("/sla/agreement/json-round-trip", test_json_round_trip);
  g_test_add_func("/sla/agreement/words", test_words);
  return g_test_run();
}
