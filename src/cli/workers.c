/* SPDX-License-Identifier: ISC */
/* Commands that a worker program does: fetch, send, tick, next, probe, ingest, parse, import. It is exec'ed with the same options. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/locate.h"

static const struct {
  const char *command, *program, *option;
  gboolean configured;
} programs[] = {
    {"fetch", "slate-fetch", NULL, TRUE},  {"send", "slate-send", NULL, TRUE},      {"tick", "slate-tick", NULL, TRUE},
    {"next", "slate-tick", "--next", TRUE}, {"probe", "slate-probe", NULL, TRUE},
    {"parse", "slate-intake", "--parse", FALSE},
    {"import", "slate-intake", "--import", TRUE},
};

int
sl_cmd_worker(SlCli *cli, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) args = g_ptr_array_new_with_free_func(g_free);
  guint i = 0;
  while (i < G_N_ELEMENTS(programs) && strcmp(programs[i].command, argv[0]) != 0)
    i++;
  g_assert(i < G_N_ELEMENTS(programs));
  g_autofree char *path = sl_locate(programs[i].program);
  g_autofree char *now = sl_time_format(cli->now);
  const char *const fixed[] = {path, programs[i].option, cli->json ? "--json" : NULL, cli->quiet ? "--quiet" : NULL,
                               cli->verbose ? "--verbose" : NULL, cli->no_letters ? "--no-letters" : NULL,
                               cli->mailbox ? "--mailbox" : NULL, cli->mailbox};
  for (guint j = 0; j < G_N_ELEMENTS(fixed); j++) {
    if (fixed[j])
      g_ptr_array_add(args, g_strdup(fixed[j]));
  }
  if (programs[i].configured) {
    g_ptr_array_add(args, g_strdup("-c"));
    g_ptr_array_add(args, g_strdup(cli->config_path));
  }
  if (now) {
    g_ptr_array_add(args, g_strdup("--now"));
    g_ptr_array_add(args, g_strdup(now));
  }
  g_ptr_array_add(args, g_strdup("--"));
  for (int j = 1; j < argc; j++)
    g_ptr_array_add(args, g_strdup(argv[j]));
  g_ptr_array_add(args, NULL);
  execv(path, (char **)args->pdata);
  g_set_error(error, SL_ERROR, SL_ERROR_BUG, "%s: %s", path, g_strerror(errno));
  return -1;
}
