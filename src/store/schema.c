/* SPDX-License-Identifier: ISC */
#include "store/schema.h"

#include <stdlib.h>
#include <string.h>

#include "store/meta.h"
#include "store/schema-private.h"

/* Column types are letters, which each engine spells its own way: I integer, T text, B bytes. Version 1. */
static const char version_1[] =
    "CREATE TABLE meta(name T PRIMARY KEY, value T NOT NULL);"
    "CREATE TABLE ticket(id I PRIMARY KEY, rev I NOT NULL, head T, seq I, status T, priority T, subject T, channel T, client T,"
    " requester_id I, requester T, assignee T, level I, tags T, agreement T, sla T, sla_version T, mailbox T, silent I, stopped I,"
    " received_at I, acknowledged_at I, assigned_at I, started_at I, answered_at I, estimated_at I, eta I, resolved_at I,"
    " closed_at I, waiting_since I, last_words_at I, last_customer_at I, raised_at I, merged_into I, solution T, last_news T);"
    "CREATE INDEX ticket_requester ON ticket(requester);"
    "CREATE INDEX ticket_status ON ticket(status);"
    "CREATE TABLE event(ticket I NOT NULL, seq I NOT NULL, at I NOT NULL, actor T NOT NULL, kind T NOT NULL, detail T NOT NULL,"
    " prev T NOT NULL, hash T NOT NULL, PRIMARY KEY(ticket, seq));"
    "CREATE TABLE words(ticket I NOT NULL, seq I NOT NULL, salt B NOT NULL, text T NOT NULL, PRIMARY KEY(ticket, seq));"
    "CREATE TABLE person(id I PRIMARY KEY, rev I NOT NULL, address T UNIQUE, salt B NOT NULL);"
    "CREATE TABLE agent_load(name T PRIMARY KEY, open I NOT NULL, last_assigned I NOT NULL);"
    "CREATE TABLE tally(what T NOT NULL, who T NOT NULL, at I NOT NULL, n I NOT NULL, PRIMARY KEY(what, who, at));"
    "CREATE TABLE alarm_window(person T PRIMARY KEY, until I NOT NULL);"
    "CREATE TABLE token(hash T PRIMARY KEY, ticket I NOT NULL, person T NOT NULL, scope T NOT NULL, ends I, leaked I NOT NULL);"
    "CREATE INDEX token_ticket ON token(ticket);"
    "CREATE TABLE mail(id I PRIMARY KEY, sha256 T NOT NULL, ticket I, direction T, state T NOT NULL, outcome T, reason T,"
    " received I NOT NULL, mailbox T, source T, message_id T, sender T, subject T, recipients T, cc T, text T, reply T,"
    " attachments T, thread_topic T, thread_index T);"
    "CREATE INDEX mail_ticket ON mail(ticket);"
    "CREATE INDEX mail_source ON mail(source);"
    "CREATE INDEX mail_state ON mail(state);"
    "CREATE TABLE mail_ref(message_id T NOT NULL, mail I NOT NULL, PRIMARY KEY(message_id, mail));"
    "CREATE TABLE raw_chunk(sha256 T NOT NULL, n I NOT NULL, data B NOT NULL, PRIMARY KEY(sha256, n));"
    "CREATE TABLE content(key T NOT NULL, door I NOT NULL, mail I NOT NULL, PRIMARY KEY(key, door));"
    "CREATE TABLE imap_seen(mailbox T NOT NULL, uidvalidity I NOT NULL, uid I NOT NULL, state T NOT NULL,"
    " PRIMARY KEY(mailbox, uidvalidity, uid));"
    "CREATE INDEX imap_seen_state ON imap_seen(mailbox, uidvalidity, state);"
    "CREATE TABLE mailbox(name T PRIMARY KEY, uidvalidity I NOT NULL, since I, read_through I, last_ok I, last_error T);"
    "CREATE TABLE agreement(hash T PRIMARY KEY, body T NOT NULL);"
    "CREATE TABLE letter(id I PRIMARY KEY, ticket I NOT NULL, kind T NOT NULL, purpose T NOT NULL UNIQUE, message_id T NOT NULL UNIQUE,"
    " subject T NOT NULL, sha256 T NOT NULL, envelope_sender T NOT NULL, event I NOT NULL, queued_at I NOT NULL);"
    "CREATE INDEX letter_ticket_of ON letter(ticket);"
    "CREATE TABLE letter_ticket(letter I NOT NULL, ticket I NOT NULL, PRIMARY KEY(letter, ticket));"
    "CREATE INDEX letter_ticket_ticket ON letter_ticket(ticket);"
    "CREATE TABLE delivery(letter I NOT NULL, recipient T NOT NULL, is_cc I NOT NULL, state T NOT NULL, owner T, epoch I NOT NULL,"
    " lease_until I, lease_boot T, attempts I NOT NULL, marks I NOT NULL, in_doubt I NOT NULL, not_before I NOT NULL, accepted_at I,"
    " last_error T, PRIMARY KEY(letter, recipient));"
    "CREATE INDEX delivery_state ON delivery(state, not_before);"
    "CREATE TABLE notice(person T NOT NULL, ticket I NOT NULL, cause T NOT NULL, ready I NOT NULL, PRIMARY KEY(person, ticket, cause));"
    "CREATE INDEX notice_ready ON notice(ready);"
    "CREATE TABLE clock(ticket I NOT NULL, target T NOT NULL, cycle I NOT NULL, state T NOT NULL, started_at I, due_at I, met_at I,"
    " breached_at I, next_at I, PRIMARY KEY(ticket, target, cycle));"
    "CREATE INDEX clock_next ON clock(next_at);"
    "CREATE TABLE alarm(ticket I NOT NULL, what T NOT NULL, at I NOT NULL, PRIMARY KEY(ticket, what));"
    "CREATE INDEX alarm_at ON alarm(at);"
    "CREATE TABLE suspect(name T PRIMARY KEY, stage T NOT NULL, deaths I NOT NULL, cause T NOT NULL);"
    "INSERT INTO meta(name, value) VALUES ('application', 'slate');";

