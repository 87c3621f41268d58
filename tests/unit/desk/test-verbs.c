/* SPDX-License-Identifier: ISC */
/* The table of tests/data/desk/verbs-by-status.txt: each verb on a ticket of each status, by mail and at the shell. Each cell is a world of
 * its own, copied from one in which a ticket has that status. */
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define MORNING "2026-11-17T15:00:00Z" /* Tuesday, 10:00 EST */
#define MOST_REFUSALS 64

static char *stores[SL_N_STATUSES];      /* folders: 1001 has that status */
static char *refusals[MOST_REFUSALS];

typedef struct {
  char *words;                     /* "/eta Fri // A part is missing." */
  char *cells[SL_N_STATUSES];
  gboolean at_shell;
  guint line;
} Row;

/* ---- a ticket of each status ---- */

static SlTime
morning(void)
{
  SlTime t = 0;
  gboolean parsed = sl_time_parse(MORNING, &t);
  g_assert_true(parsed);
  return t;
}

static void
customer_mail(World *world, const char *subject)
{
  g_autofree char *bytes = g_strdup_printf("From: Maria <maria@acme-pools.example>\nTo: support@poologics.example\nSubject: %s\n"
                                           "Message-ID: <table%u@mail.example>\n\nI cannot log in.\n", subject, ++world->mails);
  world_mail(world, bytes, NULL, FALSE, NULL);
}

static void
command(World *world, SlVerb verb, const char *argument, const char *text)
{
  SlCommand c = {.verb = verb, .ticket = 1001, .argument = argument, .text = text, .when = SL_TIME_NONE, .received = SL_TIME_NONE};
  world_command(world, "agent:ana", &c);
}

/* The verb that leads there comes more than five minutes before the table's: it cannot be undone any more. */
static void
lead_to(World *world, SlStatus status)
{
  if (status == SL_TICKET_WAITING)
    command(world, SL_VERB_ASK, NULL, "Which browser?");
  else if (status == SL_TICKET_RESOLVED || status == SL_TICKET_CLOSED)
    command(world, SL_VERB_RESOLVE, NULL, "Unlocked.");
  else if (status == SL_TICKET_MERGED)
    command(world, SL_VERB_MERGE, "1002", NULL);
  else if (status == SL_TICKET_SPAM)
    command(world, SL_VERB_SPAM, NULL, NULL);
  if (status == SL_TICKET_CLOSED)
    command(world, SL_VERB_CLOSE, "it works", NULL);
  g_assert_no_error(world->refusal);
}

static World *
make_store(SlStatus status)
{
  World *world = world_new(NULL, NULL, morning());
  customer_mail(world, "Login loop");
  customer_mail(world, "Login loop again");
  lead_to(world, status);
  world_run_until(world, morning() + 6 * SL_MINUTE);
  SlTicketFacts *facts = world_ticket(world, 1001);
  g_assert_cmpstr(sl_status_word(facts->ticket->status), ==, sl_status_word(status));
  sl_ticket_facts_free(facts);
  world_rest(world);
  return world;
}

/* ---- a cell ---- */

