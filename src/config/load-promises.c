/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "config/load.h"
#include "sla/versions.h"

#define SHORT_EVERY 300 /* seconds between progress letters */

/* ---- targets ---- */

static void
load_warnings(const SlSection *section, SlTargetSpec *spec)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  if (!sl_section_list(section, "warn", texts))
    return;
  g_array_set_size(spec->warn, 0);
  for (guint i = 0; i < texts->len; i++) {
    SlMoment moment;
    if (sl_moment_parse(texts->pdata[i], &moment))
      g_array_append_val(spec->warn, moment);
    else
      sl_section_fault(section, "warn", "warn: \"%s\": \"80%%\", \"15m\" or \"-1h\" is wanted",
                       (const char *)texts->pdata[i]);
  }
}

static void
load_target_spec(const SlSection *section, SlTargetSpec *spec)
{
  const char *within = sl_section_string(section, "within");
  const char *clock = sl_section_string(section, "clock");
  if (g_strcmp0(within, "none") == 0)
    spec->off = TRUE;
  else
    spec->within_sec = sl_section_duration(section, "within", spec->within_sec);
  if (sl_section_has(section, "within") && !spec->off && spec->within_sec == 0)
    sl_section_warning(section, "within", "within = \"%s\" promises nothing: within = none switches the promise off", within);
  if (sl_section_has(section, "goal"))
    spec->goal_sec = sl_section_duration(section, "goal", 0);
  if (clock)
    spec->count = strcmp(clock, "wall") == 0 ? SL_COUNT_WALL : SL_COUNT_BUSINESS;
  (void)sl_section_string(section, "by"); /* the word is checked; who meets a target is the agreement's own */
  load_warnings(section, spec);
  if (sl_section_has(section, "goal") && spec->within_sec && spec->goal_sec > spec->within_sec)
    sl_section_warning(section, "goal", "the goal lies behind the limit: the assignee is warned of what is broken already");
}

/* "answer" or "answer/critical". */
static void
load_target(SlAgreement *agreement, const SlSection *section)
{
  SlTarget target;
  SlPriority priority = SL_N_PRIORITIES;
  g_auto(GStrv) parts = g_strsplit(sl_section_title(section), "/", 2);
  if (!parts[0] || !sl_target_parse(parts[0], &target) || (parts[1] && !sl_priority_parse(parts[1], &priority))) {
    sl_section_fault(section, NULL,
                     "target \"%s\": ack, start, answer, eta, progress or resolve is wanted (or NAME/critical)",
                     sl_section_title(section));
    return;
  }
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    if (!parts[1] || p == (guint)priority)
      load_target_spec(section, &agreement->target[target][p]);
  }
}

/* "close-30m" */
static gint64
before_close(const SlSection *section, const char *name, gint64 fallback)
{
  const char *text = sl_section_string(section, name);
  gint64 sec = fallback;
  if (text && (!g_str_has_prefix(text, "close-") || !sl_duration_parse(text + strlen("close-"), &sec)))
    sl_section_fault(section, name, "%s = \"%s\": a time before closing such as \"close-30m\" is wanted", name, text);
  return sec;
}

static void
load_priorities(const SlSection *section, gboolean set[SL_N_PRIORITIES])
{
  SlPriority priority;
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  if (!sl_section_list(section, "priority", words))
    return;
  memset(set, 0, SL_N_PRIORITIES * sizeof *set);
  for (guint i = 0; i < words->len; i++) {
    if (sl_priority_parse(words->pdata[i], &priority))
      set[priority] = TRUE;
    else
      sl_section_fault(section, "priority", "priority: \"%s\": critical, standard or low is wanted", (const char *)words->pdata[i]);
  }
}

/* Who is promised a word a day (S6), and how often instead. */
static void
load_progress(SlAgreement *agreement, const SlSection *section)
{
  load_priorities(section, agreement->promised);
  agreement->progress_every_sec = sl_section_duration(section, "every", agreement->progress_every_sec);
  if (agreement->progress_every_sec && agreement->progress_every_sec < SHORT_EVERY)
    sl_section_warning(section, "every", "every: customers get a letter that often: less than five minutes?");
  agreement->progress_words_within_sec =
      sl_section_duration(section, "skip_if_mailed_within", agreement->progress_words_within_sec);
}

