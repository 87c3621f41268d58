#!/bin/bash
# SPDX-License-Identifier: ISC
# Who wrote: no machine is answered, every person is.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/corpora/corpora.sh"
slate_folder
score origins
at_least 100 no "no machine is answered"
at_least 100 yes "every person is"
done_testing
