# SPDX-License-Identifier: ISC
CONFIG_TESTS = tests/unit/config/test-agreements tests/unit/config/test-faults tests/unit/config/test-ics tests/unit/config/test-options tests/unit/config/test-promises
UNIT_TESTS += $(CONFIG_TESTS)
CONFIG_LIBS = src/libsl-config.a src/libsl-desk.a src/libsl-mail.a src/libsl-letter.a src/libsl-sla.a src/libsl-base.a \
	$(CONFUSE_LIBS) $(GLIB_LIBS)
tests_unit_config_test_agreements_LDADD = $(CONFIG_LIBS)
tests_unit_config_test_faults_LDADD = $(CONFIG_LIBS)
tests_unit_config_test_ics_LDADD = src/libsl-config.a $(ICAL_LIBS) $(GLIB_LIBS)
tests_unit_config_test_options_LDADD = $(CONFIG_LIBS)
tests_unit_config_test_promises_LDADD = $(CONFIG_LIBS)
EXTRA_DIST += tests/data/calendar/holidays.ics tests/unit/config/try.h
