/* SPDX-License-Identifier: ISC */
/* probe: asks (slate-probe does that), lists what was seen, and a line each for status. */
#include "cli/probes.h"

#include <stdio.h>
#include <string.h>

#include "cli/table.h"
#include "store/probes.h"

#define LIST_DAYS 7

static void
set_look(SlJson *json, gboolean known, gboolean up)
{
  if (known)
    sl_json_set_bool(json, "up", up);
  else
    sl_json_set_null(json, "up");
}

/* ---- status ---- */

static gboolean
is_known(const SlProbeState *s)
{
  return s->at != SL_TIME_NONE && !s->silent;
}

static SlJson *
state_json(const SlProbeConfig *probe, const SlProbeState *s)
{
  SlJson *json = sl_json_object();
  gboolean known = is_known(s);
  sl_json_set_string(json, "name", probe->name);
  set_look(json, known, s->up);
  sl_json_set_time(json, "since", known ? s->since : SL_TIME_NONE);
  sl_json_set_string(json, "why", known ? s->why : NULL);
  sl_json_set_bool(json, "outage", known && s->outage);
  sl_json_set_time(json, "at", s->at);
  return json;
}

static char *
state_text(const SlCli *cli, const SlProbeConfig *probe, const SlProbeState *s)
{
  const char *zone = cli->config->letter.timezone;
  g_autofree char *since = sl_time_format_zone(is_known(s) ? s->since : s->at, zone, "%a %d %b %H:%M %Z");
  if (s->at == SL_TIME_NONE)
    return g_strdup("never looked at yet");
  if (s->silent)
    return g_strdup_printf("not known: nobody looked since %s", since);
  if (s->up)
    return g_strdup_printf("up since %s", since);
  if (!s->outage)
    return g_strdup_printf("failing since %s: %s (%u in a row are an outage)", since, s->why, probe->fail_after);
  g_ptr_array_add(probe->clients, NULL);
  g_autofree char *clients = g_strjoinv(", ", (char **)probe->clients->pdata);
  g_ptr_array_set_size(probe->clients, (gint)probe->clients->len - 1);
  return g_strdup_printf("DOWN since %s: %s%s%s%s", since, s->why, *clients ? " (" : "", clients, *clients ? ")" : "");
}

static void
add_state(SlCli *cli, const SlProbeConfig *probe, const SlProbeState *s, gboolean running, SlJson *out, SlJson *trouble)
{
  g_autofree char *text = state_text(cli, probe, s);
  sl_json_add_take(out, state_json(probe, s));
  if (!cli->json && !cli->quiet)
    printf("  probe   %-12s %s\n", probe->name, text);
  if (!running || !s->silent || s->at == SL_TIME_NONE)
    return;
  g_autofree char *what = g_strdup_printf("probe %s does not look any more: slate probe says why", probe->name);
  sl_json_add_string(trouble, what);
}

gboolean
sl_probes_status(SlCli *cli, gboolean running, SlJson *out, SlJson *trouble, GError **error)
{
  for (guint i = 0; i < cli->config->probes->len; i++) {
    const SlProbeConfig *probe = cli->config->probes->pdata[i];
    SlProbeState state = {0};
    if (!sl_probes_state(cli->work->db, probe, sl_cli_now(cli), &state, error))
      return FALSE;
    add_state(cli, probe, &state, running, out, trouble);
    sl_probe_state_clear(&state);
  }
  return TRUE;
}

/* ---- probe list ---- */

typedef struct {
  SlTime from, to, now;
  SlJson *spans, *outages;
} List;

static void
add_span(SlJson *spans, const SlProbeConfig *probe, const SlProbeSpan *span)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "name", probe->name);
  sl_json_set_time(json, "from", span->seen.from);
  sl_json_set_time(json, "to", span->seen.to);
  sl_json_set_bool(json, "up", span->seen.up);
  sl_json_set_int(json, "looks", span->seen.n);
  sl_json_set_string(json, "why", span->why);
  sl_json_add_take(spans, json);
}

