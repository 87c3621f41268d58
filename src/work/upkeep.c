/* SPDX-License-Identifier: ISC */
#include "base/wall.h"
#include "store/events.h"
#include "store/outbox.h"
#include "store/seen.h"
#include "work/alert.h"
#include "work/stages.h"

#define MAILBOX_SILENT (5 * SL_MINUTE)  /* unread for that long: a person is told (promise 8) */
#define OUTBOX_STUCK   (10 * SL_MINUTE)

static gboolean
look_at_mailbox(SlWork *work, const SlMailboxConfig *mailbox, GError **error)
{
  SlMailboxRow row = {0};
  gboolean ok = sl_mailbox_load(work->db, mailbox->name, &row, error);
  SlTime last = ok ? row.last_ok : SL_TIME_NONE;
  if (ok && row.last_error && (last == SL_TIME_NONE || sl_wall_now() - last > MAILBOX_SILENT)) {
    g_autofree char *cause = g_strdup_printf("mailbox:%s", mailbox->name);
    g_autofree char *what = g_strdup_printf("The mailbox %s cannot be read.", mailbox->name);
    ok = sl_alert(work, cause, what, row.last_error, "Try it: slate mailbox test, slate check --online.", FALSE, error);
  }
  sl_mailbox_row_clear(&row);
  return ok;
}

/* A mail too large to be taken in stays on its server: a person must look there. */
static gboolean
tell_of_large(SlWork *work, const SlMailboxConfig *mailbox, GError **error)
{
  SlMailboxRow row = {0};
  gboolean ok = sl_mailbox_load(work->db, mailbox->name, &row, error);
  g_autoptr(GArray) uids = ok ? sl_seen_in_state(work->db, mailbox->name, row.uidvalidity, "large", error) : NULL;
  ok = uids != NULL;
  for (guint i = 0; ok && i < uids->len; i++) {
    guint32 uid = g_array_index(uids, guint32, i);
    g_autofree char *cause = g_strdup_printf("large:%s:%u", mailbox->name, uid);
    g_autofree char *what = g_strdup_printf("Mail %u of the mailbox %s was not taken in.", uid, mailbox->name);
    ok = sl_alert(work, cause, what, "it is larger than 200 MB", "It is still there: read it in the mailbox itself, and answer its sender.", FALSE,
                  error) &&
         sl_db_begin(work->db, error) && sl_seen_put(work->db, mailbox->name, row.uidvalidity, uid, "large-told", error) &&
         sl_db_commit(work->db, error);
  }
  sl_mailbox_row_clear(&row);
  return ok;
}

static gboolean
look_at_outbox(SlWork *work, GError **error)
{
  SlOutboxFigures figures;
  SlTime now = sl_work_now(work);
  if (!sl_outbox_figures(work->db, &figures, error))
    return FALSE;
  if (figures.oldest_queued_at == SL_TIME_NONE || now - figures.oldest_queued_at < OUTBOX_STUCK)
    return TRUE;
  g_autofree char *what = g_strdup_printf("%" G_GINT64_FORMAT " letters wait in the outbox.", figures.queued);
  return sl_alert(work, "outbox", what, "no server took them", "Look: slate outbox; slate check --online.", FALSE, error);
}

gboolean
sl_upkeep_pass(SlWork *work, SlSpool *spool, GError **error)
{
  for (guint i = 0; i < work->config->mailboxes->len; i++) {
    const SlMailboxConfig *mailbox = work->config->mailboxes->pdata[i];
    if (!look_at_mailbox(work, mailbox, error) || !tell_of_large(work, mailbox, error))
      return FALSE;
  }
  return look_at_outbox(work, error) && sl_spool_sweep(spool, sl_wall_now(), error) &&
         sl_events_seal(work->db, sl_work_now(work), error);
}
