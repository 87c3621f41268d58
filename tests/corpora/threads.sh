#!/bin/bash
# SPDX-License-Identifier: ISC
# Threads of another program's tests, the mails of all of them in many orders: one thread, one ticket. They get a sender: whose they are
# is another matter.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/corpora/corpora.sh"
slate_folder

shuffle() { perl -e 'srand shift; my @l = <STDIN>; for (my $i = @l; --$i > 0;) { my $j = int rand($i + 1); @l[$i, $j] = @l[$j, $i] } print @l' "$1"; }

# ticket_of NUMBER: where it went, followed through what was merged since
ticket_of() {
  local into
  into=$(slate log "$1" --json | perl -MJSON::PP -0777 -ne 'for (@{ decode_json($_)->{events} }) { print $_->{detail}{into} if $_->{kind} eq "merged" }')
  if [ -n "$into" ]; then ticket_of "$into"; else echo "$1"; fi
}

for case in $(tail -n +2 "$corpora/threads.tsv" | cut -f2 | sort -u); do
  for seed in 1 2 3 4 5 6 7 8; do # cases use the same ids: a store each
    rm -rf "$work"/slate.db* "$work/spool"
    slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
    while IFS=$'\t' read -r file _ thread; do
      { echo "From: Maria <maria@acme-pools.example>"; cat "$corpora/$file"; } >"$work/mail"
      echo "$thread $(slate ingest --json --now 2026-11-20T15:00:00Z <"$work/mail" | perl -MJSON::PP -0777 -ne 'print decode_json($_)->{results}[0]{ticket}')"
    done < <(awk -F'\t' -v c="$case" '$2 == c' "$corpora/threads.tsv" | shuffle "$seed") >"$work/went"
    threads=$(cut -d' ' -f1 "$work/went" | sort -u | wc -l)
    pairs=$(while read -r thread ticket; do echo "$thread $(ticket_of "$ticket")"; done <"$work/went" | sort -u)
    is "$(wc -l <<<"$pairs") $(cut -d' ' -f2 <<<"$pairs" | sort -u | wc -l)" "$threads $threads" \
      "$case in order $seed: $(wc -l <"$work/went") mails, $threads thread, as many tickets"
  done
done
done_testing
