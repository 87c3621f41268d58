/* SPDX-License-Identifier: ISC */
#include "cli/json.h"

#include <string.h>

#include "letter/compose-gmime.h"
#include "store/mails.h"
#include "store/raw.h"

#define LETTER_MOST (G_GINT64_CONSTANT(64) * 1024 * 1024)

static void
set_number(SlJson *json, const char *key, gint64 value)
{
  if (value)
    sl_json_set_int(json, key, value);
  else
    sl_json_set_null(json, key);
}

SlJson *
sl_ticket_json(const SlTicket *t, const char *next_target, SlTime next_due_at)
{
  SlJson *json = sl_json_object();
  sl_json_set_int(json, "id", t->id);
  sl_json_set_string(json, "subject", t->subject);
  sl_json_set_string(json, "status", sl_status_word(t->status));
  sl_json_set_string(json, "priority", sl_priority_word(t->priority));
  sl_json_set_string(json, "channel", t->channel);
  sl_json_set_string(json, "client", t->client);
  sl_json_set_string(json, "requester", t->requester);
  sl_json_set_string(json, "assignee", t->assignee);
  set_number(json, "level", t->level);
  sl_json_set_take(json, "tags", sl_json_strings(t->tags));
  sl_json_set_string(json, "sla", t->sla);
  sl_json_set_string(json, "sla_version", t->sla_version && *t->sla_version ? t->sla_version : NULL);
  const struct {
    const char *key;
    SlTime at;
  } times[] = {{"received_at", t->received_at},   {"acknowledged_at", t->acknowledged_at}, {"assigned_at", t->assigned_at},
               {"started_at", t->started_at},     {"answered_at", t->answered_at},         {"estimated_at", t->estimated_at},
               {"eta", t->eta},                   {"resolved_at", t->resolved_at},         {"closed_at", t->closed_at}};
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    sl_json_set_time(json, times[i].key, times[i].at);
  set_number(json, "merged_into", t->merged_into);
  sl_json_set_string(json, "solution", t->solution);
  if (!next_target) {
    sl_json_set_null(json, "next_due");
    return json;
  }
  SlJson *next = sl_json_object();
  sl_json_set_string(next, "target", next_target);
  sl_json_set_time(next, "due_at", next_due_at);
  sl_json_set_take(json, "next_due", next);
  return json;
}

SlJson *
sl_ticket_facts_json(const SlTicketFacts *facts)
{
  const SlClock *next = NULL;
  for (guint i = 0; i < facts->clocks->len; i++) {
    const SlClock *clock = facts->clocks->pdata[i];
    gboolean runs = clock->met_at == SL_TIME_NONE && clock->due_at != SL_TIME_NONE &&
                    (clock->state == SL_CLOCK_RUNNING || clock->state == SL_CLOCK_BREACHED);
    if (runs && (!next || clock->due_at < next->due_at))
      next = clock;
  }
  return sl_ticket_json(facts->ticket, next ? sl_target_word(next->target) : NULL, next ? next->due_at : SL_TIME_NONE);
}

SlJson *
sl_clock_json(const SlClock *c)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "target", sl_target_word(c->target));
  sl_json_set_int(json, "cycle", c->cycle);
  sl_json_set_string(json, "state", sl_clock_state_word(c->state));
  sl_json_set_time(json, "started_at", c->started_at);
  sl_json_set_time(json, "warn_at", c->warn_at);
  sl_json_set_time(json, "due_at", c->due_at);
  sl_json_set_time(json, "met_at", c->met_at);
  sl_json_set_time(json, "breached_at", c->breached_at);
  sl_json_set_time(json, "paused_at", c->paused_at);
  sl_json_set_int(json, "elapsed", c->elapsed_sec);
  sl_json_set_int(json, "elapsed_business", c->elapsed_business_sec);
  sl_json_set_int(json, "elapsed_wall", c->elapsed_wall_sec);
  sl_json_set_bool(json, "stated", c->stated);
  sl_json_set_string(json, "reason", c->reason);
  return json;
}

