/* SPDX-License-Identifier: ISC */
/* Who wrote, and what may it do: the table of routes, each row against a probe made by hand.
 * Tickets: 1001 open, 1002 closed yesterday, 1003 closed a month ago, 1006 merged into 1001, 1007 spam (Maria of Acme, 1006 Juan);
 * 1004 open (Lena of Blauwasser); 1005 open (somebody of no client). */
#include "pure.h"

static SlPolicy *policy;
static const char now_text[] = "Fri 10:00";

static SlBrief *
brief(gint64 id)
{
  SlBrief *b = g_new0(SlBrief, 1);
  b->id = id;
  b->status = id == 1002 || id == 1003 ? SL_TICKET_CLOSED : id == 1006 ? SL_TICKET_MERGED : id == 1007 ? SL_TICKET_SPAM : SL_TICKET_OPEN;
  b->closed_at = id == 1002 ? at("Thu 10:00") : id == 1003 ? at("Mon 10:00") - 30 * SL_DAY : SL_TIME_NONE;
  b->merged_into = id == 1006 ? 1001 : 0;
  b->client = g_strdup(id == 1004 ? "blauwasser" : id == 1005 ? "default" : "acme");
  b->requester = g_strdup(id == 1004 ? LENA : id == 1005 ? ELSE : id == 1006 ? JUAN : MARIA);
  return b;
}

static void
add_brief(GPtrArray *briefs, gint64 id)
{
  g_ptr_array_add(briefs, brief(id));
}

/* "reply:1001:ana@poologics.example:leaked" */
static void
add_token(SlProbe *probe, const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, ":", 4);
  SlTokenFact *token = g_new0(SlTokenFact, 1);
  gboolean known = sl_scope_parse(parts[0], &token->scope);
  g_assert_true(known);
  token->ticket = g_ascii_strtoll(parts[1], NULL, 10);
  token->person = g_strdup(parts[2]);
  token->leaked = g_strcmp0(parts[3], "leaked") == 0;
  token->ended = g_strcmp0(parts[3], "ended") == 0;
  token->hash = g_strdup("hash");
  g_ptr_array_add(probe->tokens, token);
  if (token->ticket)
    add_brief(probe->briefs, token->ticket);
}

typedef struct {
  const char *what;
  const char *from;     /* NULL: none can be read */
  const char *probe;    /* "token=… ref=1001 tag=1001 open=1001 held=5/1001/ana dup=3 bounced=1001 named=1004 burden=… absorbed=…" */
  const char *mail;     /* "to=maria@… cc=… origin=bulk dkim text=OK rule=ignore reply-to=… old" */
  const char *wanted;
} Row;

static void
fill_probe(SlProbe *probe, const char *text)
{
  const struct {
    const char *word;
    GPtrArray *list;
  } lists[] = {{"ref", probe->referred}, {"tag", probe->tagged},     {"open", probe->open_of_requester}, {"named", probe->named},
               {"burden", probe->burden}, {"absorbed", probe->absorbed}, {"brief", probe->briefs}};
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  for (guint i = 0; words[i] && *words[i]; i++) {
    g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
    gint64 id = g_ascii_strtoll(pair[1], NULL, 10);
    for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
      if (strcmp(pair[0], lists[k].word) == 0)
        add_brief(lists[k].list, id);
    }
    if (strcmp(pair[0], "token") == 0)
      add_token(probe, pair[1]);
    if (strcmp(pair[0], "dup") == 0) {
      probe->duplicate_of = 3;
      probe->duplicate_ticket = id;
    }
    if (strcmp(pair[0], "bounced") == 0) {
      probe->bounced_letter = 9;
      probe->bounced_ticket = id;
    }
    if (strcmp(pair[0], "held") == 0) { /* held=TICKET/PERSON */
      probe->held_mail = 5;
      probe->held_ticket = id;
      probe->held_person = g_strdup(strchr(pair[1], '/') + 1);
    }
  }
  if (probe->referred->len || probe->tagged->len || probe->briefs->len)
    add_brief(probe->briefs, 1001); /* what 1006 was merged into */
}

