/* SPDX-License-Identifier: ISC */
/* The small rules of the desk: dates in words, orders in mail, the customer's words, triage, assignment, who is who. */
#include <string.h>

#include "desk/assign.h"
#include "desk/orders.h"
#include "desk/triage.h"
#include "desk/when.h"

static SlCalendar *calendar;
static SlPolicy *policy;

static SlTime
utc(const char *text)
{
  SlTime t = 0;
  gboolean ok = sl_time_parse(text, &t);
  g_assert_true(ok);
  return t;
}

/* ---- dates in words: now is Tuesday 24 November 2026, 10:00 EST ---- */

static void
test_when(void)
{
  static const struct {
    const char *words, *utc; /* NULL: refused */
  } rows[] = {
      {"2h", "2026-11-24T17:00:00Z"},           {"30m", "2026-11-24T15:30:00Z"},          {"1d", "2026-11-25T15:00:00Z"},
      {"16:00", "2026-11-24T21:00:00Z"},        {"09:00", "2026-11-25T14:00:00Z"},        {"4pm", "2026-11-24T21:00:00Z"},
      {"today 16:00", "2026-11-24T21:00:00Z"},  {"tomorrow", "2026-11-25T23:00:00Z"},     {"tomorrow 16:00", "2026-11-25T21:00:00Z"},
      {"Fri", "2026-11-27T23:00:00Z"},          {"Fri 16:00", "2026-11-27T21:00:00Z"},    {"friday at 16:00", "2026-11-27T21:00:00Z"},
      {"Tue", "2026-12-01T23:00:00Z"},          {"next mon 9:30", "2026-11-30T14:30:00Z"}, {"2026-11-25 16:00", "2026-11-25T21:00:00Z"},
      {"2026-11-25", "2026-11-25T23:00:00Z"},   {"2026-11-25T16:00", "2026-11-25T21:00:00Z"},
      {"2026-11-25T16:00:00Z", "2026-11-25T16:00:00Z"},                                   {"25 Nov 16:00", "2026-11-25T21:00:00Z"},
      {"7 Jan", "2027-01-07T23:00:00Z"},        {"25.11. 14 Uhr", "2026-11-25T19:00:00Z"}, {"25.11.2026 14:00", "2026-11-25T19:00:00Z"},
      {"morgen 16:00", "2026-11-25T21:00:00Z"}, {"übermorgen", "2026-11-26T23:00:00Z"},   {"Freitag 9:00", "2026-11-27T14:00:00Z"},
      {"heute 15 Uhr", "2026-11-24T20:00:00Z"}, {"mañana 16:00", "2026-11-25T21:00:00Z"}, {"viernes a las 16:00", "2026-11-27T21:00:00Z"},
      {"hoy 17:00", "2026-11-24T22:00:00Z"},    {"30 noviembre", "2026-11-30T23:00:00Z"},
      {"yesterday", NULL},                      {"today 09:00", NULL},                    {"2026-11-23", NULL},
      {"Fry", NULL},                            {"", NULL},                               {"25:00", NULL},
      {"11/25", NULL},                          {"30 Feb", NULL},                         {"soon", NULL},
      {"the day after never", NULL},            {"2026-11-24T10:00:00-05:00", NULL},
  };
  SlTime now = utc("2026-11-24T15:00:00Z");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlTime t = SL_TIME_NONE;
    g_autofree char *why = NULL;
    gboolean ok = sl_when_parse(rows[i].words, calendar, now, &t, &why);
    g_autofree char *got = ok ? sl_time_format(t) : NULL;
    g_test_message("\"%s\"", rows[i].words);
    g_assert_cmpstr(got, ==, rows[i].utc);
    g_assert_cmpint(ok, ==, why == NULL);
  }
}

