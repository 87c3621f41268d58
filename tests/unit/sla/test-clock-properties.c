/* SPDX-License-Identifier: ISC */
/* What must hold for every story a ticket can have: random ones, from a fixed seed, under five agreements. */
#include <string.h>

#include "sla/ladder.h"

static guint cases;

static void
hold(gboolean what, const char *name, int story)
{
  cases++;
  if (!what)
    g_error("%s does not hold for story %d", name, story);
}

/* ---- stories ---- */

static SlMoveKind
random_kind(GRand *rand)
{
  static const SlMoveKind kinds[] = {
      SL_MOVE_WROTE,   SL_MOVE_WROTE,    SL_MOVE_ACKED,    SL_MOVE_ACTED,    SL_MOVE_SPOKE,         SL_MOVE_SPOKE,
      SL_MOVE_WAITING, SL_MOVE_RESUMED,  SL_MOVE_RESUMED,  SL_MOVE_RAISED,   SL_MOVE_LOWERED,       SL_MOVE_ESTIMATED,
      SL_MOVE_UPDATED, SL_MOVE_RESOLVED, SL_MOVE_REOPENED, SL_MOVE_NO_REPLY, SL_MOVE_SPOKE_BOUNCED, SL_MOVE_CLOSED};
  return kinds[g_rand_int_range(rand, 0, G_N_ELEMENTS(kinds))];
}

/* Whole minutes over three weeks around the end of daylight saving. */
/* `before`: the text that held until the holidays are edited, which happens once in half of the stories; NULL: never. */
static GArray *
random_story(GRand *rand, const SlAgreement *before)
{
  GArray *moves = g_array_new(FALSE, TRUE, sizeof(SlMove));
  SlTime at = (G_GINT64_CONSTANT(1792800000) + 60 * g_rand_int_range(rand, 0, 14 * 1440)) * SL_SECOND;
  int n = g_rand_int_range(rand, 1, 12), edit = before ? g_rand_int_range(rand, 1, 2 * n + 1) : 0;
  for (int i = 0; i < n; i++) {
    SlMove move = {.kind = i ? random_kind(rand) : SL_MOVE_RECEIVED,
                   .seq = i + 1,
                   .at = at,
                   .recorded_at = at,
                   .until = SL_TIME_NONE,
                   .priority = SL_PRIORITY_STANDARD};
    if (i && i == edit) {
      move.kind = SL_MOVE_RECALENDAR;
      move.before = before;
    }
    if (move.kind == SL_MOVE_RAISED || (i == 0 && g_rand_int_range(rand, 0, 3) == 0))
      move.priority = SL_PRIORITY_CRITICAL;
    if (move.kind == SL_MOVE_ESTIMATED)
      move.until = at + g_rand_int_range(rand, 10, 5000) * SL_MINUTE;
    if (move.kind == SL_MOVE_SPOKE_BOUNCED)
      move.ref = g_rand_int_range(rand, 1, i + 1);
    g_array_append_val(moves, move);
    at += g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 90 : 2000) * SL_MINUTE;
  }
  return moves;
}

static const SlMove *
moves_of(const GArray *moves)
{
  return (const SlMove *)(gconstpointer)moves->data;
}

static SlAgreement *
agreement_number(int n)
{
  SlAgreement *a = sl_agreement_new_default();
  if (n == 0)
    return a;
  if (n == 3) {
    a->progress_every_sec = 2 * 3600;
    a->promised[SL_PRIORITY_STANDARD] = TRUE;
    return a;
  }
  if (n == 4) {
    g_autoptr(SlCalendarSpec) edited = sl_calendar_spec_dup(sl_calendar_get_spec(a->calendar));
    g_ptr_array_add(edited->holidays, g_strdup("2026-10-28 Some Day"));
    g_ptr_array_add(edited->special, g_strdup("2026-10-30 10:00-12:00"));
    SlAgreement *redated = sl_agreement_redated(a, edited);
    sl_agreement_free(a);
    return redated;
  }
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("other", n == 1 ? "America/New_York" : "Europe/Berlin");
  g_ptr_array_add(spec->hours, g_strdup(n == 1 ? "mon-fri 08:00-12:00" : "mon-sun 22:00-06:00"));
  g_ptr_array_add(spec->hours, g_strdup(n == 1 ? "mon-sat 13:00-18:00" : "wed 12:00-13:00"));
  g_ptr_array_add(spec->holidays, g_strdup("2026-10-28 Some Day"));
  sl_calendar_free(a->calendar);
  a->calendar = sl_calendar_new(spec, NULL);
  a->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL].within_sec = 1800;
  a->target[SL_TARGET_ETA][SL_PRIORITY_STANDARD].count = SL_COUNT_BUSINESS;
  a->target[SL_TARGET_RESOLVE][SL_PRIORITY_CRITICAL].within_sec = 12 * 3600;
  a->pause_on_waiting = n == 1;
  return a;
}

