/* SPDX-License-Identifier: ISC */
/* Scheduled windows (S7): slate maintenance. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/table.h"
#include "work/house.h"

static const char *
state_of(const SlWindow *window, SlTime now)
{
  return now < window->from ? "planned" : now < window->to ? "running" : "over";
}

static gboolean
was_announced(const SlWindow *window, const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (event->kind == SL_EVENT_ANNOUNCED && g_strcmp0(sl_json_get_string(event->detail, "name"), window->name) == 0 &&
        sl_json_get_time(event->detail, "from") == window->from && !sl_json_get_bool(event->detail, "called_off"))
      return TRUE;
  }
  return FALSE;
}

static SlJson *
window_json(const SlCli *cli, const SlWindow *window, const GPtrArray *events)
{
  SlJson *json = sl_json_object();
  SlJson *excuses = sl_json_array();
  g_autofree char *announce = sl_window_announce_text(window);
  if (window->excuses)
    sl_json_add_string(excuses, "availability");
  sl_json_set_string(json, "name", window->name);
  sl_json_set_time(json, "from", window->from);
  sl_json_set_time(json, "to", window->to);
  sl_json_set_string(json, "state", state_of(window, sl_cli_now(cli)));
  sl_json_set_string(json, "announce", announce);
  sl_json_set_time(json, "announce_at", sl_window_announce_at(window, cli->config->policy->everybody->agreement->calendar));
  sl_json_set_bool(json, "announced", was_announced(window, events));
  sl_json_set_take(json, "excuses", excuses);
  sl_json_set_string(json, "source", window->configured ? "configuration" : "hand");
  return json;
}

static char *
zoned(const SlCli *cli, SlTime at)
{
  return at == SL_TIME_NONE ? NULL : sl_time_format_zone(at, cli->config->letter.timezone, "%a %d %b %Y %H:%M %Z");
}

static int
list(SlCli *cli, GError **error)
{
  static const char *const columns[] = {"NAME", "STATE", "FROM", "TO", "ANNOUNCED", NULL};
  g_autoptr(GPtrArray) events = sl_house_events(cli->work, error);
  if (!events)
    return -1;
  g_autoptr(GPtrArray) windows = sl_house_windows(cli->config->policy, events);
  SlTable *table = sl_table_new(columns, cli->plain);
  SlJson *array = sl_json_array();
  for (guint i = 0; i < windows->len; i++) {
    const SlWindow *window = windows->pdata[i];
    SlJson *json = window_json(cli, window, events);
    g_autofree char *from = zoned(cli, window->from), *to = zoned(cli, window->to);
    g_autofree char *at = zoned(cli, sl_json_get_time(json, "announce_at"));
    const char *const cells[] = {window->name, sl_json_get_string(json, "state"), from, to,
                                 sl_json_get_bool(json, "announced") ? "yes" : at ? at : "not planned"};
    sl_table_add(table, cells);
    sl_json_add_take(array, json);
  }
  sl_cli_print_list(cli, "maintenance", array, table);
  return 0;
}

/* It stands in tables and letters' keys. */
static gboolean
check_name(const char *name, GError **error)
{
  gboolean good = *name && strlen(name) <= 64 && g_utf8_validate(name, -1, NULL);
  for (const char *p = name; *p; p++)
    good &= (guchar)*p >= 0x20 && *p != 0x7f && *p != ':';
  if (!good)
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "the name of a window: 1 to 64 bytes without control characters and colons are wanted");
  return good;
}

static SlWindow *
read_window(const SlCli *cli, const char *name, GError **error)
{
  SlTime from, to;
  if (!check_name(name, error))
    return NULL;
  if (!sl_cli_local_time(cli, "--from", cli->from, &from, error) || !sl_cli_local_time(cli, "--to", cli->to, &to, error))
    return NULL;
  if (to <= from) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "--to: the window has to end after it begins");
    return NULL;
  }
  g_autoptr(SlWindow) window = sl_window_new(name, from, to);
  if (sl_window_set_announce(window, cli->announce))
    return g_steal_pointer(&window);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--announce %s: how long before is wanted, such as 2bd or 48h", cli->announce);
  return NULL;
}

static int
add(SlCli *cli, const char *name, GError **error)
{
  g_autofree char *actor = sl_cli_actor(cli, error);
  g_autoptr(SlWindow) window = actor ? read_window(cli, name, error) : NULL;
  return window && sl_house_plan(cli->work, window, actor, error) ? 0 : -1;
}

static int
give_up(SlCli *cli, const char *name, GError **error)
{
  g_autofree char *actor = sl_cli_actor(cli, error);
  return actor && sl_house_unplan(cli->work, name, actor, error) ? 0 : -1;
}

int
sl_cmd_maintenance(SlCli *cli, int argc, char **argv, GError **error)
{
  const char *action = argc > 1 ? argv[1] : "list";
  gboolean adds = strcmp(action, "add") == 0, lists = strcmp(action, "list") == 0;
  if ((!adds && !lists && strcmp(action, "remove") != 0) || (lists ? argc > 2 : argc != 3)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "maintenance %s: list, add NAME --from T --to T [--announce 2bd] or remove NAME is wanted",
                action);
    return -1;
  }
  if (!sl_cli_open(cli, error))
    return -1;
  int code = lists ? 0 : adds ? add(cli, argv[2], error) : give_up(cli, argv[2], error);
  return code == 0 && (lists || cli->json || !cli->quiet) ? list(cli, error) : code;
}
