/* SPDX-License-Identifier: ISC */
/* Who gets a new ticket. Pure. */
#pragma once
#include "desk/facts.h"

/* Least open, round robin, or nobody (manual); only agents with role "agent" who know the language (where any does), and nobody who is in `absent` (a set of names; NULL: none); ties by
 * the order of the configuration. NULL: nobody. Borrowed. */
const SlAgent *sl_desk_assign(const SlPolicy *policy, GHashTable *open_by_agent, const char *last_assigned, const char *language,
                              GHashTable *absent);
