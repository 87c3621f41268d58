/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/secret.h"
#include "config/load.h"
#include "mail/parse.h"

static char *
load_secret(const SlSection *section, const char *name)
{
  const char *spec = sl_section_string(section, name);
  const char *why = NULL;
  if (spec && !sl_secret_spec_ok(spec, &why)) {
    sl_section_fault(section, name, "%s: %s", name, why);
    return NULL;
  }
  return g_strdup(spec);
}

/* The helper of an oauth2 section prints the token; flows of our own are not told apart here. */
static char *
load_token(const SlSection *root, const SlSection *section)
{
  const char *name = sl_section_string(section, "oauth2");
  gboolean wanted = g_strcmp0(sl_section_string(section, "auth"), "oauth2") == 0;
  if (!name) {
    if (wanted)
      sl_section_fault(section, "auth", "auth = oauth2 needs oauth2 = \"SECTION\"");
    return NULL;
  }
  guint n = sl_section_count(root, "oauth2");
  for (guint i = 0; i < n; i++) {
    SlSection oauth2 = sl_section_nth(root, "oauth2", i, "oauth2");
    if (strcmp(sl_section_title(&oauth2), name) == 0)
      return load_secret(&oauth2, "token");
  }
  sl_section_fault(section, "oauth2", "oauth2 = \"%s\": there is no such section", name);
  return NULL;
}

/* "smtp://HOST:PORT/" → HOST, its brackets kept. Owned. */
static char *
host_of(const char *url, const char **out_port)
{
  const char *authority = strstr(url, "://");
  authority = authority ? authority + 3 : url;
  gsize n = *authority == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
  *out_port = n < strlen(authority) && authority[n] == ':' ? authority + n + 1 : NULL;
  return g_strndup(authority, n);
}

