/* SPDX-License-Identifier: ISC */
/* IMAP by libetpan over our own stream. Only UID FETCH of single items and of one body at a time is asked for: no BODYSTRUCTURE, no
 * ENVELOPE (libetpan parses them recursively). Each command has its deadline and byte budget. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "wire/imap-stream.h"

#define COMMAND_BYTES  (64 * 1024)
#define LIST_BYTES     (4 * 1024 * 1024)
#define LIST_WINDOW    200
#define BODY_TIMES     10 /* a message may take so many times longer than a command */
#define SAID_BYTES     200 /* so much of a server's own words stands in an error */
#define IDLE_MOST_SEC  (25 * 60) /* RFC 2177: re-issue before 29 minutes */

typedef struct {
  SlImapStream *stream; /* owned by session once connected */
  mailimap *session;
  gnutls_certificate_credentials_t credentials;
  char *host, *port;
  gboolean implicit_tls, starttls;
  gboolean can_move, can_idle, can_uidplus, keywords;
  int command_sec;
  gboolean no_login; /* the server takes no password on this connection */
  guint32 uidnext;
  /* while a body streams: */
  SlSourceChunk chunk;
  gpointer user;
  GError *chunk_error;
  gboolean got_body; /* an empty one is one, too; NIL is none */
} Imap;

/* ---- small things ---- */

static gboolean
explain(const SlSource *source, const char *what, int rc, GError **error)
{
  const Imap *imap = source->state;
  gboolean cancelled = FALSE;
  const char *trouble = sl_imap_stream_trouble(imap->stream, &cancelled);
  g_autofree char *said = imap->session ? sl_text_one_line(imap->session->imap_response, SAID_BYTES) : g_strdup("");
  g_set_error(error, SL_ERROR, cancelled ? (gint)SL_ERROR_CANCELLED : (gint)SL_ERROR_ACCOUNT, "%s: %s%s%s", what,
              trouble ? trouble : "the server refused", !trouble && *said ? ": " : "", !trouble ? said : "");
  (void)rc;
  return FALSE;
}

static void
arm(Imap *imap, int sec, guint64 bytes)
{
  sl_imap_stream_arm(imap->stream, sec, bytes);
}

static gboolean
split_url(Imap *imap, const SlSourceOptions *o)
{
  const char *host = strstr(o->url, "://") + 3;
  gsize n = strcspn(host, "/");
  g_autofree char *authority = g_strndup(host, n);
  char *colon = strrchr(authority, ':');
  gboolean literal = *authority == '[';
  imap->implicit_tls = g_strcmp0(o->tls, "implicit") == 0;
  imap->starttls = g_strcmp0(o->tls, "starttls") == 0;
  if (colon && (!literal || colon > strchr(authority, ']'))) {
    imap->port = g_strdup(colon + 1);
    *colon = '\0';
  } else {
    imap->port = g_strdup(imap->implicit_tls ? "993" : "143");
  }
  imap->host = literal ? g_strndup(authority + 1, strcspn(authority + 1, "]")) : g_strdup(authority);
  return *imap->host != '\0';
}

/* ---- opening ---- */

static gboolean
has_capability(Imap *imap, const char *name)
{
  return mailimap_has_extension(imap->session, (char *)name) != 0;
}

/* Asked again after TLS and after the login: what was said before may have come from anybody, and is often shorter. */
static gboolean
ask_capabilities(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  struct mailimap_connection_info *info = imap->session->imap_connection_info;
  struct mailimap_capability_data *data = NULL;
  if (!info->imap_capability) /* libetpan looks into it even when the server says OK and lists nothing */
    info->imap_capability = mailimap_capability_data_new(clist_new());
  arm(imap, imap->command_sec, COMMAND_BYTES);
  int rc = mailimap_capability(imap->session, &data);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "CAPABILITY", rc, error);
  mailimap_capability_data_free(data);
  imap->can_move = has_capability(imap, "MOVE");
  imap->can_idle = has_capability(imap, "IDLE");
  imap->can_uidplus = has_capability(imap, "UIDPLUS");
  return TRUE;
}

static gboolean
start_tls(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  arm(imap, imap->command_sec, COMMAND_BYTES);
  int rc = mailimap_starttls(imap->session);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "STARTTLS", rc, error);
  if (imap->session->imap_stream->read_buffer_len != 0) {
    g_set_error_literal(error, SL_ERROR, SL_ERROR_ACCOUNT, "STARTTLS: somebody slipped bytes in before TLS began");
    return FALSE;
  }
  return sl_imap_stream_starttls(imap->stream, imap->host, imap->credentials, error);
}

