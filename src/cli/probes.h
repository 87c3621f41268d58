/* SPDX-License-Identifier: ISC */
/* What `slate status` says of the probes. */
#pragma once
#include "cli/command.h"

/* A line a probe, unless JSON is wanted, and an object each in `out`. A client's system that is down is shown and is no trouble of
 * ours; a probe that does not look any more though slated runs (`running`) is: appended to `trouble`. */
gboolean sl_probes_status(SlCli *cli, gboolean running, SlJson *out, SlJson *trouble, GError **error) SL_WARN_UNUSED;
