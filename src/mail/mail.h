/* SPDX-License-Identifier: ISC */
/* A mail that came in, as plain values: what the desk reads. Made by mail/parse from bytes; any byte string gives one.
 *
 * All strings are valid UTF-8 without control characters (text keeps \n and \t); message ids stand without angle
 * brackets. Everything is owned by the SlMail (sl_mail_free). */
#pragma once
#include "base/time.h"

typedef enum {
  SL_ORIGIN_PERSON,
  SL_ORIGIN_AUTO_REPLY,
  SL_ORIGIN_BOUNCE,
  SL_ORIGIN_LIST,
  SL_ORIGIN_BULK,
  SL_ORIGIN_SELF,
} SlOrigin;

const char *sl_origin_word(SlOrigin origin); /* "auto-reply"; static */

typedef struct {
  char *name;    /* display name; "" when none */
  char *address; /* addr-spec as written, domain lower-cased; never NULL in a list */
} SlMailbox;

typedef struct {
  char *name; /* made safe: no path, no control characters; "" when none */
  char *type; /* "application/pdf" */
  gint64 size_bytes;
  char *sha256; /* hex of the decoded bytes */
  gboolean is_inline;
  gboolean executable; /* by its name, type or first bytes: something that runs when it is opened */
} SlAttachment;

typedef struct {
  char *recipient, *action, *status, *diagnostic; /* any may be NULL */
  char *kind;                                     /* "hard", "soft", "none" */
} SlDsn;

/* The mail that the sender sends on, in the text or as an attached mail. */
typedef struct {
  SlMailbox *from; /* who first wrote it; never NULL */
  SlTime date;     /* as printed there; without a zone in that of whoever forwards (their Date header); NONE when it can't be read */
  char *subject;   /* "" when none */
  char *text;      /* the mail proper, below its header; "" when none */
} SlForwarded;

typedef struct {
  char *name, *value; /* unfolded, decoded as raw UTF-8 (not RFC 2047), value at most 4 KiB; for rules */
} SlHeader;

typedef struct {
  char *subject;                       /* decoded, CR/LF and controls become spaces; "" when none */
  SlMailbox *from;                     /* the first From; NULL where no address can be read */
  GPtrArray *reply_to, *to, *cc;       /* SlMailbox*, never NULL */
  char *delivered_to;                  /* the topmost Delivered-To/X-Original-To address; NULL */
  SlTime date;                         /* the Date header: shown, never counted with; NONE */
  int date_zone_sec;                   /* its offset, east positive; 0 where it has none */
  char *message_id;                    /* NULL when none */
  GPtrArray *in_reply_to, *references; /* char*, at most 100 each (first + last 99) */
  char *thread_topic, *thread_index;   /* NULL when none */
  char *text;                          /* the whole body as plain text; "" when none */
  char *reply;                         /* what the sender newly wrote; all of `text` where that is nothing */
  gboolean nothing_new;                /* so it was: a quotation alone, or a forward with no word above it */
  gboolean html;                       /* there was no plain text part worth reading */
  gboolean html_only;                  /* text was made from HTML */
  GPtrArray *attachments;              /* SlAttachment* */
  SlOrigin origin;
  char *origin_reason;    /* "Auto-Submitted: auto-replied"; never NULL */
  GPtrArray *dsn;         /* SlDsn* */
  char *dsn_message_id;   /* the mail that bounced; NULL */
  char *returned_to;      /* whom the mail that bounced was for, by its own To; NULL */
  SlForwarded *forwarded; /* NULL when nothing is forwarded; whether that matters is a question of who forwards */
  GPtrArray *headers;     /* SlHeader*, in order, at most 1000 */
  char *authentication;   /* "pass"/"fail"/"none": an aligned DKIM or DMARC result of a trusted authserv-id */
  GPtrArray *faults;      /* char*: what was broken */
  char *content_key;      /* hex SHA-256 over Message-ID, From, Date, Subject and the LF-normalised body */
  gint64 size_bytes;      /* of the raw mail */
  gboolean oversize;      /* over max_message: only headers were read */
} SlMail;

SlMail *sl_mail_new(void); /* empty lists, "" strings; owned */
void sl_mail_free(SlMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlMail, sl_mail_free)

void sl_dsn_free(SlDsn *dsn);
void sl_forwarded_free(SlForwarded *forwarded);

SlMailbox *sl_mailbox_new(const char *name, const char *address);
void sl_mailbox_free(SlMailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlMailbox, sl_mailbox_free)

/* Does the display name pose as another address ("support@pool.example" <eve@x.example>)? Then the address must be shown
 * beside it. */
gboolean sl_mailbox_misleads(const SlMailbox *mailbox);

/* The first header of that name, any case; NULL. Borrowed. */
const char *sl_mail_header(const SlMail *mail, const char *name);

/* Are two addr-specs the same mailbox? ASCII case is ignored in both parts (every server in use does). */
gboolean sl_address_equal(const char *a, const char *b);

/* A copy in the form used as a key: all lower case. Owned. */
char *sl_address_fold(const char *address);

/* The part after the last '@', borrowed; "" when there is none. */
const char *sl_address_domain(const char *address);
