/* SPDX-License-Identifier: ISC */
#include "desk/route.h"

#include <string.h>

#include "desk/triage.h"


SlProbe *
sl_probe_new(void)
{
  SlProbe *probe = g_new0(SlProbe, 1);
  probe->tokens = g_ptr_array_new_with_free_func((GDestroyNotify)sl_token_fact_free);
  probe->referred = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->thread = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->tagged = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->briefs = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->open_of_requester = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->named = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->burden = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  probe->absorbed = g_ptr_array_new_with_free_func((GDestroyNotify)sl_brief_free);
  return probe;
}

void
sl_probe_free(SlProbe *probe)
{
  if (!probe)
    return;
  g_ptr_array_unref(probe->tokens);
  g_ptr_array_unref(probe->referred);
  g_ptr_array_unref(probe->thread);
  g_ptr_array_unref(probe->tagged);
  g_ptr_array_unref(probe->briefs);
  g_ptr_array_unref(probe->open_of_requester);
  g_ptr_array_unref(probe->named);
  g_ptr_array_unref(probe->burden);
  g_ptr_array_unref(probe->absorbed);
  g_free(probe->held_person);
  g_free(probe);
}

void
sl_brief_free(SlBrief *brief)
{
  if (!brief)
    return;
  g_free(brief->client);
  g_free(brief->requester);
  g_free(brief);
}

void
sl_token_fact_free(SlTokenFact *token)
{
  if (!token)
    return;
  g_free(token->person);
  g_free(token->hash);
  g_free(token);
}

void
sl_route_free(SlRoute *route)
{
  if (!route)
    return;
  g_array_unref(route->tickets);
  g_free(route->person);
  g_free(route->token_hash);
  g_free(route->reason);
  g_free(route);
}

gboolean
sl_route_equal(const SlRoute *a, const SlRoute *b)
{
  if (a->kind != b->kind || a->ticket != b->ticket || a->door != b->door || a->agent != b->agent ||
      a->tickets->len != b->tickets->len || g_strcmp0(a->person, b->person) != 0)
    return FALSE;
  for (guint i = 0; i < a->tickets->len; i++) {
    if (g_array_index(a->tickets, gint64, i) != g_array_index(b->tickets, gint64, i))
      return FALSE;
  }
  return TRUE;
}

