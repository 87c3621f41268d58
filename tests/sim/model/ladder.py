# SPDX-License-Identifier: ISC
"""S11: who is called, when, and what stops it.

A level fires once a cycle.  The cycle is the answer's, so that start and answer share L1; each ETA that was told is a cycle of its own, and
so is each raise.  Occurrences are counted by the schedule, never by the clock.
"""
from dataclasses import dataclass

from . import clocks, updates
from .hours import MINUTE
from .ticket import CLOSED, CRITICAL, OPEN, RESOLVED, WAITING

LATE = 10 * MINUTE      # after an outage, of alarms more than ten minutes overdue only the highest level fires


@dataclass(frozen=True, slots=True)
class Alarm:
    at: int
    kind: str           # warning, escalation, breach; record: nobody is told
    level: int          # 0 for what only the assignee (a breach: the supervisor) hears
    target: str
    cycle: object       # of the target: which round
    occurrence: int = 0

    @property
    def key(self):
        """Once dealt with, it is not dealt with again."""
        return self.kind, self.level, self.target, self.cycle, self.occurrence


def in_hours(ticket, at):
    """Never wake anyone for a clock that is stopped: what comes while closed waits for the opening.

    The text says so of levels; warnings are no more urgent.
    """
    return ticket.client.hours.in_hours(at) if ticket.client.agreement.quiet_outside_hours else at


# ---- the table ----
def steps(ticket, number, level):
    """Everything that calls a level → (instant, target, cycle)."""
    for percent, target in level.at:
        if target in ("start", "answer"):
            if not (number == 1 and taken(ticket)):         # "stopped by: /take" in its own cycle, "a human's public words"
                yield clocks.reached(ticket, target, percent), "answer", len(ticket.cycles)
        elif ticket.status != WAITING:                      # nobody is called for a clock that stands still, however late it was before
            yield clocks.reached(ticket, target, percent), target, clocks.cycle_of(ticket, target)
    if ticket.priority == CRITICAL and ticket.status in (OPEN, WAITING):
        if level.critical_after == 0:
            yield from at_once(ticket)
        elif level.critical_after:                          # "2 h business time after receipt", or after the raise; stands still while waiting
            at = clocks.forward(ticket, ticket.critical_since, level.critical_after, wall=False)
            yield at, "eta", ("critical", len(ticket.raises))


def at_once(ticket):
    """"critical: at once": with each mail that waits for an answer, and again with a raise, whoever took it or wrote before.

    A raise while nobody waits for an answer fires, too, but not while we wait for the customer.
    """
    raised = ticket.raises[-1] if ticket.raises else None
    asked = ticket.cycles[-1].began if ticket.unanswered() else None
    if raised is None or (asked is not None and raised <= asked):
        if asked is not None and not taken(ticket):
            yield asked, "answer", len(ticket.cycles)
    elif ticket.last_words < raised and ticket.last_take < raised and (asked is not None or ticket.status != WAITING):
        yield raised, "answer", ("raised", len(ticket.raises), len(ticket.cycles))


def taken(ticket):
    return ticket.unanswered() and ticket.last_take >= ticket.cycles[-1].began


def level_alarms(ticket, number, level, now):
    first = {}
    for at, target, cycle in steps(ticket, number, level):
        if at is not None:
            first[target, cycle] = min(at, first.get((target, cycle), at))
    for (target, cycle), at in first.items():
        begin = in_hours(ticket, at)
        for n in range(1 << 20):                            # an hour of repeating is business time
            when = clocks.forward(ticket, begin, n * level.repeat, wall=False, pauses=target == "resolve") if n else begin
            if when is None:
                break
            alarm = Alarm(when, "escalation", number, target, cycle, n)
            if alarm.key not in ticket.done:
                yield alarm
            if when > now or not level.repeat:
                break


def breaches(ticket, now):
    """There is no other letter of a breach, but where no ladder step tells it.  The supervisor gets it; else it is only recorded."""
    told = {target for level in ticket.client.agreement.levels.values() for _, target in level.at}
    for target in ("ack", "start", "answer", "eta", "resolve"):
        at = clocks.due(ticket, target)
        if at is not None:
            yield Alarm(at, "record" if target in told else "breach", 0, target, clocks.cycle_of(ticket, target))
    if ticket.priority == CRITICAL and ticket.status == OPEN:
        for day in updates.days_from(ticket, max(ticket.looked_at, ticket.critical_since), now):
            if updates.broken(ticket, day):
                yield Alarm(day.closes, "breach", 0, "progress", day.number)


def warnings(ticket):
    for at, target, cycle in clocks.warnings(ticket):
        yield Alarm(in_hours(ticket, at), "warning", 0, target, cycle)


def alarms(ticket, now):
    """Everything that will be told of this ticket's clocks, if nothing happens to it."""
    if not ticket.letters or ticket.status == CLOSED:
        return
    for alarm in (*warnings(ticket), *breaches(ticket, now)):
        if alarm.key not in ticket.done:
            yield alarm
    for number, level in ticket.client.agreement.levels.items():
        yield from level_alarms(ticket, number, level, now)


def next_at(ticket, now):
    return min((alarm.at for alarm in alarms(ticket, now)), default=None)


def due_now(ticket, now):
    """What fires at this instant.  All that is due counts as dealt with."""
    due = sorted((alarm for alarm in alarms(ticket, now) if alarm.at <= now), key=lambda alarm: (alarm.at, alarm.level))
    ticket.done.update(alarm.key for alarm in due)
    highest = max((alarm.level for alarm in due if now - alarm.at > LATE), default=0)
    return [alarm for i, alarm in enumerate(due) if speaks(ticket, alarm, highest, due[i + 1:], now)]


def speaks(ticket, alarm, highest, later, now):
    """Nobody is warned of what is broken already; of levels that are long overdue only the highest fires, unless it fires again by now."""
    if alarm.level == 0 and alarm.kind != "warning":
        return alarm.kind == "breach"
    if alarm.kind == "warning":
        ends = clocks.due(ticket, alarm.target)
        return (ends is None or now < ends) and (now - alarm.at <= LATE or highest == 0)
    return now - alarm.at <= LATE or alarm.level == highest and all(other.level != alarm.level for other in later)


# ---- people ----
def people(ticket, number, away):
    """A level whose only person is the assignee or away passes upward; nobody is left: [], and the postmaster gets it."""
    levels = ticket.client.agreement.levels
    while number in levels:
        there = [person for person in levels[number].people if person != ticket.assignee and person not in away]
        if there:
            return there
        number += 1
    return []


def holds(ticket, alarm):
    """Whether a gathered alarm is still true when its letter is written."""
    if ticket.status == CLOSED:
        return False
    if alarm.target in ("start", "answer"):
        if alarm.target == "start" and ticket.start_met is not None:
            return False
        return ticket.unanswered() and not (alarm.level == 1 and taken(ticket))
    if alarm.target == "eta":
        return ticket.eta_met is None
    if alarm.target == "ack":
        return ticket.ack_met is None
    if alarm.target == "progress":
        return True
    return ticket.status != RESOLVED and alarm.cycle == clocks.cycle_of(ticket, "resolve")


WORDS, ETA, SOLUTION = range(3)     # what people of ours can do about an alarm


def is_over(ticket, level, target, done):
    """The column "stopped by": who was alarmed is told when it is over.

    /take stops L1, but nothing is over yet: that is told with the words that follow.
    """
    if done == SOLUTION:
        return True
    if done == WORDS:
        return target == "answer"
    return target == "resolve" and level < 3 or target == "eta" and ticket.priority != CRITICAL
