#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""year-compare.py SCENARIO PROGRAM MODEL [--stories N]: are the letters that were sent those that had to be?

Says nothing where they are the same, but how many of each kind were compared; else the whole stories of the first tickets that differ.
Exit code 1 when they differ.
"""
import argparse
import csv
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

STAFF_ONLY = "sent by the program, unknown to the model"
MISSING = "expected by the model, never sent"


def rows(path):
    with open(path, newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield tuple(row)


def letters(path):
    return Counter(row for row in rows(path) if row[1] != "fault")


def faults(path):
    return [row for row in rows(path) if row[1] == "fault"]


def conversation(name):
    return name.rstrip("'")


def local(at, zone):
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zone).strftime("%a %d %b %H:%M:%S")


def by_conversation(letters):
    """Each letter stands with every ticket that it names."""
    found = defaultdict(Counter)
    for letter, count in letters.items():
        for name in {conversation(ticket) for ticket in letter[3].split(",")}:
            found[name][letter] += count
    return found


class Story:
    """What happened to one ticket, and what each side sent about it."""

    def __init__(self, name, zone):
        self.name, self.zone, self.lines = name, zone, []

    def happened(self, row):
        at, way, who, what, _, detail, until = row
        words = " ".join(word for word in (what, detail, until and "until " + local(until, self.zone)) if word)
        self.lines.append((at, 0, f"{who} {words}" + (f" ({way})" if way == "shell" else "")))

    def sent(self, program, model):
        for letter in set(program) | set(model):
            at, kind, to, tickets, note = letter
            ours, theirs = program[letter], model[letter]
            mark = "    " if ours == theirs else " >> " if theirs > ours else " << "
            others = "" if tickets == self.name else f" [{tickets}]"
            why = "" if ours == theirs else f"   {MISSING if theirs > ours else STAFF_ONLY}"
            self.lines.append((at, 1, f"  {mark}-> {kind} {note} to {to}{others}{why}"))

    def text(self):
        lines = [f"{self.name}"]
        lines += [f"  {local(at, self.zone)}  {text}" for at, _, text in sorted(self.lines)]
        return "\n".join(lines)


def tell(scenario, program, model, names, zone):
    ours, theirs = by_conversation(program), by_conversation(model)
    stories = {name: Story(name, zone) for name in names}
    for row in rows(scenario):
        if row[4] in stories:
            stories[row[4]].happened(row)
    for name, story in stories.items():
        story.sent(ours[name], theirs[name])
        print(story.text(), end="\n\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario")
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("--stories", type=int, default=5)
    parser.add_argument("--zone", default="America/New_York")
    args = parser.parse_args()
    program, model = letters(args.program), letters(args.model)
    for at, _, _, ticket, why in faults(args.model)[:args.stories]:
        print(f"{at} {ticket}: {why}")
    differing = (program - model) + (model - program)
    names = {}
    for letter in sorted(differing):
        for ticket in letter[3].split(","):
            names.setdefault(conversation(ticket))
    if not differing and not faults(args.model):
        for kind, count in sorted(Counter(letter[1] for letter in program.elements()).items()):
            print(kind, count)
        return 0
    kinds = Counter((letter[1], STAFF_ONLY if letter in program and program[letter] > model[letter] else MISSING)
                    for letter in differing.elements())
    for (kind, why), count in sorted(kinds.items()):
        print(f"{count} {kind}: {why}")
    print(f"{len(names)} tickets differ, in {args.zone} time:\n")
    tell(args.scenario, program, model, list(names)[:args.stories], ZoneInfo(args.zone))
    return 1


raise SystemExit(main())
