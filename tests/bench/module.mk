# SPDX-License-Identifier: ISC
# Figures, no verdicts: built with the checks, run by hand (tests/bench/*.sh).
check_PROGRAMS += tests/bench/clock
tests_bench_clock_LDADD = src/libsl-sla.a src/libsl-base.a $(GLIB_LIBS)
EXTRA_DIST += tests/bench/clock.sh
