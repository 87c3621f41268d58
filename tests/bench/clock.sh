#!/bin/bash
# SPDX-License-Identifier: ISC
# What business time costs: ns a due and an elapsed over a ten-year horizon. A figure, no verdict.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
: "${SL_BUILDDIR:=$SL_SRCDIR/build}"
bench=$SL_BUILDDIR/tests/bench/clock
[ -x "$bench" ] || skip_all "tests/bench/clock is not built (make check-programs)"
figures=$("$bench")
ok $? "the calendar answers over ten years"
while read -r line; do note "$line"; done <<<"$figures"
done_testing
