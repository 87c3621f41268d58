/* SPDX-License-Identifier: ISC */
/* Verbs about who works on it, how urgently, and what is said of it inside. */
#include "desk/act.h"

#include <string.h>

#include "desk/alarm-letters.h"
#include "desk/assign.h"
#include "desk/when.h"

/* The first level of the cycle that runs: nobody need be told any more that nobody has begun (S11). */
static void
stop_first_level(SlAct *act)
{
  const SlClock *answer = sl_clock_find(act->ticket->clocks, SL_TARGET_ANSWER, 0);
  if (!answer)
    return;
  g_autofree char *first = g_strdup_printf("escalate:%s:%d:1:", sl_target_word(SL_TARGET_ANSWER), answer->cycle);
  sl_decision_withdraw(act->decision, act->ticket->ticket->id, SL_LETTER_ESCALATION, first);
}

gboolean
sl_verb_take(SlAct *act, const char *argument)
{
  (void)argument;
  if (!act->route->agent)
    return sl_act_refuse(act, SL_ERROR_DENIED, "say who takes it: --as AGENT, an agent of the configuration");
  sl_json_set_string(sl_act_event(act, SL_EVENT_TAKEN, NULL)->detail, "agent", act->route->agent->name);
  stop_first_level(act);
  sl_act_did(act, "you have it");
  return TRUE;
}

gboolean
sl_verb_assign(SlAct *act, const char *argument)
{
  const SlAgent *agent = sl_policy_agent(act->facts->policy, argument ? argument : "");
  if (!agent)
    return sl_act_refuse(act, SL_ERROR_USAGE, "there is no agent \"%s\"", argument ? argument : "");
  if (g_hash_table_contains(act->facts->absent, agent->name))
    return sl_act_refuse(act, SL_ERROR_DENIED, "%s is away", agent->title);
  SlEvent *event = sl_act_event(act, SL_EVENT_ASSIGNED, NULL);
  sl_json_set_string(event->detail, "agent", agent->name);
  sl_json_set_string(event->detail, "how", "by hand");
  sl_act_did(act, "assigned to %s", agent->name);
  if (agent == act->route->agent)
    return TRUE;
  g_autofree char *how = g_strdup_printf("%s gave it to you", sl_act_title(act));
  sl_draft_assignment(act->facts, act->ticket, agent, how, act->decision);
  return TRUE;
}

gboolean
sl_verb_prio(SlAct *act, const char *argument)
{
  SlPriority to;
  SlPriority from = act->ticket->ticket->priority;
  if (!argument || !sl_priority_parse(argument, &to))
    return sl_act_refuse(act, SL_ERROR_USAGE, "\"%s\" is no priority: critical, standard or low", argument ? argument : "");
  if (to == from)
    return sl_act_refuse(act, SL_ERROR_USAGE, "it is %s already", argument);
  SlEvent *event = sl_act_event(act, to < from ? SL_EVENT_RAISED : SL_EVENT_LOWERED, NULL);
  sl_json_set_string(event->detail, "from", sl_priority_word(from));
  sl_json_set_string(event->detail, "to", sl_priority_word(to));
  sl_json_set_string(event->detail, "why", act->why);
  sl_act_did(act, "priority %s, was %s", sl_priority_word(to), sl_priority_word(from));
  return TRUE;
}

/* "L2 because …", "2", or the next level upward. */
static int
read_level(const SlAct *act, const char *argument, const char **out_rest)
{
  const char *p = argument ? argument : "";
  gboolean named = g_ascii_toupper(*p) == 'L' && g_ascii_isdigit(p[1]);
  p += named;
  if (!g_ascii_isdigit(*p) || g_ascii_isalnum(p[1])) {
    *out_rest = argument ? argument : "";
    return MIN(act->ticket->ticket->level + 1, 3);
  }
  *out_rest = p + 1 + strspn(p + 1, " \t:");
  return *p - '0';
}

/* What is still owed; NULL: nothing that has a due. */
static const SlClock *
next_promise(const SlTicketFacts *ticket)
{
  static const SlTarget targets[] = {SL_TARGET_ANSWER, SL_TARGET_ETA, SL_TARGET_RESOLVE};
  for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
    const SlClock *clock = sl_clock_find(ticket->clocks, targets[i], 0);
    if (clock && clock->end_seq == 0 && clock->due_at != SL_TIME_NONE)
      return clock;
  }
  return NULL;
}

