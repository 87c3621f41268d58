/* SPDX-License-Identifier: ISC */
#include "report/read.h"

#include "desk/house.h"
#include "store/events.h"
#include "store/probes.h"

/* ---- maintenance ---- */

/* Windows are planned on ticket 0: those that were by `now`. Of these and the configured, the ones that excuse. */
static GArray *
maintenance_by(SlDb *db, const SlPolicy *policy, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) events = sl_events_load(db, 0, error);
  if (!events)
    return NULL;
  for (guint i = events->len; i > 0 && ((const SlEvent *)events->pdata[i - 1])->at > now; i--)
    g_ptr_array_remove_index(events, i - 1);
  g_autoptr(GPtrArray) windows = sl_house_windows(policy, events);
  GArray *periods = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; i < windows->len; i++) {
    const SlWindow *window = windows->pdata[i];
    SlPeriod period = {window->from, window->to};
    if (window->excuses)
      g_array_append_val(periods, period);
  }
  return periods;
}

/* ---- all of it ---- */

static gboolean
add_to_report(const SlRecord *record, gpointer user, GError **error)
{
  (void)error;
  sl_report_add(user, record);
  return TRUE;
}

gboolean
sl_report_read(SlReport *report, SlDb *db, const SlConfig *config, GError **error)
{
  g_autoptr(GArray) maintenance = maintenance_by(db, config->policy, report->now, error);
  g_autoptr(GPtrArray) probes = maintenance ? sl_probes_records(db, config->probes, report->from, report->end, error) : NULL;
  if (!probes || !sl_records_walk(db, report->now, add_to_report, report, error))
    return FALSE;
  sl_report_availability(report, probes, maintenance);
  sl_report_finish(report);
  return TRUE;
}

static gboolean
add_to_replay(const SlRecord *record, gpointer user, GError **error)
{
  (void)error;
  sl_replay_add(user, record);
  return TRUE;
}

gboolean
sl_replay_read(SlReplay *replay, SlDb *db, GError **error)
{
  return sl_records_walk(db, replay->now, add_to_replay, replay, error);
}
