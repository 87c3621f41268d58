#!/bin/bash
# SPDX-License-Identifier: ISC
# Bad input: a clear answer, nothing lost, nothing injected, exit 0 only when stored.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
now=2026-11-24T15:00:00Z
ingest() { slate ingest --json --now $now "$@"; }

out=$(printf '' | ingest)
is "$?" 0 "an empty message is stored"
like "$out" '"outcome":"(bulk|new)"' "and makes a ticket"
out=$(printf 'To: support@poologics.example\nSubject: no sender\n\nHello\n' | ingest)
like "$out" '"outcome":"bulk"' "a mail without From makes a ticket without letters"
out=$(head -c 4000 /dev/zero | tr '\0' '\377' | ingest)
is "$?" 0 "bytes that are no mail are stored"
printf 'From: Eve <eve@acme-pools.example>\nTo: support@poologics.example\nSubject: =?utf-8?Q?hello=0D=0ABcc:=20victim@elsewhere.example=0D=0A=0D=0Abody?=\nMessage-ID: <inject@x>\n\nHi\n' |
  ingest >/dev/null
slate send --now $now --quiet
f=$(letter_to "$work/out" eve@acme-pools.example)
unlike "$(sed -n '1,/^\r$/p' "$f")" '^Bcc:' "a line end inside an encoded word injects no header"
like "$(grep -i '^Subject:' "$f")" 'hello' "the subject is one line"
is "$(slate list all --json | json - tickets 0 subject | wc -l)" 1 "and one line in JSON"

mail 'Support <help@poologics.example>' support@poologics.example "Loop" own@x "X-Slate-Ticket: 1" <<<"we wrote this" >"$work/own"
like "$(ingest <"$work/own")" '"outcome":"self"' "our own letter is no ticket"
mail 'Eve <eve@acme-pools.example>' support@poologics.example "From another Slate" other@x "X-Slate-Ticket: 1" <<<"a person wrote this" >"$work/other"
like "$(ingest <"$work/other")" '"outcome":"new"' "another company's header does not make a mail ours"
mail 'Support <support@poologics.example>' support@poologics.example "Loop" own2@x <<<"from our own address" >"$work/own"
like "$(ingest <"$work/own")" '"outcome":"self"' "a mail from our own address is no ticket, whatever its headers"
printf 'text without any header\n' | ingest >/dev/null
like "$(printf 'another text without any header\n' | ingest)" '"outcome":"(new|bulk)"' "two mails without headers are two mails"
like "$(ingest <"$f")" '"outcome":"self"' "the acknowledgement that we sent, sent back to us, is no ticket"
mail 'List <list@lists.example>' support@poologics.example "[list] news" li@x "List-Id: <news.lists.example>" <<<"news" | ingest >"$work/list.json"
is "$(json "$work/list.json" results 0 outcome)" list "a mailing list's mail is no ticket"

mail 'Juan <juan@acme-pools.example>' support@poologics.example "Twice" t1@x <<<"Hello" >"$work/twice"
ingest <"$work/twice" >"$work/a.json" &
ingest <"$work/twice" >"$work/b.json" &
wait
is "$(cat "$work"/[ab].json | grep -oE '"outcome":"(new|duplicate|queued)"' | sort | uniq | grep -c new)" 1 "the same mail twice at once makes one ticket"
slate ingest --quiet --now $now <"$work/twice"
is "$(slate search Twice --json | json - tickets | grep -o '"id"' | wc -l)" 1 "and stays one"
{ echo "Received: by another"; sed 's/$/\r/' "$work/twice"; } | ingest >"$work/c.json"
is "$(json "$work/c.json" results 0 outcome)" duplicate "with another Received line and CRLF it is the same mail"
mail 'Juan <juan@acme-pools.example>' support@poologics.example "Twice" t1@x <<<"Something else" | ingest >"$work/d.json"
is "$(json "$work/d.json" results 0 outcome)" new "a reused Message-ID with other content is another mail"

