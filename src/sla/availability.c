/* SPDX-License-Identifier: ISC */
#include "sla/availability.h"

#include <string.h>

static void
add(GArray *periods, SlTime from, SlTime to)
{
  SlPeriod period = {from, to};
  if (to == SL_TIME_NONE || from < to)
    g_array_append_val(periods, period);
}

static const SlPeriod *
nth(const GArray *periods, guint i)
{
  return &g_array_index(periods, SlPeriod, i);
}

/* ---- from spans to periods ---- */

/* Until when does what span i saw stand? */
static SlTime
stands_until(const SlProbed *spans, guint n, guint i, gint64 silence_sec, SlTime now)
{
  SlTime next = i + 1 < n ? spans[i + 1].from : MAX(now, spans[i].to);
  return MIN(next, spans[i].to + silence_sec * SL_SECOND);
}

/* Does the silence after span i last too long, so that it has nothing to do with the next? */
static gboolean
falls_silent(const SlProbed *spans, guint n, guint i, gint64 silence_sec, SlTime now)
{
  SlTime next = i + 1 < n ? spans[i + 1].from : now;
  return next - spans[i].to > silence_sec * SL_SECOND;
}

GArray *
sl_availability_outages(const SlProbed *spans, guint n, guint fail_after, gint64 silence_sec, SlTime now)
{
  GArray *outages = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  gint64 failures = 0; /* in a row, up to and with this span */
  SlTime since = SL_TIME_NONE;
  for (guint i = 0; i < n; i++) {
    if (spans[i].up)
      continue;
    since = failures ? since : spans[i].from;
    failures += spans[i].n;
    gboolean ends = falls_silent(spans, n, i, silence_sec, now) || (i + 1 < n && spans[i + 1].up);
    if (!ends && i + 1 < n)
      continue;
    if (failures >= fail_after)
      add(outages, since, ends ? stands_until(spans, n, i, silence_sec, now) : SL_TIME_NONE);
    failures = 0;
  }
  return outages;
}

GArray *
sl_availability_measured(const SlProbed *spans, guint n, gint64 silence_sec, SlTime now)
{
  GArray *measured = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; i < n; i++)
    add(measured, spans[i].from, stands_until(spans, n, i, silence_sec, now));
  return measured;
}

/* ---- sets of periods: sorted, disjoint, within [from, to) ---- */

static gint
by_from(gconstpointer a, gconstpointer b)
{
  const SlPeriod *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

static GArray *
within(const GArray *periods, SlTime from, SlTime to)
{
  GArray *sorted = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  g_autoptr(GArray) cut = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; periods && i < periods->len; i++) {
    SlTime end = nth(periods, i)->to;
    add(cut, MAX(nth(periods, i)->from, from), end == SL_TIME_NONE ? to : MIN(end, to));
  }
  g_array_sort(cut, by_from);
  for (guint i = 0; i < cut->len; i++) {
    SlPeriod *last = sorted->len ? &g_array_index(sorted, SlPeriod, sorted->len - 1) : NULL;
    if (last && nth(cut, i)->from <= last->to)
      last->to = MAX(last->to, nth(cut, i)->to);
    else
      add(sorted, nth(cut, i)->from, nth(cut, i)->to);
  }
  return sorted;
}

/* What lies in both. */
static GArray *
both(const GArray *a, const GArray *b)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  guint i = 0, k = 0;
  while (i < a->len && k < b->len) {
    add(out, MAX(nth(a, i)->from, nth(b, k)->from), MIN(nth(a, i)->to, nth(b, k)->to));
    if (nth(a, i)->to < nth(b, k)->to)
      i++;
    else
      k++;
  }
  return out;
}

/* What is left of [from, to). */
static GArray *
outside(const GArray *periods, SlTime from, SlTime to)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; i < periods->len; i++) {
    add(out, from, nth(periods, i)->from);
    from = nth(periods, i)->to;
  }
  add(out, from, to);
  return out;
}

static gint64
open_seconds(const SlCalendar *calendar, const GArray *periods)
{
  gint64 sum = 0;
  for (guint i = 0; i < periods->len; i++)
    sum += sl_calendar_elapsed(calendar, nth(periods, i)->from, nth(periods, i)->to);
  return sum;
}

void
sl_availability_figure(const SlCalendar *calendar, SlTime from, SlTime to, const GArray *measured,
                       const GArray *outages, const GArray *maintenance, SlAvailability *out_figure)
{
  g_autoptr(GArray) planned = within(maintenance, from, to);
  g_autoptr(GArray) promised = outside(planned, from, MAX(from, to));
  g_autoptr(GArray) seen = within(measured, from, to);
  g_autoptr(GArray) down = within(outages, from, to);
  g_autoptr(GArray) counted = both(seen, promised);
  g_autoptr(GArray) missed = both(down, counted);
  SlAvailability figure = {.business_seconds = sl_calendar_elapsed(calendar, from, to),
                           .maintenance_seconds = open_seconds(calendar, planned),
                           .measured_seconds = open_seconds(calendar, counted),
                           .down_seconds = open_seconds(calendar, missed)};
  figure.measured = figure.measured_seconds > 0;
  if (figure.measured)
    figure.rate = 100.0 * (double)(figure.measured_seconds - figure.down_seconds) / (double)figure.measured_seconds;
  *out_figure = figure;
}

/* ---- several probes ---- */

void
sl_probe_record_free(SlProbeRecord *record)
{
  if (!record)
    return;
  g_clear_pointer(&record->clients, g_ptr_array_unref);
  g_clear_pointer(&record->spans, g_array_unref);
  g_free(record);
}

gboolean
sl_availability_concerns(const GPtrArray *clients, const char *client)
{
  for (guint i = 0; client && clients && i < clients->len; i++) {
    if (strcmp(clients->pdata[i], client) == 0)
      return TRUE;
  }
  return !client || !clients || clients->len == 0;
}

static void
append_all(GArray *periods, GArray *more)
{
  g_array_append_vals(periods, more->data, more->len);
  g_array_unref(more);
}

void
sl_availability_of(const GPtrArray *records, const char *client, const SlCalendar *calendar, SlTime from, SlTime to, SlTime now,
                   const GArray *maintenance, SlAvailability *out_figure)
{
  g_autoptr(GArray) measured = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  g_autoptr(GArray) outages = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; i < records->len; i++) {
    const SlProbeRecord *r = records->pdata[i];
    const SlProbed *spans = (const SlProbed *)(gconstpointer)r->spans->data;
    if (!sl_availability_concerns(r->clients, client))
      continue;
    append_all(measured, sl_availability_measured(spans, r->spans->len, r->silence_sec, now));
    append_all(outages, sl_availability_outages(spans, r->spans->len, r->fail_after, r->silence_sec, now));
  }
  sl_availability_figure(calendar, from, to, measured, outages, maintenance, out_figure);
}
