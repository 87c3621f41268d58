/* SPDX-License-Identifier: ISC */
/* Persons (an address each), agents' loads, senders' counts, signed addresses. */
#pragma once
#include "desk/facts.h"
#include "store/db.h"

/* The person's row, made when it is not there, locked (rev + 1). Addresses are folded to lower case. */
gboolean sl_people_lock(SlDb *db, const char *address, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* NULL (and no error) when forgotten or unknown. Owned. */
gboolean sl_people_address(SlDb *db, gint64 id, char **out_address, GError **error) SL_WARN_UNUSED;

/* Open tickets by agent, kept: +1 on assignment, -1 when it ends or is handed over. */
gboolean sl_people_load_add(SlDb *db, const char *agent, int delta, gboolean assigned_now, GError **error) SL_WARN_UNUSED;
GHashTable *sl_people_loads(SlDb *db, char **out_last_assigned, GError **error) SL_WARN_UNUSED; /* name → GINT_TO_POINTER */

/* Things counted in a sliding window: "ack" to a person, "ack-stranger" (who ""), "raise-stranger" (who ""). */
gboolean sl_people_tally_add(SlDb *db, const char *what, const char *who, SlTime at, GError **error) SL_WARN_UNUSED;
gboolean sl_people_tally_count(SlDb *db, const char *what, const char *who, SlTime since, int *out_n, GError **error) SL_WARN_UNUSED;

/* Who is away at `now`: a set of agents' names. Owned. And an agent goes (until then) or comes back (NONE). */
GHashTable *sl_people_absent(SlDb *db, SlTime now, GError **error) SL_WARN_UNUSED;
gboolean sl_people_absence_set(SlDb *db, const char *agent, SlTime until, GError **error) SL_WARN_UNUSED;

/* The moment up to which alarms to a person are gathered (their first alarm + ten minutes); NONE. */
gboolean sl_people_window(SlDb *db, const char *address, SlTime *out_until, GError **error) SL_WARN_UNUSED;
gboolean sl_people_window_set(SlDb *db, const char *address, SlTime until, GError **error) SL_WARN_UNUSED;

/* Signed addresses: only the token's hash is kept. Putting one that exists already does nothing. */
gboolean sl_tokens_put(SlDb *db, const char *hash, gint64 ticket, const char *person, SlScope scope, int generation,
                       GError **error) SL_WARN_UNUSED;
/* How many of a person's tokens of that kind outsiders have seen: the generation of the next one. */
gboolean sl_tokens_generation(SlDb *db, gint64 ticket, const char *person, SlScope scope, int *out_n, GError **error) SL_WARN_UNUSED;
gboolean sl_tokens_leak(SlDb *db, const char *hash, GError **error) SL_WARN_UNUSED;
/* *out_token NULL when unknown. `ends` is compared with `now`. Owned (sl_token_fact_free). */
gboolean sl_tokens_find(SlDb *db, const char *hash, SlTime now, SlTokenFact **out_token, GError **error) SL_WARN_UNUSED;
/* The tokens of a closed ticket's agents end at `ends` (NONE: they live again). */
gboolean sl_tokens_end(SlDb *db, gint64 ticket, SlTime ends, GError **error) SL_WARN_UNUSED;
