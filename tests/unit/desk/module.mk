# SPDX-License-Identifier: ISC
DESK_TESTS = tests/unit/desk/test-policy tests/unit/desk/test-when tests/unit/desk/test-triage tests/unit/desk/test-orders tests/unit/desk/test-assign
check_PROGRAMS += $(DESK_TESTS)
TESTS += $(DESK_TESTS)
DESK_LIBS = src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_desk_test_policy_LDADD = $(DESK_LIBS)
tests_unit_desk_test_when_LDADD = $(DESK_LIBS)
tests_unit_desk_test_triage_LDADD = $(DESK_LIBS)
tests_unit_desk_test_orders_LDADD = $(DESK_LIBS)
tests_unit_desk_test_assign_LDADD = $(DESK_LIBS)
