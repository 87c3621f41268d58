/* SPDX-License-Identifier: ISC */
/* libFuzzer's entry point for all targets: SL_FUZZ_TARGET in the environment names the one that runs. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const SlFuzzTarget *
chosen(void)
{
  const char *name = getenv("SL_FUZZ_TARGET");
  const SlFuzzTarget *target = sl_fuzz_find(name ? name : "parse");
  if (!target)
    g_error("SL_FUZZ_TARGET: no target %s", name);
  return target;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const SlFuzzTarget *target;
  if (!target)
    target = chosen();
  target->run(data, size);
  return 0;
}
