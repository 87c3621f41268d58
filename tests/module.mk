# SPDX-License-Identifier: ISC
# Every test speaks TAP and is run by automake's driver; ./quickstart test counts the results.
TEST_EXTENSIONS = .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = /bin/bash
AM_TESTS_ENVIRONMENT = G_DEBUG=fatal-criticals; export G_DEBUG; \
	SL_SRCDIR='$(abs_top_srcdir)'; export SL_SRCDIR; SL_BUILDDIR='$(abs_top_builddir)'; export SL_BUILDDIR; \
	G_TEST_SRCDIR='$(abs_top_srcdir)'; export G_TEST_SRCDIR; TZ=UTC; export TZ; \
	LC_ALL=C.UTF-8; export LC_ALL;

UNIT_TESTS =

include tests/unit/base/module.mk
include tests/unit/sla/module.mk
include tests/unit/mail/module.mk
include tests/unit/letter/module.mk
include tests/unit/desk/module.mk
include tests/unit/wire/module.mk
include tests/unit/config/module.mk
include tests/unit/store/module.mk
include tests/unit/report/module.mk
include tests/unit/work/module.mk
include tests/unit/cli/module.mk
include tests/bench/module.mk
include tests/fuzz/module.mk
include tests/corpora/module.mk
include tests/sim/module.mk
include tests/scripts.mk

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

.PHONY: check-programs check-unit check-long
check-programs: $(check_PROGRAMS)
check-unit: check-programs
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(UNIT_TESTS)'

# The same tests for longer: a million open tickets, more random walks, other years.
check-long: check-programs
	BENCH_OPEN='1000 100000 1000000' $(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/bench/tick.sh
	for seed in 1 2 3 4 5; do SL_WALK_SEED=$$seed $(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/sim/walk || exit 1; done
	for seed in 2 3 4; do SL_SEED=$$seed $(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/sim/year.sh || exit 1; done
