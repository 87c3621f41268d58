/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mail/parse.h"
#include "store/mails.h"
#include "store/raw.h"
#include "store/seen.h"
#include "work/alert.h"
#include "work/stages.h"
#include "work/suspect.h"
#include "work/wake.h"

#define BATCH           50  /* messages a transaction, when a backlog waits */
#define ITEM_SEC        60  /* real seconds for one message, parsing and step */
#define LIST_MOST       1000
#define RECEIVED_MAX_BACK (5 * SL_DAY) /* a stated receipt time older than that is not believed */

void
sl_intake_result_free(SlIntakeResult *result)
{
  if (!result)
    return;
  g_free(result->source);
  sl_step_result_clear(&result->step);
  g_free(result);
}

/* One spool file on its way into the store. */
typedef struct {
  SlWork *work;
  SlSpool *spool;
  const char *name;
  SlSpoolMeta meta;
  int fd;
  gint64 start;
} Item;

static void
item_clear(Item *item)
{
  sl_spool_meta_clear(&item->meta);
  if (item->fd >= 0)
    close(item->fd);
}

/* ---- what came before, what cannot be read ---- */

static gboolean
see(const Item *item, const char *state, GError **error)
{
  if (!item->meta.mailbox || !item->meta.uid)
    return TRUE;
  return sl_seen_put(item->work->db, item->meta.mailbox, item->meta.uidvalidity, item->meta.uid, state, error);
}

static gboolean
quarantine(Item *item, const char *reason, SlStepResult *result, GError **error)
{
  SlWork *work = item->work;
  g_autofree char *what = NULL;
  if (!sl_raw_put_fd(work->db, item->meta.sha256, item->fd, item->start, error) ||
      !sl_mails_quarantine(work->db, item->meta.sha256, item->meta.received, item->meta.mailbox, item->name, reason,
                           &result->mail, error) ||
      !see(item, "quarantined", error))
    return FALSE;
  what = g_strdup_printf("A mail could not be understood; it is kept whole as number %" G_GINT64_FORMAT ".", result->mail);
  g_autofree char *cause = g_strdup_printf("quarantine:%" G_GINT64_FORMAT, result->mail);
  result->outcome = SL_OUTCOME_QUARANTINED;
  result->reason = g_strdup(reason);
  return sl_alert(work, cause, what, reason, "Look at it: slate quarantine show; then release or drop it.", TRUE, error);
}

/* The same spool file again: it was committed, and the power went before it was unlinked. */
static gboolean
was_committed(const Item *item, gint64 *out_mail, GError **error)
{
  return sl_mails_by_source(item->work->db, item->name, out_mail, error);
}

static gboolean
repeat_result(const Item *item, gint64 mail, SlStepResult *result, GError **error)
{
  g_autoptr(SlMailRow) row = sl_mails_get(item->work->db, mail, error);
  if (!row)
    return FALSE;
  result->mail = mail;
  result->ticket = row->ticket;
  result->reason = g_strdup(row->reason);
  if (!row->outcome || !sl_outcome_parse(row->outcome, &result->outcome))
    result->outcome = SL_OUTCOME_DUPLICATE;
  return TRUE;
}

/* ---- one message ---- */

/* The server's receipt time, or an imported file's; one stated from outside is believed for five days, and never from the future. */
static SlTime
receipt(const Item *item)
{
  SlTime now = sl_work_now(item->work);
  SlTime received = sl_time_floor(item->meta.received);
  if (item->meta.uid || item->meta.imported)
    return MIN(received, now);
  return received > now || received < now - RECEIVED_MAX_BACK ? now : received;
}

static gboolean
step_mail(Item *item, const SlMail *mail, SlStepResult *result, GError **error)
{
  const SlStepMail bytes = {item->fd, item->start, item->meta.sha256, item->name};
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL,
                         .mail = {.mail = mail,
                                  .received = receipt(item),
                                  .mailbox = item->meta.mailbox,
                                  .recipient = item->meta.recipient,
                                  .channel = item->meta.channel,
                                  .old = item->meta.old}};
  return sl_step(item->work, &stimulus, &bytes, TRUE, result, error) && see(item, "taken", error);
}

