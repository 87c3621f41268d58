/* SPDX-License-Identifier: ISC */
/* What imports have taken in already, so that a second run, or one after a kill, skips it without reading it: SPOOL/run/import, a line a
 * message, appended after the commit. It is only a memory: each line names the mail's row and the SHA-256 of its bytes, and who
 * believes a line asks the store first. A torn last line, or a lost file, costs time and nothing else. */
#pragma once
#include "store/db.h"
#include "work/mail-files.h"

typedef struct SlImportState SlImportState;

SlImportState *sl_import_state_open(const char *spool_path, GError **error) SL_WARN_UNUSED;
void sl_import_state_free(SlImportState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlImportState, sl_import_state_free)

/* Was the message taken in from this very file (size and time of change alike), and is it in the store? *out_mail its row, else 0. */
gboolean sl_import_state_find(SlImportState *state, SlDb *db, const SlFoundMail *mail, gint64 *out_mail, gint64 *out_ticket,
                              GError **error) SL_WARN_UNUSED;

/* Where a message was found, to be remembered once it is committed. Owned text. */
char *sl_import_state_line(const SlFoundMail *mail);
gboolean sl_import_state_add(SlImportState *state, SlDb *db, const char *line, gint64 mail, GError **error) SL_WARN_UNUSED;
