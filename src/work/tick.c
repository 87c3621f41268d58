/* SPDX-License-Identifier: ISC */
#include "store/notices.h"
#include "store/tickets.h"
#include "work/house.h"
#include "work/stages.h"
#include "work/suspect.h"

#define TICK_BATCH    100
#define TICK_MOST     1000000 /* steps a pass: a bound, not an expectation */
#define TICK_TIMES    4       /* how often a pass asks one ticket */
#define TICK_ITEM_SEC 60

void
sl_tick_result_clear(SlTickResult *result)
{
  g_clear_pointer(&result->fired, g_ptr_array_unref);
}

static gboolean
run(SlWork *work, SlStimulus *stimulus, const char *key, SlTickResult *result, GError **error)
{
  SlStepResult step;
  int deaths = 0;
  if (!sl_suspect_count(work->db, key, &deaths, error))
    return FALSE;
  if (deaths >= SL_SUSPECT_LIMIT)
    return TRUE;
  sl_suspect_enter(key, TICK_ITEM_SEC);
  gboolean ok = sl_step(work, stimulus, NULL, FALSE, &step, error);
  sl_suspect_leave();
  if (!ok)
    return sl_error_prefix(error, "%s", key);
  result->letters += step.letters;
  for (guint i = 0; i < step.fired->len; i++)
    g_ptr_array_add(result->fired, step.fired->pdata[i]);
  g_ptr_array_set_free_func(step.fired, NULL);
  sl_step_result_clear(&step);
  return TRUE;
}

static gboolean
fire(SlWork *work, gint64 ticket, SlTickResult *result, GError **error)
{
  g_autofree char *key = g_strdup_printf("ticket %" G_GINT64_FORMAT, ticket);
  SlStimulus stimulus = {.kind = SL_STIMULUS_ALARM, .ticket = ticket};
  return run(work, &stimulus, key, result, error);
}

static gboolean
bundle(SlWork *work, const char *person, SlTickResult *result, GError **error)
{
  g_autofree char *key = g_strdup_printf("bundle %s", person);
  SlStimulus stimulus = {.kind = SL_STIMULUS_BUNDLE, .person = person};
  return run(work, &stimulus, key, result, error);
}

/* Alarms before bundles: what falls due together is gathered before it is written. What one alarm brings about may bring the next, as
 * the end of a wait does; but a ticket that cannot be dealt with is asked a few times only, so that it holds nobody up. */
static gboolean
fire_due(SlWork *work, GHashTable *seen, SlBeat beat, gpointer user, SlTickResult *result, gboolean *out_any, GError **error)
{
  g_autoptr(GArray) due = sl_tickets_due(work->db, sl_work_now(work), TICK_BATCH + g_hash_table_size(seen), error);
  if (!due)
    return FALSE;
  *out_any = FALSE;
  for (guint i = 0; i < due->len; i++) {
    gint64 ticket = g_array_index(due, gint64, i);
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(seen, &ticket));
    if (times >= TICK_TIMES)
      continue;
    *out_any = TRUE;
    g_hash_table_insert(seen, g_memdup2(&ticket, sizeof ticket), GUINT_TO_POINTER(times + 1));
    if (!fire(work, ticket, result, error) || (beat && !beat(user)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_bundles(SlWork *work, SlBeat beat, gpointer user, SlTickResult *result, GError **error)
{
  g_autoptr(GPtrArray) persons = sl_notices_persons(work->db, sl_work_now(work), error);
  for (guint i = 0; persons && i < persons->len; i++) {
    if (!bundle(work, persons->pdata[i], result, error) || (beat && !beat(user)))
      return FALSE;
  }
  return persons != NULL;
}

static void
fired_free(gpointer fired)
{
  SlFired *f = fired;
  g_free(f->target);
  g_free(f->what);
  g_free(f);
}

gboolean
sl_tick_pass(SlWork *work, SlBeat beat, gpointer user, SlTickResult *out_result, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  gboolean any = TRUE;
  out_result->fired = g_ptr_array_new_with_free_func(fired_free);
  out_result->letters = 0;
  if (!sl_house_settle(work, NULL, error))
    return FALSE;
  while (any && g_hash_table_size(seen) < TICK_MOST) {
    if (!fire_due(work, seen, beat, user, out_result, &any, error))
      return FALSE;
  }
  return write_bundles(work, beat, user, out_result, error);
}

static SlTime
ceil_second(SlTime t)
{
  return t == SL_TIME_NONE || t == sl_time_floor(t) ? t : sl_time_floor(t) + SL_SECOND;
}

gboolean
sl_tick_next(SlWork *work, SlTime *out_at, GError **error)
{
  SlTime alarm = SL_TIME_NONE, ready = SL_TIME_NONE;
  SlTime house = SL_TIME_NONE;
  if (!sl_tickets_next_alarm(work->db, &alarm, error) || !sl_notices_next(work->db, &ready, error) ||
      !sl_house_next(work, &house, error))
    return FALSE;
  *out_at = ceil_second(sl_time_earlier(house, sl_time_earlier(alarm, ready)));
  return TRUE;
}
