#!/bin/bash
# SPDX-License-Identifier: ISC
# doc/INVARIANTS.md is what the tables of the code say.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
: "${SL_BUILDDIR:=$SL_SRCDIR/build}"
printed=$("$SL_BUILDDIR/tests/tools/print-invariants" 2>&1)
ok $? "each step of a table has its guarantee, and no other"
difference=$(diff <(printf '%s\n' "$printed") "$SL_SRCDIR/doc/INVARIANTS.md")
ok $? "doc/INVARIANTS.md is up to date: tests/tools/print-invariants >doc/INVARIANTS.md"
[ -z "$difference" ] || printf '%s\n' "$difference" | sed 's/^/# /'
done_testing
