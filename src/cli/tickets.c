/* SPDX-License-Identifier: ISC */
/* Looking at tickets: list, search, due, show, log, why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/table.h"
#include "config/scan.h"
#include "store/events.h"
#include "store/mails.h"
#include "store/raw.h"

/* ---- list ---- */

static gboolean
flag_filter(SlTicketFilter *f, const char *word)
{
  const struct {
    const char *word;
    gboolean *flag;
  } flags[] = {{"open", &f->open}, {"waiting", &f->waiting}, {"resolved", &f->resolved}, {"closed", &f->closed}, {"all", &f->all},
               {"breached", &f->breached}};
  for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
    if (strcmp(word, flags[i].word) == 0) {
      *flags[i].flag = TRUE;
      return TRUE;
    }
  }
  return FALSE;
}

/* A priority that is none would quietly match nothing; "owner:nobody" asks for those that nobody has. */
static void
check_filter(SlTicketFilter *f, GError **error)
{
  SlPriority priority;
  if (f->priority && !sl_priority_parse(f->priority, &priority) && !*error)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "prio:%s: critical, standard or low is wanted", f->priority);
  if (g_strcmp0(f->owner, "nobody") == 0)
    f->owner = "";
}

static gboolean
keyed_filter(SlTicketFilter *f, const char *word, SlTime now, GError **error)
{
  const struct {
    const char *key;
    const char **slot;
  } keys[] = {{"client:", &f->client}, {"prio:", &f->priority}, {"owner:", &f->owner}, {"tag:", &f->tag}};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (g_str_has_prefix(word, keys[i].key)) {
      *keys[i].slot = word + strlen(keys[i].key);
      check_filter(f, error);
      return TRUE;
    }
  }
  if (!g_str_has_prefix(word, "due:"))
    return FALSE;
  gint64 sec;
  if (word[strlen("due:")] != '<' || !sl_duration_parse(word + strlen("due:<"), &sec))
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s: a time such as due:<1h is wanted", word);
  else
    f->due_before = now + sec * SL_SECOND;
  return TRUE;
}

/* "onwer:ana" would look for these very letters, and find nothing. Addresses of the web and several words are text. */
static void
check_text(const char *word, GError **error)
{
  static const char *const keys[] = {"client", "prio", "owner", "tag", "due", NULL};
  gsize length = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
  if (length == 0 || word[length] != ':' || g_str_has_prefix(word + length, "://") || strpbrk(word, " \t\n"))
    return;
  g_autofree char *key = g_strndup(word, length);
  const char *near = sl_suggest(key, keys);
  if (near)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s: there is no filter \"%s:\": did you mean \"%s:\"?", word, key, near);
  else
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE,
                "%s: there is no filter \"%s:\": client, prio, owner, tag or due is wanted; slate search looks for any text", word, key);
}

/* Whose tickets `mine` are. NULL: nobody's. */
static const char *
my_name(const SlCli *cli, GError **error)
{
  const char *name = cli->as ? cli->as : g_get_user_name();
  const SlAgent *agent = sl_policy_agent(cli->config->policy, name);
  if (!agent && cli->as)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--as %s: there is no such agent", cli->as);
  else if (!agent)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "mine: who are you? \"%s\" is no agent: --as AGENT is wanted", name);
  return agent ? agent->name : NULL;
}

/* Somebody who has left may still have tickets: only a name that neither the configuration nor a ticket knows is an error. */
static void
check_owner(const SlCli *cli, SlTicketFilter *filter, GError **error)
{
  const SlAgent *agent = filter->owner ? sl_policy_agent(cli->config->policy, filter->owner) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  const GPtrArray *agents = cli->config->policy->agents;
  const SlTicketFilter theirs = {.all = TRUE, .owner = filter->owner, .due_before = SL_TIME_NONE};
  if (agent)
    filter->owner = agent->name;
  if (agent || !filter->owner || !*filter->owner)
    return;
  g_autoptr(GPtrArray) rows = sl_tickets_list(cli->work->db, &theirs, error);
  if (!rows || rows->len)
    return;
  for (guint i = 0; i < agents->len; i++)
    g_ptr_array_add(names, ((const SlAgent *)agents->pdata[i])->name);
  g_ptr_array_add(names, (gpointer)"nobody");
  g_ptr_array_add(names, NULL);
  const char *near = sl_suggest(filter->owner, (const char *const *)names->pdata);
  g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "owner:%s: there is no such agent: %s%s%s", filter->owner, near ? "did you mean \"" : "there are ",
              near ? near : known, near ? "\"?" : "");
}

