/* SPDX-License-Identifier: ISC */
#include "desk/ticket.h"

#include <string.h>

static const char *const status_words[] = {
#define X(name, word) [SL_TICKET_##name] = word,
    SL_STATUSES(X)
#undef X
};

const char *
sl_status_word(SlStatus status)
{
  return status_words[status];
}

gboolean
sl_status_parse(const char *word, SlStatus *out_status)
{
  for (guint i = 0; i < G_N_ELEMENTS(status_words); i++) {
    if (g_strcmp0(word, status_words[i]) == 0) {
      *out_status = (SlStatus)i;
      return TRUE;
    }
  }
  return FALSE;
}

void
sl_alarmed_free(SlAlarmed *alarmed)
{
  if (alarmed)
    g_free(alarmed->who);
  g_free(alarmed);
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
static gboolean
by_person(const SlEvent *event)
{
  return g_str_has_prefix(event->actor, "agent:") || g_str_has_prefix(event->actor, "cli:");
}

static void
started(SlTicket *ticket, SlTime at)
{
  ticket->started_at = sl_time_earlier(ticket->started_at, at);
}

static char *
first_line(const char *words)
{
  g_auto(GStrv) lines = g_strsplit(words, "\n", 8);
  for (guint i = 0; lines[i]; i++) {
    g_strstrip(lines[i]);
    if (*lines[i])
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
  if (by_person(event))
    started(ticket, sl_event_counts_at(event));
}

static void
estimated(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->eta = sl_json_get_time(event->detail, "until");
  ticket->estimated_at = sl_time_earlier(ticket->estimated_at, sl_event_counts_at(event));
  if (event->words)
    spoke(ticket, event);
}

static void
waiting(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->status = SL_TICKET_WAITING;
  ticket->waiting_since = sl_event_counts_at(event);
}

static void
resumed(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->status = SL_TICKET_OPEN;
  ticket->waiting_since = SL_TIME_NONE;
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
  if (by_person(event) && event->words)
    spoke(ticket, event);
}

static void
escalated(SlTicket *ticket, const SlEvent *event)
{
  const SlJson *to = sl_json_get(event->detail, "to");
  SlTarget target = SL_TARGET_ANSWER;
  if (sl_json_has(event->detail, "target"))
    sl_target_parse(sl_json_get_string(event->detail, "target"), &target);
  int level = (int)sl_json_get_int(event->detail, "level", 1);
  ticket->level = MAX(ticket->level, level);
  for (guint i = 0; i < sl_json_length(to); i++) {
    SlAlarmed *alarmed = g_new0(SlAlarmed, 1);
    alarmed->who = g_strdup(sl_json_string(sl_json_at(to, i)));
    alarmed->level = level;
    alarmed->target = target;
    g_ptr_array_add(ticket->alarmed, alarmed);
  }
}

static void
calmed(SlTicket *ticket, const SlEvent *event)
{
  const SlJson *who = sl_json_get(event->detail, "who");
  for (guint i = 0; i < sl_json_length(who); i++) {
    const char *name = sl_json_string(sl_json_at(who, i));
    for (guint j = ticket->alarmed->len; j > 0; j--) {
      if (g_strcmp0(((SlAlarmed *)ticket->alarmed->pdata[j - 1])->who, name) == 0)
        g_ptr_array_remove_index(ticket->alarmed, j - 1);
    }
  }
  ticket->level = 0;
  for (guint j = 0; j < ticket->alarmed->len; j++)
    ticket->level = MAX(ticket->level, ((SlAlarmed *)ticket->alarmed->pdata[j])->level);
}

static void
resolved(SlTicket *ticket, const SlEvent *event)
{
  ticket->status = SL_TICKET_RESOLVED;
  ticket->resolved_at = sl_event_counts_at(event);
  ticket->waiting_since = SL_TIME_NONE;
  set_string(&ticket->solution, event->words);
  if (by_person(event))
    spoke(ticket, event);
}

static void
closed(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->status = SL_TICKET_CLOSED;
  ticket->closed_at = event->at;
  ticket->waiting_since = SL_TIME_NONE;
}

static void
reopened(SlTicket *ticket, const SlEvent *event)
{
  acted(ticket, event);
  ticket->status = SL_TICKET_OPEN;
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
  ticket->status = SL_TICKET_MERGED;
  ticket->merged_into = sl_json_get_int(event->detail, "into", 0);
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
    [SL_EVENT_SKIPPED] = nothing,         [SL_EVENT_REMINDED] = nothing,
    [SL_EVENT_CALMED] = calmed,           [SL_EVENT_RESOLVED] = resolved,
    [SL_EVENT_CLOSED] = closed,           [SL_EVENT_REOPENED] = reopened,
    [SL_EVENT_BOUNCED] = bounced,         [SL_EVENT_HELD] = nothing,
    [SL_EVENT_JOINED] = nothing,          [SL_EVENT_STOPPED] = stopped,
    [SL_EVENT_LINKED] = nothing,          [SL_EVENT_MERGED] = merged,
    [SL_EVENT_RECALENDAR] = recalendar,   [SL_EVENT_SEALED] = nothing,
};

static SlTicket *
ticket_new(void)
{
  SlTicket *ticket = g_new0(SlTicket, 1);
  SlTime *const none[] = {&ticket->received_at,     &ticket->acknowledged_at,  &ticket->assigned_at, &ticket->started_at,
                          &ticket->answered_at,     &ticket->estimated_at,     &ticket->eta,         &ticket->resolved_at,
                          &ticket->closed_at,       &ticket->waiting_since,    &ticket->last_words_at,
                          &ticket->last_customer_at, &ticket->raised_at};
  for (guint i = 0; i < G_N_ELEMENTS(none); i++)
    *none[i] = SL_TIME_NONE;
  ticket->subject = g_strdup("");
  ticket->tags = g_ptr_array_new_with_free_func(g_free);
  ticket->alarmed = g_ptr_array_new_with_free_func((GDestroyNotify)sl_alarmed_free);
  ticket->dealt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return ticket;
}

SlTicket *
sl_ticket_fold(const GPtrArray *events)
{
  SlTicket *ticket = ticket_new();
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    const char *alarm = sl_json_get_string(event->detail, "alarm");
    apply[event->kind](ticket, event);
    ticket->seq = event->seq;
    if (alarm)
      g_hash_table_add(ticket->dealt, g_strdup(alarm));
  }
  return ticket;
}

/* ---- what each event does to the clocks ---- */

static SlMove *
add_move(GArray *moves, SlMoveKind kind, const SlEvent *event, SlTime at)
{
  SlMove move = {.kind = kind, .seq = event->seq, .at = at, .until = SL_TIME_NONE, .priority = SL_PRIORITY_STANDARD};
  g_array_append_val(moves, move);
  return &g_array_index(moves, SlMove, moves->len - 1);
}

/* A human act starts the work (S2); its reason tells /take apart, which alone stops the first level. */
static void
move_act(GArray *moves, const SlEvent *event, const char *reason)
{
  if (by_person(event))
    add_move(moves, SL_MOVE_ACTED, event, sl_event_counts_at(event))->reason = reason;
}

static void
move_spoke(GArray *moves, const SlEvent *event)
{
  SlMove *move = add_move(moves, SL_MOVE_SPOKE, event, sl_event_counts_at(event));
  move->stated = g_strcmp0(sl_json_get_string(event->detail, "how"), "stated") == 0;
}

static void
move_received(GArray *moves, const SlEvent *event)
{
  gboolean silent = sl_json_get_bool(event->detail, "silent");
  SlMove *move = add_move(moves, silent ? SL_MOVE_SILENT : SL_MOVE_RECEIVED, event, sl_event_counts_at(event));
  if (sl_json_has(event->detail, "priority"))
    sl_priority_parse(sl_json_get_string(event->detail, "priority"), &move->priority);
}

static void
move_wrote(GArray *moves, const SlEvent *event)
{
  if (!sl_json_get_bool(event->detail, "thanks"))
    add_move(moves, SL_MOVE_WROTE, event, sl_event_counts_at(event));
}

static void
move_acked(GArray *moves, const SlEvent *event)
{
  add_move(moves, SL_MOVE_ACKED, event, event->at);
}

static void
move_unacked(GArray *moves, const SlEvent *event)
{
  add_move(moves, SL_MOVE_ACK_CANCELLED, event, event->at)->reason = sl_json_get_string(event->detail, "reason");
}

static void
move_taken(GArray *moves, const SlEvent *event)
{
  add_move(moves, SL_MOVE_ACTED, event, sl_event_counts_at(event))->reason = "take";
}

static void
move_acted(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, sl_event_word(event->kind));
}