/* Snoozing and waits with an end; signed addresses that were replaced; who is away. */
static const char version_2[] =
    "ALTER TABLE ticket ADD COLUMN snoozed_at I;"
    "ALTER TABLE ticket ADD COLUMN snoozed_until I;"
    "ALTER TABLE ticket ADD COLUMN waiting_until I;"
    "ALTER TABLE token ADD COLUMN generation I NOT NULL DEFAULT 0;"
    "CREATE INDEX ticket_merged ON ticket(merged_into);"
    "CREATE INDEX ticket_assignee ON ticket(assignee, status);"
    "CREATE TABLE absence(agent T PRIMARY KEY, until I NOT NULL);";

/* Which ids a mail names, known here or not: a parent may come after its answer, or never. */
static const char version_3[] = "CREATE TABLE mail_cite(message_id T NOT NULL, mail I NOT NULL, PRIMARY KEY(message_id, mail));";

/* What probes saw: a row a span of like looks. */
static const char version_4[] =
    "CREATE TABLE probe_span(probe T NOT NULL, from_at I NOT NULL, to_at I NOT NULL, up I NOT NULL, n I NOT NULL, why T,"
    " PRIMARY KEY(probe, from_at));";

static const char *const steps[] = {version_1, version_2, version_3, version_4};

int
sl_schema_version(void)
{
  return G_N_ELEMENTS(steps);
}

