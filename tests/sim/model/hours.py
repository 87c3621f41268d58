# SPDX-License-Identifier: ISC
"""S1: business time.

The opening hours of some years as instants in UTC, with the business time that had passed when each began; every question is a binary
search.  Intervals are half open, but time that runs out exactly at closing is due at closing.
"""
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_DAY, LAST_DAY = date(2025, 12, 1), date(2027, 6, 30)
MINUTE, HOUR, DAY = 60, 3600, 86400


def instant(zone, day, clock):
    """The instant at which clocks of the zone show "HH:MM" on that day; "24:00" is the next midnight."""
    hour, minute = map(int, clock.split(":"))
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(timezone.utc).timestamp())


def spans_of(text):
    """"08:00-12:00 13:00-18:00" → (("08:00", "12:00"), ("13:00", "18:00"))"""
    return tuple(tuple(span.split("-")) for span in text.split())


class Hours:
    """week: seven texts from Monday on, "" where closed; holidays: "YYYY-MM-DD"; special: other hours of single days."""

    def __init__(self, zone_name, week, holidays=(), special=None):
        self.zone = ZoneInfo(zone_name)
        self._week = [spans_of(text) for text in week]
        self._closed = {date.fromisoformat(day) for day in holidays}
        self._special = {date.fromisoformat(day): spans_of(text) for day, text in (special or {}).items()}
        self.days = []      # the business days: (opens, closes), the first opening and the last closing of each
        self._opens, self._closes, self._worked = [], [], [0]
        day = FIRST_DAY
        while day <= LAST_DAY:
            self._add_day(day)
            day += timedelta(days=1)
        self._dates = [datetime.fromtimestamp(opens, self.zone).date() for opens, _ in self.days]
        self._day_opens = [opens for opens, _ in self.days]
        self._day_closes = [closes for _, closes in self.days]

    def _spans(self, day):
        if day in self._special:
            return self._special[day]
        return () if day in self._closed else self._week[day.weekday()]

    def _add_day(self, day):
        spans = [(instant(self.zone, day, opens), instant(self.zone, day, closes)) for opens, closes in self._spans(day)]
        if spans:
            self.days.append((spans[0][0], spans[-1][1]))
        for opens, closes in spans:
            if self._closes and self._closes[-1] == opens:      # midnight of a day that never closes
                self._closes[-1] = closes
                self._worked[-1] += closes - opens
            else:
                self._opens.append(opens)
                self._closes.append(closes)
                self._worked.append(self._worked[-1] + closes - opens)

    def worked(self, at):
        """The business time from the beginning of the table to an instant."""
        i = bisect_right(self._opens, at) - 1
        return self._worked[i] + min(at, self._closes[i]) - self._opens[i]

    def elapsed(self, start, end):
        return self.worked(end) - self.worked(start)

    @lru_cache(maxsize=1 << 17)
    def after(self, start, seconds):
        """The first instant at which so much business time has passed since the start; for none at all, the first open instant."""
        if seconds == 0:
            return self.opening(start)
        total = self.worked(start) + seconds
        i = bisect_left(self._worked, total) - 1
        return self._opens[i] + total - self._worked[i]

    def before(self, end, seconds):
        """The last instant from which so much business time passes until the end."""
        total = self.worked(end) - seconds
        i = bisect_right(self._worked, total) - 1
        return self._opens[i] + total - self._worked[i]

    def is_open(self, at):
        i = bisect_right(self._opens, at) - 1
        return at < self._closes[i]

    def opening(self, at):
        """The instant itself while open, else the next opening."""
        i = bisect_right(self._opens, at) - 1
        return at if at < self._closes[i] else self._opens[i + 1]

    def in_hours(self, at):
        """When something that is due then may wake people: what is due exactly at closing, at closing."""
        i = bisect_right(self._opens, at) - 1
        return at if at <= self._closes[i] else self._opens[i + 1]

    def day_at(self, at):
        """The number of the business day that has opened last."""
        return bisect_right(self._day_opens, at) - 1

    def next_day(self, at):
        """The number of the first business day that closes later than the instant."""
        return bisect_right(self._day_closes, at)

    def days_after(self, start, count):
        """So many business days after the day of the start, at the same time of the day, or as near to it as that day is open.

        The text says "2 and 4 business days" and leaves open what that is where a day is shorter, or where it begins while closed.
        """
        local = datetime.fromtimestamp(start, self.zone)
        opens, closes = self.days[bisect_right(self._dates, local.date()) + count - 1]
        there = datetime.fromtimestamp(opens, self.zone).date()
        same_time = instant(self.zone, there, local.strftime("%H:%M")) + local.second
        return self.in_hours(min(max(same_time, opens), closes))
