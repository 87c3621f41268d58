/* SPDX-License-Identifier: ISC */
/* The words of a calendar ("mon-fri 08:00-18:00", "2026-11-26 Thanksgiving") to minutes of a week and dates. */
#include "sla/calendar-private.h"

#include <stdio.h>
#include <string.h>

SlCalendarSpec *
sl_calendar_spec_new(const char *name, const char *timezone)
{
  SlCalendarSpec *spec = g_new0(SlCalendarSpec, 1);
  spec->name = g_strdup(name);
  spec->timezone = g_strdup(timezone);
  spec->hours = g_ptr_array_new_with_free_func(g_free);
  spec->holidays = g_ptr_array_new_with_free_func(g_free);
  spec->special = g_ptr_array_new_with_free_func(g_free);
  return spec;
}

static GPtrArray *
dup_strings(const GPtrArray *from)
{
  GPtrArray *to = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add(to, g_strdup(from->pdata[i]));
  return to;
}

SlCalendarSpec *
sl_calendar_spec_dup(const SlCalendarSpec *spec)
{
  SlCalendarSpec *copy = g_new0(SlCalendarSpec, 1);
  copy->name = g_strdup(spec->name);
  copy->timezone = g_strdup(spec->timezone);
  copy->hours = dup_strings(spec->hours);
  copy->holidays = dup_strings(spec->holidays);
  copy->special = dup_strings(spec->special);
  return copy;
}

void
sl_calendar_spec_free(SlCalendarSpec *spec)
{
  if (!spec)
    return;
  g_free(spec->name);
  g_free(spec->timezone);
  g_ptr_array_unref(spec->hours);
  g_ptr_array_unref(spec->holidays);
  g_ptr_array_unref(spec->special);
  g_free(spec);
}

/* Monday is 1, as in ISO 8601 and GDate. */
static int
weekday(const char *word, gsize length)
{
  static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    if (length == 3 && g_ascii_strncasecmp(word, names[i], 3) == 0)
      return (int)i + 1;
  }
  return 0;
}

static gboolean
parse_days(const char *text, gsize length, int *out_first, int *out_last)
{
  const char *dash = memchr(text, '-', length);
  gsize first = dash ? (gsize)(dash - text) : length;
  *out_first = weekday(text, first);
  *out_last = dash ? weekday(dash + 1, length - first - 1) : *out_first;
  return *out_first && *out_last;
}

/* "08:00-18:00"; an end at or before the start lies on the next day. Minutes after the day's midnight. */
static gboolean
parse_span(const char *text, SlSpan *out_span)
{
  int h1, m1, h2, m2, used = 0;
  if (sscanf(text, "%2d:%2d-%2d:%2d%n", &h1, &m1, &h2, &m2, &used) != 4 || used != 11 || text[used])
    return FALSE;
  if (h1 < 0 || h1 > 23 || m1 < 0 || m1 > 59 || h2 < 0 || h2 > 24 || m2 < 0 || m2 > 59 || (h2 == 24 && m2))
    return FALSE;
  out_span->from_min = h1 * 60 + m1;
  out_span->to_min = h2 * 60 + m2;
  if (out_span->to_min <= out_span->from_min)
    out_span->to_min += 1440;
  return TRUE;
}

static gboolean
add_hours(SlCalendarDays *days, const char *text, char **out_fault)
{
  int first, last;
  SlSpan span;
  gsize n = strcspn(text, " ");
  if (!parse_days(text, n, &first, &last)) {
    *out_fault = g_strdup_printf("hours: \"%s\": no such day \"%.*s\" (mon, tue, … or mon-fri)", text, (int)n, text);
    return FALSE;
  }
  if (!text[n] || !parse_span(text + n + 1, &span)) {
    *out_fault = g_strdup_printf("hours: \"%s\": a time such as 08:00-18:00 is wanted after the day", text);
    return FALSE;
  }
  for (int day = first;; day = day % 7 + 1) {
    g_array_append_val(days->week[day - 1], span);
    if (day == last)
      break;
  }
  return TRUE;
}

