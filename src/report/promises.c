/* SPDX-License-Identifier: ISC */
#include "report/promises.h"

#include "report/words.h"
#include "sla/versions.h"

/* ---- pieces of settings ---- */

static char *
spec_words(SlTarget target, const SlTargetSpec *spec)
{
  if (spec->off)
    return g_strdup("off");
  if (spec->within_sec == 0)
    return g_strdup(target == SL_TARGET_RESOLVE ? "by the estimate given" : "no limit");
  g_autofree char *within = sl_words_limit(spec->within_sec);
  g_autofree char *goal = spec->goal_sec ? sl_words_limit(spec->goal_sec) : NULL;
  return g_strdup_printf("within %s %s%s%s", within, spec->count == SL_COUNT_WALL ? "elapsed" : "business", goal ? ", goal " : "", goal ? goal : "");
}

/* "answer: within 2 h business, goal 1 h; critical: within 30 min business" */
static void
add_target(GString *out, const SlAgreement *a, SlTarget target)
{
  g_autofree char *standard = spec_words(target, sl_agreement_target(a, target, SL_PRIORITY_STANDARD));
  g_string_append_printf(out, "%s%s: %s", out->len ? "; " : "", sl_target_word(target), standard);
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    g_autofree char *own = spec_words(target, sl_agreement_target(a, target, (SlPriority)p));
    if (!g_str_equal(own, standard))
      g_string_append_printf(out, ", %s: %s", sl_priority_word((SlPriority)p), own);
  }
}

static char *
trigger_words(const SlTrigger *t)
{
  if (t->target >= 0 && t->percent == 0)
    return g_strdup("at once");
  if (t->target >= 0)
    return g_strdup_printf("at %d %% of %s", t->percent, sl_target_word((SlTarget)t->target));
  g_autofree char *offset = sl_words_limit(t->offset_sec);
  return g_strdup_printf("after %s business", offset);
}

static void
add_triggers(GString *out, const GArray *triggers)
{
  for (guint i = 0; i < triggers->len; i++) {
    g_autofree char *words = trigger_words(&g_array_index(triggers, SlTrigger, i));
    g_string_append_printf(out, "%s%s", i ? ", " : "", words);
  }
}

static void
add_days(GString *out, const GArray *days)
{
  for (guint i = 0; i < days->len; i++)
    g_string_append_printf(out, "%s%d", i == 0 ? "" : i + 1 < days->len ? ", " : " and ", g_array_index(days, int, i));
}

/* "critical and standard"; NULL where it is none of them. */
static char *
priorities_words(const gboolean chosen[SL_N_PRIORITIES])
{
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint p = 0; p < SL_N_PRIORITIES; p++) {
    if (chosen[p])
      g_string_append_printf(out, "%s%s", out->len ? " and " : "", sl_priority_word((SlPriority)p));
  }
  return out->len ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* ---- pieces of figures ---- */

char *
sl_report_available_words(const SlReport *r)
{
  const SlAvailability *f = &r->availability;
  if (!f->measured)
    return g_strdup("not measured");
  g_autofree char *down = sl_words_hours(f->down_seconds), *of = sl_words_hours(f->measured_seconds);
  g_autofree char *maintenance = sl_words_hours(f->maintenance_seconds);
  return g_strdup_printf("%.2f %%: down for %s of %s measured; %s of maintenance left out", f->rate, down, of, maintenance);
}

char *
sl_report_escalated_words(const SlReport *r)
{
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 0; i < SL_REPORT_LEVELS; i++)
    g_string_append_printf(out, "%sL%u %u", i ? ", " : "", i + 1, r->escalated[i]);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
add_kept(GString *out, const SlReport *r, SlTarget target, gboolean named)
{
  SlReportTarget sum;
  sl_report_sum(r, target, &sum);
  g_autofree char *kept = sl_words_share(sum.met, sum.due, "kept");
  if (named)
    g_string_append_printf(out, "%s%s: ", out->len ? "; " : "", sl_target_word(target));
  g_string_append(out, kept);
  if (sum.excused)
    g_string_append_printf(out, ", %u excused", sum.excused);
  sl_report_target_clear(&sum);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(a, b);
}

