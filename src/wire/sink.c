/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/address.h"
#include "base/error.h"
#include "wire/sink-private.h"

static const SlSinkDriver *const drivers[] = {&sl_sink_smtp, &sl_sink_smtps, &sl_sink_maildir};

void
sl_send_outcome_clear(SlSendOutcome *outcome)
{
  g_clear_pointer(&outcome->text, g_free);
}

void
sl_outcome_set(SlSendOutcome *outcome, SlSendResult result, int code, gboolean server, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_free(outcome->text);
  *outcome = (SlSendOutcome){result, code, server, g_strdup_vprintf(format, args)};
  va_end(args);
}

static const SlSinkDriver *
driver_of(const char *url)
{
  for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
    gsize n = strlen(drivers[i]->scheme);
    if (strncmp(url, drivers[i]->scheme, n) == 0 && g_str_has_prefix(url + n, "://"))
      return drivers[i];
  }
  return NULL;
}

SlSink *
sl_sink_new(const SlSinkOptions *options, int cancel_fd, GError **error)
{
  const SlSinkDriver *driver = driver_of(options->url);
  if (!driver) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "smtp %s: no way to send to %s", options->name, options->url);
    return NULL;
  }
  SlSink *sink = g_new0(SlSink, 1);
  sink->options = options;
  sink->driver = driver;
  sink->cancel_fd = cancel_fd;
  return sink;
}

gboolean
sl_sink_open(SlSink *sink, GError **error)
{
  return sink->driver->open(sink, error);
}

gboolean
sl_sink_check(SlSink *sink, GError **error)
{
  return sink->driver->check(sink, error);
}

void
sl_sink_send(SlSink *sink, const char *envelope_sender, const char *recipient, SlSinkRead read, SlSinkGate gate, gpointer user,
             SlSendOutcome *out_outcome)
{
  *out_outcome = (SlSendOutcome){SL_DEFERRED, 0, FALSE, NULL};
  /* curl and a Maildir both would carry a line end on: whatever came this far, an envelope holds addresses only */
  if (!sl_address_is_sendable(recipient) || (*envelope_sender && !sl_address_is_sendable(envelope_sender)))
    sl_outcome_set(out_outcome, SL_REFUSED, 0, FALSE, "the address cannot stand in an envelope");
  else
    sink->driver->send(sink, envelope_sender, recipient, read, gate, user, out_outcome);
}

void
sl_sink_free(SlSink *sink)
{
  if (!sink)
    return;
  sink->driver->close(sink);
  g_free(sink);
}
