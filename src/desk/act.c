/* SPDX-License-Identifier: ISC */
#include "desk/act.h"

#include <stdlib.h>
#include <string.h>

#include "desk/when.h"

void
sl_act_did(SlAct *act, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_ptr_array_add(act->did, g_strdup_vprintf(format, args));
  va_end(args);
}

gboolean
sl_act_refuse(SlAct *act, SlError code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  sl_decision_refuse(act->decision, code, "%s", text);
  return FALSE;
}

const char *
sl_act_name(const SlAct *act)
{
  const char *colon = strchr(act->actor, ':');
  return colon ? colon + 1 : act->actor;
}

const char *
sl_act_title(const SlAct *act)
{
  return sl_policy_title(act->facts->policy, sl_act_name(act));
}

/* ---- the record ---- */

/* The number that the first event of the act gets on that ticket. */
static int
first_of_act(const SlAct *act, gint64 ticket)
{
  const SlTicketFacts *before = sl_facts_ticket(act->facts, ticket);
  const SlChange *change = sl_decision_change(act->decision, ticket);
  int seq = before ? before->ticket->seq : 0;
  for (guint i = 0; i < change->events->len; i++) {
    const SlEvent *event = change->events->pdata[i];
    if (sl_json_has(event->detail, "act"))
      return seq + (int)i + 1;
  }
  return seq + (int)change->events->len + 1;
}

SlEvent *
sl_act_event_on(SlAct *act, gint64 ticket, SlEventKind kind, const char *words)
{
  int first = first_of_act(act, ticket);
  SlEvent *event = sl_decision_event(act->decision, ticket, kind, act->facts->now, act->actor);
  sl_json_set_time(event->detail, "received_at", MIN(act->at, act->facts->now));
  sl_json_set_int(event->detail, "act", first);
  if (act->mail)
    sl_json_set_int(event->detail, "mail", act->mail);
  if (words && *words)
    event->words = g_strdup(words);
  return event;
}

SlEvent *
sl_act_event(SlAct *act, SlEventKind kind, const char *words)
{
  return sl_act_event_on(act, act->ticket->ticket->id, kind, words);
}

/* ---- words ---- */

char *
sl_act_words(SlAct *act, const char *argument)
{
  g_autoptr(GString) words = g_string_new(NULL);
  const char *const parts[] = {argument, act->why, act->text_used ? NULL : act->text};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i] && *parts[i])
      g_string_append_printf(words, "%s%s", words->len ? "\n\n" : "", parts[i]);
  }
  act->text_used = TRUE;
  return g_string_free(g_steal_pointer(&words), FALSE);
}

SlLetter *
sl_act_to_customer(SlAct *act, SlLetterKind kind, const char *template_name, const char *body)
{
  gboolean machines = !body || !*body;
  if (!act->ticket->ticket->requester || (machines && act->ticket->ticket->silent)) /* a person may write where the machine does not */
    return NULL;
  SlLetter *letter = sl_draft_to_customer(act->facts, act->ticket, kind, template_name);
  letter->cause = sl_draft_cause(act->facts, act->decision, act->ticket->ticket->id);
  letter->body = g_strdup(body);
  letter->voice = body && *body ? SL_VOICE_HUMAN : SL_VOICE_MACHINE;
  letter->event = body && *body ? atoi(letter->cause) : 0;
  if (body && *body && act->parsed && act->parsed->attachments->len)
    letter->files_mail = act->mail;
  sl_json_set_string(letter->fields, "agent", sl_act_title(act));
  return sl_decision_letter(act->decision, letter);
}

void
sl_act_hold_back(const SlAct *act, SlLetter *letter)
{
  if (letter)
    letter->not_before = act->facts->now + act->facts->policy->undo_sec * SL_SECOND;
}

void
sl_act_spoke(SlAct *act)
{
  g_autofree char *at = sl_draft_our_time(act->facts, act->ticket, act->at);
  g_autofree char *what = g_strdup_printf("%s answered %s", sl_act_title(act), at);
  act->spoke = TRUE;
  sl_draft_all_clear(act->facts, act->decision, act->ticket, SL_TARGET_ANSWER, what, act->actor);
}

/* ---- dates ---- */

gboolean
sl_act_date(SlAct *act, const char *argument, SlTime *out_time, const char **out_rest)
{
  const SlCalendar *calendar = act->ticket->agreement->calendar;
  g_autofree char *why = NULL;
  *out_rest = "";
  if (act->when != SL_TIME_NONE) {
    *out_time = act->when;
    return TRUE;
  }
  gsize used = argument ? sl_when_prefix(argument, calendar, act->facts->now, out_time) : 0;
  if (used > 0) {
    *out_rest = argument + used;
    while (g_ascii_isspace(**out_rest) || **out_rest == ',')
      (*out_rest)++;
    return TRUE;
  }
  if (!sl_when_parse(argument ? argument : "", calendar, act->facts->now, out_time, &why))
    return sl_act_refuse(act, SL_ERROR_USAGE, "%s", why);
  return TRUE;
}
