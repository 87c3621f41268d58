/* SPDX-License-Identifier: ISC */
#include "desk/ticket.h"

#include <string.h>

#include "desk/stimulus.h"

void
sl_alarmed_free(SlAlarmed *alarmed)
{
  if (alarmed)
    g_free(alarmed->who);
  g_free(alarmed);
}

/* Levels of start and answer: words. Level 2 of a broken estimate: a new one. Level 3: an estimate, for critical tickets the solution
 * only (S11). */
gboolean
sl_alarmed_ends(const SlAlarmed *alarmed, SlTarget ended, SlPriority priority)
{
  if (ended == SL_TARGET_RESOLVE)
    return TRUE;
  if (ended == SL_TARGET_ANSWER)
    return alarmed->target == SL_TARGET_START || alarmed->target == SL_TARGET_ANSWER;
  return ended == SL_TARGET_ETA && ((alarmed->target == SL_TARGET_RESOLVE && alarmed->level < 3) ||
                                    (alarmed->target == SL_TARGET_ETA && priority != SL_PRIORITY_CRITICAL));
}

void
sl_ticket_free(SlTicket *ticket)
{
  if (!ticket)
    return;
  char *const strings[] = {ticket->subject, ticket->channel,   ticket->client, ticket->requester, ticket->assignee,
                           ticket->sla,     ticket->agreement, ticket->mailbox, ticket->sla_version, ticket->solution,
                           ticket->last_news};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_clear_pointer(&ticket->tags, g_ptr_array_unref);
  g_clear_pointer(&ticket->also, g_ptr_array_unref);
  g_clear_pointer(&ticket->alarmed, g_ptr_array_unref);
  g_clear_pointer(&ticket->dealt, g_hash_table_unref);
  g_free(ticket);
}

gboolean
sl_ticket_is_over(const SlTicket *ticket)
{
  return ticket->status == SL_TICKET_CLOSED || ticket->status == SL_TICKET_MERGED || ticket->status == SL_TICKET_SPAM;
}

/* ---- what each event does to the ticket ---- */

static void
set_string(char **slot, const char *value)
{
  g_free(*slot);
  *slot = g_strdup(value);
}

/* Staff act under a name: by mail "agent:", at the command line "agent:" or "cli:". */
gboolean
sl_event_by_person(const SlEvent *event)
{
  return g_str_has_prefix(event->actor, "agent:") || g_str_has_prefix(event->actor, "cli:");
}

static void
started(SlTicket *ticket, SlTime at)
{
  ticket->started_at = sl_time_earlier(ticket->started_at, at);
}

#define LONGEST_GREETING 40

/* "Hello Maria," says nothing; a line that says nothing else stays where it is all there is. */
static gboolean
is_greeting(const char *line)
{
  gsize n = strlen(line);
  return n > 0 && n < LONGEST_GREETING && line[n - 1] == ',';
}

/* What an agent answered outside went as it stood, orders that did nothing there among it: no letter of ours repeats those. */
static gboolean
is_order(const char *line)
{
  SlVerb verb;
  g_autofree char *word = *line == '/' ? g_strndup(line + 1, strcspn(line + 1, " \t")) : NULL;
  return word && sl_verb_parse(word, &verb);
}

static char *
first_line(const char *words)
{
  g_auto(GStrv) lines = g_strsplit(words, "\n", 8);
  for (guint i = 0; lines[i]; i++) {
    g_strstrip(lines[i]);
    if (*lines[i] && !is_order(lines[i]) && !(is_greeting(lines[i]) && lines[i + 1]))
      return g_utf8_strlen(lines[i], -1) > 160 ? g_utf8_substring(lines[i], 0, 160) : g_strdup(lines[i]);
  }
  return NULL;
}

static void
spoke(SlTicket *ticket, const SlEvent *event)
{
  SlTime at = sl_event_counts_at(event);
  started(ticket, at);
  ticket->answered_at = sl_time_earlier(ticket->answered_at, at);
  ticket->last_words_at = sl_time_later(ticket->last_words_at, at);
  if (event->words) {
    g_free(ticket->last_news);
    ticket->last_news = first_line(event->words);
  }
}

