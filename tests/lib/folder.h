/* SPDX-License-Identifier: ISC */
/* The temporary folder of a test: gone with all that is in it. */
#pragma once
#include <glib.h>
#include <unistd.h>

static inline void
remove_folder(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    if (unlink(inner) != 0)
      remove_folder(inner);
  }
  rmdir(path);
}
