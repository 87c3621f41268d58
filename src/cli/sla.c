/* SPDX-License-Identifier: ISC */
/* Agreements and their versions (S12): slate sla. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/table.h"
#include "sla/versions.h"
#include "store/agreements.h"
#include "work/house.h"

/* ---- the state of a version ---- */

static const char *
state_of(const SlConfig *config, const SlAgreement *a, SlTime now)
{
  if (sl_agreement_in_force(config->agreements, a->name, now) == a)
    return "in force";
  if (a->in_force && a->agreed->len == 0)
    return "unsigned";
  return sl_agreement_in_force_at(a) > now ? "to come" : "past";
}

/* When the version that came after it took over; NONE when none has, or is to. */
static SlTime
followed_at(const SlConfig *config, const SlAgreement *a)
{
  SlTime next = SL_TIME_NONE, since = sl_agreement_in_force_at(a);
  for (guint i = 0; i < config->agreements->len; i++) {
    const SlAgreement *other = config->agreements->pdata[i];
    SlTime from = sl_agreement_in_force_at(other);
    gboolean follows = strcmp(other->name, a->name) == 0 && other != a && other->agreed->len && from != SL_TIME_NONE && from >= since;
    if (follows)
      next = sl_time_earlier(next, from);
  }
  return next;
}

static SlJson *
clients_json(const SlConfig *config, const char *name)
{
  SlJson *names = sl_json_array();
  for (guint i = 0; i <= config->policy->clients->len; i++) {
    const SlClient *client = i ? config->policy->clients->pdata[i - 1] : config->policy->everybody;
    if (strcmp(client->agreement->name, name) == 0)
      sl_json_add_string(names, client->name);
  }
  return names;
}

static SlJson *
version_json(const SlConfig *config, const SlAgreement *a, SlTime now)
{
  SlJson *json = sl_json_object();
  g_autofree char *hash = sl_agreement_hash(a);
  sl_json_set_string(json, "name", a->name);
  sl_json_set_string(json, "version", a->version && *a->version ? a->version : NULL);
  sl_json_set_string(json, "state", state_of(config, a, now));
  sl_json_set_string(json, "in_force", a->in_force);
  sl_json_set_time(json, "until", followed_at(config, a));
  sl_json_set_string(json, "review", a->review);
  sl_json_set_time(json, "review_notice_at", sl_agreement_review_notice_at(a));
  sl_json_set_take(json, "agreed", sl_json_strings(a->agreed));
  sl_json_set_string(json, "calendar", a->calendar_name);
  sl_json_set_string(json, "ladder", a->ladder_name);
  sl_json_set_take(json, "clients", clients_json(config, a->name));
  sl_json_set_string(json, "hash", hash);
  return json;
}

static void
print_or_free(const SlCli *cli, SlJson *document)
{
  if (cli->json)
    sl_cli_print(document);
  else
    sl_json_free(document);
}

/* ---- list ---- */

static char *
joined(const SlJson *strings)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < sl_json_length(strings); i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", sl_json_string(sl_json_at(strings, i)));
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static int
list(SlCli *cli)
{
  static const char *const columns[] = {"NAME", "VERSION", "STATE", "IN FORCE", "REVIEW", "CALENDAR", "CLIENTS", NULL};
  SlTable *table = sl_table_new(columns, cli->plain);
  SlJson *array = sl_json_array();
  for (guint i = 0; i < cli->config->agreements->len; i++) {
    const SlAgreement *a = cli->config->agreements->pdata[i];
    SlJson *json = version_json(cli->config, a, sl_cli_now(cli));
    g_autofree char *clients = joined(sl_json_get(json, "clients"));
    const char *const cells[] = {a->name, a->version, sl_json_get_string(json, "state"), a->in_force, a->review, a->calendar_name, clients};
    sl_table_add(table, cells);
    sl_json_add_take(array, json);
  }
  sl_cli_print_list(cli, "agreements", array, table);
  return 0;
}

/* ---- show ---- */

/* The version of that number, or (NULL) the one in force. */
static const SlAgreement *
find_version(const SlCli *cli, const char *name, const char *version, GError **error)
{
  const SlConfig *config = cli->config;
  const SlAgreement *found = version ? NULL : sl_agreement_in_force(config->agreements, name, sl_cli_now(cli));
  for (guint i = 0; version && !found && i < config->agreements->len; i++) {
    const SlAgreement *a = config->agreements->pdata[i];
    if (strcmp(a->name, name) == 0 && g_strcmp0(a->version, version) == 0)
      found = a;
  }
  if (!found)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no agreement \"%s\"%s%s: slate sla list", name, version ? " of version " : "",
                version ? version : "");
  return found;
}

