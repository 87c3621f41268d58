/* SPDX-License-Identifier: ISC */
#include "mail/parts.h"

#include <string.h>

#include "mail/addresses.h"
#include "mail/attach.h"
#include "mail/clean.h"
#include "mail/dsn.h"
#include "mail/enclosed.h"
#include "mail/gmime-auto.h"
#include "mail/head.h"
#include "mail/scan.h"
#include "mail/smime.h"
#include "mail/text.h"
#include "mail/uu.h"

#define MAX_PARTS        500
#define MAX_DEPTH        32
#define MAX_FAULTS       20
#define MAX_STATUS_BYTES ((gsize)256 * 1024)
#define MAX_SIGNED_BYTES ((gsize)16 * 1024 * 1024)
#define ENCRYPTED        "the mail is encrypted for somebody else's key"
#define BLOCK_BYTES      16384

typedef struct {
  GMimeObject *object;
  GMimeObject *alternative; /* the innermost multipart/alternative around it; NULL */
  guint depth;
} Node;

/* A piece of the body. */
typedef struct {
  char *text; /* HTML still as HTML */
  gboolean html;
  GMimeObject *alternative;
} Leaf;

typedef struct {
  const SlMailOptions *options;
  SlMail *mail;
  GMimeObject *root;
  GArray *stack;     /* Node */
  GPtrArray *leaves; /* Leaf* */
  GPtrArray *held;   /* GMimeObject*, what was unwrapped */
  gsize text_left;   /* bytes of body text that may still be kept */
  guint parts;
  gboolean follow; /* read the first enclosed mail as a forward */
} Walk;

void
sl_parts_fault(SlMail *mail, const char *fault)
{
  if (mail->faults->len < MAX_FAULTS && !g_ptr_array_find_with_equal_func(mail->faults, fault, g_str_equal, NULL))
    g_ptr_array_add(mail->faults, g_strdup(fault));
}

static void
leaf_free(Leaf *leaf)
{
  g_free(leaf->text);
  g_free(leaf);
}

/* The part's content with its transfer encoding undone; NULL for a part without content. */
static GMimeStream *
open_content(GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content(part);
  if (!content)
    return NULL;
  GMimeStream *raw = g_mime_data_wrapper_get_stream(content);
  g_mime_stream_reset(raw);
  GMimeStream *stream = g_mime_stream_filter_new(raw);
  g_autoptr(GMimeFilter) decode = g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE);
  g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), decode);
  return stream;
}

static GString *
read_content(GMimePart *part, gsize max, gboolean *out_cut)
{
  GString *bytes = g_string_new("");
  g_autoptr(GMimeStream) stream = open_content(part);
  char block[BLOCK_BYTES];
  gssize n;
  while (stream && bytes->len < max && (n = g_mime_stream_read(stream, block, sizeof block)) > 0)
    g_string_append_len(bytes, block, n);
  *out_cut = bytes->len >= max;
  g_string_truncate(bytes, MIN(bytes->len, max));
  return bytes;
}

static gboolean
is_type(GMimeObject *object, const char *type, const char *subtype)
{
  return g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype);
}

static gboolean
is_disposed(GMimeObject *object, const char *how)
{
  const char *disposition = g_mime_object_get_disposition(object);
  return disposition && g_ascii_strcasecmp(disposition, how) == 0;
}

static SlAttachment *
add_attachment(Walk *walk, GMimeObject *object, const char *name)
{
  g_autofree char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
  SlAttachment *attachment = sl_attachment_new(name, type);
  attachment->is_inline =
      is_disposed(object, "inline") || (g_mime_object_get_content_id(object) && !is_disposed(object, "attachment"));
  g_ptr_array_add(walk->mail->attachments, attachment);
  return attachment;
}

static void
take_attachment(Walk *walk, GMimePart *part)
{
  SlAttachment *attachment = add_attachment(walk, GMIME_OBJECT(part), g_mime_part_get_filename(part));
  g_autoptr(GMimeStream) stream = open_content(part);
  sl_attachment_sum(attachment, stream);
}

