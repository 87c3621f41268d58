# SPDX-License-Identifier: ISC
"""The promises as a table, and who is who in the year (`year-east.conf` and `year-berlin.conf` say the same to the program)."""
from dataclasses import dataclass, field, replace

from .hours import DAY, HOUR, MINUTE, Hours


@dataclass(frozen=True)
class Target:
    """A promise: how long it may take, in business time or in elapsed (wall) time, and after how long the assignee is warned."""
    within: int | None
    warn: int | None = None
    wall: bool = False


@dataclass(frozen=True)
class Level:
    """S11: who is called, and at which hundredths of which target; `critical`: at which, besides, for critical tickets."""
    people: tuple[str, ...]
    at: tuple[tuple[int, str], ...]
    critical_after: int | None = None       # so much business time after receipt, or after the raise; 0: at once
    repeat: int | None = None


@dataclass(frozen=True)
class Agreement:
    """The defaults are the agreement's own words."""
    ack: Target = Target(within=20 * MINUTE)                                            # S2
    start: Target = Target(within=20 * MINUTE, warn=15 * MINUTE)                        # S2
    answer: Target = Target(within=2 * HOUR, warn=1 * HOUR)                             # S3: "1 to 2 hours"
    eta: Target = Target(within=24 * HOUR, warn=24 * HOUR * 80 // 100, wall=True)       # S4
    resolve_warn: int = 1 * HOUR                                                        # S5: an hour before the ETA
    resolve_critical: Target | None = None                                              # none until an ETA is given
    list_before_close: int = 75 * MINUTE                                                # S6, S8
    update_before_close: int = 30 * MINUTE
    update_unless_words: int = 2 * HOUR
    remind_days: tuple[int, ...] = (2, 4)                                               # S10
    close_waiting_days: int = 6
    close_resolved_days: int = 3
    reopen_within: int = 14 * DAY
    quiet_outside_hours: bool = True
    levels: dict[int, Level] = field(default_factory=dict)


def standard_levels(senior, supervisor, product):
    """S11: a higher-level support technician, the Customer Success Supervisor, the Product Team."""
    return {
        1: Level(people=senior, at=((100, "start"), (80, "answer")), critical_after=0),
        2: Level(people=supervisor, at=((100, "answer"), (100, "resolve")), repeat=1 * HOUR),
        3: Level(people=product, at=((100, "eta"),), critical_after=2 * HOUR),
    }


@dataclass(frozen=True)
class Client:
    agreement: Agreement
    hours: Hours


@dataclass(frozen=True)
class Gateway:
    """One installation of the program: its clients by mail domain ("" is everybody else), who gets tickets, and who is who."""
    clients: dict[str, Client]
    agents: tuple[str, ...]
    senior: str
    supervisor: str
    postmaster: str = "postmaster@poologics.example"

    def client_of(self, address):
        return self.clients.get(address.rpartition("@")[2], self.clients[""])

    def is_stranger(self, address):
        return address.rpartition("@")[2] not in self.clients


NINE_TO_FIVE_AT_HOME = ["08:00-18:00"] * 5 + ["", ""]
US_HOLIDAYS = ("2026-01-01", "2026-01-19", "2026-05-25", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25", "2027-01-01")
US_HALF_DAYS = {"2026-11-27": "08:00-12:00", "2026-12-24": "08:00-12:00"}
DE_HOLIDAYS = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03", "2026-12-25", "2026-12-26",
               "2027-01-01")
DE_HALF_DAYS = {"2026-12-24": "08:00-12:00", "2026-12-31": "08:00-12:00", "2026-10-31": "09:00-13:00"}     # the last: an open Saturday


def east():
    """Poologics at home: the agreement as it stands, one client with the default hours, one in Arizona with a lunch break."""
    senior, supervisor, product = ("chen@poologics.example",), ("dana@poologics.example",), ("product@poologics.example",)
    standard = Agreement(levels=standard_levels(senior, supervisor, product))
    new_york = Hours("America/New_York", NINE_TO_FIVE_AT_HOME, US_HOLIDAYS, US_HALF_DAYS)
    arizona = Hours("America/Phoenix", ["08:00-12:00 13:00-18:00"] * 5 + ["", ""], US_HOLIDAYS)
    return Gateway(
        clients={"acme-pools.example": Client(standard, new_york), "sunbelt.example": Client(standard, arizona), "": Client(standard, new_york)},
        agents=("ana@poologics.example", "bill@poologics.example", "chen@poologics.example", "eve@poologics.example"),
        senior=senior[0], supervisor=supervisor[0])


def berlin():
    """Poologics in Berlin: German hours, and a client with an agreement of its own that never sleeps."""
    senior, supervisor, product = ("hans@poologics.example",), ("ines@poologics.example",), ("produkt@poologics.example",)
    standard = Agreement(levels=standard_levels(senior, supervisor, product))
    gold = Agreement(
        answer=Target(within=45 * MINUTE, warn=20 * MINUTE, wall=True),
        eta=Target(within=4 * HOUR, warn=4 * HOUR * 80 // 100, wall=True),
        resolve_critical=Target(within=12 * HOUR, wall=True),
        quiet_outside_hours=False,
        levels={
            1: Level(people=senior, at=((50, "answer"),)),
            2: Level(people=supervisor, at=((80, "answer"),)),
            3: Level(people=(product[0], "cto@poologics.example"), at=((100, "answer"),), repeat=30 * MINUTE),
        })
    de = Hours("Europe/Berlin", ["08:00-17:00"] * 4 + ["08:00-15:00", "", ""], DE_HOLIDAYS, DE_HALF_DAYS)
    always = Hours("UTC", ["00:00-24:00"] * 7)
    return Gateway(
        clients={"blauwasser.example": Client(standard, de), "aquapark.example": Client(gold, always), "": Client(standard, de)},
        agents=("fritz@poologics.example", "gabi@poologics.example", "hans@poologics.example"),
        senior=senior[0], supervisor=supervisor[0])


GATEWAYS = {"east": east, "berlin": berlin}


def with_limit(agreement, target, seconds):
    """The same agreement with one limit changed: a wrong clock, planted to see that it is found."""
    return replace(agreement, **{target: replace(getattr(agreement, target), within=seconds)})
