/* SPDX-License-Identifier: ISC */
/* The spool: the only door for mail. A file begins with `Key: value` lines and an empty line; then the raw bytes. Written in
 * tmp/, renamed into new/ when complete, unlinked only after the commit. Needs only base/.
 *
 * Names: a pipe's is unique by time, process and random bits; IMAP's is MAILBOX.UIDVALIDITY.UID, so that a second fetch of the same
 * message finds it there. A file torn by a power loss fails its sha256. Errors: SL_ERROR_TEMP (anything of this host: disk full,
 * permissions), SL_ERROR_MAIL (this file is torn), SL_ERROR_LIMIT. */
#pragma once
#include "base/time.h"

#define SL_SPOOL_MAX_BYTES (G_GINT64_CONSTANT(200) * 1024 * 1024)

typedef struct {
  char *recipient, *sender, *mailbox, *channel; /* NULL where unknown */
  guint32 uidvalidity, uid;                     /* 0 from a pipe */
  SlTime received;
  char *sha256;                                 /* hex of the raw bytes */
  gboolean old;                                 /* lay in the mailbox before `since`, or imported without letters */
  gboolean imported;                            /* from a file, which stays: its receipt time is believed however old it is */
} SlSpoolMeta;
void sl_spool_meta_clear(SlSpoolMeta *meta);

typedef struct SlSpool SlSpool;
typedef struct SlSpoolFile SlSpoolFile;

/* Makes the folders (0770) when they are not there. */
SlSpool *sl_spool_open(const char *path, GError **error) SL_WARN_UNUSED;
void sl_spool_free(SlSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlSpool, sl_spool_free)
const char *sl_spool_path(const SlSpool *spool);

/* `name` NULL: a unique one is made. meta->sha256 is ignored: it is computed. */
SlSpoolFile *sl_spool_begin(SlSpool *spool, const SlSpoolMeta *meta, const char *name, GError **error) SL_WARN_UNUSED;
gboolean sl_spool_write(SlSpoolFile *file, const char *bytes, gsize length, GError **error) SL_WARN_UNUSED;
/* Into new/. `durable`: file and folder are fsynced first. *out_name (may be NULL): owned. The file is freed either way. */
gboolean sl_spool_commit(SlSpoolFile *file, gboolean durable, char **out_name, GError **error) SL_WARN_UNUSED;
void sl_spool_abort(SlSpoolFile *file); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlSpoolFile, sl_spool_abort)

/* Names in new/, oldest first (by receipt time in the name of the file system), at most `most`. GPtrArray of char*. */
GPtrArray *sl_spool_list(SlSpool *spool, guint most, GError **error) SL_WARN_UNUSED;
gboolean sl_spool_has(SlSpool *spool, const char *name);

/* Opens one for reading: *out_fd (caller closes), raw bytes begin at *out_start. Does not verify the sha256. */
gboolean sl_spool_take(SlSpool *spool, const char *name, SlSpoolMeta *out_meta, int *out_fd, gint64 *out_start, GError **error) SL_WARN_UNUSED;
/* Do the raw bytes have the sha256 that the header says? SL_ERROR_MAIL when not. */
gboolean sl_spool_verify(int fd, gint64 start, const SlSpoolMeta *meta, GError **error) SL_WARN_UNUSED;
gboolean sl_spool_remove(SlSpool *spool, const char *name, GError **error) SL_WARN_UNUSED;

/* One drainer at a time. *out_fd: the lock, held until closed; -1 when somebody else has it (and not `wait`). */
gboolean sl_spool_lock(SlSpool *spool, gboolean wait, int *out_fd, GError **error) SL_WARN_UNUSED;

/* Files in tmp/ older than a day that nobody writes any more are removed (their mail was never accepted). */
gboolean sl_spool_sweep(SlSpool *spool, SlTime now, GError **error) SL_WARN_UNUSED;
