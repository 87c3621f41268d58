/* SPDX-License-Identifier: ISC */
/* The table of options: each is known to the parser, refuses what is not of its kind, and stands in the manual. */
#include "try.h"

#include "config/table.h"

static char *
read_source(const char *name)
{
  char *text = NULL;
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, name, NULL);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static const char *
title_of(const char *section)
{
  static const char *const special[][2] = {{"sla.target", " \"ack\""}, {"sla.update", " \"progress\""}, {"ladder.level", " \"L1\""}};
  const char *dot = strrchr(section, '.');
  g_autofree char *parent = dot ? g_strndup(section, (gsize)(dot - section)) : g_strdup("");
  for (guint i = 0; i < G_N_ELEMENTS(special); i++) {
    if (strcmp(section, special[i][0]) == 0)
      return special[i][1];
  }
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, parent) == 0 && strcmp(o->name, dot ? dot + 1 : section) == 0)
      return o->titled ? " \"x\"" : "";
  }
  g_assert_not_reached();
}

/* The option within its sections, on a line of its own; *out_line: which. Owned. */
static char *
wrapped(const SlOption *option, const char *value, int *out_line)
{
  g_auto(GStrv) parts = g_strsplit(option->section, ".", -1);
  g_autoptr(GString) text = g_string_new(NEEDED), path = g_string_new(NULL);
  guint depth = *option->section ? g_strv_length(parts) : 0;
  for (guint i = 0; i < depth; i++) {
    g_string_append_printf(path, "%s%s", i ? "." : "", parts[i]);
    g_string_append_printf(text, "%s%s {\n", parts[i], title_of(path->str));
  }
  *out_line = 4 + (int)depth;
  g_string_append_printf(text, "%s = %s\n", option->name, value);
  for (guint i = 0; i < depth; i++)
    g_string_append(text, "}\n");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
faulty(const SlOption *option, const char *value)
{
  int line = 0;
  g_autofree char *text = wrapped(option, value, &line);
  g_autofree char *got = try_text(text, NULL);
  g_autofree char *wanted = g_strdup_printf("slate.conf:%d: %s", line, option->name);
  if (strstr(got, "no such option"))
    g_error("%s %s: %s", option->section, option->name, got);
  return strstr(got, wanted) != NULL;
}

static const char *const good[][5] = {
    [SL_OPTION_INT] = {"0", "7", "\"12\"", "010"},
    [SL_OPTION_FLOAT] = {"99", "99.5", "\"0.1\""},
    [SL_OPTION_BOOL] = {"true", "false", "yes", "off"},
    [SL_OPTION_DURATION] = {"20m", "\"1h30m\"", "90s", "0s", "20s"},
    [SL_OPTION_SIZE] = {"35M", "1G", "1K", "36700160"},
    [SL_OPTION_SECRET] = {"\"cred:x\"", "\"file:/x\"", "\"cmd:echo x\""},
    [SL_OPTION_REGEXES] = {"{ 'a.*b' }", "{ '(?i)x', 'y' }"},
    [SL_OPTION_SECTION] = {NULL},
};
static const char *const bad[][8] = {
    [SL_OPTION_INT] = {"seven", "-1", "0x10", "7.5", "\"7 \"", "99999999999", "\"\""},
    [SL_OPTION_FLOAT] = {"many", "\"9,5\"", "\"\"", "\"1 2\"", "nan", "-1"},
    [SL_OPTION_BOOL] = {"maybe", "2", "\"\"", "TRUE"},
    [SL_OPTION_DURATION] = {"20", "soon", "-5m", "\"5 m\"", "\"\"", "99999999d"},
    [SL_OPTION_SIZE] = {"35MB", "0", "-1M", "much", "\"35 M\"", "99999999999999G", "\"\""},
    [SL_OPTION_SECRET] = {"hunter2", "\"file:x\"", "\"\"", "\"cred:a/b\"", "\"cmd:\""},
    [SL_OPTION_REGEXES] = {"{ '(' }", "{ 'fine', '[' }"},
    [SL_OPTION_SECTION] = {NULL},
};

/* Has a range besides its kind: of the good values only that one is in it. */
static const char *
only_good(const SlOption *option)
{
  if (strcmp(option->section, "probe") == 0)
    return strcmp(option->name, "timeout") == 0 ? "20s" : strcmp(option->name, "every") == 0 ? "90s" : strcmp(option->name, "fail_after") == 0 ? "7" : NULL;
  return strcmp(option->name, "timeout") == 0 ? "90s" : NULL;
}

static void
test_kinds(void)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    for (guint i = 0; i < 5 && o->type < G_N_ELEMENTS(good) && good[o->type][i]; i++) {
      if (only_good(o) && strcmp(good[o->type][i], only_good(o)) != 0)
        continue;
      if (faulty(o, good[o->type][i])) {
        g_test_message("%s %s = %s is refused", o->section, o->name, good[o->type][i]);
        g_test_fail();
      }
    }
    for (guint i = 0; i < 8 && o->type < G_N_ELEMENTS(bad) && bad[o->type][i]; i++) {
      if (!faulty(o, bad[o->type][i])) {
        g_test_message("%s %s = %s is accepted", o->section, o->name, bad[o->type][i]);
        g_test_fail();
      }
    }
  }
}