SlJson *
sl_event_json(const SlEvent *event)
{
  SlJson *json = sl_json_object();
  SlJson *detail = sl_json_ref(event->detail);
  sl_json_set_int(json, "id", event->seq);
  sl_json_set_time(json, "at", event->at);
  sl_json_set_string(json, "actor", event->actor);
  sl_json_set_string(json, "kind", sl_event_word(event->kind));
  if (event->words)
    sl_json_set_string(detail, "text", event->words);
  sl_json_set_take(json, "detail", detail);
  sl_json_set_string(json, "hash", event->hash);
  return json;
}

static SlJson *
delivery_json(const SlDeliveryRow *d)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "recipient", d->recipient);
  sl_json_set_string(json, "state", sl_delivery_word(d->state));
  sl_json_set_int(json, "attempts", d->attempts);
  sl_json_set_int(json, "marks", d->marks);
  sl_json_set_time(json, "accepted_at", d->accepted_at);
  sl_json_set_string(json, "last_error", d->last_error);
  return json;
}

SlJson *
sl_letter_json(const SlLetterRow *l)
{
  SlJson *json = sl_json_object();
  SlJson *tickets = sl_json_array();
  SlJson *deliveries = sl_json_array();
  for (guint i = 0; i < l->tickets->len; i++)
    sl_json_add_int(tickets, g_array_index(l->tickets, gint64, i));
  for (guint i = 0; i < l->deliveries->len; i++)
    sl_json_add_take(deliveries, delivery_json(l->deliveries->pdata[i]));
  sl_json_set_int(json, "id", l->id);
  set_number(json, "ticket", l->ticket);
  sl_json_set_take(json, "tickets", tickets);
  sl_json_set_string(json, "kind", l->kind);
  sl_json_set_string(json, "purpose", l->purpose);
  sl_json_set_take(json, "to", sl_json_strings(l->to));
  sl_json_set_take(json, "cc", sl_json_strings(l->cc));
  sl_json_set_string(json, "subject", l->subject);
  sl_json_set_string(json, "state", sl_delivery_word(l->state));
  sl_json_set_int(json, "attempts", l->attempts);
  sl_json_set_time(json, "not_before", l->not_before);
  sl_json_set_time(json, "queued_at", l->queued_at);
  sl_json_set_time(json, "sent_at", l->sent_at);
  sl_json_set_string(json, "last_error", l->last_error);
  sl_json_set_string(json, "message_id", l->message_id);
  sl_json_set_int(json, "in_doubt", l->in_doubt);
  sl_json_set_take(json, "deliveries", deliveries);
  return json;
}

/* ---- messages ---- */

typedef struct {
  SlTime at;
  SlJson *json;
} Message;

static SlJson *
parse_array(const char *text)
{
  SlJson *array = text ? sl_json_parse(text, -1, NULL) : NULL;
  return array ? array : sl_json_array();
}

static void
add_message(GArray *messages, SlTime at, SlJson *json)
{
  Message message = {at, json};
  sl_json_set_time(json, "at", at);
  g_array_append_val(messages, message);
}

static gboolean
add_mails(SlWork *work, gint64 ticket, GArray *messages, GError **error)
{
  g_autoptr(GPtrArray) mails = sl_mails_of_ticket(work->db, ticket, error);
  for (guint i = 0; mails && i < mails->len; i++) {
    const SlMailRow *m = mails->pdata[i];
    SlJson *json = sl_json_object();
    g_autofree char *id = g_strdup_printf("m%" G_GINT64_FORMAT, m->id);
    gboolean passed = g_strcmp0(m->direction, "passed") == 0;
    gboolean outside = g_strcmp0(m->direction, "out") == 0;
    if (!passed && !outside && g_strcmp0(m->direction, "in") != 0) {
      sl_json_free(json);
      continue;
    }
    sl_json_set_string(json, "id", id);
    sl_json_set_string(json, "direction", outside ? "out" : "in");
    sl_json_set_string(json, "from", m->from);
    sl_json_set_take(json, "to", parse_array(m->to));
    sl_json_set_take(json, "cc", parse_array(m->cc));
    sl_json_set_string(json, "subject", m->subject);
    sl_json_set_string(json, "message_id", m->message_id);
    sl_json_set_string(json, "text", m->text);
    sl_json_set_take(json, "attachments", parse_array(m->attachments));
    add_message(messages, m->received, json);
  }
  return mails != NULL;
}

