#!/bin/bash
# SPDX-License-Identifier: ISC
# Bounces of a hundred mail servers: recipient and status, what is a failure, and which letter came back.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/corpora/corpora.sh"
slate_folder
score core
at_least 100 recipient-and-status "where two readers agree, recipient and status are read"
at_least 100 delays-not-counted "a letter that may still arrive, or ran out of time, is no hard failure"
at_least 95 returned-id "the letter that came back is known by its Message-ID"
score bounces
at_least 97 classed "other bounces are classed as such"
at_least 100 reports-not-answered "complaints and vacation notes are no person's mail"
at_least 100 delays-not-counted "a letter that may still arrive, or ran out of time, is no hard failure"
at_least 90 recipients-found "the recipient is found in the prose of servers"
at_least 95 returned-id "the letter that came back is known by its Message-ID"
done_testing
