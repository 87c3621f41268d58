/* SPDX-License-Identifier: ISC */
/* Rules over mail: which conditions hold, and that the first match wins a field. */
#include "desk/triage.h"
#include "pure.h"

static SlPolicy *policy;

static void
add_regex(GPtrArray *list, const char *pattern)
{
  GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
  g_assert_nonnull(regex);
  g_ptr_array_add(list, regex);
}

/* "subject=x body=y from=z header=h mailbox=m plus=p any unless-client priority=critical tag=a client=acme requester action=file ack=0" */
static SlRule *
read_rule(const char *text)
{
  SlRule *rule = sl_rule_new("rule");
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  for (guint i = 0; words[i] && *words[i]; i++) {
    g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
    const struct {
      const char *word;
      GPtrArray *list;
    } regexes[] = {{"subject", rule->subject}, {"body", rule->body}, {"from", rule->from}, {"header", rule->header}};
    const struct {
      const char *word;
      GPtrArray *list;
    } texts[] = {{"mailbox", rule->mailbox}, {"plus", rule->plus}, {"tag", rule->tags}};
    for (guint k = 0; k < G_N_ELEMENTS(regexes); k++) {
      if (strcmp(pair[0], regexes[k].word) == 0)
        add_regex(regexes[k].list, pair[1]);
    }
    for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
      if (strcmp(pair[0], texts[k].word) == 0)
        g_ptr_array_add(texts[k].list, g_strdup(pair[1]));
    }
    SlPriority priority = SL_PRIORITY_STANDARD;
    if (strcmp(pair[0], "priority") == 0 && sl_priority_parse(pair[1], &priority))
      rule->priority = (int)priority;
    rule->any |= strcmp(pair[0], "any") == 0;
    rule->unless_client |= strcmp(pair[0], "unless-client") == 0;
    if (strcmp(pair[0], "client") == 0)
      rule->client = g_strdup(pair[1]);
    if (strcmp(pair[0], "requester") == 0)
      rule->requester = g_strdup("reply-to");
    if (strcmp(pair[0], "action") == 0)
      rule->action = g_strdup(pair[1]);
    if (strcmp(pair[0], "ack") == 0)
      rule->ack = *pair[1] - '0';
  }
  return rule;
}

/* Maria's mail "Pool pump" with the words "It stands still.", to support+form@, in the mailbox "support", X-Form: web, Reply-To Juan. */
static char *
triaged(const char *rules, const char *from)
{
  g_autoptr(SlPolicy) own = pure_policy();
  g_autoptr(SlMail) mail = pure_mail(from, "Pool pump", "It stands still.");
  SlHeader *header = g_new0(SlHeader, 1);
  SlTriage triage;
  g_auto(GStrv) each = g_strsplit(rules, "; ", -1);
  g_ptr_array_set_size(own->rules, 0);
  for (guint i = 0; each[i]; i++)
    g_ptr_array_add(own->rules, read_rule(each[i]));
  header->name = g_strdup("X-Form");
  header->value = g_strdup("web");
  g_ptr_array_add(mail->headers, header);
  g_ptr_array_add(mail->reply_to, sl_mailbox_new("", JUAN));
  SlMailStimulus stimulus = {.mail = mail, .mailbox = "support", .recipient = "support+form@poologics.example"};
  sl_desk_triage(own, &stimulus, &triage);
  GString *out = g_string_new(NULL);
  if (triage.priority >= 0)
    g_string_append_printf(out, " %s", sl_priority_word((SlPriority)triage.priority));
  for (guint i = 0; i < triage.tags->len; i++)
    g_string_append_printf(out, " #%s", (char *)triage.tags->pdata[i]);
  if (triage.requester)
    g_string_append_printf(out, " from %s", triage.requester);
  if (triage.client)
    g_string_append_printf(out, " of %s", triage.client->name);
  if (triage.action)
    g_string_append_printf(out, " %s", triage.action);
  if (triage.ack >= 0)
    g_string_append_printf(out, " ack=%d", triage.ack);
  sl_triage_clear(&triage);
  return g_strstrip(g_string_free(out, FALSE));
}

