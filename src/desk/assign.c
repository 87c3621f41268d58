/* SPDX-License-Identifier: ISC */
#include "desk/assign.h"

static gboolean
speaks(const SlAgent *agent, const char *language)
{
  return agent->languages->len == 0 || !language ||
         g_ptr_array_find_with_equal_func(agent->languages, language, g_str_equal, NULL);
}

static GPtrArray *
candidates(const SlPolicy *policy, const char *language, GHashTable *absent)
{
  GPtrArray *all = g_ptr_array_new();
  g_autoptr(GPtrArray) fluent = g_ptr_array_new();
  for (guint i = 0; i < policy->agents->len; i++) {
    SlAgent *agent = policy->agents->pdata[i];
    if (!sl_agent_has_role(agent, "agent") || (absent && g_hash_table_contains(absent, agent->name)))
      continue;
    g_ptr_array_add(all, agent);
    if (speaks(agent, language))
      g_ptr_array_add(fluent, agent);
  }
  if (fluent->len == 0) /* nobody speaks it: anybody is better than nobody */
    return all;
  g_ptr_array_unref(all);
  return g_steal_pointer(&fluent);
}

static const SlAgent *
least_open(const GPtrArray *agents, GHashTable *open_by_agent)
{
  const SlAgent *best = NULL;
  int fewest = G_MAXINT;
  for (guint i = 0; i < agents->len; i++) {
    const SlAgent *agent = agents->pdata[i];
    int open = open_by_agent ? GPOINTER_TO_INT(g_hash_table_lookup(open_by_agent, agent->name)) : 0;
    if (open < fewest) {
      best = agent;
      fewest = open;
    }
  }
  return best;
}

static const SlAgent *
next_in_turn(const GPtrArray *agents, const char *last)
{
  for (guint i = 0; i < agents->len; i++) {
    if (g_strcmp0(((const SlAgent *)agents->pdata[i])->name, last) == 0)
      return agents->pdata[(i + 1) % agents->len];
  }
  return agents->len ? agents->pdata[0] : NULL;
}

const SlAgent *
sl_desk_assign(const SlPolicy *policy, GHashTable *open_by_agent, const char *last_assigned, const char *language,
               GHashTable *absent)
{
  if (policy->assign == SL_ASSIGN_MANUAL)
    return NULL;
  g_autoptr(GPtrArray) agents = candidates(policy, language, absent);
  return policy->assign == SL_ASSIGN_ROUND_ROBIN ? next_in_turn(agents, last_assigned) : least_open(agents, open_by_agent);
}
