/* SPDX-License-Identifier: ISC */
/* What was taken from which mailbox. Never pruned. */
#pragma once
#include "store/db.h"

typedef struct {
  guint32 uidvalidity;  /* 0: never looked */
  SlTime since;         /* mail received before is left alone; NONE: never looked */
  SlTime read_through;  /* every mail received by then has been spooled; NONE */
  SlTime last_ok;       /* real time of the last good pass; NONE */
  char *last_error;     /* NULL when the last pass was good */
} SlMailboxRow;
void sl_mailbox_row_clear(SlMailboxRow *row);

gboolean sl_mailbox_load(SlDb *db, const char *mailbox, SlMailboxRow *out_row, GError **error) SL_WARN_UNUSED;
gboolean sl_mailbox_save(SlDb *db, const char *mailbox, const SlMailboxRow *row, GError **error) SL_WARN_UNUSED;

/* States: "taken", "quarantined", "left" (older than since), "large" (stays on the server; "large-told" when the
 * postmaster knows), each once marked with "-marked" behind it. */
gboolean sl_seen_put(SlDb *db, const char *mailbox, guint32 uidvalidity, guint32 uid, const char *state, GError **error) SL_WARN_UNUSED;
/* Set of known uids (GUINT_TO_POINTER) >= from. */
GHashTable *sl_seen_uids(SlDb *db, const char *mailbox, guint32 uidvalidity, guint32 from, GError **error) SL_WARN_UNUSED;
/* Uids in a state ("taken", "quarantined"), at most 200. GArray of guint32. */
GArray *sl_seen_in_state(SlDb *db, const char *mailbox, guint32 uidvalidity, const char *state, GError **error) SL_WARN_UNUSED;

/* Poison: deaths of a worker while it held an item. */
gboolean sl_suspect_add(SlDb *db, const char *key, const char *stage, const char *cause, int *out_deaths, GError **error) SL_WARN_UNUSED;
gboolean sl_suspect_deaths(SlDb *db, const char *key, int *out_deaths, GError **error) SL_WARN_UNUSED;
gboolean sl_suspect_clear(SlDb *db, const char *key, GError **error) SL_WARN_UNUSED;
