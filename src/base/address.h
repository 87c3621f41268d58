/* SPDX-License-Identifier: ISC */
/* What may stand in an envelope, and so in the configuration, too. */
#pragma once
#include <glib.h>

/* Strict: ASCII dot-atom or quoted local part, domain, at most 254 bytes, no control, space, < or >. NULL is none. */
gboolean sl_address_is_sendable(const char *address);