static gboolean
read_filters(SlCli *cli, int argc, char **argv, SlTicketFilter *f, GString *text, GError **error)
{
  GError *why = NULL;
  *f = (SlTicketFilter){.due_before = SL_TIME_NONE};
  for (int i = 1; i < argc && !why; i++) {
    if (strcmp(argv[i], "mine") == 0) {
      f->owner = my_name(cli, &why);
    } else if (!flag_filter(f, argv[i]) && !keyed_filter(f, argv[i], sl_cli_now(cli), &why)) {
      check_text(argv[i], &why);
      g_string_append_printf(text, " %s", argv[i]);
    }
  }
  if (!why)
    check_owner(cli, f, &why);
  f->text = text->len ? text->str : NULL;
  if (why)
    g_propagate_error(error, why);
  return why == NULL;
}

static char *
left_text(SlTime due, SlTime now)
{
  if (due == SL_TIME_NONE)
    return g_strdup("");
  gint64 sec = (due - now) / SL_SECOND;
  return g_strdup_printf("%s%d:%02d", sec < 0 ? "-" : "", (int)(ABS(sec) / 3600), (int)(ABS(sec) / 60 % 60));
}

static void
print_rows(const SlCli *cli, const GPtrArray *rows)
{
  static const char *const columns[] = {"ID", "PRIO", "STATUS", "CLIENT", "OWNER", "NEXT", "LEFT", "SUBJECT", NULL};
  SlTable *table = sl_table_new(columns, cli->plain);
  for (guint i = 0; i < rows->len; i++) {
    const SlTicketRow *row = rows->pdata[i];
    const SlTicket *t = row->ticket;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, t->id);
    g_autofree char *left = left_text(row->next_due_at, sl_cli_now(cli));
    const char *const cells[] = {id, sl_priority_word(t->priority), sl_status_word(t->status), t->client, t->assignee ? t->assignee : "nobody",
                                 row->next_target, t->status == SL_TICKET_WAITING ? "paused" : left, t->subject};
    sl_table_add(table, cells);
  }
  sl_table_print(table);
}

static int
print_list(SlCli *cli, const SlTicketFilter *filter, GError **error)
{
  g_autoptr(GPtrArray) rows = sl_tickets_list(cli->work->db, filter, error);
  if (!rows)
    return -1;
  if (cli->json) {
    SlJson *document = sl_json_object();
    SlJson *tickets = sl_json_array();
    for (guint i = 0; i < rows->len; i++) {
      const SlTicketRow *row = rows->pdata[i];
      SlJson *json = sl_ticket_json(row->ticket, row->next_target, row->next_due_at);
      if (cli->jsonl) {
        g_autofree char *line = sl_json_print(json, FALSE);
        puts(line);
      }
      sl_json_add_take(tickets, json);
    }
    sl_json_set_take(document, "tickets", tickets);
    if (cli->jsonl)
      sl_json_free(document);
    else
      sl_cli_print(document);
  } else if (rows->len) {
    print_rows(cli, rows);
  } else if (!cli->quiet) {
    fprintf(stderr, "no tickets\n");
  }
  return rows->len ? 0 : 1;
}

int
sl_cmd_list(SlCli *cli, int argc, char **argv, GError **error)
{
  SlTicketFilter filter;
  g_autoptr(GString) text = g_string_new(NULL);
  if (!sl_cli_open(cli, error) || !read_filters(cli, argc, argv, &filter, text, error))
    return -1;
  return print_list(cli, &filter, error);
}

int
sl_cmd_search(SlCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *text = g_strjoinv(" ", argv + 1);
  const SlTicketFilter filter = {.all = TRUE, .text = text, .due_before = SL_TIME_NONE};
  (void)argc;
  return sl_cli_open(cli, error) ? print_list(cli, &filter, error) : -1;
}

