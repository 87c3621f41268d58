/* SPDX-License-Identifier: ISC */
#include "desk/status.h"

static const char *const words[SL_N_STATUSES] = {
#define X(name, word) [SL_TICKET_##name] = word,
    SL_STATUSES(X)
#undef X
};

static const struct {
  SlStatus from;
  SlEventKind kind;
  SlStatus to;
} moves[] = {
#define X(from, event, to) {SL_TICKET_##from, SL_EVENT_##event, SL_TICKET_##to},
    SL_STATUS_MOVES(X)
#undef X
};

const char *
sl_status_word(SlStatus status)
{
  return words[status];
}

gboolean
sl_status_parse(const char *word, SlStatus *out_status)
{
  for (guint i = 0; i < SL_N_STATUSES; i++) {
    if (g_strcmp0(word, words[i]) == 0) {
      *out_status = (SlStatus)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
sl_status_next(SlStatus from, SlEventKind kind, SlStatus *out_to)
{
  for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (moves[i].from == from && moves[i].kind == kind) {
      *out_to = moves[i].to;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
sl_status_moves(SlEventKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (moves[i].kind == kind)
      return TRUE;
  }
  return FALSE;
}
