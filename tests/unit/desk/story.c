/* SPDX-License-Identifier: ISC */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include "store/tickets.h"

/* ---- faults ---- */

void
story_fault(Story *s, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *why = g_strdup_vprintf(format, args);
  va_end(args);
  s->failed = TRUE;
  g_test_message("%s:%u: %s", s->scene->file, s->number, s->line);
  g_test_message("    %s", why);
  g_test_fail();
}

/* ---- people and addresses ---- */

static const struct {
  const char *name, *address;
} people[] = {
    {"maria", "maria@acme-pools.example"},   {"juan", "juan@acme-pools.example"},
    {"lena", "lena@blauwasser.example"},     {"stranger", "somebody@nowhere.example"},
    {"other", "else@elsewhere.example"},     {"ana", "ana@poologics.example"},
    {"bill", "bill@poologics.example"},      {"chen", "chen@poologics.example"},
    {"dana", "dana@poologics.example"},      {"pia", "pia@poologics.example"},
    {"support", "support@poologics.example"}, {"postmaster", "postmaster@poologics.example"},
    {"private", "ana.private@mail.example"},
};

const char *
story_person(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
    if (g_ascii_strcasecmp(people[i].name, name) == 0)
      return people[i].address;
  }
  return NULL;
}

const char *
story_name(const char *address)
{
  for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
    if (sl_address_equal(people[i].address, address))
      return people[i].name;
  }
  return address;
}

/* "Ana's assignment": the signed address in the newest such letter; "Ana's phone address": her own. Owned; NULL: unknown. */
static char *
signed_address(Story *s, const char *owner, const char *what)
{
  const char *who = story_person(owner);
  SlScope scope;
  if (!who)
    return NULL;
  if (g_str_has_suffix(what, " address")) {
    g_autofree char *word = g_strndup(what, strlen(what) - strlen(" address"));
    if (!sl_scope_parse(word, &scope))
      return NULL;
    g_autofree char *token = sl_token_make(s->world->work->key, 0, who, scope, 0);
    return sl_token_address(&s->world->config->letter, token);
  }
  g_autoptr(Letter) letter = world_letter(s->world, what, who, FALSE);
  return letter ? g_strdup(letter->reply_to) : NULL;
}

char *
story_address(Story *s, const char *term)
{
  g_autofree char *trimmed = g_strstrip(g_strdup(term));
  g_auto(GStrv) parts = g_strsplit(trimmed, "'s ", 2);
  if (strchr(trimmed, '@'))
    return g_strdup(trimmed);
  char *found = parts[1] ? signed_address(s, parts[0], parts[1]) : g_strdup(story_person(trimmed));
  if (!found)
    story_fault(s, "nobody knows the address \"%s\"", trimmed);
  return found ? found : g_strdup("nobody@nowhere.example");
}

/* "support and Juan" → addresses with commas between. Owned. */
char *
story_addresses(Story *s, const char *terms)
{
  g_auto(GStrv) each = g_strsplit(terms, " and ", -1);
  for (guint i = 0; each[i]; i++) {
    char *one = story_address(s, each[i]);
    g_free(each[i]);
    each[i] = one;
  }
  return g_strjoinv(", ", each);
}

/* ---- words ---- */