static gboolean
parse_and_step(Item *item, SlStepResult *result, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_fd(item->fd, item->start, &item->work->config->mail, &why);
  if (mail)
    return step_mail(item, mail, result, error);
  if (g_error_matches(why, SL_ERROR, SL_ERROR_MAIL))
    return quarantine(item, why->message, result, error);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

/* Inside the transaction. A torn file of IMAP's is fetched again, an import's read again; a torn one of a pipe was never accepted, but is
 * kept. */
static gboolean
take_in(Item *item, SlStepResult *result, GError **error)
{
  gint64 mail = 0;
  int deaths = 0;
  g_autoptr(GError) torn = NULL;
  if (!was_committed(item, &mail, error) || !sl_suspect_count(item->work->db, item->name, &deaths, error))
    return FALSE;
  if (mail)
    return repeat_result(item, mail, result, error);
  if (deaths >= SL_SUSPECT_LIMIT)
    return quarantine(item, "reading it killed the reader twice", result, error);
  if (sl_spool_verify(item->fd, item->start, &item->meta, &torn))
    return parse_and_step(item, result, error);
  if (!g_error_matches(torn, SL_ERROR, SL_ERROR_MAIL)) {
    g_propagate_error(error, g_steal_pointer(&torn));
    return FALSE;
  }
  if (!item->meta.uid && !item->meta.imported)
    return quarantine(item, torn->message, result, error);
  result->outcome = SL_OUTCOME_QUARANTINED;
  result->reason = g_strdup(torn->message);
  return TRUE;
}

static gboolean
open_item(SlWork *work, SlSpool *spool, const char *name, Item *out_item, GError **error)
{
  *out_item = (Item){.work = work, .spool = spool, .name = name, .fd = -1};
  return sl_spool_take(spool, name, &out_item->meta, &out_item->fd, &out_item->start, error);
}

/* A file in new/ that is none of ours is set aside whole, and a person is told: bytes from outside are never thrown away unread. */
static gboolean
set_aside(SlWork *work, SlSpool *spool, const char *name, GError **error)
{
  g_autofree char *from = g_build_filename(sl_spool_path(spool), "new", name, NULL);
  g_autofree char *to = g_strdup_printf("%s/run/aside-%s", sl_spool_path(spool), name);
  g_autofree char *cause = g_strdup_printf("spool:%s", name);
  g_autofree char *what_to_do = g_strdup_printf("It was moved to %s. Look at it; if it is a mail: slate ingest < FILE.", to);
  if (!sl_alert(work, cause, "A file in the spool is no mail that was put there by Slate.", "it has no header of ours, or is torn", what_to_do,
                TRUE, error))
    return FALSE;
  if (rename(from, to) == 0)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot set aside the spool file %s", name);
  return FALSE;
}

/* ---- batches ---- */

typedef struct {
  SlWork *work;
  SlSpool *spool;
  GPtrArray *results; /* of this batch: moved to the caller's once committed */
  GPtrArray *done;    /* names to unlink after the commit */
} Batch;

static gboolean
batch_add(Batch *batch, const char *name, GError **error)
{
  Item item;
  g_autoptr(GError) why = NULL;
  if (!open_item(batch->work, batch->spool, name, &item, &why)) {
    if (g_error_matches(why, SL_ERROR, SL_ERROR_MAIL))
      return set_aside(batch->work, batch->spool, name, error);
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  SlIntakeResult *result = g_new0(SlIntakeResult, 1);
  result->source = g_strdup(name);
  result->step.outcome = SL_OUTCOME_NONE;
  sl_suspect_enter(name, ITEM_SEC);
  gboolean ok = take_in(&item, &result->step, error);
  sl_suspect_leave();
  item_clear(&item);
  if (!ok) {
    sl_intake_result_free(result);
    return sl_error_prefix(error, "message %s", name);
  }
  g_ptr_array_add(batch->results, result);
  g_ptr_array_add(batch->done, g_strdup(name));
  return TRUE;
}

/* After the commit, and only then. What cannot be unlinked is found committed next time. */
static gboolean
batch_finish(Batch *batch, GPtrArray *results, GError **error)
{
  const char *path = sl_spool_path(batch->spool);
  for (guint i = 0; i < batch->done->len; i++) {
    if (!sl_spool_remove(batch->spool, batch->done->pdata[i], error))
      return FALSE;
  }
  sl_wake(path, SL_STAGE_SEND);
  sl_wake(path, SL_STAGE_TICK);
  sl_wake(path, SL_STAGE_FETCH);
  for (guint i = 0; results && i < batch->results->len; i++)
    g_ptr_array_add(results, batch->results->pdata[i]);
  if (results)
    g_ptr_array_set_free_func(batch->results, NULL);
  return TRUE;
}

static gboolean
run_batch(SlWork *work, SlSpool *spool, const GPtrArray *names, guint from, guint n, GPtrArray *results, GError **error)
{
  g_autoptr(GPtrArray) mine = g_ptr_array_new_with_free_func((GDestroyNotify)sl_intake_result_free);
  g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(g_free);
  Batch batch = {work, spool, mine, done};
  if (!sl_db_begin(work->db, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!batch_add(&batch, names->pdata[from + i], error)) {
      sl_db_rollback(work->db);
      return FALSE;
    }
  }
  return sl_db_commit(work->db, error) && batch_finish(&batch, results, error);
}

/* A message that makes its batch fail must not hold the others up: the batch is tried again one by one. */
static gboolean
run_singly(SlWork *work, SlSpool *spool, const GPtrArray *names, guint from, guint n, GPtrArray *results, GError **error)
{
  g_autoptr(GError) first = NULL;
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) why = NULL;
    if (run_batch(work, spool, names, from + i, 1, results, &why))
      continue;
    if (g_error_matches(why, SL_ERROR, SL_ERROR_STORE)) {
      g_propagate_error(error, g_steal_pointer(&why));
      return FALSE;
    }
    if (!first)
      first = g_steal_pointer(&why);
  }
  if (first)
    g_propagate_error(error, g_steal_pointer(&first));
  return first == NULL;
}

