/* SPDX-License-Identifier: ISC */
#include "work/step.h"

#include <string.h>

#include "desk/draft.h"
#include "store/agreements.h"
#include "store/events.h"
#include "store/mails.h"
#include "store/notices.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/raw.h"
#include "store/tickets.h"
#include "work/house.h"
#include "work/wake.h"

#define MOST_TRIES      16
#define TOKENS_END      (30 * SL_DAY)                         /* agents' signed addresses, after closing */

/* One try of a step. `lost`: somebody was faster; begin again on the newer facts. */
typedef struct {
  SlWork *work;
  SlStimulus *stimulus;
  const SlStepMail *mail;
  SlTime now;
  SlRoute *route;
  gint64 bounced_letter;
  gint64 door; /* of the mail's content */
  SlFacts *facts;
  SlDecision *decision;
  gint64 new_ticket;
  gboolean lost;
  char *lost_to; /* what was there already; NULL */
  SlStepResult *result;
} Step;

void
sl_step_result_clear(SlStepResult *result)
{
  g_clear_pointer(&result->reason, g_free);
  g_clear_pointer(&result->fired, g_ptr_array_unref);
}

/* What was there already, for the message of a step that is never through: then it is our fault, and this says where. */
static void
lost_to(Step *s, char *take)
{
  g_free(s->lost_to);
  s->lost_to = take;
}

/* ---- route and lock ---- */

static SlRoute *
route_now(Step *s, GError **error)
{
  g_autoptr(SlProbe) probe = sl_gather_probe(s->work, s->stimulus, s->now, error);
  if (!probe)
    return NULL;
  s->bounced_letter = probe->bounced_letter;
  s->door = probe->door;
  if (s->result)
    s->result->duplicate_of = probe->duplicate_of;
  return sl_desk_route(s->work->config->policy, probe, s->stimulus, s->now);
}