static void
test_words(void)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (o->type != SL_OPTION_WORD)
      continue;
    g_auto(GStrv) words = g_strsplit(o->words, "|", -1);
    for (guint i = 0; words[i]; i++) {
      gboolean needs_more = strcmp(words[i], "oauth2") == 0 || strcmp(words[i], "token+dkim") == 0 || strcmp(words[i], "none") == 0;
      if (!needs_more)
        g_assert_false(faulty(o, words[i]));
    }
    g_assert_true(faulty(o, "nonsense"));
    g_assert_true(faulty(o, "\"\""));
  }
}

static void
test_fallbacks(void)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (!o->fallback)
      continue;
    g_autofree char *quoted = g_strdup_printf("\"%s\"", o->fallback);
    if (faulty(o, quoted))
      g_error("the default of %s %s is refused", o->section, o->name);
  }
}

/* ---- the manual ---- */

/* "SECTION sla.target" or "TOP LEVEL", then ".It Cm name": the set of "section name". */
static GHashTable *
manual_options(const char *text)
{
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree char *section = NULL;
  for (guint i = 0; lines[i]; i++) {
    if (g_str_has_prefix(lines[i], ".Sh ")) {
      g_clear_pointer(&section, g_free);
      if (strcmp(lines[i] + 4, "TOP LEVEL") == 0)
        section = g_strdup("");
      else if (g_str_has_prefix(lines[i] + 4, "SECTION "))
        section = g_ascii_strdown(lines[i] + 12, -1);
    } else if (section && g_str_has_prefix(lines[i], ".It Cm ")) {
      const char *name = lines[i] + strlen(".It Cm ");
      g_hash_table_add(set, g_strdup_printf("%s %.*s", section, (int)strcspn(name, " "), name));
    }
  }
  return set;
}

static void
test_manual(void)
{
  g_autofree char *text = read_source("doc/slate.conf.5");
  g_autoptr(GHashTable) manual = manual_options(text);
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    g_autofree char *key = g_strdup_printf("%s %s", o->section, o->name);
    if (!g_hash_table_remove(manual, key)) {
      g_test_message("slate.conf(5) does not name \"%s\"", key);
      g_test_fail();
    }
    g_autofree char *fallback = o->fallback ? g_strdup_printf("Default: %s", o->fallback) : NULL;
    if (fallback && !strstr(text, fallback)) {
      g_test_message("slate.conf(5) does not say \"%s\" (%s)", fallback, key);
      g_test_fail();
    }
  }
  GHashTableIter at;
  gpointer key;
  g_hash_table_iter_init(&at, manual);
  while (g_hash_table_iter_next(&at, &key, NULL)) {
    g_test_message("slate.conf(5) names \"%s\", which there is not", (char *)key);
    g_test_fail();
  }
}

