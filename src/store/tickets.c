/* SPDX-License-Identifier: ISC */
#include "store/tickets.h"

#include <string.h>

#include "store/columns.h"

#define FIRST_NUMBER 1001

gboolean
sl_tickets_insert(SlDb *db, gint64 *out_id, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(
      db, "INSERT INTO ticket(id, rev) SELECT COALESCE(MAX(id) + 1, :first), 1 FROM ticket WHERE TRUE RETURNING id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "first", FIRST_NUMBER);
  return sl_query_int(query, out_id, NULL, error);
}

gboolean
sl_tickets_lock(SlDb *db, gint64 id, GError **error)
{
  gint64 changed = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "UPDATE ticket SET rev = rev + 1 WHERE id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", id);
  if (!sl_query_run(query, &changed, error))
    return FALSE;
  if (changed == 0)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no ticket %" G_GINT64_FORMAT, id);
  return changed == 1;
}

/* ---- display columns: one table says which member each is, for writing, reading and comparing ---- */

typedef enum { COLUMN_TEXT, COLUMN_TIME, COLUMN_INT64, COLUMN_INT, COLUMN_BOOL } ColumnType;

static const struct {
  const char *name;
  ColumnType type;
  gsize offset;
} columns[] = {
    {"subject", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, subject)},
    {"channel", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, channel)},
    {"client", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, client)},
    {"requester_id", COLUMN_INT64, G_STRUCT_OFFSET(SlTicket, requester_id)},
    {"requester", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, requester)},
    {"assignee", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, assignee)},
    {"level", COLUMN_INT, G_STRUCT_OFFSET(SlTicket, level)},
    {"agreement", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, agreement)},
    {"sla", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, sla)},
    {"sla_version", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, sla_version)},
    {"mailbox", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, mailbox)},
    {"silent", COLUMN_BOOL, G_STRUCT_OFFSET(SlTicket, silent)},
    {"stopped", COLUMN_BOOL, G_STRUCT_OFFSET(SlTicket, stopped)},
    {"received_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, received_at)},
    {"acknowledged_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, acknowledged_at)},
    {"assigned_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, assigned_at)},
    {"started_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, started_at)},
    {"answered_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, answered_at)},
    {"estimated_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, estimated_at)},
    {"eta", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, eta)},
    {"resolved_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, resolved_at)},
    {"closed_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, closed_at)},
    {"waiting_since", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, waiting_since)},
    {"last_words_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, last_words_at)},
    {"last_customer_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, last_customer_at)},
    {"raised_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, raised_at)},
    {"snoozed_at", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, snoozed_at)},
    {"snoozed_until", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, snoozed_until)},
    {"waiting_until", COLUMN_TIME, G_STRUCT_OFFSET(SlTicket, waiting_until)},
    {"merged_into", COLUMN_INT64, G_STRUCT_OFFSET(SlTicket, merged_into)},
    {"solution", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, solution)},
    {"last_news", COLUMN_TEXT, G_STRUCT_OFFSET(SlTicket, last_news)},
};

static void
bind_column(SlQuery *query, guint i, const SlTicket *ticket)
{
  const char *name = columns[i].name;
  switch (columns[i].type) {
  case COLUMN_TEXT:
    sl_bind_text(query, name, G_STRUCT_MEMBER(char *, ticket, columns[i].offset));
    break;
  case COLUMN_TIME:
    sl_bind_time(query, name, G_STRUCT_MEMBER(SlTime, ticket, columns[i].offset));
    break;
  case COLUMN_INT64:
    sl_bind_int(query, name, G_STRUCT_MEMBER(gint64, ticket, columns[i].offset));
    break;
  case COLUMN_INT:
  case COLUMN_BOOL:
    sl_bind_int(query, name, G_STRUCT_MEMBER(int, ticket, columns[i].offset));
    break;
  }
}

static void
read_column(SlQuery *query, int at, guint i, SlTicket *ticket)
{
  switch (columns[i].type) {
  case COLUMN_TEXT:
    G_STRUCT_MEMBER(char *, ticket, columns[i].offset) = g_strdup(sl_column_text(query, at));
    break;
  case COLUMN_TIME:
    G_STRUCT_MEMBER(SlTime, ticket, columns[i].offset) = sl_column_time(query, at);
    break;
  case COLUMN_INT64:
    G_STRUCT_MEMBER(gint64, ticket, columns[i].offset) = sl_column_int(query, at);
    break;
  case COLUMN_INT:
  case COLUMN_BOOL:
    G_STRUCT_MEMBER(int, ticket, columns[i].offset) = (int)sl_column_int(query, at);
    break;
  }
}

static gboolean
same_column(guint i, const SlTicket *a, const SlTicket *b)
{
  switch (columns[i].type) {
  case COLUMN_TEXT:
    return g_strcmp0(G_STRUCT_MEMBER(char *, a, columns[i].offset), G_STRUCT_MEMBER(char *, b, columns[i].offset)) == 0;
  case COLUMN_TIME:
  case COLUMN_INT64:
    return G_STRUCT_MEMBER(gint64, a, columns[i].offset) == G_STRUCT_MEMBER(gint64, b, columns[i].offset);
  case COLUMN_INT:
  case COLUMN_BOOL:
    return G_STRUCT_MEMBER(int, a, columns[i].offset) == G_STRUCT_MEMBER(int, b, columns[i].offset);
  }
  return FALSE;
}

/* " tag tag ": each between spaces, so that a filter can look for one. */
static char *
join_tags(const GPtrArray *tags)
{
  g_autoptr(GString) text = g_string_new(" ");
  for (guint i = 0; tags && i < tags->len; i++)
    g_string_append_printf(text, "%s ", (const char *)tags->pdata[i]);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static GPtrArray *
split_tags(const char *text)
{
  GPtrArray *tags = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
  for (guint i = 0; words[i]; i++) {
    if (*words[i])
      g_ptr_array_add(tags, g_strdup(words[i]));
  }
  return tags;
}

static gboolean
save_columns(SlDb *db, const SlTicket *ticket, const char *head, GError **error)
{
  g_autoptr(GString) sql = g_string_new("UPDATE ticket SET head = :head, seq = :seq, status = :status, priority = :priority, tags = :tags");
  g_autofree char *tags = join_tags(ticket->tags);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    g_string_append_printf(sql, ", %s = :%s", columns[i].name, columns[i].name);
  g_string_append(sql, " WHERE id = :id");
  g_autoptr(SlQuery) query = sl_db_query(db, sql->str, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "head", head);
  sl_bind_int(query, "seq", ticket->seq);
  sl_bind_text(query, "status", sl_status_word(ticket->status));
  sl_bind_text(query, "priority", sl_priority_word(ticket->priority));
  sl_bind_text(query, "tags", tags);
  sl_bind_int(query, "id", ticket->id);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    bind_column(query, i, ticket);
  return sl_query_run(query, NULL, error);
}

/* ---- clocks and alarms ---- */

static gboolean
clear(SlDb *db, const char *sql, gint64 ticket, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  return sl_query_run(query, NULL, error);
}

/* The alarm that belongs to a clock row: same target, and its cycle by the schedule's way of counting. */
static gboolean
of_clock(const SlAlarm *alarm, const SlClock *clock)
{
  gboolean of_clocks = alarm->kind == SL_ALARM_WARN || alarm->kind == SL_ALARM_BREACH || alarm->kind == SL_ALARM_ESCALATE;
  return of_clocks && alarm->target == clock->target &&
         (alarm->cycle == clock->cycle || alarm->cycle == 1000 * clock->cycle + clock->eta_cycle);
}

static SlTime
next_of_clock(const GArray *alarms, const SlClock *clock)
{
  for (guint i = 0; i < alarms->len; i++) {
    const SlAlarm *alarm = &g_array_index(alarms, SlAlarm, i);
    if (of_clock(alarm, clock))
      return alarm->at;
  }
  return SL_TIME_NONE;
}

static gboolean
insert_clock(SlDb *db, gint64 ticket, const SlClock *clock, SlTime next, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO clock(ticket, target, cycle, state, started_at, due_at, met_at, breached_at,"
                                         " next_at) VALUES (:ticket, :target, :cycle, :state, :started, :due, :met, :breached, :next)",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "target", sl_target_word(clock->target));
  sl_bind_int(query, "cycle", clock->cycle);
  sl_bind_text(query, "state", sl_clock_state_word(clock->state));
  sl_bind_time(query, "started", clock->started_at);
  sl_bind_time(query, "due", clock->due_at);
  sl_bind_time(query, "met", clock->met_at);
  sl_bind_time(query, "breached", clock->breached_at);
  sl_bind_time(query, "next", next);
  return sl_query_run(query, NULL, error);
}

static gboolean
save_clocks(SlDb *db, gint64 ticket, const GPtrArray *clocks, const GArray *alarms, GError **error)
{
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    if (!insert_clock(db, ticket, clock, next_of_clock(alarms, clock), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_clock(const GPtrArray *clocks, const SlAlarm *alarm)
{
  for (guint i = 0; i < clocks->len; i++) {
    if (of_clock(alarm, clocks->pdata[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
insert_alarm(SlDb *db, gint64 ticket, const char *key, SlTime at, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(
      db, "INSERT INTO alarm(ticket, what, at) VALUES (:ticket, :what, :at) ON CONFLICT DO NOTHING", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "what", key);
  sl_bind_time(query, "at", at);
  return sl_query_run(query, NULL, error);
}

static gboolean
save_alarms(SlDb *db, gint64 ticket, const GPtrArray *clocks, const GArray *alarms, GError **error)
{
  for (guint i = 0; i < alarms->len; i++) {
    const SlAlarm *alarm = &g_array_index(alarms, SlAlarm, i);
    if (has_clock(clocks, alarm))
      continue;
    g_autofree char *key = sl_alarm_key(alarm);
    if (!insert_alarm(db, ticket, key, alarm->at, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
sl_tickets_save(SlDb *db, const SlTicket *ticket, const GPtrArray *clocks, const GArray *alarms, const char *head, GError **error)
{
  return save_columns(db, ticket, head, error) && clear(db, "DELETE FROM clock WHERE ticket = :ticket", ticket->id, error) &&
         clear(db, "DELETE FROM alarm WHERE ticket = :ticket", ticket->id, error) &&
         save_clocks(db, ticket->id, clocks, alarms, error) && save_alarms(db, ticket->id, clocks, alarms, error);
}

/* ---- briefs ---- */

static gboolean
take_brief(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlBrief *brief = g_new0(SlBrief, 1);
  brief->id = sl_column_int(query, 0);
  if (!sl_column_text(query, 1) || !sl_status_parse(sl_column_text(query, 1), &brief->status))
    brief->status = SL_TICKET_OPEN;
  brief->closed_at = sl_column_time(query, 2);
  brief->merged_into = sl_column_int(query, 3);
  brief->client = g_strdup(sl_column_text(query, 4));
  brief->requester = g_strdup(sl_column_text(query, 5));
  g_ptr_array_add(user, brief);
  return TRUE;
}

#define BRIEF_COLUMNS "id, status, closed_at, merged_into, client, requester"

GPtrArray *
sl_tickets_briefs(SlDb *db, const gint64 *ids, guint n, GError **error)
{
  g_autoptr(GPtrArray) briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  for (guint i = 0; i < n; i++) {
    g_autoptr(SlQuery) query = sl_db_query(db, "SELECT " BRIEF_COLUMNS " FROM ticket WHERE id = :id", error);
    if (!query)
      return NULL;
    sl_bind_int(query, "id", ids[i]);
    if (!sl_query_each(query, take_brief, briefs, error))
      return NULL;
  }
  return g_steal_pointer(&briefs);
}

GPtrArray *
sl_tickets_open_of(SlDb *db, const char *address, GError **error)
{
  g_autoptr(GPtrArray) briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT " BRIEF_COLUMNS " FROM ticket WHERE requester = :who AND status IN"
                                         " ('open', 'waiting', 'resolved') ORDER BY id",
                                         error);
  if (!query)
    return NULL;
  sl_bind_text(query, "who", address);
  return sl_query_each(query, take_brief, briefs, error) ? g_steal_pointer(&briefs) : NULL;
}

GPtrArray *
sl_tickets_absorbed(SlDb *db, gint64 into, GError **error)
{
  g_autoptr(GPtrArray) briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT " BRIEF_COLUMNS " FROM ticket WHERE merged_into = :into ORDER BY id", error);
  if (!query)
    return NULL;
  sl_bind_int(query, "into", into);
  return sl_query_each(query, take_brief, briefs, error) ? g_steal_pointer(&briefs) : NULL;
}

GPtrArray *
sl_tickets_of_assignee(SlDb *db, const char *agent, guint limit, GError **error)
{
  g_autoptr(GPtrArray) briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT " BRIEF_COLUMNS " FROM ticket WHERE assignee = :agent AND status IN ('open', 'waiting')"
                                         " ORDER BY id LIMIT :most",
                                         error);
  if (!query)
    return NULL;
  sl_bind_text(query, "agent", agent);
  sl_bind_int(query, "most", limit);
  return sl_query_each(query, take_brief, briefs, error) ? g_steal_pointer(&briefs) : NULL;
}

/* ---- what is due ---- */

GArray *
sl_tickets_due(SlDb *db, SlTime now, guint limit, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT ticket, MIN(at) FROM (SELECT ticket, next_at AS at FROM clock WHERE next_at <= :now"
                                         " UNION ALL SELECT ticket, at FROM alarm WHERE at <= :now) AS due GROUP BY ticket"
                                         " ORDER BY 2, 1 LIMIT :most",
                                         error);
  if (!query)
    return NULL;
  sl_bind_time(query, "now", now);
  sl_bind_int(query, "most", limit);
  return sl_query_ints(query, error);
}

gboolean
sl_tickets_is_due(SlDb *db, gint64 ticket, SlTime now, gboolean *out_due, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT 1 FROM clock WHERE ticket = :ticket AND next_at <= :now"
                                         " UNION ALL SELECT 1 FROM alarm WHERE ticket = :ticket AND at <= :now LIMIT 1",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_time(query, "now", now);
  return sl_query_next(query, out_due, error);
}

gboolean
sl_tickets_next_alarm(SlDb *db, SlTime *out_at, GError **error)
{
  static const char *const sources[] = {"SELECT MIN(next_at) FROM clock", "SELECT MIN(at) FROM alarm"};
  *out_at = SL_TIME_NONE;
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
    gint64 at = SL_TIME_NONE;
    g_autoptr(SlQuery) query = sl_db_query(db, sources[i], error);
    if (!query || !sl_query_int(query, &at, NULL, error))
      return FALSE;
    *out_at = sl_time_earlier(*out_at, at);
  }
  return TRUE;
}

GArray *
sl_tickets_ids(SlDb *db, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT id FROM ticket ORDER BY id", error);
  return query ? sl_query_ints(query, error) : NULL;
}

/* ---- tickets that are not over, and ticket 0 ---- */

#define NOT_OVER "status IN ('open', 'waiting', 'resolved')"

GPtrArray *
sl_tickets_open_texts(SlDb *db, GError **error)
{
  g_autoptr(SlQuery) query =
      sl_db_query(db, "SELECT DISTINCT agreement FROM ticket WHERE " NOT_OVER " AND agreement IS NOT NULL ORDER BY agreement", error);
  return query ? sl_query_texts(query, error) : NULL;
}

GArray *
sl_tickets_open_under(SlDb *db, const char *hash, GError **error)
{
  g_autoptr(SlQuery) query =
      sl_db_query(db, "SELECT id FROM ticket WHERE " NOT_OVER " AND agreement = :hash AND silent = 0 ORDER BY id", error);
  if (!query)
    return NULL;
  sl_bind_text(query, "hash", hash);
  return sl_query_ints(query, error);
}

static gboolean
take_requester(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlBrief *brief = g_new0(SlBrief, 1);
  brief->requester = g_strdup(sl_column_text(query, 0));
  brief->client = g_strdup(sl_column_text(query, 1));
  g_ptr_array_add(user, brief);
  return TRUE;
}

GPtrArray *
sl_tickets_open_requesters(SlDb *db, GError **error)
{
  g_autoptr(GPtrArray) briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT requester, MIN(client) FROM ticket WHERE status IN ('open', 'waiting') AND silent = 0"
                                         " AND requester IS NOT NULL GROUP BY requester ORDER BY requester",
                                         error);
  return query && sl_query_each(query, take_requester, briefs, error) ? g_steal_pointer(&briefs) : NULL;
}

gboolean
sl_tickets_clear_house(SlDb *db, GError **error)
{
  return clear(db, "DELETE FROM alarm WHERE ticket = :ticket", 0, error);
}

gboolean
sl_tickets_add_house(SlDb *db, const char *key, SlTime at, GError **error)
{
  return insert_alarm(db, 0, key, at, error);
}

/* ---- lists ---- */

void
sl_ticket_row_free(SlTicketRow *row)
{
  if (!row)
    return;
  sl_ticket_free(row->ticket);
  g_free(row->next_target);
  g_free(row);
}

static gboolean
take_row(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlTicketRow *row = g_new0(SlTicketRow, 1);
  SlTicket *ticket = row->ticket = g_new0(SlTicket, 1);
  ticket->id = sl_column_int(query, 0);
  ticket->seq = (int)sl_column_int(query, 1);
  if (!sl_status_parse(sl_column_text(query, 2), &ticket->status) || !sl_priority_parse(sl_column_text(query, 3), &ticket->priority)) {
    sl_ticket_row_free(row);
    g_set_error_literal(error, SL_ERROR, SL_ERROR_STORE, "a ticket row is broken: slate db check");
    return FALSE;
  }
  ticket->tags = split_tags(sl_column_text(query, 4));
  row->next_target = g_strdup(sl_column_text(query, 5));
  row->next_due_at = sl_column_time(query, 6);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    read_column(query, 7 + (int)i, i, ticket);
  g_ptr_array_add(user, row);
  return TRUE;
}

/* The clock that runs and falls due first: overdue ones first of all. */
#define NEXT_CLOCK(column)                                                                                             \
  "(SELECT c." column " FROM clock c WHERE c.ticket = ticket.id AND c.met_at IS NULL AND c.due_at IS NOT NULL AND c.state IN"    \
  " ('running', 'breached') ORDER BY c.due_at, c.target LIMIT 1)"

static void
add_words(GString *sql, const char *text, GPtrArray *patterns)
{
  g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
  for (guint i = 0; words[i] && patterns->len < 8; i++) {
    if (!*words[i])
      continue;
    g_autoptr(GString) pattern = g_string_new("%");
    for (const char *p = words[i]; *p; p++)
      g_string_append_printf(pattern, "%s%c", strchr("%_\\", *p) ? "\\" : "", *p);
    g_string_append_c(pattern, '%');
    g_string_append_printf(sql,
                           " AND (subject LIKE :word%u ESCAPE '\\' OR requester LIKE :word%u ESCAPE '\\' OR EXISTS (SELECT 1 FROM mail"
                           " m WHERE m.ticket = ticket.id AND m.text LIKE :word%u ESCAPE '\\'))",
                           patterns->len, patterns->len, patterns->len);
    g_ptr_array_add(patterns, g_string_free(g_steal_pointer(&pattern), FALSE));
  }
}

static void
add_statuses(GString *sql, const SlTicketFilter *f)
{
  const struct {
    gboolean asked;
    const char *word;
  } rows[] = {{f->open, "open"}, {f->waiting, "waiting"}, {f->resolved, "resolved"}, {f->closed, "closed"}};
  gboolean any = f->open || f->waiting || f->resolved || f->closed;
  if (f->all || (f->id && !any) || (f->breached && !any))
    return;
  g_string_append(sql, " AND status IN (''");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    if (rows[i].asked || (!any && i < 2))
      g_string_append_printf(sql, ", '%s'", rows[i].word);
  }
  g_string_append(sql, ")");
}

static char *
list_sql(const SlTicketFilter *f, GPtrArray *patterns)
{
  g_autoptr(GString) sql = g_string_new("SELECT id, seq, status, priority, tags, " NEXT_CLOCK("target") " AS next_target, " NEXT_CLOCK(
      "due_at") " AS next_due");
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    g_string_append_printf(sql, ", %s", columns[i].name);
  g_string_append(sql, " FROM ticket WHERE status IS NOT NULL");
  add_statuses(sql, f);
  const struct {
    gboolean asked;
    const char *clause;
  } clauses[] = {
      {f->client != NULL, " AND client = :client"},
      {f->priority != NULL, " AND priority = :priority"},
      {f->owner && *f->owner, " AND assignee = :owner"},
      {f->owner && !*f->owner, " AND assignee IS NULL"},
      {f->tag != NULL, " AND tags LIKE :tag ESCAPE '\\'"},
      {f->requester != NULL, " AND requester = :requester"},
      {f->id != 0, " AND id = :id"},
      {f->breached, " AND EXISTS (SELECT 1 FROM clock c WHERE c.ticket = ticket.id AND c.breached_at IS NOT NULL)"},
      {f->due_before != SL_TIME_NONE, " AND " NEXT_CLOCK("due_at") " <= :before"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(clauses); i++)
    g_string_append(sql, clauses[i].asked ? clauses[i].clause : "");
  if (f->text)
    add_words(sql, f->text, patterns);
  g_string_append(sql, " ORDER BY CASE WHEN status IN ('open', 'waiting') THEN 0 ELSE 1 END,"
                       " CASE priority WHEN 'critical' THEN 0 WHEN 'standard' THEN 1 ELSE 2 END,"
                       " CASE WHEN next_due IS NULL THEN 1 ELSE 0 END, next_due, id");
  return g_string_free(g_steal_pointer(&sql), FALSE);
}

GPtrArray *
sl_tickets_list(SlDb *db, const SlTicketFilter *f, GError **error)
{
  g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_ticket_row_free);
  g_autofree char *sql = list_sql(f, patterns);
  g_autofree char *tag = f->tag ? g_strdup_printf("%% %s %%", f->tag) : NULL;
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return NULL;
  if (f->client)
    sl_bind_text(query, "client", f->client);
  if (f->priority)
    sl_bind_text(query, "priority", f->priority);
  if (f->owner && *f->owner)
    sl_bind_text(query, "owner", f->owner);
  if (tag)
    sl_bind_text(query, "tag", tag);
  if (f->requester)
    sl_bind_text(query, "requester", f->requester);
  if (f->id)
    sl_bind_int(query, "id", f->id);
  if (f->due_before != SL_TIME_NONE)
    sl_bind_time(query, "before", f->due_before);
  for (guint i = 0; i < patterns->len; i++) {
    char name[16];
    g_snprintf(name, sizeof name, "word%u", i);
    sl_bind_text(query, name, patterns->pdata[i]);
  }
  return sl_query_each(query, take_row, rows, error) ? g_steal_pointer(&rows) : NULL;
}

/* ---- comparing the caches ---- */

static void
differ(GPtrArray *faults, gint64 ticket, const char *what)
{
  g_ptr_array_add(faults, g_strdup_printf("ticket %" G_GINT64_FORMAT ": %s is not what its events say", ticket, what));
}

static gboolean
compare_columns(SlDb *db, const SlTicket *ticket, GPtrArray *faults, GError **error)
{
  SlTicketFilter filter = {.all = TRUE, .id = ticket->id, .due_before = SL_TIME_NONE};
  g_autoptr(GPtrArray) rows = sl_tickets_list(db, &filter, error);
  if (!rows)
    return FALSE;
  if (rows->len != 1) {
    differ(faults, ticket->id, "its row");
    return TRUE;
  }
  const SlTicket *cached = ((const SlTicketRow *)rows->pdata[0])->ticket;
  g_autofree char *tags = join_tags(ticket->tags);
  g_autofree char *cached_tags = join_tags(cached->tags);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    if (!same_column(i, ticket, cached))
      differ(faults, ticket->id, columns[i].name);
  }
  if (ticket->status != cached->status || ticket->priority != cached->priority || ticket->seq != cached->seq)
    differ(faults, ticket->id, "status, priority or length");
  if (strcmp(tags, cached_tags) != 0)
    differ(faults, ticket->id, "tags");
  return TRUE;
}

static char *
clock_text(const char *target, int cycle, const char *state, SlTime started, SlTime due, SlTime met, SlTime breached, SlTime next)
{
  return g_strdup_printf("%s %d %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                         " %" G_GINT64_FORMAT, target, cycle, state, started, due, met, breached, next);
}

static gboolean
take_clock(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  g_hash_table_add(user, clock_text(sl_column_text(query, 0), (int)sl_column_int(query, 1), sl_column_text(query, 2),
                                    sl_column_time(query, 3), sl_column_time(query, 4), sl_column_time(query, 5),
                                    sl_column_time(query, 6), sl_column_time(query, 7)));
  return TRUE;
}

static gboolean
compare_clocks(SlDb *db, gint64 id, const GPtrArray *clocks, const GArray *alarms, GPtrArray *faults, GError **error)
{
  g_autoptr(GHashTable) cached = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT target, cycle, state, started_at, due_at, met_at, breached_at, next_at FROM clock"
                                         " WHERE ticket = :ticket",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", id);
  if (!sl_query_each(query, take_clock, cached, error))
    return FALSE;
  if (g_hash_table_size(cached) != clocks->len)
    differ(faults, id, "the number of its clocks");
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *c = clocks->pdata[i];
    g_autofree char *text = clock_text(sl_target_word(c->target), c->cycle, sl_clock_state_word(c->state), c->started_at, c->due_at,
                                       c->met_at, c->breached_at, next_of_clock(alarms, c));
    g_autofree char *what = g_strdup_printf("clock %s %d", sl_target_word(c->target), c->cycle);
    if (!g_hash_table_contains(cached, text))
      differ(faults, id, what);
  }
  return TRUE;
}

static gboolean
compare_alarms(SlDb *db, gint64 id, const GPtrArray *clocks, const GArray *alarms, GPtrArray *faults, GError **error)
{
  guint expected = 0;
  gint64 n = 0;
  g_autoptr(GString) times = g_string_new(NULL);
  for (guint i = 0; i < alarms->len; i++)
    expected += !has_clock(clocks, &g_array_index(alarms, SlAlarm, i));
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT COUNT(*) FROM alarm WHERE ticket = :ticket", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", id);
  if (!sl_query_int(query, &n, NULL, error))
    return FALSE;
  if (n != expected)
    differ(faults, id, "the list of its alarms");
  return TRUE;
}

gboolean
sl_tickets_compare(SlDb *db, const SlTicket *ticket, const GPtrArray *clocks, const GArray *alarms, GPtrArray *out_faults,
                   GError **error)
{
  return compare_columns(db, ticket, out_faults, error) &&
         compare_clocks(db, ticket->id, clocks, alarms, out_faults, error) &&
         compare_alarms(db, ticket->id, clocks, alarms, out_faults, error);
}
