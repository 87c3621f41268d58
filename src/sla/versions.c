/* SPDX-License-Identifier: ISC */
#include "sla/versions.h"

#include <stdio.h>
#include <string.h>

/* ---- days ---- */

static SlTime
midnight(const SlAgreement *agreement, const char *day)
{
  SlTime at;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(agreement->calendar));
  return day && sl_time_parse_local(day, zone, &at) ? at : SL_TIME_NONE;
}

SlTime
sl_agreement_in_force_at(const SlAgreement *agreement)
{
  return midnight(agreement, agreement->in_force);
}

SlTime
sl_agreement_review_at(const SlAgreement *agreement)
{
  return midnight(agreement, agreement->review);
}

SlTime
sl_agreement_review_notice_at(const SlAgreement *agreement)
{
  GDate date;
  char day[16];
  int y, m, d;
  if (sl_agreement_review_at(agreement) == SL_TIME_NONE || sscanf(agreement->review, "%4d-%2d-%2d", &y, &m, &d) != 3)
    return SL_TIME_NONE;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
  g_date_subtract_months(&date, 1);
  g_date_strftime(day, sizeof day, "%Y-%m-%d", &date);
  return sl_calendar_next_open(agreement->calendar, midnight(agreement, day));
}

/* ---- which holds ---- */

static gboolean
has_come(const SlAgreement *a, SlTime at)
{
  return !a->in_force || (a->agreed->len > 0 && sl_agreement_in_force_at(a) <= at);
}

const SlAgreement *
sl_agreement_in_force(const GPtrArray *agreements, const char *name, SlTime at)
{
  const SlAgreement *first = NULL, *holds = NULL;
  SlTime since = SL_TIME_NONE;
  for (guint i = 0; i < agreements->len; i++) {
    const SlAgreement *a = agreements->pdata[i];
    if (strcmp(a->name, name) != 0)
      continue;
    first = first ? first : a;
    SlTime from = sl_agreement_in_force_at(a);
    if (!has_come(a, at) || (holds && from < since))
      continue;
    holds = a;
    since = from;
  }
  return holds ? holds : first;
}

/* ---- what is promised, a line a promise ---- */

static void
add_amount(GPtrArray *lines, const char *name, gint64 sec)
{
  g_autofree char *amount = sec ? sl_duration_format(sec) : g_strdup("none");
  g_ptr_array_add(lines, g_strdup_printf("%s: %s", name, amount));
}

static void
add_target(GPtrArray *lines, const SlAgreement *a, SlTarget target, SlPriority priority)
{
  const SlTargetSpec *spec = sl_agreement_target(a, target, priority);
  g_autofree char *name = g_strdup_printf("%s/%s", sl_target_word(target), sl_priority_word(priority));
  g_autofree char *within = g_strconcat(name, " within", NULL);
  g_autofree char *goal = g_strconcat(name, " goal", NULL);
  add_amount(lines, within, spec->off ? 0 : spec->within_sec);
  add_amount(lines, goal, spec->goal_sec);
  g_ptr_array_add(lines, g_strdup_printf("%s clock: %s", name, spec->count == SL_COUNT_WALL ? "wall" : "business"));
}

