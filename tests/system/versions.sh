#!/bin/bash
# SPDX-License-Identifier: ISC
# Agreements through the years (S12, S7): versions, signatures, a changed promise under an old number, edited holidays, the call for the
# review, windows of maintenance.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
letters=$work/letters
conf() { # conf WITHIN-OF-ANSWER HOLIDAYS [MORE]
  slate_conf <<EOF
smtp "out" { url = "maildir://$letters" }
calendar "us" { timezone = "America/New_York"  hours = { "mon-fri 08:00-18:00" }  holidays = { $2 } }
sla "standard" {
  version = "2026"  in_force = "2026-01-01"  review = "2026-12-01"  agreed = { "J. Doe for Acme", "D. Reyes for Poologics" }
  calendar = "us"
  target "answer" { goal = "1h"  within = "$1" }
}
${3:-}
EOF
}
amended='sla "standard/2027" { amends = "standard"  version = "2027"  in_force = "2027-01-01"  review = "2027-11-01"
  agreed = { "J. Doe", "D. Reyes" }  target "answer" { within = "1h" } }'
come_in() { # come_in NOW SUBJECT: its ticket
  mail 'Maria <maria@acme-pools.example>' support@poologics.example "$2" "$2@x" <<<"It does not work." |
    "$slate_bin/slate-ingest" --json --now "$1" >"$work/in.json"
  json "$work/in.json" results 0 ticket
}
due_of() { slate why "$1" answer --json --now "$2" | json - due_at; }

# ---- versions ----
conf 2h '"2026-12-25 Christmas"' "$amended"
slate check --now 2026-11-24T15:00:00Z >/dev/null 2>&1
is $? 0 "two signed versions are a good configuration"
old=$(come_in 2026-12-31T15:00:00Z "old year")
new=$(come_in 2027-01-04T15:00:00Z "new year")
is "$(due_of "$old" 2027-01-04T15:00:00Z)" 2026-12-31T17:00:00Z "a ticket of the old year is promised two hours"
is "$(due_of "$new" 2027-01-04T15:00:00Z)" 2027-01-04T16:00:00Z "one of the new year one"
is "$(slate show "$old" --json | json - ticket sla_version)" 2026 "each names its version"
slate sla list --json --now 2026-12-31T15:00:00Z >"$work/list.json"
is "$(json "$work/list.json" agreements 0 state) $(json "$work/list.json" agreements 1 state)" "in force to come" "the list says which holds"
slate sla list --json --now 2027-02-01T15:00:00Z >"$work/list.json"
is "$(json "$work/list.json" agreements 0 state) $(json "$work/list.json" agreements 1 state)" "past in force" "and that changes with the day"
slate sla history standard --json --now 2027-02-01T15:00:00Z >"$work/history.json"
is "$(json "$work/history.json" versions 0 tickets) $(json "$work/history.json" versions 1 tickets)" "1 1" "the history counts tickets under each"
like "$(json "$work/history.json" versions 1 changes)" 'answer/standard within: 1 h 00 min \(was 2 h 00 min\)' "and says what was changed"
is "$(json "$work/history.json" versions 0 until)" 2027-01-01T05:00:00Z "and until when a version held"
is "$(slate sla show standard --json --now 2027-02-01T15:00:00Z | json - agreement version)" 2027 "show: the one in force"
is "$(slate sla show standard 2026 --json | json - agreement text targets answer standard within)" 7200 "show: one of a number"
like "$(slate sla show standard --now 2027-02-01T15:00:00Z)" 'answer +critical +1 h 00 min business' "show: in words"
slate sla show bronze 2>/dev/null
is $? 66 "no such agreement: 66"
slate sla frobnicate 2>/dev/null
is $? 64 "no such word: 64"

# ---- a changed promise under an old number ----
conf 3h '"2026-12-25 Christmas"' "$amended"
out=$(slate check --now 2027-02-01T15:00:00Z 2>&1)
is $? 78 "a changed promise under an old number is refused"
like "$out" 'sla "standard", version 2026, client "acme": answer/critical within: 3 h 00 min \(was 2 h 00 min\)' "and named"
like "$out" 'as a version of its own' "with what to do"
"$slate_bin/slated" -c "$work/slate.conf" 2>"$work/slated.err"
is $? 78 "slated does not start with it"
slate tick --now 2027-02-01T15:00:00Z >/dev/null 2>&1
is $? 78 "nor does anything fire"
conf 2h '"2026-12-25 Christmas"' "$(sed 's/within = "1h"/within = "90m"/' <<<"$amended")"
out=$(come_in 2027-02-01T15:00:00Z refused)
is "$out" null "no ticket comes in under it"
is "$(json "$work/in.json" results 0 outcome)" queued "the mail waits in the spool"
conf 2h '"2026-12-25 Christmas"' "$amended"
slate tick --quiet --now 2027-02-01T15:00:00Z
"$slate_bin/slate-intake" -c "$work/slate.conf" --now 2027-02-01T15:01:00Z >/dev/null
is "$(slate search refused --json | json - tickets 0 sla_version)" 2027 "and is taken in when the promise is put back"

