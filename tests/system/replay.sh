#!/bin/bash
# SPDX-License-Identifier: ISC
# slate replay: the recorded week under the same agreement, a stricter one, a looser one; whole files and fragments; and files with faults.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/week.sh"
slate_folder
slate_conf <<<"smtp \"out\" { url = \"maildir://$work/out\" }"
period=(--from 2026-11-16T05:00:00Z --to 2026-11-21T05:00:00Z --now 2026-11-19T19:00:00Z)

slate replay --sla "$work/slate.conf" --json "${period[@]}" >"$work/empty.json"
is $? 0 "an empty store can be replayed"
is "$(json "$work/empty.json" tickets) $(json "$work/empty.json" changed)" "0 []" "and nothing changes"
week

# figures TARGET PRIORITY <REPLAY: due, met, broken, rate, before | after
figures() {
  perl -MJSON::PP -e 'my ($t, $p) = @ARGV; local $/; my $r = JSON::PP->new->decode(do { open my $h, "<&STDIN"; <$h> });
    for (@{ $r->{targets} }) { next unless $_->{target} eq $t && $_->{priority} eq $p;
      print join(" | ", map { my %s = %$_; join " ", $s{due}, $s{met}, $s{breached}, defined $s{rate} ? sprintf("%.3f", $s{rate}) : "-" } $_->{before}, $_->{after}), "\n" }' -- "$@"
}
changes() {
  perl -MJSON::PP -e 'local $/; my $r = JSON::PP->new->decode(<STDIN>);
    for (@{ $r->{changed} }) { my ($b, $a) = ($_->{before}, $_->{after});
      print join(" ", $_->{ticket}, $_->{target}, $_->{cycle}, $b->{state}, $b->{due_at} // "-", $a->{state}, $a->{due_at} // "-"), "\n" }'
}
replay() { slate replay --json --sla "$@" "${period[@]}"; }

# ---- the same agreement ----
replay "$work/slate.conf" >"$work/same.json"
is $? 0 "the week under the same agreement"
is "$(json "$work/same.json" tickets) $(json "$work/same.json" changed)" "8 []" "changes nothing on eight tickets"
is "$(perl -MJSON::PP -e 'local $/; my $j = JSON::PP->new->canonical; print grep { $j->encode($_->{before}) ne $j->encode($_->{after}) } @{ $j->decode(<STDIN>)->{targets} }' <"$work/same.json")" \
  "" "nor any figure"
is "$(json "$work/same.json" from) $(json "$work/same.json" to) $(json "$work/same.json" sla)" \
  "2026-11-16T05:00:00Z 2026-11-21T05:00:00Z $work/slate.conf" "it says what was asked for"
is "$(figures answer standard <"$work/same.json")" "6 4 2 0.667 | 6 4 2 0.667" "the figures are the report's"
is "$(figures ack low <"$work/same.json")" "0 0 0 - | 0 0 0 -" "where nothing was due there is no rate"
slate replay --sla "$work/slate.conf" "${period[@]}" >"$work/same.txt"
like "$(cat "$work/same.txt")" '^No outcome changes$' "in words, too"

# ---- stricter, as a fragment ----
cat >"$work/strict.conf" <<'END'
# what if we had promised an answer within 45 minutes?
sla "standard" { target "answer" { within = "45m" } }
END
replay "$work/strict.conf" >"$work/strict.json"
is $? 0 "a fragment will do"
is "$(changes <"$work/strict.json")" "1001 answer 2 met 2026-11-18T17:00:00Z late 2026-11-18T15:45:00Z" "the promise that would have been broken is named"
is "$(figures answer standard <"$work/strict.json")" "6 4 2 0.667 | 6 3 3 0.500" "and counted"
is "$(figures start standard <"$work/strict.json")" "6 4 2 0.667 | 6 4 2 0.667" "the others are as they were"
text=$(slate replay --sla "$work/strict.conf" "${period[@]}")
like "$text" '^answer +4 of 6 +3 of 6' "in words: before and after"
like "$text" '^#1001 +answer +2 +met +Wed 18 Nov 12:00 +late +Wed 18 Nov 10:45 +Login loop$' "and the ticket"
like "$text" '8 received in the period; 8 under standard, calendar default' "under which agreement"

# ---- looser ----
echo 'sla "standard" { target "answer" { within = "3h" } target "start" { within = "1h" } target "eta" { within = none } }' >"$work/loose.conf"
is "$(replay "$work/loose.conf" | changes)" "$(cat <<'END'
1001 eta 1 met 2026-11-17T13:00:00Z none -
1002 answer 1 late 2026-11-16T17:00:00Z met 2026-11-16T18:00:00Z
1002 eta 1 late 2026-11-17T15:00:00Z none -
1003 eta 1 met 2026-11-17T18:00:00Z none -
1004 eta 1 late 2026-11-18T14:00:00Z none -
1005 eta 1 met 2026-11-18T17:00:00Z none -
1006 eta 1 late 2026-11-18T19:00:00Z none -
1007 eta 1 cancelled 2026-11-18T19:10:00Z none -
1008 eta 1 open 2026-11-20T14:00:00Z none -
END
)" "a looser agreement: what was late is met, what is off is nobody's"

# ---- clients ----
cat >"$work/clients.conf" <<'END'
calendar "always" { timezone = "UTC"  hours = { "mon-sun 00:00-24:00" } }
sla "gold" { calendar = "always"  target "answer" { within = "20m" } }
client "blauwasser" { sla = "gold" }
END
is "$(replay "$work/clients.conf" | changes)" "" "only the tickets that the file speaks of run under it"
is "$(replay "$work/clients.conf" | json - kept_own)" 6 "the others keep their own"
like "$(slate replay --sla "$work/clients.conf" "${period[@]}")" '^Tickets +8 received in the period; 2 under gold, calendar always; 6 under their' "as it says"
is "$(replay "$work/clients.conf" | json - tickets)" 8 "and all are counted"
echo 'client "default" { sla = "gold" }' >>"$work/clients.conf"
is "$(replay "$work/clients.conf" | json - kept_own)" 0 "unless everybody has one there"
is "$(replay "$work/clients.conf" | changes | grep ' answer ')" "$(cat <<'END'
1001 answer 1 met 2026-11-16T15:00:00Z late 2026-11-16T13:20:00Z
1001 answer 2 met 2026-11-18T17:00:00Z late 2026-11-18T15:20:00Z
1003 answer 1 met 2026-11-16T20:00:00Z late 2026-11-16T18:20:00Z
1006 answer 1 met 2026-11-17T21:00:00Z late 2026-11-17T19:20:00Z
END
)" "in its own hours"

