/* SPDX-License-Identifier: ISC */
/* year CONF SCENARIO: plays a year against the real program under virtual time, and prints each letter that arrived: its second, kind,
 * recipient, tickets, and the level of an alarm. year-scenario.py writes the scenario and says what its columns are. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/outbox.h"
#include "tests/lib/folder.h"
#include "tests/sim/year.h"

#define COLUMNS    7
#define MOST_AGAIN 5 /* ticks within one second */

void
fail(const World *w, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *at = w->work ? sl_time_format(world_now(w)) : g_strdup("at the beginning");
  fprintf(stderr, "year: %s: %s\n", at, text);
  exit(1);
}

SlTime
world_now(const World *w)
{
  return w->work->fixed_now;
}

/* ---- the world ---- */

static char *
read_text(const World *w, const char *path)
{
  char *text = NULL;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(path, &text, NULL, &error))
    fail(w, "%s", error->message);
  return text;
}

static void
load_config(World *w, const char *template)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = read_text(w, template);
  g_autofree char *path = g_build_filename(w->folder, "slate.conf", NULL);
  g_autoptr(GString) conf = g_string_new(text);
  g_string_replace(conf, "@FOLDER@", w->folder, 0);
  if (!g_file_set_contents(path, conf->str, -1, &error))
    fail(w, "%s", error->message);
  w->config = sl_config_load(path, faults);
  if (!w->config)
    fail(w, "%s", ((SlConfigFault *)faults->pdata[0])->what);
}

static void
open_work(World *w, SlTime now)
{
  static const char fast[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;"
                             " PRAGMA temp_store = MEMORY; PRAGMA cache_size = -100000";
  g_autoptr(GError) error = NULL;
  g_autofree char *run = g_build_filename(w->config->spool, "run", NULL);
  g_mkdir_with_parents(run, 0700);
  w->work = sl_work_open(w->config, now, FALSE, &error);
  if (!w->work || !sl_work_open_letters(w->work, &error) || !sl_db_script(w->work->db, fast, &error))
    fail(w, "%s", error->message);
  disk_is_patient();
  w->sender = sl_sender_new(w->work, -1, &error);
  if (!w->sender)
    fail(w, "%s", error->message);
}

static void
letter_free(gpointer letter)
{
  Letter *l = letter;
  g_free(l->reply_to);
  g_free(l->message_id);
  g_free(l->subject);
  g_free(l);
}

static void
talk_free(gpointer talk)
{
  Talk *t = talk;
  g_free(t->name);
  g_free(t->customer);
  g_hash_table_unref(t->held);
  g_hash_table_unref(t->returns);
  g_free(t);
}

Talk *
talk_of(World *w, const char *name)
{
  Talk *talk = g_hash_table_lookup(w->talks, name);
  if (!talk) {
    talk = g_new0(Talk, 1);
    talk->name = g_strdup(name);
    talk->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, letter_free);
    talk->returns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, letter_free);
    g_hash_table_insert(w->talks, talk->name, talk);
  }
  return talk;
}

/* The second ticket of a talk is called t00017', as the model calls it. */
void
talk_gets_ticket(World *w, Talk *talk, gint64 ticket)
{
  if (talk->ticket == ticket)
    return;
  GString *label = g_string_new(talk->name);
  for (guint i = 0; i < talk->tickets; i++)
    g_string_append_c(label, '\'');
  talk->ticket = ticket;
  talk->tickets++;
  g_hash_table_insert(w->labels, g_memdup2(&ticket, sizeof ticket), g_string_free(label, FALSE));
  g_hash_table_insert(w->by_ticket, g_memdup2(&ticket, sizeof ticket), talk);
}

static void
world_init(World *w, const char *conf, SlTime now)
{
  w->out = stdout;
  w->up_at = now;
  w->folder = g_dir_make_tmp("slate-year.XXXXXX", NULL);
  w->maildir = g_build_filename(w->folder, "out", "new", NULL);
  w->fd = memfd_create("mail", MFD_CLOEXEC);
  w->talks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, talk_free);
  w->labels = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  w->by_ticket = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  w->arrived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  load_config(w, conf);
  open_work(w, now);
}

