/* SPDX-License-Identifier: ISC */
#include "work/gather.h"

#include <stdlib.h>
#include <string.h>

#include "desk/orders.h"
#include "store/events.h"
#include "store/mails.h"
#include "store/notices.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/record.h"
#include "store/tickets.h"
#include "work/house.h"
#include "work/texts.h"

/* ---- one ticket ---- */

/* A mail that only refers to the ticket adds nobody: the one that made it does, and those by a signed address. */
static gboolean
proven_mail(const GPtrArray *events, gint64 mail)
{
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (sl_json_get_int(event->detail, "mail", 0) != mail)
      continue;
    if (event->kind == SL_EVENT_RECEIVED || (event->kind == SL_EVENT_WROTE && sl_json_get_bool(event->detail, "proven")))
      return TRUE;
  }
  return FALSE;
}

/* The customer's newest mail: what an answer replies to, whom it copies, what alarms quote. */
static gboolean
gather_thread(SlWork *work, SlTicketFacts *facts, GError **error)
{
  const SlTicket *ticket = facts->ticket;
  g_autoptr(GPtrArray) mails = sl_mails_of_ticket(work->db, ticket->id, error);
  if (!mails)
    return FALSE;
  const SlMailRow *newest = NULL;
  for (guint i = 0; i < mails->len; i++) {
    const SlMailRow *mail = mails->pdata[i];
    if (g_strcmp0(mail->direction, "in") == 0 || g_strcmp0(mail->direction, "passed") == 0)
      newest = mail;
  }
  gboolean adds_cc = newest && g_strcmp0(newest->direction, "in") == 0 && proven_mail(facts->events, newest->id);
  facts->cc = g_ptr_array_new_with_free_func(g_free);
  if (newest) {
    gboolean theirs = g_strcmp0(newest->direction, "in") == 0; /* the customer never saw an agent's own mail */
    facts->last_message_id = theirs ? g_strdup(newest->message_id) : NULL;
    facts->thread_topic = theirs ? g_strdup(newest->thread_topic) : NULL;
    facts->thread_index = theirs ? g_strdup(newest->thread_index) : NULL;
    facts->last_text = g_strdup(newest->reply);
    facts->last_mail = newest->id;
    g_autoptr(SlJson) cc = newest->cc ? sl_json_parse(newest->cc, -1, NULL) : NULL;
    for (guint i = 0; adds_cc && i < sl_json_length(cc); i++) {
      const char *address = sl_json_string(sl_json_at(cc, i));
      gboolean colleague = address && facts->client != work->config->policy->everybody &&
                           sl_policy_client_of(work->config->policy, address) == facts->client;
      if (colleague && !sl_address_equal(address, ticket->requester ? ticket->requester : ""))
        g_ptr_array_add(facts->cc, g_strdup(address));
    }
  }
  if (adds_cc && newest->from && facts->client != work->config->policy->everybody && ticket->requester &&
      !sl_address_equal(newest->from, ticket->requester) &&
      sl_policy_client_of(work->config->policy, newest->from) == facts->client)
    g_ptr_array_add(facts->cc, g_strdup(newest->from)); /* a colleague asked: they read the answer */
  facts->references = ticket->requester ? sl_mails_thread(work->db, ticket->id, ticket->requester, error)
                                        : g_ptr_array_new_with_free_func(g_free);
  return facts->references != NULL;
}

static SlTicketFacts *
facts_of_events(SlWork *work, GPtrArray *events, SlTime now, GError **error)
{
  g_autoptr(SlRecord) record = sl_record_read(work->db, work->agreements, events, now, error);
  if (!record)
    return NULL;
  SlTicketFacts *facts = g_new0(SlTicketFacts, 1);
  facts->client = sl_policy_client(work->config->policy, record->ticket->client);
  if (!facts->client)
    facts->client = work->config->policy->everybody;
  facts->events = g_steal_pointer(&record->events);
  facts->ticket = g_steal_pointer(&record->ticket);
  facts->agreement = g_steal_pointer(&record->agreement);
  facts->texts = g_steal_pointer(&record->texts);
  facts->moves = g_steal_pointer(&record->moves);
  facts->clocks = g_steal_pointer(&record->clocks);
  return facts;
}

