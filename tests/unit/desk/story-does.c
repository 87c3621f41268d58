/* SPDX-License-Identifier: ISC */
/* What can happen in a scene: mails of every kind, commands, the mail server. */
#include "story.h"

#include <string.h>

#include "store/mails.h"

/* ---- what happens ---- */

/* What the newest thing did is told apart from what was before. */
static void
begin_thing(Story *s)
{
  g_autoptr(GArray) ids = story_tickets(s);
  g_hash_table_remove_all(s->before);
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index(ids, gint64, i);
    SlTicketFacts *facts = world_ticket(s->world, id);
    g_hash_table_insert(s->before, GINT_TO_POINTER((int)id), GINT_TO_POINTER(facts->ticket->seq));
    sl_ticket_facts_free(facts);
  }
}

static void
send_mail(Story *s, char *bytes, const char *recipient)
{
  begin_thing(s);
  g_free(s->bytes);
  s->bytes = bytes;
  g_free(s->recipient);
  s->recipient = g_strdup(recipient);
  world_mail(s->world, bytes, recipient, FALSE, NULL);
}

/* FROM, TO, CC (NULL), SUBJECT, more header lines, the text; owned. */
static char *
compose(Story *s, const char *from, const char *to, const char *cc, const char *subject, const char *headers, const char *text)
{
  g_autofree char *date = sl_time_format_zone(s->world->now, "UTC", "%a, %d %b %Y %H:%M:%S +0000");
  g_autofree char *name = g_strdup(story_name(from));
  name[0] = g_ascii_toupper(name[0]);
  gboolean typed = strstr(headers, "Content-Type:") != NULL;
  return g_strdup_printf("From: %s <%s>\nTo: %s\n%s%s%sSubject: %s\nDate: %s\nMessage-ID: <story%u@mail.example>\nMIME-Version: 1.0\n%s%s\n%s\n",
                         strchr(name, '@') ? "Somebody" : name, from, to, cc ? "Cc: " : "", cc ? cc : "", cc ? "\n" : "", subject, date,
                         ++s->world->mails, typed ? "" : "Content-Type: text/plain; charset=utf-8\n", headers, text);
}

/* mail from (1) [to (2)] [cc (3)] "(4)" [with "(5)"]: (6) */
static void
do_mail(Story *s, char **m)
{
  g_autofree char *from = story_address(s, m[1]);
  g_autofree char *to = story_addresses(s, *m[2] ? m[2] : "support");
  g_autofree char *cc = *m[3] ? story_addresses(s, m[3]) : NULL;
  g_autofree char *text = story_words(s, m[6]);
  g_autofree char *headers = story_headers(m[5]);
  send_mail(s, compose(s, from, to, cc, m[4], headers, text), NULL);
}

/* What a mail program adds below: the mail that it answers. */
static char *
with_quote(const char *text, const Letter *letter)
{
  g_auto(GStrv) lines = g_strsplit(letter->text, "\n", -1);
  g_autofree char *quoted = g_strjoinv("\n> ", lines);
  return g_strdup_printf("%s\n\nOn Tue, 17 Nov 2026 at 10:00, Poologics Support wrote:\n> %s\n", text, quoted);
}

/* (1) replies to [(2)'s ](3) [on (4)] [from (5)] [adding (6)] [with "(7)"]: (8) */
static void
do_reply(Story *s, char **m)
{
  g_autoptr(Letter) letter = story_letter_of(s, m[3], *m[2] ? m[2] : m[1], m[4]);
  if (!letter)
    return;
  g_autofree char *from = story_address(s, *m[5] ? m[5] : m[1]);
  g_autofree char *cc = *m[6] ? story_addresses(s, m[6]) : NULL;
  g_autofree char *own = story_words(s, m[8]);
  g_autofree char *text = strstr(m[7], "text/html") ? g_strdup(own) : with_quote(own, letter);
  g_autofree char *more = story_headers(m[7]);
  g_autofree char *headers = g_strdup_printf("In-Reply-To: <%s>\nReferences: <%s>\n%s", letter->message_id, letter->message_id, more);
  g_autofree char *subject = g_strdup_printf("Re: %s", letter->subject);
  send_mail(s, compose(s, from, letter->reply_to, cc, subject, headers, text), NULL);
}

