/* SPDX-License-Identifier: ISC */
/* What must be so: letters, tickets, clocks, the record. */
#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "store/mails.h"
#include "store/people.h"

/* ---- what must be so ---- */

static gint64
number_or_first(const char *text)
{
  return text && *text ? g_ascii_strtoll(text, NULL, 10) : 1001;
}

static char *
squeeze(const char *text)
{
  g_autoptr(GRegex) blanks = g_regex_new("\\s+", 0, 0, NULL);
  return g_regex_replace_literal(blanks, text, -1, 0, " ", 0, NULL);
}

/* Any case: a letter may begin a sentence with a name. */
static gboolean
says(const char *text, const char *words)
{
  g_autofree char *low = g_utf8_strdown(text, -1), *wanted = g_utf8_strdown(words, -1);
  return strstr(low, wanted) != NULL;
}

/* says "…" and not "…" in a clause's tail, each of the letter's subject and text. */
static void
check_says(Story *s, const Letter *letter, const char *tail)
{
  g_autoptr(GRegex) regex = g_regex_new("(says|not) \"([^\"]*)\"", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *raw = g_strdup_printf("%s %s", letter->subject, letter->text);
  g_autofree char *all = squeeze(raw);
  for (g_regex_match(regex, tail, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
    g_autofree char *how = g_match_info_fetch(match, 1);
    g_autofree char *text = g_match_info_fetch(match, 2);
    if (says(all, text) != (strcmp(how, "says") == 0))
      story_fault(s, "the %s to %s says: %s", letter->kind, (char *)letter->to->pdata[0], all);
  }
}

static void
check_cc(Story *s, const Letter *letter, const char *names)
{
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; i < letter->cc->len; i++)
    g_string_append_printf(got, "%s%s", i ? " and " : "", story_name(letter->cc->pdata[i]));
  g_autofree char *wanted = g_ascii_strdown(names, -1);
  if (strcmp(got->str, wanted) != 0)
    story_fault(s, "the %s goes in copy to \"%s\", not to \"%s\"", letter->kind, got->str, wanted);
}

/* The oldest letter of that kind to that person that was not spoken of yet. */
static Letter *
new_letter(Story *s, const char *kind, const char *level, const char *who)
{
  g_autoptr(GPtrArray) letters = world_letters(s->world);
  const char *to = story_person(who);
  for (guint i = 0; to && i < letters->len; i++) {
    Letter *letter = letters->pdata[i];
    g_autofree char *tag = g_strdup_printf("[%s]", level && *level ? level : "");
    if (story_is_new(s, letter) && strcmp(letter->kind, kind) == 0 && sl_address_equal(letter->to->pdata[0], to) &&
        (!level || !*level || strstr(letter->subject, tag)))
      return g_ptr_array_steal_index(letters, i);
  }
  return NULL;
}

static char *
list_new(Story *s)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GPtrArray) letters = world_letters(s->world);
  for (guint i = 0; i < letters->len; i++) {
    const Letter *letter = letters->pdata[i];
    g_autofree char *at = story_say(letter->queued_at);
    if (story_is_new(s, letter))
      g_string_append_printf(out, "%s%s %s to %s \"%s\"", out->len ? "; " : "", at, letter->kind, story_name(letter->to->pdata[0]), letter->subject);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* (1: kind) [(2: L1)] to (3) [in copy to (4)] [(5: says, not …)] [leaves (6) (7)] */
static void
is_letter(Story *s, char **m)
{
  g_autoptr(Letter) letter = new_letter(s, m[1], m[2], m[3]);
  if (!letter) {
    g_autofree char *there = list_new(s);
    story_fault(s, "there is no such letter; there are: %s", *there ? there : "none");
    return;
  }
  story_mark_seen(s, letter->id);
  check_says(s, letter, m[5]);
  check_cc(s, letter, m[4]);
  if (*m[6] && letter->not_before != story_moment_ahead(s, m[6], m[7])) {
    g_autofree char *at = story_say(letter->not_before);
    story_fault(s, "it leaves %s", at);
  }
}

static void
is_no_letter(Story *s, char **m)
{
  g_autoptr(Letter) letter = new_letter(s, m[1], "", m[2]);
  if (letter)
    story_fault(s, "there is one: %s", letter->subject);
}

static void
is_nothing_else(Story *s, char **m)
{
  g_autofree char *there = list_new(s);
  (void)m;
  if (*there)
    story_fault(s, "there are: %s", there);
}

static void
is_withdrawn(Story *s, char **m)
{
  g_autoptr(Letter) letter = story_letter_of(s, m[1], m[2], NULL);
  if (letter && strcmp(letter->state, "withdrawn") != 0)
    story_fault(s, "it is %s", letter->state);
}

static SlTicketFacts *
ticket(Story *s, const char *number)
{
  SlTicketFacts *facts = world_ticket(s->world, number_or_first(number));
  if (!facts)
    story_fault(s, "there is no ticket %s", number);
  return facts;
}

static void
compare(Story *s, const char *got, const char *wanted)
{
  if (g_strcmp0(got, wanted) != 0)
    story_fault(s, "it is %s", got ? got : "nothing");
}

/* ticket [(1)] (2: status) */
static void
is_status(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[1]);
  if (facts)
    compare(s, sl_status_word(facts->ticket->status), m[2]);
  sl_ticket_facts_free(facts);
}

