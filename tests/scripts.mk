# SPDX-License-Identifier: ISC
# The tests that are scripts: structure, agreement, whole runs, real servers.
SCRIPT_TESTS = \
	tests/check-layers.sh \
	tests/check-links.sh \
	tests/agreement/agreement.sh \
	tests/corpora/calendar.sh \
	tests/fault/http.sh \
	tests/fault/imap.sh \
	tests/fault/races.sh \
	tests/fault/smtp.sh \
	tests/sim/year.sh \
	tests/system/bad-input.sh \
	tests/system/calendar.sh \
	tests/system/command-line.sh \
	tests/system/import.sh \
	tests/system/large.sh \
	tests/system/main-job.sh \
	tests/system/probe.sh \
	tests/system/replay.sh \
	tests/system/report.sh \
	tests/system/threads.sh \
	tests/system/three-tickets.sh \
	tests/system/versions.sh \
	tests/crash/kill-workers.sh \
	tests/bench/latency.sh \
	tests/bench/pipe.sh \
	tests/bench/tick.sh
TESTS += $(SCRIPT_TESTS)
EXTRA_DIST += $(SCRIPT_TESTS) $(AGREEMENT) tests/agreement/run tests/agreement/README.txt tests/check-layers tests/check-links \
	tests/fault/fake-server tests/fault/http.txt tests/fault/imap.txt tests/fault/lib.sh tests/fault/smtp.txt \
	tests/lib/demo.sh tests/lib/folder.h tests/lib/mail-servers.sh tests/lib/slate.sh tests/lib/tap.sh tests/lib/week.sh
AGREEMENT = \
	tests/agreement/S1-calls.txt \
	tests/agreement/S1-hours.txt \
	tests/agreement/S2-acknowledge.txt \
	tests/agreement/S3-answer.txt \
	tests/agreement/S4-estimate.txt \
	tests/agreement/S5-critical.txt \
	tests/agreement/S6-progress.txt \
	tests/agreement/S7-availability.txt \
	tests/agreement/S8-proactive.txt \
	tests/agreement/S9-records.txt \
	tests/agreement/S10-waiting.txt \
	tests/agreement/S11-ladder.txt \
	tests/agreement/S12-review.txt
