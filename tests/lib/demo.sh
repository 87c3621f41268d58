#!/bin/bash
# SPDX-License-Identifier: ISC
# The main job, shown as it happens: a private Dovecot and a private Postfix, slated between them, customers who write by SMTP and find their
# acknowledgements, an agent's answer, and an escalation under a virtual clock. Ends by itself and leaves nothing running.
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
body() { sed '1,/^\r*$/d; s/=\r*$/=/' "$1" | perl -0pe 's/=\n//g; s/=([0-9A-F]{2})/chr hex $1/ge; s/\r//g' | sed 's/^/      | /'; }
customer() { # customer NAME ADDRESS SUBJECT ID [HEADER]
  say "-> $1 writes \"$3\""
  mail "$1 <$2>" support@poologics.example "$3" "$4" "${5:-}" | smtp_send "$2" support@poologics.example
}

live() {
  say "starting a private Dovecot and a private Postfix on loopback (TLS by a CA made just now)"
  servers_up || { say "the private servers did not start:"; tail -5 "$mail_dir"/log/*; return 1; }
  slate_servers_conf </dev/null
  slated_up
  say "slated runs: IMAP in, SMTP out"
  customer "Maria Lopez" maria@acme-pools.example "Login loop" d1@acme-pools.example <<<"I cannot log in since this morning."
  customer "Jürgen Blau" juergen@blauwasser.example "Currency wrong in the proposal" d2@blauwasser.example <<<"It says dollars, it should be euros."
  customer "Maria Lopez" maria@acme-pools.example "Cannot generate estimate for pool 14" d3@acme-pools.example <<<"We are blocked: the estimate cannot be generated."
  customer "Maria Lopez" maria@acme-pools.example "Out of office" d4@acme-pools.example "Auto-Submitted: auto-replied" <<<"I am away until Monday."
  local ack work_mail address f
  ack=$(wait_for_mail maria@acme-pools.example '^Subject: Re: Login loop') || return 1
  say "<- the acknowledgement in Maria's mailbox:"
  body "$ack"
  wait_for_mail juergen@blauwasser.example '^Subject: Re: Currency' >/dev/null || return 1
  say "<- and one in Jürgen's; the vacation reply got none"
  work_mail=$(wait_for_mail ana@poologics.example 'Login loop') || return 1
  address=$(reply_address "$work_mail")
  say "-> Ana, an agent, answers from her mail client, to the address in the mail that told her"
  mail "Ana <ana@poologics.example>" "$address" "Re: Login loop" d5@poologics.example <<<"Hello Maria, please try again: your account is unlocked." |
    smtp_send ana@poologics.example "$address"
  for _ in $(seq 150); do
    f=$(grep -l 'account is unlocked' $(mailbox_files maria@acme-pools.example) 2>/dev/null | head -1)
    [ -n "$f" ] && break
    sleep 0.1
  done
  [ -n "$f" ] || return 1
  say "<- Maria reads, in her thread:"
  body "$f"
  say "-> and gives Jürgen an estimate, by a line of her mail: /eta Fri 16:00"
  work_mail=$(wait_for_mail ana@poologics.example 'Currency wrong') || return 1
  address=$(reply_address "$work_mail")
  mail "Ana <ana@poologics.example>" "$address" "Re: Currency" d6@poologics.example <<<"/eta Fri 16:00

We have found the cause; the fix comes with Friday's release." | smtp_send ana@poologics.example "$address"
  for _ in $(seq 150); do
    f=$(grep -l 'Estimate for' $(mailbox_files juergen@blauwasser.example) 2>/dev/null | head -1)
    [ -n "$f" ] && break
    sleep 0.1
  done
  [ -n "$f" ] || return 1
  say "<- Jürgen reads, with his own time beside ours:"
  body "$f"
  f=$(wait_for_mail ana@poologics.example '#1002: done') || return 1
  say "<- and Ana gets a receipt:"
  body "$f"
  say "what the desk looks like:"
  slate list | sed 's/^/      | /'
  say "and why ticket 1001 counts as it does:"
  slate why 1001 answer | sed 's/^/      | /'
  slated_down
}

virtual() {
  local at letter
  mkdir -p "$work/virtual"
  work=$work/virtual
  export SLATE_CONFIG=$work/slate.conf
  slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
  say "now a virtual clock, Friday 17:50 EST: a mail that nobody answers"
  mail 'Maria Lopez <maria@acme-pools.example>' support@poologics.example "Wrong tax on proposal" v1@acme-pools.example <<<"The tax looks wrong." |
    slate ingest --quiet --now 2026-11-20T22:50:00Z
  slate send --quiet --now 2026-11-20T22:50:01Z
  while at=$(slate next --json | json - at) && [ "$at" != null ] && [[ "$at" < 2026-11-23T15:30:00Z ]]; do
    slate tick --quiet --now "$at"
    slate send --quiet --now "$at"
  done
  slate outbox list --json | json - letters | perl -MJSON::PP -e '
    for my $l (@{ JSON::PP->new->decode(<STDIN>) }) { my ($d, $h, $m) = $l->{queued_at} =~ /-(\d\d)T(\d\d):(\d\d)/;
      printf "      | %s %02d:%s  %-10s to %-26s %s\n", ($d == 20 ? "Fri" : "Mon"), $h - 5, $m, $l->{kind}, $l->{to}[0], $l->{subject} }'
  letter=$(letter_to "$work/out" dana@poologics.example)
  say "what Dana, the supervisor, reads:"
  body "$letter" | head -24
  work=${work%/virtual}
}

slate_folder
if why=$(servers_possible); then
  live || { say "the main job failed; slated said:"; tail -20 "$work/slated.log" | sed 's/^/      | /'; exit 1; }
else
  say "$why: the live part is left out, the rest runs on a Maildir"
fi
virtual
say "done; everything is stopped and removed. Next: README.md, etc/slate.conf, slate help"
