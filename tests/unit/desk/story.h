/* SPDX-License-Identifier: ISC */
/* A scene while it is told: its world, its clock, what it has spoken of. Words of the grammar become functions here; a thing that is not
 * so is a fault of the test, told with the scene's file and line. */
#pragma once
#include "world.h"

#define MONDAY "2026-11-16T05:00:00Z" /* the Monday on which scenes begin, 00:00 in New York */

typedef struct {
  char *file, *title;
  guint line;         /* of the title */
  GPtrArray *lines;   /* char*, trimmed; "" for comments */
} Scene;

typedef struct {
  const Scene *scene;
  World *world;
  const char *line;
  guint number;          /* of the line in the file */
  int day;               /* days after that Monday */
  gboolean failed, skipped;
  char *bytes, *recipient; /* of the newest mail */
  GHashTable *before;    /* ticket → its last event before the newest thing */
} Story;

typedef struct {
  const char *pattern;
  void (*run)(Story *s, char **m);
  GRegex *regex;
} Rule;

/* Patterns that rules share: each is two captures or one. */
#define DAY "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\\d\\d:\\d\\d)"
#define WITH "(?: with \"([^\"]*)\")?"
#define TARGET "(ack|start|answer|eta|progress|resolve)"
#define ON "(?: on (\\d+))?"


void story_fault(Story *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

const char *story_person(const char *name); /* "maria" → her address; NULL */
const char *story_name(const char *address);
char *story_address(Story *s, const char *term); /* owned; a fault when nobody knows it */
char *story_addresses(Story *s, const char *terms);
char *story_words(Story *s, const char *text);
char *story_headers(const char *list);

SlTime story_moment(Story *s, const char *day, const char *clock); /* goes there */
SlTime story_moment_ahead(Story *s, const char *day, const char *clock);
char *story_say(SlTime t);

GArray *story_tickets(Story *s);
Letter *story_letter_of(Story *s, const char *kind, const char *who, const char *ticket);
gboolean story_is_new(Story *s, const Letter *letter);
void story_mark_seen(Story *s, gint64 letter);
void story_mark_all_seen(Story *s);

/* FALSE: no rule understands the text. */
gboolean story_run_rule(Story *s, Rule *rules, guint n, const char *text);

gboolean story_do(Story *s, const char *text); /* something happens: story-does.c */
void story_check(Story *s, const char *text);  /* clauses of what must be so: story-is.c */
void story_forget_rules(Rule *rules, guint n);
void story_does_free(void);
void story_is_free(void);
