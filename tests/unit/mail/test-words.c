/* SPDX-License-Identifier: ISC */
/* Encoded words as the world writes them, in subjects and in names. */
#include <string.h>

#include "mail/parse.h"
#include "mail/words.h"

static const struct {
  const char *name, *value, *wanted;
} rows[] = {
    {"plain", "nothing =? here", "nothing =? here"},
    {"quoted", "=?utf-8?Q?Gr=C3=B6=C3=9Fe?=", "Größe"},
    {"base64", "=?UTF-8?b?R3LDtsOfZQ==?=", "Größe"},
    {"torn-character", "=?utf-8?Q?Gr=C3=B6=C3?= =?utf-8?Q?=9Fe?=", "Größe"},
    {"torn-character-folded", "=?utf-8?B?R3LDtsM=?=\r\n =?utf-8?B?n2U=?=", "Größe"},
    {"raw-blanks", "=?utf-8?q?Gr=C3=B6=C3=9Fe mit Platz?=", "Größe mit Platz"},
    {"no-blanks-around", "Re:=?utf-8?Q?Gr=C3=B6=C3=9Fe?=x", "Re:Größex"},
    {"next-to-each-other", "=?utf-8?Q?a?==?utf-8?Q?_b?=", "a b"},
    {"blank-between-words-is-none", "=?utf-8?Q?a?= \t =?utf-8?Q?b?= c", "ab c"},
    {"two-charsets", "=?iso-8859-1?Q?=F6?= =?utf-8?Q?=C3=9F?=", "öß"},
    {"latin1-is-windows", "=?iso-8859-1?Q?5_=80?=", "5 €"},
    {"utf8-is-latin1", "=?utf-8?Q?Gr=F6=DFe?=", "Größe"},
    {"ascii-is-utf8", "=?us-ascii?Q?Gr=C3=B6=C3=9Fe?=", "Größe"},
    {"unknown-charset", "=?x-none?Q?Gr=F6=DFe?=", "Größe"},
    {"language", "=?utf-8*de?Q?Gr=C3=B6=C3=9Fe?=", "Größe"},
    {"torn-base64", "=?utf-8?B?R3LDtsOfZ?=", "Größ"},
    {"unpadded-base64", "=?utf-8?B?R3LDtsOfZQ?=", "Größe"},
    {"question-mark", "=?utf-8?Q?what?\?=", "what?"},
    {"equals-sign", "=?utf-8?Q?a=b=?=", "a=b"},
    {"japanese", "=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?= =?ISO-2022-JP?B?GyRCOGwbKEI=?=", "日本語"},
    {"russian", "=?koi8-r?B?8NLJ18XU?=", "Привет"},
    {"korean", "=?ks_c_5601-1987?B?x9GxuQ==?=", "한국"},
    {"no-end", "=?utf-8?Q?abc", "=?utf-8?Q?abc"},
    {"no-encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
    {"empty", "a =?utf-8?Q?\?= b", "a  b"},
};

static void
test_row(gconstpointer data)
{
  guint i = GPOINTER_TO_UINT(data);
  g_autofree char *got = sl_words_decode(rows[i].value, NULL);
  g_assert_cmpstr(got, ==, rows[i].wanted);
  g_autofree char *recoded = sl_words_recode(rows[i].value, NULL);
  g_autofree char *again = sl_words_decode(recoded, NULL);
  g_assert_cmpstr(again, ==, rows[i].wanted);
}

/* A name may hold what would be another address, were it not encoded. */
static void
test_names(void)
{
  static const char bytes[] =
      "From: =?iso-8859-1?Q?Gr=F6=DFe=2C_=3Ceve@x.example=3E?= <ann@acme.example>\n"
      "To: =?utf-8?Q?Gr=F6=DFe?= <bob@acme.example>, =?utf-8?Q?=C3=B6?= <cy@acme.example>\n\nx\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, strlen(bytes), NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(mail->from->address, ==, "ann@acme.example");
  g_assert_cmpstr(mail->from->name, ==, "Größe, <eve@x.example>");
  g_assert_cmpuint(mail->to->len, ==, 2);
  g_assert_cmpstr(((SlMailbox *)mail->to->pdata[0])->name, ==, "Größe");
  g_assert_cmpstr(((SlMailbox *)mail->to->pdata[1])->name, ==, "ö");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strdup_printf("/mail/words/%s", rows[i].name);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_row);
  }
  g_test_add_func("/mail/words/names", test_names);
  return g_test_run();
}