/* (1) refers to [(2)'s ](3): (4) - the thread is right, the signed address is not there */
static void
do_refer(Story *s, char **m)
{
  g_autoptr(Letter) letter = story_letter_of(s, m[3], *m[2] ? m[2] : m[1], NULL);
  if (!letter)
    return;
  g_autofree char *from = story_address(s, m[1]);
  g_autofree char *cc = *m[4] ? story_addresses(s, m[4]) : NULL;
  g_autofree char *text = story_words(s, m[5]);
  g_autofree char *headers = g_strdup_printf("References: <%s>\n", letter->message_id);
  send_mail(s, compose(s, from, "support@poologics.example", cc, "Re: the matter", headers, text), NULL);
}

static void
send_forward(Story *s, const char *from, const char *to, const char *headers, char *text, const char *subject)
{
  gboolean seen = FALSE;
  g_autofree char *title = g_strdup_printf("Fwd: %s", subject);
  begin_thing(s);
  g_free(s->bytes);
  s->bytes = compose(s, from, to, NULL, title, headers, text);
  world_mail(s->world, s->bytes, NULL, FALSE, &seen);
  s->skipped |= !seen;
}

/* (1) forwards inline [to (2)] the mail from (3) to (4) of (5) "(6)": (7) */
static void
do_forward_inline(Story *s, char **m)
{
  g_autofree char *from = story_address(s, m[1]);
  g_autofree char *to = story_addresses(s, *m[2] ? m[2] : "support");
  g_autofree char *author = story_address(s, m[3]);
  g_autofree char *reader = story_address(s, m[4]);
  g_autofree char *text = story_words(s, m[7]);
  g_autofree char *body = g_strdup_printf("---------- Forwarded message ---------\nFrom: %s <%s>\nDate: Tue, Nov 17, 2026 at %s\nSubject: %s\n"
                                          "To: <%s>\n\n\n%s\n", m[3], author, m[5], m[6], reader, text);
  send_forward(s, from, to, "", body, m[6]);
}

/* the same, as an attached message */
static void
do_forward_attached(Story *s, char **m)
{
  g_autofree char *from = story_address(s, m[1]);
  g_autofree char *to = story_addresses(s, *m[2] ? m[2] : "support");
  g_autofree char *author = story_address(s, m[3]);
  g_autofree char *reader = story_address(s, m[4]);
  g_autofree char *text = story_words(s, m[7]);
  g_autofree char *body = g_strdup_printf("--part\nContent-Type: text/plain\n\nSee the mail inside.\n--part\nContent-Type: message/rfc822\n\n"
                                          "From: %s <%s>\nTo: %s\nSubject: %s\nDate: Tue, 17 Nov 2026 %s:00 -0500\nMessage-ID: <inner@mail.example>\n\n"
                                          "%s\n--part--\n", m[3], author, reader, m[6], m[5], text);
  send_forward(s, from, to, "Content-Type: multipart/mixed; boundary=part\n", body, m[6]);
}

static void
do_again(Story *s, char **m)
{
  g_autoptr(GString) bytes = g_string_new(s->bytes);
  g_autofree char *other = *m[1] ? story_address(s, m[1]) : NULL;
  if (other) {
    g_autoptr(GRegex) to = g_regex_new("^To: .*$", G_REGEX_MULTILINE, 0, NULL);
    g_autofree char *line = g_strdup_printf("To: %s", other);
    g_autofree char *changed = g_regex_replace_literal(to, bytes->str, -1, 0, line, 0, NULL);
    g_string_assign(bytes, changed);
  }
  send_mail(s, g_strdup(bytes->str), s->recipient);
}

