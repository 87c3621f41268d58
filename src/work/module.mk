noinst_LIBRARIES += src/libsl-work.a
src_libsl_work_a_SOURCES = \
	src/work/alert.c src/work/alert.h \
	src/work/fetch.c \
	src/work/gather.c src/work/gather.h \
	src/work/gather-probe.c \
	src/work/house.c src/work/house.h \
	src/work/import.c src/work/import.h \
	src/work/import-state.c src/work/import-state.h \
	src/work/intake.c \
	src/work/mail-files.c src/work/mail-files.h \
	src/work/probe.c \
	src/work/send.c \
	src/work/spool.c src/work/spool.h \
	src/work/stages.h \
	src/work/step.c src/work/step.h \
	src/work/suspect.c src/work/suspect.h \
	src/work/texts.c src/work/texts.h \
	src/work/tick.c \
	src/work/upkeep.c \
	src/work/wake.c src/work/wake.h \
	src/work/work.c src/work/work.h
