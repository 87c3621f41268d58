/* SPDX-License-Identifier: ISC */
/* Business time: slate calendar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

static const SlCalendar *
find_calendar(SlCli *cli, const char *name, GError **error)
{
  const SlCalendar *calendar = sl_config_calendar(cli->config, name);
  if (!calendar)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no calendar \"%s\"", name);
  return calendar;
}

static void
print_time(const SlCli *cli, const char *key, SlTime at)
{
  g_autofree char *text = sl_time_format(at);
  if (!cli->json) {
    puts(text ? text : "never");
    return;
  }
  SlJson *document = sl_json_object();
  sl_json_set_string(document, key, text);
  sl_cli_print(document);
}

/* "3bd": business days; FALSE for anything else. */
static gboolean
parse_business_days(const char *text, int *out_days)
{
  char *end = NULL;
  guint64 n = text && g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
  if (n < 1 || n > 10000 || strcmp(end, "bd") != 0)
    return FALSE;
  *out_days = (int)n;
  return TRUE;
}

static int
calendar_due(SlCli *cli, const SlCalendar *calendar, GError **error)
{
  SlTime from;
  gint64 sec;
  int days = 0;
  if (!sl_cli_time("--from", cli->from, &from, error))
    return -1;
  if (!parse_business_days(cli->for_, &days) && (!cli->for_ || !sl_duration_parse(cli->for_, &sec))) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--for%s%s: a time such as 2h, or business days such as 3bd, is wanted",
                cli->for_ ? " " : " is missing", cli->for_ ? cli->for_ : "");
    return -1;
  }
  print_time(cli, "due_at", days ? sl_calendar_add_days(calendar, from, days) : sl_calendar_add(calendar, from, sec));
  return 0;
}

static int
calendar_elapsed(SlCli *cli, const SlCalendar *calendar, GError **error)
{
  SlTime from, to;
  if (!sl_cli_time("--from", cli->from, &from, error) || !sl_cli_time("--to", cli->to, &to, error))
    return -1;
  gint64 sec = sl_calendar_elapsed(calendar, from, to);
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_int(document, "seconds", sec);
    sl_cli_print(document);
  } else {
    printf("%" G_GINT64_FORMAT "\n", sec);
  }
  return 0;
}

static int
calendar_open(SlCli *cli, const SlCalendar *calendar, GError **error)
{
  SlTime at = sl_cli_now(cli);
  if (cli->at && !sl_cli_time("--at", cli->at, &at, error))
    return -1;
  gboolean open = sl_calendar_is_open(calendar, at);
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_bool(document, "open", open);
    sl_json_set_time(document, "next_open", sl_calendar_next_open(calendar, at));
    sl_json_set_time(document, "next_close", sl_calendar_next_close(calendar, at));
    sl_cli_print(document);
  } else {
    puts(open ? "open" : "closed");
  }
  return 0;
}

static void
show_words(SlCli *cli, const SlCalendarSpec *spec)
{
  const GPtrArray *const lists[] = {spec->hours, spec->holidays, spec->special};
  static const char *const names[] = {"open", "closed", "special"}, *const keys[] = {"hours", "holidays", "special"};
  g_autoptr(SlJson) document = sl_json_object();
  sl_json_set_string(document, "name", spec->name);
  sl_json_set_string(document, "timezone", spec->timezone);
  for (guint l = 0; l < G_N_ELEMENTS(lists); l++)
    sl_json_set_take(document, keys[l], sl_json_strings(lists[l]));
  if (cli->json) {
    sl_cli_print(sl_json_ref(document));
    return;
  }
  printf("%s  %s\n", spec->name, spec->timezone);
  for (guint l = 0; l < G_N_ELEMENTS(lists); l++) {
    for (guint i = 0; i < lists[l]->len; i++)
      printf("  %-8s %s\n", names[l], (const char *)lists[l]->pdata[i]);
  }
}

/* What is open on a date, as the wall shows it; else why not. */
static void
show_day(const SlCalendar *calendar, SlTime from, SlTime to)
{
  const char *zone = sl_calendar_get_zone(calendar);
  const char *holiday = sl_calendar_holiday_at(calendar, from);
  g_autofree char *day = sl_time_format_zone(from, zone, "%a %d %b");
  SlTime at = sl_calendar_next_open(calendar, from);
  printf("  %s ", day);
  if (at == SL_TIME_NONE || at >= to)
    printf(" closed%s%s", holiday ? ": " : "", holiday ? holiday : "");
  while (at != SL_TIME_NONE && at < to) {
    SlTime close = sl_calendar_next_close(calendar, at);
    g_autofree char *opens = sl_time_format_zone(at, zone, "%H:%M");
    g_autofree char *closes = sl_time_format_zone(MIN(close, to), zone, "%H:%M");
    printf(" %s-%s", opens, close >= to ? "24:00" : closes);
    at = sl_calendar_next_open(calendar, close);
  }
  puts("");
}

