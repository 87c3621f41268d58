/* SPDX-License-Identifier: ISC */
#include "store/mails.h"

#include "base/json.h"
#include "store/columns.h"

static const char *const state_words[SL_N_MAIL_STATES] = {
#define X(name, word) [SL_MAIL_##name] = word,
    SL_MAIL_STATES(X)
#undef X
};

gboolean
sl_mail_may(SlMailState from, SlMailState to)
{
  static const gboolean table[SL_N_MAIL_STATES][SL_N_MAIL_STATES] = {
      [SL_MAIL_HELD] = {[SL_MAIL_STORED] = 1, [SL_MAIL_DROPPED] = 1},
      [SL_MAIL_QUARANTINED] = {[SL_MAIL_STORED] = 1, [SL_MAIL_DROPPED] = 1},
  };
  return table[from][to];
}

const char *
sl_mail_state_word(SlMailState state)
{
  return state_words[state];
}

void
sl_mail_row_free(SlMailRow *row)
{
  if (!row)
    return;
  char *const strings[] = {row->sha256, row->direction, row->outcome, row->reason, row->mailbox, row->source, row->message_id,
                           row->from,   row->subject,   row->to,      row->cc,     row->text,    row->reply,  row->attachments,
                           row->thread_topic, row->thread_index};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_free(row);
}

/* ---- inserting ---- */

static char *
addresses_json(const GPtrArray *mailboxes)
{
  g_autoptr(SlJson) array = sl_json_array();
  for (guint i = 0; i < mailboxes->len && i < 200; i++)
    sl_json_add_string(array, ((const SlMailbox *)mailboxes->pdata[i])->address);
  return sl_json_canonical(array);
}

static char *
attachments_json(const GPtrArray *attachments)
{
  g_autoptr(SlJson) array = sl_json_array();
  for (guint i = 0; i < attachments->len; i++) {
    const SlAttachment *attachment = attachments->pdata[i];
    SlJson *object = sl_json_object();
    sl_json_set_string(object, "name", attachment->name);
    sl_json_set_string(object, "type", attachment->type);
    sl_json_set_int(object, "size", attachment->size_bytes);
    sl_json_set_string(object, "sha256", attachment->sha256);
    sl_json_set_bool(object, "inline", attachment->is_inline);
    sl_json_add_take(array, object);
  }
  return sl_json_canonical(array);
}

static SlQuery *
insert_query(SlDb *db, const char *sha256, SlTime received, const char *mailbox, const char *source, SlMailState state, GError **error)
{
  SlQuery *query = sl_db_query(db,
                               "INSERT INTO mail(id, sha256, state, received, mailbox, source, message_id, sender, subject, recipients,"
                               " cc, text, reply, attachments, thread_topic, thread_index, outcome, reason) SELECT"
                               " COALESCE(MAX(id), 0) + 1, :sha, :state, :received, :mailbox, :source, :message_id, :sender, :subject,"
                               " :to, :cc, :text, :reply, :attachments, :topic, :index, :outcome, :reason FROM mail WHERE TRUE"
                               " RETURNING id",
                               error);
  if (!query)
    return NULL;
  sl_bind_text(query, "sha", sha256);
  sl_bind_text(query, "state", sl_mail_state_word(state));
  sl_bind_time(query, "received", received);
  sl_bind_text(query, "mailbox", mailbox);
  sl_bind_text(query, "source", source);
  return query;
}

static gboolean
put_id(SlDb *db, const char *sql, const char *message_id, gint64 mail, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "id", message_id);
  sl_bind_int(query, "mail", mail);
  return sl_query_run(query, NULL, error);
}

