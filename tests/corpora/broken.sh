#!/bin/bash
# SPDX-License-Identifier: ISC
# Broken mail: each is read without a signal, in under 2 s and 200 MB; taken in once, kept to the byte, and nothing of it becomes a header of
# ours. One store takes all of them.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/corpora/corpora.sh"
slate_folder
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }
limits { acks_per_sender = 100000 acks_to_strangers = 100000 }"
now=2026-11-24T15:00:00Z
read_fault=0 slow=0 large=0 refused=0 twice=0 changed=0 total=0
for f in "$corpora"/broken/*; do
  total=$((total + 1))
  timeout -s KILL 10 /usr/bin/time -q -f '%e %M' -o "$work/cost" "$slate_bin/slate-intake" --parse "$f" >"$work/json" || { read_fault=$((read_fault + 1)); note "not read: $f"; }
  read -r seconds kilobytes < <(tail -1 "$work/cost")
  awk "BEGIN { exit !($seconds >= 2) }" && { slow=$((slow + 1)); note "slow: $f: $seconds s"; }
  [ "$kilobytes" -lt 200000 ] || { large=$((large + 1)); note "large: $f: $kilobytes kB"; }
  perl -MJSON::PP -e 'local $/; JSON::PP->new->utf8->decode(<STDIN>)' <"$work/json" 2>/dev/null || { read_fault=$((read_fault + 1)); note "no valid JSON: $f"; }
  slate ingest --json --now $now <"$f" >"$work/first.json" || { refused=$((refused + 1)); note "refused: $f"; }
  slate ingest --json --now $now <"$f" >"$work/second.json" || refused=$((refused + 1))
  [ "$(json "$work/second.json" results 0 outcome)" = duplicate ] || { twice=$((twice + 1)); note "twice: $f: $(json "$work/second.json" results 0 outcome)"; }
  # of a mail that joined another's ticket, --raw shows the other
  case $(json "$work/first.json" results 0 outcome) in new | bulk) ;; *) continue ;; esac
  slate show "$(json "$work/first.json" results 0 ticket)" --raw | cmp -s - "$f" || { changed=$((changed + 1)); note "changed: $f: $(json "$work/first.json" results)"; }
done
is "$read_fault" 0 "all $total are read, as valid JSON"
is "$slow" 0 "each in under 2 s"
is "$large" 0 "each in under 200 MB"
is "$refused" 0 "each is taken in"
is "$twice" 0 "a second time makes no second ticket"
is "$changed" 0 "each that made a ticket is kept to the byte"
slate send --now $now --quiet
heads=$(for l in "$work"/out/new/*; do sed '/^\r*$/q' "$l" | tr -d '\r'; done)
unlike "$(grep -vE '^[ 	]|^$' <<<"$heads")" '^[^A-Za-z]|^[A-Za-z0-9-]*[^A-Za-z0-9:-]' "our letters' headers are headers"
is "$(slate list all --json | perl -0777 -ne 'print utf8::decode($_) ? "valid" : "broken"')" valid "what is shown is valid UTF-8"
done_testing
