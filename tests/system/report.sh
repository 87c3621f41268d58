#!/bin/bash
# SPDX-License-Identifier: ISC
# slate report: a week with known ends - met, late, excused, overdue, cancelled, critical, by phone, reopened, merged - and its figures.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/week.sh"
slate_folder
slate_conf <<<"smtp \"out\" { url = \"maildir://$work/out\" }"

# ---- a store in which nothing happened ----
out=$(slate report --json --now 2026-11-16T13:00:00Z)
is $? 0 "an empty store has a report"
is "$(json - tickets <<<"$out")" '{"critical":0,"open":0,"received":0,"reopened":0,"resolved":0}' "of no tickets"
is "$(json - from <<<"$out") $(json - to <<<"$out") $(json - client <<<"$out")" "2026-11-01T04:00:00Z 2026-11-16T13:00:00Z null" \
  "of this month in the desk's zone, until now, for all clients"
is "$(json - availability <<<"$out")" '{"business_seconds":360000,"down_seconds":0,"maintenance_seconds":0,"measured_seconds":0,"rate":null}' \
  "availability is not measured"
like "$(slate report --now 2026-11-16T13:00:00Z)" '^Promises +none was due$' "nor is anything made up in words"

# ---- the week ----
week
all=(--from 2026-11-16T05:00:00Z --to 2026-11-21T05:00:00Z --now 2026-11-19T19:00:00Z)

# rows <REPORT: a line a target that has anything: counts, rates, percentiles
rows() {
  perl -MJSON::PP -e 'local $/; my $r = JSON::PP->new->decode(<STDIN>);
    for my $t (@{ $r->{targets} }) { my %t = %$t; next unless $t{due} || $t{first_due};
      print join(" ", map { my $v = $t{$_}; defined $v ? ($v =~ /\./ ? sprintf("%.4f", $v) : $v) : "-" }
        qw(target priority due met breached open_overdue excused stated rate rate_raw p50 p90 p99 max wall_p50 wall_p90));
      print " first $t{kept_first}/$t{first_due} last $t{kept_last}/$t{last_due}" if $t{target} eq "eta"; print "\n" }'
}
breaches() {
  perl -MJSON::PP -e 'local $/; my $r = JSON::PP->new->utf8->decode(<STDIN>);
    print join(" ", map { $_ // "-" } @$_{qw(ticket target cycle priority due_at met_at late excuse)}), "\n" for @{ $r->{breaches} }'
}

slate report --json "${all[@]}" >"$work/week.json"
is $? 0 "the week has a report"
is "$(json "$work/week.json" from) $(json "$work/week.json" to)" "2026-11-16T05:00:00Z 2026-11-21T05:00:00Z" "of the period that was asked for"
is "$(rows <"$work/week.json")" "$(cat <<'END'
ack critical 1 1 0 0 0 0 1 1 0 0 0 0 0 0
ack standard 7 7 0 0 0 0 1 1 0 0 0 0 0 0
start critical 1 1 0 0 0 0 1 1 300 300 300 300 300 300
start standard 6 4 2 1 0 0 0.6667 0.6667 600 9000 9000 9000 600 9000
answer critical 1 1 0 0 0 0 1 1 1800 1800 1800 1800 1800 1800
answer standard 6 4 2 1 1 0 0.8000 0.6667 1800 9000 9000 9000 1800 9000
eta critical 1 1 0 0 0 0 1 1 3600 3600 3600 3600 3600 3600 first 1/1 last 1/1
eta standard 5 2 3 2 0 0 0.4000 0.4000 3600 90000 90000 90000 3600 90000 first 1/2 last 1/2
progress critical 2 2 0 0 0 0 1 1 16200 28800 28800 28800 16200 28800
resolve critical 1 1 0 0 0 0 1 1 46800 46800 46800 46800 97200 97200
resolve standard 1 0 1 1 0 0 0 0 - - - - - -
END
)" "each promise with its counts, rates and times"
is "$(breaches <"$work/week.json")" "$(cat <<'END'
1002 start 1 standard 2026-11-16T15:20:00Z 2026-11-16T17:30:00Z 7800 -
1002 answer 1 standard 2026-11-16T17:00:00Z 2026-11-16T17:30:00Z 1800 the carrier was down
1002 eta 1 standard 2026-11-17T15:00:00Z 2026-11-17T16:00:00Z 3600 -
1004 eta 1 standard 2026-11-18T14:00:00Z - 104400 -
1006 eta 1 standard 2026-11-18T19:00:00Z - 86400 -
1002 resolve 1 standard 2026-11-18T20:00:00Z - 32400 -
1008 start 1 standard 2026-11-19T14:20:00Z - 16800 -
1008 answer 1 standard 2026-11-19T16:00:00Z - 10800 -
END
)" "each broken one with how late it is, and its excuse"
is "$(json "$work/week.json" tickets)" '{"critical":1,"open":5,"received":8,"reopened":1,"resolved":3}' "the tickets"
is "$(json "$work/week.json" escalations)" '[{"count":3,"level":1},{"count":13,"level":2},{"count":4,"level":3}]' "who was called how often"
is "$(json "$work/week.json" targets | perl -MJSON::PP -e 'local $/; my $t = decode_json(<STDIN>); print scalar @$t, " $t->[0]{target} $t->[0]{priority} $t->[17]{target} $t->[17]{priority}"')" \
  "18 ack critical resolve low" "every target and priority has a row"
