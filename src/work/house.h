/* SPDX-License-Identifier: ISC */
/* What the configuration means for what is there already: edited holidays for open tickets, reviews and windows of maintenance for
 * the alarms of ticket 0, changed promises for nobody (S12). */
#pragma once
#include "desk/house.h"
#include "work/work.h"

/* Refuses a configuration that changed a promise under an old version number: SL_ERROR_CONFIG, which says what. */
gboolean sl_house_check(SlWork *work, GError **error) SL_WARN_UNUSED;

/* Once for each configuration: open tickets take the edited holidays, and the alarms of ticket 0 are written anew. Does nothing when
 * the store has seen this configuration last. *out_stepped (may be NULL): how many tickets were looked at. */
gboolean sl_house_settle(SlWork *work, guint *out_stepped, GError **error) SL_WARN_UNUSED;

/* What a configuration that the store has not seen yet brings, and when: now, where tickets wait for edited holidays; NONE where it
 * brings nothing, or is seen. */
gboolean sl_house_next(SlWork *work, SlTime *out_at, GError **error) SL_WARN_UNUSED;

/* The alarms of ticket 0 from its record as it is now; part of the step that wrote there. */
gboolean sl_house_save_alarms(SlWork *work, SlTime now, GError **error) SL_WARN_UNUSED;

/* The record of ticket 0 that windows and alarms are read from, oldest first. SlEvent*; owned. */
GPtrArray *sl_house_events(SlWork *work, GError **error) SL_WARN_UNUSED;

/* Plans a window by hand, or gives one up. SL_ERROR_DENIED where the name is taken, or stands in the configuration; NOT_FOUND where
 * there is none. In a transaction of its own. */
gboolean sl_house_plan(SlWork *work, const SlWindow *window, const char *actor, GError **error) SL_WARN_UNUSED;
gboolean sl_house_unplan(SlWork *work, const char *name, const char *actor, GError **error) SL_WARN_UNUSED;