/* Who gets one by courtesy (S8). */
static void
load_courtesy(SlAgreement *agreement, const SlSection *section)
{
  load_priorities(section, agreement->courtesy);
  agreement->courtesy_skips_today = sl_section_bool(section, "skip_if_mailed_today", agreement->courtesy_skips_today);
  if (sl_section_has(section, "every"))
    sl_section_fault(section, "every", "every: a courtesy goes once a day; update \"progress\" may go more often");
}

static void
load_update(SlAgreement *agreement, const SlSection *section)
{
  const char *title = sl_section_title(section);
  if (strcmp(title, "progress") == 0) {
    load_progress(agreement, section);
  } else if (strcmp(title, "courtesy") == 0) {
    load_courtesy(agreement, section);
  } else {
    sl_section_fault(section, NULL, "update \"%s\": progress or courtesy is wanted", title);
    return;
  }
  agreement->progress_before_close_sec = before_close(section, "at", agreement->progress_before_close_sec);
  agreement->list_before_close_sec = before_close(section, "list", agreement->list_before_close_sec);
}

/* The agents get one list of all that will leave, so all of it leaves at one time. */
static void
check_updates(const SlSection *sla)
{
  static const char *const names[] = {"at", "list"};
  const char *said[G_N_ELEMENTS(names)] = {NULL};
  guint n = sl_section_count(sla, "update");
  for (guint i = 0; i < n; i++) {
    SlSection update = sl_section_nth(sla, "update", i, "sla.update");
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      const char *text = sl_section_has(&update, names[k]) ? sl_section_string(&update, names[k]) : NULL;
      if (text && said[k] && strcmp(text, said[k]) != 0)
        sl_section_fault(&update, names[k], "%s = \"%s\": progress and courtesy leave at one time, and \"%s\" is said already", names[k],
                         text, said[k]);
      said[k] = text ? text : said[k];
    }
  }
}

/* "3bd" */
static int
business_days(const SlSection *section, const char *name, const char *text, int fallback)
{
  char *end = NULL;
  if (!text)
    return fallback;
  gint64 days = g_ascii_strtoll(text, &end, 10);
  if (end != text && strcmp(end, "bd") == 0 && days >= 0 && days < 1000)
    return (int)days;
  sl_section_fault(section, name, "%s = \"%s\": business days such as \"3bd\" are wanted", name, text);
  return fallback;
}

static void
load_reminders(SlAgreement *agreement, const SlSection *section)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  if (!sl_section_list(section, "remind", texts))
    return;
  g_array_set_size(agreement->remind_days, 0);
  for (guint i = 0; i < texts->len; i++) {
    int days = business_days(section, "remind", texts->pdata[i], 0);
    if (days > 0)
      g_array_append_val(agreement->remind_days, days);
  }
}

/* ---- ladders ---- */

static void
load_triggers(const SlSection *section, const char *name, GArray *out)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  sl_section_list(section, name, texts);
  for (guint i = 0; i < texts->len; i++) {
    SlTrigger trigger;
    if (sl_trigger_parse(texts->pdata[i], &trigger))
      g_array_append_val(out, trigger);
    else
      sl_section_fault(section, name, "%s: \"%s\": such as \"100%% answer\" or \"2h\" is wanted", name,
                       (const char *)texts->pdata[i]);
  }
}

static SlLevel *
load_level(const SlSection *section)
{
  const char *name = sl_section_string(section, "name");
  SlLevel *level = sl_level_new(sl_section_title(section), name ? name : sl_section_title(section));
  sl_section_list(section, "to", level->to);
  load_triggers(section, "at", level->at);
  load_triggers(section, "critical_at", level->critical_at);
  level->repeat_sec = sl_section_duration(section, "repeat", 0);
  return level;
}

