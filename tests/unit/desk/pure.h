/* SPDX-License-Identifier: ISC */
/* The desk without a store: a policy, tickets made of a story ("Tue 10:00 received; Tue 10:05 answered by agent:ana how=reply \"words\""), mails,
 * and what a decision says in one line. Times as in sla/story.h: the week of Monday 16 November 2026, New York. */
#pragma once
#include "../sla/story.h"
#include "desk/draft.h"

#define MARIA "maria@acme-pools.example"
#define JUAN  "juan@acme-pools.example"
#define LENA  "lena@blauwasser.example"
#define ELSE  "somebody@nowhere.example"
#define ANA   "ana@poologics.example"
#define BILL  "bill@poologics.example"
#define CHEN  "chen@poologics.example"
#define DANA  "dana@poologics.example"
#define PIA   "pia@poologics.example"

/* Agents ana and bill, chen (senior), dana (supervisor), pia (product); clients acme and blauwasser; ours is support@poologics.example. */
SlPolicy *pure_policy(void);

/* Events of ticket 1001 …: "TIME KIND [by ACTOR] [key=value …] [\"words\"]; …". Values: numbers, true, a time "Fri_16:00", else text. `received`
 * gets Maria of Acme and the channel mail unless it says client= or from=. GPtrArray of SlEvent; owned. */
GPtrArray *pure_events(gint64 ticket, const char *story);

/* The same as facts, computed at `now`. Owned. */
SlTicketFacts *pure_ticket(const SlPolicy *policy, gint64 ticket, const char *story, const char *now);

/* Facts with no ticket, or with 1001 of that story. Owned. */
SlFacts *pure_facts(const SlPolicy *policy, const char *now, const char *story);

SlMail *pure_mail(const char *from, const char *subject, const char *text);
SlRoute *pure_route(const SlPolicy *policy, SlRouteKind kind, gint64 ticket, const char *person);

/* "1001 answered by agent:ana how=reply; letter answer to maria@… (4); withdraw escalation escalate:answer:; = command 1001". Owned. */
char *pure_told(const SlDecision *decision);

/* A mail by that route, at `now`; SL_SCOPE_NONE where the route needs none. `proven`: a customer's signed address. Owned words. */
typedef struct {
  const char *what, *story; /* NULL: no ticket yet */
  const char *now;
  SlRouteKind kind;
  const char *from, *text;
  SlScope scope;
  gboolean proven;
  const char *wanted;
} PureMail;
char *pure_mail_told(const SlPolicy *policy, const PureMail *row);
void pure_add_mail_tests(const char *path, const PureMail *rows, guint n, GTestDataFunc run);
