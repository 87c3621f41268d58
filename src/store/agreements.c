/* SPDX-License-Identifier: ISC */
#include "store/agreements.h"

#include "sla/versions.h"
#include "store/columns.h"

#define MOST_KNOWN 200 /* in memory: more are read again */

char *
sl_agreements_put(SlDb *db, const SlAgreement *agreement, GError **error)
{
  g_autoptr(SlJson) json = sl_agreement_to_json(agreement);
  g_autofree char *body = sl_json_canonical(json);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, body, -1);
  g_autoptr(SlQuery) query = sl_db_query(db, "INSERT INTO agreement(hash, body) VALUES (:hash, :body) ON CONFLICT DO NOTHING", error);
  if (!query)
    return NULL;
  sl_bind_text(query, "hash", hash);
  sl_bind_text(query, "body", body);
  return sl_query_run(query, NULL, error) ? g_steal_pointer(&hash) : NULL;
}

SlAgreement *
sl_agreements_get(SlDb *db, const char *hash, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT body FROM agreement WHERE hash = :hash", error);
  if (!query)
    return NULL;
  sl_bind_text(query, "hash", hash);
  if (!sl_query_next(query, &row, error))
    return NULL;
  if (!row) {
    g_set_error(error, SL_ERROR, SL_ERROR_STORE, "the agreement %.12s… of a ticket is not in the store", hash ? hash : "");
    return NULL;
  }
  g_autoptr(SlJson) json = sl_json_parse(sl_column_text(query, 0), -1, error);
  return json ? sl_agreement_from_json(json, error) : NULL;
}

GHashTable *
sl_agreements_known_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)sl_agreement_free);
}

SlAgreement *
sl_agreements_known(SlDb *db, GHashTable *known, const char *hash, GError **error)
{
  SlAgreement *kept = hash ? g_hash_table_lookup(known, hash) : NULL;
  if (kept)
    return sl_agreement_ref(kept);
  SlAgreement *agreement = sl_agreements_get(db, hash, error);
  if (!agreement)
    return NULL;
  if (g_hash_table_size(known) >= MOST_KNOWN)
    g_hash_table_remove_all(known);
  g_hash_table_insert(known, g_strdup(hash), sl_agreement_ref(agreement));
  return agreement;
}

/* ---- which text was used when ---- */

void
sl_agreement_use_free(SlAgreementUse *use)
{
  if (!use)
    return;
  sl_agreement_free(use->agreement);
  g_free(use->hash);
  g_free(use);
}

static gboolean
take_use(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlAgreementUse *use = g_new0(SlAgreementUse, 1);
  use->hash = g_strdup(sl_column_text(query, 0));
  use->tickets = sl_column_int(query, 1);
  use->first_at = sl_column_time(query, 2);
  use->last_at = sl_column_time(query, 3);
  g_ptr_array_add(user, use);
  return TRUE;
}

GPtrArray *
sl_agreements_used(SlDb *db, const char *client, const char *sla, const char *version, GError **error)
{
  g_autoptr(GPtrArray) uses = g_ptr_array_new_with_free_func((GDestroyNotify)sl_agreement_use_free);
  g_autoptr(SlQuery) query =
      sl_db_query(db,
                  "SELECT agreement, COUNT(*), MIN(received_at), MAX(received_at) FROM ticket WHERE agreement IS NOT NULL"
                  " AND (:client IS NULL OR client = :client) AND (:sla IS NULL OR sla = :sla)"
                  " AND (:version IS NULL OR sla_version = :version) GROUP BY agreement ORDER BY MIN(received_at), agreement",
                  error);
  if (!query)
    return NULL;
  sl_bind_text(query, "client", client);
  sl_bind_text(query, "sla", sla);
  sl_bind_text(query, "version", version);
  if (!sl_query_each(query, take_use, uses, error))
    return NULL;
  for (guint i = 0; i < uses->len; i++) {
    SlAgreementUse *use = uses->pdata[i];
    use->agreement = sl_agreements_get(db, use->hash, error);
    if (!use->agreement)
      return NULL;
  }
  return g_steal_pointer(&uses);
}

/* ---- S12 ---- */

gboolean
sl_agreements_is_stored(SlDb *db, const char *hash, gboolean *out_stored, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT 1 FROM agreement WHERE hash = :hash", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "hash", hash);
  return sl_query_next(query, out_stored, error);
}

gboolean
sl_agreements_check(SlDb *db, const char *client, const SlAgreement *agreement, GError **error)
{
  gboolean stored = FALSE;
  g_autofree char *hash = sl_agreement_hash(agreement);
  if (!sl_agreements_is_stored(db, hash, &stored, error))
    return FALSE;
  if (stored || !agreement->version || !*agreement->version)
    return TRUE;
  g_autoptr(GPtrArray) uses = sl_agreements_used(db, client, agreement->name, agreement->version, error);
  for (guint i = 0; uses && i < uses->len; i++) {
    const SlAgreementUse *use = uses->pdata[i];
    g_autofree char *what = sl_agreement_changed(use->agreement, agreement);
    if (!what)
      continue;
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG,
                "sla \"%s\", version %s, client \"%s\": %s: %" G_GINT64_FORMAT " tickets came in under the old promise: put it back, and "
                "write the new one as a version of its own (amends, version, in_force, agreed)",
                agreement->name, agreement->version, client, what, use->tickets);
    return FALSE;
  }
  return uses != NULL;
}
