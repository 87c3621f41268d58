/* SPDX-License-Identifier: ISC */
/* The report as people read it, and the agreement sentence by sentence. */
#include "reports.h"

#include "report/promises.h"
#include "report/text.h"

static SlAgreement *agreement;

/* All rows of a block, cells parted by " | ", rows by newlines; NULL when it is not there. Owned. */
static char *
block_text(const GPtrArray *blocks, const char *key)
{
  for (guint i = 0; i < blocks->len; i++) {
    const SlTextBlock *block = blocks->pdata[i];
    g_autoptr(GString) out = g_string_new(NULL);
    if (!g_str_equal(block->key, key))
      continue;
    for (guint r = 0; r < block->rows->len; r++) {
      g_autofree char *row = g_strjoinv(" | ", block->rows->pdata[r]);
      g_string_append_printf(out, "%s%s", r ? "\n" : "", row);
    }
    if (block->note && !g_str_has_prefix(block->note, "HALF"))
      g_string_append_printf(out, "\n(%s)", block->note);
    return g_string_free(g_steal_pointer(&out), FALSE);
  }
  return NULL;
}

static void
assert_block(const GPtrArray *blocks, const char *key, const char *wanted)
{
  g_autofree char *text = block_text(blocks, key);
  g_assert_cmpstr(text, ==, wanted);
}

static void
test_report(void)
{
  g_autoptr(SlReport) report =
      report_of("Tue 10:00 received; Tue 10:00 acknowledged; Tue 10:00 assigned agent=ana; Tue 10:30 answered by agent:ana how=reply|"
                "Tue 10:00 received client=blauwasser; Tue 10:00 acknowledged; Tue 12:30 answered by agent:ana how=stated received_at=Tue_11:00 \"told\";"
                " Tue 12:31 excused by agent:dana target=answer cycle=1 \"she was at\tthe customer's, and told them there and then\"",
                NULL, NULL, "Tue 13:00", NULL, agreement);
  g_autoptr(GPtrArray) blocks = sl_report_text(report, "Poologics", "America/New_York", 50);
  g_assert_cmpstr(((SlTextBlock *)blocks->pdata[0])->heading, ==, "Service report of Poologics");
  assert_block(blocks, "report",
               "Period | Mon 16 Nov 2026 00:00 EST to Mon 23 Nov 2026 00:00 EST\nClient | all\n"
               "Tickets | 2 received, 0 resolved, 0 reopened; 2 open at the end\nPromises | 3 of 6 kept; the objective is 95 %\n"
               "Available | not measured\nEscalated | L1 0, L2 0, L3 0");
  assert_block(blocks, "promise",
               "ack | 2 of 2 |  |  | 0s | 0s | 0s | 0s, 0s\nstart | 0 of 2 |  |  | 30m | 1h00 | 1h00 | 30m, 1h00\n"
               "answer | 1 of 2 |  | 1: 1 of 1 | 30m | 1h00 | 1h00 | 30m, 1h00");
  assert_block(blocks, "late",
               "#1001 | start | Tue 17 Nov 10:20 | 10m | met | ana | acme |  | Login loop\n"
               "#1002 | start | Tue 17 Nov 10:20 | 40m | met | nobody | blauwasser |  | Login loop\n"
               "#1002 | answer | Tue 17 Nov 12:00 | 0s | said late | nobody | blauwasser | she was at the customer's, and told them | Login loop");
}

static void
test_list_is_cut(void)
{
  g_autoptr(SlReport) report = report_of("Tue 10:00 received; Tue 10:00 acknowledged|Tue 11:00 received; Tue 11:00 acknowledged", NULL, NULL, "Tue 13:00",
                                         "acme", agreement);
  g_autoptr(GPtrArray) blocks = sl_report_text(report, "Poologics", "America/New_York", 1);
  assert_block(blocks, "late",
               "#1002 | answer | Tue 17 Nov 13:00 | 0s | open | nobody | acme |  | Login loop\n(and 3 earlier; --json has them all)");
}