static const SlClock *
clock_of(const SlTicketFacts *facts, const char *word)
{
  SlTarget target = SL_TARGET_ACK;
  gboolean known = sl_target_parse(word, &target);
  g_assert_true(known);
  return sl_clock_find(facts->clocks, target, 0);
}

/* (1: target) (2: state) [on (3)] */
static void
is_clock(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[3]);
  const SlClock *clock = facts ? clock_of(facts, m[1]) : NULL;
  const char *state = !clock ? "not there" : clock->stated && g_str_has_prefix(m[2], "stated") ? "stated" : sl_clock_state_word(clock->state);
  if (facts)
    compare(s, state, m[2]);
  sl_ticket_facts_free(facts);
}

/* (1: target) due (2: day) (3: time) [on (4)] */
static void
is_due(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[4]);
  const SlClock *clock = facts ? clock_of(facts, m[1]) : NULL;
  SlTime wanted = story_moment_ahead(s, m[2], m[3]);
  g_autofree char *got = story_say(clock ? clock->due_at : SL_TIME_NONE);
  if (!clock || clock->due_at != wanted)
    story_fault(s, "it is due %s", got);
  sl_ticket_facts_free(facts);
}

static void
is_never_due(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[2]);
  const SlClock *clock = facts ? clock_of(facts, m[1]) : NULL;
  g_autofree char *got = story_say(clock ? clock->due_at : SL_TIME_NONE);
  if (clock && clock->due_at != SL_TIME_NONE)
    story_fault(s, "it is due %s", got);
  sl_ticket_facts_free(facts);
}

/* taken as (1) [on (2)] */
static void
is_outcome(Story *s, char **m)
{
  if (s->world->refusal)
    story_fault(s, "it was refused: %s", s->world->refusal->message);
  else
    compare(s, sl_outcome_word(s->world->last.outcome), m[1]);
  if (*m[2] && s->world->last.ticket != g_ascii_strtoll(m[2], NULL, 10))
    story_fault(s, "it is on %d", (int)s->world->last.ticket);
}

/* refused: "(1)" - a command says it at once; a mail comes back to whoever wrote it */
static void
is_refused(Story *s, char **m)
{
  const char *why = s->world->by_command ? (s->world->refusal ? s->world->refusal->message : "") : s->world->last.reason;
  gboolean refused = s->world->by_command ? s->world->refusal != NULL : s->world->last.outcome == SL_OUTCOME_REFUSED;
  if (!refused || !why || !strstr(why, m[1]))
    story_fault(s, refused ? "it says: %s" : "it was not refused%s", refused ? why : "");
}

/* (1: owner|priority|client|channel|requester) (2) [on (3)] */
static void
is_property(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[3]);
  if (!facts)
    return;
  const SlTicket *t = facts->ticket;
  const char *got = strcmp(m[1], "owner") == 0 ? (t->assignee ? t->assignee : "nobody")
                    : strcmp(m[1], "priority") == 0 ? sl_priority_word(t->priority)
                    : strcmp(m[1], "client") == 0 ? t->client
                    : strcmp(m[1], "channel") == 0 ? t->channel
                    : strcmp(m[1], "level") == 0 ? (t->level == 0 ? "none" : t->level == 1 ? "L1" : t->level == 2 ? "L2" : "L3")
                    : t->requester ? story_name(t->requester) : "nobody";
  if (g_ascii_strcasecmp(got, m[2]) != 0)
    compare(s, got, m[2]);
  sl_ticket_facts_free(facts);
}

static void
is_tagged(Story *s, char **m)
{
  SlTicketFacts *facts = ticket(s, m[2]);
  g_autoptr(GString) got = g_string_new(NULL);
  for (guint i = 0; facts && i < facts->ticket->tags->len; i++)
    g_string_append_printf(got, "%s%s", i ? " " : "", (char *)facts->ticket->tags->pdata[i]);
  compare(s, got->len ? got->str : "none", m[1]);
  sl_ticket_facts_free(facts);
}

