/* SPDX-License-Identifier: ISC */
/* The tables and their migrations. examples of types: I INTEGER/BIGINT, T TEXT, B BLOB/BYTEA; times are µs UTC. */
#pragma once
#include "store/db.h"

/* What this program reads and writes. */
int sl_schema_version(void);

/* Makes the tables in an empty store; brings an older one up to date in one transaction after a backup beside it
 * (PATH.before-VERSION); does nothing at the right version. SL_ERROR_CONFIG for a newer store. */
gboolean sl_schema_migrate(SlDb *db, GError **error) SL_WARN_UNUSED;

/* SL_ERROR_TEMP ("the store is older … slate db migrate") when older, SL_ERROR_CONFIG when newer or no store of ours. */
gboolean sl_schema_require(SlDb *db, GError **error) SL_WARN_UNUSED;

/* Opens and requires; makes and migrates an empty or missing one first. What every program but the supervisor uses. */
SlDb *sl_store_open(const char *url, gboolean read_only, GError **error) SL_WARN_UNUSED;
