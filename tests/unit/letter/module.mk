# SPDX-License-Identifier: ISC
LETTER_TESTS = tests/unit/letter/test-address tests/unit/letter/test-compose tests/unit/letter/test-mustache \
	tests/unit/letter/test-template
UNIT_TESTS += $(LETTER_TESTS)
LETTER_LIBS = src/libsl-letter.a src/libsl-base.a $(GMIME_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_letter_test_address_LDADD = $(LETTER_LIBS)
tests_unit_letter_test_compose_LDADD = $(LETTER_LIBS)
tests_unit_letter_test_mustache_LDADD = $(LETTER_LIBS)
tests_unit_letter_test_template_LDADD = $(LETTER_LIBS)
