/* SPDX-License-Identifier: ISC */
#include "base/error.h"

G_DEFINE_QUARK(sl-error-quark, sl_error)

int
sl_error_exit_code(const GError *error)
{
  static const int codes[] = {
#define X(name, word, exit) [SL_ERROR_##name] = exit,
      SL_ERRORS(X)
#undef X
  };
  if (!error)
    return 0;
  return error->domain == SL_ERROR ? codes[error->code] : 75;
}

const char *
sl_error_word(const GError *error)
{
  static const char *const words[] = {
#define X(name, word, exit) [SL_ERROR_##name] = word,
      SL_ERRORS(X)
#undef X
  };
  return error->domain == SL_ERROR ? words[error->code] : "temporary";
}

gboolean
sl_error_prefix(GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_prefix_error(error, "%s: ", text);
  return FALSE;
}
