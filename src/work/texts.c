/* SPDX-License-Identifier: ISC */
#include "work/texts.h"

#include "store/agreements.h"

gboolean
sl_texts_edited(SlWork *work, const char *hash, SlAgreement **out_text, char **out_hash, GError **error)
{
  const char *known = g_hash_table_lookup(work->edits, hash); /* "": nothing was edited */
  if (known && !*known)
    return TRUE;
  g_autoptr(SlAgreement) text = sl_agreements_known(work->db, work->agreements, hash, error);
  if (!text)
    return FALSE;
  const SlCalendar *now = sl_config_calendar(work->config, text->calendar_name);
  *out_text = now ? sl_agreement_redated(text, sl_calendar_get_spec(now)) : NULL;
  *out_hash = *out_text ? sl_agreement_hash(*out_text) : NULL;
  if (!known)
    g_hash_table_insert(work->edits, g_strdup(hash), g_strdup(*out_hash ? *out_hash : ""));
  return TRUE;
}

gboolean
sl_texts_look_for_edits(SlWork *work, SlTicketFacts *facts, GError **error)
{
  SlAgreement *edited = NULL;
  if (sl_ticket_is_over(facts->ticket) || facts->ticket->silent)
    return TRUE;
  if (!sl_texts_edited(work, facts->ticket->agreement, &edited, &facts->edited, error))
    return FALSE;
  if (!edited)
    return TRUE;
  facts->texts = facts->texts ? facts->texts : sl_agreements_known_new();
  g_hash_table_insert(facts->texts, g_strdup(facts->edited), edited);
  g_hash_table_insert(facts->texts, g_strdup(facts->ticket->agreement), sl_agreement_ref(facts->agreement));
  return TRUE;
}