/* "name I NOT NULL" → "name INTEGER NOT NULL", and tables STRICT. */
static char *
in_engine_types(const char *sql)
{
  g_autoptr(GRegex) type = g_regex_new("\\b([a-z0-9_]+) ([ITB])(?=[ ,);])", 0, 0, NULL);
  g_autoptr(GString) text = g_string_new(NULL);
  GMatchInfo *match = NULL;
  const char *at = sql;
  for (g_regex_match(type, sql, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
    int start, end;
    g_match_info_fetch_pos(match, 2, &start, &end);
    g_string_append_len(text, at, sql + start - at);
    g_string_append(text, sql[start] == 'I' ? "INTEGER" : sql[start] == 'T' ? "TEXT" : "BLOB");
    at = sql + end;
  }
  g_match_info_free(match);
  g_string_append(text, at);
  g_autoptr(GRegex) table = g_regex_new("(CREATE TABLE [^;]*\\));", 0, 0, NULL);
  return g_regex_replace(table, text->str, -1, 0, "\\1 STRICT;", 0, NULL);
}

/* ---- versions ---- */

static gboolean
not_ours(const SlDb *db, GError **error)
{
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s is no store of Slate's: name another file", sl_db_url(db));
  return FALSE;
}

/* 0: there is nothing yet. Tables that somebody else made are left alone. */
static gboolean
read_version(SlDb *db, int *out_version, GError **error)
{
  gboolean has_meta = FALSE;
  gint64 tables = 0;
  *out_version = 0;
  if (!sl_db_has_table(db, "meta", &has_meta, error) || !sl_db_count_tables(db, &tables, error))
    return FALSE;
  if (!has_meta)
    return tables == 0 || not_ours(db, error);
  g_autofree char *application = NULL, *version = NULL;
  if (!sl_meta_get(db, "application", &application, error) || !sl_meta_get(db, "version", &version, error))
    return FALSE;
  *out_version = version ? atoi(version) : 0;
  return g_strcmp0(application, "slate") == 0 || not_ours(db, error);
}

static gboolean
refuse_newer(const SlDb *db, int version, GError **error)
{
  if (version <= sl_schema_version())
    return FALSE;
  g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "the store %s is newer (version %d) than this program (version %d): update Slate",
              sl_db_url(db), version, sl_schema_version());
  return TRUE;
}

static gboolean
run_steps(SlDb *db, const char *const *scripts, int from, int to, GError **error)
{
  for (int i = from; i < to; i++) {
    g_autofree char *sql = in_engine_types(scripts[i]);
    if (!sl_db_script(db, sql, error))
      return FALSE;
  }
  g_autofree char *version = g_strdup_printf("%d", to);
  return sl_meta_set(db, "version", version, error);
}

gboolean
sl_schema_migrate_with(SlDb *db, const char *const *scripts, int to, GError **error)
{
  int version = 0;
  if (!read_version(db, &version, error))
    return FALSE;
  if (version > 0 && version < to) {
    g_autofree char *copy = g_strdup_printf("%s.before-%d", sl_db_url(db), to);
    g_autoptr(GError) why = NULL;
    if (!sl_db_backup(db, copy, &why) && !g_error_matches(why, SL_ERROR, SL_ERROR_CREATE)) {
      g_propagate_prefixed_error(error, g_steal_pointer(&why), "the backup before the migration: ");
      return FALSE;
    }
  }
  if (!sl_db_begin(db, error))
    return FALSE;
  /* asked again under the lock: two programs may make the same store at once */
  if (!read_version(db, &version, error) || (version < to && !run_steps(db, scripts, version, to, error))) {
    sl_db_rollback(db);
    return FALSE;
  }
  return sl_db_commit(db, error);
}

gboolean
sl_schema_migrate(SlDb *db, GError **error)
{
  int version = 0;
  if (!read_version(db, &version, error) || refuse_newer(db, version, error))
    return FALSE;
  return version == sl_schema_version() || sl_schema_migrate_with(db, steps, sl_schema_version(), error);
}

gboolean
sl_schema_require(SlDb *db, GError **error)
{
  int version = 0;
  if (!read_version(db, &version, error) || refuse_newer(db, version, error))
    return FALSE;
  if (version == sl_schema_version())
    return TRUE;
  g_set_error(error, SL_ERROR, SL_ERROR_TEMP, "the store %s is older (version %d) than this program: slate db migrate brings it up to date",
              sl_db_url(db), version);
  return FALSE;
}

SlDb *
sl_store_open(const char *url, gboolean read_only, GError **error)
{
  int version = 0;
  g_autoptr(SlDb) db = sl_db_open(url, read_only ? SL_DB_READ_ONLY | SL_DB_CREATE : SL_DB_CREATE, error);
  if (!db || !read_version(db, &version, error))
    return NULL;
  if (version == 0 && read_only) { /* who only looks finds an empty store, not none */
    SlDb *made = sl_store_open(url, FALSE, error);
    sl_db_free(made);
    return made ? g_steal_pointer(&db) : NULL;
  }
  if (version == 0 ? !sl_schema_migrate(db, error) : !sl_schema_require(db, error))
    return NULL;
  return g_steal_pointer(&db);
}
