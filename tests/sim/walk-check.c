/* SPDX-License-Identifier: ISC */
/* What holds after every step. Triggers of the connection note which tickets, letters and deliveries a step touched. */
#include "tests/sim/walk.h"

#include <string.h>

#include "desk/orders.h"
#include "desk/when.h"
#include "mail/head.h"
#include "mail/parse.h"
#include "report/figures.h"
#include "report/replay.h"
#include "store/columns.h"
#include "store/events.h"
#include "store/raw.h"
#include "store/tickets.h"

static const char watches[] =
    "CREATE TEMP TABLE touched(ticket INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE written(letter INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE moved(letter INTEGER, recipient TEXT, was TEXT, became TEXT);"
    "CREATE TEMP TRIGGER watch_event AFTER INSERT ON main.event BEGIN INSERT OR IGNORE INTO touched VALUES (NEW.ticket); END;"
    "CREATE TEMP TRIGGER watch_letter AFTER INSERT ON main.letter BEGIN INSERT INTO written VALUES (NEW.id); END;"
    "CREATE TEMP TRIGGER watch_delivery AFTER UPDATE OF state ON main.delivery WHEN OLD.state <> NEW.state BEGIN"
    " INSERT INTO moved VALUES (NEW.letter, NEW.recipient, OLD.state, NEW.state); END;";

void
check_begin(World *w)
{
  g_autoptr(GError) error = NULL;
  if (!sl_db_script(w->work->db, watches, &error))
    g_error("%s", error->message);
}

static GArray *
ints(World *w, const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(w->work->db, sql, &error);
  GArray *found = query ? sl_query_ints(query, &error) : NULL;
  if (!found)
    g_error("%s: %s", sql, error->message);
  return found;
}

static GPtrArray *
texts(World *w, const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(w->work->db, sql, &error);
  GPtrArray *found = query ? sl_query_texts(query, &error) : NULL;
  if (!found)
    g_error("%s: %s", sql, error->message);
  return found;
}

/* ---- a ticket ---- */

static void
check_chain(World *w, const GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    const SlEvent *event = events->pdata[i];
    if (event->seq != (int)i + 1)
      fault(w, "ticket %" G_GINT64_FORMAT ": event %u has the number %d", event->ticket, i + 1, event->seq);
    if (i && event->at < ((const SlEvent *)events->pdata[i - 1])->at)
      fault(w, "ticket %" G_GINT64_FORMAT ": event %d is earlier than the one before", event->ticket, event->seq);
  }
}

/* Every event that can move a status moved it along the table. */
static void
check_status(World *w, const SlTicketFacts *facts)
{
  SlStatus status = SL_TICKET_OPEN;
  g_autoptr(GPtrArray) standing = sl_ticket_standing(facts->events);
  for (guint i = 0; i < standing->len; i++) {
    const SlEvent *event = standing->pdata[i];
    SlStatus from = status;
    if (sl_status_moves(event->kind) && !sl_status_next(from, event->kind, &status))
      fault(w, "ticket %" G_GINT64_FORMAT ": event %d (%s) cannot be where it is %s", event->ticket, event->seq,
            sl_event_word(event->kind), sl_status_word(from));
  }
  if (status != facts->ticket->status)
    fault(w, "ticket %" G_GINT64_FORMAT " is %s, and by the table %s", facts->ticket->id, sl_status_word(facts->ticket->status),
          sl_status_word(status));
}

/* Nobody has it: then somebody was told loudly. */
static void
check_loud(World *w, const SlTicketFacts *facts)
{
  const SlTicket *ticket = facts->ticket;
  if (ticket->assignee || ticket->silent || sl_ticket_is_over(ticket) || ticket->status == SL_TICKET_RESOLVED)
    return;
  g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM letter WHERE kind = 'assignment' AND ticket = %" G_GINT64_FORMAT, ticket->id);
  g_autoptr(GArray) n = ints(w, sql);
  if (g_array_index(n, gint64, 0) == 0)
    fault(w, "ticket %" G_GINT64_FORMAT " is open, nobody has it, and nobody was told", ticket->id);
}

