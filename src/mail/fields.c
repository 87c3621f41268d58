/* SPDX-License-Identifier: ISC */
#include "mail/fields.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/dsn.h"
#include "mail/head.h"
#include "mail/parts.h"
#include "mail/words.h"

#define MAX_HEADER_VALUE  4096
#define MAX_SUBJECT_BYTES 998 /* RFC 5322 2.1.1: of a line */
#define MAX_LIST_BYTES    65536
#define MAX_RISKY_BYTES   1000 /* of a header in a mail that is over a limit */

typedef struct {
  const GPtrArray *raw; /* SlHeader*, any bytes */
  const GPtrArray *fallbacks;
  GMimeParserOptions *gmime;
  SlMail *mail;
  gboolean many_from;
} Fields;

/* A raw value as valid UTF-8, encoded words (RFC 2047) still encoded. NULL stays NULL. */
static char *
raw_utf8(const Fields *fields, const char *raw)
{
  return raw ? sl_text_decode(raw, strlen(raw), NULL, fields->fallbacks) : NULL;
}

/* What encoded words decode to may hold anything, line ends too: it is made one clean line. NULL stays NULL. */
static char *
decoded_line(const Fields *fields, const char *raw, gsize max)
{
  g_autofree char *utf8 = raw_utf8(fields, raw);
  if (!utf8)
    return NULL;
  sl_text_truncate(utf8, MAX_LIST_BYTES);
  g_autofree char *decoded = sl_words_decode(utf8, fields->fallbacks);
  return sl_text_clean_line(decoded, max);
}

static void
read_addresses(const Fields *fields, const char *name, GPtrArray *list)
{
  g_autofree char *utf8 = raw_utf8(fields, sl_head_get(fields->raw, name));
  if (!utf8)
    return;
  sl_text_truncate(utf8, fields->mail->oversize ? MAX_RISKY_BYTES : MAX_LIST_BYTES);
  g_autofree char *recoded = sl_words_recode(utf8, fields->fallbacks);
  sl_addresses_read(recoded, fields->gmime, list);
}

static void
read_from(Fields *fields)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  read_addresses(fields, "From", list);
  if (list->len == 0) {
    sl_parts_fault(fields->mail, "no From address can be read");
    return;
  }
  fields->many_from = list->len > 1;
  if (list->len > 1)
    sl_parts_fault(fields->mail, "more than one From address");
  fields->mail->from = g_ptr_array_steal_index(list, 0);
}

static void
read_delivered_to(Fields *fields)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  for (guint i = 0; i < fields->raw->len && list->len == 0; i++) {
    const SlHeader *header = fields->raw->pdata[i];
    if (g_ascii_strcasecmp(header->name, "Delivered-To") == 0 || g_ascii_strcasecmp(header->name, "X-Original-To") == 0)
      sl_addresses_guess(header->value, list);
  }
  if (list->len > 0)
    fields->mail->delivered_to = g_strdup(((SlMailbox *)list->pdata[0])->address);
}

static SlTime
read_date(const Fields *fields, int *out_zone_sec)
{
  g_autofree char *utf8 = raw_utf8(fields, sl_head_get(fields->raw, "Date"));
  if (utf8)
    sl_text_truncate(utf8, 200);
  g_autoptr(GDateTime) date = utf8 ? g_mime_utils_header_decode_date(utf8) : NULL;
  *out_zone_sec = date ? (int)(g_date_time_get_utc_offset(date) / G_USEC_PER_SEC) : 0;
  return date ? g_date_time_to_unix(date) * SL_SECOND : SL_TIME_NONE;
}

static void
replace(char **slot, char *take_value)
{
  if (!take_value)
    return;
  g_free(*slot);
  *slot = take_value;
}

static void
replace_ids(GPtrArray **slot, const char *value)
{
  g_autoptr(GPtrArray) ids = sl_head_ids(value);
  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add(*slot, sl_text_clean_line(ids->pdata[i], 255));
}

static void
count_twice(Fields *fields)
{
  static const char *const once[] = {"From", /* first: see many_from */ "Subject", "Message-ID", "Date", "To"};
  for (guint n = 0; n < G_N_ELEMENTS(once); n++) {
    guint seen = 0;
    for (guint i = 0; i < fields->raw->len; i++)
      seen += g_ascii_strcasecmp(((SlHeader *)fields->raw->pdata[i])->name, once[n]) == 0;
    g_autofree char *fault = g_strdup_printf("%s stands %u times", once[n], seen);
    fields->many_from = fields->many_from || (n == 0 && seen > 1);
    if (seen > 1)
      sl_parts_fault(fields->mail, fault);
  }
}

static void
copy_headers(Fields *fields)
{
  for (guint i = 0; i < fields->raw->len; i++) {
    const SlHeader *raw = fields->raw->pdata[i];
    g_autofree char *utf8 = raw_utf8(fields, raw->value);
    g_ptr_array_add(fields->mail->headers, sl_header_new(raw->name, sl_text_clean_line(utf8, MAX_HEADER_VALUE)));
  }
}

static void
read_all(Fields *fields)
{
  SlMail *mail = fields->mail;
  copy_headers(fields);
  replace(&mail->subject, decoded_line(fields, sl_head_get(fields->raw, "Subject"), MAX_SUBJECT_BYTES));
  read_from(fields);
  count_twice(fields);
  read_addresses(fields, "Reply-To", mail->reply_to);
  read_addresses(fields, "To", mail->to);
  read_addresses(fields, "Cc", mail->cc);
  read_delivered_to(fields);
  mail->date = read_date(fields, &mail->date_zone_sec);
  g_autofree char *id = sl_dsn_first_id(sl_head_get(fields->raw, "Message-ID"));
  mail->message_id = id ? sl_text_clean_line(id, 255) : NULL;
  replace_ids(&mail->in_reply_to, sl_head_get(fields->raw, "In-Reply-To"));
  replace_ids(&mail->references, sl_head_get(fields->raw, "References"));
  mail->thread_topic = decoded_line(fields, sl_head_get(fields->raw, "Thread-Topic"), MAX_SUBJECT_BYTES);
  mail->thread_index = decoded_line(fields, sl_head_get(fields->raw, "Thread-Index"), MAX_SUBJECT_BYTES);
}

gboolean
sl_fields_read(const GPtrArray *raw, const GPtrArray *fallbacks, GMimeParserOptions *gmime, SlMail *mail)
{
  Fields fields = {.raw = raw, .fallbacks = fallbacks, .gmime = gmime, .mail = mail};
  read_all(&fields);
  return !fields.many_from;
}