/* The person first, then the tickets, ascending: whoever locks does it in this order, so nobody waits in a circle. */
static gboolean
lock(Step *s, gint64 *out_person, GError **error)
{
  *out_person = 0;
  gboolean needs_person = s->stimulus->kind == SL_STIMULUS_MAIL || s->stimulus->kind == SL_STIMULUS_COMMAND;
  if (needs_person && s->route->person && !sl_people_lock(s->work->db, s->route->person, out_person, error))
    return FALSE;
  for (guint i = 0; i < s->route->tickets->len; i++) {
    if (!sl_tickets_lock(s->work->db, g_array_index(s->route->tickets, gint64, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
route_and_lock(Step *s, gint64 *out_person, GError **error)
{
  s->route = route_now(s, error);
  if (!s->route || !lock(s, out_person, error))
    return FALSE;
  g_autoptr(SlRoute) again = route_now(s, error);
  if (!again)
    return FALSE;
  s->lost = !sl_route_equal(s->route, again);
  return TRUE;
}

/* ---- the mail itself ---- */

/* Kept before it is decided upon; the content key makes the same mail by the same door commit once. */
static gboolean
keep_mail(Step *s, GError **error)
{
  SlMailStimulus *mail = &s->stimulus->mail;
  gboolean first = FALSE;
  if (s->stimulus->kind != SL_STIMULUS_MAIL || s->route->kind == SL_ROUTE_DUPLICATE || mail->released)
    return TRUE;
  if (!sl_raw_put_fd(s->work->db, s->mail->sha256, s->mail->fd, s->mail->start, error) ||
      !sl_mails_insert(s->work->db, mail->mail, s->mail->sha256, mail->received, mail->mailbox, s->mail->source,
                       &mail->mail_id, error) ||
      !sl_mails_content_put(s->work->db, mail->mail->content_key, s->door, mail->mail_id, &first, error))
    return FALSE;
  s->lost = !first;
  if (s->lost)
    lost_to(s, g_strdup("the same content"));
  return TRUE;
}

static const char *
direction_of(const Step *s)
{
  switch (s->route->kind) {
  case SL_ROUTE_NEW:
  case SL_ROUTE_BULK:
  case SL_ROUTE_FOLLOW_UP:
  case SL_ROUTE_JOIN:
    return "in";
  case SL_ROUTE_FORWARD:
  case SL_ROUTE_FORWARD_JOIN:
  case SL_ROUTE_CALL:
    return "passed";
  case SL_ROUTE_OUTSIDE:
  case SL_ROUTE_INITIATED:
    return "out";
  case SL_ROUTE_AGENT:
    return s->route->scope == SL_SCOPE_NOTE ? "note" : "agent";
  case SL_ROUTE_CONFIRM:
  case SL_ROUTE_AGENT_HELD:
  case SL_ROUTE_STRANGER_HELD:
  case SL_ROUTE_AUTO_REPLY:
  case SL_ROUTE_BOUNCE:
  case SL_ROUTE_SELF:
  case SL_ROUTE_NO_TICKET:
  case SL_ROUTE_DUPLICATE:
  case SL_ROUTE_ALARM:
  case SL_ROUTE_DELIVERY:
  case SL_ROUTE_BUNDLE:
  case SL_ROUTE_REFUSED:
    break;
  }
  return "other";
}

static gboolean
settle_mail(Step *s, GError **error)
{
  if (s->stimulus->kind != SL_STIMULUS_MAIL || s->route->kind == SL_ROUTE_DUPLICATE)
    return TRUE;
  return sl_mails_settle(s->work->db, s->stimulus->mail.mail_id, s->result->ticket, direction_of(s),
                         s->decision->hold_mail ? SL_MAIL_HELD : SL_MAIL_STORED, sl_outcome_word(s->decision->outcome),
                         s->decision->reason, error);
}

/* ---- changes ---- */

static gint64
number_of(const Step *s, gint64 ticket)
{
  return ticket ? ticket : s->new_ticket;
}

/* The text that the client's tickets come in under now; its hash, borrowed. Texts of the configuration do not change while it is in use,
 * so each is hashed once. */
static const char *
put_text(Step *s, const SlClient *client, GError **error)
{
  gboolean stored = FALSE;
  GHashTable *hashes = s->work->hashes;
  if (!g_hash_table_contains(hashes, client->agreement))
    g_hash_table_insert(hashes, client->agreement, sl_agreement_hash(client->agreement));
  const char *hash = g_hash_table_lookup(hashes, client->agreement);
  if (!sl_agreements_is_stored(s->work->db, hash, &stored, error))
    return NULL;
  if (stored)
    return hash;
  if (!sl_agreements_check(s->work->db, client->name, client->agreement, error))
    return NULL;
  g_autofree char *put = sl_agreements_put(s->work->db, client->agreement, error);
  return put ? hash : NULL;
}

static gboolean
begin_ticket(Step *s, SlChange *change, GError **error)
{
  if (change->ticket)
    return TRUE;
  if (s->new_ticket)
    return TRUE;
  SlEvent *received = change->events->pdata[0];
  const char *hash = put_text(s, s->route->client, error);
  if (!hash || !sl_tickets_insert(s->work->db, &s->new_ticket, error))
    return FALSE;
  sl_json_set_string(received->detail, "agreement", hash);
  return TRUE;
}

/* The text with the edited holidays goes before the event that names it. */
static gboolean
put_edited(Step *s, const SlTicketFacts *before, GError **error)
{
  g_autofree char *hash = sl_agreements_put(s->work->db, g_hash_table_lookup(before->texts, before->edited), error);
  return hash != NULL;
}

static gboolean
append_events(Step *s, SlChange *change, const SlTicketFacts *before, GError **error)
{
  gint64 id = number_of(s, change->ticket);
  for (guint i = 0; i < change->events->len && !s->lost; i++) {
    SlEvent *event = change->events->pdata[i];
    gboolean taken = FALSE;
    event->ticket = id;
    if (event->kind == SL_EVENT_RECALENDAR && !put_edited(s, before, error))
      return FALSE;
    if (sl_json_get_bool(event->detail, "new")) /* a split names the ticket that this very step makes */
      sl_json_set_int(event->detail, "ticket", s->new_ticket);
    event->seq = (before ? before->ticket->seq : 0) + (int)i + 1;
    if (!sl_events_append(s->work->db, event, &taken, error))
      return FALSE;
    s->lost = !taken;
    if (s->lost)
      lost_to(s, g_strdup_printf("event %d of ticket %" G_GINT64_FORMAT, event->seq, event->ticket));
  }
  return TRUE;
}

/* An agent's load: open tickets that are theirs. */
static const char *
bears(const SlTicket *ticket)
{
  gboolean open = ticket && (ticket->status == SL_TICKET_OPEN || ticket->status == SL_TICKET_WAITING);
  return open && !ticket->silent ? ticket->assignee : NULL;
}

static gboolean
shift_load(Step *s, const SlTicket *before, const SlTicket *after, GError **error)
{
  const char *from = bears(before);
  const char *to = bears(after);
  if (g_strcmp0(from, to) == 0)
    return TRUE;
  return (!from || sl_people_load_add(s->work->db, from, -1, FALSE, error)) &&
         (!to || sl_people_load_add(s->work->db, to, 1, TRUE, error));
}

static gboolean
end_tokens(Step *s, const SlTicket *before, const SlTicket *after, GError **error)
{
  gboolean was_over = before && sl_ticket_is_over(before);
  gboolean is_over = sl_ticket_is_over(after);
  if (was_over == is_over)
    return TRUE;
  return sl_tokens_end(s->work->db, after->id, is_over ? s->now + TOKENS_END : SL_TIME_NONE, error);
}

static gboolean
count_raise(Step *s, const SlTicket *before, const SlTicket *after, GError **error)
{
  gboolean raised = after->priority == SL_PRIORITY_CRITICAL && (!before || before->priority != SL_PRIORITY_CRITICAL);
  if (!raised || s->stimulus->kind != SL_STIMULUS_MAIL || !s->route->person ||
      !sl_policy_is_stranger(s->work->config->policy, s->route->person))
    return TRUE;
  return sl_people_tally_add(s->work->db, "raise-stranger", "", s->now, error);
}

/* The caches of a ticket are made anew from its events. */
static gboolean
save_ticket(Step *s, SlChange *change, const SlTicketFacts *before, GError **error)
{
  SlTicketFacts *after = sl_draft_after(s->facts, s->route, s->decision, change->ticket);
  g_autoptr(GArray) alarms = sl_gather_alarms(after, s->now);
  const SlEvent *last = change->events->pdata[change->events->len - 1];
  after->ticket->id = number_of(s, change->ticket);
  gboolean ok = sl_tickets_save(s->work->db, after->ticket, after->clocks, alarms, last->hash, error) &&
                shift_load(s, before ? before->ticket : NULL, after->ticket, error) &&
                end_tokens(s, before ? before->ticket : NULL, after->ticket, error) &&
                count_raise(s, before ? before->ticket : NULL, after->ticket, error);
  sl_ticket_facts_free(after);
  return ok;
}

/* The new ticket first: it gets its number, which the others may name. */
static gboolean
begin_new(Step *s, GError **error)
{
  for (guint i = 0; i < s->decision->changes->len; i++) {
    SlChange *change = s->decision->changes->pdata[i];
    if (!change->ticket && !begin_ticket(s, change, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
apply_changes(Step *s, GError **error)
{
  if (!begin_new(s, error))
    return FALSE;
  for (guint i = 0; i < s->decision->changes->len && !s->lost; i++) {
    SlChange *change = s->decision->changes->pdata[i];
    const SlTicketFacts *before = change->ticket ? sl_facts_ticket(s->facts, change->ticket) : NULL;
    if (change->events->len == 0)
      continue;
    if (!append_events(s, change, before, error))
      return FALSE;
    if (!s->lost && !save_ticket(s, change, before, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- letters and notices ---- */

/* A mail that goes along, whole or its files; one that is too large stays behind. */
static gboolean
load_mail(Step *s, gint64 mail, GBytes **out_bytes, GError **error)
{
  if (!mail)
    return TRUE;
  g_autoptr(SlMailRow) row = sl_mails_get(s->work->db, mail, error);
  gint64 size = 0, most = s->work->config->max_attachment_bytes;
  if (!row || !sl_raw_size(s->work->db, row->sha256, &size, error))
    return FALSE;
  if (size <= most)
    *out_bytes = sl_raw_get(s->work->db, row->sha256, most, error);
  return size > most || *out_bytes;
}

static gboolean
put_token(Step *s, const SlLetter *letter, const char *token, SlScope scope, int generation, GError **error)
{
  if (!token)
    return TRUE;
  g_autofree char *hash = sl_token_hash(token);
  return sl_tokens_put(s->work->db, hash, letter->no_ticket ? 0 : letter->ticket, letter->to->pdata[0], scope, generation, error);
}

/* The addresses that a person's letter tells them are theirs. */
static gboolean
put_own_tokens(Step *s, const SlLetter *letter, GError **error)
{
  static const SlScope scopes[] = {SL_SCOPE_SENT, SL_SCOPE_PHONE, SL_SCOPE_CHAT, SL_SCOPE_COMMAND};
  for (guint i = 0; letter->own_addresses && i < G_N_ELEMENTS(scopes); i++) {
    g_autofree char *token = sl_token_make(s->work->key, 0, letter->to->pdata[0], scopes[i], 0);
    g_autofree char *hash = sl_token_hash(token);
    if (!sl_tokens_put(s->work->db, hash, 0, letter->to->pdata[0], scopes[i], 0, error))
      return FALSE;
  }
  return TRUE;
}

/* Ten minutes begin with the first alarm, and again with the first after them. */
static gboolean
open_window(Step *s, const char *to, GError **error)
{
  SlTime until = SL_TIME_NONE;
  if (!sl_people_window(s->work->db, to, &until, error))
    return FALSE;
  return s->now < until || sl_people_window_set(s->work->db, to, s->now + s->work->config->policy->bundle_window_sec * SL_SECOND, error);
}

static gboolean
count_letter(Step *s, const SlLetter *letter, GError **error)
{
  const char *to = letter->to->pdata[0];
  if (letter->kind == SL_LETTER_ACK) {
    g_autofree char *who = sl_address_fold(to);
    return sl_people_tally_add(s->work->db, "ack", who, s->now, error) &&
           (!sl_policy_is_stranger(s->work->config->policy, to) ||
            sl_people_tally_add(s->work->db, "ack-stranger", "", s->now, error));
  }
  if (sl_letter_is_alarm(letter->kind))
    return open_window(s, to, error);
  return TRUE;
}

static gboolean
queue_letter(Step *s, SlLetter *letter, GError **error)
{
  const SlComposer composer = {&s->work->config->letter, s->work->templates, s->work->key, s->now};
  SlComposed composed = {0};
  gboolean taken = FALSE;
  if (!letter->no_ticket)
    letter->ticket = number_of(s, letter->ticket);
  gboolean ok = load_mail(s, letter->original_mail, &letter->original, error) && load_mail(s, letter->files_mail, &letter->files, error) &&
                sl_tokens_generation(s->work->db, letter->no_ticket ? 0 : letter->ticket, letter->to->pdata[0], letter->reply_scope,
                                     &letter->generation, error) &&
                sl_letter_compose(&composer, letter, &composed, error) &&
                put_token(s, letter, composed.reply_token, letter->reply_scope, letter->generation, error) &&
                put_token(s, letter, composed.bounce_token, SL_SCOPE_BOUNCE, 0, error) && put_own_tokens(s, letter, error) &&
                sl_outbox_queue(s->work->db, letter, &composed, letter->event, s->now, &taken, NULL, error) &&
                count_letter(s, letter, error);
  sl_composed_clear(&composed);
  if (ok && !taken) {
    s->lost = TRUE;
    lost_to(s, sl_letter_purpose(letter));
  }
  return ok;
}

static gboolean
queue_letters(Step *s, GError **error)
{
  for (guint i = 0; i < s->decision->letters->len && !s->lost; i++) {
    if (!queue_letter(s, s->decision->letters->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
apply_notices(Step *s, GError **error)
{
  for (guint i = 0; i < s->decision->notices->len; i++) {
    const SlNoticeDraft *draft = s->decision->notices->pdata[i];
    g_autofree char *who = sl_address_fold(draft->person);
    if (!sl_notices_add(s->work->db, who, number_of(s, draft->ticket), draft->cause, draft->ready, error))
      return FALSE;
  }
  for (guint i = 0; i < s->decision->spent_notices->len; i++) {
    const SlNoticeDraft *draft = s->decision->spent_notices->pdata[i];
    if (!sl_notices_spend(s->work->db, draft->person, draft->ticket, draft->cause, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
withdraw_letters(Step *s, GError **error)
{
  for (guint i = 0; i < s->decision->withdrawals->len; i++) {
    const SlWithdrawal *w = &g_array_index(s->decision->withdrawals, SlWithdrawal, i);
    if (!sl_outbox_withdraw(s->work->db, w->ticket, w->kind, w->cause_prefix, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- mails and people beside the tickets ---- */

/* What is of no ticket stands in the record of ticket 0. */
static gboolean
apply_globals(Step *s, GError **error)
{
  for (guint i = 0; i < s->decision->globals->len; i++) {
    if (!sl_events_append_global(s->work->db, s->decision->globals->pdata[i], error))
      return FALSE;
  }
  gboolean house = s->stimulus->kind == SL_STIMULUS_ALARM && s->stimulus->ticket == 0; /* a window that began is announced no more */
  return (s->decision->globals->len == 0 && !house) || sl_house_save_alarms(s->work, s->now, error);
}

/* Global facts stand in the record, too: on ticket 0. */
static gboolean
apply_absence(Step *s, GError **error)
{
  const SlAbsence *absence = s->decision->absence;
  if (!absence)
    return TRUE;
  g_autoptr(SlEvent) event = sl_event_new(SL_EVENT_AWAY, s->now, "slate");
  sl_json_set_string(event->detail, "agent", absence->agent);
  sl_json_set_time(event->detail, "until", absence->until);
  return sl_events_append_global(s->work->db, event, error) &&
         sl_people_absence_set(s->work->db, absence->agent, absence->until, error);
}

static gboolean
apply_mails(Step *s, GError **error)
{
  const SlDecision *d = s->decision;
  return (!d->move_mail || sl_mails_move(s->work->db, d->move_mail, s->new_ticket, error)) &&
         (!d->drop || sl_mails_settle(s->work->db, d->drop, 0, "other", SL_MAIL_DROPPED, "held", "dropped by hand", error)) &&
         (!d->leaked_token || sl_tokens_leak(s->work->db, d->leaked_token, error));
}

/* What was held has its word: it is a stimulus of its own, in the same transaction. */
static gboolean
apply_release(Step *s, GError **error)
{
  SlStepResult released;
  if (!s->decision->release)
    return TRUE;
  if (!sl_step_release(s->work, s->decision->release, "agent", TRUE, &released, error))
    return FALSE;
  s->result->letters += released.letters;
  s->result->ticket = released.ticket ? released.ticket : s->result->ticket;
  sl_step_result_clear(&released);
  return TRUE;
}

/* ---- one try ---- */

static gboolean
apply(Step *s, GError **error)
{
  if (!withdraw_letters(s, error) || !apply_changes(s, error) || s->lost || !apply_mails(s, error) || !queue_letters(s, error) ||
      s->lost || !apply_notices(s, error) || !apply_absence(s, error) || !apply_globals(s, error))
    return !error || !*error;
  s->result->outcome = s->decision->outcome;
  s->result->reason = g_strdup(s->decision->reason);
  s->result->ticket = s->decision->move_mail || !s->decision->ticket ? s->new_ticket : s->decision->ticket; /* a split: the new one */
  s->result->mail = s->stimulus->kind == SL_STIMULUS_MAIL ? s->stimulus->mail.mail_id : 0;
  s->result->fired = g_ptr_array_ref(s->decision->fired);
  s->result->letters = s->decision->letters->len;
  return settle_mail(s, error) && apply_release(s, error);
}

static gboolean
try_step(Step *s, GError **error)
{
  gint64 person = 0;
  if (!route_and_lock(s, &person, error) || s->lost)
    return s->lost;
  if (!keep_mail(s, error) || s->lost)
    return s->lost;
  s->facts = sl_gather_facts(s->work, s->route, s->stimulus, s->now, person, s->bounced_letter, error);
  if (!s->facts)
    return FALSE;
  s->decision = sl_desk_decide(s->facts, s->route, s->stimulus);
  if (s->decision->refusal) {
    g_propagate_error(error, g_steal_pointer(&s->decision->refusal));
    return FALSE;
  }
  return apply(s, error);
}

static void
step_clear(Step *s)
{
  g_clear_pointer(&s->route, sl_route_free);
  g_clear_pointer(&s->decision, sl_decision_free);
  g_clear_pointer(&s->facts, sl_facts_free);
  s->new_ticket = 0;
  s->lost = FALSE;
}

/* Runs tries, each in a savepoint, until nobody was faster. */
static gboolean
run_tries(Step *s, GError **error)
{
  for (int tries = 0; tries < MOST_TRIES; tries++) {
    if (!sl_db_savepoint(s->work->db, error))
      return FALSE;
    gboolean ok = try_step(s, error);
    gboolean lost = ok && s->lost;
    if (ok && !lost)
      ok = sl_db_release(s->work->db, error);
    if (!ok || lost)
      sl_db_rollback_to(s->work->db);
    if (!lost)
      return ok;
    sl_step_result_clear(s->result);
    step_clear(s);
  }
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "others were faster %d times in a row%s%s: try again", MOST_TRIES,
              s->lost_to ? ", with " : "", s->lost_to ? s->lost_to : "");
  return FALSE;
}

static void
wake_others(const Step *s)
{
  const char *spool = s->work->config->spool;
  if (s->result->letters)
    sl_wake(spool, SL_STAGE_SEND);
  if (s->decision && s->decision->changes->len)
    sl_wake(spool, SL_STAGE_TICK);
}

gboolean
sl_step(SlWork *work, SlStimulus *stimulus, const SlStepMail *mail, gboolean nested, SlStepResult *out_result, GError **error)
{
  *out_result = (SlStepResult){.outcome = SL_OUTCOME_NONE};
  if (!sl_work_open_letters(work, error) || (!nested && !sl_db_begin(work->db, error)))
    return FALSE;
  Step s = {.work = work, .stimulus = stimulus, .mail = mail, .now = sl_work_now(work), .result = out_result};
  sl_policy_in_force(work->config->policy, stimulus->kind == SL_STIMULUS_MAIL ? stimulus->mail.received : s.now);
  gboolean ok = run_tries(&s, error);
  if (!nested && ok)
    ok = sl_db_commit(work->db, error);
  else if (!nested)
    sl_db_rollback(work->db);
  if (ok && !nested)
    wake_others(&s);
  step_clear(&s);
  g_free(s.lost_to);
  if (!ok)
    sl_step_result_clear(out_result);
  return ok;
}

gboolean
sl_step_release(SlWork *work, gint64 mail, const char *by, gboolean nested, SlStepResult *out_result, GError **error)
{
  g_autoptr(SlMailRow) row = sl_mails_get(work->db, mail, error);
  if (!row)
    return FALSE;
  if (row->state != SL_MAIL_HELD) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "mail %" G_GINT64_FORMAT " is not held", mail);
    return FALSE;
  }
  g_autoptr(SlMail) parsed = sl_mails_as_mail(row);
  gboolean agents = row->from && sl_policy_agent_by_mail(work->config->policy, row->from);
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL,
                         .mail = {.mail = parsed,
                                  .mail_id = mail,
                                  .received = agents ? sl_work_now(work) : row->received, /* an agent's words count when they are confirmed */
                                  .mailbox = row->mailbox,
                                  .released = TRUE,
                                  .ticket = row->ticket,
                                  .confirmed_by = by}};
  return sl_step(work, &stimulus, NULL, nested, out_result, error);
}
