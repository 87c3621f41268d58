/* SPDX-License-Identifier: ISC */
#include "desk/policy.h"

#include <string.h>

#include "mail/mail.h"
#include "sla/versions.h"

SlAgent *
sl_agent_new(const char *name)
{
  SlAgent *agent = g_new0(SlAgent, 1);
  agent->name = g_strdup(name);
  agent->title = g_strdup(name);
  agent->title[0] = g_ascii_toupper(agent->title[0]);
  agent->mail = g_ptr_array_new_with_free_func(g_free);
  agent->roles = g_ptr_array_new_with_free_func(g_free);
  agent->languages = g_ptr_array_new_with_free_func(g_free);
  return agent;
}

void
sl_agent_free(SlAgent *agent)
{
  if (!agent)
    return;
  g_free(agent->name);
  g_free(agent->title);
  g_ptr_array_unref(agent->mail);
  g_ptr_array_unref(agent->roles);
  g_ptr_array_unref(agent->languages);
  g_free(agent->calendar);
  g_free(agent->digest);
  g_free(agent);
}

SlClient *
sl_client_new(const char *name)
{
  SlClient *client = g_new0(SlClient, 1);
  client->name = g_strdup(name);
  client->versions = g_ptr_array_new_with_free_func((GDestroyNotify)sl_agreement_free);
  client->domains = g_ptr_array_new_with_free_func(g_free);
  client->contacts = g_ptr_array_new_with_free_func(g_free);
  return client;
}

void
sl_client_free(SlClient *client)
{
  if (!client)
    return;
  g_clear_pointer(&client->zone, g_time_zone_unref);
  char *const strings[] = {client->name, client->title, client->phone, client->timezone, client->language};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_ptr_array_unref(client->domains);
  g_ptr_array_unref(client->contacts);
  g_ptr_array_unref(client->versions);
  sl_agreement_free(client->agreement);
  g_free(client);
}

static void
choose_version(SlClient *client, SlTime at)
{
  if (client->versions->len == 0)
    return;
  const SlAgreement *chosen = sl_agreement_in_force(client->versions, client->agreement->name, at);
  if (!chosen || chosen == client->agreement)
    return;
  sl_agreement_free(client->agreement);
  client->agreement = sl_agreement_ref((SlAgreement *)chosen);
}

void
sl_policy_in_force(SlPolicy *policy, SlTime at)
{
  choose_version(policy->everybody, at);
  for (guint i = 0; i < policy->clients->len; i++)
    choose_version(policy->clients->pdata[i], at);
}

SlRule *
sl_rule_new(const char *name)
{
  SlRule *rule = g_new0(SlRule, 1);
  GPtrArray **const regexes[] = {&rule->subject, &rule->body, &rule->from, &rule->header};
  for (guint i = 0; i < G_N_ELEMENTS(regexes); i++)
    *regexes[i] = g_ptr_array_new_with_free_func((GDestroyNotify)g_regex_unref);
  rule->name = g_strdup(name);
  rule->mailbox = g_ptr_array_new_with_free_func(g_free);
  rule->plus = g_ptr_array_new_with_free_func(g_free);
  rule->tags = g_ptr_array_new_with_free_func(g_free);
  rule->priority = rule->ack = -1;
  return rule;
}

void
sl_rule_free(SlRule *rule)
{
  if (!rule)
    return;
  GPtrArray *const arrays[] = {rule->subject, rule->body, rule->from, rule->header, rule->mailbox, rule->plus, rule->tags};
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    g_ptr_array_unref(arrays[i]);
  g_free(rule->name);
  g_free(rule->language);
  g_free(rule->requester);
  g_free(rule->client);
  g_free(rule->action);
  g_free(rule);
}

/* S5: "critical incidents like when the customer is blocked to generate an estimate and a proposal", in three languages. */
static SlRule *
default_rule(const char *name, const char *subject, const char *body)
{
  SlRule *rule = sl_rule_new(name);
  const GRegexCompileFlags flags = G_REGEX_CASELESS | G_REGEX_OPTIMIZE;
  g_ptr_array_add(rule->subject, g_regex_new(subject, flags, 0, NULL));
  g_ptr_array_add(rule->body, g_regex_new(body, flags, 0, NULL));
  rule->any = TRUE;
  rule->priority = SL_PRIORITY_CRITICAL;
  g_ptr_array_add(rule->tags, g_strdup("blocked-estimate"));
  return rule;
}

