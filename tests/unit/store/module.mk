# SPDX-License-Identifier: ISC
STORE_TESTS = tests/unit/store/test-events tests/unit/store/test-outbox tests/unit/store/test-probes tests/unit/store/test-raw \
	tests/unit/store/test-rows tests/unit/store/test-schema
UNIT_TESTS += $(STORE_TESTS)
STORE_TEST_LIBS = src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a \
	$(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_store_test_events_LDADD = $(STORE_TEST_LIBS)
tests_unit_store_test_outbox_LDADD = $(STORE_TEST_LIBS)
tests_unit_store_test_probes_LDADD = $(STORE_TEST_LIBS)
tests_unit_store_test_rows_LDADD = $(STORE_TEST_LIBS)
tests_unit_store_test_raw_LDADD = $(STORE_TEST_LIBS)
tests_unit_store_test_schema_LDADD = $(STORE_TEST_LIBS)
EXTRA_DIST += tests/unit/store/shop.h
