/* SPDX-License-Identifier: ISC */
#include "mail/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "mail/head.h"

#define BLOCK_BYTES         65536
#define LINE_BYTES          1024 /* of a line that are looked at; a boundary has at most 70 (RFC 2046 5.1.1) */
#define MAX_BOUNDARIES      20   /* known by name; with more, every "--" counts */
#define MAX_BOUNDARY_LINES  1000
#define MAX_PART_HEAD_BYTES (G_GINT64_CONSTANT(384) * 1024)
#define MAX_PART_HEAD_LINES 5000
#define MAX_LOOSE_BYTES     (G_GINT64_CONSTANT(8) * 1024 * 1024)
#define MAX_COLONS          1000 /* GMime reads nested groups by recursion */

typedef enum { IN_BODY, IN_TOP_HEAD, IN_PART_HEAD } Region;

typedef struct {
  SlScan *scan;
  Region region;
  GString *line;         /* the first LINE_BYTES of the line being read */
  gint64 line_bytes;     /* of all of it, the newline included */
  GPtrArray *boundaries; /* char*, "--" in front */
  gboolean any_boundary; /* one could not be read: every line that begins with "--" counts */
  gint64 colons;         /* of the header being read */
  gboolean loose;        /* between the parts of a multipart: no boundary yet, or the last one was passed */
  gboolean encloses;     /* this head says message/...: another head follows it */
} Scanner;

static gssize
read_block(int fd, gint64 offset, char *buffer, gsize size, GError **error)
{
  gssize n;
  do
    n = pread(fd, buffer, size, offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot read the mail: %s", g_strerror(errno));
  return n;
}

char *
sl_mail_read_at(int fd, gint64 offset, gsize max, gsize *out_length, GError **error)
{
  g_autofree char *bytes = g_malloc(max + 1);
  gsize have = 0;
  while (have < max) {
    gssize n = read_block(fd, offset + (gint64)have, bytes + have, max - have, error);
    if (n < 0)
      return NULL;
    if (n == 0)
      break;
    have += (gsize)n;
  }
  bytes[have] = '\0';
  *out_length = have;
  return g_steal_pointer(&bytes);
}

static gboolean
write_all(int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    gssize n = write(fd, bytes, length);
    if (n < 0 && errno != EINTR)
      return FALSE;
    bytes += MAX(n, 0);
    length -= (gsize)MAX(n, 0);
  }
  return TRUE;
}

int
sl_mail_hold(const char *bytes, gsize length, GError **error)
{
  int fd = memfd_create("mail", MFD_CLOEXEC);
  if (fd >= 0 && write_all(fd, bytes, length))
    return fd;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot hold the mail in memory: %s", g_strerror(errno));
  if (fd >= 0)
    close(fd);
  return -1;
}

static const char *
find_word(const char *text, const char *word)
{
  gsize length = strlen(word);
  for (; *text; text++)
    if (g_ascii_strncasecmp(text, word, length) == 0)
      return text;
  return NULL;
}

/* Returns what follows the value. */
static const char *
declare(Scanner *s, const char *value)
{
  while (*value == ' ' || *value == '\t')
    value++;
  gboolean quoted = *value == '"';
  value += quoted;
  gsize length = quoted ? strcspn(value, "\"") : strcspn(value, " \t;\r\n");
  g_autofree char *boundary = g_strdup_printf("--%.*s", (int)MIN(length, 200), value);
  gboolean plain =
      length > 0 && !strpbrk(boundary, "\\(") && !strstr(boundary, "=?") && !g_str_has_suffix(boundary, "--");
  if (plain && s->boundaries->len < MAX_BOUNDARIES)
    g_ptr_array_add(s->boundaries, g_steal_pointer(&boundary));
  else
    s->any_boundary = TRUE;
  return value + length;
}

/* A boundary is looked for in every line of a head: over-counting only makes us careful. RFC 2231 forms, and a value on
 * the next line, are not decoded; then every "--" counts. */
static void
head_line(Scanner *s)
{
  if (s->line_bytes > LINE_BYTES || memchr(s->line->str, '\0', s->line->len))
    s->any_boundary = TRUE;
  gboolean typed = g_ascii_isspace(s->line->str[0]) || g_ascii_strncasecmp(s->line->str, "content-type", 12) == 0;
  s->encloses = s->encloses || (typed && find_word(s->line->str, "message/"));
  s->loose = s->loose || (typed && find_word(s->line->str, "multipart/"));
  for (const char *at = find_word(s->line->str, "boundary"); at; at = find_word(at, "boundary")) {
    at += strlen("boundary");
    const char *equals = at + strspn(at, " \t");
    if (*equals == '=')
      at = declare(s, equals + 1);
    else
      s->any_boundary = TRUE;
  }
}

