#!/bin/bash
# SPDX-License-Identifier: ISC
# The main job on real servers: mail in by SMTP and IMAP, an acknowledgement back in the customer's mailbox, an agent's plain reply to the
# customer, machines left unanswered, nothing running at the end.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"
why=$(servers_possible) || skip_all "$why"
slate_folder
servers_up || { ok 1 "the private servers start"; sed 's/^/# /' "$mail_dir"/log/*.log | tail -20; done_testing; exit 1; }
ok 0 "the private Dovecot and Postfix start"
slate_servers_conf </dev/null

slate check --quiet 2>"$work/check.log"
is $? 0 "slate check is content"
like "$(slate check --online 2>&1)" 'ok +mailbox support: ok' "slate check --online logs in over verified TLS"

slated_up
mail "Maria Lopez <maria@acme-pools.example>" support@poologics.example "Login loop" m1@acme-pools.example <<<"I cannot log in." |
  smtp_send maria@acme-pools.example support@poologics.example
ack=$(wait_for_mail maria@acme-pools.example '^Subject: Re: Login loop')
ok $? "the acknowledgement is in the customer's mailbox"
like "$(cat "${ack:-/dev/null}")" 'its number is 1001' "it names the number"
like "$(cat "${ack:-/dev/null}")" '^Auto-Submitted: auto-replied' "it says that a machine wrote it"
like "$(cat "${ack:-/dev/null}")" '^In-Reply-To: <m1@acme-pools.example>' "it answers in the customer's thread"

work_mail=$(wait_for_mail ana@poologics.example 'Login loop')
ok $? "the assignment is in the agent's mailbox"
address=$(reply_address "${work_mail:-/dev/null}")
like "$address" '^support\+[a-z2-7]{16}@poologics.example$' "its Reply-To is signed"
mail "Ana <ana@poologics.example>" "$address" "Re: #1001" a1@poologics.example <<<"Hello Maria, please try again now." |
  smtp_send ana@poologics.example "$address"
for _ in $(seq 100); do
  answer=$(grep -l 'please try again' $(mailbox_files maria@acme-pools.example) 2>/dev/null)
  [ -n "$answer" ] && break
  sleep 0.1
done
like "$(cat ${answer:-/dev/null})" 'please try again now' "the agent's plain reply reaches the customer"
unlike "$(cat ${answer:-/dev/null})" '^Auto-Submitted' "a person's words do not look like a machine's"
is "$(slate show 1001 --json | json - ticket answered_at | grep -c Z)" 1 "the answer is in the record"

mail "Maria Lopez <maria@acme-pools.example>" "$(reply_address "$ack")" "Re: Login loop" m2@acme-pools.example <<<"It works." |
  smtp_send maria@acme-pools.example "$(reply_address "$ack")"
ok "$(wait_for_mail ana@poologics.example '#1001 Acme Pools Inc.: Login loop' >/dev/null; echo $?)" "the customer's later mail reaches the agent"

mail "Maria <maria@acme-pools.example>" support@poologics.example "Out of office" v1@acme-pools.example "Auto-Submitted: auto-replied" <<<"I am away." |
  smtp_send maria@acme-pools.example support@poologics.example
mail "Nobody <gone@customers.example>" support@poologics.example "Where is my pool" g1@customers.example <<<"Hello?" |
  smtp_send gone@customers.example support@poologics.example
for _ in $(seq 150); do
  slate show 1002 --json >"$work/1002.json" 2>/dev/null && [ "$(json "$work/1002.json" ticket acknowledged_at)" = null ] &&
    json "$work/1002.json" events | grep -q '"bounced"' && break
  sleep 0.1
done
like "$(json "$work/1002.json" events)" '"bounced"' "a bounce of our letter finds its ticket"
is "$(json "$work/1002.json" ticket acknowledged_at)" null "and takes the acknowledgement back"
is "$(slate list all --json | json - tickets | grep -o '"id":' | wc -l)" 2 "a vacation reply makes no ticket"

wait_for_mail dana@poologics.example nothing 0 2>/dev/null
marked=$(curl -sS --url "imap://localhost:$IMAP_PORT/INBOX" --ssl-reqd --cacert "$mail_dir/pki/ca.pem" -u support@poologics.example:secret -X 'SEARCH KEYWORD $SlateTaken' 2>&1)
for _ in $(seq 50); do
  [ "$(wc -w <<<"$marked")" -ge 5 ] && break
  sleep 0.1
  marked=$(curl -sS --url "imap://localhost:$IMAP_PORT/INBOX" --ssl-reqd --cacert "$mail_dir/pki/ca.pem" -u support@poologics.example:secret -X 'SEARCH KEYWORD $SlateTaken' 2>&1)
done
like "$marked" 'SEARCH( [0-9]+){3,}' "taken-in mail is marked on the server"
is "$(curl -sS --url "imap://localhost:$IMAP_PORT/INBOX" --ssl-reqd --cacert "$mail_dir/pki/ca.pem" -u support@poologics.example:secret -X 'SEARCH SEEN' | tr -d '\r')" "* SEARCH" "and never as seen"

slate db check --quiet
is $? 0 "the caches are what the events say"
slate audit verify --quiet
is $? 0 "the record's chain holds"
pid=$slated_pid
slated_down
is "$(pgrep -P "$pid" | wc -l)" 0 "slated ends and leaves no worker"
[ "$tap_failed" = 0 ] || sed 's/^/# /' "$work/slated.log" | tail -40
done_testing
