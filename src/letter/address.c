/* SPDX-License-Identifier: ISC */
#include "letter/address.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/secret.h"

#define KEY_BYTES   32
#define TOKEN_BYTES 10 /* 80 bits */
#define TOKEN_CHARS 16

struct SlReplyKey {
  guint8 bytes[KEY_BYTES];
};

/* ---- the key ---- */

static gboolean
make_key(const char *path, GError **error)
{
  guint8 bytes[KEY_BYTES];
  g_autofree char *tmp = g_strdup_printf("%s.%d.tmp", path, (int)getpid());
  if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "no random bytes: %s", g_strerror(errno));
    return FALSE;
  }
  g_autofree char *text = g_base64_encode(bytes, sizeof bytes);
  g_autofree char *line = g_strconcat(text, "\n", NULL);
  explicit_bzero(bytes, sizeof bytes);
  int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean ok = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line) && fsync(fd) == 0;
  if (fd >= 0)
    close(fd);
  explicit_bzero(line, strlen(line));
  explicit_bzero(text, strlen(text));
  /* link, not rename: whoever made the key first has made it */
  if (ok && link(tmp, path) != 0 && errno != EEXIST)
    ok = FALSE;
  if (!ok)
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "cannot make the reply key %s: %s", path, g_strerror(errno));
  unlink(tmp);
  return ok;
}

SlReplyKey *
sl_reply_key_load(const char *path, gboolean create, GError **error)
{
  if (create && access(path, F_OK) != 0 && errno == ENOENT && !make_key(path, error))
    return NULL;
  g_autofree char *spec = g_strconcat("file:", path, NULL);
  char *text = sl_secret_load(spec, error);
  if (!text) {
    g_prefix_error(error, "reply key: ");
    return NULL;
  }
  gsize length = 0;
  guint8 *bytes = g_base64_decode(text, &length);
  sl_secret_free(text);
  SlReplyKey *key = NULL;
  if (length == KEY_BYTES) {
    key = g_new0(SlReplyKey, 1);
    memcpy(key->bytes, bytes, KEY_BYTES);
  } else {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "reply key: %s does not hold 32 bytes in base64", path);
  }
  explicit_bzero(bytes, length);
  g_free(bytes);
  return key;
}

void
sl_reply_key_free(SlReplyKey *key)
{
  if (key)
    explicit_bzero(key, sizeof *key);
  g_free(key);
}

/* ---- tokens ---- */

static void
base32(const guint8 *bytes, char *out)
{
  static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
  guint64 bits = 0;
  int have = 0;
  for (int i = 0, o = 0; i < TOKEN_BYTES; i++) {
    bits = bits << 8 | bytes[i];
    for (have += 8; have >= 5; have -= 5)
      out[o++] = digits[bits >> (have - 5) & 31];
  }
  out[TOKEN_CHARS] = '\0';
}

char *
sl_token_make(const SlReplyKey *key, gint64 ticket, const char *person, SlScope scope, int generation)
{
  guint8 digest[32];
  gsize length = sizeof digest;
  char number[32];
  g_autofree char *who = g_ascii_strdown(person, -1);
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, KEY_BYTES);
  int n = g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, ticket);
  g_hmac_update(hmac, (const guchar *)number, n + 1);
  g_hmac_update(hmac, (const guchar *)who, (gssize)strlen(who) + 1);
  g_hmac_update(hmac, (const guchar *)sl_scope_word(scope), -1);
  if (generation > 0) {
    n = g_snprintf(number, sizeof number, "%d", generation);
    g_hmac_update(hmac, (const guchar *)"", 1);
    g_hmac_update(hmac, (const guchar *)number, n);
  }
  g_hmac_get_digest(hmac, digest, &length);
  g_hmac_unref(hmac);
  char *token = g_malloc(TOKEN_CHARS + 1);
  base32(digest, token);
  return token;
}

char *
sl_token_hash(const char *token)
{
  g_autofree char *lower = g_ascii_strdown(token, -1);
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, lower, -1);
}

gboolean
sl_token_verify(const SlReplyKey *key, const char *token, gint64 ticket, const char *person, SlScope scope, int generation)
{
  g_autofree char *lower = g_ascii_strdown(token, -1);
  g_autofree char *right = sl_token_make(key, ticket, person, scope, generation);
  return strlen(lower) == TOKEN_CHARS && sl_secret_equal(lower, right, TOKEN_CHARS);
}

char *
sl_token_address(const SlLetterOptions *options, const char *token)
{
  const char *hole = strstr(options->reply_to, "{token}");
  g_assert(hole != NULL);
  return g_strdup_printf("%.*s%s%s", (int)(hole - options->reply_to), options->reply_to, token, hole + strlen("{token}"));
}

static char *
token_at(const char *text)
{
  for (int i = 0; i < TOKEN_CHARS; i++) {
    char c = g_ascii_tolower(text[i]);
    if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')))
      return NULL;
  }
  return g_ascii_strdown(text, TOKEN_CHARS);
}

char *
sl_token_in_address(const SlLetterOptions *options, const char *address)
{
  const char *hole = strstr(options->reply_to, "{token}");
  gsize head = (gsize)(hole - options->reply_to);
  const char *tail = hole + strlen("{token}");
  if (strlen(address) != head + TOKEN_CHARS + strlen(tail) || g_ascii_strncasecmp(address, options->reply_to, head) != 0 ||
      g_ascii_strcasecmp(address + head + TOKEN_CHARS, tail) != 0)
    return NULL;
  return token_at(address + head);
}

char *
sl_message_id_make(const SlLetterOptions *options, gint64 ticket, const char *token, const char *purpose)
{
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, purpose, -1);
  return g_strdup_printf("%" G_GINT64_FORMAT ".%s.%.16s@%s", ticket, token ? token : "slate", hash, options->domain);
}

char *
sl_token_in_message_id(const SlLetterOptions *options, const char *message_id)
{
  const char *at = strrchr(message_id, '@');
  if (!at || g_ascii_strcasecmp(at + 1, options->domain) != 0)
    return NULL;
  gsize digits = strspn(message_id, "0123456789");
  const char *token = message_id + digits + 1;
  if (digits == 0 || message_id[digits] != '.' || at - token < TOKEN_CHARS || token[TOKEN_CHARS] != '.')
    return NULL;
  return token_at(token);
}