static void
test_help(void)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    g_assert_nonnull(o->help);
    g_assert_true(g_str_has_suffix(o->help, ".") || g_str_has_suffix(o->help, "…"));
    for (const SlOption *p = o + 1; p->name; p++)
      g_assert_false(strcmp(o->section, p->section) == 0 && strcmp(o->name, p->name) == 0);
  }
}

/* ---- values ---- */

static void
test_values(void)
{
  g_autoptr(SlConfig) config = NULL;
  g_setenv("SL_TEST_PLACE", "/var/tmp/place", TRUE);
  g_autofree char *got = try_text("company = \"Poologics\"\n"
                                  "from = \"Poologics Support <Support@Poologics.example>\"\n"
                                  "database = \"${SL_TEST_PLACE}/slate.db\"  spool = \"${SL_TEST_PLACE}/spool\"\n"
                                  "mode = shadow\n"
                                  "mailbox \"in\" { url = \"imap://h.example:1430\" user = \"u\" password = \"cmd:echo x\" poll = 2m idle = off since = \"2026-11-24\" }\n"
                                  "smtp \"main\" { url = \"smtps://h.example\" rate = 010 retry = { \"1s\", \"2s\" } give_up = 1d }\n"
                                  "smtp \"next\" { url = \"maildir:///tmp/out\" }\n"
                                  "client \"acme\" { }\n"
                                  "probe \"app\" { url = \"https://h.example/up\" every = 2m fail_after = 2 clients = { \"acme\" } tls_ca = \"/ca.pem\" }\n"
                                  "limits { max_message = 36700160 acks_per_sender = 9 }\n",
                                  &config);
  g_assert_cmpstr(got, ==, "");
  const SlSinkOptions *sink = config->sinks->pdata[0];
  const SlMailboxConfig *mailbox = config->mailboxes->pdata[0];
  g_assert_cmpstr(config->database, ==, "/var/tmp/place/slate.db");
  g_assert_cmpstr(config->spool, ==, "/var/tmp/place/spool");
  g_assert_cmpstr(config->reply_key, ==, "/var/tmp/place/reply.key");
  g_assert_cmpstr(config->letter.from_name, ==, "Poologics Support");
  g_assert_cmpstr(config->letter.from_address, ==, "Support@Poologics.example");
  g_assert_cmpstr(config->letter.domain, ==, "poologics.example");
  g_assert_cmpstr(config->letter.reply_to, ==, "Support+{token}@Poologics.example");
  g_assert_cmpstr(config->letter.postmaster, ==, "postmaster@poologics.example");
  g_assert_true(config->letter.shadow);
  g_assert_cmpint(sink->rate, ==, 10); /* 010 is ten to everybody but C */
  g_assert_cmpint(sink->give_up_sec, ==, 86400);
  g_assert_cmpint(sink->retry_sec->len, ==, 2);
  g_assert_cmpint(g_array_index(sink->retry_sec, gint64, 1), ==, 2);
  g_assert_cmpstr(sink->tls, ==, "implicit");
  g_assert_cmpint(((SlSinkOptions *)config->sinks->pdata[1])->give_up_sec, ==, 86400);
  g_assert_cmpstr(mailbox->source.tls, ==, "starttls");
  g_assert_cmpint(mailbox->source.poll_sec, ==, 120);
  g_assert_false(mailbox->source.idle);
  g_autofree char *since = sl_time_format(mailbox->since_at);
  g_assert_cmpstr(since, ==, "2026-11-24T05:00:00Z"); /* midnight of the desk's zone */
  g_assert_cmpint(config->mail.max_message_bytes, ==, 36700160);
  g_assert_cmpint(config->policy->acks_per_sender, ==, 9);
  const SlProbeConfig *probe = config->probes->pdata[0];
  g_assert_cmpstr(probe->name, ==, "app");
  g_assert_cmpstr(probe->url, ==, "https://h.example/up");
  g_assert_cmpstr(probe->tls_ca, ==, "/ca.pem");
  g_assert_cmpint(probe->every_sec, ==, 120);
  g_assert_cmpint(probe->timeout_sec, ==, 10);
  g_assert_cmpint(sl_probe_silence_sec(probe), ==, 360);
  g_assert_cmpuint(probe->fail_after, ==, 2);
  g_assert_cmpstr(probe->clients->pdata[0], ==, "acme");
}