/* ---- a clock against the wall ---- */

static gboolean
stands_still(const GArray *moves, const SlAgreement *a, SlTarget target, SlTime at)
{
  gboolean waits = FALSE, rests = FALSE,
           pauses = a->pause_on_waiting &&
                    (target == SL_TARGET_ETA || target == SL_TARGET_PROGRESS || target == SL_TARGET_RESOLVE);
  for (guint i = 0; i < moves->len && moves_of(moves)[i].at <= at; i++) {
    SlMoveKind kind = moves_of(moves)[i].kind;
    if (kind == SL_MOVE_WAITING)
      waits = TRUE;
    if (kind == SL_MOVE_RESUMED || kind == SL_MOVE_RESOLVED || kind == SL_MOVE_CLOSED || kind == SL_MOVE_REOPENED)
      waits = FALSE;
    if (kind == SL_MOVE_RESOLVED || kind == SL_MOVE_CLOSED)
      rests = TRUE;
    if (kind == SL_MOVE_REOPENED)
      rests = FALSE;
  }
  return (pauses && waits) || (target == SL_TARGET_RESOLVE && rests);
}

static gint64
count_minutes(const GArray *moves, const SlAgreement *a, const SlClock *clock, SlTime to)
{
  gint64 sec = 0;
  for (SlTime at = clock->started_at; at < to; at += SL_MINUTE) {
    gboolean counts = clock->count == SL_COUNT_WALL || sl_calendar_is_open(clock->agreement->calendar, at);
    if (counts && !stands_still(moves, a, clock->target, at))
      sec += 60;
  }
  return sec;
}

static void
check_clock(const GArray *moves, const SlAgreement *a, SlTime now, const SlClock *clock, int story)
{
  SlTime to = clock->ended_at != SL_TIME_NONE ? clock->ended_at : MAX(now, clock->started_at);
  g_autoptr(GPtrArray) lines = sl_clock_ledger(moves_of(moves), moves->len, now, clock);
  const SlLedgerLine *last = lines->pdata[lines->len - 1];
  gint64 sum = 0;
  for (guint i = 0; i < lines->len; i++)
    sum += ((const SlLedgerLine *)lines->pdata[i])->counted_sec;
  hold(last->total_sec == clock->elapsed_sec && sum == clock->elapsed_sec, "ledger total = elapsed", story);
  if (to - clock->started_at < 6 * SL_DAY)
    hold(count_minutes(moves, a, clock, to) == clock->elapsed_sec, "elapsed = minute by minute", story);
  hold((clock->state == SL_CLOCK_BREACHED) == (clock->breached_at != SL_TIME_NONE && !clock->reason),
       "breached has its time", story);
  hold((clock->ended_at != SL_TIME_NONE) == (clock->end_seq != 0), "ended has its move", story);
  hold(clock->met_at == SL_TIME_NONE || clock->met_at >= clock->started_at, "met after its start", story);
  if (clock->due_at != SL_TIME_NONE && clock->target != SL_TARGET_RESOLVE && clock->target != SL_TARGET_PROGRESS &&
      clock->ended_at == SL_TIME_NONE)
    hold((clock->elapsed_sec >= clock->limit_sec) == (clock->state == SL_CLOCK_BREACHED),
         "breached when the limit ran out", story);
}

