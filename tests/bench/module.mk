# SPDX-License-Identifier: ISC
# Figures, no verdicts: built with the checks, run by hand (tests/bench/*.sh).
check_PROGRAMS += tests/bench/clock
tests_bench_clock_LDADD = src/libsl-sla.a src/libsl-base.a $(GLIB_LIBS)
EXTRA_DIST += tests/bench/clock.sh

check_PROGRAMS += tests/bench/gmime
tests_bench_gmime_SOURCES = tests/bench/gmime.c
tests_bench_gmime_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS)
tests_bench_gmime_LDADD = $(GMIME_LIBS) $(GLIB_LIBS)
EXTRA_DIST += tests/bench/mail.sh

check_PROGRAMS += tests/bench/crowd
tests_bench_crowd_SOURCES = tests/bench/crowd.c
tests_bench_crowd_LDADD = src/libsl-store.a src/libsl-letter.a src/libsl-desk.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a \
	$(SQLITE_LIBS) $(GMIME_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
