#!/bin/bash
# SPDX-License-Identifier: ISC
# Business time against tables that other programs and a brute force agree on ($SL_CORPORA/calendar, not part of the project):
# Monday-Friday 08:00-18:00 with holidays, in a zone without and one with daylight saving. Every row must agree.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
corpus=${SL_CORPORA:-$SL_SRCDIR/../shared/corpora}/calendar
[ -r "$corpus/add.tsv" ] || skip_all "the calendar corpus is not here (SL_CORPORA)"
slate_folder
holidays=$(awk -F'\t' '{ gsub(/["\\]/, "", $2); printf "%s\"%s %s\"", (NR > 1 ? ", " : ""), $1, $2 }' "$corpus/holidays.txt")
slate_conf <<EOF
calendar "EST" { timezone = "EST"               hours = { "mon-fri 08:00-18:00" }  holidays = { $holidays } }
calendar "NY"  { timezone = "America/New_York"  hours = { "mon-fri 08:00-18:00" }  holidays = { $holidays } }
smtp "out" { url = "maildir://$work/letters" }
EOF

score() { # score FILE QUESTION-IN-AWK ANSWER-COLUMN DESCRIPTION
  local rows right
  awk -F'\t' -v OFS='\t' "NR > 1 { print $2 }" "$corpus/$1" >"$work/questions"
  awk -F'\t' "NR > 1 { print \$$3 }" "$corpus/$1" >"$work/wanted"
  slate calendar eval <"$work/questions" >"$work/got" 2>"$work/errors"
  rows=$(wc -l <"$work/wanted")
  right=$(paste "$work/got" "$work/wanted" | awk -F'\t' '$1 == $2' | wc -l)
  note "$1: $right of $rows"
  is "$right" "$rows" "$4"
  paste "$work/questions" "$work/got" "$work/wanted" | awk -F'\t' '$(NF - 1) != $NF { print "# " $0 }' | head -5
}
score add.tsv '"due", $1, $2, $3 * 60' 4 "due, where what runs out at closing is due at closing"
score within.tsv '"elapsed", $1, $2, $3' 4 "elapsed"
score open.tsv '"open", $1, $2' 3 "open or closed"
done_testing