static void
fill_mail(SlMail *mail, SlMailStimulus *stimulus, const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  for (guint i = 0; words[i] && *words[i]; i++) {
    g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
    if (strcmp(pair[0], "to") == 0)
      g_ptr_array_add(mail->to, sl_mailbox_new("", pair[1]));
    else if (strcmp(pair[0], "cc") == 0)
      g_ptr_array_add(mail->cc, sl_mailbox_new("", pair[1]));
    else if (strcmp(pair[0], "dkim") == 0) {
      g_free(mail->authentication);
      mail->authentication = g_strdup("pass");
    } else if (strcmp(pair[0], "text") == 0) {
      g_free(mail->reply);
      mail->reply = g_strdup(pair[1]);
    } else if (strcmp(pair[0], "released") == 0) {
      stimulus->released = TRUE;
      stimulus->ticket = g_ascii_strtoll(pair[1], NULL, 10);
    } else if (strcmp(pair[0], "origin") == 0) {
      for (int o = SL_ORIGIN_PERSON; o <= SL_ORIGIN_SELF; o++) {
        if (strcmp(sl_origin_word((SlOrigin)o), pair[1]) == 0)
          mail->origin = (SlOrigin)o;
      }
    } else {
      g_assert_not_reached();
    }
  }
}

static const char *
kind_word(SlRouteKind kind)
{
  static const char *const words[] = {
#define X(name) #name,
      SL_ROUTES(X)
#undef X
  };
  return words[kind];
}

static char *
said(const SlRoute *route)
{
  GString *out = g_string_new(kind_word(route->kind));
  if (route->ticket)
    g_string_append_printf(out, " %d", (int)route->ticket);
  for (guint i = 0; i < route->tickets->len; i++) {
    gint64 id = g_array_index(route->tickets, gint64, i);
    if (id != route->ticket)
      g_string_append_printf(out, " +%d", (int)id);
  }
  if (route->agent)
    g_string_append_printf(out, " agent=%s", route->agent->name);
  if (route->scope != SL_SCOPE_NONE)
    g_string_append_printf(out, " %s", sl_scope_word(route->scope));
  if (route->door)
    g_string_append_printf(out, " door=%d", (int)route->door);
  if (route->proven)
    g_string_append(out, " proven");
  if (route->exposed)
    g_string_append(out, " exposed");
  g_string_append_printf(out, " %s", route->client->name);
  return g_string_free(out, FALSE);
}