/* Whole, where it touches what was asked for. */
static void
add_outage(const List *list, const SlProbeConfig *probe, const SlPeriod *outage)
{
  SlTime end = outage->to == SL_TIME_NONE ? list->to : outage->to;
  if (outage->from >= list->to || end <= list->from)
    return;
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "name", probe->name);
  sl_json_set_time(json, "from", outage->from);
  sl_json_set_time(json, "to", outage->to);
  sl_json_add_take(list->outages, json);
}

static gboolean
add_probe(const SlCli *cli, const List *list, const SlProbeConfig *probe, GError **error)
{
  SlDb *db = cli->work->db;
  g_autoptr(GArray) measured = NULL, outages = NULL;
  g_autoptr(GPtrArray) spans = sl_probes_spans(db, probe, list->from, list->to, error);
  if (!spans || !sl_probes_periods(db, probe, list->from, list->to, list->now, &measured, &outages, error))
    return FALSE;
  for (guint i = 0; i < spans->len; i++)
    add_span(list->spans, probe, spans->pdata[i]);
  for (guint i = 0; i < outages->len; i++)
    add_outage(list, probe, &g_array_index(outages, SlPeriod, i));
  return TRUE;
}

static void
print_spans(const SlCli *cli, const SlJson *spans)
{
  static const char *const columns[] = {"PROBE", "FROM", "TO", "STATE", "LOOKS", "WHY", NULL};
  SlTable *table = sl_table_new(columns, cli->plain);
  for (guint i = 0; i < sl_json_length(spans); i++) {
    const SlJson *s = sl_json_at(spans, i);
    g_autofree char *looks = g_strdup_printf("%" G_GINT64_FORMAT, sl_json_get_int(s, "looks", 0));
    const char *const cells[] = {sl_json_get_string(s, "name"), sl_json_get_string(s, "from"), sl_json_get_string(s, "to"),
                                 sl_json_get_bool(s, "up") ? "up" : "down", looks, sl_json_get_string(s, "why")};
    sl_table_add(table, cells);
  }
  sl_table_print(table);
}

static void
print_outages(const List *list)
{
  for (guint i = 0; i < sl_json_length(list->outages); i++) {
    const SlJson *o = sl_json_at(list->outages, i);
    const char *to = sl_json_get_string(o, "to");
    SlTime end = to ? sl_json_get_time(o, "to") : list->now;
    g_autofree char *lasted = sl_duration_format((end - sl_json_get_time(o, "from")) / SL_SECOND);
    printf("outage of %s from %s to %s (%s)\n", sl_json_get_string(o, "name"), sl_json_get_string(o, "from"), to ? to : "now", lasted);
  }
}

static gboolean
read_window(const SlCli *cli, List *list, GError **error)
{
  list->now = sl_cli_now(cli);
  list->to = list->now + SL_SECOND; /* a look of this second, too */
  if (cli->to && !sl_cli_time("--to", cli->to, &list->to, error))
    return FALSE;
  list->from = list->to - LIST_DAYS * SL_DAY;
  return !cli->from || sl_cli_time("--from", cli->from, &list->from, error);
}

static int
list_looks(SlCli *cli, GError **error)
{
  List list = {.from = SL_TIME_NONE};
  if (!read_window(cli, &list, error) || !sl_cli_open(cli, error))
    return -1;
  g_autoptr(SlJson) document = sl_json_object();
  list.spans = sl_json_array();
  list.outages = sl_json_array();
  sl_json_set_take(document, "spans", list.spans);
  sl_json_set_take(document, "outages", list.outages);
  for (guint i = 0; i < cli->config->probes->len; i++) {
    if (!add_probe(cli, &list, cli->config->probes->pdata[i], error))
      return -1;
  }
  if (cli->json) {
    sl_cli_print(g_steal_pointer(&document));
  } else {
    print_spans(cli, list.spans);
    print_outages(&list);
  }
  return 0;
}

int
sl_cmd_probe(SlCli *cli, int argc, char **argv, GError **error)
{
  if (argc == 1)
    return sl_cmd_worker(cli, argc, argv, error);
  if (strcmp(argv[1], "list") == 0)
    return list_looks(cli, error);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "probe %s: list, or nothing, is wanted", argv[1]);
  return -1;
}