/* As it stands now; gathered once a step. Borrowed; NULL with a fault. */
static const SlTicketFacts *
gather(World *w, gint64 id)
{
  g_autoptr(GError) error = NULL;
  SlTicketFacts *facts = g_hash_table_lookup(w->facts, &id);
  if (facts)
    return facts;
  facts = sl_gather_ticket(w->work, id, world_now(w), &error);
  if (!facts)
    fault(w, "ticket %" G_GINT64_FORMAT ": %s", id, error->message);
  else
    g_hash_table_insert(w->facts, g_memdup2(&id, sizeof id), facts);
  return facts;
}

static void
compare(World *w, const SlTicketFacts *facts, SlTime then)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) alarms = sl_gather_alarms(facts, then);
  if (!sl_tickets_compare(w->work->db, facts->ticket, facts->clocks, alarms, faults, &error))
    fault(w, "compare: %s", error->message);
  for (guint i = 0; i < faults->len; i++)
    fault(w, "%s", (const char *)faults->pdata[i]);
}

/* The caches were made at the last event's moment. */
static void
check_caches(World *w, gint64 id)
{
  const SlTicketFacts *facts = gather(w, id);
  if (!facts)
    return;
  SlTime then = ((const SlEvent *)facts->events->pdata[facts->events->len - 1])->at;
  if (then == world_now(w)) {
    compare(w, facts, then);
  } else {
    g_autoptr(GError) error = NULL;
    SlTicketFacts *earlier = sl_gather_ticket(w->work, id, then, &error);
    if (earlier)
      compare(w, earlier, then);
    else
      fault(w, "ticket %" G_GINT64_FORMAT ": %s", id, error->message);
    sl_ticket_facts_free(earlier);
  }
  check_chain(w, facts->events);
  check_status(w, facts);
  check_loud(w, facts);
}

static void
know_ticket(World *w, gint64 id)
{
  for (guint i = 0; i < w->tickets->len; i++) {
    if (g_array_index(w->tickets, gint64, w->tickets->len - 1 - i) == id)
      return;
  }
  g_array_append_val(w->tickets, id);
}

/* ---- a letter to a customer ---- */

static gboolean
is_outside(const World *w, const char *address)
{
  return sl_policy_is_outsider(w->config->policy, address) && !sl_address_equal(address, w->config->policy->postmaster);
}

static void
check_commands(World *w, const SlLetterRow *letter, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    SlVerb verb;
    gsize n = 1;
    while (*lines[i] == '/' && g_ascii_isalpha(lines[i][n]))
      n++;
    g_autofree char *word = g_strndup(lines[i] + 1, *lines[i] == '/' ? n - 1 : 0);
    if (*word && sl_verb_parse(word, &verb) && sl_verb_by_mail(verb))
      fault(w, "letter %" G_GINT64_FORMAT " (%s) brings a command to the customer: %s", letter->id, letter->purpose, lines[i]);
  }
  if (strstr(text, INSIDE))
    fault(w, "letter %" G_GINT64_FORMAT " (%s) tells the customer what is inside only:\n%s", letter->id, letter->purpose, text);
  if (strstr(text, CUSTOMER))
    fault(w, "letter %" G_GINT64_FORMAT " (%s) brings a customer's words to a customer:\n%s", letter->id, letter->purpose, text);
}

static void
allow(World *w, GPtrArray *allowed, const SlTicketFacts *facts, SlTime t)
{
  if (t != SL_TIME_NONE)
    g_ptr_array_add(allowed, sl_when_say(t, world_now(w), sl_calendar_get_zone(facts->agreement->calendar), facts->client->timezone));
}

