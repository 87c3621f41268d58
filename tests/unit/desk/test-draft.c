/* SPDX-License-Identifier: ISC */
/* Drafts: who gets a letter, what it answers, which time it prints, who is told that it is over. */
#include "pure.h"

static SlPolicy *policy;

#define OPEN "Tue 10:00 received; Tue 10:00 assigned agent=ana"

static char *
joined(GPtrArray *list)
{
  g_ptr_array_add(list, NULL);
  return g_strjoinv(" ", (char **)list->pdata);
}

static void
test_workers(void)
{
  static const struct {
    const char *story, *wanted;
    gboolean assigned;
  } rows[] = {
      {OPEN, ANA, TRUE},
      {"Tue 10:00 received", DANA, FALSE},
      {"Tue 10:00 received; Tue 10:00 assigned agent=gone", DANA, FALSE}, /* no agent any more */
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", rows[i].story);
    gboolean assigned = !rows[i].assigned;
    g_autoptr(GPtrArray) workers = sl_draft_workers(policy, sl_facts_ticket(facts, 1001)->ticket, &assigned);
    g_autofree char *got = joined(workers);
    g_assert_cmpstr(got, ==, rows[i].wanted);
    g_assert_cmpint(assigned, ==, rows[i].assigned);
  }
  g_autoptr(SlPolicy) nobody = sl_policy_new();
  nobody->postmaster = g_strdup("pm@x.example");
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", "Tue 10:00 received");
  g_autoptr(GPtrArray) workers = sl_draft_workers(nobody, sl_facts_ticket(facts, 1001)->ticket, NULL);
  g_autofree char *got = joined(workers);
  g_assert_cmpstr(got, ==, "pm@x.example");
}

