/* SPDX-License-Identifier: ISC */
#include "work/house.h"

#include <string.h>

#include "store/agreements.h"
#include "store/events.h"
#include "store/meta.h"
#include "store/tickets.h"
#include "work/step.h"
#include "work/texts.h"
#include "work/wake.h"

#define SETTLED "settled" /* under this name the store remembers which configuration it has seen */

/* ---- which configuration is it ---- */

static void
add_client(GChecksum *sum, const SlClient *client)
{
  g_checksum_update(sum, (const guchar *)client->name, -1);
  for (guint i = 0; i < client->versions->len; i++) {
    g_autofree char *hash = sl_agreement_hash(client->versions->pdata[i]);
    g_checksum_update(sum, (const guchar *)hash, -1);
  }
}

static void
add_calendar(GChecksum *sum, const SlCalendarSpec *spec)
{
  const GPtrArray *const lists[] = {spec->holidays, spec->special};
  g_checksum_update(sum, (const guchar *)spec->name, -1);
  for (guint l = 0; l < G_N_ELEMENTS(lists); l++) {
    for (guint i = 0; i < lists[l]->len; i++)
      g_checksum_update(sum, lists[l]->pdata[i], -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
  }
}

static void
add_window(GChecksum *sum, const SlWindow *window)
{
  g_autofree char *text = g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT "\n", window->name, window->from,
                                          window->to, window->announce_days, window->announce_sec);
  g_checksum_update(sum, (const guchar *)text, -1);
}

static const char *
digest(SlWork *work)
{
  const SlConfig *config = work->config;
  if (work->digest)
    return work->digest;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  add_client(sum, config->policy->everybody);
  for (guint i = 0; i < config->policy->clients->len; i++)
    add_client(sum, config->policy->clients->pdata[i]);
  for (guint i = 0; i < config->calendars->len; i++)
    add_calendar(sum, sl_calendar_get_spec(config->calendars->pdata[i]));
  for (guint i = 0; i < config->policy->windows->len; i++)
    add_window(sum, config->policy->windows->pdata[i]);
  work->digest = g_strdup(g_checksum_get_string(sum));
  return work->digest;
}

static gboolean
is_settled(SlWork *work, gboolean *out_settled, GError **error)
{
  g_autofree char *seen = NULL;
  if (!sl_meta_get(work->db, SETTLED, &seen, error))
    return FALSE;
  *out_settled = g_strcmp0(seen, digest(work)) == 0;
  return TRUE;
}

/* ---- promises ---- */