static gboolean
to_requester(const SlLetterRow *letter, const SlTicket *ticket)
{
  return ticket->requester && g_ptr_array_find_with_equal_func(letter->to, ticket->requester, g_str_equal, NULL) &&
         letter->state != SL_DELIVERY_WITHDRAWN;
}

static gboolean
add_letters(SlWork *work, const SlTicket *ticket, GArray *messages, GError **error)
{
  g_autoptr(GPtrArray) letters = sl_outbox_list(work->db, ticket->id, error);
  for (guint i = 0; letters && i < letters->len; i++) {
    const SlLetterRow *l = letters->pdata[i];
    if (!to_requester(l, ticket))
      continue;
    g_autoptr(GBytes) bytes = sl_raw_get(work->db, l->sha256, LETTER_MOST, error);
    if (!bytes)
      return FALSE;
    SlJson *json = sl_json_object();
    g_autofree char *id = g_strdup_printf("l%" G_GINT64_FORMAT, l->id);
    g_autofree char *text = sl_message_read_text(bytes);
    sl_json_set_string(json, "id", id);
    sl_json_set_string(json, "direction", "out");
    sl_json_set_string(json, "from", work->config->letter.from_address);
    sl_json_set_take(json, "to", sl_json_strings(l->to));
    sl_json_set_take(json, "cc", sl_json_strings(l->cc));
    sl_json_set_string(json, "subject", l->subject);
    sl_json_set_string(json, "message_id", l->message_id);
    sl_json_set_string(json, "text", text);
    sl_json_set_take(json, "attachments", sl_json_array());
    add_message(messages, l->queued_at, json);
  }
  return letters != NULL;
}

static void
add_notes(const SlTicketFacts *facts, GArray *messages)
{
  for (guint i = 0; i < facts->events->len; i++) {
    const SlEvent *event = facts->events->pdata[i];
    if (event->kind != SL_EVENT_NOTED || !event->words)
      continue;
    SlJson *json = sl_json_object();
    g_autofree char *id = g_strdup_printf("e%d", event->seq);
    sl_json_set_string(json, "id", id);
    sl_json_set_string(json, "direction", "note");
    sl_json_set_string(json, "from", event->actor);
    sl_json_set_take(json, "to", sl_json_array());
    sl_json_set_take(json, "cc", sl_json_array());
    sl_json_set_null(json, "subject");
    sl_json_set_null(json, "message_id");
    sl_json_set_string(json, "text", event->words);
    sl_json_set_take(json, "attachments", sl_json_array());
    add_message(messages, sl_event_counts_at(event), json);
  }
}

/* What was written on tickets that were merged into this one. */
static gboolean
add_absorbed(SlWork *work, const SlTicketFacts *facts, GArray *messages, GError **error)
{
  g_autoptr(GPtrArray) standing = sl_ticket_standing(facts->events);
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    if (event->kind == SL_EVENT_ABSORBED && !add_mails(work, sl_json_get_int(event->detail, "ticket", 0), messages, error))
      return FALSE;
  }
  return TRUE;
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
  const Message *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}

SlJson *
sl_messages_json(SlWork *work, const SlTicketFacts *facts, GError **error)
{
  g_autoptr(GArray) messages = g_array_new(FALSE, FALSE, sizeof(Message));
  SlJson *array = sl_json_array();
  gboolean ok = add_mails(work, facts->ticket->id, messages, error) && add_letters(work, facts->ticket, messages, error) &&
                add_absorbed(work, facts, messages, error);
  if (ok)
    add_notes(facts, messages);
  g_array_sort(messages, by_time);
  for (guint i = 0; i < messages->len; i++)
    sl_json_add_take(array, g_array_index(messages, Message, i).json);
  if (ok)
    return array;
  sl_json_free(array);
  return NULL;
}
