/* SPDX-License-Identifier: ISC */
/* What counts in which period, and as what: one rule a row. */
#include "reports.h"

#include "report/json.h"
#include "store/agreements.h"

static SlAgreement *agreement;

/* ---- clocks ---- */

/* Of all priorities that have anything: "due=1 met=1 rate=1/1 p50=1800 …"; a priority but standard is named. */
static char *
told_target(const SlReport *r, SlTarget target)
{
  g_autoptr(SlJson) json = sl_report_json(r);
  static const char *const keys[] = {"due", "met", "breached", "open_overdue", "excused", "stated", "first_due", "kept_first", "last_due", "kept_last"};
  GString *out = g_string_new(NULL);
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    const SlJson *row = sl_json_at(sl_json_get(json, "targets"), target * SL_N_PRIORITIES + p);
    g_assert_cmpstr(sl_json_get_string(row, "target"), ==, sl_target_word(target));
    g_assert_cmpstr(sl_json_get_string(row, "priority"), ==, sl_priority_word((SlPriority)p));
    gsize before = out->len;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
      if (sl_json_get_int(row, keys[i], 0))
        g_string_append_printf(out, " %s=%d", keys[i], (int)sl_json_get_int(row, keys[i], 0));
    }
    if (out->len > before && p != SL_PRIORITY_STANDARD)
      g_string_append_printf(out, " (%s)", sl_priority_word((SlPriority)p));
  }
  if (out->len)
    g_string_erase(out, 0, 1);
  return g_string_free(out, FALSE);
}

typedef struct {
  const char *what, *stories, *from, *to, *now;
  SlTarget target;
  const char *wanted;
} Row;

#define ANSWERED "Tue 10:00 received; Tue 10:30 answered by agent:ana how=reply"

