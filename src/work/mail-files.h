/* SPDX-License-Identifier: ISC */
/* Mail that lies in files: single messages (.eml), mbox files, Maildirs, and folders of any of these. One message at a time, a
 * bounded piece of it in memory. The files are only read. */
#pragma once
#include "base/error.h"
#include "base/time.h"

/* A message where it was found. Borrowed, for the length of the call. */
typedef struct {
  const char *path;
  gint64 at;         /* an mbox: where its "From " line stands; else 0 */
  gint64 begin, end; /* the message's own bytes */
  gboolean mbox;     /* its lines are quoted: ">From " */
  gint64 file_bytes, mtime_ns; /* of the file */
  int fd;
} SlFoundMail;

typedef struct {
  /* FALSE with an error set ends the walk. */
  gboolean (*found)(const SlFoundMail *mail, gpointer user, GError **error);
  /* A file that is passed over, and why. `code`: SL_ERROR_NOT_FOUND (it cannot be read), SL_ERROR_MAIL (it was named, and is no mail),
   * -1 (it lies in a folder, and is no mail), 0 (there is nothing in it). May be NULL. */
  void (*passed_over)(const char *path, int code, const char *why, gpointer user);
  gpointer user;
} SlMailFilesVisitor;

/* In a folder by name, numbers by their value ("9.eml" before "10.eml"); of a Maildir new/ and cur/ together, which is by arrival; then
 * its subfolders. A folder without any mail is reported as passed over. */
gboolean sl_mail_files_walk(const char *path, const SlMailFilesVisitor *visitor, GError **error) SL_WARN_UNUSED;

/* The message's bytes, unquoted, piece by piece. */
typedef gboolean (*SlMailPiece)(const char *bytes, gsize length, gpointer user, GError **error);
gboolean sl_mail_files_read(const SlFoundMail *mail, SlMailPiece piece, gpointer user, GError **error) SL_WARN_UNUSED;

/* The first bytes of the message as they stand there, at most `most`. Owned; NULL where it cannot be read. */
char *sl_mail_files_head(const SlFoundMail *mail, gsize most, gsize *out_length);
