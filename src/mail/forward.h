/* SPDX-License-Identifier: ISC */
/* A mail that somebody sends on: who first wrote it, when, under which subject, and what. Read in the forms of Gmail,
 * Apple Mail, Thunderbird and Outlook, in English, German, Spanish and French. Pure; linear in the text. */
#pragma once
#include "mail/mail.h"

/* Reads text and subject. Gmail, Apple and Thunderbird announce a forward by a line of their own; Outlook's block of
 * header fields also stands over what is merely answered, so that there the subject must say it ("FW:", "WG:", "RV:",
 * "TR:"). NULL where nothing is forwarded, or no address of the first sender can be read. Owned. */
SlForwarded *sl_forward_read(const SlMail *mail);

/* Does a subject begin as mail programs begin it for a forward? */
gboolean sl_forward_subject(const char *subject);
