/* SPDX-License-Identifier: ISC */
/* Structured log lines: to the journal when standard error is the journal's, else one `key=value` line there.
 *
 * Only cli/, daemon/ and the tops of work/ log; others return errors. Addresses may be logged; bodies, tokens and
 * passwords never. Values are escaped: nothing from outside can forge a line or move a terminal's cursor. */
#pragma once
#include <glib.h>

typedef enum { SL_LOG_ERROR, SL_LOG_WARNING, SL_LOG_INFO, SL_LOG_DEBUG } SlLogLevel;

/* `ident` names the process ("slate-fetch"); `most` is the least important level still written. */
void sl_log_init(const char *ident, SlLogLevel most);

/* `what` is a fixed sentence; then pairs of key and value strings, ended by NULL. A NULL value is left out. */
void sl_log(SlLogLevel level, const char *what, ...) G_GNUC_NULL_TERMINATED;

/* The same with a GError's message as `error`. */
void sl_log_error(const GError *error, const char *what, ...) G_GNUC_NULL_TERMINATED;
