/* SPDX-License-Identifier: ISC */
#include "desk/stimulus.h"

static const char *const verbs[SL_N_VERBS] = {
#define X(name, word) [SL_VERB_##name] = word,
    SL_VERBS(X)
#undef X
};

const char *
sl_verb_word(SlVerb verb)
{
  return verbs[verb];
}

gboolean
sl_verb_by_mail(SlVerb verb)
{
  return verb != SL_VERB_REPLY && verb != SL_VERB_NEW;
}

gboolean
sl_verb_parse(const char *word, SlVerb *out_verb)
{
  for (guint i = 0; i < SL_N_VERBS; i++) {
    if (g_ascii_strcasecmp(word, verbs[i]) == 0) {
      *out_verb = (SlVerb)i;
      return TRUE;
    }
  }
  return FALSE;
}