is "$(json "$work/week.json" promises 2)" '{"figure":"5 of 7 kept, 1 excused; half within 30 min; 5 of 6 within the goal","id":"S3","setting":"answer: within 2 h business, goal 1 h","text":"the target answering time for standard incidents is 1 to 2 hours"}' "a sentence, its setting, its figure"
is "$(perl -MJSON::PP -e 'local $/; print join " ", map { $_->{id} } @{ decode_json(<STDIN>)->{promises} }' <"$work/week.json")" \
  "S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12" "and so for each"

# ---- periods that cut clocks ----
day() { slate report --json --from "$1" --to "$2" --now 2026-11-19T19:00:00Z | rows | cut -d' ' -f1-7; }
is "$(day 2026-11-16T15:20:00Z 2026-11-16T17:00:00Z)" "ack standard 1 1 0 0 0
start standard 1 0 1 0 0" "what is due at the beginning counts, what is due at the end does not"
is "$(day 2026-11-18T20:00:00Z 2026-11-18T20:00:01Z)" "eta standard 0 0 0 0 0
resolve standard 1 0 1 1 0" "a second holds what falls due in it"
sum=$(for d in 16 17 18 19 20; do slate report --json --from 2026-11-${d}T05:00:00Z --to 2026-11-$((d + 1))T05:00:00Z --now 2026-11-19T19:00:00Z | rows; done |
  awk '{ k = $1 " " $2; d[k] += $3; m[k] += $4; b[k] += $5 } END { for (k in d) print k, d[k], m[k], b[k] }' | sort)
is "$sum" "$(rows <"$work/week.json" | cut -d' ' -f1-5 | sort)" "the days add up to the week"
is "$(slate report --json --from 2026-11-16T05:00:00Z --to 2026-11-17T05:00:00Z --now 2026-11-19T19:00:00Z | json - tickets)" \
  '{"critical":1,"open":3,"received":3,"reopened":0,"resolved":0}' "tickets as they were when the period ended"
is "$(slate report --json --from 2026-11-16T05:00:00Z --now 2026-11-16T17:00:00Z | rows | grep ^answer)" \
  "answer standard 2 1 1 1 0 0 0.5000 0.5000 1800 1800 1800 1800 1800 1800" "with --now in the past, the record as it was then"
