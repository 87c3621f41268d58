/* SPDX-License-Identifier: ISC */
#include "mail/dsn.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/head.h"

#define MAX_GROUPS      100
#define MAX_FIELD_BYTES 1000

char *
sl_dsn_first_id(const char *value)
{
  g_autoptr(GPtrArray) ids = sl_head_ids(value);
  return ids->len > 0 ? sl_text_clean_line(ids->pdata[0], 255) : NULL;
}

/* RFC 3463 3.5: X.4.7 is a delivery time that ran out; Exchange has 5.4.300 and 5.4.316 for it. */
static gboolean
ran_out_of_time(const char *status, const char *diagnostic)
{
  static const char *const words[] = {
      "expired",         "retry timeout", "queue too long", "multiple retries", "retry limit",
      "giving up after", "timed out",     "deferred",       "for the last",     "message could not be delivered for",
      "try again later"};
  if (status &&
      (g_str_has_suffix(status, ".4.7") || g_str_has_suffix(status, ".4.300") || g_str_has_suffix(status, ".4.316")))
    return TRUE;
  g_autofree char *lower = g_ascii_strdown(diagnostic ? diagnostic : "", -1);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(lower, words[i]))
      return TRUE;
  return FALSE;
}

/* The class of the first SMTP reply code in a diagnostic, '4' or '5'; 0 for none. */
static char
reply_class(const char *diagnostic)
{
  for (const char *at = diagnostic; at && *at; at++) {
    gboolean begins = at == diagnostic || !(g_ascii_isalnum(at[-1]) || strchr(".-:", at[-1]));
    if (begins && strchr("45", *at) && g_ascii_isdigit(at[1]) && g_ascii_isdigit(at[2]) && strchr(" -:", at[3]))
      return *at;
  }
  return 0;
}

/* RFC 3464 2.3.3 and RFC 3463 2: class 5 is permanent, 4 persistent transient, 2 success. A failure that gives a class
 * 4 has been given up (the queue time is over), yet the address may be good. */
const char *
sl_dsn_kind(const char *action, const char *status, const char *diagnostic)
{
  gboolean failed = action && g_ascii_strcasecmp(action, "failed") == 0;
  if (action && !failed)
    return "none";
  if (!action && !status)
    return "none";
  char class = status ? *status : reply_class(diagnostic);
  gboolean vague = !status || g_str_has_suffix(status, ".0.0");
  if (class == '4' || ((vague || class != '5' || strstr(status, ".4.")) && ran_out_of_time(status, diagnostic)))
    return "soft";
  return class == '5' || failed ? "hard" : "none";
}

static char *
clean_field(const char *value)
{
  if (!value)
    return NULL;
  g_autofree char *text = sl_text_decode(value, strlen(value), NULL, NULL);
  g_autofree char *line = sl_text_clean_line(text, MAX_FIELD_BYTES);
  return *line ? g_steal_pointer(&line) : NULL;
}

/* "rfc822; <ann@example.org>": the address alone. */
static char *
address_of(const char *value)
{
  if (!value)
    return NULL;
  const char *semicolon = strchr(value, ';');
  g_autofree char *field = clean_field(semicolon ? semicolon + 1 : value);
  if (!field)
    return NULL;
  char *open = strchr(field, '<');
  char *start = open ? open + 1 : field;
  start[strcspn(start, open ? ">" : " \t(>")] = '\0';
  return *start ? g_strdup(start) : NULL;
}

char *
sl_dsn_status_in(const char *text)
{
  for (const char *at = text; at && *at; at++) {
    if (!strchr("245", *at) || at[1] != '.' || (at > text && (g_ascii_isalnum(at[-1]) || at[-1] == '.')))
      continue;
    gsize subject = strspn(at + 2, "0123456789");
    if (subject < 1 || subject > 3 || at[2 + subject] != '.')
      continue;
    gsize detail = strspn(at + 3 + subject, "0123456789");
    char after = at[3 + subject + detail];
    if (detail >= 1 && detail <= 3 && !g_ascii_isalnum(after) && after != '.')
      return g_strndup(at, 3 + subject + detail);
  }
  return NULL;
}

/* The remote server's own word in the diagnostic is finer than a class that ends in .0.0. */
static char *
best_status(const char *field, const char *diagnostic)
{
  g_autofree char *told = sl_dsn_status_in(field);
  g_autofree char *found = sl_dsn_status_in(diagnostic);
  gboolean vague = !told || g_str_has_suffix(told, ".0.0");
  if (vague && found && (!told || found[0] == told[0]))
    return g_steal_pointer(&found);
  return g_steal_pointer(&told);
}

/* The address that we wrote to is told by Original-Recipient; it counts where the final one is a pipe, a file or a
 * route. */
static void
add_group(const GPtrArray *headers, GPtrArray *dsn)
{
  g_autofree char *final = address_of(sl_head_get(headers, "Final-Recipient"));
  g_autofree char *original = address_of(sl_head_get(headers, "Original-Recipient"));
  const char *action = sl_head_get(headers, "Action");
  if ((!final && !original && !action) || dsn->len >= MAX_GROUPS)
    return;
  SlDsn *group = g_new0(SlDsn, 1);
  gboolean plain = final && *final != '@' && sl_address_is_valid(final);
  group->recipient = original && !plain ? g_steal_pointer(&original) : g_steal_pointer(&final);
  group->action = clean_field(action);
  if (group->action) {
    group->action[strcspn(group->action, " \t(;")] = '\0';
    for (char *at = group->action; *at; at++)
      *at = g_ascii_tolower(*at);
  }
  group->diagnostic = clean_field(sl_head_get(headers, "Diagnostic-Code"));
  group->status = best_status(sl_head_get(headers, "Status"), group->diagnostic);
  group->kind = g_strdup(sl_dsn_kind(group->action, group->status, group->diagnostic));
  g_ptr_array_add(dsn, group);
}

static gsize
line_length(const char *at, const char *end)
{
  const char *newline = memchr(at, '\n', (gsize)(end - at));
  return newline ? (gsize)(newline - at) + 1 : (gsize)(end - at);
}

static gboolean
is_empty(const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace(line[i]))
      return FALSE;
  return TRUE;
}

void
sl_dsn_read(const char *bytes, gsize length, GPtrArray *dsn)
{
  const char *at = bytes, *end = bytes + length;
  while (at < end && dsn->len < MAX_GROUPS) {
    const char *group = at;
    for (gsize n; at < end && !is_empty(at, n = line_length(at, end));)
      at += n;
    g_autoptr(GPtrArray) headers = sl_head_split(group, (gsize)(at - group), NULL);
    add_group(headers, dsn);
    while (at < end && is_empty(at, line_length(at, end)))
      at += line_length(at, end);
  }
}

char *
sl_dsn_id_in_text(const char *text)
{
  for (const char *line = text; line && *line;) {
    const char *words = line + strspn(line, "> \t");
    gsize n = strcspn(words, "\n");
    if (g_ascii_strncasecmp(words, "Message-ID:", 11) == 0) {
      g_autofree char *value = g_strndup(words + 11, n - 11);
      return sl_dsn_first_id(g_strstrip(value));
    }
    line = words + n + (words[n] == '\n');
  }
  return NULL;
}
