#!/bin/bash
# SPDX-License-Identifier: ISC
# Web servers that misbehave, one disaster each (http.txt): what the probe says of each, in the same words each time, and in time.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/fault/lib.sh"
slate_folder
make_certificates

configure() {
  slate_conf <<EOF
smtp "main" { url = "maildir://$work/out" }
probe "p" {
  url = "${want_scheme:-http}://${want_host:-localhost:$port}${want_path:-/up}"
  every = 10s  timeout = ${want_timeout:-1s}  tls_ca = "$work/pki/ca.pem"
}
EOF
}

look() { run 5 "$slate_bin/slate" probe --json --now 2026-11-20T15:00:00Z; }
said() { printf '%s %s' "$(json - probes 0 up <<<"$out")" "$(json - probes 0 why <<<"$out")"; }

try_case() {
  local name=$1 up why
  case_begin "$SL_SRCDIR/tests/fault/http.txt" "$name"
  up=${want_up:-true} why=${want_why:-null}
  tls_port=
  [ -z "${want_tls:-}" ] || tls_up "$want_tls"
  sed -i "s/%t/$tls_port/" "$case_dir/script"
  server_up http "$case_dir/script"
  configure
  look
  like "exit $status, $in_time, $(said)" "^exit $([ "$up" = true ] && echo 0 || echo 69), in time, $up $why\$" "$name"
  [ -z "${want_said:-}" ] || { grep -qF "$want_said" "$case_dir/log"; ok $? "$name: says $want_said"; }
  [ -z "${want_never:-}" ] || { grep -qF "$want_never" "$case_dir/log"; is $? 1 "$name: never says $want_never"; }
  server_down
  tls_down
}

while read -r name; do
  [ $# -gt 0 ] && [[ $name != *$1* ]] && continue
  try_case "$name"
done < <(cases "$SL_SRCDIR/tests/fault/http.txt")
[ $# -eq 0 ] || { done_testing; exit; }

# What is wrong on our side says nothing of theirs.
rm -rf "$work"/slate.db*
unset ${!want_@}
: >"$case_dir/none"
server_up http "$case_dir/none"
slate_conf <<EOF
smtp "main" { url = "maildir://$work/out" }
probe "p" { url = "https://localhost:$port/"  tls_ca = "$work/nowhere.pem" }
EOF
look
is "exit $status, $(json - probes 0 up <<<"$out")" "exit 69, null" "a CA file that is not there: the probe asks nobody"
like "$(json - probes 0 why <<<"$out")" "CA" "and says so"
is "$(slate probe list --json | json - spans)" "[]" "nothing is recorded"
configure
http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 look
is "$(said)" "true null" "a proxy in the environment is not asked"
done_testing
