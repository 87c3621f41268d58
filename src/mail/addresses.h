/* SPDX-License-Identifier: ISC */
/* The addresses in a header's value, as SlMailbox. GMime reads what the grammar allows, groups among it; where it finds
 * nothing, the first thing around an '@' is taken. Names and addresses are clean UTF-8 of bounded length; at most 500. */
#pragma once
#include <gmime/gmime.h>

#include "mail/mail.h"

/* Is it something@something, of at most 320 bytes, without blanks, brackets, commas? */
gboolean sl_address_is_valid(const char *address);

/* `value` is UTF-8, its encoded words (RFC 2047) still encoded; `gmime` may be NULL, but
 * g_mime_init() must have been called. Adds to `list`. */
void sl_addresses_read(const char *value, GMimeParserOptions *gmime, GPtrArray *list);

/* Adds at most one: the first thing around an '@', by no grammar. `value` may hold any bytes but NUL. */
void sl_addresses_guess(const char *value, GPtrArray *list);
