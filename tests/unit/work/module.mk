# SPDX-License-Identifier: ISC
WORK_TESTS = tests/unit/work/test-alert tests/unit/work/test-intake tests/unit/work/test-spool tests/unit/work/test-suspect
UNIT_TESTS += $(WORK_TESTS)
WORK_LIBS = src/libsl-work.a src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a \
	src/libsl-base.a $(GMIME_LIBS) $(XML_LIBS) $(GNUTLS_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_work_test_alert_LDADD = $(WORK_LIBS)
tests_unit_work_test_intake_LDADD = $(WORK_LIBS)
tests_unit_work_test_spool_LDADD = $(WORK_LIBS)
tests_unit_work_test_suspect_LDADD = $(WORK_LIBS)