# ---- an unsigned version ----
conf 2h '"2026-12-25 Christmas"' "$(sed 's/agreed = { "J. Doe", "D. Reyes" }//' <<<"$amended")"
out=$(slate check --now 2026-12-01T15:00:00Z 2>&1)
is $? 0 "a draft of next year's version may stand there"
like "$out" 'slate.conf:[0-9]+: in_force = "2027-01-01": nobody signed it.*\(warning\)' "and is warned of"
slate check --strict --now 2026-12-01T15:00:00Z >/dev/null 2>&1
is $? 1 "check --strict: 1"
slate check --now 2027-01-02T15:00:00Z >/dev/null 2>&1
is $? 78 "once its day has come it is an error"
is "$(slate sla list --json --now 2027-02-01T15:00:00Z | json - agreements 1 state)" unsigned "it does not come into force"
late=$(come_in 2027-02-02T15:00:00Z "still the old")
is "$(slate show "$late" --json | json - ticket sla_version)" 2026 "and tickets come in under the version before it"

# ---- edited holidays ----
rm -rf "$letters" "$work"/slate.db* "$work/spool"
conf 2h '"2026-12-25 Christmas"'
slate tick --quiet --now 2026-11-23T15:00:00Z
answered=$(come_in 2026-11-25T21:00:00Z answered)
slate reply "$answered" --as ana --quiet --now 2026-11-25T21:30:00Z <<<"Done." >/dev/null
running=$(come_in 2026-11-25T22:00:00Z running)
is "$(due_of "$running" 2026-11-25T22:01:00Z)" 2026-11-26T14:00:00Z "before: due on Thursday morning"
slate tick --quiet --now 2026-11-25T22:01:00Z
conf 2h '"2026-12-25 Christmas", "2026-11-26 Thanksgiving"'
is "$(slate next --json --now 2026-11-25T22:02:00Z | json - at)" 2026-11-25T22:02:00Z "an edited holiday is a matter for the next tick"
slate tick --quiet --now 2026-11-25T22:02:00Z
is "$(due_of "$running" 2026-11-25T22:03:00Z)" 2026-11-27T14:00:00Z "after: on Friday morning"
like "$(slate log "$running" --json)" '"kind": ?"recalendar"' "the record says so"
like "$(slate why "$running" answer --now 2026-11-27T13:30:00Z)" 'holidays edited' "and so does why"
is "$(due_of "$answered" 2026-11-27T13:30:00Z)" 2026-11-25T23:00:00Z "what was answered keeps its dates"
slate tick --quiet --now 2026-11-25T22:04:00Z
is "$(slate log "$running" --json | grep -o recalendar | wc -l)" 1 "it is done once"
is "$(slate db check --quiet --now 2026-11-25T22:05:00Z; echo $?)" 0 "the caches hold"
is "$(slate audit verify --quiet; echo $?)" 0 "the record verifies"
slate tick --quiet --now 2026-11-25T23:00:00Z
slate tick --json --now 2026-11-26T20:00:00Z >"$work/tick.json"
is "$(json "$work/tick.json" letters)" 0 "nobody is alarmed on the holiday"

# ---- the review ----
rm -rf "$letters" "$work"/slate.db* "$work/spool"
conf 2h ''
is "$(slate next --json --now 2026-10-01T12:00:00Z | json - at)" 2026-11-02T13:00:00Z "the review is called for a month ahead, at opening"
slate tick --quiet --now 2026-11-02T12:59:00Z
is "$(slate outbox --json | json - letters)" "[]" "not before"
slate tick --json --now 2026-11-02T13:00:00Z >"$work/tick.json"
is "$(json "$work/tick.json" fired 0 what) $(json "$work/tick.json" fired 0 due_at)" "review 2026-12-01T05:00:00Z" "then it fires"
slate send --quiet --now 2026-11-02T13:00:00Z
is "$(letters "$letters")" "dana@poologics.example | The agreement standard 2026 is to be reviewed: Tuesday, 1 December 2026" "the supervisor is told"
like "$(cat "$(letter_to "$letters" dana@poologics.example)")" 'signed by +J. Doe for Acme' "with who signed it"
slate tick --quiet --now 2026-11-03T13:00:00Z
is "$(slate outbox --json | json - letters 1)" null "once"
is "$(slate next --json --now 2026-11-03T13:00:00Z | json - at)" null "and nothing more is to come"