/* "18 mail, 2 phone", sorted by name. */
static void
add_table(GString *out, GHashTable *table, const char *word)
{
  GList *keys = g_list_sort(g_hash_table_get_keys(table), by_name);
  for (GList *l = keys; l; l = l->next)
    g_string_append_printf(out, "%s%u %s%s", l == keys ? "" : ", ", GPOINTER_TO_UINT(g_hash_table_lookup(table, l->data)), word,
                           (const char *)l->data);
  g_list_free(keys);
}

/* ---- S1 to S12: setting and figure ---- */

static void
set_hours(GString *out, const SlAgreement *a)
{
  const SlCalendarSpec *spec = sl_calendar_get_spec(a->calendar);
  g_string_append_printf(out, "calendar %s: ", spec->name);
  for (guint i = 0; i < spec->hours->len; i++)
    g_string_append_printf(out, "%s, ", (const char *)spec->hours->pdata[i]);
  g_string_append(out, spec->timezone);
  if (spec->holidays->len) {
    g_autofree char *holidays = sl_words_count(spec->holidays->len, "holiday");
    g_string_append_printf(out, ", %s", holidays);
  }
}

static void
tell_hours(GString *out, const SlReport *r)
{
  g_autofree char *open = sl_words_hours(r->availability.business_seconds);
  g_autofree char *tickets = sl_words_count(r->received, "ticket");
  g_string_append_printf(out, "open for %s; %s", open, tickets);
  if (!r->received)
    return;
  g_string_append(out, ": ");
  add_table(out, r->channels, "by ");
}

static void
set_start(GString *out, const SlAgreement *a)
{
  add_target(out, a, SL_TARGET_ACK);
  add_target(out, a, SL_TARGET_START);
}

static void
tell_start(GString *out, const SlReport *r)
{
  add_kept(out, r, SL_TARGET_ACK, TRUE);
  add_kept(out, r, SL_TARGET_START, TRUE);
}

static void
set_answer(GString *out, const SlAgreement *a)
{
  add_target(out, a, SL_TARGET_ANSWER);
}

static void
tell_answer(GString *out, const SlReport *r)
{
  SlReportTarget sum;
  add_kept(out, r, SL_TARGET_ANSWER, FALSE);
  sl_report_sum(r, SL_TARGET_ANSWER, &sum);
  if (sum.took->len) {
    g_autofree char *half = sl_words_took(sl_report_percentile(sum.took, 50));
    g_string_append_printf(out, "; half within %s", half);
  }
  if (sum.with_goal)
    g_string_append_printf(out, "; %u of %u within the goal", sum.in_goal, sum.with_goal);
  if (sum.stated)
    g_string_append_printf(out, "; %u at a time that a person stated", sum.stated);
  sl_report_target_clear(&sum);
}

static void
set_estimate(GString *out, const SlAgreement *a)
{
  add_target(out, a, SL_TARGET_ETA);
  add_target(out, a, SL_TARGET_RESOLVE);
}

static void
tell_estimate(GString *out, const SlReport *r)
{
  SlReportTarget sum;
  add_kept(out, r, SL_TARGET_ETA, FALSE);
  sl_report_sum(r, SL_TARGET_ETA, &sum);
  g_autofree char *first = sl_words_share(sum.kept_first, sum.first_due, NULL);
  g_autofree char *last = sl_words_share(sum.kept_last, sum.last_due, NULL);
  if (sum.first_due || sum.last_due)
    g_string_append_printf(out, "; resolved by the first estimate: %s, by the last: %s", first, last);
  sl_report_target_clear(&sum);
}

static void
set_critical(GString *out, const SlAgreement *a)
{
  g_string_append(out, "critical tickets first in every list");
  for (guint i = 0; i < a->levels->len; i++) {
    const SlLevel *level = a->levels->pdata[i];
    if (!level->critical_at->len)
      continue;
    g_string_append_printf(out, "; %s %s ", level->id, level->name);
    add_triggers(out, level->critical_at);
  }
}

