/* SPDX-License-Identifier: ISC */
/* Signed addresses: support+TOKEN@…, TOKEN = the first 80 bits of HMAC-SHA256(key, ticket NUL person NUL scope) in lower-case
 * base32 (16 characters; survives servers that fold case). The store keeps only the token's SHA-256. The same token rides
 * in our Message-IDs, so that it comes back in In-Reply-To where the server knows no +detail. */
#pragma once
#include "base/address.h"
#include "letter/letter.h"

typedef struct SlReplyKey SlReplyKey;

/* Reads the key (32 random bytes, base64) from `path`; makes the file, 0600, when it is not there and `create`. NULL with
 * SL_ERROR_CONFIG. Owned. */
SlReplyKey *sl_reply_key_load(const char *path, gboolean create, GError **error) SL_WARN_UNUSED;
void sl_reply_key_free(SlReplyKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlReplyKey, sl_reply_key_free)

/* The token of a person (an address, any case) on a ticket (0: their own, of no ticket). `generation` counts its predecessors that
 * outsiders saw. Owned. */
char *sl_token_make(const SlReplyKey *key, gint64 ticket, const char *person, SlScope scope, int generation);

/* SHA-256 of a token in lower-case hex: what the store keeps. Owned. */
char *sl_token_hash(const char *token);

/* Is `token` (any case) that of this ticket, person and scope? Constant time. */
gboolean sl_token_verify(const SlReplyKey *key, const char *token, gint64 ticket, const char *person, SlScope scope, int generation);

/* reply_to "support+{token}@d" → the address with the token. Owned. */
char *sl_token_address(const SlLetterOptions *options, const char *token);

/* The token in an address of ours (any case), lower-cased; NULL when it has none or is not ours. Owned. */
char *sl_token_in_address(const SlLetterOptions *options, const char *address);

/* "TICKET.TOKEN.HASH@domain" without brackets, HASH from the purpose: the same purpose gives the same id. token may be NULL.
 * Owned. */
char *sl_message_id_make(const SlLetterOptions *options, gint64 ticket, const char *token, const char *purpose);

/* The token in a Message-ID of ours; NULL. Owned. */
char *sl_token_in_message_id(const SlLetterOptions *options, const char *message_id);
