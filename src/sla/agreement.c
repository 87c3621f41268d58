/* SPDX-License-Identifier: ISC */
#include "sla/agreement.h"

#include <string.h>

static const char *const target_words[SL_N_TARGETS] = {
#define X(name, word) [SL_TARGET_##name] = word,
    SL_TARGETS(X)
#undef X
};

static const char *const priority_words[SL_N_PRIORITIES] = {"critical", "standard", "low"};

const char *
sl_target_word(SlTarget target)
{
  return target_words[target];
}

gboolean
sl_target_parse(const char *word, SlTarget *out_target)
{
  for (guint i = 0; i < SL_N_TARGETS; i++) {
    if (g_strcmp0(word, target_words[i]) == 0) {
      *out_target = (SlTarget)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
sl_priority_word(SlPriority priority)
{
  return priority_words[priority];
}

gboolean
sl_priority_parse(const char *word, SlPriority *out_priority)
{
  for (guint i = 0; i < SL_N_PRIORITIES; i++) {
    if (word && g_ascii_strcasecmp(word, priority_words[i]) == 0) {
      *out_priority = (SlPriority)i;
      return TRUE;
    }
  }
  return FALSE;
}

/* "80" of "80%": at most 1000; -1 for anything else. *out_rest: what follows the sign. */
static int
read_percent(const char *text, const char **out_rest)
{
  char *end = NULL;
  if (!g_ascii_isdigit(*text))
    return -1;
  guint64 n = g_ascii_strtoull(text, &end, 10);
  if (*end != '%' || n > 1000)
    return -1;
  *out_rest = end + 1;
  return (int)n;
}

gboolean
sl_moment_parse(const char *text, SlMoment *out_moment)
{
  const char *rest = "";
  int percent = text ? read_percent(text, &rest) : -1;
  if (percent >= 0 && !*rest) {
    *out_moment = (SlMoment){.percent = percent};
    return TRUE;
  }
  gint64 sec;
  gboolean before = text && *text == '-';
  if (!text || !sl_duration_parse(text + before, &sec))
    return FALSE;
  *out_moment = (SlMoment){.percent = -1, .offset_sec = sec, .before_due = before};
  return TRUE;
}

gboolean
sl_trigger_parse(const char *text, SlTrigger *out_trigger)
{
  const char *rest = NULL;
  SlTarget target;
  int percent = text ? read_percent(text, &rest) : -1;
  if (percent >= 0) {
    if (*rest != ' ' || !sl_target_parse(rest + strspn(rest, " "), &target))
      return FALSE;
    *out_trigger = (SlTrigger){.target = (int)target, .percent = percent};
    return TRUE;
  }
  gint64 sec;
  if (!text || !sl_duration_parse(text, &sec))
    return FALSE;
  *out_trigger = (SlTrigger){.target = -1, .percent = -1, .offset_sec = sec};
  return TRUE;
}

/* ---- the defaults: the agreement's own sentences ---- */

static void
set_target(SlAgreement *a, SlTarget target, gint64 within_sec, gint64 goal_sec, SlCount count, const char *warn)
{
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    SlTargetSpec *spec = &a->target[target][p];
    *spec = (SlTargetSpec){.within_sec = within_sec, .goal_sec = goal_sec, .count = count};
    spec->warn = g_array_new(FALSE, FALSE, sizeof(SlMoment));
    SlMoment moment;
    if (warn && sl_moment_parse(warn, &moment))
      g_array_append_val(spec->warn, moment);
  }
}

SlLevel *
sl_level_new(const char *id, const char *name)
{
  SlLevel *level = g_new0(SlLevel, 1);
  level->id = g_strdup(id);
  level->name = g_strdup(name);
  level->to = g_ptr_array_new_with_free_func(g_free);
  level->at = g_array_new(FALSE, FALSE, sizeof(SlTrigger));
  level->critical_at = g_array_new(FALSE, FALSE, sizeof(SlTrigger));
  return level;
}

void
sl_level_free(SlLevel *level)
{
  if (!level)
    return;
  g_free(level->id);
  g_free(level->name);
  g_ptr_array_unref(level->to);
  g_array_unref(level->at);
  g_array_unref(level->critical_at);
  g_free(level);
}

static void
add_triggers(GArray *out, const char *const *texts)
{
  for (guint i = 0; texts[i]; i++) {
    SlTrigger trigger;
    gboolean ok = sl_trigger_parse(texts[i], &trigger);
    g_assert(ok);
    g_array_append_val(out, trigger);
  }
}

static void
add_level(SlAgreement *a, const char *id, const char *name, const char *to, const char *const *at, const char *const *critical_at,
          gint64 repeat_sec)
{
  SlLevel *level = sl_level_new(id, name);
  g_ptr_array_add(level->to, g_strdup(to));
  add_triggers(level->at, at);
  add_triggers(level->critical_at, critical_at);
  level->repeat_sec = repeat_sec;
  g_ptr_array_add(a->levels, level);
}

/* S11: Level 1 a higher-level technician, Level 2 the Customer Success Supervisor, Level 3 the Product Team. */
static void
set_ladder(SlAgreement *a)
{
  add_level(a, "L1", "senior technician", "role:senior", (const char *[]){"100% start", "80% answer", NULL},
            (const char *[]){"0% answer", NULL}, 0);
  add_level(a, "L2", "supervisor", "role:supervisor", (const char *[]){"100% answer", "100% resolve", NULL},
            (const char *[]){NULL}, 3600);
  add_level(a, "L3", "product team", "role:product", (const char *[]){"100% eta", NULL}, (const char *[]){"2h", NULL}, 0);
}

/* S1: Monday to Friday, 8:00 AM to 6:00 PM EST. */
static SlCalendar *
default_calendar(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("default", "America/New_York");
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  SlCalendar *calendar = sl_calendar_new(spec, NULL);
  g_assert(calendar != NULL);
  return calendar;
}

SlAgreement *
sl_agreement_new_default(void)
{
  SlAgreement *a = g_new0(SlAgreement, 1);
  a->name = g_strdup("standard");
  a->version = g_strdup("");
  a->calendar_name = g_strdup("default");
  a->ladder_name = g_strdup("default");
  set_target(a, SL_TARGET_ACK, 20 * 60, 0, SL_COUNT_BUSINESS, NULL);             /* S2 */
  set_target(a, SL_TARGET_START, 20 * 60, 0, SL_COUNT_BUSINESS, "15m");          /* S2 */
  set_target(a, SL_TARGET_ANSWER, 2 * 3600, 3600, SL_COUNT_BUSINESS, NULL);      /* S3 */
  set_target(a, SL_TARGET_ETA, 24 * 3600, 0, SL_COUNT_WALL, "80%");              /* S4 */
  set_target(a, SL_TARGET_PROGRESS, 0, 0, SL_COUNT_BUSINESS, NULL);              /* S6 */
  set_target(a, SL_TARGET_RESOLVE, 0, 0, SL_COUNT_BUSINESS, "-1h");              /* S5, S9 */
  a->progress_before_close_sec = 30 * 60;
  a->list_before_close_sec = 75 * 60;
  a->progress_words_within_sec = 2 * 3600;
  a->promised[SL_PRIORITY_CRITICAL] = TRUE;                                      /* S6 */
  a->courtesy[SL_PRIORITY_STANDARD] = TRUE;                                      /* S8 */
  a->courtesy_skips_today = TRUE;
  a->ladder_critical_window_sec = 30 * 60;
  a->pause_on_waiting = TRUE;
  a->remind_days = g_array_new(FALSE, FALSE, sizeof(int));
  g_array_append_vals(a->remind_days, ((const int[]){2, 4}), 2);
  a->close_waiting_days = 6;
  a->close_resolved_days = 3;
  a->reopen_within_sec = 14 * 86400;
  a->objective = 95;
  a->availability = 99.0; /* S7 */
  a->agreed = g_ptr_array_new_with_free_func(g_free);
  a->levels = g_ptr_array_new_with_free_func((GDestroyNotify)sl_level_free);
  a->quiet_outside_hours = TRUE;
  set_ladder(a);
  a->calendar = default_calendar();
  return a;
}

/* ---- copies ---- */

static GArray *
dup_array(const GArray *from, guint size)
{
  GArray *to = g_array_new(FALSE, FALSE, size);
  g_array_append_vals(to, from->data, from->len);
  return to;
}

static GPtrArray *
dup_strings(const GPtrArray *from)
{
  GPtrArray *to = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add(to, g_strdup(from->pdata[i]));
  return to;
}

static SlLevel *
dup_level(const SlLevel *from)
{
  SlLevel *to = g_new0(SlLevel, 1);
  to->id = g_strdup(from->id);
  to->name = g_strdup(from->name);
  to->to = dup_strings(from->to);
  to->at = dup_array(from->at, sizeof(SlTrigger));
  to->critical_at = dup_array(from->critical_at, sizeof(SlTrigger));
  to->repeat_sec = from->repeat_sec;
  return to;
}

SlAgreement *
sl_agreement_dup(const SlAgreement *from)
{
  SlAgreement *to = g_memdup2(from, sizeof *from); /* the plain fields; every pointer is made anew below */
  to->refs = 0;
  char **const strings[] = {&to->name, &to->version, &to->calendar_name, &to->in_force, &to->review, &to->ladder_name};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    *strings[i] = g_strdup(*strings[i]);
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      to->target[t][p].warn = dup_array(from->target[t][p].warn, sizeof(SlMoment));
  }
  to->remind_days = dup_array(from->remind_days, sizeof(int));
  to->agreed = dup_strings(from->agreed);
  to->levels = g_ptr_array_new_with_free_func((GDestroyNotify)sl_level_free);
  for (guint i = 0; i < from->levels->len; i++)
    g_ptr_array_add(to->levels, dup_level(from->levels->pdata[i]));
  to->calendar = sl_calendar_new(sl_calendar_get_spec(from->calendar), NULL);
  return to;
}

SlAgreement *
sl_agreement_in_calendar(const SlAgreement *agreement, const SlCalendarSpec *spec)
{
  SlCalendar *calendar = sl_calendar_new(spec, NULL);
  g_assert(calendar != NULL);
  SlAgreement *copy = sl_agreement_dup(agreement);
  sl_calendar_free(copy->calendar);
  copy->calendar = calendar;
  g_free(copy->calendar_name);
  copy->calendar_name = g_strdup(spec->name);
  return copy;
}

static gboolean
same_strings(const GPtrArray *a, const GPtrArray *b)
{
  for (guint i = 0; a->len == b->len && i < a->len; i++) {
    if (strcmp(a->pdata[i], b->pdata[i]) != 0)
      return FALSE;
  }
  return a->len == b->len;
}

SlAgreement *
sl_agreement_redated(const SlAgreement *agreement, const SlCalendarSpec *edited)
{
  const SlCalendarSpec *spec = sl_calendar_get_spec(agreement->calendar);
  if (same_strings(spec->holidays, edited->holidays) && same_strings(spec->special, edited->special))
    return NULL;
  g_autoptr(SlCalendarSpec) fresh = sl_calendar_spec_dup(spec);
  g_ptr_array_unref(fresh->holidays);
  g_ptr_array_unref(fresh->special);
  fresh->holidays = dup_strings(edited->holidays);
  fresh->special = dup_strings(edited->special);
  g_autoptr(SlCalendar) compiles = sl_calendar_new(fresh, NULL); /* closed on every day of the old hours: it stays as it was */
  return compiles ? sl_agreement_in_calendar(agreement, fresh) : NULL;
}

SlAgreement *
sl_agreement_ref(SlAgreement *agreement)
{
  agreement->refs++;
  return agreement;
}

void
sl_agreement_free(SlAgreement *a)
{
  if (!a || a->refs-- > 0)
    return;
  char *const strings[] = {a->name, a->version, a->calendar_name, a->in_force, a->review, a->ladder_name};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      g_clear_pointer(&a->target[t][p].warn, g_array_unref);
  }
  g_clear_pointer(&a->remind_days, g_array_unref);
  g_clear_pointer(&a->agreed, g_ptr_array_unref);
  g_clear_pointer(&a->levels, g_ptr_array_unref);
  sl_calendar_free(a->calendar);
  g_free(a);
}

const SlTargetSpec *
sl_agreement_target(const SlAgreement *agreement, SlTarget target, SlPriority priority)
{
  return &agreement->target[target][priority];
}
