/* SPDX-License-Identifier: ISC */
#include "desk/triage.h"

#include <string.h>

#define BODY_MOST_BYTES 65536

/* What the conditions of a rule are held against. */
typedef struct {
  const SlPolicy *policy;
  const SlMailStimulus *stimulus;
  const char *from; /* "" when none */
  char *body;       /* at most 64 KiB */
  const SlClient *client;
} Scene;

/* A pattern that needs too many steps counts as no match: a hostile text cannot hold the desk up. */
static gboolean
matches(const GRegex *regex, const char *text)
{
  return g_regex_match_full(regex, text, -1, 0, 0, NULL, NULL);
}

static gboolean
any_matches(const GPtrArray *regexes, const char *text)
{
  for (guint i = 0; i < regexes->len; i++) {
    if (matches(regexes->pdata[i], text))
      return TRUE;
  }
  return FALSE;
}

static gboolean
header_matches(const SlRule *rule, const SlMail *mail)
{
  for (guint i = 0; i < mail->headers->len; i++) {
    const SlHeader *header = mail->headers->pdata[i];
    g_autofree char *line = g_strdup_printf("%s: %s", header->name, header->value);
    if (any_matches(rule->header, line))
      return TRUE;
  }
  return FALSE;
}

/* "form" of support+form@…, as the mail was addressed. */
static gboolean
plus_matches(const SlRule *rule, const char *recipient)
{
  const char *plus = recipient ? strchr(recipient, '+') : NULL;
  const char *at = plus ? strchr(plus, '@') : NULL;
  if (!at)
    return FALSE;
  g_autofree char *detail = g_strndup(plus + 1, (gsize)(at - plus - 1));
  return g_ptr_array_find_with_equal_func(rule->plus, detail, g_str_equal, NULL);
}

static gboolean
in_mailbox(const SlRule *rule, const char *mailbox)
{
  return mailbox && g_ptr_array_find_with_equal_func(rule->mailbox, mailbox, g_str_equal, NULL);
}

static gboolean
in_language(const SlRule *rule, const Scene *scene)
{
  const char *language = scene->client->language ? scene->client->language : scene->policy->language;
  return g_strcmp0(rule->language, language) == 0;
}

static gboolean
rule_holds(const SlRule *rule, const Scene *scene)
{
  const SlMail *mail = scene->stimulus->mail;
  const char *recipient = scene->stimulus->recipient ? scene->stimulus->recipient : mail->delivered_to;
  const struct {
    gboolean asked, holds;
  } texts[] = {
      {rule->subject->len > 0, rule->subject->len && any_matches(rule->subject, mail->subject)},
      {rule->body->len > 0, rule->body->len && any_matches(rule->body, scene->body)},
      {rule->from->len > 0, rule->from->len && any_matches(rule->from, scene->from)},
      {rule->header->len > 0, rule->header->len && header_matches(rule, mail)},
  };
  if (rule->unless_client && scene->client != scene->policy->everybody)
    return FALSE;
  if ((rule->mailbox->len && !in_mailbox(rule, scene->stimulus->mailbox)) || (rule->plus->len && !plus_matches(rule, recipient)) ||
      (rule->language && !in_language(rule, scene)))
    return FALSE;
  gboolean any = FALSE, all = TRUE, asked = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (!texts[i].asked)
      continue;
    asked = TRUE;
    any |= texts[i].holds;
    all &= texts[i].holds;
  }
  return !asked || (rule->any ? any : all);
}

static void
take_tags(SlTriage *triage, const SlRule *rule)
{
  for (guint i = 0; i < rule->tags->len; i++) {
    if (!g_ptr_array_find_with_equal_func(triage->tags, rule->tags->pdata[i], g_str_equal, NULL))
      g_ptr_array_add(triage->tags, rule->tags->pdata[i]);
  }
}

/* First match wins a field; tags of all matching rules are united. */
static void
take(SlTriage *triage, const SlRule *rule, const Scene *scene)
{
  const SlMail *mail = scene->stimulus->mail;
  if (triage->priority < 0 && rule->priority >= 0) {
    triage->priority = rule->priority;
    triage->priority_rule = rule->name;
  }
  if (!triage->requester && g_strcmp0(rule->requester, "reply-to") == 0 && mail->reply_to->len)
    triage->requester = g_strdup(((const SlMailbox *)mail->reply_to->pdata[0])->address);
  if (!triage->client && rule->client)
    triage->client = sl_policy_client(scene->policy, rule->client);
  if (!triage->action)
    triage->action = rule->action;
  if (triage->ack < 0)
    triage->ack = rule->ack;
  take_tags(triage, rule);
}

static char *
first_bytes(const char *text)
{
  gsize length = strlen(text);
  if (length <= BODY_MOST_BYTES)
    return g_strdup(text);
  const char *end = g_utf8_find_prev_char(text, text + BODY_MOST_BYTES + 1);
  return g_strndup(text, end ? (gsize)(end - text) : 0);
}

