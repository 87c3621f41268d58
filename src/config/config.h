/* SPDX-License-Identifier: ISC */
/* The whole configuration: one const SlConfig * passed down. Option structs live with their users; the options of work, store
 * and the daemon stand here. Filled by config/load from one table of options (config/table). */
#pragma once
#include "desk/policy.h"
#include "letter/letter.h"
#include "mail/parse.h"
#include "wire/sink.h"
#include "wire/source.h"

typedef struct {
  SlSourceOptions source;
  char *name;
  char *since;       /* "2026-11-24" or NULL: the moment of the first look */
  SlTime since_at;   /* NONE: the moment of the first look */
  char *language;    /* NULL */
} SlMailboxConfig;

/* An HTTP check of a client's system (S7). */
typedef struct {
  char *name;
  char *url;          /* http:// or https:// */
  char *tls_ca;       /* PEM file with the only trusted CAs; NULL: the system's */
  gint64 every_sec;   /* at least 10 */
  gint64 timeout_sec; /* for the whole of it; less than every_sec */
  guint fail_after;   /* failures in a row that are an outage; at least 1 */
  GPtrArray *clients; /* char*: whose system it is; empty: everybody's */
} SlProbeConfig;

/* A look stands that long, when no other follows: two may be missed. */
gint64 sl_probe_silence_sec(const SlProbeConfig *probe);

typedef struct {
  char *path;            /* of the file it was read from */
  char *database, *spool;
  char *reply_key;       /* path (from "file:/path"); default: beside the database */
  SlLetterOptions letter;
  SlMailOptions mail;
  SlPolicy *policy;
  GPtrArray *mailboxes;  /* SlMailboxConfig* */
  GPtrArray *sinks;      /* SlSinkOptions*: the first is tried first; at least one */
  GPtrArray *calendars;  /* SlCalendar*: by name, for `slate calendar` */
  GPtrArray *agreements; /* SlAgreement*: by name; further versions of one name after it */
  gboolean names_standard; /* sla "standard" stands in the file; else `agreements` has it as the agreement's own values */
  gboolean names_default;  /* client "default" stands in the file */
  GPtrArray *probes;     /* SlProbeConfig* */
  gint64 max_attachment_bytes; /* a mail larger than that does not ride along with a letter: 25 MiB */
  gint64 poll_sec;       /* how often a stage looks without being woken: 2 */
  gint64 grace_sec;      /* tick waits that long for mailboxes that are not read: 120 */
} SlConfig;

/* A fault of the configuration: FILE:LINE: WHAT. */
typedef struct {
  char *file;
  int line;      /* 0: the file as a whole */
  char *what;
  gboolean warning; /* `check` warns; nothing refuses to start */
  SlTime error_from; /* a warning that is an error to `check` from then on; NONE */
} SlConfigFault;
void sl_config_fault_free(SlConfigFault *fault);
char *sl_config_fault_text(const SlConfigFault *fault); /* owned */

/* Reads a file. All faults are appended to `faults` (SlConfigFault*); NULL when one of them is an error. Owned. */
SlConfig *sl_config_load(const char *path, GPtrArray *faults) SL_WARN_UNUSED;

/* Reads only what is agreed: calendars, agreements, ladders and clients, of a whole configuration or of a file that holds nothing else. What
 * is said elsewhere in it must be well written, and is left alone. `zone`: the default where the file names none. As above. */
SlConfig *sl_config_load_agreements(const char *path, const char *zone, GPtrArray *faults) SL_WARN_UNUSED;

void sl_config_free(SlConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlConfig, sl_config_free)

/* -c, else $SLATE_CONFIG, else SYSCONFDIR/slate/slate.conf. Owned. */
char *sl_config_path(const char *option);

/* Only what slate-ingest needs (spool, max_message), read quickly; falls back to the full checks' faults. NULL as above. */
char *sl_config_spool(const char *path, GPtrArray *faults) SL_WARN_UNUSED;

const SlMailboxConfig *sl_config_mailbox(const SlConfig *config, const char *name);  /* NULL when there is none */
const SlCalendar *sl_config_calendar(const SlConfig *config, const char *name);