int
sl_cmd_due(SlCli *cli, int argc, char **argv, GError **error)
{
  gint64 sec = 2 * 3600;
  (void)argc;
  (void)argv;
  if (cli->within && !sl_duration_parse(cli->within, &sec)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "--within %s: a time such as 2h is wanted", cli->within);
    return -1;
  }
  const SlTicketFilter filter = {.due_before = sl_cli_now(cli) + sec * SL_SECOND};
  int code = sl_cli_open(cli, error) ? print_list(cli, &filter, error) : -1;
  return code == 1 ? 0 : code;
}

/* ---- one ticket ---- */

static SlTicketFacts *
gather(SlCli *cli, const char *number, GError **error)
{
  gint64 id;
  if (!sl_cli_ticket(number, &id, error) || !sl_cli_open(cli, error))
    return NULL;
  return sl_gather_ticket(cli->work, id, sl_cli_now(cli), error);
}

static char *
zoned(const SlTicketFacts *facts, SlTime at)
{
  return sl_time_format_zone(at, sl_calendar_get_zone(facts->agreement->calendar), "%a %d %b %H:%M:%S %Z");
}

/* A ticket whose mail named no sender never had a person; one that had is without an address only when that was forgotten. */
static const char *
requester_shown(const SlTicket *ticket)
{
  if (ticket->requester)
    return ticket->requester;
  return ticket->requester_id ? "(forgotten)" : "(unknown)";
}

static void
print_ticket(const SlTicketFacts *facts)
{
  const SlTicket *t = facts->ticket;
  g_autofree char *subject = sl_shown(t->subject);
  printf("#%" G_GINT64_FORMAT " %s\n", t->id, subject);
  printf("  %s, %s, client %s, from %s, %s\n", sl_status_word(t->status), sl_priority_word(t->priority), t->client,
         requester_shown(t), t->assignee ? t->assignee : "nobody has it");
  for (guint i = 0; i < facts->clocks->len; i++) {
    const SlClock *c = facts->clocks->pdata[i];
    g_autofree char *due = c->due_at == SL_TIME_NONE ? g_strdup("no due yet") : zoned(facts, c->due_at);
    printf("  %-8s %d  %-9s  %s\n", sl_target_word(c->target), c->cycle, sl_clock_state_word(c->state), due);
  }
}

static void
print_messages(const SlTicketFacts *facts, const SlJson *messages)
{
  const char *zone = sl_calendar_get_zone(facts->agreement->calendar);
  for (guint i = 0; i < sl_json_length(messages); i++) {
    const SlJson *m = sl_json_at(messages, i);
    const char *text = sl_json_get_string(m, "text");
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    const char *from = sl_json_get_string(m, "from");
    g_autofree char *sender = sl_shown(from ? from : "(no sender)");
    g_autofree char *at = sl_time_format_zone(sl_json_get_time(m, "at"), zone, "%a %d %b %H:%M %Z");
    printf("\n-- %s %s %s %s\n", sl_json_get_string(m, "direction"), sl_json_get_string(m, "id"), at, sender);
    for (guint j = 0; lines[j]; j++) {
      g_autofree char *shown = sl_shown(lines[j]);
      printf("   %s\n", shown);
    }
  }
}

static gboolean
write_chunk(gconstpointer bytes, gsize length, gpointer user, GError **error)
{
  if (fwrite(bytes, 1, length, user) == length)
    return TRUE;
  g_set_error_literal(error, SL_ERROR, SL_ERROR_CREATE, "cannot write");
  return FALSE;
}

static int
show_raw(SlCli *cli, const SlTicketFacts *facts, GError **error)
{
  g_autoptr(SlMailRow) mail = sl_mails_get(cli->work->db, facts->last_mail, error);
  return mail && sl_raw_read(cli->work->db, mail->sha256, write_chunk, stdout, error) ? 0 : -1;
}