/* The due of a clock that runs; when we open; and what lies behind us (since when we wait, when the last news went, the estimate that
 * was). The progress letter's next word is the schedule's own. */
static void
allow_times(World *w, const SlTicketFacts *facts, const SlLetterRow *letter, GPtrArray *allowed)
{
  const SlCalendar *calendar = facts->agreement->calendar;
  for (guint i = 0; i < facts->clocks->len; i++) {
    const SlClock *clock = facts->clocks->pdata[i];
    if (clock->state == SL_CLOCK_RUNNING)
      allow(w, allowed, facts, clock->due_at);
  }
  if (!sl_calendar_is_open(calendar, world_now(w)))
    allow(w, allowed, facts, sl_calendar_next_open(calendar, world_now(w)));
  allow(w, allowed, facts, facts->ticket->last_words_at);
  for (guint i = 0; i < facts->events->len; i++) {
    const SlEvent *event = facts->events->pdata[i];
    if (event->kind == SL_EVENT_WAITING)
      allow(w, allowed, facts, sl_event_counts_at(event));
    if (event->kind == SL_EVENT_ETA && event->seq < facts->ticket->seq && g_strcmp0(letter->kind, "eta") == 0)
      allow(w, allowed, facts, sl_json_get_time(event->detail, "until"));
  }
  /* A person may give an estimate while everything waits for the customer, or where no clock runs at all. */
  if (g_strcmp0(letter->kind, "eta") == 0 && (facts->ticket->silent || facts->ticket->status == SL_TICKET_WAITING))
    allow(w, allowed, facts, facts->ticket->eta);
  SlTime open, close;
  if (g_strcmp0(letter->kind, "progress") == 0) {
    for (SlTime t = world_now(w); t < world_now(w) + 6 * SL_DAY; t += SL_DAY) {
      if (sl_calendar_day(calendar, t, &open, &close))
        allow(w, allowed, facts, close - facts->agreement->progress_before_close_sec * SL_SECOND);
    }
  }
}

static void
tell_clocks(World *w, const SlLetterRow *letter)
{
  for (guint i = 0; i < letter->tickets->len; i++) {
    const SlTicketFacts *facts = gather(w, g_array_index(letter->tickets, gint64, i));
    for (guint k = 0; facts && k < facts->clocks->len; k++) {
      const SlClock *clock = facts->clocks->pdata[k];
      g_autofree char *due = sl_time_format(clock->due_at);
      fault(w, "  %" G_GINT64_FORMAT " (%s%s) %s %d %s due %s", facts->ticket->id, sl_status_word(facts->ticket->status),
            facts->ticket->silent ? ", silent" : "", sl_target_word(clock->target), clock->cycle, sl_clock_state_word(clock->state),
            due ? due : "-");
    }
  }
}

static void
check_times(World *w, const SlLetterRow *letter, const char *text)
{
  g_autoptr(GPtrArray) allowed = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) rest = g_string_new(text);
  char *sign = strstr(rest->str, "\n-- \n");
  if (sign)
    g_string_truncate(rest, (gsize)(sign - rest->str));
  if (!g_regex_match_simple("[0-9][0-9]:[0-9][0-9]", rest->str, 0, 0))
    return;
  for (guint i = 0; i < letter->tickets->len; i++) {
    const SlTicketFacts *facts = gather(w, g_array_index(letter->tickets, gint64, i));
    if (facts) {
      g_ptr_array_add(allowed, g_strdup(facts->ticket->subject)); /* their own words */
      allow_times(w, facts, letter, allowed);
    }
  }
  for (guint i = 0; i < allowed->len; i++)
    if (*(const char *)allowed->pdata[i])
      g_string_replace(rest, allowed->pdata[i], "", 0);
  if (g_regex_match_simple("[0-9][0-9]:[0-9][0-9]", rest->str, 0, 0))
    fault(w, "letter %" G_GINT64_FORMAT " (%s) prints a time that no running clock has:\n%s", letter->id, letter->purpose, rest->str);
  for (guint i = 0; w->fault && i < allowed->len; i++)
    fault(w, "  it might have: %s", (const char *)allowed->pdata[i]);
  if (w->fault)
    tell_clocks(w, letter);
}

