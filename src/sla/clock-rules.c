/* SPDX-License-Identifier: ISC */
/* Why a line of the ledger moved its clock: the rule, with the sentence of the agreement that it carries out. */
#include "sla/clock.h"

#define A(target)   (1u << SL_TARGET_##target)
#define PAUSING     (A(ETA) | A(PROGRESS) | A(RESOLVE))
#define NOT_PAUSING (A(ACK) | A(START) | A(ANSWER))
#define ANY         (PAUSING | NOT_PAUSING)

typedef struct {
  SlMoveKind kind;
  guint targets;
  const char *rule;
} Row;

/* The first row that fits counts. */
static const Row starting[] = {
    {SL_MOVE_RECEIVED, A(ACK) | A(START), "starts at receipt (S2)"},
    {SL_MOVE_RECEIVED, A(ANSWER), "starts with the oldest unanswered mail (S3)"},
    {SL_MOVE_RECEIVED, A(ETA), "starts at receipt (S4)"},
    {SL_MOVE_RECEIVED, A(RESOLVE), "starts at receipt; its limit is the estimate given (S5)"},
    {SL_MOVE_RECEIVED, A(PROGRESS), "a word each business day while it is promised (S6)"},
    {SL_MOVE_WROTE, A(ANSWER), "starts with the oldest unanswered mail (S3)"},
    {SL_MOVE_RAISED, ANY, "a raise starts the critical promise; the old one runs on (S5)"},
    {SL_MOVE_LOWERED, ANY, "the promise of the new priority, as if it had always run"},
    {SL_MOVE_ABSORBED, ANY, "merging keeps the earliest receipt (S9)"},
};

static const Row ending[] = {
    {SL_MOVE_ACKED, A(ACK), "met when the SMTP server took it (S2)"},
    {SL_MOVE_ACK_CANCELLED, A(ACK), "no letter may go, so none was promised"},
    {SL_MOVE_SPOKE, A(START), "met by the first human act (S2)"},
    {SL_MOVE_ACTED, A(START), "met by the first human act (S2)"},
    {SL_MOVE_SPOKE, A(ANSWER), "met by a person's public words (S3)"},
    {SL_MOVE_NO_REPLY, A(ANSWER), "a person said that no answer is needed"},
    {SL_MOVE_SPLIT, A(ANSWER), "the mail went to a ticket of its own"},
    {SL_MOVE_ESTIMATED, A(ETA), "met by an estimate told to the customer (S4)"},
    {SL_MOVE_RESOLVED, A(START) | A(ETA), "met by resolving (S4)"},
    {SL_MOVE_RESOLVED, A(RESOLVE), "met by the solution (S5, S9)"},
    {SL_MOVE_SPOKE, A(PROGRESS), "met by a person's words (S6)"},
    {SL_MOVE_UPDATED, A(PROGRESS), "met by the day's word (S6)"},
    {SL_MOVE_LOWERED, ANY, "promised no more at the new priority"},
    {SL_MOVE_CLOSED, ANY, "ends with the ticket"},
    {SL_MOVE_CANCELLED, ANY, "ends with the ticket"},
};

static const Row between[] = {
    {SL_MOVE_WAITING, PAUSING, "stands still while waiting for the customer (S10)"},
    {SL_MOVE_RESUMED, PAUSING, "counts on (S10)"},
    {SL_MOVE_WAITING, NOT_PAUSING, "waiting does not stop this clock (S10)"},
    {SL_MOVE_ACK_BOUNCED, A(ACK), "un-met by the bounce: runs on from its start (S2)"},
    {SL_MOVE_SPOKE_BOUNCED, A(ANSWER), "un-met by the bounce: runs on from its start (S3)"},
    {SL_MOVE_ESTIMATED, A(RESOLVE), "its limit is the estimate given (S5)"},
    {SL_MOVE_RESOLVED, A(RESOLVE), "stands still while resolved"},
    {SL_MOVE_CLOSED, A(RESOLVE), "stands still while closed"},
    {SL_MOVE_REOPENED, A(RESOLVE), "counts on, without a due until a new estimate"},
    {SL_MOVE_RAISED, ANY, "the promise made before the raise runs on (S5)"},
    {SL_MOVE_ABSORBED, ANY, "merging keeps the earliest receipt (S9)"},
    {SL_MOVE_RECALENDAR, ANY, "edited holidays count for what still runs (S1)"},
};

static const char *
find(const Row *rows, guint n, SlMoveKind kind, SlTarget target)
{
  for (guint i = 0; i < n; i++) {
    if (rows[i].kind == kind && rows[i].targets & (1u << target))
      return rows[i].rule;
  }
  return NULL;
}

const char *
sl_clock_rule(const SlClock *clock, const SlMove *move)
{
  if (move->seq == clock->end_seq)
    return find(ending, G_N_ELEMENTS(ending), move->kind, clock->target);
  if (move->seq == clock->start_seq)
    return find(starting, G_N_ELEMENTS(starting), move->kind, clock->target);
  return find(between, G_N_ELEMENTS(between), move->kind, clock->target);
}
