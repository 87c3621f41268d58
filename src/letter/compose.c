/* SPDX-License-Identifier: ISC */
#include "letter/compose.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "letter/compose-gmime.h"
#include "letter/html.h"

void
sl_composed_clear(SlComposed *composed)
{
  g_clear_pointer(&composed->bytes, g_bytes_unref);
  g_clear_pointer(&composed->message_id, g_free);
  g_clear_pointer(&composed->subject, g_free);
  g_clear_pointer(&composed->envelope_sender, g_free);
  g_clear_pointer(&composed->reply_token, g_free);
  g_clear_pointer(&composed->bounce_token, g_free);
  g_clear_pointer(&composed->instead, g_free);
}

/* The one gate for text that goes into a header: no control character, no line end, nothing that turns the reading direction or is not
 * UTF-8, at most 900 bytes (RFC 5322 2.1.1 after encoding is the library's care). Owned. */
static char *
header_safe(const char *value)
{
  return sl_text_one_line(value, 900);
}

/* What may stand in <>: printable ASCII without space and brackets. */
static gboolean
id_safe(const char *id)
{
  gsize n = id ? strlen(id) : 0;
  if (n < 3 || n > 250)
    return FALSE;
  for (const char *p = id; *p; p++) {
    if ((guchar)*p <= 0x20 || (guchar)*p >= 0x7f || strchr("<>", *p))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_addresses(const GPtrArray *addresses, GError **error)
{
  for (guint i = 0; i < addresses->len; i++) {
    if (sl_address_is_sendable(addresses->pdata[i]))
      continue;
    g_autofree char *shown = g_strescape(addresses->pdata[i], NULL);
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "\"%s\" is no address that a letter can go to", shown);
    return FALSE;
  }
  return TRUE;
}

/* Signed addresses in an agent's words would give the customer their power: the plain address stands for them. Owned. */
static char *
without_tokens(const SlLetterOptions *options, const char *words)
{
  const char *hole = strstr(options->reply_to, "{token}");
  g_autofree char *before = g_regex_escape_string(options->reply_to, (int)(hole - options->reply_to));
  g_autofree char *after = g_regex_escape_string(hole + strlen("{token}"), -1);
  g_autofree char *pattern = g_strdup_printf("%s[A-Za-z2-7]{16}%s", before, after);
  g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
  char *clean = regex ? g_regex_replace_literal(regex, words, -1, 0, options->from_address, 0, NULL) : NULL;
  return clean ? clean : g_strdup(words);
}

/* A person's own addresses, for their letters and /help. */
static void
fill_own_addresses(const SlComposer *composer, const SlLetter *letter)
{
  static const SlScope scopes[] = {SL_SCOPE_SENT, SL_SCOPE_PHONE, SL_SCOPE_CHAT, SL_SCOPE_COMMAND};
  for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
    g_autofree char *token = sl_token_make(composer->key, 0, letter->to->pdata[0], scopes[i], 0);
    g_autofree char *address = sl_token_address(composer->options, token);
    g_autofree char *field = g_strconcat("own_", sl_scope_word(scopes[i]), NULL);
    sl_json_set_string(letter->fields, field, address);
  }
}

static void
fill_fields(const SlComposer *composer, const SlLetter *letter)
{
  if (letter->own_addresses)
    fill_own_addresses(composer, letter);
  if (!letter->no_ticket)
    sl_json_set_int(letter->fields, "id", letter->ticket);
  if (letter->body) {
    g_autofree char *body = without_tokens(composer->options, letter->body);
    sl_json_set_string(letter->fields, "body", body);
  }
  if (!sl_json_has(letter->fields, "company"))
    sl_json_set_string(letter->fields, "company", composer->options->company);
}

/* ---- headers, as text ---- */

static void
add_header(SlMessage *message, const char *name, const char *value)
{
  g_autofree char *safe = header_safe(value);
  if (*safe)
    sl_message_header(message, name, safe);
}

#define MOST_REFERENCES 20

static void
add_references(SlMessage *message, const SlLetter *letter)
{
  g_autoptr(GString) references = g_string_new(NULL);
  if (id_safe(letter->in_reply_to))
    sl_message_raw_header(message, "In-Reply-To", letter->in_reply_to, TRUE);
  guint n = letter->references ? letter->references->len : 0;
  for (guint i = 0; i < n; i++) {
    const char *id = letter->references->pdata[i];
    if (i > 0 && i + MOST_REFERENCES <= n) /* the first stands for the thread, the last for where we are (RFC 5322 3.6.4) */
      continue;
    if (id_safe(id))
      g_string_append_printf(references, "%s<%s>", references->len ? "\r\n " : "", id);
  }
  if (references->len)
    sl_message_raw_header(message, "References", references->str, FALSE);
}

/* RFC 3834, and the word that Exchange wants to hear. */
static void
add_voice(SlMessage *message, SlVoice voice)
{
  if (voice == SL_VOICE_HUMAN)
    return;
  sl_message_header(message, "Auto-Submitted", voice == SL_VOICE_REPLY ? "auto-replied" : "auto-generated");
  sl_message_header(message, "X-Auto-Response-Suppress", "OOF, AutoReply");
}