static gint
compare_ids(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static SlRoute *
route_new(const SlPolicy *policy, SlRouteKind kind)
{
  SlRoute *route = g_new0(SlRoute, 1);
  route->kind = kind;
  route->client = policy->everybody;
  route->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  route->stated_at = SL_TIME_NONE;
  return route;
}

static void
route_add(SlRoute *route, gint64 ticket)
{
  for (guint i = 0; i < route->tickets->len; i++) {
    if (g_array_index(route->tickets, gint64, i) == ticket)
      return;
  }
  g_array_append_val(route->tickets, ticket);
  g_array_sort(route->tickets, compare_ids);
}

static SlRoute *
route_to(SlRoute *route, SlRouteKind kind, gint64 ticket)
{
  route->kind = kind;
  route->ticket = ticket;
  if (ticket)
    route_add(route, ticket);
  return route;
}

static SlRoute *
because(SlRoute *route, const char *reason)
{
  g_free(route->reason);
  route->reason = g_strdup(reason);
  return route;
}

static const SlBrief *
brief_of(const GPtrArray *briefs, gint64 ticket)
{
  for (guint i = 0; i < briefs->len; i++) {
    const SlBrief *brief = briefs->pdata[i];
    if (brief->id == ticket)
      return brief;
  }
  return NULL;
}

/* A merged ticket's mail belongs to the one it was merged into; the probe holds a brief of that, too. */
static const SlBrief *
follow_merge(const SlProbe *probe, const SlBrief *brief)
{
  for (int hops = 0; brief && brief->merged_into && hops < 8; hops++) {
    const SlBrief *target = brief_of(probe->briefs, brief->merged_into);
    if (!target)
      break;
    brief = target;
  }
  return brief;
}

/* ---- customers ---- */

/* The requester themselves, or a colleague: somebody of the same client. Those of no client are nobody's colleagues. */
static gboolean
belongs(const SlPolicy *policy, const SlBrief *brief, const char *from)
{
  if (brief->requester && sl_address_equal(brief->requester, from))
    return TRUE;
  const SlClient *client = sl_policy_client_of(policy, from);
  return client != policy->everybody && g_strcmp0(client->name, brief->client) == 0;
}

/* Later than that after closing, a reply is a new matter, linked to the old one; but a bare thanks is none. */
static gboolean
too_late(const SlPolicy *policy, const SlBrief *brief, const SlMailStimulus *mail)
{
  if (sl_triage_word(mail->mail->reply, mail->mail->from ? mail->mail->from->name : NULL) == SL_WORD_THANKS)
    return FALSE;
  const SlClient *client = sl_policy_client(policy, brief->client);
  gint64 window = (client ? client : policy->everybody)->agreement->reopen_within_sec;
  return brief->status == SL_TICKET_SPAM ||
         (brief->status == SL_TICKET_CLOSED && brief->closed_at != SL_TIME_NONE &&
          mail->received > brief->closed_at + window * SL_SECOND);
}

static SlRoute *
join(const SlPolicy *policy, SlRoute *route, const SlBrief *brief, const SlMailStimulus *mail)
{
  return route_to(route, too_late(policy, brief, mail) ? SL_ROUTE_FOLLOW_UP : SL_ROUTE_JOIN, brief->id);
}

static const SlTokenFact *
token_of_scope(const SlProbe *probe, SlScope scope)
{
  for (guint i = 0; i < probe->tokens->len; i++) {
    const SlTokenFact *token = probe->tokens->pdata[i];
    if (token->scope == scope && token->ticket)
      return token;
  }
  return NULL;
}

/* The rest of a thread that came in pieces: open tickets that only now are seen to be one with `into`. */
static void
gather_thread(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlBrief *into)
{
  for (guint i = 0; route->kind == SL_ROUTE_JOIN && i < probe->thread->len; i++) {
    const SlBrief *other = follow_merge(probe, probe->thread->pdata[i]);
    gboolean same = g_strcmp0(other->client, into->client) == 0 &&
                    (g_strcmp0(other->client, policy->everybody->name) != 0 || g_strcmp0(other->requester, into->requester) == 0);
    if (same && !other->merged_into && other->status != SL_TICKET_CLOSED && other->status != SL_TICKET_SPAM)
      route_add(route, other->id);
  }
}

static SlRoute *
join_thread(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlBrief *brief, const SlMailStimulus *mail)
{
  join(policy, route, brief, mail);
  gather_thread(policy, probe, route, brief);
  return route;
}

/* Row "requester, or a colleague of the same client": by token, by References, by the thread's pieces, by tag; row "stranger": held. */
static SlRoute *
route_customer(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *mail)
{
  const SlTokenFact *token = token_of_scope(probe, SL_SCOPE_REPLY);
  const SlBrief *by_token = token ? follow_merge(probe, brief_of(probe->briefs, token->ticket)) : NULL;
  if (by_token && belongs(policy, by_token, route->person)) {
    route->proven = !token->leaked;
    route->door = token->ticket;
    return join_thread(policy, probe, route, by_token, mail);
  }
  const SlBrief *foreign = by_token;
  const GPtrArray *const ways[] = {probe->referred, probe->thread, probe->tagged};
  for (guint w = 0; w < G_N_ELEMENTS(ways); w++) {
    for (guint i = 0; i < ways[w]->len; i++) {
      const SlBrief *brief = follow_merge(probe, ways[w]->pdata[i]);
      if (belongs(policy, brief, route->person))
        return join_thread(policy, probe, route, brief, mail);
      if (ways[w] != probe->thread) /* many may answer the same circular: it is no ticket of ours */
        foreign = foreign ? foreign : brief;
    }
  }
  if (foreign)
    return because(route_to(route, SL_ROUTE_STRANGER_HELD, foreign->id), "a stranger wrote to somebody else's ticket");
  return route_to(route, SL_ROUTE_NEW, 0);
}

/* ---- agents ---- */

static gboolean
is_agents(const SlAgent *agent, const char *address)
{
  for (guint i = 0; i < agent->mail->len; i++) {
    if (sl_address_equal(agent->mail->pdata[i], address))
      return TRUE;
  }
  return FALSE;
}

static const SlTokenFact *
token_of_agent(const SlProbe *probe, const SlAgent *agent)
{
  for (guint i = 0; i < probe->tokens->len; i++) {
    const SlTokenFact *token = probe->tokens->pdata[i];
    if (token->scope != SL_SCOPE_BOUNCE && is_agents(agent, token->person))
      return token;
  }
  return NULL;
}

static gint64
nearest_ticket(const SlProbe *probe)
{
  const GPtrArray *const ways[] = {probe->briefs, probe->referred, probe->tagged};
  for (guint w = 0; w < G_N_ELEMENTS(ways); w++) {
    if (ways[w]->len) {
      const SlBrief *brief = follow_merge(probe, ways[w]->pdata[0]);
      return brief->id;
    }
  }
  return 0;
}

static SlRoute *
hold_agent(const SlProbe *probe, SlRoute *route, const char *why)
{
  route->scope = probe->inside ? SL_SCOPE_NOTE : SL_SCOPE_REPLY;
  return because(route_to(route, SL_ROUTE_AGENT_HELD, nearest_ticket(probe)), why);
}

gboolean
sl_route_addresses(const SlMail *mail, const char *address)
{
  const GPtrArray *const lists[] = {mail->to, mail->cc};
  for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
    for (guint i = 0; i < lists[k]->len; i++) {
      if (sl_address_equal(((const SlMailbox *)lists[k]->pdata[i])->address, address))
        return TRUE;
    }
  }
  return FALSE;
}

