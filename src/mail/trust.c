/* SPDX-License-Identifier: ISC */
#include "mail/trust.h"

#include <string.h>

/* Comments may hold anything, "dkim=pass" too. Quoted strings are kept. Owned. */
static char *
without_comments(const char *value)
{
  g_autoptr(GString) out = g_string_new("");
  guint depth = 0;
  gboolean quoted = FALSE;
  for (; *value; value++) {
    if (*value == '\\' && value[1] && (quoted || depth > 0)) {
      value++;
      continue;
    }
    if (*value == '"' && depth == 0)
      quoted = !quoted;
    else if (*value == '(' && !quoted)
      depth++;
    else if (*value == ')' && depth > 0)
      depth--;
    else if (depth == 0)
      g_string_append_c(out, quoted && *value == ';' ? ' ' : g_ascii_tolower(*value));
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean
is_under(const char *domain, const char *parent)
{
  gsize n = strlen(domain), m = strlen(parent);
  return n > m && domain[n - m - 1] == '.' && g_ascii_strcasecmp(domain + n - m, parent) == 0;
}

/* A top-level domain is no parent. */
static gboolean
is_aligned(const char *signer, const char *from_domain)
{
  if (!*signer || !*from_domain)
    return FALSE;
  if (g_ascii_strcasecmp(signer, from_domain) == 0)
    return TRUE;
  return (strchr(signer, '.') && is_under(from_domain, signer)) ||
         (strchr(from_domain, '.') && is_under(signer, from_domain));
}

/* The value of `key` in one result ("dkim=pass header.d=x"); "" when it has none. Owned. */
static char *
property(const char *result, const char *key)
{
  gsize length = strlen(key);
  for (const char *at = strstr(result, key); at; at = strstr(at + 1, key)) {
    gboolean begins = at == result || g_ascii_isspace(at[-1]);
    const char *equals = at + length + strspn(at + length, " \t");
    if (!begins || *equals != '=')
      continue;
    const char *value = equals + 1 + strspn(equals + 1, " \t");
    return g_strndup(value, strcspn(value, " \t;"));
  }
  return g_strdup("");
}

static gboolean
dkim_aligns(const char *result, const char *from_domain)
{
  g_autofree char *d = property(result, "header.d");
  g_autofree char *i = property(result, "header.i");
  const char *at = strrchr(i, '@');
  return is_aligned(*d ? d : at ? at + 1 : i, from_domain);
}

static gboolean
dmarc_aligns(const char *result, const char *from_domain)
{
  g_autofree char *from = property(result, "header.from");
  const char *at = strrchr(from, '@');
  return g_ascii_strcasecmp(at ? at + 1 : from, from_domain) == 0;
}

/* 1 passed, -1 failed, 0 says nothing of the From. */
static int
weigh(const char *result, const char *from_domain)
{
  g_autofree char *dmarc = property(result, "dmarc");
  g_autofree char *dkim = property(result, "dkim");
  if (strcmp(dmarc, "pass") == 0)
    return dmarc_aligns(result, from_domain);
  if (strcmp(dkim, "pass") == 0)
    return dkim_aligns(result, from_domain);
  return strcmp(dmarc, "fail") == 0 || strcmp(dkim, "fail") == 0 ? -1 : 0;
}

/* RFC 8601 2.2: "authserv-id [version]", then the results. Owned; NULL when it is another server's. */
static char **
results_of(const char *value, const char *authserv_id)
{
  g_autofree char *plain = without_comments(value);
  char **results = g_strsplit(plain, ";", 100);
  g_autofree char *id = g_strdup(results[0] ? g_strstrip(results[0]) : "");
  id[strcspn(id, " \t")] = '\0';
  if (strcmp(authserv_id, "first") == 0 || g_ascii_strcasecmp(id, authserv_id) == 0)
    return results;
  g_strfreev(results);
  return NULL;
}

static const char *
judge(char **results, const char *from_domain)
{
  int worst = 0;
  for (guint i = 1; results[0] && results[i]; i++) {
    int weight = weigh(g_strstrip(results[i]), from_domain);
    if (weight > 0)
      return "pass";
    worst = MIN(worst, weight);
  }
  return worst < 0 ? "fail" : "none";
}

const char *
sl_trust_of(const GPtrArray *headers, const char *authserv_id, const char *from_domain)
{
  for (guint i = 0; authserv_id && *from_domain && i < headers->len; i++) {
    const SlHeader *header = headers->pdata[i];
    if (g_ascii_strcasecmp(header->name, "Authentication-Results") != 0)
      continue;
    g_auto(GStrv) results = results_of(header->value, authserv_id);
    if (results)
      return judge(results, from_domain);
  }
  return "none";
}