static void
test_nothing(void)
{
  g_autoptr(SlReport) report = report_of("", NULL, NULL, "Tue 13:00", "acme", agreement);
  g_autoptr(GPtrArray) blocks = sl_report_text(report, "Poologics", "America/New_York", 1);
  assert_block(blocks, "report",
               "Period | Mon 16 Nov 2026 00:00 EST to Mon 23 Nov 2026 00:00 EST\nClient | acme\n"
               "Tickets | 0 received, 0 resolved, 0 reopened; 0 open at the end\nPromises | none was due\nAvailable | not measured\n"
               "Escalated | L1 0, L2 0, L3 0");
  assert_block(blocks, "promise", NULL);
  assert_block(blocks, "late", NULL);
}

/* ---- the sentences ---- */

static void
assert_promise(const SlReport *report, guint number, const char *setting, const char *figure)
{
  g_autoptr(GPtrArray) promises = sl_report_promises(report);
  g_assert_cmpuint(promises->len, ==, 12);
  const SlPromise *p = promises->pdata[number - 1];
  g_autofree char *id = g_strdup_printf("S%u", number);
  g_assert_cmpstr(p->id, ==, id);
  if (setting)
    g_assert_cmpstr(p->setting, ==, setting);
  if (figure)
    g_assert_cmpstr(p->figure, ==, figure);
}

#define MARIAS_TICKET                                                                                                  \
  "Tue 10:00 received version=v1 sla=standard; Tue 10:00 acknowledged; Tue 10:10 taken by agent:ana agent=ana;"       \
  " Tue 10:30 answered by agent:ana how=reply \"a\"; Tue 11:00 eta by agent:ana until=Wed_12:00; Wed 11:00 resolved by agent:ana \"b\""
#define JUANS_CALL                                                                                                     \
  "Tue 11:00 received channel=phone priority=critical version=v1 sla=standard; Tue 11:00 acknowledged;"               \
  " Tue 11:30 answered by agent:ana how=question \"c\"; Tue 11:30 waiting by agent:ana; Tue 11:31 reminded;"            \
  " Tue 17:30 updated how=machine; Wed 09:00 updated by agent:ana how=person \"d\"; Wed 09:10 escalated level=2 to=agent:dana,"

static void
test_sentences(void)
{
  g_autoptr(SlReport) report = report_of(MARIAS_TICKET "|" JUANS_CALL, NULL, NULL, NULL, NULL, agreement);
  assert_promise(report, 1, "calendar default: mon-fri 08:00-18:00, America/New_York", "open for 50 h; 2 tickets: 1 by mail, 1 by phone");
  assert_promise(report, 2, "ack: within 20 min business; start: within 20 min business", "ack: 2 of 2 kept; start: 1 of 2 kept");
  assert_promise(report, 3, "answer: within 2 h business, goal 1 h", "2 of 2 kept; half within 30 min; 2 of 2 within the goal");
  assert_promise(report, 4, "eta: within 24 h elapsed; resolve: by the estimate given",
                 "1 of 1 kept; resolved by the first estimate: 1 of 1, by the last: 1 of 1");
  assert_promise(report, 5, "critical tickets first in every list; L1 senior technician at once; L3 product team after 2 h business",
                 "1 critical ticket; answer: 1 of 1 kept");
  assert_promise(report, 6,
                 "progress: critical tickets, by each closing; the letter goes 30 min before it, the agents' list 1 h 15 min before it", "none was due");
  assert_promise(report, 7, "availability: 99 % of business hours, without scheduled maintenance", "not measured");
  assert_promise(report, 8, "courtesy: standard tickets get a word, too, 30 min before closing, unless a person wrote that day", "2 updates sent, 1 of them in people's words");
  assert_promise(report, 9, NULL, "14 events recorded; the solution stands on 1 of 1 resolved");
  assert_promise(report, 10,
                 "waiting for the customer: eta, progress and resolve stand still; reminders after 2 and 4 business days; closed after 6 business days",
                 "1 wait, 1 reminder");
  assert_promise(report, 11,
                 "L1 senior technician: at 100 % of start, at 80 % of answer; L2 supervisor: at 100 % of answer, at 100 % of resolve; L3 product team: at "
                 "100 % of eta",
                 "L1 0, L2 1, L3 0");
  assert_promise(report, 12, "sla standard, review not set", "tickets: 2 under standard v1");
}

