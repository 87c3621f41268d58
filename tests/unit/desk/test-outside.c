/* SPDX-License-Identifier: ISC */
/* Answers that went another way, and the word about a held mail: what is decided, in one line. */
#include "pure.h"

static SlPolicy *policy;

#define OPEN    "Tue 10:00 received; Tue 10:00 assigned agent=ana"
#define ALARMED OPEN "; Tue 10:20 escalated level=1 target=start to=agent:chen,; Tue 12:00 escalated level=2 target=answer to=agent:dana,"

static const PureMail rows[] = {
    {"an answer outside", OPEN, "Tue 10:05", SL_ROUTE_OUTSIDE, ANA, "Try again.", SL_SCOPE_NONE, FALSE, "answered by agent:ana how=outside; withdraw escalation escalate:start:; withdraw escalation escalate:answer:; withdraw warning warn:start:; withdraw warning warn:answer:; = outgoing"},
    {"an empty one", OPEN, "Tue 10:05", SL_ROUTE_OUTSIDE, ANA, "", SL_SCOPE_NONE, FALSE, "answered by agent:ana how=outside; withdraw escalation escalate:start:; withdraw escalation escalate:answer:; withdraw warning warn:start:; withdraw warning warn:answer:; = outgoing"},
    {"an answer outside while alarmed", ALARMED, "Tue 12:10", SL_ROUTE_OUTSIDE, ANA, "Try again.", SL_SCOPE_NONE, FALSE, "answered by agent:ana how=outside; calmed by slate; letter all-clear to chen@poologics.example (6); letter all-clear to dana@poologics.example (6); withdraw escalation escalate:start:; withdraw escalation escalate:answer:; withdraw warning warn:start:; withdraw warning warn:answer:; = outgoing"},
    {"of whom was alarmed", ALARMED, "Tue 12:10", SL_ROUTE_OUTSIDE, DANA, "Try again.", SL_SCOPE_NONE, FALSE, "answered by agent:dana how=outside; calmed by slate; letter all-clear to chen@poologics.example (6); withdraw escalation escalate:start:; withdraw escalation escalate:answer:; withdraw warning warn:start:; withdraw warning warn:answer:; = outgoing"},
    {"OK", OPEN, "Tue 10:05", SL_ROUTE_CONFIRM, ANA, "OK", SL_SCOPE_NOTE, FALSE, "released by agent:ana; release 3; = command"},
    {"drop", OPEN, "Tue 10:05", SL_ROUTE_CONFIRM, ANA, "drop", SL_SCOPE_NOTE, FALSE, "released by agent:ana; drop 3; = command"},
    {"no", OPEN, "Tue 10:05", SL_ROUTE_CONFIRM, ANA, "No.", SL_SCOPE_NOTE, FALSE, "released by agent:ana; drop 3; = command"},
    {"OK of no ticket", NULL, "Tue 10:05", SL_ROUTE_CONFIRM, ANA, "OK", SL_SCOPE_COMMAND, FALSE, "release 3; = command"},
};

static void
test_row(gconstpointer data)
{
  const PureMail *row = data;
  g_autofree char *got = pure_mail_told(policy, row);
  g_assert_cmpstr(got, ==, row->wanted);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  pure_add_mail_tests("/desk/outside", rows, G_N_ELEMENTS(rows), test_row);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