static char *
limit_text(const SlAgreement *a, SlTarget target, const SlTargetSpec *spec)
{
  if (spec->off)
    return g_strdup("none");
  if (target == SL_TARGET_PROGRESS && a->progress_every_sec) {
    g_autofree char *every = sl_duration_format(a->progress_every_sec);
    return g_strdup_printf("every %s", every);
  }
  if (target == SL_TARGET_PROGRESS)
    return g_strdup("by closing, each business day");
  if (spec->within_sec == 0)
    return g_strdup("the estimate given");
  g_autofree char *limit = sl_duration_format(spec->within_sec);
  g_autofree char *goal = spec->goal_sec ? sl_duration_format(spec->goal_sec) : NULL;
  return g_strdup_printf("%s %s%s%s", limit, spec->count == SL_COUNT_WALL ? "elapsed" : "business", goal ? ", goal " : "", goal ? goal : "");
}

static void
print_targets(const SlAgreement *a)
{
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    g_autofree char *before = NULL;
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      const SlTargetSpec *spec = sl_agreement_target(a, (SlTarget)t, (SlPriority)p);
      g_autofree char *text = t == SL_TARGET_PROGRESS && !a->promised[p] ? g_strdup(a->courtesy[p] ? "by courtesy" : "none")
                                                                         : limit_text(a, (SlTarget)t, spec);
      if (g_strcmp0(before, text) != 0)
        printf("  %-9s %-9s %s\n", before ? "" : sl_target_word((SlTarget)t), sl_priority_word((SlPriority)p), text);
      g_free(before);
      before = g_steal_pointer(&text);
    }
  }
}

static void
print_level(const SlLevel *level)
{
  g_autofree char *to = NULL;
  g_autoptr(SlJson) names = sl_json_strings(level->to);
  to = joined(names);
  printf("  %-9s %s: %s\n", level->id, level->name, *to ? to : "nobody");
}

static int
show(SlCli *cli, const char *name, const char *version, GError **error)
{
  const SlAgreement *a = find_version(cli, name, version, error);
  if (!a)
    return -1;
  SlJson *json = version_json(cli->config, a, sl_cli_now(cli));
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_take(json, "text", sl_agreement_to_json(a));
    sl_json_set_take(document, "agreement", json);
    sl_cli_print(document);
    return 0;
  }
  g_autofree char *clients = joined(sl_json_get(json, "clients"));
  g_autofree char *agreed = joined(sl_json_get(json, "agreed"));
  printf("%s%s%s  %s%s%s\n", a->name, *a->version ? " " : "", a->version, sl_json_get_string(json, "state"), a->in_force ? " from " : "",
         a->in_force ? a->in_force : "");
  printf("  calendar  %s\n  clients   %s\n", a->calendar_name, *clients ? clients : "none");
  if (*agreed)
    printf("  signed by %s\n", agreed);
  if (a->review)
    printf("  review    %s\n", a->review);
  print_targets(a);
  for (guint i = 0; i < a->levels->len; i++)
    print_level(a->levels->pdata[i]);
  sl_json_free(json);
  return 0;
}

/* ---- history ---- */

static SlJson *
use_json(const SlAgreementUse *use)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "hash", use->hash);
  sl_json_set_string(json, "calendar", use->agreement->calendar_name);
  sl_json_set_int(json, "tickets", use->tickets);
  sl_json_set_time(json, "first_at", use->first_at);
  sl_json_set_time(json, "last_at", use->last_at);
  return json;
}

/* What it changed against the version before it, and the texts that tickets came in under. */
static void
add_history(SlJson *json, const SlAgreement *before, const SlAgreement *a, const GPtrArray *uses)
{
  gint64 tickets = 0;
  SlJson *texts = sl_json_array();
  g_autoptr(GPtrArray) changes = before ? sl_agreement_differences(before, a) : g_ptr_array_new();
  for (guint i = 0; i < uses->len; i++) {
    const SlAgreementUse *use = uses->pdata[i];
    if (g_strcmp0(use->agreement->version, a->version) != 0)
      continue;
    tickets += use->tickets;
    sl_json_add_take(texts, use_json(use));
  }
  sl_json_set_take(json, "changes", sl_json_strings(changes));
  sl_json_set_int(json, "tickets", tickets);
  sl_json_set_take(json, "texts", texts);
}

