/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "config/load.h"

/* ---- clients ---- */

static const SlCalendar *
client_calendar(SlConfig *config, const SlSection *section)
{
  const char *name = sl_section_string(section, "calendar");
  const SlCalendar *calendar = name ? sl_config_calendar(config, name) : NULL;
  if (name && !calendar)
    sl_section_no_such(section, "calendar", name, "calendar", "calendar", "default");
  return calendar;
}

/* All versions of the agreement, in the client's own calendar if it has one; the first is in force until a time is known. */
static void
take_versions(const SlConfig *config, SlClient *client, const char *sla, const SlCalendar *calendar)
{
  for (guint i = 0; i < config->agreements->len; i++) {
    const SlAgreement *version = config->agreements->pdata[i];
    if (g_strcmp0(version->name, sla) == 0)
      g_ptr_array_add(client->versions, calendar ? sl_agreement_in_calendar(version, sl_calendar_get_spec(calendar)) : sl_agreement_dup(version));
  }
  sl_agreement_free(client->agreement);
  client->agreement = sl_agreement_ref(client->versions->pdata[0]);
}

static void
load_client(SlConfig *config, const SlSection *section, SlClient *client)
{
  const char *sla = sl_section_string(section, "sla");
  const char *zone = sl_section_string(section, "timezone");
  const SlAgreement *agreement = sl_config_agreement(config, sla ? sla : "standard");
  const SlCalendar *calendar = client_calendar(config, section);
  if (!agreement) {
    sl_section_no_such(section, "sla", sla ? sla : "standard", "sla", "agreement", "standard");
    agreement = config->agreements->pdata[0];
  }
  take_versions(config, client, agreement->name, calendar);
  client->title = g_strdup(sl_section_string(section, "name"));
  client->timezone = g_strdup(zone);
  client->zone = zone ? sl_time_zone_new(zone) : NULL;
  client->language = g_strdup(sl_section_string(section, "language"));
  client->phone = g_strdup(sl_section_string(section, "phone"));
  sl_section_list(section, "domains", client->domains);
  sl_section_list(section, "contacts", client->contacts);
  sl_section_check_addresses(section, "contacts", client->contacts);
  if (zone && !sl_time_zone_exists(zone))
    sl_section_fault(section, "timezone", "timezone: there is no time zone \"%s\"", zone);
}

void
sl_load_clients(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "client");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "client", i, "client");
    if (strcmp(sl_section_title(&section), "default") == 0) {
      load_client(config, &section, config->policy->everybody);
      config->names_default = TRUE;
      continue;
    }
    SlClient *client = sl_client_new(sl_section_title(&section));
    load_client(config, &section, client);
    g_ptr_array_add(config->policy->clients, client);
  }
  if (!config->names_default)
    take_versions(config, config->policy->everybody, sl_config_agreement(config, "standard")->name, NULL);
}

/* ---- agents ---- */

static void
load_agent(SlConfig *config, const SlSection *section)
{
  SlAgent *agent = sl_agent_new(sl_section_title(section));
  const char *calendar = sl_section_string(section, "calendar");
  const char *title = sl_section_string(section, "name");
  if (title && *title) {
    g_free(agent->title);
    agent->title = g_strdup(title);
  }
  sl_section_list(section, "mail", agent->mail);
  sl_section_list(section, "roles", agent->roles);
  sl_section_list(section, "languages", agent->languages);
  agent->digest = g_strdup(sl_section_string(section, "digest"));
  agent->calendar = g_strdup(calendar);
  if (calendar && !sl_config_calendar(config, calendar))
    sl_section_no_such(section, "calendar", calendar, "calendar", "calendar", "default");
  sl_section_check_addresses(section, "mail", agent->mail);
  if (agent->roles->len == 0)
    g_ptr_array_add(agent->roles, g_strdup("agent"));
  for (guint i = 0; i < agent->mail->len; i++) {
    const SlAgent *other = sl_policy_agent_by_mail(config->policy, agent->mail->pdata[i]);
    if (other)
      sl_section_fault(section, "mail", "%s is the address of agent \"%s\" already", (const char *)agent->mail->pdata[i], other->name);
  }
  if (agent->mail->len) {
    g_ptr_array_add(config->policy->agents, agent);
    return;
  }
  sl_section_fault(section, "mail", "agent \"%s\" has no mail = { \"address\" }", agent->name);
  sl_agent_free(agent);
}

static void
load_agents(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "agent");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "agent", i, "agent");
    load_agent(config, &section);
  }
  if (!sl_section_count(root, "agents"))
    return;
  SlSection section = sl_section_nth(root, "agents", 0, "agents");
  const char *assign = sl_section_string(&section, "assign");
  config->policy->assign = strcmp(assign, "round-robin") == 0 ? SL_ASSIGN_ROUND_ROBIN
                           : strcmp(assign, "manual") == 0    ? SL_ASSIGN_MANUAL
                                                              : SL_ASSIGN_LEAST_OPEN;
  config->policy->require_dkim = strcmp(sl_section_string(&section, "require"), "token+dkim") == 0;
  config->mail.authserv_id = g_strdup(sl_section_string(&section, "authserv_id"));
  if (config->policy->require_dkim && !config->mail.authserv_id)
    sl_section_fault(&section, "require", "token+dkim needs authserv_id, or every mail of an agent would be held");
}

