noinst_LIBRARIES += src/libsl-sla.a
src_libsl_sla_a_SOURCES = \
	src/sla/agreement.c src/sla/agreement.h \
	src/sla/agreement-json.c \
	src/sla/availability.c src/sla/availability.h \
	src/sla/calendar.c src/sla/calendar.h \
	src/sla/calendar-compile.c src/sla/calendar-private.h \
	src/sla/calendar-spec.c \
	src/sla/clock.c src/sla/clock.h \
	src/sla/clock-ledger.c \
	src/sla/clock-moves.c \
	src/sla/clock-progress.c \
	src/sla/clock-rules.c \
	src/sla/clock-time.c src/sla/clock-private.h \
	src/sla/ladder.c src/sla/ladder.h \
	src/sla/ladder-days.c src/sla/ladder-private.h \
	src/sla/moves.c src/sla/moves.h \
	src/sla/versions.c src/sla/versions.h \
	src/sla/window.c src/sla/window.h