static int
show_month(SlCli *cli, const SlCalendar *calendar, GError **error)
{
  g_autoptr(GTimeZone) zone = sl_time_zone_new(sl_calendar_get_zone(calendar));
  g_autofree char *first = g_strdup_printf("%s-01", cli->month);
  SlTime from, to;
  if (strlen(cli->month) != 7 || !sl_time_parse_local(first, zone, &from)) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "--month M: a month such as 2026-12 is wanted");
    return -1;
  }
  for (int day = 1; day <= 31; day++, from = to) {
    g_autofree char *next = g_strdup_printf("%s-%02d", cli->month, day + 1);
    gboolean last = !sl_time_parse_local(next, zone, &to);
    if (last)
      to = from + SL_DAY;
    show_day(calendar, from, to);
    if (last)
      break;
  }
  return 0;
}

static int
calendar_show(SlCli *cli, const SlCalendar *calendar, GError **error)
{
  if (cli->month)
    return show_month(cli, calendar, error);
  show_words(cli, sl_calendar_get_spec(calendar));
  return 0;
}

/* "7200"; FALSE for anything but digits. */
static gboolean
parse_seconds(const char *text, gint64 *out_sec)
{
  guint64 sec;
  if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32 * G_GUINT64_CONSTANT(100), &sec, NULL))
    return FALSE;
  *out_sec = (gint64)sec;
  return TRUE;
}

/* One line of a table: "due C FROM SECONDS", "elapsed C FROM TO", "open C AT". */
static gboolean
eval_line(SlCli *cli, char **f, guint n, char **out_result)
{
  SlTime from, to;
  gint64 sec;
  const SlCalendar *calendar = n >= 3 ? sl_config_calendar(cli->config, f[1]) : NULL;
  if (!calendar || !sl_time_parse(f[2], &from))
    return FALSE;
  if (strcmp(f[0], "due") == 0 && n == 4 && parse_seconds(f[3], &sec)) {
    SlTime due = sl_calendar_add(calendar, from, sec);
    *out_result = due == SL_TIME_NONE ? g_strdup("never") : sl_time_format(due);
    return TRUE;
  }
  if (strcmp(f[0], "elapsed") == 0 && n == 4 && sl_time_parse(f[3], &to)) {
    *out_result = g_strdup_printf("%" G_GINT64_FORMAT, sl_calendar_elapsed(calendar, from, to));
    return TRUE;
  }
  if (strcmp(f[0], "open") == 0 && n == 3) {
    *out_result = g_strdup(sl_calendar_is_open(calendar, from) ? "1" : "0");
    return TRUE;
  }
  return FALSE;
}

static int
calendar_eval(SlCli *cli, GError **error)
{
  char line[1024];
  int number = 0;
  while (fgets(line, sizeof line, stdin)) {
    g_autofree char *result = NULL;
    number++;
    g_strchomp(line);
    if (!*line || *line == '#')
      continue;
    g_auto(GStrv) fields = g_strsplit(line, "\t", 5);
    if (!eval_line(cli, fields, g_strv_length(fields), &result)) {
      g_set_error(error, SL_ERROR, SL_ERROR_USAGE,
                  "line %d: due C FROM SECONDS, elapsed C FROM TO or open C AT is wanted, parted by tabs", number);
      return -1;
    }
    puts(result);
  }
  return 0;
}

int
sl_cmd_calendar(SlCli *cli, int argc, char **argv, GError **error)
{
  static const struct {
    const char *word;
    int (*run)(SlCli *, const SlCalendar *, GError **);
  } actions[] = {
      {"due", calendar_due}, {"elapsed", calendar_elapsed}, {"open", calendar_open}, {"show", calendar_show}};
  if (!sl_cli_config(cli, error))
    return -1;
  if (strcmp(argv[1], "eval") == 0)
    return calendar_eval(cli, error);
  const SlCalendar *calendar = find_calendar(cli, argc > 2 ? argv[2] : "default", error);
  for (guint i = 0; calendar && i < G_N_ELEMENTS(actions); i++) {
    if (strcmp(argv[1], actions[i].word) == 0)
      return actions[i].run(cli, calendar, error);
  }
  if (calendar)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "calendar %s: due, elapsed, open, show or eval is wanted", argv[1]);
  return -1;
}