static gboolean
check_client(SlWork *work, const SlClient *client, GError **error)
{
  for (guint i = 0; i < client->versions->len; i++) {
    if (!sl_agreements_check(work->db, client->name, client->versions->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
sl_house_check(SlWork *work, GError **error)
{
  const SlPolicy *policy = work->config->policy;
  if (!check_client(work, policy->everybody, error))
    return FALSE;
  for (guint i = 0; i < policy->clients->len; i++) {
    if (!check_client(work, policy->clients->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

/* ---- edited holidays ---- */

static gboolean
is_edited(SlWork *work, const char *hash, gboolean *out_edited, GError **error)
{
  SlAgreement *text = NULL;
  g_autofree char *edited = NULL;
  if (!sl_texts_edited(work, hash, &text, &edited, error))
    return FALSE;
  *out_edited = text != NULL;
  sl_agreement_free(text);
  return TRUE;
}

/* Tickets that are not over, under texts whose holidays were edited since. */
static GArray *
edited_tickets(SlWork *work, GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GPtrArray) hashes = sl_tickets_open_texts(work->db, error);
  for (guint i = 0; hashes && i < hashes->len; i++) {
    gboolean edited = FALSE;
    if (!is_edited(work, hashes->pdata[i], &edited, error))
      return NULL;
    g_autoptr(GArray) under = edited ? sl_tickets_open_under(work->db, hashes->pdata[i], error) : NULL;
    if (edited && !under)
      return NULL;
    if (under)
      g_array_append_vals(ids, under->data, under->len);
  }
  return hashes ? g_steal_pointer(&ids) : NULL;
}

static gboolean
recalendar(SlWork *work, guint *out_stepped, GError **error)
{
  g_autoptr(GArray) ids = edited_tickets(work, error);
  for (guint i = 0; ids && i < ids->len; i++) {
    SlStepResult result;
    SlStimulus stimulus = {.kind = SL_STIMULUS_ALARM, .ticket = g_array_index(ids, gint64, i)};
    if (!sl_step(work, &stimulus, NULL, FALSE, &result, error))
      return sl_error_prefix(error, "ticket %" G_GINT64_FORMAT, g_array_index(ids, gint64, i));
    sl_step_result_clear(&result);
  }
  if (ids && out_stepped)
    *out_stepped = ids->len;
  return ids != NULL;
}

/* ---- ticket 0 ---- */

GPtrArray *
sl_house_events(SlWork *work, GError **error)
{
  return sl_events_load(work->db, 0, error);
}

/* Only the keys and times of these are good: the windows they speak of are gone. */
static GPtrArray *
schedule(SlWork *work, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) events = sl_house_events(work, error);
  if (!events)
    return NULL;
  g_autoptr(GPtrArray) windows = sl_house_windows(work->config->policy, events);
  return sl_house_schedule(work->config->policy, windows, events, now);
}

gboolean
sl_house_save_alarms(SlWork *work, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) alarms = schedule(work, now, error);
  if (!alarms || !sl_tickets_clear_house(work->db, error))
    return FALSE;
  for (guint i = 0; i < alarms->len; i++) {
    const SlHouseAlarm *alarm = alarms->pdata[i];
    if (!sl_tickets_add_house(work->db, alarm->key, alarm->at, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save_in_transaction(SlWork *work, GError **error)
{
  if (!sl_db_begin(work->db, error))
    return FALSE;
  if (sl_house_save_alarms(work, sl_work_now(work), error) && sl_meta_set(work->db, SETTLED, digest(work), error))
    return sl_db_commit(work->db, error);
  sl_db_rollback(work->db);
  return FALSE;
}

gboolean
sl_house_settle(SlWork *work, guint *out_stepped, GError **error)
{
  gboolean settled = FALSE;
  if (out_stepped)
    *out_stepped = 0;
  if (work->settled)
    return TRUE;
  if (!is_settled(work, &settled, error))
    return FALSE;
  if (!settled && !(sl_house_check(work, error) && recalendar(work, out_stepped, error) && save_in_transaction(work, error)))
    return FALSE;
  work->settled = TRUE;
  return TRUE;
}

gboolean
sl_house_next(SlWork *work, SlTime *out_at, GError **error)
{
  gboolean settled = work->settled;
  SlTime now = sl_work_now(work);
  *out_at = SL_TIME_NONE;
  if (!settled && !is_settled(work, &settled, error))
    return FALSE;
  if (settled)
    return TRUE;
  g_autoptr(GArray) ids = edited_tickets(work, error);
  g_autoptr(GPtrArray) alarms = ids ? schedule(work, now, error) : NULL;
  if (!alarms)
    return FALSE;
  if (ids->len)
    *out_at = now;
  else if (alarms->len)
    *out_at = ((const SlHouseAlarm *)alarms->pdata[0])->at;
  return TRUE;
}

/* ---- by hand ---- */

static const SlWindow *
find_window(const GPtrArray *windows, const char *name)
{
  for (guint i = 0; i < windows->len; i++) {
    const SlWindow *window = windows->pdata[i];
    if (strcmp(window->name, name) == 0)
      return window;
  }
  return NULL;
}

static void
fill_plan(SlEvent *event, const SlWindow *window)
{
  sl_json_set_string(event->detail, "name", window->name);
  sl_json_set_time(event->detail, "from", window->from);
  sl_json_set_time(event->detail, "to", window->to);
  sl_json_set_int(event->detail, "announce_days", window->announce_days);
  sl_json_set_int(event->detail, "announce_sec", window->announce_sec);
  sl_json_set_bool(event->detail, "excuses", window->excuses);
}

/* `window` NULL: the one of that name is given up. Inside a transaction. */
static gboolean
write_plan(SlWork *work, const char *name, const SlWindow *window, const char *actor, GError **error)
{
  g_autoptr(GPtrArray) events = sl_house_events(work, error);
  if (!events)
    return FALSE;
  g_autoptr(GPtrArray) windows = sl_house_windows(work->config->policy, events);
  const SlWindow *there = find_window(windows, name);
  if (window && there)
    g_set_error(error, SL_ERROR, SL_ERROR_DENIED, "maintenance \"%s\" is planned already: choose another name, or remove it first", name);
  else if (!window && !there)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no maintenance \"%s\"", name);
  else if (!window && there->configured)
    g_set_error(error, SL_ERROR, SL_ERROR_DENIED, "maintenance \"%s\" stands in %s: take it out there", name, work->config->path);
  if (error && *error)
    return FALSE;
  g_autoptr(SlEvent) event = sl_event_new(window ? SL_EVENT_PLANNED : SL_EVENT_UNPLANNED, sl_work_now(work), actor);
  if (window)
    fill_plan(event, window);
  else
    sl_json_set_string(event->detail, "name", name);
  return sl_events_append_global(work->db, event, error) && sl_house_save_alarms(work, sl_work_now(work), error);
}

static gboolean
plan(SlWork *work, const char *name, const SlWindow *window, const char *actor, GError **error)
{
  if (!sl_db_begin(work->db, error))
    return FALSE;
  if (!write_plan(work, name, window, actor, error)) {
    sl_db_rollback(work->db);
    return FALSE;
  }
  if (!sl_db_commit(work->db, error))
    return FALSE;
  sl_wake(work->config->spool, SL_STAGE_TICK);
  return TRUE;
}

gboolean
sl_house_plan(SlWork *work, const SlWindow *window, const char *actor, GError **error)
{
  return plan(work, window->name, window, actor, error);
}

gboolean
sl_house_unplan(SlWork *work, const char *name, const char *actor, GError **error)
{
  return plan(work, name, NULL, actor, error);
}
