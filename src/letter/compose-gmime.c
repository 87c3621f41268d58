/* SPDX-License-Identifier: ISC */
#include "letter/compose-gmime.h"

#include <string.h>

#include "letter/gmime-auto.h"

struct SlMessage {
  GMimeMessage *message;
};

static void
init_once(void)
{
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    g_mime_init();
    g_once_init_leave(&once, 1);
  }
}

/* UTF-8 always, whatever GMime thinks is best; quoted-printable, so that no line grows long and no byte is 8-bit. */
static GMimeObject *
text_part(const char *text, const char *subtype)
{
  GMimePart *part = g_mime_part_new_with_type("text", subtype);
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content(part, content);
  g_object_unref(content);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  return GMIME_OBJECT(part);
}

static GMimeObject *
alternative(GMimeObject *text, const char *html)
{
  if (!html)
    return text;
  GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
  GMimeObject *rich = text_part(html, "html");
  g_mime_multipart_add(both, text);
  g_mime_multipart_add(both, rich);
  g_object_unref(text);
  g_object_unref(rich);
  return GMIME_OBJECT(both);
}

/* The customer's mail as it came: base64, since its lines may be anything. */
static GMimeObject *
with_original(GMimeObject *body, GBytes *original)
{
  if (!original)
    return body;
  gsize size = 0;
  const char *bytes = g_bytes_get_data(original, &size);
  GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
  GMimePart *part = g_mime_part_new_with_type("application", "octet-stream");
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes, size);
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content(part, content);
  g_object_unref(content);
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_part_set_filename(part, "original.eml");
  g_mime_multipart_add(mixed, body);
  g_mime_multipart_add(mixed, GMIME_OBJECT(part));
  g_object_unref(body);
  g_object_unref(part);
  return GMIME_OBJECT(mixed);
}

SlMessage *
sl_message_new(const char *text, const char *html, GBytes *original)
{
  init_once();
  SlMessage *message = g_new0(SlMessage, 1);
  GMimeObject *body = with_original(alternative(text_part(text, "plain"), html), original);
  message->message = g_mime_message_new(TRUE);
  g_mime_message_set_mime_part(message->message, body);
  g_object_unref(body);
  return message;
}

void
sl_message_from(SlMessage *message, const char *name, const char *address)
{
  g_mime_message_add_mailbox(message->message, GMIME_ADDRESS_TYPE_FROM, name, address);
}

void
sl_message_to(SlMessage *message, const char *address, gboolean is_cc)
{
  g_mime_message_add_mailbox(message->message, is_cc ? GMIME_ADDRESS_TYPE_CC : GMIME_ADDRESS_TYPE_TO, NULL, address);
}

void
sl_message_reply_to(SlMessage *message, const char *name, const char *address)
{
  g_mime_message_add_mailbox(message->message, GMIME_ADDRESS_TYPE_REPLY_TO, name, address);
}

void
sl_message_subject(SlMessage *message, const char *subject)
{
  g_mime_message_set_subject(message->message, subject, "utf-8");
}

void
sl_message_date(SlMessage *message, SlTime at, const char *zone)
{
  g_autoptr(GTimeZone) tz = zone ? sl_time_zone_new(zone) : NULL;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / SL_SECOND);
  g_autoptr(GDateTime) local = tz ? g_date_time_to_timezone(utc, tz) : g_date_time_ref(utc);
  g_mime_message_set_date(message->message, local);
}

void
sl_message_header(SlMessage *message, const char *name, const char *value)
{
  g_mime_object_set_header(GMIME_OBJECT(message->message), name, value, "utf-8");
}

void
sl_message_raw_header(SlMessage *message, const char *name, const char *value, gboolean bracket)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message->message));
  g_autofree char *raw = bracket ? g_strdup_printf(" <%s>\r\n", value) : g_strdup_printf(" %s\r\n", value);
  g_mime_header_list_set(headers, name, "x", NULL);
  GMimeHeader *header = g_mime_header_list_get_header(headers, name);
  g_mime_header_set_raw_value(header, raw);
}

GBytes *
sl_message_finish(SlMessage *message)
{
  g_autoptr(GMimeFormatOptions) format = g_mime_format_options_new();
  g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_add_hidden_header(format, "Bcc");
  GByteArray *bytes = g_byte_array_new();
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  g_mime_object_write_to_stream(GMIME_OBJECT(message->message), format, stream);
  g_object_unref(stream);
  g_object_unref(message->message);
  g_free(message);
  return g_byte_array_free_to_bytes(bytes);
}

static GMimeObject *
first_text(GMimeObject *object, int depth)
{
  if (GMIME_IS_TEXT_PART(object))
    return object;
  if (!GMIME_IS_MULTIPART(object) || depth > 8)
    return NULL;
  for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++) {
    GMimeObject *found = first_text(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
    if (found)
      return found;
  }
  return NULL;
}

char *
sl_message_read_text(GBytes *bytes)
{
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);
  init_once();
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
  g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
  g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);
  GMimeObject *text = message ? first_text(g_mime_message_get_mime_part(message), 0) : NULL;
  if (!text)
    return NULL;
  g_autofree char *raw = g_mime_text_part_get_text(GMIME_TEXT_PART(text));
  if (!raw)
    return NULL;
  g_auto(GStrv) lines = g_strsplit(raw, "\r\n", -1);
  g_autofree char *joined = g_strjoinv("\n", lines);
  return g_utf8_make_valid(joined, -1);
}
