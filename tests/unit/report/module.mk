# SPDX-License-Identifier: ISC
REPORT_TESTS = tests/unit/report/test-figures tests/unit/report/test-replay tests/unit/report/test-text tests/unit/report/test-words
UNIT_TESTS += $(REPORT_TESTS)
REPORT_LIBS = src/libsl-report.a src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a \
	src/libsl-base.a $(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_report_test_figures_SOURCES = tests/unit/report/test-figures.c $(DESK_PURE)
tests_unit_report_test_figures_LDADD = $(REPORT_LIBS)
tests_unit_report_test_replay_SOURCES = tests/unit/report/test-replay.c $(DESK_PURE)
tests_unit_report_test_replay_LDADD = $(REPORT_LIBS)
tests_unit_report_test_text_SOURCES = tests/unit/report/test-text.c $(DESK_PURE)
tests_unit_report_test_text_LDADD = $(REPORT_LIBS)
tests_unit_report_test_words_LDADD = src/libsl-report.a $(GLIB_LIBS)
EXTRA_DIST += tests/unit/report/reports.h
