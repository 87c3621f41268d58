# SPDX-License-Identifier: ISC
noinst_LIBRARIES += src/libsl-report.a
src_libsl_report_a_SOURCES = \
	src/report/figures.c src/report/figures.h \
	src/report/json.c src/report/json.h \
	src/report/promises.c src/report/promises.h \
	src/report/read.c src/report/read.h \
	src/report/replay.c src/report/replay.h \
	src/report/text.c src/report/text.h \
	src/report/words.c src/report/words.h
