/* SPDX-License-Identifier: ISC */
#include "work/import.h"

#include <string.h>
#include <unistd.h>

#include "base/wall.h"
#include "mail/receipt.h"
#include "store/mails.h"
#include "work/import-state.h"
#include "work/wake.h"

#define BATCH          50
#define BATCH_BYTES    (G_GINT64_CONSTANT(64) * 1024 * 1024) /* on the spool at once, or one message */
#define HEAD_BYTES     262144
#define POLL_USEC      20000
#define PATIENCE_USEC  (60 * G_USEC_PER_SEC) /* how long a daemon may let us wait for one batch */

/* A message that lies in the spool. */
typedef struct {
  char *source;
  char *line; /* for the state */
} Waiting;

typedef struct {
  SlWork *work;
  SlSpool *spool;
  const SlImportOptions *options;
  SlImportState *state;
  GHashTable *waiting; /* spool name → Waiting* */
  gint64 bytes;        /* that lie in the spool */
  int lock;            /* -1: a daemon drains the spool */
} Import;

static void
waiting_free(gpointer waiting)
{
  Waiting *w = waiting;
  g_free(w->source);
  g_free(w->line);
  g_free(w);
}

static gboolean
asked_to_stop(SlBeat beat, gpointer user, GError **error)
{
  if (!beat || beat(user))
    return FALSE;
  g_set_error_literal(error, SL_ERROR, SL_ERROR_CANCELLED, "asked to stop; the same command goes on from here");
  return TRUE;
}

/* ---- draining ---- */

static gboolean
remember(Import *import, const char *name, const SlStepResult *result, GError **error)
{
  const Waiting *w = g_hash_table_lookup(import->waiting, name);
  gint64 mail = result->duplicate_of ? result->duplicate_of : result->mail;
  if (!w)
    return TRUE; /* somebody else's: it came in by the same door */
  import->options->outcome(w->source, result, import->options->user);
  gboolean ok = !mail || sl_import_state_add(import->state, import->work->db, w->line, mail, error);
  g_hash_table_remove(import->waiting, name);
  return ok;
}

static gboolean
drain_ourselves(Import *import, GError **error)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)sl_intake_result_free);
  g_autoptr(GError) why = NULL;
  gboolean ok = sl_intake_pass(import->work, import->spool, NULL, NULL, NULL, results, &why);
  for (guint i = 0; i < results->len; i++) { /* also where the pass failed: these are committed */
    const SlIntakeResult *result = results->pdata[i];
    if (!remember(import, result->source, &result->step, ok ? error : NULL) && ok)
      return FALSE;
  }
  if (!ok)
    g_propagate_error(error, g_steal_pointer(&why));
  return ok;
}

/* What the daemon made of a file that is gone from the spool; only a duplicate leaves no row of its own. */
static gboolean
look_up(Import *import, const char *name, GError **error)
{
  SlStepResult result = {.outcome = SL_OUTCOME_DUPLICATE};
  if (!sl_mails_by_source(import->work->db, name, &result.mail, error))
    return FALSE;
  if (!result.mail) {
    result.reason = (char *)"the same content came before";
    return remember(import, name, &result, error);
  }
  g_autoptr(SlMailRow) row = sl_mails_get(import->work->db, result.mail, error);
  if (!row)
    return FALSE;
  result.ticket = row->ticket;
  result.reason = row->reason;
  if (!row->outcome || !sl_outcome_parse(row->outcome, &result.outcome))
    result.outcome = SL_OUTCOME_QUEUED;
  return remember(import, name, &result, error);
}

static gboolean
look_up_gone(Import *import, gboolean *out_any, GError **error)
{
  g_autofree char **names = (char **)g_hash_table_get_keys_as_array(import->waiting, NULL);
  *out_any = FALSE;
  for (guint i = 0; names[i]; i++) {
    if (sl_spool_has(import->spool, names[i]))
      continue;
    *out_any = TRUE;
    if (!look_up(import, names[i], error))
      return FALSE;
  }
  return TRUE;
}

/* It is safe where it is: the daemon takes it in when it can. */
static void
leave_queued(Import *import)
{
  const SlStepResult queued = {.outcome = SL_OUTCOME_QUEUED, .reason = (char *)"the daemon has not taken it in yet"};
  GHashTableIter iter;
  gpointer waiting;
  for (g_hash_table_iter_init(&iter, import->waiting); g_hash_table_iter_next(&iter, NULL, &waiting);)
    import->options->outcome(((Waiting *)waiting)->source, &queued, import->options->user);
  g_hash_table_remove_all(import->waiting);
}

static gboolean
wait_for_daemon(Import *import, GError **error)
{
  gint64 end = sl_wall_boot_usec() + PATIENCE_USEC;
  sl_wake(sl_spool_path(import->spool), SL_STAGE_INTAKE);
  while (g_hash_table_size(import->waiting) && import->lock < 0 && sl_wall_boot_usec() < end) {
    gboolean any;
    if (asked_to_stop(import->options->beat, import->options->user, error) || !look_up_gone(import, &any, error) ||
        !sl_spool_lock(import->spool, FALSE, &import->lock, error))
      return FALSE;
    if (any)
      end = sl_wall_boot_usec() + PATIENCE_USEC;
    else if (import->lock < 0)
      g_usleep(POLL_USEC);
  }
  return TRUE;
}

