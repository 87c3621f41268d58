#!/bin/bash
# SPDX-License-Identifier: ISC
# Real mails, broken as mail is broken on its way, through every entry point of the reader. SL_MUTANTS of them, from SL_SEED; a failure names
# its seed.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
corpora=${SL_CORPORA:-$SL_SRCDIR/../shared/corpora}
shopt -s nullglob
files=("$SL_SRCDIR"/tests/data/mail/*.eml "$corpora"/{bounces,broken,origins,threads}/*.eml)
seed=${SL_SEED:-1} n=${SL_MUTANTS:-600}
mkdir "$work/mutants"
"$SL_SRCDIR/tests/fuzz/mutate" "$seed" "$n" "$work/mutants" "${files[@]}"
is "$(ls "$work/mutants" | wc -l)" "$n" "$n mutants of ${#files[@]} mails, seed $seed"
"$SL_BUILDDIR/tests/fuzz/replay" "$work/mutants" >"$work/replay.log" 2>&1
is $? 0 "every entry point reads them"
sed 's/^/# /' "$work/replay.log"
done_testing
