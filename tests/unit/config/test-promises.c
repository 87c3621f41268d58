/* SPDX-License-Identifier: ISC */
/* Agreements and their versions as the configuration gives them (S12). */
#include <glib/gstdio.h>
#include <string.h>

#include "config/config.h"
#include "sla/versions.h"

#define HEAD                                                                                                           \
  "company = \"X\"\nfrom = \"S <s@x.example>\"\nsmtp \"out\" { url = \"maildir:///tmp/none\" }\n"                      \
  "agent \"a\" { mail = { \"a@x.example\" }  roles = { senior, supervisor, product } }\n"
#define BASE                                                                                                           \
  "sla \"standard\" { version = \"2026\"  target \"answer\" { within = \"3h\" } target \"ack\" { within = \"10m\" } "  \
  "}\n"
#define AGREED "  agreed = { \"J. Doe for Acme\", \"D. Reyes for X\" }"

/* NULL when there are faults; *out_faults: all of them, a line each. */
static SlConfig *
load(const char *text, char **out_faults)
{
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autoptr(GString) all = g_string_new(NULL);
  int fd = g_file_open_tmp("slate-promises-XXXXXX", &path, NULL);
  g_assert_cmpint(fd, >=, 0);
  g_close(fd, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  SlConfig *config = sl_config_load(path, faults);
  g_unlink(path);
  for (guint i = 0; i < faults->len; i++) {
    g_autofree char *line = sl_config_fault_text(faults->pdata[i]);
    g_string_append_printf(all, "%s\n", line);
  }
  *out_faults = g_string_free(g_steal_pointer(&all), FALSE);
  return config;
}

static SlTime
noon(const char *day)
{
  SlTime at;
  g_autofree char *text = g_strconcat(day, "T17:00:00Z", NULL);
  g_assert_true(sl_time_parse(text, &at));
  return at;
}

static void
test_amendment(void)
{
  g_autofree char *faults = NULL;
  g_autoptr(SlConfig) config =
      load(HEAD "sla \"standard/2027\" { amends = \"standard\"  version = \"2027\"  in_force = \"2027-01-01\"  review "
                "= \"2027-11-01\"" AGREED "  target \"answer\" { within = \"1h\" } }\n" BASE,
           &faults);
  g_assert_cmpstr(faults, ==, "");
  g_assert_nonnull(config);
  const SlAgreement *old = sl_agreement_in_force(config->agreements, "standard", noon("2026-12-31"));
  const SlAgreement *new = sl_agreement_in_force(config->agreements, "standard", noon("2027-01-01"));
  g_assert_cmpstr(old->version, ==, "2026");
  g_assert_cmpstr(new->version, ==, "2027");
  g_assert_cmpstr(new->name, ==, "standard");
  g_assert_cmpint(sl_agreement_target(old, SL_TARGET_ANSWER, SL_PRIORITY_LOW)->within_sec, ==, 10800);
  g_assert_cmpint(sl_agreement_target(new, SL_TARGET_ANSWER, SL_PRIORITY_LOW)->within_sec, ==, 3600);
  g_assert_cmpint(sl_agreement_target(new, SL_TARGET_ACK, SL_PRIORITY_LOW)->within_sec, ==,
                  600); /* as it was in what it amends */
  g_assert_cmpuint(new->agreed->len, ==, 2);
  g_assert_cmpstr(config->policy->everybody->agreement->version, ==, "2026");
}

static void
test_faults(void)
{
  static const struct {
    const char *text, *fault;
  } rows[] = {
      {"sla \"standard\" { in_force = \"1 January\"" AGREED " }\n", "a day such as"},
      {"sla \"standard\" { review = \"2026-02-30\" }\n", "a day such as"},
      {BASE "sla \"x\" { amends = \"gold\"  version = \"2\"  in_force = \"2027-01-01\"" AGREED " }\n",
       "there is no such sla"},
      {BASE "sla \"x\" { amends = \"standard\"  in_force = \"2027-01-01\"" AGREED " }\n",
       "an amendment needs version and in_force"},
      {BASE "sla \"x\" { amends = \"standard\"  version = \"2027\"" AGREED " }\n",
       "an amendment needs version and in_force"},
      {BASE "sla \"x\" { amends = \"standard\"  version = \"2026\"  in_force = \"2027-01-01\"" AGREED " }\n",
       "has a version of that number"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *faults = NULL;
    g_autofree char *text = g_strconcat(HEAD, rows[i].text, NULL);
    g_autoptr(SlConfig) config = load(text, &faults);
    g_test_message("%s", faults);
    g_assert_null(config);
    g_assert_nonnull(strstr(faults, rows[i].fault));
  }
}

/* A draft may stand there; `check` takes it for an error when its day has come. */
static void
test_unsigned(void)
{
  g_autofree char *faults = NULL;
  g_autoptr(SlConfig) config = load(HEAD BASE "sla \"x\" { amends = \"standard\"  version = \"2027\"  in_force = \"2027-01-01\" }\n", &faults);
  g_assert_nonnull(config);
  g_assert_nonnull(strstr(faults, "nobody signed it"));
}

static void
test_one_signature(void)
{
  g_autofree char *faults = NULL;
  g_autoptr(SlConfig) config =
      load(HEAD "sla \"standard\" { version = \"1\"  in_force = \"2026-01-01\"  agreed = { \"J. Doe\" } }\n", &faults);
  g_assert_nonnull(config);
  g_assert_nonnull(strstr(faults, "who signed for the other party?"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/promises/amendment", test_amendment);
  g_test_add_func("/config/promises/faults", test_faults);
  g_test_add_func("/config/promises/unsigned", test_unsigned);
  g_test_add_func("/config/promises/one-signature", test_one_signature);
  return g_test_run();
}
