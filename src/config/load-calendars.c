/* SPDX-License-Identifier: ISC */
/* Calendars, and the windows of maintenance. */
#include <string.h>

#include "config/holidays.h"
#include "config/load.h"

/* Holidays from iCalendar files, after those that stand here; a path that is not absolute begins where the
 * configuration is. */
static void
load_ics(SlConfig *config, const SlSection *section, GPtrArray *holidays)
{
  g_autofree char *fault = NULL;
  g_autofree char *folder = g_path_get_dirname(config->path);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  if (!sl_section_list(section, "ics", files))
    return;
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *name = files->pdata[i];
    files->pdata[i] = g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
  }
  if (!sl_holidays_read(files, holidays, &fault))
    sl_section_fault(section, "ics", "ics: %s", fault);
}

static void
load_calendar(SlConfig *config, const SlSection *section)
{
  const char *zone = sl_section_string(section, "timezone");
  g_autofree char *fault = NULL;
  g_autoptr(SlCalendarSpec) spec =
      sl_calendar_spec_new(sl_section_title(section), zone ? zone : config->letter.timezone);
  sl_section_list(section, "hours", spec->hours);
  sl_section_list(section, "holidays", spec->holidays);
  load_ics(config, section, spec->holidays);
  sl_section_list(section, "special", spec->special);
  SlCalendar *calendar = sl_calendar_new(spec, &fault);
  if (calendar) {
    g_ptr_array_add(config->calendars, calendar);
    if (g_strcmp0(spec->timezone, "EST") == 0)
      sl_section_warning(section, "timezone",
                         "timezone = \"EST\" is UTC-5 all year; America/New_York follows daylight saving");
    return;
  }
  g_autofree char *where = g_strndup(fault, strcspn(fault, ":"));
  sl_section_fault(section, where, "%s", fault);
}

/* The default calendar is there under its name, in the desk's zone, unless one is configured. */
static void
add_default_calendar(SlConfig *config)
{
  if (sl_config_calendar(config, "default"))
    return;
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("default", config->letter.timezone);
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-18:00"));
  g_ptr_array_add(config->calendars, sl_calendar_new(spec, NULL));
}

/* What it may not be counted against: availability, unless the list says otherwise. */
static gboolean
load_excuses(const SlSection *section)
{
  gboolean availability = FALSE;
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  if (!sl_section_list(section, "excuses", words))
    return TRUE;
  for (guint i = 0; i < words->len; i++) {
    if (strcmp(words->pdata[i], "availability") == 0)
      availability = TRUE;
    else
      sl_section_fault(section, "excuses", "excuses: \"%s\": maintenance excuses availability only; a ticket's promises are excused by hand",
                       (const char *)words->pdata[i]);
  }
  return availability;
}

static void
load_maintenance(SlConfig *config, const SlSection *section)
{
  SlTime from, to;
  const char *zone_name = sl_section_string(section, "timezone"), *announce = sl_section_string(section, "announce");
  const char *from_text = sl_section_string(section, "from"), *to_text = sl_section_string(section, "to");
  g_autoptr(GTimeZone) zone = sl_time_zone_new(zone_name ? zone_name : config->letter.timezone);
  if (!zone) {
    sl_section_fault(section, "timezone", "timezone: there is no time zone \"%s\"", zone_name);
    return;
  }
  if (!sl_time_parse_local(from_text, zone, &from) || !sl_time_parse_local(to_text, zone, &to) || to <= from) {
    sl_section_fault(section, "from", "from and to are wanted, as \"2026-11-28 22:00\", the first before the second");
    return;
  }
  SlWindow *window = sl_window_new(sl_section_title(section), from, to);
  window->configured = TRUE;
  window->excuses = load_excuses(section);
  if (!sl_window_set_announce(window, announce))
    sl_section_fault(section, "announce", "announce = \"%s\": how long before is wanted, such as \"2bd\" or \"48h\"", announce);
  g_ptr_array_add(config->policy->windows, window);
}

void
sl_load_calendars(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "calendar");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "calendar", i, "calendar");
    load_calendar(config, &section);
  }
  add_default_calendar(config);
  n = sl_section_count(root, "maintenance");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "maintenance", i, "maintenance");
    load_maintenance(config, &section);
  }
}