/* Its own Message-ID, and those that it names. */
static gboolean
put_ids(SlDb *db, const SlMail *mail, gint64 id, GError **error)
{
  static const char own[] = "INSERT INTO mail_ref(message_id, mail) VALUES (:id, :mail) ON CONFLICT DO NOTHING";
  static const char named[] = "INSERT INTO mail_cite(message_id, mail) VALUES (:id, :mail) ON CONFLICT DO NOTHING";
  const GPtrArray *const lists[] = {mail->in_reply_to, mail->references};
  if (mail->message_id && !put_id(db, own, mail->message_id, id, error))
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
    for (guint i = 0; i < lists[k]->len; i++) {
      if (!put_id(db, named, lists[k]->pdata[i], id, error))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
sl_mails_insert(SlDb *db, const SlMail *mail, const char *sha256, SlTime received, const char *mailbox, const char *source,
                gint64 *out_id, GError **error)
{
  g_autofree char *to = addresses_json(mail->to);
  g_autofree char *cc = addresses_json(mail->cc);
  g_autofree char *attachments = attachments_json(mail->attachments);
  g_autoptr(SlQuery) query = insert_query(db, sha256, received, mailbox, source, SL_MAIL_STORED, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "message_id", mail->message_id);
  sl_bind_text(query, "sender", mail->from ? mail->from->address : NULL);
  sl_bind_text(query, "subject", mail->subject);
  sl_bind_text(query, "to", to);
  sl_bind_text(query, "cc", cc);
  sl_bind_text(query, "text", mail->text);
  sl_bind_text(query, "reply", mail->reply);
  sl_bind_text(query, "attachments", attachments);
  sl_bind_text(query, "topic", mail->thread_topic);
  sl_bind_text(query, "index", mail->thread_index);
  return sl_query_int(query, out_id, NULL, error) && put_ids(db, mail, *out_id, error);
}

gboolean
sl_mails_quarantine(SlDb *db, const char *sha256, SlTime received, const char *mailbox, const char *source, const char *reason,
                    gint64 *out_id, GError **error)
{
  g_autoptr(SlQuery) query = insert_query(db, sha256, received, mailbox, source, SL_MAIL_QUARANTINED, error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "outcome", "quarantined");
  sl_bind_text(query, "reason", reason);
  return sl_query_int(query, out_id, NULL, error);
}

gboolean
sl_mails_settle(SlDb *db, gint64 id, gint64 ticket, const char *direction, SlMailState state, const char *outcome,
                const char *reason, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "UPDATE mail SET ticket = :ticket, direction = :direction, state = :state, outcome = :outcome,"
                                         " reason = :reason WHERE id = :id",
                                         error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", id);
  if (ticket)
    sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "direction", direction);
  sl_bind_text(query, "state", sl_mail_state_word(state));
  sl_bind_text(query, "outcome", outcome);
  sl_bind_text(query, "reason", reason);
  return sl_query_run(query, NULL, error);
}

gboolean
sl_mails_move(SlDb *db, gint64 id, gint64 ticket, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "UPDATE mail SET ticket = :ticket WHERE id = :id", error);
  if (!query)
    return FALSE;
  sl_bind_int(query, "id", id);
  sl_bind_int(query, "ticket", ticket);
  return sl_query_run(query, NULL, error);
}

static void
read_addresses(const char *text, GPtrArray *out)
{
  g_autoptr(SlJson) array = text ? sl_json_parse(text, -1, NULL) : NULL;
  for (guint i = 0; i < sl_json_length(array); i++) {
    const char *address = sl_json_string(sl_json_at(array, i));
    if (address)
      g_ptr_array_add(out, sl_mailbox_new("", address));
  }
}

static void
replace(char **slot, const char *value)
{
  g_free(*slot);
  *slot = g_strdup(value ? value : "");
}

SlMail *
sl_mails_as_mail(const SlMailRow *row)
{
  SlMail *mail = sl_mail_new();
  replace(&mail->subject, row->subject);
  replace(&mail->text, row->text);
  replace(&mail->reply, row->reply);
  mail->from = row->from ? sl_mailbox_new("", row->from) : NULL;
  mail->message_id = g_strdup(row->message_id);
  mail->thread_topic = g_strdup(row->thread_topic);
  mail->thread_index = g_strdup(row->thread_index);
  read_addresses(row->to, mail->to);
  read_addresses(row->cc, mail->cc);
  return mail;
}