void
sl_desk_triage(const SlPolicy *policy, const SlMailStimulus *mail, SlTriage *out_triage)
{
  const char *from = mail->mail->from ? mail->mail->from->address : "";
  g_autofree char *body = first_bytes(mail->mail->reply);
  Scene scene = {policy, mail, from, body, sl_policy_client_of(policy, from)};
  *out_triage = (SlTriage){.priority = -1, .ack = -1, .tags = g_ptr_array_new()};
  for (guint i = 0; i < policy->rules->len; i++) {
    const SlRule *rule = policy->rules->pdata[i];
    if (rule_holds(rule, &scene))
      take(out_triage, rule, &scene);
  }
}

void
sl_triage_clear(SlTriage *triage)
{
  g_clear_pointer(&triage->tags, g_ptr_array_unref);
  g_clear_pointer(&triage->requester, g_free);
}

/* ---- the customer's plain words ---- */

/* A line that begins a sign-off; what follows it is the sender's name and company. */
static gboolean
begins_sign_off(const char *line)
{
  static const char *const closings[] = {"mfg",        "vg",          "lg",       "mit freundlichen", "viele gr",  "liebe gr", "beste gr",
                                         "freundliche", "regards",    "best",     "kind regards",     "sincerely", "yours",    "saludos",
                                         "un saludo",  "cordialement", "sent from", "gesendet von",   "enviado desde", "--"};
  for (guint i = 0; i < G_N_ELEMENTS(closings); i++) {
    if (g_str_has_prefix(line, closings[i]))
      return TRUE;
  }
  return FALSE;
}

/* Only words of the sender's own name? */
static gboolean
is_name(const char *line, char **names)
{
  g_auto(GStrv) words = g_strsplit_set(line, " ,.", -1);
  guint n = 0;
  for (guint i = 0; words[i]; i++) {
    if (!*words[i])
      continue;
    if (!g_strv_contains((const char *const *)names, words[i]))
      return FALSE;
    n++;
  }
  return n > 0;
}

/* The words without sign-off, in lower case, without punctuation at the end. */
static char *
bare(const char *reply, const char *name)
{
  g_autofree char *lower = g_utf8_casefold(reply, -1);
  g_autofree char *folded = g_utf8_casefold(name ? name : "", -1);
  g_auto(GStrv) names = g_strsplit_set(folded, " ,.", -1);
  g_auto(GStrv) lines = g_strsplit(lower, "\n", -1);
  g_autoptr(GString) kept = g_string_new(NULL);
  for (guint i = 0; lines[i]; i++) {
    g_strstrip(lines[i]);
    if (begins_sign_off(lines[i]))
      break;
    if (*lines[i] && !(kept->len && is_name(lines[i], names)))
      g_string_append_printf(kept, "%s%s", kept->len ? "\n" : "", lines[i]);
  }
  gsize n = kept->len;
  while (n > 0 && strchr(".!? \n\t,", kept->str[n - 1]))
    n--;
  return g_strndup(kept->str, n);
}

/* Nothing but thanks: every word of a short reply is one of these. A doubt is no thanks: an answer too many is the lesser evil. */
static gboolean
only_thanks(const char *text, const char *name)
{
  g_autofree char *folded = g_utf8_casefold(name ? name : "", -1);
  g_auto(GStrv) names = g_strsplit_set(folded, " ,.", -1);
  static const char *const thanks[] = {"thanks", "thank", "thx", "danke", "dankeschön", "gracias", "merci", "cheers", "perfect", "great"};
  static const char *const fillers[] = {"you",  "a",    "lot",  "so",   "much",  "very",  "many",  "all",  "again", "for",  "your",   "help",
                                        "vielen", "dank", "herzlichen", "schön", "sehr", "ihnen", "für", "die", "hilfe", "muchas", "mil", "por",
                                        "su",   "ayuda", "beaucoup", "et", "and", "best", "regards", "super", "ok", "the", "quick"};
  g_auto(GStrv) words = g_strsplit_set(text, " \n\t,.!;:-", -1);
  gboolean thanked = FALSE;
  guint count = 0;
  for (guint i = 0; words[i]; i++) {
    gboolean is_thanks = FALSE, is_filler = FALSE;
    if (!*words[i])
      continue;
    for (guint j = 0; j < G_N_ELEMENTS(thanks); j++)
      is_thanks |= strcmp(words[i], thanks[j]) == 0;
    for (guint j = 0; j < G_N_ELEMENTS(fillers); j++)
      is_filler |= strcmp(words[i], fillers[j]) == 0;
    if (!is_thanks && !is_filler && !g_strv_contains((const char *const *)names, words[i]))
      return FALSE;
    thanked |= is_thanks || strcmp(words[i], "dank") == 0;
    count++;
  }
  return thanked && count <= 12;
}

SlWord
sl_triage_word(const char *reply, const char *name)
{
  static const struct {
    const char *text;
    SlWord word;
  } words[] = {{"urgent", SL_WORD_URGENT}, {"solved", SL_WORD_SOLVED}, {"stop", SL_WORD_STOP}, {"ok", SL_WORD_OK}, {"no", SL_WORD_NO},
               {"drop", SL_WORD_NO}};
  if (strlen(reply) > 400)
    return SL_WORD_NONE;
  g_autofree char *text = bare(reply, name);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    if (strcmp(text, words[i].text) == 0)
      return words[i].word;
  }
  return only_thanks(text, name) ? SL_WORD_THANKS : SL_WORD_NONE;
}
