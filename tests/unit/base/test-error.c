/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <glib.h>

/* What sysexits.h and CONTRACT say of each code: a number that changes here changes what Postfix does with a mail. */
static void
test_exit_codes(void)
{
  static const struct {
    SlError code;
    int exit;
    const char *word;
  } rows[] = {
      {SL_ERROR_TEMP, 75, "temporary"},    {SL_ERROR_MAIL, 65, "mail"},           {SL_ERROR_ACCOUNT, 69, "account"},
      {SL_ERROR_STORE, 74, "store"},       {SL_ERROR_CONFIG, 78, "config"},       {SL_ERROR_AUTH, 69, "auth"},
      {SL_ERROR_LIMIT, 65, "limit"},       {SL_ERROR_DENIED, 77, "denied"},       {SL_ERROR_CANCELLED, 75, "cancelled"},
      {SL_ERROR_USAGE, 64, "usage"},       {SL_ERROR_NOT_FOUND, 66, "not-found"}, {SL_ERROR_CREATE, 73, "cannot-create"},
      {SL_ERROR_BUG, 70, "bug"},
  };
  g_assert_cmpint(G_N_ELEMENTS(rows), ==, SL_ERROR_BUG + 1);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = g_error_new_literal(SL_ERROR, (gint)rows[i].code, "why");
    g_assert_cmpint(sl_error_exit_code(error), ==, rows[i].exit);
    g_assert_cmpstr(sl_error_word(error), ==, rows[i].word);
  }
  g_assert_cmpint(sl_error_exit_code(NULL), ==, 0);
}

/* Only what is proven permanent may end a mail: a foreign error is tried again. */
static void
test_foreign(void)
{
  g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
  g_assert_cmpint(sl_error_exit_code(error), ==, 75);
  g_assert_cmpstr(sl_error_word(error), ==, "temporary");
}

static void
test_prefix(void)
{
  g_autoptr(GError) error = g_error_new_literal(SL_ERROR, SL_ERROR_STORE, "disk full");
  g_assert_false(sl_error_prefix(&error, "message %d", 7));
  g_assert_cmpstr(error->message, ==, "message 7: disk full");
  g_assert_cmpint(error->code, ==, SL_ERROR_STORE);
  g_assert_false(sl_error_prefix(NULL, "nobody %s", "asks"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/error/exit-codes", test_exit_codes);
  g_test_add_func("/base/error/foreign", test_foreign);
  g_test_add_func("/base/error/prefix", test_prefix);
  return g_test_run();
}
