#!/bin/bash
# SPDX-License-Identifier: ISC
# What the sender newly wrote, as four other trimmers' own tests see it; they disagree on signatures.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/corpora/corpora.sh"
slate_folder
score replies
at_least 65 exact "replies are read as those who wrote the cases read them"
at_least 100 without-loss "nothing above the first quote header is lost"
done_testing
