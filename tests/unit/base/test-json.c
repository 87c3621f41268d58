/* SPDX-License-Identifier: ISC */
#include "base/json.h"

#include "base/error.h"

static void
test_canonical_is_sorted(void)
{
  g_autoptr(SlJson) a = sl_json_object();
  sl_json_set_int(a, "z", 1);
  sl_json_set_string(a, "a", "x");
  sl_json_set_time(a, "t", SL_TIME_NONE);
  g_autofree char *text = sl_json_canonical(a);
  g_assert_cmpstr(text, ==, "{\"a\":\"x\",\"t\":null,\"z\":1}");
}

static void
test_invalid_utf8_is_mended(void)
{
  g_autoptr(SlJson) a = sl_json_object();
  sl_json_set_string(a, "s", "caf\xe9");
  g_assert_true(g_utf8_validate(sl_json_get_string(a, "s"), -1, NULL));
}

static void
test_bad_documents(void)
{
  static const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "nope"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(sl_json_parse(bad[i], -1, &error));
    g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
  }
  g_autofree char *deep = g_strnfill(100000, '[');
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_json_parse(deep, -1, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/json/canonical-is-sorted", test_canonical_is_sorted);
  g_test_add_func("/base/json/invalid-utf8-is-mended", test_invalid_utf8_is_mended);
  g_test_add_func("/base/json/bad-documents", test_bad_documents);
  return g_test_run();
}
