/* SPDX-License-Identifier: ISC */
#include "desk/alarm-letters.h"

#include <string.h>

static const char *
what_to_do(SlTarget target)
{
  static const char *const texts[SL_N_TARGETS] = {
      [SL_TARGET_ACK] = "The customer has no acknowledgement yet: look at `slate outbox`, and write to them.",
      [SL_TARGET_START] = "Nobody has begun: take it (/take), or give it to somebody (/assign NAME).",
      [SL_TARGET_ANSWER] = "The customer waits for a person's answer: see that somebody writes to them now.",
      [SL_TARGET_ETA] = "The customer has no estimate yet: see that one is given (/eta Fri 16:00, with a sentence).",
      [SL_TARGET_PROGRESS] = "The customer got no word of progress that day: see that somebody writes to them.",
      [SL_TARGET_RESOLVE] = "The estimate given to the customer is broken: solve it, or give a new one and say why (/eta).",
  };
  return texts[target];
}

/* Before it is due the same facts read otherwise. */
static const char *
what_to_do_in_time(SlTarget target)
{
  return target == SL_TARGET_RESOLVE ? "The estimate given to the customer is near: solve it, or give a new one in time and say why (/eta)."
                                     : what_to_do(target);
}

static void
set_left(const SlFacts *facts, SlJson *fields, SlTime due_at)
{
  if (due_at == SL_TIME_NONE)
    return;
  g_autofree char *amount = sl_duration_format((due_at - facts->now) / SL_SECOND);
  sl_json_set_string(fields, facts->now > due_at ? "late" : facts->now == due_at ? "just" : "left", amount);
}

static void
set_clock(const SlFacts *facts, const SlTicketFacts *ticket, SlJson *fields, const SlClock *clock)
{
  g_autofree char *due = clock->due_at == SL_TIME_NONE ? NULL : sl_draft_our_time(facts, ticket, clock->due_at);
  sl_json_set_string(fields, "target", sl_target_word(clock->target));
  sl_json_set_string(fields, "due_at", due);
  set_left(facts, fields, clock->due_at);
}

SlJson *
sl_desk_alarm_row(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock)
{
  SlJson *row = sl_json_object();
  sl_json_set_int(row, "id", ticket->ticket->id);
  sl_json_set_string(row, "subject", ticket->ticket->subject);
  sl_json_set_string(row, "client", ticket->client->name);
  sl_json_set_string(row, "owner", sl_policy_title(facts->policy, ticket->ticket->assignee));
  sl_json_set_string(row, "priority", sl_priority_word(ticket->ticket->priority));
  if (clock)
    set_clock(facts, ticket, row, clock);
  return row;
}

static void
set_ledger(const SlFacts *facts, const SlTicketFacts *ticket, SlJson *fields, const SlClock *clock)
{
  const SlMove *moves = (const SlMove *)(gconstpointer)ticket->moves->data;
  g_autoptr(GPtrArray) lines = sl_clock_ledger(moves, ticket->moves->len, facts->now, clock);
  SlJson *rows = sl_json_array();
  for (guint i = 0; i < lines->len; i++) {
    const SlLedgerLine *line = lines->pdata[i];
    g_autofree char *at = sl_time_format_zone(line->at, sl_calendar_get_zone(ticket->agreement->calendar), "%a %d %b %H:%M:%S %Z");
    g_autofree char *counted = sl_duration_format(line->counted_sec);
    g_autofree char *total = sl_duration_format(line->total_sec);
    SlJson *row = sl_json_object();
    sl_json_set_string(row, "at", at);
    sl_json_set_string(row, "what", line->what);
    sl_json_set_string(row, "counted", counted);
    sl_json_set_string(row, "total", total);
    sl_json_add_take(rows, row);
  }
  sl_json_set_take(fields, "ledger", rows);
}