static gboolean
run_some(SlWork *work, SlSpool *spool, const GPtrArray *names, guint from, guint n, GPtrArray *results, GError **error)
{
  g_autoptr(GError) why = NULL;
  if (run_batch(work, spool, names, from, n, results, &why))
    return TRUE;
  if (n > 1 && !g_error_matches(why, SL_ERROR, SL_ERROR_STORE))
    return run_singly(work, spool, names, from, n, results, error);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

/* Suspects go last and alone: an innocent neighbour is never blamed, and nobody waits behind them. */
static gboolean
split_suspects(SlWork *work, const GPtrArray *names, GPtrArray *good, GPtrArray *suspects, GError **error)
{
  for (guint i = 0; i < names->len; i++) {
    int deaths = 0;
    if (!sl_suspect_count(work->db, names->pdata[i], &deaths, error))
      return FALSE;
    g_ptr_array_add(deaths ? suspects : good, names->pdata[i]);
  }
  return TRUE;
}

static GPtrArray *
names_to_take(SlSpool *spool, const char *only, GError **error)
{
  if (!only)
    return sl_spool_list(spool, LIST_MOST, error);
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  if (sl_spool_has(spool, only))
    g_ptr_array_add(names, g_strdup(only));
  return names;
}

gboolean
sl_intake_pass(SlWork *work, SlSpool *spool, const char *only, SlBeat beat, gpointer user, GPtrArray *results, GError **error)
{
  g_autoptr(GPtrArray) names = names_to_take(spool, only, error);
  g_autoptr(GPtrArray) good = g_ptr_array_new();
  g_autoptr(GPtrArray) suspects = g_ptr_array_new();
  if (!names || !split_suspects(work, names, good, suspects, error))
    return FALSE;
  for (guint i = 0; i < good->len; i += BATCH) {
    if (!run_some(work, spool, good, i, MIN(BATCH, good->len - i), results, error) || (beat && !beat(user)))
      return FALSE;
  }
  for (guint i = 0; i < suspects->len; i++) {
    if (!run_some(work, spool, suspects, i, 1, results, error) || (beat && !beat(user)))
      return FALSE;
  }
  return TRUE;
}
