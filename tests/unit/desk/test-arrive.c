/* SPDX-License-Identifier: ISC */
/* A new ticket, whoever it came by: what is decided, in one line. */
#include "pure.h"

static SlPolicy *policy;

static const PureMail rows[] = {
    {"a client", NULL, "Tue 10:00", SL_ROUTE_NEW, MARIA, "I cannot log in.", SL_SCOPE_NONE, FALSE, "new received by customer; new assigned by slate agent=ana how=least-open; letter ack to maria@acme-pools.example; letter assignment to ana@poologics.example (1); = new"},
    {"a stranger", NULL, "Tue 10:00", SL_ROUTE_NEW, ELSE, "Hello", SL_SCOPE_NONE, FALSE, "new received by customer; new assigned by slate agent=ana how=least-open; letter ack to somebody@nowhere.example; letter assignment to ana@poologics.example (1); = new"},
    {"at night", NULL, "Tue 22:00", SL_ROUTE_NEW, MARIA, "I cannot log in.", SL_SCOPE_NONE, FALSE, "new received by customer; new assigned by slate agent=ana how=least-open; letter ack to maria@acme-pools.example; letter assignment to ana@poologics.example (1); = new"},
    {"the agreement's critical case", NULL, "Tue 10:00", SL_ROUTE_NEW, MARIA, "We cannot create the estimate.", SL_SCOPE_NONE, FALSE, "new received by customer critical; new assigned by slate agent=ana how=least-open; letter ack to maria@acme-pools.example; letter assignment to ana@poologics.example (1); = new"},
    {"bulk", NULL, "Tue 10:00", SL_ROUTE_BULK, MARIA, "News", SL_SCOPE_NONE, FALSE, "new received by customer silent; = bulk"},
    {"bulk of nobody", NULL, "Tue 10:00", SL_ROUTE_BULK, NULL, "News", SL_SCOPE_NONE, FALSE, "new received by customer silent; new assigned by slate agent=ana how=least-open; letter assignment to ana@poologics.example (1); = bulk"},
    {"a call", NULL, "Tue 10:00", SL_ROUTE_CALL, ANA, "maria@acme-pools.example called", SL_SCOPE_PHONE, FALSE, "new received by agent:ana; new noted by agent:ana how=phone; new assigned by slate agent=ana how=least-open; new acknowledged by agent:ana; letter assignment to ana@poologics.example (1); letter receipt to ana@poologics.example (m5); = new"},
    {"a chat", NULL, "Tue 10:00", SL_ROUTE_CALL, ANA, "maria@acme-pools.example wrote", SL_SCOPE_CHAT, FALSE, "new received by agent:ana; new noted by agent:ana how=chat; new assigned by slate agent=ana how=least-open; new acknowledged by agent:ana; letter assignment to ana@poologics.example (1); letter receipt to ana@poologics.example (m5); = new"},
    {"an agent wrote first", NULL, "Tue 10:00", SL_ROUTE_INITIATED, BILL, "The new price list", SL_SCOPE_NONE, FALSE, "new received by agent:bill; new assigned by slate agent=bill how=wrote first; new answered by agent:bill how=outside; letter assignment to bill@poologics.example (1); letter receipt to bill@poologics.example (m5); = outgoing"},
};

static void
test_row(gconstpointer data)
{
  const PureMail *row = data;
  g_autofree char *got = pure_mail_told(policy, row);
  g_assert_cmpstr(got, ==, row->wanted);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  pure_add_mail_tests("/desk/arrive", rows, G_N_ELEMENTS(rows), test_row);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
