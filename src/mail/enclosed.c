/* SPDX-License-Identifier: ISC */
#include "mail/enclosed.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/parts.h"

#define MAX_LIST_BYTES    8192
#define MAX_SUBJECT_BYTES 998

static SlMailbox *
sender_of(GMimeMessage *message, const SlMailOptions *options)
{
  GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), "From");
  const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
  if (!raw)
    return NULL;
  g_autofree char *utf8 = sl_text_decode(raw, MIN(strlen(raw), MAX_LIST_BYTES), NULL, options->fallback_charsets);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  sl_addresses_read(g_strstrip(utf8), NULL, list);
  return list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

SlForwarded *
sl_enclosed_read(GMimeMessage *message, const SlMailOptions *options)
{
  SlMailbox *from = sender_of(message, options);
  if (!from)
    return NULL;
  const char *subject = g_mime_message_get_subject(message);
  g_autofree char *valid = g_utf8_make_valid(subject ? subject : "", -1);
  GDateTime *date = g_mime_message_get_date(message);
  g_autoptr(SlMail) inner = sl_mail_new();
  sl_parts_read(message, options, FALSE, inner);
  SlForwarded *forwarded = g_new0(SlForwarded, 1);
  forwarded->from = from;
  forwarded->date = date ? g_date_time_to_unix(date) * SL_SECOND : SL_TIME_NONE;
  forwarded->subject = sl_text_clean_line(valid, MAX_SUBJECT_BYTES);
  forwarded->text = g_steal_pointer(&inner->text);
  return forwarded;
}
