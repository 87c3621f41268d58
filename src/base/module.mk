noinst_LIBRARIES += src/libsl-base.a
src_libsl_base_a_SOURCES = \
	src/base/address.c src/base/address.h \
	src/base/error.c src/base/error.h \
	src/base/json.c src/base/json.h \
	src/base/log.c src/base/log.h \
	src/base/secret.c src/base/secret.h \
	src/base/text.c src/base/text.h \
	src/base/time.c src/base/time.h \
	src/base/wall.c src/base/wall.h
src_libsl_base_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