static char *
describe(const SlClock *c)
{
  return g_strdup_printf("%d %d %d %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                         " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                         (int)c->target, c->cycle, (int)c->state, (int)c->priority, c->start_seq, c->started_at,
                         c->due_at, c->met_at, c->breached_at, c->ended_at, c->elapsed_sec,
                         c->reason ? c->reason : "-");
}

static void
check_same(const GPtrArray *a, const GPtrArray *b, const char *name, int story)
{
  hold(a->len == b->len, name, story);
  for (guint i = 0; i < a->len; i++) {
    g_autofree char *x = describe(a->pdata[i]);
    g_autofree char *y = describe(b->pdata[i]);
    if (strcmp(x, y) != 0)
      g_test_message("%s\n%s", x, y);
    hold(strcmp(x, y) == 0, name, story);
  }
}

/* What moves on may change what has ended only by a bounce, a reopening, or what counts for the day's word. */
static gboolean
may_change(const GArray *moves, guint from, const SlClock *clock)
{
  for (guint i = from; i < moves->len; i++) {
    SlMoveKind kind = moves_of(moves)[i].kind;
    if (kind == SL_MOVE_SPOKE_BOUNCED || kind == SL_MOVE_REOPENED)
      return TRUE;
  }
  return clock->target == SL_TARGET_PROGRESS;
}

/* The text that held when only the first `n` moves had come. */
static const SlAgreement *
text_then(const GArray *moves, guint n, const SlAgreement *a)
{
  for (guint i = n; i < moves->len; i++) {
    if (moves_of(moves)[i].kind == SL_MOVE_RECALENDAR)
      return moves_of(moves)[i].before;
  }
  return a;
}

/* Cut off at any point: the clocks that run go on to be the same ones, with the same start; what has ended has ended.
 */
static void
check_cut(const GArray *moves, const SlAgreement *a, const GPtrArray *whole, guint cut, int story)
{
  SlTime then = moves_of(moves)[cut - 1].at;
  g_autoptr(GPtrArray) part = sl_clock_run(moves_of(moves), cut, text_then(moves, cut, a), then);
  for (guint i = 0; i < part->len; i++) {
    const SlClock *before = part->pdata[i];
    const SlClock *after = sl_clock_find(whole, before->target, before->cycle);
    if (before->target == SL_TARGET_PROGRESS) /* "cancelled" before the letter may be taken back */
      continue;
    hold(after && after->started_at == before->started_at && after->start_seq == before->start_seq,
         "cut off and run on: the start", story);
    if (before->ended_at != SL_TIME_NONE && !may_change(moves, cut, before)) {
      g_autofree char *x = describe(before);
      g_autofree char *y = describe(after);
      if (strcmp(x, y) != 0)
        g_test_message("%s\n%s", x, y);
      hold(strcmp(x, y) == 0, "cut off and run on: the end", story);
    }
  }
}

/* ---- the schedule ---- */

static GArray *
schedule(const GArray *moves, const SlAgreement *a, SlTime now, GHashTable *dealt)
{
  g_autoptr(GPtrArray) clocks = sl_clock_run(moves_of(moves), moves->len, a, now);
  SlLadderState state = {.moves = moves_of(moves),
                         .n_moves = moves->len,
                         .clocks = clocks,
                         .dealt = dealt,
                         .courtesy = TRUE,
                         .waiting_since = SL_TIME_NONE,
                         .resolved_at = SL_TIME_NONE,
                         .priority = SL_PRIORITY_STANDARD};
  for (guint i = 0; i < moves->len; i++) {
    const SlMove *m = moves_of(moves) + i;
    if (m->kind == SL_MOVE_RECEIVED || m->kind == SL_MOVE_RAISED || m->kind == SL_MOVE_LOWERED)
      state.priority = m->priority;
    if (m->kind == SL_MOVE_WAITING)
      state.waiting_since = m->at;
    else if (m->kind == SL_MOVE_RESUMED || m->kind == SL_MOVE_RESOLVED || m->kind == SL_MOVE_REOPENED)
      state.waiting_since = SL_TIME_NONE;
    if (m->kind == SL_MOVE_RESOLVED || m->kind == SL_MOVE_REOPENED)
      state.resolved_at = m->kind == SL_MOVE_RESOLVED ? m->at : SL_TIME_NONE;
    state.closed = m->kind == SL_MOVE_CLOSED || (state.closed && m->kind != SL_MOVE_REOPENED);
  }
  return sl_ladder_schedule(&state, a, now);
}

