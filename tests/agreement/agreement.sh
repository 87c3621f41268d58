#!/bin/bash
# SPDX-License-Identifier: ISC
# The agreement as tests: a text file a sentence, each run against the real program under virtual time.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
stories=$SL_SRCDIR/tests/agreement
declare -A sentence=(
  [S1]="help desk by email, chat and calls during regular business hours" [S2]="acknowledging and initiating the resolution within 20 minutes"
  [S3]="answering time for standard incidents is 1 to 2 hours" [S4]="an estimate within 24 hours" [S5]="critical incidents with the highest priority"
  [S6]="feedback on the progress at the end of the day" [S7]="99% availability during business hours" [S8]="communicate proactively"
  [S9]="accurate records" [S10]="customers provide necessary information" [S11]="three levels of escalation" [S12]="reviewed annually, amended by agreement")
for s in S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12; do
  found=
  for story in "$stories/$s"[-.]*txt; do
    [ -e "$story" ] || continue
    found=1
    slate_folder
    slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
    out=$("$stories/run" "$story" "$slate_bin/slate" "$work" 2>&1)
    ok $? "$s $(basename "$story" .txt): $(sed -n "s/^S[0-9]* //p" "$story" | head -1)"
    [ -z "$out" ] || printf '%s\n' "$out"
    slate_cleanup
  done
  [ -n "$found" ] || note "not carried out yet: $s ${sentence[$s]}"
done
done_testing
