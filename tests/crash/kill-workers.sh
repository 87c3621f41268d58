#!/bin/bash
# SPDX-License-Identifier: ISC
# kill -9 of any worker at ten random points loses nothing; a second copy of a letter only where the record counts a doubtful attempt.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"
why=$(servers_possible) || skip_all "$why"
RANDOM=20261124
slate_folder
servers_up || { ok 1 "the private servers start"; done_testing; exit 1; }
slate_servers_conf <<<'limits { acks_per_sender = 1000 acks_to_strangers = 1000 }'
slated_up
mails=60
for i in $(seq $mails); do
  mail "C$i <c$i@acme-pools.example>" support@poologics.example "Matter $i" "k$i@acme-pools.example" <<<"Words $i" |
    smtp_send "c$i@acme-pools.example" support@poologics.example
done &
sender=$!
for kill in $(seq 10); do
  sleep 0.$((RANDOM % 6 + 1))
  workers=($(pgrep -P "$slated_pid"))
  [ ${#workers[@]} -gt 0 ] || continue
  victim=${workers[RANDOM % ${#workers[@]}]}
  note "kill $kill: $(tr '\0' ' ' <"/proc/$victim/cmdline" 2>/dev/null | awk '{print $1}' | xargs -r basename)"
  kill -9 "$victim" 2>/dev/null
done
wait $sender
for _ in $(seq 300); do
  n=$(slate list all --json 2>/dev/null | grep -o '"id":' | wc -l)
  q=$(slate outbox --json 2>/dev/null | grep -oE '"state":"(queued|claimed|sending)"' | wc -l)
  [ "$n" -ge $mails ] && [ "$q" = 0 ] && break
  sleep 0.1
done
is "$n" $mails "each mail made one ticket, after ten kills"
is "$q" 0 "no letter is left waiting"
slate outbox --json >"$work/outbox.json"
acks=0 doubled=0
for i in $(seq $mails); do
  got=$(mailbox_files "c$i@acme-pools.example" | xargs -r grep -l 'Auto-Submitted: auto-replied' | wc -l)
  [ "$got" -ge 1 ] && acks=$((acks + 1))
  [ "$got" -gt 1 ] && doubled=$((doubled + got - 1))
done
is $acks $mails "each customer has an acknowledgement"
doubts=$(perl -MJSON::PP -e 'local $/; my $n = 0; $n += $_->{in_doubt} for @{ JSON::PP->new->decode(<STDIN>)->{letters} }; print $n' <"$work/outbox.json")
is "$([ "$doubled" -le "$doubts" ] && echo yes)" yes "second copies ($doubled) do not exceed the doubtful attempts on record ($doubts)"
slate db check --quiet
is $? 0 "the store holds"
is "$(ls "$work/spool/new" | wc -l)" 0 "the spool is empty"
slated_down
done_testing