static gboolean
greet(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  arm(imap, imap->command_sec, COMMAND_BYTES);
  if (imap->implicit_tls && !sl_imap_stream_starttls(imap->stream, imap->host, imap->credentials, error)) {
    sl_imap_stream_free(imap->stream);
    imap->stream = NULL;
    return FALSE;
  }
  imap->session = mailimap_new(0, NULL);
  mailstream *stream = mailstream_new(sl_imap_stream_low(imap->stream), 8192);
  int rc = mailimap_connect(imap->session, stream);
  if (rc != MAILIMAP_NO_ERROR_NON_AUTHENTICATED && rc != MAILIMAP_NO_ERROR_AUTHENTICATED)
    return explain(source, "greeting", rc, error);
  if (rc == MAILIMAP_NO_ERROR_AUTHENTICATED && imap->starttls) { /* PREAUTH would leave us in plain text for good */
    g_set_error_literal(error, SL_ERROR, SL_ERROR_ACCOUNT, "the server claims that we are logged in before TLS: refused");
    return FALSE;
  }
  return !imap->starttls || (ask_capabilities(source, error) && start_tls(source, error));
}

/* "AUTH=NAME" is no extension to libetpan: it keeps those apart. */
static gboolean
has_mechanism(const Imap *imap, const char *name)
{
  const struct mailimap_capability_data *data = imap->session->imap_connection_info->imap_capability;
  for (clistiter *at = data && data->cap_list ? clist_begin(data->cap_list) : NULL; at; at = clist_next(at)) {
    const struct mailimap_capability *capability = clist_content(at);
    if (capability->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE && g_ascii_strcasecmp(capability->cap_data.cap_auth_type, name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* A password that the server refused once is not offered in another way: three refusals a pass would soon lock the account. */
static int
authenticate(Imap *imap, const SlSourceOptions *o, const char *secret)
{
  static const char *const mechanisms[] = {"SCRAM-SHA-256", "PLAIN"};
  if (o->token)
    return mailimap_oauth2_authenticate(imap->session, o->user, secret);
  for (guint i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
    int tag = imap->session->imap_tag;
    if (!has_mechanism(imap, mechanisms[i]))
      continue;
    arm(imap, imap->command_sec, COMMAND_BYTES);
    int rc = mailimap_authenticate(imap->session, mechanisms[i], "localhost", NULL, NULL, o->user, o->user, secret, NULL);
    if (rc == MAILIMAP_NO_ERROR || imap->session->imap_tag != tag) /* else SASL has no such plug-in here */
      return rc;
  }
  if (has_capability(imap, "LOGINDISABLED")) {
    imap->no_login = TRUE;
    return MAILIMAP_ERROR_LOGIN;
  }
  arm(imap, imap->command_sec, COMMAND_BYTES);
  return mailimap_login(imap->session, o->user, secret);
}

static gboolean
log_in(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  const SlSourceOptions *o = source->options;
  const char *spec = o->token ? o->token : o->password;
  if (!spec) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "mailbox %s has no password", o->name);
    return FALSE;
  }
  char *secret = sl_secret_load(spec, error);
  if (!secret)
    return FALSE;
  arm(imap, imap->command_sec, COMMAND_BYTES);
  int rc = authenticate(imap, o, secret);
  sl_secret_free(secret);
  if (rc == MAILIMAP_NO_ERROR)
    return ask_capabilities(source, error);
  gboolean cancelled = FALSE;
  if (sl_imap_stream_trouble(imap->stream, &cancelled))
    return explain(source, "login", rc, error);
  g_autofree char *said = sl_text_one_line(imap->session->imap_response, SAID_BYTES);
  const char *why = imap->no_login ? "the server takes no password on this connection (LOGINDISABLED)" : said;
  g_set_error(error, SL_ERROR, SL_ERROR_AUTH, "login as %s was refused%s%s", o->user, *why ? ": " : "", why);
  return FALSE;
}

static gboolean
select_folder(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  const char *folder = source->options->folder ? source->options->folder : "INBOX";
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_select(imap->session, folder);
  if (rc != MAILIMAP_NO_ERROR) {
    explain(source, "SELECT", rc, error);
    return sl_error_prefix(error, "folder %s", folder);
  }
  source->uidvalidity = imap->session->imap_selection_info->sel_uidvalidity;
  if (source->uidvalidity == 0) { /* without it a number of yesterday may be another mail today */
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "folder %s: the server gives no UIDVALIDITY", folder);
    return FALSE;
  }
  imap->uidnext = imap->session->imap_selection_info->sel_uidnext;
  imap->keywords = TRUE;
  return TRUE;
}

/* Ends the session however far it came. */
static void
hang_up(SlSource *source)
{
  Imap *imap = source->state;
  if (imap->session) {
    arm(imap, 2, COMMAND_BYTES); /* mailimap_free says LOGOUT and waits */
    mailimap_free(imap->session);
  } else if (imap->stream) {
    sl_imap_stream_free(imap->stream);
  }
  imap->session = NULL;
  imap->stream = NULL;
}

static gboolean
connect_and_log_in(SlSource *source, GError **error)
{
  Imap *imap = source->state;
  imap->credentials = imap->credentials ? imap->credentials : sl_tls_credentials(source->options->tls_ca, error);
  if (!imap->credentials)
    return FALSE;
  imap->stream = sl_imap_stream_new(source, imap->host, imap->port, error);
  return imap->stream && greet(source, error) && ask_capabilities(source, error) && log_in(source, error) &&
         select_folder(source, error);
}

static gboolean
imap_open(SlSource *source, GError **error)
{
  if (!source->state) {
    Imap *imap = source->state = g_new0(Imap, 1);
    imap->command_sec = (int)source->options->timeout_sec;
    if (!split_url(imap, source->options)) {
      g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s names no host", source->options->url);
      return FALSE;
    }
  }
  hang_up(source);
  if (connect_and_log_in(source, error))
    return TRUE;
  hang_up(source);
  return FALSE;
}

/* ---- listing ---- */

static SlTime
internal_date(const struct mailimap_date_time *date)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset((date->dt_zone / 100 * 60 + date->dt_zone % 100) * 60);
  g_autoptr(GDateTime) dt = g_date_time_new(zone, date->dt_year, date->dt_month, date->dt_day, date->dt_hour, date->dt_min, date->dt_sec);
  return dt ? g_date_time_to_unix(dt) * SL_SECOND : SL_TIME_NONE;
}

