/* SPDX-License-Identifier: ISC */
/* Mails that came in: their row, references, content keys, held and quarantined ones. */
#pragma once
#include "mail/mail.h"
#include "store/db.h"

#define SL_MAIL_STATES(X)                                                                                              \
  X(STORED, "stored")                                                                                                  \
  X(HELD, "held")                                                                                                      \
  X(QUARANTINED, "quarantined")                                                                                        \
  X(DROPPED, "dropped")

typedef enum {
#define X(name, word) SL_MAIL_##name,
  SL_MAIL_STATES(X)
#undef X
  SL_N_MAIL_STATES
} SlMailState;
const char *sl_mail_state_word(SlMailState state);

typedef struct {
  gint64 id;
  char *sha256;      /* of the raw bytes, hex: the key into raw */
  gint64 ticket;     /* 0: none */
  char *direction;   /* "in", "passed" (a customer's words in an agent's mail), "out" (an agent's answer), "note", "other" (not shown) */
  SlMailState state;
  char *outcome;     /* word */
  char *reason;      /* NULL */
  SlTime received;
  char *mailbox, *source; /* mailbox name or NULL; spool file name */
  char *message_id, *from, *subject; /* NULL where there is none */
  char *to, *cc;     /* JSON arrays of addresses */
  char *text, *reply; /* plain text; NULL when quarantined */
  char *attachments; /* JSON array as in CONTRACT M */
  char *thread_topic, *thread_index; /* NULL */
} SlMailRow;
void sl_mail_row_free(SlMailRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlMailRow, sl_mail_row_free)

/* Inserts a row for a parsed mail (state stored, outcome none yet) with its references; *out_id. */
gboolean sl_mails_insert(SlDb *db, const SlMail *mail, const char *sha256, SlTime received, const char *mailbox,
                         const char *source, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* For what could not be parsed: only raw bytes and a reason. */
gboolean sl_mails_quarantine(SlDb *db, const char *sha256, SlTime received, const char *mailbox, const char *source,
                             const char *reason, gint64 *out_id, GError **error) SL_WARN_UNUSED;

/* What became of it. */
gboolean sl_mails_settle(SlDb *db, gint64 id, gint64 ticket, const char *direction, SlMailState state, const char *outcome,
                         const char *reason, GError **error) SL_WARN_UNUSED;

/* A mail that was split off goes over to its ticket. */
gboolean sl_mails_move(SlDb *db, gint64 id, gint64 ticket, GError **error) SL_WARN_UNUSED;

/* What the row still knows of the parsed mail: enough to route and decide it once more. Owned. */
SlMail *sl_mails_as_mail(const SlMailRow *row);

/* Held mail: stored (somebody let it in) or dropped; quarantined mail: dropped, or stored when it is read after all. The table of
 * what may become what. */
gboolean sl_mail_may(SlMailState from, SlMailState to);

/* Content keys (never pruned): the same key by the same door commits once. *out_mail: the mail that was first (0: we are). */
gboolean sl_mails_content_find(SlDb *db, const char *key, gint64 door, gint64 *out_mail, gint64 *out_ticket, GError **error) SL_WARN_UNUSED;
gboolean sl_mails_content_put(SlDb *db, const char *key, gint64 door, gint64 mail, gboolean *out_first, GError **error) SL_WARN_UNUSED;

/* Ticket numbers of the mails and letters with these Message-IDs, in the order of `ids`, each once. GArray of gint64. */
GArray *sl_mails_tickets_of(SlDb *db, const GPtrArray *ids, GError **error) SL_WARN_UNUSED;

/* The same of the mails that name one of these Message-IDs, where no mail or letter with that id is here (yet); and of those and the
 * mails with these ids: of a thread whose parents are late, or never come, that is all. */
GArray *sl_mails_tickets_citing(SlDb *db, const GPtrArray *ids, GError **error) SL_WARN_UNUSED;
GArray *sl_mails_tickets_of_thread(SlDb *db, const GPtrArray *ids, GError **error) SL_WARN_UNUSED;

/* NULL with SL_ERROR_NOT_FOUND. */
SlMailRow *sl_mails_get(SlDb *db, gint64 id, GError **error) SL_WARN_UNUSED;
/* A ticket's mails with direction in, passed, out, note, by receipt. GPtrArray of SlMailRow. */
GPtrArray *sl_mails_of_ticket(SlDb *db, gint64 ticket, GError **error) SL_WARN_UNUSED;
GPtrArray *sl_mails_in_state(SlDb *db, SlMailState state, GError **error) SL_WARN_UNUSED;
gboolean sl_mails_count(SlDb *db, SlMailState state, gint64 *out_n, GError **error) SL_WARN_UNUSED;
/* Message-IDs of the mails in and the letters out that the requester has seen, oldest first. GPtrArray of char*. */
GPtrArray *sl_mails_thread(SlDb *db, gint64 ticket, const char *requester, GError **error) SL_WARN_UNUSED;
/* The row of the same raw bytes, spool source name: was this spool file taken in already? 0 when not. */
gboolean sl_mails_by_source(SlDb *db, const char *source, gint64 *out_id, GError **error) SL_WARN_UNUSED;
