# SPDX-License-Identifier: ISC
# Cases of tests/fault/*.txt: after tests/lib/tap.sh and slate.sh. A case is what stands behind "== NAME".

cases() { grep '^== ' "$1" | cut -c4-; }

# case_begin FILE NAME: $case_dir with the server's script (verbs in capitals, "set"), and the words in small letters as want_WORD
case_begin() {
  case_dir=$work/case
  rm -rf "$case_dir"
  mkdir -p "$case_dir/mails" "$case_dir/got"
  : >"$case_dir/log"
  awk -v name="== $2" '$0 == name { on = 1; next } /^== / { on = 0 } on && !/^#/ && NF' "$1" >"$case_dir/case"
  grep -E '^([A-Z]|set )' "$case_dir/case" >"$case_dir/script"
  unset ${!want_@}
  local word value
  while read -r word value; do
    case $word in [a-z]*) [ "$word" = set ] || printf -v "want_$word" '%s' "$value" ;; esac
  done <"$case_dir/case"
}

# server_up imap|smtp SCRIPT: $server_pid, $port
server_up() {
  rm -f "$case_dir/port"
  perl "$SL_SRCDIR/tests/fault/fake-server" "$1" "$case_dir" "$2" "${tls_port:-}" 2>>"$case_dir/server.err" &
  server_pid=$!
  for _ in $(seq 500); do [ -s "$case_dir/port" ] && break; sleep 0.01; done
  port=$(cat "$case_dir/port")
}

server_down() {
  [ -z "${server_pid:-}" ] || { kill "$server_pid"; wait "$server_pid"; } 2>/dev/null
  server_pid=
}

tls_down() {
  [ -z "${tls_pid:-}" ] || { kill "$tls_pid"; wait "$tls_pid"; } 2>/dev/null
  tls_pid=
}

servers_down() { # slate_cleanup calls it
  server_down
  tls_down
}

# run SECONDS COMMAND…: $out, $err, $status, and whether it ended in time
run() {
  local most=$1 began=$EPOCHREALTIME
  shift
  timeout 30 "$@" >"$case_dir/out" 2>"$case_dir/err" </dev/null
  status=$?
  out=$(cat "$case_dir/out") err=$(cat "$case_dir/err")
  in_time=$(awk -v a="$began" -v b="$EPOCHREALTIME" -v m="$most" 'BEGIN { print (b - a < m) ? "in time" : "too late: " b - a " s" }')
}

one_clear_line() { # one line, nothing that a terminal would obey
  [ "$(wc -l <"$case_dir/err")" = 1 ] && ! LC_ALL=C grep -q '[^[:print:]]' <(tr -d '\200-\377' <"$case_dir/err" | tr -d '\n')
}

# make_certificates: $work/pki with a CA and certificates good, elsewhere (another host's), expired, nobody (another CA's), self (its own)
make_certificates() {
  mkdir -p "$work/pki"
  (cd "$work/pki" && {
    issue() { # issue NAME CA HOST DAYS
      openssl req -new -key key -subj "/CN=$3" -out csr
      printf 'subjectAltName=DNS:%s%s\nextendedKeyUsage=serverAuth\n' "$3" "$([ "$3" = localhost ] && echo ,IP:127.0.0.1)" >ext
      openssl x509 -req -in csr -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$4" -sha256 -extfile ext -out "$1.pem"
    }
    openssl ecparam -name prime256v1 -genkey -noout -out key
    for ca in ca other; do
      openssl ecparam -name prime256v1 -genkey -noout -out "$ca.key"
      openssl req -x509 -new -key "$ca.key" -sha256 -days 30 -subj "/CN=Slate test $ca" -addext "basicConstraints=critical,CA:TRUE" -out "$ca.pem"
    done
    issue good ca localhost 30
    issue elsewhere ca elsewhere.example 30
    issue expired ca localhost -1
    issue nobody other localhost 30
    openssl req -x509 -new -key key -sha256 -days 30 -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -out self.pem
  }) >"$work/pki.log" 2>&1
}

# tls_up CERTIFICATE: $tls_port shakes hands with it and then says nothing
tls_up() {
  tls_port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
  [ -p "$work/quiet" ] || mkfifo "$work/quiet"
  openssl s_server -quiet -accept "127.0.0.1:$tls_port" -cert "$work/pki/$1.pem" -key "$work/pki/key" <>"$work/quiet" >/dev/null 2>&1 &
  tls_pid=$!
  for _ in $(seq 200); do (exec 3<>"/dev/tcp/127.0.0.1/$tls_port") 2>/dev/null && return; sleep 0.02; done
}
