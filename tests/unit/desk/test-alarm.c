/* SPDX-License-Identifier: ISC */
/* What is done when an alarm is due: a ticket's story, the moment, and the decision in one line. An alarm on a ticket answered a moment ago
 * does nothing. */
#include "pure.h"

static SlPolicy *policy;

typedef struct {
  const char *what, *story, *now;
  const char *window; /* "chen Tue_10:30": alarms to them are gathered until then; NULL */
  const char *away;   /* an agent's name; NULL */
  const char *wanted;
} Row;

#define OPEN     "Tue 10:00 received; Tue 10:00 acknowledged; Tue 10:00 assigned agent=ana"
#define NOBODYS  "Tue 10:00 received; Tue 10:00 acknowledged"
#define CRITICAL "Tue 10:00 received priority=critical; Tue 10:00 acknowledged; Tue 10:00 assigned agent=ana"
#define TAKEN    OPEN "; Tue 10:05 taken by agent:ana agent=ana"
#define ANSWERED TAKEN "; Tue 10:10 answered by agent:ana how=reply \"We look at it.\""
#define ESTIMATED TAKEN "; Tue 10:10 eta by agent:ana until=Wed_12:00 \"A part is missing.\""
#define QUIET    ANSWERED "; Tue 10:11 eta by agent:ana until=Fri_16:00" TUESDAY_DONE
#define TUESDAY_DONE "; Tue 16:45 skipped alarm=update-request:progress:20261117:0:0; Tue 17:30 skipped alarm=progress:progress:20261117:0:0"
#define WAITING  ANSWERED "; Tue 10:11 waiting by agent:ana"

