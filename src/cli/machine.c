/* SPDX-License-Identifier: ISC */
/* The machine room: outbox, quarantine, held, audit, db. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/table.h"
#include "config/scan.h"
#include "store/events.h"
#include "store/mails.h"
#include "store/raw.h"
#include "store/schema.h"
#include "work/spool.h"
#include "work/wake.h"

/* The number behind `held show`, say; `what` it is the number of. */
static gboolean
read_id(char **argv, const char *text, const char *what, gint64 *out_id, GError **error)
{
  if (text && g_ascii_string_to_signed(text + (*text == 'm' || *text == 'l'), 10, 1, G_MAXINT64, out_id, NULL))
    return TRUE;
  if (text)
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s %s %s: a %s's number is wanted, as %s list has it", argv[0], argv[1], text, what, argv[0]);
  else
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s %s: which %s? Its number is wanted, as %s list has it", argv[0], argv[1], what, argv[0]);
  return FALSE;
}

static gboolean
check_action(char **argv, const char *const *actions, GError **error)
{
  g_autofree char *known = g_strjoinv(", ", (char **)actions);
  if (g_strv_contains(actions, argv[1]))
    return TRUE;
  const char *near = sl_suggest(argv[1], actions);
  g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "%s %s: list, or one of %s with a number is wanted%s%s%s", argv[0], argv[1], known,
              near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
  return FALSE;
}

static gboolean
write_chunk(gconstpointer bytes, gsize length, gpointer user, GError **error)
{
  if (fwrite(bytes, 1, length, user) == length)
    return TRUE;
  g_set_error_literal(error, SL_ERROR, SL_ERROR_CREATE, "cannot write");
  return FALSE;
}

/* ---- outbox ---- */

static int
outbox_list(SlCli *cli, GError **error)
{
  static const char *const columns[] = {"ID", "STATE", "KIND", "TICKET", "TO", "SUBJECT", NULL};
  g_autoptr(GPtrArray) letters = sl_outbox_list(cli->work->db, 0, error);
  if (!letters)
    return -1;
  SlJson *array = sl_json_array();
  SlTable *table = sl_table_new(columns, cli->plain);
  for (guint i = 0; i < letters->len; i++) {
    const SlLetterRow *l = letters->pdata[i];
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, l->id);
    g_autofree char *ticket = l->ticket ? g_strdup_printf("%" G_GINT64_FORMAT, l->ticket) : NULL;
    const char *const cells[] = {id, sl_delivery_word(l->state), l->kind, ticket, l->to->pdata[0], l->subject};
    sl_table_add(table, cells);
    sl_json_add_take(array, sl_letter_json(l));
  }
  sl_cli_print_list(cli, "letters", array, table);
  return 0;
}

static int
outbox_show(SlCli *cli, gint64 id, GError **error)
{
  g_autoptr(SlLetterRow) letter = sl_outbox_get(cli->work->db, id, error);
  return letter && sl_raw_read(cli->work->db, letter->sha256, write_chunk, stdout, error) ? 0 : -1;
}

int
sl_cmd_outbox(SlCli *cli, int argc, char **argv, GError **error)
{
  static const struct {
    const char *word;
    SlDeliveryState to;
  } moves[] = {{"retry", SL_DELIVERY_QUEUED}, {"hold", SL_DELIVERY_HELD}, {"drop", SL_DELIVERY_DROPPED}};
  static const char *const actions[] = {"show", "retry", "hold", "drop", NULL};
  gint64 id;
  if (!sl_cli_open(cli, error))
    return -1;
  if (argc < 2 || strcmp(argv[1], "list") == 0)
    return outbox_list(cli, error);
  if (!check_action(argv, actions, error) || !read_id(argv, argc > 2 ? argv[2] : NULL, "letter", &id, error))
    return -1;
  if (strcmp(argv[1], "show") == 0)
    return outbox_show(cli, id, error);
  for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (strcmp(argv[1], moves[i].word) != 0)
      continue;
    if (!sl_outbox_by_hand(cli->work->db, id, moves[i].to, sl_cli_now(cli), error))
      return -1;
    sl_wake(cli->config->spool, SL_STAGE_SEND);
    return outbox_list(cli, error);
  }
  g_assert_not_reached();
}

/* ---- quarantine and held ---- */

static SlJson *
mail_json(const SlMailRow *m)
{
  SlJson *json = sl_json_object();
  sl_json_set_int(json, "id", m->id);
  if (m->ticket)
    sl_json_set_int(json, "ticket", m->ticket);
  else
    sl_json_set_null(json, "ticket");
  sl_json_set_string(json, "reason", m->reason);
  sl_json_set_time(json, "received_at", m->received);
  sl_json_set_string(json, "mailbox", m->mailbox);
  sl_json_set_string(json, "from", m->from);
  sl_json_set_string(json, "subject", m->subject);
  sl_json_set_string(json, "sha256", m->sha256);
  return json;
}

