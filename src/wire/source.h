/* SPDX-License-Identifier: ISC */
/* Where mail comes from: a mailbox, behind four verbs. Drivers: wire/imap (libetpan over our own verified TLS stream) and
 * wire/maildir-in. A driver knows nothing of spool, store or tickets; the caller decides what is new.
 *
 * Errors say how much is broken: SL_ERROR_MAIL only this message, SL_ERROR_ACCOUNT this session (close, back off),
 * SL_ERROR_AUTH the login was refused, SL_ERROR_CONFIG a setting, SL_ERROR_CANCELLED the cancel fd became readable. */
#pragma once
#include "base/time.h"

typedef struct {
  char *name;      /* of the mailbox in the configuration */
  char *url;       /* imaps://host[:port], imap://host[:port], maildir:///path */
  char *user;      /* NULL for maildir */
  char *password;  /* secret spec (base/secret.h) or NULL */
  char *auth;      /* "password" (default) or "oauth2" */
  char *token;     /* secret spec that gives an OAuth2 access token; NULL unless oauth2 */
  char *tls;       /* "implicit" (imaps), "starttls" (default of imap), "none" (loopback only) */
  char *tls_ca;    /* PEM file with the only trusted CAs; NULL: the system's */
  char *folder;    /* "INBOX" */
  char *done;      /* folder that taken-in mail is moved to; NULL: it is marked with the keyword instead */
  char *trouble;   /* folder that quarantined mail is moved to; NULL: as done */
  char *keyword;   /* "$SlateTaken" */
  gboolean idle;   /* use IDLE where the server has it */
  gint64 poll_sec; /* without it, or besides */
  gint64 timeout_sec; /* for one command; one message may take ten times as long */
  gint64 max_bytes; /* a message over this is refused as SL_ERROR_LIMIT; 200 MiB */
} SlSourceOptions;

/* One message of the mailbox, as listed. */
typedef struct {
  guint32 uid;
  gint64 size_bytes;
  SlTime received;   /* INTERNALDATE; a Maildir file's mtime */
  gboolean marked;   /* carries our keyword already */
} SlSourceItem;

typedef enum { SL_MARK_TAKEN, SL_MARK_QUARANTINED } SlMark;

typedef struct SlSource SlSource;

/* A sink for one message's bytes; FALSE stops the transfer with the error it set. */
typedef gboolean (*SlSourceChunk)(const char *bytes, gsize length, gpointer user, GError **error);

/* Called at least every 10 s while the source waits or transfers: the worker's heart beat. May be NULL. */
typedef void (*SlSourceBeat)(gpointer user);

/* The driver table: one a protocol. Contracts of the slots are those of the functions below. */
typedef struct {
  const char *scheme; /* "imaps" */
  gboolean (*open)(SlSource *source, GError **error);
  gboolean (*list)(SlSource *source, guint32 above_uid, GArray *out_items, GError **error);
  gboolean (*stream)(SlSource *source, guint32 uid, SlSourceChunk chunk, gpointer user, GError **error);
  gboolean (*mark)(SlSource *source, const guint32 *uids, guint n, SlMark mark, GError **error);
  gboolean (*wait)(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error);
  void (*close)(SlSource *source);
} SlSourceDriver;

/* Chooses the driver by the URL's scheme. `options` is borrowed and must outlive the source. `cancel_fd` (or -1) ends any
 * blocking call when readable. NULL with SL_ERROR_CONFIG for an unknown scheme. Owned. */
SlSource *sl_source_new(const SlSourceOptions *options, int cancel_fd, SlSourceBeat beat, gpointer user,
                        GError **error) SL_WARN_UNUSED;

/* Connects, logs in, opens the folder for writing. Deadline: 60 s. */
gboolean sl_source_open(SlSource *source, GError **error) SL_WARN_UNUSED;

/* Valid after open, until close. For a Maildir: the folder's inode. */
guint32 sl_source_uidvalidity(const SlSource *source);

/* Appends SlSourceItem of every message with uid > above_uid to out_items, by ascending uid, in windows of at most 200. */
gboolean sl_source_list(SlSource *source, guint32 above_uid, GArray *out_items, GError **error) SL_WARN_UNUSED;

/* Streams one message's bytes as they are on the server. SL_ERROR_MAIL when it is gone, SL_ERROR_LIMIT when too big. */
gboolean sl_source_stream(SlSource *source, guint32 uid, SlSourceChunk chunk, gpointer user, GError **error) SL_WARN_UNUSED;

/* Marks messages in this session: moved to `done`/`trouble`, or given the keyword. Never \Seen. */
gboolean sl_source_mark(SlSource *source, const guint32 *uids, guint n, SlMark mark, GError **error) SL_WARN_UNUSED;

/* Waits until there is news, at most most_sec, or until wake_fd (or -1) is readable. A lost connection is an error. */
gboolean sl_source_wait(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error) SL_WARN_UNUSED;

void sl_source_free(SlSource *source); /* logs out within 2 s; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlSource, sl_source_free)