SlTicketFacts *
sl_gather_ticket(SlWork *work, gint64 ticket, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) events = sl_events_load(work->db, ticket, error);
  if (!events)
    return NULL;
  if (ticket <= 0 || events->len == 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no ticket %" G_GINT64_FORMAT, ticket);
    return NULL;
  }
  SlTicketFacts *facts = facts_of_events(work, g_steal_pointer(&events), now, error);
  if (facts && !gather_thread(work, facts, error)) {
    sl_ticket_facts_free(facts);
    return NULL;
  }
  return facts;
}

GArray *
sl_gather_alarms(const SlTicketFacts *facts, SlTime now)
{
  SlLadderState state;
  sl_ticket_ladder_state(facts->ticket, facts->moves, facts->clocks, &state);
  return sl_ladder_schedule(&state, facts->agreement, now);
}

/* ---- the facts ---- */

static gboolean
gather_tickets(SlWork *work, SlFacts *facts, const SlRoute *route, SlTime now, GError **error)
{
  for (guint i = 0; i < route->tickets->len; i++) {
    SlTicketFacts *one = sl_gather_ticket(work, g_array_index(route->tickets, gint64, i), now, error);
    if (!one)
      return FALSE;
    g_ptr_array_add(facts->tickets, one);
  }
  return TRUE;
}

static gboolean
gather_sender(SlWork *work, SlFacts *facts, const SlRoute *route, SlTime now, GError **error)
{
  const SlPolicy *policy = work->config->policy;
  SlTime window = now - policy->acks_per_sender_window_sec * SL_SECOND;
  g_autofree char *who = route->person ? sl_address_fold(route->person) : NULL;
  facts->open_by_agent = sl_people_loads(work->db, &facts->last_assigned, error);
  if (!facts->open_by_agent)
    return FALSE;
  if (!who)
    return TRUE;
  return sl_people_tally_count(work->db, "ack", who, window, &facts->acks_to_person, error) &&
         sl_people_tally_count(work->db, "ack-stranger", "", now - SL_HOUR, &facts->acks_to_strangers, error) &&
         sl_people_tally_count(work->db, "raise-stranger", "", now - SL_HOUR, &facts->raises_by_strangers, error) &&
         sl_notices_waiting(work->db, who, "ack", &facts->person_has_ack_notice, error);
}

static gboolean
gather_absent(SlWork *work, SlFacts *facts, SlTime now, GError **error)
{
  GHashTable *absent = sl_people_absent(work->db, now, error);
  if (!absent)
    return FALSE;
  g_hash_table_unref(facts->absent);
  facts->absent = absent;
  return TRUE;
}

/* "m12", "12", or nothing: the customer's newest mail on the ticket. */
static gboolean
gather_split(SlWork *work, SlFacts *facts, const SlRoute *route, const char *argument, GError **error)
{
  const SlTicketFacts *ticket = sl_facts_ticket(facts, route->ticket);
  gint64 id = ticket ? ticket->last_mail : 0;
  if (argument && *argument)
    id = g_ascii_strtoll(argument + (*argument == 'm'), NULL, 10);
  g_autoptr(GPtrArray) mails = sl_mails_of_ticket(work->db, route->ticket, error);
  for (guint i = 0; mails && i < mails->len; i++) {
    const SlMailRow *row = mails->pdata[i];
    if (row->id != id || facts->split_mail)
      continue;
    facts->split_mail = sl_mails_as_mail(row);
    facts->split_mail_id = id;
    facts->split_received = row->received;
  }
  return mails != NULL;
}

static gboolean
gather_letters_of(SlWork *work, SlFacts *facts, gint64 ticket, GError **error)
{
  g_autoptr(GPtrArray) letters = sl_outbox_list(work->db, ticket, error);
  for (guint i = 0; letters && i < letters->len; i++) {
    const SlLetterRow *row = letters->pdata[i];
    SlLetterFact *fact = g_new0(SlLetterFact, 1);
    g_auto(GStrv) parts = g_strsplit(row->purpose, ":", 4);
    if (!sl_letter_parse(row->kind, &fact->kind))
      fact->kind = SL_LETTER_ALERT;
    fact->ticket = ticket;
    fact->cause = g_strv_length(parts) >= 3 ? atoi(parts[2]) : 0;
    fact->left = row->state == SL_DELIVERY_SENT || row->state == SL_DELIVERY_SENDING || row->in_doubt;
    fact->to_staff = row->to->len && !sl_policy_is_outsider(work->config->policy, row->to->pdata[0]);
    g_ptr_array_add(facts->letters, fact);
  }
  return letters != NULL;
}

