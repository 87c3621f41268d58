/* SPDX-License-Identifier: ISC */
#include "desk/house.h"

#include <string.h>

#include "desk/when.h"
#include "sla/versions.h"

/* ---- windows ---- */

static SlWindow *
window_dup(const SlWindow *from)
{
  SlWindow *to = g_memdup2(from, sizeof *from);
  to->name = g_strdup(from->name);
  return to;
}

static void
remove_by_hand(GPtrArray *windows, const char *name)
{
  for (guint i = windows->len; i > 0; i--) {
    const SlWindow *window = windows->pdata[i - 1];
    if (!window->configured && g_strcmp0(window->name, name) == 0)
      g_ptr_array_remove_index(windows, i - 1);
  }
}

static void
add_by_hand(GPtrArray *windows, const SlJson *detail)
{
  SlWindow *window =
      sl_window_new(sl_json_get_string(detail, "name"), sl_json_get_time(detail, "from"), sl_json_get_time(detail, "to"));
  window->announce_days = (int)sl_json_get_int(detail, "announce_days", 0);
  window->announce_sec = sl_json_get_int(detail, "announce_sec", 0);
  window->excuses = sl_json_get_bool(detail, "excuses");
  g_ptr_array_add(windows, window);
}

static gint
by_beginning(gconstpointer a, gconstpointer b)
{
  const SlWindow *x = *(SlWindow *const *)a, *y = *(SlWindow *const *)b;
  return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : strcmp(x->name, y->name);
}

GPtrArray *
sl_house_windows(const SlPolicy *policy, const GPtrArray *events)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_window_free);
  for (guint i = 0; i < policy->windows->len; i++)
    g_ptr_array_add(windows, window_dup(policy->windows->pdata[i]));
  for (guint i = 0; events && i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (event->kind == SL_EVENT_PLANNED)
      add_by_hand(windows, event->detail);
    else if (event->kind == SL_EVENT_UNPLANNED)
      remove_by_hand(windows, sl_json_get_string(event->detail, "name"));
  }
  g_ptr_array_sort(windows, by_beginning);
  return windows;
}

/* ---- what is to come ---- */

static void
alarm_free(SlHouseAlarm *alarm)
{
  g_free(alarm->key);
  g_free(alarm);
}

