/* SPDX-License-Identifier: ISC */
#include "desk/delivery.h"

#include <string.h>

/* The SMTP server took the acknowledgement: that is what meets S2, for each ticket that the letter names. */
static void
acknowledged(const SlFacts *facts, SlDecision *decision)
{
  for (guint i = 0; i < facts->letter_tickets->len; i++) {
    gint64 id = g_array_index(facts->letter_tickets, gint64, i);
    const SlTicketFacts *ticket = sl_facts_ticket(facts, id);
    const SlClock *ack = ticket ? sl_clock_find(ticket->clocks, SL_TARGET_ACK, 0) : NULL;
    if (!ticket || ticket->ticket->acknowledged_at != SL_TIME_NONE || (ack && ack->state == SL_CLOCK_CANCELLED))
      continue; /* cancelled: split off one that was acknowledged */
    SlEvent *event = sl_decision_event(decision, id, SL_EVENT_ACKNOWLEDGED, facts->now, "slate");
    sl_json_set_int(event->detail, "letter", facts->letter_id);
  }
}

static gboolean
to_customer(const SlFacts *facts, const SlTicketFacts *ticket)
{
  return facts->letter_recipient && !sl_policy_agent_by_mail(facts->policy, facts->letter_recipient) && ticket &&
         ticket->ticket->requester && facts->letter_kind != SL_LETTER_ESCALATION && facts->letter_kind != SL_LETTER_BREACH &&
         facts->letter_kind != SL_LETTER_ALL_CLEAR && facts->letter_kind != SL_LETTER_ALERT;
}

static void
record_bounce(const SlFacts *facts, gint64 ticket, gboolean hard, gint64 mail, SlDecision *decision)
{
  SlEvent *event = sl_decision_event(decision, ticket, SL_EVENT_BOUNCED, facts->now, "slate");
  sl_json_set_int(event->detail, "letter", facts->letter_id);
  sl_json_set_string(event->detail, "kind", sl_letter_word(facts->letter_kind));
  sl_json_set_int(event->detail, "ref", facts->letter_event);
  sl_json_set_bool(event->detail, "hard", hard);
  sl_json_set_int(event->detail, "mail", mail);
}

static void
tell(const SlFacts *facts, const SlTicketFacts *ticket, const char *address, const char *diagnostic, const char *cause,
     SlDecision *decision)
{
  SlLetter *letter = sl_draft_to_staff(facts, ticket, SL_LETTER_BOUNCE, "bounce", address, SL_SCOPE_NOTE);
  letter->cause = g_strdup(cause);
  sl_json_set_string(letter->fields, "recipient", facts->letter_recipient);
  sl_json_set_string(letter->fields, "diagnostic", diagnostic);
  sl_json_set_string(letter->fields, "kind", sl_letter_word(facts->letter_kind));
  sl_decision_letter(decision, letter);
}

/* A letter to one of ours, or of no ticket, cannot be delivered: the postmaster is told, and nobody about that again. */
static void
alert_postmaster(const SlFacts *facts, const char *diagnostic, gint64 mail, SlDecision *decision)
{
  if (facts->letter_kind == SL_LETTER_ALERT || facts->letter_kind == SL_LETTER_BOUNCE)
    return;
  SlLetter *letter = sl_letter_new(SL_LETTER_ALERT, "alert", 0);
  g_autofree char *what = g_strdup_printf("A letter to %s could not be delivered.", facts->letter_recipient);
  letter->no_ticket = TRUE;
  letter->voice = SL_VOICE_MACHINE;
  letter->cause = g_strdup_printf("letter%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, facts->letter_id,
                                  mail ? mail : facts->now / SL_SECOND); /* sent again, it may fail again; and a bounce may follow a refusal */
  sl_letter_add_to(letter, facts->policy->postmaster);
  sl_letter_set_person(letter, facts->letter_recipient);
  sl_json_set_string(letter->fields, "company", facts->policy->company);
  sl_json_set_string(letter->fields, "what", what);
  sl_json_set_string(letter->fields, "why", diagnostic);
  sl_json_set_string(letter->fields, "what_to_do", "Mend the address in the configuration; `slate outbox retry` sends it again.");
  sl_json_set_string(letter->fields, "source", facts->letter_purpose);
  sl_decision_letter(decision, letter);
}

static void
undeliverable(const SlFacts *facts, const char *diagnostic, gint64 mail, SlDecision *decision)
{
  gint64 id = facts->letter_tickets->len ? g_array_index(facts->letter_tickets, gint64, 0) : 0;
  const SlTicketFacts *ticket = sl_facts_ticket(facts, id);
  for (guint i = 0; ticket && i < facts->letter_tickets->len; i++) {
    if (sl_facts_ticket(facts, g_array_index(facts->letter_tickets, gint64, i)))
      record_bounce(facts, g_array_index(facts->letter_tickets, gint64, i), TRUE, mail, decision);
  }
  if (!to_customer(facts, ticket)) {
    alert_postmaster(facts, diagnostic, mail, decision);
    return;
  }
  g_autoptr(GPtrArray) workers = sl_draft_workers(facts->policy, ticket->ticket, NULL);
  g_autofree char *cause = sl_draft_cause(facts, decision, id);
  for (guint i = 0; i < workers->len; i++) {
    if (!sl_address_equal(workers->pdata[i], facts->letter_recipient))
      tell(facts, ticket, workers->pdata[i], diagnostic, cause, decision);
  }
}

void
sl_desk_delivery(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  (void)route;
  if (!stimulus->delivery.accepted)
    undeliverable(facts, stimulus->delivery.text, 0, decision);
  else if (facts->letter_kind == SL_LETTER_ACK)
    acknowledged(facts, decision);
}

/* The first recipient that failed for good; NULL when none did (a delay is no failure). */
static const SlDsn *
hard_failure(const SlMail *mail)
{
  for (guint i = 0; i < mail->dsn->len; i++) {
    const SlDsn *dsn = mail->dsn->pdata[i];
    if (g_strcmp0(dsn->kind, "hard") == 0)
      return dsn;
  }
  return NULL;
}

void
sl_desk_bounce(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus, SlDecision *decision)
{
  const SlMail *mail = stimulus->mail.mail;
  const SlDsn *failure = hard_failure(mail);
  decision->outcome = SL_OUTCOME_BOUNCE;
  decision->reason = g_strdup(route->reason);
  decision->ticket = route->ticket;
  if (!route->ticket)
    return;
  if (!facts->letter_id || !failure) {
    record_bounce(facts, route->ticket, FALSE, stimulus->mail.mail_id, decision);
    return;
  }
  undeliverable(facts, failure->diagnostic ? failure->diagnostic : failure->status, stimulus->mail.mail_id, decision);
}
