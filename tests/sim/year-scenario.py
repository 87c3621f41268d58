#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""year-scenario.py GATEWAY SEED TICKETS: what happens in a year, a line each, in order of time.

    instant  way  who  what  conversation  detail  until

way: mail, or shell for what an agent types; who: an address, or "assignee"; what: mail (a customer's, the first of a conversation makes a
ticket), call, an agent's verb, bounce (of that letter), down (the daemon, until then).  Each conversation is a story of its own below.
"""
import argparse
import random
import sys
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from model.agreement import GATEWAYS        # noqa: E402
from model.hours import DAY, HOUR, MINUTE   # noqa: E402

FIRST = int(datetime(2026, 1, 5, tzinfo=timezone.utc).timestamp())
LAST = int(datetime(2026, 12, 31, tzinfo=timezone.utc).timestamp())
END = LAST + 30 * DAY


def iso(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Story:
    """One conversation as it is written: `now` is the instant of its latest line."""

    def __init__(self, rng, name, who, client, at):
        self.rng, self.name, self.who, self.now = rng, name, who, at
        self.hours, self.agreement = client.hours, client.agreement
        self.lines, self.typed = [], False

    def line(self, way, who, what, detail="", until=None):
        self.lines.append([self.now, way, who, what, self.name, detail, until])

    # -- time --
    def pause(self, low, high):
        """Some time goes by."""
        self.now += self.rng.randint(low, high)

    def work(self, low, high):
        """Some business time goes by: people of ours work in business hours, mostly."""
        self.now = max(self.hours.after(self.now, self.rng.randint(low, high)), self.now + 1)

    # -- the customer --
    def writes(self, detail="plain"):
        self.line("mail", self.who, "mail", detail)

    # -- people of ours --
    def agent(self, what, detail="", until=None, who="assignee"):
        """Who has the customer's words in the mailbox replies to them; who took it from somebody else types."""
        self.typed |= who != "assignee"
        self.line("shell" if self.typed else self.rng.choice(("mail", "shell", "shell")), who, what, detail, until)
        self.now += self.rng.randint(1, 20)

    def eta(self, low, high, detail="words"):
        """A whole minute, mostly in business hours."""
        due = self.now + self.rng.randint(low, high) if self.rng.random() < 0.1 else self.hours.after(self.now, self.rng.randint(low, high))
        due = max(due - due % 60, self.now - self.now % 60 + 120)
        self.agent("eta", detail, due)
        return due


# ---- the stories ----
def at_once(s):
    """Most of them: the first words are the solution, within the quarter of an hour after which somebody would be warned."""
    s.writes()
    s.work(MINUTE, 14 * MINUTE)
    s.agent("resolve")


def quick(s):
    """An answer within the hour, solved the same day."""
    s.writes()
    s.work(2 * MINUTE, 70 * MINUTE)
    s.agent("answer")
    s.work(5 * MINUTE, 4 * HOUR)
    s.agent("resolve")
    if s.rng.random() < 0.3:
        s.pause(MINUTE, DAY)
        s.writes("thanks")


def solved(s):
    """The first words are the solution, but they take their time."""
    s.writes()
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("resolve")


def slow(s):
    """The answer comes late: warned, L1, sometimes L2."""
    s.writes()
    s.work(90 * MINUTE, 5 * HOUR)
    s.agent("answer")
    s.work(5 * MINUTE, 6 * HOUR)
    s.agent("resolve")


def taken(s):
    """Somebody takes it, which stops L1, and answers when they know."""
    s.writes()
    s.work(2 * MINUTE, 40 * MINUTE)
    s.agent("take")
    s.work(30 * MINUTE, 3 * HOUR)
    s.agent("answer")
    s.work(30 * MINUTE, 5 * HOUR)
    s.agent("resolve")


def taken_by_senior(s):
    s.writes()
    s.work(10 * MINUTE, 110 * MINUTE)
    s.agent("take", who="senior")
    s.work(5 * MINUTE, 2 * HOUR)
    s.agent("answer")
    s.work(5 * MINUTE, 2 * HOUR)
    s.agent("resolve")


