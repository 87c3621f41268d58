#!/bin/bash
# SPDX-License-Identifier: ISC
# Mail from files: .eml, mbox, Maildirs and folders of these; killed in the middle it goes on; twice it makes duplicates only; without
# letters nobody hears of it; with a daemon beside it; bad input.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
fresh() { # a store of its own
  rm -rf "$work"/slate.db* "$work/spool" "$work/out"
  slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
}
cd "$work" || exit 99
now=2026-11-24T15:00:00Z
import() { slate import --json --now $now "$@" 2>"$work/err"; }
outcomes() { grep -oE '"outcome":"[a-z-]+"' | sort | uniq -c | awk '{ gsub(/.*:|"/, "", $2); printf "%s%s %d", s, $2, $1; s = ", " }'; }
message() { # message N [EXTRA HEADER]: received on Mon 16 Nov at 10:00 New York time
  printf 'Received: from mx by here; Mon, 16 Nov 2026 10:00:00 -0500\nReceived: from far by mx; Sun, 15 Nov 2026 10:00:00 -0500\n'
  mail "C$1 <c$1@acme-pools.example>" support@poologics.example "Matter $1" "im$1@acme-pools.example" "${2:-}" <<<"Words $1"
}

# ---- all kinds of source ----
fresh
mkdir -p all/eml/deep all/Maildir/{cur,new,tmp} all/Maildir/.Sent/{cur,new,tmp} all/.hidden
for i in 1 2 10; do message $i >all/eml/$i.eml; done
message 3 >all/eml/deep/without-a-suffix
message 4 >"all/Maildir/cur/1700000002.M1.host:2,S"
message 5 >all/Maildir/new/1700000001.M1.host
message 6 >"all/Maildir/.Sent/cur/1700000003.M1.host:2,S"
message 7 >all/Maildir/tmp/1700000004.M1.host
message 8 >all/.hidden/8.eml
echo "a list" >all/Maildir/dovecot-uidlist
{
  printf 'From c21@acme-pools.example Mon Nov 16 10:00:00 2026\n'
  message 21
  printf '\nFrom here on it is text.\n>From a quoted line\n>>From twice quoted\n> From an answer\n\n'
  printf 'From c22@acme-pools.example Mon Nov 16 10:00:01 2026\r\n'
  message 22 | sed 's/$/\r/'
  printf '\r\nFrom MAILER-DAEMON Mon Nov 16 10:00:02 2026\n'
  message 23
} >all/box
before=$(md5sum all/box all/Maildir/*/*)
import all >one.json
is $? 0 "a folder of .eml, mbox and Maildirs is imported"
is "$(outcomes <one.json)" "new 10" "each message once, nothing of tmp/ and hidden folders"
is "$(grep -oE '"source":"[^"]*"' one.json | grep -c 'all/box:[0-9]*"')" 3 "an mbox's messages are named by their offset"
is "$(grep -oE '/(1|2|10).eml' one.json | tr -d '\n')" "/1.eml/2.eml/10.eml" "in the order of their numbers"
is "$(grep -oE '17000000[0-9]*' one.json | head -2 | tr '\n' ' ')" "1700000001 1700000002 " "new/ and cur/ of a Maildir by arrival"
id=$(perl -MJSON::PP -e 'local $/; for (@{ JSON::PP->new->decode(<STDIN>)->{results} }) { print $_->{ticket} if $_->{source} eq "all/box:0" }' <one.json)
slate show "$id" --raw >raw
is "$(tail -4 raw | tr '\n' '|')" "From here on it is text.|From a quoted line|>From twice quoted|> From an answer|" "mbox quoting is undone, and text stays text"
is "$(slate show "$id" --json | json - ticket received_at)" 2026-11-16T15:00:00Z "received when the newest Received header says"
is "$(grep -v '^import' err)" "" "and there is nothing to complain of"
is "$(md5sum all/box all/Maildir/*/*)" "$before" "the sources are left as they were"

