sbin_PROGRAMS += src/slated
bin_PROGRAMS += src/slate-ingest
pkglibexec_PROGRAMS += src/slate-fetch src/slate-intake src/slate-tick src/slate-send src/slate-probe src/slate-upkeep src/slate-ics

STORE_ARCHIVES = src/libsl-work.a src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a
LOW_ARCHIVES = src/libsl-mail.a src/libsl-sla.a src/libsl-wire.a src/libsl-base.a
STORE_LIBS = $(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
WORKER = src/daemon/worker.c src/daemon/worker.h

src_slated_SOURCES = src/daemon/slated.c
src_slated_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
src_slated_LDADD = src/libsl-config.a src/libsl-desk.a src/libsl-mail.a src/libsl-letter.a src/libsl-sla.a src/libsl-base.a \
	$(SYSTEMD_LIBS) $(CONFUSE_LIBS) $(GLIB_LIBS)

src_slate_ingest_SOURCES = src/daemon/ingest-main.c
src_slate_ingest_LDADD = src/libsl-work.a src/libsl-config.a src/libsl-desk.a src/libsl-mail.a src/libsl-letter.a src/libsl-sla.a \
	src/libsl-base.a $(CONFUSE_LIBS) $(GLIB_LIBS)

src_slate_fetch_SOURCES = src/daemon/fetch-main.c $(WORKER)
src_slate_fetch_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(ETPAN_LIBS) $(GNUTLS_LIBS) $(STORE_LIBS)

src_slate_intake_SOURCES = src/daemon/intake-main.c src/daemon/import.c src/daemon/import.h \
	src/daemon/outcome.c src/daemon/outcome.h src/daemon/parse.c src/daemon/parse.h $(WORKER)
src_slate_intake_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(XML_LIBS) $(GNUTLS_LIBS) $(STORE_LIBS)

src_slate_tick_SOURCES = src/daemon/tick-main.c $(WORKER)
src_slate_tick_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(STORE_LIBS)

src_slate_send_SOURCES = src/daemon/send-main.c $(WORKER)
src_slate_send_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(CURL_LIBS) $(STORE_LIBS)

src_slate_probe_SOURCES = src/daemon/probe-main.c $(WORKER)
src_slate_probe_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(CURL_LIBS) $(STORE_LIBS)

src_slate_upkeep_SOURCES = src/daemon/upkeep-main.c $(WORKER)
src_slate_upkeep_LDADD = $(STORE_ARCHIVES) $(LOW_ARCHIVES) $(STORE_LIBS)

# Alone with libical: what was downloaded is parsed far from the store.
src_slate_ics_SOURCES = src/daemon/ics-main.c
src_slate_ics_LDADD = src/libsl-config.a $(ICAL_LIBS) $(GLIB_LIBS)
