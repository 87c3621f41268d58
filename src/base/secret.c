/* SPDX-License-Identifier: ISC */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

#define SECRET_MAX_BYTES     16384
#define COMMAND_LIMIT_SECOND "30"

gboolean
sl_secret_spec_ok(const char *spec, const char **out_why)
{
  const char *why = NULL;
  if (g_str_has_prefix(spec, "cred:"))
    why = spec[5] && !strchr(spec + 5, '/') ? NULL : "cred: wants the name of a systemd credential";
  else if (g_str_has_prefix(spec, "file:"))
    why = spec[5] == '/' ? NULL : "file: wants an absolute path";
  else if (g_str_has_prefix(spec, "cmd:"))
    why = spec[4] ? NULL : "cmd: wants a command";
  else
    why = "a secret is never written here: name it as cred:NAME, file:/path or cmd:COMMAND";
  if (why && out_why)
    *out_why = why;
  return why == NULL;
}

static char *
first_line(const char *text, gsize length)
{
  gsize n = 0;
  while (n < length && text[n] && text[n] != '\n' && text[n] != '\r')
    n++;
  return g_strndup(text, n);
}

static gboolean
permissions_ok(int fd, const char *path, GError **error)
{
  struct stat st;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s is no regular file", path);
  else if (st.st_mode & 027)
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s can be read by others: chmod 0600 it", path);
  else if (st.st_uid != geteuid() && st.st_uid != 0)
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s belongs to somebody else", path);
  else
    return TRUE;
  return FALSE;
}

static char *
load_file(const char *path, gboolean strict, GError **error)
{
  char buffer[SECRET_MAX_BYTES];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: %s", path, g_strerror(errno));
    return NULL;
  }
  char *secret = NULL;
  if (!strict || permissions_ok(fd, path, error)) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0)
      g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s is empty or cannot be read", path);
    else
      secret = first_line(buffer, (gsize)n);
    explicit_bzero(buffer, sizeof buffer);
  }
  close(fd);
  return secret;
}

static char *
load_credential(const char *name, GError **error)
{
  const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
  if (!folder) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG,
                "credential %s: no $CREDENTIALS_DIRECTORY (give it by LoadCredential= in the unit)", name);
    return NULL;
  }
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return load_file(path, FALSE, error);
}

static char *
load_command(const char *command, GError **error)
{
  g_autofree char *out = NULL;
  const char *const argv[] = {"timeout", COMMAND_LIMIT_SECOND, "/bin/sh", "-c", command, NULL};
  int status = 0;
  gboolean ran = g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                              NULL, &status, NULL);
  char *secret = NULL;
  if (!ran || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "the command that prints the secret failed (exit %d)",
                ran && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  else if (strlen(out) > SECRET_MAX_BYTES || !*out)
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "the command that prints the secret printed %s", *out ? "too much" : "nothing");
  else
    secret = first_line(out, strlen(out));
  if (out)
    explicit_bzero(out, strlen(out));
  return secret;
}

char *
sl_secret_load(const char *spec, GError **error)
{
  const char *why = NULL;
  if (!sl_secret_spec_ok(spec, &why)) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_CONFIG, why);
    return NULL;
  }
  if (g_str_has_prefix(spec, "cred:"))
    return load_credential(spec + 5, error);
  if (g_str_has_prefix(spec, "file:"))
    return load_file(spec + 5, TRUE, error);
  return load_command(spec + 4, error);
}

void
sl_secret_free(char *secret)
{
  if (secret)
    explicit_bzero(secret, strlen(secret));
  g_free(secret);
}

gboolean
sl_secret_equal(const char *a, const char *b, gsize length)
{
  volatile unsigned char different = 0;
  for (gsize i = 0; i < length; i++)
    different |= (unsigned char)(a[i] ^ b[i]);
  return different == 0;
}
