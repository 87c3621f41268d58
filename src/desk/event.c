/* SPDX-License-Identifier: ISC */
#include "desk/event.h"

static const char *const words[SL_N_EVENTS] = {
#define X(name, word) [SL_EVENT_##name] = word,
    SL_EVENTS(X)
#undef X
};

const char *
sl_event_word(SlEventKind kind)
{
  return words[kind];
}

gboolean
sl_event_parse(const char *word, SlEventKind *out_kind)
{
  for (guint i = 0; i < SL_N_EVENTS; i++) {
    if (g_strcmp0(word, words[i]) == 0) {
      *out_kind = (SlEventKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

SlEvent *
sl_event_new(SlEventKind kind, SlTime at, const char *actor)
{
  SlEvent *event = g_new0(SlEvent, 1);
  event->kind = kind;
  event->at = at;
  event->actor = g_strdup(actor);
  event->detail = sl_json_object();
  return event;
}

void
sl_event_free(SlEvent *event)
{
  if (!event)
    return;
  g_free(event->actor);
  sl_json_free(event->detail);
  g_free(event->words);
  g_free(event->address);
  g_free(event->hash);
  g_free(event);
}

SlTime
sl_event_counts_at(const SlEvent *event)
{
  SlTime received = sl_json_get_time(event->detail, "received_at");
  return received == SL_TIME_NONE ? event->at : received;
}