static gboolean
is_done(const GPtrArray *events, const char *key)
{
  for (guint i = 0; events && i < events->len; i++) {
    if (g_strcmp0(sl_json_get_string(((const SlEvent *)events->pdata[i])->detail, "alarm"), key) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
add_alarm(GPtrArray *out, const GPtrArray *events, const SlHouseAlarm *alarm)
{
  for (guint i = 0; i < out->len; i++) {
    if (strcmp(((const SlHouseAlarm *)out->pdata[i])->key, alarm->key) == 0)
      return; /* several clients stand under one agreement */
  }
  if (alarm->at == SL_TIME_NONE || is_done(events, alarm->key))
    return;
  SlHouseAlarm *fresh = g_memdup2(alarm, sizeof *alarm);
  fresh->key = g_strdup(alarm->key);
  g_ptr_array_add(out, fresh);
}

/* A month ahead of its review (S12), if it holds then and nothing has followed it. */
static void
add_reviews(GPtrArray *out, const SlClient *client, const GPtrArray *events, SlTime now)
{
  for (guint i = 0; i < client->versions->len; i++) {
    const SlAgreement *a = client->versions->pdata[i];
    SlTime at = sl_agreement_review_notice_at(a);
    if (at == SL_TIME_NONE || sl_agreement_in_force(client->versions, a->name, MAX(at, now)) != a)
      continue;
    g_autofree char *key = g_strdup_printf("review:%s:%s:%s", a->name, a->version, a->review);
    add_alarm(out, events, &(SlHouseAlarm){key, at, sl_agreement_review_at(a), a, NULL, NULL});
  }
}

static gboolean
is_planned(const GPtrArray *windows, const SlEvent *announced)
{
  for (guint i = 0; i < windows->len; i++) {
    const SlWindow *window = windows->pdata[i];
    if (window->from == sl_json_get_time(announced->detail, "from") && window->to == sl_json_get_time(announced->detail, "to"))
      return TRUE;
  }
  return FALSE;
}

/* Who was told of a window hears when it will not be. */
static void
add_called_off(GPtrArray *out, const GPtrArray *windows, const GPtrArray *events, SlTime now)
{
  for (guint i = 0; events && i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    SlTime from = event->kind == SL_EVENT_ANNOUNCED ? sl_json_get_time(event->detail, "from") : SL_TIME_NONE;
    if (from == SL_TIME_NONE || from <= now || is_planned(windows, event) || sl_json_get_bool(event->detail, "called_off"))
      continue;
    g_autofree char *key = g_strdup_printf("off:%s:%d", sl_json_get_string(event->detail, "alarm"), event->seq);
    add_alarm(out, events, &(SlHouseAlarm){key, event->at, from, NULL, NULL, event});
  }
}

static gint
by_instant(gconstpointer a, gconstpointer b)
{
  const SlHouseAlarm *x = *(SlHouseAlarm *const *)a, *y = *(SlHouseAlarm *const *)b;
  return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : strcmp(x->key, y->key);
}

GPtrArray *
sl_house_schedule(const SlPolicy *policy, const GPtrArray *windows, const GPtrArray *events, SlTime now)
{
  GPtrArray *alarms = g_ptr_array_new_with_free_func((GDestroyNotify)alarm_free);
  const SlCalendar *calendar = policy->everybody->agreement->calendar;
  add_reviews(alarms, policy->everybody, events, now);
  for (guint i = 0; i < policy->clients->len; i++)
    add_reviews(alarms, policy->clients->pdata[i], events, now);
  for (guint i = 0; i < windows->len; i++) {
    const SlWindow *window = windows->pdata[i];
    if (window->from <= now)
      continue;
    g_autofree char *key = g_strdup_printf("announce:%s:%" G_GINT64_FORMAT, window->name, window->from / SL_SECOND);
    add_alarm(alarms, events, &(SlHouseAlarm){key, sl_window_announce_at(window, calendar), window->from, NULL, window, NULL});
  }
  add_called_off(alarms, windows, events, now);
  g_ptr_array_sort(alarms, by_instant);
  return alarms;
}

/* ---- the letters ---- */

static GPtrArray *
supervisors(const SlFacts *facts)
{
  GPtrArray *people = sl_policy_resolve(facts->policy, "role:supervisor", NULL, facts->absent);
  if (people->len == 0)
    g_ptr_array_add(people, facts->policy->postmaster);
  return people;
}

static SlJson *
clients_under(const SlPolicy *policy, const SlAgreement *agreement)
{
  SlJson *names = sl_json_array();
  for (guint i = 0; i <= policy->clients->len; i++) {
    const SlClient *client = i ? policy->clients->pdata[i - 1] : policy->everybody;
    if (g_strcmp0(client->agreement->name, agreement->name) != 0)
      continue;
    SlJson *row = sl_json_object();
    sl_json_set_string(row, "client", i == 0 ? "everybody else" : client->title ? client->title : client->name);
    sl_json_add_take(names, row);
  }
  return names;
}

static SlJson *
signers(const SlAgreement *agreement)
{
  SlJson *rows = sl_json_array();
  for (guint i = 0; i < agreement->agreed->len; i++) {
    SlJson *row = sl_json_object();
    sl_json_set_string(row, "signer", agreement->agreed->pdata[i]);
    sl_json_add_take(rows, row);
  }
  return rows;
}

static void
call_for_review(const SlFacts *facts, const SlHouseAlarm *alarm, SlDecision *decision)
{
  const SlAgreement *a = alarm->agreement;
  g_autoptr(GPtrArray) people = supervisors(facts);
  g_autofree char *day = sl_time_format_zone(alarm->due_at, sl_calendar_get_zone(a->calendar), "%A, %-d %B %Y");
  for (guint i = 0; i < people->len; i++) {
    SlLetter *letter = sl_draft_personal(facts->policy, SL_LETTER_REVIEW, "review", people->pdata[i], SL_SCOPE_NONE);
    letter->cause = g_strdup(alarm->key);
    sl_json_set_string(letter->fields, "sla", a->name);
    sl_json_set_string(letter->fields, "version", *a->version ? a->version : NULL);
    sl_json_set_string(letter->fields, "in_force", a->in_force);
    sl_json_set_string(letter->fields, "review", day);
    sl_json_set_bool(letter->fields, "passed", facts->now >= alarm->due_at);
    sl_json_set_take(letter->fields, "clients", clients_under(facts->policy, a));
    sl_json_set_take(letter->fields, "agreed", signers(a));
    sl_decision_letter(decision, letter);
  }
  SlEvent *event = sl_decision_global(decision, SL_EVENT_REVIEW, facts->now, "slate");
  sl_json_set_string(event->detail, "alarm", alarm->key);
  sl_json_set_string(event->detail, "sla", a->name);
  sl_json_set_string(event->detail, "version", a->version);
  sl_json_set_string(event->detail, "review", a->review);
}

static void
announce_to(const SlFacts *facts, const SlHouseAlarm *alarm, SlTime from_at, SlTime to_at, const SlAudience *reader, SlDecision *decision)
{
  const SlClient *client = reader->client;
  const SlCalendar *calendar = client->agreement->calendar;
  const char *zone = client->timezone ? client->timezone : sl_calendar_get_zone(calendar);
  SlLetter *letter = sl_draft_personal(facts->policy, SL_LETTER_MAINTENANCE, "maintenance", reader->address, SL_SCOPE_NONE);
  g_autofree char *from = sl_when_absolute(from_at, zone);
  g_autofree char *to = sl_when_absolute(to_at, zone);
  g_autofree char *line = sl_draft_desk_line(facts, calendar);
  letter->cause = g_strdup(alarm->key);
  letter->language = g_strdup(client->language ? client->language : facts->policy->language);
  sl_json_set_string(letter->fields, "from", from);
  sl_json_set_string(letter->fields, "to", to);
  sl_json_set_string(letter->fields, "desk_line", line);
  sl_json_set_bool(letter->fields, "off", alarm->announced != NULL);
  sl_decision_letter(decision, letter);
}

/* That a window comes, or that one which was announced does not. */
static void
announce(const SlFacts *facts, const SlHouseAlarm *alarm, SlDecision *decision)
{
  const SlJson *was = alarm->announced ? alarm->announced->detail : NULL;
  SlTime from = was ? sl_json_get_time(was, "from") : alarm->window->from, to = was ? sl_json_get_time(was, "to") : alarm->window->to;
  for (guint i = 0; i < facts->audience->len; i++)
    announce_to(facts, alarm, from, to, facts->audience->pdata[i], decision);
  SlEvent *event = sl_decision_global(decision, SL_EVENT_ANNOUNCED, facts->now, "slate");
  sl_json_set_string(event->detail, "alarm", alarm->key);
  sl_json_set_string(event->detail, "name", was ? sl_json_get_string(was, "name") : alarm->window->name);
  sl_json_set_time(event->detail, "from", from);
  sl_json_set_time(event->detail, "to", to);
  sl_json_set_bool(event->detail, "called_off", was != NULL);
  sl_json_set_int(event->detail, "letters", facts->audience->len);
}

static void
fired(SlDecision *decision, const SlHouseAlarm *alarm)
{
  SlFired *row = g_new0(SlFired, 1);
  row->what = g_strdup(alarm->agreement ? "review" : "maintenance");
  row->at = alarm->at;
  row->due_at = alarm->due_at;
  g_ptr_array_add(decision->fired, row);
}

void
sl_desk_house(const SlFacts *facts, SlDecision *decision)
{
  g_autoptr(GPtrArray) windows = sl_house_windows(facts->policy, facts->house);
  g_autoptr(GPtrArray) alarms = sl_house_schedule(facts->policy, windows, facts->house, facts->now);
  for (guint i = 0; i < alarms->len; i++) {
    const SlHouseAlarm *alarm = alarms->pdata[i];
    if (alarm->at > facts->now)
      return;
    if (alarm->agreement)
      call_for_review(facts, alarm, decision);
    else
      announce(facts, alarm, decision);
    fired(decision, alarm);
  }
}
