# SPDX-License-Identifier: ISC
"""Which letters leave when.

Most leave at once.  Two kinds of news are gathered: acknowledgements to one who writes very often, and the alarms of ten minutes to one
person.
"""
from collections import defaultdict, deque
from dataclasses import dataclass

from . import ladder
from .hours import HOUR, MINUTE
from .ticket import CRITICAL

ACKS_AN_HOUR = 5
STRANGERS_ACKS_AN_HOUR = 60
COMBINED_ACK_AFTER = 10 * MINUTE
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
        self._on_the_way = []                   # acknowledged by a letter that the SMTP server has not taken yet
        self._stranger_acks = deque()           # those of the last hour to all strangers together

    def send(self, now, kind, to, tickets, note=""):
        self.letters.append(Letter(now, kind, to, tuple(sorted(tickets)), note))

    # -- "what several tickets tell one person goes into one letter" --
    def alarm(self, now, person, ticket, alarm):
        """The first leaves at once; later standard ones within ten minutes of it wait; a critical one never waits."""
        if self._is_quiet(now, person) and ticket.priority != CRITICAL:
            if not self._waiting[person]:
                self._at_later(self._window[person] + ALARM_WINDOW, lambda at: self._write_bundle(at, person))
            self._waiting[person].append((ticket, alarm))
        else:
            self.alarm_at_once(now, person, ticket, alarm)

    def alarm_at_once(self, now, person, ticket, alarm):
        self._tell(now, person, [(ticket, alarm)])

    def _is_quiet(self, now, person):
        opened = self._window.get(person)
        return opened is not None and now < opened + ALARM_WINDOW

    def _write_bundle(self, now, person):
        """One letter of those that still hold.  It opens the next ten minutes."""
        still = [(ticket, alarm) for ticket, alarm in self._waiting.pop(person) if ladder.holds(ticket, alarm)]
        if still:
            self._tell(now, person, still)

    def _tell(self, now, person, told):
        if not self._is_quiet(now, person):
            self._window[person] = now
        highest = max(alarm.level for _, alarm in told)
        kind = max((alarm.kind for _, alarm in told), key=("warning", "breach", "escalation").index)
        self.send(now, kind, person, {ticket.name for ticket, _ in told}, f"L{highest}" if highest else "")
        for ticket, alarm in told:
            if alarm.level:
                ticket.told.add((person, alarm.level, alarm.target))

    # -- S2: acknowledgements --
    def acknowledge(self, now, ticket, stranger):
        """Above five an hour to one sender, one combined letter within the 20 minutes names all numbers: after ten of them.

        Above sixty an hour to all strangers together none goes: nothing is promised any more.
        """
        if stranger:
            while self._stranger_acks and self._stranger_acks[0] <= now - HOUR:
                self._stranger_acks.popleft()
            if len(self._stranger_acks) >= STRANGERS_ACKS_AN_HOUR:
                ticket.ack_met = now
                return
            self._stranger_acks.append(now)
        acks = self._acks[ticket.requester]
        while acks and acks[0] <= now - HOUR:
            acks.popleft()
        if len(acks) < ACKS_AN_HOUR and not self._unacked[ticket.requester]:
            acks.append(now)
            ticket.ack_met = now
            self.send(now, "ack", ticket.requester, [ticket.name])
            return
        if not self._unacked[ticket.requester]:
            self._at_later(now + COMBINED_ACK_AFTER, lambda at: self._acknowledge_together(at, ticket.requester))
        self._unacked[ticket.requester].append(ticket)

    def leave(self, now):
        """The SMTP server takes what was written: that, not the writing, meets the promise."""
        for ticket in self._on_the_way:
            ticket.ack_met = now
        self._on_the_way.clear()

    def _acknowledge_together(self, now, sender):
        tickets = self._unacked.pop(sender)
        self._acks[sender].append(now)
        self._on_the_way += tickets
        self.send(now, "ack", sender, {ticket.name for ticket in tickets})
