/* SPDX-License-Identifier: ISC */
#include "store/agreements.h"

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
