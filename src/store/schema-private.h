/* SPDX-License-Identifier: ISC */
#pragma once
#include "store/db.h"

/* Runs scripts[version of the store … to - 1] in one transaction, after a backup beside an older store. */
gboolean sl_schema_migrate_with(SlDb *db, const char *const *scripts, int to, GError **error) SL_WARN_UNUSED;
