# SPDX-License-Identifier: ISC
# The whole desk under virtual time, on a real store.
SIM_TESTS = tests/sim/walk
TESTS += $(SIM_TESTS)
check_PROGRAMS += $(SIM_TESTS)
tests_sim_walk_SOURCES = tests/sim/walk.c tests/sim/walk.h tests/sim/walk-check.c tests/sim/walk-people.c
tests_sim_walk_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_sim_walk_LDADD = src/libsl-report.a $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(XML_LIBS) $(GNUTLS_LIBS) $(STORE_LIBS)

# A year of tickets, to be compared with the model beside it (tests/sim/year.sh).
check_PROGRAMS += tests/sim/year
tests_sim_year_SOURCES = tests/sim/year.c tests/sim/year.h tests/sim/year-disk.c tests/sim/year-people.c tests/sim/year-post.c
tests_sim_year_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_sim_year_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sl_db_begin,--wrap=sl_db_commit,--wrap=sl_db_rollback
tests_sim_year_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(XML_LIBS) $(GNUTLS_LIBS) $(CURL_LIBS) $(STORE_LIBS)
EXTRA_DIST += tests/sim/year-scenario.py tests/sim/year-model.py tests/sim/year-compare.py tests/sim/year-east.conf tests/sim/year-berlin.conf \
	tests/sim/model/__init__.py tests/sim/model/agreement.py tests/sim/model/clocks.py tests/sim/model/closing.py tests/sim/model/desk.py \
	tests/sim/model/hours.py tests/sim/model/ladder.py tests/sim/model/post.py tests/sim/model/ticket.py tests/sim/model/updates.py
