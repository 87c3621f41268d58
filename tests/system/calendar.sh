#!/bin/bash
# SPDX-License-Identifier: ISC
# slate calendar, and calendars in the configuration: holidays from an iCalendar file, a month as people read it, tables.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
cp "$SL_SRCDIR/tests/data/calendar/holidays.ics" "$work/"
conf() { # conf ICS-FILE
  slate_conf <<EOF
smtp "out" { url = "maildir://$work/letters" }
calendar "us" {
  timezone = "America/New_York"  hours = { "mon-fri 08:00-18:00" }
  holidays = { "2026-11-26 Turkey" }  special = { "2026-12-25 10:00-12:00" }  ics = { "$1" }
}
EOF
}
conf holidays.ics
slate check >/dev/null 2>&1
is $? 0 "an iCalendar file beside the configuration is read"
is "$(slate calendar due us --from 2026-11-25T22:50:00Z --for 20m)" 2026-11-27T13:10:00Z "a holiday that stands here and there is one"
is "$(slate calendar due us --from 2026-11-25T15:00:00Z --for 1bd)" 2026-11-27T15:00:00Z "a business day later"
is "$(slate calendar open us --at 2028-11-23T15:00:00Z)" closed "a rule goes on"
is "$(slate calendar open us --at 2027-11-25T15:00:00Z)" open "but where the file leaves a day out"
is "$(slate calendar open us --at 2026-12-25T15:30:00Z)" open "a special day beats the holiday"
month=$(slate calendar show us --month 2026-12)
like "$month" '^  Thu 24 Dec  08:00-18:00$' "a month shows the hours"
like "$month" '^  Fri 25 Dec  10:00-12:00$' "the special ones"
like "$month" '^  Tue 29 Dec  closed: Company, closed$' "and why it is closed"
is "$(json - holidays 0 <<<"$(slate --json calendar show us)")" "2026-11-26 Turkey" "as JSON, too"
is "$(printf 'due\tus\t2026-11-24T22:00:00Z\t3600\nelapsed\tus\t2026-11-24T13:00:00Z\t2026-11-24T23:00:00Z\nopen\tus\t2026-11-24T23:00:00Z\n' |
  slate calendar eval | tr '\n' ' ')" "2026-11-24T23:00:00Z 36000 0 " "a table, a result a line"
out=$(printf 'due\tus\t2026-11-24T22:00:00Z\tan hour\n' | slate calendar eval 2>&1)
is $? 64 "a line that is not understood"
like "$out" 'line 1:' "is named"
conf missing.ics
out=$(slate check 2>&1)
is $? 78 "a file that is not there refuses to start"
like "$out" 'slate.conf:[0-9]+: ics: .*/missing.ics: .*No such file' "and is named with its line"
echo '<html>404</html>' >"$work/page.ics"
conf page.ics
like "$(slate check 2>&1)" 'page.ics: this is no iCalendar file' "so is one that is a web page"
done_testing
