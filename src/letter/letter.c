/* SPDX-License-Identifier: ISC */
#include "letter/letter.h"

#include "letter/address.h"

static const char *const letter_words[] = {
#define X(name, word) [SL_LETTER_##name] = word,
    SL_LETTERS(X)
#undef X
};

static const char *const scope_words[] = {
#define X(name, word) [SL_SCOPE_##name] = word,
    SL_SCOPES(X)
#undef X
};

const char *
sl_letter_word(SlLetterKind kind)
{
  return letter_words[kind];
}

gboolean
sl_letter_parse(const char *word, SlLetterKind *out_kind)
{
  for (guint i = 0; i < G_N_ELEMENTS(letter_words); i++) {
    if (g_strcmp0(word, letter_words[i]) == 0) {
      *out_kind = (SlLetterKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
sl_letter_is_alarm(SlLetterKind kind)
{
  return kind == SL_LETTER_WARNING || kind == SL_LETTER_ESCALATION || kind == SL_LETTER_BREACH;
}

const char *
sl_scope_word(SlScope scope)
{
  return scope_words[scope];
}

gboolean
sl_scope_parse(const char *word, SlScope *out_scope)
{
  for (guint i = 0; i < G_N_ELEMENTS(scope_words); i++) {
    if (g_strcmp0(word, scope_words[i]) == 0) {
      *out_scope = (SlScope)i;
      return TRUE;
    }
  }
  return FALSE;
}

SlLetter *
sl_letter_new(SlLetterKind kind, const char *template_name, gint64 ticket)
{
  SlLetter *letter = g_new0(SlLetter, 1);
  letter->kind = kind;
  letter->template_name = g_strdup(template_name);
  letter->ticket = ticket;
  letter->not_before = SL_TIME_NONE;
  letter->to = g_ptr_array_new_with_free_func(g_free);
  letter->cc = g_ptr_array_new_with_free_func(g_free);
  letter->fields = sl_json_object();
  return letter;
}

void
sl_letter_free(SlLetter *letter)
{
  if (!letter)
    return;
  char *const strings[] = {letter->template_name, letter->language,     letter->cause,        letter->person, letter->subject,
                           letter->in_reply_to,   letter->thread_topic, letter->thread_index, letter->body};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_clear_pointer(&letter->tickets, g_array_unref);
  g_ptr_array_unref(letter->to);
  g_ptr_array_unref(letter->cc);
  g_clear_pointer(&letter->references, g_ptr_array_unref);
  sl_json_free(letter->fields);
  g_clear_pointer(&letter->original, g_bytes_unref);
  g_clear_pointer(&letter->files, g_bytes_unref);
  g_free(letter);
}

void
sl_letter_add_to(SlLetter *letter, const char *address)
{
  g_ptr_array_add(letter->to, g_strdup(address));
}

void
sl_letter_set_person(SlLetter *letter, const char *address)
{
  g_free(letter->person);
  letter->person = g_ascii_strdown(address, -1);
}

char *
sl_letter_purpose(const SlLetter *letter)
{
  g_autoptr(GString) key = g_string_new(NULL);
  g_string_append_printf(key, "%s:%" G_GINT64_FORMAT, sl_letter_word(letter->kind), letter->no_ticket ? 0 : letter->ticket);
  if (letter->cause)
    g_string_append_printf(key, ":%s", letter->cause);
  if (letter->person)
    g_string_append_printf(key, ":%s", letter->person);
  return g_string_free(g_steal_pointer(&key), FALSE);
}
