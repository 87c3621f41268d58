#!/bin/bash
# SPDX-License-Identifier: ISC
# No shape of mail is slow: four times the size costs at most six times the work, whatever is repeated. Measured in CPU time,
# the least of three; what is too quick to tell is passed over, and a shape is slow when it is so three times in a row: the machine does
# other things, too.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
small=${SL_WORST_KB:-200}
cost() { # cost FILE: ms of CPU, the least of three
  for _ in 1 2 3; do
    perl -e 'my $f = shift; my $pid = fork; if (!$pid) { open STDOUT, ">", "/dev/null"; alarm 60; exec @ARGV, $f } waitpid $pid, 0; die "signal\n" if $? & 127; my @t = times; printf "%d\n", 1000 * ($t[2] + $t[3])' \
      "$1" "$slate_bin/slate-intake" --parse
  done | sort -n | head -1
}
printf 'From: a@b.example\n\nx\n' >"$work/base"
base=$(cost "$work/base")
bad=0 n=0 worst_ms=0
for shape in $("$SL_SRCDIR/tests/fuzz/worst" list); do
  n=$((n + 1))
  "$SL_SRCDIR/tests/fuzz/worst" "$shape" "$small" >"$work/small"
  "$SL_SRCDIR/tests/fuzz/worst" "$shape" $((small * 4)) >"$work/large"
  slow=
  for _ in 1 2 3; do
    a=$(cost "$work/small") b=$(cost "$work/large")
    [ -n "$a" ] && [ -n "$b" ] || { slow="ended by a signal"; break; }
    a=$((a - base)) b=$((b - base)) slow=
    [ "$b" -lt 60 ] || [ "$b" -le $((a * 6 + 20)) ] || slow="$a ms for $small KiB, $b ms for four times as much"
    [ -n "$slow" ] || break
  done
  [ "${b:-0}" -le "$worst_ms" ] || worst_ms=$b worst=$shape
  [ -z "$slow" ] || { bad=$((bad + 1)); note "$shape: $slow"; }
done
is "$bad" 0 "$n shapes cost no more than their size (the dearest: ${worst:-none}, $worst_ms ms for $((small * 4)) KiB)"
done_testing
