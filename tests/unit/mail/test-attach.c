/* SPDX-License-Identifier: ISC */
/* Attachments: names, kinds, what is inline, what could run; signed and encrypted mails; files within the text. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mail/parse.h"

typedef struct {
  const char *name, *part; /* header and content of one part */
  const char *wanted;      /* "name type size flags", flags of i (inline) and x (executable) */
} Case;

static const Case cases[] = {
    {"plain",
     "Content-Type: application/pdf; name=offer.pdf\nContent-Disposition: attachment; filename=offer.pdf\n\nabc",
     "offer.pdf application/pdf 3 "},
    {"base64", "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nYWJj\n",
     "a.pdf application/pdf 3 "},
    {"no-name", "Content-Type: application/octet-stream\n\nabc", " application/octet-stream 3 "},
    {"no-type", "Content-Disposition: attachment; filename=x.bin\n\nabc", "x.bin text/plain 3 "},
    {"inline-image", "Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\n\nabc", "logo.png image/png 3 i"},
    {"inline-by-word", "Content-Type: image/png; name=a.png\nContent-Disposition: inline\n\nabc",
     "a.png image/png 3 i"},
    {"attached-image", "Content-Type: image/png; name=a.png\nContent-ID: <a@x>\nContent-Disposition: attachment\n\nabc",
     "a.png image/png 3 "},
    {"path", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\nabc",
     "passwd text/csv 3 "},
    {"windows-path",
     "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"C:\\\\Users\\\\ann\\\\a.csv\"\n\nabc",
     "a.csv text/csv 3 "},
    {"hidden-file", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\".bashrc\"\n\nabc",
     "bashrc text/csv 3 "},
    {"rfc2231", "Content-Type: text/csv\nContent-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.csv\n\nabc",
     "Größe.csv text/csv 3 "},
    {"rfc2231-in-pieces",
     "Content-Type: text/csv\nContent-Disposition: attachment; filename*0*=utf-8''Gr%C3%B6;\n filename*1=sse; "
     "filename*2=.csv\n\nabc",
     "Grösse.csv text/csv 3 "},
    {"rfc2047", "Content-Type: text/csv; name=\"=?utf-8?Q?Gr=C3=B6=C3=9Fe.csv?=\"\n\nabc", "Größe.csv text/csv 3 "},
    {"raw-utf8", "Content-Type: text/csv; name=\"Größe.csv\"\n\nabc", "Größe.csv text/csv 3 "},
    {"line-end-in-name", "Content-Type: text/csv; name*=utf-8''a%0D%0Ab.csv\n\nabc", "a b.csv text/csv 3 "},
    {"executable", "Content-Type: application/octet-stream; name=setup.EXE\n\nabc",
     "setup.EXE application/octet-stream 3 x"},
    {"executable-hidden-by-dots", "Content-Type: image/png; name=\"cat.png.scr. .\"\n\nabc",
     "cat.png.scr. . image/png 3 x"},
    {"executable-by-type", "Content-Type: application/x-msdownload; name=a\n\nabc", "a application/x-msdownload 3 x"},
    {"executable-by-content", "Content-Type: image/png; name=cat.png\n\nMZabc", "cat.png image/png 5 x"},
    {"script-by-content", "Content-Type: application/x-foo; name=run\n\n#!/bin/sh\n", "run application/x-foo 10 x"},
    {"macros", "Content-Type: application/vnd.ms-word.document.macroEnabled.12; name=bill.docm\n\nabc",
     "bill.docm application/vnd.ms-word.document.macroenabled.12 3 x"},
    {"turned-around", "Content-Type: application/x-foo; name*=utf-8''cat%E2%80%AEgnp.exe\n\nabc",
     "catgnp.exe application/x-foo 3 x"},
    {"shell-words", "Content-Type: text/csv; name=\"a|b*c?.csv\"\n\nabc", "a_b_c_.csv text/csv 3 "},
    {"mail", "Content-Type: message/rfc822\n\nFrom: a@b.c\nSubject: x\n\ny", " message/rfc822 25 "},
    {"calendar", "Content-Type: text/calendar; name=invite.ics; method=REQUEST\n\nBEGIN:VCALENDAR",
     "invite.ics text/calendar 15 "},
};

