/* SPDX-License-Identifier: ISC */
/* The content key: by which the same mail is known again however it came. SHA-256 over the first Message-ID, From, Date
 * and Subject (raw, unfolded, trimmed) and the body with LF line ends, without the empty lines at its end. Trace and
 * delivery headers don't count, so that one more Received, an mbox "From " line or CRLF for LF give the same key. */
#pragma once
#include "mail/head.h"

/* `headers` as sl_head_split made them; the mail begins at `start` of `fd`, its body at `body_offset`, streamed. Where none of the four
 * headers is there, every byte of the mail counts: else all such mails were one. Hex; NULL with
 * SL_ERROR_TEMP when the file can't be read. Owned. */
char *sl_mail_key(int fd, gint64 start, gint64 body_offset, const GPtrArray *headers, GError **error) SL_WARN_UNUSED;