/* ---- content keys ---- */

gboolean
sl_mails_content_find(SlDb *db, const char *key, gint64 door, gint64 *out_mail, gint64 *out_ticket, GError **error)
{
  gboolean row = FALSE;
  g_autoptr(SlQuery) query = sl_db_query(
      db, "SELECT c.mail, m.ticket FROM content c JOIN mail m ON m.id = c.mail WHERE c.key = :key AND c.door = :door", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "key", key);
  sl_bind_int(query, "door", door);
  if (!sl_query_next(query, &row, error))
    return FALSE;
  *out_mail = row ? sl_column_int(query, 0) : 0;
  *out_ticket = row ? sl_column_int(query, 1) : 0;
  return TRUE;
}

gboolean
sl_mails_content_put(SlDb *db, const char *key, gint64 door, gint64 mail, gboolean *out_first, GError **error)
{
  gint64 changed = 0;
  g_autoptr(SlQuery) query =
      sl_db_query(db, "INSERT INTO content(key, door, mail) VALUES (:key, :door, :mail) ON CONFLICT DO NOTHING", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "key", key);
  sl_bind_int(query, "door", door);
  sl_bind_int(query, "mail", mail);
  if (!sl_query_run(query, &changed, error))
    return FALSE;
  *out_first = changed == 1;
  return TRUE;
}

/* ---- threads ---- */

static gboolean
take_ticket(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  GArray *tickets = user;
  gint64 ticket = sl_column_int(query, 0);
  for (guint i = 0; i < tickets->len; i++) {
    if (g_array_index(tickets, gint64, i) == ticket)
      return TRUE;
  }
  g_array_append_val(tickets, ticket);
  return TRUE;
}

static GArray *
tickets_by(SlDb *db, const char *sql, const GPtrArray *ids, GError **error)
{
  g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr(SlQuery) query = sl_db_query(db, sql, error);
    if (!query)
      return NULL;
    sl_bind_text(query, "id", ids->pdata[i]);
    if (!sl_query_each(query, take_ticket, tickets, error))
      return NULL;
  }
  return g_steal_pointer(&tickets);
}

GArray *
sl_mails_tickets_of(SlDb *db, const GPtrArray *ids, GError **error)
{
  return tickets_by(db,
                    "SELECT m.ticket FROM mail_ref r JOIN mail m ON m.id = r.mail WHERE r.message_id = :id AND m.ticket IS NOT NULL AND"
                    " m.state = 'stored' UNION ALL SELECT t.ticket FROM letter l JOIN letter_ticket t ON t.letter = l.id WHERE"
                    " l.message_id = :id AND t.ticket > 0",
                    ids, error);
}

#define CITING                                                                                                         \
  "SELECT m.ticket FROM mail_cite c JOIN mail m ON m.id = c.mail WHERE c.message_id = :id AND m.ticket IS NOT NULL AND" \
  " m.state = 'stored' AND NOT EXISTS (SELECT 1 FROM mail_ref r WHERE r.message_id = :id) AND NOT EXISTS"             \
  " (SELECT 1 FROM letter l WHERE l.message_id = :id) ORDER BY 1 LIMIT 20"

GArray *
sl_mails_tickets_citing(SlDb *db, const GPtrArray *ids, GError **error)
{
  return tickets_by(db, CITING, ids, error);
}

GArray *
sl_mails_tickets_of_thread(SlDb *db, const GPtrArray *ids, GError **error)
{
  return tickets_by(db,
                    "SELECT m.ticket FROM mail_ref r JOIN mail m ON m.id = r.mail WHERE r.message_id = :id AND m.ticket IS NOT NULL AND"
                    " m.state = 'stored' UNION " CITING,
                    ids, error);
}