static const char *
first_outsider(const SlPolicy *policy, const GPtrArray *mailboxes)
{
  for (guint i = 0; i < mailboxes->len; i++) {
    const char *address = ((const SlMailbox *)mailboxes->pdata[i])->address;
    if (sl_policy_is_outsider(policy, address))
      return address;
  }
  return NULL;
}

const char *
sl_route_outsider(const SlPolicy *policy, const SlMail *mail)
{
  const char *in_to = first_outsider(policy, mail->to);
  return in_to ? in_to : first_outsider(policy, mail->cc);
}

static void
set_person(SlRoute *route, const SlPolicy *policy, const char *address)
{
  g_free(route->person);
  route->person = g_strdup(address);
  route->client = sl_policy_client_of(policy, address);
}

/* A ticket of that customer's: by References, else their only open one; NULL. */
static const SlBrief *
customers_ticket(const SlPolicy *policy, const SlProbe *probe, const char *customer)
{
  const SlBrief *only = NULL;
  guint open = 0;
  for (guint i = 0; i < probe->referred->len; i++) {
    const SlBrief *brief = follow_merge(probe, probe->referred->pdata[i]);
    if (belongs(policy, brief, customer))
      return brief;
  }
  for (guint i = 0; i < probe->open_of_requester->len; i++) {
    const SlBrief *brief = probe->open_of_requester->pdata[i];
    if (brief->requester && sl_address_equal(brief->requester, customer)) {
      only = brief;
      open++;
    }
  }
  return open == 1 ? only : NULL;
}

/* Row "the customer in To or Cc": the answer went outside; it is recorded, and never sent again. */
static SlRoute *
route_outside(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const char *customer)
{
  const SlBrief *brief = customers_ticket(policy, probe, customer);
  if (!brief) {
    set_person(route, policy, customer);
    return because(route_to(route, SL_ROUTE_INITIATED, 0), "an agent wrote first");
  }
  route->client = sl_policy_client(policy, brief->client);
  route->client = route->client ? route->client : policy->everybody;
  return because(route_to(route, SL_ROUTE_OUTSIDE, brief->id), "an agent answered outside");
}

/* Row "a customer's mail forwarded": the customer's ticket, not the agent's. */
static SlRoute *
route_forward(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const char *customer)
{
  const SlBrief *brief = NULL;
  for (guint i = 0; !brief && i < probe->referred->len; i++) {
    const SlBrief *one = follow_merge(probe, probe->referred->pdata[i]);
    brief = belongs(policy, one, customer) ? one : NULL;
  }
  set_person(route, policy, customer);
  return because(route_to(route, brief ? SL_ROUTE_FORWARD_JOIN : SL_ROUTE_FORWARD, brief ? brief->id : 0),
                 "an agent passed a customer's mail on");
}

