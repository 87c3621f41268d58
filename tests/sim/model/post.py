# SPDX-License-Identifier: ISC
"""Which letters leave when.

Most leave at once.  Two kinds of news are gathered: acknowledgements to one who writes very often, and the alarms of ten minutes to one
person.
"""
from collections import defaultdict, deque
from dataclasses import dataclass

from .hours import HOUR, MINUTE

ACKS_AN_HOUR = 5
STRANGERS_ACKS_AN_HOUR = 60
ALARM_WINDOW = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Letter:
    at: int
    kind: str
    to: str
    tickets: tuple[str, ...]
    note: str = ""


class Post:
    def __init__(self, at_later):
        """at_later(instant, function): calls the function at that instant."""
        self.letters = []
        self._at_later = at_later
        self._window = {}                       # person → when the first alarm of the ten minutes left
        self._waiting = defaultdict(list)       # person → (ticket, alarm)s that wait for the tenth minute
        self._acks = defaultdict(deque)         # sender → the acks of the last hour
        self._unacked = defaultdict(list)

    def send(self, now, kind, to, tickets, note=""):
        self.letters.append(Letter(now, kind, to, tuple(sorted(tickets)), note))

    # -- "what several tickets tell one person goes into one letter" --
    def alarm(self, now, person, ticket, alarm, holds):
        """The first leaves at once; later standard ones within ten minutes of it wait; a critical one never waits."""
        opened = self._window.get(person)
        quiet = opened is not None and now < opened + ALARM_WINDOW
        if quiet and ticket.priority != "critical":
            if not self._waiting[person]:
                self._at_later(opened + ALARM_WINDOW, lambda at: self._write_bundle(at, person))
            self._waiting[person].append((ticket, alarm, holds))
            return
        if not quiet:
            self._window[person] = now
        self._tell(now, person, [(ticket, alarm)])

    def _write_bundle(self, now, person):
        """One letter of those that still hold."""
        still = [(ticket, alarm) for ticket, alarm, holds in self._waiting.pop(person) if holds(ticket, alarm)]
        if still:
            self._tell(now, person, still)

    def _tell(self, now, person, told):
        kind = max((alarm.kind for _, alarm in told), key=("warning", "breach", "escalation").index)
        levels = sorted({f"L{alarm.level}" for _, alarm in told if alarm.level})
        self.send(now, kind, person, {ticket.name for ticket, _ in told}, ",".join(levels))
        for ticket, alarm in told:
            if alarm.cause:
                ticket.told.setdefault(alarm.cause, set()).add(person)

    # -- S2: acknowledgements --
    def acknowledge(self, now, ticket, due):
        """Above five an hour to one sender, one combined letter within the 20 minutes names all numbers."""
        acks = self._acks[ticket.requester]
        while acks and acks[0] <= now - HOUR:
            acks.popleft()
        if len(acks) < ACKS_AN_HOUR and not self._unacked[ticket.requester]:
            acks.append(now)
            self.send(now, "ack", ticket.requester, [ticket.name])
            return
        if not self._unacked[ticket.requester]:
            self._at_later(max(now, due), lambda at: self._acknowledge_together(at, ticket.requester))
        self._unacked[ticket.requester].append(ticket)

    def _acknowledge_together(self, now, sender):
        tickets = self._unacked.pop(sender)
        self.send(now, "ack", sender, {ticket.name for ticket in tickets})
