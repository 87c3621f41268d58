/* SPDX-License-Identifier: ISC */
/* replay PATH…: runs every fuzz target over every file, folders recursively. Speaks TAP, a line a target. A finding
 * aborts, a hang is ended by SIGALRM; with SL_VERBOSE each file is named on standard error before it is read. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/targets.h"

#define DEADLINE_SEC 20 /* of one file in one target: a hang is a finding too */

static void
collect(const char *path, GPtrArray *files)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  if (!dir && g_file_test(path, G_FILE_TEST_IS_REGULAR))
    g_ptr_array_add(files, g_strdup(path));
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    collect(child, files);
  }
}

static void
run_file(const SlFuzzTarget *target, const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;
  if (!g_file_get_contents(path, &bytes, &length, NULL))
    return;
  if (g_getenv("SL_VERBOSE"))
    fprintf(stderr, "# %s %s\n", target->name, path);
  alarm(DEADLINE_SEC);
  target->run((const guint8 *)bytes, length);
  alarm(0);
}

int
main(int argc, char **argv)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  for (int i = 1; i < argc; i++)
    collect(argv[i], files);
  for (guint t = 0; t < sl_fuzz_targets_n; t++) {
    for (guint i = 0; i < files->len; i++)
      run_file(&sl_fuzz_targets[t], files->pdata[i]);
    printf("ok %u - %s reads %u files\n", t + 1, sl_fuzz_targets[t].name, files->len);
    fflush(stdout);
  }
  printf("1..%u\n", sl_fuzz_targets_n);
  return 0;
}
