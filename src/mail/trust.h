/* SPDX-License-Identifier: ISC */
/* What our own mail server found out about the sender (Authentication-Results, RFC 8601). Pure. */
#pragma once
#include "mail/mail.h"

/* "pass": DMARC passed for `from_domain`, or DKIM for a domain aligned with it (equal, or one under the other);
 * "fail": one of them failed and none passed; "none": nothing that we may trust. Only the topmost header of
 * `authserv_id` is read, or the topmost of all for "first"; NULL trusts nobody. Static. */
const char *sl_trust_of(const GPtrArray *headers, const char *authserv_id, const char *from_domain);
