/* SPDX-License-Identifier: ISC */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

/* NULL with error when the first line is none that a secret could be. */
static char *
first_line(const char *where, const char *text, gsize length, SlError code, GError **error)
{
  gsize n = 0;
  while (n < length && text[n] && text[n] != '\n' && text[n] != '\r')
    n++;
  if (n > 0 && n < SECRET_MAX_BYTES && (n == length || text[n]))
    return g_strndup(text, n);
  g_set_error(error, SL_ERROR, (gint)code, "%s: the first line %s", where,
              n >= SECRET_MAX_BYTES ? "is too long" : n < length && !text[n] ? "holds a NUL byte" : "is empty");
  return NULL;
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
      secret = first_line(path, buffer, (gsize)n, SL_ERROR_CONFIG, error);
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

/* What the command prints until it ends, closes its output or has said too much; what it may have left behind is not waited for. */
static gsize
read_output(int fd, GPid pid, char *buffer, gboolean *out_ended, int *out_status)
{
  gsize have = 0;
  ssize_t n = -1;
  while (!*out_ended && n != 0 && have < SECRET_MAX_BYTES) {
    struct pollfd output = {fd, POLLIN, 0};
    poll(&output, 1, 50);
    *out_ended = waitpid(pid, out_status, WNOHANG) == pid; /* asked before the read: what it printed is in the pipe by then */
    while (have < SECRET_MAX_BYTES && (n = read(fd, buffer + have, SECRET_MAX_BYTES - have)) > 0)
      have += (gsize)n;
  }
  return have;
}

/* timeout(1) ends it, and what it started; TERM first, KILL five seconds later. */
static char *
load_command(const char *command, GError **error)
{
  char buffer[SECRET_MAX_BYTES];
  const char *const argv[] = {"timeout", "-k", "5", COMMAND_LIMIT_SECOND, "/bin/sh", "-c", command, NULL};
  int status = 0, fd = -1;
  gboolean ended = FALSE;
  GPid pid = 0;
  if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_DO_NOT_REAP_CHILD,
                                NULL, NULL, &pid, NULL, &fd, NULL, NULL)) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "the command that prints the secret cannot be started");
    return NULL;
  }
  fcntl(fd, F_SETFL, O_NONBLOCK);
  gsize have = read_output(fd, pid, buffer, &ended, &status);
  close(fd);
  if (!ended)
    waitpid(pid, &status, 0);
  char *secret = NULL;
  if (have < SECRET_MAX_BYTES && WIFEXITED(status) && (WEXITSTATUS(status) == 124 || WEXITSTATUS(status) == 137))
    g_set_error_literal(error, SL_ERROR, SL_ERROR_TEMP, "the command that prints the secret did not end in time");
  else if (have < SECRET_MAX_BYTES && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "the command that prints the secret failed (exit %d)",
                WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  else
    secret = first_line("what the command printed", buffer, have, SL_ERROR_TEMP, error);
  explicit_bzero(buffer, sizeof buffer);
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
