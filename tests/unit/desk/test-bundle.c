/* SPDX-License-Identifier: ISC */
/* The letter that a person's notices make: what still holds is in it, what does not is spent in silence. */
#include "pure.h"

static SlPolicy *policy;

typedef struct {
  const char *what, *person;
  const char *first, *second; /* stories of 1001 and 1002 */
  const char *notices;        /* "1001=ack 1002=ack" */
  const char *now, *wanted;
} Row;

#define OPEN     "Tue 10:00 received; Tue 10:00 assigned agent=ana"
#define ACKED    OPEN "; Tue 10:05 acknowledged"
#define SPAM     OPEN "; Tue 10:05 spam by agent:ana"
#define ANSWERED OPEN "; Tue 10:05 answered by agent:ana how=reply \"News.\""
#define RESOLVED OPEN "; Tue 10:05 resolved by agent:ana \"Done.\""
#define WAITING  ANSWERED "; Tue 10:06 waiting by agent:ana"
#define BILLS    "; Tue 10:05 assigned agent=bill"
#define ESTIMATED ANSWERED "; Tue 10:06 eta by agent:ana until=Fri_16:00"

static const Row rows[] = {
    {"one acknowledgement for two", MARIA, OPEN, OPEN, "1001=ack 1002=ack", "Tue 10:10", "ack ack-combined 1001 1002"},
    {"one was acknowledged meanwhile", MARIA, ACKED, OPEN, "1001=ack 1002=ack", "Tue 10:10", "ack ack-combined 1002"},
    {"one was spam", MARIA, SPAM, OPEN, "1001=ack 1002=ack", "Tue 10:10", "ack ack-combined 1002"},
    {"both were", MARIA, SPAM, ACKED, "1001=ack 1002=ack", "Tue 10:10", ""},
    {"the list before closing", ANA, ANSWERED, ANSWERED, "1001=update:20261117 1002=update:20261117", "Tue 16:45", "update-request update-request 1001 1002"},
    {"one was resolved meanwhile", ANA, RESOLVED, ANSWERED, "1001=update:20261117 1002=update:20261117", "Tue 16:45", "update-request update-request 1002"},
    {"one waits", ANA, WAITING, ANSWERED, "1001=update:20261117 1002=update:20261117", "Tue 16:45", "update-request update-request 1002"},
    {"an estimate falls due while closed", ANA, ANSWERED, ANSWERED, "1001=update:eta:1", "Tue 16:45", "update-request update-request 1001"},
    {"an estimate was given meanwhile", ANA, ESTIMATED, ANSWERED, "1001=update:eta:1", "Tue 16:45", ""},
    {"hand-over", DANA, OPEN, WAITING, "1001=handover:20261117 1002=handover:20261117", "Tue 18:00", "handover handover 1001 1002"},
    {"hand-over of what ended", DANA, RESOLVED, SPAM, "1001=handover:20261117 1002=handover:20261117", "Tue 18:00", ""},
    {"inherited", BILL, OPEN BILLS, OPEN BILLS, "1001=inherit:ana:2:bill 1002=inherit:ana:2:bill", "Tue 10:10", "assignment inherited 1001 1002"},
    {"inherited, and one went on", BILL, OPEN, OPEN BILLS, "1001=inherit:ana:2:bill 1002=inherit:ana:2:bill", "Tue 10:10", "assignment inherited 1002"},
    {"orphaned, and one was given to somebody", DANA, "Tue 10:00 received", OPEN BILLS, "1001=orphan:ana:2 1002=orphan:ana:2", "Tue 10:10", "assignment orphaned 1001"},
    {"warnings", ANA, OPEN, OPEN, "1001=warn:answer:1:0:0 1002=warn:answer:1:0:0", "Tue 11:10", "warning alarms 1001 1002"},
    {"escalations", DANA, OPEN, OPEN, "1001=escalate:answer:1:2:0 1002=escalate:answer:1:2:0", "Tue 12:10", "escalation alarms 1001 1002; told 1001; told 1002"},
    {"one was answered meanwhile", DANA, ANSWERED, OPEN, "1001=escalate:answer:1:2:0 1002=escalate:answer:1:2:0", "Tue 12:10", "escalation escalation; told 1002"},
    {"an escalation and a warning are one letter", CHEN, OPEN, OPEN, "1001=escalate:answer:1:1:0 1002=warn:answer:1:0:0", "Tue 11:46", "escalation alarms 1001 1002; told 1001"},
    {"a broken promise that had to wait", DANA, OPEN, ANSWERED, "1001=breach:ack:1:0:0", "Tue 10:30", "breach breach"},
    {"broken promises", DANA, OPEN, OPEN, "1001=breach:ack:1:0:0 1002=breach:ack:1:0:0", "Tue 10:30", "breach alarms 1001 1002"},
    {"an acknowledgement that came late after all", DANA, ACKED, OPEN, "1001=breach:ack:1:0:0 1002=breach:ack:1:0:0", "Tue 10:30", "breach breach"},
    {"two kinds are two letters", ANA, OPEN, ANSWERED, "1001=warn:answer:1:0:0 1002=update:20261117", "Tue 16:45", "update-request update-request 1002, warning warning"},
    {"nothing is ready", ANA, OPEN, OPEN, "", "Tue 10:10", ""},
};

static void
add_notice(SlFacts *facts, const char *text)
{
  g_auto(GStrv) pair = g_strsplit(text, "=", 2);
  SlNotice *notice = g_new0(SlNotice, 1);
  notice->ticket = g_ascii_strtoll(pair[0], NULL, 10);
  notice->cause = g_strdup(pair[1]);
  notice->ready = facts->now;
  g_ptr_array_add(facts->notices, notice);
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlFacts) facts = pure_facts(policy, row->now, row->first);
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_BUNDLE, 1001, row->person);
  SlStimulus stimulus = {.kind = SL_STIMULUS_BUNDLE, .person = row->person};
  g_auto(GStrv) notices = g_strsplit(row->notices, " ", -1);
  g_ptr_array_add(facts->tickets, pure_ticket(policy, 1002, row->second, row->now));
  for (guint i = 0; notices[i] && *notices[i]; i++)
    add_notice(facts, notices[i]);
  g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; i < decision->letters->len; i++) {
    const SlLetter *letter = decision->letters->pdata[i];
    g_string_append_printf(got, "%s%s %s", i ? ", " : "", sl_letter_word(letter->kind), letter->template_name);
    for (guint k = 0; letter->tickets && k < letter->tickets->len; k++)
      g_string_append_printf(got, " %d", (int)g_array_index(letter->tickets, gint64, k));
    g_assert_cmpstr(letter->to->pdata[0], ==, row->person);
  }
  for (guint i = 0; i < decision->changes->len; i++) {
    const SlChange *change = decision->changes->pdata[i];
    for (guint k = 0; k < change->events->len; k++)
      g_string_append_printf(got, "; %s %d", sl_event_word(((const SlEvent *)change->events->pdata[k])->kind), (int)change->ticket);
  }
  g_assert_cmpstr(got->str, ==, row->wanted);
  g_assert_cmpuint(decision->spent_notices->len, ==, facts->notices->len);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/desk/bundle/%s", rows[i].what);
    g_strdelimit(name, " ", '-');
    g_test_add_data_func(name, &rows[i], test_row);
  }
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
