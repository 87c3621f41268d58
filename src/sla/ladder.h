/* SPDX-License-Identifier: ISC */
/* When alarms are due: warnings, breaches, the steps of the ladder (S11), the day's list and progress letter (S6, S8),
 * reminders and closings. Pure: the schedule says when and which; desk/alarm decides what is done about it.
 *
 * An alarm has a key (what:target:cycle:level:occurrence) that never changes with the clock or the time of asking:
 * occurrences are counted by the schedule, never by the wall clock. The desk records every alarm it has dealt with under
 * its key; sl_ladder_schedule leaves those out. */
#pragma once
#include "sla/clock.h"

#define SL_ALARMS(X)                                                                                                   \
  X(WARN, "warn")                     /* the assignee is warned                                                    */   \
  X(BREACH, "breach")                 /* a promise is broken (a letter only where no ladder step tells it)         */   \
  X(ESCALATE, "escalate")             /* level 1..3                                                                */   \
  X(UPDATE_REQUEST, "update-request") /* the agent's list, closing - 75 min                                        */   \
  X(PROGRESS, "progress")             /* the progress letter, closing - 30 min                                     */   \
  X(REMIND, "remind")                 /* waiting: 2 and 4 business days                                            */   \
  X(RESUME, "resume")                 /* the end of /wait until T                                                  */   \
  X(HANDOVER, "handover")             /* closing: open critical tickets                                            */   \
  X(CLOSE, "close")                   /* waiting 6, resolved 3 business days                                       */

typedef enum {
#define X(name, word) SL_ALARM_##name,
  SL_ALARMS(X)
#undef X
} SlAlarmKind;

const char *sl_alarm_word(SlAlarmKind kind); /* static */

#define SL_LADDER_TOLD 1000

typedef struct {
  SlAlarmKind kind;
  SlTarget target;  /* of the clock it belongs to; PROGRESS (or ETA) for the day's list and letter; RESOLVE for remind and close */
  int cycle;        /* the clock's; for alarms of an ETA: SL_LADDER_TOLD * resolve cycle + eta_cycle; for a day: yyyymmdd */
  int level;        /* ESCALATE: 1..3; else 0 */
  int occurrence;   /* warnings: which moment; repeats: 0, 1, 2 …; reminders: 1, 2; the list: 1 for who came after it */
  gboolean critical; /* fired by a critical_at trigger, or the ticket is critical: never waits for a bundle */
  SlTime at;        /* when it fires: ladder steps that come while closed fire at the next opening (what is due exactly at
                       closing: at closing), unless the ladder says otherwise; warnings of business clocks never fall there */
  SlTime due_at;    /* the clock's due; NONE where none */
} SlAlarm;

/* Of the end of a day, which is over when the next one comes; a word promised by the hour is still owed then. */
gboolean sl_alarm_of_day(const SlAlarm *alarm);

/* "escalate:answer:1:2:0". Owned. */
char *sl_alarm_key(const SlAlarm *alarm);

/* What the schedule must know beside the clocks. */
typedef struct {
  const SlMove *moves;
  guint n_moves;
  const GPtrArray *clocks;  /* sl_clock_run's, at the same `now` */
  GHashTable *dealt;        /* set of alarm keys already dealt with (keys borrowed); not NULL */
  SlPriority priority;      /* the ticket's now */
  gboolean courtesy;        /* letters of courtesy are allowed: no STOP */
  gboolean silent;          /* no letters and no clocks: nothing is scheduled */
  SlTime waiting_since;     /* NONE unless waiting */
  SlTime waiting_until;     /* /wait until T; NONE */
  SlTime resolved_at;       /* NONE unless resolved (and not closed) */
  SlTime snoozed_at, snoozed_until; /* warnings that fall between wait for the second; NONE */
  gboolean closed;          /* closed, merged, spam: nothing is scheduled */
} SlLadderState;

/* Every alarm not yet dealt with: all that are at or before `now`, and the next one of each series after it (so the first
 * element's `at` is the ticket's next alarm). Sorted by at, level, kind. GArray of SlAlarm; owned.
 * Who stops what: L1 is stopped by ACTED "take" or SPOKE in its cycle, L2 of the answer by SPOKE, L2 of an ETA by RESOLVED or
 * a new ESTIMATED, L3 by ESTIMATED (critical: by RESOLVED). Start and answer share L1 in answer cycle 1: L1 fires once a
 * cycle, whichever trigger comes first. A level fires once a cycle; `repeat` repeats it by business time. A raise fires L1
 * again, in a cycle of its own (10000 * the raise's number + the answer's): who took it or wrote before the raise does not
 * stop that. For a raised ticket L3's offset counts from the raise; it stands still while waiting, as do the repetitions of
 * targets that do. The answer's cycle is that of the oldest unanswered mail, however many promises run on it.
 * UPDATE_REQUEST with target ETA: an eta that falls due while closed, for the list of the last open day; the day's words do
 * not make it needless. */
GArray *sl_ladder_schedule(const SlLadderState *state, const SlAgreement *agreement, SlTime now);