def estimated(s):
    """An ETA, kept, broken or moved."""
    s.writes()
    s.work(5 * MINUTE, 90 * MINUTE)
    due = s.eta(HOUR, 12 * HOUR, s.rng.choice(("words", "words", "bare")))
    if s.lines[-1][5] == "bare":
        s.work(5 * MINUTE, 40 * MINUTE)
        s.agent("answer")
    if s.rng.random() < 0.3 and s.now < due:
        s.now = s.rng.randint(s.now, due)
        due = s.eta(2 * HOUR, 10 * HOUR)
    if s.rng.random() < 0.7 and s.now + 120 < due:
        s.now = s.rng.randint(s.now + 60, due)
    else:
        s.now = max(s.now, due)
        s.work(1, 3 * HOUR)
    s.agent("resolve")


def talk(s):
    """Words go back and forth."""
    s.writes()
    for _ in range(s.rng.randint(1, 2)):
        if s.rng.random() < 0.4:
            s.pause(MINUTE, 30 * MINUTE)
            s.writes()
        s.work(2 * MINUTE, 2 * HOUR)
        s.agent("answer")
        s.pause(10 * MINUTE, 20 * HOUR)
        s.writes()
    s.work(2 * MINUTE, 2 * HOUR)
    s.agent("resolve")


def asked(s):
    """A question, and the customer's answer."""
    s.writes()
    s.work(5 * MINUTE, 80 * MINUTE)
    if s.rng.random() < 0.4:
        s.eta(2 * HOUR, 14 * HOUR, "words")
    s.agent("ask")
    s.pause(30 * MINUTE, 3 * DAY)
    if s.rng.random() < 0.2:
        s.writes("vacation")
        s.pause(HOUR, DAY)
    if s.rng.random() < 0.2:
        s.writes("thanks")
        s.pause(HOUR, DAY)
    s.writes()
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("answer")
    s.work(5 * MINUTE, 5 * HOUR)
    s.agent("resolve")


def waits(s):
    """An answer, then a wait, some with an end."""
    s.writes()
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("answer")
    until = None
    if s.rng.random() < 0.5:
        until = s.hours.after(s.now, s.rng.randint(HOUR, 20 * HOUR))
        until = max(until - until % 60, s.now - s.now % 60 + 120)
    s.agent("wait", "", until)
    if until is None:
        s.pause(HOUR, 2 * DAY)
        if s.rng.random() < 0.5:
            s.agent("resume")
        else:
            s.writes()
    else:
        s.now = until
    s.work(5 * MINUTE, 4 * HOUR)
    s.agent("resolve")


def never_answers(s):
    """A question that nobody answers: reminders, then it closes."""
    s.writes()
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("ask")


def answers_after_closing(s):
    """Within 14 days it reopens; later it is a new ticket; a bare thanks is neither."""
    never_answers(s)
    s.now = s.hours.days[s.hours.day_at(s.now) + 8][0]
    s.pause(0, 24 * DAY)
    s.writes(s.rng.choice(("plain", "plain", "thanks")))
    if s.lines[-1][5] == "plain":
        s.work(5 * MINUTE, 2 * HOUR)
        s.agent("resolve")


def reopened(s):
    """It was not solved: the customer says so before or after closing."""
    s.writes()
    s.work(5 * MINUTE, 80 * MINUTE)
    if s.rng.random() < 0.5:
        s.eta(2 * HOUR, 12 * HOUR)
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("resolve")
    s.pause(10 * MINUTE, 22 * DAY)
    s.writes()
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent(s.rng.choice(("answer", "resolve", "resolve")))
    if s.lines[-1][3] == "answer":
        s.eta(HOUR, 8 * HOUR, "bare")
        s.work(MINUTE, 9 * HOUR)
        s.agent("resolve")


def reopened_by_agent(s):
    quick(s)
    s.lines = [line for line in s.lines if line[5] != "thanks"]
    s.now = s.lines[-1][0]
    s.pause(10 * MINUTE, DAY)
    s.agent("reopen")
    s.work(10 * MINUTE, 12 * HOUR)
    s.agent("resolve")


def closed_by_hand(s):
    s.writes()
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("answer")
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("close")


def critical(s):
    """S5: blocked by rule; handled at once, or over a night with a progress letter before each closing."""
    s.writes("blocked")
    if s.rng.random() < 0.7:
        s.work(MINUTE, 20 * MINUTE)
        s.agent("take")
    s.work(5 * MINUTE, 150 * MINUTE)
    s.agent("answer")
    if s.rng.random() < 0.5:
        s.work(5 * MINUTE, 5 * HOUR)
        s.agent(s.rng.choice(("progress", "answer")))
    if s.rng.random() < 0.4:
        s.eta(HOUR, 14 * HOUR)
    if s.rng.random() < 0.2:
        s.agent("ask")
        s.pause(HOUR, DAY)
        s.writes()
    s.work(5 * MINUTE, 16 * HOUR)
    s.agent("resolve")


