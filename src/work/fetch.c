/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/log.h"
#include "base/wall.h"
#include "store/mails.h"
#include "store/seen.h"
#include "work/stages.h"
#include "work/wake.h"

struct SlFetcher {
  SlWork *work;
  SlSpool *spool;
  const SlMailboxConfig *mailbox;
  SlSource *source;
  gboolean is_open;
  int cancel_fd;
  SlBeat beat;
  gpointer user;
};

void
sl_fetch_result_free(SlFetchResult *result)
{
  if (!result)
    return;
  g_free(result->name);
  g_free(result->error);
  g_free(result);
}

static void
source_beat(gpointer user)
{
  SlFetcher *fetcher = user;
  if (fetcher->beat)
    fetcher->beat(fetcher->user);
}

SlFetcher *
sl_fetcher_new(SlWork *work, SlSpool *spool, const SlMailboxConfig *mailbox, int cancel_fd, SlBeat beat, gpointer user,
               GError **error)
{
  g_autoptr(SlFetcher) fetcher = g_new0(SlFetcher, 1);
  *fetcher = (SlFetcher){.work = work, .spool = spool, .mailbox = mailbox, .cancel_fd = cancel_fd, .beat = beat, .user = user};
  fetcher->source = sl_source_new(&mailbox->source, cancel_fd, source_beat, fetcher, error);
  return fetcher->source ? g_steal_pointer(&fetcher) : NULL;
}

void
sl_fetcher_free(SlFetcher *fetcher)
{
  if (fetcher)
    sl_source_free(fetcher->source);
  g_free(fetcher);
}

/* ---- the mailbox's row ---- */

static gboolean
load_row(SlFetcher *fetcher, SlMailboxRow *row, GError **error)
{
  if (!sl_mailbox_load(fetcher->work->db, fetcher->mailbox->name, row, error))
    return FALSE;
  if (row->since == SL_TIME_NONE) /* the first look: what lies there already is left alone, unless the administrator says since when */
    row->since = fetcher->mailbox->since_at == SL_TIME_NONE ? sl_work_now(fetcher->work) : fetcher->mailbox->since_at;
  row->uidvalidity = sl_source_uidvalidity(fetcher->source);
  return TRUE;
}

static gboolean
save_row(SlFetcher *fetcher, SlMailboxRow *row, SlTime through, GError **error)
{
  row->read_through = sl_time_later(row->read_through, through);
  row->last_ok = sl_time_floor(sl_wall_now());
  g_clear_pointer(&row->last_error, g_free);
  return sl_db_begin(fetcher->work->db, error) &&
         sl_mailbox_save(fetcher->work->db, fetcher->mailbox->name, row, error) &&
         sl_db_commit(fetcher->work->db, error);
}

/* A mailbox that cannot be read says so in its row, for `slate status`, whatever else fails. */
static void
note_trouble(SlFetcher *fetcher, const char *message)
{
  SlMailboxRow row = {0};
  g_autoptr(GError) ignored = NULL;
  if (!sl_db_begin(fetcher->work->db, &ignored))
    return;
  gboolean ok = sl_mailbox_load(fetcher->work->db, fetcher->mailbox->name, &row, &ignored);
  if (ok) {
    g_free(row.last_error);
    row.last_error = g_strdup(message);
    ok = sl_mailbox_save(fetcher->work->db, fetcher->mailbox->name, &row, &ignored) && sl_db_commit(fetcher->work->db, &ignored);
  }
  if (!ok)
    sl_db_rollback(fetcher->work->db);
  sl_mailbox_row_clear(&row);
}

/* ---- one message into the spool ---- */

static gboolean
write_chunk(const char *bytes, gsize length, gpointer user, GError **error)
{
  return sl_spool_write(user, bytes, length, error);
}