static int
mails_list(SlCli *cli, SlMailState state, GError **error)
{
  static const char *const columns[] = {"ID", "RECEIVED", "FROM", "SUBJECT", "WHY", NULL};
  g_autoptr(GPtrArray) mails = sl_mails_in_state(cli->work->db, state, error);
  if (!mails)
    return -1;
  SlJson *array = sl_json_array();
  SlTable *table = sl_table_new(columns, cli->plain);
  for (guint i = 0; i < mails->len; i++) {
    const SlMailRow *m = mails->pdata[i];
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, m->id);
    g_autofree char *at = sl_time_format(m->received);
    const char *const cells[] = {id, at, m->from, m->subject, m->reason};
    sl_table_add(table, cells);
    sl_json_add_take(array, mail_json(m));
  }
  sl_cli_print_list(cli, "mails", array, table);
  return 0;
}

static gboolean
spool_chunk(gconstpointer bytes, gsize length, gpointer user, GError **error)
{
  return sl_spool_write(user, bytes, length, error);
}

static gboolean
settle(SlCli *cli, const SlMailRow *mail, const char *outcome, GError **error)
{
  if (!sl_db_begin(cli->work->db, error))
    return FALSE;
  if (sl_mails_settle(cli->work->db, mail->id, mail->ticket, "other", SL_MAIL_DROPPED, outcome, mail->reason, error))
    return sl_db_commit(cli->work->db, error);
  sl_db_rollback(cli->work->db);
  return FALSE;
}

/* Back into the spool, under the receipt time it had: the next pass reads it anew. */
static gboolean
release(SlCli *cli, const SlMailRow *mail, GError **error)
{
  g_autoptr(SlSpool) spool = sl_spool_open(cli->config->spool, error);
  const SlSpoolMeta meta = {.mailbox = mail->mailbox, .received = mail->received};
  SlSpoolFile *file = spool ? sl_spool_begin(spool, &meta, NULL, error) : NULL;
  if (!file)
    return FALSE;
  if (!sl_raw_read(cli->work->db, mail->sha256, spool_chunk, file, error)) {
    sl_spool_abort(file);
    return FALSE;
  }
  return sl_spool_commit(file, TRUE, NULL, error) && settle(cli, mail, "released", error);
}

/* A held mail is stepped once more, with the word of whoever sits at the shell. */
static gboolean
release_held(SlCli *cli, const SlMailRow *mail, GError **error)
{
  SlStepResult result;
  g_autofree char *by = g_strconcat("cli:", g_get_user_name(), NULL);
  if (!sl_step_release(cli->work, mail->id, by, FALSE, &result, error))
    return FALSE;
  sl_step_result_clear(&result);
  return TRUE;
}

static int
mails_command(SlCli *cli, SlMailState state, int argc, char **argv, GError **error)
{
  static const char *const actions[] = {"show", "release", "drop", NULL};
  gint64 id;
  if (!sl_cli_open(cli, error))
    return -1;
  if (argc < 2 || strcmp(argv[1], "list") == 0)
    return mails_list(cli, state, error);
  if (!check_action(argv, actions, error) || !read_id(argv, argc > 2 ? argv[2] : NULL, "mail", &id, error))
    return -1;
  g_autoptr(SlMailRow) mail = sl_mails_get(cli->work->db, id, error);
  if (mail && mail->state != state) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "mail %" G_GINT64_FORMAT " is not %s: it is %s", id, sl_mail_state_word(state),
                sl_mail_state_word(mail->state));
    return -1;
  }
  if (!mail)
    return -1;
  if (strcmp(argv[1], "show") == 0)
    return sl_raw_read(cli->work->db, mail->sha256, write_chunk, stdout, error) ? 0 : -1;
  if (strcmp(argv[1], "drop") == 0)
    return settle(cli, mail, "dropped", error) ? mails_list(cli, state, error) : -1;
  return (state == SL_MAIL_HELD ? release_held(cli, mail, error) : release(cli, mail, error)) ? mails_list(cli, state, error) : -1;
}

int
sl_cmd_quarantine(SlCli *cli, int argc, char **argv, GError **error)
{
  return mails_command(cli, SL_MAIL_QUARANTINED, argc, argv, error);
}

int
sl_cmd_held(SlCli *cli, int argc, char **argv, GError **error)
{
  return mails_command(cli, SL_MAIL_HELD, argc, argv, error);
}

/* ---- the record and the store ---- */

static int
print_faults(const SlCli *cli, const GPtrArray *faults, gint64 events, gint64 tickets)
{
  if (cli->json) {
    SlJson *document = sl_json_object();
    SlJson *array = sl_json_array();
    for (guint i = 0; i < faults->len; i++)
      sl_json_add_string(array, faults->pdata[i]);
    sl_json_set_bool(document, "ok", faults->len == 0);
    sl_json_set_int(document, "events", events);
    sl_json_set_int(document, "tickets", tickets);
    sl_json_set_take(document, "faults", array);
    sl_cli_print(document);
  } else {
    for (guint i = 0; i < faults->len; i++)
      printf("%s\n", (const char *)faults->pdata[i]);
    if (!cli->quiet && faults->len == 0)
      printf("ok: %" G_GINT64_FORMAT " events, every chain holds\n", events);
  }
  return faults->len ? 70 : 0;
}

