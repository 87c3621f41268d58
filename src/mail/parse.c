/* SPDX-License-Identifier: ISC */
#include "mail/parse.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "mail/bounce.h"
#include "mail/dsn.h"
#include "mail/fields.h"
#include "mail/forward.h"
#include "mail/gmime-auto.h"
#include "mail/head.h"
#include "mail/key.h"
#include "mail/origin.h"
#include "mail/parts.h"
#include "mail/quote.h"
#include "mail/rescue.h"
#include "mail/scan.h"
#include "mail/sns.h"
#include "mail/trust.h"

#define DEFAULT_MESSAGE_BYTES (G_GINT64_CONSTANT(35) * 1024 * 1024)
#define DEFAULT_TEXT_BYTES    (G_GINT64_CONSTANT(1024) * 1024)
#define MAX_RESCUED_BYTES     ((gsize)4 * 1024 * 1024)

/* One mail being read. */
typedef struct {
  int fd;
  gint64 start;          /* of the mail proper, behind an mbox line */
  SlMailOptions options; /* defaults filled in */
  SlScan scan;
  GPtrArray *raw; /* SlHeader*, any bytes */
  GMimeParserOptions *gmime;
  gboolean one_from;
  SlMail *mail;
} Reader;

static gpointer
init_gmime(gpointer unused)
{
  g_mime_init();
  return unused;
}

static void
note_warning(gint64 offset, GMimeParserWarning what, const gchar *item, gpointer data)
{
  static const struct {
    GMimeParserWarning what;
    const char *fault;
  } faults[] = {
      {GMIME_WARN_MALFORMED_MULTIPART, "a multipart without parts"},
      {GMIME_WARN_TRUNCATED_MESSAGE, "the message is truncated"},
      {GMIME_WARN_MALFORMED_MESSAGE, "the message is malformed"},
      {GMIME_CRIT_INVALID_HEADER_NAME, "a header without a valid name"},
      {GMIME_CRIT_CONFLICTING_HEADER, "a header stands twice"},
      {GMIME_CRIT_CONFLICTING_PARAMETER, "a parameter stands twice"},
      {GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY, "a multipart without a boundary"},
      {GMIME_CRIT_NESTING_OVERFLOW, "parts are nested too deeply"},
  };
  (void)offset;
  (void)item;
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].what == what)
      sl_parts_fault(data, faults[i].fault);
}

static GMimeParserOptions *
gmime_options(const SlMailOptions *options, SlMail *mail)
{
  g_autoptr(GPtrArray) charsets = g_ptr_array_new();
  g_ptr_array_add(charsets, (gpointer) "utf-8");
  for (guint i = 0; options->fallback_charsets && i < options->fallback_charsets->len; i++)
    g_ptr_array_add(charsets, options->fallback_charsets->pdata[i]);
  g_ptr_array_add(charsets, (gpointer) "windows-1252");
  g_ptr_array_add(charsets, NULL);
  GMimeParserOptions *gmime = g_mime_parser_options_new();
  g_mime_parser_options_set_fallback_charsets(gmime, (const char **)charsets->pdata);
  g_mime_parser_options_set_warning_callback(gmime, note_warning, mail);
  return gmime;
}

static void
replace(char **slot, char *take_value)
{
  if (!take_value)
    return;
  g_free(*slot);
  *slot = take_value;
}

/* GMime holds offsets into the file, not contents; the stream must live as long as the message. FALSE where GMime makes
 * nothing of it. */
static gboolean
read_entity(const Reader *reader, int fd, gint64 start)
{
  g_autoptr(GMimeStream) stream = g_mime_stream_fs_new_with_bounds(fd, start, -1);
  g_mime_stream_fs_set_owner(GMIME_STREAM_FS(stream), FALSE);
  g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, reader->gmime);
  if (message)
    sl_parts_read(message, &reader->options, TRUE, reader->mail);
  return message != NULL;
}