/* ---- rules ---- */

static void
load_regexes(const SlSection *section, const char *name, GPtrArray *out)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  const SlScanNode *node = sl_scan_child(section->node, name, 0);
  sl_section_list(section, name, texts);
  for (guint i = 0; i < texts->len; i++) {
    const char *text = texts->pdata[i];
    g_autoptr(GError) error = NULL;
    GRegex *regex = g_regex_new(text, G_REGEX_OPTIMIZE, 0, &error);
    for (const char *p = text; *p; p++) {
      if ((guchar)*p < 0x20) {
        sl_section_fault(section, name, "%s: a control byte in a regular expression: write it in 'single quotes'", name);
        break;
      }
    }
    if (regex)
      g_ptr_array_add(out, regex);
    else
      sl_section_fault(section, name, "%s: '%s': %s", name, text, error->message);
  }
  if (node && node->double_quoted)
    sl_section_warning(section, name, "%s: a regular expression stands in \"double quotes\", where \\ changes its meaning: use 'single quotes'", name);
}

static void
load_rule_set(SlConfig *config, const SlSection *section, SlRule *rule)
{
  const char *priority = sl_section_string(section, "priority");
  const char *client = sl_section_string(section, "client");
  SlPriority parsed;
  if (priority && sl_priority_parse(priority, &parsed))
    rule->priority = (int)parsed;
  sl_section_list(section, "tags", rule->tags);
  rule->requester = g_strdup(sl_section_string(section, "requester"));
  rule->client = g_strdup(client);
  rule->action = g_strdup(sl_section_string(section, "action"));
  if (sl_section_has(section, "ack"))
    rule->ack = sl_section_bool(section, "ack", TRUE);
  if (client && !sl_policy_client(config->policy, client))
    sl_section_no_such(section, "client", client, "client", "client", NULL);
}

static SlRule *
load_rule(SlConfig *config, const SlSection *section)
{
  SlRule *rule = sl_rule_new(sl_section_title(section));
  load_regexes(section, "subject", rule->subject);
  load_regexes(section, "body", rule->body);
  load_regexes(section, "from", rule->from);
  load_regexes(section, "header", rule->header);
  sl_section_list(section, "mailbox", rule->mailbox);
  sl_section_list(section, "plus", rule->plus);
  rule->language = g_strdup(sl_section_string(section, "language"));
  rule->any = g_strcmp0(sl_section_string(section, "match"), "any") == 0;
  rule->unless_client = sl_section_bool(section, "unless_client", FALSE);
  if (sl_section_count(section, "set")) {
    SlSection set = sl_section_nth(section, "set", 0, "rule.set");
    load_rule_set(config, &set, rule);
  } else {
    sl_section_fault(section, NULL, "rule \"%s\" says nothing: it needs set { … }", rule->name);
  }
  return rule;
}

static void
load_rules(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "rule");
  for (guint i = 0; i < n; i++) { /* before the built-in ones, which stand last */
    SlSection section = sl_section_nth(root, "rule", i, "rule");
    g_ptr_array_insert(config->policy->rules, (gint)i, load_rule(config, &section));
  }
}

static void
load_limits(SlConfig *config, const SlSection *root)
{
  SlPolicy *policy = config->policy;
  config->mail.max_message_bytes = 35 * 1024 * 1024;
  config->max_attachment_bytes = 25 * 1024 * 1024;
  config->mail.max_text_bytes = 1024 * 1024;
  if (!sl_section_count(root, "limits"))
    return;
  SlSection section = sl_section_nth(root, "limits", 0, "limits");
  policy->acks_per_sender = (int)sl_section_int(&section, "acks_per_sender", policy->acks_per_sender);
  policy->acks_per_sender_window_sec = sl_section_duration(&section, "acks_per_sender_window", policy->acks_per_sender_window_sec);
  policy->acks_to_strangers = (int)sl_section_int(&section, "acks_to_strangers", policy->acks_to_strangers);
  policy->strangers_raise = (int)sl_section_int(&section, "strangers_raise", policy->strangers_raise);
  config->mail.max_message_bytes = sl_section_size(&section, "max_message", config->mail.max_message_bytes);
  config->max_attachment_bytes = sl_section_size(&section, "max_attachment", config->max_attachment_bytes);
}

void
sl_load_people(SlConfig *config, const SlSection *root)
{
  sl_load_clients(config, root);
  load_agents(config, root);
  load_rules(config, root);
  load_limits(config, root);
}