#define R "token=reply:1001:" ANA
static const Row rows[] = {
    /* the requester and colleagues */
    {"nobody knows the thread", MARIA, "", "", "NEW acme"},
    {"requester by token", MARIA, "token=reply:1001:" MARIA, "", "JOIN 1001 door=1001 proven acme"},
    {"requester by a colleague's token", MARIA, "token=reply:1001:" JUAN, "", "JOIN 1001 door=1001 proven acme"},
    {"colleague by token", JUAN, "token=reply:1001:" MARIA, "", "JOIN 1001 door=1001 proven acme"},
    {"requester by a leaked token", MARIA, "token=reply:1001:" MARIA ":leaked", "", "JOIN 1001 door=1001 acme"},
    {"requester by references", MARIA, "ref=1001", "", "JOIN 1001 acme"},
    {"requester by tag", MARIA, "tag=1001", "", "JOIN 1001 acme"},
    {"references before tags", MARIA, "tag=1007 ref=1001", "", "JOIN 1001 acme"},
    {"the nearest reference that is theirs", MARIA, "ref=1004 ref=1001", "", "JOIN 1001 acme"},
    {"closed yesterday", MARIA, "ref=1002", "", "JOIN 1002 acme"},
    {"closed a month ago", MARIA, "ref=1003", "", "FOLLOW_UP 1003 acme"},
    {"a ticket that was spam", MARIA, "ref=1007", "", "FOLLOW_UP 1007 acme"},
    {"a merged ticket's token", JUAN, "token=reply:1006:" JUAN, "", "JOIN 1001 door=1006 proven acme"},
    {"a merged ticket by references", JUAN, "ref=1006", "", "JOIN 1001 acme"},
    /* strangers */
    {"stranger by token", ELSE, "token=reply:1001:" MARIA, "", "STRANGER_HELD 1001 default"},
    {"stranger by references", ELSE, "ref=1001", "", "STRANGER_HELD 1001 default"},
    {"stranger by tag", ELSE, "tag=1001", "", "STRANGER_HELD 1001 default"},
    {"another client's", LENA, "token=reply:1001:" MARIA, "", "STRANGER_HELD 1001 blauwasser"},
    {"two of no client", "other@elsewhere.example", "ref=1005", "", "STRANGER_HELD 1005 default"},
    {"one of no client, their own", ELSE, "ref=1005", "", "JOIN 1005 default"},
    /* agents with a token of theirs */
    {"agent, reply", ANA, R, "", "AGENT 1001 agent=ana reply door=1001 acme"},
    {"agent, note", ANA, "token=note:1001:" ANA, "", "AGENT 1001 agent=ana note door=1001 acme"},
    {"agent, updates", ANA, "token=updates:0:" ANA " named=1001 named=1004", "", "AGENT +1001 +1004 agent=ana updates default"},
    {"agent, command", ANA, "token=command:0:" ANA, "", "AGENT agent=ana command default"},
    {"agent, any case", "ANA@Poologics.example", R, "", "AGENT 1001 agent=ana reply door=1001 acme"},
    {"agent on a merged ticket", ANA, "token=reply:1006:" ANA, "", "AGENT 1001 +1006 agent=ana reply door=1006 acme"},
    {"agent, names another ticket", ANA, R " named=1004", "", "AGENT 1001 +1004 agent=ana reply door=1001 acme"},
    {"agent, hands all over", ANA, R " burden=1004 burden=1005", "", "AGENT 1001 +1004 +1005 agent=ana reply door=1001 acme"},
    {"agent beside a customer", ANA, R, "cc=" MARIA, "AGENT 1001 agent=ana reply door=1001 exposed acme"},
    {"agent beside somebody", ANA, R, "to=" ELSE, "AGENT 1001 agent=ana reply door=1001 exposed acme"},
    {"agent beside ours", ANA, R, "to=support@poologics.example cc=" BILL, "AGENT 1001 agent=ana reply door=1001 acme"},
    {"leaked, without DKIM", ANA, R ":leaked", "", "AGENT_HELD 1001 agent=ana reply default"},
    {"leaked, with DKIM", ANA, R ":leaked", "dkim", "AGENT 1001 agent=ana reply door=1001 acme"},
    {"ended", ANA, R ":ended", "dkim", "AGENT_HELD 1001 agent=ana reply default"},
    {"agent on their sent address", ANA, "token=sent:0:" ANA " open=1001", "to=" MARIA, "OUTSIDE 1001 agent=ana sent acme"},
    {"their sent address, no customer", ANA, "token=sent:0:" ANA, "", "AGENT_HELD agent=ana reply default"},
    {"their phone address", ANA, "token=phone:0:" ANA, "text=" MARIA, "CALL agent=ana phone acme"},
    {"their chat address", ANA, "token=chat:0:" ANA, "text=<" MARIA ">:", "CALL agent=ana chat acme"},
    {"their phone address, nobody named", ANA, "token=phone:0:" ANA, "text=hello", "AGENT_HELD agent=ana reply default"},
    {"their phone address, one of ours named", ANA, "token=phone:0:" ANA, "text=" BILL, "AGENT_HELD agent=ana reply default"},
    /* agents without */
    {"another agent's token", BILL, R, "", "AGENT_HELD 1001 agent=bill reply default"},
    {"a customer's token", ANA, "token=reply:1001:" MARIA, "", "AGENT_HELD 1001 agent=ana reply default"},
    {"a bounce token", ANA, "token=bounce:1001:" ANA, "", "AGENT_HELD 1001 agent=ana reply default"},
    {"the customer in To, by references", ANA, "ref=1001 open=1001 open=1002", "to=" MARIA, "OUTSIDE 1001 agent=ana acme"},
    {"the customer in Cc, the only open one", ANA, "open=1001", "to=support@poologics.example cc=" MARIA, "OUTSIDE 1001 agent=ana acme"},
    {"the customer in To, two open ones", ANA, "open=1001 open=1002", "to=" MARIA, "INITIATED agent=ana acme"},
    {"somebody in To", ANA, "", "to=" ELSE, "INITIATED agent=ana default"},
    {"references of somebody else's", ANA, "ref=1004", "to=" MARIA, "INITIATED agent=ana acme"},
    {"nothing else", ANA, "", "to=support@poologics.example", "AGENT_HELD agent=ana reply default"},
    {"nothing else, the number named", ANA, "tag=1001", "", "AGENT_HELD 1001 agent=ana reply default"},
    /* the word about a held mail */
    {"OK", ANA, "token=note:1001:" ANA " held=1001/" ANA, "text=OK", "CONFIRM 1001 agent=ana default"},
    {"drop", ANA, "token=note:1001:" ANA " held=1001/" ANA, "text=drop", "CONFIRM 1001 agent=ana default"},
    {"words about it", ANA, "token=note:1001:" ANA " held=1001/" ANA, "text=what", "AGENT 1001 agent=ana note door=1001 acme"},
    {"OK of another agent", BILL, "token=note:1001:" BILL " held=1001/" ANA, "text=OK", "AGENT 1001 agent=bill note door=1001 acme"},
    {"OK without a token", ANA, "held=1001/" ANA, "text=OK", "AGENT_HELD agent=ana reply default"},
    /* released */
    {"an agent's, released", ANA, "brief=1001", "released=1001", "AGENT 1001 agent=ana reply acme"},
    {"a stranger's, released", ELSE, "brief=1001", "released=1001", "JOIN 1001 acme"},
    {"an agent's of no ticket, released", ANA, "", "released=0", "NEW agent=ana default"},
    /* by origin */
    {"bulk", MARIA, "", "origin=bulk", "BULK acme"},
    {"bulk on a ticket", MARIA, "ref=1001", "origin=bulk", "JOIN 1001 acme"},
    {"auto-reply on a ticket", MARIA, "ref=1001", "origin=auto-reply", "AUTO_REPLY 1001 acme"},
    {"auto-reply on none", MARIA, "", "origin=auto-reply", "AUTO_REPLY acme"},
    {"an agent's auto-reply", ANA, R, "origin=auto-reply", "AUTO_REPLY 1001 agent=ana default"},
    {"bounce of ours", "mailer-daemon@mx.example", "bounced=1001", "origin=bounce", "BOUNCE 1001 default"},
    {"bounce of nothing", "mailer-daemon@mx.example", "", "origin=bounce", "BOUNCE default"},
    {"list", MARIA, "ref=1001", "origin=list", "NO_TICKET acme"},
    {"self", "support@poologics.example", "ref=1001", "origin=self", "SELF default"},
    {"from our address", "support@poologics.example", "ref=1001", "", "SELF default"},
    {"no sender", NULL, "", "", "BULK default"},
    {"came before", MARIA, "dup=1001 ref=1001", "", "DUPLICATE 1001 acme"},
    {"came before, of a machine", MARIA, "dup=1001", "origin=auto-reply", "DUPLICATE 1001 acme"},
};

