/* SPDX-License-Identifier: ISC */
#include "desk/outside.h"

#include "desk/triage.h"

/* The customer has these words: they meet the answer, at the receipt of the mail, or at the time that a passed-on one states. */
void
sl_desk_outside(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMailStimulus *mail = &stimulus->mail;
  const SlTicketFacts *ticket = sl_facts_ticket(facts, route->ticket);
  gboolean stated = route->stated_at != SL_TIME_NONE;
  SlTime at = stated ? MAX(route->stated_at, ticket->ticket->received_at) : mail->received;
  const char *words = stated && *mail->mail->forwarded->text ? mail->mail->forwarded->text : mail->mail->reply;
  g_autofree char *actor = g_strconcat("agent:", route->agent->name, NULL);
  decision->outcome = SL_OUTCOME_OUTGOING;
  decision->ticket = route->ticket;
  decision->reason = g_strdup(route->reason);
  SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_ANSWERED, facts->now, actor);
  sl_json_set_string(event->detail, "how", stated ? "stated" : "outside");
  sl_json_set_time(event->detail, "received_at", MIN(at, facts->now));
  sl_json_set_int(event->detail, "mail", mail->mail_id);
  event->words = *words ? g_strdup(words) : NULL;
  g_autofree char *when = sl_draft_our_time(facts, ticket, at);
  g_autofree char *what = g_strdup_printf("%s answered %s", route->agent->title, when);
  sl_draft_all_clear(facts, decision, ticket, SL_TARGET_ANSWER, what, actor);
}

/* OK lets it in: as a stimulus of its own, in the same transaction. */
void
sl_desk_confirm(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  gboolean ok = sl_triage_word(stimulus->mail.mail->reply, NULL) == SL_WORD_OK;
  g_autofree char *actor = g_strconcat("agent:", route->agent->name, NULL);
  decision->outcome = SL_OUTCOME_COMMAND;
  decision->ticket = route->ticket;
  decision->reason = g_strdup(ok ? "the held mail was let in" : "the held mail was dropped");
  if (ok)
    decision->release = route->held_mail;
  else
    decision->drop = route->held_mail;
  if (route->ticket) {
    SlEvent *event = sl_decision_event(decision, route->ticket, SL_EVENT_RELEASED, facts->now, actor);
    sl_json_set_int(event->detail, "mail", route->held_mail);
    sl_json_set_bool(event->detail, "dropped", !ok);
  }
}
