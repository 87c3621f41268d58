/* SPDX-License-Identifier: ISC */
/* Secrets never stand in the configuration, the process list, the log or the store; there they are named:
 *   cred:NAME     a systemd credential ($CREDENTIALS_DIRECTORY/NAME)
 *   file:/path    a regular file, ours or root's, readable by its owner (and group) only
 *   cmd:COMMAND   the first line that a command prints within 30 s */
#pragma once
#include "base/time.h"

/* Is `spec` one of the three forms? Says why not in *out_why (static) when it is not. */
gboolean sl_secret_spec_ok(const char *spec, const char **out_why);

/* The secret's first line, without its newline; at most 16 KiB, no NUL. NULL with SL_ERROR_CONFIG (not there, or
 * readable by others) or SL_ERROR_TEMP (the command failed). Owned; clear it with sl_secret_free. */
char *sl_secret_load(const char *spec, GError **error) SL_WARN_UNUSED;

/* Wipes and frees. NULL is fine. */
void sl_secret_free(char *secret);

/* Are two strings equal? Takes the same time wherever they differ. */
gboolean sl_secret_equal(const char *a, const char *b, gsize length);