static void
read_dynamic(const struct mailimap_msg_att_dynamic *dynamic, const char *keyword, SlSourceItem *item)
{
  for (clistiter *at = dynamic->att_list ? clist_begin(dynamic->att_list) : NULL; at; at = clist_next(at)) {
    const struct mailimap_flag_fetch *flag = clist_content(at);
    if (flag->fl_type == MAILIMAP_FLAG_FETCH_OTHER && flag->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD && keyword &&
        g_ascii_strcasecmp(flag->fl_flag->fl_data.fl_keyword, keyword) == 0)
      item->marked = TRUE;
  }
}

static void
read_static(const struct mailimap_msg_att_static *fixed, SlSourceItem *item)
{
  if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
    item->uid = fixed->att_data.att_uid;
  else if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
    item->size_bytes = fixed->att_data.att_rfc822_size;
  else if (fixed->att_type == MAILIMAP_MSG_ATT_INTERNALDATE)
    item->received = internal_date(fixed->att_data.att_internal_date);
}

static SlSourceItem
read_item(const struct mailimap_msg_att *message, const char *keyword)
{
  SlSourceItem item = {.received = SL_TIME_NONE};
  for (clistiter *at = clist_begin(message->att_list); at; at = clist_next(at)) {
    const struct mailimap_msg_att_item *part = clist_content(at);
    if (part->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
      read_static(part->att_data.att_static, &item);
    else
      read_dynamic(part->att_data.att_dyn, keyword, &item);
  }
  return item;
}

static struct mailimap_fetch_type *
listing_items(void)
{
  struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
  mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
  mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_rfc822_size());
  mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_internaldate());
  mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_flags());
  return type;
}

/* UIDs of everything above, by UID SEARCH: a folder may be sparse, and windows of messages bound what one answer can hold. */
static gboolean
search_uids(SlSource *source, guint32 above, GArray *out_uids, GError **error)
{
  Imap *imap = source->state;
  clist *found = NULL;
  struct mailimap_search_key *key = mailimap_search_key_new_uid(mailimap_set_new_interval(above + 1, 0));
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_uid_search(imap->session, NULL, key, &found);
  mailimap_search_key_free(key);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "UID SEARCH", rc, error);
  for (clistiter *at = clist_begin(found); at; at = clist_next(at)) {
    guint32 uid = *(uint32_t *)clist_content(at);
    if (uid > above) /* "900:*" always finds the last message */
      g_array_append_val(out_uids, uid);
  }
  mailimap_search_result_free(found);
  return TRUE;
}

