/* SPDX-License-Identifier: ISC */
/* Agreements by the hash of their canonical text: the text under which a ticket came in. */
#pragma once
#include "sla/agreement.h"
#include "store/db.h"

/* Stores it (nothing happens when it is there); gives its hash. Owned. */
char *sl_agreements_put(SlDb *db, const SlAgreement *agreement, GError **error) SL_WARN_UNUSED;
SlAgreement *sl_agreements_get(SlDb *db, const char *hash, GError **error) SL_WARN_UNUSED;

/* The same, kept in `known`: reading a text and compiling its calendar costs more than all else about a ticket, and most tickets share
 * one. A hash never changes its text. Owned (one reference more). */
GHashTable *sl_agreements_known_new(void); /* hash → SlAgreement* */
SlAgreement *sl_agreements_known(SlDb *db, GHashTable *known, const char *hash, GError **error) SL_WARN_UNUSED;

/* A text under which tickets came in. */
typedef struct {
  SlAgreement *agreement; /* owned */
  char *hash;
  gint64 tickets;         /* how many came in under it */
  SlTime first_at, last_at; /* receipt of the first and the newest of them */
} SlAgreementUse;
void sl_agreement_use_free(SlAgreementUse *use);

/* Those of the tickets of `client` (NULL: of all) that came in under `sla` (NULL: any) and `version` (NULL: any), in the order in
 * which they were first used. GPtrArray of SlAgreementUse; owned. A ticket counts under the text that it has now. */
GPtrArray *sl_agreements_used(SlDb *db, const char *client, const char *sla, const char *version, GError **error) SL_WARN_UNUSED;

gboolean sl_agreements_is_stored(SlDb *db, const char *hash, gboolean *out_stored, GError **error) SL_WARN_UNUSED;

/* S12: a changed promise under an old version number is refused: SL_ERROR_CONFIG where tickets of the client came in under the
 * same number and other promises. What is stored already is not looked at twice. */
gboolean sl_agreements_check(SlDb *db, const char *client, const SlAgreement *agreement, GError **error) SL_WARN_UNUSED;