/* "ana: eta, Tue 10:02": what the staff did last. */
static void
set_last_action(const SlFacts *facts, const SlTicketFacts *ticket, SlJson *fields)
{
  for (guint i = ticket->events->len; i > 0; i--) {
    const SlEvent *event = ticket->events->pdata[i - 1];
    if (!g_str_has_prefix(event->actor, "agent:") && !g_str_has_prefix(event->actor, "cli:"))
      continue;
    g_autofree char *at = sl_draft_our_time(facts, ticket, sl_event_counts_at(event));
    g_autofree char *text = g_strdup_printf("%s: %s, %s", sl_policy_title(facts->policy, strchr(event->actor, ':') + 1), sl_event_word(event->kind), at);
    sl_json_set_string(fields, "last_action", text);
    return;
  }
  sl_json_set_string(fields, "last_action", "none yet");
}

static void
set_told(const SlFacts *facts, const SlTicketFacts *ticket, SlJson *fields)
{
  SlJson *rows = sl_json_array();
  for (guint i = 0; i < ticket->ticket->alarmed->len; i++) {
    const SlAlarmed *alarmed = ticket->ticket->alarmed->pdata[i];
    if (!alarmed->told)
      continue;
    SlJson *row = sl_json_object();
    g_autofree char *level = g_strdup_printf("L%d", alarmed->level);
    sl_json_set_string(row, "level", level);
    sl_json_set_string(row, "who", sl_policy_title(facts->policy, g_str_has_prefix(alarmed->who, "agent:") ? alarmed->who + strlen("agent:")
                                                                                                        : alarmed->who));
    sl_json_add_take(rows, row);
  }
  sl_json_set_take(fields, "told", rows);
}

SlLetter *
sl_desk_escalation(const SlFacts *facts, const SlTicketFacts *ticket, int level, const SlClock *clock, const char *address,
                   const char *cause, SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_ESCALATION, "escalation", address, SL_SCOPE_NOTE);
  g_autofree char *word = g_strdup_printf("L%d", level);
  const SlLevel *step = level <= (int)ticket->agreement->levels->len ? ticket->agreement->levels->pdata[level - 1] : NULL;
  letter->cause = g_strdup(cause);
  sl_json_set_string(letter->fields, "level", word);
  sl_json_set_string(letter->fields, "level_name", step ? step->name : NULL);
  sl_json_set_string(letter->fields, "what", what_to_do(clock ? clock->target : SL_TARGET_ANSWER));
  set_last_action(facts, ticket, letter->fields);
  set_told(facts, ticket, letter->fields);
  if (clock) {
    set_clock(facts, ticket, letter->fields, clock);
    set_ledger(facts, ticket, letter->fields, clock);
  }
  return sl_decision_letter(decision, letter);
}

void
sl_desk_warning(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock, const char *address, const char *cause,
                SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_WARNING, "warning", address, SL_SCOPE_NOTE);
  letter->cause = g_strdup(cause);
  if (clock) {
    sl_json_set_string(letter->fields, "what", what_to_do_in_time(clock->target));
    set_clock(facts, ticket, letter->fields, clock);
  }
  sl_decision_letter(decision, letter);
}

void
sl_desk_breach(const SlFacts *facts, const SlTicketFacts *ticket, SlTarget target, const SlClock *clock, const char *address,
               const char *cause, SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_BREACH, "breach", address, SL_SCOPE_NOTE);
  letter->cause = g_strdup(cause);
  sl_json_set_string(letter->fields, "what", what_to_do(target));
  if (clock) {
    set_clock(facts, ticket, letter->fields, clock);
    set_ledger(facts, ticket, letter->fields, clock);
  }
  sl_decision_letter(decision, letter);
}

SlJson *
sl_desk_alarm_paragraph(const SlFacts *facts, const SlTicketFacts *ticket, const SlClock *clock, gboolean with_ledger)
{
  SlJson *row = sl_desk_alarm_row(facts, ticket, clock);
  sl_json_set_string(row, "what", clock ? what_to_do(clock->target) : NULL);
  sl_json_set_string(row, "requester", ticket->ticket->requester);
  set_last_action(facts, ticket, row);
  if (clock && with_ledger)
    set_ledger(facts, ticket, row, clock);
  return row;
}
