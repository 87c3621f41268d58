/* SPDX-License-Identifier: ISC */
/* The recorded past under another agreement. */
#include <glib/gstdio.h>

#include "reports.h"

#include "report/json.h"
#include "report/text.h"

static SlAgreement *recorded;

static SlConfig *
config_of(const char *text)
{
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  int fd = g_file_open_tmp("slate-replay-XXXXXX", &path, NULL);
  g_assert_cmpint(fd, >=, 0);
  g_close(fd, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  SlConfig *config = sl_config_load_agreements(path, "America/New_York", faults);
  g_unlink(path);
  g_assert_nonnull(config);
  return config;
}

static SlReplay *
replay_of(const SlConfig *config, const char *stories, const char *to, const char *now)
{
  SlTime at_now = at(now ? now : "Fri 18:00");
  SlReplay *replay = sl_replay_new("new.conf", config, at("Mon 00:00"), at(to ? to : "Mon2 00:00"), at_now);
  g_auto(GStrv) each = g_strsplit(stories, "|", -1);
  for (guint i = 0; each[i] && *each[i]; i++) {
    g_autoptr(SlRecord) record = record_of(1001 + i, each[i], recorded, at_now);
    sl_replay_add(replay, record);
  }
  return replay;
}

/* "1001 answer 1 met Tue 12:00 -> late Tue 11:00; …". Owned. */
static char *
told_changes(const SlReplay *replay)
{
  g_autoptr(SlJson) json = sl_replay_json(replay);
  const SlJson *changed = sl_json_get(json, "changed");
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < sl_json_length(changed); i++) {
    const SlJson *c = sl_json_at(changed, i), *was = sl_json_get(c, "before"), *is = sl_json_get(c, "after");
    g_autofree char *was_due = sl_time_format_zone(sl_json_get_time(was, "due_at"), "America/New_York", " %a %H:%M");
    g_autofree char *is_due = sl_time_format_zone(sl_json_get_time(is, "due_at"), "America/New_York", " %a %H:%M");
    g_string_append_printf(out, "%s%d %s %d %s%s -> %s%s", i ? "; " : "", (int)sl_json_get_int(c, "ticket", 0), sl_json_get_string(c, "target"),
                           (int)sl_json_get_int(c, "cycle", 0), sl_json_get_string(was, "state"), was_due ? was_due : "", sl_json_get_string(is, "state"),
                           is_due ? is_due : "");
  }
  return g_string_free(out, FALSE);
}

typedef struct {
  const char *what, *agreement, *stories, *to, *now, *wanted;
} Row;

#define STANDARD(inner) "sla \"standard\" { " inner " }\n"
#define ANSWER(within) STANDARD("target \"answer\" { within = \"" within "\" }")
#define MET "Tue 10:00 received sla=standard; Tue 11:30 answered by agent:ana how=reply \"a\""

