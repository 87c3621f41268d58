/* SPDX-License-Identifier: ISC */
/* What a stranger's bytes can reach, one entry point a reader. Each takes any bytes, gives nothing back, and aborts on a
 * broken promise (text that is not valid UTF-8, a control in a header's value). Fuzzed by libFuzzer, and replayed over
 * real mails and kept findings by `make check`. */
#pragma once
#include <glib.h>

typedef struct {
  const char *name;
  void (*run)(const guint8 *bytes, gsize length);
} SlFuzzTarget;

extern const SlFuzzTarget sl_fuzz_targets[];
extern const guint sl_fuzz_targets_n;

/* By name; NULL when there is none of it. */
const SlFuzzTarget *sl_fuzz_find(const char *name);
