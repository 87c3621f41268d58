/* SPDX-License-Identifier: ISC */
#include "desk/when.h"

#include <stdio.h>
#include <string.h>

#define FAR (300 * SL_DAY) /* a time that far is told with its year */
#define NO_DAY (-99)

/* A date as it is put together from words. Local to the calendar's zone. */
typedef struct {
  int year, month, day; /* 0: not said */
  int hour, minute;     /* hour -1: not said */
  gint64 after_sec;     /* "2h"; -1: not said */
  int days_ahead;       /* -1: not said */
  int weekday;          /* 1 Monday; 0: not said */
  SlTime absolute;      /* an RFC 3339 instant; NONE */
} Parts;

typedef struct {
  const char *word;
  int value;
} Word;

static const Word weekdays[] = {
    {"mon", 1}, {"monday", 1}, {"montag", 1}, {"mo", 1}, {"lunes", 1}, {"tue", 2}, {"tuesday", 2}, {"dienstag", 2}, {"di", 2},
    {"martes", 2}, {"wed", 3}, {"wednesday", 3}, {"mittwoch", 3}, {"mi", 3}, {"miércoles", 3}, {"miercoles", 3}, {"thu", 4},
    {"thursday", 4}, {"donnerstag", 4}, {"do", 4}, {"jueves", 4}, {"fri", 5}, {"friday", 5}, {"freitag", 5}, {"fr", 5},
    {"viernes", 5}, {"sat", 6}, {"saturday", 6}, {"samstag", 6}, {"sa", 6}, {"sábado", 6}, {"sabado", 6}, {"sun", 7},
    {"sunday", 7}, {"sonntag", 7}, {"so", 7}, {"domingo", 7},
};
static const Word months[] = {
    {"jan", 1}, {"january", 1}, {"januar", 1}, {"enero", 1}, {"feb", 2}, {"february", 2}, {"februar", 2}, {"febrero", 2},
    {"mar", 3}, {"march", 3}, {"märz", 3}, {"marzo", 3}, {"apr", 4}, {"april", 4}, {"abril", 4}, {"may", 5}, {"mai", 5},
    {"mayo", 5}, {"jun", 6}, {"june", 6}, {"juni", 6}, {"junio", 6}, {"jul", 7}, {"july", 7}, {"juli", 7}, {"julio", 7},
    {"aug", 8}, {"august", 8}, {"agosto", 8}, {"sep", 9}, {"september", 9}, {"septiembre", 9}, {"oct", 10}, {"october", 10},
    {"oktober", 10}, {"okt", 10}, {"octubre", 10}, {"nov", 11}, {"november", 11}, {"noviembre", 11}, {"dec", 12},
    {"december", 12}, {"dezember", 12}, {"dez", 12}, {"diciembre", 12},
};
static const Word days[] = {
    {"today", 0}, {"heute", 0}, {"hoy", 0}, {"tomorrow", 1}, {"morgen", 1}, {"mañana", 1}, {"manana", 1}, {"übermorgen", 2}, {"yesterday", -1}, {"gestern", -1}, {"ayer", -1},
};
static const char *const fillers[] = {"at", "by", "on", "um", "am", "bis", "uhr", "a", "las", "el", "until", "next", "nächsten", "de"};

static int
look_up(const Word *words, guint n, const char *word, int absent)
{
  for (guint i = 0; i < n; i++) {
    if (strcmp(words[i].word, word) == 0)
      return words[i].value;
  }
  return absent;
}

/* "16:00", "16.30", "4pm", "4:30pm", "14h" (as a time only with :). */
static gboolean
read_clock(const char *word, Parts *parts)
{
  int h, m = 0, used = 0;
  if (sscanf(word, "%2d%*1[:.]%2d%n", &h, &m, &used) != 2 || used == 0) {
    used = 0;
    m = 0;
    if (sscanf(word, "%2d%n", &h, &used) != 1 || (strcmp(word + used, "am") != 0 && strcmp(word + used, "pm") != 0))
      return FALSE;
  }
  const char *rest = word + used;
  if (strcmp(rest, "pm") == 0 && h < 12)
    h += 12;
  else if (strcmp(rest, "am") == 0 && h == 12)
    h = 0;
  else if (*rest && strcmp(rest, "am") != 0 && strcmp(rest, "pm") != 0 && strcmp(rest, "h") != 0)
    return FALSE;
  if (h < 0 || h > 23 || m < 0 || m > 59 || parts->hour >= 0)
    return FALSE;
  parts->hour = h;
  parts->minute = m;
  return TRUE;
}

static gboolean
set_date(Parts *parts, int y, int m, int d)
{
  if (parts->day || m < 1 || m > 12 || d < 1 || d > 31)
    return FALSE;
  parts->year = y;
  parts->month = m;
  parts->day = d;
  return TRUE;
}