/* Whoever gets it has something to do with each of its tickets. */
static void
check_reader(World *w, const SlLetterRow *letter, const char *reader)
{
  const SlPolicy *policy = w->config->policy;
  for (guint i = 0; i < letter->tickets->len; i++) {
    const SlTicketFacts *facts = gather(w, g_array_index(letter->tickets, gint64, i));
    if (!facts)
      return;
    const SlClient *client = sl_policy_client_of(policy, reader);
    gboolean theirs = facts->ticket->requester && sl_address_equal(facts->ticket->requester, reader);
    theirs |= client != policy->everybody && strcmp(client->name, facts->ticket->client) == 0;
    for (guint k = 0; k < facts->ticket->also->len; k++)
      theirs |= sl_address_equal(facts->ticket->also->pdata[k], reader);
    if (!theirs)
      fault(w, "letter %" G_GINT64_FORMAT " (%s) goes to %s, who has nothing to do with ticket %" G_GINT64_FORMAT, letter->id, letter->purpose,
            reader, facts->ticket->id);
  }
  if (w->by_machine)
    fault(w, "letter %" G_GINT64_FORMAT " (%s) to %s answers a machine", letter->id, letter->purpose, reader);
  /* An agent may write to anybody; the machine does not. */
  if (!letter->event && (strstr(reader, "noreply") || strstr(reader, "lists.") || strstr(reader, "MAILER")))
    fault(w, "letter %" G_GINT64_FORMAT " (%s) goes to the machine %s", letter->id, letter->purpose, reader);
}

/* The signed address in Reply-To; NULL. Owned. */
static char *
reply_to_of(const char *data, gsize length)
{
  g_autoptr(GPtrArray) headers = sl_head_split(data, length, NULL);
  const char *value = sl_head_get(headers, "Reply-To");
  const char *open = value ? strrchr(value, '<') : NULL;
  const char *close = open ? strchr(open, '>') : NULL;
  return close ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strdup(value);
}

static void
see_letter(World *w, const SlLetterRow *letter, const char *data, gsize length)
{
  Seen *seen = g_new0(Seen, 1);
  seen->id = letter->id;
  seen->ticket = letter->ticket;
  if (!sl_letter_parse(letter->kind, &seen->kind))
    fault(w, "letter %" G_GINT64_FORMAT " is a %s", letter->id, letter->kind);
  seen->to = g_strdup(letter->to->pdata[0]);
  seen->reply_to = reply_to_of(data, length);
  seen->message_id = g_strdup(letter->message_id);
  seen->subject = g_strdup(letter->subject);
  seen->staff = !is_outside(w, seen->to);
  g_ptr_array_add(w->seen, seen);
}

static gboolean
check_readers(World *w, const SlLetterRow *letter)
{
  const GPtrArray *const readers[] = {letter->to, letter->cc};
  gboolean outside = FALSE;
  for (guint k = 0; k < G_N_ELEMENTS(readers); k++) {
    for (guint i = 0; i < readers[k]->len; i++) {
      if (!is_outside(w, readers[k]->pdata[i]))
        continue;
      outside = TRUE;
      check_reader(w, letter, readers[k]->pdata[i]);
    }
  }
  return outside;
}

