# SPDX-License-Identifier: ISC
# The small rules alone, then whole scenes through the real step on a real store.
DESK_TESTS = tests/unit/desk/test-draft tests/unit/desk/test-act tests/unit/desk/test-decision tests/unit/desk/test-triage tests/unit/desk/test-when tests/unit/desk/test-orders tests/unit/desk/test-delivery tests/unit/desk/test-bundle tests/unit/desk/test-alarm tests/unit/desk/test-receive tests/unit/desk/test-outside tests/unit/desk/test-arrive tests/unit/desk/test-desk tests/unit/desk/test-policy tests/unit/desk/test-route tests/unit/desk/test-status tests/unit/desk/test-ticket
DESK_SCENES = tests/unit/desk/test-stories tests/unit/desk/test-verbs
UNIT_TESTS += $(DESK_TESTS) $(DESK_SCENES)
DESK_LIBS = src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
DESK_WORLD = tests/unit/desk/world.c tests/unit/desk/world.h
DESK_WORLD_LIBS = src/libsl-work.a src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a \
	src/libsl-sla.a src/libsl-wire.a src/libsl-base.a $(XML_LIBS) $(GNUTLS_LIBS) $(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
DESK_PURE = tests/unit/desk/pure.c tests/unit/desk/pure.h
tests_unit_desk_test_desk_LDADD = $(DESK_LIBS)
tests_unit_desk_test_arrive_SOURCES = tests/unit/desk/test-arrive.c $(DESK_PURE)
tests_unit_desk_test_arrive_LDADD = $(DESK_LIBS)
tests_unit_desk_test_outside_SOURCES = tests/unit/desk/test-outside.c $(DESK_PURE)
tests_unit_desk_test_outside_LDADD = $(DESK_LIBS)
tests_unit_desk_test_receive_SOURCES = tests/unit/desk/test-receive.c $(DESK_PURE)
tests_unit_desk_test_receive_LDADD = $(DESK_LIBS)
tests_unit_desk_test_alarm_SOURCES = tests/unit/desk/test-alarm.c $(DESK_PURE)
tests_unit_desk_test_alarm_LDADD = $(DESK_LIBS)
tests_unit_desk_test_bundle_SOURCES = tests/unit/desk/test-bundle.c $(DESK_PURE)
tests_unit_desk_test_bundle_LDADD = $(DESK_LIBS)
tests_unit_desk_test_delivery_SOURCES = tests/unit/desk/test-delivery.c $(DESK_PURE)
tests_unit_desk_test_delivery_LDADD = $(DESK_LIBS)
tests_unit_desk_test_orders_SOURCES = tests/unit/desk/test-orders.c $(DESK_PURE)
tests_unit_desk_test_orders_LDADD = $(DESK_LIBS)
tests_unit_desk_test_when_SOURCES = tests/unit/desk/test-when.c $(DESK_PURE)
tests_unit_desk_test_when_LDADD = $(DESK_LIBS)
tests_unit_desk_test_triage_SOURCES = tests/unit/desk/test-triage.c $(DESK_PURE)
tests_unit_desk_test_triage_LDADD = $(DESK_LIBS)
tests_unit_desk_test_decision_SOURCES = tests/unit/desk/test-decision.c $(DESK_PURE)
tests_unit_desk_test_decision_LDADD = $(DESK_LIBS)
tests_unit_desk_test_act_SOURCES = tests/unit/desk/test-act.c $(DESK_PURE)
tests_unit_desk_test_act_LDADD = $(DESK_LIBS)
tests_unit_desk_test_draft_SOURCES = tests/unit/desk/test-draft.c $(DESK_PURE)
tests_unit_desk_test_draft_LDADD = $(DESK_LIBS)
tests_unit_desk_test_policy_SOURCES = tests/unit/desk/test-policy.c $(DESK_PURE)
tests_unit_desk_test_policy_LDADD = $(DESK_LIBS)
tests_unit_desk_test_route_SOURCES = tests/unit/desk/test-route.c $(DESK_PURE)
tests_unit_desk_test_route_LDADD = $(DESK_LIBS)
tests_unit_desk_test_status_LDADD = $(DESK_LIBS)
tests_unit_desk_test_ticket_SOURCES = tests/unit/desk/test-ticket.c tests/unit/desk/ticket-rows.h $(DESK_PURE)
tests_unit_desk_test_ticket_LDADD = $(DESK_LIBS)
tests_unit_desk_test_stories_SOURCES = tests/unit/desk/test-stories.c tests/unit/desk/story.c tests/unit/desk/story.h \
	tests/unit/desk/story-does.c tests/unit/desk/story-is.c $(DESK_WORLD)
tests_unit_desk_test_stories_LDADD = $(DESK_WORLD_LIBS)
tests_unit_desk_test_verbs_SOURCES = tests/unit/desk/test-verbs.c $(DESK_WORLD)
tests_unit_desk_test_verbs_LDADD = $(DESK_WORLD_LIBS)
EXTRA_DIST += tests/data/desk/README.txt tests/data/desk/slate.conf \
	tests/data/desk/bad-input.txt tests/data/desk/bundles.txt tests/data/desk/clock.txt tests/data/desk/verbs-by-status.txt tests/data/desk/verbs.txt tests/data/desk/who-agents.txt tests/data/desk/who-customers.txt

# States and guarantees: the document is printed from the tables.
check_PROGRAMS += tests/tools/print-invariants
tests_tools_print_invariants_LDADD = src/libsl-store.a src/libsl-config.a src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a \
	src/libsl-base.a $(GMIME_LIBS) $(SQLITE_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
TESTS += tests/tools/invariants.sh
EXTRA_DIST += tests/tools/invariants.sh