static void
test_rules(void)
{
  static const struct {
    const char *rules, *from, *wanted;
  } rows[] = {
      {"subject=pump tag=a", MARIA, "#a"},
      {"subject=boiler tag=a", MARIA, ""},
      {"body=still tag=a", MARIA, "#a"},
      {"from=acme-pools tag=a", MARIA, "#a"},
      {"header=^x-form:.web tag=a", MARIA, "#a"},
      {"subject=pump body=boils tag=a", MARIA, ""},
      {"subject=pump body=boils any tag=a", MARIA, "#a"},
      {"subject=boiler subject=pump tag=a", MARIA, "#a"},
      {"mailbox=support tag=a", MARIA, "#a"},
      {"mailbox=sales tag=a", MARIA, ""},
      {"plus=form tag=a", MARIA, "#a"},
      {"plus=other tag=a", MARIA, ""},
      {"plus=other subject=pump any tag=a", MARIA, ""},
      {"tag=a", MARIA, "#a"},
      {"unless-client tag=a", MARIA, ""},
      {"unless-client tag=a", ELSE, "#a"},
      {"subject=pump priority=critical; priority=low", MARIA, "critical"},
      {"subject=boiler priority=critical; priority=low", MARIA, "low"},
      {"tag=a; tag=b; tag=a", MARIA, "#a #b"},
      {"client=blauwasser; client=acme", MARIA, "of blauwasser"},
      {"client=nobody; client=acme", MARIA, "of acme"},
      {"requester", MARIA, "from " JUAN},
      {"action=file; action=ignore", MARIA, "file"},
      {"ack=0; ack=1", MARIA, "ack=0"},
      {"priority=low; tag=a; ack=0", MARIA, "low #a ack=0"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *got = triaged(rows[i].rules, rows[i].from);
    g_test_message("%s", rows[i].rules);
    g_assert_cmpstr(got, ==, rows[i].wanted);
  }
}

/* The agreement's own case, and what only looks like it (S5). */
static void
test_critical(void)
{
  static const struct {
    const char *text;
    gboolean critical;
  } rows[] = {
      {"We cannot generate the estimate.", TRUE},
      {"The estimate cannot be generated.", TRUE},
      {"The proposals could not be sent.", TRUE},
      {"I am unable to create a quote for pool 14", TRUE},
      {"Das Angebot kann nicht erstellt werden.", TRUE},
      {"No podemos enviar el presupuesto.", TRUE},
      {"The estimate has been generated.", FALSE},
      {"I cannot log in. By the way: thank you.", FALSE},
      {"Can you send me the estimate?", FALSE},
      {"Please generate an estimate.", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlMail) mail = pure_mail(MARIA, "A question", rows[i].text);
    SlMailStimulus stimulus = {.mail = mail};
    SlTriage triage;
    sl_desk_triage(policy, &stimulus, &triage);
    g_test_message("%s", rows[i].text);
    g_assert_cmpint(triage.priority == SL_PRIORITY_CRITICAL, ==, rows[i].critical);
    sl_triage_clear(&triage);
  }
}

static void
test_words(void)
{
  static const struct {
    const char *reply;
    SlWord word;
  } rows[] = {
      {"OK", SL_WORD_OK},     {"ok.", SL_WORD_OK},      {" OK \n", SL_WORD_OK}, {"NO", SL_WORD_NO},       {"drop", SL_WORD_NO},    {"Drop!", SL_WORD_NO},
      {"OK, but", SL_WORD_NONE}, {"okay then", SL_WORD_NONE}, {"STOP.", SL_WORD_STOP}, {"solved", SL_WORD_SOLVED}, {"URGENT!!", SL_WORD_URGENT},
      {"no way", SL_WORD_NONE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_test_message("\"%s\"", rows[i].reply);
    g_assert_cmpint(sl_triage_word(rows[i].reply, NULL), ==, rows[i].word);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_test_add_func("/desk/triage/rules", test_rules);
  g_test_add_func("/desk/triage/agreements-own-case", test_critical);
  g_test_add_func("/desk/triage/one-word", test_words);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
