/* SPDX-License-Identifier: ISC */
/* The world of the simulated year: one gateway, its store and its Maildir in a temporary folder, and a virtual clock. year.c plays a
 * scenario, year-people.c writes what people write, year-post.c looks into the Maildir, year-disk.c makes haste. */
#pragma once
#include <stdio.h>

#include "work/stages.h"

/* A letter in somebody's mailbox, as far as they need it to reply. */
typedef struct {
  char *reply_to, *message_id, *subject;
} Letter;

/* All that goes by one name in the scenario: its newest ticket, and the letters about it. */
typedef struct {
  char *name, *customer;
  gint64 ticket;       /* 0: none yet */
  guint tickets;       /* how many there have been: a mail that comes too late makes another */
  GHashTable *held;    /* address → Letter*: the newest that a reply of theirs goes to */
  GHashTable *returns; /* kind → Letter*: reply_to is where a bounce of it goes */
} Talk;

/* A line of the scenario. The strings live in the scenario's text. */
typedef struct {
  SlTime at;
  const char *way, *who, *what, *talk, *detail;
  SlTime until; /* NONE: none */
} Line;

typedef struct {
  SlWork *work;
  SlConfig *config;
  SlSender *sender;
  char *folder, *maildir;
  FILE *out;            /* a line a letter */
  int fd;               /* a nameless file for a mail's bytes */
  SlTime up_at;         /* before that the daemon is down */
  GHashTable *talks;    /* name → Talk* */
  GHashTable *labels;   /* ticket → its name in what is printed */
  GHashTable *by_ticket; /* ticket → Talk*; borrowed */
  GHashTable *arrived;  /* Message-ID and recipient of each letter that has lain in the Maildir */
  guint queued;         /* letters that have not been looked for in the outbox yet */
  guint mails, refused;
} World;

/* Every fault ends the program: what was found is no year any more. */
void fail(const World *w, const char *format, ...) G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;
SlTime world_now(const World *w);

/* year-disk.c: from now on what is committed may be lost in a power cut, which will not come. */
void disk_is_patient(void);

/* year-people.c: what a line says is done. */
void line_happens(World *w, const Line *line);

/* year-post.c: everything that was queued and may leave now leaves, and is read in the Maildir. */
void post_goes(World *w);
void post_check(World *w); /* at the end: what the store calls sent has arrived, once */
Talk *talk_of(World *w, const char *name);
void talk_gets_ticket(World *w, Talk *talk, gint64 ticket);
