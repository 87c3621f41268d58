/* SPDX-License-Identifier: ISC */
#include "daemon/outcome.h"

static char *
mail_name(gint64 id)
{
  return id ? g_strdup_printf("m%" G_GINT64_FORMAT, id) : NULL;
}

SlJson *
sl_outcome_json(const char *source, const SlStepResult *result)
{
  SlJson *json = sl_json_object();
  g_autofree char *message = mail_name(result->mail);
  g_autofree char *duplicate_of = mail_name(result->duplicate_of);
  sl_json_set_string(json, "source", source);
  sl_json_set_string(json, "outcome", sl_outcome_word(result->outcome));
  sl_json_set_string(json, "reason", result->reason);
  if (result->ticket)
    sl_json_set_int(json, "ticket", result->ticket);
  else
    sl_json_set_null(json, "ticket");
  sl_json_set_string(json, "message", message);
  sl_json_set_string(json, "duplicate_of", duplicate_of);
  return json;
}
