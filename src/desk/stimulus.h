/* SPDX-License-Identifier: ISC */
/* Whatever can happen: a mail, a command, an alarm, a delivery's outcome, a bundle. Borrowed by route and decide. */
#pragma once
#include "base/time.h"
#include "mail/mail.h"

typedef enum {
  SL_STIMULUS_MAIL,
  SL_STIMULUS_COMMAND,
  SL_STIMULUS_ALARM,
  SL_STIMULUS_DELIVERY,
  SL_STIMULUS_BUNDLE,
} SlStimulusKind;

/* Verbs of agents, by mail ("/eta Fri") and on the command line ("slate eta 1042 Fri"). */
#define SL_VERBS(X)                                                                                                    \
  X(REPLY, "reply")       /* command line only: by mail the words themselves are the answer */                         \
  X(NOTE, "note")                                                                                                      \
  X(PROGRESS, "progress")                                                                                              \
  X(ASK, "ask")                                                                                                        \
  X(ANSWERED, "answered")                                                                                              \
  X(NO_REPLY, "noreply")                                                                                               \
  X(USE, "use")           /* by mail only: a saved reply */                                                            \
  X(TAKE, "take")                                                                                                      \
  X(ASSIGN, "assign")                                                                                                  \
  X(PRIO, "prio")                                                                                                      \
  X(ESCALATE, "escalate")                                                                                              \
  X(TAG, "tag")                                                                                                        \
  X(SNOOZE, "snooze")                                                                                                  \
  X(EXCUSE, "excuse")                                                                                                  \
  X(AWAY, "away")                                                                                                      \
  X(ETA, "eta")                                                                                                        \
  X(WAIT, "wait")                                                                                                      \
  X(RESUME, "resume")                                                                                                  \
  X(RESOLVE, "resolve")                                                                                                \
  X(CLOSE, "close")                                                                                                    \
  X(REOPEN, "reopen")                                                                                                  \
  X(SPAM, "spam")                                                                                                      \
  X(MERGE, "merge")                                                                                                    \
  X(SPLIT, "split")                                                                                                    \
  X(LINK, "link")                                                                                                      \
  X(UNDO, "undo")                                                                                                      \
  X(STATUS, "status")     /* by mail only */                                                                           \
  X(HELP, "help")         /* by mail only */                                                                           \
  X(QUIET, "quiet")       /* by mail only: no receipt for this mail */                                                 \
  X(NEW, "new")           /* command line only: a phone or chat ticket */

typedef enum {
#define X(name, word) SL_VERB_##name,
  SL_VERBS(X)
#undef X
  SL_N_VERBS
} SlVerb;

const char *sl_verb_word(SlVerb verb); /* static */
gboolean sl_verb_by_mail(SlVerb verb); /* may it stand as /word in a mail? */
gboolean sl_verb_parse(const char *word, SlVerb *out_verb); /* any case */

typedef struct {
  SlVerb verb;
  gint64 ticket;       /* 0 for new, and by mail: the mail's own */
  const char *argument; /* rest of the line: "tomorrow 16:00", "bill", "L2 because …"; NULL */
  const char *text;     /* words: an answer, a solution, a note; NULL */
  const char *why;      /* -m; NULL */
  SlTime when;          /* eta, wait, answered: already absolute; NONE */
  /* new: */
  const char *from, *subject, *channel;
  SlTime received;
} SlCommand;

typedef struct {
  const SlMail *mail;
  gint64 mail_id;          /* of the mail row made for it in this transaction; 0 while routing */
  SlTime received;         /* the server's receipt time */
  const char *mailbox;     /* configuration name; NULL */
  const char *recipient;   /* envelope recipient; NULL */
  const char *channel;     /* "mail" unless said otherwise */
  gboolean old;            /* lay there before `since`: no letter, no clock */
  gboolean released;       /* it was held, and now has a person's word: `mail_id` is its row, `ticket` the one it was held for */
  gint64 ticket;           /* released: 0 when it was held for none */
  const char *confirmed_by; /* released: "agent:ana" or "cli:root" */
} SlMailStimulus;

typedef struct {
  gint64 letter;
  const char *recipient;
  gboolean accepted;       /* else refused for good */
  const char *text;        /* the server's words */
} SlDeliveryStimulus;

typedef struct {
  SlStimulusKind kind;
  const char *actor;              /* COMMAND: "agent:ana" or "cli:root" */
  SlMailStimulus mail;            /* MAIL */
  SlCommand command;              /* COMMAND */
  gint64 ticket;                  /* ALARM */
  SlDeliveryStimulus delivery;    /* DELIVERY */
  const char *person;             /* BUNDLE: an address */
} SlStimulus;
