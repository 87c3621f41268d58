/* SPDX-License-Identifier: ISC */
#include "desk/merge.h"

static SlTime
unanswered_since(const SlTicketFacts *ticket)
{
  const SlClock *answer = sl_clock_find(ticket->clocks, SL_TARGET_ANSWER, 0);
  return answer && answer->end_seq == 0 ? answer->started_at : SL_TIME_NONE;
}

void
sl_merge_absorbed(SlEvent *absorbed, const SlTicketFacts *from)
{
  sl_json_set_int(absorbed->detail, "ticket", from->ticket->id);
  sl_json_set_time(absorbed->detail, "receipt", from->ticket->received_at);
  sl_json_set_time(absorbed->detail, "unanswered_at", unanswered_since(from));
  sl_json_set_int(absorbed->detail, "person", from->ticket->requester_id);
  absorbed->address = g_strdup(from->ticket->requester);
}

gboolean
sl_merge_raises(const SlTicketFacts *from, const SlTicketFacts *into)
{
  return from->ticket->priority < into->ticket->priority;
}

void
sl_merge_raised(SlEvent *raised, const SlTicketFacts *from, const SlTicketFacts *into)
{
  sl_json_set_string(raised->detail, "from", sl_priority_word(into->ticket->priority));
  sl_json_set_string(raised->detail, "to", sl_priority_word(from->ticket->priority));
  sl_json_set_string(raised->detail, "why", "merged");
}

void
sl_merge_quiet(SlDecision *decision, gint64 from)
{
  sl_decision_withdraw(decision, from, SL_LETTER_ESCALATION, NULL);
  sl_decision_withdraw(decision, from, SL_LETTER_WARNING, NULL);
}

static gboolean
are_two(const SlTicketFacts *ticket)
{
  for (guint i = 0; i < ticket->events->len; i++) {
    const SlEvent *event = ticket->events->pdata[i];
    if (event->kind == SL_EVENT_SPLIT || event->kind == SL_EVENT_LINKED || event->kind == SL_EVENT_UNDONE)
      return TRUE;
  }
  return FALSE;
}

void
sl_merge_thread(const SlFacts *facts, const SlTicketFacts *from, const SlTicketFacts *into, SlDecision *decision)
{
  if (are_two(from) || are_two(into))
    return;
  SlEvent *merged = sl_decision_event(decision, from->ticket->id, SL_EVENT_MERGED, facts->now, "slate");
  sl_json_set_int(merged->detail, "into", into->ticket->id);
  sl_json_set_string(merged->detail, "why", "one thread");
  sl_merge_absorbed(sl_decision_event(decision, into->ticket->id, SL_EVENT_ABSORBED, facts->now, "slate"), from);
  if (sl_merge_raises(from, into))
    sl_merge_raised(sl_decision_event(decision, into->ticket->id, SL_EVENT_RAISED, facts->now, "slate"), from, into);
  sl_merge_quiet(decision, from->ticket->id);
}
