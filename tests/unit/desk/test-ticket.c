/* SPDX-License-Identifier: ISC */
/* A ticket as its events make it, what was undone left out; and the moves that its clocks see. */
#include "pure.h"

static SlPolicy *policy;

static char *
clock_time(SlTime t)
{
  return t == SL_TIME_NONE ? g_strdup("-") : sl_time_format_zone(t, "America/New_York", "%a %H:%M");
}

/* The fields that differ from a fresh ticket's, in words. */
static char *
folded(const SlTicket *t)
{
  const struct {
    const char *name;
    SlTime time;
  } times[] = {{"ack", t->acknowledged_at}, {"assigned", t->assigned_at}, {"started", t->started_at},   {"answered", t->answered_at},
               {"estimated", t->estimated_at}, {"eta", t->eta},           {"resolved", t->resolved_at}, {"closed", t->closed_at},
               {"waiting", t->waiting_since},  {"words", t->last_words_at}, {"raised", t->raised_at},   {"snoozed", t->snoozed_until}};
  GString *out = g_string_new(sl_status_word(t->status));
  if (t->priority != SL_PRIORITY_STANDARD)
    g_string_append_printf(out, " %s", sl_priority_word(t->priority));
  if (t->assignee)
    g_string_append_printf(out, " owner=%s", t->assignee);
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    g_autofree char *text = clock_time(times[i].time);
    if (times[i].time != SL_TIME_NONE)
      g_string_append_printf(out, " %s=%s", times[i].name, text);
  }
  for (guint i = 0; i < t->tags->len; i++)
    g_string_append_printf(out, " tag=%s", (char *)t->tags->pdata[i]);
  for (guint i = 0; i < t->also->len; i++)
    g_string_append_printf(out, " also=%s", (char *)t->also->pdata[i]);
  for (guint i = 0; i < t->alarmed->len; i++)
    g_string_append_printf(out, " alarmed=%s:%d", ((SlAlarmed *)t->alarmed->pdata[i])->who, ((SlAlarmed *)t->alarmed->pdata[i])->level);
  if (t->level)
    g_string_append_printf(out, " level=%d", t->level);
  if (t->merged_into)
    g_string_append_printf(out, " into=%d", (int)t->merged_into);
  if (t->solution)
    g_string_append_printf(out, " solution=%s", t->solution);
  if (t->last_news)
    g_string_append_printf(out, " news=%s", t->last_news);
  if (t->silent)
    g_string_append(out, " silent");
  if (t->stopped)
    g_string_append(out, " stopped");
  return g_string_free(out, FALSE);
}

static char *
moved(const GArray *moves)
{
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < moves->len; i++) {
    const SlMove *move = &g_array_index(moves, SlMove, i);
    g_string_append_printf(out, "%s%d:%s", i ? ", " : "", move->seq, sl_move_text(move->kind));
    if (move->stated)
      g_string_append(out, "(stated)");
    if (move->ref)
      g_string_append_printf(out, "(%d)", move->ref);
  }
  return g_string_free(out, FALSE);
}

typedef struct {
  const char *what, *story, *ticket, *moves;
} Row;

static const Row rows[] = {
#include "ticket-rows.h"
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(GPtrArray) events = pure_events(1001, row->story);
  g_autoptr(SlTicket) ticket = sl_ticket_fold(events);
  g_autoptr(GArray) moves = sl_ticket_moves(events, NULL);
  g_autofree char *got = folded(ticket), *got_moves = moved(moves);
  g_assert_cmpstr(got, ==, row->ticket);
  g_assert_cmpstr(got_moves, ==, row->moves);
  g_assert_cmpint(ticket->seq, ==, (int)events->len);
}

