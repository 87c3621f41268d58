/* SPDX-License-Identifier: ISC */
/* The texts of agreements that tickets came in under, by the hash of each; and what edited holidays make of them. */
#pragma once
#include "desk/facts.h"
#include "work/work.h"

/* The text with the dates that the configuration now has for its calendar. NULL in *out_text where they are the same, or the
 * calendar is not configured any more. `out_hash`: its name; both owned. Not stored yet: the step that takes it does that. */
gboolean sl_texts_edited(SlWork *work, const char *hash, SlAgreement **out_text, char **out_hash, GError **error) SL_WARN_UNUSED;

/* ALARM: fills facts->edited where the configuration's holidays are others than the ticket's. */
gboolean sl_texts_look_for_edits(SlWork *work, SlTicketFacts *facts, GError **error) SL_WARN_UNUSED;
