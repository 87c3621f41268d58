#!/bin/bash
# SPDX-License-Identifier: ISC
# A tick costs what is due, not what is open: instructions (callgrind) of one pass with few and with many open tickets, of which ten are
# due each time. In `make check` 1,000 and 20,000; BENCH_OPEN="1000 100000 1000000" asks for more (some gigabytes, some minutes).
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
command -v valgrind >/dev/null || skip_all "valgrind is not installed"
crowd=$SL_BUILDDIR/tests/bench/crowd
[ -x "$crowd" ] || skip_all "tests/bench/crowd is not built (make check-programs)"
slate_folder
slate_conf <<<"smtp \"out\" { url = \"maildir://$work/out\" }"
come_in() { mail "Maria <maria$1@acme-pools.example>" support@poologics.example "Matter $1" "m$1@x" <<<"It does not work." |
  "$slate_bin/slate-ingest" --json --now "$2" | json - results 0 ticket; }
for i in 1 2 3 4 5 6 7 8 9 10; do come_in $i 2026-11-23T15:00:00Z >/dev/null; done
far=$(come_in 11 2030-01-07T15:00:00Z) # its clocks run out in four years
slate tick --quiet --now 2026-11-23T15:00:00Z
cp "$work/slate.db" "$work/ten.db"
for n in ${BENCH_OPEN:-1000 20000}; do
  rm -f "$work"/slate.db*
  cp "$work/ten.db" "$work/slate.db"
  "$crowd" "$work/slate.db" "$far" "$n" || exit 99
  ir=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$slate_bin/slate-tick" -c "$work/slate.conf" --json --now 2026-11-23T17:30:00Z \
    2>&1 >"$work/tick.json" | awk '/Collected/ { print $4 }')
  fired=$(perl -MJSON::PP -0777 -ne 'my %t; $t{$_->{ticket}} = 1 for @{JSON::PP->new->decode($_)->{fired}}; print scalar keys %t' "$work/tick.json")
  is "$fired" 10 "$n open: ten tickets are dealt with"
  first=${first:-$ir}
  ratio=$(awk "BEGIN { printf \"%.3f\", $ir / $first }")
  note "$n open tickets: $ir instructions, ratio $ratio"
  ok "$(awk "BEGIN { print $ir <= 1.1 * $first ? 0 : 1 }")" "$n open: at most a tenth more than with the first"
done
done_testing