# ---- the store stays as it was ----
before=$(slate audit verify; slate log 1002 --json | cksum)
for f in same strict loose; do slate replay --sla "$work/${f/same/slate}.conf" "${period[@]}" >/dev/null; done
is "$(slate audit verify; slate log 1002 --json | cksum)" "$before" "nothing was written"

# ---- files with faults ----
printf 'sla "standard" {\n  target "answer" { within = "soon" }\n  calendar = "mars"\n}\n' >"$work/broken.conf"
out=$(slate replay --sla "$work/broken.conf" "${period[@]}" 2>&1)
is $? 78 "a file with faults: exit 78"
like "$out" "^$work/broken.conf:2: within = \"soon\"" "each with its line"
like "$out" "^$work/broken.conf:3: calendar = \"mars\": there is no such calendar" "and the other"
like "$out" "^slate: $work/broken.conf has faults$" "and a word at the end"
is "$(slate replay --json --sla "$work/broken.conf" "${period[@]}" 2>/dev/null | json - error code)" config "in JSON, too"
out=$(slate replay --sla "$work/none.conf" "${period[@]}" 2>&1)
is $? 66 "a file that is not there: exit 66"
is "$out" "slate: $work/none.conf: No such file or directory" "is named"
slate replay --sla "$work" "${period[@]}" >/dev/null 2>&1
is $? 78 "a folder is no configuration: exit 78"
out=$(slate replay "${period[@]}" 2>&1)
is $? 64 "no file at all: exit 64"
like "$out" '^slate: --sla is missing' "is asked for"
slate replay --sla "$work/strict.conf" --from 2026-11-17 --to 2026-11-16 >/dev/null 2>&1
is $? 64 "an end before the beginning: exit 64"
done_testing
