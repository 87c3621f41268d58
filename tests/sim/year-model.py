#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""year-model.py GATEWAY SCENARIO LETTERS [--until INSTANT] [--limit TARGET=SECONDS]: the letters that must have been sent.

LETTERS is what the program sent; of it only the assignments are read, since among equals the program may choose.
Prints a line a letter: instant, kind, recipient, tickets, the level of an alarm; and, as a letter "fault", each choice that was not allowed.
--limit plants a wrong clock.
"""
import argparse
import csv
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from model import agreement                 # noqa: E402
from model.desk import Desk                 # noqa: E402


@dataclass(slots=True)
class Stimulus:
    at: int
    way: str
    who: str
    verb: str
    ticket: str
    detail: str
    until: int | None


def seconds(text):
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()) if text else None


def iso(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_scenario(path):
    with open(path, newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                at, way, who, verb, ticket, detail, until = row
                yield Stimulus(seconds(at), way, who, verb, ticket, detail, seconds(until))


def read_assignments(path):
    assigned = {}
    with open(path, newline="") as file:
        for at, kind, to, tickets, *_ in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if kind == "assignment":
                assigned.setdefault(tickets, to)
    return assigned


def with_planted_limits(gateway, limits):
    """The same gateway with wrong clocks."""
    clients = dict(gateway.clients)
    for limit in limits:
        target, _, value = limit.partition("=")
        for domain, client in clients.items():
            clients[domain] = replace(client, agreement=agreement.with_limit(client.agreement, target, int(value)))
    return replace(gateway, clients=clients)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", choices=agreement.GATEWAYS)
    parser.add_argument("scenario")
    parser.add_argument("letters")
    parser.add_argument("--until", type=seconds)
    parser.add_argument("--limit", action="append", default=[])
    args = parser.parse_args()
    gateway = with_planted_limits(agreement.GATEWAYS[args.gateway](), args.limit)
    stimuli = [stimulus for stimulus in read_scenario(args.scenario) if args.until is None or stimulus.at < args.until]
    desk = Desk(gateway, read_assignments(args.letters))
    desk.begin(stimuli[0].at)
    desk.play(stimuli, stimuli[-1].at)
    for letter in desk.post.letters:
        print(iso(letter.at), letter.kind, letter.to, ",".join(letter.tickets), letter.note, sep="\t")
    for at, ticket, fault in desk.faults:
        print(iso(at), "fault", "-", ticket, fault, sep="\t")


main()