/* slate-ingest reads the file quickly, and must find the same spool as everybody else. */
static void
test_spool(void)
{
  static const char *const rows[][2] = {{"spool = \"/s\"\n", "/s"},
                                        {"spool = '/s'\n", "/s"},
                                        {"spool = /s/x\n", "/s/x"},
                                        {"spool = \"${SL_TEST_PLACE}/s\"\n", "/var/tmp/place/s"},
                                        {"spool = \"${SL_TEST_UNSET:-/else}/s\"\n", "/else/s"},
                                        {"spool = \"/a\\x2fb\"\n", "/a/b"}};
  g_setenv("SL_TEST_PLACE", "/var/tmp/place", TRUE);
  g_unsetenv("SL_TEST_UNSET");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlConfig) config = NULL;
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
    g_autofree char *text = g_strconcat(NEEDED, rows[i][0], NULL);
    g_autofree char *got = try_text(text, &config);
    g_autofree char *path = try_path("slate.conf");
    g_autofree char *spool = sl_config_spool(path, faults);
    g_assert_cmpstr(got, ==, "");
    g_assert_cmpstr(spool, ==, rows[i][1]);
    g_assert_cmpstr(config->spool, ==, rows[i][1]);
  }
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  try_put("slate.conf", "spol = \"/s\"\n", -1);
  g_autofree char *path = try_path("slate.conf");
  g_assert_null(sl_config_spool(path, faults)); /* a misspelt one sends mail nowhere else */
  g_assert_cmpuint(faults->len, ==, 1);
}

/* ---- whole files ---- */

static void
test_shipped(void)
{
  g_autofree char *text = read_source("etc/slate.conf");
  g_autofree char *got = try_text(text, NULL);
  g_assert_cmpstr(got, ==, "");
}

static void
test_example(void)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "shared", "examples", "slate.conf", NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL)) {
    g_test_skip("the example is not here");
    return;
  }
  g_autofree char *folder = try_path("conf.d");
  g_mkdir_with_parents(folder, 0755);
  try_put("conf.d/local.conf", "# nothing\n", -1);
  g_autoptr(GRegex) ics = g_regex_new("ics +=[^\n]*", 0, 0, NULL); /* the files that it names are not here */
  g_autofree char *without = g_regex_replace_literal(ics, text, -1, 0, "", 0, NULL);
  g_autofree char *got = try_text(without, NULL);
  g_assert_cmpstr(got, ==, "");
}

/* What a loaded configuration means, as text: the parts that a cut could lose or change. */
static char *
meaning(const SlConfig *c)
{
  GString *t = g_string_new(NULL);
  const SlPolicy *p = c->policy;
  g_string_append_printf(t, "%s|%s|%s|%s|%s|%d|%s|%s|", c->letter.company, c->letter.from_address, c->letter.postmaster, c->letter.timezone,
                         c->letter.language, c->letter.shadow, c->database, c->spool);
  g_string_append_printf(t, "%u|%u|%u|%u|%u|%u|%u|%u|%d|%d|%s|", c->mailboxes->len, c->sinks->len, c->calendars->len, c->agreements->len,
                         p->windows->len, p->agents->len, p->clients->len, p->rules->len, (int)p->assign, p->acks_per_sender, p->subject_tag);
  for (guint i = 0; i < c->sinks->len; i++) {
    const SlSinkOptions *s = c->sinks->pdata[i];
    g_string_append_printf(t, "%s %s %s %s %d %u|", s->name, s->url, s->tls, s->user, s->rate, s->retry_sec->len);
  }
  for (guint i = 0; i < p->clients->len; i++)
    g_string_append_printf(t, "%s %u|", ((SlClient *)p->clients->pdata[i])->name, ((SlClient *)p->clients->pdata[i])->domains->len);
  return g_string_free(t, FALSE);
}

