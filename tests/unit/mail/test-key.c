/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "mail/parse.h"

#define A "Message-ID: <a@b>\nFrom: ann@acme.example\nDate: Tue, 24 Nov 2026 10:00:00 -0500\nSubject: pump\n"

static const struct {
  const char *what, *bytes;
  gboolean same; /* as the first row */
} rows[] = {
    {"first", A "\nLine one\nLine two\n", TRUE},
    {"received", "Received: from x by y; now\nDelivered-To: z\n" A "\nLine one\nLine two\n", TRUE},
    {"mbox", "From ann@acme.example Tue Nov 24 10:00:00 2026\n" A "\nLine one\nLine two\n", TRUE},
    {"empty lines at the end", A "\nLine one\nLine two\n\n\n", TRUE},
    {"no newline at the end", A "\nLine one\nLine two", TRUE},
    {"folded anew",
     "Message-ID:\n <a@b>\nFrom: ann@acme.example\nDate: Tue, 24 Nov 2026\n 10:00:00 -0500\nSubject: pump  \n"
     "\nLine one\nLine two\n",
     TRUE},
    {"name in another case",
     "MESSAGE-id: <a@b>\nFrom: ann@acme.example\nDate: Tue, 24 Nov 2026 10:00:00 -0500\nSubject: pump\n"
     "\nLine one\nLine two\n",
     TRUE},
    {"other body", A "\nLine one\nLine 2\n", FALSE},
    {"inner empty line", A "\nLine one\n\nLine two\n", FALSE},
    {"other subject",
     "Message-ID: <a@b>\nFrom: ann@acme.example\nDate: Tue, 24 Nov 2026 10:00:00 -0500\nSubject: pumps\n"
     "\nLine one\nLine two\n",
     FALSE},
};

static char *
key_of(const char *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  return g_strdup(mail->content_key);
}

static void
test_key(void)
{
  g_autofree char *first = key_of(rows[0].bytes);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GString) crlf = g_string_new(rows[i].bytes);
    g_string_replace(crlf, "\n", "\r\n", 0);
    g_autofree char *key = key_of(rows[i].bytes);
    g_autofree char *dos = key_of(crlf->str);
    g_test_message("%s", rows[i].what);
    g_assert_cmpstr(key, ==, dos);
    g_assert_cmpint(strcmp(key, first) == 0, ==, rows[i].same);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mail/key/same-and-other", test_key);
  return g_test_run();
}
