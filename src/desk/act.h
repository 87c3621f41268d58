/* SPDX-License-Identifier: ISC */
/* One agent's act, by mail or at the command line, while its verbs are carried out one after the other. All or nothing: a verb that
 * refuses ends the act, and nothing of it is done. Pure. */
#pragma once
#include "desk/draft.h"

typedef struct {
  const SlFacts *facts;
  const SlRoute *route;
  const SlTicketFacts *ticket; /* as the act's verbs so far have left it; NULL where a mail names none */
  SlDecision *decision;
  const char *actor;       /* "agent:ana", "cli:root" */
  SlTime at;               /* when it counts: the receipt of their mail, or now */
  gint64 mail;             /* 0 at the command line */
  const SlMail *parsed;    /* NULL at the command line */
  const char *text;        /* the words that came with it; "" when none */
  gboolean text_used;
  gboolean spoke;          /* public words went to the customer in this act */
  gboolean quiet;          /* no receipt */
  gboolean wants_help, wants_status;
  const char *why;         /* -m; NULL */
  SlTime when;             /* --until, --at; NONE */
  GPtrArray *did;          /* char*: what the receipt says */
  GPtrArray *after;        /* SlTicketFacts*: owns what `ticket` points to after a verb */
} SlAct;

/* What a verb needs beyond its own rules. */
typedef struct {
  gboolean (*run)(SlAct *act, const char *argument); /* FALSE: refused, the decision says why */
  gboolean takes_text; /* the words of the mail are its words */
  gboolean when_over;  /* may be done on a ticket that is over */
  gboolean anywhere;   /* needs no ticket */
  int event;           /* SlEventKind that must be able to move the status; -1: none */
} SlVerbRow;

const SlVerbRow *sl_verb_row(SlVerb verb); /* desk/command.c */

void sl_act_did(SlAct *act, const char *format, ...) G_GNUC_PRINTF(2, 3);
gboolean sl_act_refuse(SlAct *act, SlError code, const char *format, ...) G_GNUC_PRINTF(3, 4); /* FALSE */
const char *sl_act_name(const SlAct *act);  /* "ana"; borrowed */
const char *sl_act_title(const SlAct *act); /* "Ana", for letters; borrowed */

/* An event of the act on its ticket (or `ticket`), counted from `at`. Borrowed. */
SlEvent *sl_act_event(SlAct *act, SlEventKind kind, const char *words);
SlEvent *sl_act_event_on(SlAct *act, gint64 ticket, SlEventKind kind, const char *words);

/* The words that belong to a verb: its argument, -m, the text that came along, whichever is there; used once. Owned. */
char *sl_act_words(SlAct *act, const char *argument);

/* A letter to the requester; with a body it is a person's words. NULL where the ticket has no address. Borrowed. */
SlLetter *sl_act_to_customer(SlAct *act, SlLetterKind kind, const char *template_name, const char *body);

/* It leaves when nobody can undo it any more. */
void sl_act_hold_back(const SlAct *act, SlLetter *letter);

/* Public words went: they answer, and whoever was alarmed about the answer is told. */
void sl_act_spoke(SlAct *act);

/* "Fri 16:00 because the template …": the date, then the sentence. */
gboolean sl_act_date(SlAct *act, const char *argument, SlTime *out_time, const char **out_rest);

/* Verbs, a file a group: what is said, who works on it, where it stands. */
gboolean sl_verb_reply(SlAct *act, const char *argument);
gboolean sl_verb_note(SlAct *act, const char *argument);
gboolean sl_verb_progress(SlAct *act, const char *argument);
gboolean sl_verb_ask(SlAct *act, const char *argument);
gboolean sl_verb_answered(SlAct *act, const char *argument);
gboolean sl_verb_noreply(SlAct *act, const char *argument);
gboolean sl_verb_use(SlAct *act, const char *argument);
gboolean sl_verb_take(SlAct *act, const char *argument);
gboolean sl_verb_assign(SlAct *act, const char *argument);
gboolean sl_verb_prio(SlAct *act, const char *argument);
gboolean sl_verb_escalate(SlAct *act, const char *argument);
gboolean sl_verb_tag(SlAct *act, const char *argument);
gboolean sl_verb_snooze(SlAct *act, const char *argument);
gboolean sl_verb_excuse(SlAct *act, const char *argument);
gboolean sl_verb_away(SlAct *act, const char *argument);
gboolean sl_verb_eta(SlAct *act, const char *argument);
gboolean sl_verb_wait(SlAct *act, const char *argument);
gboolean sl_verb_resume(SlAct *act, const char *argument);
gboolean sl_verb_resolve(SlAct *act, const char *argument);
gboolean sl_verb_close(SlAct *act, const char *argument);
gboolean sl_verb_reopen(SlAct *act, const char *argument);
gboolean sl_verb_spam(SlAct *act, const char *argument);
gboolean sl_verb_merge(SlAct *act, const char *argument);
gboolean sl_verb_split(SlAct *act, const char *argument);
gboolean sl_verb_link(SlAct *act, const char *argument);
gboolean sl_verb_undo(SlAct *act, const char *argument);
