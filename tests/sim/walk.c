/* SPDX-License-Identifier: ISC */
/* A seeded random walk over everything that can happen to a ticket. SL_WALK_SEED, SL_WALK_STEPS and SL_WALK_EPOCH (only that one) come
 * from the environment; a walk that fails says with which it is walked again. */
#include "tests/sim/walk.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wall.h"
#include "mail/parse.h"
#include "tests/lib/folder.h"
#include "work/house.h"

#define STEPS       100000
#define EPOCH_STEPS 2500 /* a store of its own for each: so checking all of it stays cheap */
#define CHECK_EVERY 1000
#define MOST_SEEN   300
#define MOST_MAILS  50
#define TRAIL       15
#define MOST_PROCESSES 4 /* that walk at once */

/* ---- the world ---- */

#define CONF \
  "company = \"Poologics\"\n" \
  "from = \"Poologics Support <support@poologics.example>\"\n" \
  "subject_tag = \"[PL#{id}]\"\n" \
  "reply_key = \"file:%1$s/key\"\n" \
  "database = \"%1$s/slate.db\"\n" \
  "spool = \"%1$s/spool\"\n" \
  "smtp \"main\" { url = \"maildir://%1$s/out\" }\n" \
  "limits { acks_per_sender = 4  acks_to_strangers = 20 }\n" \
  "templates { dir = \"%1$s/templates\" }\n" \
  "client \"acme\" { name = \"Acme Pools Inc.\"  domains = { \"acme-pools.example\" } }\n" \
  "client \"blauwasser\" { name = \"Blauwasser GmbH\"  domains = { \"blauwasser.example\" }  timezone = \"Europe/Berlin\" }\n" \
  "agent \"ana\"  { mail = { \"ana@poologics.example\", \"ana@home.example\" }  roles = { agent } }\n" \
  "agent \"ben\"  { mail = { \"ben@poologics.example\" }  roles = { agent } }\n" \
  "agent \"chen\" { mail = { \"chen@poologics.example\" }  roles = { senior } }\n" \
  "agent \"dana\" { mail = { \"dana@poologics.example\" }  roles = { supervisor } }\n" \
  "agent \"pia\"  { mail = { \"pia@poologics.example\" }  roles = { product } }\n" \
  "rule \"filed\" { subject = { \"^filed\" }  set { action = file } }\n" \
  "rule \"ignored\" { subject = { \"^ignored\" }  set { action = ignore } }\n"

static void
write_file(const char *folder, const char *name, const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_error("%s", error->message);
}

/* Holidays around now, a few of a fortnight's days; and sometimes a window of maintenance. */
static void
add_dates(World *w, GString *text)
{
  g_string_append(text, "calendar \"default\" { timezone = \"America/New_York\"  hours = { \"mon-fri 08:00-18:00\" }  holidays = { ");
  const char *comma = "";
  for (int day = -4; w->number && day < 10; day++) {
    if (!chance(w, 15))
      continue;
    g_autofree char *date = sl_time_format_zone(world_now(w) + day * SL_DAY, NULL, "%F");
    g_string_append_printf(text, "%s\"%s A holiday\"", comma, date);
    comma = ", ";
  }
  g_string_append(text, " } }\n");
  if (!w->number || chance(w, 50))
    return;
  g_autofree char *from = sl_time_format_zone(world_now(w) + roll(w, 200) * SL_HOUR, NULL, "%F %R");
  g_autofree char *to = sl_time_format_zone(world_now(w) + 200 * SL_HOUR, NULL, "%F %R");
  g_string_append_printf(text, "maintenance \"window\" { from = \"%s\"  to = \"%s\"  timezone = \"UTC\"  announce = \"%ubd\" }\n", from, to,
                         1 + roll(w, 2));
}

static void
load_config(World *w)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  g_autofree char *replies = g_build_filename(w->folder, "templates", "replies", NULL);
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_printf(text, CONF, w->folder);
  add_dates(w, text);
  g_autofree char *path = g_build_filename(w->folder, "slate.conf", NULL);
  g_mkdir_with_parents(replies, 0700);
  write_file(replies, "thanks.txt", "Thank you for your patience.");
  write_file(w->folder, "key", "c2xhdGUgcmFuZG9tIHdhbGs6IGtleSBvZiAzMiBieXQ=\n"); /* the same walk makes the same addresses */
  write_file(w->folder, "slate.conf", text->str);
  w->config = sl_config_load(path, faults);
  if (!w->config)
    g_error("%s", ((SlConfigFault *)faults->pdata[0])->what);
}