def raised(s):
    """It becomes critical later: by an agent, by the customer's next mail, by the word URGENT; some are lowered again."""
    s.writes()
    s.work(3 * MINUTE, 4 * HOUR)
    how = s.rng.choice(("agent", "agent", "mail", "URGENT"))
    if s.rng.random() < 0.4:
        s.agent("answer")
        s.work(3 * MINUTE, 2 * HOUR)
    if how == "agent":
        s.agent("prio", "critical")
    else:
        s.writes("blocked" if how == "mail" else "URGENT")
    s.work(10 * MINUTE, 3 * HOUR)
    if s.rng.random() < 0.3:
        s.agent("prio", s.rng.choice(("standard", "low")))
        s.work(10 * MINUTE, HOUR)
    s.agent("answer")
    s.work(10 * MINUTE, 12 * HOUR)
    s.agent("resolve")


def forgotten(s):
    """Nobody does anything for hours or days: every level, with its repeats."""
    s.writes(s.rng.choice(("plain", "plain", "plain", "blocked", "low")))
    s.work(4 * HOUR, 25 * HOUR)
    s.agent("answer")
    s.work(10 * MINUTE, 3 * HOUR)
    s.agent("resolve")


def never_estimated(s):
    """Words, but no ETA for days: warned, in the agents' list, L3."""
    s.writes()
    for _ in range(s.rng.randint(2, 4)):
        s.work(20 * MINUTE, 90 * MINUTE)
        s.agent("answer")
        s.work(2 * HOUR, 9 * HOUR)
    if s.rng.random() < 0.5:
        s.eta(HOUR, 4 * HOUR)
    s.agent("resolve")


def lasts(s):
    """Many days in work: courtesy letters, until the customer says STOP."""
    s.writes(s.rng.choice(("plain", "plain", "low")))
    s.work(5 * MINUTE, 80 * MINUTE)
    s.eta(30 * HOUR, 60 * HOUR)
    for _ in range(s.rng.randint(1, 3)):
        s.work(4 * HOUR, 12 * HOUR)
        s.agent(s.rng.choice(("progress", "note")))
    if s.rng.random() < 0.4:
        s.writes("STOP")
    s.work(HOUR, 20 * HOUR)
    s.agent("resolve")


def says_solved(s):
    """The customer's own word ends it, answered or not."""
    s.writes()
    s.work(5 * MINUTE, 3 * HOUR)
    if s.rng.random() < 0.6:
        s.agent(s.rng.choice(("answer", "take", "ask")))
        s.pause(10 * MINUTE, DAY)
    s.writes("SOLVED")
    if s.rng.random() < 0.3:
        s.pause(10 * MINUTE, 20 * DAY)
        s.writes()
        s.work(5 * MINUTE, 3 * HOUR)
        s.agent("resolve")


def estimates_move(s):
    """A new ETA each day, without a word besides: an ETA is a person's word, too, for the courtesy letter."""
    s.writes(s.rng.choice(("plain", "plain", "blocked")))
    s.work(5 * MINUTE, 80 * MINUTE)
    s.agent("answer")
    for _ in range(s.rng.randint(2, 4)):
        s.eta(2 * HOUR, 12 * HOUR, "bare")
        s.work(4 * HOUR, 12 * HOUR)
    s.agent("resolve")


def unacknowledged(s):
    """A rule says: no acknowledgement."""
    s.writes("unacked")
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("resolve")


def called(s):
    """S1: by phone; some calls are recorded later, with the time that is stated."""
    said = s.now - s.rng.randint(1, 40) * MINUTE if s.rng.random() < 0.3 else None
    s.line("shell", s.who, "call", s.rng.choice(("plain", "plain", "blocked")), said)
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("answer")
    s.work(5 * MINUTE, 6 * HOUR)
    s.agent("resolve")


def no_reply_needed(s):
    s.writes()
    s.work(MINUTE, 3 * HOUR)
    s.agent("noreply")
    s.work(MINUTE, 3 * HOUR)
    s.agent("close")


def answered_outside(s):
    """By telephone, told afterwards."""
    s.writes()
    s.work(30 * MINUTE, 3 * HOUR)
    said = s.now - s.rng.randint(1, 25) * MINUTE
    s.agent("answered", "", said - said % 60)
    s.work(MINUTE, 3 * HOUR)
    s.agent("resolve")


