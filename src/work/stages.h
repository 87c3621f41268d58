/* SPDX-License-Identifier: ISC */
/* One pass of each stage. The command line runs one; a worker runs them in a loop (daemon/worker). */
#pragma once
#include "work/spool.h"
#include "work/step.h"

/* What a long pass calls now and then: the worker's heart beat; FALSE asks the pass to end early. May be NULL. */
typedef gboolean (*SlBeat)(gpointer user);

/* ---- intake: drains the spool ---- */
typedef struct {
  char *source;  /* spool name, or path */
  SlStepResult step;
} SlIntakeResult;
void sl_intake_result_free(SlIntakeResult *result);

/* Takes in what lies in new/ (or only `only`, a spool name), at most 50 messages a transaction. Appends SlIntakeResult* to
 * `results` when not NULL. The caller holds the spool's lock. A mail that cannot be parsed, or that killed its worker twice, is
 * quarantined; a full store stops the pass with SL_ERROR_STORE, and nothing is lost. */
gboolean sl_intake_pass(SlWork *work, SlSpool *spool, const char *only, SlBeat beat, gpointer user, GPtrArray *results,
                        GError **error) SL_WARN_UNUSED;

/* ---- tick: alarms and bundles due at now ---- */
typedef struct {
  GPtrArray *fired; /* SlFired*; owned */
  guint letters;
} SlTickResult;
gboolean sl_tick_pass(SlWork *work, SlBeat beat, gpointer user, SlTickResult *out_result, GError **error) SL_WARN_UNUSED;
void sl_tick_result_clear(SlTickResult *result);

/* The earliest whole second at which a tick would do something; NONE. */
gboolean sl_tick_next(SlWork *work, SlTime *out_at, GError **error) SL_WARN_UNUSED;

/* ---- send: one pass over the outbox ---- */
typedef struct {
  gint64 letter;
  char *recipient;
  char *error;       /* NULL when sent */
  SlTime not_before; /* deferred: when it is tried again */
  enum { SL_PASS_SENT, SL_PASS_DEFERRED, SL_PASS_FAILED, SL_PASS_WITHHELD } what;
} SlSendResultRow;
void sl_send_row_free(SlSendResultRow *row);

typedef struct SlSender SlSender; /* keeps the SMTP connection between passes */
SlSender *sl_sender_new(SlWork *work, int cancel_fd, GError **error) SL_WARN_UNUSED;
void sl_sender_free(SlSender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlSender, sl_sender_free)
/* Appends SlSendResultRow* to `rows` when not NULL. */
gboolean sl_send_pass(SlSender *sender, SlBeat beat, gpointer user, GPtrArray *rows, GError **error) SL_WARN_UNUSED;

/* ---- fetch: one mailbox into the spool, then marks ---- */
typedef struct {
  char *name;
  guint seen, ingested, duplicates, quarantined;
  char *error; /* NULL */
} SlFetchResult;
void sl_fetch_result_free(SlFetchResult *result);

typedef struct SlFetcher SlFetcher; /* one mailbox and its session */
SlFetcher *sl_fetcher_new(SlWork *work, SlSpool *spool, const SlMailboxConfig *mailbox, int cancel_fd, SlBeat beat,
                          gpointer user, GError **error) SL_WARN_UNUSED;
void sl_fetcher_free(SlFetcher *fetcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlFetcher, sl_fetcher_free)
/* Connects if need be, spools what is new, marks what the store says is taken in. */
gboolean sl_fetch_pass(SlFetcher *fetcher, SlFetchResult *out_result, GError **error) SL_WARN_UNUSED;
/* Marks only. */
gboolean sl_fetch_mark(SlFetcher *fetcher, GError **error) SL_WARN_UNUSED;
/* Waits for news (IDLE or poll), at most `most_sec`, or until wake_fd is readable. */
gboolean sl_fetch_wait(SlFetcher *fetcher, gint64 most_sec, int wake_fd, GError **error) SL_WARN_UNUSED;

/* ---- probe: are the clients' systems up (S7)? ---- */
typedef struct {
  guint i;          /* of the configuration's probes */
  gboolean up;
  gboolean unasked; /* the trouble is ours: it was not asked, and nothing is recorded */
  gboolean fresh;   /* unlike the look before */
  const char *why;  /* NULL when up; gone after the call */
  SlTime at;        /* when the look began */
  gint64 millis;
} SlProbeResult;
typedef void (*SlProbeTell)(const SlProbeResult *result, gpointer user);

typedef struct SlProber SlProber; /* knows when each probe is due: all of them at first, then every so often by the boot clock */
/* `again`: a pass asks those anew that become due while it waits for others. `tell` hears of each look. Never NULL. */
SlProber *sl_prober_new(SlWork *work, int cancel_fd, gboolean again, SlProbeTell tell, gpointer user);
void sl_prober_free(SlProber *prober);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlProber, sl_prober_free)
/* Asks each probe that is due, side by side, records what was seen, and returns when none is under way. Stopped (SL_ERROR_CANCELLED)
 * or failed, what was under way is dropped unrecorded. */
gboolean sl_probe_pass(SlProber *prober, SlBeat beat, gpointer user, GError **error) SL_WARN_UNUSED;

/* ---- upkeep ---- */
/* Sweeps the spool, seals the record once a day, alerts the postmaster of what is stuck. */
gboolean sl_upkeep_pass(SlWork *work, SlSpool *spool, GError **error) SL_WARN_UNUSED;
