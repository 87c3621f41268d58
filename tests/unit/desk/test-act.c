/* SPDX-License-Identifier: ISC */
/* One agent's act: all or nothing, its events bear one number, its words are used once. Rows are commands at the shell and mails, on a ticket of
 * a story, and the decision in one line. */
#include "desk/act.h"
#include "pure.h"

static SlPolicy *policy;

#define OPEN     "Tue 10:00 received; Tue 10:00 assigned agent=ana"
#define ANSWERED OPEN "; Tue 10:05 answered by agent:ana how=reply act=3 \"Hello.\""
#define CLOSED   ANSWERED "; Tue 10:10 closed by agent:ana act=4 \"it works\""
#define CALM     "; withdraw escalation escalate:start:; withdraw escalation escalate:answer:; withdraw warning warn:start:; withdraw warning warn:answer:"

typedef struct {
  const char *story, *now, *mail; /* what the agent wrote by mail; NULL: at the shell */
  SlVerb verb;
  const char *argument, *text, *wanted;
} Row;

static const Row rows[] = {
    {OPEN, "Tue 10:05", NULL, SL_VERB_REPLY, NULL, "Hello.", "answered by agent:ana how=reply; letter answer to " MARIA " (3)" CALM "; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_REPLY, NULL, NULL, "refused: an answer needs words; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_NOTE, NULL, "Inside.", "noted by agent:ana; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_ETA, "Fri 16:00", NULL,
     "eta by agent:ana; letter eta to " MARIA " (3); withdraw escalation escalate:eta:; withdraw escalation escalate:resolve:;"
     " withdraw warning warn:eta:; withdraw warning warn:resolve:; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_ETA, "Fry", NULL, "refused: \"Fry\" is no date: say Fri 16:00, tomorrow, 2h or 2026-11-25 16:00; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_TAKE, NULL, NULL, "taken by agent:ana agent=ana; withdraw escalation escalate:answer:1:1:; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_WAIT, NULL, NULL, "refused: the customer wrote last: ask or answer them first, then wait; = command"},
    {CLOSED, "Tue 10:12", NULL, SL_VERB_TAKE, NULL, NULL, "refused: it is closed: /reopen it first; = command"},
    {CLOSED, "Tue 10:12", NULL, SL_VERB_UNDO, NULL, NULL, "undone by agent:ana; = command"},
    {CLOSED, "Tue 10:15", NULL, SL_VERB_UNDO, NULL, NULL, "undone by agent:ana; = command"},
    {CLOSED, "Tue 10:16", NULL, SL_VERB_UNDO, NULL, NULL, "refused: 5 min were the time to undo it (closed), and they are over; = command"},
    {OPEN, "Tue 10:05", NULL, SL_VERB_QUIET, NULL, NULL, "= command"},
    /* by mail */
    {OPEN, "Tue 10:05", "Hello.", SL_VERB_HELP, NULL, NULL, "answered by agent:ana how=reply; letter answer to " MARIA " (3)" CALM "; = outgoing"},
    {OPEN, "Tue 10:05", "/take", SL_VERB_HELP, NULL, NULL,
     "taken by agent:ana agent=ana; letter receipt to " ANA " (m5); withdraw escalation escalate:answer:1:1:; = command"},
    {OPEN, "Tue 10:05", "/take\n/quiet", SL_VERB_HELP, NULL, NULL, "taken by agent:ana agent=ana; withdraw escalation escalate:answer:1:1:; = command"},
    {OPEN, "Tue 10:05", "/take\n/eta Fry", SL_VERB_HELP, NULL, NULL, "letter refusal to " ANA " (m5); = refused"},
    {OPEN, "Tue 10:05", "/eta Fry\n/take", SL_VERB_HELP, NULL, NULL, "letter refusal to " ANA " (m5); = refused"},
    {OPEN, "Tue 10:05", "/tak", SL_VERB_HELP, NULL, NULL, "letter refusal to " ANA " (m5); = refused"},
    {OPEN, "Tue 10:05", "", SL_VERB_HELP, NULL, NULL, "letter refusal to " ANA " (m5); = refused"},
    {OPEN, "Tue 10:05", "One.\n\n/take\n\nTwo.", SL_VERB_HELP, NULL, NULL, "letter hold to " ANA " (m5); hold; = held"},
    {OPEN, "Tue 10:05", "Which browser?\n\n/wait", SL_VERB_HELP, NULL, NULL,
     "answered by agent:ana how=reply; waiting by agent:ana; letter answer to " MARIA " (3); letter receipt to " ANA " (m5)" CALM "; = command"},
};

