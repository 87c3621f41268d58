/* SPDX-License-Identifier: ISC */
#include "mail/clean.h"

#include <errno.h>
#include <string.h>

/* What a charset's name means in practice: the superset that the programs which write the name really use (WHATWG). */
static const struct {
  const char *name, *real;
} aliases[] = {
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"ks_c_5601-1987", "cp949"},
    {"euc-kr", "cp949"},
    {"shift_jis", "cp932"},
    {"x-sjis", "cp932"},
    {"big5", "cp950"},
    {"cp-850", "cp850"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"iso-2022-jp", "iso-2022-jp-3"},
    {"x-mac-roman", "macintosh"},
    {"windows1252", "windows-1252"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"visual", "iso-8859-8"},
    {"x-gbk", "gb18030"},
};

/* Names that say nothing: the bytes are what they are. */
static const char *const unspoken[] = {"",          "us-ascii", "ascii",   "utf-8",        "utf8",
                                       "x-unknown", "unknown",  "default", "unknown-8bit", "ansi_x3.4-1968"};

static gboolean
says_nothing(const char *charset)
{
  for (guint i = 0; i < G_N_ELEMENTS(unspoken); i++)
    if (g_ascii_strcasecmp(charset, unspoken[i]) == 0)
      return TRUE;
  return FALSE;
}

static const char *
real_charset(const char *charset)
{
  for (guint i = 0; i < G_N_ELEMENTS(aliases); i++)
    if (g_ascii_strcasecmp(charset, aliases[i].name) == 0)
      return aliases[i].real;
  return charset;
}

/* Only names that can be names reach iconv: it takes "//TRANSLIT" and paths as well. */
static gboolean
is_charset_name(const char *charset)
{
  gsize n = strspn(charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+");
  return n > 0 && n <= 40 && charset[n] == '\0';
}

static gboolean
is_single_byte(const char *charset)
{
  static const char *const prefixes[] = {"iso-8859-", "windows-125", "cp125", "koi8-", "macintosh", "cp850", "cp437"};
  for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++)
    if (g_ascii_strncasecmp(charset, prefixes[i], strlen(prefixes[i])) == 0)
      return TRUE;
  return FALSE;
}

static gsize
high_bytes(const char *bytes, gsize length)
{
  gsize n = 0;
  for (gsize i = 0; i < length; i++)
    n += (guchar)bytes[i] >= 0x80;
  return n;
}

/* What can't be converted becomes U+FFFD, counted in *out_errors. NULL for a charset that nobody knows. */
static char *
convert(const char *bytes, gsize length, const char *charset, gsize *out_errors)
{
  *out_errors = 0;
  GIConv cd = g_iconv_open("UTF-8", charset);
  if (cd == (GIConv)-1)
    return NULL;
  g_autoptr(GString) out = g_string_sized_new(length + length / 8 + 16);
  char *in = (char *)(gintptr)bytes;
  char chunk[4096];
  while (length > 0) {
    char *to = chunk;
    gsize room = sizeof chunk;
    gsize rc = g_iconv(cd, &in, &length, &to, &room);
    int why = errno;
    g_string_append_len(out, chunk, to - chunk);
    if (rc != (gsize)-1 || why == E2BIG)
      continue;
    g_string_append(out, "\357\277\275");
    *out_errors += 1;
    in++;
    length--;
  }
  char *to = chunk;
  gsize room = sizeof chunk;
  g_iconv(cd, NULL, NULL, &to, &room); /* stateful charsets flush here */
  g_string_append_len(out, chunk, to - chunk);
  g_iconv_close(cd);
  for (gsize i = 0; i < out->len; i++)
    if (out->str[i] == '\0')
      out->str[i] = ' ';
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
convert_strict(const char *bytes, gsize length, const char *charset)
{
  gsize errors;
  g_autofree char *text = is_charset_name(charset) ? convert(bytes, length, charset, &errors) : NULL;
  return text && errors == 0 && g_utf8_validate(text, -1, NULL) ? g_steal_pointer(&text) : NULL;
}

/* NUL bytes would end the text: they are blanks. */
static char *
copy_utf8(const char *bytes, gsize length)
{
  char *copy = g_strndup("", length);
  for (gsize i = 0; i < length; i++)
    copy[i] = bytes[i] ? bytes[i] : ' ';
  copy[length] = '\0';
  return copy;
}

/* Mostly UTF-8, with a torn character or two: better mended than taken for another charset. */
static gboolean
is_nearly_utf8(const char *text)
{
  gsize good = 0, bad = 0;
  while (*text) {
    gunichar c = g_utf8_get_char_validated(text, -1);
    gboolean valid = c != (gunichar)-1 && c != (gunichar)-2;
    good += valid && c >= 0x80;
    bad += !valid;
    text = valid ? g_utf8_next_char(text) : text + 1;
  }
  return good > 4 * bad;
}

static char *
decode_unspoken(const char *bytes, gsize length, const GPtrArray *fallbacks)
{
  g_autofree char *raw = copy_utf8(bytes, length);
  if (g_utf8_validate(raw, -1, NULL))
    return g_steal_pointer(&raw);
  if (is_nearly_utf8(raw))
    return g_utf8_make_valid(raw, -1);
  for (guint i = 0; fallbacks && i < fallbacks->len; i++) {
    char *text = convert_strict(raw, length, real_charset(fallbacks->pdata[i]));
    if (text)
      return text;
  }
  gsize errors;
  char *text = convert(raw, length, "windows-1252", &errors);
  return text ? text : g_utf8_make_valid(raw, -1);
}

/* NULL: the declaration can't be true. */
static char *
decode_declared(const char *bytes, gsize length, const char *charset)
{
  const char *real = real_charset(charset);
  gsize high = high_bytes(bytes, length), errors;
  if (!is_charset_name(real) || (is_single_byte(real) && high > 0 && g_utf8_validate(bytes, (gssize)length, NULL)))
    return NULL;
  g_autofree char *text = convert(bytes, length, real, &errors);
  if (!text || !g_utf8_validate(text, -1, NULL))
    return NULL;
  if (errors > 0 && !is_single_byte(real) && g_utf8_validate(bytes, (gssize)length, NULL) && high > 0)
    return NULL;
  return errors == 0 || errors * 10 <= MAX(high, length / 10) ? g_steal_pointer(&text) : NULL;
}

char *
sl_text_decode(const char *bytes, gsize length, const char *charset, const GPtrArray *fallbacks)
{
  char *text = charset && !says_nothing(charset) ? decode_declared(bytes, length, charset) : NULL;
  return text ? text : decode_unspoken(bytes, length, fallbacks);
}

typedef struct {
  gunichar first, last;
} Range;

/* Characters that show nothing and can make a text read otherwise than it looks. */
static const Range hidden[] = {
    {0x0001, 0x0008}, {0x000b, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c},
    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200b}, {0x200e, 0x200f}, {0x202a, 0x202e},
    {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
};

static gboolean
is_hidden(gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS(hidden); i++)
    if (c >= hidden[i].first && c <= hidden[i].last)
      return TRUE;
  return FALSE;
}

