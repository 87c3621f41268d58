/* SPDX-License-Identifier: ISC */
/* Prints doc/INVARIANTS.md from the tables that the code runs by: what may follow what, and the guarantee beside it. A step in a table for
 * which no guarantee is written here, and a guarantee for a step that is in no table, are faults: exit 1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/status.h"
#include "sla/clock.h"
#include "store/mails.h"
#include "store/outbox.h"

static gboolean wrong;

/* from, to (or what happens), why; the strings are words of the tables */
typedef struct {
  const char *from, *what, *text;
  gboolean used;
} Guarantee;

static const char *
guarantee(Guarantee *list, guint n, const char *from, const char *what)
{
  for (guint i = 0; i < n; i++) {
    if (strcmp(list[i].what, what) == 0 && (!list[i].from || strcmp(list[i].from, from) == 0)) {
      list[i].used = TRUE;
      return list[i].text;
    }
  }
  fprintf(stderr, "no guarantee is written for %s -> %s\n", from, what);
  wrong = TRUE;
  return "";
}

static void
check_used(const Guarantee *list, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (!list[i].used) {
      fprintf(stderr, "a guarantee for a step that is in no table: %s -> %s\n", list[i].from ? list[i].from : "any", list[i].what);
      wrong = TRUE;
    }
  }
}

/* ---- the ticket ---- */

static Guarantee of_status[] = {
    {NULL, "waiting", "a person's public words are newer than the customer's last mail", FALSE},
    {NULL, "resumed", "the customer wrote (no machine did), the time stated is over, or by hand", FALSE},
    {NULL, "resolved", "with the solution in words, or the customer's SOLVED by a signed address", FALSE},
    {NULL, "closed", "with a reason; never while the customer waits for an answer; by itself after silence; can be undone for five minutes", FALSE},
    {NULL, "merged", "into a ticket of the same client that is not over; receipts and breaches are kept; can be undone for five minutes", FALSE},
    {NULL, "spam", "letters to the customer that have not left are withdrawn; can be undone for five minutes", FALSE},
    {NULL, "reopened", "the customer wrote more than thanks within the agreement's time, or by hand", FALSE},
};

static void
print_status(void)
{
  static const struct {
    SlStatus from;
    SlEventKind kind;
    SlStatus to;
  } moves[] = {
#define X(from, event, to) {SL_TICKET_##from, SL_EVENT_##event, SL_TICKET_##to},
      SL_STATUS_MOVES(X)
#undef X
  };
  printf("## Ticket status\n\n"
         "A ticket begins open with the event `received`. Its status is the fold of its events that stand (`desk/ticket.c`), by this table\n"
         "(`desk/status.h`). An event without a row leaves the status as it is; a verb whose event has no row is refused; what was undone counts for\n"
         "nothing, as if it had never been.\n\n"
         "| status | event | becomes | guarantee |\n|---|---|---|---|\n");
  for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
    SlStatus to = moves[i].to;
    gboolean same = sl_status_next(moves[i].from, moves[i].kind, &to) && to == moves[i].to;
    wrong |= !same;
    printf("| %s | `%s` | %s | %s |\n", sl_status_word(moves[i].from), sl_event_word(moves[i].kind), sl_status_word(to),
           guarantee(of_status, G_N_ELEMENTS(of_status), sl_status_word(moves[i].from), sl_event_word(moves[i].kind)));
  }
  printf("\nA ticket that is merged has no way out but `/undo`; its mail goes to the ticket that it was merged into.\n\n");
  check_used(of_status, G_N_ELEMENTS(of_status));
}

/* ---- clocks: what each move does to each state, found by doing it ---- */

#define TUESDAY "2026-11-17T15:00:00Z" /* 10:00 EST */

typedef struct {
  SlTarget target;
  SlMoveKind met, cancelled;
  gboolean pauses;
  SlPriority priority;
  SlTime breached_after; /* from the receipt */
} ClockRow;

static const ClockRow clock_rows[] = {
    {SL_TARGET_ACK, SL_MOVE_ACKED, SL_MOVE_ACK_CANCELLED, FALSE, SL_PRIORITY_STANDARD, SL_HOUR},
    {SL_TARGET_START, SL_MOVE_ACTED, SL_MOVE_CLOSED, FALSE, SL_PRIORITY_STANDARD, SL_HOUR},
    {SL_TARGET_ANSWER, SL_MOVE_SPOKE, SL_MOVE_NO_REPLY, FALSE, SL_PRIORITY_STANDARD, 3 * SL_HOUR},
    {SL_TARGET_ETA, SL_MOVE_ESTIMATED, SL_MOVE_CLOSED, TRUE, SL_PRIORITY_STANDARD, 25 * SL_HOUR},
    {SL_TARGET_RESOLVE, SL_MOVE_RESOLVED, SL_MOVE_CLOSED, TRUE, SL_PRIORITY_STANDARD, 50 * SL_HOUR},
};

