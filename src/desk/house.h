/* SPDX-License-Identifier: ISC */
/* What concerns no single ticket and yet comes by the clock: an agreement's review is called for (S12), maintenance is announced
 * (S7). Its record stands on ticket 0. Pure. */
#pragma once
#include "desk/draft.h"

typedef struct {
  char *key;   /* "review:standard:2026:2026-12-01", "announce:db-upgrade:1764374400"; dealt with under this name, once */
  SlTime at;   /* when it fires */
  SlTime due_at; /* the day of the review, the beginning of the window */
  const SlAgreement *agreement; /* review; borrowed from the policy; else NULL */
  const SlWindow *window;       /* announce; borrowed from `windows`; else NULL */
  const SlEvent *announced;     /* called off: the announcement of a window that is planned no more; borrowed; else NULL */
} SlHouseAlarm;

/* The windows of the configuration, and those planned by hand and not removed again (events of ticket 0); by beginning. SlWindow*,
 * owned. */
GPtrArray *sl_house_windows(const SlPolicy *policy, const GPtrArray *events);

/* Everything that ticket 0's record does not know as done, by time. What was missed is still told, unless it is over: a window that
 * has begun, a version that another has followed. SlHouseAlarm*, owned. */
GPtrArray *sl_house_schedule(const SlPolicy *policy, const GPtrArray *windows, const GPtrArray *events, SlTime now);

/* The stimulus ALARM of ticket 0. */
void sl_desk_house(const SlFacts *facts, SlDecision *decision);