/* An empty level, or one whose only person is the assignee or away, passes upward, at last to the postmaster (S11). */
static void
test_levels(void)
{
  static const struct {
    int level;
    const char *assignee, *away, *wanted;
  } rows[] = {
      {1, "ana", NULL, CHEN},          {1, "chen", NULL, DANA},        {1, "ana", "chen", DANA},
      {2, "ana", NULL, DANA},          {2, "dana", NULL, PIA},         {3, "ana", NULL, PIA},
      {3, "pia", NULL, "postmaster@poologics.example"}, {4, "ana", NULL, "postmaster@poologics.example"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", OPEN);
    if (rows[i].away)
      g_hash_table_add(facts->absent, g_strdup(rows[i].away));
    g_autoptr(GPtrArray) people = sl_draft_level(facts, sl_facts_ticket(facts, 1001)->agreement, rows[i].level, rows[i].assignee);
    g_autofree char *got = joined(people);
    g_test_message("L%d, assignee %s, away %s", rows[i].level, rows[i].assignee, rows[i].away ? rows[i].away : "-");
    g_assert_cmpstr(got, ==, rows[i].wanted);
  }
}

static void
test_staff_names(void)
{
  g_autofree char *agent = sl_draft_staff_name(policy, CHEN), *other = sl_draft_staff_name(policy, "p@x.example");
  g_assert_cmpstr(agent, ==, "agent:chen");
  g_assert_cmpstr(other, ==, "p@x.example");
  g_assert_cmpstr(sl_draft_staff_address(policy, "agent:chen"), ==, CHEN);
  g_assert_cmpstr(sl_draft_staff_address(policy, "p@x.example"), ==, "p@x.example");
  g_assert_null(sl_draft_staff_address(policy, "agent:gone"));
}

static void
test_to_customer(void)
{
  static const struct {
    const char *subject, *wanted;
  } rows[] = {{"Login loop", "Re: Login loop"}, {"RE: Login loop", "RE: Login loop"}, {"Aw: Login", "Aw: Login"}, {"Research", "Re: Research"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *story = g_strdup_printf("Tue 10:00 received \"%s\"", rows[i].subject);
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", story);
    g_autoptr(SlLetter) letter = sl_draft_to_customer(facts, sl_facts_ticket(facts, 1001), SL_LETTER_ANSWER, "answer");
    g_assert_cmpstr(letter->subject, ==, rows[i].wanted);
    g_assert_cmpstr(letter->to->pdata[0], ==, MARIA);
    g_assert_cmpint(letter->reply_scope, ==, SL_SCOPE_REPLY);
    g_assert_cmpint(letter->voice, ==, SL_VOICE_MACHINE);
  }
}

static void
test_times(void)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", "Tue 10:00 received client=blauwasser from=" LENA);
  const SlTicketFacts *ticket = sl_facts_ticket(facts, 1001);
  g_autofree char *theirs = sl_draft_time(facts, ticket, at("Tue 12:00")), *ours = sl_draft_our_time(facts, ticket, at("Wed 12:00"));
  g_assert_cmpstr(theirs, ==, "12:00 EST (18:00 your time)");
  g_assert_cmpstr(ours, ==, "Wed 12:00 EST");
}

/* The acknowledgement prints one time, that of a running clock; out of hours when we open. */
static void
test_ack_times(void)
{
  static const struct {
    const char *story, *now, *by, *opens;
  } rows[] = {
      {"Tue 10:00 received", "Tue 10:00", "12:00 EST", NULL},
      {"Tue 22:00 received", "Tue 22:00", "Wed 10:00 EST", "Wed 08:00 EST"},
      {"Sat 12:00 received", "Sat 12:00", "Mon 10:00 EST", "Mon 08:00 EST"},
      {"Tue 10:00 received; Tue 10:01 answered by agent:ana how=reply \"x\"", "Tue 10:02", NULL, NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlFacts) facts = pure_facts(policy, rows[i].now, rows[i].story);
    g_autoptr(SlLetter) letter = sl_letter_new(SL_LETTER_ACK, "ack", 1001);
    sl_draft_ack_times(facts, sl_facts_ticket(facts, 1001), letter);
    g_test_message("%s", rows[i].story);
    g_assert_cmpstr(sl_json_get_string(letter->fields, "by"), ==, rows[i].by);
    g_assert_cmpstr(sl_json_get_string(letter->fields, "opens"), ==, rows[i].opens);
    g_assert_cmpint(sl_json_get_bool(letter->fields, "closed"), ==, rows[i].opens != NULL);
  }
}

/* The ticket as the decision will leave it, and the number that its newest event gets. */
static void
test_after(void)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", OPEN);
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_AGENT, 1001, ANA);
  g_autoptr(SlDecision) decision = sl_decision_new();
  g_autofree char *before = sl_draft_cause(facts, decision, 1001);
  sl_decision_event(decision, 1001, SL_EVENT_ANSWERED, facts->now, "agent:ana");
  sl_decision_event(decision, 1001, SL_EVENT_WAITING, facts->now, "agent:ana");
  g_autofree char *cause = sl_draft_cause(facts, decision, 1001), *fresh = sl_draft_cause(facts, decision, 0);
  SlTicketFacts *after = sl_draft_after(facts, route, decision, 1001);
  g_assert_cmpstr(before, ==, "2");
  g_assert_cmpstr(cause, ==, "4");
  g_assert_cmpstr(fresh, ==, "0");
  g_assert_cmpint(after->ticket->status, ==, SL_TICKET_WAITING);
  g_assert_cmpint(after->ticket->seq, ==, 4);
  g_assert_cmpint(sl_clock_find(after->clocks, SL_TARGET_ANSWER, 0)->state, ==, SL_CLOCK_MET);
  g_assert_cmpint(sl_facts_ticket(facts, 1001)->ticket->status, ==, SL_TICKET_OPEN);
  sl_ticket_facts_free(after);
}