static void
move_answered(GArray *moves, const SlEvent *event)
{
  move_spoke(moves, event);
}

static void
move_estimated(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "eta");
  add_move(moves, SL_MOVE_ESTIMATED, event, sl_event_counts_at(event))->until = sl_json_get_time(event->detail, "until");
  if (event->words || sl_json_has(event->detail, "words"))
    move_spoke(moves, event);
}

static void
move_waiting(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "wait");
  add_move(moves, SL_MOVE_WAITING, event, sl_event_counts_at(event));
}

static void
move_resumed(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "resume");
  add_move(moves, SL_MOVE_RESUMED, event, sl_event_counts_at(event));
}

static void
move_priority(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "prio");
  SlMoveKind kind = event->kind == SL_EVENT_RAISED ? SL_MOVE_RAISED : SL_MOVE_LOWERED;
  SlMove *move = add_move(moves, kind, event, sl_event_counts_at(event));
  sl_priority_parse(sl_json_get_string(event->detail, "to"), &move->priority);
}

static void
move_no_reply(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "noreply");
  add_move(moves, SL_MOVE_NO_REPLY, event, event->at)->reason = event->words ? event->words : "no reply needed";
}

static void
move_updated(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "progress");
  if (by_person(event) && sl_json_has(event->detail, "words"))
    move_spoke(moves, event);
  add_move(moves, SL_MOVE_UPDATED, event, sl_event_counts_at(event));
}

