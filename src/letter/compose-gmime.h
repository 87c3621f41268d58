/* SPDX-License-Identifier: ISC */
/* A message under construction, by GMime. Values must be safe already (compose.c's gate). */
#pragma once
#include "base/time.h"

typedef struct SlMessage SlMessage;

/* text/plain, with html (NULL: none) as its alternative; a whole mail beside it (NULL: none), and the attachments of another
 * (NULL: none), without its headers and texts. */
SlMessage *sl_message_new(const char *text, const char *html, GBytes *original, GBytes *files);
void sl_message_from(SlMessage *message, const char *name, const char *address);
void sl_message_to(SlMessage *message, const char *address, gboolean is_cc);
void sl_message_reply_to(SlMessage *message, const char *name, const char *address);
void sl_message_subject(SlMessage *message, const char *subject);
void sl_message_date(SlMessage *message, SlTime at, const char *zone);
void sl_message_header(SlMessage *message, const char *name, const char *value);
/* As it stands; `bracket`: within <>. GMime would fold and encode a long id. */
void sl_message_raw_header(SlMessage *message, const char *name, const char *value, gboolean bracket);
/* The bytes, CR LF throughout; frees the message. Owned. */
GBytes *sl_message_finish(SlMessage *message);

/* The text part of a letter of ours, as UTF-8. NULL when it has none. Owned. */
char *sl_message_read_text(GBytes *bytes);
