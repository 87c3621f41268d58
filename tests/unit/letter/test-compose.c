/* SPDX-License-Identifier: ISC */
/* What leaves: whatever stands in a letter's fields, its headers are ours, its lines are short, its bytes are 7-bit. */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "letter/compose.h"

static SlReplyKey *key;
static SlTemplates *templates;

static SlLetterOptions
options(void)
{
  return (SlLetterOptions){.company = (char *)"Poologics", .from_name = (char *)"Poologics Support", .from_address = (char *)"support@poologics.example",
                           .reply_to = (char *)"support+{token}@poologics.example", .domain = (char *)"poologics.example",
                           .postmaster = (char *)"postmaster@poologics.example", .language = (char *)"en", .timezone = (char *)"America/New_York"};
}

static SlLetter *
plain_letter(void)
{
  SlLetter *letter = sl_letter_new(SL_LETTER_ACK, "ack", 1042);
  sl_letter_add_to(letter, "maria@acme.example");
  letter->voice = SL_VOICE_REPLY;
  letter->reply_scope = SL_SCOPE_REPLY;
  sl_json_set_string(letter->fields, "subject", "The pump");
  return letter;
}

static char *
compose(const SlLetterOptions *o, const SlLetter *letter, SlComposed *out)
{
  const SlComposer composer = {o, templates, key, G_GINT64_CONSTANT(1764000000) * SL_SECOND};
  GError *error = NULL;
  *out = (SlComposed){0};
  gboolean ok = sl_letter_compose(&composer, letter, out, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  gsize size = 0;
  const char *bytes = g_bytes_get_data(out->bytes, &size);
  g_assert_cmpint(strnlen(bytes, size), ==, size);
  return g_strndup(bytes, size);
}

/* The headers, unfolded, NULL-terminated; asserts the form of every line of the whole. */
static char **
headers_of(const char *text)
{
  static const char *const allowed[] = {"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "Message-Id", "In-Reply-To", "References",
                                        "Auto-Submitted", "X-Auto-Response-Suppress", "Thread-Index", "Thread-Topic", "X-Slate-Ticket",
                                        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", NULL};
  g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
  GPtrArray *headers = g_ptr_array_new();
  gboolean in_head = TRUE;
  for (guint i = 0; lines[i]; i++) {
    g_assert_cmpuint(strlen(lines[i]), <=, 998);
    g_assert_true(g_str_is_ascii(lines[i]));
    for (const char *p = lines[i]; *p; p++)
      g_assert_true((guchar)*p >= 0x20 || *p == '\t');
    if (!*lines[i])
      in_head = FALSE;
    if (!in_head)
      continue;
    g_assert_cmpuint(strlen(lines[i]), <=, 280); /* a folded line holds one id at most */
    if (*lines[i] == ' ' || *lines[i] == '\t') {
      char *last = headers->pdata[headers->len - 1];
      headers->pdata[headers->len - 1] = g_strconcat(last, lines[i], NULL);
      g_free(last);
      continue;
    }
    g_autofree char *name = g_strndup(lines[i], strcspn(lines[i], ":"));
    if (!g_strv_contains(allowed, name))
      g_error("there is a header \"%s\"", lines[i]);
    for (guint k = 0; k < headers->len; k++)
      g_assert_false(g_str_has_prefix(headers->pdata[k], name) && ((char *)headers->pdata[k])[strlen(name)] == ':');
    g_ptr_array_add(headers, g_strdup(lines[i]));
  }
  g_ptr_array_add(headers, NULL);
  return (char **)g_ptr_array_free(headers, FALSE);
}

static const char *
header(char **headers, const char *name)
{
  for (guint i = 0; headers[i]; i++) {
    if (g_ascii_strncasecmp(headers[i], name, strlen(name)) == 0 && headers[i][strlen(name)] == ':')
      return headers[i] + strlen(name) + 2;
  }
  return NULL;
}

static const char *const hostile[] = {
    "a\r\nBcc: evil@x.example",
    "a\nBcc: evil@x.example",
    "a\rBcc: evil@x.example",
    "a\r\n\r\nbody",
    "\x1b[2J\x07",
    "\xe2\x80\xaetxt.exe",
    "\xc2\x9b" "2J\xc2\x85" "Bcc: x",
    "\xe2\x80\xa8" "Bcc: x",
    "=?utf-8?Q?=0D=0ABcc:_evil@x.example?=",
    "raw \xff\xfe bytes\x80",
    "J\xc3\xbcrgen \xe6\x97\xa5\xe6\x9c\xac",
    "{{{company}}} {{#x}}",
    "\"<evil@x.example>\" <b@x>",
    "",
    NULL, /* a very long one */
    NULL, /* a very long one, not ASCII */
};

static char *
hostile_text(guint i)
{
  if (hostile[i])
    return g_strdup(hostile[i]);
  g_autoptr(GString) text = g_string_new("long ");
  for (int k = 0; k < 3000; k++)
    g_string_append(text, i == G_N_ELEMENTS(hostile) - 1 ? "\xc3\xbc" : "x");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_gate(void)
{
  const SlLetterOptions o = options();
  for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
    g_autofree char *text = hostile_text(i);
    g_autoptr(SlLetter) letter = plain_letter();
    SlComposed composed;
    letter->subject = g_strdup(text);
    letter->in_reply_to = g_strdup(text);
    letter->references = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(letter->references, g_strdup(text));
    g_ptr_array_add(letter->references, g_strdup("good@acme.example"));
    letter->thread_topic = g_strdup(text);
    letter->thread_index = g_strdup(i % 2 ? text : "AcvhbJGZ5Wc0Y0aMRsaFUYnkGNTNPw==");
    letter->cause = g_strdup(text);
    letter->language = g_strdup(text);
    letter->body = g_strdup(text);
    static const char *const fields[] = {"subject", "name", "by", "opens", "holiday", "desk_line", "assignee", "closed"};
    for (guint k = 0; k < G_N_ELEMENTS(fields); k++)
      sl_json_set_string(letter->fields, fields[k], text);
    g_autofree char *bytes = compose(&o, letter, &composed);
    g_auto(GStrv) headers = headers_of(bytes);
    g_assert_true(g_utf8_validate(composed.subject, -1, NULL));
    for (const char *p = composed.subject; *p; p = g_utf8_next_char(p)) {
      gunichar c = g_utf8_get_char(p);
      g_assert_true(c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !(c >= 0x202a && c <= 0x202e) && c != 0x2028);
    }
    g_assert_nonnull(header(headers, "Subject"));
    g_assert_nonnull(strstr(header(headers, "References"), "<good@acme.example>"));
    sl_composed_clear(&composed);
  }
}

static void
test_template_subject(void)
{
  const SlLetterOptions o = options();
  for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
    g_autofree char *text = hostile_text(i);
    g_autoptr(SlLetter) letter = plain_letter();
    SlComposed composed;
    sl_json_set_string(letter->fields, "subject", text);
    g_autofree char *bytes = compose(&o, letter, &composed);
    g_auto(GStrv) headers = headers_of(bytes);
    g_assert_true(g_str_has_prefix(composed.subject, "Re:"));
    g_assert_true(g_str_has_prefix(header(headers, "Subject"), "Re:") || strstr(header(headers, "Subject"), "=?"));
    sl_composed_clear(&composed);
  }
}

static void
test_addresses(void)
{
  static const char *const bad[] = {"a@x.example\r\nBcc: b@x", "a@x.example>\r\nRCPT TO:<b@x", "a b@x.example", "a@x.example,b@x.example", "nobody", "@x.example",
                                    "a@", "a@x..example", "<a@x.example>", "a\x01@x.example", "J\xc3\xbcrgen@x.example", "a@x_y.example", ""};
  static const char *const good[] = {"a@x.example", "a.b+c@x.example", "\"a.b.\"@x.example", "o'brien@x.example", "a@[192.0.2.1]", "A@X.EXAMPLE"};
  const SlLetterOptions o = options();
  const SlComposer composer = {&o, templates, key, 0};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    for (guint cc = 0; cc < 2; cc++) {
      g_autoptr(SlLetter) letter = plain_letter();
      g_autoptr(GError) error = NULL;
      SlComposed composed = {0};
      g_ptr_array_add(cc ? letter->cc : letter->to, g_strdup(bad[i]));
      g_assert_false(sl_letter_compose(&composer, letter, &composed, &error));
      g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
      g_assert_null(strpbrk(error->message, "\r\n\x01"));
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(sl_address_is_sendable(good[i]));
}

static void
test_plain(void)
{
  const SlLetterOptions o = options();
  g_autoptr(SlLetter) letter = plain_letter();
  SlComposed composed;
  g_autofree char *bytes = compose(&o, letter, &composed);
  g_auto(GStrv) headers = headers_of(bytes);
  g_assert_cmpstr(header(headers, "From"), ==, "\"Poologics Support (#1042)\" <support@poologics.example>");
  g_assert_cmpstr(header(headers, "To"), ==, "maria@acme.example");
  g_assert_cmpstr(header(headers, "Subject"), ==, "Re: The pump");
  g_assert_cmpstr(header(headers, "Auto-Submitted"), ==, "auto-replied");
  g_assert_cmpstr(header(headers, "X-Slate-Ticket"), ==, "1042");
  g_assert_nonnull(strstr(header(headers, "Date"), "-0500"));
  g_autofree char *reply = sl_token_make(key, 1042, "maria@acme.example", SL_SCOPE_REPLY, 0);
  g_autofree char *address = sl_token_address(&o, reply);
  g_assert_nonnull(strstr(header(headers, "Reply-To"), address));
  g_assert_cmpstr(composed.reply_token, ==, reply);
  g_assert_nonnull(strstr(header(headers, "Message-ID"), composed.message_id));
  g_autofree char *in_id = sl_token_in_message_id(&o, composed.message_id);
  g_assert_cmpstr(in_id, ==, reply);
  g_assert_true(g_str_has_prefix(composed.envelope_sender, "support+"));
  SlComposed again;
  g_autofree char *same = compose(&o, letter, &again); /* decided once: the same purpose, the same id and bytes */
  g_assert_cmpstr(again.message_id, ==, composed.message_id);
  g_assert_cmpstr(same, ==, bytes);
  sl_composed_clear(&again);
  sl_composed_clear(&composed);
  letter->voice = SL_VOICE_HUMAN;
  g_autofree char *human = compose(&o, letter, &composed);
  g_assert_null(strstr(human, "Auto-Submitted"));
  sl_composed_clear(&composed);
}

static void
test_references(void)
{
  const SlLetterOptions o = options();
  g_autoptr(SlLetter) letter = plain_letter();
  SlComposed composed;
  g_autofree char *long_local = g_strnfill(230, 'i');
  letter->references = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < 100; i++)
    g_ptr_array_add(letter->references, g_strdup_printf("%d.%s@acme.example", i, long_local));
  letter->in_reply_to = g_strdup(letter->references->pdata[99]);
  g_autofree char *bytes = compose(&o, letter, &composed);
  g_auto(GStrv) headers = headers_of(bytes);
  const char *references = header(headers, "References");
  g_assert_cmpuint(strlen(references), >, 998); /* the whole; each line is short */
  g_assert_nonnull(strstr(references, "<99."));
  g_assert_nonnull(strstr(references, "<0.")); /* RFC 5322 3.6.4: the first stands for the thread */
  g_assert_null(strstr(references, "<1."));
  g_assert_nonnull(strstr(header(headers, "In-Reply-To"), "<99."));
  sl_composed_clear(&composed);
}

static void
test_thread_index(void)
{
  static const char *const none[] = {"", "!!!!", "AAAA", "AcvhbJGZ5Wc0Y0aMRsaFUYnkGNTNPw\r\nBcc: x"};
  const SlLetterOptions o = options();
  for (guint length = 22; length <= 222; length += 50) {
    g_autoptr(SlLetter) letter = plain_letter();
    g_autofree guchar *index = g_malloc0(length);
    gsize got_length = 0;
    SlComposed composed;
    for (guint i = 0; i < length; i++)
      index[i] = (guchar)(i * 7);
    letter->thread_index = g_base64_encode(index, length);
    letter->thread_topic = g_strdup("The p\xc3\xbcmp");
    g_autofree char *bytes = compose(&o, letter, &composed);
    g_auto(GStrv) headers = headers_of(bytes);
    g_autofree char *folded = g_strdup(header(headers, "Thread-Index"));
    g_assert_null(strstr(folded, "=?")); /* Outlook reads no encoded words there */
    g_autofree guchar *got = g_base64_decode(folded, &got_length);
    g_assert_cmpint(got_length, ==, length + 5);
    g_assert_cmpmem(got, length, index, length);
    g_assert_nonnull(header(headers, "Thread-Topic"));
    sl_composed_clear(&composed);
  }
  for (guint i = 0; i < G_N_ELEMENTS(none) - 1; i++) {
    g_autoptr(SlLetter) letter = plain_letter();
    SlComposed composed;
    letter->thread_index = g_strdup(none[i]);
    g_autofree char *bytes = compose(&o, letter, &composed);
    g_assert_null(strstr(bytes, "Thread-Index"));
    sl_composed_clear(&composed);
  }
}

static void
test_html(void)
{
  SlLetterOptions o = options();
  o.html = TRUE;
  g_autoptr(SlLetter) letter = plain_letter();
  SlComposed composed;
  letter->language = g_strdup("en\"><script>");
  sl_json_set_string(letter->fields, "name", "<script>alert('1') & \"q\"</script>");
  g_autofree char *bytes = compose(&o, letter, &composed);
  g_auto(GStrv) lines = g_strsplit(bytes, "=\r\n", -1);
  g_autofree char *joined = g_strjoinv("", lines);
  const char *html = strstr(joined, "text/html");
  g_assert_nonnull(strstr(joined, "multipart/alternative"));
  g_assert_true(strstr(joined, "text/plain") < html); /* the best stands last */
  g_assert_null(strstr(html, "<script"));
  g_assert_nonnull(strstr(html, "&lt;script&gt;alert(&apos;1&apos;) &amp; &quot;q&quot;&lt;/script&gt;"));
  g_assert_nonnull(strstr(joined, "Hello <script>")); /* text is text */
  sl_composed_clear(&composed);
}

static void
test_shadow(void)
{
  SlLetterOptions o = options();
  o.shadow = TRUE;
  g_autoptr(SlLetter) letter = plain_letter();
  SlComposed composed;
  g_autofree char *bytes = compose(&o, letter, &composed);
  g_auto(GStrv) headers = headers_of(bytes);
  g_assert_cmpstr(header(headers, "To"), ==, "postmaster@poologics.example");
  g_assert_nonnull(strstr(bytes, "This would have gone to maria@acme.example"));
  sl_composed_clear(&composed);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autofree char *folder = g_dir_make_tmp("sl-compose-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "key", NULL);
  key = sl_reply_key_load(path, TRUE, NULL);
  templates = sl_templates_load(NULL, NULL);
  g_test_add_func("/letter/compose/gate", test_gate);
  g_test_add_func("/letter/compose/template-subject", test_template_subject);
  g_test_add_func("/letter/compose/addresses", test_addresses);
  g_test_add_func("/letter/compose/plain", test_plain);
  g_test_add_func("/letter/compose/references", test_references);
  g_test_add_func("/letter/compose/thread-index", test_thread_index);
  g_test_add_func("/letter/compose/html", test_html);
  g_test_add_func("/letter/compose/shadow", test_shadow);
  int rc = g_test_run();
  sl_templates_free(templates);
  sl_reply_key_free(key);
  unlink(path);
  rmdir(folder);
  return rc;
}
