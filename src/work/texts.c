/* SPDX-License-Identifier: ISC */
#include "work/texts.h"

#include "store/agreements.h"

#define MOST_TEXTS 200 /* in memory: more are read again */

SlAgreement *
sl_texts_get(SlWork *work, const char *hash, GError **error)
{
  SlAgreement *known = hash ? g_hash_table_lookup(work->agreements, hash) : NULL;
  if (known)
    return sl_agreement_ref(known);
  SlAgreement *agreement = sl_agreements_get(work->db, hash, error);
  if (!agreement)
    return NULL;
  if (g_hash_table_size(work->agreements) >= MOST_TEXTS)
    g_hash_table_remove_all(work->agreements);
  g_hash_table_insert(work->agreements, g_strdup(hash), sl_agreement_ref(agreement));
  return agreement;
}

gboolean
sl_texts_edited(SlWork *work, const char *hash, SlAgreement **out_text, char **out_hash, GError **error)
{
  const char *known = g_hash_table_lookup(work->edits, hash); /* "": nothing was edited */
  if (known && !*known)
    return TRUE;
  g_autoptr(SlAgreement) text = sl_texts_get(work, hash, error);
  if (!text)
    return FALSE;
  const SlCalendar *now = sl_config_calendar(work->config, text->calendar_name);
  *out_text = now ? sl_agreement_redated(text, sl_calendar_get_spec(now)) : NULL;
  *out_hash = *out_text ? sl_agreement_hash(*out_text) : NULL;
  if (!known)
    g_hash_table_insert(work->edits, g_strdup(hash), g_strdup(*out_hash ? *out_hash : ""));
  return TRUE;
}

static GHashTable *
texts_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)sl_agreement_free);
}

gboolean
sl_texts_of_ticket(SlWork *work, SlTicketFacts *facts, GError **error)
{
  facts->agreement = sl_texts_get(work, facts->ticket->agreement, error);
  for (guint i = 0; facts->agreement && i < facts->events->len; i++) {
    const SlEvent *event = facts->events->pdata[i];
    const char *hash = event->kind == SL_EVENT_RECALENDAR ? sl_json_get_string(event->detail, "before") : NULL;
    if (!hash)
      continue;
    SlAgreement *before = sl_texts_get(work, hash, error);
    if (!before)
      return FALSE;
    facts->texts = facts->texts ? facts->texts : texts_new();
    g_hash_table_insert(facts->texts, g_strdup(hash), before);
  }
  return facts->agreement != NULL;
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
  facts->texts = facts->texts ? facts->texts : texts_new();
  g_hash_table_insert(facts->texts, g_strdup(facts->edited), edited);
  g_hash_table_insert(facts->texts, g_strdup(facts->ticket->agreement), sl_agreement_ref(facts->agreement));
  return TRUE;
}
