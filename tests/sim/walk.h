/* SPDX-License-Identifier: ISC */
/* The world of the random walk: a store in a temporary folder, people who write, the letters they have seen, a virtual clock. All
 * that happens goes through sl_step(), as in the real program; what must always hold is in walk-check. */
#pragma once
#include "store/outbox.h"
#include "work/step.h"

#define MOST_AGAIN 4 /* alarms of one ticket at one moment: what one brings about may bring the next */

/* Words in bodies say where they may go. */
#define INSIDE   "INSIDE"   /* a note, a reason: never to a customer */
#define CUSTOMER "CUSTOMER" /* what a customer wrote: never to another one */

/* A letter that somebody has in their mailbox. */
typedef struct {
  gint64 id, ticket;
  SlLetterKind kind;
  char *to, *reply_to, *message_id, *subject;
  gboolean staff;
} Seen;

typedef struct {
  SlWork *work;
  SlConfig *config;
  char *folder;
  GRand *random;
  guint64 seed;
  guint epoch, step;
  guint number;        /* of mails written: makes them unique */
  int fd;              /* a nameless file for a mail's bytes */
  GPtrArray *seen;     /* Seen*: the newest letters */
  GPtrArray *mails;    /* GString*: the newest mails as they were sent, for sending them again */
  GArray *tickets;     /* gint64: every ticket there is */
  GHashTable *facts;   /* id → SlTicketFacts*: what the checks of this step have gathered */
  GQueue trail;        /* char*: the last stimuli */
  gint64 again_ticket; /* the ticket whose alarm came last, */
  SlTime again_at;     /* when, */
  guint again;         /* and how often at that moment */
  gboolean by_machine; /* what is happening now was written by a machine */
  guint outcomes[SL_OUTCOME_NONE + 1], refusals, alarms, bundles, deliveries;
  char *fault;         /* what was found broken; NULL */
} World;

World *world_new(guint64 seed, guint epoch);
void world_free(World *w);
void world_reconfigure(World *w); /* other holidays, another window of maintenance: read anew, as after SIGHUP */

guint roll(World *w, guint n);                 /* 0 … n - 1 */
gboolean chance(World *w, guint percent);
void say(World *w, const char *format, ...) G_GNUC_PRINTF(2, 3);   /* what comes now */
void fault(World *w, const char *format, ...) G_GNUC_PRINTF(2, 3); /* the walk ends here */
gint64 any_ticket(World *w);                   /* 0 when there is none */
SlTime world_now(const World *w);

/* A letter that fits; NULL. Borrowed. */
typedef gboolean (*SeenFits)(const Seen *seen, gconstpointer user);
const Seen *any_seen(World *w, SeenFits fits, gconstpointer user);

/* One stimulus; refused commands are no fault. */
void step(World *w, SlStimulus *stimulus, const SlStepMail *mail);

typedef struct {
  const char *from, *to, *cc, *subject, *in_reply_to, *references, *extra, *body; /* NULL: none */
  const char *recipient;
} Draft;
void post(World *w, const Draft *draft);
void post_bytes(World *w, const char *bytes, gsize length, const char *recipient);

/* walk-people.c: one of the many things that can happen. */
void something_happens(World *w);

/* walk-check.c: watches the store from now on; what the last step did; everything. */
void check_begin(World *w);
void check_step(World *w);
void check_all(World *w, gboolean deep);