int
sl_cmd_show(SlCli *cli, int argc, char **argv, GError **error)
{
  (void)argc;
  SlTicketFacts *facts = gather(cli, argv[1], error);
  if (facts && cli->raw) {
    int code = show_raw(cli, facts, error);
    sl_ticket_facts_free(facts);
    return code;
  }
  g_autoptr(SlJson) messages = facts ? sl_messages_json(cli->work, facts, error) : NULL;
  if (!messages) {
    sl_ticket_facts_free(facts);
    return -1;
  }
  if (cli->json) {
    SlJson *document = sl_json_object();
    SlJson *clocks = sl_json_array();
    SlJson *events = sl_json_array();
    for (guint i = 0; i < facts->clocks->len; i++)
      sl_json_add_take(clocks, sl_clock_json(facts->clocks->pdata[i]));
    for (guint i = 0; i < facts->events->len; i++)
      sl_json_add_take(events, sl_event_json(facts->events->pdata[i]));
    sl_json_set_take(document, "ticket", sl_ticket_facts_json(facts));
    sl_json_set_take(document, "clocks", clocks);
    sl_json_set_take(document, "messages", g_steal_pointer(&messages));
    sl_json_set_take(document, "events", events);
    sl_cli_print(document);
  } else {
    print_ticket(facts);
    print_messages(facts, messages);
  }
  sl_ticket_facts_free(facts);
  return 0;
}

int
sl_cmd_log(SlCli *cli, int argc, char **argv, GError **error)
{
  gint64 id = 0;
  (void)argc;
  if ((strcmp(argv[1], "0") != 0 && !sl_cli_ticket(argv[1], &id, error)) || !sl_cli_open(cli, error))
    return -1;
  g_autoptr(GPtrArray) events = sl_events_load(cli->work->db, id, error);
  if (events && id && events->len == 0)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no ticket %" G_GINT64_FORMAT, id);
  if (!events || (id && events->len == 0))
    return -1;
  SlJson *array = sl_json_array();
  for (guint i = 0; i < events->len; i++) {
    SlJson *json = sl_event_json(events->pdata[i]);
    const SlEvent *event = events->pdata[i];
    if (!cli->json) {
      g_autofree char *at = sl_time_format(event->at);
      g_autofree char *detail = sl_json_print(sl_json_get(json, "detail"), FALSE);
      g_autofree char *shown = sl_shown(detail);
      printf("%3d  %s  %-10s  %-13s %s\n", event->seq, at, event->actor, sl_event_word(event->kind), shown);
    }
    sl_json_add_take(array, json);
  }
  SlJson *document = sl_json_object();
  sl_json_set_take(document, "events", array);
  if (cli->json)
    sl_cli_print(document);
  else
    sl_json_free(document);
  return 0;
}

/* ---- why ---- */

static char *
promise_text(const SlTicketFacts *facts, const SlClock *clock)
{
  if (clock->target == SL_TARGET_PROGRESS && clock->limit_sec == 0)
    return g_strdup("a word of progress by closing");
  if (clock->limit_sec == 0)
    return g_strdup(clock->target == SL_TARGET_RESOLVE ? "the estimate given to the customer" : "no limit");
  g_autofree char *limit = sl_duration_format(clock->limit_sec);
  return g_strdup_printf("%s %s (sla \"%s\"%s%s)", limit, clock->count == SL_COUNT_WALL ? "elapsed" : "business", facts->agreement->name,
                         facts->agreement->version && *facts->agreement->version ? " version " : "",
                         facts->agreement->version ? facts->agreement->version : "");
}