/* (1: hard|soft) bounce of (2) to (3) */
static void
do_bounce(Story *s, char **m)
{
  g_autoptr(Letter) letter = story_letter_of(s, m[2], m[3], NULL);
  gboolean hard = strcmp(m[1], "hard") == 0;
  if (!letter)
    return;
  g_autofree char *body = g_strdup_printf("--b\nContent-Type: text/plain\n\nNot delivered.\n\n--b\nContent-Type: message/delivery-status\n\n"
                                          "Reporting-MTA: dns; mx.acme.example\n\nFinal-Recipient: rfc822; %s\nAction: %s\nStatus: %s\n"
                                          "Diagnostic-Code: smtp; %s\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n\n--b--\n",
                                          story_person(m[3]), hard ? "failed" : "delayed", hard ? "5.1.1" : "4.4.1",
                                          hard ? "550 5.1.1 no such user" : "451 4.4.1 later", letter->message_id);
  const char *headers = "Return-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n";
  send_mail(s, compose(s, "MAILER-DAEMON@mx.acme.example", "support@poologics.example", NULL, "Undelivered Mail Returned to Sender", headers, body),
            NULL);
}

/* ---- the shell ---- */

/* Takes "--until TIME", "-m WHY" out of the line. Owned; NULL when it is not there. */
static char *
take_option(GString *line, const char *option)
{
  g_autofree char *pattern = g_strdup_printf(" %s (\"([^\"]*)\"|(\\S+))", option);
  g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  if (!g_regex_match(regex, line->str, 0, &match))
    return NULL;
  g_autofree char *quoted = g_match_info_fetch(match, 2);
  g_autofree char *bare = g_match_info_fetch(match, 3);
  int start = 0, end = 0;
  g_match_info_fetch_pos(match, 0, &start, &end);
  g_string_erase(line, start, end - start);
  return g_strdup(bare && *bare ? bare : quoted);
}

static void
fill_command(Story *s, SlCommand *command, GString *line)
{
  const char *rest = line->str;
  if (command->verb != SL_VERB_AWAY && command->verb != SL_VERB_NEW) {
    char *end = NULL;
    command->ticket = g_ascii_strtoll(rest, &end, 10);
    rest = end + strspn(end, " ");
  }
  command->argument = *rest ? rest : NULL;
  (void)s;
}

static SlTime
option_time(Story *s, const char *text)
{
  g_auto(GStrv) parts = text ? g_strsplit(text, " ", 2) : NULL;
  return parts && parts[0] && parts[1] ? story_moment_ahead(s, parts[0], parts[1]) : SL_TIME_NONE;
}

/* (1) types (2: verb) [(3: arguments)] [< (4: words)] */
static void
do_type(Story *s, char **m)
{
  SlCommand command = {.when = SL_TIME_NONE, .received = SL_TIME_NONE, .channel = "phone"};
  g_autoptr(GString) line = g_string_new(" ");
  g_string_append(line, m[3]);
  g_autofree char *why = take_option(line, "-m");
  g_autofree char *at = take_option(line, "--at");
  g_autofree char *until = take_option(line, "--until");
  g_autofree char *from = take_option(line, "--from");
  g_autofree char *subject = take_option(line, "--subject");
  g_autofree char *channel = take_option(line, "--channel");
  g_autofree char *received = take_option(line, "--received");
  g_autofree char *text = *m[4] ? story_words(s, m[4]) : NULL;
  g_autofree char *caller = from ? story_address(s, from) : NULL;
  g_string_erase(line, 0, (gssize)strspn(line->str, " "));
  g_autofree char *actor = story_person(m[1]) ? g_ascii_strdown(m[1], -1) : NULL;
  g_autofree char *label = actor ? g_strconcat("agent:", actor, NULL) : g_strconcat("cli:", m[1], NULL);
  if (!sl_verb_parse(m[2], &command.verb)) {
    story_fault(s, "there is no verb \"%s\"", m[2]);
    return;
  }
  fill_command(s, &command, line);
  command.why = why;
  command.when = option_time(s, at ? at : until);
  command.received = option_time(s, received);
  command.from = caller;
  command.subject = subject;
  command.channel = channel ? channel : "phone";
  command.text = text;
  begin_thing(s);
  world_command(s->world, label, &command);
}