static SlAgreement *agreement;
static SlTime tuesday;

static void
add(GArray *moves, SlMoveKind kind, SlTime at, SlPriority priority)
{
  SlMove move = {.kind = kind, .seq = (int)moves->len + 1, .at = at, .recorded_at = at, .until = SL_TIME_NONE, .priority = priority, .reason = "said"};
  if (kind == SL_MOVE_ESTIMATED)
    move.until = tuesday + 49 * SL_HOUR;
  if (kind == SL_MOVE_ABSORBED) {
    move.at = tuesday - SL_MINUTE;
    move.until = tuesday - SL_MINUTE;
  }
  g_array_append_val(moves, move);
}

static const SlClock *
newest(const GPtrArray *clocks, SlTarget target)
{
  const SlClock *found = NULL;
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    found = clock->target == target && clock->cycle < 100 ? clock : found;
  }
  return found;
}

static GPtrArray *
run(const GArray *moves, SlTime now)
{
  return sl_clock_run((const SlMove *)(gconstpointer)moves->data, moves->len, agreement, now);
}

/* A history that brings the clock into that state, and the moment at which it is so; FALSE: it never is. */
static gboolean
bring(const ClockRow *row, SlClockState state, GArray *moves, SlTime *out_now)
{
  SlTime soon = tuesday + 5 * SL_MINUTE;
  *out_now = tuesday + 10 * SL_MINUTE;
  add(moves, SL_MOVE_RECEIVED, tuesday, row->priority);
  if (state == SL_CLOCK_PAUSED && !row->pauses)
    return FALSE;
  if (state == SL_CLOCK_PAUSED)
    add(moves, SL_MOVE_WAITING, soon, row->priority);
  if (state == SL_CLOCK_MET)
    add(moves, row->met, soon, row->priority);
  if (state == SL_CLOCK_CANCELLED)
    add(moves, row->cancelled, soon, row->priority);
  if (state == SL_CLOCK_BREACHED && row->target == SL_TARGET_RESOLVE)
    add(moves, SL_MOVE_ESTIMATED, soon, row->priority);
  if (state == SL_CLOCK_BREACHED)
    *out_now = tuesday + row->breached_after;
  return TRUE;
}

static void
print_clock_step(const ClockRow *row, SlClockState state, SlMoveKind kind)
{
  g_autoptr(GArray) moves = g_array_new(FALSE, TRUE, sizeof(SlMove));
  SlTime now = SL_TIME_NONE;
  if (kind == SL_MOVE_RECEIVED || kind == SL_MOVE_SILENT || !bring(row, state, moves, &now)) /* those two only come first */
    return;
  g_autoptr(GPtrArray) before = run(moves, now);
  const SlClock *was = newest(before, row->target);
  if (!was || was->state != state) {
    fprintf(stderr, "%s is not %s after what should make it so\n", sl_target_word(row->target), sl_clock_state_word(state));
    wrong = TRUE;
    return;
  }
  add(moves, kind, now, row->priority);
  if (kind == SL_MOVE_SPLIT || (kind == SL_MOVE_SPOKE_BOUNCED && state == SL_CLOCK_MET))
    g_array_index(moves, SlMove, moves->len - 1).ref = kind == SL_MOVE_SPLIT ? 1 : 2;
  g_autoptr(GPtrArray) after = run(moves, now);
  const SlClock *is = newest(after, row->target);
  gboolean again = is->cycle > was->cycle;
  gboolean ended = !again && (was->end_seq == 0) != (is->end_seq == 0);
  if (is->state == state && !again && !ended)
    return;
  gboolean kept = !again && is->state != SL_CLOCK_BREACHED && is->breached_at != SL_TIME_NONE;
  printf("| %s | %s | %s | %s%s%s |\n", sl_target_word(row->target), sl_clock_state_word(state), sl_move_text(kind), sl_clock_state_word(is->state),
         again ? " (a new cycle)" : is->state == state && ended ? (is->end_seq ? ", and ended" : ", and running on") : "",
         kept ? ", its breach kept" : "");
}

static void
print_clocks(void)
{
  gboolean parsed = sl_time_parse(TUESDAY, &tuesday);
  g_assert(parsed);
  agreement = sl_agreement_new_default();
  printf("## Clock state\n\n"
         "A clock is a pure function of the ticket's events and the agreement's text (`sla/clock.c`): nothing is remembered, so a state can always be\n"
         "computed anew, and the rows of the store are compared with that. Time alone leads from running to breached, at the second of its due. What\n"
         "was breached keeps its `breached_at`, whatever ends it; a time that a person states after the breach mends nothing. start, ack and answer never pause;\n"
         "resolve has no due while its ticket waits, and its estimate moves by the time waited. progress has a clock a business day, which ends with it. Found by doing it, under the default agreement:\n\n"
         "| target | state | what happens | becomes |\n|---|---|---|---|\n");
  for (guint r = 0; r < G_N_ELEMENTS(clock_rows); r++) {
    for (guint state = 0; state <= SL_CLOCK_CANCELLED; state++) {
#define X(name, text) print_clock_step(&clock_rows[r], (SlClockState)state, SL_MOVE_##name);
      SL_MOVES(X)
#undef X
    }
  }
  printf("\n");
  sl_agreement_free(agreement);
}

