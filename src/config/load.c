/* SPDX-License-Identifier: ISC */
#include "config/load.h"

#include <string.h>

#include "base/address.h"
#include "base/secret.h"

char *
sl_config_path(const char *option)
{
  const char *environment = g_getenv("SLATE_CONFIG");
  if (option)
    return g_strdup(option);
  return environment && *environment ? g_strdup(environment) : g_strdup(SL_SYSCONFDIR "/slate/slate.conf");
}

/* "Poologics Support <support@poologics.example>" or a bare address. */
static gboolean
split_address(const char *text, char **out_name, char **out_address)
{
  const char *open = strchr(text, '<');
  const char *close = open ? strchr(open, '>') : NULL;
  if (open && (!close || close[1]))
    return FALSE;
  g_autofree char *address = open ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strstrip(g_strdup(text));
  g_autofree char *name = open ? g_strstrip(g_strndup(text, (gsize)(open - text))) : g_strdup("");
  if (!sl_address_is_sendable(address))
    return FALSE;
  *out_name = g_strdup(g_strstrip(g_strdelimit(name, "\"", ' ')));
  *out_address = g_steal_pointer(&address);
  return TRUE;
}

static void
load_from(SlConfig *config, const SlSection *root)
{
  const char *from = sl_section_string(root, "from");
  SlLetterOptions *letter = &config->letter;
  if (!from) {
    sl_section_fault(root, NULL, "'from' is needed: from = \"Our Support <support@example.com>\"");
    from = "support@localhost.invalid";
  }
  if (!split_address(from, &letter->from_name, &letter->from_address)) {
    sl_section_fault(root, "from", "from = \"%s\": a name and an address are wanted, as \"Our Support <support@example.com>\"", from);
    letter->from_name = g_strdup("");
    letter->from_address = g_strdup("support@localhost.invalid");
  }
  if (!*letter->from_name) {
    g_free(letter->from_name);
    letter->from_name = g_strdup(letter->company);
  }
  letter->domain = g_ascii_strdown(strchr(letter->from_address, '@') + 1, -1);
}

/* With a token in its place it must be an address, and the token must stand in the part that our server keeps. */
static gboolean
reply_to_ok(const char *pattern)
{
  const char *hole = strstr(pattern, "{token}");
  const char *at = strrchr(pattern, '@');
  if (!hole || !at || at < hole)
    return FALSE;
  g_autofree char *sample =
      g_strdup_printf("%.*s%s%s", (int)(hole - pattern), pattern, "abcdefghijklmnop", hole + strlen("{token}"));
  return sl_address_is_sendable(sample);
}

static void
load_reply_to(SlConfig *config, const SlSection *root)
{
  SlLetterOptions *letter = &config->letter;
  const char *pattern = sl_section_string(root, "reply_to");
  const char *at = strchr(letter->from_address, '@');
  if (pattern && reply_to_ok(pattern))
    letter->reply_to = g_strdup(pattern);
  else
    letter->reply_to = g_strdup_printf("%.*s+{token}%s", (int)(at - letter->from_address), letter->from_address, at);
  if (pattern && strcmp(pattern, letter->reply_to) != 0)
    sl_section_fault(root, "reply_to", "reply_to = '%s': an address with {token} in it is wanted, as '%s'", pattern, letter->reply_to);
}

static void
load_paths(SlConfig *config, const SlSection *root)
{
  const char *database = sl_section_string(root, "database");
  const char *spool = sl_section_string(root, "spool");
  const char *key = sl_section_string(root, "reply_key");
  config->database = g_strdup(database ? database : SL_LOCALSTATEDIR "/lib/slate/slate.db");
  config->spool = g_strdup(spool ? spool : SL_LOCALSTATEDIR "/spool/slate");
  if (key && !g_str_has_prefix(key, "file:/")) {
    sl_section_fault(root, "reply_key", "reply_key = \"%s\": file:/path is wanted", key);
    key = NULL;
  }
  g_autofree char *folder = g_path_get_dirname(config->database);
  config->reply_key = key ? g_strdup(key + strlen("file:")) : g_build_filename(folder, "reply.key", NULL);
}

