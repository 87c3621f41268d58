/* SPDX-License-Identifier: ISC */
#include "config/holidays.h"

#include <string.h>
#include <unistd.h>

#define DATE_LENGTH 10 /* "2026-12-25" */

/* Beside this program in the build tree, else where it is installed. */
static char *
reader(void)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : "/");
  g_autofree char *beside = g_build_filename(folder, "slate-ics", NULL);
  return access(beside, X_OK) == 0 ? g_steal_pointer(&beside) : g_build_filename(SL_LIBEXECDIR, "slate-ics", NULL);
}

static void
add_missing(GPtrArray *dates, const char *line)
{
  for (guint i = 0; i < dates->len; i++) {
    if (strncmp(dates->pdata[i], line, DATE_LENGTH) == 0)
      return;
  }
  g_ptr_array_add(dates, g_strdup(line));
}

static gboolean
run(const GPtrArray *files, char **out_text, char **out_fault)
{
  int status = 0;
  g_autofree char *program = reader();
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_ptr_array_add(argv, program);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add(argv, files->pdata[i]);
  g_ptr_array_add(argv, NULL);
  if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, out_text, &said, &status, &error)) {
    *out_fault = g_strdup(error->message);
    return FALSE;
  }
  if (g_spawn_check_wait_status(status, NULL))
    return TRUE;
  g_strstrip(said);
  *out_fault = *said ? g_steal_pointer(&said) : g_strdup("slate-ics could not read it");
  return FALSE;
}

gboolean
sl_holidays_read(const GPtrArray *files, GPtrArray *out_dates, char **out_fault)
{
  g_autofree char *text = NULL;
  if (files->len == 0)
    return TRUE;
  if (!run(files, &text, out_fault))
    return FALSE;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (strlen(lines[i]) > DATE_LENGTH)
      add_missing(out_dates, lines[i]);
  }
  return TRUE;
}
