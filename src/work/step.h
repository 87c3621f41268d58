/* SPDX-License-Identifier: ISC */
/* The one step: whatever happens to a ticket happens here, in one transaction, and nothing else writes one. */
#pragma once
#include "work/gather.h"

/* The bytes of a mail stimulus, and where it came from. */
typedef struct {
  int fd;             /* borrowed */
  gint64 start;
  const char *sha256;
  const char *source; /* spool file name */
} SlStepMail;

typedef struct {
  SlOutcome outcome;
  char *reason;        /* NULL */
  gint64 ticket;       /* 0: none */
  gint64 mail;         /* row of the mail; 0 */
  gint64 duplicate_of; /* mail row that was first; 0 */
  GPtrArray *fired;    /* SlFired*: what alarms did; owned */
  guint letters;       /* how many were queued */
} SlStepResult;
void sl_step_result_clear(SlStepResult *result);

/* Runs one stimulus. Inside an open transaction (`nested`) it is one savepoint, else a transaction of its own, committed here.
 * A refused command gives its GError (SL_ERROR_USAGE, DENIED, NOT_FOUND) and changes nothing. `mail`: for mail stimuli. */
gboolean sl_step(SlWork *work, SlStimulus *stimulus, const SlStepMail *mail, gboolean nested, SlStepResult *out_result,
                 GError **error) SL_WARN_UNUSED;

/* A held mail has a person's word (`by`: a label): it is stepped once more, as its sender meant it. SL_ERROR_NOT_FOUND when it is not
 * held. */
gboolean sl_step_release(SlWork *work, gint64 mail, const char *by, gboolean nested, SlStepResult *out_result, GError **error) SL_WARN_UNUSED;
