# SPDX-License-Identifier: ISC
"""When each promise is due, and when its assignee is warned.

Every function answers with an instant, or None while the clock does not run.  A clock that was met is left out by the asker, who knows
when: met at the second of its due is met.
"""
from .ticket import OPEN, RESOLVED, CLOSED


def forward(ticket, start, seconds, wall):
    """So much time after the start, with the pauses taken out (S10); None if it is not reached before the present pause."""
    hours = ticket.client.hours
    elapsed = (lambda a, b: b - a) if wall else hours.elapsed
    after = (lambda a, n: a + n) if wall else hours.after
    pauses = ticket.pauses if ticket.waiting_since is None else ticket.pauses + [(ticket.waiting_since, None)]
    for begin, end in pauses:
        if begin < start:
            start = max(start, end) if end is not None else start
            if end is None:
                return None
            continue
        due = after(start, seconds)
        if due <= begin:
            return due
        if end is None:
            return None
        seconds -= elapsed(start, begin)
        start = end
    return after(start, seconds)


def start_after(ticket, seconds):
    """S2: initiating the resolution; counts from receipt and never pauses."""
    return ticket.client.hours.after(ticket.received, seconds) if ticket.start_met is None else None


def answer_after(ticket, seconds):
    """S3: counts from the oldest unanswered mail and never pauses."""
    if not ticket.unanswered():
        return None
    began = ticket.cycles[-1].began
    return began + seconds if ticket.client.agreement.answer.wall else ticket.client.hours.after(began, seconds)


def eta_after(ticket, seconds):
    """S4: elapsed time after the ticket has been received; stands still while waiting for the customer."""
    if ticket.eta_met is not None or ticket.status in (RESOLVED, CLOSED):
        return None
    return forward(ticket, ticket.received, seconds, ticket.client.agreement.eta.wall)


def resolve_due(ticket):
    """S5: the ETA that was given; none before, and none while waiting."""
    if ticket.status != OPEN:
        return None
    if ticket.promise is not None:
        return ticket.promise.due
    own = ticket.client.agreement.resolve_critical
    if own is not None and ticket.critical_since is not None and not ticket.promises:
        return forward(ticket, ticket.critical_since, own.within, own.wall)
    return None


def due(ticket, target):
    agreement = ticket.client.agreement
    if target == "start":
        return start_after(ticket, agreement.start.within)
    if target == "answer":
        return answer_after(ticket, agreement.answer.within)
    if target == "eta":
        return eta_after(ticket, agreement.eta.within)
    return resolve_due(ticket)


def reached(ticket, target, percent):
    """The instant at which so many hundredths of the promised time are gone."""
    if percent == 100 or target == "resolve":
        return due(ticket, target)
    seconds = getattr(ticket.client.agreement, target).within * percent // 100
    return {"start": start_after, "answer": answer_after, "eta": eta_after}[target](ticket, seconds)


def cycle_of(ticket, target):
    """Which round of a clock it is: for resolve, the ETA; for start and answer, the answer's."""
    if target == "resolve":
        return ("resolve", ticket.promise.number if ticket.promise else 0)
    return ("eta",) if target == "eta" else ("answer", len(ticket.cycles))


def warnings(ticket):
    """The assignee's own warnings → (instant, key)."""
    agreement = ticket.client.agreement
    for target, ask in (("start", start_after), ("answer", answer_after), ("eta", eta_after)):
        promised = getattr(agreement, target)
        key = ("warn", target, len(ticket.cycles) if target == "answer" else 1)
        if promised.warn is not None and key not in ticket.done:
            at = ask(ticket, promised.warn)
            if at is not None:
                yield at, key
    ends = resolve_due(ticket)
    if ends is not None and ticket.promise is not None:
        key = ("warn", "resolve", ticket.promise.number)
        at = ticket.client.hours.before(ends, agreement.resolve_warn)
        if at >= ticket.promise.told and key not in ticket.done:
            yield at, key
