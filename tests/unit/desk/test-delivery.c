/* SPDX-License-Identifier: ISC */
/* What the SMTP server's word does to a ticket, and what a bounce does: found by its letter, un-met what it must, and told once. */
#include "pure.h"

static SlPolicy *policy;

#define OPEN  "Tue 10:00 received; Tue 10:00 assigned agent=ana"
#define ACKED OPEN "; Tue 10:01 acknowledged"

typedef struct {
  const char *what, *story; /* NULL: the letter is of no ticket */
  SlLetterKind kind;
  const char *recipient;
  enum { ACCEPTED, REFUSED, HARD_BOUNCE, DELAY, BOUNCE_OF_NOTHING } word;
  const char *wanted;
} Row;

static const Row rows[] = {
    {"ack accepted", OPEN, SL_LETTER_ACK, MARIA, ACCEPTED, "acknowledged by slate"},
    {"ack accepted twice", ACKED, SL_LETTER_ACK, MARIA, ACCEPTED, ""},
    {"answer accepted", OPEN, SL_LETTER_ANSWER, MARIA, ACCEPTED, ""},
    {"alert accepted", NULL, SL_LETTER_ALERT, "postmaster@poologics.example", ACCEPTED, ""},
    {"ack refused", OPEN, SL_LETTER_ACK, MARIA, REFUSED, "bounced by slate; letter bounce to ana@poologics.example (3)"},
    {"answer refused", OPEN, SL_LETTER_ANSWER, MARIA, REFUSED, "bounced by slate; letter bounce to ana@poologics.example (3)"},
    {"assignment refused", OPEN, SL_LETTER_ASSIGNMENT, ANA, REFUSED, "bounced by slate; letter alert to postmaster@poologics.example (letter9-1794927900)"},
    {"escalation to an address refused", OPEN, SL_LETTER_ESCALATION, "product@elsewhere.example", REFUSED, "bounced by slate; letter alert to postmaster@poologics.example (letter9-1794927900)"},
    {"alert refused", NULL, SL_LETTER_ALERT, "postmaster@poologics.example", REFUSED, ""},
    {"list refused", NULL, SL_LETTER_UPDATE_REQUEST, ANA, REFUSED, "letter alert to postmaster@poologics.example (letter9-1794927900)"},
    {"bounce letter refused", OPEN, SL_LETTER_BOUNCE, ANA, REFUSED, "bounced by slate"},
    {"ack bounced", ACKED, SL_LETTER_ACK, MARIA, HARD_BOUNCE, "bounced by slate; letter bounce to ana@poologics.example (4); = bounce"},
    {"ack delayed", ACKED, SL_LETTER_ACK, MARIA, DELAY, "bounced by slate; = bounce"},
    {"answer bounced", ACKED, SL_LETTER_ANSWER, MARIA, HARD_BOUNCE, "bounced by slate; letter bounce to ana@poologics.example (4); = bounce"},
    {"assignment bounced", ACKED, SL_LETTER_ASSIGNMENT, ANA, HARD_BOUNCE, "bounced by slate; letter alert to postmaster@poologics.example (letter9-5); = bounce"},
    {"bounce of nothing", NULL, SL_LETTER_ACK, NULL, BOUNCE_OF_NOTHING, "= bounce"},
};

static void
set_letter(SlFacts *facts, const Row *row)
{
  gint64 id = 1001;
  facts->letter_id = 9;
  facts->letter_kind = row->kind;
  facts->letter_purpose = g_strdup("purpose");
  facts->letter_recipient = g_strdup(row->recipient);
  facts->letter_event = row->kind == SL_LETTER_ANSWER ? 2 : 0;
  if (row->story)
    g_array_append_val(facts->letter_tickets, id);
}

static SlMail *
bounce_mail(gboolean hard)
{
  SlMail *mail = pure_mail("mailer-daemon@mx.example", "Undelivered", "");
  SlDsn *dsn = g_new0(SlDsn, 1);
  mail->origin = SL_ORIGIN_BOUNCE;
  dsn->kind = g_strdup(hard ? "hard" : "soft");
  dsn->status = g_strdup("5.1.1");
  g_ptr_array_add(mail->dsn, dsn);
  return mail;
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  gboolean by_mail = row->word >= HARD_BOUNCE;
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", row->story);
  g_autoptr(SlRoute) route = pure_route(policy, by_mail ? SL_ROUTE_BOUNCE : SL_ROUTE_DELIVERY, row->story ? 1001 : 0, NULL);
  g_autoptr(SlMail) mail = bounce_mail(row->word == HARD_BOUNCE);
  SlStimulus stimulus = {.kind = by_mail ? SL_STIMULUS_MAIL : SL_STIMULUS_DELIVERY,
                         .mail = {.mail = mail, .mail_id = 5, .received = facts->now},
                         .delivery = {9, row->recipient, row->word == ACCEPTED, "550 no"}};
  if (row->word != BOUNCE_OF_NOTHING)
    set_letter(facts, row);
  g_autoptr(SlDecision) decision = sl_desk_decide(facts, route, &stimulus);
  g_autofree char *got = pure_told(decision);
  g_assert_cmpstr(got, ==, row->wanted);
}

/* One letter that named three tickets meets, and un-meets, all three. */
static void
test_combined(void)
{
  g_autoptr(SlFacts) facts = pure_facts(policy, "Tue 10:05", OPEN);
  g_autoptr(SlRoute) route = pure_route(policy, SL_ROUTE_DELIVERY, 1001, NULL);
  SlStimulus accepted = {.kind = SL_STIMULUS_DELIVERY, .delivery = {9, MARIA, TRUE, "250"}};
  SlStimulus refused = {.kind = SL_STIMULUS_DELIVERY, .delivery = {9, MARIA, FALSE, "550"}};
  static const Row letter = {"", OPEN, SL_LETTER_ACK, MARIA, ACCEPTED, NULL};
  set_letter(facts, &letter);
  for (gint64 id = 1002; id <= 1003; id++) {
    g_ptr_array_add(facts->tickets, pure_ticket(policy, id, OPEN, "Tue 10:05"));
    g_array_append_val(facts->letter_tickets, id);
  }
  g_autoptr(SlDecision) met = sl_desk_decide(facts, route, &accepted);
  g_autoptr(SlDecision) unmet = sl_desk_decide(facts, route, &refused);
  g_assert_cmpuint(met->changes->len, ==, 3);
  g_assert_cmpuint(unmet->changes->len, ==, 3);
  g_assert_cmpuint(unmet->letters->len, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strdup_printf("/desk/delivery/%s", rows[i].what);
    g_strdelimit(name, " ", '-');
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/desk/delivery/combined", test_combined);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