static SlRoute *
route_of(const Row *row)
{
  g_autoptr(SlProbe) probe = sl_probe_new();
  g_autoptr(SlMail) mail = pure_mail(row->from, "Subject", "words");
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL, .mail = {.mail = mail, .received = at(now_text)}};
  fill_probe(probe, row->probe);
  fill_mail(mail, &stimulus.mail, row->mail);
  return sl_desk_route(policy, probe, &stimulus, at(now_text));
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(SlRoute) route = route_of(row);
  g_autofree char *got = said(route);
  g_assert_cmpstr(got, ==, row->wanted);
  for (guint i = 1; i < route->tickets->len; i++) /* whoever locks goes upward */
    g_assert_cmpint(g_array_index(route->tickets, gint64, i - 1), <, g_array_index(route->tickets, gint64, i));
  g_autoptr(SlRoute) again = route_of(row);
  g_assert_true(sl_route_equal(route, again));
}

/* token+dkim: every mail of an agent needs its pass. */
static void
test_require_dkim(void)
{
  static const Row without = {"", ANA, R, "", NULL}, with = {"", ANA, R, "dkim", NULL}, customer = {"", MARIA, "token=reply:1001:" MARIA, "", NULL};
  policy->require_dkim = TRUE;
  g_autoptr(SlRoute) held = route_of(&without), let = route_of(&with), joined = route_of(&customer);
  policy->require_dkim = FALSE;
  g_assert_cmpint(held->kind, ==, SL_ROUTE_AGENT_HELD);
  g_assert_cmpint(let->kind, ==, SL_ROUTE_AGENT);
  g_assert_cmpint(joined->kind, ==, SL_ROUTE_JOIN);
}

