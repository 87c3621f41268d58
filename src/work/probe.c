/* SPDX-License-Identifier: ISC */
#include "base/wall.h"
#include "store/probes.h"
#include "wire/http.h"
#include "work/stages.h"

#define ROUND_MS 1000 /* how often a pass says that it is alive */

/* One probe and the look that is under way. */
typedef struct {
  SlProber *prober;
  const SlProbeConfig *probe;
  gint64 due_usec; /* by the boot clock */
  SlTime at;       /* when the look began */
  gboolean asking;
} Look;

struct SlProber {
  SlWork *work;
  SlHttp *http;
  int cancel_fd;
  gboolean again; /* ask anew when due while others are still asked */
  Look *looks;    /* one a probe of the configuration */
  SlProbeTell tell;
  gpointer user;
  GError *error; /* of the store, met in a call back */
};

SlProber *
sl_prober_new(SlWork *work, int cancel_fd, gboolean again, SlProbeTell tell, gpointer user)
{
  const GPtrArray *probes = work->config->probes;
  SlProber *prober = g_new0(SlProber, 1);
  prober->work = work;
  prober->cancel_fd = cancel_fd;
  prober->again = again;
  prober->tell = tell;
  prober->user = user;
  prober->http = sl_http_new(cancel_fd);
  prober->looks = g_new0(Look, probes->len);
  for (guint i = 0; i < probes->len; i++)
    prober->looks[i] = (Look){.prober = prober, .probe = probes->pdata[i], .due_usec = sl_wall_boot_usec()};
  return prober;
}

void
sl_prober_free(SlProber *prober)
{
  if (!prober)
    return;
  sl_http_free(prober->http);
  g_free(prober->looks);
  g_clear_error(&prober->error);
  g_free(prober);
}

/* ---- one look ---- */

static gboolean
record(SlProber *prober, const Look *look, const SlHttpOutcome *outcome, gboolean *out_new, GError **error)
{
  SlDb *db = prober->work->db;
  if (!sl_db_begin(db, error))
    return FALSE;
  if (sl_probes_add(db, look->probe, look->at, outcome->result == SL_HTTP_OK, outcome->why, out_new, error))
    return sl_db_commit(db, error);
  sl_db_rollback(db);
  return FALSE;
}

/* A look that could not be made is none: it says nothing of the system, and is not kept. */
static void
on_done(const SlHttpOutcome *outcome, gpointer user)
{
  Look *look = user;
  SlProber *prober = look->prober;
  gboolean fresh = FALSE;
  gboolean unasked = outcome->result == SL_HTTP_UNASKED;
  look->asking = FALSE;
  if (prober->error || (!unasked && !record(prober, look, outcome, &fresh, &prober->error)))
    return;
  const SlProbeResult result = {(guint)(look - prober->looks), outcome->result == SL_HTTP_OK, unasked, fresh, outcome->why, look->at,
                                outcome->millis};
  prober->tell(&result, prober->user);
}

static void
begin(Look *look, gint64 boot_usec)
{
  const SlProbeConfig *probe = look->probe;
  const SlHttpRequest request = {probe->url, probe->tls_ca, probe->timeout_sec};
  gint64 every_usec = probe->every_sec * G_USEC_PER_SEC;
  look->asking = TRUE;
  look->at = sl_work_now(look->prober->work);
  /* on the beat, unless one was missed */
  look->due_usec += every_usec;
  if (look->due_usec <= boot_usec)
    look->due_usec = boot_usec + every_usec;
  sl_http_get(look->prober->http, &request, on_done, look);
}

static void
begin_due(SlProber *prober)
{
  gint64 boot_usec = sl_wall_boot_usec();
  for (guint i = 0; i < prober->work->config->probes->len; i++) {
    Look *look = &prober->looks[i];
    if (!look->asking && look->due_usec <= boot_usec)
      begin(look, boot_usec);
  }
}

/* ---- a pass ---- */

/* What nobody drives on would time out by our fault. */
static void
drop_all(SlProber *prober)
{
  sl_http_free(prober->http);
  prober->http = sl_http_new(prober->cancel_fd);
  for (guint i = 0; i < prober->work->config->probes->len; i++)
    prober->looks[i].asking = FALSE;
}

static gboolean
ask_all(SlProber *prober, SlBeat beat, gpointer user, GError **error)
{
  begin_due(prober);
  while (sl_http_under_way(prober->http)) {
    if (beat && !beat(user)) {
      g_set_error_literal(error, SL_ERROR, SL_ERROR_CANCELLED, "asked to stop while probes were asked");
      return FALSE;
    }
    sl_http_run(prober->http, ROUND_MS);
    if (prober->error) {
      g_propagate_error(error, g_steal_pointer(&prober->error));
      return FALSE;
    }
    if (prober->again)
      begin_due(prober);
  }
  return TRUE;
}

gboolean
sl_probe_pass(SlProber *prober, SlBeat beat, gpointer user, GError **error)
{
  if (ask_all(prober, beat, user, error))
    return TRUE;
  drop_all(prober);
  return FALSE;
}
