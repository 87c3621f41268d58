/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static const char *ident = "slate";
static SlLogLevel most = SL_LOG_INFO;
static gboolean journal;

void
sl_log_init(const char *new_ident, SlLogLevel new_most)
{
  ident = new_ident;
  most = new_most;
  journal = g_log_writer_is_journald(STDERR_FILENO);
}

static gboolean
stands_bare(const char *value)
{
  for (const char *p = value; *p; p++) {
    if (!g_ascii_isgraph(*p) || strchr("\"=\\", *p))
      return FALSE;
  }
  return *value != 0;
}

/* Quoted where a reader (or a program) could otherwise mistake where the value ends. */
static void
append_value(GString *line, const char *value)
{
  if (stands_bare(value)) {
    g_string_append(line, value);
    return;
  }
  g_autofree char *valid = g_utf8_make_valid(value, -1);
  g_string_append_c(line, '"');
  for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (c == '"' || c == '\\')
      g_string_append_printf(line, "\\%c", (char)c);
    else if (!sl_text_is_plain(c))
      g_string_append_printf(line, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
    else
      g_string_append_unichar(line, c);
  }
  g_string_append_c(line, '"');
}

static void
write_stderr(SlLogLevel level, const char *what, GPtrArray *pairs)
{
  static const char *const words[] = {"error", "warning", "info", "debug"};
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "%s: %s: %s", ident, words[level], what);
  for (guint i = 0; i + 1 < pairs->len; i += 2) {
    g_string_append_printf(line, " %s=", (const char *)pairs->pdata[i]);
    append_value(line, pairs->pdata[i + 1]);
  }
  g_string_append_c(line, '\n');
  fwrite(line->str, 1, line->len, stderr); /* one write a line: processes share the stream */
  fflush(stderr);
}

static void
write_journal(SlLogLevel level, const char *what, GPtrArray *pairs)
{
  static const char *const priorities[] = {"3", "4", "6", "7"};
  g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(GLogField));
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) message = g_string_new(what);
  for (guint i = 0; i + 1 < pairs->len; i += 2) {
    g_autofree char *upper = g_ascii_strup(pairs->pdata[i], -1);
    char *key = g_strconcat("SLATE_", upper, NULL); /* never the bare MESSAGE_ID, which means something to journald */
    g_ptr_array_add(keys, key);
    GLogField field = {key, pairs->pdata[i + 1], -1};
    g_array_append_val(fields, field);
    g_string_append_printf(message, " %s=", (const char *)pairs->pdata[i]);
    append_value(message, pairs->pdata[i + 1]);
  }
  GLogField fixed[] = {{"MESSAGE", message->str, -1}, {"PRIORITY", priorities[level], -1}, {"SYSLOG_IDENTIFIER", ident, -1}};
  g_array_append_vals(fields, fixed, G_N_ELEMENTS(fixed));
  g_log_writer_journald(G_LOG_LEVEL_MESSAGE, (const GLogField *)(gpointer)fields->data, fields->len, NULL);
}

static void
write_pairs(SlLogLevel level, const char *what, GPtrArray *pairs)
{
  if (journal)
    write_journal(level, what, pairs);
  else
    write_stderr(level, what, pairs);
}

static void
collect(GPtrArray *pairs, va_list args)
{
  const char *key;
  while ((key = va_arg(args, const char *))) {
    const char *value = va_arg(args, const char *);
    if (!value)
      continue;
    g_ptr_array_add(pairs, (char *)key);
    g_ptr_array_add(pairs, (char *)value);
  }
}

void
sl_log(SlLogLevel level, const char *what, ...)
{
  if (level > most)
    return;
  g_autoptr(GPtrArray) pairs = g_ptr_array_new();
  va_list args;
  va_start(args, what);
  collect(pairs, args);
  va_end(args);
  write_pairs(level, what, pairs);
}

void
sl_log_error(const GError *error, const char *what, ...)
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new();
  va_list args;
  va_start(args, what);
  collect(pairs, args);
  va_end(args);
  g_ptr_array_add(pairs, (char *)"error");
  g_ptr_array_add(pairs, error ? error->message : (char *)"unknown");
  write_pairs(SL_LOG_ERROR, what, pairs);
}