/* "2026-11-25", "25.11.", "25.11.2026", "11/25" is refused: nobody knows which is the month. */
static gboolean
read_date(const char *word, Parts *parts)
{
  int y = 0, m, d, used = 0;
  if (sscanf(word, "%4d-%2d-%2d%n", &y, &m, &d, &used) == 3 && used == 10 && !word[used])
    return set_date(parts, y, m, d);
  used = 0;
  if (sscanf(word, "%2d.%2d.%n", &d, &m, &used) == 2 && used && !word[used])
    return set_date(parts, 0, m, d);
  used = 0;
  if (sscanf(word, "%2d.%2d.%4d%n", &d, &m, &y, &used) == 3 && used && !word[used] && y > 2000)
    return set_date(parts, y, m, d);
  return FALSE;
}

static gboolean
read_number(const char *word, Parts *parts)
{
  int n, used = 0;
  if (sscanf(word, "%2d%n", &n, &used) != 1 || n < 1 || n > 31)
    return FALSE;
  const char *rest = word + used;
  if (*rest && strcmp(rest, ".") != 0 && strcmp(rest, "st") != 0 && strcmp(rest, "nd") != 0 && strcmp(rest, "rd") != 0 &&
      strcmp(rest, "th") != 0)
    return FALSE;
  if (!parts->day) {
    parts->day = n;
    return TRUE;
  }
  if (parts->hour >= 0 || *rest || n > 23) /* the day was said: a second bare number is the hour */
    return FALSE;
  parts->hour = n;
  return TRUE;
}

static gboolean
is_filler(const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS(fillers); i++) {
    if (strcmp(fillers[i], word) == 0)
      return TRUE;
  }
  return FALSE;
}

/* "uhr" turns a bare hour that was taken for a day of the month into a time. */
static gboolean
read_oclock(Parts *parts)
{
  if (parts->hour >= 0)
    return TRUE;
  if (!parts->day || parts->month || parts->day > 23)
    return FALSE;
  parts->hour = parts->day;
  parts->day = 0;
  return TRUE;
}

static gboolean
read_word(const char *word, Parts *parts)
{
  int value;
  if (strcmp(word, "uhr") == 0)
    return read_oclock(parts);
  if ((value = look_up(days, G_N_ELEMENTS(days), word, NO_DAY)) != NO_DAY) {
    parts->days_ahead = value;
    return TRUE;
  }
  if ((value = look_up(weekdays, G_N_ELEMENTS(weekdays), word, 0))) {
    parts->weekday = value;
    return TRUE;
  }
  if ((value = look_up(months, G_N_ELEMENTS(months), word, 0)) && !parts->month) {
    parts->month = value;
    return TRUE;
  }
  if (read_clock(word, parts) || read_date(word, parts) || is_filler(word))
    return TRUE;
  if (parts->after_sec < 0 && sl_duration_parse(word, &parts->after_sec))
    return TRUE;
  int year = (int)g_ascii_strtoll(word, NULL, 10);
  if (strlen(word) == 4 && year > 2000 && parts->month && !parts->year) {
    parts->year = year;
    return TRUE;
  }
  return read_number(word, parts);
}

/* ---- from parts to an instant ---- */

static gboolean
says_something(const Parts *p)
{
  return p->absolute != SL_TIME_NONE || p->after_sec > 0 || p->days_ahead != NO_DAY || p->weekday || (p->day && p->month) || p->hour >= 0;
}

static void
date_of(SlTime at, GTimeZone *zone, GDate *out_date)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / SL_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  g_date_clear(out_date, 1);
  g_date_set_dmy(out_date, (GDateDay)g_date_time_get_day_of_month(local), (GDateMonth)g_date_time_get_month(local),
                 (GDateYear)g_date_time_get_year(local));
}

static SlTime
instant_on(const GDate *date, int hour, int minute, GTimeZone *zone)
{
  g_autoptr(GDateTime) dt = g_date_time_new(zone, g_date_get_year(date), (int)g_date_get_month(date), g_date_get_day(date), hour, minute, 0);
  return dt ? g_date_time_to_unix(dt) * SL_SECOND : SL_TIME_NONE;
}

/* A day without a time means that day's closing; a closed day's, 18:00. */
static SlTime
on_day(const GDate *date, const Parts *parts, const SlCalendar *calendar, GTimeZone *zone)
{
  if (parts->hour >= 0)
    return instant_on(date, parts->hour, parts->minute, zone);
  SlTime midnight = instant_on(date, 0, 0, zone), open, close;
  if (midnight != SL_TIME_NONE && sl_calendar_day(calendar, midnight + SL_HOUR * 12, &open, &close)) {
    GDate day;
    date_of(open, zone, &day);
    if (g_date_compare(&day, date) == 0)
      return close;
  }
  return instant_on(date, 18, 0, zone);
}

