noinst_LIBRARIES += src/libsl-desk.a
src_libsl_desk_a_SOURCES = \
	src/desk/assign.c src/desk/assign.h \
	src/desk/event.c src/desk/event.h \
	src/desk/orders.c src/desk/orders.h \
	src/desk/policy.c src/desk/policy.h \
	src/desk/stimulus.c src/desk/stimulus.h \
	src/desk/ticket.c src/desk/ticket.h \
	src/desk/triage.c src/desk/triage.h \
	src/desk/when.c src/desk/when.h \
	src/desk/decide.h src/desk/decision.h src/desk/facts.h src/desk/route.h
