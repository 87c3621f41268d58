/* SPDX-License-Identifier: ISC */
#include "store/probes.h"

#include "store/columns.h"

#define COLUMNS "SELECT from_at, to_at, n, up, why FROM probe_span WHERE probe = :probe"

static void
span_free(SlProbeSpan *span)
{
  g_free(span->why);
  g_free(span);
}

static gboolean
take_span(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlProbeSpan *span = g_new0(SlProbeSpan, 1);
  span->seen = (SlProbed){sl_column_time(query, 0), sl_column_time(query, 1), sl_column_int(query, 2), sl_column_int(query, 3) != 0};
  span->why = g_strdup(sl_column_text(query, 4));
  g_ptr_array_add(user, span);
  return TRUE;
}

/* `sql` names :probe, :from and :to. */
static GPtrArray *
load(SlDb *db, const char *sql, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error)
{
  g_autoptr(GPtrArray) spans = g_ptr_array_new_with_free_func((GDestroyNotify)span_free);
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return NULL;
  sl_bind_text(query, "probe", probe->name);
  sl_bind_time(query, "from", from);
  sl_bind_time(query, "to", to);
  return sl_query_each(query, take_span, spans, error) ? g_steal_pointer(&spans) : NULL;
}

/* ---- writing ---- */

static gboolean
insert(SlDb *db, const SlProbeConfig *probe, SlTime at, gboolean up, const char *why, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "INSERT INTO probe_span(probe, from_at, to_at, up, n, why) VALUES (:probe, :at, :at, :up, 1, :why)"
                                         " ON CONFLICT(probe, from_at) DO NOTHING",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "probe", probe->name);
  sl_bind_time(query, "at", at);
  sl_bind_int(query, "up", up);
  sl_bind_text(query, "why", why);
  return sl_query_run(query, NULL, error);
}

static gboolean
extend(SlDb *db, const SlProbeConfig *probe, const SlProbeSpan *span, SlTime at, GError **error)
{
  g_autoptr(SlQuery) query =
      sl_db_query(db, "UPDATE probe_span SET to_at = :at, n = n + 1 WHERE probe = :probe AND from_at = :from", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "probe", probe->name);
  sl_bind_time(query, "from", span->seen.from);
  sl_bind_time(query, "at", at);
  return sl_query_run(query, NULL, error);
}

/* Newest as of `at`: a clock that once stood in the future does not stop the record for good. */
gboolean
sl_probes_add(SlDb *db, const SlProbeConfig *probe, SlTime at, gboolean up, const char *why, gboolean *out_new, GError **error)
{
  g_autoptr(GPtrArray) newest = load(db, COLUMNS " AND from_at >= :from AND from_at <= :to ORDER BY from_at DESC LIMIT 1", probe, 0, at, error);
  if (!newest)
    return FALSE;
  const SlProbeSpan *span = newest->len ? newest->pdata[0] : NULL;
  if (span && at <= span->seen.to)
    at = span->seen.to + SL_SECOND;
  gboolean alike = span && !span->seen.up == !up && g_strcmp0(span->why, why) == 0;
  *out_new = !alike || at - span->seen.to > sl_probe_silence_sec(probe) * SL_SECOND;
  return *out_new ? insert(db, probe, at, up, why, error) : extend(db, probe, span, at, error);
}

/* ---- reading ---- */

GPtrArray *
sl_probes_spans(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error)
{
  return load(db, COLUMNS " AND to_at >= :from AND from_at < :to ORDER BY from_at", probe, from, to, error);
}

static GPtrArray *
spans_around(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error)
{
  return load(db,
              COLUMNS " AND from_at >= COALESCE((SELECT MAX(a.from_at) FROM probe_span a WHERE a.probe = :probe AND a.up = 1"
                      " AND a.from_at <= :from), from_at)"
                      " AND from_at <= COALESCE((SELECT MIN(b.from_at) FROM probe_span b WHERE b.probe = :probe AND b.up = 1"
                      " AND b.from_at >= :to), from_at) ORDER BY from_at",
              probe, from, to, error);
}

