# SPDX-License-Identifier: ISC
# Third-party mail, which is not part of this package: each test says so and is skipped where it is not there.
CORPORA_TESTS = tests/corpora/bounces.sh tests/corpora/broken.sh tests/corpora/origins.sh tests/corpora/replies.sh \
	tests/corpora/threads.sh
TESTS += $(CORPORA_TESTS)
EXTRA_DIST += $(CORPORA_TESTS) tests/corpora/corpora.sh tests/corpora/score
