/* SPDX-License-Identifier: ISC */
#include "mail/words.h"

#include <string.h>

#include "mail/clean.h"

#define MAX_CHARSET_BYTES 40

/* "=?charset*language?Q?payload?=" */
typedef struct {
  char charset[MAX_CHARSET_BYTES + 1];
  gboolean base64;
  const char *payload;
  gsize length;
  const char *behind;
} Word;

typedef struct {
  const GPtrArray *fallbacks;
  gboolean recode;
  GString *out;
  GString *bytes; /* of the words seen last, which are not written yet: they may go on in the next one */
  char charset[MAX_CHARSET_BYTES + 1];
} Words;

/* `at` begins with "=?". *still FALSE: no word ends any more, none need be looked for. */
static gboolean
read_word(const char *at, Word *out_word, gboolean *still)
{
  const char *charset = at + 2;
  gsize n = strcspn(charset, "?* \t");
  const char *mark = charset + n;
  if (*mark == '*')
    mark += strcspn(mark, "? \t");
  if (n == 0 || n > MAX_CHARSET_BYTES || *mark != '?' || !mark[1] || !strchr("bBqQ", mark[1]) || mark[2] != '?')
    return FALSE;
  const char *end = strstr(mark + 3, "?=");
  if (!end) {
    *still = FALSE;
    return FALSE;
  }
  memcpy(out_word->charset, charset, n);
  out_word->charset[n] = '\0';
  out_word->base64 = g_ascii_tolower(mark[1]) == 'b';
  out_word->payload = mark + 3;
  out_word->length = (gsize)(end - out_word->payload);
  out_word->behind = end + 2;
  return TRUE;
}

static void
append_quoted(GString *bytes, const char *at, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    gboolean escaped = at[i] == '=' && i + 2 < length && g_ascii_isxdigit(at[i + 1]) && g_ascii_isxdigit(at[i + 2]);
    if (escaped) {
      g_string_append_c(bytes, (char)(g_ascii_xdigit_value(at[i + 1]) << 4 | g_ascii_xdigit_value(at[i + 2])));
      i += 2;
    } else if (at[i] == '_') {
      g_string_append_c(bytes, ' ');
    } else if (at[i] != '=' || i + 2 < length) { /* a lone one at the end was cut off */
      g_string_append_c(bytes, at[i]);
    }
  }
}

static void
append_base64(GString *bytes, const char *at, gsize length)
{
  gint state = 0;
  guint save = 0;
  g_autofree guchar *decoded = g_malloc(length / 4 * 3 + 6);
  gsize n = g_base64_decode_step(at, length, decoded, &state, &save);
  if (state == 2 || state == 3) /* what is left makes a byte or two; a single character makes none */
    n += g_base64_decode_step("==", (gsize)(4 - state), decoded + n, &state, &save);
  g_string_append_len(bytes, (const char *)decoded, (gssize)n);
}

static void
flush(Words *words)
{
  if (words->bytes->len == 0)
    return;
  g_autofree char *text = sl_text_decode(words->bytes->str, words->bytes->len, words->charset, words->fallbacks);
  g_autofree char *encoded = words->recode ? g_base64_encode((const guchar *)text, strlen(text)) : NULL;
  if (encoded)
    g_string_append_printf(words->out, "=?utf-8?B?%s?=", encoded);
  else
    g_string_append(words->out, text);
  g_string_truncate(words->bytes, 0);
}

/* A charset that goes on keeps its bytes together: a character may be torn between two words. */
static void
add_word(Words *words, const Word *word)
{
  if (g_ascii_strcasecmp(words->charset, word->charset) != 0)
    flush(words);
  g_strlcpy(words->charset, word->charset, sizeof words->charset);
  if (word->base64)
    append_base64(words->bytes, word->payload, word->length);
  else
    append_quoted(words->bytes, word->payload, word->length);
}

/* Blanks between two words are none of the text. */
static const char *
next_word(const char *at)
{
  const char *next = at + strspn(at, " \t\r\n");
  return next[0] == '=' && next[1] == '?' ? next : at;
}

static char *
run(const char *value, const GPtrArray *fallbacks, gboolean recode)
{
  g_autoptr(GString) out = g_string_sized_new(strlen(value) + 1);
  g_autoptr(GString) bytes = g_string_new("");
  Words words = {.fallbacks = fallbacks, .recode = recode, .out = out, .bytes = bytes};
  gboolean still = TRUE;
  for (const char *at = value; *at;) {
    Word word;
    const char *next = bytes->len > 0 ? next_word(at) : at;
    if (still && next[0] == '=' && next[1] == '?' && read_word(next, &word, &still)) {
      add_word(&words, &word);
      at = word.behind;
      continue;
    }
    flush(&words);
    gsize n = 1 + strcspn(at + 1, "=");
    g_string_append_len(out, at, (gssize)n);
    at += n;
  }
  flush(&words);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
sl_words_decode(const char *value, const GPtrArray *fallbacks)
{
  return run(value, fallbacks, FALSE);
}

char *
sl_words_recode(const char *value, const GPtrArray *fallbacks)
{
  return run(value, fallbacks, TRUE);
}
