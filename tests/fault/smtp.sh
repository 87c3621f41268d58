#!/bin/bash
# SPDX-License-Identifier: ISC
# SMTP servers that misbehave, one disaster each (smtp.txt): what becomes of each letter, a clear word, in time; and once the server behaves
# again, each letter is there once, but where the record counts an attempt of unknown outcome. Mail comes by the pipe.
. "$SL_SRCDIR/tests/lib/tap.sh"
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/fault/lib.sh"
slate_folder
make_certificates

configure() { # configure [OPTION TEXT]
  local url="url = \"smtp://localhost:$port\"" tls="tls = none"
  case ${1:-} in *url*) url= tls= ;; *tls*) tls= ;; esac
  printf 'x\n' >"$work/password"
  chmod 600 "$work/password"
  slate_conf <<<"smtp \"main\" { $url $tls ${1:-} tls_ca = \"$work/pki/ca.pem\" password = \"file:$work/password\" timeout = ${want_timeout:-1s} retry = { \"1m\" } }"
}

copies() { # copies ADDRESS KIND-OF-SUBJECT: letters to it that the server has
  grep -lx "$1" "$case_dir"/got/* 2>/dev/null | wc -l
}

figures() { perl -MJSON::PP -0777 -e 'my $d = decode_json(<STDIN>); printf "sent %d, deferred %d, failed %d", map { scalar @{ $d->{$_} } } qw(sent deferred failed)' 2>/dev/null; }
first_error() { perl -CO -MJSON::PP -0777 -e 'my $d = decode_json(<STDIN>); my ($r) = (@{ $d->{failed} }, @{ $d->{deferred} }); print $r->{error} // ""' 2>/dev/null; }
doubts() { slate outbox list --json | perl -MJSON::PP -0777 -e 'my $n = 0; $n += $_->{in_doubt} for @{ decode_json(<STDIN>)->{letters} }; print $n'; }

try_case() {
  local name=$1
  case_begin "$SL_SRCDIR/tests/fault/smtp.txt" "$name"
  rm -rf "$work"/slate.db* "$work/spool" "$work/reply.key"
  tls_port=
  [ -z "${want_tls:-}" ] || tls_up "$want_tls"
  server_up smtp "$case_dir/script"
  configure "${want_option:-}"
  mail "Maria <maria@acme-pools.example>" support@poologics.example "Pump" m1@acme-pools.example <<<"It is broken." |
    slate ingest --quiet --now 2026-11-20T15:00:00Z
  run 8 "$slate_bin/slate" send --json --now 2026-11-20T15:00:01Z
  server_down
  tls_down
  is "exit $status, $in_time, $(figures <<<"$out")" "exit 0, in time, sent ${want_sent:-0}, deferred ${want_deferred:-0}, failed ${want_failed:-0}" "$name: what becomes of the letters"
  [ -z "${want_error:-}" ] || like "$(first_error <<<"$out")" "^[^[:cntrl:]]*(${want_error})[^[:cntrl:]]*$" "$name: it says what is wrong"
  [ -z "${want_never:-}" ] || { grep -q "$want_never" "$case_dir/log"; is $? 1 "$name: never says $want_never"; }
  is "$(doubts)" "${want_doubt:-0}" "$name: attempts of unknown outcome"
  : >"$case_dir/none"
  server_up smtp "$case_dir/none"
  configure
  run 8 "$slate_bin/slate" send --json --now 2026-11-20T16:00:00Z
  server_down
  is "$(copies maria@acme-pools.example) $(copies ana@poologics.example)" "${want_maria:-1} ${want_ana:-1}" "$name: copies in the end"
  run 8 "$slate_bin/slate" send --json --now 2026-11-20T17:00:00Z
  is "$(figures <<<"$out")" "sent 0, deferred 0, failed 0" "$name: nothing is left"
}

while read -r name; do
  [ $# -gt 0 ] && [[ $name != *$1* ]] && continue
  try_case "$name"
done < <(cases "$SL_SRCDIR/tests/fault/smtp.txt")
done_testing
