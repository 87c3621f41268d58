# SPDX-License-Identifier: ISC
BASE_TESTS = tests/unit/base/test-error tests/unit/base/test-json tests/unit/base/test-log tests/unit/base/test-secret \
	tests/unit/base/test-text tests/unit/base/test-time
UNIT_TESTS += $(BASE_TESTS)
tests_unit_base_test_error_LDADD = src/libsl-base.a $(GLIB_LIBS)
tests_unit_base_test_json_LDADD = src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_base_test_log_LDADD = src/libsl-base.a $(GLIB_LIBS)
tests_unit_base_test_secret_LDADD = src/libsl-base.a $(GLIB_LIBS)
tests_unit_base_test_text_LDADD = src/libsl-base.a $(GLIB_LIBS)
tests_unit_base_test_time_LDADD = src/libsl-base.a $(GLIB_LIBS)