/* " // " is an empty line, " | " a new one; {Ana's assignment} is that address. Owned. */
char *
story_words(Story *s, const char *text)
{
  g_autoptr(GString) out = g_string_new(text);
  g_string_replace(out, " // ", "\n\n", 0);
  g_string_replace(out, " | ", "\n", 0);
  for (char *open = strchr(out->str, '{'); open; open = strchr(out->str, '{')) {
    char *close = strchr(open, '}');
    if (!close)
      break;
    g_autofree char *term = g_strndup(open + 1, (gsize)(close - open - 1));
    g_autofree char *found = story_address(s, term);
    g_autofree char *hole = g_strdup_printf("{%s}", term);
    g_string_replace(out, hole, found, 1);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
story_headers(const char *list)
{
  g_auto(GStrv) each = g_strsplit(list && *list ? list : "", " | ", -1);
  g_autofree char *joined = g_strjoinv("\n", each);
  return *joined ? g_strconcat(joined, "\n", NULL) : g_strdup("");
}

/* ---- time ---- */

SlTime
story_moment(Story *s, const char *day, const char *clock)
{
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  SlTime monday = 0;
  int hours = 0, minutes = 0;
  gboolean parsed = sl_time_parse(MONDAY, &monday);
  int read = sscanf(clock, "%d:%d", &hours, &minutes);
  g_assert_true(parsed && read == 2);
  while (strncmp(days[s->day % 7], day, 3) != 0)
    s->day++;
  return monday + s->day * SL_DAY + hours * SL_HOUR + minutes * SL_MINUTE;
}

/* The same, without going there: a due, a letter's hour. */
SlTime
story_moment_ahead(Story *s, const char *day, const char *clock)
{
  int keep = s->day;
  SlTime t = story_moment(s, day, clock);
  s->day = keep;
  return t;
}

char *
story_say(SlTime t)
{
  return t == SL_TIME_NONE ? g_strdup("never") : sl_time_format_zone(t, "America/New_York", "%a %H:%M:%S");
}

/* ---- letters and tickets ---- */

GArray *
story_tickets(Story *s)
{
  g_autoptr(GError) error = NULL;
  GArray *ids = sl_tickets_ids(s->world->work->db, &error);
  g_assert_no_error(error);
  return ids;
}

Letter *
story_letter_of(Story *s, const char *kind, const char *who, const char *ticket)
{
  g_autoptr(GPtrArray) letters = world_letters(s->world);
  const char *wanted = story_person(who);
  g_autofree char *number = ticket && *ticket ? g_strdup_printf("#%s", ticket) : NULL;
  for (guint i = letters->len; wanted && i > 0; i--) {
    Letter *letter = letters->pdata[i - 1];
    if (strcmp(letter->kind, kind) == 0 && sl_address_equal(letter->to->pdata[0], wanted) &&
        (!number || strstr(letter->subject, number)))
      return g_ptr_array_steal_index(letters, i - 1);
  }
  story_fault(s, "%s never got a letter \"%s\"", who, kind);
  return NULL;
}

gboolean
story_is_new(Story *s, const Letter *letter)
{
  return !g_hash_table_contains(s->world->seen, &letter->id) && strcmp(letter->state, "withdrawn") != 0;
}

void
story_mark_seen(Story *s, gint64 id)
{
  g_hash_table_add(s->world->seen, g_memdup2(&id, sizeof id));
}

void
story_mark_all_seen(Story *s)
{
  g_autoptr(GPtrArray) letters = world_letters(s->world);
  for (guint i = 0; i < letters->len; i++)
    story_mark_seen(s, ((const Letter *)letters->pdata[i])->id);
}

/* ---- rules ---- */

gboolean
story_run_rule(Story *s, Rule *rules, guint n, const char *text)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr(GMatchInfo) match = NULL;
    if (!rules[i].regex)
      rules[i].regex = g_regex_new(rules[i].pattern, G_REGEX_OPTIMIZE, 0, NULL);
    g_assert_nonnull(rules[i].regex);
    if (!g_regex_match(rules[i].regex, text, 0, &match))
      continue;
    g_autoptr(GPtrArray) m = g_ptr_array_new_with_free_func(g_free);
    for (int k = 0; k < 10; k++) {
      char *part = g_match_info_fetch(match, k);
      g_ptr_array_add(m, part ? part : g_strdup(""));
    }
    rules[i].run(s, (char **)m->pdata);
    return TRUE;
  }
  return FALSE;
}

void
story_forget_rules(Rule *rules, guint n)
{
  for (guint i = 0; i < n; i++)
    g_clear_pointer(&rules[i].regex, g_regex_unref);
}
