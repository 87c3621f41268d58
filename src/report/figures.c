/* SPDX-License-Identifier: ISC */
#include "report/figures.h"

#include <string.h>

static void
target_init(SlReportTarget *target)
{
  *target = (SlReportTarget){.took = g_array_new(FALSE, FALSE, sizeof(gint64)), .took_wall = g_array_new(FALSE, FALSE, sizeof(gint64))};
}

void
sl_report_target_clear(SlReportTarget *target)
{
  g_clear_pointer(&target->took, g_array_unref);
  g_clear_pointer(&target->took_wall, g_array_unref);
}

static void
breach_free(SlReportBreach *breach)
{
  g_free(breach->excuse);
  g_free(breach->subject);
  g_free(breach->client);
  g_free(breach->assignee);
  g_free(breach);
}

SlReport *
sl_report_new(SlTime from, SlTime to, SlTime now, const char *client, SlAgreement *agreement)
{
  SlReport *report = g_new0(SlReport, 1);
  report->from = from;
  report->to = to == SL_TIME_NONE ? now : to;
  report->end = to == SL_TIME_NONE ? now + SL_SECOND : to; /* what enters the record is a whole second */
  report->now = now;
  report->client = g_strdup(client);
  report->agreement = sl_agreement_ref(agreement);
  report->breaches = g_ptr_array_new_with_free_func((GDestroyNotify)breach_free);
  report->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  report->versions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      target_init(&report->target[t][p]);
  }
  sl_report_availability(report, NULL, NULL);
  return report;
}

void
sl_report_free(SlReport *report)
{
  if (!report)
    return;
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      sl_report_target_clear(&report->target[t][p]);
  }
  g_ptr_array_unref(report->breaches);
  g_hash_table_unref(report->channels);
  g_hash_table_unref(report->versions);
  sl_agreement_free(report->agreement);
  g_free(report->client);
  g_free(report);
}

void
sl_report_availability(SlReport *report, const GPtrArray *probes, const GArray *maintenance)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  SlTime until = MAX(report->from, MIN(report->end, report->now));
  sl_availability_of(probes ? probes : none, report->client, report->agreement->calendar, report->from, until, report->now, maintenance,
                     &report->availability);
}

/* ---- tickets ---- */

static gboolean
falls_in(const SlReport *report, SlTime at)
{
  return at >= report->from && at < report->end;
}

static void
tally(GHashTable *table, const char *key)
{
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
  g_hash_table_insert(table, g_strdup(key), GUINT_TO_POINTER(n + 1));
}

static void
count_received(SlReport *report, const SlTicket *ticket)
{
  g_autofree char *version = g_strdup_printf("%s%s%s", ticket->sla ? ticket->sla : "", ticket->sla_version && *ticket->sla_version ? " " : "",
                                             ticket->sla_version ? ticket->sla_version : "");
  report->received++;
  tally(report->channels, ticket->channel ? ticket->channel : "mail");
  tally(report->versions, version);
}

/* What happened to one ticket, while its events are looked at. */
typedef struct {
  SlStatus status; /* after the event */
  gboolean critical;
  gboolean open_at_end; /* by what counts before the end of the period */
  gboolean received, resolved, solved, reopened, became_critical; /* in the period */
} Story;

static void
note_priority(Story *story, const SlEvent *event, gboolean counts)
{
  gboolean received = event->kind == SL_EVENT_RECEIVED;
  const char *word = sl_json_get_string(event->detail, received ? "priority" : "to");
  gboolean critical = g_strcmp0(word, sl_priority_word(SL_PRIORITY_CRITICAL)) == 0;
  story->became_critical |= counts && critical && !story->critical;
  story->critical = critical;
}

static void
note_event(SlReport *report, Story *story, const SlEvent *event)
{
  SlStatus before = story->status;
  gboolean counts = falls_in(report, sl_event_counts_at(event));
  gboolean moved = sl_status_next(before, event->kind, &story->status);
  if (sl_event_counts_at(event) < report->end)
    story->open_at_end = story->status == SL_TICKET_OPEN || story->status == SL_TICKET_WAITING;
  if (event->kind == SL_EVENT_RECEIVED || event->kind == SL_EVENT_RAISED || event->kind == SL_EVENT_LOWERED)
    note_priority(story, event, counts);
  if (!counts)
    return;
  story->received |= event->kind == SL_EVENT_RECEIVED;
  story->resolved |= event->kind == SL_EVENT_RESOLVED && moved;
  story->solved |= event->kind == SL_EVENT_RESOLVED && sl_json_has(event->detail, "words");
  story->reopened |= event->kind == SL_EVENT_REOPENED && moved && before != SL_TICKET_SPAM;
}

