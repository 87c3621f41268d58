/* SPDX-License-Identifier: ISC */
/* What is done when an alarm is due: warnings, breaches, the ladder (S11), the day's list and letter (S6, S8), reminders and
 * closings. Pure. */
#pragma once
#include "desk/draft.h"

void sl_desk_alarm(const SlFacts *facts, const SlRoute *route, SlDecision *decision);