static const Row rows[] = {
    {"the-same", STANDARD(""), MET, NULL, NULL, ""},
    {"stricter", ANSWER("1h"), MET, NULL, NULL, "1001 answer 1 met Tue 12:00 -> late Tue 11:00"},
    {"looser", ANSWER("4h"), "Tue 10:00 received sla=standard; Tue 13:00 answered by agent:ana how=reply \"a\"", NULL, NULL,
     "1001 answer 1 late Tue 12:00 -> met Tue 14:00"},
    {"stricter-but-kept", ANSWER("90m"), MET, NULL, NULL, ""}, /* met at the second of its due */
    {"running", ANSWER("4h"), "Tue 10:00 received sla=standard", NULL, "Tue 13:00", "1001 answer 1 late Tue 12:00 -> open Tue 14:00"},
    {"switched-off", STANDARD("target \"answer\" { within = none }"), MET, NULL, NULL, "1001 answer 1 met Tue 12:00 -> none"},
    {"a-promise-for-resolving", STANDARD("target \"resolve\" { within = \"2h\" }"),
     "Tue 10:00 received sla=standard; Tue 11:00 answered by agent:ana how=reply \"a\"; Tue 13:00 resolved by agent:ana \"b\"", NULL, NULL,
     "1001 resolve 1 met -> late Tue 12:00"},
    {"what-was-told-was-told", STANDARD("target \"resolve\" { within = \"1h\" }"), /* the estimate stays what is promised */
     "Tue 10:00 received sla=standard; Tue 10:30 eta by agent:ana until=Wed_10:00; Wed 09:00 resolved by agent:ana \"b\"", NULL, NULL, ""},
    {"other-hours", "calendar \"default\" { timezone = \"America/New_York\"  hours = { \"mon-fri 08:00-11:00\" } }\n" STANDARD(""),
     "Tue 10:30 received sla=standard; Tue 16:00 answered by agent:ana how=reply \"a\"", NULL, "Tue 18:00",
     "1001 answer 1 late Tue 12:30 -> met Wed 09:30"},
    {"no-pauses", STANDARD("pause_on = { }"),
     "Tue 10:00 received sla=standard; Tue 10:05 answered by agent:ana how=question \"a\"; Tue 10:05 waiting by agent:ana", NULL, NULL,
     "1001 eta 1 open -> late Wed 10:00"},
    {"critical-of-its-own", STANDARD("target \"answer/critical\" { within = \"30m\" }"),
     "Tue 10:00 received sla=standard; Tue 10:10 raised by customer from=standard to=critical; Tue 11:00 answered by agent:ana how=reply \"a\"", NULL, NULL,
     "1001 answer 2 none -> late Tue 10:40"},
    {"received-at-the-end", ANSWER("1h"), MET, "Tue 10:00", NULL, ""},
    {"nothing-is-said-of-it", "sla \"gold\" { target \"answer\" { within = \"1m\" } }\n", MET, NULL, NULL, ""},
    {"cancelled", ANSWER("30m"), "Tue 10:00 received sla=standard; Tue 11:00 noreply by agent:ana \"why\"", NULL, NULL,
     "1001 answer 1 cancelled Tue 12:00 -> late Tue 10:30"},
    {"silent", ANSWER("1m"), "Tue 10:00 received sla=standard silent=true", NULL, NULL, ""},
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlConfig) config = config_of(row->agreement);
  g_autoptr(SlReplay) replay = replay_of(config, row->stories, row->to, row->now);
  g_autofree char *told = told_changes(replay);
  g_assert_cmpstr(told, ==, row->wanted);
}

/* ---- which agreement ---- */

#define TWO_SLAS "sla \"standard\" { version = \"s\" }\nsla \"gold\" { version = \"g\" }\n"