/* The spool is drained by whoever holds its lock: a daemon, or we, from now on. */
static gboolean
drain(Import *import, GError **error)
{
  if (import->lock < 0 && !sl_spool_lock(import->spool, FALSE, &import->lock, error))
    return FALSE;
  if (import->lock < 0 && !wait_for_daemon(import, error))
    return FALSE;
  if (import->lock >= 0 && !drain_ourselves(import, error))
    return FALSE;
  leave_queued(import);
  import->bytes = 0;
  return TRUE;
}

/* ---- spooling ---- */

static char *
source_of(const SlFoundMail *mail)
{
  return mail->mbox ? g_strdup_printf("%s:%" G_GINT64_FORMAT, mail->path, mail->at) : g_strdup(mail->path);
}

static SlTime
receipt_of(const Import *import, const SlFoundMail *mail)
{
  gsize length = 0;
  g_autofree char *head = sl_mail_files_head(mail, HEAD_BYTES, &length);
  SlTime t = head ? sl_mail_receipt(head, length) : SL_TIME_NONE;
  return MIN(t != SL_TIME_NONE ? t : mail->mtime_ns / 1000, sl_work_now(import->work));
}

static gboolean
spool_piece(const char *bytes, gsize length, gpointer user, GError **error)
{
  return sl_spool_write(user, bytes, length, error);
}

/* The source stays where it is, so nothing need be durable here: a torn file is read again from there. */
static gboolean
spool(Import *import, const SlFoundMail *mail, char **out_name, GError **error)
{
  const SlSpoolMeta meta = {.mailbox = (char *)import->options->mailbox, .received = receipt_of(import, mail),
                            .old = import->options->no_letters, .imported = TRUE};
  SlSpoolFile *file = sl_spool_begin(import->spool, &meta, NULL, error);
  if (!file)
    return FALSE;
  if (sl_mail_files_read(mail, spool_piece, file, error))
    return sl_spool_commit(file, FALSE, out_name, error);
  sl_spool_abort(file);
  return FALSE;
}

static gboolean
skip(Import *import, const SlFoundMail *mail, gboolean *out_skip, GError **error)
{
  SlStepResult known = {.outcome = SL_OUTCOME_DUPLICATE, .reason = (char *)"it was imported before"};
  if (!sl_import_state_find(import->state, import->work->db, mail, &known.duplicate_of, &known.ticket, error))
    return FALSE;
  *out_skip = known.duplicate_of != 0;
  if (*out_skip) {
    g_autofree char *source = source_of(mail);
    import->options->outcome(source, &known, import->options->user);
  }
  return TRUE;
}

static gboolean
found(const SlFoundMail *mail, gpointer user, GError **error)
{
  Import *import = user;
  gboolean known = FALSE;
  char *name = NULL;
  g_autoptr(GError) why = NULL;
  if (asked_to_stop(import->options->beat, import->options->user, error) || !skip(import, mail, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  if (!spool(import, mail, &name, &why)) {
    if (!g_error_matches(why, SL_ERROR, SL_ERROR_LIMIT)) {
      g_propagate_error(error, g_steal_pointer(&why));
      return FALSE;
    }
    import->options->passed_over(mail->path, SL_ERROR_LIMIT, why->message, import->options->user);
    return TRUE;
  }
  Waiting *waiting = g_new0(Waiting, 1);
  waiting->source = source_of(mail);
  waiting->line = sl_import_state_line(mail);
  g_hash_table_insert(import->waiting, name, waiting);
  import->bytes += mail->end - mail->begin;
  return (g_hash_table_size(import->waiting) < BATCH && import->bytes < BATCH_BYTES) || drain(import, error);
}

static void
passed_over(const char *path, int code, const char *why, gpointer user)
{
  const Import *import = user;
  import->options->passed_over(path, code, why, import->options->user);
}

static gboolean
run(Import *import, char **paths, GError **error)
{
  const SlMailFilesVisitor visitor = {found, passed_over, import};
  if (!drain(import, error)) /* what a killed import left there */
    return FALSE;
  for (guint i = 0; paths[i]; i++) {
    if (!sl_mail_files_walk(paths[i], &visitor, error))
      return FALSE;
  }
  return drain(import, error);
}

gboolean
sl_import_pass(SlWork *work, SlSpool *door, char **paths, const SlImportOptions *options, GError **error)
{
  g_autoptr(SlImportState) state = sl_import_state_open(sl_spool_path(door), error);
  g_autoptr(GHashTable) waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, waiting_free);
  if (!state)
    return FALSE;
  Import import = {.work = work, .spool = door, .options = options, .state = state, .waiting = waiting, .lock = -1};
  gboolean ok = run(&import, paths, error);
  if (import.lock >= 0)
    close(import.lock);
  return ok;
}

/* ---- counting ---- */

typedef struct {
  SlBeat beat;
  gpointer user;
  gint64 n;
} Count;

static gboolean
count_one(const SlFoundMail *mail, gpointer user, GError **error)
{
  Count *count = user;
  (void)mail;
  count->n++;
  return !asked_to_stop(count->beat, count->user, error);
}

gboolean
sl_import_count(char **paths, SlBeat beat, gpointer user, gint64 *out_n, GError **error)
{
  Count count = {beat, user, 0};
  const SlMailFilesVisitor visitor = {count_one, NULL, &count};
  for (guint i = 0; paths[i]; i++) {
    if (!sl_mail_files_walk(paths[i], &visitor, error))
      return FALSE;
  }
  *out_n = count.n;
  return TRUE;
}
