/* SPDX-License-Identifier: ISC */
/* What several sections say together: names that must meet, ladders that must lead somewhere. */
#include <string.h>

#include "base/address.h"
#include "config/load.h"

static gboolean
role_known(const SlPolicy *policy, const char *role)
{
  for (guint i = 0; i < policy->agents->len; i++) {
    if (sl_agent_has_role(policy->agents->pdata[i], role))
      return TRUE;
  }
  return FALSE;
}

static const char *
suggest_agent(const SlPolicy *policy, const char *name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < policy->agents->len; i++)
    g_ptr_array_add(names, ((SlAgent *)policy->agents->pdata[i])->name);
  g_ptr_array_add(names, NULL);
  return sl_suggest(name, (const char *const *)names->pdata);
}

static void
check_recipient(const SlPolicy *policy, const SlSection *level, const char *who)
{
  static const char *const usual[] = {"senior", "supervisor", "product", "agent", "oncall", NULL};
  if (strchr(who, '@')) {
    if (!sl_address_is_sendable(who))
      sl_section_fault(level, "to", "to: \"%s\" is no address that a letter can go to", who);
    return;
  }
  if (g_str_has_prefix(who, "role:")) {
    const char *role = who + strlen("role:");
    const char *near = role_known(policy, role) ? NULL : sl_suggest(role, usual);
    if (near && strcmp(near, role) != 0)
      sl_section_fault(level, "to", "to: nobody has the role \"%s\": did you mean \"%s\"?", role, near);
    else if (!role_known(policy, role))
      sl_section_warning(level, "to", "to: nobody has the role \"%s\": this level passes upward", role);
    return;
  }
  const char *name = g_str_has_prefix(who, "agent:") ? who + strlen("agent:") : who;
  const char *near = suggest_agent(policy, name);
  if (!sl_policy_agent(policy, name))
    sl_section_fault(level, "to", "to: there is no agent \"%s\"%s%s%s", name, near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static void
check_level(const SlSection *level, guint number)
{
  g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *expected = g_strdup_printf("L%u", number);
  sl_section_list(level, "to", to);
  if (strcmp(sl_section_title(level), expected) != 0)
    sl_section_fault(level, NULL, "level \"%s\" stands where %s is wanted: levels stand in order", sl_section_title(level), expected);
  if (to->len == 0)
    sl_section_warning(level, NULL, "level \"%s\" names nobody: it passes upward", sl_section_title(level));
}

static void
check_recipients(const SlPolicy *policy, const SlSection *level)
{
  g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
  sl_section_list(level, "to", to);
  for (guint i = 0; i < to->len; i++)
    check_recipient(policy, level, to->pdata[i]);
}

/* `policy`: who must be known; NULL: nobody is asked for. */
static void
check_ladders(const SlPolicy *policy, const SlSection *root)
{
  guint n = sl_section_count(root, "ladder");
  for (guint i = 0; i < n; i++) {
    SlSection ladder = sl_section_nth(root, "ladder", i, "ladder");
    guint levels = sl_section_count(&ladder, "level");
    if (levels == 0 || levels > 3)
      sl_section_fault(&ladder, NULL, "ladder \"%s\" has %u levels: one to three are wanted", sl_section_title(&ladder), levels);
    for (guint j = 0; j < levels; j++) {
      SlSection level = sl_section_nth(&ladder, "level", j, "ladder.level");
      check_level(&level, j + 1);
      if (policy)
        check_recipients(policy, &level);
    }
  }
}

/* The default ladder asks for roles, too: who has none of them hears of it here and not at the first alarm. */
static void
check_default_ladder(const SlConfig *config, const SlSection *root)
{
  static const char *const roles[] = {"senior", "supervisor", "product"};
  if (sl_section_count(root, "ladder"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
    if (!role_known(config->policy, roles[i]))
      sl_section_warning(root, NULL, "no agent has the role \"%s\": level %u of the ladder passes upward, at last to %s", roles[i], i + 1,
                         config->letter.postmaster);
  }
}

static void
check_clients(const SlSection *root)
{
  g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  guint n = sl_section_count(root, "client");
  for (guint i = 0; i < n; i++) {
    SlSection client = sl_section_nth(root, "client", i, "client");
    g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func(g_free);
    sl_section_list(&client, "domains", domains);
    for (guint j = 0; j < domains->len; j++) {
      char *domain = g_ascii_strdown(domains->pdata[j], -1);
      const char *owner = g_hash_table_lookup(owners, domain);
      if (owner)
        sl_section_fault(&client, "domains", "%s belongs to client \"%s\" already", domain, owner);
      g_hash_table_insert(owners, domain, (gpointer)sl_section_title(&client));
    }
  }
}

static void
check_rules(const SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "rule");
  for (guint i = 0; i < n; i++) {
    SlSection rule = sl_section_nth(root, "rule", i, "rule");
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    sl_section_list(&rule, "mailbox", names);
    for (guint j = 0; j < names->len; j++) {
      if (!sl_config_mailbox(config, names->pdata[j]))
        sl_section_fault(&rule, "mailbox", "mailbox \"%s\": there is no such mailbox", (const char *)names->pdata[j]);
    }
  }
}

void
sl_load_checks(SlConfig *config, const SlSection *root)
{
  sl_section_check_types(root);
  check_ladders(config->policy, root);
  check_default_ladder(config, root);
  check_clients(root);
  check_rules(config, root);
}

void
sl_load_checks_of_agreements(const SlSection *root)
{
  sl_section_check_types(root);
  check_ladders(NULL, root);
  check_clients(root);
}