static void
test_which_agreement(void)
{
  static const struct {
    const char *config, *client, *sla, *wanted;
  } choices[] = {
      {TWO_SLAS "client \"acme\" { sla = \"gold\" }\n", "acme", "standard", "gold"},      /* the client's */
      {TWO_SLAS "client \"acme\" { sla = \"gold\" }\n", "blauwasser", "standard", "standard"}, /* the ticket's own name */
      {TWO_SLAS "client \"default\" { sla = \"gold\" }\n", "blauwasser", "standard", "gold"}, /* everybody's */
      {TWO_SLAS "client \"default\" { sla = \"gold\" }\n", "default", "standard", "gold"},
      {TWO_SLAS, "default", "gold", "gold"},
      {TWO_SLAS, "default", "silver", NULL},
      {"sla \"gold\" { }\n", "default", "standard", NULL}, /* "standard" is there, but not written */
      {"sla \"gold\" { }\nclient \"acme\" { }\n", "acme", "silver", "standard"},
      {"", "default", "standard", "standard"}, /* a file that says nothing: the agreement's own values */
      {"", "default", "gold", NULL},
      {TWO_SLAS, "default", NULL, NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(choices); i++) {
    g_autoptr(SlConfig) config = config_of(choices[i].config);
    SlTicket ticket = {.client = (char *)choices[i].client, .sla = (char *)choices[i].sla};
    const SlAgreement *agreement = sl_replay_agreement(config, &ticket, at("Tue 10:00"));
    g_test_message("row %u", i);
    g_assert_cmpstr(agreement ? agreement->name : NULL, ==, choices[i].wanted);
  }
}

static void
test_version_in_force(void)
{
  g_autoptr(SlConfig) config =
      config_of("sla \"standard\" { version = \"1\" }\n"
                "sla \"x\" { amends = \"standard\"  version = \"2\"  in_force = \"2026-11-18\"  agreed = { \"a\", \"b\" }\n"
                "  target \"answer\" { within = \"10m\" } }\nclient \"acme\" { sla = \"standard\" }\n");
  g_autoptr(SlReplay) replay =
      replay_of(config, MET "|Wed 10:00 received; Wed 11:30 answered by agent:ana how=reply \"a\"", NULL, NULL); /* 18 November is the Wednesday */
  g_autofree char *told = told_changes(replay);
  g_assert_cmpstr(told, ==, "1002 answer 1 met Wed 12:00 -> late Wed 10:10");
  g_assert_cmpuint(g_hash_table_size(replay->agreements), ==, 2);
}

static void
test_figures(void)
{
  g_autoptr(SlConfig) config = config_of(ANSWER("1h"));
  g_autoptr(SlReplay) replay = replay_of(config,
                                         MET "|" MET "|Tue 10:00 received sla=standard; Tue 10:30 answered by agent:ana how=reply \"a\"|"
                                             "Tue 10:00 received sla=gold; Tue 11:30 answered by agent:ana how=reply \"a\"",
                                         NULL, NULL);
  g_autoptr(SlJson) json = sl_replay_json(replay);
  const SlJson *targets = sl_json_get(json, "targets"), *row = sl_json_at(targets, SL_TARGET_ANSWER * SL_N_PRIORITIES + SL_PRIORITY_STANDARD);
  const SlJson *before = sl_json_get(row, "before"), *after = sl_json_get(row, "after");
  g_assert_cmpuint(sl_json_length(targets), ==, 18);
  g_assert_cmpstr(sl_json_get_string(json, "sla"), ==, "new.conf");
  g_assert_cmpint(sl_json_get_int(json, "tickets", 0), ==, 4);
  g_assert_cmpint(sl_json_get_int(json, "kept_own", 0), ==, 1); /* it counts on both sides */
  g_assert_cmpint(sl_json_get_time(json, "from"), ==, at("Mon 00:00"));
  g_assert_cmpint(sl_json_get_time(json, "to"), ==, at("Mon2 00:00"));
  g_assert_cmpstr(sl_json_get_string(row, "target"), ==, "answer");
  g_assert_cmpstr(sl_json_get_string(row, "priority"), ==, "standard");
  g_assert_cmpint(sl_json_get_int(before, "due", 0), ==, 4);
  g_assert_cmpint(sl_json_get_int(before, "met", 0), ==, 4);
  g_assert_cmpint(sl_json_get_int(before, "breached", -1), ==, 0);
  g_assert_cmpfloat(sl_json_get_double(before, "rate", 0), ==, 1.0);
  g_assert_cmpint(sl_json_get_int(after, "due", 0), ==, 4);
  g_assert_cmpint(sl_json_get_int(after, "met", 0), ==, 2);
  g_assert_cmpint(sl_json_get_int(after, "breached", 0), ==, 2);
  g_assert_cmpfloat(sl_json_get_double(after, "rate", 0), ==, 0.5);
  g_assert_false(sl_json_has(sl_json_get(sl_json_at(targets, 0), "before"), "rate"));
}

/* ---- as people read it ---- */

static void
test_text(void)
{
  g_autoptr(SlConfig) config = config_of(ANSWER("1h"));
  g_autoptr(SlReplay) replay = replay_of(config, MET "|Tue 10:00 received sla=gold", NULL, "Tue 11:40");
  g_autoptr(GPtrArray) blocks = sl_replay_text(replay, "America/New_York", 50);
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < blocks->len; i++) {
    const SlTextBlock *block = blocks->pdata[i];
    g_string_append_printf(all, "[%s]\n", block->heading);
    for (guint r = 0; r < block->rows->len; r++) {
      g_autofree char *row = g_strjoinv(" | ", block->rows->pdata[r]);
      g_string_append_printf(all, "%s\n", row);
    }
  }
  g_assert_cmpstr(all->str, ==,
                  "[What was recorded, under new.conf]\n"
                  "Period | Mon 16 Nov 2026 00:00 EST to Mon 23 Nov 2026 00:00 EST\n"
                  "Tickets | 2 received in the period; 1 under standard, calendar default; 1 under their own, for new.conf has none for them\n"
                  "Before | 1 of 5 kept\n"
                  "After | 0 of 5 kept\n"
                  "[Promises]\n"
                  "ack | 0 of 2 |  | 0 of 2 | \n"
                  "start | 0 of 2 |  | 0 of 2 | \n"
                  "answer | 1 of 1 |  | 0 of 1 | \n"
                  "[Another outcome: 1 promise]\n"
                  "#1001 | answer | 1 | met | Tue 17 Nov 12:00 | late | Tue 17 Nov 11:00 | Login loop\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  recorded = sl_agreement_new_default();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/report/replay/%s", rows[i].what);
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/report/replay/which-agreement", test_which_agreement);
  g_test_add_func("/report/replay/version-in-force", test_version_in_force);
  g_test_add_func("/report/replay/figures", test_figures);
  g_test_add_func("/report/replay/text", test_text);
  int rc = g_test_run();
  sl_agreement_free(recorded);
  return rc;
}