static SlRoute *
route_unproven_agent(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMail *mail)
{
  const char *outsider = sl_route_outsider(policy, mail);
  if (outsider)
    return route_outside(policy, probe, route, outsider);
  if (mail->forwarded && sl_policy_is_outsider(policy, mail->forwarded->from->address))
    return route_forward(policy, probe, route, mail->forwarded->from->address);
  return hold_agent(probe, route, "an agent wrote without a signed address of theirs");
}

/* The first address in the words, else in the subject or in what is quoted and passed on, that is none of ours. Owned; NULL. */
char *
sl_route_named_address(const SlPolicy *policy, const SlMail *mail)
{
  const char *const texts[] = {mail->reply, mail->subject, mail->text};
  for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
    g_auto(GStrv) words = g_strsplit_set(texts[k], " \t\n<>()[],;:\"'", 2000);
    for (guint i = 0; words[i]; i++) {
      gsize n = strlen(words[i]);
      while (n > 0 && strchr(".!?", words[i][n - 1]))
        words[i][--n] = '\0';
      const char *at = strchr(words[i], '@');
      if (at && at > words[i] && strchr(at, '.') && n < 250 && sl_policy_is_outsider(policy, words[i]))
        return g_strdup(words[i]);
    }
  }
  return NULL;
}

/* The agent's own *sent* address: the sent mail itself, or forwarded. */
static SlRoute *
route_sent(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *stimulus)
{
  const SlMail *mail = stimulus->mail;
  const char *outsider = sl_route_outsider(policy, mail);
  g_autofree char *customer = outsider ? g_strdup(outsider) : sl_route_named_address(policy, mail);
  if (!customer)
    return hold_agent(probe, route, "no customer's address can be read in the mail that you sent");
  route->stated_at = mail->forwarded && mail->forwarded->date != SL_TIME_NONE ? MIN(mail->forwarded->date, stimulus->received) : SL_TIME_NONE;
  return route_outside(policy, probe, route, customer);
}

/* Their *phone* or *chat* address: who called stands in the words. */
static SlRoute *
route_call(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMail *mail)
{
  g_autofree char *customer = sl_route_named_address(policy, mail);
  if (!customer)
    return hold_agent(probe, route, "who called? Write the customer's address in the first line");
  set_person(route, policy, customer);
  return route_to(route, SL_ROUTE_CALL, 0);
}

static void
add_all(SlRoute *route, const GPtrArray *briefs)
{
  for (guint i = 0; i < briefs->len; i++)
    route_add(route, ((const SlBrief *)briefs->pdata[i])->id);
}

static void
set_client(const SlPolicy *policy, SlRoute *route, const SlBrief *brief)
{
  const SlClient *client = brief ? sl_policy_client(policy, brief->client) : NULL;
  route->client = client ? client : policy->everybody;
}

/* What the token opens: their ticket, or (lists, a person's own address) those that the lines name. */
static SlRoute *
route_proven_agent(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *stimulus, const SlTokenFact *token)
{
  const SlBrief *own = token->ticket ? brief_of(probe->briefs, token->ticket) : NULL;
  const SlBrief *brief = follow_merge(probe, own);
  route->scope = token->scope;
  route->door = token->ticket;
  route->token_hash = g_strdup(token->hash);
  if (token->scope == SL_SCOPE_SENT)
    return route_sent(policy, probe, route, stimulus);
  if (token->scope == SL_SCOPE_PHONE || token->scope == SL_SCOPE_CHAT)
    return route_call(policy, probe, route, stimulus->mail);
  route->exposed = !token->leaked && sl_route_outsider(policy, stimulus->mail) != NULL;
  if (own && brief != own)
    route_add(route, own->id); /* merged: /undo needs both */
  add_all(route, probe->named);
  add_all(route, probe->burden);
  add_all(route, probe->absorbed);
  set_client(policy, route, brief);
  return route_to(route, SL_ROUTE_AGENT, brief ? brief->id : token->ticket);
}

/* "OK" or "no" to our letter about a held mail, from whom it asked. */
static gboolean
confirms(const SlProbe *probe, const SlRoute *route, const SlMail *mail)
{
  SlWord word = sl_triage_word(mail->reply, mail->from ? mail->from->name : NULL);
  return probe->held_mail && probe->held_person && is_agents(route->agent, probe->held_person) &&
         (word == SL_WORD_OK || word == SL_WORD_NO);
}

