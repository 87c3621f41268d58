# SPDX-License-Identifier: ISC
"""The year, one instant after the other: what people do first, then what has come due, then the letters that were gathered."""
import heapq
from itertools import count

from . import clocks, closing, ladder, updates
from .hours import HOUR, MINUTE
from .post import Post
from .ticket import CLOSED, CRITICAL, LOW, OPEN, RESOLVED, STANDARD, WAITING, Ticket

BY_HAND = 5 * MINUTE             # a letter of closing by hand waits for second thoughts
NEWS = 5 * MINUTE                # an ETA that moved by less is no news
STRANGERS_RAISE = 3


class Desk:
    def __init__(self, gateway, assigned):
        """assigned: ticket's name → the agent whom the program chose; the model only judges whether the choice was allowed."""
        self.gateway, self.assigned = gateway, assigned
        self.tickets, self.latest = {}, {}      # latest: a conversation's name → its newest ticket
        self.faults, self._numbers = [], 0
        self._alarms, self._gathered = [], []   # heaps of what is to come: for single tickets, and letters that gather several
        self._order, self._now = count(), 0
        self._away_until, self._stranger_raises = 0, []
        self._listed = set()                    # (calendar, day)s whose lists have been written
        self.post = Post(self._later)
        self.hours = {client.hours: client.agreement for client in gateway.clients.values()}
        self._open_of = {agent: 0 for agent in gateway.agents}

    # -- time --
    def _later(self, at, function):
        heapq.heappush(self._gathered, (at, next(self._order), function))

    def _look_again(self, ticket, at):
        heapq.heappush(self._alarms, (at, ticket.number, next(self._order), lambda now: self.fire(ticket, at, now)))

    def play(self, stimuli, end):
        """stimuli: in order of time.  While the daemon is down nothing is read, told or sent; then all of it, in order."""
        for stimulus in stimuli:
            if stimulus.at > self._now:
                self._run(stimulus.at - 1)
            self._now = max(self._now, stimulus.at)
            if stimulus.verb == "down":
                self._now = stimulus.until
            else:
                self.happen(stimulus, self._now)
        self._run(end)

    def _run(self, until):
        """Alarms before the letters that gather them; the oldest first, and of the same second the older ticket's.

        What came due while the daemon was down comes now.
        """
        while self._alarms or self._gathered:
            now = max(self._now, min(heap[0][0] for heap in (self._alarms, self._gathered) if heap))
            if now > until:
                return
            self._now = now
            for heap in (self._alarms, self._gathered):
                while heap and heap[0][0] <= now:
                    heapq.heappop(heap)[-1](now)
            self.post.leave(now)

    def begin(self, start):
        """Each calendar's days end by themselves."""
        for hours, agreement in self.hours.items():
            self._plan_day(hours, agreement, hours.next_day(start))

    def _plan_day(self, hours, agreement, number):
        day = updates.Day(agreement, hours, number)
        self._later(day.list_at, lambda at: self.write_lists(at, hours, day))
        self._later(day.update_at, lambda at: self.write_updates(at, hours, day))
        self._later(day.closes, lambda at: self.close_day(at, hours, day))
        self._later(day.closes, lambda at: self._plan_day(hours, agreement, number + 1))

    # -- S6, S8: the day's end --
    def _living(self, hours):
        """In the order of their numbers; who is closed leaves, and comes back when it is opened again."""
        self.tickets = {number: ticket for number, ticket in self.tickets.items() if ticket.status != CLOSED}
        return [ticket for _, ticket in sorted(self.tickets.items()) if ticket.client.hours is hours]

    def write_lists(self, now, hours, day):
        lists = {}
        self._listed.add((hours, day.number))
        if now < day.update_at:
            for ticket in self._living(hours):
                if updates.will_go(ticket, day, now):
                    ticket.listed_days.add(day.number)
                if updates.listed(ticket, day, now):
                    lists.setdefault(ticket.assignee, []).append(ticket.name)
        for agent, names in lists.items():
            self.post.send(now, "update-request", agent, names)

    def write_updates(self, now, hours, day):
        """Late ones still go before closing, which is what was promised."""
        if now < day.closes:
            for ticket in self._living(hours):
                if updates.will_go(ticket, day, now):
                    ticket.updated_days.add(day.number)
                    self.post.send(now, "progress", ticket.requester, [ticket.name])

    def close_day(self, now, hours, day):
        over = []
        for ticket in self._living(hours):
            if updates.handed_over(ticket) and now - day.closes <= ladder.LATE:
                over.append(ticket.name)
        if over and not self._away(now):
            self.post.send(now, "handover", self.gateway.supervisor, over)

    def _list_late(self, ticket, now):
        hours, agreement = ticket.client.hours, ticket.client.agreement
        day = updates.Day(agreement, hours, hours.next_day(now))
        if (hours, day.number) in self._listed and updates.late_list(ticket, day, now):
            self.post.send(now, "update-request", ticket.assignee, [ticket.name])

    def _update_late(self, ticket, now):
        """A call that is written down when the day's letters have left: its own still goes before closing, which is what was promised."""
        hours, agreement = ticket.client.hours, ticket.client.agreement
        day = updates.Day(agreement, hours, hours.next_day(now))
        if day.update_at < now < day.closes and ticket.received != now and updates.will_go(ticket, day, now):
            ticket.updated_days.add(day.number)
            self.post.send(now, "progress", ticket.requester, [ticket.name])

    # -- S10, S11: what comes due for one ticket --
    def changed(self, ticket, now):
        """After each happening: what fires at once, and when to look again.

        Whose turn it is among several is told by the oldest of what is due for each, the day's list and letter included.
        """
        due = [at for at, _ in closing.steps(ticket)]
        due += [at for at in (ladder.next_at(ticket, now), self._end_of_day(ticket)) if at is not None]
        turn = min(due, default=None)
        if turn != ticket.turn and turn is not None:
            self._look_again(ticket, turn)
        ticket.turn = turn

    def _end_of_day(self, ticket):
        if ticket.status != OPEN or not ticket.letters:
            return None
        hours, since = ticket.client.hours, max(ticket.looked_at, ticket.received)
        for number in range(hours.next_day(since), hours.next_day(since) + 2):
            for at in updates.instants(ticket, updates.Day(ticket.client.agreement, hours, number)):
                if at > ticket.looked_at:
                    return at
        return None

    def fire(self, ticket, turn, now):
        if turn != ticket.turn:         # something has happened since, and it has another
            return
        ticket.turn = None
        due = ladder.due_now(ticket, now)
        ticket.looked_at = now
        for alarm in due:
            for person in self._people(ticket, alarm, now):
                self.post.alarm(now, person, ticket, alarm)
        self._close(ticket, now)
        self.changed(ticket, now)

    def _people(self, ticket, alarm, now):
        if alarm.level:
            return ladder.people(ticket, alarm.level, self._away(now)) or [self.gateway.postmaster]
        if alarm.kind == "warning":
            return [ticket.assignee]
        return [self.gateway.postmaster if self._away(now) else self.gateway.supervisor]

    def _close(self, ticket, now):
        for at, what in sorted(closing.steps(ticket)):
            if at > now:
                return False
            if what == "remind":
                closing.reminded(ticket)
                self.post.send(now, "reminder", ticket.requester, [ticket.name])
            elif what == "close":
                ticket.close(now)
                self._lighten(ticket)
                self.post.send(now, "closure", ticket.requester, [ticket.name])
                self.all_clear(ticket, now, ladder.SOLUTION, None)
            elif what == "end":
                ticket.close(now)
            else:
                self._resume(ticket, at, now)
                self.post.alarm_at_once(now, ticket.assignee, ticket, ladder.Alarm(now, "warning", 0, "resume", 0))
            return True
        return False

    def _resume(self, ticket, at, now):
        """S10: the customer is told of the ETA that moved: if it moved by some minutes at least, and is not over already."""
        before = ticket.promise
        if ticket.resume(at) and ticket.promise.due > now and ticket.promise.due - before.due >= NEWS:
            self.post.send(now, "eta", ticket.requester, [ticket.name])

    def all_clear(self, ticket, now, done, by):
        """Who was alarmed is told when it is over ("Ana answered 10:02"); who ended it knows."""
        over = {told for told in ticket.told if ladder.is_over(ticket, told[1], told[2], done)}
        ticket.told -= over
        for person in sorted({person for person, _, _ in over} - {by}):
            self.post.send(now, "all-clear", person, [ticket.name])

    def _back_to_agent(self, ticket, stimulus, now, kind):
        """What a command by mail has done is told to who wrote it; plain words need no receipt."""
        if stimulus.way == "mail":
            self.post.send(now, kind, self._who(ticket, stimulus), [ticket.name])

    # -- what people do --
    def happen(self, stimulus, now):
        ticket = self.latest.get(stimulus.ticket)
        if stimulus.verb in ("eta", "wait") and stimulus.until is not None and stimulus.until <= now:
            self._back_to_agent(ticket, stimulus, now, "refusal")       # read late, after an outage: that time is over
            return
        if stimulus.verb not in ("mail", "call", "bounce", "answer", "away", "end"):
            self._back_to_agent(ticket, stimulus, now, "receipt")
        getattr(self, "do_" + stimulus.verb)(ticket, stimulus, now)
        ticket = self.latest.get(stimulus.ticket)
        if ticket is not None:
            self.changed(ticket, now)

    def do_mail(self, ticket, mail, now):
        if ticket is None:
            self._new(mail.ticket, mail, now)
        elif mail.detail == "vacation":         # joins silently, and resumes no pause
            pass
        elif ticket.status in (RESOLVED, CLOSED) and not closing.reopens(ticket, mail.at) and mail.detail != "thanks":
            self._new(mail.ticket, mail, now)
        else:
            self._later_mail(ticket, mail, now)

    def _new(self, name, mail, now, channel="mail"):
        self._numbers += 1
        previous = self.latest.get(name)
        client = self.gateway.client_of(mail.who)
        received = mail.until if channel == "phone" and mail.until else mail.at         # a call that is recorded later
        ticket = Ticket(previous.name + "'" if previous else name, self._numbers, client, mail.who, "", STANDARD, received, now)
        self.latest[name] = ticket
        self.tickets[ticket.number] = ticket
        if mail.detail == "bulk":       # a machine's mail: a ticket without letters
            ticket.letters = False
            return ticket
        if mail.detail == "low":
            ticket.priority = LOW
        self._assign(ticket, now)
        ticket.ask(received)
        if channel == "phone" or mail.detail == "unacked":
            ticket.ack_met = now                # who calls hears us; where no letter may go, nothing is promised
        else:
            self.post.acknowledge(now, ticket, self.gateway.is_stranger(mail.who))
        if mail.detail == "blocked" and self._is_believed(mail, now):
            ticket.raise_to_critical(received)
            ticket.raises.clear()               # critical from the first is no raise
            self._list_late(ticket, now)
            self._update_late(ticket, now)
        return ticket

    def _is_believed(self, mail, now):
        """S5: strangers raise at most three an hour."""
        if not self.gateway.is_stranger(mail.who):
            return True
        self._stranger_raises = [at for at in self._stranger_raises if at > now - HOUR]
        if len(self._stranger_raises) >= STRANGERS_RAISE:
            return False
        if mail.verb == "mail":
            self._stranger_raises.append(now)
        return True

    def _assign(self, ticket, now):
        """Least open; among equals the program may choose."""
        fewest = min(self._open_of.values())
        agent = self.assigned.get(ticket.name)
        if agent not in self._open_of:
            agent = next(agent for agent, count in self._open_of.items() if count == fewest)
        elif self._open_of[agent] != fewest:
            self.faults.append((now, ticket.name, f"assigned to {agent}, though others have fewer open tickets: {self._open_of}"))
        self._open_of[agent] += 1
        ticket.assignee = agent
        self.post.send(now, "assignment", ticket.assignee, [ticket.name])

    def _lighten(self, ticket):
        """One open ticket less for its assignee."""
        self._open_of[ticket.assignee] -= 1

    def _hand_to(self, ticket, agent):
        self._lighten(ticket)
        ticket.assignee = agent
        self._open_of[agent] = self._open_of.get(agent, 0) + 1

    def _later_mail(self, ticket, mail, now):
        self.post.send(now, "message", ticket.assignee, [ticket.name])      # "every later customer mail goes whole to the assignee"
        if mail.detail == "thanks":
            return
        if mail.detail == "STOP":
            ticket.stop = True
            return
        if mail.detail == "SOLVED":
            ticket.resolve(mail.at, by_customer=True)
            self._lighten(ticket)
            self.all_clear(ticket, now, ladder.SOLUTION, None)
            return
        if ticket.status == WAITING:
            self._resume(ticket, mail.at, now)
        if ticket.status in (RESOLVED, CLOSED):
            self._reopen(ticket, mail.at)
        ticket.ask(mail.at)
        if mail.detail in ("blocked", "URGENT") and ticket.priority != CRITICAL:
            if self._is_believed(mail, now) or mail.detail == "URGENT":
                ticket.raise_to_critical(mail.at)
                self._list_late(ticket, now)

    def _reopen(self, ticket, at):
        ticket.reopen(at)
        self.tickets[ticket.number] = ticket
        self._open_of[ticket.assignee] += 1

    def do_call(self, ticket, call, now):
        """S1: calls, under the same clocks; the acknowledgement was the conversation itself."""
        ticket = self._new(call.ticket, call, now, "phone")
        ticket.act(ticket.received)

    def _public(self, ticket, stimulus, now, kind):
        ticket.speak(stimulus.at)
        self.post.send(now, kind, ticket.requester, [ticket.name])
        self.all_clear(ticket, now, ladder.WORDS, self._who(ticket, stimulus))

    def _who(self, ticket, stimulus):
        return {"assignee": ticket.assignee, "senior": self.gateway.senior}.get(stimulus.who, stimulus.who)

    def _other(self, ticket):
        """The agent who stands after the assignee in the table."""
        agents = self.gateway.agents
        return agents[(agents.index(ticket.assignee) + 1) % len(agents)]

    def do_answer(self, ticket, stimulus, now):
        self._public(ticket, stimulus, now, "answer")

    def do_progress(self, ticket, stimulus, now):
        self._public(ticket, stimulus, now, "progress")

    def do_ask(self, ticket, stimulus, now):
        self._public(ticket, stimulus, now, "question")
        ticket.wait(stimulus.at)

    def do_wait(self, ticket, stimulus, now):
        ticket.wait(stimulus.at, stimulus.until)

    def do_resume(self, ticket, stimulus, now):
        self._resume(ticket, stimulus.at, now)

    def do_away(self, ticket, stimulus, now):
        """The supervisor is away until then."""
        self._away_until = stimulus.until

    def _away(self, now):
        return {self.gateway.supervisor} if now < self._away_until else set()

    def do_end(self, ticket, stimulus, now):
        """The year is over."""

    def do_take(self, ticket, stimulus, now):
        who = self._who(ticket, stimulus)
        self._hand_to(ticket, who)
        ticket.take(stimulus.at)

    def do_eta(self, ticket, stimulus, now):
        """`detail` "words": with a sentence, which is an answer; without one only the ETA is told."""
        if stimulus.detail == "words":
            ticket.speak(stimulus.at)
            self.all_clear(ticket, now, ladder.WORDS, self._who(ticket, stimulus))
        ticket.estimate(stimulus.at, stimulus.until)
        self.post.send(now, "eta", ticket.requester, [ticket.name])
        self.all_clear(ticket, now, ladder.ETA, self._who(ticket, stimulus))

    def do_resolve(self, ticket, stimulus, now):
        ticket.resolve(stimulus.at)
        self._lighten(ticket)
        self.post.send(now, "resolution", ticket.requester, [ticket.name])
        self.all_clear(ticket, now, ladder.SOLUTION, self._who(ticket, stimulus))

    def do_close(self, ticket, stimulus, now):
        if ticket.status != RESOLVED:
            self._lighten(ticket)
        ticket.act(stimulus.at)
        ticket.close(stimulus.at)
        self._later(now + BY_HAND, lambda at: self.post.send(at, "closure", ticket.requester, [ticket.name]))
        self.all_clear(ticket, now, ladder.SOLUTION, self._who(ticket, stimulus))

    def do_reopen(self, ticket, stimulus, now):
        """An agent's /reopen begins no answer cycle."""
        self._reopen(ticket, stimulus.at)

    def do_prio(self, ticket, stimulus, now):
        ticket.act(stimulus.at)
        if stimulus.detail == CRITICAL:
            if ticket.raise_to_critical(stimulus.at):
                self._list_late(ticket, now)
        else:
            ticket.priority, ticket.critical_since = stimulus.detail, None

    def do_note(self, ticket, stimulus, now):
        ticket.act(stimulus.at)

    def do_noreply(self, ticket, stimulus, now):
        ticket.act(stimulus.at)
        ticket.want_no_answer()
        self.all_clear(ticket, now, ladder.WORDS, self._who(ticket, stimulus))

    def do_answered(self, ticket, stimulus, now):
        """§8: met at the time that was stated; a time stated after the breach leaves the clock breached."""
        ticket.speak(stimulus.until)
        self.all_clear(ticket, now, ladder.WORDS, self._who(ticket, stimulus))

    def do_assign(self, ticket, stimulus, now):
        self._hand_to(ticket, self._other(ticket) if stimulus.detail == "other" else stimulus.detail)
        self.post.send(now, "assignment", ticket.assignee, [ticket.name])

    def do_escalate(self, ticket, stimulus, now):
        ticket.act(stimulus.at)
        level = int(stimulus.detail)
        alarm = ladder.Alarm(now, "escalation", level, "answer", "by hand")
        for person in self._people(ticket, alarm, now):
            self.post.alarm_at_once(now, person, ticket, alarm)

    def do_bounce(self, ticket, stimulus, now):
        """A hard bounce un-meets what the letter had met; the agent is told."""
        if stimulus.detail == "answer":
            ticket.unsay()
        else:
            ticket.ack_met = None
        self.post.send(now, "bounce", ticket.assignee, [ticket.name])
