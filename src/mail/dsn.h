/* SPDX-License-Identifier: ISC */
/* Delivery status notifications (RFC 3464). Pure. */
#pragma once
#include "mail/mail.h"

/* Adds an SlDsn for each per-recipient group of a message/delivery-status body; at most 100. */
void sl_dsn_read(const char *bytes, gsize length, GPtrArray *dsn);

/* The first id in a header's value, as in sl_head_ids; NULL for none or a NULL value. Owned. */
char *sl_dsn_first_id(const char *value);

/* "hard" (it will never arrive), "soft" (given up for now: time ran out, or a reason that may pass) or "none" (it
 * arrived, or is still under way). Any argument may be NULL. Static. */
const char *sl_dsn_kind(const char *action, const char *status, const char *diagnostic);

/* The first enhanced status code (RFC 3463) in a text; NULL for none or a NULL text. Owned. */
char *sl_dsn_status_in(const char *text);

/* The Message-ID that a bounce written as prose quotes below its explanation; NULL. Owned. */
char *sl_dsn_id_in_text(const char *text);
