#!/bin/bash
# SPDX-License-Identifier: ISC
# Three tickets settled by mail alone, on real servers: two customers of one company and one of another, two agents, a senior and a
# supervisor. At the end each mailbox holds exactly what it should.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"
why=$(servers_possible) || skip_all "$why"
slate_folder
servers_up || { ok 1 "the private servers start"; sed 's/^/# /' "$mail_dir"/log/*.log | tail -20; done_testing; exit 1; }

# Always open, and noon is near wherever the test runs: the end of a day would bring letters of its own.
hour=$(date -u +%-H)
east=$((12 - hour))
zone=$([ $east -ge 0 ] && echo "Etc/GMT-$east" || echo "Etc/GMT+$((-east))")
slate_servers_conf <<EOF
agent "ben" { mail = { "ben@poologics.example" }  roles = { agent } }
calendar "always" { timezone = "$zone"  hours = { "mon-sun 00:00-24:00" } }
sla "standard" { calendar = "always" }
EOF
slate check --quiet
is $? 0 "slate check is content"
slated_up

maria=maria@acme-pools.example luis=luis@acme-pools.example juergen=juergen@blauwasser.example
ana=ana@poologics.example ben=ben@poologics.example chen=chen@poologics.example dana=dana@poologics.example
n=0

letters_of() { ls "$mail_dir/mail/$1"/new "$mail_dir/mail/$1"/cur 2>/dev/null | grep '^[0-9]' | sort -t. -k1,1n -k2.2,2n; } # SECONDS.M…: microseconds are not padded
file_of() { ls "$mail_dir/mail/$1"/{new,cur}/"$2" 2>/dev/null | head -1; }

arrives() { # arrives USER COUNT WHAT: the COUNT-th letter comes within a bounded time; $letter is its file
  local end=$((SECONDS + ${patience:=30})) name
  letter=/dev/null
  while [ $SECONDS -lt $end ]; do
    name=$(letters_of "$1" | sed -n "$2p")
    if [ -n "$name" ]; then
      letter=$(file_of "$1" "$name")
      ok 0 "$3"
      return
    fi
    sleep 0.05
  done
  ok 1 "$3"
  patience=3
}

becomes() { # becomes TICKET STATUS WHAT: within a bounded time
  local end=$((SECONDS + ${patience:=30})) got
  while [ $SECONDS -lt $end ]; do
    got=$(slate show "$1" --json | json - ticket status)
    [ "$got" = "$2" ] && break
    sleep 0.05
  done
  is "$got" "$2" "$3"
}

writes() { # writes FROM TO SUBJECT [HEADER] <TEXT
  n=$((n + 1))
  mail "${1%@*} <$1>" "$2" "$3" "three$n@${1#*@}" "${4:-}" | smtp_send "$1" "$2"
}

header() { grep -m1 -i "^$2:" "$1" | sed 's/^[^:]*: *//; s/\r$//'; }

answers() { # answers FROM LETTER <TEXT: to its Reply-To, as a mail program would
  writes "$1" "$(reply_address "$2")" "Re: $(header "$2" Subject)" "In-Reply-To: $(header "$2" Message-ID)"
}

# ---- three customers' mails ----
writes $maria support@poologics.example "Login loop" <<<"I cannot log in."
arrives $maria 1 "Maria has an acknowledgement"
ack1=$letter
arrives $ana 1 "ticket 1001 is Ana's"
task1=$letter
writes $juergen support@poologics.example "Currency wrong" <<<"It says dollars."
arrives $juergen 1 "Juergen has one"
ack2=$letter
arrives $ben 1 "ticket 1002 is Ben's: he has the fewest"
writes $maria support@poologics.example "Login loop again" <<<"Now on the other computer."
arrives $maria 2 "Maria has another"
arrives $ana 2 "ticket 1003 is Ana's"
task3=$letter

# ---- 1001: taken, an estimate, a question, a note by the senior, solved ----
answers $ana "$task1" <<<$'/take\n/eta 5d\n\nWe have found the cause, Maria.'
arrives $ana 3 "Ana has a receipt of /take and /eta"
arrives $maria 3 "Maria has the estimate"
like "$(cat "$letter")" 'We have found the cause, Maria' "with the sentence"
unlike "$(cat "$letter")" '^/(take|eta)' "and without the commands"
writes $luis support@poologics.example "Re: Login loop" "In-Reply-To: <three1@acme-pools.example>" <<<"It happens to me, too."
arrives $ana 4 "what Luis writes on Maria's ticket reaches Ana"
mail3=$letter
answers $ana "$mail3" <<<$'Which browser is it?\n\n/wait'
arrives $maria 4 "Ana's question reaches Maria"
question=$letter
arrives $ana 5 "and she has a receipt of /wait"
becomes 1001 waiting "1001 waits"
answers $maria "$question" <<<"The old one."
arrives $ana 6 "Maria's answer reaches Ana"
mail4=$letter
becomes 1001 open "and ends the wait"
answers $ana "$mail4" <<<$'/escalate 1 please look at the sessions'
arrives $chen 1 "Chen, the senior, is asked"
call=$letter
arrives $ana 7 "Ana has a receipt of /escalate"
answers $chen "$call" <<<"The table of sessions is full: clean it."
for _ in $(seq 300); do slate log 1001 --json | grep -q '"noted"' && break; sleep 0.05; done
like "$(slate log 1001 --json)" '"noted"' "Chen's reply is a note"
answers $ana "$mail4" <<<$'/resolve\n\nPlease log in again: we have cleaned up.'
arrives $maria 5 "the solution reaches Maria"
arrives $chen 2 "Chen hears that it is over"
arrives $ana 8 "Ana has a receipt of /resolve"
becomes 1001 resolved "1001 is resolved"

# ---- 1002: URGENT, an answer from the phone, SOLVED ----
answers $juergen "$ack2" <<<"URGENT"
arrives $ben 2 "URGENT reaches Ben"
arrives $chen 3 "and Chen, at once"
writes $ben support@poologics.example "#1002 currency" <<<"Please reload the page: it says euros now."
arrives $ben 3 "what Ben writes from the phone comes back to him"
hold=$letter
is "$(letters_of $juergen | wc -l)" 1 "and not to Juergen"
answers $ben "$hold" <<<"OK"
arrives $juergen 2 "his OK sends it"
answer=$letter
like "$(cat "$answer")" 'it says euros now' "as he wrote it"
arrives $chen 4 "and Chen hears that it is over"
answers $juergen "$answer" <<<"SOLVED"
becomes 1002 resolved "Juergen's SOLVED ends it"
arrives $ben 4 "Ben reads it"

# ---- 1003: the supervisor merges, thinks again, and gives it to Ben ----
answers $ana "$task3" <<<$'/prio low\n/escalate 2 is it the same as 1001?'
arrives $dana 1 "Dana, the supervisor, is asked"
call=$letter
arrives $ana 9 "Ana has a receipt"
answers $maria "$ack1" <<<"It is back!"
arrives $ana 10 "Maria's reply on 1001 reaches Ana"
becomes 1001 open "and opens it again"
answers $dana "$call" <<<"/merge 1001"
arrives $dana 2 "Dana has a receipt of /merge"
receipt=$letter
becomes 1003 merged "1003 went into 1001"
answers $dana "$receipt" <<<"/undo"
arrives $dana 3 "Dana has a receipt of /undo"
becomes 1003 open "and 1003 is there again"
answers $dana "$call" <<<$'/assign ben\n/note Ben knows this computer.'
arrives $ben 5 "Dana gives it to Ben"
task3=$letter
arrives $dana 4 "and has a receipt"
answers $ben "$task3" <<<$'/resolve\n\nIt was the same cause; please try.'
arrives $maria 6 "Ben's solution reaches Maria"
arrives $ben 6 "Ben has a receipt"
arrives $dana 5 "Dana hears that it is over"
answers $ana "$mail4" <<<$'/resolve\n\nThe cleaning runs every night now.'
arrives $maria 7 "Ana's second solution, too"
arrives $ana 11 "with a receipt"

# ---- what each mailbox holds ----
for ticket in 1001 1002 1003; do becomes $ticket resolved "$ticket is settled"; done
slate outbox --json >"$work/outbox.json"
holds() { # holds USER <EXPECTED: kind and subject of each letter, in the order in which they were written; all are from us
  local got name f
  got=$(for name in $(letters_of "$1"); do
    f=$(file_of "$1" "$name")
    printf '%s\t%s\n' "$(header "$f" Message-ID)" "$(header "$f" From)"
  done | perl -MJSON::PP -e '
    my %l; my $t = do { local $/; open my $h, "<", $ARGV[0] or die; <$h> };
    $l{"<$_->{message_id}>"} = $_ for @{ JSON::PP->new->decode($t)->{letters} };
    my @rows; while (<STDIN>) { chomp; my ($id, $from) = split /\t/; my $l = $l{$id};
      my $us = $from =~ /^"?Poologics Support( \(#\d+\))?"? <support\@poologics.example>$/;
      push @rows, [$l ? $l->{id} : 0, ($us ? "" : "$from ") . ($l ? "$l->{kind}: $l->{subject}" : "? $id")] }
    print map { "$_->[1]\n" } sort { $a->[0] <=> $b->[0] } @rows' "$work/outbox.json" | sed -E 's/due in [0-9].* - /due in a while - /; s/answered [0-9:]+ \S+ - /answered then - /')
  is "$got" "$(cat)" "$1 holds this and nothing else"
}
holds $maria <<'END'
ack: Re: Login loop
ack: Re: Login loop again
eta: Re: Login loop
answer: Re: Login loop
resolution: Re: Login loop
resolution: Re: Login loop again
resolution: Re: Login loop
END
holds $luis </dev/null
holds $juergen <<'END'
ack: Re: Currency wrong
answer: Re: Currency wrong
END
holds $ana <<'END'
assignment: #1001 Acme Pools Inc.: Login loop
assignment: #1003 Acme Pools Inc.: Login loop again
receipt: #1001: done
message: #1001 Acme Pools Inc.: Login loop
receipt: #1001: done
message: #1001 Acme Pools Inc.: Login loop
receipt: #1001: done
receipt: #1001: done
receipt: #1003: done
message: #1001 Acme Pools Inc.: Login loop
receipt: #1001: done
END
holds $ben <<'END'
assignment: #1002 Blauwasser GmbH: Currency wrong
message: #1002 Blauwasser GmbH critical: Currency wrong
hold: [held] #1002 a mail from ben@poologics.example - #1002 currency
message: #1002 Blauwasser GmbH critical: Currency wrong
assignment: #1003 Acme Pools Inc.: Login loop again
receipt: #1003: done
END
holds $chen <<'END'
escalation: [L1] #1001 Acme Pools Inc.: answer due in a while - Login loop
all-clear: [over] #1001 Acme Pools Inc.: Ana resolved it - Login loop
escalation: [L1] #1002 Blauwasser GmbH critical: answer due in a while - Currency wrong
all-clear: [over] #1002 Blauwasser GmbH: Ben answered then - Currency wrong
END
holds $dana <<'END'
escalation: [L2] #1003 Acme Pools Inc.: answer due in a while - Login loop again
receipt: #1003: done
receipt: #1001: done
receipt: #1003: done
all-clear: [over] #1003 Acme Pools Inc.: Ben resolved it - Login loop again
END
holds pia@poologics.example </dev/null
holds postmaster@poologics.example </dev/null
slate db check --quiet
is $? 0 "the store holds"
slated_down
[ "$tap_failed" = 0 ] || sed 's/^/# /' "$work/slated.log" | tail -40
done_testing
