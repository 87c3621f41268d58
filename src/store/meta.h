/* SPDX-License-Identifier: ISC */
/* Single facts about the store: its version, which configuration it has seen. */
#pragma once
#include "store/db.h"

/* *out_value NULL where nothing is known under that name; owned. */
gboolean sl_meta_get(SlDb *db, const char *name, char **out_value, GError **error) SL_WARN_UNUSED;
gboolean sl_meta_set(SlDb *db, const char *name, const char *value, GError **error) SL_WARN_UNUSED;
