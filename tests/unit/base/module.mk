# SPDX-License-Identifier: ISC
UNIT_TESTS += tests/unit/base/test-time tests/unit/base/test-json
tests_unit_base_test_time_LDADD = src/libsl-base.a $(GLIB_LIBS)
tests_unit_base_test_json_LDADD = src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