static void
test_when_prefix_and_say(void)
{
  SlTime t, now = utc("2026-11-24T15:00:00Z");
  gsize used = sl_when_prefix("Fri 16:00 because the template is broken", calendar, now, &t);
  g_assert_cmpuint(used, ==, strlen("Fri 16:00"));
  g_assert_cmpuint(sl_when_prefix("because of Fri", calendar, now, &t), ==, 0);
  static const struct {
    const char *at, *theirs, *said;
  } rows[] = {
      {"2026-11-24T17:47:00Z", "Europe/Berlin", "12:47 EST (18:47 your time)"},
      {"2026-11-24T17:47:00Z", "America/New_York", "12:47 EST"},
      {"2026-11-27T14:55:00Z", NULL, "Fri 09:55 EST"},
      {"2026-12-07T14:55:00Z", NULL, "Mon 7 Dec 09:55 EST"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *said = sl_when_say(utc(rows[i].at), now, "America/New_York", rows[i].theirs);
    g_assert_cmpstr(said, ==, rows[i].said);
  }
}

/* ---- orders in an agent's mail ---- */

static void
test_orders(void)
{
  static const struct {
    const char *reply, *orders, *text, *unknown;
  } rows[] = {
      {"Hello Maria.", "", "Hello Maria.", NULL},
      {"/take", "take:", "", NULL},
      {"/TAKE\n\nOn it.", "take:", "On it.", NULL},
      {"/eta Fri 16:00\n\nA part is missing.", "eta:Fri 16:00", "A part is missing.", NULL},
      {"Words first.\n\n/wait", "wait:", "Words first.", NULL},
      {"/take\n/prio critical\n\nHello.", "take: prio:critical", "Hello.", NULL},
      {"/tmp is full", "", "/tmp is full", NULL},
      {"/etc/hosts is wrong", "", "/etc/hosts is wrong", NULL},
      {" /take", "", "/take", NULL},
      {"> /take", "", "> /take", NULL},
      {"One.\n\n/take\n\nThree.", "", "One.\n\n/take\n\nThree.", NULL},
      {"Bye\n\n/Chen", "", "Bye\n\n/Chen", NULL},
      {"/tak", "", "", "/tak"},
      {"/closed it works", "", "", "/closed"},
      {"/resolv\n\nfixed", "", "fixed", "/resolv"},
      {"Fine.\n\n-- \n/take", "", "Fine.\n\n-- \n/take", NULL},
      {"", "", "", NULL},
      {"/", "", "/", NULL},
      {"/ take", "", "/ take", NULL},
      {"/reply hello", "", "", "/reply"}, /* never to the customer as such */
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlOrders) orders = sl_orders_read(policy, rows[i].reply);
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint j = 0; j < orders->orders->len; j++) {
      const SlOrder *order = orders->orders->pdata[j];
      g_string_append_printf(got, "%s%s:%s", j ? " " : "", sl_verb_word(order->verb), order->argument);
    }
    g_test_message("row %u: \"%s\"", i, rows[i].reply);
    g_assert_cmpstr(got->str, ==, rows[i].orders);
    g_assert_cmpstr(orders->unknown, ==, rows[i].unknown);
    if (!rows[i].unknown)
      g_assert_cmpstr(orders->text, ==, rows[i].text);
  }
}

/* ---- the customer's words ---- */