static void
world_clear(World *w)
{
  sl_sender_free(w->sender);
  sl_work_free(w->work);
  sl_config_free(w->config);
  if (g_getenv("SL_KEEP"))
    fprintf(stderr, "# kept: %s\n", w->folder);
  else
    remove_folder(w->folder);
  close(w->fd);
  g_hash_table_unref(w->by_ticket);
  g_hash_table_unref(w->talks);
  g_hash_table_unref(w->labels);
  g_hash_table_unref(w->arrived);
  g_free(w->folder);
  g_free(w->maildir);
}

/* ---- time ---- */

/* *out_send: then a letter that was held back may leave. */
static SlTime
next_instant(const World *w, gboolean *out_send)
{
  SlTime tick = SL_TIME_NONE, send = SL_TIME_NONE;
  g_autoptr(GError) error = NULL;
  if (!sl_tick_next(w->work, &tick, &error) || !sl_outbox_next(w->work->db, &send, &error))
    fail(w, "%s", error->message);
  *out_send = send != SL_TIME_NONE && (tick == SL_TIME_NONE || send <= tick);
  return sl_time_earlier(tick, send);
}

static void
tick(World *w)
{
  SlTickResult result;
  g_autoptr(GError) error = NULL;
  if (!sl_tick_pass(w->work, NULL, NULL, &result, &error))
    fail(w, "%s", error->message);
  w->queued += result.letters;
  sl_tick_result_clear(&result);
}

/* From alarm to alarm, each at its own second; what came due while the daemon was down, when it is up again. What a stimulus made
 * due in hindsight comes at once, and may bring more; but not for ever. */
static void
time_goes_on(World *w, SlTime until)
{
  guint again = 0;
  gboolean send = FALSE;
  for (SlTime at = next_instant(w, &send); at != SL_TIME_NONE; at = next_instant(w, &send)) {
    SlTime now = MAX(MAX(at, w->up_at), world_now(w));
    if (now > until)
      return;
    again = now == world_now(w) ? again + 1 : 0;
    if (again > MOST_AGAIN)
      fail(w, "something is due still after its tick");
    w->work->fixed_now = now;
    w->queued += send;
    tick(w);
    post_goes(w);
  }
}

/* ---- the scenario ---- */

static gboolean
read_line(const World *w, char *text, Line *out)
{
  char *field[COLUMNS] = {NULL};
  if (*text == '#' || !*text)
    return FALSE;
  for (int i = 0; i < COLUMNS && text; i++) {
    field[i] = text;
    text = strchr(text, '\t');
    if (text)
      *text++ = '\0';
  }
  *out = (Line){.way = field[1], .who = field[2], .what = field[3], .talk = field[4], .detail = field[5], .until = SL_TIME_NONE};
  if (!field[COLUMNS - 1] || !sl_time_parse(field[0], &out->at) || (*field[6] && !sl_time_parse(field[6], &out->until)))
    fail(w, "the scenario has a line that cannot be read: %s", field[0]);
  return TRUE;
}

/* What people do comes first in its second: what is met then is met. */
static void
play_line(World *w, const Line *line)
{
  if (line->at > w->up_at)
    time_goes_on(w, line->at - SL_SECOND);
  w->work->fixed_now = MAX(line->at, w->up_at);
  if (strcmp(line->what, "down") == 0)
    w->up_at = line->until;
  else if (strcmp(line->what, "end") != 0)
    line_happens(w, line);
  post_goes(w);
}

static void
play(World *w, char *scenario, const char *conf)
{
  char *rest = scenario;
  Line line;
  for (char *text = strsep(&rest, "\n"); text; text = strsep(&rest, "\n")) {
    if (!read_line(w, text, &line))
      continue;
    if (!w->work)
      world_init(w, conf, line.at);
    play_line(w, &line);
  }
  time_goes_on(w, world_now(w));
}

int
main(int argc, char **argv)
{
  World w = {0};
  setlocale(LC_ALL, "C.UTF-8");
  if (argc != 3) {
    fprintf(stderr, "usage: year CONF SCENARIO\n");
    return 64;
  }
  g_autofree char *scenario = read_text(&w, argv[2]);
  play(&w, scenario, argv[1]);
  if (!w.work)
    fail(&w, "the scenario is empty");
  post_check(&w);
  fprintf(stderr, "# %u mails, %u letters, %u refused\n", w.mails, g_hash_table_size(w.arrived), w.refused);
  world_clear(&w);
  return 0;
}
