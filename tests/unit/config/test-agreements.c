/* SPDX-License-Identifier: ISC */
/* A file of agreements alone, as `slate replay` reads it: a whole configuration, or one without company, from and smtp. */
#include "try.h"

#include "config/load.h"
#include "sla/versions.h"

#define ZONE "Europe/Berlin" /* the desk's */

/* As try_text, of agreements alone. */
static char *
load(const char *text, SlConfig **out_config)
{
  g_autofree char *path = try_path("new.conf");
  g_autofree char *folder = g_strconcat(try_folder, "/", NULL);
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autoptr(GString) lines = g_string_new(NULL);
  try_put("new.conf", text, -1);
  *out_config = sl_config_load_agreements(path, ZONE, faults);
  for (guint i = 0; i < faults->len; i++) {
    g_autofree char *line = sl_config_fault_text(faults->pdata[i]);
    g_string_append_printf(lines, "%s\n", line);
  }
  g_string_replace(lines, folder, "", 0);
  return g_string_free(g_steal_pointer(&lines), FALSE);
}

static gint64
answer_of(const SlAgreement *a)
{
  return sl_agreement_target(a, SL_TARGET_ANSWER, SL_PRIORITY_STANDARD)->within_sec;
}

static void
test_fragment(void)
{
  g_autoptr(SlConfig) config = NULL;
  g_autofree char *faults = load("sla \"standard\" { target \"answer\" { within = \"1h\" } }\n"
                                 "ladder \"default\" { level \"L1\" { to = { \"agent:nobody-here\" }  at = { \"50% answer\" } } }\n",
                                 &config);
  g_assert_cmpstr(faults, ==, "");
  g_assert_true(config->names_standard);
  g_assert_false(config->names_default);
  g_assert_cmpint(answer_of(sl_config_agreement(config, "standard")), ==, 3600);
  g_assert_cmpstr(sl_calendar_get_zone(sl_config_agreement(config, "standard")->calendar), ==, ZONE);
  g_assert_cmpint(answer_of(config->policy->everybody->agreement), ==, 3600);
}

static void
test_nothing(void)
{
  g_autoptr(SlConfig) config = NULL;
  g_autofree char *faults = load("# the agreement's own values\n", &config);
  g_assert_cmpstr(faults, ==, "");
  g_assert_false(config->names_standard);
  g_assert_cmpint(answer_of(config->policy->everybody->agreement), ==, 7200);
}

static void
test_whole(void)
{
  g_autoptr(SlConfig) config = NULL;
  g_autofree char *faults =
      load(NEEDED "timezone = \"America/Denver\"\ncalendar \"us\" { hours = { \"mon-fri 09:00-17:00\" } }\n"
                  "sla \"gold\" { calendar = \"us\"  target \"answer\" { within = \"30m\" } }\n"
                  "client \"default\" { sla = \"gold\" }\nclient \"acme\" { sla = \"gold\"  calendar = \"default\" }\n"
                  "rule \"x\" { mailbox = { \"none\" }  set { client = \"nobody\" } }\n", /* what is not agreed is left alone */
           &config);
  g_assert_cmpstr(faults, ==, "");
  g_assert_true(config->names_default);
  g_assert_false(config->names_standard);
  g_assert_cmpint(answer_of(config->policy->everybody->agreement), ==, 1800);
  g_assert_cmpstr(sl_calendar_get_zone(config->policy->everybody->agreement->calendar), ==, "America/Denver");
  g_assert_cmpstr(sl_policy_client(config->policy, "acme")->agreement->calendar_name, ==, "default");
}

static void
test_faults(void)
{
  static const struct {
    const char *text, *fault;
  } rows[] = {
      {"sla \"standard\" {\n  target \"answer\" { within = \"soon\" }\n}\n", "new.conf:2: within = \"soon\""},
      {"sla \"standard\" { calender = \"us\" }\n", "new.conf:1: no such option 'calender': did you mean 'calendar'?"},
      {"\nclient \"acme\" { sla = \"gold\" }\n", "new.conf:2: sla = \"gold\": there is no such agreement"},
      {"ladder \"default\" { level \"L2\" { to = { \"role:x\" } } }\n", "new.conf:1: level \"L2\" stands where L1 is wanted"},
      {"calendar \"x\" { hours = { \"mon-fry 08:00-18:00\" } }\n", "new.conf:1: hours:"},
      {"timezone = \"Nowhere/Else\"\n", "new.conf:1: timezone: there is no time zone"},
      {"limits { acks_per_sender = many }\n", "new.conf:1: acks_per_sender"},
      {"sla \"standard\" {\n", "new.conf:1: section 'sla standard' opened at line 1 is never closed"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlConfig) config = NULL;
    g_autofree char *faults = load(rows[i].text, &config);
    g_test_message("%s", faults);
    g_assert_null(config);
    g_assert_nonnull(strstr(faults, rows[i].fault));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  try_begin();
  g_test_add_func("/config/agreements/fragment", test_fragment);
  g_test_add_func("/config/agreements/nothing", test_nothing);
  g_test_add_func("/config/agreements/whole", test_whole);
  g_test_add_func("/config/agreements/faults", test_faults);
  int rc = g_test_run();
  try_end();
  return rc;
}