/* What another agreement says, it says here, too. */
static void
test_other_settings(void)
{
  g_autoptr(SlAgreement) other = sl_agreement_new_default();
  other->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL].within_sec = 1800;
  other->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL].goal_sec = 0;
  for (guint p = 0; p < SL_N_PRIORITIES; p++)
    other->target[SL_TARGET_ACK][p].off = other->target[SL_TARGET_PROGRESS][p].off = TRUE;
  other->courtesy[SL_PRIORITY_STANDARD] = other->pause_on_waiting = FALSE;
  other->close_waiting_days = 0;
  g_array_set_size(other->remind_days, 0);
  g_ptr_array_set_size(other->levels, 0);
  other->version = (g_free(other->version), g_strdup("2027"));
  other->in_force = g_strdup("2026-01-01");
  other->review = g_strdup("2026-11-23");
  g_ptr_array_add(other->agreed, g_strdup("J. Doe for Acme"));
  g_ptr_array_add(other->agreed, g_strdup("D. Reyes for Poologics"));
  g_autoptr(SlReport) report = report_of("", NULL, NULL, "Fri 18:00", NULL, other);
  assert_promise(report, 2, "ack: off; start: within 20 min business", NULL);
  assert_promise(report, 3, "answer: within 2 h business, goal 1 h, critical: within 30 min business", "none was due");
  assert_promise(report, 5, "critical tickets first in every list", "0 critical tickets");
  assert_promise(report, 6, "progress: off", NULL);
  assert_promise(report, 8, "courtesy: off", NULL);
  assert_promise(report, 10, "waiting for the customer: no clock stands still", NULL);
  assert_promise(report, 11, "ladder: no levels", NULL);
  assert_promise(report, 12,
                 "sla standard version 2027, in force from 2026-01-01, review 2026-11-23; agreed by J. Doe for Acme, D. Reyes for Poologics",
                 "no ticket came in; the review is in 3 days");
  g_autoptr(SlReport) later = report_of("", NULL, NULL, "Mon2 08:00", NULL, other);
  assert_promise(later, 12, NULL, "no ticket came in; the review is due");
}

static void
test_updates(void)
{
  g_autoptr(SlAgreement) other = sl_agreement_new_default();
  other->promised[SL_PRIORITY_STANDARD] = TRUE;
  other->progress_every_sec = 7200;
  other->courtesy[SL_PRIORITY_STANDARD] = FALSE;
  other->courtesy[SL_PRIORITY_LOW] = TRUE;
  other->courtesy_skips_today = FALSE;
  g_autoptr(SlReport) report = report_of("", NULL, NULL, "Fri 18:00", NULL, other);
  assert_promise(report, 6, "progress: critical and standard tickets, every 2 h business", NULL);
  assert_promise(report, 8, "courtesy: low tickets get a word, too, 30 min before closing", NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  agreement = sl_agreement_new_default();
  g_test_add_func("/report/text/report", test_report);
  g_test_add_func("/report/text/list-is-cut", test_list_is_cut);
  g_test_add_func("/report/text/nothing", test_nothing);
  g_test_add_func("/report/text/sentences", test_sentences);
  g_test_add_func("/report/text/other-settings", test_other_settings);
  g_test_add_func("/report/text/updates", test_updates);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