int
sl_cmd_audit(SlCli *cli, int argc, char **argv, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  gint64 events = 0;
  (void)argc;
  if (strcmp(argv[1], "verify") != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_USAGE, "audit %s: verify is wanted", argv[1]);
    return -1;
  }
  g_autoptr(GArray) ids = sl_cli_open(cli, error) ? sl_tickets_ids(cli->work->db, error) : NULL;
  if (!ids || !sl_events_verify(cli->work->db, 0, faults, &events, error))
    return -1;
  return print_faults(cli, faults, events, ids->len);
}

/* The caches of each ticket against what its events say, at the moment of its last event, when they were made. */
static gboolean
compare_tickets(SlCli *cli, GPtrArray *faults, gint64 *out_n, GError **error)
{
  g_autoptr(GArray) ids = sl_tickets_ids(cli->work->db, error);
  for (guint i = 0; ids && i < ids->len; i++) {
    gint64 id = g_array_index(ids, gint64, i);
    g_autoptr(GPtrArray) events = sl_events_load(cli->work->db, id, error);
    if (!events)
      return FALSE;
    if (events->len == 0)
      continue; /* the chain's check says so */
    SlTime then = ((const SlEvent *)events->pdata[events->len - 1])->at;
    SlTicketFacts *facts = sl_gather_ticket(cli->work, id, then, error);
    if (!facts)
      return FALSE;
    g_autoptr(GArray) alarms = sl_gather_alarms(facts, then);
    gboolean ok = sl_tickets_compare(cli->work->db, facts->ticket, facts->clocks, alarms, faults, error);
    sl_ticket_facts_free(facts);
    if (!ok)
      return FALSE;
  }
  *out_n = ids ? ids->len : 0;
  return ids != NULL;
}

static int
db_check(SlCli *cli, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  gint64 events = 0, tickets = 0;
  if (!sl_cli_open(cli, error) || !sl_db_integrity(cli->work->db, faults, error) ||
      !sl_events_verify(cli->work->db, 0, faults, &events, error) || !compare_tickets(cli, faults, &tickets, error))
    return -1;
  return print_faults(cli, faults, events, tickets);
}

static int
db_migrate(SlCli *cli, GError **error)
{
  if (!sl_cli_config(cli, error))
    return -1;
  g_autoptr(SlDb) db = sl_db_open(cli->config->database, SL_DB_CREATE, error);
  if (!db || !sl_schema_migrate(db, error))
    return -1;
  if (cli->json) {
    SlJson *document = sl_json_object();
    sl_json_set_int(document, "version", sl_schema_version());
    sl_cli_print(document);
  } else if (!cli->quiet) {
    printf("the store is at version %d\n", sl_schema_version());
  }
  return 0;
}

static int
db_stats(SlCli *cli, GError **error)
{
  g_autoptr(GArray) ids = sl_cli_open(cli, error) ? sl_tickets_ids(cli->work->db, error) : NULL;
  SlOutboxFigures figures;
  gint64 mails = 0;
  if (!ids || !sl_outbox_figures(cli->work->db, &figures, error) || !sl_mails_count(cli->work->db, SL_MAIL_STORED, &mails, error))
    return -1;
  SlJson *document = sl_json_object();
  sl_json_set_int(document, "tickets", ids->len);
  sl_json_set_int(document, "mails", mails);
  sl_json_set_int(document, "queued", figures.queued);
  sl_json_set_int(document, "failed", figures.failed);
  if (!cli->json)
    printf("tickets %u\nmails %" G_GINT64_FORMAT "\nletters queued %" G_GINT64_FORMAT "\nletters failed %" G_GINT64_FORMAT "\n", ids->len, mails,
           figures.queued, figures.failed);
  if (cli->json)
    sl_cli_print(document);
  else
    sl_json_free(document);
  return 0;
}

int
sl_cmd_db(SlCli *cli, int argc, char **argv, GError **error)
{
  if (strcmp(argv[1], "check") == 0)
    return db_check(cli, error);
  if (strcmp(argv[1], "migrate") == 0)
    return db_migrate(cli, error);
  if (strcmp(argv[1], "stats") == 0)
    return db_stats(cli, error);
  if (strcmp(argv[1], "backup") == 0 && argc == 3)
    return sl_cli_open(cli, error) && sl_db_backup(cli->work->db, argv[2], error) ? 0 : -1;
  g_set_error_literal(error, SL_ERROR, SL_ERROR_USAGE, "db backup FILE, db check, db migrate or db stats is wanted");
  return -1;
}