/* ---- deliveries ---- */

static Guarantee of_delivery[] = {
    {"queued", "claimed", "epoch + 1, the attempt is counted; a lease that outlasts the attempt's hard deadline", FALSE},
    {"queued", "withdrawn", "facts made the letter needless, in the transaction that knows them", FALSE},
    {"queued", "held", "by hand", FALSE},
    {"queued", "dropped", "by hand", FALSE},
    {"claimed", "claimed", "the lease is over and its owner is dead", FALSE},
    {"claimed", "sending", "compare-and-set just before the final dot: my epoch, lease valid, not withdrawn; the mark is counted here", FALSE},
    {"claimed", "queued", "my epoch only; 4xx: not before the next try", FALSE},
    {"claimed", "failed", "my epoch only; 5xx: a person is told in the same transaction", FALSE},
    {"claimed", "withdrawn", "before the mark: the compare-and-set finds it gone, and nothing is sent", FALSE},
    {"sending", "claimed", "the lease is over and its owner is dead: recorded as in doubt, and not at once over another road", FALSE},
    {"sending", "queued", "my epoch only; without an outcome after the mark it is in doubt", FALSE},
    {"sending", "failed", "my epoch only; 5xx: a person is told in the same transaction", FALSE},
    {NULL, "sent", "accepted from any epoch: a late 250 is true. Final; copies never exceed the marks", FALSE},
    {"failed", "queued", "by hand", FALSE},
    {"failed", "held", "by hand", FALSE},
    {"failed", "dropped", "by hand", FALSE},
    {"held", "queued", "by hand", FALSE},
    {"held", "dropped", "by hand", FALSE},
    {"dropped", "queued", "by hand", FALSE},
};

static void
print_deliveries(void)
{
  printf("## Delivery\n\n"
         "One delivery a recipient (`store/outbox.c`, `sl_delivery_may`). The letter's bytes and Message-ID are fixed when it is decided; every copy has\n"
         "them. A letter's own state is the first in this order that one of its deliveries has:");
  for (guint i = 0; i < SL_N_DELIVERIES; i++)
    printf("%s %s", i ? "," : "", sl_delivery_word((SlDeliveryState)i));
  printf(".\n\n| delivery | becomes | guarantee |\n|---|---|---|\n");
  for (guint from = 0; from < SL_N_DELIVERIES; from++) {
    for (guint to = 0; to < SL_N_DELIVERIES; to++) {
      if (sl_delivery_may((SlDeliveryState)from, (SlDeliveryState)to))
        printf("| %s | %s | %s |\n", sl_delivery_word((SlDeliveryState)from), sl_delivery_word((SlDeliveryState)to),
               guarantee(of_delivery, G_N_ELEMENTS(of_delivery), sl_delivery_word((SlDeliveryState)from), sl_delivery_word((SlDeliveryState)to)));
    }
  }
  printf("\n");
  check_used(of_delivery, G_N_ELEMENTS(of_delivery));
}

/* ---- mails ---- */

static Guarantee of_mail[] = {
    {"held", "stored", "its sender's registered mailbox or the ticket's agent said OK, or it was released at the shell: it is stepped once more in the same transaction", FALSE},
    {"held", "dropped", "the same people said no; the bytes are kept", FALSE},
    {"quarantined", "stored", "it could be read after all", FALSE},
    {"quarantined", "dropped", "by hand; the bytes are kept", FALSE},
};

static void
print_mails(void)
{
  printf("## Mail that came in\n\n"
         "Every accepted mail has a row and its whole bytes (`store/mails.h`, `sl_mail_may`). It begins stored, held (it waits for a person's word) or\n"
         "quarantined (it could not be understood, and a person was told).\n\n"
         "| mail | becomes | guarantee |\n|---|---|---|\n");
  for (guint from = 0; from < SL_N_MAIL_STATES; from++) {
    for (guint to = 0; to < SL_N_MAIL_STATES; to++) {
      const char *a = sl_mail_state_word((SlMailState)from), *b = sl_mail_state_word((SlMailState)to);
      if (sl_mail_may((SlMailState)from, (SlMailState)to))
        printf("| %s | %s | %s |\n", a, b, guarantee(of_mail, G_N_ELEMENTS(of_mail), a, b));
    }
  }
  check_used(of_mail, G_N_ELEMENTS(of_mail));
}

int
main(void)
{
  printf("# States and guarantees\n\n"
         "Printed by `tests/tools/print-invariants` from the tables that the code runs by; `make check` compares. All that a state machine of Slate may\n"
         "do stands here.\n\n");
  print_status();
  print_clocks();
  print_deliveries();
  print_mails();
  return wrong;
}
