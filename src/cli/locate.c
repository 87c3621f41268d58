/* SPDX-License-Identifier: ISC */
#include "cli/locate.h"

#include <glib.h>
#include <unistd.h>

char *
sl_locate(const char *program)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self ? self : "/");
  g_autofree char *beside = g_build_filename(folder, program, NULL);
  return access(beside, X_OK) == 0 ? g_steal_pointer(&beside) : g_build_filename(SL_LIBEXECDIR, program, NULL);
}