static char *
spool_name(const SlFetcher *fetcher, const SlMailboxRow *row, guint32 uid)
{
  g_autofree char *safe = g_strdup(fetcher->mailbox->name);
  return g_strdup_printf("%s.%u.%u", g_strcanon(safe, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_'), row->uidvalidity, uid);
}

/* IMAP's need no fsync: the server still has the mail, and a torn file fails its sha256. */
static gboolean
spool_one(SlFetcher *fetcher, const SlMailboxRow *row, const SlSourceItem *item, const char *name, GError **error)
{
  const SlSpoolMeta meta = {.mailbox = fetcher->mailbox->name, .uidvalidity = row->uidvalidity, .uid = item->uid,
                            .received = item->received};
  SlSpoolFile *file = sl_spool_begin(fetcher->spool, &meta, name, error);
  if (!file)
    return FALSE;
  if (sl_source_stream(fetcher->source, item->uid, write_chunk, file, error))
    return sl_spool_commit(file, FALSE, NULL, error);
  sl_spool_abort(file);
  return FALSE;
}

static gboolean
leave_alone(SlFetcher *fetcher, const SlMailboxRow *row, guint32 uid, const char *state, GError **error)
{
  return sl_db_begin(fetcher->work->db, error) &&
         sl_seen_put(fetcher->work->db, fetcher->mailbox->name, row->uidvalidity, uid, state, error) &&
         sl_db_commit(fetcher->work->db, error);
}

/* What is new is decided by the rows and the files' names, not by a watermark of UIDs. */
static gboolean
spool_item(SlFetcher *fetcher, const SlMailboxRow *row, const SlSourceItem *item, SlFetchResult *result, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autofree char *name = spool_name(fetcher, row, item->uid);
  if (item->received < row->since)
    return leave_alone(fetcher, row, item->uid, "left", error);
  if (sl_spool_has(fetcher->spool, name))
    return TRUE;
  if (spool_one(fetcher, row, item, name, &why)) {
    result->ingested++;
    return TRUE;
  }
  if (g_error_matches(why, SL_ERROR, SL_ERROR_MAIL)) /* gone meanwhile: expunged by somebody else */
    return TRUE;
  if (g_error_matches(why, SL_ERROR, SL_ERROR_LIMIT)) {
    result->quarantined++;
    sl_log_error(why, "left on the server", "mailbox", fetcher->mailbox->name, NULL);
    return leave_alone(fetcher, row, item->uid, "large", error); /* upkeep tells a person */
  }
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

static gboolean
spool_new(SlFetcher *fetcher, const SlMailboxRow *row, SlFetchResult *result, GError **error)
{
  g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(SlSourceItem));
  g_autoptr(GHashTable) known = sl_seen_uids(fetcher->work->db, fetcher->mailbox->name, row->uidvalidity, 0, error);
  if (!known || !sl_source_list(fetcher->source, 0, items, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) {
    const SlSourceItem *item = &g_array_index(items, SlSourceItem, i);
    result->seen++;
    if (g_hash_table_contains(known, GUINT_TO_POINTER(item->uid)))
      continue;
    if (!spool_item(fetcher, row, item, result, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- marking ---- */

static gboolean
mark_state(SlFetcher *fetcher, const char *state, const char *marked, SlMark mark, GError **error)
{
  SlDb *db = fetcher->work->db;
  const char *name = fetcher->mailbox->name;
  guint32 uidvalidity = sl_source_uidvalidity(fetcher->source);
  g_autoptr(GArray) uids = sl_seen_in_state(db, name, uidvalidity, state, error);
  if (!uids)
    return FALSE;
  if (uids->len == 0)
    return TRUE;
  if (!sl_source_mark(fetcher->source, (const guint32 *)(gconstpointer)uids->data, uids->len, mark, error) || !sl_db_begin(db, error))
    return FALSE;
  for (guint i = 0; i < uids->len; i++) {
    if (!sl_seen_put(db, name, uidvalidity, g_array_index(uids, guint32, i), marked, error)) {
      sl_db_rollback(db);
      return FALSE;
    }
  }
  return sl_db_commit(db, error);
}

static gboolean
mark_all(SlFetcher *fetcher, GError **error)
{
  return !fetcher->is_open || (mark_state(fetcher, "taken", "taken-marked", SL_MARK_TAKEN, error) &&
                               mark_state(fetcher, "quarantined", "quarantined-marked", SL_MARK_QUARANTINED, error));
}

/* ---- a pass ---- */

static gboolean
ensure_open(SlFetcher *fetcher, GError **error)
{
  if (!fetcher->is_open)
    fetcher->is_open = sl_source_open(fetcher->source, error);
  return fetcher->is_open;
}

static gboolean
read_mailbox(SlFetcher *fetcher, SlFetchResult *result, GError **error)
{
  SlMailboxRow row = {0};
  SlTime through = sl_work_now(fetcher->work);
  gboolean ok = ensure_open(fetcher, error) && load_row(fetcher, &row, error) && spool_new(fetcher, &row, result, error) &&
                save_row(fetcher, &row, through, error);
  sl_mailbox_row_clear(&row);
  return ok;
}

/* After any trouble the session is made anew: half-read protocols are not mended. */
static void
drop_session(SlFetcher *fetcher)
{
  g_autoptr(GError) ignored = NULL;
  sl_source_free(fetcher->source);
  fetcher->is_open = FALSE;
  fetcher->source = sl_source_new(&fetcher->mailbox->source, fetcher->cancel_fd, source_beat, fetcher, &ignored);
}

/* Whatever failed: it is said with the mailbox's name, shown by `slate status`, and the session ends. */
static void
give_up(SlFetcher *fetcher, GError *why)
{
  sl_db_rollback(fetcher->work->db);
  g_prefix_error(&why, "mailbox %s: ", fetcher->mailbox->name);
  if (!g_error_matches(why, SL_ERROR, SL_ERROR_CANCELLED))
    note_trouble(fetcher, why->message);
  drop_session(fetcher);
}

gboolean
sl_fetch_pass(SlFetcher *fetcher, SlFetchResult *out_result, GError **error)
{
  g_autoptr(GError) why = NULL;
  *out_result = (SlFetchResult){.name = g_strdup(fetcher->mailbox->name)};
  if (read_mailbox(fetcher, out_result, &why)) {
    if (out_result->ingested)
      sl_wake(fetcher->work->config->spool, SL_STAGE_INTAKE);
    if (mark_all(fetcher, &why))
      return TRUE;
  }
  give_up(fetcher, why);
  out_result->error = g_strdup(why->message);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

gboolean
sl_fetch_mark(SlFetcher *fetcher, GError **error)
{
  g_autoptr(GError) why = NULL;
  if (mark_all(fetcher, &why))
    return TRUE;
  give_up(fetcher, why);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

gboolean
sl_fetch_wait(SlFetcher *fetcher, gint64 most_sec, int wake_fd, GError **error)
{
  gboolean news = FALSE;
  g_autoptr(GError) why = NULL;
  if (!ensure_open(fetcher, error))
    return FALSE;
  if (sl_source_wait(fetcher->source, most_sec, wake_fd, &news, &why))
    return TRUE;
  give_up(fetcher, why);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}
