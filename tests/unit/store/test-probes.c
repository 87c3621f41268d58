/* SPDX-License-Identifier: ISC */
/* What probes saw: spans that grow and end, read back as the looks they were made of. */
#include "shop.h"

#include "store/probes.h"

#define T0 (G_GINT64_CONSTANT(1795186800) * SL_SECOND) /* 2026-11-20T15:00:00Z */

static SlProbeConfig *
probe_new(const char *name)
{
  SlProbeConfig *probe = g_new0(SlProbeConfig, 1);
  probe->name = g_strdup(name);
  probe->every_sec = 60;
  probe->fail_after = 3;
  probe->clients = g_ptr_array_new_with_free_func(g_free);
  return probe;
}

static void
probe_free(SlProbeConfig *probe)
{
  g_free(probe->name);
  g_ptr_array_unref(probe->clients);
  g_free(probe);
}

static gboolean
look(SlDb *db, const SlProbeConfig *probe, SlTime at, const char *why)
{
  gboolean fresh = FALSE;
  MUST(sl_probes_add(db, probe, at, why == NULL, why, &fresh, e));
  return fresh;
}

/* '+' up, 'a'-'z' down for a reason of that letter, ' ' nobody looked; a minute each from T0. */
static void
watch(SlDb *db, const SlProbeConfig *probe, const char *text)
{
  for (int i = 0; text[i]; i++) {
    char why[] = {text[i], 0};
    if (text[i] != ' ')
      look(db, probe, T0 + i * SL_MINUTE, text[i] == '+' ? NULL : why);
  }
}

static void
append_minutes(GString *text, SlTime from, SlTime to)
{
  g_string_append_printf(text, "%s%d-", text->len ? " " : "", (int)((from - T0) / SL_MINUTE));
  if (to != SL_TIME_NONE)
    g_string_append_printf(text, "%d", (int)((to - T0) / SL_MINUTE));
}

static char *
span_text(SlDb *db, const SlProbeConfig *probe, int from, int to)
{
  GError *error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GPtrArray) spans = sl_probes_spans(db, probe, T0 + from * SL_MINUTE, T0 + to * SL_MINUTE, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < spans->len; i++) {
    const SlProbeSpan *s = spans->pdata[i];
    append_minutes(text, s->seen.from, s->seen.to);
    g_string_append_printf(text, "x%d%s", (int)s->seen.n, s->seen.up ? "+" : s->why);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

#define ASSERT_SPANS(probe, from, to, wanted)                                                                                  \
  do {                                                                                                                         \
    g_autofree char *text_ = span_text(db, probe, from, to);                                                                   \
    g_assert_cmpstr(text_, ==, wanted);                                                                                        \
  } while (0)

static void
test_spans(void)
{
  g_autoptr(SlDb) db = shop_open("spans.db", FALSE);
  SlProbeConfig *one = probe_new("one"), *two = probe_new("two");
  watch(db, one, "+++aab++  ++    +");
  watch(db, two, "ccc");
  ASSERT_SPANS(one, 0, 60, "0-2x3+ 3-4x2a 5-5x1b 6-11x4+ 16-16x1+"); /* three minutes of silence go, five do not */
  ASSERT_SPANS(two, 0, 60, "0-2x3c");
  ASSERT_SPANS(one, 4, 6, "3-4x2a 5-5x1b");
  ASSERT_SPANS(one, 12, 16, "");
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM probe_span"), ==, 6);
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM probe_span WHERE (why IS NULL) <> (up = 1)"), ==, 0);
  probe_free(one);
  probe_free(two);
}

/* By hand in the second of the worker's own look, or after the clock was put back. */
static void
test_order(void)
{
  g_autoptr(SlDb) db = shop_open("order.db", FALSE);
  SlProbeConfig *one = probe_new("one");
  g_assert_true(look(db, one, T0, NULL));
  g_assert_false(look(db, one, T0, NULL));
  g_assert_true(look(db, one, T0 + SL_SECOND, "x"));
  g_assert_true(look(db, one, T0 - SL_MINUTE, "x")); /* before everything */
  look(db, one, T0 + 2 * SL_SECOND, "x");
  g_assert_cmpint(shop_int(db, "SELECT COUNT(*) FROM probe_span a JOIN probe_span b ON a.from_at < b.from_at AND a.to_at >= b.from_at"), ==, 0);
  g_assert_cmpint(shop_int(db, "SELECT SUM(n) FROM probe_span"), ==, 5);
  look(db, one, T0 + 10000 * SL_DAY, NULL); /* a clock that stood wrong once */
  g_assert_true(look(db, one, T0 + SL_MINUTE, NULL));
  g_assert_false(look(db, one, T0 + 2 * SL_MINUTE, NULL));
  probe_free(one);
}

static void
test_state(void)
{
  static const struct {
    const char *looks;
    int now, since; /* minutes; -1: never */
    const char *state, *why;
  } rows[] = {
      {"", 0, -1, "never", NULL},
      {"+++", 3, 0, "up", NULL},
      {"+++a", 4, 3, "failing", "a"},
      {"+++aab", 6, 3, "down", "b"},
      {"+++aab+", 7, 6, "up", NULL},
      {"aaa", 3, 0, "down", "a"},
      {"+aaa", 10, 1, "silent", "a"},
      {"aaa     bb", 10, 8, "failing", "b"},
      {"+++aaa+++", 5, 3, "down", "a"}, /* as of then */
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlDb) db = shop_open("state.db", FALSE);
    SlProbeConfig *one = probe_new("one");
    SlProbeState s;
    watch(db, one, rows[i].looks);
    MUST(sl_probes_state(db, one, T0 + rows[i].now * SL_MINUTE, &s, e));
    const char *state = s.at == SL_TIME_NONE ? "never" : s.silent ? "silent" : s.up ? "up" : s.outage ? "down" : "failing";
    g_test_message("'%s' at %d", rows[i].looks, rows[i].now);
    g_assert_cmpstr(state, ==, rows[i].state);
    g_assert_cmpstr(s.why, ==, rows[i].why);
    g_assert_cmpint(s.since == SL_TIME_NONE ? -1 : (s.since - T0) / SL_MINUTE, ==, rows[i].since);
    sl_probe_state_clear(&s);
    probe_free(one);
  }
}

