#!/bin/bash
# SPDX-License-Identifier: ISC
# A year of two help desks, 20,000 tickets under virtual time, against a second reading of the agreement: tests/sim/model, in Python, knows
# nothing of the program. Letter by letter: kind, recipient, tickets, second. YEAR_SEED and YEAR_TICKETS choose another year.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
command -v python3 >/dev/null || skip_all "python3 is not installed"
year=$SL_BUILDDIR/tests/sim/year
[ -x "$year" ] || skip_all "tests/sim/year is not built (make check-programs)"
slate_folder
sim=$SL_SRCDIR/tests/sim
seed=${YEAR_SEED:-20261124} tickets=${YEAR_TICKETS:-20000}
export PYTHONDONTWRITEBYTECODE=1
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # in memory: nothing of the year is to last

play() { # play GATEWAY TICKETS NAME: the year, what the program sent, what had to be sent, and the difference
  python3 "$sim/year-scenario.py" "$1" "$seed" "$2" >"$work/$3.year" &&
    "$year" "$sim/year-$1.conf" "$work/$3.year" >"$work/$3.sent" 2>"$work/$3.notes" &&
    python3 "$sim/year-model.py" "$1" "$work/$3.year" "$work/$3.sent" >"$work/$3.model" &&
    python3 "$sim/year-compare.py" "$work/$3.year" "$work/$3.sent" "$work/$3.model" >"$work/$3.out"
  echo $? >"$work/$3.rc"
}

begin=$SECONDS
for gateway in east berlin; do play $gateway $((tickets / 2)) $gateway & done
wait
note "$tickets tickets, seed $seed: $((SECONDS - begin)) s"
for gateway in east berlin; do
  rc=$(cat "$work/$gateway.rc")
  is "$rc" 0 "$gateway: every letter is the model's, and none is missing ($(wc -l <"$work/$gateway.sent") letters)"
  [ "$rc" = 0 ] || head -80 "$work/$gateway.out" "$work/$gateway.notes" | sed 's/^/# /'
done
for kind in ack all-clear answer assignment bounce breach closure escalation eta handover message progress question receipt reminder resolution \
  update-request warning; do
  n=$(awk -v kind=$kind '$1 == kind { n += $2 } END { print n + 0 }' "$work/east.out" "$work/berlin.out")
  ok "$([ "$n" -gt 0 ]; echo $?)" "$n letters of the kind $kind"
done

# Does the comparison compare? A model that allows ten minutes less for an answer must not agree.
play east 300 small
is "$(cat "$work/small.rc")" 0 "a small year is the same on both sides"
python3 "$sim/year-model.py" east "$work/small.year" "$work/small.sent" --limit answer=6600 >"$work/wrong.model"
python3 "$sim/year-compare.py" "$work/small.year" "$work/small.sent" "$work/wrong.model" >"$work/wrong.out"
is $? 1 "a wrong limit is found"
like "$(cat "$work/wrong.out")" 'escalation|answer' "and shown with the story of its ticket"
done_testing
