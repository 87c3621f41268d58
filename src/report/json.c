/* SPDX-License-Identifier: ISC */
#include "report/json.h"

#include "report/promises.h"

/* A ratio; null where there is nothing to be a part of. */
static void
set_rate(SlJson *json, const char *key, guint part, guint whole)
{
  if (whole)
    sl_json_set_double(json, key, (double)part / (double)whole);
  else
    sl_json_set_null(json, key);
}

static void
set_percentile(SlJson *json, const char *key, const GArray *sorted, guint percent)
{
  gint64 sec = sl_report_percentile(sorted, percent);
  if (sec >= 0)
    sl_json_set_int(json, key, sec);
  else
    sl_json_set_null(json, key);
}

/* ---- report ---- */

static SlJson *
tickets_json(const SlReport *r)
{
  SlJson *json = sl_json_object();
  sl_json_set_int(json, "received", r->received);
  sl_json_set_int(json, "resolved", r->resolved);
  sl_json_set_int(json, "reopened", r->reopened);
  sl_json_set_int(json, "open", r->open);
  sl_json_set_int(json, "critical", r->critical);
  return json;
}

static SlJson *
target_json(SlTarget target, SlPriority priority, const SlReportTarget *t)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "target", sl_target_word(target));
  sl_json_set_string(json, "priority", sl_priority_word(priority));
  sl_json_set_int(json, "due", t->due);
  sl_json_set_int(json, "met", t->met);
  sl_json_set_int(json, "breached", t->breached);
  sl_json_set_int(json, "open_overdue", t->open_overdue);
  sl_json_set_int(json, "excused", t->excused);
  sl_json_set_int(json, "stated", t->stated);
  set_rate(json, "rate", t->met, t->due - t->excused);
  set_rate(json, "rate_raw", t->met, t->due);
  set_percentile(json, "p50", t->took, 50);
  set_percentile(json, "p90", t->took, 90);
  set_percentile(json, "p99", t->took, 99);
  set_percentile(json, "max", t->took, 100);
  set_percentile(json, "wall_p50", t->took_wall, 50);
  set_percentile(json, "wall_p90", t->took_wall, 90);
  if (target != SL_TARGET_ETA)
    return json;
  sl_json_set_int(json, "first_due", t->first_due);
  sl_json_set_int(json, "kept_first", t->kept_first);
  sl_json_set_int(json, "last_due", t->last_due);
  sl_json_set_int(json, "kept_last", t->kept_last);
  return json;
}

static SlJson *
targets_json(const SlReport *r)
{
  SlJson *array = sl_json_array();
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      sl_json_add_take(array, target_json((SlTarget)t, (SlPriority)p, &r->target[t][p]));
  }
  return array;
}

static SlJson *
availability_json(const SlAvailability *a)
{
  SlJson *json = sl_json_object();
  if (a->measured)
    sl_json_set_double(json, "rate", a->rate / 100.0);
  else
    sl_json_set_null(json, "rate");
  sl_json_set_int(json, "business_seconds", a->business_seconds);
  sl_json_set_int(json, "down_seconds", a->down_seconds);
  sl_json_set_int(json, "maintenance_seconds", a->maintenance_seconds);
  sl_json_set_int(json, "measured_seconds", a->measured_seconds);
  return json;
}

static SlJson *
escalations_json(const SlReport *r)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < SL_REPORT_LEVELS; i++) {
    SlJson *json = sl_json_object();
    sl_json_set_int(json, "level", i + 1);
    sl_json_set_int(json, "count", r->escalated[i]);
    sl_json_add_take(array, json);
  }
  return array;
}

