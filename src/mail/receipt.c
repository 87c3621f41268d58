/* SPDX-License-Identifier: ISC */
#include "mail/receipt.h"

#include <string.h>

#include "mail/gmime-auto.h"
#include "mail/head.h"

#define FIRST_SEC      G_GINT64_CONSTANT(315532800) /* 1980: what claims to be older than mail itself is no date */
#define MOST_DATE_BYTES 200

static SlTime
date_of(const char *text)
{
  if (!text || strlen(text) > MOST_DATE_BYTES || !g_str_is_ascii(text))
    return SL_TIME_NONE;
  g_autoptr(GDateTime) date = g_mime_utils_header_decode_date(text);
  gint64 sec = date ? g_date_time_to_unix(date) : 0;
  return sec >= FIRST_SEC ? sec * SL_SECOND : SL_TIME_NONE;
}

/* The date stands behind the last semicolon (RFC 5321 4.4). */
static SlTime
date_of_trace(const char *value)
{
  const char *semicolon = strrchr(value, ';');
  return semicolon ? date_of(semicolon + 1 + strspn(semicolon + 1, " \t")) : SL_TIME_NONE;
}

SlTime
sl_mail_receipt(const char *bytes, gsize length)
{
  g_autoptr(GPtrArray) headers = sl_head_split(bytes, length, NULL);
  for (guint i = 0; i < headers->len; i++) {
    const SlHeader *header = headers->pdata[i];
    SlTime t = g_ascii_strcasecmp(header->name, "Received") == 0 ? date_of_trace(header->value) : SL_TIME_NONE;
    if (t != SL_TIME_NONE)
      return t;
  }
  return date_of(sl_head_get(headers, "Date"));
}

gboolean
sl_mail_looks_like_one(const char *bytes, gsize length)
{
  static const char *const known[] = {"From", "Received", "Return-Path", "Message-ID", "Date", "To", "Subject", "Delivered-To"};
  guint junk = 0;
  g_autoptr(GPtrArray) headers = sl_head_split(bytes, length, &junk);
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    if (sl_head_get(headers, known[i]))
      return junk <= headers->len;
  }
  return FALSE;
}
