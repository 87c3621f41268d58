/* SPDX-License-Identifier: ISC */
/* Bytes to SlMail, by GMime behind limits of our own. Reads the mail through a file descriptor, so memory stays
 * bounded. */
#pragma once
#include "mail/mail.h"

typedef struct {
  gint64 max_message_bytes;     /* above it only the header block is read; default 35 MiB */
  gint64 max_text_bytes;        /* of body text kept; default 1 MiB */
  GPtrArray *fallback_charsets; /* char*, tried after strict UTF-8; NULL: windows-1252 */
  char *authserv_id;            /* whose Authentication-Results count; "first": the topmost header's; NULL: nobody's */
  GPtrArray *own_domains; /* char*: domains of our Message-IDs and addresses: mail of ours is SL_ORIGIN_SELF; NULL */
  GPtrArray *own_lists;   /* char*: List-Id values of our own groups, which are no list; NULL */
} SlMailOptions;

/* Reads from offset `start` of `fd` to its end (fd stays the caller's, its position is lost). Never NULL but for an I/O
 * error (SL_ERROR_TEMP) or a mail that GMime cannot make anything of (SL_ERROR_MAIL: quarantine it). Owned. */
SlMail *sl_mail_parse_fd(int fd, gint64 start, const SlMailOptions *options, GError **error) SL_WARN_UNUSED;
SlMail *sl_mail_parse_bytes(const char *bytes, gsize length, const SlMailOptions *options,
                            GError **error) SL_WARN_UNUSED;
