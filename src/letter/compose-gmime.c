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

/* The customer's mail as it came. 7-bit or base64 is GMime's care: a message/rfc822 part must not be encoded (RFC 2046 5.2.1), so
 * one with long lines or 8-bit bytes rides as a file. */
static gboolean
may_be_message(const char *bytes, gsize size)
{
  gsize line = 0;
  for (gsize i = 0; i < size; i++) {
    line = bytes[i] == '\n' ? 0 : line + 1;
    if ((guchar)bytes[i] >= 0x80 || bytes[i] == '\0' || line > 990)
      return FALSE;
  }
  return size > 0;
}

static GMimeObject *
original_part(GBytes *original)
{
  gsize size = 0;
  const char *bytes = g_bytes_get_data(original, &size);
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes, size);
  if (may_be_message(bytes, size)) {
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);
    if (message)
      return GMIME_OBJECT(g_mime_message_part_new_with_message("rfc822", message));
  }
  GMimePart *part = g_mime_part_new_with_type("application", "octet-stream");
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content(part, content);
  g_object_unref(content);
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_part_set_filename(part, "original.eml");
  return GMIME_OBJECT(part);
}

#define MOST_FILES 50

/* A part is a file when it says so or is no text: never the words themselves, never a mail inside. */
static gboolean
is_file(GMimeObject *object)
{
  const char *disposition = g_mime_object_get_disposition(object);
  if (!GMIME_IS_PART(object))
    return FALSE;
  return g_strcmp0(disposition, "attachment") == 0 || g_mime_part_get_filename(GMIME_PART(object)) || !GMIME_IS_TEXT_PART(object);
}

static void
copy_file(GMimeMultipart *mixed, GMimePart *file)
{
  GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(file));
  GMimePart *copy = g_mime_part_new_with_type(g_mime_content_type_get_media_type(type), g_mime_content_type_get_media_subtype(type));
  g_autofree char *name = g_strdup(g_mime_part_get_filename(file));
  g_mime_part_set_content(copy, g_mime_part_get_content(file));
  g_mime_part_set_content_encoding(copy, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_object_set_disposition(GMIME_OBJECT(copy), "attachment");
  if (name) {
    g_strdelimit(name, "/\\\r\n\t\"", '_');
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_mime_part_set_filename(copy, valid);
  }
  g_mime_multipart_add(mixed, GMIME_OBJECT(copy));
  g_object_unref(copy);
}

static void
copy_files(GMimeMultipart *mixed, GMimeObject *object, int depth)
{
  if (is_file(object) && g_mime_multipart_get_count(mixed) < MOST_FILES && g_mime_part_get_content(GMIME_PART(object)))
    copy_file(mixed, GMIME_PART(object));
  if (!GMIME_IS_MULTIPART(object) || depth > 8)
    return;
  for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
    copy_files(mixed, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
}

static void
add_files(GMimeMultipart *mixed, GBytes *files)
{
  gsize size = 0;
  const char *bytes = g_bytes_get_data(files, &size);
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes, size);
  g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
  g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);
  if (message && g_mime_message_get_mime_part(message))
    copy_files(mixed, g_mime_message_get_mime_part(message), 0);
}

static GMimeObject *
with_others(GMimeObject *body, GBytes *original, GBytes *files)
{
  if (!original && !files)
    return body;
  GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
  g_mime_multipart_add(mixed, body);
  g_object_unref(body);
  if (original) {
    GMimeObject *part = original_part(original);
    g_mime_multipart_add(mixed, part);
    g_object_unref(part);
  }
  if (files)
    add_files(mixed, files);
  return GMIME_OBJECT(mixed);
}

SlMessage *
sl_message_new(const char *text, const char *html, GBytes *original, GBytes *files)
{
  init_once();
  SlMessage *message = g_new0(SlMessage, 1);
  GMimeObject *body = with_others(alternative(text_part(text, "plain"), html), original, files);
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
