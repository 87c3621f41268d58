/* SPDX-License-Identifier: ISC */
/* A whole desk in a temporary folder under virtual time: a real store, the real step, mails read by the real parser, letters looked up
 * in the outbox. Whatever fails inside is a failed test, not an error to handle. */
#pragma once
#include "store/outbox.h"
#include "work/stages.h"

typedef struct {
  char *folder;
  SlConfig *config;
  SlWork *work;
  SlTime now;
  char *more;             /* what the configuration says besides; "" */
  gboolean server_down;   /* nothing leaves */
  gboolean asleep;        /* Slate is down: time goes by unseen, and nothing leaves */
  char *refused_address;  /* the server refuses mail to it; NULL */
  guint mails;            /* how many came: makes their Message-IDs */
  SlStepResult last;      /* of the newest mail or command */
  GError *refusal;        /* of the newest command; NULL */
  gboolean by_command;    /* the newest thing was a command */
  gint64 last_event_id;   /* unused letters and events are those after the newest thing */
  GHashTable *seen;       /* ids of letters that the scene has spoken of */
} World;

/* A letter as its recipient reads it. */
typedef struct {
  gint64 id;
  char *kind;
  GPtrArray *to, *cc;     /* char* */
  char *subject, *text, *reply_to, *message_id, *state;
  SlTime queued_at, not_before;
} Letter;
void letter_free(Letter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

/* `like`: another world's folder whose store is copied; NULL: an empty one. `more`: lines for the configuration; NULL. */
World *world_new(const char *like, const char *more, SlTime now);
void world_free(World *world);
/* The configuration says something more, or (`was`) something else: read anew, as after SIGHUP. FALSE where `was` is not in it. */
gboolean world_configure(World *world, const char *was, const char *says) SL_WARN_UNUSED;
void world_rest(World *world); /* writes the store out, so that it can be copied */

/* From alarm to alarm, each at its own second; what is queued leaves at once unless the server is down. */
void world_run_until(World *world, SlTime to);
void world_post(World *world);

/* A mail of these bytes comes in now. *out_forward: does the reader see a mail passed on in it? May be NULL. */
void world_mail(World *world, const char *bytes, const char *recipient, gboolean old, gboolean *out_forward);
void world_command(World *world, const char *actor, SlCommand *command);
void world_release(World *world, gint64 mail);

/* The newest letter of that kind (NULL: any) to that address; NULL when there is none. `unseen`: only one not spoken of yet. */
Letter *world_letter(World *world, const char *kind, const char *address, gboolean unseen);
/* All letters, oldest first. GPtrArray of Letter. */
GPtrArray *world_letters(World *world);

SlTicketFacts *world_ticket(World *world, gint64 id); /* NULL when there is none */

/* What must hold whatever happened: chains, caches, no command in a customer's letter. Appends char*. */
void world_check(World *world, GPtrArray *out_faults);