/* What the sentences tell of the work. */
static void
note_work(SlReport *report, const SlEvent *event)
{
  report->events++;
  if (event->kind == SL_EVENT_ESCALATED) {
    gint64 level = sl_json_get_int(event->detail, "level", 1);
    report->escalated[CLAMP(level, 1, SL_REPORT_LEVELS) - 1]++;
  }
  report->updates += event->kind == SL_EVENT_UPDATED;
  report->updates_by_people += event->kind == SL_EVENT_UPDATED && sl_event_by_person(event);
  report->waits += event->kind == SL_EVENT_WAITING;
  report->reminders += event->kind == SL_EVENT_REMINDED;
}

/* Spam is no ticket of anybody's; a promise that was broken before somebody said so stays broken all the same. */
static void
count_ticket(SlReport *report, const SlRecord *record, const GPtrArray *standing)
{
  Story story = {.status = SL_TICKET_OPEN};
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    note_event(report, &story, event);
    if (falls_in(report, sl_event_counts_at(event)))
      note_work(report, event);
  }
  if (record->ticket->status == SL_TICKET_SPAM)
    return;
  if (story.received)
    count_received(report, record->ticket);
  report->resolved += story.resolved;
  report->solutions += story.resolved && story.solved;
  report->reopened += story.reopened;
  report->open += story.open_at_end;
  report->critical += story.became_critical;
}

/* ---- clocks ---- */

static gboolean
fell_due(const SlReport *report, const SlClock *clock)
{
  if (clock->due_at == SL_TIME_NONE || !falls_in(report, clock->due_at))
    return FALSE;
  if (clock->state == SL_CLOCK_CANCELLED)
    return clock->breached_at != SL_TIME_NONE;
  return clock->ended_at != SL_TIME_NONE || clock->due_at <= report->now;
}

/* The newest excuse of that clock; NULL. Borrowed. */
static const SlEvent *
excuse_of(const GPtrArray *standing, const SlClock *clock)
{
  for (guint i = standing->len; i-- > 0;) {
    const SlEvent *event = standing->pdata[i];
    if (event->kind == SL_EVENT_EXCUSED && sl_json_get_int(event->detail, "cycle", 0) == clock->cycle &&
        g_strcmp0(sl_json_get_string(event->detail, "target"), sl_target_word(clock->target)) == 0)
      return event;
  }
  return NULL;
}

static void
add_breach(SlReport *report, const SlTicket *ticket, const SlClock *clock, const SlEvent *excuse)
{
  SlReportBreach *breach = g_new0(SlReportBreach, 1);
  *breach = (SlReportBreach){.ticket = ticket->id,
                             .target = clock->target,
                             .cycle = clock->cycle,
                             .priority = clock->priority,
                             .due_at = clock->due_at,
                             .met_at = clock->met_at,
                             .late_sec = clock->late_sec,
                             .over = clock->state == SL_CLOCK_CANCELLED,
                             .subject = g_strdup(ticket->subject),
                             .client = g_strdup(ticket->client),
                             .assignee = g_strdup(ticket->assignee)};
  if (excuse)
    breach->excuse = g_strdup(excuse->words ? excuse->words : "(forgotten)");
  g_ptr_array_add(report->breaches, breach);
}

static void
count_times(SlReportTarget *figures, const SlClock *clock)
{
  gint64 goal = sl_agreement_target(clock->agreement, clock->target, clock->priority)->goal_sec;
  if (clock->met_at == SL_TIME_NONE)
    return;
  figures->stated += clock->stated;
  figures->with_goal += goal > 0;
  figures->in_goal += goal > 0 && clock->elapsed_sec <= goal;
  g_array_append_val(figures->took, clock->elapsed_sec);
  g_array_append_val(figures->took_wall, clock->elapsed_wall_sec);
}

static void
count_clock(SlReport *report, const SlRecord *record, const GPtrArray *standing, const SlClock *clock)
{
  SlReportTarget *figures = &report->target[clock->target][clock->priority];
  figures->due++;
  count_times(figures, clock);
  if (clock->breached_at == SL_TIME_NONE) {
    figures->met++;
    return;
  }
  const SlEvent *excuse = excuse_of(standing, clock);
  figures->breached++;
  figures->open_overdue += clock->ended_at == SL_TIME_NONE;
  figures->excused += excuse != NULL;
  add_breach(report, record->ticket, clock, excuse);
}

/* ---- estimates ---- */

/* Where it was reopened after the move `i`, the estimate told there is void: what came after does not touch it. */
static guint
end_of_estimate(const GArray *moves, guint i)
{
  guint end = i + 1;
  while (end < moves->len && g_array_index(moves, SlMove, end).kind != SL_MOVE_REOPENED)
    end++;
  return end;
}

