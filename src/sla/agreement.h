/* SPDX-License-Identifier: ISC */
/* An agreement: what is promised (targets), who is called when a promise is in danger (ladder), and in which hours it
 * counts (calendar). Plain values; the defaults are exactly the sentences S1-S12 of the agreement (DESIGN: "The agreement").
 *
 * An agreement is immutable once made. A ticket keeps the text under which it came in: sl_agreement_to_json gives it
 * canonically (sla + ladder + calendar with its dates), its SHA-256 names it, and sl_agreement_from_json reads it back. */
#pragma once
#include "base/json.h"
#include "sla/calendar.h"

#define SL_TARGETS(X)                                                                                                  \
  X(ACK, "ack")                                                                                                        \
  X(START, "start")                                                                                                    \
  X(ANSWER, "answer")                                                                                                  \
  X(ETA, "eta")                                                                                                        \
  X(PROGRESS, "progress")                                                                                              \
  X(RESOLVE, "resolve")

typedef enum {
#define X(name, word) SL_TARGET_##name,
  SL_TARGETS(X)
#undef X
  SL_N_TARGETS
} SlTarget;

typedef enum { SL_PRIORITY_CRITICAL, SL_PRIORITY_STANDARD, SL_PRIORITY_LOW, SL_N_PRIORITIES } SlPriority;

const char *sl_target_word(SlTarget target);           /* "ack"; static */
gboolean sl_target_parse(const char *word, SlTarget *out_target);
const char *sl_priority_word(SlPriority priority);     /* "critical"; static */
gboolean sl_priority_parse(const char *word, SlPriority *out_priority);

typedef enum { SL_COUNT_BUSINESS, SL_COUNT_WALL } SlCount;

/* A point on a clock's way: `percent` of its limit, or `offset_sec` after its start, or (before_due) before its due. */
typedef struct {
  int percent;         /* 0..1000; -1: offset_sec says it */
  gint64 offset_sec;
  gboolean before_due; /* offset_sec counts back from the due: resolve's warning an hour before */
} SlMoment;

/* "80%", "15m", "-1h" (an hour before the due). */
gboolean sl_moment_parse(const char *text, SlMoment *out_moment);

typedef struct {
  gint64 within_sec; /* the limit; 0: none (within = none; resolve before an ETA is given) */
  gint64 goal_sec;   /* the assignee is warned there; 0: no goal */
  SlCount count;     /* business or wall seconds */
  gboolean off;      /* `within = none`: the target is switched off */
  GArray *warn;      /* SlMoment, never NULL */
} SlTargetSpec;

/* A step of the ladder is reached at `percent` of `target`'s limit, or (target < 0) `offset_sec` business time after
 * receipt (for a raised ticket: after the raise). */
typedef struct {
  int target; /* SlTarget, or -1 */
  int percent;
  gint64 offset_sec;
} SlTrigger;

/* "100% start", "0% answer", "2h". */
gboolean sl_trigger_parse(const char *text, SlTrigger *out_trigger);

typedef struct {
  char *id;   /* "L1" */
  char *name; /* "senior technician" */
  GPtrArray *to; /* char*: "role:senior", "agent:chen" or an address */
  GArray *at;          /* SlTrigger */
  GArray *critical_at; /* SlTrigger; for critical tickets these come on top of `at` */
  gint64 repeat_sec;   /* business time between repetitions; 0: fires once a cycle */
} SlLevel;

typedef struct {
  char *name;    /* "standard" */
  char *version; /* "2026"; "" when the configuration names none */
  char *calendar_name;
  SlTargetSpec target[SL_N_TARGETS][SL_N_PRIORITIES]; /* every priority filled */
  /* progress (S6, S8): which priorities are promised a word a day, and which get one by courtesy; at how many seconds before
   * the day's closing */
  gboolean promised[SL_N_PRIORITIES]; /* critical */
  gboolean courtesy[SL_N_PRIORITIES]; /* standard */
  gboolean courtesy_skips_today;      /* none on a day on which a person wrote */
  gint64 progress_every_sec;          /* a word so often instead, as `progress` counts; 0: once a day */
  gint64 progress_before_close_sec;   /* 30 min */
  gint64 list_before_close_sec;       /* 75 min */
  gint64 progress_words_within_sec;   /* words in the 2 h before meet the day's progress */
  gint64 ladder_critical_window_sec;  /* no progress for a day when it became critical later than 30 min before it */
  gboolean pause_on_waiting;
  GArray *remind_days;      /* int: business days of waiting after which the customer is reminded */
  int close_waiting_days;   /* 6 */
  int close_resolved_days;  /* 3 */
  gint64 reopen_within_sec; /* 14 d */
  int objective;            /* percent */
  double availability;      /* percent */
  char *in_force, *review;  /* "2026-01-01" or NULL */
  GPtrArray *agreed;        /* char*: who signed for both parties; may be empty, never NULL */
  char *ladder_name;
  GPtrArray *levels;        /* SlLevel*, L1 first; may be empty, never NULL */
  gboolean quiet_outside_hours;
  SlCalendar *calendar;     /* compiled; owned */
  int refs;                 /* beyond the first */
} SlAgreement;

/* The agreement's own defaults, with the calendar "default" (Monday-Friday 08:00-18:00 America/New_York) compiled in.
 * Never fails. Owned. */
SlAgreement *sl_agreement_new_default(void);
SlAgreement *sl_agreement_dup(const SlAgreement *agreement);

/* The same promises in another calendar (a client's own), or after its dates were edited: `spec` must compile. Owned. */
SlAgreement *sl_agreement_in_calendar(const SlAgreement *agreement, const SlCalendarSpec *spec);

/* The same promises with the holidays and special days of `edited`, a later text of its calendar; NULL when the dates are the
 * same, or cannot be used. Owned. */
SlAgreement *sl_agreement_redated(const SlAgreement *agreement, const SlCalendarSpec *edited);
/* The same text once more: nobody changes it from then on. Owned, as a copy would be. */
SlAgreement *sl_agreement_ref(SlAgreement *agreement);
void sl_agreement_free(SlAgreement *agreement); /* NULL is fine; drops one reference */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlAgreement, sl_agreement_free)

SlLevel *sl_level_new(const char *id, const char *name);
void sl_level_free(SlLevel *level);

/* The spec that counts for a target at a priority. Borrowed. */
const SlTargetSpec *sl_agreement_target(const SlAgreement *agreement, SlTarget target, SlPriority priority);

/* In sla/agreement-json.c, so that programs which store no agreement do not link jansson. */
SlJson *sl_agreement_to_json(const SlAgreement *agreement);
SlAgreement *sl_agreement_from_json(const SlJson *json, GError **error) SL_WARN_UNUSED; /* SL_ERROR_STORE */
char *sl_agreement_hash(const SlAgreement *agreement); /* lower-case hex SHA-256 of the canonical text; owned */
