/* SPDX-License-Identifier: ISC */
/* Agreements by the hash of their canonical text: the text under which a ticket came in. */
#pragma once
#include "sla/agreement.h"
#include "store/db.h"

/* Stores it (nothing happens when it is there); gives its hash. Owned. */
char *sl_agreements_put(SlDb *db, const SlAgreement *agreement, GError **error) SL_WARN_UNUSED;
SlAgreement *sl_agreements_get(SlDb *db, const char *hash, GError **error) SL_WARN_UNUSED;
