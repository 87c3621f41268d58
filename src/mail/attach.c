/* SPDX-License-Identifier: ISC */
#include "mail/attach.h"

#include <string.h>

#include "mail/clean.h"

#define MAX_NAME_BYTES 200
#define BLOCK_BYTES    16384

/* What Windows, macOS or a shell runs when it is opened; documents that hold programs. */
static const char *const endings[] = {
    "exe",  "com",  "bat",  "cmd", "scr", "pif",    "cpl",         "msi",     "msp",     "msc",  "dll",
    "sys",  "js",   "jse",  "vbs", "vbe", "vb",     "wsf",         "wsh",     "wsc",     "hta",  "ps1",
    "psm1", "jar",  "lnk",  "reg", "inf", "scf",    "url",         "chm",     "apk",     "app",  "deb",
    "rpm",  "run",  "sh",   "dmg", "pkg", "iso",    "vhd",         "docm",    "xlsm",    "xlsb", "pptm",
    "xll",  "xlam", "dotm", "ade", "mde", "gadget", "application", "command", "desktop",
};

/* Only the last component of a path, no leading dots, nothing that a shell or a terminal could mind. */
static char *
safe_name(const char *name)
{
  if (!name)
    return g_strdup("");
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  const char *base = valid;
  for (const char *at = valid; *at; at++)
    if ((*at == '/' || *at == '\\') && at[1])
      base = at + 1;
  while (*base == '.' || *base == ' ')
    base++;
  char *safe = sl_text_clean_line(base, MAX_NAME_BYTES);
  return g_strdelimit(safe, "/\\:*?\"<>|", '_');
}

static char *
safe_type(const char *type)
{
  g_autofree char *lower = g_ascii_strdown(type ? type : "application/octet-stream", -1);
  g_autofree char *valid = g_utf8_make_valid(lower, -1);
  return sl_text_clean_line(valid, 100);
}

/* Windows does not see dots and blanks at a name's end. */
static gboolean
has_ending(const char *name)
{
  g_autofree char *bare = g_ascii_strdown(name, -1);
  for (gsize n = strlen(bare); n > 0 && strchr(". _", bare[n - 1]); n = strlen(bare))
    bare[n - 1] = '\0';
  const char *dot = strrchr(bare, '.');
  for (guint i = 0; dot && i < G_N_ELEMENTS(endings); i++)
    if (strcmp(dot + 1, endings[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_type(const char *type)
{
  static const char *const types[] = {"application/x-msdownload", "application/x-dosexec",
                                      "application/x-executable", "application/x-sh",
                                      "application/hta",          "application/x-msdos-program",
                                      "application/java-archive", "application/vnd.microsoft.portable-executable"};
  for (guint i = 0; i < G_N_ELEMENTS(types); i++)
    if (strcmp(type, types[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Programs of Windows, Linux and macOS, and scripts, by their first bytes. */
static gboolean
has_magic(const char *bytes, gsize length)
{
  static const char *const magics[] = {"MZ", "\177ELF", "#!", "\317\372\355\376", "\312\376\272\276"};
  for (guint i = 0; i < G_N_ELEMENTS(magics); i++) {
    gsize n = strlen(magics[i]);
    if (length >= n && memcmp(bytes, magics[i], n) == 0)
      return TRUE;
  }
  return FALSE;
}

SlAttachment *
sl_attachment_new(const char *name, const char *type)
{
  SlAttachment *attachment = g_new0(SlAttachment, 1);
  attachment->name = safe_name(name);
  attachment->type = safe_type(type);
  attachment->executable = has_ending(attachment->name) || has_type(attachment->type);
  return attachment;
}

void
sl_attachment_sum(SlAttachment *attachment, GMimeStream *stream)
{
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  char block[BLOCK_BYTES];
  gssize n;
  while (stream && (n = g_mime_stream_read(stream, block, sizeof block)) > 0) {
    if (attachment->size_bytes == 0 && has_magic(block, (gsize)n))
      attachment->executable = TRUE;
    g_checksum_update(sum, (const guchar *)block, n);
    attachment->size_bytes += n;
  }
  g_free(attachment->sha256);
  attachment->sha256 = g_strdup(g_checksum_get_string(sum));
}