static void
tell_critical(GString *out, const SlReport *r)
{
  const SlReportTarget *answer = &r->target[SL_TARGET_ANSWER][SL_PRIORITY_CRITICAL];
  const SlReportTarget *resolve = &r->target[SL_TARGET_RESOLVE][SL_PRIORITY_CRITICAL];
  g_autofree char *tickets = sl_words_count(r->critical, "critical ticket");
  g_autofree char *answered = sl_words_share(answer->met, answer->due, "kept");
  g_autofree char *resolved = sl_words_share(resolve->met, resolve->due, "kept");
  g_string_append(out, tickets);
  if (answer->due)
    g_string_append_printf(out, "; answer: %s", answered);
  if (resolve->due)
    g_string_append_printf(out, "; resolve: %s", resolved);
}

static void
set_progress(GString *out, const SlAgreement *a)
{
  g_autofree char *who = priorities_words(a->promised);
  g_autofree char *before = sl_words_limit(a->progress_before_close_sec), *list = sl_words_limit(a->list_before_close_sec);
  g_autofree char *every = sl_words_limit(a->progress_every_sec);
  const SlTargetSpec *spec = sl_agreement_target(a, SL_TARGET_PROGRESS, SL_PRIORITY_CRITICAL);
  if (spec->off || !who)
    g_string_append(out, "progress: off");
  else if (a->progress_every_sec)
    g_string_append_printf(out, "progress: %s tickets, every %s %s", who, every, spec->count == SL_COUNT_WALL ? "elapsed" : "business");
  else
    g_string_append_printf(out, "progress: %s tickets, by each closing; the letter goes %s before it, the agents' list %s before it", who, before,
                           list);
}

static void
tell_progress(GString *out, const SlReport *r)
{
  add_kept(out, r, SL_TARGET_PROGRESS, FALSE);
}

static void
set_availability(GString *out, const SlAgreement *a)
{
  g_string_append_printf(out, "availability: %g %% of business hours, without scheduled maintenance", a->availability);
}

static void
tell_availability(GString *out, const SlReport *r)
{
  g_autofree char *words = sl_report_available_words(r);
  g_string_append(out, words);
}

static void
set_updates(GString *out, const SlAgreement *a)
{
  g_autofree char *who = priorities_words(a->courtesy);
  g_autofree char *before = sl_words_limit(a->progress_before_close_sec);
  if (who)
    g_string_append_printf(out, "courtesy: %s tickets get a word, too, %s before closing%s", who, before,
                           a->courtesy_skips_today ? ", unless a person wrote that day" : "");
  else
    g_string_append(out, "courtesy: off");
}

static void
tell_updates(GString *out, const SlReport *r)
{
  g_autofree char *updates = sl_words_count(r->updates, "update");
  g_string_append_printf(out, "%s sent, %u of them in people's words", updates, r->updates_by_people);
}

static void
set_records(GString *out, const SlAgreement *a)
{
  (void)a;
  g_string_append(out, "record: every event, in a chain of hashes; resolving takes the solution, closing the reason");
}

static void
tell_records(GString *out, const SlReport *r)
{
  g_autofree char *events = sl_words_count(r->events, "event");
  g_string_append_printf(out, "%s recorded; the solution stands on %u of %u resolved", events, r->solutions, r->resolved);
}

static void
set_waiting(GString *out, const SlAgreement *a)
{
  g_string_append_printf(out, "waiting for the customer: %s", a->pause_on_waiting ? "eta, progress and resolve stand still" : "no clock stands still");
  if (a->remind_days->len) {
    g_string_append(out, "; reminders after ");
    add_days(out, a->remind_days);
    g_string_append(out, " business days");
  }
  if (a->close_waiting_days > 0)
    g_string_append_printf(out, "; closed after %d business days", a->close_waiting_days);
}

static void
tell_waiting(GString *out, const SlReport *r)
{
  g_autofree char *waits = sl_words_count(r->waits, "wait"), *reminders = sl_words_count(r->reminders, "reminder");
  g_string_append_printf(out, "%s, %s", waits, reminders);
}

