/* SPDX-License-Identifier: ISC */
/* One pass over a raw mail before any library sees it: how large are the things that would cost memory to parse? GMime
 * itself has no cap on headers or parts (200,000 empty parts in 1.4 MB of mail take 266 MB). */
#pragma once
#include "base/time.h"

typedef struct {
  gint64 size_bytes;      /* from `start` to the end of the file */
  gint64 head_bytes;      /* of the header block at the top, its empty line included; size_bytes when it never ends */
  gint64 body_offset;     /* in the file: where the body begins */
  guint head_lines;       /* physical lines of that block */
  guint boundary_lines;   /* lines that begin with a boundary declared before them */
  gint64 part_head_bytes; /* of what may be header blocks of parts and of enclosed mails, together */
  guint part_head_lines;
  guint colons;       /* most in one header: as deep may its groups of addresses be nested */
  gint64 loose_bytes; /* before the first and behind the last part of a multipart: GMime holds them in memory */
} SlScan;

/* From offset `start` of `fd`; the position is not used. FALSE with SL_ERROR_TEMP when the file can't be read. */
gboolean sl_mail_scan_fd(int fd, gint64 start, SlScan *out_scan, GError **error) SL_WARN_UNUSED;

/* What is over a limit, as a fault to record; NULL when GMime may have all of it. Static. */
const char *sl_mail_scan_fault(const SlScan *scan);

/* Reads at most `max` bytes at `offset`, until the end of the file. Owned; *out_length is what was read. */
char *sl_mail_read_at(int fd, gint64 offset, gsize max, gsize *out_length, GError **error) SL_WARN_UNUSED;

/* The bytes in a nameless file in memory; -1 with SL_ERROR_TEMP. The caller closes it. */
int sl_mail_hold(const char *bytes, gsize length, GError **error) SL_WARN_UNUSED;