static char *
decided(const Row *row, SlDecision **out_decision)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, row->now, row->story);
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_AGENT, 1001, ANA);
  g_autoptr(SlMail) mail = pure_mail(ANA, "Re: Login loop", row->mail ? row->mail : "");
  SlStimulus stimulus = {.kind = row->mail ? SL_STIMULUS_MAIL : SL_STIMULUS_COMMAND,
                         .actor = "agent:ana",
                         .mail = {.mail = mail, .mail_id = 5, .received = at(row->now)},
                         .command = {.verb = row->verb, .ticket = 1001, .argument = row->argument, .text = row->text, .when = SL_TIME_NONE}};
  route->scope = row->mail ? SL_SCOPE_REPLY : SL_SCOPE_COMMAND;
  SlDecision *decision = sl_desk_decide(facts, route, &stimulus);
  char *told = pure_told(decision);
  if (out_decision)
    *out_decision = decision;
  else
    sl_decision_free(decision);
  return told;
}

static void
test_rows(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *got = decided(&rows[i], NULL);
    g_test_message("row %u: %s", i, rows[i].mail ? rows[i].mail : sl_verb_word(rows[i].verb));
    g_assert_cmpstr(got, ==, rows[i].wanted);
  }
}

/* What one mail did is one act: its events bear the number of the first, so that /undo takes them all back. */
static void
test_one_number(void)
{
  static const Row row = {OPEN, "Tue 10:05", "/prio critical\n/tag +vip\n/take", SL_VERB_HELP, NULL, NULL, NULL};
  SlDecision *decision = NULL;
  g_autofree char *told = decided(&row, &decision);
  const SlChange *change = decision->changes->pdata[0];
  g_test_message("%s", told);
  g_assert_cmpuint(change->events->len, ==, 3);
  for (guint i = 0; i < change->events->len; i++)
    g_assert_cmpint(sl_json_get_int(((SlEvent *)change->events->pdata[i])->detail, "act", 0), ==, 3);
  sl_decision_free(decision);
}

static void
test_words_once(void)
{
  SlAct act = {.text = "the mail", .why = "because", .when = SL_TIME_NONE};
  g_autofree char *first = sl_act_words(&act, "the line"), *second = sl_act_words(&act, "another");
  g_assert_cmpstr(first, ==, "the line\n\nbecause\n\nthe mail");
  g_assert_cmpstr(second, ==, "another\n\nbecause");
  act.actor = "agent:ana";
  g_assert_cmpstr(sl_act_name(&act), ==, "ana");
  act.actor = "root";
  g_assert_cmpstr(sl_act_name(&act), ==, "root");
}

/* Each verb of a mail has what it needs; only those that need no ticket go without. */
static void
test_table(void)
{
  for (int v = 0; v < SL_N_VERBS; v++) {
    const SlVerbRow *row = sl_verb_row((SlVerb)v);
    gboolean in_receipt = v == SL_VERB_STATUS || v == SL_VERB_HELP || v == SL_VERB_QUIET;
    g_test_message("%s", sl_verb_word((SlVerb)v));
    g_assert_true(row->run != NULL || in_receipt || v == SL_VERB_NEW);
    g_assert_true(v == SL_VERB_NEW || row->event < 0 || sl_status_moves((SlEventKind)row->event));
    SlVerb parsed = SL_N_VERBS;
    gboolean known = sl_verb_parse(sl_verb_word((SlVerb)v), &parsed);
    g_assert_true(known && parsed == (SlVerb)v);
  }
  g_assert_false(sl_verb_by_mail(SL_VERB_REPLY)); /* never to the customer as such */
  g_assert_false(sl_verb_by_mail(SL_VERB_NEW));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_test_add_func("/desk/act/rows", test_rows);
  g_test_add_func("/desk/act/one-number", test_one_number);
  g_test_add_func("/desk/act/words-once", test_words_once);
  g_test_add_func("/desk/act/table", test_table);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
