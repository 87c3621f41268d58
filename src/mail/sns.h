/* SPDX-License-Identifier: ISC */
/* Delivery notices as JSON, which Amazon SES sends through SNS in place of RFC 3464: bounces, delays, deliveries. */
#pragma once
#include "mail/mail.h"

/* Where the text is such a notice: adds its recipients to mail->dsn, at most 50, and fills dsn_message_id. Any other
 * text changes nothing. */
void sl_sns_read(SlMail *mail);
