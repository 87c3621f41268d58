/* SPDX-License-Identifier: ISC */
#include "pure.h"

/* ---- who is who ---- */

static void
add_agent(SlPolicy *policy, const char *name, const char *role)
{
  SlAgent *agent = sl_agent_new(name);
  g_ptr_array_add(agent->mail, g_strdup_printf("%s@poologics.example", name));
  g_ptr_array_add(agent->roles, g_strdup(role));
  g_ptr_array_add(policy->agents, agent);
}

static void
add_client(SlPolicy *policy, const char *name, const char *domain, const char *timezone)
{
  SlClient *client = sl_client_new(name);
  client->agreement = sl_agreement_new_default();
  client->timezone = g_strdup(timezone);
  g_ptr_array_add(client->domains, g_strdup(domain));
  g_ptr_array_add(policy->clients, client);
}

SlPolicy *
pure_policy(void)
{
  SlPolicy *policy = sl_policy_new();
  char **const strings[] = {&policy->company, &policy->from_address, &policy->reply_to, &policy->domain, &policy->postmaster, &policy->timezone};
  static const char *const values[] = {"Poologics", "support@poologics.example", "support+{token}@poologics.example", "poologics.example",
                                       "postmaster@poologics.example", "America/New_York"};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
    g_free(*strings[i]);
    *strings[i] = g_strdup(values[i]);
  }
  add_client(policy, "acme", "acme-pools.example", NULL);
  add_client(policy, "blauwasser", "blauwasser.example", "Europe/Berlin");
  add_agent(policy, "ana", "agent");
  add_agent(policy, "bill", "agent");
  add_agent(policy, "chen", "senior");
  add_agent(policy, "dana", "supervisor");
  add_agent(policy, "pia", "product");
  return policy;
}

/* ---- a story as events ---- */

static SlTime
moment(const char *text)
{
  g_autofree char *spaced = g_strdup(text);
  g_strdelimit(spaced, "_", ' ');
  return at(spaced);
}

static gboolean
is_moment(const char *text)
{
  return strlen(text) >= 9 && g_ascii_isupper(*text) && strchr(text, '_') && strchr(text, ':');
}

static void
set_detail(SlEvent *event, const char *key, const char *value)
{
  char *end = NULL;
  gint64 number = g_ascii_strtoll(value, &end, 10);
  if (strcmp(key, "from") == 0 && event->kind == SL_EVENT_RECEIVED) {
    g_free(event->address);
    event->address = g_strdup(value);
  } else if (strcmp(key, "person") == 0) {
    g_free(event->address);
    event->address = g_strdup(value);
  } else if (strchr(value, ',')) { /* a list: numbers or words */
    SlJson *list = sl_json_array();
    g_auto(GStrv) parts = g_strsplit(value, ",", -1);
    for (guint i = 0; parts[i]; i++) {
      if (g_ascii_isdigit(*parts[i]))
        sl_json_add_int(list, g_ascii_strtoll(parts[i], NULL, 10));
      else if (*parts[i])
        sl_json_add_string(list, parts[i]);
    }
    sl_json_set_take(event->detail, key, list);
  } else if (strcmp(value, "true") == 0) {
    sl_json_set_bool(event->detail, key, TRUE);
  } else if (is_moment(value)) {
    sl_json_set_time(event->detail, key, moment(value));
  } else if (*value && !*end) {
    sl_json_set_int(event->detail, key, number);
  } else {
    sl_json_set_string(event->detail, key, value);
  }
}

static void
read_rest(SlEvent *event, const char *rest)
{
  g_auto(GStrv) halves = g_strsplit(rest, "\"", 3);
  g_auto(GStrv) tokens = g_strsplit(g_strstrip(halves[0]), " ", -1);
  for (guint i = 0; tokens[i] && *tokens[i]; i++) {
    g_auto(GStrv) pair = g_strsplit(tokens[i], "=", 2);
    if (strcmp(tokens[i], "by") == 0 && tokens[i + 1]) {
      g_free(event->actor);
      event->actor = g_strdup(tokens[++i]);
    } else {
      g_assert_nonnull(pair[1]);
      set_detail(event, pair[0], pair[1]);
    }
  }
  if (halves[1]) {
    g_free(event->words);
    event->words = g_strdup(halves[1]);
    sl_json_set_string(event->detail, "words", "hash");
  }
}