static gboolean
find_section(const SlSection *root, const char *kind, const char *title, SlSection *out_section)
{
  guint n = sl_section_count(root, kind);
  for (guint i = 0; i < n; i++) {
    *out_section = sl_section_nth(root, kind, i, kind);
    if (strcmp(sl_section_title(out_section), title) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
load_ladder(SlAgreement *agreement, const SlSection *root, const SlSection *sla, const char *name)
{
  SlSection ladder;
  if (!find_section(root, "ladder", name, &ladder)) {
    if (sla && strcmp(name, "default") != 0)
      sl_section_no_such(sla, "ladder", name, "ladder", "ladder", "default");
    return;
  }
  g_ptr_array_set_size(agreement->levels, 0);
  g_free(agreement->ladder_name);
  agreement->ladder_name = g_strdup(name);
  agreement->quiet_outside_hours = sl_section_bool(&ladder, "quiet_outside_hours", TRUE);
  guint n = sl_section_count(&ladder, "level");
  for (guint i = 0; i < n; i++) {
    SlSection level = sl_section_nth(&ladder, "level", i, "ladder.level");
    g_ptr_array_add(agreement->levels, load_level(&level));
  }
}

/* ---- agreements ---- */

static void
replace_string(char **slot, const char *value)
{
  if (!value)
    return;
  g_free(*slot);
  *slot = g_strdup(value);
}

static void
load_signers(SlAgreement *a, const SlSection *section)
{
  sl_section_list(section, "agreed", a->agreed);
  for (guint i = a->agreed->len; i > 0; i--) {
    if (*g_strstrip(a->agreed->pdata[i - 1]))
      continue;
    sl_section_fault(section, "agreed", "agreed: an empty name signs nothing");
    g_ptr_array_remove_index(a->agreed, i - 1);
  }
}

static void
load_agreement_options(SlConfig *config, SlAgreement *a, const SlSection *section)
{
  const char *calendar_name = sl_section_string(section, "calendar");
  gboolean keeps = !calendar_name && sl_section_has(section, "amends");
  const SlCalendar *calendar = keeps ? NULL : sl_config_calendar(config, calendar_name ? calendar_name : "default");
  if (calendar_name && !calendar)
    sl_section_no_such(section, "calendar", calendar_name, "calendar", "calendar", "default");
  if (calendar) {
    sl_calendar_free(a->calendar);
    a->calendar = sl_calendar_new(sl_calendar_get_spec(calendar), NULL);
    replace_string(&a->calendar_name, sl_calendar_get_spec(calendar)->name);
  }
  replace_string(&a->version, sl_section_string(section, "version"));
  replace_string(&a->in_force, sl_section_string(section, "in_force"));
  replace_string(&a->review, sl_section_string(section, "review"));
  load_signers(a, section);
  g_autoptr(GPtrArray) pauses = g_ptr_array_new_with_free_func(g_free);
  if (sl_section_list(section, "pause_on", pauses))
    a->pause_on_waiting = g_ptr_array_find_with_equal_func(pauses, "waiting", g_str_equal, NULL);
  load_reminders(a, section);
  a->close_waiting_days =
      business_days(section, "close_waiting", sl_section_string(section, "close_waiting"), a->close_waiting_days);
  a->close_resolved_days =
      business_days(section, "close_resolved", sl_section_string(section, "close_resolved"), a->close_resolved_days);
  a->reopen_within_sec = sl_section_duration(section, "reopen_within", a->reopen_within_sec);
  a->objective = (int)sl_section_float(section, "objective", a->objective);
  a->availability = sl_section_float(section, "availability", a->availability);
}

/* The version that an amendment amends: the newest that stands there. NULL, with a fault, when there is none. */
static const SlAgreement *
amended(const SlConfig *config, const SlSection *section)
{
  const SlAgreement *old = NULL;
  const char *name = sl_section_string(section, "amends");
  for (guint i = 0; name && i < config->agreements->len; i++) {
    const SlAgreement *a = config->agreements->pdata[i];
    if (strcmp(a->name, name) == 0)
      old = a;
  }
  if (name && !old)
    sl_section_fault(section, "amends", "amends = \"%s\": there is no such sla", name);
  return old;
}

/* What an amendment does not name stays as it was; but it has a number, a day and signatures of its own (S12). */
static SlAgreement *
begin_agreement(const SlSection *section, const SlAgreement *old)
{
  SlAgreement *a = old ? sl_agreement_dup(old) : sl_agreement_new_default();
  if (!old) {
    replace_string(&a->name, sl_section_title(section));
    return a;
  }
  replace_string(&a->version, "");
  g_clear_pointer(&a->in_force, g_free);
  g_clear_pointer(&a->review, g_free);
  g_ptr_array_set_size(a->agreed, 0);
  return a;
}

static void
load_parts(SlAgreement *a, const SlSection *section)
{
  guint n = sl_section_count(section, "target");
  for (guint i = 0; i < n; i++) {
    SlSection target = sl_section_nth(section, "target", i, "sla.target");
    load_target(a, &target);
  }
  n = sl_section_count(section, "update");
  for (guint i = 0; i < n; i++) {
    SlSection update = sl_section_nth(section, "update", i, "sla.update");
    load_update(a, &update);
  }
  check_updates(section);
}

static void
check_day(const SlSection *section, const char *name, const char *day)
{
  SlTime at;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  if (day && (strlen(day) != strlen("2027-01-01") || !sl_time_parse_local(day, utc, &at)))
    sl_section_fault(section, name, "%s = \"%s\": a day such as \"2027-01-01\" is wanted", name, day);
}

static gboolean
number_taken(const SlConfig *config, const SlAgreement *a)
{
  for (guint i = 0; i < config->agreements->len; i++) {
    const SlAgreement *other = config->agreements->pdata[i];
    if (strcmp(other->name, a->name) == 0 && g_strcmp0(other->version, a->version) == 0)
      return TRUE;
  }
  return FALSE;
}

/* S12: amendments are made with the agreement of both parties, under a number and from a day on. */
static void
check_version(const SlConfig *config, const SlAgreement *a, const SlSection *section, gboolean amends)
{
  check_day(section, "in_force", a->in_force);
  check_day(section, "review", a->review);
  if (amends && (!*a->version || !a->in_force))
    sl_section_fault(section, NULL, "sla \"%s\": an amendment needs version and in_force", sl_section_title(section));
  else if (amends && number_taken(config, a))
    sl_section_fault(section, "version", "version = \"%s\": sla \"%s\" has a version of that number", a->version,
                     a->name);
  if (a->in_force && a->agreed->len == 0)
    sl_section_deadline(section, "in_force", sl_agreement_in_force_at(a), /* NONE where its day is a fault of its own */
                        "in_force = \"%s\": nobody signed it, so it does not come into force: agreed = { \"…\", \"…\" } says who did, for both "
                        "parties",
                        a->in_force);
  else if (a->in_force && a->agreed->len == 1)
    sl_section_warning(section, "agreed", "agreed names one: who signed for the other party?");
}

static void
load_agreement(SlConfig *config, const SlSection *root, const SlSection *section)
{
  gboolean amends = sl_section_has(section, "amends");
  const SlAgreement *old = amended(config, section);
  SlAgreement *a = begin_agreement(section, old);
  const char *ladder = sl_section_string(section, "ladder");
  load_agreement_options(config, a, section);
  load_parts(a, section);
  if (ladder || !old)
    load_ladder(a, root, section, ladder ? ladder : "default");
  check_version(config, a, section, amends);
  g_ptr_array_add(config->agreements, a);
}

const SlAgreement *
sl_config_agreement(const SlConfig *config, const char *name)
{
  for (guint i = 0; i < config->agreements->len; i++) {
    const SlAgreement *agreement = config->agreements->pdata[i];
    if (strcmp(agreement->name, name) == 0)
      return agreement;
  }
  return NULL;
}

/* Where nothing is said: the agreement's own values, in the default calendar. */
static void
add_default_agreement(SlConfig *config, const SlSection *root)
{
  config->names_standard = sl_config_agreement(config, "standard") != NULL;
  if (config->names_standard)
    return;
  g_autoptr(SlAgreement) plain = sl_agreement_new_default();
  const SlCalendar *calendar = sl_config_calendar(config, "default");
  SlAgreement *a = sl_agreement_in_calendar(plain, sl_calendar_get_spec(calendar));
  load_ladder(a, root, NULL, "default");
  g_ptr_array_add(config->agreements, a);
}

/* Amendments come after what they amend, wherever they stand. */
static void
load_agreements(SlConfig *config, const SlSection *root, gboolean amendments)
{
  guint n = sl_section_count(root, "sla");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "sla", i, "sla");
    if (sl_section_has(&section, "amends") == amendments)
      load_agreement(config, root, &section);
  }
}

void
sl_load_promises(SlConfig *config, const SlSection *root)
{
  sl_load_calendars(config, root);
  load_agreements(config, root, FALSE);
  add_default_agreement(config, root);
  load_agreements(config, root, TRUE);
}
