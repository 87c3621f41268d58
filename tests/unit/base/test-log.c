/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

/* What was written to standard error by `say`. Owned. */
static char *
capture(void (*say)(gconstpointer), gconstpointer data)
{
  g_autofree char *path = NULL;
  char *text = NULL;
  int fd = g_file_open_tmp("sl-log-XXXXXX", &path, NULL);
  int saved = dup(STDERR_FILENO);
  dup2(fd, STDERR_FILENO);
  sl_log_init("slate-test", SL_LOG_INFO);
  say(data);
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(fd);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  unlink(path);
  return text;
}

static void
say_value(gconstpointer value)
{
  sl_log(SL_LOG_WARNING, "read", "subject", (const char *)value, "nothing", NULL, "after", "x", NULL);
}

static void
test_values(void)
{
  static const struct {
    const char *in, *out;
  } rows[] = {
      {"plain", "subject=plain"},
      {"two words", "subject=\"two words\""},
      {"", "subject=\"\""},
      {"a=b", "subject=\"a=b\""},
      {"say \"hi\" \\", "subject=\"say \\\"hi\\\" \\\\\""},
      {"x\nslate: error: forged", "subject=\"x\\x0aslate: error: forged\""},
      {"\x1b[2J", "subject=\"\\x1b[2J\""},
      {"\x7f", "subject=\"\\x7f\""},
      {"\xc2\x9b" "2J", "subject=\"\\u009b2J\""},
      {"\xe2\x80\xae", "subject=\"\\u202e\""},
      {"\xff", "subject=\"\xef\xbf\xbd\""},
      {"J\xc3\xbcrgen", "subject=\"J\xc3\xbcrgen\""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = capture(say_value, rows[i].in);
    g_autofree char *wanted = g_strdup_printf("slate-test: warning: read %s after=x\n", rows[i].out);
    g_assert_cmpstr(text, ==, wanted);
  }
}

static void
say_all(gconstpointer data)
{
  (void)data;
  sl_log(SL_LOG_ERROR, "one", NULL);
  sl_log(SL_LOG_INFO, "two", NULL);
  sl_log(SL_LOG_DEBUG, "three", NULL);
  g_autoptr(GError) error = g_error_new_literal(SL_ERROR, SL_ERROR_STORE, "disk\nfull");
  sl_log_error(error, "four", "where", "here", NULL);
  sl_log_error(NULL, "five", NULL);
}

static void
test_levels(void)
{
  g_autofree char *text = capture(say_all, NULL);
  g_assert_cmpstr(text, ==,
                  "slate-test: error: one\nslate-test: info: two\nslate-test: error: four where=here error=\"disk\\x0afull\"\n"
                  "slate-test: error: five error=unknown\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/log/values-forge-nothing", test_values);
  g_test_add_func("/base/log/levels", test_levels);
  return g_test_run();
}
