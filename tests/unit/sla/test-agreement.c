/* SPDX-License-Identifier: ISC */
#include "sla/versions.h"

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

/* ---- versions (S12) ---- */

static void
add_version(GPtrArray *list, const char *version, const char *in_force, gboolean signed_)
{
  SlAgreement *a = sl_agreement_new_default();
  g_free(a->version);
  a->version = g_strdup(version);
  a->in_force = g_strdup(in_force);
  if (signed_)
    g_ptr_array_add(a->agreed, g_strdup("J. Doe for Acme"));
  g_ptr_array_add(list, a);
}

static void
test_in_force(void)
{
  static const struct {
    const char *at, *version;
  } rows[] = {
      {"2025-06-01T00:00:00Z", "2026"}, /* before the first, the first */
      {"2026-11-24T12:00:00Z", "2026"},
      {"2027-01-01T04:59:59Z", "2026"}, /* New York's midnight */
      {"2027-01-01T05:00:00Z", "2027"},
      {"2027-07-01T12:00:00Z", "2027"}, /* the unsigned one of June never came into force */
      {"2028-01-02T12:00:00Z", "2028"},
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_agreement_free);
  add_version(list, "2026", "2026-01-01", TRUE);
  add_version(list, "2028", "2028-01-01", TRUE); /* in any order */
  add_version(list, "2027", "2027-01-01", TRUE);
  add_version(list, "draft", "2027-06-01", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime at;
    g_assert_true(sl_time_parse(rows[i].at, &at));
    g_assert_cmpstr(sl_agreement_in_force(list, "standard", at)->version, ==, rows[i].version);
  }
  g_assert_null(sl_agreement_in_force(list, "gold", 0));
}

static void
test_review(void)
{
  SlTime wanted;
  g_autoptr(SlAgreement) a = sl_agreement_new_default();
  g_assert_cmpint(sl_agreement_review_notice_at(a), ==, SL_TIME_NONE);
  a->review = g_strdup("2026-12-01");
  g_assert_true(sl_time_parse("2026-11-02T13:00:00Z", &wanted)); /* 1 November is a Sunday */
  g_assert_cmpint(sl_agreement_review_notice_at(a), ==, wanted);
  g_free(a->review);
  a->review = g_strdup("2027-03-31");
  g_assert_true(sl_time_parse("2027-03-01T13:00:00Z", &wanted)); /* 28 February is a Sunday */
  g_assert_cmpint(sl_agreement_review_notice_at(a), ==, wanted);
}

static void
test_changed_promise(void)
{
  g_autoptr(SlAgreement) was = sl_agreement_new_default();
  g_free(was->version);
  was->version = g_strdup("2026");
  g_autoptr(SlAgreement) is = sl_agreement_dup(was);
  g_autofree char *same = sl_agreement_changed(was, is);
  g_assert_null(same);
  g_ptr_array_add(is->agreed, g_strdup("J. Doe"));
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_dup(sl_calendar_get_spec(is->calendar));
  g_ptr_array_add(spec->holidays, g_strdup("2026-11-26 Thanksgiving"));
  sl_calendar_free(is->calendar);
  is->calendar = sl_calendar_new(spec, NULL);
  g_autofree char *holiday = sl_agreement_changed(was, is);
  g_assert_null(holiday); /* a holiday and a signature are no other promise */
  is->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL].within_sec = 1800;
  g_autofree char *limit = sl_agreement_changed(was, is);
  g_assert_cmpstr(limit, ==, "answer/critical within: 30 min (was 2 h 00 min)");
  g_free(is->version);
  is->version = g_strdup("2027");
  g_autofree char *other = sl_agreement_changed(was, is);
  g_assert_null(other); /* that is what versions are for */
  g_autoptr(SlAgreement) ladder = sl_agreement_dup(was);
  g_ptr_array_set_size(ladder->levels, 2);
  g_autofree char *levels = sl_agreement_changed(was, ladder);
  g_assert_cmpstr(levels, ==, "levels: 2 (was 3)");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/agreement/defaults", test_defaults);
  g_test_add_func("/sla/agreement/json-round-trip", test_json_round_trip);
  g_test_add_func("/sla/agreement/words", test_words);
  g_test_add_func("/sla/agreement/in-force", test_in_force);
  g_test_add_func("/sla/agreement/review", test_review);
  g_test_add_func("/sla/agreement/changed-promise", test_changed_promise);
  return g_test_run();
}