gboolean
sl_verb_escalate(SlAct *act, const char *argument)
{
  const char *rest;
  int level = read_level(act, argument, &rest);
  if (level < 1 || level > 3)
    return sl_act_refuse(act, SL_ERROR_USAGE, "there are the levels 1, 2 and 3");
  g_autofree char *words = sl_act_words(act, rest);
  g_autoptr(GPtrArray) people = sl_draft_level(act->facts, act->ticket->agreement, level,
                                               act->route->agent ? act->route->agent->name : NULL);
  SlEvent *event = sl_act_event(act, SL_EVENT_ESCALATED, words);
  SlJson *names = sl_json_array();
  sl_json_set_int(event->detail, "level", level);
  sl_json_set_string(event->detail, "target", sl_target_word(SL_TARGET_ANSWER));
  g_autofree char *cause = sl_draft_cause(act->facts, act->decision, act->ticket->ticket->id);
  for (guint i = 0; i < people->len; i++) {
    g_autofree char *name = sl_draft_staff_name(act->facts->policy, people->pdata[i]);
    sl_json_add_string(names, name);
    SlLetter *letter = sl_desk_escalation(act->facts, act->ticket, level, next_promise(act->ticket), people->pdata[i], cause, act->decision);
    g_autofree char *what = g_strdup_printf("%s asks for your help.", sl_act_title(act));
    sl_json_set_string(letter->fields, "what", what);
    sl_json_set_string(letter->fields, "why", words);
    sl_json_set_string(letter->fields, "by", sl_act_title(act));
  }
  sl_json_set_take(event->detail, "to", names);
  sl_act_did(act, "escalated to level %d", level);
  return TRUE;
}

gboolean
sl_verb_tag(SlAct *act, const char *argument)
{
  g_auto(GStrv) words = g_strsplit_set(argument ? argument : "", " \t,", -1);
  SlJson *add = sl_json_array();
  SlJson *drop = sl_json_array();
  for (guint i = 0; words[i]; i++) {
    if (*words[i] == '-' && words[i][1])
      sl_json_add_string(drop, words[i] + 1);
    else if (*words[i] && strcmp(words[i], "+") != 0 && strcmp(words[i], "-") != 0)
      sl_json_add_string(add, words[i] + (*words[i] == '+'));
  }
  if (sl_json_length(add) + sl_json_length(drop) == 0) {
    sl_json_free(add);
    sl_json_free(drop);
    return sl_act_refuse(act, SL_ERROR_USAGE, "name the tags: +billing -bug");
  }
  SlEvent *event = sl_act_event(act, SL_EVENT_TAGGED, NULL);
  sl_json_set_take(event->detail, "add", add);
  sl_json_set_take(event->detail, "remove", drop);
  sl_act_did(act, "tags %s", argument);
  return TRUE;
}

/* The assignee's own warnings wait; the customer's clock never does. */
gboolean
sl_verb_snooze(SlAct *act, const char *argument)
{
  SlTime until;
  const char *rest;
  if (!argument || !*argument)
    return sl_act_refuse(act, SL_ERROR_USAGE, "say for how long: /snooze 30m");
  if (!sl_act_date(act, argument, &until, &rest))
    return FALSE;
  if (until <= act->facts->now)
    return sl_act_refuse(act, SL_ERROR_USAGE, "that is over already");
  sl_json_set_time(sl_act_event(act, SL_EVENT_SNOOZED, NULL)->detail, "until", until);
  g_autofree char *when = sl_when_absolute(until, sl_calendar_get_zone(act->ticket->agreement->calendar));
  sl_act_did(act, "no warnings before %s; the customer's clock runs on", when);
  return TRUE;
}

/* The newest broken clock of that target. */
static const SlClock *
broken_clock(const SlAct *act, SlTarget target)
{
  const SlClock *found = NULL;
  for (guint i = 0; i < act->ticket->clocks->len; i++) {
    const SlClock *clock = act->ticket->clocks->pdata[i];
    if (clock->target == target && clock->state == SL_CLOCK_BREACHED)
      found = clock;
  }
  return found;
}

/* The supervisor's word (S9): reports show the raw figure beside the excused one. */
gboolean
sl_verb_excuse(SlAct *act, const char *argument)
{
  SlTarget target;
  const char *rest = argument ? argument : "";
  gsize length = strcspn(rest, " \t:");
  g_autofree char *word = g_strndup(rest, length);
  rest += length + strspn(rest + length, " \t:");
  if (!act->route->agent || !sl_agent_has_role(act->route->agent, "supervisor"))
    return sl_act_refuse(act, SL_ERROR_DENIED, "only a supervisor excuses: --as one of them");
  if (!sl_target_parse(word, &target))
    return sl_act_refuse(act, SL_ERROR_USAGE, "\"%s\" is no target: ack, start, answer, eta, progress or resolve", word);
  const SlClock *clock = broken_clock(act, target);
  if (!clock)
    return sl_act_refuse(act, SL_ERROR_DENIED, "%s is not broken here: there is nothing to excuse", word);
  g_autofree char *words = sl_act_words(act, rest);
  if (!*words)
    return sl_act_refuse(act, SL_ERROR_USAGE, "say why it is excused");
  SlEvent *event = sl_act_event(act, SL_EVENT_EXCUSED, words);
  sl_json_set_string(event->detail, "target", word);
  sl_json_set_int(event->detail, "cycle", clock->cycle);
  sl_act_did(act, "%s %d excused: %s", word, clock->cycle, words);
  return TRUE;
}

