# SPDX-License-Identifier: ISC
UNIT_TESTS += tests/unit/wire/test-maildir
tests_unit_wire_test_maildir_LDADD = src/libsl-wire.a src/libsl-base.a $(ETPAN_LIBS) $(CURL_LIBS) $(GNUTLS_LIBS) $(GLIB_LIBS)
