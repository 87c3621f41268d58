/* SPDX-License-Identifier: ISC */
/* What several tickets tell one person waits here for the person's bundle. */
#pragma once
#include "desk/facts.h"
#include "store/db.h"

gboolean sl_notices_add(SlDb *db, const char *person, gint64 ticket, const char *cause, SlTime ready, GError **error) SL_WARN_UNUSED;
/* Those of a person whose ready <= now, plus those with the same kind of cause that wait for the same bundle. SlNotice*. */
GPtrArray *sl_notices_ready(SlDb *db, const char *person, SlTime now, GError **error) SL_WARN_UNUSED;
gboolean sl_notices_waiting(SlDb *db, const char *person, const char *cause_prefix, gboolean *out_any, GError **error) SL_WARN_UNUSED;
gboolean sl_notices_spend(SlDb *db, const char *person, gint64 ticket, const char *cause, GError **error) SL_WARN_UNUSED;
/* Persons with a ready notice. GPtrArray of char*. */
GPtrArray *sl_notices_persons(SlDb *db, SlTime now, GError **error) SL_WARN_UNUSED;
gboolean sl_notices_next(SlDb *db, SlTime *out_ready, GError **error) SL_WARN_UNUSED;
