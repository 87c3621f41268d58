/* SPDX-License-Identifier: ISC */
#include "base/secret.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/wall.h"

static char *folder;

static char *
put_file(const char *name, const char *text, gssize length, int mode)
{
  char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, length, NULL));
  g_assert_cmpint(g_chmod(path, mode), ==, 0);
  return path;
}

/* "" in `secret`: an error with that code is wanted. */
static void
check(const char *spec, const char *secret, SlError code, const char *words)
{
  g_autoptr(GError) error = NULL;
  char *got = sl_secret_load(spec, &error);
  g_assert_cmpstr(got, ==, secret);
  if (!secret) {
    g_assert_error(error, SL_ERROR, (gint)code);
    g_assert_nonnull(strstr(error->message, words));
  }
  sl_secret_free(got);
}

static void
test_specs(void)
{
  static const struct {
    const char *spec;
    gboolean ok;
  } rows[] = {
      {"cred:imap", TRUE},     {"file:/etc/x", TRUE}, {"cmd:pass show x", TRUE}, {"hunter2", FALSE}, {"", FALSE},
      {"file:relative", FALSE}, {"file:", FALSE},      {"cred:", FALSE},          {"cred:../../etc/shadow", FALSE},
      {"cmd:", FALSE},          {"FILE:/etc/x", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    const char *why = NULL;
    g_assert_cmpint(sl_secret_spec_ok(rows[i].spec, &why), ==, rows[i].ok);
    g_assert_cmpint(why == NULL, ==, rows[i].ok);
  }
  check("hunter2", NULL, SL_ERROR_CONFIG, "never written here");
}

static void
test_file(void)
{
  static const int good[] = {0600, 0400, 0640, 0440}, bad[] = {0644, 0666, 0604, 0620, 0660, 0601};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *path = put_file("secret", "s3cret\nsecond line\n", -1, good[i]);
    g_autofree char *spec = g_strconcat("file:", path, NULL);
    check(spec, "s3cret", 0, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *path = put_file("secret", "s3cret\n", -1, bad[i]);
    g_autofree char *spec = g_strconcat("file:", path, NULL);
    check(spec, NULL, SL_ERROR_CONFIG, "chmod 0600");
  }
}

static void
test_odd_files(void)
{
  g_autofree char *crlf = put_file("crlf", "s3cret\r\n", -1, 0600);
  g_autofree char *bare = put_file("bare", "no newline", -1, 0600);
  g_autofree char *empty = put_file("empty", "", 0, 0600);
  g_autofree char *blank = put_file("blank", "\ns3cret\n", -1, 0600);
  g_autofree char *nul = put_file("nul", "s3\0cret\n", 8, 0600);
  g_autofree char *big_text = g_strnfill(20000, 'x');
  g_autofree char *big = put_file("big", big_text, -1, 0600);
  const struct {
    const char *path, *secret, *words;
  } rows[] = {{crlf, "s3cret", NULL},      {bare, "no newline", NULL}, {empty, NULL, "empty"}, {blank, NULL, "empty"},
              {nul, NULL, "NUL"},          {big, NULL, "too long"},    {folder, NULL, "no regular file"},
              {"/nonexistent/secret", NULL, "No such file"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *spec = g_strconcat("file:", rows[i].path, NULL);
    check(spec, rows[i].secret, SL_ERROR_CONFIG, rows[i].words);
  }
}

/* A pipe that nobody writes to must not hold us. */
static void
test_fifo(void)
{
  g_autofree char *path = g_build_filename(folder, "fifo", NULL);
  g_autofree char *spec = g_strconcat("file:", path, NULL);
  g_assert_cmpint(mkfifo(path, 0600), ==, 0);
  check(spec, NULL, SL_ERROR_CONFIG, "no regular file");
}

static void
test_credential(void)
{
  g_unsetenv("CREDENTIALS_DIRECTORY");
  check("cred:imap", NULL, SL_ERROR_CONFIG, "LoadCredential=");
  g_autofree char *path = put_file("imap", "from systemd\n", -1, 0444); /* systemd guards its folder, not the file */
  g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
  check("cred:imap", "from systemd", 0, NULL);
  check("cred:absent", NULL, SL_ERROR_CONFIG, "No such file");
}

static void
test_command(void)
{
  check("cmd:echo s3cret; echo more", "s3cret", 0, NULL);
  check("cmd:printf bare", "bare", 0, NULL);
  check("cmd:exit 3", NULL, SL_ERROR_TEMP, "exit 3");
  check("cmd:true", NULL, SL_ERROR_TEMP, "empty");
  check("cmd:echo", NULL, SL_ERROR_TEMP, "empty");
  check("cmd:kill -KILL $$", NULL, SL_ERROR_TEMP, "failed");
  check("cmd:exec >&-; sleep 0.1; exit 4", NULL, SL_ERROR_TEMP, "exit 4");
  check("cmd:head -c 400000 /dev/zero | tr '\\0' x", NULL, SL_ERROR_TEMP, "too long");
  check("cmd:echo 'not for the log' >&2; exit 1", NULL, SL_ERROR_TEMP, "exit 1");
}

/* A command that hangs is ended: `timeout` stands before it. A stand-in for that program shows how it is called, and is quicker. */
static void
test_time_out(void)
{
  g_autofree char *fake = put_file("timeout", "#!/bin/sh\necho \"$*\" >\"$0.args\"\nwhile [ \"$1\" != /bin/sh ]; do shift; done\nexec /usr/bin/timeout 0.1 \"$@\"\n", -1, 0755);
  g_autofree char *args = g_strconcat(fake, ".args", NULL);
  g_autofree char *path = g_strconcat(folder, ":", g_getenv("PATH"), NULL);
  g_autofree char *old = g_strdup(g_getenv("PATH"));
  g_autofree char *text = NULL;
  g_setenv("PATH", path, TRUE);
  gint64 began = sl_wall_boot_usec();
  check("cmd:sleep 20", NULL, SL_ERROR_TEMP, "in time");
  g_assert_cmpint(sl_wall_boot_usec() - began, <, 5 * G_USEC_PER_SEC);
  g_setenv("PATH", old, TRUE);
  g_assert_true(g_file_get_contents(args, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "-k 5 30 /bin/sh -c sleep 20"));
}

/* A helper that leaves a daemon of its own behind must not hold us as long as that lives. */
static void
test_daemon_behind(void)
{
  gint64 began = sl_wall_boot_usec();
  check("cmd:sleep 3 & echo s3cret", "s3cret", 0, NULL);
  g_assert_cmpint(sl_wall_boot_usec() - began, <, 2 * G_USEC_PER_SEC);
}

static void
test_equal(void)
{
  g_assert_true(sl_secret_equal("abc", "abd", 2));
  g_assert_false(sl_secret_equal("abc", "abd", 3));
  g_assert_false(sl_secret_equal("xbc", "abc", 3));
  g_assert_true(sl_secret_equal("", "", 0));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-secret-XXXXXX", NULL);
  g_test_add_func("/base/secret/specs", test_specs);
  g_test_add_func("/base/secret/file-modes", test_file);
  g_test_add_func("/base/secret/odd-files", test_odd_files);
  g_test_add_func("/base/secret/fifo", test_fifo);
  g_test_add_func("/base/secret/credential", test_credential);
  g_test_add_func("/base/secret/command", test_command);
  g_test_add_func("/base/secret/command-time-out", test_time_out);
  g_test_add_func("/base/secret/command-leaves-a-daemon", test_daemon_behind);
  g_test_add_func("/base/secret/equal", test_equal);
  int rc = g_test_run();
  const char *const argv_rm[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)argv_rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
