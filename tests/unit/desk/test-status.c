/* SPDX-License-Identifier: ISC */
/* The table of a ticket's statuses: every pair of a status and an event, against what the desk promises. */
#include <string.h>

#include "desk/status.h"

/* Where a status can go: "event status" pairs; every other event leaves it as it is. */
static const struct {
  SlStatus from;
  const char *ways;
} rows[] = {
    {SL_TICKET_OPEN, "waiting>waiting resolved>resolved closed>closed merged>merged spam>spam"},
    {SL_TICKET_WAITING, "resumed>open resolved>resolved closed>closed merged>merged spam>spam"},
    {SL_TICKET_RESOLVED, "reopened>open closed>closed merged>merged spam>spam"},
    {SL_TICKET_CLOSED, "reopened>open"},
    {SL_TICKET_MERGED, ""},
    {SL_TICKET_SPAM, "reopened>open"},
};

static char *
ways_of(SlStatus from)
{
  GString *out = g_string_new(NULL);
  for (guint k = 0; k < SL_N_EVENTS; k++) {
    SlStatus to = from;
    if (sl_status_next(from, (SlEventKind)k, &to))
      g_string_append_printf(out, "%s%s>%s", out->len ? " " : "", sl_event_word((SlEventKind)k), sl_status_word(to));
    else
      g_assert_cmpint(to, ==, from);
  }
  return g_string_free(out, FALSE);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
sorted(const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  qsort(words, g_strv_length(words), sizeof *words, compare);
  return g_strjoinv(" ", words);
}

static void
test_ways(void)
{
  g_assert_cmpuint(G_N_ELEMENTS(rows), ==, SL_N_STATUSES);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *got = ways_of(rows[i].from), *got_sorted = sorted(got), *wanted = sorted(rows[i].ways);
    g_test_message("%s", sl_status_word(rows[i].from));
    g_assert_cmpstr(got_sorted, ==, wanted);
  }
}

static void
test_words(void)
{
  for (guint i = 0; i < SL_N_STATUSES; i++) {
    SlStatus status = SL_N_STATUSES;
    gboolean parsed = sl_status_parse(sl_status_word((SlStatus)i), &status);
    g_assert_true(parsed);
    g_assert_cmpint(status, ==, i);
  }
  SlStatus status = SL_TICKET_SPAM;
  g_assert_false(sl_status_parse("Open", &status));
  g_assert_false(sl_status_parse("", &status));
  g_assert_cmpint(status, ==, SL_TICKET_SPAM);
}

static void
test_moving_events(void)
{
  static const SlEventKind moving[] = {SL_EVENT_WAITING, SL_EVENT_RESUMED, SL_EVENT_RESOLVED, SL_EVENT_CLOSED,
                                       SL_EVENT_MERGED,  SL_EVENT_SPAM,    SL_EVENT_REOPENED};
  guint n = 0;
  for (guint k = 0; k < SL_N_EVENTS; k++)
    n += sl_status_moves((SlEventKind)k);
  for (guint i = 0; i < G_N_ELEMENTS(moving); i++)
    g_assert_true(sl_status_moves(moving[i]));
  g_assert_cmpuint(n, ==, G_N_ELEMENTS(moving));
}

static void
test_events(void)
{
  for (guint k = 0; k < SL_N_EVENTS; k++) {
    SlEventKind kind = SL_N_EVENTS;
    gboolean parsed = sl_event_parse(sl_event_word((SlEventKind)k), &kind);
    g_assert_true(parsed);
    g_assert_cmpint(kind, ==, k);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  g_test_add_func("/desk/status/ways", test_ways);
  g_test_add_func("/desk/status/words", test_words);
  g_test_add_func("/desk/status/moving-events", test_moving_events);
  g_test_add_func("/desk/event/words", test_events);
  return g_test_run();
}
