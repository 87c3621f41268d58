#!/bin/bash
# SPDX-License-Identifier: ISC
# Each program links only what it names; the checker finds a planted breach.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
out=$("$SL_SRCDIR/tests/check-links" "$SL_BUILDDIR")
is "$out" "" "the table of programs holds"
mkdir -p "$work/src"
cp "$SL_BUILDDIR"/src/slate* "$work/src/" 2>/dev/null
cp "$SL_BUILDDIR/src/slate-send" "$work/src/slate-ingest"
out=$("$SL_SRCDIR/tests/check-links" "$work")
is $? 1 "a program that links curl and must not is a breach"
like "$out" 'slate-ingest: links libcurl' "and is named"
rm "$work/src/slate-tick"
like "$("$SL_SRCDIR/tests/check-links" "$work")" 'slate-tick: is not built' "a missing program is a breach"
done_testing