static char *
expand(const char *text)
{
  g_autoptr(GString) out = g_string_new(text);
  g_string_replace(out, " // ", "\n\n", 0);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
act_by_mail(World *world, const char *words)
{
  g_autoptr(Letter) letter = world_letter(world, "assignment", "ana@poologics.example", FALSE);
  g_assert_nonnull(letter);
  g_autofree char *text = expand(words);
  g_autofree char *bytes = g_strdup_printf("From: Ana <ana@poologics.example>\nTo: %s\nSubject: Re: it\nMessage-ID: <act@mail.example>\n\n%s\n",
                                           letter->reply_to, text);
  world_mail(world, bytes, NULL, FALSE, NULL);
}

static void
act_at_shell(World *world, const char *words)
{
  g_auto(GStrv) parts = g_strsplit(words, " < ", 2);
  g_auto(GStrv) line = g_strsplit(parts[0], " ", 2);
  SlVerb verb = SL_VERB_REPLY;
  gboolean known = sl_verb_parse(line[0], &verb);
  g_assert_true(known);
  command(world, verb, line[1], parts[1]);
}

/* What became of it: a status, or the number of the refusal. Owned. */
static char *
outcome(World *world, SlStatus before, gboolean at_shell)
{
  const char *why = at_shell ? (world->refusal ? world->refusal->message : NULL)
                    : world->last.outcome == SL_OUTCOME_REFUSED || world->last.outcome == SL_OUTCOME_HELD ? world->last.reason : NULL;
  for (guint i = 0; why && i < MOST_REFUSALS; i++) {
    if (refusals[i] && strstr(why, refusals[i]))
      return g_strdup_printf("%u", i);
  }
  if (why)
    return g_strdup_printf("refused: %s", why);
  SlTicketFacts *facts = world_ticket(world, before == SL_TICKET_MERGED && !at_shell ? 1002 : 1001);
  char *word = g_strdup(sl_status_word(facts->ticket->status));
  sl_ticket_facts_free(facts);
  return word;
}

static void
check_cell(const Row *row, SlStatus status)
{
  if (strcmp(row->cells[status], "-") == 0)
    return;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  World *world = world_new(stores[status], NULL, morning() + 7 * SL_MINUTE);
  if (row->at_shell)
    act_at_shell(world, row->words);
  else
    act_by_mail(world, row->words);
  g_autofree char *got = outcome(world, status, row->at_shell);
  world_check(world, faults);
  if (strcmp(got, row->cells[status]) != 0) {
    g_test_message("line %u: \"%s\" on a ticket that is %s: %s, not %s", row->line, row->words, sl_status_word(status), got, row->cells[status]);
    g_test_fail();
  }
  for (guint i = 0; i < faults->len; i++) {
    g_test_message("line %u: \"%s\" on a ticket that is %s: %s", row->line, row->words, sl_status_word(status), (char *)faults->pdata[i]);
    g_test_fail();
  }
  world_free(world);
}

static void
check_row(gconstpointer data)
{
  for (guint s = 0; s < SL_N_STATUSES; s++)
    check_cell(data, (SlStatus)s);
}

/* ---- the table ---- */

static void
row_free(gpointer data)
{
  Row *row = data;
  for (guint i = 0; i < SL_N_STATUSES; i++)
    g_free(row->cells[i]);
  g_free(row->words);
  g_free(row);
}

static void
read_refusal(const char *line)
{
  char *text = NULL;
  gint64 number = g_ascii_strtoll(line + strlen("refusal "), &text, 10);
  g_assert_true(number > 0 && number < MOST_REFUSALS && *text == ':');
  refusals[number] = g_strstrip(g_strdup(text + 1));
}

static Row *
read_row(char **cells, gboolean at_shell, guint line)
{
  Row *row = g_new0(Row, 1);
  row->words = g_strdup(cells[0]);
  row->at_shell = at_shell;
  row->line = line;
  for (guint i = 0; i < SL_N_STATUSES; i++)
    row->cells[i] = g_strdup(cells[i + 1]);
  return row;
}

static GPtrArray *
read_table(void)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "data", "desk", "verbs-by-status.txt", NULL);
  g_autofree char *text = NULL;
  gboolean read = g_file_get_contents(path, &text, NULL, NULL), at_shell = FALSE;
  GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
  g_assert_true(read);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (*lines[i] == '#' || !*lines[i])
      continue;
    if (g_str_has_prefix(lines[i], "refusal ")) {
      read_refusal(lines[i]);
      continue;
    }
    g_auto(GStrv) cells = g_strsplit(lines[i], "|", -1);
    g_assert_cmpuint(g_strv_length(cells), ==, SL_N_STATUSES + 1);
    for (guint c = 0; cells[c]; c++)
      g_strstrip(cells[c]);
    if (strcmp(cells[0], "by mail") == 0 || strcmp(cells[0], "at the shell") == 0)
      at_shell = strcmp(cells[0], "at the shell") == 0;
    else
      g_ptr_array_add(rows, read_row(cells, at_shell, i + 1));
  }
  return rows;
}

/* A verb that the table forgets is a fault of the table. */
static void
check_whole(gconstpointer data)
{
  const GPtrArray *rows = data;
  for (guint v = 0; v < SL_N_VERBS; v++) {
    gboolean found = FALSE;
    for (guint i = 0; i < rows->len; i++) {
      const Row *row = rows->pdata[i];
      const char *word = row->words + (*row->words == '/');
      gsize n = strcspn(word, " ");
      found |= strlen(sl_verb_word((SlVerb)v)) == n && strncmp(word, sl_verb_word((SlVerb)v), n) == 0;
    }
    g_test_message("%s", sl_verb_word((SlVerb)v));
    g_assert_true(found || v == SL_VERB_NEW);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  World *worlds[SL_N_STATUSES];
  g_autoptr(GPtrArray) rows = read_table();
  for (guint s = 0; s < SL_N_STATUSES; s++) {
    worlds[s] = make_store((SlStatus)s);
    stores[s] = worlds[s]->folder;
  }
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = rows->pdata[i];
    g_autofree char *name = g_strdup_printf("/desk/verbs-by-status/%s/%u", row->at_shell ? "shell" : "mail", row->line);
    g_test_add_data_func(name, row, check_row);
  }
  g_test_add_data_func("/desk/verbs-by-status/whole", rows, check_whole);
  int rc = g_test_run();
  for (guint s = 0; s < SL_N_STATUSES; s++)
    world_free(worlds[s]);
  for (guint i = 0; i < MOST_REFUSALS; i++)
    g_free(refusals[i]);
  return rc;
}