static void
set_ladder(GString *out, const SlAgreement *a)
{
  if (!a->levels->len)
    g_string_append(out, "ladder: no levels");
  for (guint i = 0; i < a->levels->len; i++) {
    const SlLevel *level = a->levels->pdata[i];
    g_string_append_printf(out, "%s%s %s: ", i ? "; " : "", level->id, level->name);
    add_triggers(out, level->at);
  }
}

static void
tell_ladder(GString *out, const SlReport *r)
{
  g_autofree char *words = sl_report_escalated_words(r);
  g_string_append(out, words);
}

static void
set_review(GString *out, const SlAgreement *a)
{
  g_string_append_printf(out, "sla %s%s%s", a->name, a->version && *a->version ? " version " : "", a->version ? a->version : "");
  if (a->in_force)
    g_string_append_printf(out, ", in force from %s", a->in_force);
  g_string_append_printf(out, ", review %s", a->review ? a->review : "not set");
  for (guint i = 0; i < a->agreed->len; i++)
    g_string_append_printf(out, "%s%s", i ? ", " : "; agreed by ", (const char *)a->agreed->pdata[i]);
}

static void
tell_review(GString *out, const SlReport *r)
{
  SlTime review = sl_agreement_review_at(r->agreement);
  if (r->received) {
    g_string_append(out, "tickets: ");
    add_table(out, r->versions, "under ");
  } else {
    g_string_append(out, "no ticket came in");
  }
  if (review == SL_TIME_NONE)
    return;
  if (review <= r->now) {
    g_string_append(out, "; the review is due");
    return;
  }
  g_autofree char *days = sl_words_count((guint)((review - r->now + SL_DAY - 1) / SL_DAY), "day");
  g_string_append_printf(out, "; the review is in %s", days);
}

static const struct {
  const char *id, *text;
  void (*set)(GString *out, const SlAgreement *agreement);
  void (*tell)(GString *out, const SlReport *report);
} sentences[] = {
    {"S1", "help desk by email, chat and calls during regular business hours (Monday to Friday, 8:00 AM to 6:00 PM EST)", set_hours, tell_hours},
    {"S2", "acknowledging and initiating the resolution of reported incidents within 20 Minutes of receiving the request", set_start, tell_start},
    {"S3", "the target answering time for standard incidents is 1 to 2 hours", set_answer, tell_answer},
    {"S4", "the estimated time for resolution will be provided a maximum of 24 hours after the ticket has been received", set_estimate,
     tell_estimate},
    {"S5",
     "critical incidents like when the customer is blocked to generate an estimate and a proposal will be addressed with the highest priority, "
     "aiming for resolution as soon as possible",
     set_critical, tell_critical},
    {"S6", "with feedback on the progress as soon as we get an update or at the end of the day", set_progress, tell_progress},
    {"S7", "a minimum system availability of 99% during regular business hours, excluding scheduled maintenance periods", set_availability,
     tell_availability},
    {"S8", "communicate proactively with end-users regarding the status of reported issues", set_updates, tell_updates},
    {"S9", "maintain accurate records of incidents, solutions, and response times", set_records, tell_records},
    {"S10", "customers report promptly and \"provide necessary information and access\"", set_waiting, tell_waiting},
    {"S11", "Level 1 a higher-level support technician, Level 2 the Customer Success Supervisor, Level 3 the Product Team", set_ladder, tell_ladder},
    {"S12", "reviewed annually or as needed. Amendments may be made with the agreement of both parties", set_review, tell_review},
};

static void
promise_free(SlPromise *promise)
{
  g_free(promise->setting);
  g_free(promise->figure);
  g_free(promise);
}

GPtrArray *
sl_report_promises(const SlReport *report)
{
  GPtrArray *promises = g_ptr_array_new_with_free_func((GDestroyNotify)promise_free);
  for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
    GString *setting = g_string_new(NULL), *figure = g_string_new(NULL);
    SlPromise *promise = g_new0(SlPromise, 1);
    sentences[i].set(setting, report->agreement);
    sentences[i].tell(figure, report);
    promise->id = sentences[i].id;
    promise->text = sentences[i].text;
    promise->setting = g_string_free(setting, FALSE);
    promise->figure = g_string_free(figure, FALSE);
    g_ptr_array_add(promises, promise);
  }
  return promises;
}