def handed_over(s):
    s.writes()
    s.work(MINUTE, 100 * MINUTE)
    s.agent("assign", "other")
    s.work(MINUTE, 100 * MINUTE)
    s.agent("answer")
    s.work(MINUTE, 3 * HOUR)
    s.agent("resolve")


def climbs_by_hand(s):
    s.writes()
    s.work(MINUTE, 100 * MINUTE)
    s.agent("escalate", s.rng.choice("123"))
    s.work(10 * MINUTE, 100 * MINUTE)
    s.agent("answer")
    s.work(MINUTE, 3 * HOUR)
    s.agent("resolve")


def other_acts(s):
    """A note and a priority start the work, but answer nobody."""
    s.writes()
    s.work(MINUTE, 30 * MINUTE)
    s.agent("note") if s.rng.random() < 0.5 else s.agent("prio", "low")
    s.work(MINUTE, 3 * HOUR)
    s.agent("answer")
    s.work(MINUTE, 3 * HOUR)
    s.agent("resolve")


def bounces(s):
    """An answer that could not be delivered was none."""
    s.writes()
    s.work(5 * MINUTE, 100 * MINUTE)
    s.agent("answer")
    s.pause(5, 2 * HOUR)
    s.line("mail", "mailer-daemon", "bounce", "answer")
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("answer")
    s.work(5 * MINUTE, 3 * HOUR)
    s.agent("resolve")


def ack_bounces(s):
    s.writes()
    s.pause(2, 5 * MINUTE)
    s.line("mail", "mailer-daemon", "bounce", "ack")
    s.work(5 * MINUTE, 100 * MINUTE)
    s.agent("resolve")


def to_the_second(s):
    """Met exactly at a due second, or one second beside it."""
    s.writes(s.rng.choice(("plain", "plain", "blocked")))
    limits = (s.agreement.start.warn, s.agreement.start.within, s.agreement.answer.warn, s.agreement.answer.within * 80 // 100,
              s.agreement.answer.within, s.agreement.answer.within + HOUR)
    s.now = max(s.hours.after(s.now, s.rng.choice(limits)) + s.rng.choice((-1, 0, 0, 1)), s.now + 1)
    s.line("mail", "assignee", s.rng.choice(("answer", "take")))
    s.work(2 * HOUR, 3 * HOUR)
    s.agent("resolve")


def estimate_to_the_second(s):
    """The same for an ETA's end, and for the hour before it."""
    s.writes()
    s.work(5 * MINUTE, 50 * MINUTE)
    due = s.hours.after(s.now, s.rng.randint(90 * MINUTE, 14 * HOUR))
    due -= due % 60
    s.agent("eta", "words", due)
    s.now = max(s.hours.before(due, s.rng.choice((0, 0, HOUR))) + s.rng.choice((-1, 0, 1)), s.now + 1)
    s.line("mail", "assignee", "resolve")


def closes_to_the_second(s):
    """The customer's mail at the very second of a reminder or of closing, or beside it."""
    never_answers(s)
    days = s.rng.choice((2, 4, 6))
    s.now = s.hours.days_after(s.lines[-1][0], days) + s.rng.choice((-1, 0, 1))
    s.writes()
    s.work(5 * MINUTE, 50 * MINUTE)
    s.agent("resolve")


def machine(s):
    """A no-reply sender: a ticket without letters."""
    s.who = "no-reply@" + s.who.partition("@")[2]
    s.writes("bulk")


STORIES = {         # and how many of a thousand
    at_once: 784, quick: 30, solved: 18, slow: 10, taken: 10, taken_by_senior: 4, estimated: 15, talk: 10, asked: 14, waits: 7,
    never_answers: 4, answers_after_closing: 4, reopened: 7, reopened_by_agent: 3, closed_by_hand: 4, critical: 12, raised: 8, forgotten: 2,
    never_estimated: 3, lasts: 3, says_solved: 3, estimates_move: 2, called: 6, no_reply_needed: 3, answered_outside: 3, handed_over: 3,
    climbs_by_hand: 2, other_acts: 4, bounces: 3, ack_bounces: 2, to_the_second: 7, estimate_to_the_second: 5, closes_to_the_second: 4,
    machine: 3, unacknowledged: 2,
}


