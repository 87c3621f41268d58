/* SPDX-License-Identifier: ISC */
#include "work/alert.h"

#include "store/outbox.h"
#include "work/wake.h"

static SlLetter *
alert_letter(const SlWork *work, const char *cause, const char *what, const char *why, const char *what_to_do)
{
  SlLetter *letter = sl_letter_new(SL_LETTER_ALERT, "alert", 0);
  g_autofree char *day = sl_time_format_zone(sl_work_now(work), NULL, "%Y%m%d");
  letter->no_ticket = TRUE;
  letter->voice = SL_VOICE_MACHINE;
  letter->cause = g_strdup_printf("%s-%s", cause, day);
  sl_letter_add_to(letter, work->config->letter.postmaster);
  sl_json_set_string(letter->fields, "company", work->config->letter.company);
  sl_json_set_string(letter->fields, "what", what);
  sl_json_set_string(letter->fields, "why", why);
  sl_json_set_string(letter->fields, "what_to_do", what_to_do);
  sl_json_set_string(letter->fields, "source", cause);
  return letter;
}

gboolean
sl_alert(SlWork *work, const char *cause, const char *what, const char *why, const char *what_to_do, gboolean nested,
         GError **error)
{
  if (!sl_work_open_letters(work, error) || (!nested && !sl_db_begin(work->db, error)))
    return FALSE;
  const SlComposer composer = {&work->config->letter, work->templates, work->key, sl_work_now(work)};
  g_autoptr(SlLetter) letter = alert_letter(work, cause, what, why, what_to_do);
  SlComposed composed = {0};
  gboolean taken = FALSE;
  gboolean ok = sl_letter_compose(&composer, letter, &composed, error) &&
                sl_outbox_queue(work->db, letter, &composed, 0, composer.now, &taken, NULL, error);
  sl_composed_clear(&composed);
  if (!nested && ok)
    ok = sl_db_commit(work->db, error);
  else if (!nested)
    sl_db_rollback(work->db);
  if (ok && taken)
    sl_wake(work->config->spool, SL_STAGE_SEND);
  return ok;
}