/* Outlook's own thread: the index grows by five bytes a reply. */
static void
add_thread_index(SlMessage *message, const SlLetter *letter, const char *purpose)
{
  gsize length = 0;
  if (!letter->thread_index || strlen(letter->thread_index) > 400)
    return;
  g_autofree guchar *index = g_base64_decode(letter->thread_index, &length);
  if (length < 22)
    return;
  guchar *longer = g_malloc(length + 5);
  guint hash = g_str_hash(purpose);
  memcpy(longer, index, length);
  memcpy(longer + length, &hash, 4);
  longer[length + 4] = 0x10;
  g_autofree char *text = g_base64_encode(longer, length + 5);
  g_autoptr(GString) folded = g_string_new(NULL);
  g_free(longer);
  for (gsize at = 0; at < strlen(text); at += 64)
    g_string_append_printf(folded, "%s%.64s", at ? "\r\n " : "", text + at);
  sl_message_raw_header(message, "Thread-Index", folded->str, FALSE); /* GMime would make encoded words of a long one */
  if (letter->thread_topic)
    add_header(message, "Thread-Topic", letter->thread_topic);
}

static void
set_from(SlMessage *message, const SlLetterOptions *options, const SlLetter *letter)
{
  g_autofree char *name = letter->no_ticket ? g_strdup(options->from_name)
                                            : g_strdup_printf("%s (#%" G_GINT64_FORMAT ")", options->from_name, letter->ticket);
  g_autofree char *safe = header_safe(name);
  sl_message_from(message, safe, options->from_address);
}

static void
set_recipients(SlMessage *message, const SlLetterOptions *options, const SlLetter *letter)
{
  if (options->shadow) {
    sl_message_to(message, options->postmaster, FALSE);
    return;
  }
  for (guint i = 0; i < letter->to->len; i++)
    sl_message_to(message, letter->to->pdata[i], FALSE);
  for (guint i = 0; i < letter->cc->len; i++)
    sl_message_to(message, letter->cc->pdata[i], TRUE);
}

/* ---- */

static void
make_tokens(const SlComposer *composer, const SlLetter *letter, SlComposed *out)
{
  const char *person = letter->to->pdata[0];
  out->envelope_sender = g_strdup("");
  if (letter->reply_scope != SL_SCOPE_NONE)
    out->reply_token = sl_token_make(composer->key, letter->no_ticket ? 0 : letter->ticket, person, letter->reply_scope, letter->generation);
  if (letter->no_ticket)
    return;
  out->bounce_token = sl_token_make(composer->key, letter->ticket, person, SL_SCOPE_BOUNCE, 0);
  g_free(out->envelope_sender);
  out->envelope_sender = sl_token_address(composer->options, out->bounce_token);
}

static void
add_headers(const SlComposer *composer, const SlLetter *letter, const SlComposed *composed, const char *purpose, SlMessage *message)
{
  const SlLetterOptions *options = composer->options;
  set_from(message, options, letter);
  set_recipients(message, options, letter);
  sl_message_subject(message, composed->subject);
  sl_message_date(message, composer->now, options->timezone);
  sl_message_raw_header(message, "Message-ID", composed->message_id, TRUE);
  if (composed->reply_token) {
    g_autofree char *address = sl_token_address(options, composed->reply_token);
    sl_message_reply_to(message, options->from_name, address);
  }
  add_references(message, letter);
  add_voice(message, letter->voice);
  add_thread_index(message, letter, purpose);
  /* In every letter, so that we know it when it comes back: 0 is of no single ticket. */
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, letter->no_ticket ? 0 : letter->ticket);
  sl_message_header(message, "X-Slate-Ticket", number);
}

static char *
shadow_text(const SlLetter *letter, const char *text)
{
  g_autoptr(GString) shown = g_string_new("This would have gone to");
  for (guint i = 0; i < letter->to->len; i++)
    g_string_append_printf(shown, " %s", (const char *)letter->to->pdata[i]);
  g_string_append_printf(shown, ":\n\n%s", text);
  return g_string_free(g_steal_pointer(&shown), FALSE);
}

gboolean
sl_letter_compose(const SlComposer *composer, const SlLetter *letter, SlComposed *out_composed, GError **error)
{
  g_autofree char *subject = NULL;
  g_autofree char *text = NULL;
  g_autofree char *purpose = sl_letter_purpose(letter);
  if (!check_addresses(letter->to, error) || !check_addresses(letter->cc, error))
    return FALSE;
  fill_fields(composer, letter);
  sl_template_render(composer->templates, letter->template_name, letter->language, letter->fields, &subject, &text);
  out_composed->subject = header_safe(letter->subject ? letter->subject : subject);
  make_tokens(composer, letter, out_composed);
  out_composed->message_id =
      sl_message_id_make(composer->options, letter->no_ticket ? 0 : letter->ticket, out_composed->reply_token, purpose);
  if (composer->options->shadow) {
    out_composed->instead = g_strdup(composer->options->postmaster);
    char *shown = shadow_text(letter, text);
    g_free(text);
    text = shown;
  }
  g_autofree char *html = composer->options->html ? sl_html_of_text(text, letter->language) : NULL;
  SlMessage *message = sl_message_new(text, html, letter->original, letter->files);
  add_headers(composer, letter, out_composed, purpose, message);
  out_composed->bytes = sl_message_finish(message);
  return TRUE;
}
