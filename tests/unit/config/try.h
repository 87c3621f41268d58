/* SPDX-License-Identifier: ISC */
/* A configuration as text, loaded from a folder of its own. */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"

#define NEEDED "company = \"C\"\nfrom = \"S <s@c.example>\"\nsmtp \"main\" { url = \"smtp://localhost:25\" tls = none }\n"

static char *try_folder;

static inline char *
try_path(const char *name)
{
  return g_build_filename(try_folder, name, NULL);
}

static inline void
try_put(const char *name, const char *text, gssize length)
{
  g_autofree char *path = try_path(name);
  FILE *file = fopen(path, "w"); /* g_file_set_contents would fsync */
  g_assert_nonnull(file);
  gsize size = length < 0 ? strlen(text) : (gsize)length;
  g_assert_cmpuint(fwrite(text, 1, size, file), ==, size);
  fclose(file);
}

/* The faults, one a line without the folder ("slate.conf:4: …"); warnings begin with "warning: " and are left out unless `warnings`.
 * *out_config (may be NULL) is owned by the caller. Owned. */
static inline char *
try_file(const char *name, gboolean warnings, SlConfig **out_config)
{
  g_autofree char *path = try_path(name);
  g_autofree char *folder = g_strconcat(try_folder, "/", NULL);
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autoptr(GString) lines = g_string_new(NULL);
  g_autoptr(SlConfig) config = sl_config_load(path, faults);
  gboolean errors = FALSE;
  for (guint i = 0; i < faults->len; i++) {
    const SlConfigFault *fault = faults->pdata[i];
    g_autofree char *text = sl_config_fault_text(fault);
    errors |= !fault->warning;
    if (!fault->warning || warnings)
      g_string_append_printf(lines, "%s%s\n", fault->warning ? "warning: " : "", text);
  }
  g_assert_cmpint(config == NULL, ==, errors); /* a fault refuses, and only a fault */
  g_string_replace(lines, folder, "", 0);
  if (out_config)
    *out_config = g_steal_pointer(&config);
  return g_string_free(g_steal_pointer(&lines), FALSE);
}

static inline char *
try_text(const char *text, SlConfig **out_config)
{
  try_put("slate.conf", text, -1);
  return try_file("slate.conf", FALSE, out_config);
}

static inline void
try_begin(void)
{
  try_folder = g_dir_make_tmp("sl-config-XXXXXX", NULL);
  g_assert_nonnull(try_folder);
}

static inline void
try_end(void)
{
  const char *const argv[] = {"rm", "-rf", try_folder, NULL};
  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(try_folder);
}