static const Row rows[] = {
    {"met", ANSWERED, NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 met=1"},
    {"met-before-its-due-has-come", ANSWERED, NULL, NULL, "Tue 11:00", SL_TARGET_ANSWER, "due=1 met=1"},
    {"running", "Tue 10:00 received", NULL, NULL, "Tue 11:59", SL_TARGET_ANSWER, ""},
    {"due-this-second", "Tue 10:00 received", NULL, NULL, "Tue 12:00", SL_TARGET_ANSWER, "due=1 breached=1 open_overdue=1"},
    {"overdue", "Tue 10:00 received", NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 breached=1 open_overdue=1"},
    {"late", "Tue 10:00 received; Tue 12:01 answered by agent:ana how=reply", NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 breached=1"},
    {"met-at-its-due", "Tue 10:00 received; Tue 12:00 answered by agent:ana how=reply", NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 met=1"},
    {"due-at-the-beginning", ANSWERED, "Tue 12:00", NULL, NULL, SL_TARGET_ANSWER, "due=1 met=1"},
    {"due-before-the-beginning", ANSWERED, "Tue 12:01", NULL, NULL, SL_TARGET_ANSWER, ""},
    {"due-at-the-end", ANSWERED, NULL, "Tue 12:00", NULL, SL_TARGET_ANSWER, ""},
    {"due-before-the-end", ANSWERED, NULL, "Tue 12:01", NULL, SL_TARGET_ANSWER, "due=1 met=1"},
    {"late-after-the-end", "Tue 10:00 received; Thu 12:00 answered by agent:ana how=reply", NULL, "Wed 00:00", NULL, SL_TARGET_ANSWER,
     "due=1 breached=1"},
    {"cancelled", "Tue 10:00 received; Tue 11:00 noreply by agent:ana \"thanks only\"", NULL, NULL, NULL, SL_TARGET_ANSWER, ""},
    {"broken-then-cancelled", "Tue 10:00 received; Tue 13:00 merged by agent:ana into=1002", NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 breached=1"},
    {"broken-then-spam", "Tue 10:00 received; Tue 13:00 spam by agent:ana", NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 breached=1"},
    {"no-letter-may-go", "Tue 10:00 received; Tue 15:00 unacked reason=limit", NULL, NULL, NULL, SL_TARGET_ACK, ""},
    {"acknowledged", "Tue 10:00 received; Tue 10:01 acknowledged", NULL, NULL, NULL, SL_TARGET_ACK, "due=1 met=1"},
    {"silent", "Tue 10:00 received silent=true", NULL, NULL, NULL, SL_TARGET_ANSWER, ""},
    {"paused", "Tue 10:00 received; Tue 10:05 answered by agent:ana how=question; Tue 10:05 waiting by agent:ana", NULL, NULL, NULL, SL_TARGET_ETA, ""},
    {"paused-and-resumed",
     "Tue 10:00 received; Tue 10:05 answered by agent:ana how=question; Tue 10:05 waiting by agent:ana; Wed 12:05 resumed by customer", NULL, NULL,
     NULL, SL_TARGET_ETA, "due=1 breached=1 open_overdue=1"},
    {"critical", "Tue 10:00 received priority=critical; Tue 10:30 answered by agent:ana how=reply", NULL, NULL, NULL, SL_TARGET_ANSWER,
     "due=1 met=1 (critical)"},
    {"two-priorities", "Tue 10:00 received priority=critical|" ANSWERED, NULL, NULL, NULL, SL_TARGET_ANSWER,
     "due=1 breached=1 open_overdue=1 (critical) due=1 met=1"},
    {"two-cycles", ANSWERED "; Tue 14:00 wrote; Tue 17:00 answered by agent:ana how=reply", NULL, NULL, NULL, SL_TARGET_ANSWER,
     "due=2 met=1 breached=1"},
    {"stated-in-time", "Tue 10:00 received; Tue 11:30 answered by agent:ana how=stated received_at=Tue_10:40 \"told\"", NULL, NULL, NULL,
     SL_TARGET_ANSWER, "due=1 met=1 stated=1"},
    {"stated-too-late", "Tue 10:00 received; Tue 13:00 answered by agent:ana how=stated received_at=Tue_10:40 \"told\"", NULL, NULL, NULL,
     SL_TARGET_ANSWER, "due=1 breached=1 stated=1"},
    {"bounced", "Tue 10:00 received; Tue 10:30 answered by agent:ana how=reply; Tue 10:31 bounced kind=answer hard=true ref=2", NULL, NULL, NULL,
     SL_TARGET_ANSWER, "due=1 breached=1 open_overdue=1"},
    {"excused", "Tue 10:00 received; Tue 13:00 excused by agent:dana target=answer cycle=1 \"power\"", NULL, NULL, NULL, SL_TARGET_ANSWER,
     "due=1 breached=1 open_overdue=1 excused=1"},
    {"another-is-excused", "Tue 10:00 received; Tue 13:00 excused by agent:dana target=start cycle=1 \"power\"", NULL, NULL, NULL, SL_TARGET_ANSWER,
     "due=1 breached=1 open_overdue=1"},
    {"another-cycle-is-excused", ANSWERED "; Tue 14:00 wrote; Tue 17:00 excused by agent:dana target=answer cycle=1 \"power\"", NULL, NULL, NULL,
     SL_TARGET_ANSWER, "due=2 met=1 breached=1 open_overdue=1"},
    {"excuse-undone", "Tue 10:00 received; Tue 13:00 excused by agent:dana target=answer cycle=1 \"power\"; Tue 13:01 undone by agent:dana events=2,",
     NULL, NULL, NULL, SL_TARGET_ANSWER, "due=1 breached=1 open_overdue=1"},
    {"resolved-before-its-estimate", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Fri_16:00; Wed 10:00 resolved by agent:ana \"x\"", NULL, NULL,
     NULL, SL_TARGET_RESOLVE, "due=1 met=1"},
    {"it-falls-due-in-another-week", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Tue2_16:00; Wed 10:00 resolved by agent:ana \"x\"", NULL,
     NULL, NULL, SL_TARGET_RESOLVE, ""},
    {"resolved-without-estimate", "Tue 10:00 received; Wed 10:00 resolved by agent:ana \"x\"", NULL, NULL, NULL, SL_TARGET_RESOLVE, ""},
    {"an-estimate-in-time", "Tue 10:00 received; Wed 09:00 eta by agent:ana until=Fri_16:00", NULL, NULL, NULL, SL_TARGET_ETA,
     "due=1 met=1 first_due=1 last_due=1"},
    {"a-day-critical", "Tue 10:00 received priority=critical; Tue 17:30 updated how=machine", NULL, NULL, "Tue 19:00", SL_TARGET_PROGRESS,
     "due=1 met=1 (critical)"},
    {"a-day-without-a-word", "Tue 10:00 received priority=critical", NULL, NULL, "Tue 19:00", SL_TARGET_PROGRESS,
     "due=1 breached=1 open_overdue=1 (critical)"},
    /* estimates: was the ticket resolved by the first, by the last that was told? */
    {"estimate-kept", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 15:00 resolved by agent:ana \"x\"", NULL, NULL, NULL,
     SL_TARGET_ETA, "due=1 met=1 first_due=1 kept_first=1 last_due=1 kept_last=1"},
    {"estimate-broken", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 17:00 resolved by agent:ana \"x\"", NULL, NULL, NULL,
     SL_TARGET_ETA, "due=1 met=1 first_due=1 last_due=1"},
    {"estimate-moved-and-kept",
     "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 12:00 eta by agent:ana until=Fri_12:00; Fri 10:00 resolved by agent:ana \"x\"",
     NULL, NULL, NULL, SL_TARGET_ETA, "due=1 met=1 first_due=1 last_due=1 kept_last=1"},
    {"estimate-moved-for-nothing",
     "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 12:00 eta by agent:ana until=Fri_12:00; Wed 15:00 resolved by agent:ana \"x\"",
     NULL, NULL, NULL, SL_TARGET_ETA, "due=1 met=1 first_due=1 kept_first=1 last_due=1 kept_last=1"},
    {"estimate-moved-by-waiting", /* a business day */
     "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00 \"a\"; Tue 11:00 waiting by agent:ana; Wed 11:00 resumed by customer;"
     " Wed 11:00 eta until=Thu_16:00 how=moved; Thu 15:00 resolved by agent:ana \"x\"",
     NULL, NULL, NULL, SL_TARGET_ETA, "due=1 met=1 first_due=1 kept_first=1 last_due=1 kept_last=1"},
    {"estimate-waits", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00 \"a\"; Tue 11:00 waiting by agent:ana", NULL, NULL, NULL,
     SL_TARGET_ETA, "due=1 met=1"},
    {"estimate-of-a-merged-ticket", "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 12:00 merged by agent:ana into=1002", NULL,
     NULL, NULL, SL_TARGET_ETA, "due=1 met=1"},
    {"estimates-before-and-after-reopening",
     "Tue 10:00 received; Tue 10:30 eta by agent:ana until=Wed_16:00; Wed 10:00 resolved by agent:ana \"x\"; Thu 09:00 reopened by customer;"
     " Thu 10:00 eta by agent:ana until=Thu_12:00; Fri 10:00 resolved by agent:ana \"y\"",
     NULL, NULL, NULL, SL_TARGET_ETA, "due=1 met=1 first_due=1 kept_first=1 last_due=1"},
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlReport) report = report_of(row->stories, row->from, row->to, row->now, NULL, agreement);
  g_autofree char *told = told_target(report, row->target);
  g_assert_cmpstr(told, ==, row->wanted);
}

/* ---- tickets ---- */

static char *
told_tickets(const SlReport *r)
{
  static const char *const keys[] = {"received", "resolved", "reopened", "open", "critical"};
  g_autoptr(SlJson) json = sl_report_json(r);
  const SlJson *tickets = sl_json_get(json, "tickets");
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_assert_true(sl_json_has(tickets, keys[i]));
    if (sl_json_get_int(tickets, keys[i], 0))
      g_string_append_printf(out, "%s%s=%d", out->len ? " " : "", keys[i], (int)sl_json_get_int(tickets, keys[i], 0));
  }
  return g_string_free(out, FALSE);
}

#define SOLVED "Tue 10:00 received; Wed 10:00 resolved by agent:ana \"x\""

static const Row ticket_rows[] = {
    {"received", "Tue 10:00 received", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"received-at-the-beginning", "Tue 10:00 received", "Tue 10:00", NULL, NULL, 0, "received=1 open=1"},
    {"received-before", "Tue 10:00 received", "Tue 10:01", NULL, NULL, 0, "open=1"},
    {"received-at-the-end", "Tue 10:00 received", NULL, "Tue 10:00", NULL, 0, ""},
    {"received-at-its-receipt", "Tue 10:00 received received_at=Tue_09:59", NULL, "Tue 10:00", NULL, 0, "received=1 open=1"},
    {"of-a-merged-ticket", "Tue 10:00 received; Tue 11:00 merged by agent:ana into=1002", NULL, NULL, NULL, 0, "received=1"},
    {"of-the-other", "Tue 10:00 received; Tue 11:00 absorbed by agent:ana ticket=1002 receipt=Mon_09:00", "Tue 00:00", NULL, NULL, 0,
     "received=1 open=1"},
    {"spam-is-nobodys", "Tue 10:00 received; Tue 11:00 spam by agent:ana", NULL, NULL, NULL, 0, ""},
    {"spam-that-was-none", "Tue 10:00 received; Tue 11:00 spam by agent:ana; Tue 12:00 reopened by agent:ana", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"imported", "Tue 10:00 received silent=true", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"resolved", SOLVED, NULL, NULL, NULL, 0, "received=1 resolved=1"},
    {"resolved-after-the-end", SOLVED, NULL, "Wed 10:00", NULL, 0, "received=1 open=1"},
    {"resolved-of-old", SOLVED, "Wed 00:00", NULL, NULL, 0, "resolved=1"},
    {"resolved-twice", SOLVED "; Thu 09:00 reopened by customer; Thu 10:00 resolved by agent:ana \"y\"", NULL, NULL, NULL, 0,
     "received=1 resolved=1 reopened=1"},
    {"resolved-and-undone", SOLVED "; Wed 10:01 undone by agent:ana events=2,", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"closed-unresolved", "Tue 10:00 received; Tue 11:00 closed by agent:ana \"no\"", NULL, NULL, NULL, 0, "received=1"},
    {"reopened-when-closed", "Tue 10:00 received; Tue 11:00 closed by agent:ana \"no\"; Wed 09:00 reopened by customer", NULL, NULL, NULL, 0,
     "received=1 reopened=1 open=1"},
    {"reopened-when-open", "Tue 10:00 received; Tue 11:00 reopened by agent:ana", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"waiting-is-open", "Tue 10:00 received; Tue 11:00 waiting by agent:ana", NULL, NULL, NULL, 0, "received=1 open=1"},
    {"critical", "Tue 10:00 received priority=critical", NULL, NULL, NULL, 0, "received=1 open=1 critical=1"},
    {"raised", "Mon 10:00 received; Tue 10:00 raised by agent:ana from=standard to=critical; Tue 11:00 lowered by agent:ana from=critical to=low",
     "Tue 00:00", NULL, NULL, 0, "open=1 critical=1"},
    {"was-critical-before", "Mon 10:00 received priority=critical", "Tue 00:00", NULL, NULL, 0, "open=1"},
    {"two", "Tue 10:00 received|" SOLVED, NULL, NULL, NULL, 0, "received=2 resolved=1 open=1"},
};

static void
test_tickets(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlReport) report = report_of(row->stories, row->from, row->to, row->now, NULL, agreement);
  g_autofree char *told = told_tickets(report);
  g_assert_cmpstr(told, ==, row->wanted);
}

/* ---- the rest ---- */

/* Without an end: up to this second, and with it. */
static void
test_until_now(void)
{
  g_autoptr(SlReport) report = sl_report_new(at("Mon 00:00"), SL_TIME_NONE, at("Tue 12:00"), NULL, agreement);
  g_autoptr(SlRecord) record = record_of(1001, "Tue 10:00 received", agreement, at("Tue 12:00"));
  g_autoptr(SlRecord) newer = record_of(1002, "Tue 12:00 received", agreement, at("Tue 12:00"));
  sl_report_add(report, record);
  sl_report_add(report, newer);
  sl_report_finish(report);
  g_assert_cmpint(report->to, ==, at("Tue 12:00"));
  g_assert_cmpuint(report->received, ==, 2);
  g_assert_cmpuint(report->target[SL_TARGET_ANSWER][SL_PRIORITY_STANDARD].breached, ==, 1);
}

static void
test_client(void)
{
  static const char stories[] = ANSWERED "|Tue 10:00 received client=blauwasser from=" LENA;
  g_autoptr(SlReport) all = report_of(stories, NULL, NULL, NULL, NULL, agreement);
  g_autoptr(SlReport) acme = report_of(stories, NULL, NULL, NULL, "acme", agreement);
  g_autoptr(SlReport) none = report_of(stories, NULL, NULL, NULL, "nobody", agreement);
  g_assert_cmpuint(all->received, ==, 2);
  g_assert_cmpuint(acme->received, ==, 1);
  g_assert_cmpuint(acme->matched, ==, 1);
  g_assert_cmpuint(acme->target[SL_TARGET_ANSWER][SL_PRIORITY_STANDARD].breached, ==, 0);
  g_assert_cmpuint(none->matched, ==, 0);
}

/* The k-th of n is answered after k minutes of business time, in a night as long. */
static SlReport *
many(guint n)
{
  g_autoptr(GString) stories = g_string_new(NULL);
  for (guint k = 1; k <= n; k++)
    g_string_append_printf(stories, "%sMon 18:00 received; Tue 08:%02u answered by agent:ana how=reply", k > 1 ? "|" : "", k);
  return report_of(stories->str, NULL, NULL, NULL, NULL, agreement);
}

static void
test_percentiles(void)
{
  static const struct {
    guint n;
    int p50, p90, p99, max; /* minutes */
  } sizes[] = {{1, 1, 1, 1, 1}, {2, 1, 2, 2, 2}, {4, 2, 4, 4, 4}, {10, 5, 9, 10, 10}, {11, 6, 10, 11, 11}, {50, 25, 45, 50, 50}};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(SlReport) report = many(sizes[i].n);
    g_autoptr(SlJson) json = sl_report_json(report);
    const SlJson *row = sl_json_at(sl_json_get(json, "targets"), SL_TARGET_ANSWER * SL_N_PRIORITIES + SL_PRIORITY_STANDARD);
    g_assert_cmpint(sl_json_get_int(row, "p50", 0), ==, 60 * sizes[i].p50);
    g_assert_cmpint(sl_json_get_int(row, "p90", 0), ==, 60 * sizes[i].p90);
    g_assert_cmpint(sl_json_get_int(row, "p99", 0), ==, 60 * sizes[i].p99);
    g_assert_cmpint(sl_json_get_int(row, "max", 0), ==, 60 * sizes[i].max);
    g_assert_cmpint(sl_json_get_int(row, "wall_p50", 0), ==, 14 * 3600 + 60 * sizes[i].p50);
    g_assert_cmpint(sl_json_get_int(row, "wall_p90", 0), ==, 14 * 3600 + 60 * sizes[i].p90);
    g_assert_cmpfloat(sl_json_get_double(row, "rate", 0), ==, 1.0);
  }
}

/* Nothing is null that should be a number, and nothing a number that is not known. */
static void
test_nothing_at_all(void)
{
  g_autoptr(SlReport) report = report_of("", NULL, NULL, NULL, NULL, agreement);
  g_autoptr(SlJson) json = sl_report_json(report);
  const SlJson *targets = sl_json_get(json, "targets"), *row = sl_json_at(targets, 0), *availability = sl_json_get(json, "availability");
  static const char *const unknown[] = {"rate", "rate_raw", "p50", "p90", "p99", "max", "wall_p50", "wall_p90"};
  g_assert_cmpuint(sl_json_length(targets), ==, 18);
  for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
    g_assert_false(sl_json_has(row, unknown[i]));
  g_assert_false(sl_json_has(json, "client"));
  g_assert_false(sl_json_has(availability, "rate"));
  g_assert_cmpint(sl_json_get_int(availability, "business_seconds", 0), ==, 50 * 3600);
  g_assert_cmpint(sl_json_get_int(availability, "down_seconds", -1), ==, 0);
  g_assert_cmpuint(sl_json_length(sl_json_get(json, "escalations")), ==, 3);
  g_assert_cmpuint(sl_json_length(sl_json_get(json, "breaches")), ==, 0);
  g_assert_cmpuint(sl_json_length(sl_json_get(json, "promises")), ==, 12);
}

static void
test_rates(void)
{
  g_autoptr(SlReport) report =
      report_of(ANSWERED "|Tue 10:00 received|Tue 10:00 received; Tue 13:00 excused by agent:dana target=answer cycle=1 \"power\"|" ANSWERED, NULL, NULL,
                NULL, NULL, agreement);
  g_autoptr(SlJson) json = sl_report_json(report);
  const SlJson *row = sl_json_at(sl_json_get(json, "targets"), SL_TARGET_ANSWER * SL_N_PRIORITIES + SL_PRIORITY_STANDARD);
  g_assert_cmpfloat_with_epsilon(sl_json_get_double(row, "rate", 0), 2.0 / 3, 1e-12);
  g_assert_cmpfloat(sl_json_get_double(row, "rate_raw", 0), ==, 0.5);
  g_autoptr(SlReport) excused = report_of("Tue 10:00 received; Tue 13:00 excused by agent:dana target=answer cycle=1 \"power\"", NULL, NULL, NULL, NULL,
                                          agreement);
  g_autoptr(SlJson) other = sl_report_json(excused);
  row = sl_json_at(sl_json_get(other, "targets"), SL_TARGET_ANSWER * SL_N_PRIORITIES + SL_PRIORITY_STANDARD);
  g_assert_false(sl_json_has(row, "rate")); /* nothing is left to count */
  g_assert_cmpfloat(sl_json_get_double(row, "rate_raw", 1), ==, 0.0);
}

/* "1002 answer 1 Tue 12:00 late 3600 met Tue 13:00 excuse power" */
static void
test_breaches(void)
{
  static const char *const wanted[] = {
      "1002 start 1 due Tue 09:20 late 13200 met Tue 13:00",
      "1001 start 1 due Tue 10:20 late 27600 met -",
      "1002 answer 1 due Tue 11:00 late 7200 met Tue 13:00 excuse power",
      "1001 answer 1 due Tue 12:00 late 21600 met -",
  };
  g_autoptr(SlReport) report = report_of("Tue 10:00 received; Tue 10:01 acknowledged|Tue 09:00 received; Tue 09:01 acknowledged;"
                                         " Tue 13:00 answered by agent:ana how=reply; Tue 13:01 excused by agent:dana target=answer cycle=1 \"power\"",
                                         NULL, NULL, "Tue 20:00", NULL, agreement);
  g_autoptr(SlJson) json = sl_report_json(report);
  const SlJson *breaches = sl_json_get(json, "breaches");
  g_assert_cmpuint(sl_json_length(breaches), ==, G_N_ELEMENTS(wanted));
  for (guint i = 0; i < sl_json_length(breaches); i++) {
    const SlJson *b = sl_json_at(breaches, i);
    g_autofree char *due = sl_time_format_zone(sl_json_get_time(b, "due_at"), "America/New_York", "%a %H:%M");
    g_autofree char *met = sl_time_format_zone(sl_json_get_time(b, "met_at"), "America/New_York", "%a %H:%M");
    const char *excuse = sl_json_get_string(b, "excuse");
    g_autofree char *told =
        g_strdup_printf("%d %s %d due %s late %d met %s%s%s", (int)sl_json_get_int(b, "ticket", 0), sl_json_get_string(b, "target"),
                        (int)sl_json_get_int(b, "cycle", 0), due, (int)sl_json_get_int(b, "late", -1), met ? met : "-", excuse ? " excuse " : "",
                        excuse ? excuse : "");
    g_assert_cmpstr(told, ==, wanted[i]);
    g_assert_cmpstr(sl_json_get_string(b, "priority"), ==, "standard");
  }
}

static void
test_forgotten_excuse(void)
{
  g_autoptr(SlReport) report = report_of("Tue 10:00 received; Tue 13:00 excused by agent:dana target=answer cycle=1", NULL, NULL, "Tue 13:00", NULL,
                                         agreement);
  for (guint i = 0; i < report->breaches->len; i++) {
    const SlReportBreach *b = report->breaches->pdata[i];
    g_assert_cmpstr(b->excuse, ==, b->target == SL_TARGET_ANSWER ? "(forgotten)" : NULL);
  }
  g_assert_cmpuint(report->target[SL_TARGET_ANSWER][SL_PRIORITY_STANDARD].excused, ==, 1);
}

static void
test_escalations(void)
{
  g_autoptr(SlReport) report = report_of("Tue 10:00 received; Tue 10:20 escalated level=1 target=start to=agent:chen,;"
                                         " Tue 12:00 escalated level=2 target=answer to=agent:dana,; Tue 13:00 escalated level=2 target=answer to=agent:dana,;"
                                         " Wed 10:00 escalated level=3 target=eta to=p@x.example,; Wed 11:00 undone by agent:ana events=5,",
                                         "Tue 10:20", "Wed 12:00", NULL, NULL, agreement);
  const guint wanted[] = {1, 2, 0};
  g_autoptr(SlJson) json = sl_report_json(report);
  for (guint i = 0; i < 3; i++) {
    const SlJson *row = sl_json_at(sl_json_get(json, "escalations"), i);
    g_assert_cmpint(sl_json_get_int(row, "level", 0), ==, i + 1);
    g_assert_cmpint(sl_json_get_int(row, "count", -1), ==, wanted[i]);
  }
}

/* A look a minute: up from Monday 00:00 to Saturday, but for an hour on Tuesday. */
static GPtrArray *
probes_of(const char *client)
{
  static const char *const times[][2] = {{"Mon 00:00", "Tue 08:59"}, {"Tue 09:00", "Tue 09:59"}, {"Tue 10:00", "Fri 23:59"}};
  GPtrArray *probes = g_ptr_array_new_with_free_func((GDestroyNotify)sl_probe_record_free);
  SlProbeRecord *record = g_new0(SlProbeRecord, 1);
  record->clients = g_ptr_array_new_with_free_func(g_free);
  record->fail_after = 3;
  record->silence_sec = 180;
  record->spans = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  g_ptr_array_add(record->clients, g_strdup(client));
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    SlProbed span = {at(times[i][0]), at(times[i][1]), (at(times[i][1]) - at(times[i][0])) / SL_MINUTE + 1, i != 1};
    g_array_append_val(record->spans, span);
  }
  g_ptr_array_add(probes, record);
  return probes;
}

static void
test_availability(void)
{
  g_autoptr(GPtrArray) probes = probes_of("acme");
  g_autoptr(GArray) maintenance = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  SlPeriod window = {at("Wed 08:00"), at("Wed 18:00")};
  g_array_append_val(maintenance, window);
  g_autoptr(SlReport) report = report_of("", NULL, "Sat 00:00", "Mon2 00:00", "acme", agreement);
  sl_report_availability(report, probes, maintenance);
  g_autoptr(SlJson) json = sl_report_json(report);
  const SlJson *a = sl_json_get(json, "availability");
  g_assert_cmpfloat_with_epsilon(sl_json_get_double(a, "rate", 0), 39.0 / 40, 1e-12);
  g_assert_cmpint(sl_json_get_int(a, "business_seconds", 0), ==, 50 * 3600);
  g_assert_cmpint(sl_json_get_int(a, "down_seconds", 0), ==, 3600);
  g_assert_cmpint(sl_json_get_int(a, "maintenance_seconds", 0), ==, 10 * 3600);
  g_assert_cmpint(sl_json_get_int(a, "measured_seconds", 0), ==, 40 * 3600);
  g_autoptr(SlReport) other = report_of("", NULL, NULL, "Mon2 00:00", "blauwasser", agreement); /* it is not their system */
  sl_report_availability(other, probes, maintenance);
  g_assert_false(other->availability.measured);
  g_autoptr(SlReport) so_far = report_of("", NULL, NULL, "Tue 09:00", NULL, agreement); /* what is to come has no hours yet */
  g_assert_cmpint(so_far->availability.business_seconds, ==, 11 * 3600);
}

/* What fell due before its holidays were edited keeps the dates that held then; what runs takes the new ones. */
static void
test_edited_holidays(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_dup(sl_calendar_get_spec(agreement->calendar));
  g_ptr_array_add(spec->holidays, g_strdup("2026-11-18 Day off")); /* the Wednesday */
  g_autoptr(SlAgreement) edited = sl_agreement_redated(agreement, spec);
  GHashTable *texts = sl_agreements_known_new();
  g_hash_table_insert(texts, g_strdup("old"), sl_agreement_ref(agreement));
  GPtrArray *events = pure_events(1001, "Tue 17:00 received; Wed 08:30 recalendar before=old agreement=new; Wed 09:30 wrote");
  g_autoptr(SlRecord) record = sl_record_new(events, sl_agreement_ref(edited), texts, at("Thu 10:00"));
  g_autoptr(SlReport) report = sl_report_new(at("Mon 00:00"), at("Mon2 00:00"), at("Thu 10:00"), NULL, agreement);
  sl_report_add(report, record);
  sl_report_finish(report);
  g_assert_cmpuint(report->breaches->len, ==, 4); /* ack and start of Tuesday; the answer and the estimate, later for the day off */
  const SlReportBreach *answer = report->breaches->pdata[3];
  g_assert_cmpint(answer->target, ==, SL_TARGET_ANSWER);
  g_assert_cmpint(answer->due_at, ==, at("Thu 09:00"));
  g_assert_cmpint(answer->late_sec, ==, 3600);
}

static void
add_rows(const char *path, const Row *all, guint n, GTestDataFunc run)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("%s/%s", path, all[i].what);
    g_test_add_data_func(name, &all[i], run);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  agreement = sl_agreement_new_default();
  add_rows("/report/clocks", rows, G_N_ELEMENTS(rows), test_row);
  add_rows("/report/tickets", ticket_rows, G_N_ELEMENTS(ticket_rows), test_tickets);
  g_test_add_func("/report/until-now", test_until_now);
  g_test_add_func("/report/client", test_client);
  g_test_add_func("/report/percentiles", test_percentiles);
  g_test_add_func("/report/nothing-at-all", test_nothing_at_all);
  g_test_add_func("/report/rates", test_rates);
  g_test_add_func("/report/breaches", test_breaches);
  g_test_add_func("/report/forgotten-excuse", test_forgotten_excuse);
  g_test_add_func("/report/escalations", test_escalations);
  g_test_add_func("/report/availability", test_availability);
  g_test_add_func("/report/edited-holidays", test_edited_holidays);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
