# SPDX-License-Identifier: ISC
noinst_LIBRARIES += src/libsl-mail.a
src_libsl_mail_a_SOURCES = \
	src/mail/attach.c src/mail/attach.h \
	src/mail/addresses.c src/mail/addresses.h \
	src/mail/bounce.c src/mail/bounce.h \
	src/mail/clean.c src/mail/clean.h \
	src/mail/dsn.c src/mail/dsn.h \
	src/mail/enclosed.c src/mail/enclosed.h \
	src/mail/fields.c src/mail/fields.h \
	src/mail/forward.c src/mail/forward.h \
	src/mail/gmime-auto.h \
	src/mail/head.c src/mail/head.h \
	src/mail/key.c src/mail/key.h \
	src/mail/mail.c src/mail/mail.h \
	src/mail/origin-bounce.c src/mail/origin-bounce.h \
	src/mail/origin-decide.c src/mail/origin-decide.h \
	src/mail/origin.c src/mail/origin.h \
	src/mail/parse.c src/mail/parse.h \
	src/mail/parts.c src/mail/parts.h \
	src/mail/prose.c src/mail/prose.h \
	src/mail/quote-words.c src/mail/quote-words.h \
	src/mail/quote.c src/mail/quote.h \
	src/mail/receipt.c src/mail/receipt.h \
	src/mail/rescue.c src/mail/rescue.h \
	src/mail/scan.c src/mail/scan.h \
	src/mail/smime.c src/mail/smime.h \
	src/mail/sns.c src/mail/sns.h \
	src/mail/subjects.c src/mail/subjects.h \
	src/mail/tame.c src/mail/tame.h \
	src/mail/text.c src/mail/text.h \
	src/mail/trust.c src/mail/trust.h \
	src/mail/uu.c src/mail/uu.h \
	src/mail/when.c src/mail/when.h \
	src/mail/words.c src/mail/words.h
src_libsl_mail_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(XML_CFLAGS) $(GNUTLS_CFLAGS)
