/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/wall.h"
#include "store/outbox.h"
#include "store/raw.h"
#include "work/stages.h"
#include "work/suspect.h"

/* Longer than the hard deadline of an attempt, the ten minutes for the reply to the final dot included (RFC 5321 4.5.3.2.6). */
#define LEASE_USEC    (G_GINT64_CONSTANT(20) * 60 * 1000000)
#define SEND_ITEM_SEC (15 * 60)

struct SlSender {
  SlWork *work;
  GPtrArray *sinks; /* SlSink*, as configured: the first is tried first */
  guint current;
  char *owner;
  int owner_fd;     /* flock held while we live: proof of life for whoever would take our claims over */
  gint64 last_sent_boot;
};

void
sl_send_row_free(SlSendResultRow *row)
{
  if (!row)
    return;
  g_free(row->recipient);
  g_free(row->error);
  g_free(row);
}

/* ---- who owns a claim ---- */

static char *
owner_path(const SlWork *work, const char *owner)
{
  return g_build_filename(work->config->spool, "run", owner, NULL);
}

static gboolean
owner_alive(const char *owner, gpointer user)
{
  const SlSender *sender = user;
  g_autofree char *path = owner_path(sender->work, owner);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  gboolean alive = flock(fd, LOCK_EX | LOCK_NB) != 0;
  if (!alive)
    unlink(path);
  close(fd);
  return alive;
}

