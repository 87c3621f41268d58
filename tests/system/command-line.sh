#!/bin/bash
# SPDX-License-Identifier: ISC
# What the command line says to people, and how it refuses.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"
now=2026-11-20T15:00:00Z
mail 'Maria <maria@acme-pools.example>' support@poologics.example "Pump" p1@x <<<"It leaks." | slate ingest --quiet --now $now
printf 'To: support@poologics.example\nSubject: nobody\n\nHello\n' | slate ingest --quiet --now $now

out=$(slate show 1001 --now $now)
like "$out" '^-- in m1 Fri 20 Nov 10:00 EST maria@acme-pools.example$' "show heads a message with its id, in the calendar's zone"
out=$(slate show 1002 --now $now)
like "$out" '^-- in m2 Fri 20 Nov 10:00 EST \(no sender\)$' "a mail without From has no sender"
like "$out" 'from \(unknown\)' "and nobody is forgotten who never was known"

mkdir -p "$work/words/en" "$work/words/replies"
printf 'Subject: Hello {{nmae}}\n\nHello\n' >"$work/words/en/ack.txt"
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }
templates { dir = \"$work/words\" }"
out=$(slate check 2>&1)
is $? 65 "check: a faulty template is exit 65"
like "$out" 'templates: .*/en/ack.txt:1: .*"nmae"' "named with file and line"
rm "$work/words/en/ack.txt"
slate check >/dev/null 2>&1
is $? 0 "and without it all is well"

out=$(slate fetch nope 2>&1)
is $? 64 "fetch of a mailbox that is none: exit 64"
like "$out" '^slate: there is no mailbox "nope": none is configured$' "none is configured"
mkdir -p "$work/in/new" "$work/in/cur" "$work/in/tmp"
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }
mailbox \"post\" { url = \"maildir://$work/in\" }
mailbox \"box\" { url = \"maildir://$work/in\" }"
like "$(slate fetch nope 2>&1)" 'no mailbox "nope": there are (post, box|box, post)$' "those that are there are named"
like "$(slate fetch nope --json 2>/dev/null)" '"code": ?"usage"' "in JSON, too"
like "$(slate fetch post --now $now)" '^post: 0 seen' "one that is there is fetched"

out=$(slate config get nix 2>&1)
is $? 64 "config get of an unknown option: exit 64"
like "$out" '^slate: there is no option "nix"' "it is named"
like "$(slate config get 'mailbox[post].pol' 2>&1)" 'did you mean "poll"' "and what was meant"
is "$(slate config get 'mailbox[post].url')" "maildir://$work/in" "an option of a section"
is "$(slate config get 'mailbox[post].poll')" 60s "its default"
slate config get 'mailbox[none].url' >/dev/null 2>&1
is $? 66 "a section that is not there: exit 66"
is "$(slate config get language)" en "a default of the top level"
like "$(slate config)" '^language = en$' "config has the defaults"
unlike "$(slate config -n)" '^language' "config -n only what the file says"
like "$(slate config -n)" '^company = Poologics$' "and that it has"

out=$(slate db backup "$work/nowhere/x" 2>&1)
is $? 73 "a backup that cannot be made: exit 73"
like "$out" "^slate: $work/nowhere/x: No such file or directory$" "the file is named"
slate db backup "$work/copy.db" && sed "s#^database.*#database = \"$work/copy.db\"#" "$work/slate.conf" >"$work/copy.conf"
is "$(slate -c "$work/copy.conf" audit verify)" "$(slate audit verify)" "a backup holds the same record"
is "$(ls "$work"/copy.db*.tmp 2>/dev/null)" "" "and leaves nothing else"

is "$(slate audit verify --json | json - tickets)" 2 "audit verify counts the tickets"

is "$(slate held foo 2>&1)" "slate: held foo: list, or one of show, release, drop with a number is wanted" "an action that is none is named"
is "$(slate held show 2>&1)" "slate: held show: which mail? Its number is wanted, as held list has it" "a number that is missing is asked for"
is "$(slate outbox show x 2>&1)" "slate: outbox show x: a letter's number is wanted, as outbox list has it" "a word that is no number is named"
like "$(slate outbox shwo 1 2>&1)" 'did you mean "show"' "what was meant is guessed"
is "$(slate calendar due default 2>&1)" "slate: --from is missing: a time such as 2026-11-24T12:00:00Z is wanted" "an option that is missing is named"
is "$(slate calendar due default --from $now 2>&1)" "slate: --for is missing: a time such as 2h, or business days such as 3bd, is wanted" "and the other"
is "$(slate calendar due default --from noon --for 2h 2>&1)" "slate: --from noon: a time such as 2026-11-24T12:00:00Z is wanted" "a time that is none, too"

out=$(slate list onwer:ana 2>&1)
is $? 64 "list with a filter that is none: exit 64"
is "$out" 'slate: onwer:ana: there is no filter "onwer:": did you mean "owner:"?' "and what was meant"
out=$(slate list owner:zoe 2>&1)
is $? 64 "an agent who is none: exit 64"
like "$out" '^slate: owner:zoe: there is no such agent' "is named"
like "$(slate list owner:anna 2>&1)" 'did you mean "ana"' "and who was meant"
out=$(slate list mine 2>&1)
is $? 64 "mine of somebody who is no agent: exit 64"
like "$out" '^slate: mine: .*--as AGENT is wanted$' "asks who it is"
like "$(slate list owner:Ana)" '1001' "a name is found in any case"
slate list mine --as ana >/dev/null
is $? 0 "mine of an agent"
slate list mine --as zoe >/dev/null 2>&1
is $? 64 "of an agent who is none: exit 64"
sed 's/^agent "ana"/agent "anabel"/' "$work/slate.conf" >"$work/left.conf"
like "$(slate -c "$work/left.conf" list owner:ana)" '1001' "the tickets of an agent who has left are found"
out=$(slate list closed 2>&1)
is $? 1 "nothing matched: exit 1"
is "$out" "no tickets" "and a word of it"
is "$(slate list closed --quiet 2>&1)" "" "but not with --quiet"
is "$(slate list closed --json 2>&1)" '{"tickets":[]}' "nor in JSON"
out=$(slate list https://pump.example 2>&1)
is $? 1 "an address of the web is text"

is "$(slate list all --plain --now $now | grep -c "$(printf '^1002\tstandard\topen\tdefault\tana\t\t\tnobody$')")" 1 "plain cells are parted by tabs, and not padded"
like "$(slate list all)" '^ID +PRIO' "others have a heading"
is "$(slate held show 1 2>&1)" "slate: mail 1 is not held: it is stored" "a mail that is not held says so"
is "$(slate quarantine drop 1 2>&1)" "slate: mail 1 is not quarantined: it is stored" "nor quarantined"
out=$(slate report --month 2026-10 2>&1)
is $? 64 "an option of another command is not ignored"
like "$out" 'report takes no --month: usage: slate report' "and what is wanted is said"
done_testing