# ---- when it was received ----
mkdir when
mail 'A <a@acme-pools.example>' s@poologics.example Date w1@x </dev/null >when/1.eml
grep -v ^Date: when/1.eml | sed 's/w1/w2/' >when/2.eml
touch -d 2026-11-10T00:00:00Z when/2.eml
sed 's/w1/w3/; s/^Date:.*/Date: Fri, 20 Nov 2099 12:00:00 +0000/' when/1.eml >when/3.eml
sed 's/w1/w4/; s/^Date:.*/Date: sometime/; 1iReceived: by nobody' when/1.eml >when/4.eml
touch -d 2026-11-11T00:00:00Z when/4.eml
import when >when.json
for i in 0 1 2 3; do slate show "$(json when.json results $i ticket)" --json | json - ticket received_at; done >times
is "$(tr '\n' ' ' <times)" "2026-11-20T12:00:00Z 2026-11-10T00:00:00Z $now 2026-11-11T00:00:00Z " "else the Date header, else the file's time, never the future"

# ---- twice ----
import all >two.json
is "$(outcomes <two.json)" "duplicate 10" "a second run finds duplicates only"
is "$(json two.json results 0 duplicate_of)" m1 "and says of what"
rm "$work/spool/run/import"
import all >three.json
is "$(outcomes <three.json)" "duplicate 10" "also where nobody remembers the files"
printf '1 00' >>"$work/spool/run/import"
import all >four.json
is "$(outcomes <four.json)" "duplicate 10" "or the memory is torn"
{ echo; echo "From x@y Mon Nov 16 11:00:00 2026"; message 24; } >>all/box
is "$(import all | outcomes)" "duplicate 10, new 1" "a message that was appended to an mbox is new"
rm "$work"/slate.db*
is "$(import all | outcomes)" "new 11" "a store that was lost gets everything again"

# ---- killed in the middle ----
fresh
mkdir many
for i in $(seq 1 250); do message $i >many/$i.eml; done
for i in $(seq 251 500); do echo "From c@acme Mon Nov 16 10:00:00 2026"; message $i; echo; done >many/box
for kill in 1 2 3; do
  "$slate_bin/slate-intake" -c "$work/slate.conf" --import --now $now -- many >killed.json 2>killed.err &
  pid=$!
  want=$(($(wc -l 2>/dev/null <"$work/spool/run/import" || echo 0) + 60))
  for _ in $(seq 500); do
    [ "$(wc -l 2>/dev/null <"$work/spool/run/import" || echo 0)" -ge $want ] && break
    sleep 0.01
  done
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
done
n=$(slate list all --json | grep -o '"id":' | wc -l)
is "$([ "$n" -gt 100 ] && [ "$n" -lt 500 ] && echo between)" between "three kills leave it in the middle ($n of 500)"
import many >rest.json
is $? 0 "the same command goes on"
is "$(outcomes <rest.json | tr -cd '0-9 \n' | awk '{ print $1 + $2 + $3 }')" 500 "and speaks of each message once"
is "$(slate list all --json | grep -oE '"subject":"Matter [0-9]+"' | sort -u | wc -l)" 500 "each message has its ticket"
is "$(slate list all --json | grep -o '"id":' | wc -l)" 500 "and only one"
is "$(ls "$work/spool/new" | wc -l)" 0 "the spool is empty"
is "$(import many | outcomes)" "duplicate 500" "another run skips them"
slate db check --quiet
is $? 0 "the store holds"

# ---- progress ----
like "$(cat err)" '^import  100 %  500/500  [0-9]+/s$' "a line each ten per cent where there is no terminal"
is "$(grep -c '^import' err)" 10 "and no more"
rm "$work/spool/run/import"
script -qec "$slate_bin/slate -c $work/slate.conf import --now $now many >/dev/null" /dev/null >tty 2>&1
like "$(tr '\r' '\n' <tty)" '^import  \[#*-*\]  [0-9]+/500  [0-9]+/s  ETA [0-9]+:[0-9][0-9]' "a bar where there is one"
like "$(slate import --now $now many 2>/dev/null)" '^500 mails: 500 duplicate$' "a summary for people"
is "$(slate import -q --now $now many 2>&1)" "" "and nothing when asked to be quiet"

