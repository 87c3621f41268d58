noinst_LIBRARIES += src/libsl-wire.a
src_libsl_wire_a_SOURCES = \
	src/wire/curl-common.c src/wire/curl-common.h \
	src/wire/http.c src/wire/http.h \
	src/wire/imap.c \
	src/wire/imap-stream.c src/wire/imap-stream.h \
	src/wire/maildir-in.c \
	src/wire/maildir-out.c \
	src/wire/sink.c src/wire/sink.h src/wire/sink-private.h \
	src/wire/smtp.c \
	src/wire/source.c src/wire/source.h src/wire/source-private.h \
	src/wire/tls.c src/wire/tls.h \
	src/wire/tls-words.c src/wire/tls-words.h
src_libsl_wire_a_CPPFLAGS = $(AM_CPPFLAGS) $(GNUTLS_CFLAGS) $(CURL_CFLAGS)
