# SPDX-License-Identifier: ISC
# What a stranger's bytes can reach: by libFuzzer (--enable-fuzzers), and replayed over seeds, our mails and the corpora.
FUZZ_TARGETS = tests/fuzz/targets.c tests/fuzz/targets.h
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(GMIME_CFLAGS)
check_PROGRAMS += tests/fuzz/replay
tests_fuzz_replay_SOURCES = tests/fuzz/replay.c $(FUZZ_TARGETS)
tests_fuzz_replay_CPPFLAGS = $(FUZZ_CPPFLAGS)
FUZZ_LIBS = src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a $(GMIME_LIBS) $(XML_LIBS) $(GNUTLS_LIBS) $(JANSSON_LIBS) \
	$(GLIB_LIBS)
tests_fuzz_replay_LDADD = $(FUZZ_LIBS)
if FUZZERS
check_PROGRAMS += tests/fuzz/fuzz
endif
EXTRA_PROGRAMS = tests/fuzz/fuzz
tests_fuzz_fuzz_SOURCES = tests/fuzz/fuzz.c $(FUZZ_TARGETS)
tests_fuzz_fuzz_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_LDADD = $(FUZZ_LIBS)
TESTS += tests/fuzz/replay.sh tests/fuzz/mutants.sh tests/fuzz/worst.sh
EXTRA_DIST += tests/fuzz/replay.sh tests/fuzz/mutants.sh tests/fuzz/mutate tests/fuzz/worst tests/fuzz/worst.sh tests/fuzz/seeds tests/fuzz/mail.dict