GPtrArray *
sl_mails_thread(SlDb *db, gint64 ticket, const char *requester, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db,
                                         "SELECT message_id FROM (SELECT message_id, received AS at FROM mail WHERE ticket = :ticket AND"
                                         " direction = 'in' AND message_id IS NOT NULL UNION ALL SELECT l.message_id, l.queued_at FROM"
                                         " letter l JOIN delivery d ON d.letter = l.id WHERE l.ticket = :ticket AND d.recipient = :who"
                                         " AND d.state <> 'withdrawn') AS thread ORDER BY at",
                                         error);
  if (!query)
    return NULL;
  sl_bind_int(query, "ticket", ticket);
  sl_bind_text(query, "who", requester);
  return sl_query_texts(query, error);
}

/* ---- reading ---- */

#define ROW_COLUMNS                                                                                                    \
  "SELECT id, sha256, ticket, direction, state, outcome, reason, received, mailbox, source, message_id, sender, subject,"        \
  " recipients, cc, text, reply, attachments, thread_topic, thread_index FROM mail "

static gboolean
take_row(SlQuery *query, gpointer user, GError **error)
{
  (void)error;
  SlMailRow *row = g_new0(SlMailRow, 1);
  char **const strings[] = {&row->mailbox, &row->source, &row->message_id, &row->from,        &row->subject,     &row->to,
                            &row->cc,      &row->text,   &row->reply,      &row->attachments, &row->thread_topic, &row->thread_index};
  row->id = sl_column_int(query, 0);
  row->sha256 = g_strdup(sl_column_text(query, 1));
  row->ticket = sl_column_int(query, 2);
  row->direction = g_strdup(sl_column_text(query, 3));
  for (guint i = 0; i < G_N_ELEMENTS(state_words); i++) {
    if (g_strcmp0(sl_column_text(query, 4), state_words[i]) == 0)
      row->state = (SlMailState)i;
  }
  row->outcome = g_strdup(sl_column_text(query, 5));
  row->reason = g_strdup(sl_column_text(query, 6));
  row->received = sl_column_time(query, 7);
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    *strings[i] = g_strdup(sl_column_text(query, 8 + (int)i));
  g_ptr_array_add(user, row);
  return TRUE;
}

static GPtrArray *
rows_of(SlQuery *query, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)sl_mail_row_free);
  return sl_query_each(query, take_row, rows, error) ? g_steal_pointer(&rows) : NULL;
}

SlMailRow *
sl_mails_get(SlDb *db, gint64 id, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, ROW_COLUMNS "WHERE id = :id", error);
  if (!query)
    return NULL;
  sl_bind_int(query, "id", id);
  g_autoptr(GPtrArray) rows = rows_of(query, error);
  if (!rows)
    return NULL;
  if (rows->len == 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_NOT_FOUND, "there is no mail %" G_GINT64_FORMAT, id);
    return NULL;
  }
  return g_ptr_array_steal_index(rows, 0);
}

GPtrArray *
sl_mails_of_ticket(SlDb *db, gint64 ticket, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(
      db, ROW_COLUMNS "WHERE ticket = :ticket AND direction IN ('in', 'passed', 'out', 'note') AND state = 'stored' ORDER BY received, id", error);
  if (!query)
    return NULL;
  sl_bind_int(query, "ticket", ticket);
  return rows_of(query, error);
}

GPtrArray *
sl_mails_in_state(SlDb *db, SlMailState state, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, ROW_COLUMNS "WHERE state = :state ORDER BY id", error);
  if (!query)
    return NULL;
  sl_bind_text(query, "state", sl_mail_state_word(state));
  return rows_of(query, error);
}

gboolean
sl_mails_count(SlDb *db, SlMailState state, gint64 *out_n, GError **error)
{
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT COUNT(*) FROM mail WHERE state = :state", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "state", sl_mail_state_word(state));
  return sl_query_int(query, out_n, NULL, error);
}

gboolean
sl_mails_by_source(SlDb *db, const char *source, gint64 *out_id, GError **error)
{
  *out_id = 0;
  g_autoptr(SlQuery) query = sl_db_query(db, "SELECT id FROM mail WHERE source = :source AND state <> 'dropped'", error);
  if (!query)
    return FALSE;
  sl_bind_text(query, "source", source);
  return sl_query_int(query, out_id, NULL, error);
}
