/* SPDX-License-Identifier: ISC */
/* The canonical text of an agreement: what a ticket's first event names by its hash, and what an old ticket is judged by. */
#include <string.h>

#include "base/error.h"
#include "sla/agreement.h"

/* ---- writing ---- */

static SlJson *
moments_to_json(const GArray *moments)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < moments->len; i++) {
    const SlMoment *m = &g_array_index(moments, SlMoment, i);
    SlJson *object = sl_json_object();
    sl_json_set_int(object, "percent", m->percent);
    sl_json_set_int(object, "offset", m->offset_sec);
    sl_json_set_bool(object, "before_due", m->before_due);
    sl_json_add_take(array, object);
  }
  return array;
}

static SlJson *
triggers_to_json(const GArray *triggers)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *t = &g_array_index(triggers, SlTrigger, i);
    SlJson *object = sl_json_object();
    sl_json_set_string(object, "target", t->target < 0 ? NULL : sl_target_word((SlTarget)t->target));
    sl_json_set_int(object, "percent", t->percent);
    sl_json_set_int(object, "offset", t->offset_sec);
    sl_json_add_take(array, object);
  }
  return array;
}

static SlJson *
targets_to_json(const SlAgreement *a)
{
  SlJson *targets = sl_json_object();
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    SlJson *by_priority = sl_json_object();
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      const SlTargetSpec *spec = &a->target[t][p];
      SlJson *object = sl_json_object();
      sl_json_set_int(object, "within", spec->within_sec);
      sl_json_set_int(object, "goal", spec->goal_sec);
      sl_json_set_string(object, "clock", spec->count == SL_COUNT_WALL ? "wall" : "business");
      sl_json_set_bool(object, "off", spec->off);
      sl_json_set_take(object, "warn", moments_to_json(spec->warn));
      sl_json_set_take(by_priority, sl_priority_word((SlPriority)p), object);
    }
    sl_json_set_take(targets, sl_target_word((SlTarget)t), by_priority);
  }
  return targets;
}

static SlJson *
levels_to_json(const SlAgreement *a)
{
  SlJson *levels = sl_json_array();
  for (guint i = 0; i < a->levels->len; i++) {
    const SlLevel *level = a->levels->pdata[i];
    SlJson *object = sl_json_object();
    sl_json_set_string(object, "id", level->id);
    sl_json_set_string(object, "name", level->name);
    sl_json_set_take(object, "to", sl_json_strings(level->to));
    sl_json_set_take(object, "at", triggers_to_json(level->at));
    sl_json_set_take(object, "critical_at", triggers_to_json(level->critical_at));
    sl_json_set_int(object, "repeat", level->repeat_sec);
    sl_json_add_take(levels, object);
  }
  return levels;
}

static SlJson *
calendar_to_json(const SlCalendar *calendar)
{
  const SlCalendarSpec *spec = sl_calendar_get_spec(calendar);
  SlJson *object = sl_json_object();
  sl_json_set_string(object, "name", spec->name);
  sl_json_set_string(object, "timezone", spec->timezone);
  sl_json_set_take(object, "hours", sl_json_strings(spec->hours));
  sl_json_set_take(object, "holidays", sl_json_strings(spec->holidays));
  sl_json_set_take(object, "special", sl_json_strings(spec->special));
  return object;
}

/* One row a plain number of the agreement: written and read by the same table, so neither can forget one. */
static const struct {
  const char *key;
  gsize offset;
  gboolean is_int; /* int or gboolean; else gint64 */
} numbers[] = {
    {"progress_before_close", G_STRUCT_OFFSET(SlAgreement, progress_before_close_sec), FALSE},
    {"list_before_close", G_STRUCT_OFFSET(SlAgreement, list_before_close_sec), FALSE},
    {"progress_words_within", G_STRUCT_OFFSET(SlAgreement, progress_words_within_sec), FALSE},
    {"critical_window", G_STRUCT_OFFSET(SlAgreement, ladder_critical_window_sec), FALSE},
    {"reopen_within", G_STRUCT_OFFSET(SlAgreement, reopen_within_sec), FALSE},
    {"progress_every", G_STRUCT_OFFSET(SlAgreement, progress_every_sec), FALSE},
    {"courtesy_skips_today", G_STRUCT_OFFSET(SlAgreement, courtesy_skips_today), TRUE},
    {"pause_on_waiting", G_STRUCT_OFFSET(SlAgreement, pause_on_waiting), TRUE},
    {"close_waiting_days", G_STRUCT_OFFSET(SlAgreement, close_waiting_days), TRUE},
    {"close_resolved_days", G_STRUCT_OFFSET(SlAgreement, close_resolved_days), TRUE},
    {"objective", G_STRUCT_OFFSET(SlAgreement, objective), TRUE},
    {"quiet_outside_hours", G_STRUCT_OFFSET(SlAgreement, quiet_outside_hours), TRUE},
};

