# SPDX-License-Identifier: ISC
"""A ticket: what is known of it, and what each happening changes.  Nothing here sends or waits; letters and alarms follow from these facts."""
from dataclasses import dataclass, field

from .agreement import Client

CRITICAL, STANDARD, LOW = "critical", "standard", "low"
OPEN, WAITING, RESOLVED, CLOSED = "open", "waiting", "resolved", "closed"


@dataclass(slots=True)
class Cycle:
    """S3: one round of the answer clock.  It begins with the oldest unanswered mail; a human's public words end it."""
    number: int
    began: int
    met: int | None = None
    cancelled: bool = False

    def running(self):
        return self.met is None and not self.cancelled


@dataclass(slots=True)
class Promise:
    """S5: an ETA that was told to the customer.  Each is a cycle of its own for L2."""
    number: int
    due: int
    told: int


@dataclass(slots=True)
class Ticket:
    name: str
    number: int
    client: Client
    requester: str
    assignee: str
    priority: str
    received: int
    recorded: int                       # when we came to know of it: later, where the daemon was down or a call is told afterwards
    letters: bool = True                # False: a machine's mail, whose sender is never written to
    status: str = OPEN
    critical_since: int | None = None
    raises: list[int] = field(default_factory=list)
    ack_met: int | None = None
    start_met: int | None = None
    cycles: list[Cycle] = field(default_factory=list)
    eta_met: int | None = None
    promises: list[Promise] = field(default_factory=list)
    promise: Promise | None = None      # the one that runs
    pauses: list[tuple[int, int]] = field(default_factory=list)
    rests: list[tuple[int, int]] = field(default_factory=list)     # resolved or closed, until it was opened again
    waiting_since: int | None = None
    waiting_until: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    last_customer: int = 0
    last_words: int = 0                 # a person's public words
    words: list[int] = field(default_factory=list)      # all of them that have not bounced
    estimates: list[int] = field(default_factory=list)  # when each ETA was told
    last_take: int = 0
    turn: int | None = None             # when to look at it again
    looked_at: int = 0                  # until when what is due has been dealt with
    listed_days: set[int] = field(default_factory=set)  # S6: the business days on whose list it stood,
    updated_days: set[int] = field(default_factory=set) # and whose letter was queued
    stop: bool = False                  # S8: the customer's STOP ends the courtesy letters
    done: set = field(default_factory=set)          # alarms that were dealt with
    told: set = field(default_factory=set)          # (person, level, target) of those who were alarmed and shall hear that it is over

    # -- what the customer does --
    def unanswered(self):
        return bool(self.cycles) and self.cycles[-1].running()

    def ask(self, at):
        """A customer's mail: it begins a cycle, unless an older one is unanswered still."""
        self.last_customer = max(self.last_customer, at)
        if not self.unanswered():
            self.cycles.append(Cycle(len(self.cycles) + 1, at))

    def raise_to_critical(self, at):
        """S5: the critical clocks start at the raise; the old ones run on."""
        if self.priority == CRITICAL:
            return False
        self.priority, self.critical_since = CRITICAL, at
        self.raises.append(at)
        return True

    # -- what people of ours do --
    def act(self, at):
        """S2: the first human act starts the work."""
        if self.start_met is None:
            self.start_met = at

    def take(self, at):
        self.act(at)
        self.last_take = max(self.last_take, at)

    def speak(self, at):
        """S3: a human's public words."""
        self.act(at)
        self.last_words = max(self.last_words, at)
        self.words.append(at)
        if self.unanswered():
            self.cycles[-1].met = at

    def pauses_until_now(self):
        return self.pauses if self.waiting_since is None else [*self.pauses, (self.waiting_since, None)]

    def want_no_answer(self):
        """S3: /noreply, or SOLVED."""
        if self.unanswered():
            self.cycles[-1].cancelled = True

    def estimate(self, at, due):
        """S4: an ETA told to the requester."""
        self.act(at)
        self.estimates.append(at)
        if self.eta_met is None:
            self.eta_met = at
        self._promise(at, due)

    def _promise(self, at, due):
        self.promise = Promise(len(self.promises) + 1, due, at)
        self.promises.append(self.promise)

    def unsay(self):
        """The newest words came back: they were none."""
        self.words.pop()
        self.last_words = max(self.words, default=0)
        self.cycles[-1].met = None

    def rests_at(self, at):
        """Whether it waited for the customer then, or was over."""
        stretches = [*self.pauses_until_now(), *self.rests]
        return any(begin <= at and (end is None or at < end) for begin, end in stretches)

    def wait(self, at, until=None):
        """S10: eta, progress and resolve stand still; start and answer never do."""
        self.act(at)
        self.status, self.waiting_since, self.waiting_until = WAITING, at, until

    def resume(self, at):
        """S10: → True when an ETA moved by the business time waited, which the customer is told."""
        since, self.waiting_since, self.waiting_until = self.waiting_since, None, None
        self.status = OPEN
        self.pauses.append((since, at))
        if self.promise is None:
            return False
        hours = self.client.hours
        waited = hours.elapsed(since, at)
        if waited == 0:
            return False
        self._promise(at, hours.after(self.promise.due, waited))
        return True

    def resolve(self, at, by_customer=False):
        """By one of ours: the solution is mailed, which answers. By the customer's SOLVED: no answer is wanted any more."""
        if self.status == WAITING:
            self.pauses.append((self.waiting_since, at))
            self.waiting_since = self.waiting_until = None
        if by_customer:
            self.want_no_answer()
            self.act(at)
        else:
            self.speak(at)
        self.status, self.resolved_at, self.promise = RESOLVED, at, None
        if self.eta_met is None:
            self.eta_met = at

    def close(self, at):
        if self.status == WAITING:
            self.pauses.append((self.waiting_since, at))
            self.waiting_since = self.waiting_until = None
        self.status, self.closed_at, self.promise = CLOSED, at, None

    def reopen(self, at):
        """S10: after reopening there is no ETA until a new one is given; eta and start don't start again."""
        over = [instant for instant in (self.resolved_at, self.closed_at) if instant is not None]
        self.rests.append((min(over), at))
        self.status, self.resolved_at, self.closed_at = OPEN, None, None
        if self.eta_met is None:
            self.eta_met = self.received
