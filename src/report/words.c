/* SPDX-License-Identifier: ISC */
#include "report/words.h"

char *
sl_words_percent(guint part, guint whole)
{
  guint tenths = (guint)((2000 * (guint64)part + whole) / (2 * (guint64)whole));
  if (part < whole)
    tenths = MIN(tenths, 999);
  if (part > 0)
    tenths = MAX(tenths, 1);
  return tenths % 10 ? g_strdup_printf("%u.%u %%", tenths / 10, tenths % 10) : g_strdup_printf("%u %%", tenths / 10);
}

char *
sl_words_share(guint part, guint whole, const char *word)
{
  const char *gap = word ? " " : "";
  word = word ? word : "";
  if (whole == 0)
    return g_strdup("none was due");
  if (whole < SL_WORDS_FEWEST)
    return g_strdup_printf("%u of %u%s%s", part, whole, gap, word);
  g_autofree char *percent = sl_words_percent(part, whole);
  return g_strdup_printf("%u of %u%s%s (%s)", part, whole, gap, word, percent);
}

char *
sl_words_hours(gint64 sec)
{
  const struct {
    gint64 n;
    const char *unit;
  } parts[] = {{sec / 3600, "h"}, {sec / 60 % 60, "min"}, {sec % 60, "s"}};
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i].n)
      g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s", text->len ? " " : "", parts[i].n, parts[i].unit);
  }
  return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : g_strdup("0 s");
}

char *
sl_words_limit(gint64 sec)
{
  if (sec >= 2 * 86400 && sec % 86400 == 0)
    return g_strdup_printf("%" G_GINT64_FORMAT " d", sec / 86400);
  return sl_words_hours(sec);
}

char *
sl_words_took(gint64 sec)
{
  if (sec < 0)
    return g_strdup("-");
  if (sec < 60)
    return g_strdup_printf("%d s", (int)sec);
  if (sec < 3600)
    return g_strdup_printf("%d min", (int)(sec / 60));
  return g_strdup_printf("%" G_GINT64_FORMAT " h %02d min", sec / 3600, (int)(sec / 60 % 60));
}

char *
sl_words_short(gint64 sec)
{
  if (sec < 0)
    return g_strdup("");
  if (sec < 60)
    return g_strdup_printf("%ds", (int)sec);
  if (sec < 3600)
    return g_strdup_printf("%dm", (int)(sec / 60));
  return g_strdup_printf("%" G_GINT64_FORMAT "h%02d", sec / 3600, (int)(sec / 60 % 60));
}

char *
sl_words_count(guint n, const char *one)
{
  return g_strdup_printf("%u %s%s", n, one, n == 1 ? "" : "s");
}