/* ---- what is read back is what was seen ---- */

#define TICKS 40

static char *
random_looks(GRand *rand)
{
  static const char kinds[] = "++aab ";
  char *text = g_strnfill(TICKS, ' ');
  for (int i = 0; i < TICKS; i++)
    text[i] = i && g_rand_int_range(rand, 0, 3) ? text[i - 1] : kinds[g_rand_int_range(rand, 0, 6)];
  return text;
}

static GArray *
single_looks(const char *text)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  for (int i = 0; text[i]; i++) {
    SlTime t = T0 + i * SL_MINUTE;
    SlProbed p = {t, t, 1, text[i] == '+'};
    if (text[i] != ' ')
      g_array_append_val(out, p);
  }
  return out;
}

static gboolean
holds(const GArray *periods, SlTime t)
{
  for (guint i = 0; i < periods->len; i++) {
    const SlPeriod *p = &g_array_index(periods, SlPeriod, i);
    if (p->from <= t && (p->to == SL_TIME_NONE || t < p->to))
      return TRUE;
  }
  return FALSE;
}

/* Whatever window is asked for: within it the answer is that of all single looks. */
static void
test_windows(void)
{
  GRand *rand = g_rand_new_with_seed(7);
  SlProbeConfig *one = probe_new("one");
  SlTime now = T0 + TICKS * SL_MINUTE;
  g_autoptr(SlDb) db = shop_open("windows.db", FALSE);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text = random_looks(rand);
    g_autoptr(GArray) single = single_looks(text);
    const SlProbed *list = (const SlProbed *)(gconstpointer)single->data;
    g_autoptr(GArray) measured = sl_availability_measured(list, single->len, 180, now);
    g_autoptr(GArray) outages = sl_availability_outages(list, single->len, 3, 180, now);
    MUST(sl_db_begin(db, e));
    MUST(sl_db_script(db, "DELETE FROM probe_span", e));
    watch(db, one, text);
    MUST(sl_db_commit(db, e));
    for (int from = 0; from < TICKS; from += 7) {
      int to = g_rand_int_range(rand, from, TICKS + 1);
      g_autoptr(GArray) m = NULL, o = NULL;
      MUST(sl_probes_periods(db, one, T0 + from * SL_MINUTE, T0 + to * SL_MINUTE, now, &m, &o, e));
      for (SlTime t = T0 + from * SL_MINUTE; t < T0 + to * SL_MINUTE; t += SL_MINUTE) {
        if (holds(m, t) != holds(measured, t) || holds(o, t) != holds(outages, t))
          g_error("case %u '%s', window %d-%d, minute %d", i, text, from, to, (int)((t - T0) / SL_MINUTE));
      }
    }
  }
  probe_free(one);
  g_rand_free(rand);
}

static void
test_records(void)
{
  g_autoptr(SlDb) db = shop_open("records.db", FALSE);
  g_autoptr(GPtrArray) probes = g_ptr_array_new_with_free_func((GDestroyNotify)probe_free);
  g_ptr_array_add(probes, probe_new("one"));
  g_ptr_array_add(probes, probe_new("two"));
  g_ptr_array_add(((SlProbeConfig *)probes->pdata[1])->clients, g_strdup("acme"));
  watch(db, probes->pdata[0], "++++");
  watch(db, probes->pdata[1], "aaaa");
  GError *error = NULL;
  g_autoptr(GPtrArray) records = sl_probes_records(db, probes, T0, T0 + SL_HOUR, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(records->len, ==, 2);
  const SlProbeRecord *two = records->pdata[1];
  g_assert_cmpstr(two->clients->pdata[0], ==, "acme");
  g_assert_cmpint(two->silence_sec, ==, 180);
  g_assert_cmpuint(two->fail_after, ==, 3);
  g_assert_cmpuint(two->spans->len, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  shop_begin();
  g_test_add_func("/store/probes/spans", test_spans);
  g_test_add_func("/store/probes/order", test_order);
  g_test_add_func("/store/probes/state", test_state);
  g_test_add_func("/store/probes/windows", test_windows);
  g_test_add_func("/store/probes/records", test_records);
  int rc = g_test_run();
  shop_end();
  return rc;
}