static void
seen_free(gpointer seen)
{
  Seen *s = seen;
  g_free(s->to);
  g_free(s->reply_to);
  g_free(s->message_id);
  g_free(s->subject);
  g_free(s);
}

static void
string_free(gpointer string)
{
  g_string_free(string, TRUE);
}

static void
open_work(World *w, SlTime now)
{
  g_autoptr(GError) error = NULL;
  w->work = sl_work_open(w->config, now, FALSE, &error);
  if (!w->work || !sl_work_open_letters(w->work, &error) || !sl_db_script(w->work->db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -20000", &error))
    g_error("%s", error->message);
  check_begin(w);
}

void
world_reconfigure(World *w)
{
  g_autoptr(GError) error = NULL;
  SlConfig *old = w->config;
  SlTime now = world_now(w);
  load_config(w);
  sl_work_free(w->work);
  open_work(w, now);
  sl_config_free(old);
  if (!sl_house_settle(w->work, NULL, &error))
    fault(w, "the new configuration: %s", error->message);
}

World *
world_new(guint64 seed, guint epoch)
{
  const guint32 seeds[] = {(guint32)seed, (guint32)(seed >> 32), epoch};
  World *w = g_new0(World, 1);
  w->seed = seed;
  w->epoch = epoch;
  w->random = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
  w->folder = g_dir_make_tmp("slate-walk.XXXXXX", NULL);
  w->fd = memfd_create("mail", MFD_CLOEXEC);
  w->seen = g_ptr_array_new_with_free_func(seen_free);
  w->mails = g_ptr_array_new_with_free_func(string_free);
  w->facts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)sl_ticket_facts_free);
  w->tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  load_config(w);
  /* Some Monday morning, or in the weeks when clocks change. */
  static const char *const starts[] = {"2026-11-23T13:00:00Z", "2026-10-30T20:00:00Z", "2027-03-12T15:00:00Z", "2026-12-23T22:30:00Z"};
  SlTime now = 0;
  if (!sl_time_parse(starts[epoch % G_N_ELEMENTS(starts)], &now))
    g_error("no time");
  open_work(w, now);
  return w;
}

void
world_free(World *w)
{
  g_hash_table_unref(w->facts);
  sl_work_free(w->work);
  sl_config_free(w->config);
  if (g_getenv("SL_KEEP"))
    printf("# kept: %s\n", w->folder);
  else
    remove_folder(w->folder);
  close(w->fd);
  g_rand_free(w->random);
  g_ptr_array_unref(w->seen);
  g_ptr_array_unref(w->mails);
  g_array_unref(w->tickets);
  g_queue_clear_full(&w->trail, g_free);
  g_free(w->folder);
  g_free(w->fault);
  g_free(w);
}

guint
roll(World *w, guint n)
{
  return (guint)g_rand_int_range(w->random, 0, (gint32)n);
}

gboolean
chance(World *w, guint percent)
{
  return roll(w, 100) < percent;
}

SlTime
world_now(const World *w)
{
  return w->work->fixed_now;
}

void
say(World *w, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *at = sl_time_format(world_now(w));
  g_queue_push_tail(&w->trail, g_strdup_printf("%u %s %s", w->step, at, text));
  if (w->trail.length > TRAIL)
    g_free(g_queue_pop_head(&w->trail));
}

void
fault(World *w, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  char *all = w->fault ? g_strconcat(w->fault, "\n", text, NULL) : g_strdup(text);
  g_free(w->fault);
  w->fault = all;
}

/* Mostly a young one. */
gint64
any_ticket(World *w)
{
  guint n = w->tickets->len;
  if (n == 0)
    return 0;
  guint last = MIN(n, 25);
  return g_array_index(w->tickets, gint64, chance(w, 85) ? n - 1 - roll(w, last) : roll(w, n));
}

