/* SPDX-License-Identifier: ISC */
/* The commands in an agent's mail: in the first or last block; a line a ticket; what was doubtful and is confirmed; numbers. */
#include "desk/orders.h"
#include "pure.h"

static SlPolicy *policy;

/* "take:; eta[1002]:Fri {words} | the text | unknown? suggestion | doubtful!" */
static char *
said(const SlOrders *orders)
{
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    g_string_append_printf(out, "%s%s", i ? "; " : "", sl_verb_word(order->verb));
    if (order->ticket)
      g_string_append_printf(out, "[%d]", (int)order->ticket);
    g_string_append_printf(out, ":%s", order->argument);
    if (*order->text)
      g_string_append_printf(out, " {%s}", order->text);
  }
  if (*orders->text)
    g_string_append_printf(out, " | %s", orders->text);
  if (orders->unknown)
    g_string_append_printf(out, " | %s?%s%s", orders->unknown, orders->suggestion ? " " : "", orders->suggestion ? orders->suggestion : "");
  if (orders->doubtful)
    g_string_append_printf(out, " | %s!", orders->doubtful);
  g_strdelimit(out->str, "\n", '~');
  return g_string_free(out, FALSE);
}

typedef struct {
  const char *reply, *plain, *anywhere, *named;
} Row;

static const Row rows[] = {
    {"/take", "take:", "take:", "take:"},
    {"/take 1002", "take:1002", "take:1002", "take[1002]:"},
    {"/progress #1002: it works\nmore\n\n/eta 1003 Fri 16:00", "progress:#1002: it works; eta:1003 Fri 16:00 | more",
     "progress:#1002: it works; eta:1003 Fri 16:00 | more", "progress[1002]:it works {more}; eta[1003]:Fri 16:00"},
    {"Words.\n\n/take\n\nWords.", " | Words.~~/take~~Words. | /take!", "take: | Words.~~~Words.", "take: {Words.} | Words."},
    {"/take\n/wait until Fri\n\nWords.", "take:; wait:until Fri | Words.", "take:; wait:until Fri | Words.", "take:; wait:until Fri {Words.}"},
    {"Words.\n\n/tmp is full\n\nWords.", " | Words.~~/tmp is full~~Words.", " | Words.~~/tmp is full~~Words.", " | Words.~~/tmp is full~~Words."},
    {"/Ana", " | /Ana", " | /Ana", " | /Ana"},
    {"/Marge", " | /Marge", " | /Marge", " | /Marge"}, /* an agent's name, however near to a verb */
    {"/margo", " | /margo? /merge", " | /margo? /merge", " | /margo? /merge"},
    {"/take:", "take:", "take:", "take:"},
    {"/prio: critical", "prio:critical", "prio:critical", "prio:critical"},
    {"/etaa Fri", " | /etaa? /eta", " | /etaa? /eta", " | /etaa? /eta"},
    {"/xyzzy", " | /xyzzy?", " | /xyzzy?", " | /xyzzy?"},
    {"/take/it", " | /take/it", " | /take/it", " | /take/it"},
    {"/eta 16:00", "eta:16:00", "eta:16:00", "eta:16:00"}, /* no ticket 16 */
    {"/snooze 30m", "snooze:30m", "snooze:30m", "snooze:30m"},
    {"-- \n/take", " | -- ~/take", " | -- ~/take", ""},
    {"", "", "", ""},
};

static void
test_rows(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlOrders) plain = sl_orders_read(policy, rows[i].reply);
    g_autoptr(SlOrders) anywhere = sl_orders_read_anywhere(policy, rows[i].reply);
    g_autoptr(SlOrders) named = sl_orders_read_named(policy, rows[i].reply);
    g_autofree char *a = said(plain), *b = said(anywhere), *c = said(named);
    g_test_message("row %u: %s", i, rows[i].reply);
    g_assert_cmpstr(a, ==, rows[i].plain);
    g_assert_cmpstr(b, ==, rows[i].anywhere);
    g_assert_cmpstr(c, ==, rows[i].named);
  }
}

static void
test_numbers(void)
{
  static const struct {
    const char *text, *rest;
    gint64 number;
  } numbers[] = {{"1042", "", 1042},       {"#1042", "", 1042},     {"  1042 words", "words", 1042}, {"1042: words", "words", 1042},
                 {"1042, words", "words", 1042}, {"2h", "2h", 0},    {"16:00", "16:00", 0},           {"", "", 0},
                 {"#", "#", 0},            {"words", "words", 0},   {"-5", "-5", 0}};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    const char *p = numbers[i].text;
    g_test_message("\"%s\"", numbers[i].text);
    g_assert_cmpint(sl_orders_number(&p), ==, numbers[i].number);
    g_assert_cmpstr(p, ==, numbers[i].rest);
  }
}

/* Which tickets a mail names, each once; a bound on how many. */
static void
test_tickets(void)
{
  g_autoptr(SlOrders) orders = sl_orders_read(policy, "/merge 1002\n/link #1003\n/link 1003\n/eta 7");
  g_autoptr(GArray) tickets = sl_orders_tickets(orders);
  g_assert_cmpuint(tickets->len, ==, 2);
  g_assert_cmpint(g_array_index(tickets, gint64, 0), ==, 1002);
  g_assert_cmpint(g_array_index(tickets, gint64, 1), ==, 1003);
  g_autoptr(GString) many = g_string_new(NULL);
  for (int i = 1; i <= 300; i++)
    g_string_append_printf(many, "/progress %d x\n", i);
  g_autoptr(SlOrders) named = sl_orders_read_named(policy, many->str);
  g_autoptr(GArray) most = sl_orders_tickets(named);
  g_assert_cmpuint(most->len, ==, 100);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  policy = pure_policy();
  g_ptr_array_add(policy->agents, sl_agent_new("marge"));
  g_test_add_func("/desk/orders/rows", test_rows);
  g_test_add_func("/desk/orders/numbers", test_numbers);
  g_test_add_func("/desk/orders/tickets", test_tickets);
  int rc = g_test_run();
  sl_policy_free(policy);
  return rc;
}
