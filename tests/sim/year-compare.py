#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""year-compare.py SCENARIO PROGRAM MODEL [--until INSTANT] [--stories N] [--zone ZONE]: are the letters that were sent those that had to be?

Where they are the same to the last letter and second, prints how many of each kind were compared.  Where not, prints the whole stories of
the first tickets that differ, what happened and what each side sent, and exits with 1.
"""
import argparse
import csv
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

UNKNOWN = "sent by the program, unknown to the model"
MISSING = "expected by the model, never sent"


def rows(path):
    with open(path, newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield tuple(row)


def letters(path, until):
    """(instant, kind, recipient, tickets, level) → how often."""
    return Counter(row for row in rows(path) if row[1] != "fault" and row[0] < until)


def faults(path, until):
    return [row for row in rows(path) if row[1] == "fault" and row[0] < until]


def conversations(tickets):
    """The second ticket of a conversation, t00017', belongs to the same story."""
    return {ticket.rstrip("'") for ticket in tickets.split(",")}


class Story:
    """What happened in one conversation, and what each side sent about it."""

    def __init__(self, name, zone):
        self.name, self.zone, self.lines = name, zone, []

    def clock(self, at):
        return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(self.zone).strftime("%a %d %b %H:%M:%S")

    def happened(self, at, way, who, what, detail, until):
        words = " ".join(word for word in (who, what, detail, until and "until " + self.clock(until)) if word)
        self.lines.append((at, 0, words + (" (typed)" if way == "shell" else "")))

    def sent(self, letter, by_program, by_model):
        at, kind, to, tickets, level = letter
        mark, why = ("    ", "") if by_program == by_model else (" >> ", MISSING) if by_model > by_program else (" << ", UNKNOWN)
        others = "" if tickets == self.name else f" [{tickets}]"
        self.lines.append((at, 1, f"  {mark}-> {kind} {level} to {to}{others}   {why}".rstrip()))

    def text(self):
        return "\n".join([self.name] + [f"  {self.clock(at)}  {text}" for at, _, text in sorted(self.lines)])


def tell(scenario, program, model, names, zone):
    stories = {name: Story(name, zone) for name in names}
    for at, way, who, what, name, detail, until in rows(scenario):
        if name in stories:
            stories[name].happened(at, way, who, what, detail, until)
    for letter in set(program) | set(model):
        for name in conversations(letter[3]) & stories.keys():
            stories[name].sent(letter, program[letter], model[letter])
    for story in stories.values():
        print(story.text(), end="\n\n")


def count_kinds(letters):
    """The ladder's levels apart."""
    kinds = Counter()
    for (_, kind, _, _, level), count in letters.items():
        kinds[f"{kind} {level}".rstrip()] += count
    return kinds


def differences(program, model):
    """conversation → nothing, in order of time; and how many of each kind."""
    names, kinds = {}, Counter()
    for why, surplus in ((UNKNOWN, program - model), (MISSING, model - program)):
        for kind, count in count_kinds(surplus).items():
            kinds[kind, why] += count
    for letter in sorted((program - model) + (model - program)):
        names.update(dict.fromkeys(sorted(conversations(letter[3]))))
    return list(names), kinds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("--until", default="9")
    parser.add_argument("--stories", type=int, default=5)
    parser.add_argument("--zone", default="America/New_York")
    args = parser.parse_args()
    program, model = letters(args.program, args.until), letters(args.model, args.until)
    wrong = faults(args.model, args.until)
    names, kinds = differences(program, model)
    if not names and not wrong:
        for kind, count in sorted(count_kinds(program).items()):
            print(kind, count)
        return 0
    for at, _, _, ticket, why in wrong[:args.stories]:
        print(f"{at} {ticket}: {why}")
    for (kind, why), count in sorted(kinds.items()):
        print(f"{count} {kind}: {why}")
    print(f"{len(names)} conversations differ, in {args.zone} time:\n")
    tell(args.scenario, program, model, names[:args.stories], ZoneInfo(args.zone))
    return 1


raise SystemExit(main())