const Seen *
any_seen(World *w, SeenFits fits, gconstpointer user)
{
  for (guint tries = 0; tries < 40 && w->seen->len; tries++) {
    const Seen *seen = w->seen->pdata[roll(w, w->seen->len)];
    if (fits(seen, user))
      return seen;
  }
  return NULL;
}

/* ---- steps ---- */

/* What a command may answer; a mail, an alarm, a bundle or a delivery never fails. */
static gboolean
is_refusal(const SlStimulus *stimulus, const GError *error)
{
  return stimulus->kind == SL_STIMULUS_COMMAND &&
         (g_error_matches(error, SL_ERROR, SL_ERROR_USAGE) || g_error_matches(error, SL_ERROR, SL_ERROR_DENIED) ||
          g_error_matches(error, SL_ERROR, SL_ERROR_NOT_FOUND));
}

void
step(World *w, SlStimulus *stimulus, const SlStepMail *mail)
{
  SlStepResult result;
  g_autoptr(GError) error = NULL;
  if (sl_step(w->work, stimulus, mail, FALSE, &result, &error)) {
    w->outcomes[result.outcome]++;
    sl_step_result_clear(&result);
  } else if (is_refusal(stimulus, error)) {
    w->refusals++;
  } else {
    fault(w, "the step failed: %s", error->message);
  }
}

static SlOrigin
mail_step(World *w, const SlMail *mail, const SlStepMail *bytes, const char *recipient)
{
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL,
                         .mail = {.mail = mail, .received = world_now(w) - roll(w, 40) * SL_SECOND, .recipient = recipient, .channel = "mail"}};
  w->by_machine = mail->origin != SL_ORIGIN_PERSON;
  step(w, &stimulus, bytes);
  return mail->origin;
}

void
post_bytes(World *w, const char *bytes, gsize length, const char *recipient)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
  g_autofree char *source = g_strdup_printf("walk-%u-%u", w->step, w->number);
  if (ftruncate(w->fd, 0) != 0 || pwrite(w->fd, bytes, length, 0) != (ssize_t)length)
    g_error("the nameless file");
  g_autoptr(SlMail) mail = sl_mail_parse_fd(w->fd, 0, &w->config->mail, &error);
  if (!mail) {
    fault(w, "the mail cannot be parsed: %s", error->message);
    return;
  }
  const SlStepMail step_mail = {w->fd, 0, sha256, source};
  mail_step(w, mail, &step_mail, recipient);
}

static void
add(GString *text, const char *name, const char *value)
{
  if (value)
    g_string_append_printf(text, "%s: %s\n", name, value);
}

void
post(World *w, const Draft *d)
{
  GString *text = g_string_new(NULL);
  g_autofree char *id = g_strdup_printf("<w%u.%u@%s>", w->epoch, ++w->number, strrchr(d->from, '@') ? "mail.example" : "x");
  g_autofree char *date = sl_time_format_zone(world_now(w), NULL, "%a, %d %b %Y %H:%M:%S +0000");
  g_autofree char *reply = d->in_reply_to ? g_strdup_printf("<%s>", d->in_reply_to) : NULL;
  g_autofree char *references = d->references ? g_strdup_printf("<%s>", d->references) : NULL;
  add(text, "From", d->from);
  add(text, "To", d->to);
  add(text, "Cc", d->cc);
  add(text, "Subject", d->subject);
  add(text, "Message-ID", id);
  add(text, "Date", date);
  add(text, "In-Reply-To", reply);
  add(text, "References", references);
  if (d->extra)
    g_string_append_printf(text, "%s\n", d->extra);
  g_string_append_printf(text, "\n%s\n", d->body);
  say(w, "mail from %s to %s cc %s re %s: %s | %.120s", d->from, d->to, d->cc ? d->cc : "-", d->in_reply_to ? d->in_reply_to : "-",
      d->subject ? d->subject : "", d->body);
  post_bytes(w, text->str, text->len, d->recipient);
  g_ptr_array_add(w->mails, text);
  if (w->mails->len > MOST_MAILS)
    g_ptr_array_remove_index(w->mails, 0);
}

/* ---- the walk ---- */