/* Rows "agent": a signed address of theirs, or else the mail is held and returned to their registered mailbox. */
static SlRoute *
route_agent(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *stimulus)
{
  const SlMail *mail = stimulus->mail;
  const SlTokenFact *token = token_of_agent(probe, route->agent);
  if (!token)
    return route_unproven_agent(policy, probe, route, mail);
  if (token->ended)
    return hold_agent(probe, route, "the signed address has ended: the ticket was closed long ago");
  if ((policy->require_dkim || token->leaked) && g_strcmp0(mail->authentication, "pass") != 0)
    return hold_agent(probe, route, token->leaked ? "outsiders have seen this signed address: it needs a DKIM pass"
                                                  : "an agent's mail needs a DKIM pass here");
  route->held_mail = probe->held_mail;
  if (confirms(probe, route, mail))
    return route_to(route, SL_ROUTE_CONFIRM, probe->held_ticket);
  return route_proven_agent(policy, probe, route, stimulus, token);
}

/* What was held and now has a person's word: an agent's own mail does what it says; a stranger's joins as text. */
static SlRoute *
route_released(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *stimulus)
{
  const SlBrief *brief = stimulus->ticket ? follow_merge(probe, brief_of(probe->briefs, stimulus->ticket)) : NULL;
  route->agent = route->person ? sl_policy_agent_by_mail(policy, route->person) : NULL;
  if (!brief)
    return route_to(route, SL_ROUTE_NEW, 0);
  set_client(policy, route, brief);
  if (!route->agent)
    return route_to(route, SL_ROUTE_JOIN, brief->id);
  route->scope = probe->inside ? SL_SCOPE_NOTE : SL_SCOPE_REPLY;
  add_all(route, probe->named);
  return route_to(route, SL_ROUTE_AGENT, brief->id);
}

/* ---- mail ---- */

static SlRoute *
route_bounce(const SlProbe *probe, SlRoute *route)
{
  if (probe->bounced_letter)
    add_all(route, probe->briefs); /* a letter that speaks of several tickets failed for each of them */
  return because(route_to(route, SL_ROUTE_BOUNCE, probe->bounced_ticket),
                 probe->bounced_letter ? "a bounce of a letter of ours" : "a bounce of nothing that we sent");
}

/* Never public; an agent's says that they are away (S8). */
static SlRoute *
route_auto_reply(const SlPolicy *policy, const SlProbe *probe, SlRoute *route)
{
  route->agent = route->person ? sl_policy_agent_by_mail(policy, route->person) : NULL;
  return route_to(route, SL_ROUTE_AUTO_REPLY, nearest_ticket(probe));
}

/* The row "anybody, none": by origin. Returns NULL where a person wrote. */
static SlRoute *
route_by_origin(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMail *mail)
{
  switch (mail->origin) {
  case SL_ORIGIN_SELF:
  case SL_ORIGIN_LIST:
    return because(route_to(route, SL_ROUTE_NO_TICKET, 0), mail->origin_reason);
  case SL_ORIGIN_BOUNCE:
    return route_bounce(probe, route);
  case SL_ORIGIN_AUTO_REPLY:
    return because(route_auto_reply(policy, probe, route), mail->origin_reason);
  case SL_ORIGIN_PERSON:
  case SL_ORIGIN_BULK:
    break;
  }
  return NULL;
}

static const char *
sender_of(const SlMail *mail, const SlTriage *triage)
{
  if (triage->requester)
    return triage->requester;
  return mail->from ? mail->from->address : NULL;
}

static SlRoute *
route_person(const SlPolicy *policy, const SlProbe *probe, SlRoute *route, const SlMailStimulus *stimulus)
{
  const SlMail *mail = stimulus->mail;
  route->agent = sl_policy_agent_by_mail(policy, route->person);
  if (route->agent)
    return route_agent(policy, probe, route, stimulus);
  SlRoute *found = route_customer(policy, probe, route, stimulus);
  if (found->kind == SL_ROUTE_NEW && mail->origin == SL_ORIGIN_BULK)
    return because(route_to(found, SL_ROUTE_BULK, 0), mail->origin_reason);
  return found;
}

