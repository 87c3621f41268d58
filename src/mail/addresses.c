/* SPDX-License-Identifier: ISC */
#include "mail/addresses.h"

#include <string.h>

#include "mail/clean.h"
#include "mail/gmime-auto.h"

#define MAX_NAME_BYTES    256
#define MAX_ADDRESS_BYTES 320
#define MAX_ADDRESSES     500

gboolean
sl_address_is_valid(const char *address)
{
  const char *at = strrchr(address, '@');
  return at && at > address && at[1] && strlen(address) <= MAX_ADDRESS_BYTES && !strpbrk(address, " \t<>,;\r\n");
}

static void
add_mailbox(GPtrArray *list, const char *name, const char *address)
{
  g_autofree char *valid_address = g_utf8_make_valid(address ? address : "", -1);
  g_autofree char *clean = sl_text_clean_line(valid_address, MAX_ADDRESS_BYTES + 1);
  if (!sl_address_is_valid(clean) || list->len >= MAX_ADDRESSES)
    return;
  g_autofree char *valid_name = g_utf8_make_valid(name ? name : "", -1);
  g_autofree char *clean_name = sl_text_clean_line(valid_name, MAX_NAME_BYTES);
  g_ptr_array_add(list, sl_mailbox_new(clean_name, clean));
}

static void
add_internet_address(GPtrArray *list, InternetAddress *address)
{
  if (INTERNET_ADDRESS_IS_MAILBOX(address)) {
    const char *spec = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    add_mailbox(list, internet_address_get_name(address), spec);
    return;
  }
  InternetAddressList *members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address));
  int n = members ? MIN(internet_address_list_length(members), MAX_ADDRESSES) : 0;
  for (int i = 0; i < n; i++) {
    InternetAddress *member = internet_address_list_get_address(members, i);
    if (INTERNET_ADDRESS_IS_MAILBOX(member))
      add_internet_address(list, member);
  }
}

void
sl_addresses_guess(const char *value, GPtrArray *list)
{
  const char *at = strchr(value, '@');
  if (!at)
    return;
  const char *begin = at;
  while (begin > value && !strchr(" \t<>\"'(),;:[]", begin[-1]))
    begin--;
  g_autofree char *address = g_strndup(begin, (gsize)(at - begin) + strcspn(at, " \t<>\"'(),;[]"));
  add_mailbox(list, "", address);
}

void
sl_addresses_read(const char *value, GMimeParserOptions *gmime, GPtrArray *list)
{
  guint before = list->len;
  g_autoptr(InternetAddressList) parsed = internet_address_list_parse(gmime, value);
  int n = parsed ? MIN(internet_address_list_length(parsed), MAX_ADDRESSES) : 0;
  for (int i = 0; i < n; i++)
    add_internet_address(list, internet_address_list_get_address(parsed, i));
  if (list->len == before)
    sl_addresses_guess(value, list);
}
