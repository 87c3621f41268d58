noinst_LIBRARIES += src/libsl-desk.a
src_libsl_desk_a_SOURCES = \
	src/desk/act.c src/desk/act.h src/desk/verb-words.c src/desk/verb-people.c src/desk/verb-status.c \
	src/desk/alarm.c src/desk/alarm.h \
	src/desk/alarm-letters.c src/desk/alarm-letters.h \
	src/desk/arrive.c src/desk/arrive.h \
	src/desk/assign.c src/desk/assign.h \
	src/desk/bundle.c src/desk/bundle.h \
	src/desk/command.c src/desk/command.h \
	src/desk/decide.c src/desk/decide.h \
	src/desk/decision.c src/desk/decision.h \
	src/desk/delivery.c src/desk/delivery.h \
	src/desk/draft.c src/desk/draft.h \
	src/desk/event.c src/desk/event.h \
	src/desk/facts.c src/desk/facts.h \
	src/desk/house.c src/desk/house.h \
	src/desk/merge.c src/desk/merge.h \
	src/desk/orders.c src/desk/orders.h \
	src/desk/outside.c src/desk/outside.h \
	src/desk/policy.c src/desk/policy.h \
	src/desk/receive.c src/desk/receive.h \
	src/desk/route.c src/desk/route.h \
	src/desk/stimulus.c src/desk/stimulus.h \
	src/desk/status.c src/desk/status.h \
	src/desk/ticket.c src/desk/ticket.h src/desk/ticket-moves.c \
	src/desk/triage.c src/desk/triage.h \
	src/desk/when.c src/desk/when.h
