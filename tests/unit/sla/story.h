/* SPDX-License-Identifier: ISC */
/* Moves in words: "Tue 10:00 received", for tests of clocks and ladders. Days of the week of Monday 16 November 2026, then on: "Mon2" is the
 * next Monday. New York time. */
#pragma once
#include <string.h>

#include "sla/ladder.h"

static inline SlTime
at(const char *text)
{
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  int day = 16;
  char local[32];
  for (int i = 0; i < 7; i++) {
    if (strncmp(text, days[i], 3) == 0)
      day += i;
  }
  text += 3;
  if (*text == '2' || *text == '3')
    day += 7 * (*text++ - '1');
  g_snprintf(local, sizeof local, "2026-%02d-%02d %s", day > 30 ? 12 : 11, day > 30 ? day - 30 : day, text + 1);
  SlTime t = 0;
  g_autoptr(GTimeZone) zone = sl_time_zone_new("America/New_York");
  gboolean ok = sl_time_parse_local(local, zone, &t);
  g_assert_true(ok);
  return t;
}

static inline SlMove *
add_move(GArray *moves, SlMoveKind kind, const char *when)
{
  SlMove move = {.kind = kind, .seq = (int)moves->len + 1, .at = at(when), .until = SL_TIME_NONE, .priority = SL_PRIORITY_STANDARD};
  g_array_append_val(moves, move);
  return &g_array_index(moves, SlMove, moves->len - 1);
}

static inline SlMove *
last_move(GArray *moves)
{
  return &g_array_index(moves, SlMove, moves->len - 1);
}

static inline const SlMove *
moves_of(const GArray *moves)
{
  return (const SlMove *)(gconstpointer)moves->data;
}

static inline GArray *
story(void)
{
  return g_array_new(FALSE, TRUE, sizeof(SlMove));
}

static inline GPtrArray *
run_clocks(const GArray *moves, const SlAgreement *agreement, const char *now)
{
  return sl_clock_run(moves_of(moves), moves->len, agreement, at(now));
}

/* The state and due of a clock at `now`: "running Tue 12:00", "paused -", "none" where there is no such clock. */
static inline char *
clock_text(const GArray *moves, const SlAgreement *agreement, SlTarget target, int cycle, const char *now)
{
  g_autoptr(GPtrArray) clocks = run_clocks(moves, agreement, now);
  const SlClock *clock = sl_clock_find(clocks, target, cycle);
  g_autofree char *due = clock ? sl_time_format_zone(clock->due_at, "America/New_York", "%a %H:%M") : NULL;
  return clock ? g_strdup_printf("%s %s", sl_clock_state_word(clock->state), due ? due : "-") : g_strdup("none");
}

#define ASSERT_TEXT(moves, target, cycle, now, wanted)                                                                         \
  do {                                                                                                                         \
    g_autofree char *text_ = clock_text(moves, agreement, target, cycle, now);                                                 \
    g_assert_cmpstr(text_, ==, wanted);                                                                                        \
  } while (0)
