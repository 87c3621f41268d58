/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "config/load.h"

#define LEAST_EVERY_SEC 10

static gboolean
has_white_space(const char *url)
{
  for (const char *p = url; *p; p++) {
    if ((guchar)*p <= ' ' || *p == 0x7f)
      return TRUE;
  }
  return FALSE;
}

/* A name and password in a URL would be shown by whatever shows the URL. */
static void
check_url(const SlSection *section, const char *url)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GUri) uri = has_white_space(url) ? NULL : g_uri_parse(url, G_URI_FLAGS_NONE, &error);
  const char *scheme = uri ? g_uri_get_scheme(uri) : "";
  if (!uri)
    sl_section_fault(section, "url", "url = \"%s\": %s", url, error ? error->message : "it holds white space");
  else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
    sl_section_fault(section, "url", "url = \"%s\": https://host/path or http://host/path is wanted", url);
  else if (!g_uri_get_host(uri) || !*g_uri_get_host(uri))
    sl_section_fault(section, "url", "url = \"%s\": it names no host", url);
  else if (g_uri_get_userinfo(uri))
    sl_section_fault(section, "url", "url: a user name or password cannot stand in it: a probe asks what needs none");
}

static void
load_times(const SlSection *section, SlProbeConfig *probe)
{
  probe->every_sec = sl_section_duration(section, "every", 60);
  probe->timeout_sec = sl_section_duration(section, "timeout", 10);
  if (probe->every_sec < LEAST_EVERY_SEC)
    sl_section_fault(section, "every", "every: %d seconds at least are wanted", LEAST_EVERY_SEC);
  else if (probe->timeout_sec < 1 || probe->timeout_sec >= probe->every_sec)
    sl_section_fault(section, "timeout", "timeout: a second at least, and less than every (%" G_GINT64_FORMAT "s), is wanted", probe->every_sec);
}

static void
load_clients(const SlConfig *config, const SlSection *section, SlProbeConfig *probe)
{
  sl_section_list(section, "clients", probe->clients);
  for (guint i = 0; i < probe->clients->len; i++) {
    if (!sl_policy_client(config->policy, probe->clients->pdata[i]))
      sl_section_no_such(section, "clients", probe->clients->pdata[i], "client", "client", "default");
  }
}

static void
load_probe(SlConfig *config, const SlSection *section)
{
  SlProbeConfig *probe = g_new0(SlProbeConfig, 1);
  gint64 fail_after = sl_section_int(section, "fail_after", 3);
  probe->name = g_strdup(sl_section_title(section));
  probe->url = g_strdup(sl_section_string(section, "url"));
  probe->tls_ca = g_strdup(sl_section_string(section, "tls_ca"));
  probe->clients = g_ptr_array_new_with_free_func(g_free);
  probe->fail_after = (guint)MAX(fail_after, 1);
  if (probe->url)
    check_url(section, probe->url);
  else
    sl_section_fault(section, NULL, "probe \"%s\": url is needed: what is asked", probe->name);
  if (fail_after < 1)
    sl_section_fault(section, "fail_after", "fail_after: one failure at least is wanted");
  load_times(section, probe);
  load_clients(config, section, probe);
  g_ptr_array_add(config->probes, probe);
}

void
sl_load_probes(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "probe");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "probe", i, "probe");
    load_probe(config, &section);
  }
}
