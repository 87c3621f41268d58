# SPDX-License-Identifier: ISC
# A private Dovecot and a private Postfix on loopback, in $work/mail: own configuration, own ports, TLS by a CA made here. The system's
# own servers are never touched. Needs root (Postfix does). After tests/lib/slate.sh.
mail_domains="poologics.example acme-pools.example blauwasser.example sunbelt.example customers.example"

servers_possible() { # says why not
  [ "$(id -u)" = 0 ] || { echo "Postfix needs root"; return 1; }
  for p in /usr/lib/postfix/sbin/master /usr/sbin/dovecot /usr/bin/openssl /usr/bin/curl; do
    [ -x "$p" ] || { echo "$p is not installed"; return 1; }
  done
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_ports() { # free_ports N: a run of N ports nobody listens on
  local base i tries
  for tries in $(seq 50); do
    base=$((20000 + RANDOM % 20000))
    for i in $(seq 0 $(($1 - 1))); do port_taken $((base + i)) && continue 2; done
    echo $base
    return 0
  done
  return 1
}

wait_port() {
  for _ in $(seq 400); do port_taken "$1" && return 0; sleep 0.02; done
  echo "# port $1 did not open" >&2
  return 1
}

make_ca() { # $1: folder
  mkdir -p "$1"
  (cd "$1" && {
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -sha256 -days 30 -subj "/CN=Slate test CA" -addext "basicConstraints=critical,CA:TRUE" -out ca.pem
    openssl ecparam -name prime256v1 -genkey -noout -out srv.key
    openssl req -new -key srv.key -subj "/CN=localhost" -out srv.csr
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >srv.ext
    openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -sha256 -extfile srv.ext -out srv.pem
    chmod 600 ./*.key
  }) >/dev/null 2>&1
}

dovecot_conf() {
  cat <<EOF
base_dir = $mail_dir/run
state_dir = $mail_dir/run
log_path = $mail_dir/log/dovecot.log
instance_name = slate-test
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$mail_dir/mail/%u
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
ssl = yes
ssl_cert = <$mail_dir/pki/srv.pem
ssl_key = <$mail_dir/pki/srv.key
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login scram-sha-256
auth_failure_delay = 0
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$mail_dir/mail/%u allow_all_users=yes
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
  chroot =
}
service auth {
  inet_listener postfix {
    address = 127.0.0.1
    port = $SASL_PORT
  }
}
service imap-login {
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {
    port = $IMAP_PORT
  }
  inet_listener imaps {
    port = $IMAPS_PORT
    ssl = yes
  }
}
service lmtp {
  chroot =
  process_min_avail = 2
  inet_listener lmtp {
    address = 127.0.0.1
    port = $LMTP_PORT
  }
}
service stats {
  chroot =
}
protocol imap {
  mail_max_userip_connections = 200
}
protocol lmtp {
  postmaster_address = postmaster@poologics.example
}
EOF
}

postfix_main() {
  cat <<EOF
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
queue_directory = $mail_dir/postfix/spool
data_directory = $mail_dir/postfix/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = $mail_dir/log/postfix.log
maillog_file_prefixes = $mail_dir/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.test.example
myorigin = \$myhostname
mydestination =
local_transport = error:5.1.1 no local users here
alias_maps =
alias_database =
biff = no
virtual_mailbox_domains = $mail_domains
virtual_mailbox_maps = static:yes
virtual_transport = lmtp:inet:127.0.0.1:$LMTP_PORT
transport_maps = inline:{ { pipe@poologics.example = slate: }, { gone@customers.example = error:5.1.1 no such user } }
recipient_delimiter = +
default_transport = error:5.4.4 nothing leaves the test machine
relay_transport = \$default_transport
relayhost =
smtp_dns_support_level = disabled
smtp_host_lookup = native
lmtp_dns_support_level = disabled
lmtp_host_lookup = native
smtpd_peername_lookup = no
append_dot_mydomain = no
smtpd_tls_security_level = none
smtpd_tls_chain_files = $mail_dir/pki/srv.key, $mail_dir/pki/srv.pem
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$SASL_PORT
smtpd_sasl_auth_enable = no
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
message_size_limit = 209715200
mailbox_size_limit = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
in_flow_delay = 0
lmtp_connection_cache_on_demand = yes
smtpd_error_sleep_time = 0
slate_destination_recipient_limit = 1
slate_time_limit = 30s
export_environment = TZ LC_ALL SLATE_CONFIG
EOF
}

postfix_master() {
  cat <<EOF
127.0.0.1:$MX_PORT   inet n - n - - smtpd
127.0.0.1:$SUB_PORT  inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
lmtp      unix - - n - - lmtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
showq     unix n - n - - showq
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
slate     unix - n n - 10 pipe
  flags=DRhu user=nobody null_sender= argv=$slate_bin/slate-ingest -c $work/slate.conf --recipient \${recipient} --sender \${sender}
EOF
}

servers_up() {
  mail_dir=$work/mail
  local base
  base=$(free_ports 6) || return 1
  MX_PORT=$base SUB_PORT=$((base + 1)) IMAP_PORT=$((base + 2)) IMAPS_PORT=$((base + 3)) LMTP_PORT=$((base + 4)) SASL_PORT=$((base + 5))
  mkdir -p "$mail_dir"/{log,run,mail,postfix/conf,postfix/data,postfix/spool}
  chmod 755 "$mail_dir" "$mail_dir/log"
  make_ca "$mail_dir/pki"
  chown -R nobody:nogroup "$mail_dir/mail" "$mail_dir/log"
  dovecot_conf >"$mail_dir/dovecot.conf"
  postfix_main >"$mail_dir/postfix/conf/main.cf"
  postfix_master >"$mail_dir/postfix/conf/master.cf"
  chown postfix "$mail_dir/postfix/data"
  dovecot -c "$mail_dir/dovecot.conf" 2>>"$mail_dir/log/start.log" || return 1
  postfix -c "$mail_dir/postfix/conf" start >>"$mail_dir/log/start.log" 2>&1 || return 1
  wait_port "$IMAP_PORT" && wait_port "$MX_PORT" && wait_port "$SUB_PORT"
}

stop_group() { # the master of a process group: TERM, a bounded wait, KILL
  local pid=$1
  kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || return 0
  for _ in $(seq 250); do
    [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null || echo Z)" = Z ] && break
    sleep 0.02
  done
  kill -KILL -- "-$pid" 2>/dev/null
  return 0
}

servers_down() {
  local f pid
  if [ -n "${slated_pid:-}" ]; then slated_down; fi
  for f in "${mail_dir:-/nonexistent}/postfix/spool/pid/master.pid" "${mail_dir:-/nonexistent}/run/master.pid"; do
    [ -s "$f" ] || continue
    pid=$(tr -d ' \n' <"$f")
    case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in *master* | *dovecot*) stop_group "$pid" ;; esac
  done
}

slate_servers_conf() { # slate between the private servers; more from standard input
  printf 'secret\n' >"$work/password"
  chmod 600 "$work/password"
  {
    cat <<EOF
mailbox "support" {
  url = "imap://localhost:$IMAP_PORT"  tls = starttls  tls_ca = "$mail_dir/pki/ca.pem"
  user = "support@poologics.example"  password = "file:$work/password"
  since = "2020-01-01"
}
smtp "main" {
  url = "smtp://localhost:$SUB_PORT"  tls = starttls  tls_ca = "$mail_dir/pki/ca.pem"
  user = "support@poologics.example"  password = "file:$work/password"  retry = { "1s" }
}
EOF
    cat
  } | slate_conf
}

slated_up() {
  "$slate_bin/slated" -c "$work/slate.conf" >"$work/slated.log" 2>&1 &
  slated_pid=$!
}

slated_down() {
  kill -TERM "$slated_pid" 2>/dev/null
  for _ in $(seq 500); do kill -0 "$slated_pid" 2>/dev/null || break; sleep 0.02; done
  kill -KILL "$slated_pid" 2>/dev/null
  wait "$slated_pid" 2>/dev/null
  slated_pid=
}

smtp_send() { # smtp_send FROM TO <MESSAGE: through the private MX
  curl -sS --crlf --url "smtp://127.0.0.1:$MX_PORT/customer.example" --mail-from "$1" --mail-rcpt "$2" --upload-file - 2>&1
}

mailbox_files() { ls -tr "$mail_dir/mail/$1"/new/* "$mail_dir/mail/$1"/cur/* 2>/dev/null; }

wait_for_mail() { # wait_for_mail USER SUBJECT-REGEX [SECONDS]: prints the file that came
  local end=$((SECONDS + ${3:-20})) f
  while [ $SECONDS -lt $end ]; do
    for f in $(mailbox_files "$1"); do
      if grep -m1 -i '^Subject:' "$f" | grep -qE -- "$2"; then echo "$f"; return 0; fi
    done
    sleep 0.1
  done
  echo "# no mail \"$2\" for $1" >&2
  return 1
}