/* What was undone counts for nothing: the fold is that of the story without it. */
static void
test_undone_is_nothing(void)
{
  static const char *const acts[] = {
      "Tue 10:05 closed by agent:ana \"why\"",          "Tue 10:05 spam by agent:ana",
      "Tue 10:05 resolved by agent:ana \"solution\"",   "Tue 10:05 eta by agent:ana until=Fri_16:00 \"words\"",
      "Tue 10:05 waiting by agent:ana",                 "Tue 10:05 raised by agent:ana from=standard to=critical",
      "Tue 10:05 tagged by agent:ana add=a,b",          "Tue 10:05 assigned by agent:ana agent=bill",
      "Tue 10:05 taken by agent:ana agent=ana",         "Tue 10:05 answered by agent:ana how=reply \"words\"",
      "Tue 10:05 merged by agent:ana into=1002",        "Tue 10:05 absorbed by agent:ana ticket=1002 receipt=Tue_09:00 person=x@y.example",
      "Tue 10:05 escalated by agent:ana level=2 target=answer to=agent:dana,", "Tue 10:05 snoozed by agent:ana until=Tue_11:00",
      "Tue 10:05 noreply by agent:ana \"why\"",         "Tue 10:05 updated by agent:ana how=person \"words\"",
  };
  static const char base[] = "Tue 10:00 received; Tue 10:01 acknowledged; Tue 10:01 assigned agent=ana";
  for (guint i = 0; i < G_N_ELEMENTS(acts); i++) {
    g_autofree char *with = g_strdup_printf("%s; %s; Tue 10:06 undone by agent:ana events=4,", base, acts[i]);
    g_autofree char *done_text = g_strdup_printf("%s; %s", base, acts[i]);
    g_autoptr(GPtrArray) plain = pure_events(1001, base), undone = pure_events(1001, with), done = pure_events(1001, done_text);
    g_autoptr(SlTicket) a = sl_ticket_fold(plain), b = sl_ticket_fold(undone), c = sl_ticket_fold(done);
    g_autoptr(GArray) moves_a = sl_ticket_moves(plain, NULL), moves_b = sl_ticket_moves(undone, NULL);
    g_autofree char *as = folded(a), *bs = folded(b), *cs = folded(c), *am = moved(moves_a), *bm = moved(moves_b);
    g_test_message("%s", acts[i]);
    g_assert_cmpstr(bs, ==, as);
    g_assert_cmpstr(bm, ==, am);
    g_assert_cmpstr(cs, !=, as);
    g_assert_cmpint(b->seq, ==, 5);
  }
}

static void
test_standing(void)
{
  g_autoptr(GPtrArray) events = pure_events(1001, "Tue 10:00 received; Tue 10:01 tagged add=a,; Tue 10:02 tagged add=b,; Tue 10:03 undone events=2,3");
  g_autoptr(GPtrArray) standing = sl_ticket_standing(events);
  g_assert_cmpuint(standing->len, ==, 2);
  g_assert_cmpint(((SlEvent *)standing->pdata[0])->seq, ==, 1);
  g_assert_cmpint(((SlEvent *)standing->pdata[1])->seq, ==, 4);
}

/* What the schedule of alarms is told. */
static void
test_ladder_state(void)
{
  static const struct {
    const char *story;
    gboolean courtesy, closed, waiting, resolved, silent;
  } states[] = {
      {"Tue 10:00 received", TRUE, FALSE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received priority=critical", TRUE, FALSE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received silent=true", TRUE, FALSE, FALSE, FALSE, TRUE},
      {"Tue 10:00 received; Tue 10:05 stopped", FALSE, FALSE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received; Tue 10:05 waiting", TRUE, FALSE, TRUE, FALSE, FALSE},
      {"Tue 10:00 received; Tue 10:05 waiting; Tue 10:06 resumed", TRUE, FALSE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received; Tue 10:05 resolved by agent:ana \"x\"", TRUE, FALSE, FALSE, TRUE, FALSE},
      {"Tue 10:00 received; Tue 10:05 resolved by agent:ana \"x\"; Tue 10:06 closed", TRUE, TRUE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received; Tue 10:05 spam", TRUE, TRUE, FALSE, FALSE, FALSE},
      {"Tue 10:00 received; Tue 10:05 merged into=1002", TRUE, TRUE, FALSE, FALSE, FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    SlTicketFacts *facts = pure_ticket(policy, 1001, states[i].story, "Tue 10:10");
    SlLadderState state;
    sl_ticket_ladder_state(facts->ticket, facts->moves, facts->clocks, &state);
    g_test_message("%s", states[i].story);
    g_assert_cmpint(state.courtesy, ==, states[i].courtesy);
    g_assert_cmpint(state.closed, ==, states[i].closed);
    g_assert_cmpint(state.waiting_since != SL_TIME_NONE, ==, states[i].waiting);
    g_assert_cmpint(state.resolved_at != SL_TIME_NONE, ==, states[i].resolved);
    g_assert_cmpint(state.silent, ==, states[i].silent);
    sl_ticket_facts_free(facts);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/desk/ticket/%s", rows[i].what);
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/desk/ticket/undone-is-nothing", test_undone_is_nothing);
  g_test_add_func("/desk/ticket/standing", test_standing);
  g_test_add_func("/desk/ticket/ladder-state", test_ladder_state);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