/* A solution that a person wrote is mailed to the customer: it answers too. */
static void
move_resolved(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "resolve");
  if (by_person(event))
    move_spoke(moves, event);
  add_move(moves, SL_MOVE_RESOLVED, event, sl_event_counts_at(event));
}

static void
move_closed(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "close");
  add_move(moves, SL_MOVE_CLOSED, event, event->at);
}

static void
move_reopened(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "reopen");
  add_move(moves, SL_MOVE_REOPENED, event, event->at);
}

static void
move_bounced(GArray *moves, const SlEvent *event)
{
  if (!sl_json_get_bool(event->detail, "hard"))
    return;
  if (g_strcmp0(sl_json_get_string(event->detail, "kind"), "ack") == 0)
    add_move(moves, SL_MOVE_ACK_BOUNCED, event, event->at);
  else if (sl_json_get_int(event->detail, "ref", 0))
    add_move(moves, SL_MOVE_SPOKE_BOUNCED, event, event->at)->ref = (int)sl_json_get_int(event->detail, "ref", 0);
}

static void
move_merged(GArray *moves, const SlEvent *event)
{
  add_move(moves, SL_MOVE_CANCELLED, event, event->at)->reason = "merged";
}

static void (*const to_move[SL_N_EVENTS])(GArray *, const SlEvent *) = {
    [SL_EVENT_RECEIVED] = move_received,   [SL_EVENT_WROTE] = move_wrote,
    [SL_EVENT_ACKNOWLEDGED] = move_acked,  [SL_EVENT_UNACKED] = move_unacked,
    [SL_EVENT_TAKEN] = move_taken,         [SL_EVENT_ANSWERED] = move_answered,
    [SL_EVENT_NOTED] = move_acted,         [SL_EVENT_ETA] = move_estimated,
    [SL_EVENT_WAITING] = move_waiting,     [SL_EVENT_RESUMED] = move_resumed,
    [SL_EVENT_RAISED] = move_priority,     [SL_EVENT_LOWERED] = move_priority,
    [SL_EVENT_NO_REPLY] = move_no_reply,   [SL_EVENT_UPDATED] = move_updated,
    [SL_EVENT_RESOLVED] = move_resolved,   [SL_EVENT_CLOSED] = move_closed,
    [SL_EVENT_REOPENED] = move_reopened,   [SL_EVENT_BOUNCED] = move_bounced,
    [SL_EVENT_MERGED] = move_merged,
};

GArray *
sl_ticket_moves(const GPtrArray *events)
{
  GArray *moves = g_array_new(FALSE, TRUE, sizeof(SlMove));
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (to_move[event->kind])
      to_move[event->kind](moves, event);
  }
  return moves;
}

void
sl_ticket_ladder_state(const SlTicket *ticket, const GArray *moves, const GPtrArray *clocks, SlLadderState *out_state)
{
  *out_state = (SlLadderState){
      .moves = (const SlMove *)(gconstpointer)moves->data,
      .n_moves = moves->len,
      .clocks = clocks,
      .dealt = ticket->dealt,
      .priority = ticket->priority,
      .courtesy = !ticket->stopped && ticket->priority != SL_PRIORITY_CRITICAL,
      .silent = ticket->silent,
      .waiting_since = ticket->status == SL_TICKET_WAITING ? ticket->waiting_since : SL_TIME_NONE,
      .resolved_at = ticket->status == SL_TICKET_RESOLVED ? ticket->resolved_at : SL_TIME_NONE,
      .closed = sl_ticket_is_over(ticket),
  };
}
