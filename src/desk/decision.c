/* SPDX-License-Identifier: ISC */
#include "desk/decision.h"

static const char *const outcome_words[] = {
#define X(name, word) [SL_OUTCOME_##name] = word,
    SL_OUTCOMES(X)
#undef X
};

const char *
sl_outcome_word(SlOutcome outcome)
{
  return outcome_words[outcome];
}

gboolean
sl_outcome_parse(const char *word, SlOutcome *out_outcome)
{
  for (guint i = 0; i < G_N_ELEMENTS(outcome_words); i++) {
    if (g_strcmp0(word, outcome_words[i]) == 0) {
      *out_outcome = (SlOutcome)i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
change_free(SlChange *change)
{
  g_ptr_array_unref(change->events);
  g_free(change);
}

static void
draft_free(SlNoticeDraft *draft)
{
  g_free(draft->person);
  g_free(draft->cause);
  g_free(draft);
}

static void
fired_free(SlFired *fired)
{
  g_free(fired->target);
  g_free(fired->what);
  g_free(fired);
}

static void
withdrawal_clear(SlWithdrawal *withdrawal)
{
  g_free(withdrawal->cause_prefix);
}

SlDecision *
sl_decision_new(void)
{
  SlDecision *decision = g_new0(SlDecision, 1);
  decision->outcome = SL_OUTCOME_NONE;
  decision->changes = g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
  decision->globals = g_ptr_array_new_with_free_func((GDestroyNotify)sl_event_free);
  decision->letters = g_ptr_array_new_with_free_func((GDestroyNotify)sl_letter_free);
  decision->notices = g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
  decision->withdrawals = g_array_new(FALSE, TRUE, sizeof(SlWithdrawal));
  g_array_set_clear_func(decision->withdrawals, (GDestroyNotify)withdrawal_clear);
  decision->fired = g_ptr_array_new_with_free_func((GDestroyNotify)fired_free);
  decision->spent_notices = g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
  return decision;
}

void
sl_decision_free(SlDecision *decision)
{
  if (!decision)
    return;
  g_free(decision->reason);
  g_ptr_array_unref(decision->changes);
  g_ptr_array_unref(decision->globals);
  g_ptr_array_unref(decision->letters);
  g_ptr_array_unref(decision->notices);
  g_array_unref(decision->withdrawals);
  g_ptr_array_unref(decision->fired);
  g_ptr_array_unref(decision->spent_notices);
  g_free(decision->leaked_token);
  if (decision->absence)
    g_free(decision->absence->agent);
  g_free(decision->absence);
  g_clear_error(&decision->refusal);
  g_free(decision);
}

SlChange *
sl_decision_change(SlDecision *decision, gint64 ticket)
{
  for (guint i = 0; i < decision->changes->len; i++) {
    SlChange *change = decision->changes->pdata[i];
    if (change->ticket == ticket)
      return change;
  }
  SlChange *change = g_new0(SlChange, 1);
  change->ticket = ticket;
  change->events = g_ptr_array_new_with_free_func((GDestroyNotify)sl_event_free);
  g_ptr_array_add(decision->changes, change);
  return change;
}

SlEvent *
sl_decision_event(SlDecision *decision, gint64 ticket, SlEventKind kind, SlTime at, const char *actor)
{
  SlEvent *event = sl_event_new(kind, at, actor);
  event->ticket = ticket;
  g_ptr_array_add(sl_decision_change(decision, ticket)->events, event);
  return event;
}

SlEvent *
sl_decision_global(SlDecision *decision, SlEventKind kind, SlTime at, const char *actor)
{
  SlEvent *event = sl_event_new(kind, at, actor);
  g_ptr_array_add(decision->globals, event);
  return event;
}

SlLetter *
sl_decision_letter(SlDecision *decision, SlLetter *letter)
{
  g_ptr_array_add(decision->letters, letter);
  return letter;
}

static SlNoticeDraft *
draft_new(const char *person, gint64 ticket, const char *cause, SlTime ready)
{
  SlNoticeDraft *draft = g_new0(SlNoticeDraft, 1);
  draft->person = g_strdup(person);
  draft->ticket = ticket;
  draft->cause = g_strdup(cause);
  draft->ready = ready;
  return draft;
}

void
sl_decision_notice(SlDecision *decision, const char *person, gint64 ticket, const char *cause, SlTime ready)
{
  g_ptr_array_add(decision->notices, draft_new(person, ticket, cause, ready));
}

void
sl_decision_spend(SlDecision *decision, const char *person, gint64 ticket, const char *cause)
{
  g_ptr_array_add(decision->spent_notices, draft_new(person, ticket, cause, SL_TIME_NONE));
}

void
sl_decision_withdraw(SlDecision *decision, gint64 ticket, SlLetterKind kind, const char *cause_prefix)
{
  SlWithdrawal withdrawal = {ticket, kind, g_strdup(cause_prefix)};
  g_array_append_val(decision->withdrawals, withdrawal);
}

void
sl_decision_absence(SlDecision *decision, const char *agent, SlTime until)
{
  if (!decision->absence)
    decision->absence = g_new0(SlAbsence, 1);
  g_free(decision->absence->agent);
  decision->absence->agent = g_strdup(agent);
  decision->absence->until = until;
}

void
sl_decision_forget(SlDecision *decision)
{
  GPtrArray *const lists[] = {decision->changes, decision->globals, decision->letters, decision->notices, decision->fired, decision->spent_notices};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    g_ptr_array_set_size(lists[i], 0);
  g_array_set_size(decision->withdrawals, 0);
  g_clear_pointer(&decision->leaked_token, g_free);
  if (decision->absence)
    g_free(decision->absence->agent);
  g_clear_pointer(&decision->absence, g_free);
  decision->release = decision->drop = decision->move_mail = 0;
}

void
sl_decision_fire(SlDecision *decision, gint64 ticket, const SlAlarm *alarm, int cycle)
{
  SlFired *fired = g_new0(SlFired, 1);
  fired->ticket = ticket;
  fired->target = g_strdup(sl_target_word(alarm->target));
  fired->cycle = cycle;
  fired->level = alarm->level;
  fired->what = g_strdup(sl_alarm_word(alarm->kind));
  fired->at = alarm->at;
  fired->due_at = alarm->due_at;
  g_ptr_array_add(decision->fired, fired);
}

void
sl_decision_refuse(SlDecision *decision, SlError code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_clear_error(&decision->refusal);
  decision->refusal = g_error_new_valist(SL_ERROR, (gint)code, format, args);
  va_end(args);
}