static void
do_release(Story *s, char **m)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) held = sl_mails_in_state(s->world->work->db, SL_MAIL_HELD, &error);
  (void)m;
  g_assert_no_error(error);
  if (held->len == 0) {
    story_fault(s, "no mail is held");
    return;
  }
  begin_thing(s);
  world_release(s->world, ((const SlMailRow *)held->pdata[held->len - 1])->id);
}

/* ---- the world around ---- */

static void
do_server(Story *s, char **m)
{
  s->world->server_down = strcmp(m[1], "down") == 0;
  world_post(s->world);
}

static void
do_refuse(Story *s, char **m)
{
  g_free(s->world->refused_address);
  s->world->refused_address = strcmp(m[1], "nobody") == 0 ? NULL : g_strdup(story_person(m[1]));
}

static void
do_assign_by(Story *s, char **m)
{
  s->world->config->policy->assign = strcmp(m[1], "by hand") == 0 ? SL_ASSIGN_MANUAL
                                     : strcmp(m[1], "in turn") == 0 ? SL_ASSIGN_ROUND_ROBIN : SL_ASSIGN_LEAST_OPEN;
}

static void
do_require(Story *s, char **m)
{
  (void)m;
  s->world->config->policy->require_dkim = TRUE;
}

static void
do_configure(Story *s, char **m)
{
  gboolean ok = world_configure(s->world, NULL, m[1]);
  g_assert_true(ok);
}

static void
do_edit(Story *s, char **m)
{
  if (!world_configure(s->world, m[1], m[2]))
    story_fault(s, "the configuration does not say so");
}

/* What waited while it was down is done at once. */
static void
do_sleep(Story *s, char **m)
{
  s->world->asleep = strcmp(m[1], "down") == 0;
  if (s->world->asleep)
    return;
  world_run_until(s->world, s->world->now);
  world_post(s->world);
}

static void
do_nothing(Story *s, char **m)
{
  (void)s;
  (void)m;
}

static Rule happenings[] = {
    {"^mail from (\\S+)(?: to ([^\"]*?))?(?: cc ([^\"]*?))? \"([^\"]*)\"" WITH ": ?(.*)$", do_mail, NULL},
    {"^(\\w+) replies to (?:(\\w+)'s )?([\\w-]+)" ON "(?: from (\\w+))?(?: adding ([^\":]*?))?" WITH ": ?(.*)$", do_reply, NULL},
    {"^(\\w+) refers to (?:(\\w+)'s )?([\\w-]+)(?: adding ([^\":]*?))?: ?(.*)$", do_refer, NULL},
    {"^(\\w+) forwards inline(?: to ([^\"]*?))? the mail from (\\w+) to (\\w+) of (\\d\\d:\\d\\d) \"([^\"]*)\": ?(.*)$", do_forward_inline, NULL},
    {"^(\\w+) forwards attached(?: to ([^\"]*?))? the mail from (\\w+) to (\\w+) of (\\d\\d:\\d\\d) \"([^\"]*)\": ?(.*)$", do_forward_attached, NULL},
    {"^the same mail comes again(?: to ([^\"]*))?$", do_again, NULL},
    {"^(hard|soft) bounce of ([\\w-]+) to (\\w+)$", do_bounce, NULL},
    {"^(\\w+) types (\\w+)(?: ([^<]*?))?(?: < (.*))?$", do_type, NULL},
    {"^the held mail is released at the shell$", do_release, NULL},
    {"^the mail server is (up|down)$", do_server, NULL},
    {"^the mail server refuses (\\w+)$", do_refuse, NULL},
    {"^tickets are assigned (by hand|in turn|by load)$", do_assign_by, NULL},
    {"^agents need DKIM$", do_require, NULL},
    {"^the configuration says (.+)$", do_configure, NULL},
    {"^in the configuration (.+) becomes (.+)$", do_edit, NULL},
    {"^Slate is (up|down)$", do_sleep, NULL},
    {"^nothing more$", do_nothing, NULL},
};

gboolean
story_do(Story *s, const char *text)
{
  return story_run_rule(s, happenings, G_N_ELEMENTS(happenings), text);
}

void
story_does_free(void)
{
  story_forget_rules(happenings, G_N_ELEMENTS(happenings));
}
