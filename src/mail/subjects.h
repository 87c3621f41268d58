/* SPDX-License-Identifier: ISC */
/* Subjects that machines write: absence notes and bounces, in the languages in which they come. Pure. */
#pragma once
#include <glib.h>

/* "Automatic reply: x". A subject that only speaks of such notes, or answers one, has other words around. */
gboolean sl_subject_is_absence(const char *subject);

/* "Undelivered Mail Returned to Sender". Never proof alone: people write such subjects too. */
gboolean sl_subject_is_bounce(const char *subject);
