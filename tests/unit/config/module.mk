# SPDX-License-Identifier: ISC
CONFIG_TESTS = tests/unit/config/test-ics
UNIT_TESTS += $(CONFIG_TESTS)
tests_unit_config_test_ics_LDADD = src/libsl-config.a $(ICAL_LIBS) $(GLIB_LIBS)
EXTRA_DIST += tests/data/calendar/holidays.ics
