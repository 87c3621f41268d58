# SPDX-License-Identifier: ISC
"""The year, one instant after the other: what people do first, then what has come due, then the letters that were gathered."""
import heapq
from itertools import count

from . import clocks, closing, ladder, updates
from .hours import MINUTE
from .post import Post
from .ticket import CLOSED, CRITICAL, LOW, OPEN, RESOLVED, STANDARD, WAITING, Ticket

PEOPLE, ALARMS, DAYS, GATHERED = range(4)        # what comes first within a second


class Desk:
    def __init__(self, gateway, assigned):
        """assigned: ticket's name → the agent whom the program chose; the model only judges whether the choice was allowed."""
        self.gateway, self.assigned = gateway, assigned
        self.tickets, self.latest = [], {}      # latest: a conversation's name → its newest ticket
        self.faults = []
        self._heap, self._order = [], count()
        self.post = Post(lambda at, function: self._push(at, GATHERED, function))
        self.hours = {client.hours: client.agreement for client in gateway.clients.values()}
        self._open_of = {agent: 0 for agent in gateway.agents}

    # -- time --
    def _push(self, at, rank, function):
        heapq.heappush(self._heap, (at, rank, next(self._order), function))

    def play(self, stimuli, end):
        """stimuli: in order of time.  While the daemon is down nothing is read, told or sent; then all of it, in order."""
        down_until = 0
        for stimulus in stimuli:
            if stimulus.verb == "down":
                down_until = stimulus.until
                self._run(stimulus.at - 1)
                continue
            now = max(stimulus.at, down_until)
            if now > down_until:
                self._run(now - 1, down_until)
            self.happen(stimulus, now)
        self._run(end, down_until)

    def _run(self, until, not_before=0):
        while self._heap and max(self._heap[0][0], not_before) <= until:
            at, _, _, function = heapq.heappop(self._heap)
            function(max(at, not_before))

    def begin(self, start):
        """Each calendar's days end by themselves."""
        for hours, agreement in self.hours.items():
            self._plan_day(hours, agreement, hours.next_day(start))

    def _plan_day(self, hours, agreement, number):
        day = updates.Day(agreement, hours, number)
        self._push(day.list_at, DAYS, lambda at: self.write_lists(at, hours, day))
        self._push(day.update_at, DAYS, lambda at: self.write_updates(at, hours, day))
        self._push(day.closes, DAYS, lambda at: self._plan_day(hours, agreement, number + 1))

    # -- S6, S8: the day's end --
    def _living(self, hours):
        self.tickets = [ticket for ticket in self.tickets if ticket.status != CLOSED]
        return [ticket for ticket in self.tickets if ticket.client.hours is hours]

    def write_lists(self, now, hours, day):
        lists = {}
        if now < day.update_at:
            for ticket in self._living(hours):
                if updates.listed(ticket, day, now):
                    lists.setdefault(ticket.assignee, []).append(ticket.name)
        for agent, names in lists.items():
            self.post.send(now, "update-request", agent, names)

    def write_updates(self, now, hours, day):
        if now <= day.closes:
            for ticket in self._living(hours):
                if updates.will_go(ticket, day, now):
                    self.post.send(now, "progress", ticket.requester, [ticket.name])

    def _list_late(self, ticket, now):
        hours, agreement = ticket.client.hours, ticket.client.agreement
        day = updates.Day(agreement, hours, hours.next_day(now))
        if updates.late_list(ticket, day, now):
            self.post.send(now, "update-request", ticket.assignee, [ticket.name])

    # -- S10, S11: what comes due for one ticket --
    def changed(self, ticket, now):
        """After each happening: what fires at once, and when to look again."""
        for instants in (ladder.next_at(ticket, now - 1), min((at for at, _ in closing.steps(ticket)), default=None)):
            if instants is not None:
                self._push(max(instants, now), ALARMS, lambda at: self.fire(ticket, at))

    def fire(self, ticket, now):
        if ticket.status == CLOSED:
            return
        due = ladder.due_now(ticket, now)
        for alarm in due:
            self._tell(ticket, alarm, now)
        moved = self._close(ticket, now)
        if due or moved:
            self.changed(ticket, now)

    def _tell(self, ticket, alarm, now):
        to = ladder.people(ticket, alarm.level) if alarm.level else [ticket.assignee]
        for person in to:
            self.post.alarm(now, person, ticket, alarm, self._holds)

    @staticmethod
    def _holds(ticket, alarm):
        if alarm.level == 0:
            target = alarm.key[1]
            return clocks.due(ticket, target) is not None and clocks.cycle_of(ticket, target)[-1] == alarm.key[2]
        return alarm.cause not in ended_causes(ticket)

    def _close(self, ticket, now):
        for at, what in sorted(closing.steps(ticket)):
            if at > now:
                return False
            if what == "remind":
                closing.reminded(ticket)
                self.post.send(now, "reminder", ticket.requester, [ticket.name])
            elif what == "close":
                ticket.close(now)
                self.post.send(now, "closure", ticket.requester, [ticket.name])
            elif what == "end":
                ticket.close(now)
            else:
                self._resume(ticket, now)
            return True
        return False

    def _resume(self, ticket, at):
        if ticket.resume(at):
            self.post.send(at, "eta", ticket.requester, [ticket.name])

    def all_clear(self, ticket, now, by):
        """Who was alarmed is told when it is over."""
        over = [cause for cause in ticket.told if cause in ended_causes(ticket)]
        people = set().union(*(ticket.told.pop(cause) for cause in over)) - {by}
        for person in sorted(people):
            self.post.send(now, "all-clear", person, [ticket.name])

    # -- what people do --
    def happen(self, stimulus, now):
        ticket = self.latest.get(stimulus.ticket)
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
        number = len(self.latest) + 1
        previous = self.latest.get(name)
        client = self.gateway.client_of(mail.who)
        ticket = Ticket(previous.name + "'" if previous else name, number, client, mail.who, "", STANDARD, mail.at)
        self.latest[name] = ticket
        self.tickets.append(ticket)
        ticket.letters = mail.detail != "bulk"
        if mail.detail == "low":
            ticket.priority = LOW
        self._assign(ticket, now)
        ticket.ask(mail.at)
        if ticket.letters and channel == "mail":
            self.post.acknowledge(now, ticket, client.hours.after(mail.at, 20 * MINUTE))
        if mail.detail == "blocked":
            ticket.raise_to_critical(mail.at)
            ticket.raises.clear()               # critical from the first is no raise
            self._list_late(ticket, now)
        return ticket

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
            ticket.resolve(mail.at)
            self._lighten(ticket)
            self.all_clear(ticket, now, None)
            return
        if ticket.status == WAITING:
            self._resume(ticket, mail.at)
        if ticket.status in (RESOLVED, CLOSED):
            ticket.reopen()
            self._open_of[ticket.assignee] += 1
        ticket.ask(mail.at)
        if mail.detail in ("blocked", "URGENT") and ticket.raise_to_critical(mail.at):
            self._list_late(ticket, now)

    def do_call(self, ticket, call, now):
        """S1: calls, under the same clocks; the acknowledgement was the conversation itself."""
        ticket = self._new(call.ticket, call, now, "phone")
        ticket.act(call.at)

    def _public(self, ticket, stimulus, now, kind):
        ticket.speak(stimulus.at)
        self.post.send(now, kind, ticket.requester, [ticket.name])
        self.all_clear(ticket, now, self._who(ticket, stimulus))

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
        self._resume(ticket, stimulus.at)

    def do_end(self, ticket, stimulus, now):
        """The year is over."""

    def do_take(self, ticket, stimulus, now):
        who = self._who(ticket, stimulus)
        self._hand_to(ticket, who)
        ticket.take(stimulus.at)
        self.all_clear(ticket, now, who)

    def do_eta(self, ticket, stimulus, now):
        """`detail` "words": with a sentence, which is an answer; without one only the ETA is told."""
        if stimulus.detail == "words":
            ticket.speak(stimulus.at)
        ticket.estimate(stimulus.at, stimulus.until)
        self.post.send(now, "eta", ticket.requester, [ticket.name])
        self.all_clear(ticket, now, self._who(ticket, stimulus))

    def do_resolve(self, ticket, stimulus, now):
        ticket.resolve(stimulus.at)
        self._lighten(ticket)
        self.post.send(now, "resolution", ticket.requester, [ticket.name])
        self.all_clear(ticket, now, self._who(ticket, stimulus))

    def do_close(self, ticket, stimulus, now):
        if ticket.status != RESOLVED:
            self._lighten(ticket)
        ticket.act(stimulus.at)
        ticket.close(stimulus.at)
        self.post.send(now, "closure", ticket.requester, [ticket.name])
        self.all_clear(ticket, now, self._who(ticket, stimulus))

    def do_reopen(self, ticket, stimulus, now):
        """An agent's /reopen begins no answer cycle."""
        ticket.reopen()
        self._open_of[ticket.assignee] += 1

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
        ticket.cycles[-1].cancelled = True
        self.all_clear(ticket, now, self._who(ticket, stimulus))

    def do_answered(self, ticket, stimulus, now):
        """§8: met at the time that was stated; a time stated after the breach leaves the clock breached."""
        ticket.speak(stimulus.until)
        self.all_clear(ticket, now, self._who(ticket, stimulus))

    def do_assign(self, ticket, stimulus, now):
        self._hand_to(ticket, self._other(ticket) if stimulus.detail == "other" else stimulus.detail)
        self.post.send(now, "assignment", ticket.assignee, [ticket.name])

    def do_escalate(self, ticket, stimulus, now):
        ticket.act(stimulus.at)
        level = int(stimulus.detail)
        alarm = ladder.Alarm(now, "escalation", level, ("hand", now, level), (level, "answer"))
        for person in ladder.people(ticket, level):
            self.post.alarm(now, person, ticket, alarm, self._holds)

    def do_bounce(self, ticket, stimulus, now):
        """A hard bounce un-meets what the letter had met; the agent is told."""
        if stimulus.detail == "answer":
            ticket.cycles[-1].met = None
        self.post.send(now, "bounce", ticket.assignee, [ticket.name])


def ended_causes(ticket):
    """Which alarms are over: the column "stopped by" of the ladder's table."""
    over = set()
    if not ticket.unanswered():
        over |= {(1, "answer"), (1, "raised"), (2, "answer")}
    elif ticket.cycles[-1].taken is not None:
        over |= {(1, "answer"), (1, "raised")}
    if ticket.eta_met is not None:
        over.add((3, "eta"))
    if ticket.status in (RESOLVED, CLOSED):
        over |= {(3, "answer"), (2, "resolve")}
    return over
