#!/bin/bash
# SPDX-License-Identifier: ISC
# What reading a mail costs beside what the library alone takes for the same files: messages a second, and instructions a message by callgrind.
# The start of the programs is taken off. Figures, no verdict. The corpora where they are there, else our own mails, BENCH_N times over.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
corpora=${SL_CORPORA:-$SL_SRCDIR/../shared/corpora}
mkdir "$work/mails" "$work/none"
shopt -s nullglob
for f in "$SL_SRCDIR"/tests/data/mail/*.eml "$corpora"/{bounces,origins,threads,broken}/*.eml; do cp "$f" "$work/mails/$(basename "$(dirname "$f")")-$(basename "$f")"; done
printf 'From: a@b.example\n\nx\n' >"$work/none/x.eml"
times=${BENCH_N:-10}
n=$(ls "$work/mails" | wc -l)
for _ in $(seq "$times"); do many+=("$work/mails"); done
programs=("$slate_bin/slate-intake --parse" "$SL_BUILDDIR/tests/bench/gmime")
names=(slate gmime)

cpu_ms() { perl -e 'my $pid = fork; if (!$pid) { open STDOUT, ">", "/dev/null"; exec @ARGV } waitpid $pid, 0; my @t = times; printf "%.1f\n", 1000 * ($t[2] + $t[3])' "$@"; }
instructions() { # instructions PROGRAM… FOLDER
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | awk '/Collected/ { print $4 }'
}
for i in 0 1; do
  start=$(cpu_ms ${programs[i]} "$work/none")
  all=$(cpu_ms ${programs[i]} "${many[@]}")
  rate[i]=$(awk "BEGIN { printf \"%d\", $n * $times * 1000 / ($all - $start) }")
  note "${names[i]}: ${rate[i]} messages a second of CPU ($n mails, $times times)"
done
if command -v valgrind >/dev/null; then
  for i in 0 1; do
    start=$(instructions ${programs[i]} "$work/none")
    all=$(instructions ${programs[i]} "$work/mails")
    cost[i]=$(((all - start) / n))
    note "${names[i]}: ${cost[i]} instructions a message"
  done
  note "ratio $(awk "BEGIN { printf \"%.1f\", ${cost[0]} / ${cost[1]} }")"
else
  note "valgrind is not installed: instructions are not counted"
fi
ok 0 "measured"
done_testing
