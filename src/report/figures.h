/* SPDX-License-Identifier: ISC */
/* The figures of a period (CONTRACT "report"; S7 and S9 among them), counted over records as they stand at `now`. Pure.
 *
 * A clock counts in the period in which it fell due: its due lies in [from, end), and it has ended or its due has come. Met: in time. All
 * others are broken, the overdue that nobody has met among them; a cancelled clock counts only where it was broken before. A paused clock
 * has no due, tickets without promises have no clocks. What happened counts when it counts for its ticket: a mail at its receipt. */
#pragma once
#include "sla/availability.h"
#include "store/record.h"

typedef struct {
  guint due;           /* met and broken ones */
  guint met, breached;
  guint open_overdue;  /* of the broken ones: those that nobody has met yet */
  guint excused;       /* of the broken ones: those that a supervisor excused */
  guint stated;        /* of both: those that ended when a person said they had */
  guint with_goal, in_goal; /* of both: those that have ended and had a goal; of these, how many ended within it */
  GArray *took;        /* gint64: seconds, as the target counts, of those that came to be met, in time or late; sorted when finished */
  GArray *took_wall;   /* gint64: the same, elapsed */
  guint first_due, kept_first; /* eta: tickets whose first estimate fell due in the period, and how many were resolved by it; */
  guint last_due, kept_last;   /* and so for the last one told */
} SlReportTarget;

typedef struct {
  gint64 ticket;
  SlTarget target;
  int cycle;
  SlPriority priority;
  SlTime due_at, met_at; /* met_at NONE: not yet, or never */
  gint64 late_sec;       /* as the target counts, from the due to its end, or to now */
  gboolean over;         /* nobody will meet it any more: it was cancelled */
  char *excuse;          /* NULL: none */
  char *subject, *client;
  char *assignee;        /* NULL: nobody */
} SlReportBreach;

#define SL_REPORT_LEVELS 3

typedef struct {
  SlTime from, to; /* as they are told */
  SlTime end;      /* the first second that does not count */
  SlTime now;
  char *client;    /* NULL: all */
  SlAgreement *agreement; /* whose words the sentences are told in; owned reference */
  guint matched;   /* records of that client, whenever they came */
  guint received, resolved, reopened, open; /* tickets; open: at the end of the period, or now */
  SlReportTarget target[SL_N_TARGETS][SL_N_PRIORITIES];
  SlAvailability availability;
  guint escalated[SL_REPORT_LEVELS];
  GPtrArray *breaches; /* SlReportBreach*, by due_at, ticket, target, cycle when finished */
  /* what the sentences tell besides */
  GHashTable *channels; /* channel → GUINT: tickets received by it */
  GHashTable *versions; /* "standard 2026" → GUINT: tickets received under it */
  guint critical;       /* tickets that came in critical or became so */
  guint updates, updates_by_people; /* that customers got */
  guint waits, reminders;
  guint solutions;      /* of the tickets resolved, those with their solution */
  guint events;         /* lines of the record */
} SlReport;

/* `to` NONE: up to and with `now`. `client` NULL: all. Takes a reference to the agreement. Owned. */
SlReport *sl_report_new(SlTime from, SlTime to, SlTime now, const char *client, SlAgreement *agreement);
void sl_report_free(SlReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlReport, sl_report_free)

/* Counts a record, computed at the report's `now`; one of another client is passed over. */
void sl_report_add(SlReport *report, const SlRecord *record);

/* S7, in the hours of the report's agreement: what the probes saw (SlProbeRecord*; of one client's report those that look at its system
 * count) and the windows of maintenance that excuse (SlPeriod, in any order). NULL: none. Where it is not called, nothing was measured. */
void sl_report_availability(SlReport *report, const GPtrArray *probes, const GArray *maintenance);

/* Sorts, so that it can be told. */
void sl_report_finish(SlReport *report);

/* The least of the sorted seconds that `percent` of them do not exceed (nearest rank); -1 where there are none. */
gint64 sl_report_percentile(const GArray *sorted, guint percent);

/* All priorities of a target in one, times among them. Clear it with sl_report_target_clear. */
void sl_report_sum(const SlReport *report, SlTarget target, SlReportTarget *out_sum);
void sl_report_target_clear(SlReportTarget *target);
