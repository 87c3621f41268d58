/* SPDX-License-Identifier: ISC */
/* Is a mail a bounce, or a report like one? Each sign that holds decides, and names itself in origin_reason. Pure. */
#pragma once
#include "mail/origin-decide.h"

/* A report (RFC 6522: of delivery, of reading, a complaint), a mail of a mail server, a refusal of a list. */
gboolean sl_origin_is_bounce(SlMail *mail);

/* Somebody sends on a bounce to have it known; to answer it would be to answer the bounce. It keeps its ticket. */
gboolean sl_origin_is_forwarded_report(SlMail *mail);

/* Return-Path is written at the final delivery; an empty one, not a missing one, is the null reverse path. */
gboolean sl_origin_has_null_path(const SlMail *mail);

gboolean sl_origin_is_daemon(const char *address);       /* mailer-daemon@, postmaster@ … */
gboolean sl_origin_refuses_answers(const char *address); /* no-reply@ … */