static void
test_words(void)
{
  static const struct {
    const char *reply;
    SlWord word;
  } rows[] = {
      {"URGENT", SL_WORD_URGENT},         {"urgent!", SL_WORD_URGENT},           {"Solved.", SL_WORD_SOLVED},
      {"stop", SL_WORD_STOP},             {"OK", SL_WORD_OK},                    {"Thanks", SL_WORD_THANKS},
      {"Thank you very much!", SL_WORD_THANKS}, {"Vielen Dank", SL_WORD_THANKS}, {"Muchas gracias", SL_WORD_THANKS},
      {"Merci beaucoup", SL_WORD_THANKS}, {"Great, thanks!", SL_WORD_THANKS},
      {"Thanks, but it still fails", SL_WORD_NONE},  {"It is urgent", SL_WORD_NONE}, {"not solved", SL_WORD_NONE},
      {"", SL_WORD_NONE},                 {"stop the pump", SL_WORD_NONE},       {"you", SL_WORD_NONE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_test_message("\"%s\"", rows[i].reply);
    g_assert_cmpint(sl_triage_word(rows[i].reply, "Max Muster"), ==, rows[i].word);
  }
}

static int
triaged(const char *from, const char *subject, const char *body)
{
  g_autoptr(SlMail) mail = sl_mail_new();
  SlTriage triage;
  g_free(mail->subject);
  g_free(mail->reply);
  mail->subject = g_strdup(subject);
  mail->reply = g_strdup(body);
  mail->from = sl_mailbox_new("", from);
  const SlMailStimulus stimulus = {.mail = mail};
  sl_desk_triage(policy, &stimulus, &triage);
  int priority = triage.priority;
  sl_triage_clear(&triage);
  return priority;
}

static void
test_triage(void)
{
  static const struct {
    const char *subject, *body;
    gboolean critical;
  } rows[] = {
      {"Cannot generate estimate for pool 14", "", TRUE}, {"blocked: no proposal possible", "", TRUE},
      {"Problem", "We can't create the proposal.", TRUE}, {"Hilfe", "Das Angebot kann nicht erstellt werden.", TRUE},
      {"Ayuda", "No podemos enviar el presupuesto.", TRUE}, {"Login loop", "I cannot log in.", FALSE},
      {"Estimate", "Thank you for the estimate.", FALSE}, {"", "", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_test_message("\"%s\" \"%s\"", rows[i].subject, rows[i].body);
    g_assert_cmpint(triaged("maria@acme-pools.example", rows[i].subject, rows[i].body), ==, rows[i].critical ? SL_PRIORITY_CRITICAL : -1);
  }
  g_autofree char *hostile = g_strnfill(2000000, 'a');
  g_assert_cmpint(triaged("x@y.example", hostile, hostile), ==, -1);
}

/* ---- people ---- */

static void
test_policy(void)
{
  g_assert_cmpstr(sl_policy_client_of(policy, "maria@acme-pools.example")->name, ==, "acme");
  g_assert_cmpstr(sl_policy_client_of(policy, "maria@EU.Acme-Pools.example")->name, ==, "acme");
  g_assert_cmpstr(sl_policy_client_of(policy, "maria@notacme-pools.example")->name, ==, "default");
  g_assert_cmpstr(sl_policy_client_of(policy, "")->name, ==, "default");
  g_assert_cmpstr(sl_policy_agent_by_mail(policy, "ANA@poologics.example")->name, ==, "ana");
  g_assert_null(sl_policy_agent_by_mail(policy, "ana@poologics.example.evil.example"));
  g_assert_true(sl_policy_is_stranger(policy, "x@elsewhere.example"));
  g_assert_false(sl_policy_is_stranger(policy, "ana@poologics.example"));
  g_autoptr(GPtrArray) seniors = sl_policy_resolve(policy, "role:senior", NULL, NULL);
  g_assert_cmpuint(seniors->len, ==, 1);
  g_autoptr(GPtrArray) but_chen = sl_policy_resolve(policy, "role:senior", "chen", NULL);
  g_assert_cmpuint(but_chen->len, ==, 0);
  g_autoptr(GPtrArray) address = sl_policy_resolve(policy, "product@poologics.example", NULL, NULL);
  g_assert_cmpstr(address->pdata[0], ==, "product@poologics.example");
}

static void
test_assign(void)
{
  g_autoptr(GHashTable) loads = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(loads, (gpointer) "ana", GINT_TO_POINTER(3));
  g_hash_table_insert(loads, (gpointer) "bill", GINT_TO_POINTER(2));
  g_assert_cmpstr(sl_desk_assign(policy, loads, NULL, "en", NULL)->name, ==, "bill");
  g_assert_cmpstr(sl_desk_assign(policy, loads, NULL, "de", NULL)->name, ==, "bill");
  g_hash_table_insert(loads, (gpointer) "bill", GINT_TO_POINTER(9));
  g_assert_cmpstr(sl_desk_assign(policy, loads, NULL, "en", NULL)->name, ==, "ana");
  g_assert_cmpstr(sl_desk_assign(policy, loads, NULL, "de", NULL)->name, ==, "bill"); /* the only one who speaks it */
  g_assert_cmpstr(sl_desk_assign(policy, loads, NULL, "fi", NULL)->name, ==, "ana");  /* nobody does: anybody */
  policy->assign = SL_ASSIGN_ROUND_ROBIN;
  g_assert_cmpstr(sl_desk_assign(policy, loads, "ana", "en", NULL)->name, ==, "bill");
  g_assert_cmpstr(sl_desk_assign(policy, loads, "bill", "en", NULL)->name, ==, "ana");
  policy->assign = SL_ASSIGN_MANUAL;
  g_assert_null(sl_desk_assign(policy, loads, "ana", "en", NULL));
  policy->assign = SL_ASSIGN_LEAST_OPEN;
}

static void
add_agent(const char *name, const char *role, const char *language)
{
  SlAgent *agent = sl_agent_new(name);
  g_ptr_array_add(agent->mail, g_strdup_printf("%s@poologics.example", name));
  g_ptr_array_add(agent->roles, g_strdup(role));
  g_ptr_array_add(agent->languages, g_strdup("en"));
  if (language)
    g_ptr_array_add(agent->languages, g_strdup(language));
  g_ptr_array_add(policy->agents, agent);
}

static void
make_world(void)
{
  SlClient *acme = sl_client_new("acme");
  SlAgreement *agreement = sl_agreement_new_default();
  policy = sl_policy_new();
  calendar = sl_calendar_new(sl_calendar_get_spec(agreement->calendar), NULL);
  g_ptr_array_add(acme->domains, g_strdup("acme-pools.example"));
  acme->agreement = agreement;
  g_ptr_array_add(policy->clients, acme);
  add_agent("ana", "agent", NULL);
  add_agent("bill", "agent", "de");
  add_agent("chen", "senior", NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_world();
  g_test_add_func("/desk/when/words", test_when);
  g_test_add_func("/desk/when/prefix-and-say", test_when_prefix_and_say);
  g_test_add_func("/desk/orders", test_orders);
  g_test_add_func("/desk/triage/words", test_words);
  g_test_add_func("/desk/triage/critical", test_triage);
  g_test_add_func("/desk/policy", test_policy);
  g_test_add_func("/desk/assign", test_assign);
  int rc = g_test_run();
  sl_policy_free(policy);
  sl_calendar_free(calendar);
  return rc;
}
