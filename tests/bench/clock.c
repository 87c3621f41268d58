/* SPDX-License-Identifier: ISC */
/* What a due costs: business time added over a ten-year horizon. Prints ns a call; no verdict. */
#include <stdio.h>
#include <time.h>

#include "sla/calendar.h"

#define CALLS 2000000

static double
seconds_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static SlCalendar *
office(void)
{
  g_autoptr(SlCalendarSpec) spec = sl_calendar_spec_new("office", "America/New_York");
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 08:00-12:00"));
  g_ptr_array_add(spec->hours, g_strdup("mon-fri 13:00-18:00"));
  for (int year = 2026; year < 2037; year++)
    g_ptr_array_add(spec->holidays, g_strdup_printf("%d-12-25 Christmas Day", year));
  return sl_calendar_new(spec, NULL);
}

int
main(void)
{
  const SlTime start = G_GINT64_CONSTANT(1767225600) * SL_SECOND, horizon = 3652 * SL_DAY;
  g_autoptr(SlCalendar) calendar = office();
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  double begin = seconds_now();
  SlTime last = sl_calendar_next_open(calendar, start + horizon);
  gint64 sum = sl_calendar_elapsed(calendar, start, last);
  printf("compile ten years: %.1f ms\n", (seconds_now() - begin) * 1e3);
  g_autofree SlTime *from = g_new(SlTime, CALLS);
  for (int i = 0; i < CALLS; i++)
    from[i] = start + (SlTime)(g_rand_double(rand) * (double)(horizon / SL_SECOND)) * SL_SECOND;
  begin = seconds_now();
  for (int i = 0; i < CALLS; i++)
    sum += sl_calendar_add(calendar, from[i], 7200) / SL_SECOND;
  printf("due: %.0f ns\n", (seconds_now() - begin) * 1e9 / CALLS);
  begin = seconds_now();
  for (int i = 0; i < CALLS; i++)
    sum += sl_calendar_elapsed(calendar, start, from[i]);
  printf("elapsed: %.0f ns\n", (seconds_now() - begin) * 1e9 / CALLS);
  return sum == 0;
}