static gint
by_first_day(gconstpointer a, gconstpointer b)
{
  const SlAgreement *x = *(const SlAgreement *const *)a, *y = *(const SlAgreement *const *)b;
  SlTime s = sl_agreement_in_force_at(x), t = sl_agreement_in_force_at(y);
  return (s > t) - (s < t);
}

static gboolean
has_version(const GPtrArray *versions, const char *version)
{
  for (guint i = 0; i < versions->len; i++) {
    if (g_strcmp0(((const SlAgreement *)versions->pdata[i])->version, version) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The configuration's versions, and those that only tickets still know; by their first day. Borrowed elements. */
static GPtrArray *
versions_of(const SlConfig *config, const char *name, const GPtrArray *uses)
{
  GPtrArray *versions = g_ptr_array_new();
  for (guint i = 0; i < config->agreements->len; i++) {
    SlAgreement *a = config->agreements->pdata[i];
    if (strcmp(a->name, name) == 0)
      g_ptr_array_add(versions, a);
  }
  for (guint i = 0; i < uses->len; i++) {
    SlAgreement *a = ((const SlAgreementUse *)uses->pdata[i])->agreement;
    if (!has_version(versions, a->version))
      g_ptr_array_add(versions, a);
  }
  g_ptr_array_sort(versions, by_first_day);
  return versions;
}

static void
print_version(const SlAgreement *a, const SlJson *json)
{
  g_autofree char *agreed = joined(sl_json_get(json, "agreed"));
  const SlJson *changes = sl_json_get(json, "changes");
  printf("%s %s  %s%s%s, %d tickets%s%s\n", a->name, *a->version ? a->version : "(no number)", sl_json_get_string(json, "state"),
         a->in_force ? ", from " : "", a->in_force ? a->in_force : "", (int)sl_json_get_int(json, "tickets", 0), *agreed ? ", signed by " : "",
         agreed);
  for (guint i = 0; i < sl_json_length(changes); i++)
    printf("    %s\n", sl_json_string(sl_json_at(changes, i)));
}

static int
history(SlCli *cli, const char *name, GError **error)
{
  g_autoptr(GPtrArray) uses = sl_cli_open(cli, error) ? sl_agreements_used(cli->work->db, NULL, name, NULL, error) : NULL;
  if (!uses)
    return -1;
  g_autoptr(GPtrArray) versions = versions_of(cli->config, name, uses);
  if (versions->len == 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no agreement \"%s\": slate sla list", name);
    return -1;
  }
  SlJson *array = sl_json_array();
  for (guint i = 0; i < versions->len; i++) {
    const SlAgreement *a = versions->pdata[i];
    SlJson *json = version_json(cli->config, a, sl_cli_now(cli));
    add_history(json, i ? versions->pdata[i - 1] : NULL, a, uses);
    if (!cli->json)
      print_version(a, json);
    sl_json_add_take(array, json);
  }
  SlJson *document = sl_json_object();
  sl_json_set_string(document, "name", name);
  sl_json_set_take(document, "versions", array);
  print_or_free(cli, document);
  return 0;
}

/* ---- check ---- */

static int
check(SlCli *cli, GError **error)
{
  if (!sl_cli_open(cli, error) || !sl_house_check(cli->work, error))
    return -1;
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_bool(document, "ok", TRUE);
    sl_cli_print(document);
  } else if (!cli->quiet) {
    puts("no promise was changed under an old number");
  }
  return 0;
}

int
sl_cmd_sla(SlCli *cli, int argc, char **argv, GError **error)
{
  const char *action = argc > 1 ? argv[1] : "list";
  if (!sl_cli_config(cli, error))
    return -1;
  if (strcmp(action, "list") == 0 && argc <= 2)
    return list(cli);
  if (strcmp(action, "show") == 0 && argc >= 3)
    return show(cli, argv[2], argc > 3 ? argv[3] : NULL, error);
  if (strcmp(action, "history") == 0 && argc == 3)
    return history(cli, argv[2], error);
  if (strcmp(action, "check") == 0 && argc == 2)
    return check(cli, error);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "sla %s: list, show NAME [VERSION], history NAME or check is wanted", action);
  return -1;
}
