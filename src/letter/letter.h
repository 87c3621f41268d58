/* SPDX-License-Identifier: ISC */
/* What goes out, as plain values: the facts of a letter, as the desk decides them. letter/compose makes RFC 5322 of them.
 *
 * The desk fills an SlLetter, the step owns it, gives a new ticket its number and passes it to compose. Strings are UTF-8
 * and owned by the letter. */
#pragma once
#include "base/json.h"

#define SL_LETTERS(X)                                                                                                  \
  X(ACK, "ack")                                                                                                        \
  X(ASSIGNMENT, "assignment")                                                                                          \
  X(MESSAGE, "message")                                                                                                \
  X(ANSWER, "answer")                                                                                                  \
  X(QUESTION, "question")                                                                                              \
  X(ETA, "eta")                                                                                                        \
  X(PROGRESS, "progress")                                                                                              \
  X(UPDATE_REQUEST, "update-request")                                                                                  \
  X(HANDOVER, "handover")                                                                                              \
  X(MAINTENANCE, "maintenance")                                                                                        \
  X(WARNING, "warning")                                                                                                \
  X(ESCALATION, "escalation")                                                                                          \
  X(BREACH, "breach")                                                                                                  \
  X(REMINDER, "reminder")                                                                                              \
  X(RESOLUTION, "resolution")                                                                                          \
  X(CLOSURE, "closure")                                                                                                \
  X(RECEIPT, "receipt")                                                                                                \
  X(REFUSAL, "refusal")                                                                                                \
  X(BOUNCE, "bounce")                                                                                                  \
  X(HOLD, "hold")                                                                                                      \
  X(ALL_CLEAR, "all-clear")                                                                                            \
  X(ALERT, "alert")                                                                                                    \
  X(DIGEST, "digest")                                                                                                  \
  X(REPORT, "report")                                                                                                  \
  X(REVIEW, "review")                                                                                                  \
  X(SURVEY, "survey")

typedef enum {
#define X(name, word) SL_LETTER_##name,
  SL_LETTERS(X)
#undef X
} SlLetterKind;

const char *sl_letter_word(SlLetterKind kind); /* "all-clear"; static */
gboolean sl_letter_parse(const char *word, SlLetterKind *out_kind);

/* Warnings, escalations, broken promises: to one person they are gathered (one letter within ten minutes). */
gboolean sl_letter_is_alarm(SlLetterKind kind);

/* What a reply to a signed address does (DESIGN "Who wrote"). */
#define SL_SCOPES(X)                                                                                                   \
  X(NONE, "")                                                                                                          \
  X(REPLY, "reply")                                                                                                    \
  X(NOTE, "note")                                                                                                      \
  X(UPDATES, "updates")                                                                                                \
  X(COMMAND, "command")                                                                                                \
  X(SENT, "sent")                                                                                                      \
  X(PHONE, "phone")                                                                                                    \
  X(CHAT, "chat")                                                                                                      \
  X(BOUNCE, "bounce")

typedef enum {
#define X(name, word) SL_SCOPE_##name,
  SL_SCOPES(X)
#undef X
} SlScope;

const char *sl_scope_word(SlScope scope); /* static */
gboolean sl_scope_parse(const char *word, SlScope *out_scope);

/* Who speaks: decides Auto-Submitted (RFC 3834). */
typedef enum {
  SL_VOICE_HUMAN,     /* a person's words: no Auto-Submitted */
  SL_VOICE_REPLY,     /* auto-replied: the ack */
  SL_VOICE_MACHINE,   /* auto-generated: everything else the machine writes */
} SlVoice;

typedef struct {
  SlLetterKind kind;
  char *template_name;   /* "ack", "ack-closed", "escalation" …: the built-in or the administrator's file */
  char *language;        /* "en"; NULL: the default's */
  gint64 ticket;         /* 0: the ticket that this decision makes, or none at all (see no_ticket) */
  gboolean no_ticket;    /* a letter of no single ticket: bundles, alerts */
  GArray *tickets;       /* gint64: all tickets it speaks of beside `ticket`; NULL when only that */
  char *cause;           /* third part of the purpose key; NULL: none ("ack:1042") */
  char *person;          /* fourth part of the purpose key: an address; NULL: none (letters to the customer) */
  GPtrArray *to, *cc;    /* char*: bare addr-specs; to is never empty; letters to staff have exactly one, and no cc */
  char *subject;         /* NULL: the template's own Subject line */
  char *in_reply_to;     /* message id without brackets; NULL */
  GPtrArray *references; /* char*, oldest first; NULL */
  char *thread_topic, *thread_index; /* continued when the customer sent them; NULL */
  SlScope reply_scope;   /* of the Reply-To's token, which is that of the first in `to`; NONE: the plain address */
  SlVoice voice;
  SlJson *fields;        /* what the template may name; never NULL. The step adds id, company, opening line of the desk */
  char *body;            /* a person's words, as {{body}}; NULL */
  int event;             /* number of the ticket's event whose words it carries; 0 none */
  SlTime not_before;     /* NONE: at once */
  int generation;        /* of the Reply-To's token: how many of its predecessors outsiders saw; the step fills it */
  gboolean own_addresses; /* the step adds the person's own signed addresses as fields sent, phone, chat, command */
  GBytes *original;      /* a whole mail that rides along as message/rfc822; NULL */
  gint64 original_mail;  /* its mail id, which the step loads into `original`; 0 none */
  GBytes *files;         /* an agent's whole mail, of which only the attachments go along; NULL */
  gint64 files_mail;     /* its mail id, which the step loads into `files`; 0 none */
} SlLetter;

SlLetter *sl_letter_new(SlLetterKind kind, const char *template_name, gint64 ticket);
void sl_letter_free(SlLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlLetter, sl_letter_free)
void sl_letter_add_to(SlLetter *letter, const char *address);
void sl_letter_set_person(SlLetter *letter, const char *address);

/* "kind:ticket:cause:person", the letter's reason to exist: unique in the store, so it is decided once. Owned. */
char *sl_letter_purpose(const SlLetter *letter);

/* The options of letters; config/ fills them. */
typedef struct {
  char *company;      /* "Poologics" */
  char *from_name;    /* "Poologics Support" */
  char *from_address; /* "support@poologics.example" */
  char *reply_to;     /* "support+{token}@poologics.example" */
  char *domain;       /* of our Message-IDs: the domain of from_address */
  char *postmaster;
  char *template_dir; /* NULL: built-in templates only */
  char *language;     /* "en" */
  char *timezone;     /* the desk's: times are printed in it */
  gboolean html;      /* make a text/html alternative */
  gboolean shadow;    /* every letter goes to postmaster instead */
} SlLetterOptions;

void sl_letter_options_clear(SlLetterOptions *options);
