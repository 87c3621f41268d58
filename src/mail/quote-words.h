/* SPDX-License-Identifier: ISC */
/* The words by which a quotation, a signature or a disclaimer is known, in the languages in which mail comes. All take a
 * line in lower case, without marks of quotation and emphasis around it. Pure; cost is linear in the line. */
#pragma once
#include <glib.h>

/* Ends as a header over quoted text does: with a colon, or dashes. */
gboolean sl_quote_ends_header(const char *lower);

/* May be the first line of such a header: begins with "on", "am", "le" …, or holds a date. */
gboolean sl_quote_opens_header(const char *lower);

/* Is the whole of it: a date, "wrote", a colon; and it begins as usual, or has an address, or a quotation below. */
gboolean sl_quote_says_header(const char *lower, gboolean over_quote);

/* "2026-03-03 17:21 Ann <ann@acme.example>:", without any word. */
gboolean sl_quote_is_dated(const char *lower);

/* "Ann wrote:", without a date. */
gboolean sl_quote_is_named(const char *lower);

/* "10:30" or "2026": what a line that only goes on from the one before seldom has. */
gboolean sl_quote_has_date(const char *lower);

/* "-----Original Message-----": below it stands the old mail. */
gboolean sl_quote_is_divider(const char *lower);

/* What a label, without its colon, is in the block that Outlook puts over the old mail. */
typedef enum { SL_QUOTE_NONE, SL_QUOTE_FROM, SL_QUOTE_DATE, SL_QUOTE_OTHER } SlQuoteField;
SlQuoteField sl_quote_field(const char *label);

/* "Sent from my iPhone". */
gboolean sl_quote_is_phone_mark(const char *lower);

/* A paragraph, its lines joined, that says who may read the mail. */
gboolean sl_quote_is_disclaimer(const char *lower);
