# SPDX-License-Identifier: ISC
# A week with known ends, 16 to 19 November 2026, for tests of figures: tickets 1001 to 1008 in the store of $work. Times in UTC; 13:00 is
# 08:00 in New York. After tests/lib/slate.sh, with a configuration written.
maria="Maria <maria@acme-pools.example>" lena="Lena <lena@blauwasser.example>"
n=0 now=
until_then() { # every alarm before now; letters leave at once
  local a
  while a=$(slate next --json --now "$now" | json - at) && [ "$a" != null ] && [[ "$a" < "$now" ]]; do
    slate tick --quiet --now "$a"
    slate send --quiet --now "$a"
  done
}
at() { # at DAY HH:MM
  now=2026-11-$1T$2:00Z
  until_then
}
comes() { # comes FROM SUBJECT [HEADER] <TEXT
  n=$((n + 1))
  mail "$1" support@poologics.example "$2" "r$n@customers.example" "${3:-}" | slate ingest --quiet --now "$now"
  slate send --quiet --now "$now"
}
does() { # does COMMAND… <TEXT
  slate --quiet --as "${who:-ana}" --now "$now" "$@" || echo "# failed: $*"
  slate send --quiet --now "$now"
}

week() {
  at 16 13:00; comes "$maria" "Login loop" <<<"I cannot log in."                                        # 1001: all kept
  at 16 13:10; does take 1001
  at 16 13:30; does reply 1001 <<<"Please try again."
  at 16 14:00; does eta 1001 2026-11-17T20:00:00Z
  at 16 15:00; comes "$lena" "Currency wrong" <<<"It says dollars."                                     # 1002: late, late, late
  at 16 17:30; does reply 1002 <<<"We are looking."
  at 16 17:40; who=dana does excuse 1002 answer -m "the carrier was down"
  at 16 18:00; comes "$maria" "Cannot generate estimate for pool 14" <<<"We are blocked: the estimate cannot be generated." # 1003: critical
  at 16 18:05; does take 1003
  at 16 18:30; does reply 1003 <<<"We see it."
  at 16 19:00; does eta 1003 2026-11-17T22:00:00Z
  at 17 14:00; comes "$maria" "Thank you all" <<<"Only to say that it works."                           # 1004: wants no answer
  at 17 14:05; does noreply 1004 -m "it only says that it works"
  at 17 15:00; does resolve 1001 <<<"Your password had run out."
  at 17 16:00; does eta 1002 2026-11-18T20:00:00Z
  at 17 17:00; does new --from maria@acme-pools.example --subject "By phone" --channel phone <<<"How do I print?"
  at 17 17:10; does resolve 1005 <<<"With the button below."                                            # 1005: a call
  at 17 19:00; comes "$maria" "Printer" <<<"It prints nothing."                                         # 1006
  at 17 19:10; comes "$maria" "Printer again" <<<"Nothing at all."                                      # 1007: into 1006
  at 17 19:15; does merge 1007 1006
  at 17 19:30; does reply 1006 <<<"Is it switched on?"
  at 17 21:00; does resolve 1003 <<<"The template is mended."
  at 18 15:00; comes "$maria" "Re: Login loop" "In-Reply-To: <r1@customers.example>" <<<"It is back. What now?" # 1001 once more
  at 18 16:00; does reply 1001 <<<"Please try the other browser."
  at 19 14:00; comes "$lena" "Nobody answers" <<<"Hello?"                                               # 1008: overdue
  at 19 19:00
}
