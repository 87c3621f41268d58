/* SPDX-License-Identifier: ISC */
/* Poison: an item that kills its worker. Before an item a worker writes its key to a marker (no fsync: only a crash of the
 * process matters); its fatal-signal handler adds the cause. At the next start only such deaths count, never a kill from outside.
 * Each item has an alarm of its own. At the second death the item is not touched again. */
#pragma once
#include "store/db.h"

/* `stage`: "intake", "tick", "send". Reads what an earlier worker left (in SPOOL/run/STAGE.marker), counts it, and installs the
 * handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and SIGALRM. */
gboolean sl_suspect_init(SlDb *db, const char *spool_path, const char *stage, GError **error) SL_WARN_UNUSED;

/* Around an item: at most `most_sec` real seconds. Does nothing before sl_suspect_init. */
void sl_suspect_enter(const char *key, unsigned most_sec);
void sl_suspect_leave(void);

/* How often the item has killed its worker. */
gboolean sl_suspect_count(SlDb *db, const char *key, int *out_deaths, GError **error) SL_WARN_UNUSED;
#define SL_SUSPECT_LIMIT 2
