/* SPDX-License-Identifier: ISC */
/* Reports and replays as CONTRACT has them. Owned. */
#pragma once
#include "report/figures.h"
#include "report/replay.h"

SlJson *sl_report_json(const SlReport *report);
SlJson *sl_replay_json(const SlReplay *replay);
