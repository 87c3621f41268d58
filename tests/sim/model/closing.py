# SPDX-License-Identifier: ISC
"""S10: reminders, and how a ticket ends."""
from .ticket import RESOLVED, WAITING


def steps(ticket):
    """What silence brings → (instant, what): "remind", "close" with a letter, "end" without, "resume" where a wait had an end.

    The text has no word of a wait with an end: it is a wait like any other until then, but for the closing, which would end it sooner.
    """
    agreement, hours = ticket.client.agreement, ticket.client.hours
    if ticket.status == WAITING:
        if ticket.waiting_until is not None:
            yield ticket.waiting_until, "resume"
        for days in agreement.remind_days:
            if ("remind", ticket.waiting_since, days) not in ticket.done:
                yield hours.days_after(ticket.waiting_since, days), "remind"
                break
        if ticket.waiting_until is None:
            yield hours.days_after(ticket.waiting_since, agreement.close_waiting_days), "close"
    elif ticket.status == RESOLVED:
        yield hours.days_after(ticket.resolved_at, agreement.close_resolved_days), "end"


def reminded(ticket):
    """The oldest reminder that was still to come has gone."""
    for days in ticket.client.agreement.remind_days:
        key = ("remind", ticket.waiting_since, days)
        if key not in ticket.done:
            ticket.done.add(key)
            return


def reopens(ticket, at):
    """A reply within 14 days of closing reopens; a later one is a new ticket."""
    return ticket.status == RESOLVED or at - ticket.closed_at <= ticket.client.agreement.reopen_within
