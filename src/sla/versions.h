/* SPDX-License-Identifier: ISC */
/* Versions of an agreement (S12): which holds at a moment, whether one version's promises were changed behind its
 * number, and when its review is called for. Pure; lists hold SlAgreement* of any name, borrowed. Days are those of
 * each version's own calendar's zone. */
#pragma once
#include "sla/agreement.h"

/* The version of `name` that is in force at `at`: of those that have come into force, the one that did so last; one
 * without `in_force` has always been. One that nobody signed never comes into force. Before the first of them, the
 * first in the list holds. NULL when there is none of that name. Borrowed. */
const SlAgreement *sl_agreement_in_force(const GPtrArray *agreements, const char *name, SlTime at);

/* Midnight on which it comes into force, or its review is due; NONE where it names no such day. */
SlTime sl_agreement_in_force_at(const SlAgreement *agreement);
SlTime sl_agreement_review_at(const SlAgreement *agreement);

/* When a letter calls for the review: at the first opening a month ahead of it. NONE without a review. */
SlTime sl_agreement_review_notice_at(const SlAgreement *agreement);

/* Every promise in which two versions differ, as below; char*, owned. */
GPtrArray *sl_agreement_differences(const SlAgreement *was, const SlAgreement *is);

/* What differs in what is promised, in words ("answer/critical within: 1800 s (was 7200 s)"); NULL when nothing does,
 * or when the two are not one version of one agreement (a version without a number binds nobody). Promises are limits,
 * goals, hours and zone, updates, pauses, reminders, closings and the ladder's steps; holidays, names, who is called,
 * who is warned and who signed are none. Owned. */
char *sl_agreement_changed(const SlAgreement *was, const SlAgreement *is) G_GNUC_WARN_UNUSED_RESULT;