static gint
compare_uids(gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

static gboolean
fetch_window(SlSource *source, const guint32 *uids, guint n, GArray *items, GError **error)
{
  Imap *imap = source->state;
  clist *messages = NULL;
  struct mailimap_set *set = mailimap_set_new_empty();
  struct mailimap_fetch_type *type = listing_items();
  for (guint i = 0; i < n; i++)
    mailimap_set_add_single(set, uids[i]);
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_uid_fetch(imap->session, set, type, &messages);
  mailimap_set_free(set);
  mailimap_fetch_type_free(type);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "UID FETCH", rc, error);
  for (clistiter *at = clist_begin(messages); at; at = clist_next(at)) {
    SlSourceItem item = read_item(clist_content(at), source->options->keyword);
    gboolean asked = item.uid && bsearch(&item.uid, uids, n, sizeof *uids, compare_uids);
    if (asked && item.received != SL_TIME_NONE) /* the rest is news that slipped in between */
      g_array_append_val(items, item);
  }
  mailimap_fetch_list_free(messages);
  return TRUE;
}

static gboolean
imap_list(SlSource *source, guint32 above, GArray *out_items, GError **error)
{
  g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
  if (!search_uids(source, above, uids, error))
    return FALSE;
  g_array_sort(uids, compare_uids);
  for (guint i = 0; i < uids->len; i += LIST_WINDOW) {
    if (!fetch_window(source, &g_array_index(uids, guint32, i), MIN(LIST_WINDOW, uids->len - i), out_items, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- one body ---- */

static bool
on_body(int att_type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length, void *user)
{
  SlSource *source = user;
  Imap *imap = source->state;
  (void)section;
  if (att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
    return true;
  imap->got_body = TRUE;
  return imap->chunk(bytes, length, imap->user, &imap->chunk_error);
}

/* The handler is not called for an empty body: only what libetpan returns tells it from NIL. */
static gboolean
body_is_there(const struct mailimap_msg_att *message)
{
  for (clistiter *at = clist_begin(message->att_list); at; at = clist_next(at)) {
    const struct mailimap_msg_att_item *part = clist_content(at);
    const struct mailimap_msg_att_static *fixed = part->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC ? part->att_data.att_static : NULL;
    if (fixed && fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION && fixed->att_data.att_body_section->sec_body_part)
      return TRUE;
  }
  return FALSE;
}

static int
fetch_body(SlSource *source, guint32 uid)
{
  Imap *imap = source->state;
  clist *messages = NULL;
  struct mailimap_set *set = mailimap_set_new_single(uid);
  struct mailimap_fetch_type *type =
      mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
  arm(imap, imap->command_sec * BODY_TIMES, (guint64)source->options->max_bytes + LIST_BYTES);
  mailimap_set_msg_body_handler(imap->session, on_body, source);
  int rc = mailimap_uid_fetch(imap->session, set, type, &messages);
  mailimap_set_msg_body_handler(imap->session, NULL, NULL);
  mailimap_set_free(set);
  mailimap_fetch_type_free(type);
  if (rc != MAILIMAP_NO_ERROR || !messages)
    return rc;
  for (clistiter *at = clist_begin(messages); at; at = clist_next(at))
    imap->got_body |= body_is_there(clist_content(at));
  mailimap_fetch_list_free(messages);
  return rc;
}

static gboolean
imap_stream(SlSource *source, guint32 uid, SlSourceChunk chunk, gpointer user, GError **error)
{
  Imap *imap = source->state;
  imap->chunk = chunk;
  imap->user = user;
  imap->got_body = FALSE;
  g_clear_error(&imap->chunk_error);
  int rc = fetch_body(source, uid);
  if (imap->chunk_error) {
    g_propagate_error(error, g_steal_pointer(&imap->chunk_error));
    return FALSE;
  }
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "UID FETCH BODY", rc, error);
  if (!imap->got_body) {
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "message %u is gone", uid);
    return FALSE;
  }
  return TRUE;
}

/* ---- marking ---- */

static gboolean
store_flag(SlSource *source, struct mailimap_set *set, struct mailimap_flag *flag, gboolean *out_kept)
{
  Imap *imap = source->state;
  struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
  mailimap_flag_list_add(flags, flag);
  struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_uid_store(imap->session, set, store);
  mailimap_store_att_flags_free(store);
  *out_kept = rc == MAILIMAP_NO_ERROR;
  gboolean cancelled;
  return sl_imap_stream_trouble(imap->stream, &cancelled) == NULL;
}

/* Without MOVE: a copy, then the original expunged by its UID; without UIDPLUS nothing of somebody else's may be expunged. */
static gboolean
move_without_move(SlSource *source, struct mailimap_set *set, const char *to, GError **error)
{
  Imap *imap = source->state;
  gboolean kept = FALSE;
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_uid_copy(imap->session, set, to);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "UID COPY", rc, error);
  if (!store_flag(source, set, mailimap_flag_new_deleted(), &kept))
    return explain(source, "UID STORE", 0, error);
  arm(imap, imap->command_sec, LIST_BYTES);
  rc = mailimap_uid_expunge(imap->session, set);
  return rc == MAILIMAP_NO_ERROR || explain(source, "UID EXPUNGE", rc, error);
}

static gboolean
move_to(SlSource *source, struct mailimap_set *set, const char *to, GError **error)
{
  Imap *imap = source->state;
  if (!imap->can_move)
    return move_without_move(source, set, to, error);
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_uid_move(imap->session, set, to);
  if (rc != MAILIMAP_NO_ERROR) { /* the folder may not be there yet */
    arm(imap, imap->command_sec, COMMAND_BYTES);
    if (mailimap_create(imap->session, to) == MAILIMAP_NO_ERROR) {
      arm(imap, imap->command_sec, LIST_BYTES);
      rc = mailimap_uid_move(imap->session, set, to);
    }
  }
  return rc == MAILIMAP_NO_ERROR || explain(source, "UID MOVE", rc, error);
}

static gboolean
imap_mark(SlSource *source, const guint32 *uids, guint n, SlMark mark, GError **error)
{
  Imap *imap = source->state;
  const SlSourceOptions *o = source->options;
  const char *to = mark == SL_MARK_QUARANTINED && o->trouble ? o->trouble : o->done;
  struct mailimap_set *set = mailimap_set_new_empty();
  gboolean ok = TRUE, kept = FALSE;
  for (guint i = 0; i < n; i++)
    mailimap_set_add_single(set, uids[i]);
  if (to && (imap->can_move || imap->can_uidplus))
    ok = move_to(source, set, to, error);
  else if (imap->keywords && !store_flag(source, set, mailimap_flag_new_flag_keyword(strdup(o->keyword)), &kept))
    ok = explain(source, "UID STORE", 0, error);
  imap->keywords = imap->keywords && (kept || to); /* a server that keeps no keywords is not asked again: our row is the truth */
  mailimap_set_free(set);
  return ok;
}

/* ---- waiting ---- */

static gboolean
buffered(const Imap *imap)
{
  return imap->session->imap_stream->read_buffer_len > 0 || sl_imap_stream_pending(imap->stream);
}

static gboolean
idle(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error)
{
  Imap *imap = source->state;
  arm(imap, imap->command_sec, COMMAND_BYTES);
  int rc = mailimap_idle(imap->session);
  if (rc != MAILIMAP_NO_ERROR)
    return explain(source, "IDLE", rc, error);
  /* "+ idling" and "* 2 EXISTS" may come in one record: poll would not see the second */
  gboolean ready = buffered(imap);
  if (!ready && !sl_source_poll(source, sl_imap_stream_fd(imap->stream), wake_fd, MIN(most_sec, IDLE_MOST_SEC), &ready, error))
    return FALSE;
  arm(imap, imap->command_sec, LIST_BYTES);
  rc = mailimap_idle_done(imap->session);
  *out_news = ready;
  return rc == MAILIMAP_NO_ERROR || explain(source, "IDLE", rc, error);
}

static gboolean
imap_wait(SlSource *source, gint64 most_sec, int wake_fd, gboolean *out_news, GError **error)
{
  Imap *imap = source->state;
  if (source->options->idle && imap->can_idle)
    return idle(source, most_sec, wake_fd, out_news, error);
  if (!sl_source_poll(source, -1, wake_fd, MIN(most_sec, source->options->poll_sec), out_news, error))
    return FALSE;
  arm(imap, imap->command_sec, LIST_BYTES);
  int rc = mailimap_noop(imap->session);
  *out_news = TRUE;
  return rc == MAILIMAP_NO_ERROR || explain(source, "NOOP", rc, error);
}

static void
imap_close(SlSource *source)
{
  Imap *imap = source->state;
  if (!imap)
    return;
  hang_up(source);
  if (imap->credentials)
    gnutls_certificate_free_credentials(imap->credentials);
  g_free(imap->host);
  g_free(imap->port);
  g_free(imap);
}

const SlSourceDriver sl_source_imap = {"imap", imap_open, imap_list, imap_stream, imap_mark, imap_wait, imap_close};
const SlSourceDriver sl_source_imaps = {"imaps", imap_open, imap_list, imap_stream, imap_mark, imap_wait, imap_close};