/* Cut at every byte: a fault, or the same as the whole. smtp stands last in both: it is needed, so what is cut off is missed. */
static void
cut_everywhere(const char *text)
{
  g_autoptr(SlConfig) whole = NULL;
  g_autofree char *none = try_text(text, &whole);
  g_assert_cmpstr(none, ==, "");
  g_autofree char *wanted = meaning(whole);
  guint refused = 0;
  for (gsize n = 0; n < strlen(text); n++) {
    g_autoptr(SlConfig) config = NULL;
    g_autofree char *half = g_strndup(text, n);
    if (!g_utf8_validate(half, -1, NULL))
      continue;
    g_autofree char *faults = try_text(half, &config);
    g_autofree char *got = config ? meaning(config) : NULL;
    refused += config == NULL;
    if (config && strcmp(got, wanted) != 0)
      g_error("cut at byte %zu of %zu it is accepted and means something else:\n%s\n%s", n, strlen(text), got, wanted);
  }
  g_assert_cmpuint(refused, >, strlen(text) / 2);
}

static void
test_cut_shipped(void)
{
  g_autofree char *text = read_source("etc/slate.conf");
  cut_everywhere(text);
}

static void
test_cut_rich(void)
{
  cut_everywhere("company = 'P # 1' # a comment with { and \"\n"
                 "from = \"P \\\"S\\\" <s@p.example>\" mode = shadow\n"
                 "/* a { block */ subject_tag = '[PL#{id}]'\n"
                 "calendar \"default\" { hours = { \"mon-fri 08:00-18:00\" }\n  holidays = { \"2026-12-25 X\", } }\n"
                 "sla \"standard\" { target \"answer/critical\" { within = 1h warn = { \"80%\" } } }\n"
                 "client acme { domains = { acme.example } contacts += { \"x@y.example\" } }\n"
                 "rule \"r\" { subject = { '(?i)down', 'x' } set { priority = critical } }\n"
                 "agents { assign = manual }\nlimits { acks_per_sender = 15 }\n"
                 "smtp \"a\" { url = \"smtp://localhost:2500\" tls = none rate = 100\n  retry = { \"1m\", \"5m\" } }\n");
}

/* At the top a number or a word could lose its end unseen. */
static void
test_cut_word(void)
{
  static const char text[] = NEEDED "postmaster = post.master@p.example";
  for (gsize n = strlen(NEEDED "p"); n <= strlen(text); n++) {
    g_autofree char *half = g_strndup(text, n);
    g_autofree char *faults = try_text(half, NULL);
    g_assert_cmpstr(faults, !=, "");
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  try_begin();
  g_test_add_func("/config/options/of-their-kind", test_kinds);
  g_test_add_func("/config/options/words", test_words);
  g_test_add_func("/config/options/defaults-are-legal", test_fallbacks);
  g_test_add_func("/config/options/manual-names-each", test_manual);
  g_test_add_func("/config/options/help", test_help);
  g_test_add_func("/config/values/arrive", test_values);
  g_test_add_func("/config/values/spool-is-one", test_spool);
  g_test_add_func("/config/file/shipped", test_shipped);
  g_test_add_func("/config/file/example", test_example);
  g_test_add_func("/config/cut/shipped", test_cut_shipped);
  g_test_add_func("/config/cut/rich", test_cut_rich);
  g_test_add_func("/config/cut/word", test_cut_word);
  int rc = g_test_run();
  try_end();
  return rc;
}
