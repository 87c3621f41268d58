/* SPDX-License-Identifier: ISC */
/* The probe: what a route may know, before anything is locked. */
#include "work/gather.h"

#include <stdlib.h>
#include <string.h>

#include "desk/orders.h"
#include "store/events.h"
#include "store/mails.h"
#include "store/notices.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/tickets.h"

#define MOST_BURDEN 500 /* tickets handed over by one /away */

static gboolean
has_brief(const GPtrArray *briefs, gint64 id)
{
  for (guint i = 0; i < briefs->len; i++) {
    if (((const SlBrief *)briefs->pdata[i])->id == id)
      return TRUE;
  }
  return FALSE;
}

static gboolean
add_briefs(SlWork *work, GPtrArray *out, const gint64 *ids, guint n, GError **error)
{
  g_autoptr(GPtrArray) found = sl_tickets_briefs(work->db, ids, n, error);
  if (!found)
    return FALSE;
  g_ptr_array_set_free_func(found, NULL);
  for (guint i = 0; i < found->len; i++) {
    SlBrief *brief = found->pdata[i];
    if (has_brief(out, brief->id))
      sl_brief_free(brief);
    else
      g_ptr_array_add(out, brief);
  }
  return TRUE;
}

/* A merged ticket's mail belongs to another: the route follows, so the probe holds that one, too. */
static gboolean
add_merge_targets(SlWork *work, SlProbe *probe, const GPtrArray *briefs, GError **error)
{
  for (guint i = 0; i < briefs->len; i++) {
    gint64 into = ((const SlBrief *)briefs->pdata[i])->merged_into;
    if (into && !has_brief(probe->briefs, into) && !add_briefs(work, probe->briefs, &into, 1, error))
      return FALSE;
  }
  return TRUE;
}

/* A token counts only when the store knows its hash and our key makes it again: neither a stolen store nor a guess will do. */
static gboolean
probe_token(SlWork *work, SlProbe *probe, const char *token, gboolean by_reply, SlTime now, GError **error)
{
  SlTokenFact *fact = NULL;
  g_autofree char *hash = sl_token_hash(token);
  if (!sl_tokens_find(work->db, hash, now, &fact, error))
    return FALSE;
  if (!fact)
    return TRUE;
  if (!sl_token_verify(work->key, token, fact->ticket, fact->person, fact->scope, fact->generation)) {
    sl_token_fact_free(fact);
    return TRUE;
  }
  fact->by_reply = by_reply;
  g_ptr_array_add(probe->tokens, fact);
  probe->inside |= fact->scope != SL_SCOPE_REPLY && fact->scope != SL_SCOPE_BOUNCE;
  return fact->ticket == 0 || add_briefs(work, probe->briefs, &fact->ticket, 1, error);
}