{ printf 'From: Big <big@acme-pools.example>\nTo: support@poologics.example\nSubject: fifty megabytes\nMessage-ID: <big@x>\n\n'; yes 'line of a very large mail that goes on and on and on' | head -c 52428800; } >"$work/big"
/usr/bin/time -f %M -o "$work/rss" "$slate_bin/slate-ingest" --json --now $now <"$work/big" >"$work/big.json"
is "$(json "$work/big.json" results 0 outcome)" new "a 50 MB mail makes a ticket from its headers"
is "$([ "$(tail -1 "$work/rss")" -lt 40000 ] && echo bounded)" bounded "memory stays bounded ($(tail -1 "$work/rss") kB)"
id=$(json "$work/big.json" results 0 ticket)
slate send --now $now --quiet
like "$(cat "$(letter_to "$work/out" ana@poologics.example)")" 'over the size limit' "a person is told"
is "$(slate show "$id" --raw | cmp - "$work/big" && echo same)" same "and it is kept whole, to the byte"

sed 's/^agent "ana"/agnt "ana"/; s/^company/compny/' "$work/slate.conf" >"$work/broken.conf"
out=$(slate -c "$work/broken.conf" check 2>&1)
is $? 78 "a broken configuration: exit 78"
like "$out" "broken.conf:[0-9]+: no such option 'agnt': did you mean 'agent'" "names the line and what was meant"
like "$out" "did you mean 'company'" "and every fault, not the first"
head -c 300 "$work/slate.conf" >"$work/cut.conf"
slate -c "$work/cut.conf" check >/dev/null 2>&1
is $? 78 "a truncated file is refused"
out=$(slate -c "$work/broken.conf" ingest <"$work/twice" 2>&1)
is $? 75 "ingest under a broken configuration: 75, so the MTA keeps the mail"
like "$out" '^4\.3\.0 slate: ' "and says 4.3.0 and why"
is "$(slate --bogus ingest <"$work/twice" >/dev/null 2>&1; echo $?)" 75 "ingest with a wrong option: 75"

slate_conf <<<'mailbox "gone" { url = "imap://127.0.0.1:9" tls = none user = "x" password = "file:/nonexistent" }
smtp "main" { url = "smtp://127.0.0.1:9" tls = none }'
out=$(slate fetch 2>&1)
isnt=$?
is "$([ $isnt != 0 ] && echo failed)" failed "an unreachable mailbox: not exit 0"
like "$out" 'mailbox gone: ' "a clear error"
out=$(slate send --json --now 2026-11-24T16:00:00Z)
mail 'Juan <juan@acme-pools.example>' support@poologics.example "Down" dn@x <<<"Hello" | ingest >/dev/null
out=$(slate send --json --now $now)
like "$(json - deferred 0 error <<<"$out")" 'onnect|refused' "SMTP down: the letter waits"
is "$(slate outbox --json | json - letters 0 state)" sent "what was sent stays sent"
like "$(slate outbox --json)" '"state": ?"queued"' "nothing is lost"
slate db check --quiet
is $? 0 "the store holds"

full=$work/full
mkdir "$full"
if mount -t tmpfs -o size=600k tmpfs "$full" 2>/dev/null; then
  sed "s#^database.*#database = \"$full/slate.db\"#" "$work/slate.conf" >"$work/full.conf"
  for i in $(seq 20); do
    { mail 'Juan <juan@acme-pools.example>' support@poologics.example "Full $i" "full$i@x" <<<"Hello"; head -c 60000 /dev/urandom | base64; } |
      slate -c "$work/full.conf" ingest --now $now >>"$work/full.log"
    echo "exit $?" >>"$work/full.log"
  done
  unlike "$(cat "$work/full.log")" 'exit [^07]' "a store on a full disk: exit 0 or 75 only"
  is "$(ls "$work/spool/new" | wc -l)" "$(grep -c queued "$work/full.log")" "what the store could not take lies in the spool"
  like "$(slate -c "$work/full.conf" status 2>&1; slate -c "$work/full.conf" fetch 2>&1)" '.' "and slate still answers"
  umount "$full"
else
  note "no tmpfs to be had here: the full disk is tried by the unit tests of the store"
fi
done_testing
