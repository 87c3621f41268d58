#!/bin/bash
# SPDX-License-Identifier: ISC
# Every entry point of the reader over the kept findings, our own mails and, where they are there, the corpora.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
corpora=${SL_CORPORA:-$SL_SRCDIR/../shared/corpora}
folders=("$SL_SRCDIR/tests/fuzz/seeds" "$SL_SRCDIR/tests/data/mail")
for folder in bounces broken origins replies threads; do
  [ -d "$corpora/$folder" ] && folders+=("$corpora/$folder")
done
[ ${#folders[@]} -gt 2 ] || note "no third-party mail beside the checkout: only our own is replayed"
exec "$SL_BUILDDIR/tests/fuzz/replay" "${folders[@]}"