static void
check_letter(World *w, gint64 id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlLetterRow) letter = sl_outbox_get(w->work->db, id, &error);
  g_autoptr(GBytes) bytes = letter ? sl_raw_get(w->work->db, letter->sha256, 64 * 1024 * 1024, &error) : NULL;
  gsize length = 0;
  const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
  if (!data) {
    fault(w, "letter %" G_GINT64_FORMAT ": %s", id, error->message);
    return;
  }
  see_letter(w, letter, data, length);
  if (!check_readers(w, letter) && id % 8)
    return; /* ours: reading one in eight is enough */
  g_autoptr(SlMail) mail = sl_mail_parse_bytes(data, length, &w->config->mail, &error);
  if (!mail || mail->origin != SL_ORIGIN_SELF)
    fault(w, "letter %" G_GINT64_FORMAT " (%s) would not be known as ours", id, letter->purpose);
  if (!mail || !is_outside(w, letter->to->pdata[0]))
    return;
  check_commands(w, letter, mail->text);
  if (strcmp(letter->kind, sl_letter_word(SL_LETTER_MAINTENANCE)) != 0) /* its times are no ticket's */
    check_times(w, letter, mail->text);
}

/* ---- deliveries ---- */

static SlDeliveryState
state_of(const char *word)
{
  for (guint i = 0; i < SL_N_DELIVERIES; i++) {
    if (strcmp(sl_delivery_word((SlDeliveryState)i), word) == 0)
      return (SlDeliveryState)i;
  }
  g_error("%s", word);
}

static void
check_moves(World *w)
{
  g_autoptr(GPtrArray) moves = texts(w, "SELECT was || ' ' || became || ' ' || letter FROM moved");
  for (guint i = 0; i < moves->len; i++) {
    g_auto(GStrv) words = g_strsplit(moves->pdata[i], " ", 3);
    if (!sl_delivery_may(state_of(words[0]), state_of(words[1])))
      fault(w, "letter %s went from %s to %s", words[2], words[0], words[1]);
  }
}

void
check_step(World *w)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) tickets = ints(w, "SELECT ticket FROM touched WHERE ticket > 0 ORDER BY ticket");
  g_autoptr(GArray) letters = ints(w, "SELECT letter FROM written ORDER BY letter");
  for (guint i = 0; i < tickets->len; i++) {
    know_ticket(w, g_array_index(tickets, gint64, i));
    check_caches(w, g_array_index(tickets, gint64, i));
  }
  for (guint i = 0; i < letters->len; i++)
    check_letter(w, g_array_index(letters, gint64, i));
  check_moves(w);
  g_hash_table_remove_all(w->facts);
  if (!sl_db_script(w->work->db, "DELETE FROM touched; DELETE FROM written; DELETE FROM moved", &error))
    g_error("%s", error->message);
}

/* ---- the whole store ---- */

static void
expect_none(World *w, const char *what, const char *sql)
{
  g_autoptr(GPtrArray) found = texts(w, sql);
  for (guint i = 0; i < found->len && i < 5; i++)
    fault(w, "%s: %s", what, (const char *)found->pdata[i]);
}

/* ---- figures ---- */

typedef struct {
  SlReport *whole, *parts[2];
  SlReplay *replay;
} Figures;

/* Would it come in under the very text that it has? Not where holidays were edited since. */
static gboolean
has_its_text(const Figures *f, const SlRecord *record)
{
  const SlAgreement *agreement = sl_replay_agreement(f->replay->config, record->ticket, sl_record_received_at(record));
  g_autofree char *hash = agreement ? sl_agreement_hash(agreement) : NULL;
  return !record->texts && g_strcmp0(hash, record->ticket->agreement) == 0;
}

static gboolean
add_figures(const SlRecord *record, gpointer user, GError **error)
{
  Figures *f = user;
  (void)error;
  sl_report_add(f->whole, record);
  sl_report_add(f->parts[0], record);
  sl_report_add(f->parts[1], record);
  if (has_its_text(f, record))
    sl_replay_add(f->replay, record);
  return TRUE;
}