static gint
compare_strings(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static void
tag_add(SlTicket *ticket, const SlJson *tags)
{
  for (guint i = 0; i < sl_json_length(tags); i++) {
    const char *tag = sl_json_string(sl_json_at(tags, i));
    if (tag && !g_ptr_array_find_with_equal_func(ticket->tags, tag, g_str_equal, NULL))
      g_ptr_array_add(ticket->tags, g_strdup(tag));
  }
  g_ptr_array_sort(ticket->tags, compare_strings);
}

static void
tag_remove(SlTicket *ticket, const SlJson *tags)
{
  guint at;
  for (guint i = 0; i < sl_json_length(tags); i++) {
    const char *tag = sl_json_string(sl_json_at(tags, i));
    if (tag && g_ptr_array_find_with_equal_func(ticket->tags, tag, g_str_equal, &at))
      g_ptr_array_remove_index(ticket->tags, at);
  }
}

static void
received(SlTicket *ticket, const SlEvent *event)
{
  const SlJson *d = event->detail;
  ticket->id = event->ticket;
  ticket->status = SL_TICKET_OPEN;
  ticket->received_at = sl_event_counts_at(event);
  ticket->last_customer_at = ticket->received_at;
  ticket->requester_id = sl_json_get_int(d, "person", 0);
  ticket->silent = sl_json_get_bool(d, "silent");
  ticket->priority = SL_PRIORITY_STANDARD;
  if (sl_json_has(d, "priority"))
    sl_priority_parse(sl_json_get_string(d, "priority"), &ticket->priority);
  set_string(&ticket->requester, event->address);
  set_string(&ticket->subject, event->words ? event->words : "");
  set_string(&ticket->channel, sl_json_get_string(d, "channel"));
  set_string(&ticket->client, sl_json_get_string(d, "client"));
  set_string(&ticket->agreement, sl_json_get_string(d, "agreement"));
  set_string(&ticket->sla, sl_json_get_string(d, "sla"));
  set_string(&ticket->sla_version, sl_json_get_string(d, "version"));
  set_string(&ticket->mailbox, sl_json_get_string(d, "mailbox"));
  tag_add(ticket, sl_json_get(d, "tags"));
  if (ticket->priority == SL_PRIORITY_CRITICAL)
    ticket->raised_at = ticket->received_at;
}

static void
wrote(SlTicket *ticket, const SlEvent *event)
{
  ticket->last_customer_at = sl_time_later(ticket->last_customer_at, sl_event_counts_at(event));
}

static void
acknowledged(SlTicket *ticket, const SlEvent *event)
{
  if (ticket->acknowledged_at == SL_TIME_NONE)
    ticket->acknowledged_at = event->at;
}

static void
assigned(SlTicket *ticket, const SlEvent *event)
{
  set_string(&ticket->assignee, sl_json_get_string(event->detail, "agent"));
  if (ticket->assignee)
    ticket->assigned_at = sl_time_earlier(ticket->assigned_at, event->at);
}

static void
taken(SlTicket *ticket, const SlEvent *event)
{
  assigned(ticket, event);
  started(ticket, sl_event_counts_at(event));
}

static void
answered(SlTicket *ticket, const SlEvent *event)
{
  spoke(ticket, event);
}

static void
acted(SlTicket *ticket, const SlEvent *event)
{
  if (sl_event_by_person(event))
    started(ticket, sl_event_counts_at(event));
}

static void
estimated(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->eta = sl_json_get_time(event->detail, "until");
  ticket->estimated_at = sl_time_earlier(ticket->estimated_at, sl_event_counts_at(event));
  if (sl_event_by_person(event))
    ticket->last_estimated_at = sl_time_later(ticket->last_estimated_at, sl_event_counts_at(event));
  if (event->words)
    spoke(ticket, event);
}

static void
waiting(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->waiting_since = sl_event_counts_at(event);
  ticket->waiting_until = sl_json_get_time(event->detail, "until");
}

static void
resumed(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->waiting_since = ticket->waiting_until = SL_TIME_NONE;
}

static void
prioritised(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  sl_priority_parse(sl_json_get_string(event->detail, "to"), &ticket->priority);
  if (event->kind == SL_EVENT_RAISED)
    ticket->raised_at = sl_event_counts_at(event);
}

static void
tagged(SlTicket *ticket, const SlEvent *event)
{
  tag_add(ticket, sl_json_get(event->detail, "add"));
  tag_remove(ticket, sl_json_get(event->detail, "remove"));
}

static void
updated(SlTicket *ticket, const SlEvent *event)
{
  if (sl_event_by_person(event) && event->words)
    spoke(ticket, event);
}

static gboolean
stands_among(const SlJson *names, const char *name)
{
  for (guint i = 0; i < sl_json_length(names); i++) {
    if (g_strcmp0(sl_json_string(sl_json_at(names, i)), name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Repetitions alarm nobody anew. */
static SlAlarmed *
alarmed_one(SlTicket *ticket, const char *who, int level, SlTarget target)
{
  for (guint i = 0; i < ticket->alarmed->len; i++) {
    SlAlarmed *alarmed = ticket->alarmed->pdata[i];
    if (alarmed->level == level && alarmed->target == target && g_strcmp0(alarmed->who, who) == 0)
      return alarmed;
  }
  SlAlarmed *fresh = g_new0(SlAlarmed, 1);
  fresh->who = g_strdup(who);
  fresh->level = level;
  fresh->target = target;
  g_ptr_array_add(ticket->alarmed, fresh);
  return fresh;
}

static SlTarget
target_of(const SlEvent *event)
{
  SlTarget target = SL_TARGET_ANSWER;
  sl_target_parse(sl_json_get_string(event->detail, "target"), &target);
  return target;
}

static void
escalated(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  const SlJson *to = sl_json_get(event->detail, "to"), *later = sl_json_get(event->detail, "later");
  int level = (int)sl_json_get_int(event->detail, "level", 1);
  ticket->level = MAX(ticket->level, level);
  for (guint i = 0; i < sl_json_length(to); i++) {
    const char *who = sl_json_string(sl_json_at(to, i));
    alarmed_one(ticket, who, level, target_of(event))->told |= !stands_among(later, who);
  }
}

static void
told(SlTicket *ticket, const SlEvent *event)
{
  const char *who = sl_json_get_string(event->detail, "who");
  alarmed_one(ticket, who, (int)sl_json_get_int(event->detail, "level", 1), target_of(event))->told = TRUE;
}

/* Older records do not say what ended: all that these people were alarmed of. */
static void
calmed(SlTicket *ticket, const SlEvent *event)
{
  const SlJson *who = sl_json_get(event->detail, "who");
  SlTarget ended;
  gboolean says = sl_target_parse(sl_json_get_string(event->detail, "ended"), &ended);
  for (guint j = ticket->alarmed->len; j > 0; j--) {
    const SlAlarmed *alarmed = ticket->alarmed->pdata[j - 1];
    if (says ? sl_alarmed_ends(alarmed, ended, ticket->priority) : stands_among(who, alarmed->who))
      g_ptr_array_remove_index(ticket->alarmed, j - 1);
  }
  ticket->level = 0;
  for (guint j = 0; j < ticket->alarmed->len; j++)
    ticket->level = MAX(ticket->level, ((SlAlarmed *)ticket->alarmed->pdata[j])->level);
}

static void
resolved(SlTicket *ticket, const SlEvent *event)
{
  ticket->resolved_at = sl_event_counts_at(event);
  ticket->waiting_since = ticket->waiting_until = SL_TIME_NONE;
  set_string(&ticket->solution, event->words);
  if (sl_event_by_person(event))
    spoke(ticket, event);
}

static void
closed(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->closed_at = event->at;
  ticket->waiting_since = ticket->waiting_until = SL_TIME_NONE;
}

static void
reopened(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->closed_at = ticket->resolved_at = ticket->eta = SL_TIME_NONE;
  g_clear_pointer(&ticket->solution, g_free);
}

static void
bounced(SlTicket *ticket, const SlEvent *event)
{
  if (sl_json_get_bool(event->detail, "hard") && g_strcmp0(sl_json_get_string(event->detail, "kind"), "ack") == 0)
    ticket->acknowledged_at = SL_TIME_NONE;
}

static void
stopped(SlTicket *ticket, const SlEvent *event)
{
  (void)event;
  ticket->stopped = TRUE;
}

static void
merged(SlTicket *ticket, const SlEvent *event)
{
  ticket->merged_into = sl_json_get_int(event->detail, "into", 0);
}

/* The earliest receipt of the two counts; who wrote the other one gets copies of the answers. */
static void
absorbed(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->received_at = sl_time_earlier(ticket->received_at, sl_json_get_time(event->detail, "receipt"));
  if (event->address && g_strcmp0(event->address, ticket->requester) != 0)
    g_ptr_array_add(ticket->also, g_strdup(event->address));
}

static void
split(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->last_customer_at = sl_json_get_time(event->detail, "customer_at");
}

static void
snoozed(SlTicket *ticket, const SlEvent *event)
{
  ticket->snoozed_at = event->at;
  ticket->snoozed_until = sl_json_get_time(event->detail, "until");
}

static void
recalendar(SlTicket *ticket, const SlEvent *event)
{
  set_string(&ticket->agreement, sl_json_get_string(event->detail, "agreement"));
}

static void
nothing(SlTicket *ticket, const SlEvent *event)
{
  (void)ticket;
  (void)event;
}

static void (*const apply[SL_N_EVENTS])(SlTicket *, const SlEvent *) = {
    [SL_EVENT_RECEIVED] = received,       [SL_EVENT_WROTE] = wrote,
    [SL_EVENT_ACKNOWLEDGED] = acknowledged, [SL_EVENT_UNACKED] = nothing,
    [SL_EVENT_ASSIGNED] = assigned,       [SL_EVENT_TAKEN] = taken,
    [SL_EVENT_ANSWERED] = answered,       [SL_EVENT_NOTED] = acted,
    [SL_EVENT_ETA] = estimated,           [SL_EVENT_WAITING] = waiting,
    [SL_EVENT_RESUMED] = resumed,         [SL_EVENT_RAISED] = prioritised,
    [SL_EVENT_LOWERED] = prioritised,     [SL_EVENT_TAGGED] = tagged,
    [SL_EVENT_NO_REPLY] = acted,          [SL_EVENT_UPDATED] = updated,
    [SL_EVENT_LISTED] = nothing,          [SL_EVENT_WARNED] = nothing,
    [SL_EVENT_BREACHED] = nothing,        [SL_EVENT_ESCALATED] = escalated,
    [SL_EVENT_TOLD] = told,               [SL_EVENT_SKIPPED] = nothing,         [SL_EVENT_REMINDED] = nothing,
    [SL_EVENT_CALMED] = calmed,           [SL_EVENT_RESOLVED] = resolved,
    [SL_EVENT_CLOSED] = closed,           [SL_EVENT_REOPENED] = reopened,
    [SL_EVENT_BOUNCED] = bounced,         [SL_EVENT_HELD] = nothing,
    [SL_EVENT_JOINED] = nothing,          [SL_EVENT_STOPPED] = stopped,
    [SL_EVENT_LINKED] = acted,            [SL_EVENT_MERGED] = merged,
    [SL_EVENT_RECALENDAR] = recalendar,   [SL_EVENT_SEALED] = nothing,
    [SL_EVENT_ABSORBED] = absorbed,       [SL_EVENT_SPLIT] = split,
    [SL_EVENT_SPAM] = acted,              [SL_EVENT_SNOOZED] = snoozed,
    [SL_EVENT_EXCUSED] = acted,           [SL_EVENT_UNDONE] = nothing,
    [SL_EVENT_RELEASED] = acted,          [SL_EVENT_LEAKED] = nothing,
    [SL_EVENT_AWAY] = nothing,             [SL_EVENT_PLANNED] = nothing,
    [SL_EVENT_UNPLANNED] = nothing,       [SL_EVENT_ANNOUNCED] = nothing,
    [SL_EVENT_REVIEW] = nothing,
};

static SlTicket *
ticket_new(void)
{
  SlTicket *ticket = g_new0(SlTicket, 1);
  SlTime *const none[] = {&ticket->received_at,     &ticket->acknowledged_at,  &ticket->assigned_at, &ticket->started_at,
                          &ticket->answered_at,     &ticket->estimated_at,     &ticket->eta,         &ticket->resolved_at,
                          &ticket->closed_at,       &ticket->waiting_since,    &ticket->last_words_at,
                          &ticket->last_customer_at, &ticket->raised_at,       &ticket->snoozed_at,       &ticket->snoozed_until,
                          &ticket->waiting_until,   &ticket->last_estimated_at};
  for (guint i = 0; i < G_N_ELEMENTS(none); i++)
    *none[i] = SL_TIME_NONE;
  ticket->subject = g_strdup("");
  ticket->tags = g_ptr_array_new_with_free_func(g_free);
  ticket->also = g_ptr_array_new_with_free_func(g_free);
  ticket->alarmed = g_ptr_array_new_with_free_func((GDestroyNotify)sl_alarmed_free);
  ticket->dealt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return ticket;
}

/* ---- what was undone ---- */

static void
add_undone(GHashTable *undone, const SlEvent *event)
{
  const SlJson *events = sl_json_get(event->detail, "events");
  for (guint i = 0; i < sl_json_length(events); i++)
    g_hash_table_add(undone, GINT_TO_POINTER((int)sl_json_int(sl_json_at(events, i), 0)));
}

GPtrArray *
sl_ticket_standing(const GPtrArray *events)
{
  g_autoptr(GHashTable) undone = g_hash_table_new(NULL, NULL);
  GPtrArray *standing = g_ptr_array_sized_new(events->len);
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (event->kind == SL_EVENT_UNDONE)
      add_undone(undone, event);
  }
  for (guint i = 0; i < events->len; i++) {
    SlEvent *event = events->pdata[i];
    if (!g_hash_table_contains(undone, GINT_TO_POINTER(event->seq)))
      g_ptr_array_add(standing, event);
  }
  return standing;
}

/* ---- words that never arrived ---- */

/* The numbers of events whose letter bounced for good. */
static GHashTable *
unsaid_events(const GPtrArray *standing)
{
  GHashTable *unsaid = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    if (event->kind == SL_EVENT_BOUNCED && sl_json_get_bool(event->detail, "hard"))
      g_hash_table_add(unsaid, GINT_TO_POINTER((int)sl_json_get_int(event->detail, "ref", 0)));
  }
  return unsaid;
}

/* The act counts, its words do not. */
static void
apply_unsaid(SlTicket *ticket, const SlEvent *event)
{
  SlTime answered_at = ticket->answered_at, last_words_at = ticket->last_words_at;
  char *last_news = g_strdup(ticket->last_news);
  apply[event->kind](ticket, event);
  ticket->answered_at = answered_at;
  ticket->last_words_at = last_words_at;
  g_free(ticket->last_news);
  ticket->last_news = last_news;
}

SlTicket *
sl_ticket_fold(const GPtrArray *events)
{
  SlTicket *ticket = ticket_new();
  g_autoptr(GPtrArray) standing = sl_ticket_standing(events);
  g_autoptr(GHashTable) unsaid = unsaid_events(standing);
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    const char *alarm = sl_json_get_string(event->detail, "alarm");
    if (g_hash_table_contains(unsaid, GINT_TO_POINTER(event->seq)))
      apply_unsaid(ticket, event);
    else
      apply[event->kind](ticket, event);
    sl_status_next(ticket->status, event->kind, &ticket->status);
    if (alarm)
      g_hash_table_add(ticket->dealt, g_strdup(alarm));
  }
  if (events->len)
    ticket->seq = ((const SlEvent *)events->pdata[events->len - 1])->seq;
  return ticket;
}