static GArray *
seen_of(const GPtrArray *spans)
{
  GArray *seen = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  for (guint i = 0; i < spans->len; i++)
    g_array_append_val(seen, ((SlProbeSpan *)spans->pdata[i])->seen);
  return seen;
}

SlProbeRecord *
sl_probes_record(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, GError **error)
{
  g_autoptr(GPtrArray) spans = spans_around(db, probe, from, to, error);
  if (!spans)
    return NULL;
  SlProbeRecord *record = g_new0(SlProbeRecord, 1);
  *record = (SlProbeRecord){g_ptr_array_ref(probe->clients), probe->fail_after, sl_probe_silence_sec(probe), seen_of(spans)};
  return record;
}

GPtrArray *
sl_probes_records(SlDb *db, const GPtrArray *probes, SlTime from, SlTime to, GError **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)sl_probe_record_free);
  for (guint i = 0; i < probes->len; i++) {
    SlProbeRecord *record = sl_probes_record(db, probes->pdata[i], from, to, error);
    if (!record)
      return NULL;
    g_ptr_array_add(records, record);
  }
  return g_steal_pointer(&records);
}

gboolean
sl_probes_periods(SlDb *db, const SlProbeConfig *probe, SlTime from, SlTime to, SlTime now, GArray **out_measured, GArray **out_outages,
                  GError **error)
{
  SlProbeRecord *record = sl_probes_record(db, probe, from, to, error);
  if (!record)
    return FALSE;
  const SlProbed *spans = (const SlProbed *)(gconstpointer)record->spans->data;
  *out_measured = sl_availability_measured(spans, record->spans->len, record->silence_sec, now);
  *out_outages = sl_availability_outages(spans, record->spans->len, record->fail_after, record->silence_sec, now);
  sl_probe_record_free(record);
  return TRUE;
}

/* ---- the state at `now` ---- */

void
sl_probe_state_clear(SlProbeState *state)
{
  g_clear_pointer(&state->why, g_free);
}

static const SlProbed *
nth(const GArray *seen, guint i)
{
  return &g_array_index(seen, SlProbed, i);
}

/* Back over spans of the same state, as long as no silence parts them. */
static SlTime
same_since(const GArray *seen, gint64 silence_sec)
{
  guint i = seen->len - 1;
  while (i > 0 && nth(seen, i - 1)->up == nth(seen, i)->up && nth(seen, i)->from - nth(seen, i - 1)->to <= silence_sec * SL_SECOND)
    i--;
  return nth(seen, i)->from;
}

static gboolean
fails_enough(const GArray *seen, const SlProbeConfig *probe)
{
  SlTime then = nth(seen, seen->len - 1)->to;
  g_autoptr(GArray) outages = sl_availability_outages(nth(seen, 0), seen->len, probe->fail_after, sl_probe_silence_sec(probe), then);
  return outages->len && g_array_index(outages, SlPeriod, outages->len - 1).to == SL_TIME_NONE;
}

gboolean
sl_probes_state(SlDb *db, const SlProbeConfig *probe, SlTime now, SlProbeState *out_state, GError **error)
{
  g_autoptr(GPtrArray) spans = spans_around(db, probe, now, now, error);
  if (!spans)
    return FALSE;
  while (spans->len && ((SlProbeSpan *)spans->pdata[spans->len - 1])->seen.from > now)
    g_ptr_array_set_size(spans, (gint)spans->len - 1);
  *out_state = (SlProbeState){.at = SL_TIME_NONE, .since = SL_TIME_NONE};
  if (!spans->len)
    return TRUE;
  g_autoptr(GArray) seen = seen_of(spans);
  const SlProbeSpan *last = spans->pdata[spans->len - 1];
  gint64 silence_sec = sl_probe_silence_sec(probe);
  *out_state = (SlProbeState){.at = last->seen.to,
                              .since = same_since(seen, silence_sec),
                              .up = last->seen.up,
                              .outage = fails_enough(seen, probe),
                              .silent = now - last->seen.to > silence_sec * SL_SECOND,
                              .why = g_strdup(last->why)};
  return TRUE;
}