static void
shift_days(GDate *date, int by)
{
  if (by < 0)
    g_date_subtract_days(date, (guint)-by);
  else
    g_date_add_days(date, (guint)by);
}

static gboolean
named_date(const Parts *parts, const GDate *today, GDate *out_date)
{
  int year = parts->year ? parts->year : g_date_get_year(today);
  if (!g_date_valid_dmy((GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)year))
    return FALSE;
  g_date_clear(out_date, 1);
  g_date_set_dmy(out_date, (GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)year);
  if (!parts->year && g_date_compare(out_date, today) < 0) { /* "7 Jan", said in November */
    if (!g_date_valid_dmy((GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)(year + 1)))
      return FALSE;
    g_date_set_dmy(out_date, (GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)(year + 1));
  }
  return TRUE;
}

static SlTime
resolve(const Parts *parts, const SlCalendar *calendar, GTimeZone *zone, SlTime now)
{
  GDate today, date;
  if (parts->absolute != SL_TIME_NONE)
    return parts->absolute;
  if (parts->after_sec > 0)
    return now + parts->after_sec * SL_SECOND;
  date_of(now, zone, &today);
  date = today;
  if (parts->day && parts->month) {
    if (!named_date(parts, &today, &date))
      return SL_TIME_NONE;
  } else if (parts->days_ahead != NO_DAY) {
    shift_days(&date, parts->days_ahead);
  } else if (parts->weekday) {
    guint ahead = (guint)(parts->weekday - (int)g_date_get_weekday(&today) + 7) % 7;
    g_date_add_days(&date, ahead ? ahead : 7);
  } else {
    SlTime at = on_day(&date, parts, calendar, zone);
    if (at <= now) /* a time without a day: the next one that comes */
      g_date_add_days(&date, 1);
  }
  return on_day(&date, parts, calendar, zone);
}

static gboolean
read_words(char **words, Parts *parts)
{
  for (guint i = 0; words[i]; i++) {
    gsize n = strlen(words[i]);
    while (n > 1 && strchr(",;", words[i][n - 1]))
      words[i][--n] = '\0';
    if (n && !read_word(words[i], parts))
      return FALSE;
  }
  return says_something(parts) && !(parts->day && !parts->month);
}

static gboolean
read_parts(const char *text, GTimeZone *zone, Parts *out_parts)
{
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  g_autofree char *lower = g_utf8_strdown(trimmed, -1);
  *out_parts = (Parts){.hour = -1, .after_sec = -1, .days_ahead = NO_DAY, .absolute = SL_TIME_NONE};
  if (sl_time_parse(trimmed, &out_parts->absolute))
    return TRUE;
  if (strlen(trimmed) == 16 && trimmed[10] == 'T' && sl_time_parse_local(trimmed, zone, &out_parts->absolute))
    return TRUE;
  out_parts->absolute = SL_TIME_NONE;
  g_auto(GStrv) words = g_strsplit_set(lower, " \t", -1);
  return read_words(words, out_parts);
}

/* The newest instant at or before `now` that the words can mean. */
static SlTime
resolve_past(const Parts *parts, const SlCalendar *calendar, GTimeZone *zone, SlTime now)
{
  GDate today, date;
  if (parts->absolute != SL_TIME_NONE)
    return parts->absolute;
  if (parts->after_sec > 0)
    return now - parts->after_sec * SL_SECOND;
  date_of(now, zone, &today);
  date = today;
  if (parts->day && parts->month) {
    int year = parts->year ? parts->year : g_date_get_year(&today);
    if (!g_date_valid_dmy((GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)year))
      return SL_TIME_NONE;
    g_date_set_dmy(&date, (GDateDay)parts->day, (GDateMonth)parts->month, (GDateYear)year);
  } else if (parts->days_ahead != NO_DAY) {
    shift_days(&date, parts->days_ahead);
  } else if (parts->weekday) {
    shift_days(&date, -(int)(((int)g_date_get_weekday(&today) - parts->weekday + 7) % 7));
  }
  return on_day(&date, parts, calendar, zone);
}

gboolean
sl_when_parse_past(const char *text, const SlCalendar *calendar, SlTime now, SlTime *out_time, char **out_why)
{
  Parts parts;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(calendar));
  gboolean valid = g_utf8_validate(text, -1, NULL) && strlen(text) < 100 && read_parts(text, zone, &parts);
  SlTime at = valid ? resolve_past(&parts, calendar, zone, now) : SL_TIME_NONE;
  if (at != SL_TIME_NONE && at <= now) {
    *out_time = at;
    return TRUE;
  }
  if (out_why)
    *out_why = at == SL_TIME_NONE ? g_strdup_printf("\"%.60s\" is no time: say 10:40, yesterday 16:00 or 2026-11-25 16:00", text)
                                  : g_strdup_printf("\"%.60s\" is still to come", text);
  return FALSE;
}

