/* SPDX-License-Identifier: ISC */
#include "store/notices.h"

#include "store/columns.h"

static SlQuery *
of_person(SlDb *db, const char *sql, const char *person, GError **error)
{
  SlQuery *query = sl_db_query(db, sql, error);
  g_autofree char *who = g_ascii_strdown(person, -1);
  if (query)
    sl_bind_text(query, "who", who);
  return query;
}

gboolean
sl_notices_add(SlDb *db, const char *person, gint64 ticket, const char *cause, SlTime ready, GError **error)
{
  g_autoptr(SlQuery) query = of_person(
      db, "INSERT INTO notice(person, ticket, cause, ready) VALUES (:who, :ticket, :cause, :ready) ON CONFLICT DO NOTHING", person, error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "cause", cause);
  sl_bind_time(query, "ready", ready);
  return sl_query_run(query, NULL, error);
}

static gboolean
take_notice(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlNotice *notice = g_new0(SlNotice, 1);
  notice->ticket = sl_column_int(query, 0);
  notice->cause = g_strdup(sl_column_text(query, 1));
  notice->ready = sl_column_time(query, 2);
  g_ptr_array_add(user, notice);
  return TRUE;
}

/* The kind is the word before the first colon, but all alarms are one. */
#define KIND(notice) "CASE WHEN SUBSTR(" notice ".cause, 1, 3) IN ('esc', 'war', 'bre') THEN 'alarm' ELSE SUBSTR(" notice ".cause, 1, 3) END"

/* Once one is ready, those of the same kind that wait with it go, too. */
GPtrArray *
sl_notices_ready(SlDb *db, const char *person, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func((GDestroyNotify)sl_notice_free);
  g_autoptr(SlQuery) query = of_person(db,
                                       "SELECT n.ticket, n.cause, n.ready FROM notice n WHERE n.person = :who AND EXISTS (SELECT 1 FROM"
                                       " notice r WHERE r.person = :who AND r.ready <= :now AND " KIND("r") " = " KIND("n") ")"
                                       " ORDER BY n.ticket, n.cause",
                                       person, error);
  if (!query)
    return NULL;
  sl_bind_time(query, "now", now);
  return sl_query_each(query, take_notice, notices, error) ? g_steal_pointer(&notices) : NULL;
}

gboolean
sl_notices_waiting(SlDb *db, const char *person, const char *cause_prefix, gboolean *out_any, GError **error)
{
  g_autofree char *pattern = g_strconcat(cause_prefix, "%", NULL);
  g_autoptr(SlQuery) query = of_person(db, "SELECT 1 FROM notice WHERE person = :who AND cause LIKE :cause LIMIT 1", person, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "cause", pattern);
  return sl_query_next(query, out_any, error);
}

gboolean
sl_notices_spend(SlDb *db, const char *person, gint64 ticket, const char *cause, GError **error)
{
  g_autoptr(SlQuery) query =
      of_person(db, "DELETE FROM notice WHERE person = :who AND ticket = :ticket AND cause = :cause", person, error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "cause", cause);
  return sl_query_run(query, NULL, error);
}

GPtrArray *
sl_notices_persons(SlDb *db, SlTime now, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT DISTINCT person FROM notice WHERE ready <= :now ORDER BY person", error);
  if (!query)
    return NULL;
  sl_bind_time(query, "now", now);
  return sl_query_texts(query, error);
}

gboolean
sl_notices_next(SlDb *db, SlTime *out_ready, GError **error)
{
  *out_ready = SL_TIME_NONE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT MIN(ready) FROM notice", error);
  return query && sl_query_int(query, out_ready, NULL, error);
}
