/* SPDX-License-Identifier: ISC */
#include "mail/enclosed.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/parts.h"
#include "mail/words.h"

#define MAX_LIST_BYTES    8192
#define MAX_SUBJECT_BYTES 998

/* The raw value as UTF-8, cut; NULL when there is none. Owned. */
static char *
header_of(GMimeMessage *message, const char *name, const SlMailOptions *options)
{
  GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), name);
  const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
  return raw ? sl_text_decode(raw, MIN(strlen(raw), MAX_LIST_BYTES), NULL, options->fallback_charsets) : NULL;
}

static SlMailbox *
sender_of(GMimeMessage *message, const SlMailOptions *options)
{
  g_autofree char *utf8 = header_of(message, "From", options);
  if (!utf8)
    return NULL;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  g_autofree char *recoded = sl_words_recode(g_strstrip(utf8), options->fallback_charsets);
  sl_addresses_read(recoded, NULL, list);
  return list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

SlForwarded *
sl_enclosed_read(GMimeMessage *message, const SlMailOptions *options)
{
  SlMailbox *from = sender_of(message, options);
  if (!from)
    return NULL;
  g_autofree char *raw = header_of(message, "Subject", options);
  g_autofree char *subject = sl_words_decode(raw ? raw : "", options->fallback_charsets);
  GDateTime *date = g_mime_message_get_date(message);
  g_autoptr(SlMail) inner = sl_mail_new();
  sl_parts_read(message, options, FALSE, inner);
  SlForwarded *forwarded = g_new0(SlForwarded, 1);
  forwarded->from = from;
  forwarded->date = date ? g_date_time_to_unix(date) * SL_SECOND : SL_TIME_NONE;
  forwarded->subject = sl_text_clean_line(subject, MAX_SUBJECT_BYTES);
  forwarded->text = g_steal_pointer(&inner->text);
  return forwarded;
}