# ---- without letters ----
fresh
mkdir old
message 1 >old/1.eml
message 2 'In-Reply-To: <im1@acme-pools.example>' | sed 's/C2 <c2/C1 <c1/' >old/2.eml
sed 's/^From: .*/From: Ana <ana@poologics.example>/; s/im1@/an1@/; s/^Subject: .*/Subject: fixed it/' old/1.eml >old/3.eml
sed 's/^From: .*/From: Ana <ana@poologics.example>/; s/im1@/an2@/; s/^To: .*/To: c1@acme-pools.example/' old/1.eml >old/4.eml
sed 's/^From: .*/From: Eve <eve@stranger.example>/; s/im1@/ev1@/; 1iIn-Reply-To: <im1@acme-pools.example>' old/1.eml >old/5.eml
message 6 >old/6.eml
sed 's/^Subject: .*/Subject: We are blocked, nobody can generate an estimate/' old/6.eml >old/7.eml
import --no-letters old >old.json
is "$(outcomes <old.json | tr -cd 'a-z, ')" "held , new , outgoing , reply " "without letters every kind is taken in"
slate tick --quiet --now $now
slate tick --quiet --now 2026-12-24T15:00:00Z
is "$(slate outbox --json | json - letters)" "[]" "nobody hears of it, not even a month later"
is "$(slate show 1001 --json | json - clocks)" "[]" "and no clock runs"
message 9 | slate ingest --quiet --now $now
is "$(slate outbox --json | grep -o '"kind":"ack"' | wc -l)" 1 "while new mail is acknowledged"

# ---- a daemon drains ----
fresh
"$slate_bin/slate-intake" -c "$work/slate.conf" --serve >/dev/null 2>&1 &
daemon=$!
for _ in $(seq 200); do [ -e "$work/spool/run/intake.marker" ] && break; sleep 0.02; done
import many >daemon.json
is $? 0 "where a daemon drains the spool, it takes the mail in"
is "$(outcomes <daemon.json)" "new 500" "and the results are known"
is "$(import many | outcomes)" "duplicate 500" "and remembered"
kill -TERM $daemon
wait $daemon

# ---- bad input ----
fresh
mkdir bad bad/empty-folder bad/Maildir bad/Maildir/{cur,new,tmp}
: >bad/empty.eml
: >bad/empty.mbox
head -c 3000 /dev/urandom >bad/noise
printf 'just a text\nwith lines: two\n' >bad/text
import bad/empty-folder >bad.json
is "$?" 0 "a folder without mail is no error"
is "$(json bad.json results)" "[]" "and gives nothing"
like "$(cat err)" 'bad/empty-folder: there is no mail in it' "and is told"
is "$(import bad | outcomes)" "" "of a folder only mail is taken"
like "$(cat err)" '2 files are no mail and were passed over, the first: bad/noise' "what is none is told"
import bad/Maildir bad/empty.eml >bad.json
is "$?" 0 "an empty file is nothing"
import bad/noise many/1.eml >bad.json
is "$?" 65 "a file that was named and is no mail: exit 65"
is "$(outcomes <bad.json)" "new 1" "the others are taken in"
import nowhere many/2.eml >bad.json
is "$?" 66 "a path that is not there: exit 66"
like "$(cat err)" '^slate: nowhere: No such file' "and is named"
is "$(outcomes <bad.json)" "new 1" "the others are taken in"
slate import 2>/dev/null
is "$?" 64 "no path at all: exit 64"
printf 'From a@b Mon Nov 16 10:00:00 2026\n' >bad/only-a-line
is "$(import bad/only-a-line | json - results)" "[]" "an mbox of nothing but its first line is empty"
{ printf 'From a@b Mon Nov 16 10:00:00 2026\n'; message 77; head -c 3000000 /dev/zero; } >bad/one-long-line
is "$(import bad/one-long-line | outcomes)" "new 1" "a line of three megabytes is a line"
{ message 78; yes 'line of a very large mail that goes on and on and on' | head -c 52428800; } >bad/big
/usr/bin/time -f %M -o rss "$slate_bin/slate-intake" -c "$work/slate.conf" --import --json --now $now bad/big >big.json 2>/dev/null
is "$(outcomes <big.json)" "new 1" "a 50 MB mail makes a ticket from its headers"
is "$([ "$(tail -1 rss)" -lt 40000 ] && echo bounded)" bounded "memory stays bounded ($(tail -1 rss) kB)"
is "$(slate show "$(json big.json results 0 ticket)" --raw | cmp - bad/big && echo same)" same "and it is kept whole, to the byte"
cd /
done_testing
