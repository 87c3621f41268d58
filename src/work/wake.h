/* SPDX-License-Identifier: ISC */
/* After a commit the next stage is woken at once: a file a stage in SPOOL/wake/, touched by whoever committed, watched by inotify.
 * A lost wake-up is made good by each stage's own poll. */
#pragma once
#include "base/time.h"

typedef enum { SL_STAGE_FETCH, SL_STAGE_INTAKE, SL_STAGE_TICK, SL_STAGE_SEND, SL_STAGE_PROBE, SL_N_STAGES } SlStage;

const char *sl_stage_word(SlStage stage); /* static */

/* Never fails loudly: waking is only speed. */
void sl_wake(const char *spool_path, SlStage stage);

/* An inotify descriptor that becomes readable when the stage is woken (intake: also when a file appears in new/). -1 on error.
 * The caller closes it. */
int sl_wake_watch(const char *spool_path, SlStage stage, GError **error);
void sl_wake_drain(int fd);