/* "2026-11-26 rest" → a day number and where the rest begins. */
static gboolean
parse_date(const char *text, guint32 *out_julian, const char **out_rest)
{
  int y, m, d, used = 0;
  if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 || used != 10 || (text[used] && text[used] != ' '))
    return FALSE;
  if (y < 1990 || m < 1 || d < 1 || !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
    return FALSE;
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
  *out_julian = g_date_get_julian(&date);
  *out_rest = text + used + strspn(text + used, " ");
  return TRUE;
}

static gboolean
add_holiday(SlCalendarDays *days, const char *text, char **out_fault)
{
  guint32 julian;
  const char *name;
  if (!parse_date(text, &julian, &name)) {
    *out_fault = g_strdup_printf("holidays: \"%s\": a date such as \"2026-12-25 Christmas Day\" is wanted", text);
    return FALSE;
  }
  g_hash_table_insert(days->holidays, GUINT_TO_POINTER(julian), g_strdup(*name ? name : "a holiday"));
  return TRUE;
}

static gboolean
add_special(SlCalendarDays *days, const char *text, char **out_fault)
{
  guint32 julian;
  const char *rest;
  SlSpan span;
  if (!parse_date(text, &julian, &rest) || !parse_span(rest, &span)) {
    *out_fault = g_strdup_printf("special: \"%s\": a day and its hours are wanted, as \"2026-12-24 08:00-12:00\"", text);
    return FALSE;
  }
  GArray *spans = g_hash_table_lookup(days->special, GUINT_TO_POINTER(julian));
  if (!spans) {
    spans = g_array_new(FALSE, FALSE, sizeof(SlSpan));
    g_hash_table_insert(days->special, GUINT_TO_POINTER(julian), spans);
  }
  g_array_append_val(spans, span);
  return TRUE;
}

static gboolean
add_all(SlCalendarDays *days, const GPtrArray *texts, gboolean (*add)(SlCalendarDays *, const char *, char **), char **out_fault)
{
  for (guint i = 0; i < texts->len; i++) {
    if (!add(days, texts->pdata[i], out_fault))
      return FALSE;
  }
  return TRUE;
}

static gboolean
ever_open(const SlCalendarDays *days)
{
  for (int day = 0; day < 7; day++) {
    if (days->week[day]->len)
      return TRUE;
  }
  return g_hash_table_size(days->special) > 0;
}

SlCalendarDays *
sl_calendar_days_new(const SlCalendarSpec *spec, char **out_fault)
{
  SlCalendarDays *days = g_new0(SlCalendarDays, 1);
  for (int day = 0; day < 7; day++)
    days->week[day] = g_array_new(FALSE, FALSE, sizeof(SlSpan));
  days->holidays = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  days->special = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  gboolean ok = add_all(days, spec->hours, add_hours, out_fault) && add_all(days, spec->holidays, add_holiday, out_fault) &&
                add_all(days, spec->special, add_special, out_fault);
  if (ok && !ever_open(days)) {
    *out_fault = g_strdup("hours: never open: name at least one day and time");
    ok = FALSE;
  }
  if (ok)
    return days;
  sl_calendar_days_free(days);
  return NULL;
}

void
sl_calendar_days_free(SlCalendarDays *days)
{
  if (!days)
    return;
  for (int day = 0; day < 7; day++)
    g_array_unref(days->week[day]);
  g_hash_table_unref(days->holidays);
  g_hash_table_unref(days->special);
  g_free(days);
}

const GArray *
sl_calendar_days_spans(const SlCalendarDays *days, guint32 julian)
{
  static const int monday = 1; /* julian day 1 (1 January of year 1) was a Monday */
  const GArray *special = g_hash_table_lookup(days->special, GUINT_TO_POINTER(julian));
  if (special)
    return special;
  if (g_hash_table_contains(days->holidays, GUINT_TO_POINTER(julian)))
    return NULL;
  return days->week[(julian - (guint32)monday) % 7];
}
