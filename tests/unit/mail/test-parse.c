/* SPDX-License-Identifier: ISC */
/* What must be read from tests/data/mail, and from mails that are made to break a reader. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mail/parse.h"

/* NULL: not looked at; "" for a string that must be empty, "-" for one that must be NULL. */
typedef struct {
  const char *file, *subject, *from, *name, *text, *reply, *message_id, *in_reply_to, *references;
  const char *origin, *reason, *fault;
} Case;

static const Case cases[] = {
    {.file = "plain",
     .subject = "The pump stands still",
     .from = "ann@acme.example",
     .name = "Ann Lee",
     .text = "Hello,\n\nthe pump stands still since 8:00.\n\n-- \nAnn Lee\nAcme Pools",
     .reply = "Hello,\n\nthe pump stands still since 8:00.",
     .message_id = "plain@acme.example",
     .origin = "person"},
    {.file = "no-from", .from = "-", .subject = "Who am I", .message_id = "-", .fault = "no From address can be read"},
    {.file = "subject-crlf", .subject = "hello Bcc: victim@pool.example"},
    {.file = "nul-bytes", .text = "before after", .subject = "Nul"},
    {.file = "charset-latin1-is-utf8", .text = "Grüße aus Köln"},
    {.file = "charset-utf8-is-latin1", .text = "Grüße aus Köln für 5 €"},
    {.file = "charset-ascii-is-utf8", .text = "Grüße aus Köln"},
    {.file = "charset-unknown", .text = "Grüße aus Köln"},
    {.file = "charset-gb2312", .text = "水泵不工作。请尽快回复。"},
    {.file = "charset-latin1-euro", .text = "5 € für “alles”"},
    {.file = "raw-header-latin1", .subject = "Größe", .name = "Änn Löe"},
    {.file = "duplicate-subject", .subject = "the first", .from = "ann@acme.example", .fault = "From stands 2 times"},
    {.file = "references-junk",
     .message_id = "real@acme.example",
     .in_reply_to = "1@pool.example",
     .references = "2@pool.example 3@pool.example 4@pool.example"},
    {.file = "auto-reply",
     .origin = "auto-reply",
     .reason = "Auto-Submitted: (out of office) auto-replied; owner-email=\"ann@acme.example\""},
    {.file = "list", .origin = "list", .reason = "List-Id: Pool talk <pool-talk.acme.example>"},
    {.file = "own-letter", .origin = "self", .reason = "X-Slate-Ticket: 1042"},
    {.file = "bounce", .origin = "bounce", .text = "Your message could not be delivered."},
    {.file = "html-only",
     .text = "Dear & valued,\n\nsee our pump <https://acme.example/pump?a=1&b=2>.\n\n- first\n- second\n\nModel | X5"},
    {.file = "alternative-with-files", .text = "This line flows  into this one."},
    {.file = "hidden-characters", .text = "Agnp.exe zero [31mred\nline two\nline three 👨‍👩"},
    {.file = "reply", .reply = "Yes, please go on."},
};

static SlMail *
read_file(const char *name, const SlMailOptions *options)
{
  g_autofree char *file = g_strconcat(name, ".eml", NULL);
  g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "tests", "data", "mail", file, NULL);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint(fd, >=, 0);
  g_autoptr(GError) error = NULL;
  SlMail *mail = sl_mail_parse_fd(fd, 0, options, &error);
  g_assert_no_error(error);
  close(fd);
  return mail;
}

static void
check_string(const char *have, const char *want)
{
  if (want)
    g_assert_cmpstr(have, ==, strcmp(want, "-") == 0 ? NULL : want);
}

static void
check_list(const GPtrArray *have, const char *want)
{
  g_autoptr(GString) joined = g_string_new("");
  for (guint i = 0; i < have->len; i++)
    g_string_append_printf(joined, "%s%s", i ? " " : "", (const char *)have->pdata[i]);
  check_string(joined->str, want);
}

static void
test_case(gconstpointer data)
{
  const Case *row = data;
  g_autoptr(SlMail) mail = read_file(row->file, NULL);
  check_string(mail->subject, row->subject);
  check_string(mail->from ? mail->from->address : NULL, row->from);
  check_string(mail->from ? mail->from->name : NULL, row->name);
  check_string(mail->text, row->text);
  check_string(mail->reply, row->reply);
  check_string(mail->message_id, row->message_id);
  check_list(mail->in_reply_to, row->in_reply_to);
  check_list(mail->references, row->references);
  check_string(sl_origin_word(mail->origin), row->origin);
  check_string(mail->origin_reason, row->reason);
  if (row->fault)
    g_assert_true(g_ptr_array_find_with_equal_func(mail->faults, row->fault, g_str_equal, NULL));
}