# ---- maintenance ----
rm -rf "$letters" "$work"/slate.db* "$work/spool"
conf 2h '' 'client "sunbelt" { name = "Sunbelt"  domains = { "sunbelt.example" }  contacts = { "ops@sunbelt.example" }  timezone = "America/Phoenix" }
maintenance "db-upgrade" { from = "2026-11-28 22:00"  to = "2026-11-29 04:00"  timezone = "America/New_York"  announce = "2bd" }'
open_ticket=$(come_in 2026-11-23T15:00:00Z "an open one")
slate send --quiet --now 2026-11-23T15:00:00Z
slate tick --quiet --now 2026-11-23T15:01:00Z
rm -rf "$letters"
slate maintenance --json --now 2026-11-24T12:00:00Z >"$work/m.json"
is "$(json "$work/m.json" maintenance 0 announce_at)" 2026-11-26T13:00:00Z "two business days before Saturday night: Thursday's opening"
slate tick --quiet --now 2026-11-26T13:00:00Z
slate send --quiet --now 2026-11-26T13:00:00Z
is "$(letters "$letters" | grep Maintenance | sort)" "maria@acme-pools.example | Maintenance from Sat 28 Nov 2026 22:00 EST to Sun 29 Nov 2026 04:00 EST
ops@sunbelt.example | Maintenance from Sat 28 Nov 2026 20:00 MST to Sun 29 Nov 2026 02:00 MST" \
  "contacts and who has an open ticket are told, in their zone"
slate tick --quiet --now 2026-11-26T14:00:00Z
is "$(slate outbox --json | grep -o '"kind": *"maintenance"' | wc -l)" 2 "once each"
is "$(slate maintenance --json --now 2026-11-29T05:00:00Z | json - maintenance 0 state)" running "it is shown while it runs"
slate maintenance add patch --from 2026-12-05T03:00:00Z --to 2026-12-05T04:00:00Z --announce 24h --json --now 2026-11-30T15:00:00Z >"$work/m.json"
is $? 0 "a window may be planned by hand"
is "$(json "$work/m.json" maintenance 1 announce_at) $(json "$work/m.json" maintenance 1 source)" "2026-12-04T03:00:00Z hand" "and is announced, too"
slate maintenance add patch --from 2026-12-06T03:00:00Z --to 2026-12-06T04:00:00Z 2>/dev/null
is $? 77 "a name that is taken: 77"
slate maintenance remove db-upgrade 2>/dev/null
is $? 77 "what stands in the configuration is taken out there: 77"
slate maintenance remove nothing 2>/dev/null
is $? 66 "no such window: 66"
slate maintenance add late --from 2026-12-06T05:00:00Z --to 2026-12-06T04:00:00Z 2>/dev/null
is $? 64 "it ends before it begins: 64"
slate maintenance add odd --from 2026-12-06T05:00:00Z --to 2026-12-06T06:00:00Z --announce soon 2>/dev/null
is $? 64 "no such notice: 64"
slate maintenance remove patch --quiet --now 2026-11-30T16:00:00Z
slate tick --quiet --now 2026-12-04T04:00:00Z
is "$(slate outbox --json | grep -o '"kind": *"maintenance"' | wc -l)" 2 "what was given up is not announced"
slate maintenance add moved --from 2026-12-10T03:00:00Z --to 2026-12-10T04:00:00Z --announce 2bd --quiet --now 2026-12-08T15:00:00Z
slate tick --quiet --now 2026-12-08T15:01:00Z
slate maintenance remove moved --quiet --now 2026-12-08T16:00:00Z
slate tick --quiet --now 2026-12-08T16:01:00Z
slate send --quiet --now 2026-12-08T16:01:00Z
like "$(letters "$letters" | grep maria | tail -1)" 'No maintenance from Wed 9 Dec 2026 22:00 EST' "who was told of a window hears when it is given up"
slate tick --quiet --now 2026-12-08T17:00:00Z
is "$(slate outbox --json | grep -o 'No maintenance' | wc -l)" 2 "once"
slate maintenance add '' --from 2026-12-10T03:00:00Z --to 2026-12-10T04:00:00Z 2>/dev/null
is $? 64 "a window has a name"
is "$(slate audit verify --quiet; echo $?)" 0 "all of it stands in the record, and verifies"

# ---- whose mail it is: rules beat contacts beat domains beat mailboxes ----
rm -rf "$letters" "$work"/slate.db* "$work/spool"
conf 2h '' 'client "pools" { name = "Pools"  domains = { "pools.example" }  contacts = { "boss@acme-pools.example" } }
client "ruled" { name = "Ruled" }
mailbox "vip" { url = "maildir:///nonexistent"  client = "pools" }
rule "ruled" { subject = { "^ruled" }  set { client = "ruled" } }'
client_of() { # client_of FROM SUBJECT [MAILBOX]
  mail "X <$1>" support@poologics.example "$2" "$2-$1@x" <<<"It does not work." |
    "$slate_bin/slate-ingest" --json ${3:+--mailbox "$3"} --now 2026-11-23T15:00:00Z >"$work/in.json"
  slate show "$(json "$work/in.json" results 0 ticket)" --json | json - ticket client
}
is "$(client_of somebody@nowhere.example one)" default "nobody says: everybody else's"
is "$(client_of somebody@nowhere.example two vip)" pools "the mailbox says"
is "$(client_of maria@acme-pools.example three vip)" acme "a domain beats the mailbox"
is "$(client_of boss@acme-pools.example four)" pools "a contact beats the domain"
is "$(client_of boss@acme-pools.example "ruled five" vip)" ruled "a rule beats them all"
done_testing
