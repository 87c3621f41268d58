/* SPDX-License-Identifier: ISC */
/* One error domain. A code says what the caller must *do*, not what happened; the message says that. */
#pragma once
#include <glib.h>

#define SL_ERROR (sl_error_quark())

/*        code       what the caller does                             sysexit */
#define SL_ERRORS(X)                                                                                                   \
  X(TEMP, "temporary", 75)        /* nothing is wrong: try again later                */                               \
  X(MAIL, "mail", 65)             /* only this mail is bad: quarantine it and go on   */                               \
  X(ACCOUNT, "account", 69)       /* close this session and back off                  */                               \
  X(STORE, "store", 74)           /* stop intake: nothing can be kept                 */                               \
  X(CONFIG, "config", 78)         /* refuse to start                                  */                               \
  X(AUTH, "auth", 69)             /* the server refused our credentials               */                               \
  X(LIMIT, "limit", 65)           /* over a limit from outside: refuse this item      */                               \
  X(DENIED, "denied", 77)         /* this person may not do this                      */                               \
  X(CANCELLED, "cancelled", 75)   /* we were asked to stop                            */                               \
  X(USAGE, "usage", 64)           /* the command line is wrong                        */                               \
  X(NOT_FOUND, "not-found", 66)   /* no such ticket, letter or file                   */                               \
  X(CREATE, "cannot-create", 73)  /* an output file cannot be made                    */                               \
  X(BUG, "bug", 70)               /* ours                                             */

typedef enum {
#define X(name, word, exit) SL_ERROR_##name,
  SL_ERRORS(X)
#undef X
} SlError;

GQuark sl_error_quark(void);

/* sysexits.h code for any GError (foreign domains: 75, since only what is proven permanent may end a mail). */
int sl_error_exit_code(const GError *error);

/* The word printed as "code" in JSON. Borrowed, static. */
const char *sl_error_word(const GError *error);

/* g_propagate_prefixed_error's short form for "while WHAT: WHY"; returns FALSE. */
gboolean sl_error_prefix(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
