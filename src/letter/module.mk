noinst_LIBRARIES += src/libsl-letter.a
src_libsl_letter_a_SOURCES = \
	src/letter/address.c src/letter/address.h \
	src/letter/compose.c src/letter/compose.h \
	src/letter/compose-gmime.c src/letter/compose-gmime.h \
	src/letter/gmime-auto.h \
	src/letter/html.c src/letter/html.h \
	src/letter/letter.c src/letter/letter.h \
	src/letter/mustache.c \
	src/letter/options.c \
	src/letter/template.c src/letter/template.h \
	src/letter/template-builtin.c src/letter/template-private.h
src_libsl_letter_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS)
