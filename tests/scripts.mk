# SPDX-License-Identifier: ISC
# The tests that are scripts: structure, agreement, whole runs, real servers.
SCRIPT_TESTS = \
	tests/check-layers.sh \
	tests/check-links.sh \
	tests/agreement/agreement.sh \
	tests/system/bad-input.sh \
	tests/system/main-job.sh
TESTS += $(SCRIPT_TESTS)
EXTRA_DIST += $(SCRIPT_TESTS) tests/check-layers tests/check-links \
	tests/lib/demo.sh tests/lib/mail-servers.sh tests/lib/slate.sh tests/lib/tap.sh
