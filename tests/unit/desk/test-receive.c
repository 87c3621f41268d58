/* SPDX-License-Identifier: ISC */
/* A customer's later mail, what is held, what machines send: what is decided, in one line. */
#include "pure.h"

static SlPolicy *policy;

#define OPEN     "Tue 10:00 received; Tue 10:00 assigned agent=ana"
#define NOBODYS  "Tue 10:00 received"
#define CRITICAL "Tue 10:00 received priority=critical; Tue 10:00 assigned agent=ana"
#define ANSWERED OPEN "; Tue 10:10 answered by agent:ana how=reply \"Hello\""
#define RESOLVED OPEN "; Tue 10:10 resolved by agent:ana \"Unlocked\""
#define CLOSED   RESOLVED "; Tue 10:20 closed by agent:ana \"it works\""
#define WAITING  ANSWERED "; Tue 10:11 waiting by agent:ana"
#define ALARMED  OPEN "; Tue 10:20 escalated level=1 target=start to=agent:chen,; Tue 12:00 escalated level=2 target=answer to=agent:dana,"

static const PureMail rows[] = {
    {"words", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "It still fails.", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"words by references", OPEN, "Tue 10:05", SL_ROUTE_JOIN, JUAN, "It still fails.", SL_SCOPE_NONE, FALSE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"thanks", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "Thank you!", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"urgent", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "URGENT", SL_SCOPE_NONE, TRUE, "wrote by customer; raised by customer why=URGENT from=standard to=critical; letter message to ana@poologics.example (4); = reply"},
    {"urgent, not proven", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "URGENT", SL_SCOPE_NONE, FALSE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"urgent, and critical already", CRITICAL, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "URGENT", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"solved", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "Solved", SL_SCOPE_NONE, TRUE, "wrote by customer; noreply by customer; resolved by customer; letter message to ana@poologics.example (5); withdraw escalation escalate:; withdraw warning warn:; = reply"},
    {"solved after an answer", ANSWERED, "Tue 10:30", SL_ROUTE_JOIN, MARIA, "Solved", SL_SCOPE_NONE, TRUE, "wrote by customer; resolved by customer; letter message to ana@poologics.example (5); withdraw escalation escalate:; withdraw warning warn:; = reply"},
    {"solved, not proven", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "Solved", SL_SCOPE_NONE, FALSE, "wrote by customer; letter message to ana@poologics.example (3); = reply"},
    {"solved, and resolved already", RESOLVED, "Tue 10:30", SL_ROUTE_JOIN, MARIA, "SOLVED", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to ana@poologics.example (4); = reply"},
    {"solved while alarmed", ALARMED, "Tue 12:10", SL_ROUTE_JOIN, MARIA, "SOLVED", SL_SCOPE_NONE, TRUE, "wrote by customer; noreply by customer; resolved by customer; calmed by slate; letter all-clear to chen@poologics.example (8); letter all-clear to dana@poologics.example (8); letter message to ana@poologics.example (8); withdraw escalation escalate:; withdraw warning warn:; = reply"},
    {"stop", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "STOP", SL_SCOPE_NONE, TRUE, "wrote by customer; stopped by customer; letter message to ana@poologics.example (4); = reply"},
    {"the agreement's critical case", OPEN, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "We cannot create the estimate.", SL_SCOPE_NONE, FALSE, "wrote by customer; raised by customer why=critical: cannot estimate or propose from=standard to=critical; letter message to ana@poologics.example (4); = reply"},
    {"words while waiting", WAITING, "Tue 11:00", SL_ROUTE_JOIN, MARIA, "Firefox.", SL_SCOPE_NONE, TRUE, "wrote by customer; resumed by customer why=the customer wrote; letter message to ana@poologics.example (6); = reply"},
    {"thanks while waiting", WAITING, "Tue 11:00", SL_ROUTE_JOIN, MARIA, "Thanks", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to ana@poologics.example (5); = reply"},
    {"words when resolved", RESOLVED, "Tue 11:00", SL_ROUTE_JOIN, MARIA, "It is back.", SL_SCOPE_NONE, TRUE, "wrote by customer; reopened by customer why=the customer wrote; letter message to ana@poologics.example (5); withdraw closure all; = reply"},
    {"words when closed", CLOSED, "Wed 11:00", SL_ROUTE_JOIN, MARIA, "It is back.", SL_SCOPE_NONE, TRUE, "wrote by customer; reopened by customer why=the customer wrote; letter message to ana@poologics.example (6); withdraw closure all; = reply"},
    {"words on nobody's ticket", NOBODYS, "Tue 10:05", SL_ROUTE_JOIN, MARIA, "Hello?", SL_SCOPE_NONE, TRUE, "wrote by customer; letter message to dana@poologics.example (2); = reply"},
    {"an agent without proof", OPEN, "Tue 10:05", SL_ROUTE_AGENT_HELD, ANA, "Try again.", SL_SCOPE_NONE, FALSE, "held by slate; letter hold to ana@poologics.example (m5); hold; = held"},
    {"an agent without proof or ticket", NULL, "Tue 10:05", SL_ROUTE_AGENT_HELD, ANA, "Try again.", SL_SCOPE_NONE, FALSE, "letter hold to ana@poologics.example (m5); hold; = held"},
    {"a stranger", OPEN, "Tue 10:05", SL_ROUTE_STRANGER_HELD, ELSE, "Send me the file.", SL_SCOPE_NONE, FALSE, "held by slate; letter hold to ana@poologics.example (m5); hold; = held"},
    {"a stranger on nobody's ticket", NOBODYS, "Tue 10:05", SL_ROUTE_STRANGER_HELD, ELSE, "Send me the file.", SL_SCOPE_NONE, FALSE, "held by slate; letter hold to dana@poologics.example (m5); hold; = held"},
};

static void
test_row(gconstpointer data)
{
  const PureMail *row = data;
  g_autofree char *got = pure_mail_told(policy, row);
  g_assert_cmpstr(got, ==, row->wanted);
}

/* Machines: no letter to anybody, whoever they speak for. */
static void
test_machines(void)
{
  static const struct {
    SlOrigin origin;
    SlRouteKind kind;
    const char *from, *story, *wanted;
  } machines[] = {
      {SL_ORIGIN_AUTO_REPLY, SL_ROUTE_AUTO_REPLY, MARIA, OPEN, "joined by slate; = auto-reply"},
      {SL_ORIGIN_AUTO_REPLY, SL_ROUTE_AUTO_REPLY, MARIA, NULL, "= auto-reply"},
      {SL_ORIGIN_AUTO_REPLY, SL_ROUTE_AUTO_REPLY, ANA, OPEN,
       "assigned by slate agent=bill how=absent; joined by slate; letter assignment to " BILL " (3); ana is away; = auto-reply"},
      {SL_ORIGIN_AUTO_REPLY, SL_ROUTE_AUTO_REPLY, BILL, OPEN, "joined by slate; bill is away; = auto-reply"},
      {SL_ORIGIN_AUTO_REPLY, SL_ROUTE_AUTO_REPLY, ANA, NULL, "ana is away; = auto-reply"},
      {SL_ORIGIN_LIST, SL_ROUTE_NO_TICKET, MARIA, NULL, "= list"},
      {SL_ORIGIN_SELF, SL_ROUTE_NO_TICKET, MARIA, NULL, "= self"},
      {SL_ORIGIN_PERSON, SL_ROUTE_NO_TICKET, "support@poologics.example", NULL, "= self"},
      {SL_ORIGIN_PERSON, SL_ROUTE_NO_TICKET, MARIA, NULL, "= ignored"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(machines); i++) {
    g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", machines[i].story);
    g_autoptr(SlRoute) route = pure_route(policy, machines[i].kind, machines[i].story ? 1001 : 0, machines[i].from);
    g_autoptr(SlMail) mail = pure_mail(machines[i].from, "s", "t");
    SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL, .mail = {.mail = mail, .mail_id = 5, .received = at("Tue 10:05")}};
    mail->origin = machines[i].origin;
    g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
    g_autofree char *got = pure_told(decision);
    g_test_message("row %u", i);
    g_assert_cmpstr(got, ==, machines[i].wanted);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  pure_add_mail_tests("/desk/receive", rows, G_N_ELEMENTS(rows), test_row);
  g_test_add_func("/desk/receive/machines", test_machines);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
