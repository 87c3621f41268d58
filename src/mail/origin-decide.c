/* SPDX-License-Identifier: ISC */
#include "mail/origin-decide.h"

#include <string.h>

#include "mail/clean.h"
#include "mail/subjects.h"

#define REASON_BYTES 200

gboolean
sl_origin_decide(SlMail *mail, SlOrigin origin, const char *name, const char *value)
{
  g_autofree char *reason = value ? g_strdup_printf("%s: %s", name, value) : g_strdup(name);
  g_free(mail->origin_reason);
  mail->origin = origin;
  mail->origin_reason = sl_text_clean_line(reason, REASON_BYTES);
  return TRUE;
}

/* A machine that answers joins its ticket in silence; one that tells something new deserves a ticket without letters.
 */
gboolean
sl_origin_decide_machine(SlMail *mail, const char *name, const char *value)
{
  gboolean answers = mail->in_reply_to->len > 0 || mail->references->len > 0 || sl_subject_is_absence(mail->subject);
  return sl_origin_decide(mail, answers ? SL_ORIGIN_AUTO_REPLY : SL_ORIGIN_BULK, name, value);
}

gboolean
sl_origin_contains(const char *value, const char *lower_word)
{
  g_autofree char *lower = g_ascii_strdown(value ? value : "", -1);
  return strstr(lower, lower_word) != NULL;
}
