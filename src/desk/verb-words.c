/* SPDX-License-Identifier: ISC */
/* Verbs that say something: to the customer, or inside. */
#include "desk/act.h"

#include <string.h>

#include "desk/when.h"

/* Colleagues in copy of the customer's own mail, and who wrote tickets that were merged into this one. */
static void
copy_answer(const SlAct *act, SlLetter *letter)
{
  const GPtrArray *const lists[] = {act->ticket->cc, act->ticket->ticket->also};
  for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
    for (guint i = 0; lists[k] && i < lists[k]->len; i++) {
      const char *address = lists[k]->pdata[i];
      if (!g_ptr_array_find_with_equal_func(letter->cc, address, g_str_equal, NULL) && !sl_address_equal(address, letter->to->pdata[0]))
        g_ptr_array_add(letter->cc, g_strdup(address));
    }
  }
  if (letter->cc->len)
    sl_act_hold_back(act, letter); /* more than one outside person reads it: time to think again */
}

static gboolean
needs_address(SlAct *act)
{
  return act->ticket->ticket->requester ||
         sl_act_refuse(act, SL_ERROR_DENIED, "ticket %" G_GINT64_FORMAT " has no address to write to", act->ticket->ticket->id);
}

gboolean
sl_verb_reply(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "an answer needs words");
  if (!needs_address(act))
    return FALSE;
  sl_json_set_string(sl_act_event(act, SL_EVENT_ANSWERED, words)->detail, "how", "reply");
  copy_answer(act, sl_act_to_customer(act, SL_LETTER_ANSWER, "answer", words));
  sl_act_spoke(act);
  sl_act_did(act, "your answer went to %s", act->ticket->ticket->requester);
  return TRUE;
}

/* A colleague's note on a critical ticket reaches whoever works on it at once (S6). */
static void
pass_note_on(SlAct *act, const char *words)
{
  const SlTicket *ticket = act->ticket->ticket;
  const SlAgent *assignee = ticket->assignee ? sl_policy_agent(act->facts->policy, ticket->assignee) : NULL;
  if (ticket->priority != SL_PRIORITY_CRITICAL || !assignee || g_strcmp0(sl_act_name(act), ticket->assignee) == 0)
    return;
  SlLetter *letter =
      sl_draft_to_staff(act->facts, act->ticket, SL_LETTER_MESSAGE, "message", sl_agent_mail(assignee), SL_SCOPE_REPLY);
  letter->cause = sl_draft_cause(act->facts, act->decision, ticket->id);
  sl_json_set_string(letter->fields, "requester", sl_act_title(act));
  sl_json_set_string(letter->fields, "text", words);
  sl_json_set_bool(letter->fields, "note", TRUE);
  sl_decision_letter(act->decision, letter);
}

gboolean
sl_verb_note(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "a note needs words");
  sl_act_event(act, SL_EVENT_NOTED, words);
  pass_note_on(act, words);
  sl_act_did(act, "noted, inside only: the customer does not get it");
  return TRUE;
}

gboolean
sl_verb_progress(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "a progress update needs words");
  if (!needs_address(act))
    return FALSE;
  sl_json_set_string(sl_act_event(act, SL_EVENT_UPDATED, words)->detail, "how", "person");
  sl_act_to_customer(act, SL_LETTER_PROGRESS, "progress", words);
  sl_act_spoke(act);
  sl_act_did(act, "your progress update went to %s", act->ticket->ticket->requester);
  return TRUE;
}

/* A question answers, and then everything waits for the customer (S10). */
gboolean
sl_verb_ask(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "a question needs words");
  if (act->ticket->ticket->status == SL_TICKET_RESOLVED) /* nothing would wait for the answer */
    return sl_act_refuse(act, SL_ERROR_DENIED, "it is resolved: /reopen it first");
  if (!needs_address(act))
    return FALSE;
  sl_json_set_string(sl_act_event(act, SL_EVENT_ANSWERED, words)->detail, "how", "question");
  copy_answer(act, sl_act_to_customer(act, SL_LETTER_QUESTION, "question", words));
  sl_act_spoke(act);
  if (act->ticket->ticket->status == SL_TICKET_OPEN)
    sl_json_set_time(sl_act_event(act, SL_EVENT_WAITING, NULL)->detail, "until", SL_TIME_NONE);
  sl_act_did(act, "your question went to %s; waiting for the customer", act->ticket->ticket->requester);
  return TRUE;
}

/* When was it said? --at, "10:40 …", or now. */
static gboolean
stated_time(SlAct *act, const char *argument, SlTime *out_at, const char **out_rest)
{
  const SlCalendar *calendar = act->ticket->agreement->calendar;
  SlTime received = act->ticket->ticket->received_at;
  *out_at = act->when != SL_TIME_NONE ? act->when : act->at;
  *out_rest = argument ? argument : "";
  gsize used = act->when == SL_TIME_NONE ? sl_when_prefix_past(*out_rest, calendar, act->facts->now, out_at) : 0;
  *out_rest += used;
  *out_rest += strspn(*out_rest, " \t,:");
  if (*out_at > act->facts->now)
    return sl_act_refuse(act, SL_ERROR_USAGE, "what was said outside lies in the past");
  if (*out_at < received) {
    g_autofree char *when = sl_when_absolute(received, sl_calendar_get_zone(calendar));
    return sl_act_refuse(act, SL_ERROR_USAGE, "the ticket came in later: %s", when);
  }
  return TRUE;
}

/* Said on the phone or in a chat: met at the time that the agent states, marked so, and counted apart. */
gboolean
sl_verb_answered(SlAct *act, const char *argument)
{
  SlTime at;
  const char *rest;
  if (!stated_time(act, argument, &at, &rest))
    return FALSE;
  g_autofree char *words = sl_act_words(act, rest);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "say what you told them: /answered 10:40 that the part comes on Thursday");
  SlEvent *event = sl_act_event(act, SL_EVENT_ANSWERED, words);
  sl_json_set_string(event->detail, "how", "stated");
  sl_json_set_time(event->detail, "received_at", at);
  g_autofree char *when = sl_when_absolute(at, sl_calendar_get_zone(act->ticket->agreement->calendar));
  sl_act_spoke(act);
  sl_act_did(act, "recorded as said %s", when);
  return TRUE;
}

gboolean
sl_verb_noreply(SlAct *act, const char *argument)
{
  g_autofree char *words = sl_act_words(act, argument);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "say why no answer is needed");
  sl_act_event(act, SL_EVENT_NO_REPLY, words);
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ANSWER, "No answer is needed", act->actor);
  sl_act_did(act, "no answer needed: %s", words);
  return TRUE;
}

static char *
names_of(GHashTable *replies)
{
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(replies), (GCompareFunc)g_strcmp0);
  g_autoptr(GString) text = g_string_new(NULL);
  for (GList *l = names; l; l = l->next)
    g_string_append_printf(text, "%s%s", text->len ? ", " : "", (const char *)l->data);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A saved reply, with the agent's own words under it. */
gboolean
sl_verb_use(SlAct *act, const char *argument)
{
  const char *saved = argument ? g_hash_table_lookup(act->facts->policy->replies, argument) : NULL;
  if (!saved) {
    g_autofree char *names = names_of(act->facts->policy->replies);
    return sl_act_refuse(act, SL_ERROR_USAGE, "there is no saved reply \"%s\"%s%s", argument ? argument : "", *names ? ": there are " : "", names);
  }
  return sl_verb_reply(act, saved);
}