static const Row rows[] = {
    {"nothing is due", OPEN, "Tue 10:10", NULL, NULL, ""},
    {"start warned", OPEN, "Tue 10:15", NULL, NULL, "warned by slate target=start; letter warning to ana@poologics.example (warn:start:1:0:1)"},
    {"start warned, nobody's ticket", NOBODYS, "Tue 10:15", NULL, NULL, "warned by slate target=start; letter warning to dana@poologics.example (warn:start:1:0:1)"},
    {"start warned once", OPEN "; Tue 10:15 warned alarm=warn:start:1:0:1", "Tue 10:16", NULL, NULL, ""},
    {"start broken", OPEN "; Tue 10:15 warned alarm=warn:start:1:0:1", "Tue 10:20", NULL, NULL, "breached by slate target=start; escalated by slate level=1 target=answer to=agent:chen; letter escalation to chen@poologics.example (escalate:answer:1:1:0); withdraw escalation escalate:answer:1:1:"},
    {"taken in time", TAKEN, "Tue 10:20", NULL, NULL, ""},
    {"start broken, the senior is away", OPEN "; Tue 10:15 warned alarm=warn:start:1:0:1", "Tue 10:20", NULL, "chen", "breached by slate target=start; escalated by slate level=1 target=answer to=agent:dana; letter escalation to dana@poologics.example (escalate:answer:1:1:0); withdraw escalation escalate:answer:1:1:"},
    {"start broken, alarms are gathered", OPEN "; Tue 10:15 warned alarm=warn:start:1:0:1", "Tue 10:20", "chen Tue_10:30", NULL, "breached by slate target=start; escalated by slate level=1 target=answer to=agent:chen; notice escalate:answer:1:1:0 to chen@poologics.example; withdraw escalation escalate:answer:1:1:"},
    {"start broken, the window is over", OPEN "; Tue 10:15 warned alarm=warn:start:1:0:1", "Tue 10:20", "chen Tue_10:20", NULL, "breached by slate target=start; escalated by slate level=1 target=answer to=agent:chen; letter escalation to chen@poologics.example (escalate:answer:1:1:0); withdraw escalation escalate:answer:1:1:"},
    {"goal warned", TAKEN, "Tue 11:00", NULL, NULL, "warned by slate target=answer; letter warning to ana@poologics.example (warn:answer:1:0:0)"},
    {"goal warned, gathered", TAKEN, "Tue 11:00", "ana Tue_11:05", NULL, "warned by slate target=answer; notice warn:answer:1:0:0 to ana@poologics.example"},
    {"answered in time", ANSWERED, "Tue 12:00", NULL, NULL, ""},
    {"answer broken", TAKEN "; Tue 11:00 warned alarm=warn:answer:1:0:0", "Tue 12:00", NULL, NULL, "breached by slate target=answer; escalated by slate level=2 target=answer to=agent:dana; letter escalation to dana@poologics.example (escalate:answer:1:2:0); withdraw escalation escalate:answer:1:2:"},
    {"answer broken, the supervisor is away", TAKEN "; Tue 11:00 warned alarm=warn:answer:1:0:0", "Tue 12:00", NULL, "dana", "breached by slate target=answer; escalated by slate level=2 target=answer to=agent:pia; letter escalation to pia@poologics.example (escalate:answer:1:2:0); withdraw escalation escalate:answer:1:2:"},
    {"critical at once", CRITICAL, "Tue 10:00", NULL, NULL, "escalated by slate level=1 target=answer to=agent:chen; letter escalation to chen@poologics.example (escalate:answer:1:1:0); withdraw escalation escalate:answer:1:1:"},
    {"critical never waits", CRITICAL, "Tue 10:00", "chen Tue_10:10", NULL, "escalated by slate level=1 target=answer to=agent:chen; letter escalation to chen@poologics.example (escalate:answer:1:1:0); withdraw escalation escalate:answer:1:1:"},
    {"after an outage only the highest", OPEN, "Tue 15:00", NULL, NULL, "skipped by slate target=start why=overdue: a higher or later alarm tells it; breached by slate target=start; skipped by slate target=answer why=overdue: a higher or later alarm tells it; skipped by slate target=answer why=overdue: a higher or later alarm tells it; breached by slate target=answer; skipped by slate target=answer why=overdue: a higher or later alarm tells it; skipped by slate target=answer why=overdue: a higher or later alarm tells it; skipped by slate target=answer why=overdue: a higher or later alarm tells it; escalated by slate level=2 target=answer to=agent:dana; letter escalation to dana@poologics.example (escalate:answer:1:2:3); withdraw escalation escalate:answer:1:2:"},
    {"estimate broken", ESTIMATED TUESDAY_DONE "; Wed 11:00 warned alarm=warn:resolve:1001:0:1", "Wed 12:00", NULL, NULL, "breached by slate target=resolve; escalated by slate level=2 target=resolve to=agent:dana; letter escalation to dana@poologics.example (escalate:resolve:1001:2:0); withdraw escalation escalate:resolve:1001:2:"},
    {"no estimate in a day", ANSWERED TUESDAY_DONE "; Wed 08:00 warned alarm=warn:eta:1:0:1", "Wed 10:00", NULL, NULL, "breached by slate target=eta; escalated by slate level=3 target=eta to=agent:pia; letter escalation to pia@poologics.example (escalate:eta:1:3:0); withdraw escalation escalate:eta:1:3:"},
    {"the list before closing", QUIET, "Wed 16:45", NULL, NULL, "listed by slate target=progress; notice update:20261118 to ana@poologics.example"},
    {"the list, words went today", QUIET "; Wed 10:00 answered by agent:ana how=reply \"News.\"", "Wed 16:45", NULL, NULL, "skipped by slate target=progress why=a person's words went today"},
    {"the progress letter", QUIET "; Wed 16:45 listed alarm=update-request:progress:20261118:0:0", "Wed 17:30", NULL, NULL, "updated by slate how=machine target=progress; letter progress to maria@acme-pools.example (progress:progress:20261118:0:0)"},
    {"the progress letter, stopped", QUIET "; Wed 09:00 stopped by customer", "Wed 17:30", NULL, NULL, ""},
    {"the progress letter, words meanwhile", QUIET "; Wed 16:45 listed alarm=update-request:progress:20261118:0:0; Wed 17:00 answered by agent:ana how=reply \"x\"", "Wed 17:30", NULL, NULL, "skipped by slate target=progress why=a person's words went today"},
    {"the progress letter, late", QUIET "; Wed 16:45 listed alarm=update-request:progress:20261118:0:0", "Wed 17:50", NULL, NULL, "updated by slate how=machine target=progress; letter progress to maria@acme-pools.example (progress:progress:20261118:0:0)"},
    {"the progress letter, too late", QUIET "; Wed 16:45 listed alarm=update-request:progress:20261118:0:0", "Wed 18:11", NULL, NULL, "skipped by slate target=progress why=overdue: a higher or later alarm tells it"},
    {"the list, late", QUIET, "Wed 17:15", NULL, NULL, "listed by slate target=progress; notice update:20261118 to ana@poologics.example"},
    {"the list, too late", QUIET, "Wed 17:31", NULL, NULL, "skipped by slate target=progress why=overdue: a higher or later alarm tells it; updated by slate how=machine target=progress; letter progress to maria@acme-pools.example (progress:progress:20261118:0:0)"},
    {"critical at closing", CRITICAL "; Tue 10:05 eta by agent:ana until=Wed_12:00 \"x\"; Tue 17:00 updated by agent:ana how=person \"y\"; Tue 17:01 skipped alarm=update-request:progress:20261117:0:0; Tue 17:02 skipped alarm=escalate:eta:10001:3:0", "Tue 18:00", NULL, NULL, "listed by slate target=progress; notice handover:20261117 to dana@poologics.example"},
    {"reminder", WAITING, "Thu 10:11", NULL, NULL, "reminded by slate target=resolve; letter reminder to maria@acme-pools.example (remind:resolve:1:0:1)"},
    {"the wait is over", ANSWERED "; Tue 10:11 waiting by agent:ana until=Wed_09:00", "Wed 09:00", NULL, NULL, "resumed by slate target=resolve why=the wait is over; letter warning to ana@poologics.example (resume:resolve:1:0:0)"},
    {"closed after silence", WAITING "; Thu 10:11 reminded alarm=remind:resolve:1:0:1; Mon2 10:11 reminded alarm=remind:resolve:1:0:2", "Wed2 10:11", NULL, NULL, "closed by slate target=resolve; letter closure to maria@acme-pools.example (close:resolve:1:0:1); withdraw escalation escalate:; withdraw warning warn:"},
    {"closed after the solution", TAKEN "; Tue 10:10 resolved by agent:ana \"Done.\"", "Fri 10:10", NULL, NULL, "closed by slate target=resolve"},
    {"silent tickets have none", "Tue 10:00 received silent=true", "Wed 12:00", NULL, NULL, ""},
    {"spam has none", OPEN "; Tue 10:05 spam by agent:ana", "Wed 12:00", NULL, NULL, ""},
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlFacts) facts = pure_facts(policy, row->now, row->story);
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_ALARM, 1001, NULL);
  SlStimulus stimulus = {.kind = SL_STIMULUS_ALARM, .ticket = 1001};
  if (row->window) {
    g_auto(GStrv) parts = g_strsplit(row->window, " ", 2);
    g_strdelimit(parts[1], "_", ' ');
    SlTime until = at(parts[1]);
    g_hash_table_insert(facts->alarm_window, g_strdup_printf("%s@poologics.example", parts[0]), g_memdup2(&until, sizeof until));
  }
  if (row->away)
    g_hash_table_add(facts->absent, g_strdup(row->away));
  g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
  g_autofree char *got = pure_told(decision);
  g_assert_cmpstr(got, ==, row->wanted);
}

/* An acknowledgement that waits to name several numbers promises nothing yet: no single one goes in its place. */
static void
test_combined_ack(void)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 12:00", "Tue 10:00 received; Tue 10:00 assigned agent=ana; Tue 10:05 taken by agent:ana agent=ana");
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_ALARM, 1001, NULL);
  SlStimulus stimulus = {.kind = SL_STIMULUS_ALARM, .ticket = 1001};
  facts->person_has_ack_notice = TRUE;
  g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
  g_autofree char *got = pure_told(decision);
  g_assert_nonnull(strstr(got, "breached by slate target=answer"));
  g_assert_null(strstr(got, "letter ack"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/desk/alarm/%s", rows[i].what);
    g_strdelimit(name, " ", '-');
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/desk/alarm/the answer is late while a combined acknowledgement waits", test_combined_ack);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
