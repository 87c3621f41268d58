/* SPDX-License-Identifier: ISC */
/* Who is who: agents by any address, clients by contact, domain or subdomain, roles with who is away left out. */
#include "pure.h"

static SlPolicy *policy;

static void
test_clients(void)
{
  static const struct {
    const char *address, *client;
  } rows[] = {
      {MARIA, "acme"},
      {"MARIA@ACME-POOLS.EXAMPLE", "acme"},
      {"x@eu.acme-pools.example", "acme"},
      {"x@notacme-pools.example", "default"},
      {"x@acme-pools.example.evil.example", "default"},
      {"x@example", "default"},
      {"x", "default"},
      {"", "default"},
      {LENA, "blauwasser"},
      {"lena@private.example", "blauwasser"},    /* a contact */
      {"boss@acme-pools.example", "blauwasser"}, /* contacts beat domains */
  };
  SlClient *blauwasser = policy->clients->pdata[1];
  g_ptr_array_add(blauwasser->contacts, g_strdup("lena@private.example"));
  g_ptr_array_add(blauwasser->contacts, g_strdup("boss@acme-pools.example"));
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_test_message("%s", rows[i].address);
    g_assert_cmpstr(sl_policy_client_of(policy, rows[i].address)->name, ==, rows[i].client);
  }
  g_assert_true(sl_policy_client(policy, "default") == policy->everybody);
  g_assert_null(sl_policy_client(policy, "nobody"));
}

static void
test_people(void)
{
  static const struct {
    const char *address, *agent;
    gboolean stranger, outsider, ours;
  } rows[] = {
      {ANA, "ana", FALSE, FALSE, FALSE},
      {"Ana@POOLOGICS.example", "ana", FALSE, FALSE, FALSE},
      {"ana@private.example", "ana", FALSE, FALSE, FALSE},
      {"ana@poologics.example.evil.example", NULL, TRUE, TRUE, FALSE},
      {"support@poologics.example", NULL, TRUE, FALSE, TRUE},
      {"SUPPORT@poologics.example", NULL, TRUE, FALSE, TRUE},
      {"support+abc@poologics.example", NULL, TRUE, FALSE, FALSE},
      {"unknown@poologics.example", NULL, TRUE, FALSE, FALSE},
      {MARIA, NULL, FALSE, TRUE, FALSE},
      {ELSE, NULL, TRUE, TRUE, FALSE},
      {"", NULL, TRUE, TRUE, FALSE},
  };
  g_ptr_array_add(((SlAgent *)policy->agents->pdata[0])->mail, g_strdup("ana@private.example"));
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    const SlAgent *agent = sl_policy_agent_by_mail(policy, rows[i].address);
    g_test_message("%s", rows[i].address);
    g_assert_cmpstr(agent ? agent->name : NULL, ==, rows[i].agent);
    g_assert_cmpint(sl_policy_is_stranger(policy, rows[i].address), ==, rows[i].stranger);
    g_assert_cmpint(sl_policy_is_outsider(policy, rows[i].address), ==, rows[i].outsider);
    g_assert_cmpint(sl_policy_is_ours(policy, rows[i].address), ==, rows[i].ours);
  }
  g_assert_cmpstr(sl_agent_mail(sl_policy_agent(policy, "ana")), ==, ANA);
}

static void
test_resolve(void)
{
  static const struct {
    const char *who, *but_not, *away, *wanted;
  } rows[] = {
      {"role:agent", NULL, NULL, ANA " " BILL},
      {"role:agent", "ana", NULL, BILL},
      {"role:agent", NULL, "bill", ANA},
      {"role:agent", "ana", "bill", ""},
      {"role:senior", NULL, NULL, CHEN},
      {"role:senior", "chen", NULL, ""},
      {"role:nobody", NULL, NULL, ""},
      {"agent:dana", NULL, NULL, DANA},
      {"agent:dana", NULL, "dana", ""},
      {"agent:nobody", NULL, NULL, ""},
      {"dana", NULL, NULL, DANA},
      {"product@poologics.example", NULL, NULL, "product@poologics.example"},
      {DANA, "dana", NULL, ""},
      {DANA, NULL, "dana", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GHashTable) absent = g_hash_table_new(g_str_hash, g_str_equal);
    if (rows[i].away)
      g_hash_table_add(absent, (gpointer)rows[i].away);
    g_autoptr(GPtrArray) found = sl_policy_resolve(policy, rows[i].who, rows[i].but_not, absent);
    g_ptr_array_add(found, NULL);
    g_autofree char *got = g_strjoinv(" ", (char **)found->pdata);
    g_test_message("%s but not %s, away %s", rows[i].who, rows[i].but_not ? rows[i].but_not : "-", rows[i].away ? rows[i].away : "-");
    g_assert_cmpstr(got, ==, rows[i].wanted);
  }
}

static void
test_roles(void)
{
  g_assert_true(sl_agent_has_role(sl_policy_agent(policy, "dana"), "supervisor"));
  g_assert_false(sl_agent_has_role(sl_policy_agent(policy, "dana"), "super"));
  g_assert_null(sl_policy_agent(policy, "Nobody"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_test_add_func("/desk/policy/clients", test_clients);
  g_test_add_func("/desk/policy/people", test_people);
  g_test_add_func("/desk/policy/resolve", test_resolve);
  g_test_add_func("/desk/policy/roles", test_roles);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
