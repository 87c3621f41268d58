/* SPDX-License-Identifier: ISC */
/* Reports and replays from the store: what was recorded by their `now`, as one read of it finds it. Nothing is written. */
#pragma once
#include "report/figures.h"
#include "report/replay.h"

/* Counts every ticket, what the configuration's probes saw, and the windows of maintenance; and finishes the report. */
gboolean sl_report_read(SlReport *report, SlDb *db, const SlConfig *config, GError **error) SL_WARN_UNUSED;
gboolean sl_replay_read(SlReplay *replay, SlDb *db, GError **error) SL_WARN_UNUSED;
