/* SPDX-License-Identifier: ISC */
/* The one reader of the clock. Everything else takes `SlTime now` (tests/check-layers holds that).
 *
 * sl_wall_now() is what `--now` replaces, for decisions only; leases and timeouts always use the boot clock. */
#pragma once
#include "base/time.h"

/* The wall clock, UTC. */
SlTime sl_wall_now(void);

/* Microseconds since boot, suspend included; for leases on one machine and for timeouts. Never goes back. */
gint64 sl_wall_boot_usec(void);

/* An identifier of this boot: a lease from another one is over. Borrowed, constant for the process; "" where unknown. */
const char *sl_wall_boot_id(void);
