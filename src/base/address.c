/* SPDX-License-Identifier: ISC */
#include "base/address.h"

#include <string.h>

static gboolean
dot_atom(const char *text, gsize length)
{
  if (length == 0 || text[0] == '.' || text[length - 1] == '.')
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum(text[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", text[i]))
      return FALSE;
    if (text[i] == '.' && text[i + 1] == '.')
      return FALSE;
  }
  return TRUE;
}

static gboolean
quoted(const char *text, gsize length)
{
  if (length < 3 || text[0] != '"' || text[length - 1] != '"')
    return FALSE;
  for (gsize i = 1; i + 1 < length; i++) {
    if ((guchar)text[i] < 0x21 || (guchar)text[i] > 0x7e || strchr("\"\\<>", text[i]))
      return FALSE;
  }
  return TRUE;
}

gboolean
sl_address_is_sendable(const char *address)
{
  const char *at = address ? strrchr(address, '@') : NULL;
  if (!at || strlen(address) > 254)
    return FALSE;
  gsize local = (gsize)(at - address);
  const char *domain = at + 1;
  if (local > 64 || (!dot_atom(address, local) && !quoted(address, local)))
    return FALSE;
  if (*domain == '[') /* an address literal */
    return domain[1] && strspn(domain + 1, "0123456789abcdefABCDEF.:IPv") == strlen(domain) - 2 && g_str_has_suffix(domain, "]");
  for (const char *p = domain; *p; p++) {
    if (!g_ascii_isalnum(*p) && *p != '-' && *p != '.')
      return FALSE;
  }
  return *domain && *domain != '.' && *domain != '-' && !strstr(domain, "..");
}