static void
test_bounce(void)
{
  g_autoptr(SlMail) mail = read_file("bounce", NULL);
  g_assert_cmpuint(mail->dsn->len, ==, 2);
  const SlDsn *ann = mail->dsn->pdata[0], *bob = mail->dsn->pdata[1];
  g_assert_cmpstr(ann->recipient, ==, "ann@acme.example");
  g_assert_cmpstr(ann->status, ==, "5.1.1");
  g_assert_cmpstr(ann->kind, ==, "hard");
  g_assert_cmpstr(bob->recipient, ==, "bob@acme.example");
  g_assert_cmpstr(bob->action, ==, "delayed");
  g_assert_cmpstr(bob->kind, ==, "none");
  g_assert_cmpstr(mail->dsn_message_id, ==, "1042.abcdefghijklmnop.k3v@pool.example");
}

static void
test_attachments(void)
{
  g_autoptr(SlMail) mail = read_file("alternative-with-files", NULL);
  g_assert_cmpuint(mail->attachments->len, ==, 2);
  const SlAttachment *pdf = mail->attachments->pdata[0], *inner = mail->attachments->pdata[1];
  g_assert_cmpstr(pdf->name, ==, "offer.pdf");
  g_assert_cmpstr(pdf->type, ==, "application/pdf");
  g_assert_cmpint(pdf->size_bytes, ==, 3);
  g_assert_cmpstr(pdf->sha256, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_false(pdf->is_inline);
  g_assert_cmpstr(inner->type, ==, "message/rfc822");
  g_assert_false(mail->html);
}

static void
test_html(void)
{
  g_autoptr(SlMail) mail = read_file("html-only", NULL);
  g_assert_true(mail->html);
  g_assert_true(mail->html_only);
}

static void
test_trusted(void)
{
  static const struct {
    const char *authserv_id, *want;
  } rows[] = {{"mx.pool.example", "pass"}, {"first", "pass"}, {"other.example", "none"}, {NULL, "none"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *id = g_strdup(rows[i].authserv_id);
    SlMailOptions options = {.authserv_id = id};
    g_autoptr(SlMail) mail = read_file("trusted", &options);
    g_assert_cmpstr(mail->authentication, ==, rows[i].want);
  }
}

static SlMail *
read_bytes(const char *bytes, gsize length, const SlMailOptions *options)
{
  g_autoptr(GError) error = NULL;
  SlMail *mail = sl_mail_parse_bytes(bytes, length, options, &error);
  g_assert_no_error(error);
  g_assert_true(g_utf8_validate(mail->text, -1, NULL));
  g_assert_true(g_utf8_validate(mail->subject, -1, NULL));
  g_assert_cmpuint(strlen(mail->content_key), ==, 64);
  return mail;
}

static void
test_tiny(void)
{
  static const char *const rows[] = {
      "", "\n", "\r\n\r\n", "Subject", "Subject:", ":", "From ", "From x\n", "\n\n\n", "--"};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlMail) mail = read_bytes(rows[i], strlen(rows[i]), NULL);
    g_assert_null(mail->from);
    g_assert_false(mail->oversize);
  }
  g_autofree char *nul = g_malloc0(100000);
  g_autoptr(SlMail) mail = read_bytes(nul, 100000, NULL);
  g_assert_cmpint(mail->size_bytes, ==, 100000);
}

#define HEAD "From: ann@acme.example\nSubject: s\nMIME-Version: 1.0\n"

static GString *
repeated(const char *head, const char *piece, guint times, const char *tail)
{
  GString *bytes = g_string_new(head);
  for (guint i = 0; i < times; i++)
    g_string_append(bytes, piece);
  g_string_append(bytes, tail);
  return bytes;
}