static char *
list(const SlMail *mail)
{
  g_autoptr(GString) all = g_string_new("");
  for (guint i = 0; i < mail->attachments->len; i++) {
    const SlAttachment *a = mail->attachments->pdata[i];
    g_string_append_printf(all, "%s%s %s %" G_GINT64_FORMAT " %s%s", i ? "\n" : "", a->name, a->type, a->size_bytes,
                           a->is_inline ? "i" : "", a->executable ? "x" : "");
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

static SlMail *
read_bytes(const char *bytes)
{
  g_autoptr(GError) error = NULL;
  SlMail *mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  return mail;
}

static void
test_case(gconstpointer data)
{
  const Case *c = data;
  g_autofree char *bytes =
      g_strdup_printf("From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
                      "--b\n%s\n--b--\n",
                      c->part);
  g_autoptr(SlMail) mail = read_bytes(bytes);
  g_autofree char *got = list(mail);
  g_assert_cmpstr(got, ==, c->wanted);
  g_assert_cmpstr(mail->text, ==, "text");
}

static SlMail *
read_file(const char *name)
{
  g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "tests", "data", "mail", name, NULL);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint(fd, >=, 0);
  g_autoptr(GError) error = NULL;
  SlMail *mail = sl_mail_parse_fd(fd, 0, NULL, &error);
  g_assert_no_error(error);
  close(fd);
  return mail;
}

static void
test_signed(void)
{
  g_autoptr(SlMail) mail = read_file("smime-signed.eml");
  g_autofree char *got = list(mail);
  g_assert_cmpstr(mail->text, ==, "The pump stands still.");
  g_assert_cmpstr(got, ==, "plan.pdf application/pdf 4 ");
  g_assert_cmpuint(mail->faults->len, ==, 0);
}

static void
test_encrypted(void)
{
  static const char pgp[] =
      "From: a@b.c\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n"
      "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: "
      "application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--b--\n";
  static const char in_text[] = "From: a@b.c\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n";
  g_autoptr(SlMail) smime = read_file("smime-encrypted.eml");
  g_autoptr(SlMail) multipart = read_bytes(pgp);
  g_autoptr(SlMail) plain = read_bytes(in_text);
  const SlMail *const mails[] = {smime, multipart, plain};
  for (guint i = 0; i < G_N_ELEMENTS(mails); i++)
    g_assert_true(g_ptr_array_find_with_equal_func(mails[i]->faults, "the mail is encrypted for somebody else's key",
                                                   g_str_equal, NULL));
  g_assert_cmpuint(smime->attachments->len, ==, 1);
  g_assert_cmpuint(multipart->attachments->len, ==, 2);
}

static void
test_uu(void)
{
  g_autoptr(SlMail) mail =
      read_bytes("From: a@b.c\n\nSee this.\n\nbegin 644 a/cat.txt\n#0V%T\n`\nend\n\nbegin now\nBye.\n");
  g_autofree char *got = list(mail);
  const SlAttachment *file = mail->attachments->pdata[0];
  g_assert_cmpstr(got, ==, "cat.txt application/octet-stream 3 ");
  g_assert_cmpstr(file->sha256, ==, "48735c4fae42d1501164976afec76730b9e5fe467f680bdd8daff4bb77674045");
  g_assert_cmpstr(mail->text, ==, "See this.\n\n\nbegin now\nBye.");
  g_autoptr(SlMail) torn = read_bytes("From: a@b.c\n\nbegin 644 cat.txt\n#0V%T\nand then?\n");
  g_assert_cmpuint(torn->attachments->len, ==, 0);
  g_assert_cmpstr(torn->text, ==, "begin 644 cat.txt\n#0V%T\nand then?");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/mail/attach/%s", cases[i].name);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/mail/attach/signed", test_signed);
  g_test_add_func("/mail/attach/encrypted", test_encrypted);
  g_test_add_func("/mail/attach/uuencode", test_uu);
  return g_test_run();
}
