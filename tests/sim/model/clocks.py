# SPDX-License-Identifier: ISC
"""When each promise is due, and when its assignee is warned.

Every function answers with an instant, or None while the clock does not run.  A clock that was met is left out by the asker, who knows
when: met at the second of its due is met.
"""
from .ticket import CLOSED, OPEN, RESOLVED, WAITING


def forward(ticket, start, seconds, wall, pauses=True):
    """So much time after the start, with the pauses taken out (S10); None while the clock stands still before it is reached."""
    hours = ticket.client.hours
    for begin, end in ticket.pauses_until_now() if pauses else ():
        if end is not None and end <= start:
            continue
        passed = max(0, begin - start) if wall else hours.elapsed(start, max(start, begin))
        if begin > start and passed >= seconds:
            break
        if end is None:
            return None
        seconds -= passed
        start = end
    return start + seconds if wall else hours.after(start, seconds)


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


def ack_due(ticket):
    """S2: met when the SMTP server takes the letter, un-met by its bounce."""
    if ticket.ack_met is not None:
        return None
    return ticket.client.hours.after(ticket.received, ticket.client.agreement.ack.within)


def due(ticket, target):
    agreement = ticket.client.agreement
    if target == "ack":
        return ack_due(ticket)
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
    """Which round of a clock it is: for resolve, the ETA that was told; for the answer, the oldest unanswered mail's."""
    if target == "resolve":
        return ticket.promise.number if ticket.promise else 0
    return len(ticket.cycles) if target == "answer" else 1


def warnings(ticket):
    """The assignee's own warnings → (instant, target, cycle).  A warning that would come before its ETA was given is late: at once."""
    agreement = ticket.client.agreement
    for target, ask in (("start", start_after), ("answer", answer_after), ("eta", eta_after)):
        promised = getattr(agreement, target)
        at = ask(ticket, promised.warn) if promised.warn is not None else None
        if at is not None and not (target == "eta" and ticket.status == WAITING):
            yield at, target, cycle_of(ticket, target)
    ends = resolve_due(ticket)
    if ends is not None:
        yield ticket.client.hours.before(ends, agreement.resolve_warn), "resolve", cycle_of(ticket, "resolve")
