/* SPDX-License-Identifier: ISC */
/* Reports over stories (tests/unit/desk/pure.h): a story a ticket, parted by '|', numbered from 1001. */
#pragma once
#include "../desk/pure.h"
#include "report/figures.h"

static inline SlRecord *
record_of(gint64 ticket, const char *story_text, SlAgreement *agreement, SlTime now)
{
  return sl_record_new(pure_events(ticket, story_text), sl_agreement_ref(agreement), NULL, now);
}

/* from NULL: "Mon 00:00"; to NULL: "Mon2 00:00"; now NULL: "Fri 18:00". */
static inline SlReport *
report_of(const char *stories, const char *from, const char *to, const char *now, const char *client, SlAgreement *agreement)
{
  SlTime at_now = at(now ? now : "Fri 18:00");
  SlReport *report = sl_report_new(at(from ? from : "Mon 00:00"), at(to ? to : "Mon2 00:00"), at_now, client, agreement);
  g_auto(GStrv) each = g_strsplit(stories, "|", -1);
  for (guint i = 0; each[i] && *each[i]; i++) {
    g_autoptr(SlRecord) record = record_of(1001 + i, each[i], agreement, at_now);
    sl_report_add(report, record);
  }
  sl_report_finish(report);
  return report;
}
