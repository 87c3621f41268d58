#!/bin/bash
# SPDX-License-Identifier: ISC
# What one pipe delivery costs beside procmail's of the same mail into a Maildir, interleaved in one run; and what each process of the daemon
# holds in memory. Figures, no verdict: goals are ratios of 1.5 with the daemon running and 6 without, and 25 MB. BENCH_N deliveries each.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
n=${BENCH_N:-40}
command -v procmail >/dev/null || skip_all "procmail is not installed"
slate_folder
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }
limits { acks_per_sender = 100000 acks_to_strangers = 100000 }"
mkdir -p "$work/md"/{tmp,new,cur}
printf 'SHELL=/bin/sh\nMAILDIR=%s\nDEFAULT=%s/md/\n' "$work" "$work" >"$work/rc"
one() { { mail "C <c$1@acme-pools.example>" support@poologics.example "Matter $1" "b$1@acme-pools.example"; } < <(head -c 1500 "$SL_SRCDIR/README.md"); }
cat >"$work/pair.pl" <<'P'
# Runs two shell commands in turn, N times each, and prints the mean CPU of each in ms: user and system, children included. Each has a
# process of its own that does nothing else, whose account of its children is exact over the whole run.
use strict; use warnings; use IO::Handle;
my ($n, @commands) = @ARGV;
my @workers;
for my $command (@commands) {
  pipe my $in, my $go;
  pipe my $done, my $out;
  $_->autoflush for $go, $out;
  if (!fork) {
    close $_ for $go, $done, map { @$_ } @workers; # else an earlier worker never sees the end of its input
    while (my $i = <$in>) { chomp $i; $ENV{I} = $i; system($command) == 0 or die "$command: $?"; print $out "ok\n" }
    my $usage = "\0" x 144; # getrusage(RUSAGE_CHILDREN), in microseconds; times() counts in hundredths of a second
    syscall(`uname -m` =~ /x86_64/ ? 98 : 165, -1, $usage) == 0 or die "getrusage: $!"; # SYS_getrusage
    my ($user_sec, $user_usec, $sys_sec, $sys_usec) = unpack 'q4', $usage;
    printf $out "%.3f\n", (1000 * ($user_sec + $sys_sec) + ($user_usec + $sys_usec) / 1000) / $n;
    exit;
  }
  close $in;
  close $out;
  push @workers, [$go, $done];
}
for my $i (1 .. $n) { for my $w (@workers) { print { $w->[0] } "$i\n"; readline $w->[1] } }
for my $w (@workers) { close $w->[0]; my $l = readline $w->[1]; print $l }
P

run() { # run NAME
  local i both
  mkdir -p "$work/m"
  for i in $(seq "$n"); do one "$1$i" >"$work/m/$i"; done
  both=$(perl "$work/pair.pl" "$n" "exec procmail -m '$work/rc' <'$work/m/'\$I" "exec '$slate_bin/slate-ingest' -c '$work/slate.conf' --quiet <'$work/m/'\$I")
  note "$1: $(tr '\n' ' ' <<<"$both" | awk '{ printf "procmail %.2f ms CPU, slate %.2f ms CPU a mail, ratio %.2f", $1, $2, $1 ? $2 / $1 : 0 }') ($n pairs)"
}
run alone
"$slate_bin/slated" -c "$work/slate.conf" >"$work/slated.log" 2>&1 &
pid=$!
for _ in $(seq 100); do [ -s "$work/spool/run/workers.json" ] && break; sleep 0.05; done
sleep 1
run daemon
for _ in $(seq 200); do [ -z "$(ls "$work/spool/new")" ] && break; sleep 0.05; done
for p in $pid $(pgrep -P $pid); do
  note "$(tr '\0' ' ' <"/proc/$p/cmdline" | awk '{print $1}' | xargs basename): $(awk '/VmRSS/ {print $2}' "/proc/$p/status") kB resident"
done
kill -TERM $pid
wait $pid
is "$(slate list all --json | grep -o '"id":' | wc -l)" $((2 * n)) "every mail of the measurement is a ticket"
done_testing