static char *
triggers_text(const GArray *triggers)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < triggers->len; i++) {
    const SlTrigger *t = &g_array_index(triggers, SlTrigger, i);
    g_autofree char *offset = sl_duration_format(t->offset_sec);
    if (t->target < 0)
      g_string_append_printf(text, "%s%s", i ? ", " : "", offset);
    else
      g_string_append_printf(text, "%s%d%% %s", i ? ", " : "", t->percent, sl_target_word((SlTarget)t->target));
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_level(GPtrArray *lines, const SlLevel *level)
{
  g_autofree char *at = triggers_text(level->at);
  g_autofree char *critical_at = triggers_text(level->critical_at);
  g_ptr_array_add(lines, g_strdup_printf("level %s at: %s", level->id, at));
  g_ptr_array_add(lines, g_strdup_printf("level %s critical_at: %s", level->id, critical_at));
  g_autofree char *repeat = g_strdup_printf("level %s repeat", level->id);
  add_amount(lines, repeat, level->repeat_sec);
}

static void
add_hours(GPtrArray *lines, const SlCalendarSpec *spec)
{
  g_autoptr(GString) hours = g_string_new(NULL);
  for (guint i = 0; i < spec->hours->len; i++)
    g_string_append_printf(hours, "%s%s", i ? ", " : "", (const char *)spec->hours->pdata[i]);
  g_ptr_array_add(lines, g_strdup_printf("hours: %s", hours->str));
  g_ptr_array_add(lines, g_strdup_printf("timezone: %s", spec->timezone));
}

static void
add_days(GPtrArray *lines, const SlAgreement *a)
{
  g_autoptr(GString) remind = g_string_new(NULL);
  for (guint i = 0; i < a->remind_days->len; i++)
    g_string_append_printf(remind, "%s%d", i ? ", " : "", g_array_index(a->remind_days, int, i));
  g_ptr_array_add(lines, g_strdup_printf("remind: %s", remind->str));
  g_ptr_array_add(lines, g_strdup_printf("close_waiting: %d", a->close_waiting_days));
  g_ptr_array_add(lines, g_strdup_printf("close_resolved: %d", a->close_resolved_days));
  add_amount(lines, "reopen_within", a->reopen_within_sec);
}

static void
add_priorities(GPtrArray *lines, const char *name, const gboolean set[SL_N_PRIORITIES])
{
  g_autoptr(GString) words = g_string_new(NULL);
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    if (set[p])
      g_string_append_printf(words, "%s%s", words->len ? ", " : "", sl_priority_word((SlPriority)p));
  }
  g_ptr_array_add(lines, g_strdup_printf("%s: %s", name, words->len ? words->str : "nobody"));
}

static void
add_updates(GPtrArray *lines, const SlAgreement *a)
{
  add_amount(lines, "update before closing", a->progress_before_close_sec);
  add_amount(lines, "update skip_if_mailed_within", a->progress_words_within_sec);
  add_priorities(lines, "progress to", a->promised);
  add_priorities(lines, "courtesy to", a->courtesy);
  g_ptr_array_add(lines, g_strdup_printf("courtesy skip_if_mailed_today: %s", a->courtesy_skips_today ? "yes" : "no"));
  add_amount(lines, "update every", a->progress_every_sec);
  g_ptr_array_add(lines, g_strdup_printf("pause_on: %s", a->pause_on_waiting ? "waiting" : ""));
  g_ptr_array_add(lines, g_strdup_printf("availability: %g", a->availability));
  g_ptr_array_add(lines, g_strdup_printf("objective: %d", a->objective));
}

static GPtrArray *
promises(const SlAgreement *a)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++)
      add_target(lines, a, (SlTarget)t, (SlPriority)p);
  }
  add_hours(lines, sl_calendar_get_spec(a->calendar));
  add_updates(lines, a);
  add_days(lines, a);
  g_ptr_array_add(lines, g_strdup_printf("quiet_outside_hours: %s", a->quiet_outside_hours ? "yes" : "no"));
  g_ptr_array_add(lines, g_strdup_printf("levels: %u", a->levels->len));
  for (guint i = 0; i < a->levels->len; i++)
    add_level(lines, a->levels->pdata[i]);
  return lines;
}

static const char *
value_of(const char *line)
{
  const char *colon = strstr(line, ": ");
  return colon ? colon + 2 : line;
}

/* The line of the same promise; NULL where the other text has none (a level more, say). */
static const char *
line_of(const GPtrArray *lines, const char *like)
{
  gsize name = (gsize)(value_of(like) - like);
  for (guint i = 0; i < lines->len; i++) {
    if (strncmp(lines->pdata[i], like, name) == 0)
      return lines->pdata[i];
  }
  return NULL;
}

GPtrArray *
sl_agreement_differences(const SlAgreement *was, const SlAgreement *is)
{
  GPtrArray *differences = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) old = promises(was);
  g_autoptr(GPtrArray) new = promises(is);
  for (guint i = 0; i < new->len; i++) {
    const char *before = line_of(old, new->pdata[i]);
    if (!before || strcmp(before, new->pdata[i]) != 0)
      g_ptr_array_add(differences, g_strdup_printf("%s (was %s)", (const char *)new->pdata[i], before ? value_of(before) : "none"));
  }
  return differences; /* a level less shows in their number */
}

char *
sl_agreement_changed(const SlAgreement *was, const SlAgreement *is)
{
  if (strcmp(was->name, is->name) != 0 || g_strcmp0(was->version, is->version) != 0 || !is->version || !*is->version)
    return NULL;
  g_autoptr(GPtrArray) differences = sl_agreement_differences(was, is);
  return differences->len ? g_strdup(differences->pdata[0]) : NULL;
}