typedef SlTime (*Resolve)(const Parts *parts, const SlCalendar *calendar, GTimeZone *zone, SlTime now);

/* The longest run of leading words that reads as a date, and what it means, be it past or to come. */
static gsize
longest_date(const char *line, const SlCalendar *calendar, SlTime now, Resolve resolve_it, SlTime *out_at)
{
  gsize best = 0;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(calendar));
  for (const char *p = line, *end; *p && p - line < 60; p = end) {
    Parts parts;
    p += strspn(p, " \t");
    end = p + strcspn(p, " \t\n");
    if (end == p)
      break;
    g_autofree char *head = g_strndup(line, (gsize)(end - line));
    SlTime at = g_utf8_validate(head, -1, NULL) && read_parts(head, zone, &parts) ? resolve_it(&parts, calendar, zone, now) : SL_TIME_NONE;
    if (at == SL_TIME_NONE)
      continue;
    *out_at = at;
    best = (gsize)(end - line);
  }
  return best;
}

gboolean
sl_when_parse(const char *text, const SlCalendar *calendar, SlTime now, SlTime *out_time, char **out_why)
{
  Parts parts;
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(calendar));
  gboolean valid = g_utf8_validate(text, -1, NULL) && strlen(text) < 100 && read_parts(text, zone, &parts);
  SlTime at = valid ? resolve(&parts, calendar, zone, now) : SL_TIME_NONE, begun = SL_TIME_NONE;
  if (at == SL_TIME_NONE && longest_date(text, calendar, now, resolve, &begun) && begun <= now)
    at = begun; /* "today 09:00 because …" */
  if (at == SL_TIME_NONE) {
    if (out_why)
      *out_why = g_strdup_printf("\"%.60s\" is no date: say Fri 16:00, tomorrow, 2h or 2026-11-25 16:00", text);
    return FALSE;
  }
  if (at <= now) {
    g_autofree char *said = sl_when_absolute(at, sl_calendar_get_zone(calendar));
    if (out_why)
      *out_why = g_strdup_printf("%s is in the past", said);
    return FALSE;
  }
  *out_time = at;
  return TRUE;
}

/* A date that lies on the wrong side of now is none; its beginning is not taken for another one ("today 09:00" is not "today"). */
gsize
sl_when_prefix(const char *line, const SlCalendar *calendar, SlTime now, SlTime *out_time)
{
  SlTime at = SL_TIME_NONE;
  gsize used = longest_date(line, calendar, now, resolve, &at);
  if (used == 0 || at <= now)
    return 0;
  *out_time = at;
  return used;
}

/* One that is still to come is given as such: whoever asked refuses it. */
gsize
sl_when_prefix_past(const char *line, const SlCalendar *calendar, SlTime now, SlTime *out_time)
{
  SlTime at = SL_TIME_NONE;
  gsize used = longest_date(line, calendar, now, resolve_past, &at);
  if (used)
    *out_time = at;
  return used;
}

/* ---- said to people ---- */

static char *
said_in(SlTime t, SlTime now, const char *zone, gboolean with_zone)
{
  g_autofree char *day = sl_time_format_zone(t, zone, "%F");
  g_autofree char *today = sl_time_format_zone(now, zone, "%F");
  gboolean near = t - now < 6 * SL_DAY && now - t < 6 * SL_DAY;
  gboolean far = t - now > FAR || now - t > FAR;
  const char *format = strcmp(day, today) == 0 ? "%H:%M" : near ? "%a %H:%M" : far ? "%a %-d %b %Y %H:%M" : "%a %-d %b %H:%M";
  g_autofree char *text = sl_time_format_zone(t, zone, format);
  g_autofree char *name = with_zone ? sl_time_format_zone(t, zone, " %Z") : g_strdup("");
  return g_strconcat(text, name, NULL);
}

char *
sl_when_say(SlTime t, SlTime now, const char *zone, const char *their_zone)
{
  g_autofree char *ours = said_in(t, now, zone, TRUE);
  g_autofree char *mine = sl_time_format_zone(t, zone, "%F %H:%M");
  g_autofree char *theirs = their_zone ? sl_time_format_zone(t, their_zone, "%F %H:%M") : NULL;
  if (!theirs || strcmp(mine, theirs) == 0)
    return g_steal_pointer(&ours);
  g_autofree char *yours = said_in(t, now, their_zone, FALSE);
  return g_strdup_printf("%s (%s your time)", ours, yours);
}

char *
sl_when_absolute(SlTime t, const char *zone)
{
  return sl_time_format_zone(t, zone, "%a %-d %b %Y %H:%M %Z");
}
