#!/bin/bash
# SPDX-License-Identifier: ISC
# A simulated year: 20,000 tickets at two gateways under virtual time, every letter read in a Maildir and compared, to the second, with what
# the agreement says. The agreement stands a second time in model/, in Python, written from the design alone. What happens in the year comes
# from a seed (SL_SEED; SL_TICKETS a gateway): year-scenario.py. The real program plays it: year.c.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
sim=$SL_SRCDIR/tests/sim
seed=${SL_SEED:-1}
tickets=${SL_TICKETS:-10000}
python3 -c 'import zoneinfo' 2>/dev/null || skip_all "python3 is not installed"
slate_folder
SECONDS=0

# The stores of a year take some room; memory is quicker than a disk, where there is enough of it.
year_folder() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  if [ -w /dev/shm ] && [ "${free:-0}" -gt 4000000 ]; then
    rm -rf "$work"
    work=$(mktemp -d /dev/shm/slate-test.XXXXXX)
  fi
  export TMPDIR=$work
}

python() { python3 -B "$sim/$@"; }

zone_of() { case $1 in east) echo America/New_York ;; *) echo Europe/Berlin ;; esac; }

play() { # play GATEWAY: the year as it happens, as the program deals with it, and as the model does
  python year-scenario.py "$1" "$seed" "$tickets" >"$work/$1.year" || return 2
  "$SL_BUILDDIR/tests/sim/year" "$sim/year-$1.conf" "$work/$1.year" >"$work/$1.sent" || return 2
  python year-model.py "$1" "$work/$1.year" "$work/$1.sent" >"$work/$1.model" || return 2
  python year-compare.py "$work/$1.year" "$work/$1.sent" "$work/$1.model" --zone "$(zone_of "$1")" >"$work/$1.found"
}

quarter=2026-04-01T00:00:00Z # what is planted must be found in a quarter of a year

plant() { # plant TARGET SECONDS: fails unless a clock that is wrong by a second is found
  python year-model.py east "$work/east.year" "$work/east.sent" --until $quarter --limit "$1=$2" >"$work/planted.$1" || return 2
  python year-compare.py "$work/east.year" "$work/east.sent" "$work/planted.$1" --until $quarter --stories 0 >"$work/found.$1"
  [ $? = 1 ]
}

year_folder
for gateway in east berlin; do play $gateway 2>"$work/$gateway.errors" & pids[${#pids[@]}]=$!; done
n=0
for gateway in east berlin; do
  wait "${pids[n++]}"
  ok $? "$gateway: each letter of $tickets tickets is as the agreement says: kind, recipient, ticket, second"
  sed 's/^/# /' "$work/$gateway.errors"
  [ "$(tail -n 1 "$work/$gateway.found" | wc -w)" = 2 ] || head -n 200 "$work/$gateway.found" | sed 's/^/# /'
done

kinds='ack assignment message answer question eta progress update-request handover warning escalation.L1 escalation.L2 escalation.L3 breach
  reminder resolution closure all-clear receipt bounce'
cat "$work"/*.found | awk 'NF { n = $NF; sub(/ [0-9]+$/, ""); sub(/ /, "."); sum[$0] += n } END { for (k in sum) print k, sum[k] }' | sort >"$work/kinds"
missing=
for kind in $kinds; do grep -q "^$kind [1-9]" "$work/kinds" || missing+=" $kind"; done
is "$missing" "" "no kind of letter of which the agreement speaks was left out"
note "compared: $(tr '\n' ',' <"$work/kinds" | sed 's/,$//; s/,/, /g')"

plants='ack=1199 start=1199 answer=7199 eta=86401'
pids=()
for limit in $plants; do plant "${limit%=*}" "${limit#*=}" & pids[${#pids[@]}]=$!; done
n=0
for limit in $plants; do
  wait "${pids[n++]}"
  ok $? "a clock that is wrong by a second is found: ${limit%=*}"
done
note "seed $seed: $SECONDS s"
done_testing
