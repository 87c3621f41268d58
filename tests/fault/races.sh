#!/bin/bash
# SPDX-License-Identifier: ISC
# Two at once: the same mail by two pipes, two ticks over the same alarms, two senders over the same outbox, two fetches of one mailbox.
# Each effect is there once. The time is virtual; the two start together and are waited for by their pids.
. "$SL_SRCDIR/tests/lib/tap.sh"
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
mkdir -p "$work/in"/{new,cur,tmp}
slate_conf <<<"mailbox \"support\" { url = \"maildir://$work/in\" since = \"2020-01-01\" }
smtp \"main\" { url = \"maildir://$work/out\" }"

twice() { # twice COMMAND…: two of it at the same time; both must end well
  "$@" >"$work/one" 2>&1 &
  local one=$!
  "$@" >"$work/two" 2>&1 &
  local two=$! status=0
  wait "$one" || status=1
  wait "$two" || status=1
  [ $status = 0 ] || sed 's/^/# /' "$work/one" "$work/two"
  return $status
}

the_mail() { mail "Maria <maria$1@acme-pools.example>" support@poologics.example "Case $1" "race$1@acme-pools.example" <<<"It is broken."; }
pipe() { slate ingest --wait --now 2026-11-20T15:00:00Z <"$work/mail"; }
number() { perl -MJSON::PP -0777 -e 'my $d = decode_json(<STDIN>); print scalar @{ $d->{$ARGV[0]} }' "$1"; }
events() { slate log "$1" --json | perl -MJSON::PP -0777 -e 'my %n; $n{ $_->{kind} }++ for @{ decode_json(<STDIN>)->{events} }; print join " ", map { "$_=$n{$_}" } sort keys %n'; }

bad=0
for i in $(seq 8); do
  the_mail "$i" >"$work/mail"
  twice pipe || bad=$((bad + 1))
done
is "$bad" 0 "two pipes with the same mail: both say 0"
is "$(slate list all --json | number tickets)" 8 "two pipes with the same mail: one ticket each"
is "$(slate outbox list --json | perl -MJSON::PP -0777 -e 'my %n; $n{ $_->{purpose} }++ for @{ decode_json(<STDIN>)->{letters} }; print scalar grep { $_ > 1 } values %n')" 0 "and no letter twice"

pids=
for i in $(seq 21 32); do
  the_mail "$i" | slate ingest --quiet --now 2026-11-20T15:00:00Z &
  pids="$pids $!"
done
wait $pids
is "$(ls "$work/spool/new" | wc -l), $(slate list all --json | number tickets) tickets" "0, 20 tickets" "a dozen pipes at once, no daemon: nothing is left lying in the spool"

cp "$work/mail" "$work/in/new/1.eml"
the_mail 9 >"$work/in/new/2.eml"
twice slate fetch --now 2026-11-20T15:00:00Z
ok $? "two fetches of one mailbox: both end well"
is "$(slate list all --json | number tickets)" 21 "two fetches of one mailbox: one ticket a mail, and none for the one that came by the pipe"

twice slate send --now 2026-11-20T15:00:01Z
ok $? "two senders: both end well"
is "$(ls "$work/out/new" | wc -l)" "$(slate outbox list --json | number letters)" "two senders: each letter leaves once"

before=$(slate outbox list --json | number letters)
twice slate tick --now 2026-11-20T17:30:00Z
ok $? "two ticks: both end well"
slate tick --now 2026-11-20T17:30:00Z >/dev/null
first=$(events 1001)
after=$(slate outbox list --json | number letters)
[ "$after" -gt "$before" ]
ok $? "two ticks: alarms fired"
slate tick --now 2026-11-20T17:30:00Z >/dev/null
is "$(events 1001)" "$first" "two ticks: nothing is left for another one"
like "$(slate log 1001 --json)" '"kind": ?"(warned|escalated|skipped|breached)"' "two ticks: the record has them"
unlike "$(slate log 1001 --json | perl -MJSON::PP -0777 -e 'my %n; for (@{ decode_json(<STDIN>)->{events} }) { my $a = $_->{detail}{alarm} or next; $n{"$_->{kind} $a"}++ } print map { "$_\n" } grep { $n{$_} > 1 } keys %n')" . "two ticks: no alarm twice"
slate audit verify >/dev/null
ok $? "the record's chain holds"
slate db check >/dev/null
ok $? "and the caches are what the events say"
done_testing