# ---- the year ----
def arrival(rng, hours):
    """Three of four write in business hours."""
    at = rng.randint(FIRST, LAST)
    return at if rng.random() < 0.25 else hours.after(at, rng.randint(1, 8 * HOUR))


def outages(rng):
    """A dozen times a year the daemon is down, for minutes or for hours."""
    at, spans = FIRST + 8 * DAY, []
    while at < LAST:
        spans.append((at, at + rng.choice((20 * MINUTE, 2 * HOUR, 5 * HOUR, 14 * HOUR)) + rng.randint(0, 3599)))
        at += rng.randint(20 * DAY, 40 * DAY)
    return spans


def storm(rng, name, client, domain):
    """One person writes eight mails within minutes."""
    at, who = arrival(rng, client.hours), f"storm{name}@{domain or 'elsewhere.example'}"
    for i in range(8):
        story = Story(rng, f"{name}-{i + 1}", who, client, at)
        at += rng.randint(2, 200)
        quick(story)
        yield story


def crowd(rng, name, client):
    """So many strangers write within the hour that the last are not acknowledged; and of those who are blocked not all are believed."""
    at = arrival(rng, client.hours)
    for i in range(70):
        story = Story(rng, f"{name}-{i + 1}", f"s{i}@crowd{i % 7}.example", client, at)
        at += rng.randint(2, 45)
        story.writes("blocked" if i % 10 == 0 else "plain")
        story.work(5 * MINUTE, 4 * HOUR)
        story.agent("resolve")
        yield story


def absences(rng):
    """The supervisor is away for some days, now and then: the second level passes upward."""
    at = FIRST + 20 * DAY
    while at < LAST:
        days = rng.randint(1, 4)
        until = at + days * DAY
        yield [at, "shell", "supervisor", "away", "-", "", until - until % 3600 + 30 * MINUTE]
        at += rng.randint(20 * DAY, 60 * DAY)


def after_the_outage(story, down, up):
    """Nobody answers a letter that was not sent yet, and nobody types a command on a machine that is down."""
    shift = waiting = 0
    for line in story.lines:
        line[0] += shift
        if line[6] and line[3] != "answered":
            line[6] += shift - shift % 60
        if down <= line[0] <= up and (line[1] == "shell" or waiting and line[2] in ("assignee", "senior", "mailer-daemon")):
            more = up + 1 + waiting - line[0]
            shift, line[0] = shift + more, line[0] + more
            if line[6] and line[3] != "answered":
                line[6] += more + 59 - (more + 59) % 60
        if down <= line[0] <= up:
            waiting = 60
        elif waiting:
            waiting = 0


def write_stories(rng, gateway, count):
    domains = list(gateway.clients)
    tellers, weights = list(STORIES), list(STORIES.values())
    stories = list(crowd(rng, "crowd", gateway.clients[""])) if count >= 1000 else []
    while len(stories) < count:
        domain = rng.choices(domains, [72, 13, 15])[0]
        client, name = gateway.clients[domain], f"t{len(stories) + 1:05}"
        if rng.random() < 0.0005:
            stories.extend(storm(rng, name, client, domain))
            continue
        who = f"p{rng.randint(1, 400)}@{domain}" if domain else f"p{rng.randint(1, 4000)}@elsewhere{rng.randint(1, 99)}.example"
        story = Story(rng, name, who, client, arrival(rng, client.hours))
        rng.choices(tellers, weights)[0](story)
        stories.append(story)
    return stories


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", choices=GATEWAYS)
    parser.add_argument("seed", type=int)
    parser.add_argument("tickets", type=int)
    args = parser.parse_args()
    rng = random.Random(f"{args.gateway} {args.seed}")
    gateway = GATEWAYS[args.gateway]()
    stories = write_stories(rng, gateway, args.tickets)
    spans = outages(rng)
    for story in stories:
        for down, up in spans:
            after_the_outage(story, down, up)
    lines = [line for story in stories for line in story.lines] + list(absences(rng))
    lines += [[down, "-", "-", "down", "-", "", up] for down, up in spans]
    lines.sort(key=lambda line: line[0])
    print(f"# a year of the gateway {args.gateway}: seed {args.seed}, {args.tickets} tickets")
    for at, way, who, what, name, detail, until in lines:
        print(iso(at), way, who, what, name, detail, iso(until) if until else "", sep="\t")
    print(iso(END), "-", "-", "end", "-", "", "", sep="\t")


main()
