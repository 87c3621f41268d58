# SPDX-License-Identifier: ISC
"""S6, S8: the letters before the day ends.

Half an hour before closing, customers hear of the progress; 75 minutes before closing each agent gets one list of the letters that will go.
"""
from .hours import instant
from datetime import datetime
from .ticket import CRITICAL, OPEN, STANDARD
from . import clocks


class Day:
    """A business day of a calendar, as it ends.  One that never closes ends at midnight."""

    def __init__(self, agreement, hours, number):
        self.number = number
        self.opens, self.closes = hours.days[number]
        self.next_opens = hours.days[number + 1][0]
        self.list_at = self.closes - agreement.list_before_close
        self.update_at = self.closes - agreement.update_before_close
        self.words_since = self.update_at - agreement.update_unless_words
        self.midnight = instant(hours.zone, datetime.fromtimestamp(self.opens, hours.zone).date(), "00:00")


def any_within(instants, since, until):
    return any(since <= at <= until for at in instants)


def is_critical_today(ticket, day):
    """S6: a promise for each business day, but for one when it became critical too late."""
    return ticket.priority == CRITICAL and ticket.critical_since <= day.update_at


def will_go(ticket, day, now):
    """Whether this ticket's customer gets a letter at the day's end, as it looks now."""
    if ticket.status != OPEN or not ticket.letters:
        return False
    if ticket.priority == CRITICAL:     # unless a person's words or update went in the two hours before it
        return is_critical_today(ticket, day) and not any_within(ticket.words, day.words_since, now)
    if ticket.priority == STANDARD:     # S8: unless a person's words went that day (an ETA counts), or the customer said STOP
        heard = any_within(ticket.words, day.midnight, now) or any_within(ticket.estimates, day.midnight, now)
        return not ticket.stop and not heard and ticket.recorded <= day.update_at
    return False


def falls_due_while_closed(ticket, day):
    """S4: such an eta is in the agents' list of the last open day."""
    due = clocks.eta_after(ticket, ticket.client.agreement.eta.within)
    return ticket.letters and due is not None and day.closes < due < day.next_opens


def listed(ticket, day, now):
    """On the list stands what was there when it was due; a daemon that was down writes it late, and puts critical tickets on it anyhow."""
    update = will_go(ticket, day, now) and (ticket.priority == CRITICAL or ticket.recorded <= day.list_at)
    return update or (ticket.received <= day.list_at and falls_due_while_closed(ticket, day))


def instants(ticket, day):
    """When this day's end concerns the ticket: what it rested through is not made up for."""
    return [at for at in all_instants(ticket, day) if not ticket.rests_at(at)]


def all_instants(ticket, day):
    if ticket.priority == CRITICAL and is_critical_today(ticket, day) and not any_within(ticket.words, day.words_since, day.update_at):
        yield max(day.list_at, ticket.critical_since)
        yield day.update_at
    if ticket.priority == CRITICAL and ticket.critical_since < day.closes:
        yield day.closes
    if ticket.priority == STANDARD and not ticket.stop:
        yield from (at for at in (day.list_at, day.update_at) if ticket.recorded <= at)


def late_list(ticket, day, now):
    """A critical ticket that comes after the list was written gets its own at once, unless it stood there as a standard one."""
    return ticket.priority == CRITICAL and now <= day.update_at and day.number not in ticket.listed_days and will_go(ticket, day, now)


def handed_over(ticket):
    """At closing the open critical tickets are handed to whoever is on call, else to the supervisor.

    The text has no word of it; the command line's contract names the alarm and the letter.
    """
    return ticket.priority == CRITICAL and ticket.status == OPEN


def broken(ticket, day):
    """S6: due at closing, unless the letter was queued before, or a person's words went."""
    return (is_critical_today(ticket, day) and ticket.status == OPEN and not ticket.rests_at(day.update_at) and
            day.number not in ticket.updated_days and not any_within(ticket.words, day.words_since, day.closes))


def day_at(ticket, at):
    """The business day of the ticket's calendar that has not closed at that instant."""
    hours = ticket.client.hours
    return Day(ticket.client.agreement, hours, hours.next_day(at))


def days_from(ticket, at, now):
    """The business days from the one that has not closed at the first instant to the one that has not closed now."""
    day = day_at(ticket, at)
    yield day
    while day.closes <= now:
        day = Day(ticket.client.agreement, ticket.client.hours, day.number + 1)
        yield day
