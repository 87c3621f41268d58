# SPDX-License-Identifier: ISC
mail_tests = tests/unit/mail/test-attach tests/unit/mail/test-bounce tests/unit/mail/test-forward tests/unit/mail/test-key tests/unit/mail/test-origin tests/unit/mail/test-parse \
	tests/unit/mail/test-quote tests/unit/mail/test-text tests/unit/mail/test-trust \
	tests/unit/mail/test-words
UNIT_TESTS += $(mail_tests)
mail_test_libs = src/libsl-mail.a src/libsl-base.a $(GMIME_LIBS) $(XML_LIBS) $(GNUTLS_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
tests_unit_mail_test_attach_LDADD = $(mail_test_libs)
tests_unit_mail_test_bounce_LDADD = $(mail_test_libs)
tests_unit_mail_test_forward_LDADD = $(mail_test_libs)
tests_unit_mail_test_key_LDADD = $(mail_test_libs)
tests_unit_mail_test_origin_LDADD = $(mail_test_libs)
tests_unit_mail_test_parse_LDADD = $(mail_test_libs)
tests_unit_mail_test_quote_LDADD = $(mail_test_libs)
tests_unit_mail_test_text_LDADD = $(mail_test_libs)
tests_unit_mail_test_trust_LDADD = $(mail_test_libs)
tests_unit_mail_test_words_LDADD = $(mail_test_libs)
EXTRA_DIST += \
	tests/data/mail/alternative-with-files.eml \
	tests/data/mail/auto-reply.eml \
	tests/data/mail/bounce.eml \
	tests/data/mail/charset-ascii-is-utf8.eml \
	tests/data/mail/charset-gb2312.eml \
	tests/data/mail/charset-latin1-euro.eml \
	tests/data/mail/charset-latin1-is-utf8.eml \
	tests/data/mail/charset-unknown.eml \
	tests/data/mail/charset-utf8-is-latin1.eml \
	tests/data/mail/duplicate-subject.eml \
	tests/data/mail/hidden-characters.eml \
	tests/data/mail/html-only.eml \
	tests/data/mail/list.eml \
	tests/data/mail/no-from.eml \
	tests/data/mail/nul-bytes.eml \
	tests/data/mail/own-letter.eml \
	tests/data/mail/plain.eml \
	tests/data/mail/raw-header-latin1.eml \
	tests/data/mail/references-junk.eml \
	tests/data/mail/reply.eml \
	tests/data/mail/smime-encrypted.eml \
	tests/data/mail/smime-signed.eml \
	tests/data/mail/subject-crlf.eml \
	tests/data/mail/trusted.eml
