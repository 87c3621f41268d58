/* SPDX-License-Identifier: ISC */
#include "work/work.h"

#include "base/wall.h"
#include "store/agreements.h"
#include "store/schema.h"

SlWork *
sl_work_open(const SlConfig *config, SlTime now, gboolean read_only, GError **error)
{
  SlDb *db = sl_store_open(config->database, read_only, error);
  if (!db)
    return NULL;
  SlWork *work = g_new0(SlWork, 1);
  work->config = config;
  work->db = db;
  work->fixed_now = now;
  work->agreements = sl_agreements_known_new();
  work->hashes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  work->edits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return work;
}

gboolean
sl_work_open_letters(SlWork *work, GError **error)
{
  if (!work->key)
    work->key = sl_reply_key_load(work->config->reply_key, TRUE, error);
  if (work->key && !work->templates)
    work->templates = sl_templates_load(work->config->letter.template_dir, error);
  return work->key && work->templates;
}

void
sl_work_free(SlWork *work)
{
  if (!work)
    return;
  g_hash_table_unref(work->agreements);
  g_hash_table_unref(work->edits);
  g_hash_table_unref(work->hashes);
  g_free(work->digest);
  sl_templates_free(work->templates);
  sl_reply_key_free(work->key);
  sl_db_free(work->db);
  g_free(work);
}

SlTime
sl_work_now(const SlWork *work)
{
  return sl_time_floor(work->fixed_now == SL_TIME_NONE ? sl_wall_now() : work->fixed_now);
}