static gboolean
take_owner(SlSender *sender, GError **error)
{
  sender->owner = g_strdup_printf("send-%d-%" G_GINT64_FORMAT ".lock", (int)getpid(), sl_wall_boot_usec());
  g_autofree char *path = owner_path(sender->work, sender->owner);
  sender->owner_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (sender->owner_fd >= 0 && flock(sender->owner_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "cannot lock %s", path);
  return FALSE;
}

SlSender *
sl_sender_new(SlWork *work, int cancel_fd, GError **error)
{
  g_autoptr(SlSender) sender = g_new0(SlSender, 1);
  sender->work = work;
  sender->owner_fd = -1;
  sender->sinks = g_ptr_array_new_with_free_func((GDestroyNotify)sl_sink_free);
  if (!take_owner(sender, error))
    return NULL;
  for (guint i = 0; i < work->config->sinks->len; i++) {
    SlSink *sink = sl_sink_new(work->config->sinks->pdata[i], cancel_fd, error);
    if (!sink)
      return NULL;
    g_ptr_array_add(sender->sinks, sink);
    if (!sl_sink_open(sink, error))
      return NULL;
  }
  return g_steal_pointer(&sender);
}

void
sl_sender_free(SlSender *sender)
{
  if (!sender)
    return;
  if (sender->owner_fd >= 0) {
    g_autofree char *path = owner_path(sender->work, sender->owner);
    unlink(path);
    close(sender->owner_fd);
  }
  g_free(sender->owner);
  g_ptr_array_unref(sender->sinks);
  g_free(sender);
}

/* ---- one delivery ---- */

typedef struct {
  SlSender *sender;
  const SlClaim *claim;
  gint64 at;      /* how much of the bytes was read */
  gboolean marked;
  GError *error;  /* of the store, met inside a call back */
} Attempt;

static gssize
read_bytes(char *buffer, gsize size, gpointer user)
{
  Attempt *a = user;
  gsize length = 0;
  if (a->error || !sl_raw_read_at(a->sender->work->db, a->claim->sha256, a->at, buffer, size, &length, &a->error))
    return -1;
  a->at += (gint64)length;
  return (gssize)length;
}

/* The mark is committed just before the final dot: what comes after it may have been delivered, and the record says so. */
static gboolean
gate(gpointer user)
{
  Attempt *a = user;
  gboolean ok = FALSE;
  if (a->error || !sl_outbox_mark(a->sender->work->db, a->claim, &ok, &a->error))
    return FALSE;
  a->marked = ok;
  return ok;
}

static SlSink *
sink_of(SlSender *sender)
{
  return sender->sinks->pdata[sender->current];
}

static const SlSinkOptions *
options_of(SlSender *sender)
{
  return sender->work->config->sinks->pdata[sender->current];
}

static SlTime
next_try(const SlSinkOptions *options, int attempts, SlTime now)
{
  guint i = MIN((guint)MAX(attempts - 1, 0), options->retry_sec->len - 1);
  return now + g_array_index(options->retry_sec, gint64, i) * SL_SECOND;
}

/* Has it been tried for so long that a person must know? */
static gboolean
given_up(SlSender *sender, const SlClaim *claim, SlTime now, gboolean *out_up, GError **error)
{
  g_autoptr(SlLetterRow) letter = sl_outbox_get(sender->work->db, claim->letter, error);
  if (!letter)
    return FALSE;
  *out_up = now - letter->queued_at > options_of(sender)->give_up_sec * SL_SECOND;
  return TRUE;
}

/* The outcome and what it does to the ticket commit together. */
static gboolean
settle(SlSender *sender, const SlClaim *claim, gboolean accepted, const char *text, GError **error)
{
  SlWork *work = sender->work;
  gboolean changed = FALSE;
  SlStepResult step;
  SlStimulus stimulus = {.kind = SL_STIMULUS_DELIVERY,
                         .delivery = {claim->letter, claim->recipient, accepted, text}};
  if (!sl_db_begin(work->db, error))
    return FALSE;
  gboolean ok = accepted ? sl_outbox_sent(work->db, claim, sl_work_now(work), &changed, error)
                         : sl_outbox_failed(work->db, claim, text, &changed, error);
  gboolean concerns_ticket = !accepted || claim->kind == SL_LETTER_ACK; /* any other letter's arrival meets no promise */
  if (ok && changed && concerns_ticket) {
    ok = sl_step(work, &stimulus, NULL, TRUE, &step, error);
    if (ok)
      sl_step_result_clear(&step);
  }
  if (ok)
    return sl_db_commit(work->db, error);
  sl_db_rollback(work->db);
  return FALSE;
}

static SlSendResultRow *
row_new(const SlClaim *claim, const char *error)
{
  SlSendResultRow *row = g_new0(SlSendResultRow, 1);
  row->letter = claim->letter;
  row->recipient = g_strdup(claim->recipient);
  row->error = g_strdup(error);
  row->not_before = SL_TIME_NONE;
  return row;
}

static gboolean
put_off(SlSender *sender, const SlClaim *claim, const SlSendOutcome *outcome, SlSendResultRow *row, GError **error)
{
  SlTime now = sl_work_now(sender->work);
  gboolean up = FALSE;
  if (!given_up(sender, claim, now, &up, error))
    return FALSE;
  if (up && outcome->result == SL_DEFERRED) {
    row->what = SL_PASS_FAILED;
    return settle(sender, claim, FALSE, outcome->text, error);
  }
  row->what = SL_PASS_DEFERRED;
  row->not_before = next_try(options_of(sender), claim->attempts, now);
  return sl_outbox_deferred(sender->work->db, claim, outcome->text, row->not_before, outcome->result == SL_DOUBTFUL, error);
}

static gboolean
conclude(SlSender *sender, const SlClaim *claim, const SlSendOutcome *outcome, SlSendResultRow *row, GError **error)
{
  switch (outcome->result) {
  case SL_SENT:
    row->what = SL_PASS_SENT;
    g_clear_pointer(&row->error, g_free);
    return settle(sender, claim, TRUE, outcome->text, error);
  case SL_REFUSED:
    row->what = SL_PASS_FAILED;
    return settle(sender, claim, FALSE, outcome->text, error);
  case SL_DEFERRED:
  case SL_DOUBTFUL:
    return put_off(sender, claim, outcome, row, error);
  case SL_WITHHELD:
    row->what = SL_PASS_WITHHELD;
    return TRUE;
  }
  g_assert_not_reached();
}

/* A letter in doubt does not go over another road at once: its first server may still deliver it. */
static void
transmit(SlSender *sender, const SlClaim *claim, Attempt *attempt, SlSendOutcome *outcome)
{
  guint roads = claim->in_doubt ? 1 : sender->sinks->len;
  for (guint i = 0; i < roads; i++) {
    sl_send_outcome_clear(outcome);
    attempt->at = 0;
    sl_sink_send(sink_of(sender), claim->envelope_sender, claim->recipient, read_bytes, gate, attempt, outcome);
    if (outcome->result != SL_DEFERRED || !outcome->server || attempt->marked || i + 1 == roads)
      return;
    sender->current = (sender->current + 1) % sender->sinks->len;
  }
}

static gboolean
deliver(SlSender *sender, const SlClaim *claim, GPtrArray *rows, gboolean *out_server_down, GError **error)
{
  Attempt attempt = {.sender = sender, .claim = claim};
  SlSendOutcome outcome = {.result = SL_DEFERRED};
  sender->current = 0;
  transmit(sender, claim, &attempt, &outcome);
  SlSendResultRow *row = row_new(claim, outcome.text);
  gboolean ok = TRUE;
  if (attempt.error) {
    g_propagate_error(error, attempt.error);
    ok = FALSE;
  } else {
    ok = conclude(sender, claim, &outcome, row, error);
  }
  *out_server_down = outcome.server;
  if (rows)
    g_ptr_array_add(rows, row);
  else
    sl_send_row_free(row);
  sl_send_outcome_clear(&outcome);
  return ok;
}

/* What kills its worker twice is failed unsent, and a person is told. */
static gboolean
poisoned(SlSender *sender, const SlClaim *claim, const char *key, gboolean *out_yes, GError **error)
{
  int deaths = 0;
  if (!sl_suspect_count(sender->work->db, key, &deaths, error))
    return FALSE;
  *out_yes = deaths >= SL_SUSPECT_LIMIT;
  return !*out_yes || settle(sender, claim, FALSE, "sending it killed the sender twice", error);
}

static gboolean
send_one(SlSender *sender, const SlClaim *claim, GPtrArray *rows, gboolean *out_server_down, GError **error)
{
  g_autofree char *key = g_strdup_printf("letter %" G_GINT64_FORMAT, claim->letter);
  gboolean poison = FALSE;
  if (!poisoned(sender, claim, key, &poison, error))
    return FALSE;
  if (poison)
    return TRUE;
  sl_suspect_enter(key, SEND_ITEM_SEC);
  gboolean ok = deliver(sender, claim, rows, out_server_down, error);
  sl_suspect_leave();
  return ok;
}

/* Not faster than the server allows ("rate", mails a minute). */
static void
keep_rate(SlSender *sender)
{
  int rate = ((const SlSinkOptions *)sender->work->config->sinks->pdata[0])->rate;
  if (rate > 0 && sender->last_sent_boot) {
    gint64 wait = sender->last_sent_boot + 60 * G_USEC_PER_SEC / rate - sl_wall_boot_usec();
    if (wait > 0)
      g_usleep((gulong)MIN(wait, 60 * G_USEC_PER_SEC));
  }
  sender->last_sent_boot = sl_wall_boot_usec();
}

gboolean
sl_send_pass(SlSender *sender, SlBeat beat, gpointer user, GPtrArray *rows, GError **error)
{
  gboolean server_down = FALSE;
  while (!server_down && (!beat || beat(user))) {
    SlClaim claim = {0};
    gboolean found = FALSE;
    if (!sl_outbox_claim(sender->work->db, sender->owner, LEASE_USEC, sl_work_now(sender->work), owner_alive, sender, &claim,
                         &found, error))
      return FALSE;
    if (!found)
      return TRUE;
    keep_rate(sender);
    gboolean ok = send_one(sender, &claim, rows, &server_down, error);
    sl_claim_clear(&claim);
    if (!ok)
      return FALSE;
  }
  return TRUE;
}