static SlJson *
breaches_json(const SlReport *r)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < r->breaches->len; i++) {
    const SlReportBreach *b = r->breaches->pdata[i];
    SlJson *json = sl_json_object();
    sl_json_set_int(json, "ticket", b->ticket);
    sl_json_set_string(json, "target", sl_target_word(b->target));
    sl_json_set_int(json, "cycle", b->cycle);
    sl_json_set_string(json, "priority", sl_priority_word(b->priority));
    sl_json_set_time(json, "due_at", b->due_at);
    sl_json_set_time(json, "met_at", b->met_at);
    sl_json_set_int(json, "late", b->late_sec);
    sl_json_set_string(json, "excuse", b->excuse);
    sl_json_add_take(array, json);
  }
  return array;
}

static SlJson *
promises_json(const SlReport *r)
{
  g_autoptr(GPtrArray) promises = sl_report_promises(r);
  SlJson *array = sl_json_array();
  for (guint i = 0; i < promises->len; i++) {
    const SlPromise *p = promises->pdata[i];
    SlJson *json = sl_json_object();
    sl_json_set_string(json, "id", p->id);
    sl_json_set_string(json, "text", p->text);
    sl_json_set_string(json, "setting", p->setting);
    sl_json_set_string(json, "figure", p->figure);
    sl_json_add_take(array, json);
  }
  return array;
}

SlJson *
sl_report_json(const SlReport *r)
{
  SlJson *json = sl_json_object();
  sl_json_set_time(json, "from", r->from);
  sl_json_set_time(json, "to", r->to);
  sl_json_set_string(json, "client", r->client);
  sl_json_set_take(json, "tickets", tickets_json(r));
  sl_json_set_take(json, "targets", targets_json(r));
  sl_json_set_take(json, "availability", availability_json(&r->availability));
  sl_json_set_take(json, "escalations", escalations_json(r));
  sl_json_set_take(json, "breaches", breaches_json(r));
  sl_json_set_take(json, "promises", promises_json(r));
  return json;
}

/* ---- replay ---- */

static SlJson *
figure_json(const SlReplayFigure *f)
{
  SlJson *json = sl_json_object();
  sl_json_set_int(json, "due", f->due);
  sl_json_set_int(json, "met", f->met);
  sl_json_set_int(json, "breached", f->due - f->met);
  set_rate(json, "rate", f->met, f->due);
  return json;
}

static SlJson *
replayed_target_json(const SlReplay *replay, SlTarget target, SlPriority priority)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "target", sl_target_word(target));
  sl_json_set_string(json, "priority", sl_priority_word(priority));
  sl_json_set_take(json, "before", figure_json(&replay->before[target][priority]));
  sl_json_set_take(json, "after", figure_json(&replay->after[target][priority]));
  return json;
}

static SlJson *
side_json(const SlReplaySide *side)
{
  SlJson *json = sl_json_object();
  sl_json_set_time(json, "due_at", side->due_at);
  sl_json_set_string(json, "state", sl_replay_word(side->state));
  return json;
}

static SlJson *
change_json(const SlReplayChange *change)
{
  SlJson *json = sl_json_object();
  sl_json_set_int(json, "ticket", change->ticket);
  sl_json_set_string(json, "target", sl_target_word(change->target));
  sl_json_set_int(json, "cycle", change->cycle);
  sl_json_set_take(json, "before", side_json(&change->before));
  sl_json_set_take(json, "after", side_json(&change->after));
  return json;
}

SlJson *
sl_replay_json(const SlReplay *replay)
{
  SlJson *json = sl_json_object();
  SlJson *targets = sl_json_array(), *changed = sl_json_array();
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      sl_json_add_take(targets, replayed_target_json(replay, (SlTarget)t, (SlPriority)p));
  }
  for (guint i = 0; i < replay->changed->len; i++)
    sl_json_add_take(changed, change_json(replay->changed->pdata[i]));
  sl_json_set_time(json, "from", replay->from);
  sl_json_set_time(json, "to", replay->to);
  sl_json_set_string(json, "sla", replay->file);
  sl_json_set_int(json, "tickets", replay->tickets);
  sl_json_set_int(json, "kept_own", replay->kept_own);
  sl_json_set_take(json, "targets", targets);
  sl_json_set_take(json, "changed", changed);
  return json;
}