static gboolean
is_boundary(const Scanner *s)
{
  if (!g_str_has_prefix(s->line->str, "--"))
    return FALSE;
  gboolean found = s->any_boundary;
  for (guint i = 0; i < s->boundaries->len && !found; i++)
    found = g_str_has_prefix(s->line->str, s->boundaries->pdata[i]);
  return found;
}

static void
end_head(Scanner *s)
{
  s->region = s->encloses ? IN_PART_HEAD : IN_BODY;
  s->encloses = FALSE;
}

static void
top_line(Scanner *s, gboolean empty)
{
  s->scan->head_bytes += s->line_bytes;
  s->scan->head_lines++;
  if (empty)
    end_head(s);
  else
    head_line(s);
}

static void
part_line(Scanner *s, gboolean empty)
{
  s->scan->part_head_bytes += s->line_bytes;
  s->scan->part_head_lines++;
  if (empty)
    end_head(s);
  else
    head_line(s);
}

/* A boundary that is only guessed proves neither a part nor the last one's end. */
static void
begin_part(Scanner *s)
{
  s->scan->boundary_lines++;
  s->encloses = FALSE;
  g_strchomp(s->line->str);
  gboolean last = g_str_has_suffix(s->line->str, "--");
  s->region = last && !s->any_boundary ? IN_BODY : IN_PART_HEAD;
  s->loose = last || (s->loose && s->any_boundary);
}

static void
end_line(Scanner *s)
{
  gboolean empty = s->line_bytes == 0 || s->line->str[0] == '\n' || (s->line_bytes == 2 && s->line->str[0] == '\r');
  if (s->region == IN_TOP_HEAD) {
    top_line(s, empty);
  } else if (is_boundary(s)) {
    begin_part(s);
  } else if (s->region == IN_PART_HEAD) {
    part_line(s, empty);
  }
  if (s->region == IN_BODY && s->loose)
    s->scan->loose_bytes += s->line_bytes;
  g_string_truncate(s->line, 0);
  s->line_bytes = 0;
}

/* A header goes on as long as lines begin with a blank. */
static void
count_colons(Scanner *s, const char *bytes, gsize length)
{
  if (s->region == IN_BODY)
    return;
  if (s->line_bytes == 0 && *bytes != ' ' && *bytes != '\t')
    s->colons = 0;
  for (gsize i = 0; i < length; i++)
    s->colons += bytes[i] == ':';
  s->scan->colons = MAX(s->scan->colons, (guint)MIN(s->colons, G_MAXINT32));
}

static void
feed(Scanner *s, const char *bytes, gsize length)
{
  while (length > 0) {
    const char *newline = memchr(bytes, '\n', length);
    gsize n = newline ? (gsize)(newline - bytes) + 1 : length;
    gsize room = LINE_BYTES - MIN(s->line->len, LINE_BYTES);
    g_string_append_len(s->line, bytes, (gssize)MIN(n, room));
    count_colons(s, bytes, n);
    s->line_bytes += (gint64)n;
    if (newline)
      end_line(s);
    bytes += n;
    length -= n;
  }
}

gboolean
sl_mail_scan_fd(int fd, gint64 start, SlScan *out_scan, GError **error)
{
  g_autofree char *block = g_malloc(BLOCK_BYTES);
  g_autoptr(GString) line = g_string_sized_new(LINE_BYTES);
  g_autoptr(GPtrArray) boundaries = g_ptr_array_new_with_free_func(g_free);
  SlScan scan = {0};
  Scanner s = {.scan = &scan, .region = IN_TOP_HEAD, .line = line, .boundaries = boundaries};
  gssize n;
  while ((n = read_block(fd, start + scan.size_bytes, block, BLOCK_BYTES, error)) > 0) {
    feed(&s, block, (gsize)n);
    scan.size_bytes += n;
  }
  if (n < 0)
    return FALSE;
  if (s.line_bytes > 0)
    end_line(&s);
  scan.body_offset = start + scan.head_bytes;
  *out_scan = scan;
  return TRUE;
}

const char *
sl_mail_scan_fault(const SlScan *scan)
{
  if (scan->head_bytes > SL_HEAD_MAX_BYTES)
    return "the header block is over 256 KiB";
  if (scan->head_lines > SL_HEAD_MAX_LINES)
    return "the header block has more than 1000 lines";
  if (scan->boundary_lines > MAX_BOUNDARY_LINES)
    return "more than 1000 parts";
  if (scan->part_head_bytes > MAX_PART_HEAD_BYTES || scan->part_head_lines > MAX_PART_HEAD_LINES)
    return "the header blocks of the parts are over 384 KiB or 5000 lines";
  if (scan->colons > MAX_COLONS)
    return "a header with too many groups of addresses";
  if (scan->loose_bytes > MAX_LOOSE_BYTES)
    return "over 8 MiB of a multipart are in none of its parts";
  return NULL;
}