/* The whole host is looked at: 127.0.0.1.example is a name like any other. */
static gboolean
is_loopback(const char *url)
{
  const char *port = NULL;
  g_autofree char *host = host_of(url, &port);
  gboolean numbers = strspn(host, "0123456789.") == strlen(host) && g_str_has_prefix(host, "127.");
  return numbers || g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

static void
check_host(const SlSection *section, const char *url)
{
  const char *port = NULL;
  guint64 number = 0;
  g_autofree char *host = host_of(url, &port);
  g_autofree char *digits = port ? g_strndup(port, strcspn(port, "/")) : NULL;
  if (strchr(url, '@'))
    sl_section_fault(section, "url", "url = \"%s\": the user name stands in user = \"…\"", url);
  else if (!*host)
    sl_section_fault(section, "url", "url = \"%s\": it names no host", url);
  else if (digits && !g_ascii_string_to_unsigned(digits, 10, 1, 65535, &number, NULL))
    sl_section_fault(section, "url", "url = \"%s\": there is no such port", url);
}

static gboolean
known_scheme(const char *url, const char *const *schemes)
{
  for (guint i = 0; schemes[i]; i++) {
    if (g_str_has_prefix(url, schemes[i]))
      return TRUE;
  }
  return FALSE;
}

/* Checked in one place for both directions: the scheme, and that nothing secret goes unencrypted over a network. */
static char *
load_url(const SlSection *section, const char *const *schemes, char **out_tls)
{
  const char *url = sl_section_string(section, "url");
  const char *tls = sl_section_string(section, "tls");
  if (!url) {
    sl_section_fault(section, NULL, "url is needed");
    return g_strdup("maildir:///nonexistent");
  }
  if (!known_scheme(url, schemes))
    sl_section_fault(section, "url", "url = \"%s\": %s is wanted", url, schemes[0][0] == 'i' ? "imaps://host, imap://host or maildir:///path"
                                                                                        : "smtp://host[:port], smtps://host or maildir:///path");
  if (strpbrk(url, "\r\n \t"))
    sl_section_fault(section, "url", "url holds white space");
  if (g_str_has_prefix(url, "maildir://") && url[strlen("maildir://")] != '/')
    sl_section_fault(section, "url", "url = \"%s\": an absolute path is wanted: maildir:///path", url);
  else if (known_scheme(url, schemes) && !strpbrk(url, "\r\n \t") && !g_str_has_prefix(url, "maildir://"))
    check_host(section, url);
  gboolean implicit = g_str_has_prefix(url, "imaps:") || g_str_has_prefix(url, "smtps:");
  *out_tls = g_strdup(tls ? tls : implicit ? "implicit" : "starttls");
  if (g_strcmp0(tls, "none") == 0 && !is_loopback(url))
    sl_section_fault(section, "tls", "tls = none is for this machine only (localhost, 127.0.0.1)");
  return g_strdup(url);
}

static char *
load_safe(const SlSection *section, const char *name)
{
  const char *text = sl_section_string(section, name);
  if (text && strpbrk(text, "\r\n"))
    sl_section_fault(section, name, "%s holds a line end", name);
  return g_strdup(text);
}

static gint64
load_timeout(const SlSection *section, gint64 most_sec)
{
  gint64 sec = sl_section_duration(section, "timeout", 60);
  if (sec >= 1 && sec <= most_sec)
    return sec;
  sl_section_fault(section, "timeout", "timeout: a second at least and %d minutes at most are wanted", (int)(most_sec / 60));
  return 60;
}

static void
load_since(SlConfig *config, const SlSection *section, SlMailboxConfig *mailbox)
{
  g_autoptr(GTimeZone) zone = sl_time_zone_new(config->letter.timezone);
  mailbox->since_at = SL_TIME_NONE;
  mailbox->since = g_strdup(sl_section_string(section, "since"));
  if (mailbox->since && !sl_time_parse(mailbox->since, &mailbox->since_at) &&
      !sl_time_parse_local(mailbox->since, zone, &mailbox->since_at))
    sl_section_fault(section, "since", "since = \"%s\": a day such as 2026-11-24 is wanted", mailbox->since);
}

/* Whose mail it is where no rule, contact or domain says. */
static void
load_client(SlConfig *config, const SlSection *section, const SlMailboxConfig *mailbox)
{
  const char *client = sl_section_string(section, "client");
  if (client && !sl_policy_client(config->policy, client))
    sl_section_no_such(section, "client", client, "client", "client", "default");
  else if (client)
    g_hash_table_insert(config->policy->mailbox_clients, g_strdup(mailbox->name), g_strdup(client));
}

static void
load_mailbox(SlConfig *config, const SlSection *root, const SlSection *section)
{
  static const char *const schemes[] = {"imaps://", "imap://", "maildir://", NULL};
  SlMailboxConfig *mailbox = g_new0(SlMailboxConfig, 1);
  SlSourceOptions *s = &mailbox->source;
  mailbox->name = g_strdup(sl_section_title(section));
  s->name = g_strdup(mailbox->name);
  s->url = load_url(section, schemes, &s->tls);
  s->user = load_safe(section, "user");
  s->auth = g_strdup(sl_section_string(section, "auth"));
  s->password = load_secret(section, "password");
  s->token = load_token(root, section);
  s->tls_ca = g_strdup(sl_section_string(section, "tls_ca"));
  s->folder = load_safe(section, "folder");
  s->done = load_safe(section, "done");
  s->trouble = load_safe(section, "trouble");
  s->keyword = g_strdup("$SlateTaken");
  s->idle = sl_section_bool(section, "idle", TRUE);
  s->poll_sec = sl_section_duration(section, "poll", 60);
  s->timeout_sec = load_timeout(section, 600);
  s->max_bytes = G_GINT64_CONSTANT(200) * 1024 * 1024;
  mailbox->language = g_strdup(sl_section_string(section, "language"));
  if (mailbox->language)
    g_hash_table_insert(config->policy->mailbox_languages, g_strdup(mailbox->name), g_strdup(mailbox->language));
  load_client(config, section, mailbox);
  sl_section_list(section, "own_list", config->mail.own_lists);
  load_since(config, section, mailbox);
  if (!g_str_has_prefix(s->url, "maildir:") && !s->user)
    sl_section_fault(section, NULL, "mailbox \"%s\" has no user", mailbox->name);
  g_ptr_array_add(config->mailboxes, mailbox);
}

static void
load_retry(const SlSection *section, SlSinkOptions *sink)
{
  static const gint64 usual[] = {60, 300, 900, 3600};
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  sink->retry_sec = g_array_new(FALSE, FALSE, sizeof(gint64));
  sl_section_list(section, "retry", texts);
  for (guint i = 0; i < texts->len; i++) {
    gint64 sec = 0;
    if (sl_duration_parse(texts->pdata[i], &sec))
      g_array_append_val(sink->retry_sec, sec);
    else
      sl_section_fault(section, "retry", "retry: \"%s\": a time such as \"5m\" is wanted", (const char *)texts->pdata[i]);
  }
  if (sink->retry_sec->len == 0)
    g_array_append_vals(sink->retry_sec, usual, G_N_ELEMENTS(usual));
}

#define MOST_REPLY (64 * 1024)

/* Saved replies for /use NAME: DIR/replies/NAME.txt. */
static void
load_replies(SlConfig *config, const SlSection *section)
{
  const char *name;
  g_autofree char *path = config->letter.template_dir ? g_build_filename(config->letter.template_dir, "replies", NULL) : NULL;
  GDir *dir = path ? g_dir_open(path, 0, NULL) : NULL;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!g_str_has_suffix(name, ".txt") || *name == '.')
      continue;
    if (!g_file_get_contents(file, &text, &length, NULL) || length > MOST_REPLY || !g_utf8_validate(text, (gssize)length, NULL)) {
      sl_section_fault(section, "dir", "the saved reply %s cannot be read, is longer than 64 KiB or is not UTF-8", file);
      continue;
    }
    g_hash_table_insert(config->policy->replies, g_strndup(name, strlen(name) - strlen(".txt")), g_strdup(g_strstrip(text)));
  }
  if (dir)
    g_dir_close(dir);
}

