/* SPDX-License-Identifier: ISC */
/* The commands in an agent's mail: lines in column 0 that begin with a known /word, in the first or last block of the new
 * text, and the words that remain. Pure text work; desk/command carries them out, all or nothing. */
#pragma once
#include "desk/policy.h"
#include "desk/stimulus.h"

typedef struct {
  SlVerb verb;
  gint64 ticket;  /* named first in the line, where lines name their ticket; else 0 */
  char *argument; /* rest of the line, trimmed; "" when none */
  char *text;     /* where lines name their ticket: what follows up to the next command, trimmed; else "" */
} SlOrder;

typedef struct {
  GPtrArray *orders; /* SlOrder* in the order written */
  char *text;        /* what is left, trimmed; "" when nothing */
  char *unknown;     /* the first /word that is no verb though it looks meant as one; NULL */
  char *suggestion;  /* "did you mean /take"; NULL */
  char *doubtful;    /* a known /word in the middle of the words: meant or not? NULL */
} SlOrders;

/* `reply` is what the agent newly wrote. A /word is no command when it is a path (/tmp, /etc/hosts: another slash follows, or
 * no known word and not alone in its block's command lines), an agent's name (/Chen), indented, or quoted. A /word in column 0
 * of the first or last block that is close to a verb (edit distance <= 2) or stands among commands is `unknown`. */
SlOrders *sl_orders_read(const SlPolicy *policy, const char *reply);

/* The same, and what was doubtful is a command: its author said so. */
SlOrders *sl_orders_read_anywhere(const SlPolicy *policy, const char *reply);

/* The same for mail to an address that is of no one ticket (the agents' list, a person's own address): "/progress 1042 text"
 * names its ticket, stands in any line, and takes the lines after it. */
SlOrders *sl_orders_read_named(const SlPolicy *policy, const char *reply);

/* The tickets that the commands of a mail name, each once: those of /merge, /link and of lines that name theirs. GArray of gint64. */
GArray *sl_orders_tickets(const SlOrders *orders);

/* "#1042", "1042" at the beginning of *text, which then points behind it and its blanks; 0: there is no number. */
gint64 sl_orders_number(const char **text);

void sl_orders_free(SlOrders *orders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlOrders, sl_orders_free)
