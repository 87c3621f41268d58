/* SPDX-License-Identifier: ISC */
#include "report/replay.h"

#include <string.h>

#include "sla/versions.h"

const char *
sl_replay_word(SlReplayState state)
{
  static const char *const words[] = {
#define X(name, word) [SL_REPLAY_##name] = word,
      SL_REPLAY_STATES(X)
#undef X
  };
  return words[state];
}

static void
change_free(SlReplayChange *change)
{
  g_free(change->subject);
  g_free(change);
}

SlReplay *
sl_replay_new(const char *file, const SlConfig *config, SlTime from, SlTime to, SlTime now)
{
  SlReplay *replay = g_new0(SlReplay, 1);
  replay->from = from;
  replay->to = to == SL_TIME_NONE ? now : to;
  replay->end = to == SL_TIME_NONE ? now + SL_SECOND : to;
  replay->now = now;
  replay->file = g_strdup(file);
  replay->config = config;
  replay->agreements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  replay->changed = g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
  return replay;
}

void
sl_replay_free(SlReplay *replay)
{
  if (!replay)
    return;
  g_hash_table_unref(replay->agreements);
  g_ptr_array_unref(replay->changed);
  g_free(replay->file);
  g_free(replay);
}

/* ---- which agreement ---- */

/* "standard" is always there; it speaks of tickets where it is written, or where the file writes no agreement at all. */
static gboolean
only_implied(const SlConfig *config, const char *sla)
{
  return strcmp(sla, "standard") == 0 && !config->names_standard && config->agreements->len > 1;
}

const SlAgreement *
sl_replay_agreement(const SlConfig *config, const SlTicket *ticket, SlTime received)
{
  const SlPolicy *policy = config->policy;
  const SlClient *client = sl_policy_client(policy, ticket->client);
  if (!client || client == policy->everybody)
    client = config->names_default ? policy->everybody : NULL;
  if (client)
    return sl_agreement_in_force(client->versions, client->agreement->name, received);
  if (!ticket->sla || only_implied(config, ticket->sla))
    return NULL;
  return sl_agreement_in_force(config->agreements, ticket->sla, received);
}

/* ---- clocks ---- */

static SlReplaySide
side_of(const SlClock *clock)
{
  if (!clock)
    return (SlReplaySide){SL_TIME_NONE, SL_REPLAY_NONE};
  SlReplayState state = clock->breached_at != SL_TIME_NONE          ? SL_REPLAY_LATE
                        : clock->state == SL_CLOCK_CANCELLED        ? SL_REPLAY_CANCELLED
                        : clock->met_at != SL_TIME_NONE             ? SL_REPLAY_MET
                                                                    : SL_REPLAY_OPEN;
  return (SlReplaySide){clock->due_at, state};
}

static void
count(SlReplayFigure figures[SL_N_TARGETS][SL_N_PRIORITIES], const GPtrArray *clocks)
{
  for (guint i = 0; i < clocks->len; i++) {
    const SlClock *clock = clocks->pdata[i];
    SlReplayState state = side_of(clock).state;
    SlReplayFigure *figure = &figures[clock->target][clock->priority];
    gboolean promised = clock->due_at != SL_TIME_NONE; /* resolve without an estimate is met, but nothing was promised */
    figure->due += promised && (state == SL_REPLAY_MET || state == SL_REPLAY_LATE);
    figure->met += promised && state == SL_REPLAY_MET;
  }
}

static void
compare(SlReplay *replay, const SlTicket *ticket, SlTarget target, int cycle, const SlClock *before, const SlClock *after)
{
  SlReplaySide was = side_of(before), is = side_of(after);
  if (was.state == is.state)
    return;
  SlReplayChange *change = g_new0(SlReplayChange, 1);
  *change = (SlReplayChange){ticket->id, target, cycle, was, is, g_strdup(ticket->subject)};
  g_ptr_array_add(replay->changed, change);
}

static gint
order(const SlClock *a, const SlClock *b)
{
  if (!a || !b)
    return !a - !b; /* what is not there comes last */
  return a->target != b->target ? (gint)a->target - (gint)b->target : a->cycle - b->cycle;
}

static const SlClock *
nth(const GPtrArray *clocks, guint i)
{
  return i < clocks->len ? clocks->pdata[i] : NULL;
}

/* Both are in the order target, cycle: a merge. */
static void
compare_all(SlReplay *replay, const SlTicket *ticket, const GPtrArray *before, const GPtrArray *after)
{
  guint b = 0, a = 0;
  while (b < before->len || a < after->len) {
    const SlClock *was = nth(before, b), *is = nth(after, a);
    gint which = order(was, is);
    const SlClock *named = which <= 0 ? was : is;
    compare(replay, ticket, named->target, named->cycle, which <= 0 ? was : NULL, which >= 0 ? is : NULL);
    b += which <= 0;
    a += which >= 0;
  }
}

/* ---- tickets ---- */

static void
note_agreement(SlReplay *replay, const SlAgreement *agreement)
{
  gboolean versioned = agreement->version && *agreement->version;
  char *name = g_strdup_printf("%s%s%s, calendar %s", agreement->name, versioned ? " " : "", versioned ? agreement->version : "",
                               agreement->calendar_name);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(replay->agreements, name));
  g_hash_table_insert(replay->agreements, name, GUINT_TO_POINTER(n + 1));
}

/* The file's text holds from the receipt on: what was edited in the recorded one does not touch it. */
static GArray *
moves_under_one_text(const GArray *recorded)
{
  GArray *moves = g_array_sized_new(FALSE, FALSE, sizeof(SlMove), recorded->len);
  for (guint i = 0; i < recorded->len; i++) {
    const SlMove *move = &g_array_index(recorded, SlMove, i);
    if (move->kind != SL_MOVE_RECALENDAR)
      g_array_append_val(moves, *move);
  }
  return moves;
}

void
sl_replay_add(SlReplay *replay, const SlRecord *record)
{
  SlTime received = sl_record_received_at(record);
  if (received < replay->from || received >= replay->end)
    return;
  const SlAgreement *agreement = sl_replay_agreement(replay->config, record->ticket, received);
  replay->tickets++;
  count(replay->before, record->clocks);
  if (!agreement) {
    replay->kept_own++;
    count(replay->after, record->clocks);
    return;
  }
  note_agreement(replay, agreement);
  g_autoptr(GArray) moves = moves_under_one_text(record->moves);
  g_autoptr(GPtrArray) clocks = sl_clock_run((const SlMove *)(gconstpointer)moves->data, moves->len, agreement, replay->now);
  count(replay->after, clocks);
  compare_all(replay, record->ticket, record->clocks, clocks);
}
