/* SPDX-License-Identifier: ISC */
/* What clocks and ladder share: stretches of time that do not count, and the instant at which a clock reaches an
 * amount. */
#pragma once
#include "sla/clock.h"

typedef struct {
  SlTime from, to; /* to NONE: it lasts */
} SlStretch;

/* While waiting for the customer (S10). GArray of SlStretch; owned. */
GArray *sl_clock_pauses(const SlMove *moves, guint n_moves);

/* While resolved, closed or cancelled (merged, spam). GArray of SlStretch; owned. */
GArray *sl_clock_rests(const SlMove *moves, guint n_moves);

/* Are words of progress promised at that priority, and the target not switched off? */
gboolean sl_clock_is_promised(const SlAgreement *agreement, SlPriority priority);

/* While words of progress are promised: critical, unless the agreement says otherwise (S6). GArray of SlStretch; owned. */
GArray *sl_clock_promised(const SlMove *moves, guint n_moves, const SlAgreement *agreement);

/* Does the target stand still while waiting? */
gboolean sl_clock_pauses_for(const SlAgreement *agreement, SlTarget target);

/* Seconds in [from, to), as `count` counts, the stretches taken out. */
gint64 sl_clock_count(const SlCalendar *calendar, SlCount count, SlTime from, SlTime to, const GArray *stretches);

/* When `sec` such seconds after `from` have run out; NONE while a lasting stretch comes before it. */
SlTime sl_clock_reach(const SlCalendar *calendar, SlCount count, SlTime from, gint64 sec, const GArray *stretches);

/* `sec` such seconds before `due`, not before `from`. */
SlTime sl_clock_before(const SlCalendar *calendar, SlCount count, SlTime from, SlTime due, gint64 sec);

/* The stretches that count for a clock: pauses where its target pauses, rests for resolve. GArray; owned. */
GArray *sl_clock_stretches(const SlMove *moves, guint n_moves, const SlAgreement *agreement, SlTarget target);

/* Forgets what comes after `at`. */
void sl_stretches_cut(GArray *stretches, SlTime at);

/* The stretch that `at` lies in; NULL. Borrowed. */
const SlStretch *sl_stretches_at(const GArray *stretches, SlTime at);

/* A clock while the moves run over it: what the caller sees, and what finishing it needs. */
typedef struct {
  SlClock clock;       /* first: the array holds SlClock* */
  SlTime asked_at;     /* answer: when the unanswered mail came; a raise does not move it */
  SlTime decided_at;   /* when it is too late to say it was met in time: the end, or when that was stated */
  SlTime estimate;     /* resolve: the ETA that counts; progress: closing; NONE */
  SlTime estimated_at; /* when that was told: pauses after it move it */
  gboolean waived;     /* cancelled as if it had never been promised */
  gboolean lowered;    /* cancelled by lowering: reopening does not wake it */
} SlRunning;

typedef struct {
  const SlMove *moves;
  guint n_moves;
  const SlAgreement *agreement;
  SlTime now;
  GPtrArray *clocks; /* SlRunning* */
  SlPriority priority;
  gboolean silent;
} SlRun;

SlRunning *sl_run_start(SlRun *run, SlTarget target, SlPriority priority, int seq, SlTime at);
void sl_running_cancel(SlRunning *running, int seq, SlTime at, const char *reason);

/* One move, in the order of the record. */
void sl_run_move(SlRun *run, const SlMove *move);

/* When it runs out; NONE for a resolve without an ETA, or while a lasting stretch comes before. */
SlTime sl_run_due(const SlRun *run, const SlRunning *running, const GArray *stretches);

/* Progress (S6): its clocks are made from the days, not from the moves. */
void sl_run_progress(SlRun *run);