static void
check_target(World *w, const Figures *f, SlTarget target, SlPriority priority)
{
  const SlReportTarget *t = &f->whole->target[target][priority], *a = &f->parts[0]->target[target][priority],
                       *b = &f->parts[1]->target[target][priority];
  const SlReplayFigure *was = &f->replay->before[target][priority], *is = &f->replay->after[target][priority];
  const char *name = sl_target_word(target);
  if (t->met + t->breached != t->due || t->excused > t->breached || t->open_overdue > t->breached || t->took->len > t->due)
    fault(w, "the figures of %s do not add up", name);
  if (a->due + b->due != t->due || a->met + b->met != t->met || a->first_due + b->first_due != t->first_due)
    fault(w, "two halves of the time give other figures of %s than the whole", name);
  if (was->due != is->due || was->met != is->met)
    fault(w, "the same agreement gives other figures of %s", name);
}

/* A report of all that was, and of its halves; and a replay under the very agreement that was recorded, which changes nothing. */
static void
check_figures(World *w)
{
  g_autoptr(GError) error = NULL;
  SlAgreement *agreement = w->config->policy->everybody->agreement;
  const SlTime begin = 0, now = world_now(w), end = now + SL_SECOND, middle = now - 4 * SL_DAY;
  Figures f = {.whole = sl_report_new(begin, end, now, NULL, agreement),
               .parts = {sl_report_new(begin, middle, now, NULL, agreement), sl_report_new(middle, end, now, NULL, agreement)},
               .replay = sl_replay_new("the same", w->config, begin, end, now)};
  if (!sl_records_walk(w->work->db, now, add_figures, &f, &error))
    fault(w, "the report failed: %s", error->message);
  for (guint i = 0; i < SL_N_TARGETS * SL_N_PRIORITIES; i++)
    check_target(w, &f, (SlTarget)(i / SL_N_PRIORITIES), (SlPriority)(i % SL_N_PRIORITIES));
  for (guint i = 0; i < f.replay->changed->len; i++) {
    const SlReplayChange *c = f.replay->changed->pdata[i];
    fault(w, "replayed under its own agreement, %s %d of ticket %" G_GINT64_FORMAT " was %s and is %s", sl_target_word(c->target), c->cycle, c->ticket,
          sl_replay_word(c->before.state), sl_replay_word(c->after.state));
  }
  sl_report_free(f.whole);
  sl_report_free(f.parts[0]);
  sl_report_free(f.parts[1]);
  sl_replay_free(f.replay);
}

void
check_all(World *w, gboolean deep)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  gint64 events = 0;
  say(w, "everything is checked");
  if (!sl_events_verify(w->work->db, 0, faults, &events, &error) || (deep && !sl_db_integrity(w->work->db, faults, &error)))
    fault(w, "verify: %s", error->message);
  for (guint i = 0; i < faults->len; i++)
    fault(w, "%s", (const char *)faults->pdata[i]);
  g_autoptr(GArray) tickets = ints(w, "SELECT id FROM ticket");
  for (guint i = 0; i < tickets->len; i++) {
    check_caches(w, g_array_index(tickets, gint64, i));
    g_hash_table_remove_all(w->facts);
  }
  expect_none(w, "a purpose twice", "SELECT purpose FROM letter GROUP BY purpose HAVING COUNT(*) > 1");
  expect_none(w, "a letter without delivery", "SELECT purpose FROM letter l WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.letter = l.id)");
  expect_none(w, "more in doubt than marks", "SELECT letter || ' ' || recipient FROM delivery WHERE in_doubt > marks");
  expect_none(w, "an agent's load is miscounted",
              "SELECT a.name || ' ' || a.open FROM agent_load a WHERE a.open <> (SELECT COUNT(*) FROM ticket t WHERE t.assignee = a.name AND"
              " t.status IN ('open', 'waiting') AND COALESCE(t.silent, 0) = 0)");
  expect_none(w, "a merged ticket that leads nowhere",
              "SELECT t.id || '' FROM ticket t WHERE t.status = 'merged' AND NOT EXISTS (SELECT 1 FROM ticket i WHERE i.id = t.merged_into)");
  if (deep)
    check_figures(w);
}
