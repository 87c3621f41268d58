/* SPDX-License-Identifier: ISC */
/* The commands in an agent's mail: lines in column 0 that begin with a known /word, in the first or last block of the new
 * text, and the words that remain. Pure text work; desk/command carries them out, all or nothing. */
#pragma once
#include "desk/policy.h"
#include "desk/stimulus.h"

typedef struct {
  SlVerb verb;
  char *argument; /* rest of the line, trimmed; "" when none */
} SlOrder;

typedef struct {
  GPtrArray *orders; /* SlOrder* in the order written */
  char *text;        /* what is left, trimmed; "" when nothing */
  char *unknown;     /* the first /word that is no verb though it looks meant as one; NULL */
  char *suggestion;  /* "did you mean /take"; NULL */
} SlOrders;

/* `reply` is what the agent newly wrote. A /word is no command when it is a path (/tmp, /etc/hosts: another slash follows, or
 * no known word and not alone in its block's command lines), an agent's name (/Chen), indented, or quoted. A /word in column 0
 * of the first or last block that is close to a verb (edit distance <= 2) or stands among commands is `unknown`. */
SlOrders *sl_orders_read(const SlPolicy *policy, const char *reply);
void sl_orders_free(SlOrders *orders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlOrders, sl_orders_free)
