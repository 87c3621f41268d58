/* SPDX-License-Identifier: ISC */
/* What the judges of a mail's origin share. Pure. */
#pragma once
#include "mail/mail.h"

/* Sets origin and origin_reason ("NAME: VALUE", or NAME for a NULL value); TRUE. */
gboolean sl_origin_decide(SlMail *mail, SlOrigin origin, const char *name, const char *value);

/* The same for a machine: one that answers joins its ticket in silence (auto-reply); one that tells something new
 * deserves a ticket without letters (bulk). */
gboolean sl_origin_decide_machine(SlMail *mail, const char *name, const char *value);

/* Does the value, NULL too, hold a word, any case? */
gboolean sl_origin_contains(const char *value, const char *word);
