/* SPDX-License-Identifier: ISC */
/* Which tickets, which person, which client: the first half of a step. Pure.
 *
 * The rows of the table in DESIGN "Who wrote, and what may it do?" are the kinds of routes; sl_desk_route() reads like it.
 * The probe is what the store knows about the stimulus before any lock: signed addresses found, references resolved. */
#pragma once
#include "desk/policy.h"
#include "desk/stimulus.h"
#include "desk/ticket.h"
#include "letter/letter.h"

/* A candidate ticket, briefly. */
typedef struct {
  gint64 id;
  SlStatus status;
  SlTime closed_at;
  gint64 merged_into;
  char *client;    /* name */
  char *requester; /* address; NULL when forgotten */
} SlBrief;

/* A signed address that came back. Only tokens that verify are in the probe. */
typedef struct {
  gint64 ticket;
  char *person;    /* whose token it is: an address */
  SlScope scope;
  gboolean ended, leaked;
  char *hash;        /* of the token */
  int generation;    /* how many of its predecessors outsiders saw */
  gboolean by_reply; /* from In-Reply-To; else from To or Cc */
} SlTokenFact;

typedef struct {
  GPtrArray *tokens;     /* SlTokenFact* */
  GPtrArray *referred;   /* SlBrief*: tickets of the mails and letters in In-Reply-To and References, nearest first */
  GPtrArray *thread;     /* SlBrief*: tickets of the mails (no letters: one may speak of several tickets) that this one names, that name
                            it, or that name with it a third that is not here */
  GPtrArray *tagged;     /* SlBrief*: tickets whose tag stands in the subject */
  GPtrArray *briefs;     /* SlBrief*: those of the tokens' tickets, of commands, alarms, deliveries, bundles */
  GPtrArray *open_of_requester; /* SlBrief*: open tickets of the customers whom an agent's mail addresses, or whose mail it passes on */
  gboolean inside;       /* a mail to a signed address that is not public (*note* and the others), whoever's: it stays inside, also when
                            it was held (promise 7) */
  gint64 door;           /* the ticket whose signed address the mail bears, else 0: with the content, what makes it the same mail */
  gint64 duplicate_of;   /* mail id: the same content came already by the same door; 0 */
  gint64 duplicate_ticket;
  gint64 bounced_letter; /* the letter that a bounce speaks of; 0 */
  gint64 bounced_ticket; /* its ticket; 0 */
  gint64 letter_ticket;  /* DELIVERY: the letter's ticket; 0 */
  GPtrArray *named;      /* SlBrief*: tickets that the mail's commands name by number (/merge 1041, /progress 1042 …) */
  GPtrArray *burden;     /* SlBrief*: the agent's open tickets, where /away is asked */
  GPtrArray *absorbed;   /* SlBrief*: tickets merged into the one that /undo is for */
  gint64 held_mail;      /* the held mail that our letter, which this one answers, was about; 0 */
  gint64 held_ticket;    /* the ticket it is held for; 0 */
  char *held_person;     /* whom the letter asked; NULL */
  gboolean stale;        /* BUNDLE, ALARM: nothing is left to do */
} SlProbe;

SlProbe *sl_probe_new(void);
void sl_probe_free(SlProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlProbe, sl_probe_free)
void sl_brief_free(SlBrief *brief);
void sl_token_fact_free(SlTokenFact *token);

#define SL_ROUTES(X)                                                                                                   \
  X(NEW)            /* a person's mail that belongs to no ticket, or a phone ticket                                 */ \
  X(BULK)           /* as NEW, without letters and clocks                                                           */ \
  X(JOIN)           /* the requester or a colleague, on their ticket                                                */ \
  X(FOLLOW_UP)      /* as NEW, linked to the ticket that was closed too long ago                                    */ \
  X(AGENT)          /* an agent with a token of theirs (scope says what it does), or a verb on the command line     */ \
  X(AGENT_HELD)     /* an agent without proof                                                                       */ \
  X(CONFIRM)        /* an agent's word about a held mail                                                            */ \
  X(OUTSIDE)        /* an agent answered outside, the customer in To or Cc, or forwarded to their *sent* address    */ \
  X(INITIATED)      /* the same, and there is no ticket: the agent wrote first                                      */ \
  X(FORWARD)        /* an agent passed a customer's mail on: the customer's new ticket                              */ \
  X(FORWARD_JOIN)   /* the same, on the customer's ticket                                                           */ \
  X(CALL)           /* an agent's mail to their *phone* or *chat* address                                           */ \
  X(STRANGER_HELD)  /* a stranger on somebody's ticket                                                              */ \
  X(AUTO_REPLY)     /* joins its ticket silently, else no ticket                                                    */ \
  X(BOUNCE)         /* its letter's ticket, else no ticket                                                          */ \
  X(SELF)           /* from our own address: never answered, no ticket                                              */ \
  X(NO_TICKET)      /* list, self, ignored by rule: kept, nothing else                                              */ \
  X(DUPLICATE)                                                                                                         \
  X(ALARM)                                                                                                             \
  X(DELIVERY)                                                                                                          \
  X(BUNDLE)                                                                                                            \
  X(REFUSED)        /* a command for a ticket that is not there: `reason`                                           */

typedef enum {
#define X(name) SL_ROUTE_##name,
  SL_ROUTES(X)
#undef X
} SlRouteKind;

typedef struct {
  SlRouteKind kind;
  GArray *tickets;        /* gint64, ascending: the rows to lock; empty for NEW. JOIN: all but `ticket` are merged into it */
  gint64 ticket;          /* the one it is about; 0 for NEW */
  char *person;           /* address: the sender, or whom the bundle is for; NULL where there is none */
  const SlAgent *agent;   /* borrowed from the policy; NULL unless an agent acts */
  const SlClient *client; /* borrowed; never NULL for mail routes */
  SlScope scope;          /* AGENT: of the token; COMMAND for the command line */
  gint64 door;            /* content's second key: the ticket whose signed address was used, else 0 */
  gboolean proven;        /* a customer's token: SOLVED, STOP, URGENT count */
  char *token_hash;       /* AGENT: of the token that proved them; NULL */
  gint64 held_mail;       /* CONFIRM: the mail that waits for the word */
  gboolean exposed;       /* AGENT: it stood beside outsiders' addresses, and must be replaced */
  SlTime stated_at;       /* OUTSIDE: when the words went, where the mail states it; NONE */
  char *reason;           /* for people: why this route; NULL */
} SlRoute;

/* Does the mail stand under To or Cc for that address; the first address there that is none of ours (NULL: none). */
gboolean sl_route_addresses(const SlMail *mail, const char *address);
const char *sl_route_outsider(const SlPolicy *policy, const SlMail *mail);

/* The first address in the words (else in the subject, else in what is quoted or passed on) that is none of ours. Owned; NULL. */
char *sl_route_named_address(const SlPolicy *policy, const SlMail *mail);

SlRoute *sl_desk_route(const SlPolicy *policy, const SlProbe *probe, const SlStimulus *stimulus, SlTime now);
void sl_route_free(SlRoute *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlRoute, sl_route_free)

/* Do two routes lead to the same rows? (A step begins again when the second, under lock, differs.) */
gboolean sl_route_equal(const SlRoute *a, const SlRoute *b);