static void
load_sink(SlConfig *config, const SlSection *root, const SlSection *section)
{
  static const char *const schemes[] = {"smtp://", "smtps://", "maildir://", NULL};
  SlSinkOptions *sink = g_new0(SlSinkOptions, 1);
  sink->name = g_strdup(sl_section_title(section));
  sink->url = load_url(section, schemes, &sink->tls);
  sink->user = load_safe(section, "user");
  sink->auth = g_strdup(sl_section_string(section, "auth"));
  sink->password = load_secret(section, "password");
  sink->token = load_token(root, section);
  sink->tls_ca = g_strdup(sl_section_string(section, "tls_ca"));
  sink->helo = load_safe(section, "helo");
  sink->rate = (int)sl_section_int(section, "rate", 0);
  sink->timeout_sec = load_timeout(section, 600);
  sink->give_up_sec = sl_section_duration(section, "give_up", 86400);
  load_retry(section, sink);
  g_ptr_array_add(config->sinks, sink);
}

void
sl_load_mail(SlConfig *config, const SlSection *root)
{
  guint n = sl_section_count(root, "mailbox");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "mailbox", i, "mailbox");
    load_mailbox(config, root, &section);
  }
  n = sl_section_count(root, "smtp");
  for (guint i = 0; i < n; i++) {
    SlSection section = sl_section_nth(root, "smtp", i, "smtp");
    load_sink(config, root, &section);
  }
  if (n == 0)
    sl_section_fault(root, NULL, "a section smtp \"NAME\" { url = \"smtp://host:587\" … } is needed: letters must go somewhere");
  if (sl_section_count(root, "templates")) {
    SlSection section = sl_section_nth(root, "templates", 0, "templates");
    config->letter.template_dir = g_strdup(sl_section_string(&section, "dir"));
    load_replies(config, &section);
    config->letter.html = sl_section_bool(&section, "html", FALSE);
  }
  g_ptr_array_add(config->mail.own_domains, g_strdup(config->letter.domain));
}
