noinst_LIBRARIES += src/libsl-store.a
src_libsl_store_a_SOURCES = \
	src/store/agreements.c src/store/agreements.h \
	src/store/columns.c src/store/columns.h \
	src/store/db-sqlite.c src/store/db.h \
	src/store/events.c src/store/events.h \
	src/store/mails.c src/store/mails.h \
	src/store/meta.c src/store/meta.h \
	src/store/notices.c src/store/notices.h \
	src/store/outbox.c src/store/outbox.h \
	src/store/people.c src/store/people.h \
	src/store/probes.c src/store/probes.h \
	src/store/raw.c src/store/raw.h \
	src/store/record.c src/store/record.h \
	src/store/schema.c src/store/schema.h src/store/schema-private.h \
	src/store/seen.c src/store/seen.h \
	src/store/tickets.c src/store/tickets.h
src_libsl_store_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