/* Of both sides of a merge. */
static gboolean
gather_letters_for_undo(SlWork *work, SlFacts *facts, const SlRoute *route, GError **error)
{
  for (guint i = 0; i < route->tickets->len; i++) {
    if (!gather_letters_of(work, facts, g_array_index(route->tickets, gint64, i), error))
      return FALSE;
  }
  return TRUE;
}

/* What some verbs must know beyond their ticket. */
static gboolean
gather_for_verbs(SlWork *work, SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, GError **error)
{
  if (route->kind != SL_ROUTE_AGENT || !route->ticket)
    return TRUE;
  if (stimulus->kind == SL_STIMULUS_COMMAND) {
    SlVerb verb = stimulus->command.verb;
    return (verb != SL_VERB_SPLIT || gather_split(work, facts, route, stimulus->command.argument, error)) &&
           (verb != SL_VERB_UNDO || gather_letters_for_undo(work, facts, route, error));
  }
  g_autoptr(SlOrders) orders = sl_orders_read_anywhere(work->config->policy, stimulus->mail.mail->reply);
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    if ((order->verb == SL_VERB_SPLIT && !gather_split(work, facts, route, order->argument, error)) ||
        (order->verb == SL_VERB_UNDO && facts->letters->len == 0 && !gather_letters_for_undo(work, facts, route, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
gather_letter(SlWork *work, SlFacts *facts, gint64 id, const char *recipient, GError **error)
{
  if (!id)
    return TRUE;
  g_autoptr(SlLetterRow) letter = sl_outbox_get(work->db, id, error);
  if (!letter)
    return FALSE;
  facts->letter_id = id;
  if (!sl_letter_parse(letter->kind, &facts->letter_kind))
    facts->letter_kind = SL_LETTER_ALERT;
  facts->letter_purpose = g_strdup(letter->purpose);
  facts->letter_subject = g_strdup(letter->subject);
  facts->letter_event = letter->event;
  facts->letter_recipient = g_strdup(recipient ? recipient : letter->to->len ? letter->to->pdata[0] : NULL);
  g_array_append_vals(facts->letter_tickets, letter->tickets->data, letter->tickets->len);
  return TRUE;
}

/* Up to which moment alarms are gathered, for everybody whom an alarm could reach. */
static gboolean
gather_window(SlWork *work, SlFacts *facts, const char *address, GError **error)
{
  SlTime until = SL_TIME_NONE;
  if (g_hash_table_contains(facts->alarm_window, address))
    return TRUE;
  if (!sl_people_window(work->db, address, &until, error))
    return FALSE;
  if (until != SL_TIME_NONE)
    g_hash_table_insert(facts->alarm_window, g_strdup(address), g_memdup2(&until, sizeof until));
  return TRUE;
}

static gboolean
gather_windows(SlWork *work, SlFacts *facts, GError **error)
{
  const SlPolicy *policy = work->config->policy;
  for (guint i = 0; i < policy->agents->len; i++) {
    if (!gather_window(work, facts, sl_agent_mail(policy->agents->pdata[i]), error))
      return FALSE;
  }
  for (guint t = 0; t < facts->tickets->len; t++) {
    const SlTicketFacts *ticket = facts->tickets->pdata[t];
    for (guint l = 0; l < ticket->agreement->levels->len; l++) {
      const SlLevel *level = ticket->agreement->levels->pdata[l];
      for (guint i = 0; i < level->to->len; i++) {
        if (strchr(level->to->pdata[i], '@') && !gather_window(work, facts, level->to->pdata[i], error))
          return FALSE;
      }
    }
  }
  return gather_window(work, facts, policy->postmaster, error);
}

/* Does the store wait for an alarm, or the ticket for edited holidays? */
static gboolean
gather_waiting(SlWork *work, SlFacts *facts, SlTime now, GError **error)
{
  for (guint i = 0; i < facts->tickets->len; i++) {
    SlTicketFacts *ticket = facts->tickets->pdata[i];
    if (!sl_texts_look_for_edits(work, ticket, error) || !sl_tickets_is_due(work->db, ticket->ticket->id, now, &ticket->due, error))
      return FALSE;
  }
  return TRUE;
}

/* Is somebody not acknowledged yet because one letter will name several numbers? */
static gboolean
gather_ack_notice(SlWork *work, SlFacts *facts, GError **error)
{
  for (guint i = 0; i < facts->tickets->len && !facts->person_has_ack_notice; i++) {
    const SlTicket *ticket = ((const SlTicketFacts *)facts->tickets->pdata[i])->ticket;
    g_autofree char *who = ticket->requester && ticket->acknowledged_at == SL_TIME_NONE ? sl_address_fold(ticket->requester) : NULL;
    if (who && !sl_notices_waiting(work->db, who, "ack", &facts->person_has_ack_notice, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_reader(GPtrArray *audience, GHashTable *known, const char *address, const SlClient *client)
{
  char *folded = sl_address_fold(address);
  if (!g_hash_table_add(known, folded))
    return;
  SlAudience *reader = g_new0(SlAudience, 1);
  reader->address = g_strdup(address);
  reader->client = client;
  g_ptr_array_add(audience, reader);
}

/* Who hears of maintenance: the clients' contacts, and everybody with an open ticket. */
static gboolean
gather_audience(SlWork *work, SlFacts *facts, GError **error)
{
  const SlPolicy *policy = work->config->policy;
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) waiting = sl_tickets_open_requesters(work->db, error);
  facts->audience = g_ptr_array_new_with_free_func((GDestroyNotify)sl_audience_free);
  for (guint i = 0; i < policy->clients->len; i++) {
    const SlClient *client = policy->clients->pdata[i];
    for (guint j = 0; j < client->contacts->len; j++)
      add_reader(facts->audience, known, client->contacts->pdata[j], client);
  }
  for (guint i = 0; waiting && i < waiting->len; i++) {
    const SlBrief *brief = waiting->pdata[i];
    const SlClient *client = sl_policy_client(policy, brief->client);
    add_reader(facts->audience, known, brief->requester, client ? client : policy->everybody);
  }
  return waiting != NULL;
}

/* ALARM of ticket 0. */
static gboolean
gather_house(SlWork *work, SlFacts *facts, const SlStimulus *stimulus, GError **error)
{
  if (stimulus->ticket)
    return TRUE;
  facts->house = sl_house_events(work, error);
  return facts->house && gather_audience(work, facts, error);
}

static gboolean
gather_bundle(SlWork *work, SlFacts *facts, const char *person, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) notices = sl_notices_ready(work->db, person, now, error);
  if (!notices)
    return FALSE;
  g_ptr_array_unref(facts->notices);
  facts->notices = g_steal_pointer(&notices);
  return TRUE;
}

static gboolean
fill_facts(SlWork *work, SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlTime now, GError **error)
{
  switch (stimulus->kind) {
  case SL_STIMULUS_MAIL:
  case SL_STIMULUS_COMMAND:
    return gather_absent(work, facts, now, error) && gather_sender(work, facts, route, now, error) &&
           gather_for_verbs(work, facts, route, stimulus, error);
  case SL_STIMULUS_ALARM:
    return gather_absent(work, facts, now, error) && gather_windows(work, facts, error) && gather_waiting(work, facts, now, error) &&
           gather_house(work, facts, stimulus, error) && gather_ack_notice(work, facts, error);
  case SL_STIMULUS_DELIVERY:
    return gather_letter(work, facts, stimulus->delivery.letter, stimulus->delivery.recipient, error);
  case SL_STIMULUS_BUNDLE:
    return gather_bundle(work, facts, stimulus->person, now, error);
  }
  g_assert_not_reached();
}

SlFacts *
sl_gather_facts(SlWork *work, const SlRoute *route, const SlStimulus *stimulus, SlTime now, gint64 person_id,
                gint64 bounced_letter, GError **error)
{
  g_autoptr(SlFacts) facts = sl_facts_new(now, work->config->policy);
  facts->person_id = person_id;
  if (!gather_tickets(work, facts, route, now, error) || !fill_facts(work, facts, route, stimulus, now, error) ||
      (bounced_letter && !gather_letter(work, facts, bounced_letter, NULL, error)))
    return NULL;
  return g_steal_pointer(&facts);
}
