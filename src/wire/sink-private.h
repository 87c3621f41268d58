/* SPDX-License-Identifier: ISC */
#pragma once
#include "wire/sink.h"

struct SlSink {
  const SlSinkOptions *options;
  const SlSinkDriver *driver;
  int cancel_fd;
  gpointer state; /* the driver's */
};

extern const SlSinkDriver sl_sink_smtp, sl_sink_smtps, sl_sink_maildir;

void sl_outcome_set(SlSendOutcome *outcome, SlSendResult result, int code, gboolean server, const char *format, ...) G_GNUC_PRINTF(5, 6);