/* The clock of resolve as if the estimate of the move `i` had never been replaced: it moves by what was waited, as an estimate does. */
static GPtrArray *
clocks_of_estimate(const SlRecord *record, guint i, SlTime now)
{
  guint end = end_of_estimate(record->moves, i);
  g_autoptr(GArray) moves = g_array_sized_new(FALSE, FALSE, sizeof(SlMove), end);
  for (guint m = 0; m < end; m++) {
    const SlMove *move = &g_array_index(record->moves, SlMove, m);
    if (m <= i || move->kind != SL_MOVE_ESTIMATED)
      g_array_append_val(moves, *move);
  }
  return sl_clock_run((const SlMove *)(gconstpointer)moves->data, moves->len, record->agreement, now);
}

static void
count_estimate(SlReport *report, const SlRecord *record, guint i, gboolean first)
{
  g_autoptr(GPtrArray) clocks = clocks_of_estimate(record, i, report->now);
  const SlClock *clock = sl_clock_find(clocks, SL_TARGET_RESOLVE, 0);
  if (!clock || clock->eta_cycle == 0 || !fell_due(report, clock))
    return;
  SlReportTarget *figures = &report->target[SL_TARGET_ETA][clock->priority];
  gboolean kept = clock->met_at != SL_TIME_NONE && clock->breached_at == SL_TIME_NONE;
  *(first ? &figures->first_due : &figures->last_due) += 1;
  *(first ? &figures->kept_first : &figures->kept_last) += kept;
}

static void
count_estimates(SlReport *report, const SlRecord *record)
{
  gint first = -1, last = -1;
  for (guint i = 0; i < record->moves->len; i++) {
    if (g_array_index(record->moves, SlMove, i).kind != SL_MOVE_ESTIMATED)
      continue;
    first = first < 0 ? (gint)i : first;
    last = (gint)i;
  }
  if (first < 0)
    return;
  count_estimate(report, record, (guint)first, TRUE);
  count_estimate(report, record, (guint)last, FALSE);
}

/* ---- all of it ---- */

void
sl_report_add(SlReport *report, const SlRecord *record)
{
  if (report->client && g_strcmp0(record->ticket->client, report->client) != 0)
    return;
  g_autoptr(GPtrArray) standing = sl_ticket_standing(record->events);
  report->matched++;
  count_ticket(report, record, standing);
  for (guint i = 0; i < record->clocks->len; i++) {
    if (fell_due(report, record->clocks->pdata[i]))
      count_clock(report, record, standing, record->clocks->pdata[i]);
  }
  count_estimates(report, record);
}

static gint
by_seconds(gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static gint
by_due(gconstpointer a, gconstpointer b)
{
  const SlReportBreach *x = *(SlReportBreach *const *)a, *y = *(SlReportBreach *const *)b;
  if (x->due_at != y->due_at)
    return x->due_at > y->due_at ? 1 : -1;
  if (x->ticket != y->ticket)
    return x->ticket > y->ticket ? 1 : -1;
  return x->target != y->target ? (int)x->target - (int)y->target : x->cycle - y->cycle;
}

void
sl_report_finish(SlReport *report)
{
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      g_array_sort(report->target[t][p].took, by_seconds);
      g_array_sort(report->target[t][p].took_wall, by_seconds);
    }
  }
  g_ptr_array_sort(report->breaches, by_due);
}

gint64
sl_report_percentile(const GArray *sorted, guint percent)
{
  guint rank = (guint)(((guint64)sorted->len * percent + 99) / 100);
  return sorted->len ? g_array_index(sorted, gint64, MAX(rank, 1) - 1) : -1;
}

static const gsize counts[] = {
    G_STRUCT_OFFSET(SlReportTarget, due),       G_STRUCT_OFFSET(SlReportTarget, met),        G_STRUCT_OFFSET(SlReportTarget, breached),
    G_STRUCT_OFFSET(SlReportTarget, excused),   G_STRUCT_OFFSET(SlReportTarget, open_overdue), G_STRUCT_OFFSET(SlReportTarget, stated),
    G_STRUCT_OFFSET(SlReportTarget, with_goal), G_STRUCT_OFFSET(SlReportTarget, in_goal),    G_STRUCT_OFFSET(SlReportTarget, first_due),
    G_STRUCT_OFFSET(SlReportTarget, kept_first), G_STRUCT_OFFSET(SlReportTarget, last_due),  G_STRUCT_OFFSET(SlReportTarget, kept_last)};

void
sl_report_sum(const SlReport *report, SlTarget target, SlReportTarget *out_sum)
{
  target_init(out_sum);
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    const SlReportTarget *one = &report->target[target][p];
    for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
      G_STRUCT_MEMBER(guint, out_sum, counts[i]) += G_STRUCT_MEMBER(guint, one, counts[i]);
    g_array_append_vals(out_sum->took, one->took->data, one->took->len);
    g_array_append_vals(out_sum->took_wall, one->took_wall->data, one->took_wall->len);
  }
  g_array_sort(out_sum->took, by_seconds);
  g_array_sort(out_sum->took_wall, by_seconds);
}
