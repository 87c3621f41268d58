/* SPDX-License-Identifier: ISC */
/* A mail attached to a mail (message/rfc822), as what somebody sends on. */
#pragma once
#include <gmime/gmime.h>

#include "mail/parse.h"

/* Its sender, date, subject and text; mails attached to it in turn are not looked into. NULL where no address of the
 * sender can be read. Owned. */
SlForwarded *sl_enclosed_read(GMimeMessage *message, const SlMailOptions *options);