static void
add_default_rules(SlPolicy *policy)
{
  static const char *const rows[][3] = {
      {"critical: cannot estimate or propose", "\\b(blocked|cannot|can.?t|unable)\\b.*\\b(estimate|proposal|quote)s?\\b",
       "\\b(cannot|can.?t|unable to|blocked from)\\b.{0,60}\\b(generat|creat|send|mak)\\w*.{0,40}\\b(estimate|proposal|quote)s?\\b"
       "|\\b(estimate|proposal|quote)s?\\b.{0,40}\\b(cannot|can.?t|could not|couldn.?t)\\b.{0,20}\\b(generated|created|sent|made)\\b"},
      {"critical: kein Angebot möglich",
       "\\b(Angebot|Kostenvoranschlag)\\w*\\b.{0,80}\\b(nicht|blockiert|unmöglich)\\b|\\b(nicht|kein)\\w*\\b.{0,40}\\b(Angebot|Kostenvoranschlag)",
       "\\b(Angebot|Kostenvoranschlag)\\w*\\b.{0,80}\\b(nicht (erstell|erzeug|send|mach)\\w*|blockiert)\\b"},
      {"critical: no se puede presupuestar",
       "\\b(no (puedo|podemos|se puede)|bloquead[oa])\\b.*\\b(presupuesto|propuesta|cotización)",
       "\\b(no (puedo|podemos|se puede)|bloquead[oa]s?)\\b.{0,60}\\b(presupuesto|propuesta|cotización)"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    g_ptr_array_add(policy->rules, default_rule(rows[i][0], rows[i][1], rows[i][2]));
}

SlPolicy *
sl_policy_new(void)
{
  SlPolicy *policy = g_new0(SlPolicy, 1);
  policy->agents = g_ptr_array_new_with_free_func((GDestroyNotify)sl_agent_free);
  policy->clients = g_ptr_array_new_with_free_func((GDestroyNotify)sl_client_free);
  policy->windows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_window_free);
  policy->rules = g_ptr_array_new_with_free_func((GDestroyNotify)sl_rule_free);
  policy->replies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  policy->mailbox_clients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  policy->mailbox_languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  policy->everybody = sl_client_new("default");
  policy->everybody->agreement = sl_agreement_new_default();
  policy->assign = SL_ASSIGN_LEAST_OPEN;
  policy->acks_per_sender = 5;
  policy->acks_per_sender_window_sec = 3600;
  policy->acks_to_strangers = 60;
  policy->strangers_raise = 3;
  policy->bundle_window_sec = 600;
  policy->undo_sec = 300;
  add_default_rules(policy);
  return policy;
}

void
sl_policy_free(SlPolicy *policy)
{
  if (!policy)
    return;
  char *const strings[] = {policy->company,    policy->from_address, policy->reply_to, policy->domain,
                           policy->postmaster, policy->timezone,     policy->language, policy->subject_tag};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_ptr_array_unref(policy->agents);
  g_ptr_array_unref(policy->clients);
  g_ptr_array_unref(policy->windows);
  g_ptr_array_unref(policy->rules);
  g_hash_table_unref(policy->replies);
  g_hash_table_unref(policy->mailbox_clients);
  g_hash_table_unref(policy->mailbox_languages);
  sl_client_free(policy->everybody);
  g_free(policy);
}

static gboolean
holds_address(const GPtrArray *addresses, const char *address)
{
  for (guint i = 0; i < addresses->len; i++) {
    if (sl_address_equal(addresses->pdata[i], address))
      return TRUE;
  }
  return FALSE;
}

const SlAgent *
sl_policy_agent_by_mail(const SlPolicy *policy, const char *address)
{
  for (guint i = 0; i < policy->agents->len; i++) {
    const SlAgent *agent = policy->agents->pdata[i];
    if (holds_address(agent->mail, address))
      return agent;
  }
  return NULL;
}

const SlAgent *
sl_policy_agent(const SlPolicy *policy, const char *name)
{
  for (guint i = 0; i < policy->agents->len; i++) {
    const SlAgent *agent = policy->agents->pdata[i];
    if (g_ascii_strcasecmp(agent->name, name) == 0)
      return agent;
  }
  return NULL;
}

/* "eu.acme.example" is of "acme.example"; "notacme.example" is not. */
static gboolean
within_domain(const char *domain, const char *of)
{
  gsize n = strlen(domain), m = strlen(of);
  if (n < m || g_ascii_strcasecmp(domain + n - m, of) != 0)
    return FALSE;
  return n == m || domain[n - m - 1] == '.';
}

static gboolean
holds_domain(const SlClient *client, const char *domain)
{
  for (guint i = 0; i < client->domains->len; i++) {
    if (within_domain(domain, client->domains->pdata[i]))
      return TRUE;
  }
  return FALSE;
}

const SlClient *
sl_policy_client_of(const SlPolicy *policy, const char *address)
{
  const char *domain = sl_address_domain(address);
  for (guint i = 0; i < policy->clients->len; i++) {
    const SlClient *client = policy->clients->pdata[i];
    if (holds_address(client->contacts, address))
      return client;
  }
  for (guint i = 0; *domain && i < policy->clients->len; i++) {
    const SlClient *client = policy->clients->pdata[i];
    if (holds_domain(client, domain))
      return client;
  }
  return policy->everybody;
}

const SlClient *
sl_policy_client_by(const SlPolicy *policy, const char *address, const char *mailbox)
{
  const SlClient *client = sl_policy_client_of(policy, address);
  const char *name = mailbox && client == policy->everybody ? g_hash_table_lookup(policy->mailbox_clients, mailbox) : NULL;
  const SlClient *of_mailbox = name ? sl_policy_client(policy, name) : NULL;
  return of_mailbox ? of_mailbox : client;
}

const SlClient *
sl_policy_client(const SlPolicy *policy, const char *name)
{
  if (g_strcmp0(name, policy->everybody->name) == 0)
    return policy->everybody;
  for (guint i = 0; i < policy->clients->len; i++) {
    const SlClient *client = policy->clients->pdata[i];
    if (g_strcmp0(client->name, name) == 0)
      return client;
  }
  return NULL;
}

gboolean
sl_policy_is_stranger(const SlPolicy *policy, const char *address)
{
  return sl_policy_client_of(policy, address) == policy->everybody && !sl_policy_agent_by_mail(policy, address);
}

gboolean
sl_policy_is_ours(const SlPolicy *policy, const char *address)
{
  return policy->from_address && sl_address_equal(policy->from_address, address);
}

gboolean
sl_policy_is_outsider(const SlPolicy *policy, const char *address)
{
  return !sl_policy_agent_by_mail(policy, address) && g_ascii_strcasecmp(sl_address_domain(address), policy->domain ? policy->domain : "") != 0;
}

static gboolean
is_left_out(const SlAgent *agent, const char *but_not, GHashTable *absent)
{
  return g_strcmp0(agent->name, but_not) == 0 || (absent && g_hash_table_contains(absent, agent->name));
}

static void
add_agent(GPtrArray *out, const SlAgent *agent, const char *but_not, GHashTable *absent)
{
  if (agent && agent->mail->len && !is_left_out(agent, but_not, absent))
    g_ptr_array_add(out, agent->mail->pdata[0]);
}

GPtrArray *
sl_policy_resolve(const SlPolicy *policy, const char *who, const char *but_not, GHashTable *absent)
{
  GPtrArray *out = g_ptr_array_new();
  if (g_str_has_prefix(who, "agent:")) {
    add_agent(out, sl_policy_agent(policy, who + strlen("agent:")), but_not, absent);
  } else if (g_str_has_prefix(who, "role:")) {
    for (guint i = 0; i < policy->agents->len; i++) {
      if (sl_agent_has_role(policy->agents->pdata[i], who + strlen("role:")))
        add_agent(out, policy->agents->pdata[i], but_not, absent);
    }
  } else if (strchr(who, '@')) {
    const SlAgent *agent = sl_policy_agent_by_mail(policy, who);
    if (!agent || !is_left_out(agent, but_not, absent))
      g_ptr_array_add(out, (gpointer)who);
  } else {
    add_agent(out, sl_policy_agent(policy, who), but_not, absent);
  }
  return out;
}

gboolean
sl_agent_has_role(const SlAgent *agent, const char *role)
{
  return g_ptr_array_find_with_equal_func(agent->roles, role, g_str_equal, NULL);
}

const char *
sl_policy_title(const SlPolicy *policy, const char *name)
{
  const SlAgent *agent = name ? sl_policy_agent(policy, name) : NULL;
  return agent ? agent->title : name;
}

const char *
sl_agent_mail(const SlAgent *agent)
{
  return agent->mail->pdata[0];
}
