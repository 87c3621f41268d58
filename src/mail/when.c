/* SPDX-License-Identifier: ISC */
#include "mail/when.h"

#include <string.h>

#define MAX_TEXT_BYTES 200

typedef struct {
  guint year, month, day, hour, minute, second; /* 0: not seen (of the date) */
  gboolean has_time, pm, am, has_zone;
  int zone_min;
} When;

/* The beginnings of the months' names, in the four languages; longer ones before what they begin with. */
static const struct {
  const char *name;
  guint month;
} months[] = {
    {"jan", 1},  {"ene", 1},  {"feb", 2},  {"fév", 2},  {"mar", 3},  {"mär", 3},  {"maerz", 3},
    {"apr", 4},  {"abr", 4},  {"avr", 4},  {"may", 5},  {"mai", 5},  {"jun", 6},  {"juin", 6},
    {"jul", 7},  {"juil", 7}, {"aug", 8},  {"ago", 8},  {"aoû", 8},  {"sep", 9},  {"set", 9},
    {"oct", 10}, {"okt", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12}, {"déc", 12},
};

static guint
month_of(const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS(months); i++)
    if (g_str_has_prefix(word, months[i].name))
      return months[i].month;
  return 0;
}

static guint
number(const char **at, guint *out_digits)
{
  guint n = 0, digits = 0;
  while (g_ascii_isdigit(**at) && digits < 6) {
    n = n * 10 + (guint)(**at - '0');
    (*at)++;
    digits++;
  }
  *out_digits = digits;
  return n;
}

/* "10:05", "10:05:30", "10h05": what stands behind the hour. */
static const char *
read_time(When *when, guint hour, const char *at)
{
  guint digits;
  when->hour = hour;
  at++;
  when->minute = number(&at, &digits);
  if (*at == ':' && g_ascii_isdigit(at[1])) {
    at++;
    when->second = number(&at, &digits);
  }
  when->has_time = TRUE;
  return at;
}

/* "24.11.2026", "11/24/2026", "2026-11-24": what stands behind the first number. */
static const char *
read_numeric(When *when, guint first, guint first_digits, const char *at, gboolean month_first)
{
  guint digits;
  char separator = *at++;
  guint second = number(&at, &digits);
  if (*at != separator || !g_ascii_isdigit(at[1]))
    return at;
  at++;
  guint third = number(&at, &digits);
  gboolean year_first = first_digits == 4;
  gboolean us = separator == '/' && second <= 31 && (first > 12 ? FALSE : second > 12 ? TRUE : month_first);
  when->year = year_first ? first : digits == 2 ? 2000 + third : third;
  when->month = us ? first : second;
  when->day = year_first ? third : us ? second : first;
  return at;
}

/* "+0100", "+01:00", "GMT+1": from its sign on. */
static const char *
read_zone(When *when, const char *at)
{
  guint digits;
  int sign = *at++ == '-' ? -1 : 1;
  guint n = number(&at, &digits);
  guint minutes = digits > 2 ? n / 100 * 60 + n % 100 : n * 60;
  if (*at == ':' && g_ascii_isdigit(at[1])) {
    at++;
    minutes += number(&at, &digits);
  }
  when->zone_min = sign * (int)minutes;
  when->has_zone = TRUE;
  return at;
}

static const char *
read_number(When *when, const char *at, gboolean month_first)
{
  guint digits;
  guint n = number(&at, &digits);
  gboolean clock = (*at == ':' || *at == 'h') && g_ascii_isdigit(at[1]) && digits <= 2;
  if (clock && !when->has_time)
    return read_time(when, n, at);
  if (strchr("./-", *at) && *at && g_ascii_isdigit(at[1]) && when->year == 0)
    return read_numeric(when, n, digits, at, month_first);
  if (digits == 4 && when->year == 0)
    when->year = n;
  else if (digits <= 2 && when->day == 0)
    when->day = n;
  return at;
}

static gsize
word_length(const char *at)
{
  gsize n = 0;
  while (g_ascii_isalpha(at[n]) || (guchar)at[n] >= 0x80)
    n++;
  return n;
}

/* The last month wins: "mar." begins a Tuesday as well as a March. "p. m." is Spanish for PM. */
static const char *
read_word(When *when, const char *at)
{
  gsize n = MAX(word_length(at), 1);
  g_autofree char *word = g_strndup(at, n);
  guint month = month_of(word);
  if (month && n > 2)
    when->month = month;
  gboolean dotted = n == 1 && at[1] == '.' && (at[2] == 'm' || (at[2] == ' ' && at[3] == 'm'));
  when->pm = when->pm || strcmp(word, "pm") == 0 || (dotted && *word == 'p');
  when->am = when->am || strcmp(word, "am") == 0 || (dotted && *word == 'a');
  /* "GMT+1" goes on with its sign */
  when->has_zone |= when->has_time && (strcmp(word, "utc") == 0 || strcmp(word, "gmt") == 0) && at[n] != '+' && at[n] != '-';
  return at + n;
}

static SlTime
to_time(const When *when, int zone_sec)
{
  guint hour = when->pm && when->hour < 12 ? when->hour + 12 : when->am && when->hour == 12 ? 0 : when->hour;
  gboolean whole =
      when->year >= 1970 && when->year < 9999 && when->month && when->month <= 12 && when->day && when->has_time;
  g_autoptr(GDateTime) utc = whole ? g_date_time_new_utc((int)when->year, (int)when->month, (int)when->day, (int)hour,
                                                         (int)when->minute, when->second)
                                   : NULL;
  return utc ? (g_date_time_to_unix(utc) - (when->has_zone ? (gint64)when->zone_min * 60 : zone_sec)) * SL_SECOND : SL_TIME_NONE;
}

SlTime
sl_when_read(const char *text, gboolean month_first, int zone_sec)
{
  g_autofree char *cut = g_strndup(text, MAX_TEXT_BYTES);
  g_autofree char *valid = g_utf8_make_valid(cut, -1);
  g_autofree char *lower = g_utf8_strdown(valid, -1);
  When when = {0};
  for (const char *at = lower; *at;) {
    if (g_ascii_isdigit(*at))
      at = read_number(&when, at, month_first);
    else if ((*at == '+' || *at == '-') && when.has_time && !when.has_zone && g_ascii_isdigit(at[1]))
      at = read_zone(&when, at);
    else
      at = read_word(&when, at);
  }
  return to_time(&when, zone_sec);
}