static const char *
raw_header(GMimeMessage *message, const char *name)
{
  GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), name);
  return header ? g_mime_header_get_raw_value(header) : NULL;
}

/* Of an enclosed mail, or of its header alone: should the mail around it be a bounce, that is what came back. */
static void
take_returned(SlMail *mail, const char *id, const char *to)
{
  if (!mail->dsn_message_id)
    mail->dsn_message_id = sl_dsn_first_id(id);
  if (mail->returned_to || !to)
    return;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mailbox_free);
  sl_addresses_guess(to, list);
  if (list->len > 0)
    mail->returned_to = g_strdup(((SlMailbox *)list->pdata[0])->address);
}

/* An enclosed mail is summed as it is written out again: GMime keeps its headers and contents as they came. */
static void
take_enclosed(Walk *walk, GMimeMessagePart *part)
{
  const char *name = g_mime_object_get_content_disposition_parameter(GMIME_OBJECT(part), "filename");
  SlAttachment *attachment = add_attachment(walk, GMIME_OBJECT(part), name);
  GMimeMessage *message = g_mime_message_part_get_message(part);
  g_autoptr(GMimeStream) null = g_mime_stream_null_new();
  g_autoptr(GMimeStream) stream = g_mime_stream_filter_new(null);
  g_autoptr(GMimeFilter) sum = g_mime_filter_checksum_new(G_CHECKSUM_SHA256);
  g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), sum);
  if (message)
    g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream);
  g_mime_stream_flush(stream);
  attachment->size_bytes = (gint64)GMIME_STREAM_NULL(null)->written;
  attachment->sha256 = g_mime_filter_checksum_get_string(GMIME_FILTER_CHECKSUM(sum));
  if (message)
    take_returned(walk->mail, raw_header(message, "Message-ID"), raw_header(message, "To"));
  if (message && walk->follow && !walk->mail->forwarded)
    walk->mail->forwarded = sl_enclosed_read(message, walk->options);
}

static void
take_status(Walk *walk, GMimePart *part)
{
  gboolean cut;
  g_autoptr(GString) bytes = read_content(part, MAX_STATUS_BYTES, &cut);
  sl_dsn_read(bytes->str, bytes->len, walk->mail->dsn);
}

static void
take_returned_headers(Walk *walk, GMimePart *part)
{
  gboolean cut;
  g_autoptr(GString) bytes = read_content(part, MAX_STATUS_BYTES, &cut);
  g_autoptr(GPtrArray) headers = sl_head_split(bytes->str, bytes->len, NULL);
  take_returned(walk->mail, sl_head_get(headers, "Message-ID"), sl_head_get(headers, "To"));
}

