# SPDX-License-Identifier: ISC
# Where third-party test mail lies: beside the checkout, or where SL_CORPORA says. Skips the test where it is not.
corpora=${SL_CORPORA:-$SL_SRCDIR/../shared/corpora}
[ -d "$corpora" ] || skip_all "no third-party mail at $SL_SRCDIR/../shared/corpora; SL_CORPORA can name it"

# score KIND: figures into $figures, misses as diagnostics
score() {
  figures=$("$SL_SRCDIR/tests/corpora/score" "$1" "$corpora" "$slate_bin/slate-intake" --parse 2>"$work/misses")
  [ -n "$figures" ] || sed 's/^/# /' "$work/misses"
  sed 's/^/# missed: /' "$work/misses" | cut -c1-160 | head -40
  note "$(tr '\n' ';' <<<"$figures")"
}

# at_least PER-CENT NAME DESCRIPTION: of the last score
at_least() {
  local got of
  read -r got of < <(awk -v n="$2" '$2 == n { print $3, $4 }' <<<"$figures")
  ok "$([ -n "${of:-}" ] && [ $((got * 100)) -ge $(($1 * of)) ]; echo $?)" "$3: ${got:-none} of ${of:-none}, at least $1 %"
}
