/* SPDX-License-Identifier: ISC */
/* A decision is filled, forgotten, refused; every route gives one, and none that is over says nothing of what it is about. */
#include "pure.h"

static SlPolicy *policy;

static void
test_changes(void)
{
  g_autoptr(SlDecision) d = sl_decision_new();
  sl_decision_event(d, 1001, SL_EVENT_NOTED, at("Tue 10:00"), "agent:ana");
  sl_decision_event(d, 1002, SL_EVENT_LINKED, at("Tue 10:00"), "agent:ana");
  sl_decision_event(d, 1001, SL_EVENT_TAKEN, at("Tue 10:00"), "agent:ana");
  g_assert_cmpuint(d->changes->len, ==, 2);
  const SlChange *first = d->changes->pdata[0];
  g_assert_cmpint(first->ticket, ==, 1001);
  g_assert_cmpuint(first->events->len, ==, 2);
  g_assert_cmpint(((SlEvent *)first->events->pdata[0])->ticket, ==, 1001);
  g_assert_true(sl_decision_change(d, 1001) == first);
}

static void
fill(SlDecision *d)
{
  static const SlAlarm alarm = {.kind = SL_ALARM_WARN, .target = SL_TARGET_ANSWER, .cycle = 1};
  sl_decision_event(d, 1001, SL_EVENT_NOTED, at("Tue 10:00"), "agent:ana");
  sl_decision_letter(d, sl_letter_new(SL_LETTER_ANSWER, "answer", 1001));
  sl_decision_notice(d, ANA, 1001, "ack", at("Tue 10:00"));
  sl_decision_spend(d, ANA, 1001, "ack");
  sl_decision_withdraw(d, 1001, SL_LETTER_WARNING, "warn:");
  sl_decision_absence(d, "ana", at("Wed 10:00"));
  sl_decision_fire(d, 1001, &alarm, 1);
  d->leaked_token = g_strdup("hash");
  d->release = d->drop = d->move_mail = 5;
}

/* All or nothing: what a refused act had decided is gone, all of it. */
static void
test_forget(void)
{
  g_autoptr(SlDecision) d = sl_decision_new();
  fill(d);
  sl_decision_forget(d);
  g_autofree char *left = pure_told(d);
  d->outcome = SL_OUTCOME_NONE;
  g_autofree char *nothing = pure_told(d);
  g_assert_cmpstr(nothing, ==, "");
  g_assert_cmpuint(d->fired->len + d->spent_notices->len, ==, 0);
  g_assert_null(d->leaked_token);
  g_assert_cmpint(d->release + d->drop + d->move_mail, ==, 0);
  fill(d); /* and it can be filled again */
  g_assert_cmpuint(d->changes->len, ==, 1);
}

static void
test_refuse(void)
{
  g_autoptr(SlDecision) d = sl_decision_new();
  sl_decision_refuse(d, SL_ERROR_DENIED, "no: %d", 1);
  sl_decision_refuse(d, SL_ERROR_USAGE, "no: %d", 2);
  g_assert_error(d->refusal, SL_ERROR, SL_ERROR_USAGE);
  g_assert_cmpstr(d->refusal->message, ==, "no: 2");
}

static void
test_absence(void)
{
  g_autoptr(SlDecision) d = sl_decision_new();
  sl_decision_absence(d, "ana", at("Wed 10:00"));
  sl_decision_absence(d, "bill", SL_TIME_NONE);
  g_assert_cmpstr(d->absence->agent, ==, "bill");
  g_assert_true(d->absence->until == SL_TIME_NONE);
}

static void
test_outcome_words(void)
{
  for (int i = 0; i <= SL_OUTCOME_NONE; i++) {
    SlOutcome outcome = SL_OUTCOME_NONE;
    gboolean parsed = sl_outcome_parse(sl_outcome_word((SlOutcome)i), &outcome);
    g_assert_true(parsed);
    g_assert_cmpint(outcome, ==, i);
  }
}

/* decide: a route is one function's, and its outcome says which. */
static void
test_every_route(void)
{
  static const PureMail rows[] = {
      {"", NULL, "Tue 10:05", SL_ROUTE_NEW, MARIA, "x", SL_SCOPE_NONE, FALSE, "new"},
      {"", NULL, "Tue 10:05", SL_ROUTE_BULK, MARIA, "x", SL_SCOPE_NONE, FALSE, "bulk"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_JOIN, MARIA, "x", SL_SCOPE_NONE, FALSE, "reply"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_FOLLOW_UP, MARIA, "x", SL_SCOPE_NONE, FALSE, "new"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_AGENT, ANA, "x", SL_SCOPE_REPLY, FALSE, "outgoing"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_AGENT, ANA, "x", SL_SCOPE_NOTE, FALSE, "command"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_AGENT, ANA, "/take", SL_SCOPE_REPLY, FALSE, "command"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_AGENT, ANA, "/tak", SL_SCOPE_REPLY, FALSE, "refused"},
      {"", NULL, "Tue 10:05", SL_ROUTE_INITIATED, ANA, "x", SL_SCOPE_NONE, FALSE, "outgoing"},
      {"", NULL, "Tue 10:05", SL_ROUTE_CALL, ANA, "x", SL_SCOPE_PHONE, FALSE, "new"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_OUTSIDE, ANA, "x", SL_SCOPE_NONE, FALSE, "outgoing"},
      {"", NULL, "Tue 10:05", SL_ROUTE_AGENT_HELD, ANA, "x", SL_SCOPE_NONE, FALSE, "held"},
      {"", "Tue 10:00 received; Tue 10:00 assigned agent=ana", "Tue 10:05", SL_ROUTE_STRANGER_HELD, ELSE, "x", SL_SCOPE_NONE, FALSE, "held"},
      {"", NULL, "Tue 10:05", SL_ROUTE_NO_TICKET, MARIA, "x", SL_SCOPE_NONE, FALSE, "ignored"},
      {"", NULL, "Tue 10:05", SL_ROUTE_BOUNCE, NULL, "x", SL_SCOPE_NONE, FALSE, "bounce"},
      {"", "Tue 10:00 received", "Tue 10:05", SL_ROUTE_DUPLICATE, MARIA, "x", SL_SCOPE_NONE, FALSE, "duplicate"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *told = pure_mail_told(policy, &rows[i]);
    g_autofree char *wanted = g_strconcat("= ", rows[i].wanted, NULL);
    g_test_message("row %u: %s", i, told);
    g_assert_true(g_str_has_suffix(told, wanted));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_test_add_func("/desk/decision/changes", test_changes);
  g_test_add_func("/desk/decision/forget", test_forget);
  g_test_add_func("/desk/decision/refuse", test_refuse);
  g_test_add_func("/desk/decision/absence", test_absence);
  g_test_add_func("/desk/decision/outcomes", test_outcome_words);
  g_test_add_func("/desk/decide/every-route", test_every_route);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
