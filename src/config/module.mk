noinst_LIBRARIES += src/libsl-config.a
src_libsl_config_a_SOURCES = \
	src/config/check.c \
	src/config/config.h \
	src/config/holidays.c src/config/holidays.h \
	src/config/ics.c src/config/ics.h \
	src/config/load.c src/config/load.h \
	src/config/load-calendars.c \
	src/config/load-mail.c \
	src/config/load-people.c \
	src/config/load-probes.c \
	src/config/load-promises.c \
	src/config/scan.c src/config/scan.h \
	src/config/table.c src/config/table.h \
	src/config/values.c src/config/values.h
src_libsl_config_a_CPPFLAGS = $(AM_CPPFLAGS) $(CONFUSE_CFLAGS) $(ICAL_CFLAGS)