static SlEvent *
read_event(gint64 ticket, int seq, char *text)
{
  SlEventKind kind;
  g_strstrip(text);
  g_auto(GStrv) parts = g_strsplit(text, " ", 4); /* day, hour, kind, the rest */
  g_autofree char *when = g_strdup_printf("%s %s", parts[0], parts[1]);
  gboolean known = sl_event_parse(parts[2], &kind);
  g_assert_true(known);
  SlEvent *event = sl_event_new(kind, at(when), kind == SL_EVENT_RECEIVED || kind == SL_EVENT_WROTE ? "customer" : "slate");
  event->ticket = ticket;
  event->seq = seq;
  if (kind == SL_EVENT_RECEIVED) {
    event->address = g_strdup(MARIA);
    event->words = g_strdup("Login loop");
    sl_json_set_string(event->detail, "client", "acme");
    sl_json_set_string(event->detail, "channel", "mail");
  }
  if (parts[3])
    read_rest(event, parts[3]);
  return event;
}

GPtrArray *
pure_events(gint64 ticket, const char *story)
{
  GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)sl_event_free);
  g_auto(GStrv) each = g_strsplit(story, ";", -1);
  for (guint i = 0; each[i]; i++)
    g_ptr_array_add(events, read_event(ticket, (int)i + 1, each[i]));
  return events;
}

SlTicketFacts *
pure_ticket(const SlPolicy *policy, gint64 ticket, const char *story, const char *now)
{
  SlTicketFacts *facts = g_new0(SlTicketFacts, 1);
  facts->events = pure_events(ticket, story);
  facts->ticket = sl_ticket_fold(facts->events);
  facts->client = sl_policy_client(policy, facts->ticket->client);
  g_assert_nonnull(facts->client);
  facts->agreement = sl_agreement_dup(facts->client->agreement);
  facts->moves = sl_ticket_moves(facts->events, NULL);
  facts->clocks = run_clocks(facts->moves, facts->agreement, now);
  facts->cc = g_ptr_array_new_with_free_func(g_free);
  facts->references = g_ptr_array_new_with_free_func(g_free);
  return facts;
}

SlFacts *
pure_facts(const SlPolicy *policy, const char *now, const char *story)
{
  SlFacts *facts = sl_facts_new(at(now), policy);
  facts->person_id = 7;
  facts->open_by_agent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (story)
    g_ptr_array_add(facts->tickets, pure_ticket(policy, 1001, story, now));
  return facts;
}

SlMail *
pure_mail(const char *from, const char *subject, const char *text)
{
  SlMail *mail = sl_mail_new();
  char **const slots[] = {&mail->subject, &mail->text, &mail->reply};
  const char *const values[] = {subject, text, text};
  for (guint i = 0; i < G_N_ELEMENTS(slots); i++) {
    g_free(*slots[i]);
    *slots[i] = g_strdup(values[i]);
  }
  mail->from = from ? sl_mailbox_new("", from) : NULL;
  mail->message_id = g_strdup("m1@mail.example");
  return mail;
}

SlRoute *
pure_route(const SlPolicy *policy, SlRouteKind kind, gint64 ticket, const char *person)
{
  SlRoute *route = g_new0(SlRoute, 1);
  route->kind = kind;
  route->ticket = ticket;
  route->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (ticket)
    g_array_append_val(route->tickets, ticket);
  route->person = g_strdup(person);
  route->agent = person ? sl_policy_agent_by_mail(policy, person) : NULL;
  route->client = person ? sl_policy_client_of(policy, person) : policy->everybody;
  route->stated_at = SL_TIME_NONE;
  return route;
}

/* ---- a decision in words ---- */

static void G_GNUC_PRINTF(2, 3)
tell(GString *out, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  if (out->len)
    g_string_append(out, "; ");
  g_string_append_vprintf(out, format, args);
  va_end(args);
}

