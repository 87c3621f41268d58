# SPDX-License-Identifier: ISC
# TAP for bash tests. Each check prints a line; `done_testing` prints the plan. Diagnostics begin with '#'.
tap_n=0
tap_failed=0

ok() { # ok STATUS DESCRIPTION
  tap_n=$((tap_n + 1))
  if [ "$1" = 0 ]; then
    echo "ok $tap_n - $2"
  else
    echo "not ok $tap_n - $2"
    tap_failed=$((tap_failed + 1))
  fi
}

is() { # is GOT WANTED DESCRIPTION
  if [ "$1" = "$2" ]; then
    ok 0 "$3"
  else
    ok 1 "$3"
    printf '#   got:    %s\n#   wanted: %s\n' "$(tr '\n' ' ' <<<"$1")" "$(tr '\n' ' ' <<<"$2")"
  fi
}

like() { # like TEXT EXTENDED-REGEX DESCRIPTION
  if grep -qE -- "$2" <<<"$1"; then
    ok 0 "$3"
  else
    ok 1 "$3"
    printf '#   %s\n#   does not match: %s\n' "$(head -c 600 <<<"$1" | tr '\n' '|')" "$2"
  fi
}

unlike() { # unlike TEXT EXTENDED-REGEX DESCRIPTION
  if grep -qE -- "$2" <<<"$1"; then ok 1 "$3"; else ok 0 "$3"; fi
}

note() { printf '# %s\n' "$*"; }

skip_all() {
  echo "1..0 # SKIP $*"
  exit 0
}

done_testing() {
  echo "1..$tap_n"
  [ "$tap_failed" = 0 ]
}
