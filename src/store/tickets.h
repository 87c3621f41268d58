/* SPDX-License-Identifier: ISC */
/* Ticket rows: number, rev and head are truth; display columns, clocks and alarms are caches of the events. */
#pragma once
#include "desk/facts.h"
#include "store/db.h"

/* Makes the row of a new ticket; numbers begin at 1001. */
gboolean sl_tickets_insert(SlDb *db, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* Locks (rev + 1). SL_ERROR_NOT_FOUND when there is none. */
gboolean sl_tickets_lock(SlDb *db, gint64 id, GError **error) SL_WARN_UNUSED;

/* Writes the caches: display columns, clock rows (next_at from `alarms`), alarm rows. `alarms`: GArray of SlAlarm, sorted;
 * `head`: the hash of the last event. */
gboolean sl_tickets_save(SlDb *db, const SlTicket *ticket, const GPtrArray *clocks, const GArray *alarms, const char *head,
                         GError **error) SL_WARN_UNUSED;

/* One brief a known id, in the given order; unknown ones are left out. GPtrArray of SlBrief. */
GPtrArray *sl_tickets_briefs(SlDb *db, const gint64 *ids, guint n, GError **error) SL_WARN_UNUSED;
/* The tickets that were merged into one; and the open (or waiting) ones of an agent, at most `limit`. GPtrArray of SlBrief. */
GPtrArray *sl_tickets_absorbed(SlDb *db, gint64 into, GError **error) SL_WARN_UNUSED;
GPtrArray *sl_tickets_of_assignee(SlDb *db, const char *agent, guint limit, GError **error) SL_WARN_UNUSED;

GPtrArray *sl_tickets_open_of(SlDb *db, const char *address, GError **error) SL_WARN_UNUSED;

/* Tickets with an alarm at or before `now`, most overdue first, at most `limit`. GArray of gint64. */
GArray *sl_tickets_due(SlDb *db, SlTime now, guint limit, GError **error) SL_WARN_UNUSED;

/* Tickets that are not over: under which texts they stand (char*), and which stand under one (gint64). Owned. */
GPtrArray *sl_tickets_open_texts(SlDb *db, GError **error) SL_WARN_UNUSED;
GArray *sl_tickets_open_under(SlDb *db, const char *hash, GError **error) SL_WARN_UNUSED;

/* Who waits for us: the requesters of open tickets, each address once. SlBrief*, of which only client and requester are filled;
 * owned. */
GPtrArray *sl_tickets_open_requesters(SlDb *db, GError **error) SL_WARN_UNUSED;

/* The alarms of ticket 0, which is none: reviews, announcements. They fire like a ticket's. */
gboolean sl_tickets_clear_house(SlDb *db, GError **error) SL_WARN_UNUSED;
gboolean sl_tickets_add_house(SlDb *db, const char *key, SlTime at, GError **error) SL_WARN_UNUSED;

/* Has this one? */
gboolean sl_tickets_is_due(SlDb *db, gint64 ticket, SlTime now, gboolean *out_due, GError **error) SL_WARN_UNUSED;

/* The earliest alarm of any ticket; NONE. */
gboolean sl_tickets_next_alarm(SlDb *db, SlTime *out_at, GError **error) SL_WARN_UNUSED;

/* A row for list, search and due: the ticket's display columns and its next due. */
typedef struct {
  SlTicket *ticket; /* without `dealt`, `alarmed` */
  char *next_target; /* word; NULL */
  SlTime next_due_at;
} SlTicketRow;
void sl_ticket_row_free(SlTicketRow *row);

typedef struct {
  gboolean open, waiting, resolved, closed, all, breached; /* none set: open, waiting */
  const char *client, *priority, *owner, *tag, *text, *requester;  /* NULL: any; owner "" : unassigned */
  SlTime due_before; /* NONE: any */
  gint64 id;         /* 0: any */
} SlTicketFilter;

/* Most urgent first: critical first, then by next due, then by number. GPtrArray of SlTicketRow. */
GPtrArray *sl_tickets_list(SlDb *db, const SlTicketFilter *filter, GError **error) SL_WARN_UNUSED;

/* All ticket numbers, ascending. GArray of gint64. */
GArray *sl_tickets_ids(SlDb *db, GError **error) SL_WARN_UNUSED;

/* Compares the cached columns, clocks and alarms of a ticket with freshly made ones; appends a char* a difference. */
gboolean sl_tickets_compare(SlDb *db, const SlTicket *ticket, const GPtrArray *clocks, const GArray *alarms,
                            GPtrArray *out_faults, GError **error) SL_WARN_UNUSED;