/* ---- absence ---- */

/* Nobody is there to take it: whoever looks after such tickets is told. */
static void
tell_of_orphan(SlAct *act, const SlAgent *agent, const SlTicketFacts *ticket)
{
  g_autoptr(GPtrArray) people = sl_policy_resolve(act->facts->policy, "role:supervisor", agent->name, act->facts->absent);
  g_autofree char *cause = g_strdup_printf("orphan:%s:%d", agent->name, ticket->ticket->seq);
  if (people->len == 0)
    g_ptr_array_add(people, act->facts->policy->postmaster);
  for (guint i = 0; i < people->len; i++)
    sl_decision_notice(act->decision, people->pdata[i], ticket->ticket->id, cause, act->facts->now);
}

/* Somebody else for each of their open tickets; the new ones get one list each (a bundle). */
static guint
hand_over(SlAct *act, const SlAgent *agent)
{
  guint n = 0;
  g_autoptr(GHashTable) absent = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) loads = g_hash_table_new(g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer key, value;
  for (g_hash_table_iter_init(&iter, act->facts->absent); g_hash_table_iter_next(&iter, &key, NULL);)
    g_hash_table_add(absent, key);
  for (g_hash_table_iter_init(&iter, act->facts->open_by_agent); g_hash_table_iter_next(&iter, &key, &value);)
    g_hash_table_insert(loads, key, value);
  g_hash_table_add(absent, agent->name);
  for (guint i = 0; i < act->facts->tickets->len; i++) {
    const SlTicketFacts *ticket = act->facts->tickets->pdata[i];
    if (g_strcmp0(ticket->ticket->assignee, agent->name) != 0 || sl_ticket_is_over(ticket->ticket) ||
        ticket->ticket->status == SL_TICKET_RESOLVED)
      continue;
    const char *language = ticket->client->language ? ticket->client->language : act->facts->policy->language;
    const SlAgent *other = sl_desk_assign(act->facts->policy, loads, act->facts->last_assigned, language, absent);
    SlEvent *event = sl_act_event_on(act, ticket->ticket->id, SL_EVENT_ASSIGNED, NULL);
    sl_json_set_string(event->detail, "agent", other ? other->name : NULL);
    sl_json_set_string(event->detail, "how", "away");
    n++;
    if (!other) {
      tell_of_orphan(act, agent, ticket);
      continue;
    }
    g_hash_table_insert(loads, other->name, GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(loads, other->name)) + 1));
    g_autofree char *cause = g_strdup_printf("inherit:%s:%d:%s", agent->name, ticket->ticket->seq, other->name);
    sl_decision_notice(act->decision, sl_agent_mail(other), ticket->ticket->id, cause, act->facts->now);
  }
  return n;
}

static gboolean
is_back(const char *argument)
{
  return g_ascii_strcasecmp(argument, "off") == 0 || g_ascii_strcasecmp(argument, "back") == 0;
}

/* "/away until Mon", "/away off". */
gboolean
sl_verb_away(SlAct *act, const char *argument)
{
  const SlAgent *agent = act->route->agent;
  const SlCalendar *calendar = act->facts->policy->everybody->agreement->calendar;
  SlTime until = act->when;
  g_autofree char *why = NULL;
  if (!agent)
    return sl_act_refuse(act, SL_ERROR_DENIED, "say who is away: --as AGENT, an agent of the configuration");
  if (argument && is_back(argument)) {
    sl_decision_absence(act->decision, agent->name, SL_TIME_NONE);
    sl_act_did(act, "%s is back", agent->name);
    return TRUE;
  }
  if (until == SL_TIME_NONE && !sl_when_parse(argument ? argument : "", calendar, act->facts->now, &until, &why))
    return sl_act_refuse(act, SL_ERROR_USAGE, "%s; /away off when you are back", why);
  SlTime open, close;
  if (sl_calendar_day(calendar, until - 1, &open, &close) && close == until && open > act->facts->now)
    until = open; /* "until Mon": back when Monday begins */
  if (until <= act->facts->now)
    return sl_act_refuse(act, SL_ERROR_USAGE, "that is over already");
  sl_decision_absence(act->decision, agent->name, until);
  guint n = hand_over(act, agent);
  g_autofree char *when = sl_when_absolute(until, sl_calendar_get_zone(calendar));
  sl_act_did(act, "%s is away until %s; %u ticket%s handed over", agent->title, when, n, n == 1 ? "" : "s");
  return TRUE;
}
