# SPDX-License-Identifier: ISC
DESK_TESTS = tests/unit/desk/test-desk
UNIT_TESTS += $(DESK_TESTS)
DESK_LIBS = src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_desk_test_desk_LDADD = $(DESK_LIBS)