static void
load_zone(SlConfig *config, const SlSection *root, const char *zone)
{
  g_autoptr(GTimeZone) tz = sl_time_zone_new(zone);
  if (!tz) {
    sl_section_fault(root, "timezone", "timezone: there is no time zone \"%s\" (an IANA name such as America/New_York is wanted)", zone);
    zone = "America/New_York";
  }
  config->letter.timezone = g_strdup(zone);
}

static void
load_top(SlConfig *config, const SlSection *root)
{
  const char *company = sl_section_string(root, "company");
  const char *postmaster = sl_section_string(root, "postmaster");
  if (!company)
    sl_section_fault(root, NULL, "'company' is needed: company = \"Our Name\"");
  config->letter.company = g_strdup(company ? company : "Support");
  load_from(config, root);
  load_reply_to(config, root);
  load_paths(config, root);
  config->letter.postmaster =
      postmaster ? g_strdup(postmaster) : g_strconcat("postmaster@", config->letter.domain, NULL);
  if (postmaster && !sl_address_is_sendable(postmaster))
    sl_section_fault(root, "postmaster", "postmaster = \"%s\": an address is wanted", postmaster);
  load_zone(config, root, sl_section_string(root, "timezone"));
  config->letter.language = g_strdup(sl_section_string(root, "language"));
  config->letter.shadow = g_strcmp0(sl_section_string(root, "mode"), "shadow") == 0;
  config->poll_sec = 2;
  config->grace_sec = 120;
}

/* The desk knows who we are, too. */
static void
fill_policy(SlConfig *config, const SlSection *root)
{
  SlPolicy *policy = config->policy;
  policy->company = g_strdup(config->letter.company);
  policy->from_address = g_strdup(config->letter.from_address);
  policy->reply_to = g_strdup(config->letter.reply_to);
  policy->domain = g_strdup(config->letter.domain);
  policy->postmaster = g_strdup(config->letter.postmaster);
  policy->timezone = g_strdup(config->letter.timezone);
  policy->language = g_strdup(config->letter.language);
  policy->subject_tag = g_strdup(sl_section_string(root, "subject_tag"));
}

static void
mailbox_free(SlMailboxConfig *mailbox)
{
  SlSourceOptions *s = &mailbox->source;
  char *const strings[] = {s->name, s->url, s->user, s->password, s->auth, s->token, s->tls, s->tls_ca, s->folder, s->done,
                           s->trouble, s->keyword, mailbox->name, mailbox->since, mailbox->language};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_free(mailbox);
}

static void
sink_free(SlSinkOptions *sink)
{
  char *const strings[] = {sink->name, sink->url, sink->user, sink->password, sink->auth, sink->token, sink->tls, sink->tls_ca, sink->helo};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_array_unref(sink->retry_sec);
  g_free(sink);
}

static void
probe_free(SlProbeConfig *probe)
{
  g_free(probe->name);
  g_free(probe->url);
  g_free(probe->tls_ca);
  g_ptr_array_unref(probe->clients);
  g_free(probe);
}

static SlConfig *
config_new(const char *path)
{
  SlConfig *config = g_new0(SlConfig, 1);
  config->path = g_strdup(path);
  config->policy = sl_policy_new();
  config->mailboxes = g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
  config->sinks = g_ptr_array_new_with_free_func((GDestroyNotify)sink_free);
  config->calendars = g_ptr_array_new_with_free_func((GDestroyNotify)sl_calendar_free);
  config->agreements = g_ptr_array_new_with_free_func((GDestroyNotify)sl_agreement_free);
  config->probes = g_ptr_array_new_with_free_func((GDestroyNotify)probe_free);
  config->mail.own_domains = g_ptr_array_new_with_free_func(g_free);
  config->mail.own_lists = g_ptr_array_new_with_free_func(g_free);
  return config;
}

void
sl_config_free(SlConfig *config)
{
  if (!config)
    return;
  sl_letter_options_clear(&config->letter);
  sl_policy_free(config->policy);
  g_ptr_array_unref(config->mailboxes);
  g_ptr_array_unref(config->sinks);
  g_ptr_array_unref(config->calendars);
  g_ptr_array_unref(config->agreements);
  g_ptr_array_unref(config->probes);
  g_ptr_array_unref(config->mail.own_domains);
  g_ptr_array_unref(config->mail.own_lists);
  g_free(config->mail.authserv_id);
  g_free(config->reply_key);
  g_free(config->database);
  g_free(config->spool);
  g_free(config->path);
  g_free(config);
}