static gboolean
walk_epoch(World *w, guint steps)
{
  for (w->step = 1; w->step <= steps && !w->fault; w->step++) {
    w->by_machine = FALSE;
    something_happens(w);
    check_step(w);
    if (!w->fault && w->step % CHECK_EVERY == 0)
      check_all(w, FALSE);
    while (w->seen->len > MOST_SEEN)
      g_ptr_array_remove_index(w->seen, 0);
  }
  if (!w->fault)
    check_all(w, TRUE);
  return w->fault == NULL;
}

static void
print_failure(const World *w)
{
  g_auto(GStrv) lines = g_strsplit(w->fault, "\n", -1);
  printf("# walked with SL_WALK_SEED=%" G_GUINT64_FORMAT " SL_WALK_EPOCH=%u, failed in step %u:\n", w->seed, w->epoch, w->step - 1);
  for (guint i = 0; lines[i]; i++)
    printf("#   %s\n", lines[i]);
  printf("# the last stimuli:\n");
  for (GList *l = w->trail.head; l; l = l->next) {
    g_autofree char *line = g_strescape(l->data, "\"");
    printf("#   %s\n", line);
  }
}

static guint64
number_of(const char *name, guint64 otherwise)
{
  const char *text = g_getenv(name);
  return text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void
add_figures(World *sum, const World *w)
{
  for (guint i = 0; i <= SL_OUTCOME_NONE; i++)
    sum->outcomes[i] += w->outcomes[i];
  sum->refusals += w->refusals;
  sum->alarms += w->alarms;
  sum->bundles += w->bundles;
  sum->deliveries += w->deliveries;
}

static void
print_figures(const World *sum, gint64 usec, guint64 steps)
{
  printf("# %.1f s, %.0f us a step;", (double)usec / 1e6, (double)usec / (double)MAX(1, steps));
  for (guint i = 0; i < SL_OUTCOME_NONE; i++) {
    if (sum->outcomes[i])
      printf(" %s %u", sl_outcome_word((SlOutcome)i), sum->outcomes[i]);
  }
  printf("; refused commands %u, alarms %u, bundles %u, deliveries %u\n", sum->refusals, sum->alarms, sum->bundles, sum->deliveries);
}

/* One of several processes: every so many epochs are its own. */
static int
walk_share(guint64 seed, guint64 steps, guint64 first, guint64 every)
{
  World sum = {0};
  guint64 walked = 0;
  gint64 started = sl_wall_boot_usec();
  gboolean ok = TRUE;
  for (guint64 e = first; ok && e * EPOCH_STEPS < steps; e += every) {
    guint n = (guint)MIN(EPOCH_STEPS, steps - e * EPOCH_STEPS);
    World *w = world_new(seed, (guint)e);
    ok = walk_epoch(w, n);
    if (!ok)
      print_failure(w);
    add_figures(&sum, w);
    walked += n;
    world_free(w);
  }
  print_figures(&sum, sl_wall_boot_usec() - started, walked);
  fflush(stdout);
  return ok ? 0 : 1;
}

static gboolean
walk_all(guint64 seed, guint64 steps)
{
  guint processes = MIN(g_get_num_processors(), MOST_PROCESSES);
  gboolean ok = TRUE;
  fflush(stdout);
  for (guint i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child < 0)
      g_error("fork");
    if (child == 0)
      _exit(walk_share(seed, steps, i, processes));
  }
  for (guint i = 0; i < processes; i++) {
    int status = 0;
    ok &= wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  return ok;
}

int
main(void)
{
  setlocale(LC_ALL, "");
  guint64 seed = number_of("SL_WALK_SEED", 20261124);
  guint64 steps = number_of("SL_WALK_STEPS", STEPS);
  guint64 only = number_of("SL_WALK_EPOCH", G_MAXUINT64);
  printf("# seed %" G_GUINT64_FORMAT "\n1..1\n", seed);
  gboolean ok = only == G_MAXUINT64 ? walk_all(seed, steps) : walk_share(seed, (only + 1) * EPOCH_STEPS, only, steps) == 0;
  printf("%s 1 - a random walk leaves every promise kept\n", ok ? "ok" : "not ok");
  return ok ? 0 : 1;
}
