/* SPDX-License-Identifier: ISC */
/* What each event does to the clocks: from the desk's record to the moves that sla/ knows. */
#include "desk/ticket.h"

#include <string.h>

/* ---- what each event does to the clocks ---- */

static SlMove *
add_move(GArray *moves, SlMoveKind kind, const SlEvent *event, SlTime at)
{
  SlMove move = {.kind = kind, .seq = event->seq, .at = at, .recorded_at = event->at, .until = SL_TIME_NONE, .priority = SL_PRIORITY_STANDARD};
  g_array_append_val(moves, move);
  return &g_array_index(moves, SlMove, moves->len - 1);
}

/* A human act starts the work (S2); its reason tells /take apart, which alone stops the first level. */
static void
move_act(GArray *moves, const SlEvent *event, const char *reason)
{
  if (sl_event_by_person(event))
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
  const char *channel = sl_json_get_string(event->detail, "channel");
  move->by_agent = sl_json_get_bool(event->detail, "by_agent");
  move->stated = channel && strcmp(channel, "mail") != 0;
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
  if (sl_event_by_person(event) && sl_json_has(event->detail, "words"))
    move_spoke(moves, event);
  add_move(moves, SL_MOVE_UPDATED, event, sl_event_counts_at(event));
}

/* A solution that a person wrote is mailed to the customer: it answers too. */
static void
move_resolved(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "resolve");
  if (sl_event_by_person(event))
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
  add_move(moves, SL_MOVE_REOPENED, event, sl_event_counts_at(event));
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
move_over(GArray *moves, const SlEvent *event)
{
  add_move(moves, SL_MOVE_CANCELLED, event, event->at)->reason = sl_event_word(event->kind);
}

/* The earliest receipt counts, and the oldest mail that nobody answered. */
static void
move_absorbed(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "merge");
  SlMove *move = add_move(moves, SL_MOVE_ABSORBED, event, sl_json_get_time(event->detail, "receipt"));
  move->until = sl_json_get_time(event->detail, "unanswered_at");
}

/* A mail that went to a ticket of its own wants no answer here. */
static void
move_split(GArray *moves, const SlEvent *event)
{
  move_act(moves, event, "split");
  add_move(moves, SL_MOVE_SPLIT, event, event->at)->ref = (int)sl_json_get_int(event->detail, "ref", 0);
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
    [SL_EVENT_MERGED] = move_over,         [SL_EVENT_SPAM] = move_over,
    [SL_EVENT_ABSORBED] = move_absorbed,   [SL_EVENT_SPLIT] = move_split,
    [SL_EVENT_EXCUSED] = move_acted,       [SL_EVENT_LINKED] = move_acted,
    [SL_EVENT_ESCALATED] = move_acted,     [SL_EVENT_RELEASED] = move_acted,
};

GArray *
sl_ticket_moves(const GPtrArray *events, GHashTable *texts)
{
  GArray *moves = g_array_new(FALSE, TRUE, sizeof(SlMove));
  g_autoptr(GPtrArray) standing = sl_ticket_standing(events);
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    if (to_move[event->kind])
      to_move[event->kind](moves, event);
    else if (event->kind == SL_EVENT_RECALENDAR && texts)
      add_move(moves, SL_MOVE_RECALENDAR, event, event->at)->before = g_hash_table_lookup(texts, sl_json_get_string(event->detail, "before"));
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
      .courtesy = !ticket->stopped,
      .silent = ticket->silent,
      .waiting_since = ticket->status == SL_TICKET_WAITING ? ticket->waiting_since : SL_TIME_NONE,
      .resolved_at = ticket->status == SL_TICKET_RESOLVED ? ticket->resolved_at : SL_TIME_NONE,
      .waiting_until = ticket->status == SL_TICKET_WAITING ? ticket->waiting_until : SL_TIME_NONE,
      .snoozed_at = ticket->snoozed_at,
      .snoozed_until = ticket->snoozed_until,
      .closed = sl_ticket_is_over(ticket),
  };
}
