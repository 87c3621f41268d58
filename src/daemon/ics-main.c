/* SPDX-License-Identifier: ISC */
/* slate-ics FILE…: prints the dates that iCalendar files name, a line a date, "2026-12-25 Christmas Day". Exit 0; 65
 * when a file is no iCalendar, 66 when it cannot be read, with FILE: WHY on standard error. Limited in size and time:
 * the files are downloaded. */
#include <glib.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "config/ics.h"

#define MOST_BYTES   (4 << 20)
#define MOST_SECONDS 10
#define MOST_MEMORY  (G_GINT64_CONSTANT(512) << 20)

static void
limit(int what, rlim_t most)
{
  const struct rlimit limits = {most, most};
  setrlimit(what, &limits);
}

static int
fail(const char *path, const char *why, int code)
{
  fprintf(stderr, "%s: %s\n", path, why);
  return code;
}

static int
print_dates(const char *path)
{
  struct stat status;
  g_autofree char *text = NULL;
  g_autofree char *fault = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) dates = g_ptr_array_new_with_free_func(g_free);
  if (stat(path, &status) == 0 && (!S_ISREG(status.st_mode) || status.st_size > MOST_BYTES))
    return fail(path, "a file of at most 4 MB is wanted", EX_NOINPUT);
  if (!g_file_get_contents(path, &text, NULL, &error))
    return fail(path, error->message, EX_NOINPUT);
  if (!sl_ics_expand(text, dates, &fault))
    return fail(path, fault, EX_DATAERR);
  for (guint i = 0; i < dates->len; i++)
    puts(dates->pdata[i]);
  return 0;
}

int
main(int argc, char **argv)
{
  int code = argc < 2 ? EX_USAGE : 0;
  limit(RLIMIT_CPU, MOST_SECONDS);
#ifndef __SANITIZE_ADDRESS__
  limit(RLIMIT_AS, MOST_MEMORY);
#endif
  for (int i = 1; i < argc && code == 0; i++)
    code = print_dates(argv[i]);
  return code;
}
