/* SPDX-License-Identifier: ISC */
/* Signed addresses: only the very token, for the very ticket, person and scope. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "letter/address.h"

static char *folder;

static SlReplyKey *
new_key(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  GError *error = NULL;
  SlReplyKey *key = sl_reply_key_load(path, TRUE, &error);
  g_assert_no_error(error);
  return key;
}

static void
test_verify(void)
{
  g_autoptr(SlReplyKey) key = new_key("a");
  g_autoptr(SlReplyKey) other = new_key("b");
  g_autofree char *token = sl_token_make(key, 1042, "ana@x.example", SL_SCOPE_REPLY, 0);
  g_autofree char *upper = g_ascii_strup(token, -1);
  g_assert_cmpuint(strlen(token), ==, 16);
  g_assert_true(sl_token_verify(key, token, 1042, "ana@x.example", SL_SCOPE_REPLY, 0));
  g_assert_true(sl_token_verify(key, upper, 1042, "ANA@x.example", SL_SCOPE_REPLY, 0)); /* servers fold case */
  g_assert_false(sl_token_verify(other, token, 1042, "ana@x.example", SL_SCOPE_REPLY, 0));
  g_assert_false(sl_token_verify(key, token, 1043, "ana@x.example", SL_SCOPE_REPLY, 0));
  g_assert_false(sl_token_verify(key, token, 1042, "eve@x.example", SL_SCOPE_REPLY, 0));
  for (int scope = SL_SCOPE_NONE; scope <= SL_SCOPE_BOUNCE; scope++)
    g_assert_cmpint(sl_token_verify(key, token, 1042, "ana@x.example", (SlScope)scope, 0), ==, scope == SL_SCOPE_REPLY);
  g_assert_false(sl_token_verify(key, "", 1042, "ana@x.example", SL_SCOPE_REPLY, 0));
  g_autofree char *longer = g_strconcat(token, "a", NULL);
  g_assert_false(sl_token_verify(key, longer, 1042, "ana@x.example", SL_SCOPE_REPLY, 0));
}

static void
test_one_character(void)
{
  static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autoptr(SlReplyKey) key = new_key("a");
  g_autofree char *token = sl_token_make(key, 1042, "ana@x.example", SL_SCOPE_REPLY, 0);
  for (int i = 0; i < 16; i++) { /* each of the 80 bits counts */
    for (int bit = 1; bit < 32; bit <<= 1) {
      g_autofree char *changed = g_strdup(token);
      changed[i] = digits[(strchr(digits, token[i]) - digits) ^ bit];
      g_assert_false(sl_token_verify(key, changed, 1042, "ana@x.example", SL_SCOPE_REPLY, 0));
    }
  }
}

static void
test_fields_apart(void)
{
  g_autoptr(SlReplyKey) key = new_key("a");
  g_autofree char *one = sl_token_make(key, 1, "1a@x", SL_SCOPE_REPLY, 0);
  g_autofree char *two = sl_token_make(key, 11, "a@x", SL_SCOPE_REPLY, 0);
  g_assert_cmpstr(one, !=, two);
}

static void
test_in_address(void)
{
  const SlLetterOptions o = {.reply_to = (char *)"support+{token}@poologics.example", .domain = (char *)"poologics.example"};
  static const char *const rows[][2] = {
      {"support+abcdefghijklmnop@poologics.example", "abcdefghijklmnop"},
      {"Support+ABCDEFGHIJKLMNOP@Poologics.Example", "abcdefghijklmnop"},
      {"support+abcdefghijklmno@poologics.example", NULL},
      {"support+abcdefghijklmnopq@poologics.example", NULL},
      {"support+abcdefghijklmn1p@poologics.example", NULL}, /* 1 is no digit of base32 */
      {"support+abcdefghijklmnop@poologics.example.evil", NULL},
      {"xsupport+abcdefghijklmnop@poologics.example", NULL},
      {"support+abcdefghijklmnop@elsewhere.example", NULL},
      {"support@poologics.example", NULL},
      {"", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *token = sl_token_in_address(&o, rows[i][0]);
    g_assert_cmpstr(token, ==, rows[i][1]);
  }
}

static void
test_in_message_id(void)
{
  const SlLetterOptions o = {.domain = (char *)"poologics.example"};
  static const char *const rows[][2] = {
      {"1042.abcdefghijklmnop.0123456789abcdef@poologics.example", "abcdefghijklmnop"},
      {"1042.ABCDEFGHIJKLMNOP.0123456789abcdef@POOLOGICS.example", "abcdefghijklmnop"},
      {"1042.slate.0123456789abcdef@poologics.example", NULL},
      {"1042.abcdefghijklmnop@poologics.example", NULL},
      {"1042.abcdefghijklmnop.x@elsewhere.example", NULL},
      {".abcdefghijklmnop.x@poologics.example", NULL},
      {"1042@poologics.example", NULL},
      {"1042.@poologics.example", NULL},
      {"1042", NULL},
      {"@", NULL},
      {"", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *token = sl_token_in_message_id(&o, rows[i][0]);
    g_assert_cmpstr(token, ==, rows[i][1]);
  }
}

static void
test_key_file(void)
{
  g_autofree char *path = g_build_filename(folder, "file", NULL);
  struct stat st;
  g_autoptr(GError) absent = NULL;
  g_assert_null(sl_reply_key_load(path, FALSE, &absent));
  g_assert_error(absent, SL_ERROR, SL_ERROR_CONFIG);
  g_autoptr(SlReplyKey) made = sl_reply_key_load(path, TRUE, NULL);
  g_autoptr(SlReplyKey) read = sl_reply_key_load(path, TRUE, NULL);
  g_autofree char *one = sl_token_make(made, 1, "a@x", SL_SCOPE_REPLY, 0);
  g_assert_true(sl_token_verify(read, one, 1, "a@x", SL_SCOPE_REPLY, 0));
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  g_chmod(path, 0644);
  g_autoptr(GError) open_to_all = NULL;
  g_assert_null(sl_reply_key_load(path, TRUE, &open_to_all));
  g_assert_error(open_to_all, SL_ERROR, SL_ERROR_CONFIG);
  g_assert_true(g_file_set_contents(path, "dG9vIHNob3J0\n", -1, NULL));
  g_chmod(path, 0600);
  g_autoptr(GError) shorter = NULL;
  g_assert_null(sl_reply_key_load(path, TRUE, &shorter));
  g_assert_error(shorter, SL_ERROR, SL_ERROR_CONFIG);
  g_assert_null(strstr(shorter->message, "dG9v"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-address-XXXXXX", NULL);
  g_test_add_func("/letter/address/verify", test_verify);
  g_test_add_func("/letter/address/each-bit", test_one_character);
  g_test_add_func("/letter/address/fields-apart", test_fields_apart);
  g_test_add_func("/letter/address/in-address", test_in_address);
  g_test_add_func("/letter/address/in-message-id", test_in_message_id);
  g_test_add_func("/letter/address/key-file", test_key_file);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
