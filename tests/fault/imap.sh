#!/bin/bash
# SPDX-License-Identifier: ISC
# IMAP servers that misbehave, one disaster each (imap.txt): the right exit code, one clear line, in time; and once the server behaves
# again, each mail is there once. Letters go into a Maildir.
. "$SL_SRCDIR/tests/lib/tap.sh"
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/fault/lib.sh"
slate_folder
make_certificates

tickets() { slate list all --json 2>/dev/null | perl -MJSON::PP -0777 -ne 'my $t = eval { decode_json($_)->{tickets} } // []; print scalar @$t' | tail -1; }

configure() { # configure [OPTION TEXT]
  local first="url = \"imap://127.0.0.1:$port\" tls = none"
  case ${1:-} in *url*) first= ;; *tls*) first="url = \"imap://127.0.0.1:$port\"" ;; esac
  first="${first:+$first }${1:-}"
  first=${first//PORT/$port}
  first=${first//TLS/$tls_port}
  printf 'x\n' >"$work/password"
  chmod 600 "$work/password"
  slate_conf <<<"mailbox \"support\" { $first tls_ca = \"$work/pki/ca.pem\" user = \"support\" password = \"file:$work/password\" since = \"2020-01-01\" timeout = 1s }
smtp \"main\" { url = \"maildir://$work/out\" }"
}

fetch() { run 14 "$slate_bin/slate" fetch --now 2026-11-20T15:00:00Z; }

try_case() { # the disaster, then the same mailbox on a good day
  local name=$1 i
  case_begin "$SL_SRCDIR/tests/fault/imap.txt" "$name"
  rm -rf "$work"/slate.db* "$work/spool" "$work/out" "$work/reply.key"
  for i in $(seq "${want_mails:-1}"); do
    mail "Maria <maria$i@acme-pools.example>" support@poologics.example "Case $i" "$i@acme-pools.example" <<<"It is broken." >"$case_dir/mails/$i.eml"
  done
  [ -z "${want_uid:-}" ] || mv "$case_dir/mails/1.eml" "$case_dir/mails/$want_uid.eml"
  tls_port=
  [ -z "${want_tls:-}" ] || tls_up "$want_tls"
  server_up imap "$case_dir/script"
  configure "${want_option:-}"
  fetch
  local why="exit $status, $in_time"
  server_down
  tls_down
  is "$why" "exit ${want_exit:-0}, in time" "$name: exit and time"
  if [ "${want_exit:-0}" = 0 ]; then
    is "$err" "" "$name: nothing is said"
  else
    one_clear_line && [[ $err == "slate: mailbox support: "* ]]
    ok $? "$name: one clear line" || note "$err"
    like "$err" "${want_error:-.}" "$name: it says what is wrong"
  fi
  is "$(tickets)" "${want_tickets:-0}" "$name: tickets"
  [ -z "${want_never:-}" ] || { grep -q "$want_never" "$case_dir/log"; is $? 1 "$name: never says $want_never"; }
  [ "${want_exit:-0}" = 0 ] || like "$(slate status --json | json - mailboxes 0 error)" "${want_error:-.}" "$name: slate status shows it"
  printf '%s\n' "${want_then:-}" >"$case_dir/none"
  server_up imap "$case_dir/none"
  configure
  fetch
  is "exit $status, $(tickets) tickets" "exit 0, ${want_healed:-${want_mails:-1}} tickets" "$name: on a good day each mail is there once"
  fetch
  is "$(tickets), $(slate quarantine list --json | json - | grep -c '"id"')" "${want_healed:-${want_mails:-1}}, 0" "$name: and stays there once"
  server_down
}

while read -r name; do
  [ $# -gt 0 ] && [[ $name != *$1* ]] && continue
  try_case "$name"
done < <(cases "$SL_SRCDIR/tests/fault/imap.txt")
done_testing