static SlJson *
why_json(const SlTicketFacts *facts, const SlClock *clock, SlTime now)
{
  g_autoptr(GPtrArray) lines =
      sl_clock_ledger((const SlMove *)(gconstpointer)facts->moves->data, facts->moves->len, now, clock);
  g_autofree char *promise = promise_text(facts, clock);
  SlJson *json = sl_json_object();
  SlJson *array = sl_json_array();
  for (guint i = 0; i < lines->len; i++) {
    const SlLedgerLine *line = lines->pdata[i];
    SlJson *entry = sl_json_object();
    sl_json_set_time(entry, "at", line->at);
    sl_json_set_string(entry, "what", line->what);
    sl_json_set_string(entry, "rule", line->rule);
    sl_json_set_int(entry, "counted", line->counted_sec);
    sl_json_set_int(entry, "total", line->total_sec);
    sl_json_add_take(array, entry);
  }
  sl_json_set_int(json, "ticket", facts->ticket->id);
  sl_json_set_string(json, "target", sl_target_word(clock->target));
  sl_json_set_int(json, "cycle", clock->cycle);
  sl_json_set_string(json, "promise", promise);
  sl_json_set_string(json, "calendar", sl_calendar_get_spec(facts->agreement->calendar)->name);
  sl_json_set_string(json, "result", sl_clock_state_word(clock->state));
  sl_json_set_time(json, "due_at", clock->due_at);
  sl_json_set_int(json, "elapsed", clock->elapsed_sec);
  sl_json_set_take(json, "lines", array);
  return json;
}

static void
print_why(const SlTicketFacts *facts, const SlClock *clock, const SlJson *json)
{
  g_autofree char *due = clock->due_at == SL_TIME_NONE ? g_strdup("no due") : zoned(facts, clock->due_at);
  printf("#%" G_GINT64_FORMAT " %s %d: %s, due %s    promise: %s, calendar %s\n", facts->ticket->id, sl_target_word(clock->target),
         clock->cycle, sl_json_get_string(json, "result"), due, sl_json_get_string(json, "promise"), sl_json_get_string(json, "calendar"));
  const SlJson *lines = sl_json_get(json, "lines");
  for (guint i = 0; i < sl_json_length(lines); i++) {
    const SlJson *line = sl_json_at(lines, i);
    gint64 counted = sl_json_get_int(line, "counted", 0), total = sl_json_get_int(line, "total", 0);
    g_autofree char *at = zoned(facts, sl_json_get_time(line, "at"));
    const char *rule = sl_json_get_string(line, "rule");
    printf("  %s  %-30s +%d:%02d:%02d  total %d:%02d:%02d%s%s\n", at, sl_json_get_string(line, "what"), (int)(counted / 3600),
           (int)(counted / 60 % 60), (int)(counted % 60), (int)(total / 3600), (int)(total / 60 % 60), (int)(total % 60), rule ? "  " : "",
           rule ? rule : "");
  }
}

static const SlClock *
wanted_clock(SlCli *cli, const SlTicketFacts *facts, const char *word, GError **error)
{
  SlTarget target;
  int cycle = cli->cycle ? atoi(cli->cycle) : 0;
  if (!sl_target_parse(word, &target)) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "\"%s\" is no target: ack, start, answer, eta, progress or resolve", word);
    return NULL;
  }
  const SlClock *clock = sl_clock_find(facts->clocks, target, cycle);
  if (!clock)
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "the ticket has no such clock: %s", word);
  return clock;
}

/* The newest clock of each target. */
static void
all_whys(SlCli *cli, const SlTicketFacts *facts)
{
  SlJson *whys = sl_json_array();
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    const SlClock *clock = sl_clock_find(facts->clocks, (SlTarget)t, 0);
    if (!clock)
      continue;
    SlJson *json = why_json(facts, clock, sl_cli_now(cli));
    if (!cli->json)
      print_why(facts, clock, json);
    sl_json_add_take(whys, json);
  }
  SlJson *document = sl_json_object();
  sl_json_set_take(document, "whys", whys);
  if (cli->json)
    sl_cli_print(document);
  else
    sl_json_free(document);
}

int
sl_cmd_why(SlCli *cli, int argc, char **argv, GError **error)
{
  SlTicketFacts *facts = gather(cli, argv[1], error);
  if (!facts)
    return -1;
  int code = 0;
  if (argc == 2) {
    all_whys(cli, facts);
  } else {
    const SlClock *clock = wanted_clock(cli, facts, argv[2], error);
    SlJson *json = clock ? why_json(facts, clock, sl_cli_now(cli)) : NULL;
    code = clock ? 0 : -1;
    if (json && !cli->json)
      print_why(facts, clock, json);
    if (json && cli->json)
      sl_cli_print(g_steal_pointer(&json));
    sl_json_free(json);
  }
  sl_ticket_facts_free(facts);
  return code;
}
