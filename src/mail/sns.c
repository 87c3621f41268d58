/* SPDX-License-Identifier: ISC */
#include "mail/sns.h"

#include <string.h>

#include "base/json.h"
#include "mail/addresses.h"
#include "mail/clean.h"
#include "mail/dsn.h"

#define MAX_RECIPIENTS  50
#define MAX_JSON_BYTES  ((gsize)256 * 1024)
#define MAX_FIELD_BYTES 1000

/* What each kind of notice is about: the object and the list in it; what became of the mail, unless the list says it.
 */
static const struct {
  const char *type, *object, *recipients, *action;
} kinds[] = {
    {"Bounce", "bounce", "bouncedRecipients", "failed"},
    {"Delivery", "delivery", "recipients", "delivered"},
    {"DeliveryDelay", "deliveryDelay", "delayedRecipients", "delayed"},
};

static char *
clean(const char *value)
{
  return value ? sl_text_clean_line(value, MAX_FIELD_BYTES) : NULL;
}

static void
add_recipient(SlMail *mail, const SlJson *recipient, const char *action, const SlJson *about)
{
  const char *plain = sl_json_string(recipient);
  g_autofree char *address = clean(plain ? plain : sl_json_get_string(recipient, "emailAddress"));
  if (!address || !sl_address_is_valid(address) || mail->dsn->len >= MAX_RECIPIENTS)
    return;
  const char *diagnostic = sl_json_get_string(recipient, "diagnosticCode");
  const char *status = sl_json_get_string(recipient, "status");
  const char *told = diagnostic ? diagnostic : sl_json_get_string(about, "smtpResponse");
  SlDsn *dsn = g_new0(SlDsn, 1);
  dsn->recipient = g_steal_pointer(&address);
  dsn->action = g_strdup(action);
  dsn->diagnostic = clean(told);
  dsn->status = sl_dsn_status_in(status ? status : told);
  gboolean transient = g_strcmp0(sl_json_get_string(about, "bounceType"), "Transient") == 0;
  dsn->kind = g_strdup(transient ? "soft" : sl_dsn_kind(action, dsn->status, dsn->diagnostic));
  g_ptr_array_add(mail->dsn, dsn);
}

static char *
returned_id(const SlJson *notice)
{
  const SlJson *about = sl_json_get(notice, "mail");
  const SlJson *headers = about ? sl_json_get(about, "commonHeaders") : NULL;
  const char *id = headers ? sl_json_get_string(headers, "messageId") : NULL;
  return sl_dsn_first_id(id);
}

static void
read_notice(SlMail *mail, const SlJson *notice)
{
  const char *type = sl_json_get_string(notice, "notificationType");
  type = type ? type : sl_json_get_string(notice, "eventType");
  for (guint k = 0; type && k < G_N_ELEMENTS(kinds); k++) {
    const SlJson *about = strcmp(type, kinds[k].type) == 0 ? sl_json_get(notice, kinds[k].object) : NULL;
    const SlJson *list = about ? sl_json_get(about, kinds[k].recipients) : NULL;
    for (guint i = 0; list && i < sl_json_length(list); i++)
      add_recipient(mail, sl_json_at(list, i), kinds[k].action, about);
  }
  if (mail->dsn->len > 0 && !mail->dsn_message_id)
    mail->dsn_message_id = returned_id(notice);
}

void
sl_sns_read(SlMail *mail)
{
  const char *begin = mail->text + strspn(mail->text, " \t\n");
  const char *end = *begin == '{' ? strrchr(begin, '}') : NULL;
  if (!end || (gsize)(end - begin) > MAX_JSON_BYTES ||
      !strstr(begin, "otificationType\"") == !strstr(begin, "eventType\""))
    return;
  g_autoptr(SlJson) json = sl_json_parse(begin, end + 1 - begin, NULL);
  if (json)
    read_notice(mail, json);
}
