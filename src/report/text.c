/* SPDX-License-Identifier: ISC */
#include "report/text.h"

#include "base/text.h"
#include "report/promises.h"
#include "report/words.h"

#define LONGEST_EXCUSE 40 /* bytes */

/* ---- blocks ---- */

static void
block_free(SlTextBlock *block)
{
  g_ptr_array_unref(block->rows);
  g_free(block->heading);
  g_free(block->note);
  g_free(block);
}

static GPtrArray *
blocks_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)block_free);
}

/* Takes the heading. */
static SlTextBlock *
add_block(GPtrArray *blocks, const char *key, char *heading, const char *const *columns)
{
  SlTextBlock *block = g_new0(SlTextBlock, 1);
  block->key = key;
  block->heading = heading;
  block->columns = columns;
  block->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  g_ptr_array_add(blocks, block);
  return block;
}

/* Cells are copied; NULL prints nothing. */
static void
add_row(SlTextBlock *block, const char *const *cells, guint n)
{
  char **row = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++)
    row[i] = g_strdup(cells[i] ? cells[i] : "");
  g_ptr_array_add(block->rows, row);
}
#define ADD_ROW(block, ...)                                                                                            \
  add_row(block, (const char *const[]){__VA_ARGS__}, G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})))

/* ---- what both share ---- */

static char *
period_words(SlTime from, SlTime to, const char *zone)
{
  g_autofree char *begins = sl_time_format_zone(from, zone, "%a %d %b %Y %H:%M %Z");
  g_autofree char *ends = sl_time_format_zone(to, zone, "%a %d %b %Y %H:%M %Z");
  return g_strdup_printf("%s to %s", begins, ends);
}

/* "answer", "answer/critical": as the configuration names a priority's own. */
static char *
promise_name(SlTarget target, SlPriority priority)
{
  if (priority == SL_PRIORITY_STANDARD)
    return g_strdup(sl_target_word(target));
  return g_strdup_printf("%s/%s", sl_target_word(target), sl_priority_word(priority));
}

static char *
part_of(guint part, guint whole)
{
  return whole ? g_strdup_printf("%u of %u", part, whole) : g_strdup("-");
}

/* "" where there are too few for a percentage. */
static char *
rate_of(guint part, guint whole)
{
  return whole < SL_WORDS_FEWEST ? g_strdup("") : sl_words_percent(part, whole);
}

static char *
ticket_name(gint64 ticket)
{
  return g_strdup_printf("#%" G_GINT64_FORMAT, ticket);
}

static char *
left_out(guint n)
{
  return g_strdup_printf("and %u earlier; --json has them all", n);
}

/* ---- report ---- */

static void
add_overview(GPtrArray *blocks, const SlReport *r, const char *company, const char *zone)
{
  SlTextBlock *block = add_block(blocks, "report", g_strdup_printf("Service report of %s", company), NULL);
  guint due = 0, met = 0;
  for (guint i = 0; i < SL_N_TARGETS * SL_N_PRIORITIES; i++) {
    due += r->target[i / SL_N_PRIORITIES][i % SL_N_PRIORITIES].due;
    met += r->target[i / SL_N_PRIORITIES][i % SL_N_PRIORITIES].met;
  }
  g_autofree char *period = period_words(r->from, r->to, zone);
  g_autofree char *available = sl_report_available_words(r), *called = sl_report_escalated_words(r);
  g_autofree char *tickets = g_strdup_printf("%u received, %u resolved, %u reopened; %u open at the end", r->received, r->resolved, r->reopened,
                                             r->open);
  g_autofree char *share = sl_words_share(met, due, "kept");
  g_autofree char *kept = g_strdup_printf("%s; the objective is %d %%", share, r->agreement->objective);
  ADD_ROW(block, "Period", period);
  ADD_ROW(block, "Client", r->client ? r->client : "all");
  ADD_ROW(block, "Tickets", tickets);
  ADD_ROW(block, "Promises", due ? kept : share);
  ADD_ROW(block, "Available", available);
  ADD_ROW(block, "Escalated", called);
}

static char *
excused_words(const SlReportTarget *t)
{
  guint counted = t->due - t->excused;
  if (!t->excused)
    return g_strdup("");
  if (counted < SL_WORDS_FEWEST)
    return g_strdup_printf("%u: %u of %u", t->excused, t->met, counted);
  g_autofree char *rate = sl_words_percent(t->met, counted);
  return g_strdup_printf("%u: %s", t->excused, rate);
}