static const struct {
  const char *key;
  gsize offset;
} texts[] = {
    {"name", G_STRUCT_OFFSET(SlAgreement, name)},         {"version", G_STRUCT_OFFSET(SlAgreement, version)},
    {"calendar_name", G_STRUCT_OFFSET(SlAgreement, calendar_name)},
    {"in_force", G_STRUCT_OFFSET(SlAgreement, in_force)}, {"review", G_STRUCT_OFFSET(SlAgreement, review)},
    {"ladder_name", G_STRUCT_OFFSET(SlAgreement, ladder_name)},
};

/* Which priorities: the words of those that are set. */
static SlJson *
priorities_to_json(const gboolean set[SL_N_PRIORITIES])
{
  SlJson *array = sl_json_array();
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    if (set[p])
      sl_json_add_string(array, sl_priority_word((SlPriority)p));
  }
  return array;
}

SlJson *
sl_agreement_to_json(const SlAgreement *a)
{
  SlJson *json = sl_json_object();
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    sl_json_set_string(json, texts[i].key, G_STRUCT_MEMBER(char *, a, texts[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    gint64 value = numbers[i].is_int ? G_STRUCT_MEMBER(int, a, numbers[i].offset) : G_STRUCT_MEMBER(gint64, a, numbers[i].offset);
    sl_json_set_int(json, numbers[i].key, value);
  }
  SlJson *remind = sl_json_array();
  for (guint i = 0; i < a->remind_days->len; i++)
    sl_json_add_int(remind, g_array_index(a->remind_days, int, i));
  sl_json_set_take(json, "remind_days", remind);
  sl_json_set_take(json, "promised_to", priorities_to_json(a->promised));
  sl_json_set_take(json, "courtesy_to", priorities_to_json(a->courtesy));
  sl_json_set_double(json, "availability", a->availability);
  sl_json_set_take(json, "agreed", sl_json_strings(a->agreed));
  sl_json_set_take(json, "targets", targets_to_json(a));
  sl_json_set_take(json, "levels", levels_to_json(a));
  sl_json_set_take(json, "calendar", calendar_to_json(a->calendar));
  return json;
}

char *
sl_agreement_hash(const SlAgreement *agreement)
{
  g_autoptr(SlJson) json = sl_agreement_to_json(agreement);
  g_autofree char *text = sl_json_canonical(json);
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* ---- reading ---- */

static void
strings_from_json(const SlJson *array, GPtrArray *out)
{
  g_ptr_array_set_size(out, 0);
  for (guint i = 0; i < sl_json_length(array); i++)
    g_ptr_array_add(out, g_strdup(sl_json_string(sl_json_at(array, i))));
}

/* Where the text is older than the choice, the agreement's own stays. */
static void
priorities_from_json(const SlJson *array, gboolean set[SL_N_PRIORITIES])
{
  SlPriority priority;
  if (!array)
    return;
  memset(set, 0, SL_N_PRIORITIES * sizeof *set);
  for (guint i = 0; i < sl_json_length(array); i++) {
    if (sl_priority_parse(sl_json_string(sl_json_at(array, i)), &priority))
      set[priority] = TRUE;
  }
}

static void
moments_from_json(const SlJson *array, GArray *out)
{
  g_array_set_size(out, 0);
  for (guint i = 0; i < sl_json_length(array); i++) {
    const SlJson *object = sl_json_at(array, i);
    SlMoment moment = {(int)sl_json_get_int(object, "percent", -1), sl_json_get_int(object, "offset", 0),
                       sl_json_get_bool(object, "before_due")};
    g_array_append_val(out, moment);
  }
}

static void
triggers_from_json(const SlJson *array, GArray *out)
{
  for (guint i = 0; i < sl_json_length(array); i++) {
    const SlJson *object = sl_json_at(array, i);
    SlTarget target;
    gboolean named = sl_target_parse(sl_json_get_string(object, "target"), &target);
    SlTrigger trigger = {named ? (int)target : -1, (int)sl_json_get_int(object, "percent", -1),
                         sl_json_get_int(object, "offset", 0)};
    g_array_append_val(out, trigger);
  }
}

static void
targets_from_json(const SlJson *targets, SlAgreement *a)
{
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    const SlJson *by_priority = sl_json_get(targets, sl_target_word((SlTarget)t));
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      const SlJson *object = sl_json_get(by_priority, sl_priority_word((SlPriority)p));
      SlTargetSpec *spec = &a->target[t][p];
      spec->within_sec = sl_json_get_int(object, "within", 0);
      spec->goal_sec = sl_json_get_int(object, "goal", 0);
      spec->count = g_strcmp0(sl_json_get_string(object, "clock"), "wall") == 0 ? SL_COUNT_WALL : SL_COUNT_BUSINESS;
      spec->off = sl_json_get_bool(object, "off");
      moments_from_json(sl_json_get(object, "warn"), spec->warn);
    }
  }
}

static void
levels_from_json(const SlJson *levels, SlAgreement *a)
{
  g_ptr_array_set_size(a->levels, 0);
  for (guint i = 0; i < sl_json_length(levels); i++) {
    const SlJson *object = sl_json_at(levels, i);
    SlLevel *level = sl_level_new(sl_json_get_string(object, "id"), sl_json_get_string(object, "name"));
    strings_from_json(sl_json_get(object, "to"), level->to);
    triggers_from_json(sl_json_get(object, "at"), level->at);
    triggers_from_json(sl_json_get(object, "critical_at"), level->critical_at);
    level->repeat_sec = sl_json_get_int(object, "repeat", 0);
    g_ptr_array_add(a->levels, level);
  }
}

static SlCalendar *
calendar_from_json(const SlJson *object, GError **error)
{
  g_autofree char *fault = NULL;
  g_autoptr(SlCalendarSpec) spec =
      sl_calendar_spec_new(sl_json_get_string(object, "name"), sl_json_get_string(object, "timezone"));
  strings_from_json(sl_json_get(object, "hours"), spec->hours);
  strings_from_json(sl_json_get(object, "holidays"), spec->holidays);
  strings_from_json(sl_json_get(object, "special"), spec->special);
  SlCalendar *calendar = sl_calendar_new(spec, &fault);
  if (!calendar)
    g_set_error(error, SL_ERROR, SL_ERROR_STORE, "a stored agreement's calendar cannot be read: %s", fault);
  return calendar;
}

SlAgreement *
sl_agreement_from_json(const SlJson *json, GError **error)
{
  SlCalendar *calendar = calendar_from_json(sl_json_get(json, "calendar"), error);
  if (!calendar)
    return NULL;
  SlAgreement *a = sl_agreement_new_default();
  sl_calendar_free(a->calendar);
  a->calendar = calendar;
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(G_STRUCT_MEMBER(char *, a, texts[i].offset));
    G_STRUCT_MEMBER(char *, a, texts[i].offset) = g_strdup(sl_json_get_string(json, texts[i].key));
  }
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    gint64 value = sl_json_get_int(json, numbers[i].key, 0);
    if (numbers[i].is_int)
      G_STRUCT_MEMBER(int, a, numbers[i].offset) = (int)value;
    else
      G_STRUCT_MEMBER(gint64, a, numbers[i].offset) = value;
  }
  const SlJson *remind = sl_json_get(json, "remind_days");
  g_array_set_size(a->remind_days, 0);
  for (guint i = 0; i < sl_json_length(remind); i++) {
    int days = (int)sl_json_int(sl_json_at(remind, i), 0);
    g_array_append_val(a->remind_days, days);
  }
  a->availability = sl_json_get_double(json, "availability", 99.0);
  priorities_from_json(sl_json_get(json, "promised_to"), a->promised);
  priorities_from_json(sl_json_get(json, "courtesy_to"), a->courtesy);
  strings_from_json(sl_json_get(json, "agreed"), a->agreed);
  targets_from_json(sl_json_get(json, "targets"), a);
  levels_from_json(sl_json_get(json, "levels"), a);
  return a;
}