static SlRoute *
route_mail(const SlPolicy *policy, const SlProbe *probe, const SlMailStimulus *stimulus)
{
  const SlMail *mail = stimulus->mail;
  SlRoute *route = route_new(policy, SL_ROUTE_NEW);
  SlTriage triage;
  sl_desk_triage(policy, stimulus, &triage);
  route->person = g_strdup(sender_of(mail, &triage));
  if (route->person)
    route->client = triage.client ? triage.client : sl_policy_client_by(policy, route->person, stimulus->mailbox);
  gboolean ignored = g_strcmp0(triage.action, "ignore") == 0;
  sl_triage_clear(&triage);

  if (stimulus->released)
    return route_released(policy, probe, route, stimulus);
  if (probe->duplicate_of)
    return because(route_to(route, SL_ROUTE_DUPLICATE, probe->duplicate_ticket), "the same content came before");
  if (route->person && policy->from_address && sl_address_equal(route->person, policy->from_address))
    return because(route_to(route, SL_ROUTE_SELF, 0), "it came from our own address");
  SlRoute *machine = route_by_origin(policy, probe, route, mail);
  if (machine)
    return machine;
  if (ignored)
    return because(route_to(route, SL_ROUTE_NO_TICKET, 0), "a rule says: ignore");
  if (route->person && sl_policy_is_ours(policy, route->person))
    return because(route_to(route, SL_ROUTE_NO_TICKET, 0), "it comes from our own address");
  if (!route->person)
    return because(route_to(route, SL_ROUTE_BULK, 0), "no sender's address can be read");
  return route_person(policy, probe, route, stimulus);
}

/* ---- everything else ---- */

static SlRoute *
route_command(const SlPolicy *policy, const SlProbe *probe, const SlStimulus *stimulus)
{
  const SlCommand *command = &stimulus->command;
  SlRoute *route = route_new(policy, SL_ROUTE_AGENT);
  if (g_str_has_prefix(stimulus->actor, "agent:"))
    route->agent = sl_policy_agent(policy, stimulus->actor + strlen("agent:"));
  route->scope = SL_SCOPE_COMMAND;
  if (command->verb == SL_VERB_NEW) {
    route->person = g_strdup(command->from);
    route->client = sl_policy_client_of(policy, command->from);
    return route_to(route, SL_ROUTE_NEW, 0);
  }
  if (command->verb == SL_VERB_AWAY) {
    add_all(route, probe->burden);
    return route;
  }
  const SlBrief *brief = brief_of(probe->briefs, command->ticket);
  if (!brief) {
    route->kind = SL_ROUTE_REFUSED;
    route->reason = g_strdup_printf("there is no ticket %" G_GINT64_FORMAT, command->ticket);
    return route;
  }
  add_all(route, probe->named);
  add_all(route, probe->absorbed);
  if (command->verb == SL_VERB_UNDO && brief->merged_into)
    route_add(route, brief->merged_into);
  set_client(policy, route, brief);
  return route_to(route, SL_ROUTE_AGENT, command->ticket);
}

static SlRoute *
route_all_briefs(const SlPolicy *policy, const SlProbe *probe, SlRouteKind kind)
{
  SlRoute *route = route_new(policy, kind);
  for (guint i = 0; i < probe->briefs->len; i++)
    route_add(route, ((const SlBrief *)probe->briefs->pdata[i])->id);
  if (route->tickets->len)
    route->ticket = g_array_index(route->tickets, gint64, 0);
  return route;
}

SlRoute *
sl_desk_route(const SlPolicy *policy, const SlProbe *probe, const SlStimulus *stimulus, SlTime now)
{
  (void)now;
  SlRoute *route = NULL;
  switch (stimulus->kind) {
  case SL_STIMULUS_MAIL:
    return route_mail(policy, probe, &stimulus->mail);
  case SL_STIMULUS_COMMAND:
    return route_command(policy, probe, stimulus);
  case SL_STIMULUS_ALARM:
    return route_all_briefs(policy, probe, SL_ROUTE_ALARM);
  case SL_STIMULUS_DELIVERY:
    return route_all_briefs(policy, probe, SL_ROUTE_DELIVERY);
  case SL_STIMULUS_BUNDLE:
    route = route_all_briefs(policy, probe, SL_ROUTE_BUNDLE);
    route->person = g_strdup(stimulus->person);
    return route;
  }
  g_assert_not_reached();
}
