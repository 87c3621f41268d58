/* SPDX-License-Identifier: ISC */
/* Poison: an item that kills its worker is counted; a kill from outside never is. Each worker here is a child. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/schema.h"
#include "work/suspect.h"

static char *folder;

typedef void (*Fate)(void);

static SlDb *
open_store(void)
{
  g_autofree char *path = g_build_filename(folder, "slate.db", NULL);
  GError *error = NULL;
  SlDb *db = sl_store_open(path, FALSE, &error);
  g_assert_no_error(error);
  return db;
}

/* A worker begins, takes the item and meets its fate. Then the next one begins: what has it counted? */
static int
deaths_after(Fate fate, const char *key, int *out_signal)
{
  int status = 0, deaths = -1;
  pid_t child = fork();
  if (child == 0) {
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
    SlDb *db = open_store();
    if (!sl_suspect_init(db, folder, "intake", NULL))
      _exit(9);
    sl_suspect_enter("an innocent one", 60);
    sl_suspect_leave();
    sl_suspect_enter(key, 60);
    fate();
    sl_suspect_leave();
    _exit(0);
  }
  waitpid(child, &status, 0);
  *out_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  child = fork(); /* in a process of its own: a marker is one a process */
  if (child == 0) {
    SlDb *db = open_store();
    gboolean ok = sl_suspect_init(db, folder, "intake", NULL) && sl_suspect_count(db, key, &deaths, NULL);
    sl_db_free(db);
    _exit(ok ? deaths : 99);
  }
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

static void
abort_now(void)
{
  abort();
}

static void
divide(void)
{
  raise(SIGFPE);
}

static void
own_alarm(void)
{
  const struct itimerval soon = {.it_value = {0, 20000}};
  setitimer(ITIMER_REAL, &soon, NULL);
  pause();
}

static void
shot_from_outside(void) /* the signal of a wild pointer, but somebody else sent it */
{
  pid_t me = getpid();
  if (fork() == 0) {
    kill(me, SIGSEGV);
    _exit(0);
  }
  pause();
}

static void
wild_pointer(void)
{
  raise(SIGSEGV);
}

static void
killed(void)
{
  raise(SIGKILL);
}

static void
terminated(void)
{
  raise(SIGTERM);
}

static void
nothing(void)
{
}

static void
test_own_deaths(void)
{
  static const struct {
    Fate fate;
    const char *key;
    int signal, deaths;
  } rows[] = {
      {wild_pointer, "segv", SIGSEGV, 1}, {abort_now, "abrt", SIGABRT, 1},     {divide, "fpe", SIGFPE, 1},
      {own_alarm, "alrm", SIGALRM, 1},    {killed, "kill", SIGKILL, 0},        {terminated, "term", SIGTERM, 0},
      {shot_from_outside, "shot", SIGSEGV, 0},
      {nothing, "well", 0, 0},            {wild_pointer, "segv", SIGSEGV, 2},  {killed, "segv", SIGKILL, 2},
      {nothing, "segv", 0, 2},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    int got_signal = 0;
    int deaths = deaths_after(rows[i].fate, rows[i].key, &got_signal);
    if (got_signal != rows[i].signal || deaths != rows[i].deaths)
      g_error("row %u (%s): signal %d, deaths %d", i, rows[i].key, got_signal, deaths);
  }
  g_autoptr(SlDb) db = open_store();
  int deaths = -1;
  g_assert_true(sl_suspect_count(db, "an innocent one", &deaths, NULL));
  g_assert_cmpint(deaths, ==, 0);
}

/* A key longer than the marker, and one that would forge its verdict. */
static void
test_keys(void)
{
  int got_signal = 0;
  g_assert_cmpint(deaths_after(killed, "died\ndied\nx", &got_signal), ==, 0);
  g_autofree char *long_key = g_strnfill(400, 'k');
  g_assert_cmpint(deaths_after(wild_pointer, long_key, &got_signal), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-suspect-XXXXXX", NULL);
  g_autofree char *run = g_build_filename(folder, "run", NULL);
  g_assert_cmpint(g_mkdir_with_parents(run, 0755), ==, 0);
  sl_db_free(open_store());
  g_test_add_func("/work/suspect/only-its-own-deaths-count", test_own_deaths);
  g_test_add_func("/work/suspect/keys", test_keys);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
