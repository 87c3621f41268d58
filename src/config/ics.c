/* SPDX-License-Identifier: ISC */
#include "config/ics.h"

#include <libical/ical.h>
#include <string.h>

#define MOST_OCCURRENCES 20000 /* of one rule */
#define MOST_DAYS        366   /* of one event */
#define MOST_NAME        100   /* characters */

/* Dates are numbers such as 20261225: they sort, and icaltime has them at hand. */
typedef struct {
  GHashTable *gone; /* "UID 20261225": no instance then: left out, or moved to an event of its own */
  GTree *dates;     /* number → name; owned */
} Days;

static int
number_of(icaltimetype t)
{
  return t.year * 10000 + t.month * 100 + t.day;
}

static gint
by_number(gconstpointer a, gconstpointer b, gpointer user)
{
  (void)user;
  return GPOINTER_TO_INT(a) - GPOINTER_TO_INT(b);
}

static char *
name_of(icalcomponent *event)
{
  const char *summary = icalcomponent_get_summary(event);
  g_autofree char *valid = g_utf8_make_valid(summary ? summary : "", -1);
  g_autofree char *cut = g_utf8_strlen(valid, -1) > MOST_NAME ? g_utf8_substring(valid, 0, MOST_NAME) : g_strdup(valid);
  for (char *p = cut; *p; p++) {
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  }
  g_strstrip(cut);
  return g_strdup(*cut ? cut : "a holiday");
}

/* How many whole days it lasts; 0 for an event of hours. */
static int
whole_days(icalcomponent *event, icaltimetype start)
{
  icaltimetype end = icalcomponent_get_dtend(event);
  gboolean midnight = start.hour == 0 && start.minute == 0 && start.second == 0;
  if (!start.is_date && (!midnight || icaltime_is_null_time(end) || end.hour || end.minute || end.second))
    return 0;
  if (icaltime_is_null_time(end))
    return 1;
  gboolean dates = start.is_date;
  start.is_date = end.is_date = 1;
  start.zone = end.zone = NULL;
  int days = icaldurationtype_as_int(icaltime_subtract(end, start)) / 86400;
  return CLAMP(days, dates ? 1 : 0, MOST_DAYS);
}

static void
add_day(Days *days, icaltimetype day, const char *name)
{
  gpointer key = GINT_TO_POINTER(number_of(day));
  if (day.year < SL_ICS_FIRST_YEAR || day.year > SL_ICS_LAST_YEAR || g_tree_lookup(days->dates, key))
    return;
  g_tree_insert(days->dates, key, g_strdup(name));
}

static void
add_days(Days *days, icaltimetype first, int n, const char *name)
{
  first.is_date = 1;
  for (int i = 0; i < n; i++) {
    add_day(days, first, name);
    icaltime_adjust(&first, 1, 0, 0, 0);
  }
}

/* ---- recurrences ---- */

static char *
instance_key(icalcomponent *event, icaltimetype instance)
{
  const char *uid = icalcomponent_get_uid(event);
  return uid ? g_strdup_printf("%s %d", uid, number_of(instance))
             : g_strdup_printf("%p %d", (void *)event, number_of(instance));
}

static void
add_instance(Days *days, icalcomponent *event, icaltimetype instance, int n, const char *name)
{
  g_autofree char *key = instance_key(event, instance);
  if (!g_hash_table_contains(days->gone, key))
    add_days(days, instance, n, name);
}

static void
add_rule(Days *days, icalcomponent *event, struct icalrecurrencetype rule, icaltimetype start, int n, const char *name)
{
  icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
  for (int i = 0; iterator && i < MOST_OCCURRENCES; i++) {
    icaltimetype next = icalrecur_iterator_next(iterator);
    if (icaltime_is_null_time(next) || next.year > SL_ICS_LAST_YEAR)
      break;
    add_instance(days, event, next, n, name);
  }
  if (iterator)
    icalrecur_iterator_free(iterator);
}

