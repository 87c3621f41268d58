/* SPDX-License-Identifier: ISC */
#include "base/time.h"

#include <stdio.h>
#include <string.h>

SlTime
sl_time_floor(SlTime t)
{
  if (t == SL_TIME_NONE)
    return t;
  SlTime rest = t % SL_SECOND;
  return rest < 0 ? t - rest - SL_SECOND : t - rest;
}

SlTime
sl_time_earlier(SlTime a, SlTime b)
{
  if (a == SL_TIME_NONE)
    return b;
  return b == SL_TIME_NONE || a < b ? a : b;
}

SlTime
sl_time_later(SlTime a, SlTime b)
{
  return MAX(a, b); /* SL_TIME_NONE is the smallest value */
}

static SlTime
from_date_time(GDateTime *dt)
{
  return g_date_time_to_unix(dt) * SL_SECOND + g_date_time_get_microsecond(dt);
}

/* `pattern` with 9 for a digit; sscanf would also take blanks and signs for digits. */
static gboolean
has_shape(const char *text, const char *pattern)
{
  for (; *pattern; pattern++, text++) {
    if (*pattern == '9' ? !g_ascii_isdigit(*text) : *text != *pattern)
      return FALSE;
  }
  return TRUE;
}

/* Seconds may be followed by a fraction; GLib's own parser also takes week dates and ordinal dates, which RFC 3339 has not. */
static gboolean
looks_like_rfc3339(const char *text)
{
  if (!has_shape(text, "9999-99-99") || !text[10] || !strchr("Tt ", text[10]) || !has_shape(text + 11, "99:99:99"))
    return FALSE;
  const char *rest = text + strlen("9999-99-99T99:99:99");
  if (has_shape(rest, ".9"))
    rest += 1 + strspn(rest + 1, "0123456789");
  return g_ascii_strcasecmp(rest, "z") == 0 || ((*rest == '+' || *rest == '-') && strlen(rest) == 6 && rest[3] == ':');
}

gboolean
sl_time_parse(const char *text, SlTime *out_time)
{
  if (!text || !looks_like_rfc3339(text))
    return FALSE;
  g_autofree char *upper = g_ascii_strup(text, -1);
  upper[10] = 'T';
  g_autoptr(GDateTime) dt = g_date_time_new_from_iso8601(upper, NULL);
  if (!dt)
    return FALSE;
  *out_time = from_date_time(dt);
  return TRUE;
}

char *
sl_time_format(SlTime t)
{
  if (t == SL_TIME_NONE)
    return NULL;
  g_autoptr(GDateTime) dt = g_date_time_new_from_unix_utc(sl_time_floor(t) / SL_SECOND);
  return dt ? g_date_time_format(dt, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

char *
sl_time_format_zone(SlTime t, const char *zone, const char *format)
{
  if (t == SL_TIME_NONE)
    return NULL;
  g_autoptr(GTimeZone) tz = zone ? sl_time_zone_new(zone) : NULL;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(sl_time_floor(t) / SL_SECOND);
  if (!utc)
    return NULL;
  g_autoptr(GDateTime) local = tz ? g_date_time_to_timezone(utc, tz) : g_date_time_ref(utc);
  return g_date_time_format(local, format);
}

GTimeZone *
sl_time_zone_new(const char *name)
{
  /* "EST5EDT"-like POSIX rules and offsets are legal for GLib; a configuration wants a name that people can check. */
  if (!name || !g_ascii_isalpha(name[0]) || strstr(name, ".."))
    return NULL;
  return g_time_zone_new_identifier(name);
}

gboolean
sl_time_zone_exists(const char *name)
{
  const char *folder = g_getenv("TZDIR");
  if (!name || !g_ascii_isalpha(name[0]) || strstr(name, ".."))
    return FALSE;
  g_autofree char *path = g_build_filename(folder ? folder : "/usr/share/zoneinfo", name, NULL);
  g_autofree char *bytes = NULL;
  return g_file_get_contents(path, &bytes, NULL, NULL) && g_str_has_prefix(bytes, "TZif");
}

gboolean
sl_time_parse_local(const char *text, GTimeZone *zone, SlTime *out_time)
{
  int year, month, day, hour = 0, minute = 0;
  if (!text || !has_shape(text, "9999-99-99") || sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3)
    return FALSE;
  const char *rest = text + strlen("9999-99-99");
  if (*rest && ((*rest != ' ' && *rest != 'T') || !has_shape(rest + 1, "99:99") ||
                rest[6] || sscanf(rest + 1, "%2d:%2d", &hour, &minute) != 2))
    return FALSE;
  g_autoptr(GDateTime) dt = g_date_time_new(zone, year, month, day, hour, minute, 0);
  if (!dt)
    return FALSE;
  *out_time = from_date_time(dt);
  return TRUE;
}

static gint64
unit_seconds(char unit)
{
  switch (unit) {
  case 's':
    return 1;
  case 'm':
    return 60;
  case 'h':
    return 3600;
  case 'd':
    return 86400;
  default:
    return 0;
  }
}

gboolean
sl_duration_parse(const char *text, gint64 *out_sec)
{
  gint64 total = 0;
  if (!text || !*text)
    return FALSE;
  for (const char *p = text; *p;) {
    char *end = NULL;
    if (!g_ascii_isdigit(*p))
      return FALSE;
    guint64 n = g_ascii_strtoull(p, &end, 10);
    gint64 unit = unit_seconds(*end);
    if (!unit || n > (guint64)(G_GINT64_CONSTANT(100) * 366 * 86400))
      return FALSE;
    total += (gint64)n * unit;
    p = end + 1;
    if (total > G_GINT64_CONSTANT(100) * 366 * 86400)
      return FALSE;
  }
  *out_sec = total;
  return TRUE;
}

char *
sl_duration_format(gint64 sec)
{
  if (sec < 0)
    sec = -sec;
  if (sec < 60)
    return g_strdup_printf("%d s", (int)sec);
  if (sec < 3600)
    return g_strdup_printf("%d min", (int)(sec / 60));
  if (sec < 86400)
    return g_strdup_printf("%d h %02d min", (int)(sec / 3600), (int)(sec / 60 % 60));
  return g_strdup_printf("%d d %d h", (int)(sec / 86400), (int)(sec / 3600 % 24));
}
