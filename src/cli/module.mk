bin_PROGRAMS += src/slate
src_slate_SOURCES = \
	src/cli/clock.c \
	src/cli/command.h \
	src/cli/json.c src/cli/json.h \
	src/cli/locate.c src/cli/locate.h \
	src/cli/machine.c \
	src/cli/main.c \
	src/cli/maintenance.c \
	src/cli/probes.c src/cli/probes.h \
	src/cli/report.c \
	src/cli/setup.c \
	src/cli/sla.c \
	src/cli/table.c src/cli/table.h \
	src/cli/tickets.c \
	src/cli/verbs.c \
	src/cli/workers.c
src_slate_CPPFLAGS = $(AM_CPPFLAGS) $(SMARTCOLS_CFLAGS)
src_slate_LDADD = src/libsl-work.a src/libsl-report.a src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a \
	src/libsl-sla.a src/libsl-wire.a src/libsl-base.a \
	$(SMARTCOLS_LIBS) $(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
