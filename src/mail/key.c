/* SPDX-License-Identifier: ISC */
#include "mail/key.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define BLOCK_BYTES 65536

/* White space runs are one blank: a relay may fold a header anew. */
static void
add_header(GChecksum *sum, const GPtrArray *headers, const char *name)
{
  const char *value = sl_head_get(headers, name);
  gboolean blank = FALSE;
  for (; value && *value; value++) {
    gboolean space = *value == ' ' || *value == '\t';
    if (!space || !blank)
      g_checksum_update(sum, (const guchar *)(space ? " " : value), 1);
    blank = space;
  }
  g_checksum_update(sum, (const guchar *)"\n", 1);
}

typedef struct {
  GChecksum *sum;
  gint64 newlines; /* held back: they count only when something follows them */
  gboolean cr;     /* the byte before was CR */
} Body;

static void
add_newlines(Body *body)
{
  static const char some[] = "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n";
  while (body->newlines > 0) {
    gssize n = (gssize)MIN(body->newlines, (gint64)sizeof some - 1);
    g_checksum_update(body->sum, (const guchar *)some, n);
    body->newlines -= n;
  }
}

static void
add_bytes(Body *body, const char *bytes, gsize length)
{
  if (length == 0)
    return;
  add_newlines(body);
  g_checksum_update(body->sum, (const guchar *)bytes, (gssize)length);
}

/* A CR belongs to its line end; one that stands alone is content. */
static void
add_block(Body *body, const char *bytes, gsize length)
{
  for (gsize at = 0; at < length;) {
    if (body->cr && bytes[at] != '\n')
      add_bytes(body, "\r", 1);
    body->cr = FALSE;
    gsize n = strcspn(bytes + at, "\r\n");
    gsize plain = MIN(n, length - at);
    const char *nul = bytes + at + plain;
    add_bytes(body, bytes + at, plain);
    at += plain;
    if (at >= length)
      break;
    if (*nul == '\0')
      add_bytes(body, "", 1);
    body->newlines += *nul == '\n';
    body->cr = *nul == '\r';
    at++;
  }
}

static gssize
read_block(int fd, gint64 offset, char *block, GError **error)
{
  gssize n;
  do
    n = pread(fd, block, BLOCK_BYTES, offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot read the mail: %s", g_strerror(errno));
  return n;
}

char *
sl_mail_key(int fd, gint64 start, gint64 body_offset, const GPtrArray *headers, GError **error)
{
  static const char *const names[] = {"Message-ID", "From", "Date", "Subject"};
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  gboolean any = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    add_header(sum, headers, names[i]);
    any |= sl_head_get(headers, names[i]) != NULL;
  }
  if (!any) /* nothing there tells it from another: every byte counts */
    body_offset = start;
  g_autofree char *block = g_malloc(BLOCK_BYTES + 1);
  Body body = {.sum = sum};
  gssize n;
  while ((n = read_block(fd, body_offset, block, error)) > 0) {
    block[n] = '\0';
    add_block(&body, block, (gsize)n);
    body_offset += n;
  }
  return n < 0 ? NULL : g_strdup(g_checksum_get_string(sum));
}