/* ZWNJ and ZWJ belong to the spelling of some scripts and to emoji; between ASCII they only hide something. */
static gboolean
is_joiner_of_script(const char *before, const char *at, const char *from)
{
  const char *after = at + 3;
  return at > from && (guchar)*before >= 0x80 && (guchar)*after >= 0x80;
}

/* How many characters from here on need no thought. */
static gsize
plain_run(const char *at)
{
  gsize n = 0;
  while (((guchar)at[n] >= ' ' && (guchar)at[n] < 0x7f) || at[n] == '\n' || at[n] == '\t')
    n++;
  return n;
}

char *
sl_text_clean(const char *text)
{
  GString *out = g_string_sized_new(strlen(text) + 1);
  const char *before = text;
  for (const char *at = text; *at; before = at, at = g_utf8_next_char(at)) {
    gsize run = plain_run(at);
    if (run > 0) {
      g_string_append_len(out, at, (gssize)run);
      at += run - 1; /* its last is `before` */
      continue;
    }
    gunichar c = g_utf8_get_char(at);
    gsize n = (gsize)(g_utf8_next_char(at) - at);
    if (c == '\r') {
      if (at[1] != '\n')
        g_string_append_c(out, '\n');
    } else if (c == 0x2028 || c == 0x2029 || c == 0x0c || c == 0x85) {
      g_string_append_c(out, '\n');
    } else if (c == 0xa0) {
      g_string_append_c(out, ' ');
    } else if (c == 0x200c || c == 0x200d) {
      if (is_joiner_of_script(before, at, text))
        g_string_append_len(out, at, (gssize)n);
    } else if (!is_hidden(c)) {
      g_string_append_len(out, at, (gssize)n);
    }
  }
  return g_string_free(out, FALSE);
}

char *
sl_text_clean_line(const char *text, gsize max)
{
  g_autofree char *clean = sl_text_clean(text);
  char *to = clean;
  for (const char *at = clean; *at; at++) {
    gboolean control = *at == '\n' || *at == '\t';
    if (control && to > clean && to[-1] == ' ')
      continue;
    *to++ = control ? ' ' : *at;
  }
  *to = '\0';
  g_strstrip(clean);
  sl_text_truncate(clean, max);
  return g_steal_pointer(&clean);
}

void
sl_text_truncate(char *text, gsize max)
{
  if (strlen(text) <= max)
    return;
  char *end = text + max;
  while (end > text && ((guchar)*end & 0xc0) == 0x80)
    end--;
  *end = '\0';
}