static void
add_promise(SlTextBlock *block, SlTarget target, SlPriority priority, const SlReportTarget *t)
{
  g_autofree char *name = promise_name(target, priority);
  g_autofree char *kept = part_of(t->met, t->due), *rate = rate_of(t->met, t->due), *excused = excused_words(t);
  g_autofree char *half = sl_words_short(sl_report_percentile(t->took, 50)), *most = sl_words_short(sl_report_percentile(t->took, 90));
  g_autofree char *longest = sl_words_short(sl_report_percentile(t->took, 100));
  g_autofree char *wall_half = sl_words_short(sl_report_percentile(t->took_wall, 50));
  g_autofree char *wall_most = sl_words_short(sl_report_percentile(t->took_wall, 90));
  g_autofree char *elapsed = t->took_wall->len ? g_strdup_printf("%s, %s", wall_half, wall_most) : NULL;
  ADD_ROW(block, name, kept, rate, excused, half, most, longest, elapsed);
}

static void
add_promises(GPtrArray *blocks, const SlReport *r)
{
  static const char *const columns[] = {"PROMISE", "KEPT", "RATE", "EXCUSED", "HALF", "90 %", "LONGEST", "ELAPSED", NULL};
  SlTextBlock *block = add_block(blocks, "promise", g_strdup("Promises that fell due"), columns);
  for (guint t = 0; t < SL_N_TARGETS; t++) {
    for (guint p = 0; p < SL_N_PRIORITIES; p++) {
      if (r->target[t][p].due)
        add_promise(block, (SlTarget)t, (SlPriority)p, &r->target[t][p]);
    }
  }
  if (block->rows->len)
    block->note = g_strdup("HALF, 90 %, LONGEST: how long those took that were met, as the promise counts; ELAPSED: half and 90 % by the wall"
                           " clock; EXCUSED: how many, and what was kept without them.");
  else
    g_ptr_array_remove_index(blocks, blocks->len - 1);
}

/* What became of it: met, still open, over without; or said only afterwards to have been in time. */
static const char *
outcome_word(const SlReportBreach *b)
{
  if (b->over)
    return "over";
  if (b->met_at == SL_TIME_NONE)
    return "open";
  return b->met_at <= b->due_at ? "said late" : "met";
}

static void
add_breach(SlTextBlock *block, const SlReportBreach *b, const char *zone)
{
  g_autofree char *ticket = ticket_name(b->ticket), *name = promise_name(b->target, b->priority);
  g_autofree char *due = sl_time_format_zone(b->due_at, zone, "%a %d %b %H:%M");
  g_autofree char *late = sl_words_short(b->late_sec);
  g_autofree char *excuse = sl_text_one_line(b->excuse, LONGEST_EXCUSE);
  ADD_ROW(block, ticket, name, due, late, outcome_word(b), b->assignee ? b->assignee : "nobody", b->client, excuse, b->subject);
}

static void
add_breaches(GPtrArray *blocks, const SlReport *r, const char *zone, guint most)
{
  static const char *const columns[] = {"TICKET", "PROMISE", "DUE", "LATE", "NOW", "OWNER", "CLIENT", "EXCUSE", "SUBJECT", NULL};
  guint n = r->breaches->len, first = n > most ? n - most : 0;
  if (!n)
    return;
  SlTextBlock *block = add_block(blocks, "late", g_strdup_printf("Late: %u", n), columns);
  for (guint i = first; i < n; i++)
    add_breach(block, r->breaches->pdata[i], zone);
  block->note = first ? left_out(first) : NULL;
}

static void
add_sentences(GPtrArray *blocks, const SlReport *r)
{
  g_autoptr(GPtrArray) promises = sl_report_promises(r);
  SlTextBlock *block = add_block(blocks, "agreement", g_strdup("The agreement, sentence by sentence"), NULL);
  for (guint i = 0; i < promises->len; i++) {
    const SlPromise *p = promises->pdata[i];
    ADD_ROW(block, p->id, p->text, p->setting, p->figure);
  }
}

GPtrArray *
sl_report_text(const SlReport *report, const char *company, const char *zone, guint most)
{
  GPtrArray *blocks = blocks_new();
  add_overview(blocks, report, company, zone);
  add_promises(blocks, report);
  add_breaches(blocks, report, zone, most);
  add_sentences(blocks, report);
  return blocks;
}

/* ---- replay ---- */

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(a, b);
}