static void
rescue_by(const Reader *reader, const char *bytes, gsize length, SlRescue how)
{
  gsize entity_length;
  SlScan scan;
  g_autofree char *entity = sl_rescue_body(bytes, length, how, &entity_length);
  int fd = entity ? sl_mail_hold(entity, entity_length, NULL) : -1;
  if (fd >= 0 && sl_mail_scan_fd(fd, 0, &scan, NULL) && !sl_mail_scan_fault(&scan))
    read_entity(reader, fd, 0);
  if (fd >= 0)
    close(fd);
}

/* A multipart in which no part was found: the words must be somewhere. */
static void
rescue_body(const Reader *reader)
{
  SlMail *mail = reader->mail;
  const char *type = sl_mail_header(mail, "Content-Type");
  gsize length;
  if (!type || g_ascii_strncasecmp(type, "multipart/", 10) != 0)
    return;
  g_autofree char *bytes = sl_mail_read_at(reader->fd, reader->scan.body_offset, MAX_RESCUED_BYTES, &length, NULL);
  static const SlRescue ways[] = {SL_RESCUE_BY_BOUNDARY, SL_RESCUE_AS_TEXT};
  for (guint i = 0; bytes && i < G_N_ELEMENTS(ways); i++)
    if (*mail->text == '\0' && mail->attachments->len == 0)
      rescue_by(reader, bytes, length, ways[i]);
}

static void
read_body(Reader *reader)
{
  SlMail *mail = reader->mail;
  if (!read_entity(reader, reader->fd, reader->start))
    sl_parts_fault(mail, reader->scan.size_bytes == 0 ? "the mail is empty" : "the body cannot be read");
  if (*mail->text == '\0' && mail->attachments->len == 0)
    rescue_body(reader);
}

/* An enclosed mail is one that came back only where the mail around it is a report of that. */
static void
keep_returned_id(SlMail *mail)
{
  const char *type = sl_mail_header(mail, "Content-Type");
  gboolean report =
      mail->origin == SL_ORIGIN_BOUNCE || (type && g_ascii_strncasecmp(type, "multipart/report", 16) == 0);
  if (!report) {
    g_clear_pointer(&mail->dsn_message_id, g_free);
    g_clear_pointer(&mail->returned_to, g_free);
  } else if (!mail->dsn_message_id && mail->origin == SL_ORIGIN_BOUNCE) {
    mail->dsn_message_id = sl_dsn_id_in_text(mail->text);
  }
}

/* What came back is not sent on. What the text announces as a forward is surer than what happens to be attached. */
static void
read_forward(SlMail *mail)
{
  gboolean report = mail->origin == SL_ORIGIN_BOUNCE || mail->dsn_message_id;
  SlForwarded *told = report ? NULL : sl_forward_read(mail);
  if (!report && !told)
    return;
  sl_forwarded_free(mail->forwarded);
  mail->forwarded = told;
}

static void
judge(Reader *reader)
{
  SlMail *mail = reader->mail;
  const char *domain = mail->from && reader->one_from ? sl_address_domain(mail->from->address) : "";
  replace(&mail->reply, sl_quote_reply(mail->text, &mail->nothing_new));
  replace(&mail->authentication, g_strdup(sl_trust_of(mail->headers, reader->options.authserv_id, domain)));
  if (mail->dsn->len == 0)
    sl_sns_read(mail);
  sl_origin_judge(mail, &reader->options);
  if (mail->origin == SL_ORIGIN_BOUNCE)
    sl_bounce_read(mail);
  keep_returned_id(mail);
  read_forward(mail);
}

static gsize
mbox_line_length(const char *bytes, gsize length)
{
  gboolean mbox = g_str_has_prefix(bytes, "From ") || g_str_has_prefix(bytes, ">From ");
  const char *newline = mbox ? memchr(bytes, '\n', length) : NULL;
  return newline ? (gsize)(newline - bytes) + 1 : 0;
}

