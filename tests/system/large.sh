#!/bin/bash
# SPDX-License-Identifier: ISC
# A mail in the mailbox that is larger than anything Slate takes in: it stays there, and the postmaster is told, once.
. "$SL_SRCDIR/tests/lib/tap.sh"
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
mkdir -p "$work/in"/{new,cur,tmp}
slate_conf <<<"mailbox \"support\" { url = \"maildir://$work/in\" since = \"2020-01-01\" }
smtp \"main\" { url = \"maildir://$work/out\" }"
now=2026-11-20T15:00:00Z
{
  mail "Maria <maria@acme-pools.example>" support@poologics.example "All my photographs" large@acme-pools.example </dev/null
  head -c 212000000 /dev/zero | tr '\0' a | fold -w 900
} >"$work/in/new/1.eml"
mail "Maria <maria@acme-pools.example>" support@poologics.example "The next one" small@acme-pools.example <<<"It is broken." >"$work/in/new/2.eml"
like "$(slate fetch --now $now --json 2>"$work/err")" '"quarantined": ?1' "fetch counts it"
like "$(cat "$work/err")" "larger than 200 MB" "and says why in the log"
is "$(slate list all --json | grep -c '"subject": *"The next one"')" 1 "the mail after it becomes a ticket"
"$slate_bin/slate-upkeep" -c "$SLATE_CONFIG" --now $now
"$slate_bin/slate-upkeep" -c "$SLATE_CONFIG" --now 2026-11-22T15:00:00Z
is "$(slate outbox list | grep -c "was not taken in")" 1 "the postmaster is told once"
is "$(find "$work/in" -name '1.eml*' | wc -l)" 1 "and it is still in the mailbox"
slate fetch --now $now --quiet 2>"$work/err"
is "$(cat "$work/err")" "" "the next fetch passes it by"
done_testing
