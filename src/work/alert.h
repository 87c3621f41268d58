/* SPDX-License-Identifier: ISC */
/* Slate's own trouble, told to the postmaster: once a cause and day. Silence is noticed (promise 8). */
#pragma once
#include "work/work.h"

/* `cause` names the trouble ("mailbox:support"); the letter's purpose holds it and the day, so that it goes once. In a transaction of
 * its own unless `nested`. */
gboolean sl_alert(SlWork *work, const char *cause, const char *what, const char *why, const char *what_to_do, gboolean nested,
                  GError **error) SL_WARN_UNUSED;