static gboolean
read_head(Reader *reader, GError **error)
{
  gsize length;
  gsize max = (gsize)MIN(reader->scan.head_bytes, SL_HEAD_MAX_BYTES);
  g_autofree char *bytes = sl_mail_read_at(reader->fd, reader->start, max, &length, error);
  if (!bytes)
    return FALSE;
  guint junk;
  reader->raw = sl_head_split(bytes, length, &junk);
  reader->start += (gint64)mbox_line_length(bytes, length);
  if (junk > 0)
    sl_parts_fault(reader->mail, "a header without a valid name");
  return TRUE;
}

static void
read_mail(Reader *reader)
{
  SlMail *mail = reader->mail;
  const char *fault = sl_mail_scan_fault(&reader->scan);
  if (mail->size_bytes > reader->options.max_message_bytes)
    fault = "the mail is over the size limit: only its headers were read";
  mail->oversize = fault != NULL;
  if (fault)
    sl_parts_fault(mail, fault);
  reader->gmime = gmime_options(&reader->options, mail);
  reader->one_from = sl_fields_read(reader->raw, reader->options.fallback_charsets, reader->gmime, mail);
  if (!fault)
    read_body(reader);
  judge(reader);
  g_mime_parser_options_free(reader->gmime);
}

static SlMailOptions
with_defaults(const SlMailOptions *options)
{
  SlMailOptions filled = options ? *options : (SlMailOptions){0};
  if (filled.max_message_bytes <= 0)
    filled.max_message_bytes = DEFAULT_MESSAGE_BYTES;
  if (filled.max_text_bytes <= 0)
    filled.max_text_bytes = DEFAULT_TEXT_BYTES;
  return filled;
}

/* A mail whose lines end in a bare CR, as some programs hand them on: it is read with the line ends that it should
 * have. NULL, and *out_cr FALSE, where it has no such lines. */
static SlMail *
parse_cr(int fd, gint64 start, const SlScan *scan, const SlMailOptions *options, gboolean *out_cr, GError **error)
{
  gsize length;
  if (scan->head_lines > 1 || (gsize)scan->size_bytes > MAX_RESCUED_BYTES)
    return NULL;
  g_autofree char *bytes = sl_mail_read_at(fd, start, (gsize)scan->size_bytes, &length, error);
  *out_cr = !bytes || sl_rescue_is_cr(bytes, length);
  if (!bytes || !*out_cr)
    return NULL;
  for (gsize i = 0; i < length; i++)
    bytes[i] = bytes[i] == '\r' ? '\n' : bytes[i];
  SlMail *mail = sl_mail_parse_bytes(bytes, length, options, error);
  if (mail)
    sl_parts_fault(mail, "lines end in a bare CR");
  return mail;
}

SlMail *
sl_mail_parse_fd(int fd, gint64 start, const SlMailOptions *options, GError **error)
{
  static GOnce once = G_ONCE_INIT;
  g_once(&once, init_gmime, NULL);
  g_autoptr(SlMail) mail = sl_mail_new();
  Reader reader = {.fd = fd, .start = start, .options = with_defaults(options), .mail = mail};
  if (!sl_mail_scan_fd(fd, start, &reader.scan, error))
    return NULL;
  gboolean cr = FALSE;
  SlMail *of_cr = parse_cr(fd, start, &reader.scan, options, &cr, error);
  if (cr)
    return of_cr;
  if (!read_head(&reader, error))
    return NULL;
  g_autoptr(GPtrArray) raw = reader.raw;
  char *key = sl_mail_key(fd, start, reader.scan.body_offset, raw, error);
  if (!key)
    return NULL;
  replace(&mail->content_key, key);
  mail->size_bytes = reader.scan.size_bytes;
  read_mail(&reader);
  return g_steal_pointer(&mail);
}

SlMail *
sl_mail_parse_bytes(const char *bytes, gsize length, const SlMailOptions *options, GError **error)
{
  int fd = sl_mail_hold(bytes, length, error);
  if (fd < 0)
    return NULL;
  SlMail *mail = sl_mail_parse_fd(fd, 0, options, error);
  close(fd);
  return mail;
}
