# SPDX-License-Identifier: ISC
"""S11: who is called, when, and what stops it.

A level fires once a cycle.  The cycle is the answer's, so that start and answer share L1; for a broken ETA it is that ETA.  Occurrences are
counted by the schedule, never by the clock.
"""
from dataclasses import dataclass

from . import clocks
from .ticket import CRITICAL, OPEN, WAITING

LATE = 600      # after an outage, of alarms more than ten minutes overdue only the highest level fires


@dataclass(frozen=True, slots=True)
class Alarm:
    at: int
    kind: str           # warning, escalation, breach
    level: int          # 0 for what only the assignee hears
    key: tuple          # once dealt with, it is not dealt with again
    cause: tuple | None = None      # what must end for the all-clear


def in_hours(ticket, at):
    """Never wake anyone for a clock that is stopped: what comes while closed waits for the opening."""
    return ticket.client.hours.in_hours(at) if ticket.client.agreement.quiet_outside_hours else at


def stopped(ticket, level, target):
    """/take stops L1 in its own cycle; all else is stopped by what meets the promise."""
    if level == 1 and target in ("start", "answer"):
        return not ticket.unanswered() or ticket.cycles[-1].taken is not None
    return False


def timed_steps(ticket, number, level):
    """The steps at so many hundredths of a target → (instant, cycle)."""
    for percent, target in level.at:
        if stopped(ticket, number, target):
            continue
        at = clocks.reached(ticket, target, percent)
        if at is not None:
            yield at, clocks.cycle_of(ticket, target)


def critical_step(ticket, number, level):
    """The steps of critical tickets alone → (instant, cycle)."""
    if ticket.priority != CRITICAL or level.critical_after is None:
        return
    if level.critical_after == 0:       # L1 at once: with each unanswered mail, and with a raise whatever was done before
        if ticket.raises and ("raised", len(ticket.raises)) not in ticket.done:
            yield ticket.raises[-1], ("raised", len(ticket.raises))
        elif not stopped(ticket, number, "answer"):
            yield max(ticket.cycles[-1].began, ticket.critical_since), ("answer", len(ticket.cycles))
    elif ticket.status in (OPEN, WAITING):
        at = clocks.forward(ticket, ticket.critical_since, level.critical_after, False)
        if at is not None:
            yield at, ("answer", len(ticket.cycles))


def occurrences(ticket, level, at):
    """The instants of a level: the first, and where it repeats, each business hour after it."""
    yield 0, in_hours(ticket, at)
    n = 1
    while level.repeat:
        yield n, ticket.client.hours.after(at, n * level.repeat)
        n += 1


def level_alarms(ticket, number, level, now):
    first = {}
    for at, cycle in list(timed_steps(ticket, number, level)) + list(critical_step(ticket, number, level)):
        if cycle not in first or at < first[cycle]:
            first[cycle] = at
    for cycle, at in first.items():
        for n, when in occurrences(ticket, level, at):
            key = (number, cycle, n)
            if key not in ticket.done:
                yield Alarm(when, "escalation", number, key, (number, cycle[0]))
                if when > now:
                    break
            if not level.repeat:
                break


def breaches(ticket):
    """There is no other letter of a breach, but where no ladder step tells it."""
    agreement = ticket.client.agreement
    told = {target for level in agreement.levels.values() for percent, target in level.at}
    for target in ("start", "answer", "eta", "resolve"):
        if target not in told:
            at = clocks.due(ticket, target)
            key = ("breach", target, clocks.cycle_of(ticket, target))
            if at is not None and key not in ticket.done:
                yield Alarm(at, "breach", 0, key)


def alarms(ticket, now):
    """Everything that will be told of this ticket's clocks, if nothing happens to it."""
    for at, key in clocks.warnings(ticket):
        yield Alarm(at, "warning", 0, key)
    for number, level in ticket.client.agreement.levels.items():
        yield from level_alarms(ticket, number, level, now)
    yield from breaches(ticket)


def due_now(ticket, now):
    """What fires at this instant.  All that is due counts as dealt with; of what is long overdue only the highest speaks."""
    due = [alarm for alarm in alarms(ticket, now) if alarm.at <= now]
    for alarm in due:
        ticket.done.add(alarm.key)
        if alarm.level == 1 and alarm.key[1][0] == "raised":
            ticket.done.add((1, ("answer", len(ticket.cycles)), 0))
    late = [alarm for alarm in due if now - alarm.at > LATE]
    highest = max(late, key=lambda alarm: (alarm.level, alarm.at), default=None)
    return sorted((alarm for alarm in due if alarm is highest or now - alarm.at <= LATE), key=lambda alarm: (alarm.at, alarm.level))


def next_at(ticket, now):
    return min((alarm.at for alarm in alarms(ticket, now) if alarm.at > now), default=None)


def people(ticket, number, away=()):
    """Whom a level calls: one whose only person is the assignee passes upward."""
    levels = ticket.client.agreement.levels
    while number in levels:
        there = [person for person in levels[number].people if person != ticket.assignee and person not in away]
        if there:
            return there
        number += 1
    return []