/* Whatever is due at `now`; FALSE: nothing was. */
static gboolean
deal_with(const GArray *moves, const SlAgreement *a, SlTime now, GHashTable *dealt)
{
  g_autoptr(GArray) due = schedule(moves, a, now, dealt);
  guint n = 0;
  while (n < due->len && g_array_index(due, SlAlarm, n).at <= now)
    g_hash_table_add(dealt, sl_alarm_key(&g_array_index(due, SlAlarm, n++)));
  return n > 0;
}

static void
check_schedule(const GArray *moves, const SlAgreement *a, SlTime now, int story)
{
  g_autoptr(GHashTable) dealt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) alarms = schedule(moves, a, now, dealt);
  const SlAlarm *next = NULL;
  for (guint i = 0; i < alarms->len; i++) {
    const SlAlarm *alarm = &g_array_index(alarms, SlAlarm, i);
    g_autofree char *key = sl_alarm_key(alarm);
    hold(!g_hash_table_contains(dealt, key), "an alarm has a key of its own", story);
    if (alarm->at <= now)
      g_hash_table_add(dealt, g_steal_pointer(&key));
    else if (!next)
      next = alarm;
    if (alarm->kind == SL_ALARM_ESCALATE)
      hold(sl_calendar_is_open(a->calendar, alarm->at) || sl_calendar_is_open(a->calendar, alarm->at - 1),
           "nobody is woken", story);
  }
  for (int again = 0; again < 2 && deal_with(moves, a, now, dealt); again++)
    ; /* a word by the hour that did not go shows as broken once it was tried */
  g_autoptr(GArray) rest = schedule(moves, a, now, dealt);
  hold(rest->len == 0 || g_array_index(rest, SlAlarm, 0).at > now, "what was dealt with is over", story);
  if (!next)
    return;
  g_autoptr(GArray) then = schedule(moves, a, next->at, dealt); /* whenever it is asked, the next one is the same */
  g_autofree char *key = sl_alarm_key(next);
  gboolean found = FALSE;
  for (guint i = 0; i < then->len && !found; i++) {
    g_autofree char *other = sl_alarm_key(&g_array_index(then, SlAlarm, i));
    found = strcmp(key, other) == 0 && g_array_index(then, SlAlarm, i).at == next->at;
  }
  hold(found, "the next alarm comes when it was said", story);
}

/* ---- */

static void
check_story(const GArray *moves, const SlAgreement *a, const SlAgreement *stored, GRand *rand, int story)
{
  SlTime last = moves_of(moves)[moves->len - 1].at, now = last + g_rand_int_range(rand, 0, 3000) * SL_MINUTE;
  g_autoptr(GPtrArray) clocks = sl_clock_run(moves_of(moves), moves->len, a, now);
  g_autoptr(GPtrArray) again = sl_clock_run(moves_of(moves), moves->len, stored, now);
  check_same(clocks, again, "replaying under the same text changes nothing", story);
  for (guint i = 0; i < clocks->len; i++)
    check_clock(moves, a, now, clocks->pdata[i], story);
  check_cut(moves, a, clocks, (guint)g_rand_int_range(rand, 1, (int)moves->len + 1), story);
  check_schedule(moves, a, now, story);
}

static void
test_stories(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  for (int n = 0; n < 5; n++) {
    g_autoptr(SlAgreement) a = agreement_number(n);
    g_autoptr(SlJson) json = sl_agreement_to_json(a);
    g_autoptr(SlAgreement) stored = sl_agreement_from_json(json, NULL);
    for (int i = 0; i < 1500; i++) {
      g_autoptr(GArray) moves = random_story(rand, n == 4 ? plain : NULL);
      check_story(moves, a, stored, rand, 10000 * n + i);
    }
  }
  g_test_message("%u cases", cases);
  g_assert_cmpuint(cases, >=, 100000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sla/clock/stories", test_stories);
  return g_test_run();
}
