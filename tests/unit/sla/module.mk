# SPDX-License-Identifier: ISC
SLA_TESTS = tests/unit/sla/test-agreement tests/unit/sla/test-availability tests/unit/sla/test-calendar tests/unit/sla/test-calendar-properties \
	tests/unit/sla/test-clock tests/unit/sla/test-clock-cases tests/unit/sla/test-clock-properties tests/unit/sla/test-clock-texts tests/unit/sla/test-ladder
UNIT_TESTS += $(SLA_TESTS)
SLA_LIBS = src/libsl-sla.a src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_sla_test_agreement_LDADD = $(SLA_LIBS)
tests_unit_sla_test_availability_LDADD = $(SLA_LIBS)
tests_unit_sla_test_calendar_LDADD = $(SLA_LIBS)
tests_unit_sla_test_calendar_properties_LDADD = $(SLA_LIBS)
tests_unit_sla_test_clock_LDADD = $(SLA_LIBS)
tests_unit_sla_test_clock_cases_LDADD = $(SLA_LIBS)
tests_unit_sla_test_clock_properties_LDADD = $(SLA_LIBS)
tests_unit_sla_test_clock_texts_LDADD = $(SLA_LIBS)
tests_unit_sla_test_ladder_LDADD = $(SLA_LIBS)
EXTRA_DIST += tests/data/calendar/business-time.txt tests/unit/sla/story.h
