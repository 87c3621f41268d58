/* SPDX-License-Identifier: ISC */
#include "sla/window.h"

#include <string.h>

#define MOST_DAYS 250

SlWindow *
sl_window_new(const char *name, SlTime from, SlTime to)
{
  SlWindow *window = g_new0(SlWindow, 1);
  window->name = g_strdup(name);
  window->from = from;
  window->to = to;
  window->excuses = TRUE;
  return window;
}

void
sl_window_free(SlWindow *window)
{
  if (!window)
    return;
  g_free(window->name);
  g_free(window);
}

gboolean
sl_window_set_announce(SlWindow *window, const char *text)
{
  char *end = NULL;
  gint64 sec = 0;
  guint64 days = text && g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
  gboolean in_days = end && strcmp(end, "bd") == 0;
  if (in_days ? days < 1 || days > MOST_DAYS : text && *text && !sl_duration_parse(text, &sec))
    return FALSE;
  window->announce_days = in_days ? (int)days : 0;
  window->announce_sec = sec;
  return TRUE;
}

char *
sl_window_announce_text(const SlWindow *window)
{
  if (window->announce_days)
    return g_strdup_printf("%dbd", window->announce_days);
  return window->announce_sec ? sl_duration_format(window->announce_sec) : NULL;
}

/* The opening of the last business day that opens before `at`; NONE when none does. */
static SlTime
day_before(const SlCalendar *calendar, SlTime at)
{
  SlTime open = SL_TIME_NONE, close;
  SlTime last = sl_calendar_subtract(calendar, at, 1);
  return last != SL_TIME_NONE && sl_calendar_day(calendar, last, &open, &close) ? open : SL_TIME_NONE;
}

SlTime
sl_window_announce_at(const SlWindow *window, const SlCalendar *calendar)
{
  if (!window->announce_days)
    return window->announce_sec ? window->from - window->announce_sec * SL_SECOND : SL_TIME_NONE;
  SlTime open, close, at = window->from;
  if (sl_calendar_is_open(calendar, at) && sl_calendar_day(calendar, at, &open, &close))
    at = open;
  for (int i = 0; at != SL_TIME_NONE && i < window->announce_days; i++)
    at = day_before(calendar, at);
  return at;
}
