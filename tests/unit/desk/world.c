/* SPDX-License-Identifier: ISC */
#include "world.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/events.h"
#include "store/mails.h"
#include "store/raw.h"
#include "store/tickets.h"
#include "../../lib/folder.h"

#define MOST_TICKS 5000

/* ---- making and unmaking ---- */

static void
copy_file(const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(from, &bytes, &length, &error) || !g_file_set_contents_full(to, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_error("%s", error->message);
}

static SlConfig *
load_config(const char *folder, const char *more)
{
  g_autofree char *template_path = g_test_build_filename(G_TEST_DIST, "tests", "data", "desk", "slate.conf", NULL);
  g_autofree char *path = g_build_filename(folder, "slate.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func((GDestroyNotify)sl_config_fault_free);
  gboolean read = g_file_get_contents(template_path, &text, NULL, NULL);
  g_assert_true(read);
  g_autoptr(GString) whole = g_string_new(text);
  g_string_append(whole, more ? more : "");
  g_string_replace(whole, "@FOLDER@", folder, 0);
  gboolean written = g_file_set_contents(path, whole->str, -1, NULL);
  g_assert_true(written);
  SlConfig *config = sl_config_load(path, faults);
  for (guint i = 0; !config && i < faults->len; i++) {
    g_autofree char *fault = sl_config_fault_text(faults->pdata[i]);
    g_printerr("%s\n", fault);
  }
  g_assert_nonnull(config);
  return config;
}

static void
make_saved_reply(const char *folder)
{
  g_autofree char *replies = g_build_filename(folder, "templates", "replies", NULL);
  g_autofree char *path = g_build_filename(replies, "cache.txt", NULL);
  int made = g_mkdir_with_parents(replies, 0700);
  g_assert_cmpint(made, ==, 0);
  gboolean written = g_file_set_contents(path, "Please empty your browser's cache.\n", -1, NULL);
  g_assert_true(written);
}

static void
copy_world(const char *from, const char *to)
{
  static const char *const files[] = {"slate.db", "reply.key"};
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *source = g_build_filename(from, files[i], NULL);
    g_autofree char *target = g_build_filename(to, files[i], NULL);
    copy_file(source, target);
  }
}

/* In memory where that is possible: nothing here outlives the test. */
static char *
make_folder(void)
{
  g_autoptr(GError) error = NULL;
  char *quick = g_strdup("/dev/shm/slate-desk.XXXXXX");
  if (g_mkdtemp(quick))
    return quick;
  g_free(quick);
  char *folder = g_dir_make_tmp("slate-desk.XXXXXX", &error);
  g_assert_no_error(error);
  return folder;
}

static void
open_work(World *world)
{
  g_autoptr(GError) error = NULL;
  world->config = load_config(world->folder, world->more);
  world->work = sl_work_open(world->config, world->now, FALSE, &error);
  g_assert_no_error(error);
  gboolean quick = sl_db_script(world->work->db, "PRAGMA synchronous = OFF", &error);
  g_assert_no_error(error);
  g_assert_true(quick);
  gboolean letters = sl_work_open_letters(world->work, &error);
  g_assert_no_error(error);
  g_assert_true(letters);
}

World *
world_new(const char *like, const char *more, SlTime now)
{
  World *world = g_new0(World, 1);
  world->folder = make_folder();
  make_saved_reply(world->folder);
  if (like)
    copy_world(like, world->folder);
  world->now = now;
  world->more = g_strdup(more ? more : "");
  open_work(world);
  world->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  return world;
}

gboolean
world_configure(World *world, const char *was, const char *says)
{
  g_autoptr(GString) more = g_string_new(world->more);
  if (!was)
    g_string_append_printf(more, "%s\n", says);
  else if (g_string_replace(more, was, says, 1) == 0)
    return FALSE;
  g_free(world->more);
  world->more = g_string_free(g_steal_pointer(&more), FALSE);
  world_rest(world);
  sl_config_free(world->config);
  open_work(world);
  return TRUE;
}

void
world_rest(World *world)
{
  g_clear_pointer(&world->work, sl_work_free);
}

void
world_free(World *world)
{
  sl_step_result_clear(&world->last);
  g_clear_error(&world->refusal);
  world_rest(world);
  sl_config_free(world->config);
  remove_folder(world->folder);
  g_hash_table_unref(world->seen);
  g_free(world->refused_address);
  g_free(world->more);
  g_free(world->folder);
  g_free(world);
}

/* ---- what leaves ---- */

static gboolean
nobody_lives(const char *owner, gpointer user)
{
  (void)owner;
  (void)user;
  return FALSE;
}

/* The outcome and what it does to the ticket commit together, as the sender does it. */
static void
settle(World *world, const SlClaim *claim, gboolean accepted)
{
  g_autoptr(GError) error = NULL;
  gboolean changed = FALSE;
  SlStepResult step;
  SlStimulus stimulus = {.kind = SL_STIMULUS_DELIVERY,
                         .delivery = {claim->letter, claim->recipient, accepted, accepted ? "250 2.0.0 ok" : "550 5.1.1 no such user"}};
  gboolean ok = sl_db_begin(world->work->db, &error) &&
                (accepted ? sl_outbox_sent(world->work->db, claim, world->now, &changed, &error)
                          : sl_outbox_failed(world->work->db, claim, stimulus.delivery.text, &changed, &error));
  if (ok && changed) {
    ok = sl_step(world->work, &stimulus, NULL, TRUE, &step, &error);
    if (ok)
      sl_step_result_clear(&step);
  }
  ok = ok && sl_db_commit(world->work->db, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

void
world_post(World *world)
{
  gboolean found = !world->server_down && !world->asleep;
  while (found) {
    g_autoptr(GError) error = NULL;
    SlClaim claim = {0};
    gboolean marked = FALSE;
    gboolean ok = sl_outbox_claim(world->work->db, "story", 3600 * G_GINT64_CONSTANT(1000000), world->now, nobody_lives, NULL, &claim, &found, &error);
    if (ok && found)
      ok = sl_outbox_mark(world->work->db, &claim, &marked, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    if (marked)
      settle(world, &claim, !world->refused_address || !sl_address_equal(world->refused_address, claim.recipient));
    sl_claim_clear(&claim);
  }
}

static void
set_now(World *world, SlTime now)
{
  world->now = MAX(world->now, now);
  world->work->fixed_now = world->now;
}

static SlTime
next_moment(World *world)
{
  g_autoptr(GError) error = NULL;
  SlTime alarm = SL_TIME_NONE, letter = SL_TIME_NONE;
  gboolean ok = sl_tick_next(world->work, &alarm, &error) && sl_outbox_next(world->work->db, &letter, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  return world->server_down ? alarm : sl_time_earlier(alarm, letter);
}

void
world_run_until(World *world, SlTime to)
{
  for (int i = 0; i < MOST_TICKS; i++) {
    g_autoptr(GError) error = NULL;
    SlTickResult result;
    SlTime next = next_moment(world);
    if (next == SL_TIME_NONE || next > to || world->asleep) {
      set_now(world, to);
      return;
    }
    set_now(world, next);
    gboolean ok = sl_tick_pass(world->work, NULL, NULL, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    sl_tick_result_clear(&result);
    world_post(world);
  }
  g_error("time does not go on: %d ticks", MOST_TICKS);
}

/* ---- what comes in ---- */

static void
forget_last(World *world)
{
  sl_step_result_clear(&world->last);
  world->last = (SlStepResult){.outcome = SL_OUTCOME_NONE};
  g_clear_error(&world->refusal);
}

void
world_mail(World *world, const char *bytes, const char *recipient, gboolean old, gboolean *out_forward)
{
  g_autoptr(GError) error = NULL;
  gsize length = strlen(bytes);
  g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
  g_autofree char *source = g_strdup_printf("story%u", world->mails);
  int fd = memfd_create("mail", 0);
  gssize written = write(fd, bytes, length);
  g_assert_cmpint(written, ==, (gssize)length);
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(bytes, length, &world->config->mail, &error);
  g_assert_no_error(error);
  SlStepMail raw = {fd, 0, sha256, source};
  SlStimulus stimulus = {.kind = SL_STIMULUS_MAIL, .mail = {.mail = mail, .received = world->now, .recipient = recipient, .old = old}};
  forget_last(world);
  world->by_command = FALSE;
  if (out_forward)
    *out_forward = mail->forwarded != NULL;
  gboolean ok = sl_step(world->work, &stimulus, &raw, FALSE, &world->last, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  close(fd);
  world_post(world);
}

void
world_command(World *world, const char *actor, SlCommand *command)
{
  SlStimulus stimulus = {.kind = SL_STIMULUS_COMMAND, .actor = actor, .command = *command};
  forget_last(world);
  world->by_command = TRUE;
  gboolean ok = sl_step(world->work, &stimulus, NULL, FALSE, &world->last, &world->refusal);
  g_assert_true(ok == (world->refusal == NULL));
  world_post(world);
}

void
world_release(World *world, gint64 mail)
{
  forget_last(world);
  world->by_command = TRUE;
  gboolean ok = sl_step_release(world->work, mail, "cli:root", FALSE, &world->last, &world->refusal);
  g_assert_true(ok == (world->refusal == NULL));
  world_post(world);
}

/* ---- what can be read ---- */

void
letter_free(Letter *letter)
{
  if (!letter)
    return;
  char *const strings[] = {letter->kind, letter->subject, letter->text, letter->reply_to, letter->message_id, letter->state};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_ptr_array_unref(letter->to);
  g_ptr_array_unref(letter->cc);
  g_free(letter);
}

static Letter *
read_letter(World *world, const SlLetterRow *row)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = sl_raw_get(world->work->db, row->sha256, 1 << 24, &error);
  g_assert_no_error(error);
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(data, length, &world->config->mail, &error);
  g_assert_no_error(error);
  Letter *letter = g_new0(Letter, 1);
  letter->id = row->id;
  letter->kind = g_strdup(row->kind);
  letter->to = g_ptr_array_ref(row->to);
  letter->cc = g_ptr_array_ref(row->cc);
  letter->subject = g_strdup(row->subject);
  letter->text = g_strdup(mail->text);
  letter->reply_to = g_strdup(mail->reply_to->len ? ((const SlMailbox *)mail->reply_to->pdata[0])->address : "support@poologics.example");
  letter->message_id = g_strdup(row->message_id);
  letter->state = g_strdup(sl_delivery_word(row->state));
  letter->queued_at = row->queued_at;
  letter->not_before = row->not_before;
  return letter;
}

static gboolean
is_to(const SlLetterRow *row, const char *address)
{
  for (guint i = 0; i < row->to->len; i++) {
    if (sl_address_equal(row->to->pdata[i], address))
      return TRUE;
  }
  return FALSE;
}

static GPtrArray *
letter_rows(World *world)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *rows = sl_outbox_list(world->work->db, 0, &error);
  g_assert_no_error(error);
  return rows;
}

Letter *
world_letter(World *world, const char *kind, const char *address, gboolean unseen)
{
  g_autoptr(GPtrArray) rows = letter_rows(world);
  for (guint i = rows->len; i > 0; i--) {
    const SlLetterRow *row = rows->pdata[i - 1];
    if ((kind && strcmp(row->kind, kind) != 0) || !is_to(row, address) || (unseen && g_hash_table_contains(world->seen, &row->id)))
      continue;
    return read_letter(world, row);
  }
  return NULL;
}

GPtrArray *
world_letters(World *world)
{
  g_autoptr(GPtrArray) rows = letter_rows(world);
  GPtrArray *letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add(letters, read_letter(world, rows->pdata[i]));
  return letters;
}

SlTicketFacts *
world_ticket(World *world, gint64 id)
{
  return sl_gather_ticket(world->work, id, world->now, NULL);
}

/* ---- what must hold ---- */

static void
check_ticket(World *world, gint64 id, GPtrArray *faults)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = sl_events_load(world->work->db, id, &error);
  g_assert_no_error(error);
  SlTime then = ((const SlEvent *)events->pdata[events->len - 1])->at;
  SlTicketFacts *facts = sl_gather_ticket(world->work, id, then, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) alarms = sl_gather_alarms(facts, then);
  gboolean ok = sl_tickets_compare(world->work->db, facts->ticket, facts->clocks, alarms, faults, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  sl_ticket_facts_free(facts);
}

static gboolean
is_command_line(const char *line)
{
  SlVerb verb;
  gsize n = 0;
  if (*line != '/')
    return FALSE;
  while (g_ascii_isalpha(line[1 + n]))
    n++;
  g_autofree char *word = g_strndup(line + 1, n);
  return (!line[1 + n] || g_ascii_isspace(line[1 + n])) && sl_verb_parse(word, &verb);
}

/* Promise 7: a mail with a command in it never reaches the customer as such. */
static void
check_letter(World *world, const Letter *letter, GPtrArray *faults)
{
  if (!sl_policy_is_outsider(world->config->policy, letter->to->pdata[0]))
    return;
  g_auto(GStrv) lines = g_strsplit(letter->text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (is_command_line(lines[i]))
      g_ptr_array_add(faults, g_strdup_printf("the %s to %s holds a command: %s", letter->kind, (char *)letter->to->pdata[0], lines[i]));
  }
}

void
world_check(World *world, GPtrArray *out_faults)
{
  g_autoptr(GError) error = NULL;
  gint64 events = 0;
  gboolean ok = sl_events_verify(world->work->db, 0, out_faults, &events, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  g_autoptr(GArray) ids = sl_tickets_ids(world->work->db, &error);
  for (guint i = 0; i < ids->len; i++)
    check_ticket(world, g_array_index(ids, gint64, i), out_faults);
  g_autoptr(GPtrArray) letters = world_letters(world);
  for (guint i = 0; i < letters->len; i++)
    check_letter(world, letters->pdata[i], out_faults);
}