static char *
command_route(SlVerb verb, const char *probe_text, gint64 ticket, const char *actor)
{
  g_autoptr(SlProbe) probe = sl_probe_new();
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = actor, .command = {.verb = verb, .ticket = ticket, .from = LENA}};
  fill_probe(probe, probe_text);
  g_autoptr(SlRoute) route = sl_desk_route(policy, probe, &stimulus, at(now_text));
  return said(route);
}

static void
test_commands(void)
{
  static const struct {
    SlVerb verb;
    const char *probe;
    gint64 ticket;
    const char *actor, *wanted;
  } commands[] = {
      {SL_VERB_TAKE, "brief=1001", 1001, "agent:ana", "AGENT 1001 agent=ana command acme"},
      {SL_VERB_TAKE, "brief=1001", 1001, "cli:root", "AGENT 1001 command acme"},
      {SL_VERB_TAKE, "brief=1001", 1001, "agent:nobody", "AGENT 1001 command acme"},
      {SL_VERB_TAKE, "", 4711, "agent:ana", "REFUSED agent=ana command default"},
      {SL_VERB_NEW, "", 0, "agent:ana", "NEW agent=ana command blauwasser"},
      {SL_VERB_AWAY, "burden=1004 burden=1001", 0, "agent:ana", "AGENT +1001 +1004 agent=ana command default"},
      {SL_VERB_MERGE, "brief=1001 named=1004", 1001, "agent:ana", "AGENT 1001 +1004 agent=ana command acme"},
      {SL_VERB_UNDO, "brief=1001 absorbed=1006", 1001, "agent:ana", "AGENT 1001 +1006 agent=ana command acme"},
      {SL_VERB_TAKE, "brief=1006", 1006, "agent:ana", "AGENT 1006 agent=ana command acme"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *got = command_route(commands[i].verb, commands[i].probe, commands[i].ticket, commands[i].actor);
    g_assert_cmpstr(got, ==, commands[i].wanted);
  }
}

static void
test_other_stimuli(void)
{
  static const SlStimulusKind kinds[] = {SL_STIMULUS_ALARM, SL_STIMULUS_DELIVERY, SL_STIMULUS_BUNDLE};
  static const char *const wanted[] = {"ALARM 1001 +1004 default", "DELIVERY 1001 +1004 default", "BUNDLE 1001 +1004 default"};
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(SlProbe) probe = sl_probe_new();
    SlStimulus stimulus = {.kind = kinds[i], .ticket = 1001, .person = ANA};
    fill_probe(probe, "brief=1004");
    g_autoptr(SlRoute) route = sl_desk_route(policy, probe, &stimulus, at(now_text));
    g_autofree char *got = said(route);
    g_assert_cmpstr(got, ==, wanted[i]);
    g_assert_cmpstr(route->person, ==, kinds[i] == SL_STIMULUS_BUNDLE ? ANA : NULL);
  }
}

static void
test_equal(void)
{
  static const Row a = {"", MARIA, "ref=1001", "", NULL}, b = {"", JUAN, "ref=1001", "", NULL}, c = {"", MARIA, "ref=1002", "", NULL},
                   d = {"", MARIA, "token=reply:1001:" MARIA, "", NULL}, e = {"", MARIA, "", "", NULL};
  const Row *const others[] = {&b, &c, &d, &e};
  g_autoptr(SlRoute) first = route_of(&a);
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(SlRoute) other = route_of(others[i]);
    g_assert_false(sl_route_equal(first, other));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/desk/route/%s", rows[i].what);
    g_strdelimit(name, " ", '-');
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/desk/route/require-dkim", test_require_dkim);
  g_test_add_func("/desk/route/commands", test_commands);
  g_test_add_func("/desk/route/other-stimuli", test_other_stimuli);
  g_test_add_func("/desk/route/equal", test_equal);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
