/* SPDX-License-Identifier: ISC */
#include "desk/facts.h"

void
sl_ticket_facts_free(SlTicketFacts *facts)
{
  if (!facts)
    return;
  sl_ticket_free(facts->ticket);
  g_clear_pointer(&facts->moves, g_array_unref);
  g_clear_pointer(&facts->events, g_ptr_array_unref);
  g_clear_pointer(&facts->clocks, g_ptr_array_unref);
  sl_agreement_free(facts->agreement);
  g_clear_pointer(&facts->texts, g_hash_table_unref);
  g_free(facts->edited);
  g_clear_pointer(&facts->references, g_ptr_array_unref);
  g_clear_pointer(&facts->cc, g_ptr_array_unref);
  g_free(facts->last_message_id);
  g_free(facts->thread_topic);
  g_free(facts->thread_index);
  g_free(facts->last_text);
  g_free(facts);
}

void
sl_audience_free(SlAudience *audience)
{
  if (!audience)
    return;
  g_free(audience->address);
  g_free(audience);
}

void
sl_notice_free(SlNotice *notice)
{
  if (notice)
    g_free(notice->cause);
  g_free(notice);
}

SlFacts *
sl_facts_new(SlTime now, const SlPolicy *policy)
{
  SlFacts *facts = g_new0(SlFacts, 1);
  facts->now = now;
  facts->policy = policy;
  facts->tickets = g_ptr_array_new_with_free_func((GDestroyNotify)sl_ticket_facts_free);
  facts->alarm_window = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  facts->letter_tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  facts->absent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  facts->letters = g_ptr_array_new_with_free_func(g_free);
  facts->split_received = SL_TIME_NONE;
  facts->notices = g_ptr_array_new_with_free_func((GDestroyNotify)sl_notice_free);
  return facts;
}

void
sl_facts_free(SlFacts *facts)
{
  if (!facts)
    return;
  g_ptr_array_unref(facts->tickets);
  g_hash_table_unref(facts->alarm_window);
  g_array_unref(facts->letter_tickets);
  g_ptr_array_unref(facts->notices);
  g_clear_pointer(&facts->house, g_ptr_array_unref);
  g_clear_pointer(&facts->audience, g_ptr_array_unref);
  g_hash_table_unref(facts->absent);
  g_ptr_array_unref(facts->letters);
  sl_mail_free(facts->split_mail);
  g_clear_pointer(&facts->open_by_agent, g_hash_table_unref);
  g_free(facts->last_assigned);
  g_free(facts->letter_purpose);
  g_free(facts->letter_recipient);
  g_free(facts->letter_subject);
  g_free(facts);
}

const SlTicketFacts *
sl_facts_ticket(const SlFacts *facts, gint64 ticket)
{
  for (guint i = 0; i < facts->tickets->len; i++) {
    const SlTicketFacts *one = facts->tickets->pdata[i];
    if (one->ticket->id == ticket)
      return one;
  }
  return NULL;
}