/* Level 1 of start and answer, level 2 of the answer: words. Level 2 of a broken estimate: a new one. Level 3: an estimate. All: the end. */
static void
test_all_clear(void)
{
  static const struct {
    const char *alarmed; /* an event of the story */
    SlTarget ended;
    const char *actor;
    gboolean told;
  } rows[] = {
      {"escalated level=1 target=start to=agent:chen,", SL_TARGET_ANSWER, "agent:ana", TRUE},
      {"escalated level=2 target=answer to=agent:chen,", SL_TARGET_ANSWER, "agent:ana", TRUE},
      {"escalated level=2 target=answer to=agent:chen,", SL_TARGET_ETA, "agent:ana", FALSE},
      {"escalated level=2 target=resolve to=agent:chen,", SL_TARGET_ANSWER, "agent:ana", FALSE},
      {"escalated level=2 target=resolve to=agent:chen,", SL_TARGET_ETA, "agent:ana", TRUE},
      {"escalated level=3 target=eta to=agent:chen,", SL_TARGET_ETA, "agent:ana", TRUE},
      {"escalated level=3 target=resolve to=agent:chen,", SL_TARGET_ETA, "agent:ana", FALSE},
      {"escalated level=3 target=resolve to=agent:chen,", SL_TARGET_RESOLVE, "agent:ana", TRUE},
      {"escalated level=2 target=answer to=agent:chen,", SL_TARGET_ANSWER, "agent:chen", FALSE}, /* who ended it knows */
      {"escalated level=2 target=answer to=agent:gone,", SL_TARGET_ANSWER, "agent:ana", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *story = g_strdup_printf("%s; Tue 12:00 %s", OPEN, rows[i].alarmed);
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 12:10", story);
    g_autoptr(SlDecision) decision = sl_decision_new();
    sl_draft_all_clear(facts, decision, sl_facts_ticket(facts, 1001), rows[i].ended, "It is over", rows[i].actor);
    g_test_message("%s, %s ended", rows[i].alarmed, sl_target_word(rows[i].ended));
    g_assert_cmpuint(decision->letters->len, ==, rows[i].told);
    g_assert_cmpuint(decision->withdrawals->len, >, 0);
  }
}

/* The estimate moves by the business time waited, and only where it moved (S10). */
static void
test_moved_eta(void)
{
  static const struct {
    const char *story;
    gboolean moved;
  } rows[] = {
      {OPEN "; Tue 10:05 eta by agent:ana until=Wed_12:00; Tue 11:00 waiting by agent:ana; Tue 13:00 resumed by agent:ana", TRUE},
      {OPEN "; Tue 10:05 eta by agent:ana until=Wed_12:00; Tue 19:00 waiting by agent:ana; Tue 20:00 resumed by agent:ana", FALSE},
      {OPEN "; Tue 11:00 waiting by agent:ana; Tue 13:00 resumed by agent:ana", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 20:00", rows[i].story);
    g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_AGENT, 1001, ANA);
    g_autoptr(SlDecision) decision = sl_decision_new();
    sl_draft_moved_eta(facts, route, 1001, decision);
    g_test_message("row %u", i);
    g_assert_cmpuint(decision->letters->len, ==, rows[i].moved);
    g_assert_cmpuint(decision->changes->len, ==, rows[i].moved);
    if (rows[i].moved && decision->changes->len) {
      const SlChange *change = decision->changes->pdata[0];
      g_assert_true(sl_json_get_time(((SlEvent *)change->events->pdata[0])->detail, "until") == at("Wed 14:00"));
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_test_add_func("/desk/draft/workers", test_workers);
  g_test_add_func("/desk/draft/levels", test_levels);
  g_test_add_func("/desk/draft/staff-names", test_staff_names);
  g_test_add_func("/desk/draft/to-customer", test_to_customer);
  g_test_add_func("/desk/draft/times", test_times);
  g_test_add_func("/desk/draft/ack-times", test_ack_times);
  g_test_add_func("/desk/draft/after", test_after);
  g_test_add_func("/desk/draft/all-clear", test_all_clear);
  g_test_add_func("/desk/draft/moved-eta", test_moved_eta);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