static void
tell_event(GString *out, gint64 ticket, const SlEvent *event)
{
  static const char *const keys[] = {"agent", "how", "level", "target", "why", "reason", "from", "to"};
  tell(out, "%s%s by %s", ticket ? "" : "new ", sl_event_word(event->kind), event->actor);
  const char *priority = sl_json_get_string(event->detail, "priority");
  if (g_strcmp0(priority, "critical") == 0)
    g_string_append(out, " critical");
  if (sl_json_get_bool(event->detail, "silent"))
    g_string_append(out, " silent");
  if (ticket > 1001)
    g_string_append_printf(out, " on %d", (int)ticket);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    const char *value = sl_json_get_string(event->detail, keys[i]);
    gint64 number = sl_json_get_int(event->detail, keys[i], 0);
    if (value)
      g_string_append_printf(out, " %s=%s", keys[i], value);
    else if (number)
      g_string_append_printf(out, " %s=%d", keys[i], (int)number);
  }
  const SlJson *to = sl_json_get(event->detail, "to");
  for (guint i = 0; i < sl_json_length(to); i++)
    g_string_append_printf(out, " to=%s", sl_json_string(sl_json_at(to, i)));
}

static void
tell_letter(GString *out, const SlLetter *letter)
{
  tell(out, "letter %s to %s", sl_letter_word(letter->kind), (char *)letter->to->pdata[0]);
  for (guint i = 0; i < letter->cc->len; i++)
    g_string_append_printf(out, " and %s", (char *)letter->cc->pdata[i]);
  if (letter->cause)
    g_string_append_printf(out, " (%s)", letter->cause);
}

char *
pure_told(const SlDecision *d)
{
  GString *out = g_string_new(NULL);
  if (d->refusal)
    tell(out, "refused: %s", d->refusal->message);
  for (guint i = 0; i < d->changes->len; i++) {
    const SlChange *change = d->changes->pdata[i];
    for (guint j = 0; j < change->events->len; j++)
      tell_event(out, change->ticket, change->events->pdata[j]);
  }
  for (guint i = 0; i < d->letters->len; i++)
    tell_letter(out, d->letters->pdata[i]);
  for (guint i = 0; i < d->notices->len; i++) {
    const SlNoticeDraft *n = d->notices->pdata[i];
    tell(out, "notice %s to %s", n->cause, n->person);
  }
  for (guint i = 0; i < d->withdrawals->len; i++) {
    const SlWithdrawal *w = &g_array_index(d->withdrawals, SlWithdrawal, i);
    tell(out, "withdraw %s %s", sl_letter_word(w->kind), w->cause_prefix ? w->cause_prefix : "all");
  }
  if (d->absence)
    tell(out, "%s %s", d->absence->agent, d->absence->until == SL_TIME_NONE ? "is back" : "is away");
  if (d->hold_mail)
    tell(out, "hold");
  if (d->release || d->drop)
    tell(out, "%s %d", d->release ? "release" : "drop", (int)(d->release ? d->release : d->drop));
  if (d->outcome != SL_OUTCOME_NONE)
    tell(out, "= %s", sl_outcome_word(d->outcome));
  return g_string_free(out, FALSE);
}

/* ---- a mail decided ---- */

char *
pure_mail_told(const SlPolicy *policy, const PureMail *row)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, row->now, row->story);
  g_autoptr(SlRoute) route = pure_route(policy, row->kind, row->story ? 1001 : 0, row->from);
  g_autoptr(SlMail) mail = pure_mail(row->from, "Login loop", row->text);
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL, .mail = {.mail = mail, .mail_id = 5, .received = at(row->now)}};
  route->scope = row->scope;
  route->proven = row->proven;
  route->held_mail = row->kind == SL_ROUTE_CONFIRM ? 3 : 0;
  g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
  return pure_told(decision);
}

void
pure_add_mail_tests(const char *path, const PureMail *rows, guint n, GTestDataFunc run)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("%s/%s", path, rows[i].what);
    g_strdelimit(name, " ", '-');
    g_test_add_data_func(name, &rows[i], run);
  }
}