/* Whatever is over a limit: the headers are read, the rest is left alone. */
static void
test_bombs(void)
{
  static const struct {
    const char *head, *piece;
    guint times;
    const char *tail;
    gboolean oversize;
  } rows[] = {
      {HEAD "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 200000, "--b--\n", TRUE},
      {HEAD "Content-Type: multipart/mixed;\n boundary*0=\"b\"\n\n", "--b\n\nx\n", 200000, "", TRUE},
      {HEAD "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 200000, "",
       TRUE},
      {HEAD, "Content-Type: message/rfc822\n\n", 20000, "x", TRUE},
      {HEAD, "X-Header: value\n", 200000, "\nbody", TRUE},
      {HEAD "X-Long: ", "yyyyyyyyyy", 200000, "\n\nbody", TRUE},
      {HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "X: y\n", 200000, "\nhello\n--b--\n", TRUE},
      {HEAD "Cc: ", "g: ", 60000, "\n\nbody", TRUE},
      {HEAD "Content-Type: multipart/mixed; boundary=b\n\n", "preamble\n", 1000000, "--b--\n", TRUE},
      {HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n", "epilogue\n", 1000000, "", TRUE},
      {HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "a long part\n", 1000000, "--b--\n", FALSE},
      {HEAD "\n", "-- a line\n", 200000, "", FALSE},
      {HEAD "Content-Type: text/html\n\n", "<div>", 200000, "deep", FALSE},
      {HEAD "Content-Type: text/html\n\n<a ", "x y=z ", 100000, ">words</a>", FALSE},
      {HEAD "References: ", "<x@y>", 40000, "\n\nbody", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GString) bytes = repeated(rows[i].head, rows[i].piece, rows[i].times, rows[i].tail);
    g_autoptr(SlMail) mail = read_bytes(bytes->str, bytes->len, NULL);
    g_assert_cmpint(mail->oversize, ==, rows[i].oversize);
    g_assert_cmpstr(mail->subject, ==, "s");
    g_assert_cmpstr(mail->from->address, ==, "ann@acme.example");
  }
}

static void
test_deep_nesting(void)
{
  g_autoptr(GString) bytes = g_string_new(HEAD);
  for (guint i = 0; i < 300; i++)
    g_string_append_printf(bytes, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_string_append(bytes, "\ntext\n");
  g_autoptr(SlMail) mail = read_bytes(bytes->str, bytes->len, NULL);
  const char *fault = "parts are nested more than 32 levels deep";
  g_assert_true(g_ptr_array_find_with_equal_func(mail->faults, fault, g_str_equal, NULL));
}

static void
test_oversize(void)
{
  SlMailOptions options = {.max_message_bytes = 1000};
  g_autoptr(GString) bytes = repeated(HEAD "Message-ID: <a@b>\n\n", "0123456789\n", 100, "");
  g_autoptr(SlMail) mail = read_bytes(bytes->str, bytes->len, &options);
  g_autoptr(SlMail) whole = read_bytes(bytes->str, bytes->len, NULL);
  g_assert_true(mail->oversize);
  g_assert_cmpstr(mail->text, ==, "");
  g_assert_cmpstr(mail->message_id, ==, "a@b");
  g_assert_false(whole->oversize);
  g_assert_cmpstr(mail->content_key, ==, whole->content_key);
}

static void
test_long_text(void)
{
  SlMailOptions options = {.max_text_bytes = 100};
  g_autoptr(GString) bytes = repeated(HEAD "Content-Type: text/plain; charset=utf-8\n\n", "ä", 1000, "");
  g_autoptr(SlMail) mail = read_bytes(bytes->str, bytes->len, &options);
  g_assert_cmpuint(strlen(mail->text), <=, 103);
  g_assert_true(g_str_has_prefix(mail->text, "ää"));
}

static void
test_addresses(void)
{
  static const struct {
    const char *from, *want;
  } rows[] = {
      {"Ann <Ann.Lee@ACME.Example>", "Ann.Lee@acme.example"},
      {"ann@acme.example (Ann)", "ann@acme.example"},
      {"\"Evil\\\"<admin@corp>\" <x@y.example>", "x@y.example"},
      {"Ann [Acme] <ann@acme.example>", "ann@acme.example"},
      {"friends: ann@acme.example, bob@acme.example;", "ann@acme.example"},
      {"=?utf-8?q?=C3=84nn?= <ann@acme.example>", "ann@acme.example"},
      {"<>", NULL},
      {"MAILER-DAEMON", NULL},
      {"undisclosed-recipients:;", NULL},
      {"\"a\n b\" <ann@acme.example>", "ann@acme.example"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *bytes = g_strdup_printf("From: %s\n\nText\n", rows[i].from);
    g_autoptr(SlMail) mail = read_bytes(bytes, strlen(bytes), NULL);
    g_assert_cmpstr(mail->from ? mail->from->address : NULL, ==, rows[i].want);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/mail/parse/file/", cases[i].file, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/mail/parse/bounce", test_bounce);
  g_test_add_func("/mail/parse/attachments", test_attachments);
  g_test_add_func("/mail/parse/html", test_html);
  g_test_add_func("/mail/parse/trusted", test_trusted);
  g_test_add_func("/mail/parse/tiny", test_tiny);
  g_test_add_func("/mail/parse/bombs", test_bombs);
  g_test_add_func("/mail/parse/deep-nesting", test_deep_nesting);
  g_test_add_func("/mail/parse/oversize", test_oversize);
  g_test_add_func("/mail/parse/long-text", test_long_text);
  g_test_add_func("/mail/parse/addresses", test_addresses);
  return g_test_run();
}
