/* SPDX-License-Identifier: ISC */
/* Mail from files: each message goes through the spool, the only door, and is drained in batches; by a daemon where one runs. One
 * message at a time, bounded memory. It continues where it stopped: what was taken in is skipped (work/import-state), and where
 * that is not known it is a duplicate by its content. The receipt time is that of the newest Received header, else the Date
 * header's, else the file's, and never in the future. */
#pragma once
#include "work/mail-files.h"
#include "work/stages.h"

typedef struct {
  const char *mailbox; /* which it counts as; NULL */
  gboolean no_letters; /* tickets without letters and clocks; nobody hears of the mail */
  /* What became of a message, once committed; `source`: PATH, or PATH:OFFSET in an mbox. In any order. */
  void (*outcome)(const char *source, const SlStepResult *result, gpointer user);
  void (*passed_over)(const char *path, int code, const char *why, gpointer user); /* as of SlMailFilesVisitor */
  SlBeat beat;         /* FALSE: stop; the next import goes on (SL_ERROR_CANCELLED) */
  gpointer user;
} SlImportOptions;

/* How many messages lie there, for a progress bar. */
gboolean sl_import_count(char **paths, SlBeat beat, gpointer user, gint64 *out_n, GError **error) SL_WARN_UNUSED;

gboolean sl_import_pass(SlWork *work, SlSpool *spool, char **paths, const SlImportOptions *options, GError **error) SL_WARN_UNUSED;
