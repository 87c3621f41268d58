#!/bin/bash
# SPDX-License-Identifier: ISC
# Is the client's system up (S7)? A web server that comes and goes under virtual times, what is kept of it, and the worker of slated.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"
. "$SL_SRCDIR/tests/fault/lib.sh"
servers_down() {
  [ -z "${slated_pid:-}" ] || slated_down
  server_down
  tls_down
}
slate_folder
case_dir=$work/case
mkdir -p "$case_dir"

serve() { # serve ACTION…: a web server on the port of the first one
  server_down
  printf 'GET %s\n' "$@" >"$case_dir/script"
  [ -z "${port:-}" ] || echo "set port $port" >>"$case_dir/script"
  server_up http "$case_dir/script"
}
answer() { serve "~HTTP/1.1 $1\\r\\nContent-Length: 0\\r\\n\\r\\n"; }
at() { printf '2026-11-20T15:%02d:00Z' "$1"; } # minute M of Friday 10 o'clock in New York
look() { slate probe --json --now "$(at "$1")"; }
spans() { slate probe list --json --from "$(at 0)" --to "$(at 59)" --now "$(at "$1")" | perl -MJSON::PP -0777 -e '
  my ($d, $m) = (decode_json(<STDIN>), sub { $_[0] ? $_[0] =~ /:(\d\d):00Z/ : "now" });
  print join(", ", map { sprintf "%s-%s x%d %s", $m->($_->{from}), $m->($_->{to}), $_->{looks}, $_->{up} ? "up" : $_->{why} } @{ $d->{spans} }), " | ";
  print join(", ", map { sprintf "%s-%s", $m->($_->{from}), $m->($_->{to}) } @{ $d->{outages} })'; }
state() { slate status --json --now "$(at "$1")" | json - probes 0 "$2"; }
configure() {
  slate_conf <<EOF
smtp "main" { url = "maildir://$work/out" }
probe "estimator" { url = "http://localhost:$port/health"  timeout = 1s  clients = { "acme" } }
EOF
}

port=$(free_ports 1)
configure
is "$(slate probe list --json)" '{"spans":[],"outages":[]}' "nothing was seen yet"
is "$(state 0 up) $(state 0 at)" "null null" "and nothing is known"

answer '200 OK'
out=$(look 1)
is $? 0 "up: exit 0"
is "$(json - probes 0 <<<"$out" | sed 's/"millis":[0-9]*/"millis":N/')" \
  "{\"at\":\"$(at 1)\",\"millis\":N,\"name\":\"estimator\",\"up\":true,\"why\":null}" "what a look says"
look 2 >/dev/null
is "$(state 3 up) $(state 3 since) $(state 3 why)" "true $(at 1) null" "status: up since the first look"
answer '503 Service Unavailable'
look 3 >/dev/null
is $? 69 "down: exit 69"
like "$(slate probe --now "$(at 4)" 2>&1)" '^estimator: DOWN: 503 Service Unavailable  \([0-9]+ ms\)$' "in words"
is "$(state 4 up) $(state 4 outage) $(state 4 why)" "false false 503 Service Unavailable" "two failures are no outage yet"
server_down
look 5 >/dev/null
is "$(state 5 up) $(state 5 outage) $(state 5 since) $(state 5 why)" "false true $(at 3) refused" "the third is, since the first"
serve hang
look 6 >/dev/null
is $? 69 "a server that hangs is down"
is "$(spans 6)" "01-02 x2 up, 03-04 x2 503 Service Unavailable, 05-05 x1 refused, 06-06 x1 timed out after 1 s | 03-now" "an outage lasts"
like "$(slate status --now "$(at 6)" 2>/dev/null)" '^  probe   estimator    DOWN since Fri 20 Nov 10:03 EST: timed out after 1 s \(acme\)$' "status shows it"
answer '200 OK'
look 7 >/dev/null
is $? 0 "up again"
is "$(spans 7)" "01-02 x2 up, 03-04 x2 503 Service Unavailable, 05-05 x1 refused, 06-06 x1 timed out after 1 s, 07-07 x1 up | 03-07" \
  "an outage ends with the next success"
look 8 >/dev/null
is "$(state 11 up)" true "a look stands for three times every"
is "$(state 12 up) $(state 12 at)" "null $(at 8)" "and no longer: then nobody knows"
answer '500 Oops'
for m in 20 21 22; do look $m >/dev/null; done
is "$(spans 40)" "01-02 x2 up, 03-04 x2 503 Service Unavailable, 05-05 x1 refused, 06-06 x1 timed out after 1 s, 07-08 x2 up, 20-22 x3 500 Internal Server Error | 03-07, 20-25" \
  "what nobody looked at is neither up nor down"
like "$(slate probe list --from "$(at 0)" --to "$(at 59)" --now "$(at 40)")" '^outage of estimator from 2026-11-20T15:03:00Z to 2026-11-20T15:07:00Z \(4 min\)$' "the list for people"
slate probe lost >/dev/null 2>&1
is $? 64 "an argument that is none: exit 64"
is "$(slate db check --json | json - ok)" true "the store is whole"

# ---- in the report ----
available() { slate report --json --from "$(at 0)" --to "$(at 59)" --now "$(at 40)" "$@" | json - availability; }
is "$(available)" '{"business_seconds":2400,"down_seconds":540,"maintenance_seconds":0,"measured_seconds":900,"rate":0.4}' "the report has the share of what was measured"
is "$(available --client acme)" "$(available)" "it is their system"
is "$(available --client blauwasser | json - rate)" null "and not that of others"
like "$(slate report --from "$(at 0)" --to "$(at 59)" --now "$(at 40)")" '^Available +40.00 %: down for 9 min of 15 min measured' "in words"
slate maintenance add upgrade --quiet --from "$(at 4)" --to "$(at 6)" --now "$(at 39)"
is "$(available | json - maintenance_seconds) $(available | json - down_seconds) $(available | json - measured_seconds)" "120 420 780" "without scheduled maintenance"
is "$(slate report --json --from "$(at 0)" --now "$(at 38)" | json - availability maintenance_seconds)" 0 "as it was planned by then"

# ---- TLS, by a real server ----
make_certificates
printf fine >"$work/health"
real_https() { # real_https CERTIFICATE: $tls_port
  tls_down
  tls_port=$(free_ports 1)
  (cd "$work" && exec openssl s_server -WWW -quiet -accept "127.0.0.1:$tls_port" -cert "pki/$1.pem" -key pki/key >/dev/null 2>&1) &
  tls_pid=$!
  wait_port "$tls_port"
}
secure() {
  slate_conf <<EOF
smtp "main" { url = "maildir://$work/out" }
probe "secure" { url = "https://localhost:$tls_port/$1"  timeout = 5s  tls_ca = "$work/pki/ca.pem" }
EOF
  slate probe --json --now "$(at 30)" | json - probes 0 why
}
real_https good
is "$(secure health)" null "HTTPS with a certificate that is trusted is up"
sed -i 's/tls_ca = "[^"]*"//' "$work/slate.conf"
is "$(slate probe --json --now "$(at 31)" | json - probes 0 why)" "certificate: signed by nobody we trust" "the system's CAs do not know it"
real_https expired
is "$(secure health)" "certificate: expired" "one that is over is down, with its reason"
tls_down

# ---- a server that hangs keeps nobody waiting ----
serve hang
hanging=$port hanging_pid=$server_pid
port= server_pid=
mkdir -p "$work/second"
case_dir=$work/second
answer '200 OK'
slate_conf <<EOF
smtp "main" { url = "maildir://$work/out" }
probe "slow" { url = "http://localhost:$hanging/"  timeout = 2s }
probe "slower" { url = "http://127.0.0.1:$hanging/"  timeout = 2s }
probe "quick" { url = "http://localhost:$port/"  timeout = 2s }
EOF
run 3.5 "$slate_bin/slate" probe --json --now "$(at 40)"
is "$in_time, $(json - probes 0 up <<<"$out") $(json - probes 1 up <<<"$out") $(json - probes 2 up <<<"$out")" "in time, false false true" "they are asked side by side"
[ "$(json - probes 2 millis <<<"$out")" -lt 1500 ]
ok $? "and the quick one is not kept waiting"
kill "$hanging_pid"
wait "$hanging_pid" 2>/dev/null

# ---- slated ----
worker() { slate status --json | perl -MJSON::PP -0777 -e 'print scalar grep { $_->{name} eq "probe" && $_->{running} } @{ decode_json(<STDIN>)->{workers} }'; }
wait_until() { # wait_until WANTED COMMAND…
  local wanted=$1 i
  shift
  for i in $(seq 300); do [ "$("$@" 2>/dev/null)" = "$wanted" ] && break; sleep 0.05; done
  "$@" 2>/dev/null
}
now_up() { slate status --json | json - probes 0 up; }
rm -rf "$work"/slate.db*
configure
slated_up
is "$(wait_until true now_up)" true "slated's worker looks"
is "$(worker)" 1 "and runs"
slate status --quiet
is $? 0 "all is well"
server_down
pid=$(pgrep -P "$slated_pid" -f slate-probe)
kill -9 "$pid"
is "$(wait_until false now_up)" false "a worker that dies is started anew, and looks"
slate status --quiet
is $? 0 "a client's system that is down is no trouble of ours"
like "$(slate status)" '^  probe   estimator    failing since .*: refused' "but is shown"
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
kill -HUP "$slated_pid"
is "$(wait_until 0 worker)" 0 "no probe configured, no worker"
configure
kill -HUP "$slated_pid"
is "$(wait_until 1 worker)" 1 "configured again, it is there"
serve hang
sed -i 's/timeout = 1s/every = 100s  timeout = 90s/' "$work/slate.conf"
kill -HUP "$slated_pid"
asked() { grep -c '^GET' "$case_dir/log"; }
: >"$case_dir/log"
is "$(wait_until 1 asked)" 1 "a look is under way at a server that hangs"
before=$(slate probe list --json | json - spans)
pid=$(pgrep -P "$slated_pid" -f slate-probe)
began=$SECONDS
slated_down
[ -n "$pid" ] && [ $((SECONDS - began)) -lt 5 ] && ! kill -0 "$pid" 2>/dev/null
ok $? "the worker ends with slated all the same"
is "$(slate probe list --json | json - spans)" "$before" "and what it did not see is not recorded"
grep -q 'slate-probe: warning: down probe=estimator error=refused' "$work/slated.log"
ok $? "what changed is in the log"
done_testing