static char *
unflowed(GMimeObject *object, char *text)
{
  const char *format = g_mime_object_get_content_type_parameter(object, "format");
  const char *delsp = g_mime_object_get_content_type_parameter(object, "delsp");
  if (!format || g_ascii_strcasecmp(format, "flowed") != 0)
    return text;
  g_autofree char *hard = text;
  return sl_text_unflow(hard, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
}

/* The charset that an HTML page names in itself, near its beginning; NULL. Owned. */
static char *
page_charset(const GString *bytes)
{
  g_autofree char *begin = g_ascii_strdown(bytes->str, (gssize)MIN(strlen(bytes->str), 2048));
  const char *meta = strstr(begin, "<meta"), *name = meta ? strstr(meta, "charset=") : NULL;
  if (!name)
    return NULL;
  name += strlen("charset=");
  name += strspn(name, "\"' ");
  return g_strndup(name, strcspn(name, "\"' />;"));
}

/* Files within plain text become attachments. */
static void
take_uu(Walk *walk, GString *text)
{
  g_autoptr(GPtrArray) files = sl_uu_take(text);
  for (guint i = 0; i < files->len; i++) {
    const SlUuFile *file = files->pdata[i];
    SlAttachment *attachment = sl_attachment_new(file->name, NULL);
    g_autoptr(GMimeStream) stream =
        g_mime_stream_mem_new_with_buffer((const char *)file->bytes->data, file->bytes->len);
    sl_attachment_sum(attachment, stream);
    g_ptr_array_add(walk->mail->attachments, attachment);
  }
}

static void
take_text(Walk *walk, GMimePart *part, GMimeObject *alternative, gboolean html)
{
  gboolean cut;
  g_autoptr(GString) bytes = read_content(part, walk->text_left, &cut);
  if (!html)
    take_uu(walk, bytes);
  const char *declared = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  g_autofree char *named = html && !declared ? page_charset(bytes) : NULL;
  const char *charset = named ? named : declared;
  g_autofree char *decoded = sl_text_decode(bytes->str, bytes->len, charset, walk->options->fallback_charsets);
  Leaf *leaf = g_new0(Leaf, 1);
  leaf->text = html ? g_steal_pointer(&decoded) : unflowed(GMIME_OBJECT(part), sl_text_clean(decoded));
  leaf->html = html;
  leaf->alternative = alternative;
  walk->text_left -= MIN(walk->text_left, bytes->len);
  if (!html && strstr(leaf->text, "-----BEGIN PGP MESSAGE-----"))
    sl_parts_fault(walk->mail, ENCRYPTED);
  if (cut)
    sl_parts_fault(walk->mail, "the text is longer than is kept");
  g_ptr_array_add(walk->leaves, leaf);
}

static void
push(Walk *walk, GMimeObject *object, GMimeObject *alternative, guint depth)
{
  Node node = {.object = object, .alternative = alternative, .depth = depth};
  g_array_append_val(walk->stack, node);
}

/* A mail wrapped into its signature is looked into; the wrapping is no attachment. FALSE where there is no mail in it.
 */
static gboolean
unwrap(Walk *walk, GMimePart *part, const Node *node)
{
  gboolean cut;
  SlScan scan;
  g_autoptr(GString) bytes = read_content(part, MAX_SIGNED_BYTES, &cut);
  g_autoptr(GBytes) entity = NULL;
  SlSmime found = cut || node->depth >= MAX_DEPTH ? SL_SMIME_OTHER : sl_smime_open(bytes->str, bytes->len, &entity);
  if (found == SL_SMIME_ENCRYPTED)
    sl_parts_fault(walk->mail, ENCRYPTED);
  int fd = entity ? sl_mail_hold(g_bytes_get_data(entity, NULL), g_bytes_get_size(entity), NULL) : -1;
  if (fd < 0)
    return FALSE;
  g_autoptr(GMimeStream) stream = g_mime_stream_fs_new_with_bounds(fd, 0, -1); /* closes it */
  if (!sl_mail_scan_fd(fd, 0, &scan, NULL) || sl_mail_scan_fault(&scan))
    return FALSE;
  g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  GMimeObject *inner = g_mime_parser_construct_part(parser, NULL);
  if (!inner)
    return FALSE;
  g_ptr_array_add(walk->held, inner);
  push(walk, inner, node->alternative, node->depth + 8); /* few wrappings fit into each other */
  return TRUE;
}

static gboolean
is_wrapped(GMimeObject *object)
{
  return is_type(object, "application", "pkcs7-mime") || is_type(object, "application", "x-pkcs7-mime");
}

/* A text part is body unless it says that it is a file; what is the whole mail is body in any case. */
static void
take_part(Walk *walk, GMimePart *part, const Node *node)
{
  GMimeObject *alternative = node->alternative;
  GMimeObject *object = GMIME_OBJECT(part);
  gboolean plain = is_type(object, "text", "plain"), html = is_type(object, "text", "html");
  gboolean file =
      object != walk->root && (is_disposed(object, "attachment") || (g_mime_part_get_filename(part) && !alternative));
  if (is_type(object, "message", "delivery-status") || is_type(object, "message", "global-delivery-status"))
    take_status(walk, part);
  else if (is_type(object, "text", "rfc822-headers") || is_type(object, "message", "global-headers"))
    take_returned_headers(walk, part);
  else if ((plain || html) && !file)
    take_text(walk, part, alternative, html);
  else if (!is_wrapped(object) || !unwrap(walk, part, node))
    take_attachment(walk, part);
}

static void
open_multipart(Walk *walk, GMimeMultipart *multipart, const Node *node)
{
  if (node->depth >= MAX_DEPTH) {
    sl_parts_fault(walk->mail, "parts are nested more than 32 levels deep");
    return;
  }
  GMimeObject *self = GMIME_OBJECT(multipart);
  if (is_type(self, "multipart", "encrypted"))
    sl_parts_fault(walk->mail, ENCRYPTED);
  GMimeObject *alternative = is_type(self, "multipart", "alternative") ? self : node->alternative;
  int count = g_mime_multipart_get_count(multipart);
  for (int i = MIN(count, MAX_PARTS) - 1; i >= 0; i--)
    push(walk, g_mime_multipart_get_part(multipart, i), alternative, node->depth + 1);
  if (count > MAX_PARTS)
    sl_parts_fault(walk->mail, "more than 500 parts");
}

static void
visit(Walk *walk, const Node *node)
{
  if (GMIME_IS_MULTIPART(node->object))
    open_multipart(walk, GMIME_MULTIPART(node->object), node);
  else if (GMIME_IS_MESSAGE_PART(node->object))
    take_enclosed(walk, GMIME_MESSAGE_PART(node->object));
  else if (GMIME_IS_PART(node->object))
    take_part(walk, GMIME_PART(node->object), node);
}

static void
walk_all(Walk *walk, GMimeObject *root)
{
  walk->root = root;
  push(walk, root, NULL, 0);
  while (walk->stack->len > 0) {
    if (++walk->parts > MAX_PARTS) {
      sl_parts_fault(walk->mail, "more than 500 parts");
      return;
    }
    Node node = g_array_index(walk->stack, Node, walk->stack->len - 1);
    g_array_set_size(walk->stack, walk->stack->len - 1);
    visit(walk, &node);
  }
}

static gboolean
is_blank(const char *text)
{
  while (g_ascii_isspace(*text) || g_str_has_prefix(text, "\302\240"))
    text += *text == '\302' ? 2 : 1;
  return *text == '\0';
}

/* Of an alternative the plain text is read, unless it is empty. */
static gboolean
has_plain_twin(const Walk *walk, const Leaf *html)
{
  for (guint i = 0; html->alternative && i < walk->leaves->len; i++) {
    const Leaf *leaf = walk->leaves->pdata[i];
    if (!leaf->html && leaf->alternative == html->alternative && !is_blank(leaf->text))
      return TRUE;
  }
  return FALSE;
}

static char *
html_text(SlMail *mail, const char *html)
{
  gboolean whole;
  g_autofree char *text = sl_text_from_html(html, &whole);
  if (!whole)
    sl_parts_fault(mail, "the HTML is nested too deeply: only its tags were taken out");
  return sl_text_clean(text);
}

static void
join_leaves(Walk *walk)
{
  g_autoptr(GString) all = g_string_new("");
  gboolean plain = FALSE, html = FALSE;
  for (guint i = 0; i < walk->leaves->len; i++) {
    const Leaf *leaf = walk->leaves->pdata[i];
    if (is_blank(leaf->text) || (leaf->html && has_plain_twin(walk, leaf)))
      continue;
    g_autofree char *text = leaf->html ? html_text(walk->mail, leaf->text) : g_strdup(leaf->text);
    plain = plain || !leaf->html;
    html = html || leaf->html;
    g_string_append_printf(all, "%s%s", all->len ? "\n\n" : "", text);
  }
  g_free(walk->mail->text);
  walk->mail->text = sl_text_tidy(all->str);
  walk->mail->html = html && !plain;
  walk->mail->html_only = html && !plain;
}

void
sl_parts_read(GMimeMessage *message, const SlMailOptions *options, gboolean follow, SlMail *mail)
{
  GMimeObject *root = g_mime_message_get_mime_part(message);
  g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Node));
  g_autoptr(GPtrArray) leaves = g_ptr_array_new_with_free_func((GDestroyNotify)leaf_free);
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func(g_object_unref);
  Walk walk = {.options = options, .mail = mail, .stack = stack, .leaves = leaves, .held = held, .follow = follow};
  walk.text_left = (gsize)options->max_text_bytes;
  if (root)
    walk_all(&walk, root);
  join_leaves(&walk);
}
