/* SPDX-License-Identifier: ISC */
/* What a step will do: changes by ticket, letters, notices, withdrawals. Owned by the SlDecision. */
#pragma once
#include "base/error.h"
#include "desk/event.h"
#include "letter/letter.h"
#include "sla/ladder.h"

#define SL_OUTCOMES(X)                                                                                                 \
  X(NEW, "new")                                                                                                        \
  X(REPLY, "reply")                                                                                                    \
  X(COMMAND, "command")                                                                                                \
  X(OUTGOING, "outgoing")                                                                                              \
  X(HELD, "held")                                                                                                      \
  X(REFUSED, "refused")                                                                                                \
  X(BOUNCE, "bounce")                                                                                                  \
  X(AUTO_REPLY, "auto-reply")                                                                                          \
  X(LIST, "list")                                                                                                      \
  X(DUPLICATE, "duplicate")                                                                                            \
  X(BULK, "bulk")                                                                                                      \
  X(SPAM, "spam")                                                                                                      \
  X(SELF, "self")                                                                                                      \
  X(IGNORED, "ignored")                                                                                                \
  X(FILED, "filed")                                                                                                    \
  X(QUARANTINED, "quarantined")                                                                                        \
  X(QUEUED, "queued")                                                                                                  \
  X(NONE, "none") /* alarms, deliveries, bundles */

typedef enum {
#define X(name, word) SL_OUTCOME_##name,
  SL_OUTCOMES(X)
#undef X
} SlOutcome;

const char *sl_outcome_word(SlOutcome outcome); /* static */
gboolean sl_outcome_parse(const char *word, SlOutcome *out_outcome);

typedef struct {
  gint64 ticket;      /* 0: NEW, made by this decision (at most one) */
  GPtrArray *events;  /* SlEvent*; their first is `received` for NEW */
} SlChange;

typedef struct {
  char *person;  /* an address */
  gint64 ticket; /* 0: the new one */
  char *cause;
  SlTime ready;
} SlNoticeDraft;

/* Letters of these kinds on this ticket that have not left are withdrawn: facts made them needless. */
typedef struct {
  gint64 ticket;
  SlLetterKind kind;
  char *cause_prefix; /* only those whose cause begins so ("escalate:answer:"); NULL: all */
} SlWithdrawal;

/* What `tick` reports of an alarm that was dealt with. */
typedef struct {
  gint64 ticket;
  char *target;  /* word */
  int cycle, level;
  char *what;    /* word */
  SlTime at, due_at;
} SlFired;

/* An agent goes (until then) or comes back (NONE). */
typedef struct {
  char *agent;
  SlTime until;
} SlAbsence;

typedef struct {
  SlOutcome outcome;
  char *reason;            /* for people; NULL */
  gint64 ticket;           /* whom the outcome is about; 0: the new one, or none */
  GPtrArray *changes;      /* SlChange* */
  GPtrArray *globals;      /* SlEvent*: for the record of ticket 0 */
  GPtrArray *letters;      /* SlLetter* */
  GPtrArray *notices;      /* SlNoticeDraft* */
  GArray *withdrawals;     /* SlWithdrawal */
  GPtrArray *fired;        /* SlFired* */
  GPtrArray *spent_notices; /* SlNoticeDraft* (ready unused): notices that are dealt with */
  gboolean hold_mail;      /* the mail waits for a person's word */
  gint64 release;          /* a held mail that has its word now: a stimulus of its own follows in the same transaction; 0 */
  gint64 drop;             /* a held mail that nobody wants; 0 */
  gint64 move_mail;        /* a mail that goes over to the new ticket; 0 */
  char *leaked_token;      /* hash of a signed address that outsiders saw: a new one takes its place; NULL */
  SlAbsence *absence;      /* NULL */
  GError *refusal;         /* a command that may not be: SL_ERROR_DENIED, USAGE, NOT_FOUND; nothing else is in it then */
} SlDecision;

SlDecision *sl_decision_new(void);
void sl_decision_free(SlDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlDecision, sl_decision_free)

/* The events of a ticket (0: the new one) in this decision; made at first use. Borrowed. */
SlChange *sl_decision_change(SlDecision *decision, gint64 ticket);

/* Adds an event and returns it to be filled. Borrowed. */
SlEvent *sl_decision_event(SlDecision *decision, gint64 ticket, SlEventKind kind, SlTime at, const char *actor);
SlEvent *sl_decision_global(SlDecision *decision, SlEventKind kind, SlTime at, const char *actor); /* the same, of no ticket */
SlLetter *sl_decision_letter(SlDecision *decision, SlLetter *letter); /* takes it; returns it borrowed */
void sl_decision_notice(SlDecision *decision, const char *person, gint64 ticket, const char *cause, SlTime ready);
void sl_decision_spend(SlDecision *decision, const char *person, gint64 ticket, const char *cause);
void sl_decision_withdraw(SlDecision *decision, gint64 ticket, SlLetterKind kind, const char *cause_prefix);
void sl_decision_absence(SlDecision *decision, const char *agent, SlTime until);

/* Nothing of it is to be done: everything goes out but the outcome. */
void sl_decision_forget(SlDecision *decision);

/* `cycle`: the clock's own, from 1. */
void sl_decision_fire(SlDecision *decision, gint64 ticket, const SlAlarm *alarm, int cycle);
void sl_decision_refuse(SlDecision *decision, SlError code, const char *format, ...) G_GNUC_PRINTF(3, 4);