is "$(slate report --json --from 2026-11-16 --to 2026-11-21 --now 2026-11-19T19:00:00Z)" "$(cat "$work/week.json")" "days are those of the desk's zone"
is "$(slate report --json --now 2026-11-19T19:00:00Z | json - from)" 2026-11-01T04:00:00Z "without --from the month begins it"
is "$(slate report --json --to 2026-11-01 --now 2026-11-19T19:00:00Z | json - from)" 2026-10-01T04:00:00Z "the month that --to ends"

# ---- one client's ----
slate report --json --client blauwasser "${all[@]}" >"$work/client.json"
is "$(json "$work/client.json" client) $(json "$work/client.json" tickets)" 'blauwasser {"critical":0,"open":2,"received":2,"reopened":0,"resolved":0}' "one client's tickets"
is "$(breaches <"$work/client.json" | cut -d' ' -f1 | sort -u | tr '\n' ' ')" "1002 1008 " "and what was broken on them"
out=$(slate report --client blauwaser "${all[@]}" 2>&1)
is $? 66 "a client that is none: exit 66"
is "$out" 'slate: there is no client "blauwaser": did you mean "blauwasser"?' "and which was meant"
sed '/^client "blauwasser"/d' "$work/slate.conf" >"$work/left.conf"
is "$(slate -c "$work/left.conf" report --json --client blauwasser "${all[@]}" | json - tickets received)" 2 "a client who has left keeps their past"
is "$(slate report --json --client default "${all[@]}" | json - tickets received)" 0 "one without tickets has a report"

# ---- as people read it ----
text=$(slate report "${all[@]}")
like "$text" '^Service report of Poologics$' "in words: whose it is"
like "$text" '^Period +Mon 16 Nov 2026 00:00 EST to Sat 21 Nov 2026 00:00 EST$' "of when"
like "$text" '^Promises +24 of 32 kept \(75 %\); the objective is 95 %$' "how many promises were kept"
like "$text" '^Available +not measured$' "what is not measured says so"
like "$text" '^answer +4 of 6 +1: 4 of 5 +30m ' "few are counted, not rated"
unlike "$text" '^(answer|start|eta) .*[0-9] %' "no percentage of six"
like "$text" '^#1002 +answer +Mon 16 Nov 12:00 +30m +met +ana +blauwasser +the carrier was down +Currency wrong' "what was late, how much, and why"
like "$text" '^ +> 5 of 7 kept, 1 excused; half within 30 min; 5 of 6 within the goal$' "and the agreement with its figures"
is "$(slate report --plain "${all[@]}" | grep -c '^late')" 8 "plain: a line a row, with its kind"
like "$(slate report --plain "${all[@]}")" "^promise"$'\t'"answer"$'\t'"4 of 6"$'\t' "cells parted by tabs"
is "$(awk 'length > 80 && !/^(#|TICKET)/' <<<"$text")" "" "and its words fit on a terminal"

# ---- refusals ----
refused() { # refused CODE REGEX DESCRIPTION ARGUMENTS…
  local code=$1 regex=$2 what=$3 out
  shift 3
  out=$(slate "$@" 2>&1)
  is $? "$code" "$what: exit $code"
  like "$out" "$regex" "and says why"
}
refused 64 '^slate: --from soon: a time such as' "a time that is none" report --from soon
refused 64 '^slate: --to 2026-13-01: a time such as' "a day that is none" report --to 2026-13-01
refused 64 '^slate: --to 2026-11-16 lies before --from 2026-11-17$' "an end before the beginning" report --from 2026-11-17 --to 2026-11-16
refused 64 '^slate: --from 2027-01-01 lies in the future' "a beginning in the future" report --from 2027-01-01 --now 2026-11-19T19:00:00Z
refused 64 '^slate: Unknown option --html' "a page, which is not there yet" report --html x.html
refused 64 '^slate: usage: slate report' "a word too many" report week
is "$(slate report --client nobody --json 2>/dev/null | json - error code)" not-found "errors in JSON, too"
done_testing