static gboolean
was_recorded(Story *s, const char *word, const char *words_in, gint64 id)
{
  SlTicketFacts *facts = world_ticket(s->world, id);
  int before = GPOINTER_TO_INT(g_hash_table_lookup(s->before, GINT_TO_POINTER((int)id)));
  gboolean found = FALSE;
  for (guint i = 0; facts && i < facts->events->len; i++) {
    const SlEvent *event = facts->events->pdata[i];
    found |= event->seq > before && strcmp(sl_event_word(event->kind), word) == 0 &&
             (!*words_in || (event->words && strstr(event->words, words_in)));
  }
  sl_ticket_facts_free(facts);
  return found;
}

/* records [no ](2: event) ["(3)"] [on (4)] */
static void
is_recorded(Story *s, char **m)
{
  SlEventKind kind;
  if (!sl_event_parse(m[2], &kind))
    story_fault(s, "there is no event \"%s\"", m[2]);
  else if (was_recorded(s, m[2], m[3], number_or_first(m[4])) == (*m[1] != '\0'))
    story_fault(s, *m[1] ? "it stands in the record" : "it does not stand in the record");
}

static void
is_count(Story *s, char **m)
{
  g_autoptr(GArray) ids = story_tickets(s);
  if (ids->len != (guint)atoi(m[1]))
    story_fault(s, "there are %u", ids->len);
}

static void
is_held_count(Story *s, char **m)
{
  gint64 n = 0;
  g_autoptr(GError) error = NULL;
  gboolean ok = sl_mails_count(s->world->work->db, SL_MAIL_HELD, &n, &error);
  g_assert_no_error(error);
  if (!ok || n != (strcmp(m[1], "no") == 0 ? 0 : atoi(m[1])))
    story_fault(s, "there are %d", (int)n);
}

/* (1) is (2: away|here) */
static void
is_absent(Story *s, char **m)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) absent = sl_people_absent(s->world->work->db, s->world->now, &error);
  g_autofree char *name = g_ascii_strdown(m[1], -1);
  g_assert_no_error(error);
  if (g_hash_table_contains(absent, name) != (strcmp(m[2], "away") == 0))
    story_fault(s, "it is not so");
}

static Rule outcomes[] = {
    {"^nothing else$", is_nothing_else, NULL},
    {"^no ([\\w-]+) to (\\w+)$", is_no_letter, NULL},
    {"^([\\w-]+) to (\\w+) is withdrawn$", is_withdrawn, NULL},
    {"^taken as ([\\w-]+)" ON "$", is_outcome, NULL},
    {"^refused: \"([^\"]*)\"$", is_refused, NULL},
    {"^ticket(?: (\\d+))? (open|waiting|resolved|closed|merged|spam)$", is_status, NULL},
    {"^" TARGET " (running|paused|met|breached|cancelled|stated|not there)" ON "$", is_clock, NULL},
    {"^" TARGET " due " DAY ON "$", is_due, NULL},
    {"^" TARGET " never due" ON "$", is_never_due, NULL},
    {"^(owner|priority|client|channel|requester|level) (\\w+)" ON "$", is_property, NULL},
    {"^tags ([\\w ]+?)" ON "$", is_tagged, NULL},
    {"^records (no )?(\\w+)(?: \"([^\"]*)\")?" ON "$", is_recorded, NULL},
    {"^(\\d+) tickets?$", is_count, NULL},
    {"^(no|\\d+) held mails?$", is_held_count, NULL},
    {"^(\\w+) is (away|here)$", is_absent, NULL},
    {"^([\\w-]+)(?: (L\\d))? to (\\w+)(?: in copy to (\\w+(?: and \\w+)*))?((?: (?:says|not) \"[^\"]*\")*)(?: leaves " DAY ")?$", is_letter, NULL},
};

/* Clauses stand between commas; quoted words may hold some. */
void
story_check(Story *s, const char *text)
{
  g_autoptr(GRegex) clause = g_regex_new("(?:[^,\"]|\"[^\"]*\")+", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  for (g_regex_match(clause, text, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
    g_autofree char *one = g_strstrip(g_match_info_fetch(match, 0));
    if (!story_run_rule(s, outcomes, G_N_ELEMENTS(outcomes), one))
      story_fault(s, "the runner does not understand \"%s\"", one);
  }
}

void
story_is_free(void)
{
  story_forget_rules(outcomes, G_N_ELEMENTS(outcomes));
}
