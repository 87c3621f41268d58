/* SPDX-License-Identifier: ISC */
/* What the rules say of a customer's mail (S5: critical; tags, client, requester, letters). Pure; first match wins a field. */
#pragma once
#include "desk/policy.h"
#include "desk/stimulus.h"

typedef struct {
  int priority;          /* SlPriority or -1 */
  const char *priority_rule; /* name of the rule that set it; borrowed; NULL */
  GPtrArray *tags;       /* char*; borrowed elements, each once */
  char *requester;       /* address instead of From (requester = reply-to); NULL */
  const SlClient *client; /* borrowed; NULL: nothing said */
  const char *action;    /* "ignore", "file"; NULL */
  int ack;               /* -1, 0, 1 */
} SlTriage;

/* Matches at most 64 KiB of the body (what the sender newly wrote). A regex that gives up counts as no match. */
void sl_desk_triage(const SlPolicy *policy, const SlMailStimulus *mail, SlTriage *out_triage);
void sl_triage_clear(SlTriage *triage);

/* The customer's plain words, as a whole reply: */
typedef enum { SL_WORD_NONE, SL_WORD_URGENT, SL_WORD_SOLVED, SL_WORD_STOP, SL_WORD_THANKS, SL_WORD_OK, SL_WORD_NO } SlWord;

/* URGENT, SOLVED, STOP, OK, NO or DROP exactly (any case, trailing punctuation); THANKS: a short reply that only thanks (en, de, es, fr).
 * A sign-off under the word ("MfG", "Regards", the sender's own name as `name` has it; NULL: unknown) does not count. */
SlWord sl_triage_word(const char *reply, const char *name);