static char *
agreements_words(const SlReplay *r)
{
  g_autoptr(GString) out = g_string_new(NULL);
  GList *names = g_list_sort(g_hash_table_get_keys(r->agreements), by_name);
  g_string_append_printf(out, "%u received in the period", r->tickets);
  for (GList *l = names; l; l = l->next)
    g_string_append_printf(out, "; %u under %s", GPOINTER_TO_UINT(g_hash_table_lookup(r->agreements, l->data)), (const char *)l->data);
  if (r->kept_own)
    g_string_append_printf(out, "; %u under their own, for %s has none for them", r->kept_own, r->file);
  g_list_free(names);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
add_replay_overview(GPtrArray *blocks, const SlReplay *r, const char *zone)
{
  SlTextBlock *block = add_block(blocks, "replay", g_strdup_printf("What was recorded, under %s", r->file), NULL);
  guint due[2] = {0, 0}, met[2] = {0, 0};
  for (guint i = 0; i < SL_N_TARGETS * SL_N_PRIORITIES; i++) {
    const SlReplayFigure *sides[] = {&r->before[i / SL_N_PRIORITIES][i % SL_N_PRIORITIES], &r->after[i / SL_N_PRIORITIES][i % SL_N_PRIORITIES]};
    for (guint s = 0; s < 2; s++) {
      due[s] += sides[s]->due;
      met[s] += sides[s]->met;
    }
  }
  g_autofree char *period = period_words(r->from, r->to, zone), *tickets = agreements_words(r);
  g_autofree char *before = sl_words_share(met[0], due[0], "kept"), *after = sl_words_share(met[1], due[1], "kept");
  ADD_ROW(block, "Period", period);
  ADD_ROW(block, "Tickets", tickets);
  ADD_ROW(block, "Before", before);
  ADD_ROW(block, "After", after);
}

static void
add_replayed(GPtrArray *blocks, const SlReplay *r)
{
  static const char *const columns[] = {"PROMISE", "BEFORE", "RATE", "AFTER", "RATE", NULL};
  SlTextBlock *block = add_block(blocks, "promise", g_strdup("Promises"), columns);
  for (guint i = 0; i < SL_N_TARGETS * SL_N_PRIORITIES; i++) {
    SlTarget target = (SlTarget)(i / SL_N_PRIORITIES);
    SlPriority priority = (SlPriority)(i % SL_N_PRIORITIES);
    const SlReplayFigure *was = &r->before[target][priority], *is = &r->after[target][priority];
    if (!was->due && !is->due)
      continue;
    g_autofree char *name = promise_name(target, priority);
    g_autofree char *before = part_of(was->met, was->due), *before_rate = rate_of(was->met, was->due);
    g_autofree char *after = part_of(is->met, is->due), *after_rate = rate_of(is->met, is->due);
    ADD_ROW(block, name, before, before_rate, after, after_rate);
  }
  if (!block->rows->len)
    g_ptr_array_remove_index(blocks, blocks->len - 1);
}

static void
add_change(SlTextBlock *block, const SlReplayChange *c, const char *zone)
{
  g_autofree char *ticket = ticket_name(c->ticket), *cycle = g_strdup_printf("%d", c->cycle);
  g_autofree char *was_due = sl_time_format_zone(c->before.due_at, zone, "%a %d %b %H:%M");
  g_autofree char *is_due = sl_time_format_zone(c->after.due_at, zone, "%a %d %b %H:%M");
  ADD_ROW(block, ticket, sl_target_word(c->target), cycle, sl_replay_word(c->before.state), was_due, sl_replay_word(c->after.state), is_due,
          c->subject);
}

static void
add_changes(GPtrArray *blocks, const SlReplay *r, const char *zone, guint most)
{
  static const char *const columns[] = {"TICKET", "PROMISE", "CYCLE", "BEFORE", "DUE", "AFTER", "DUE", "SUBJECT", NULL};
  guint n = r->changed->len, first = n > most ? n - most : 0;
  g_autofree char *count = sl_words_count(n, "promise");
  SlTextBlock *block = add_block(blocks, "changed", n ? g_strdup_printf("Another outcome: %s", count) : g_strdup("No outcome changes"), columns);
  for (guint i = first; i < n; i++)
    add_change(block, r->changed->pdata[i], zone);
  block->note = first ? left_out(first) : NULL;
}

GPtrArray *
sl_replay_text(const SlReplay *replay, const char *zone, guint most)
{
  GPtrArray *blocks = blocks_new();
  add_replay_overview(blocks, replay, zone);
  add_replayed(blocks, replay);
  add_changes(blocks, replay, zone, most);
  return blocks;
}