static gboolean
any_error(const GPtrArray *faults)
{
  for (guint i = 0; i < faults->len; i++) {
    if (!((const SlConfigFault *)faults->pdata[i])->warning)
      return TRUE;
  }
  return FALSE;
}

static void
fill(SlConfig *config, const SlSection *root)
{
  load_top(config, root);
  fill_policy(config, root);
  sl_load_promises(config, root);
  sl_load_people(config, root);
  sl_load_mail(config, root);
  sl_load_probes(config, root);
  sl_load_checks(config, root);
}

static void
fill_agreements(SlConfig *config, const SlSection *root, const char *zone)
{
  load_zone(config, root, sl_section_has(root, "timezone") ? sl_section_string(root, "timezone") : zone);
  sl_load_promises(config, root);
  sl_load_clients(config, root);
  sl_load_checks_of_agreements(root);
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
  const SlConfigFault *x = *(SlConfigFault *const *)a, *y = *(SlConfigFault *const *)b;
  int files = g_strcmp0(x->file, y->file);
  if (files || x->line != y->line)
    return files ? files : x->line - y->line;
  return strcmp(x->what, y->what);
}

/* In the order of the file, each once: a value may be looked at by several. */
static void
put_in_order(GPtrArray *faults)
{
  g_ptr_array_sort(faults, by_place);
  for (guint i = faults->len; i-- > 1;) {
    if (by_place(&faults->pdata[i - 1], &faults->pdata[i]) == 0)
      g_ptr_array_remove_index(faults, i);
  }
}

/* `zone` NULL: the whole; else only what is agreed. */
static SlConfig *
load(const char *path, const char *zone, GPtrArray *faults)
{
  SlScan *scan = sl_scan_file(path, faults);
  SlConfig *config = NULL;
  sl_scan_check(scan, faults);
  SlValues *values = scan->files->len ? sl_values_new(scan, faults) : NULL;
  if (values) {
    SlSection root = sl_values_root(values);
    config = config_new(path);
    if (zone)
      fill_agreements(config, &root, zone);
    else
      fill(config, &root);
  } else if (!any_error(faults)) {
    sl_fault(faults, path, 0, "the file cannot be parsed");
  }
  sl_values_free(values);
  sl_scan_free(scan);
  put_in_order(faults);
  if (any_error(faults))
    g_clear_pointer(&config, sl_config_free);
  return config;
}

SlConfig *
sl_config_load(const char *path, GPtrArray *faults)
{
  return load(path, NULL, faults);
}

SlConfig *
sl_config_load_agreements(const char *path, const char *zone, GPtrArray *faults)
{
  return load(path, zone, faults);
}

char *
sl_config_spool(const char *path, GPtrArray *faults)
{
  SlScan *scan = sl_scan_file(path, faults);
  sl_scan_check(scan, faults); /* a misspelt "spool" must not send mail to another one */
  SlValues *values = any_error(faults) ? NULL : sl_values_new(scan, faults);
  char *spool = NULL;
  if (values) { /* libconfuse's word, so that ${VAR} means here what it means everywhere */
    SlSection root = sl_values_root(values);
    const char *path_of_spool = sl_section_string(&root, "spool");
    spool = g_strdup(path_of_spool ? path_of_spool : SL_LOCALSTATEDIR "/spool/slate");
  } else if (!any_error(faults)) {
    sl_fault(faults, path, 0, "the file cannot be parsed");
  }
  sl_values_free(values);
  sl_scan_free(scan);
  return spool;
}

const SlMailboxConfig *
sl_config_mailbox(const SlConfig *config, const char *name)
{
  for (guint i = 0; i < config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = config->mailboxes->pdata[i];
    if (strcmp(mailbox->name, name) == 0)
      return mailbox;
  }
  return NULL;
}

gint64
sl_probe_silence_sec(const SlProbeConfig *probe)
{
  return 3 * probe->every_sec;
}

const SlCalendar *
sl_config_calendar(const SlConfig *config, const char *name)
{
  for (guint i = 0; i < config->calendars->len; i++) {
    const SlCalendar *calendar = config->calendars->pdata[i];
    if (strcmp(sl_calendar_get_spec(calendar)->name, name) == 0)
      return calendar;
  }
  return NULL;
}