/* A component walks one list of its properties at a time, and every getter begins anew: so they are gathered first. */
static GPtrArray *
properties(icalcomponent *event, icalproperty_kind kind)
{
  GPtrArray *all = g_ptr_array_new();
  for (icalproperty *p = icalcomponent_get_first_property(event, kind); p;
       p = icalcomponent_get_next_property(event, kind))
    g_ptr_array_add(all, p);
  return all;
}

static void
add_recurrences(Days *days, icalcomponent *event, icaltimetype start, int n, const char *name)
{
  g_autoptr(GPtrArray) rules = properties(event, ICAL_RRULE_PROPERTY);
  g_autoptr(GPtrArray) more = properties(event, ICAL_RDATE_PROPERTY);
  add_instance(days, event, start, n, name);
  for (guint i = 0; i < rules->len; i++)
    add_rule(days, event, icalproperty_get_rrule(rules->pdata[i]), start, n, name);
  for (guint i = 0; i < more->len; i++) {
    struct icaldatetimeperiodtype date = icalproperty_get_rdate(more->pdata[i]);
    add_instance(days, event, icaltime_is_null_time(date.time) ? date.period.start : date.time, n, name);
  }
}

static void
add_event(Days *days, icalcomponent *event)
{
  icaltimetype start = icalcomponent_get_dtstart(event);
  int n = icaltime_is_null_time(start) ? 0 : whole_days(event, start);
  g_autofree char *name = name_of(event);
  if (n == 0 || icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
    return;
  if (icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY))
    add_days(days, start, n, name);
  else
    add_recurrences(days, event, start, n, name);
}

/* ---- the file ---- */

static void
note_gone(Days *days, icalcomponent *event)
{
  g_autoptr(GPtrArray) left_out = properties(event, ICAL_EXDATE_PROPERTY);
  g_autoptr(GPtrArray) moved = properties(event, ICAL_RECURRENCEID_PROPERTY);
  for (guint i = 0; i < left_out->len; i++)
    g_hash_table_add(days->gone, instance_key(event, icalproperty_get_exdate(left_out->pdata[i])));
  for (guint i = 0; i < moved->len; i++)
    g_hash_table_add(days->gone, instance_key(event, icalproperty_get_recurrenceid(moved->pdata[i])));
}

static void
for_each_event(Days *days, icalcomponent *root, void (*visit)(Days *, icalcomponent *))
{
  icalcomponent *inner = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT);
  if (icalcomponent_isa(root) == ICAL_VEVENT_COMPONENT)
    visit(days, root);
  for (; inner; inner = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT))
    for_each_event(days, inner, visit);
}

static gboolean
write_date(gpointer key, gpointer value, gpointer user)
{
  int date = GPOINTER_TO_INT(key);
  g_ptr_array_add(
      user, g_strdup_printf("%04d-%02d-%02d %s", date / 10000, date / 100 % 100, date % 100, (const char *)value));
  return FALSE;
}

static gboolean
is_calendar(icalcomponent *root)
{
  return root && (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT ||
                  icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT));
}

gboolean
sl_ics_expand(const char *text, GPtrArray *out_dates, char **out_fault)
{
  icalerror_set_errors_are_fatal(FALSE);
  const char *begin = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text; /* a byte order mark */
  icalcomponent *root = icalparser_parse_string(begin);
  gboolean ok = is_calendar(root);
  if (ok) {
    Days days = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 g_tree_new_full(by_number, NULL, NULL, g_free)};
    for_each_event(&days, root, note_gone);
    for_each_event(&days, root, add_event);
    g_tree_foreach(days.dates, write_date, out_dates);
    g_hash_table_unref(days.gone);
    g_tree_unref(days.dates);
  } else {
    *out_fault = g_strdup("this is no iCalendar file (BEGIN:VCALENDAR is wanted)");
  }
  if (root)
    icalcomponent_free(root);
  return ok;
}
