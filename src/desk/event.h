/* SPDX-License-Identifier: ISC */
/* A line of the record: the truth about a ticket is its events, everything else is computed from them.
 *
 * Details hold ids, numbers and hashes, never words or addresses: those stand in `words` and `address`, kept in tables of
 * their own (so that forgetting a person leaves the chain whole), and are filled in when an event is loaded.
 *
 * What one agent did in one mail or command is an act: its events bear the number of the first as detail "act", and /undo takes
 * them all back. */
#pragma once
#include "base/json.h"

/*   kind            word              detail (beside "words": the hash of its words)                                   */
#define SL_EVENTS(X)                                                                                                   \
  X(RECEIVED, "received")         /* mail, person, client, channel, received_at, agreement, sla, version, priority,    \
                                     mailbox, silent, tags; words: the subject                                      */ \
  X(WROTE, "wrote")               /* mail, person, received_at, thanks: a customer's later mail                     */ \
  X(ACKNOWLEDGED, "acknowledged") /* letter: the SMTP server took it; or channel phone, chat                        */ \
  X(UNACKED, "unacked")           /* reason: no acknowledgement may go                                              */ \
  X(ASSIGNED, "assigned")         /* agent, how                                                                     */ \
  X(TAKEN, "taken")               /* agent                                                                          */ \
  X(ANSWERED, "answered")         /* mail or words, received_at, how: reply, question, outside, stated              */ \
  X(NOTED, "noted")               /* mail or words                                                                  */ \
  X(ETA, "eta")                   /* until, words: the sentence                                                     */ \
  X(WAITING, "waiting")           /* until                                                                          */ \
  X(RESUMED, "resumed")           /* why                                                                            */ \
  X(RAISED, "raised")             /* from, to, rule or who                                                          */ \
  X(LOWERED, "lowered")           /* from, to                                                                       */ \
  X(TAGGED, "tagged")             /* add, remove                                                                    */ \
  X(NO_REPLY, "noreply")          /* words: why                                                                     */ \
  X(UPDATED, "updated")           /* how: machine, person; day; words                                               */ \
  X(LISTED, "listed")             /* alarm: the agent's list was asked for                                          */ \
  X(WARNED, "warned")             /* alarm, target, cycle                                                           */ \
  X(BREACHED, "breached")         /* alarm, target, cycle, due_at                                                   */ \
  X(ESCALATED, "escalated")       /* alarm, level, target, cycle, to: "agent:NAME" or addresses of the configuration; \
                                     later: those of them whose letter gathers several alarms and has not been written */ \
  X(TOLD, "told")                 /* that letter was written: alarm, level, target, who                             */ \
  X(SKIPPED, "skipped")           /* alarm, why: dealt with without a letter                                        */ \
  X(REMINDED, "reminded")         /* alarm                                                                          */ \
  X(CALMED, "calmed")             /* who: as in escalated.to; they were told that it is over; ended: the target     */ \
  X(RESOLVED, "resolved")         /* words: the solution                                                            */ \
  X(CLOSED, "closed")             /* words: the reason; alarm when by itself                                        */ \
  X(REOPENED, "reopened")         /* why, received_at                                                               */ \
  X(BOUNCED, "bounced")           /* letter, kind, ref: the event it un-meets, hard                                 */ \
  X(HELD, "held")                 /* mail, why: waits for a person's word                                           */ \
  X(JOINED, "joined")             /* mail, origin: an auto-reply or the like, kept without effect                   */ \
  X(STOPPED, "stopped")           /* the customer's STOP: no more progress letters                                  */ \
  X(LINKED, "linked")             /* ticket                                                                         */ \
  X(MERGED, "merged")             /* into                                                                           */ \
  X(ABSORBED, "absorbed")         /* ticket: merged into this one; its receipt, unanswered_at, person               */ \
  X(SPLIT, "split")               /* mail, ref: the event that brought it; ticket: where it went; customer_at          */ \
  X(SPAM, "spam")                 /* no ticket of anybody's                                                         */ \
  X(SNOOZED, "snoozed")           /* until: the assignee's warnings wait                                            */ \
  X(EXCUSED, "excused")           /* target, cycle; words: why                                                      */ \
  X(UNDONE, "undone")             /* events: the numbers of those that count no more                                */ \
  X(RELEASED, "released")         /* mail: what was held has a person's word                                        */ \
  X(LEAKED, "leaked")             /* scope: outsiders saw an agent's signed address; a new one takes its place      */ \
  X(AWAY, "away")                 /* ticket 0 only: agent, until                                                    */ \
  X(RECALENDAR, "recalendar")     /* before, agreement: texts; a holiday was edited                                 */ \
  X(PLANNED, "maintenance")       /* ticket 0 only: name, from, to, announce_days, announce_sec, excuses: by hand      */ \
  X(UNPLANNED, "maintenance-removed") /* ticket 0 only: name                                                          */ \
  X(ANNOUNCED, "announced")       /* ticket 0 only: alarm, name, from, to, letters, called_off                         */ \
  X(REVIEW, "review")             /* ticket 0 only: alarm, sla, version, review: it was called for                    */ \
  X(SEALED, "sealed")             /* ticket 0 only: the hash of all changed heads, daily                            */

typedef enum {
#define X(name, word) SL_EVENT_##name,
  SL_EVENTS(X)
#undef X
  SL_N_EVENTS
} SlEventKind;

const char *sl_event_word(SlEventKind kind); /* static */
gboolean sl_event_parse(const char *word, SlEventKind *out_kind);

typedef struct {
  gint64 ticket; /* 0 in a decision for a new ticket; the step fills it */
  int seq;       /* from 1; 0 in a decision; the step fills it */
  SlTime at;     /* when it was recorded: never before the ticket's last */
  char *actor;   /* "slate", "customer", "agent:ana" */
  SlEventKind kind;
  SlJson *detail;     /* never NULL */
  char *words;        /* NULL where there are none, or they were forgotten */
  char *address;      /* of detail.person; NULL */
  char *hash;         /* hex, when loaded from the store; NULL in a decision */
} SlEvent;

SlEvent *sl_event_new(SlEventKind kind, SlTime at, const char *actor);
void sl_event_free(SlEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlEvent, sl_event_free)

/* detail.received_at, else `at`: when the thing counts. */
SlTime sl_event_counts_at(const SlEvent *event);