static gboolean
probe_addresses(SlWork *work, SlProbe *probe, const GPtrArray *mailboxes, SlTime now, GError **error)
{
  for (guint i = 0; i < mailboxes->len; i++) {
    g_autofree char *token = sl_token_in_address(&work->config->letter, ((const SlMailbox *)mailboxes->pdata[i])->address);
    if (token && !probe_token(work, probe, token, FALSE, now, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
probe_tokens(SlWork *work, SlProbe *probe, const SlMail *mail, SlTime now, GError **error)
{
  if (!probe_addresses(work, probe, mail->to, now, error) || !probe_addresses(work, probe, mail->cc, now, error))
    return FALSE;
  for (guint i = 0; i < mail->in_reply_to->len; i++) {
    g_autofree char *token = sl_token_in_message_id(&work->config->letter, mail->in_reply_to->pdata[i]);
    if (token && !probe_token(work, probe, token, TRUE, now, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
probe_references(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new();
  for (guint i = 0; i < mail->in_reply_to->len; i++)
    g_ptr_array_add(ids, mail->in_reply_to->pdata[i]);
  for (guint i = mail->references->len; i > 0; i--) /* nearest first */
    g_ptr_array_add(ids, mail->references->pdata[i - 1]);
  g_autoptr(GArray) tickets = sl_mails_tickets_of(work->db, ids, error);
  return tickets && add_briefs(work, probe->referred, (const gint64 *)(gconstpointer)tickets->data, tickets->len, error) &&
         add_merge_targets(work, probe, probe->referred, error);
}

static gboolean
add_thread(SlWork *work, SlProbe *probe, GArray *take_tickets, GError **error)
{
  g_autoptr(GArray) tickets = take_tickets;
  return tickets && add_briefs(work, probe->thread, (const gint64 *)(gconstpointer)tickets->data, tickets->len, error);
}

/* A Message-ID of its own that came before belongs to another mail: some programs give always the same. */
static gboolean
probe_thread(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  g_autoptr(GPtrArray) own = g_ptr_array_new();
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  if (mail->message_id)
    g_ptr_array_add(own, mail->message_id);
  g_ptr_array_extend(named, mail->in_reply_to, NULL, NULL);
  g_ptr_array_extend(named, mail->references, NULL, NULL);
  return add_thread(work, probe, sl_mails_tickets_of_thread(work->db, named, error), error) &&
         add_thread(work, probe, sl_mails_tickets_citing(work->db, own, error), error) &&
         add_merge_targets(work, probe, probe->thread, error);
}

/* "[PL#1042]" by subject_tag "[PL#{id}]". */
static gboolean
probe_tag(SlWork *work, SlProbe *probe, const char *subject, GError **error)
{
  const char *tag = work->config->policy->subject_tag;
  const char *hole = tag ? strstr(tag, "{id}") : NULL;
  if (!hole)
    return TRUE;
  g_autofree char *before = g_strndup(tag, (gsize)(hole - tag));
  const char *at = *before ? strstr(subject, before) : NULL;
  if (!at)
    return TRUE;
  char *end = NULL;
  gint64 id = (gint64)g_ascii_strtoull(at + strlen(before), &end, 10);
  if (id <= 0 || !g_str_has_prefix(end, hole + strlen("{id}")))
    return TRUE;
  return add_briefs(work, probe->tagged, &id, 1, error) && add_merge_targets(work, probe, probe->tagged, error);
}

/* "#1042 fixed": how agents write from the phone; it only says which ticket they are asked about. */
static gboolean
probe_number(SlWork *work, SlProbe *probe, const char *subject, GError **error)
{
  const char *at = strchr(subject, '#');
  gint64 id = at ? sl_orders_number(&at) : 0;
  return id <= 0 || (add_briefs(work, probe->tagged, &id, 1, error) && add_merge_targets(work, probe, probe->tagged, error));
}

static gboolean
add_found(GPtrArray *out, GPtrArray *found)
{
  if (!found)
    return FALSE;
  g_ptr_array_extend_and_steal(out, found);
  return TRUE;
}

static gboolean
probe_customers(SlWork *work, SlProbe *probe, const GPtrArray *mailboxes, GError **error)
{
  for (guint i = 0; i < mailboxes->len && i < 20; i++) {
    g_autofree char *address = sl_address_fold(((const SlMailbox *)mailboxes->pdata[i])->address);
    if (sl_policy_is_outsider(work->config->policy, address) &&
        !add_found(probe->open_of_requester, sl_tickets_open_of(work->db, address, error)))
      return FALSE;
  }
  return TRUE;
}

/* Whom a passed-on mail was for stands in its text. */
static gboolean
probe_customer(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  g_autofree char *named = sl_route_named_address(work->config->policy, mail);
  g_autofree char *address = named ? sl_address_fold(named) : NULL;
  return !address || add_found(probe->open_of_requester, sl_tickets_open_of(work->db, address, error));
}

/* Our letter about a held mail, which this one answers: "hold:TICKET:mMAIL:PERSON". */
static gboolean
probe_held(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  for (guint i = 0; i < mail->in_reply_to->len && !probe->held_mail; i++) {
    gint64 id = 0;
    if (!sl_outbox_by_message_id(work->db, mail->in_reply_to->pdata[i], &id, error))
      return FALSE;
    g_autoptr(SlLetterRow) letter = id ? sl_outbox_get(work->db, id, error) : NULL;
    if (!letter && id)
      return FALSE;
    g_auto(GStrv) parts = g_strsplit(letter ? letter->purpose : "", ":", 4);
    if (g_strv_length(parts) != 4 || strcmp(parts[0], "hold") != 0 || *parts[2] != 'm')
      continue;
    g_autoptr(SlMailRow) row = sl_mails_get(work->db, g_ascii_strtoll(parts[2] + 1, NULL, 10), error);
    if (!row)
      return FALSE;
    if (row->state != SL_MAIL_HELD)
      continue;
    probe->held_mail = row->id;
    probe->held_ticket = row->ticket;
    probe->held_person = g_strdup(parts[3]);
    if (row->ticket && !add_briefs(work, probe->briefs, &row->ticket, 1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
names_lines(const SlProbe *probe)
{
  for (guint i = 0; i < probe->tokens->len; i++) {
    const SlTokenFact *token = probe->tokens->pdata[i];
    if (token->scope == SL_SCOPE_UPDATES || token->scope == SL_SCOPE_COMMAND)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_order(const SlOrders *orders, SlVerb verb)
{
  for (guint i = 0; i < orders->orders->len; i++) {
    if (((const SlOrder *)orders->orders->pdata[i])->verb == verb)
      return TRUE;
  }
  return FALSE;
}

/* What the commands of an agent's mail speak of beyond its own ticket. */
static gboolean
probe_orders(SlWork *work, SlProbe *probe, const SlAgent *agent, const SlMail *mail, GError **error)
{
  const SlPolicy *policy = work->config->policy;
  g_autoptr(SlOrders) orders = names_lines(probe) ? sl_orders_read_named(policy, mail->reply) : sl_orders_read_anywhere(policy, mail->reply);
  g_autoptr(GArray) named = sl_orders_tickets(orders);
  if (!add_briefs(work, probe->named, (const gint64 *)(gconstpointer)named->data, named->len, error))
    return FALSE;
  if (has_order(orders, SL_VERB_AWAY) && !add_found(probe->burden, sl_tickets_of_assignee(work->db, agent->name, MOST_BURDEN, error)))
    return FALSE;
  for (guint i = 0; has_order(orders, SL_VERB_UNDO) && i < probe->briefs->len; i++) {
    if (!add_found(probe->absorbed, sl_tickets_absorbed(work->db, ((const SlBrief *)probe->briefs->pdata[i])->id, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
probe_agent(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  const SlAgent *agent = mail->from ? sl_policy_agent_by_mail(work->config->policy, mail->from->address) : NULL;
  if (!agent)
    return TRUE;
  return probe_number(work, probe, mail->subject, error) && probe_customers(work, probe, mail->to, error) &&
         probe_customers(work, probe, mail->cc, error) &&
         (!mail->forwarded || probe_customer(work, probe, mail, error)) && probe_held(work, probe, mail, error) &&
         probe_orders(work, probe, agent, mail, error);
}

static gboolean
probe_command(SlWork *work, SlProbe *probe, const SlStimulus *stimulus, GError **error)
{
  const SlCommand *command = &stimulus->command;
  const SlPolicy *policy = work->config->policy;
  const char *argument = command->argument ? command->argument : "";
  gint64 other = command->verb == SL_VERB_MERGE || command->verb == SL_VERB_LINK ? sl_orders_number(&argument) : 0;
  const SlAgent *agent = g_str_has_prefix(stimulus->actor, "agent:") ? sl_policy_agent(policy, stimulus->actor + strlen("agent:")) : NULL;
  if (!add_briefs(work, probe->briefs, &command->ticket, 1, error) || (other && !add_briefs(work, probe->named, &other, 1, error)))
    return FALSE;
  if (command->verb == SL_VERB_AWAY && agent)
    return add_found(probe->burden, sl_tickets_of_assignee(work->db, agent->name, MOST_BURDEN, error));
  if (command->verb != SL_VERB_UNDO)
    return TRUE;
  return add_merge_targets(work, probe, probe->briefs, error) &&
         add_found(probe->absorbed, sl_tickets_absorbed(work->db, command->ticket, error));
}

static gboolean
probe_content(SlWork *work, SlProbe *probe, const SlMail *mail, GError **error)
{
  for (guint i = 0; probe->door == 0 && i < probe->tokens->len; i++) {
    const SlTokenFact *token = probe->tokens->pdata[i];
    if (token->scope != SL_SCOPE_BOUNCE)
      probe->door = token->ticket;
  }
  return sl_mails_content_find(work->db, mail->content_key, probe->door, &probe->duplicate_of, &probe->duplicate_ticket, error);
}

static gboolean
probe_bounce(SlWork *work, SlProbe *probe, const SlMailStimulus *stimulus, SlTime now, GError **error)
{
  const SlMail *mail = stimulus->mail;
  if (mail->origin != SL_ORIGIN_BOUNCE)
    return TRUE;
  if (mail->dsn_message_id && !sl_outbox_by_message_id(work->db, mail->dsn_message_id, &probe->bounced_letter, error))
    return FALSE;
  if (probe->bounced_letter) {
    g_autoptr(SlLetterRow) letter = sl_outbox_get(work->db, probe->bounced_letter, error);
    if (!letter)
      return FALSE;
    probe->bounced_ticket = letter->ticket;
    return add_briefs(work, probe->briefs, (const gint64 *)(gconstpointer)letter->tickets->data, letter->tickets->len, error);
  }
  const char *const envelope[] = {stimulus->recipient, mail->delivered_to};
  for (guint i = 0; i < G_N_ELEMENTS(envelope); i++) {
    g_autofree char *token = envelope[i] ? sl_token_in_address(&work->config->letter, envelope[i]) : NULL;
    if (token && !probe_token(work, probe, token, FALSE, now, error))
      return FALSE;
  }
  for (guint i = 0; i < probe->tokens->len && !probe->bounced_ticket; i++) {
    const SlTokenFact *fact = probe->tokens->pdata[i];
    if (fact->scope != SL_SCOPE_BOUNCE)
      continue;
    probe->bounced_ticket = fact->ticket;
    if (!sl_outbox_newest_to(work->db, fact->ticket, fact->person, &probe->bounced_letter, error))
      return FALSE;
  }
  return TRUE;
}

/* What was held keeps what its address said: a reply to an internal letter does not become public by its word (promise 7). */
static gboolean
probe_held_scope(SlWork *work, SlProbe *probe, const SlMail *mail, SlTime now, GError **error)
{
  g_autoptr(SlProbe) of_mail = sl_probe_new();
  if (!probe_tokens(work, of_mail, mail, now, error))
    return FALSE;
  probe->inside = of_mail->inside;
  return TRUE;
}

static gboolean
probe_mail(SlWork *work, SlProbe *probe, const SlMailStimulus *stimulus, SlTime now, GError **error)
{
  if (stimulus->released)
    return (!stimulus->ticket || add_briefs(work, probe->briefs, &stimulus->ticket, 1, error)) &&
           add_merge_targets(work, probe, probe->briefs, error) && probe_held_scope(work, probe, stimulus->mail, now, error) &&
           probe_agent(work, probe, stimulus->mail, error);
  return probe_tokens(work, probe, stimulus->mail, now, error) && probe_references(work, probe, stimulus->mail, error) &&
         probe_thread(work, probe, stimulus->mail, error) && probe_tag(work, probe, stimulus->mail->subject, error) &&
         add_merge_targets(work, probe, probe->briefs, error) && probe_content(work, probe, stimulus->mail, error) &&
         probe_bounce(work, probe, stimulus, now, error) && probe_agent(work, probe, stimulus->mail, error);
}

static gboolean
probe_letter(SlWork *work, SlProbe *probe, gint64 id, GError **error)
{
  g_autoptr(SlLetterRow) letter = sl_outbox_get(work->db, id, error);
  if (!letter)
    return FALSE;
  probe->letter_ticket = letter->ticket;
  return add_briefs(work, probe->briefs, (const gint64 *)(gconstpointer)letter->tickets->data, letter->tickets->len, error);
}

static gboolean
probe_bundle(SlWork *work, SlProbe *probe, const char *person, SlTime now, GError **error)
{
  g_autoptr(GPtrArray) notices = sl_notices_ready(work->db, person, now, error);
  for (guint i = 0; notices && i < notices->len; i++) {
    gint64 id = ((const SlNotice *)notices->pdata[i])->ticket;
    if (!add_briefs(work, probe->briefs, &id, 1, error))
      return FALSE;
  }
  return notices != NULL;
}

static gboolean
fill_probe(SlWork *work, SlProbe *probe, const SlStimulus *stimulus, SlTime now, GError **error)
{
  switch (stimulus->kind) {
  case SL_STIMULUS_MAIL:
    return probe_mail(work, probe, &stimulus->mail, now, error);
  case SL_STIMULUS_COMMAND:
    return probe_command(work, probe, stimulus, error);
  case SL_STIMULUS_ALARM:
    return add_briefs(work, probe->briefs, &stimulus->ticket, 1, error);
  case SL_STIMULUS_DELIVERY:
    return probe_letter(work, probe, stimulus->delivery.letter, error);
  case SL_STIMULUS_BUNDLE:
    return probe_bundle(work, probe, stimulus->person, now, error);
  }
  g_assert_not_reached();
}

SlProbe *
sl_gather_probe(SlWork *work, const SlStimulus *stimulus, SlTime now, GError **error)
{
  g_autoptr(SlProbe) probe = sl_probe_new();
  if (!fill_probe(work, probe, stimulus, now, error))
    return NULL;
  return g_steal_pointer(&probe);
}
