/* SPDX-License-Identifier: ISC */
/* What became of a message, as `ingest` and `import` print it. */
#pragma once
#include "base/json.h"
#include "work/step.h"

SlJson *sl_outcome_json(const char *source, const SlStepResult *result);
