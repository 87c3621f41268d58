/* SPDX-License-Identifier: ISC */
#include "sla/availability.h"
#include "story.h"

static SlAgreement *agreement;
static SlTime nine; /* Monday 09:00 */

static GArray *
periods(const char *const *texts)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlPeriod));
  for (guint i = 0; texts[i]; i += 2) {
    SlPeriod p = {at(texts[i]), *texts[i + 1] ? at(texts[i + 1]) : SL_TIME_NONE};
    g_array_append_val(out, p);
  }
  return out;
}
#define PERIODS(...) periods((const char *const[]){__VA_ARGS__, NULL})

static SlAvailability
figure(const GArray *measured, const GArray *outages, const GArray *maintenance)
{
  SlAvailability f;
  sl_availability_figure(agreement->calendar, at("Mon 00:00"), at("Sat 00:00"), measured, outages, maintenance, &f);
  return f;
}

static void
test_business_hours_only(void)
{
  g_autoptr(GArray) whole = PERIODS("Mon 00:00", "Sat 00:00");
  g_autoptr(GArray) night = PERIODS("Mon 20:00", "Tue 07:00");
  g_autoptr(GArray) morning = PERIODS("Mon 20:00", "Tue 08:30");
  SlAvailability quiet = figure(whole, night, NULL), late = figure(whole, morning, NULL);
  g_assert_true(quiet.measured);
  g_assert_cmpfloat(quiet.rate, ==, 100.0);
  g_assert_cmpint(quiet.business_seconds, ==, 50 * 3600);
  g_assert_cmpint(late.down_seconds, ==, 1800);
  g_assert_cmpfloat_with_epsilon(late.rate, 99.0, 1e-9);
}

static void
test_maintenance_is_excluded(void)
{
  g_autoptr(GArray) whole = PERIODS("Mon 00:00", "Sat 00:00");
  g_autoptr(GArray) down = PERIODS("Tue 09:00", "Tue 12:00");
  g_autoptr(GArray) windows = PERIODS("Tue 10:00", "Tue 11:30", "Tue 11:00", "Tue 20:00"); /* they overlap */
  SlAvailability f = figure(whole, down, windows);
  g_assert_cmpint(f.maintenance_seconds, ==, 8 * 3600);
  g_assert_cmpint(f.measured_seconds, ==, 42 * 3600);
  g_assert_cmpint(f.down_seconds, ==, 3600); /* only what lies outside the windows */
  g_assert_cmpfloat_with_epsilon(f.rate, 100.0 * 41 / 42, 1e-9);
}

static void
test_not_measured_is_not_100(void)
{
  g_autoptr(GArray) night = PERIODS("Mon 19:00", "Tue 07:00");
  g_autoptr(GArray) half = PERIODS("Mon 08:00", "Mon 10:00", "Tue 08:00", "Tue 10:00");
  g_autoptr(GArray) down = PERIODS("Mon 09:00", ""); /* it lasts, but nobody looked all the time */
  g_autoptr(GArray) window = PERIODS("Mon 00:00", "Wed 00:00");
  g_assert_false(figure(NULL, NULL, NULL).measured);
  g_assert_false(figure(night, NULL, NULL).measured);
  SlAvailability f = figure(half, down, NULL);
  g_assert_cmpint(f.measured_seconds, ==, 4 * 3600);
  g_assert_cmpint(f.down_seconds, ==, 3 * 3600);
  g_assert_false(figure(half, NULL, window).measured); /* nothing but maintenance */
}

/* "+" up, "-" down, " " nobody looked; a minute each from Monday 09:00. Each look is a span of its own. */
static GArray *
looks(const char *text)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  for (guint i = 0; text[i]; i++) {
    SlTime t = nine + i * SL_MINUTE;
    SlProbed p = {t, t, 1, text[i] == '+'};
    if (text[i] != ' ')
      g_array_append_val(out, p);
  }
  return out;
}

static const SlProbed *
spans_of(const GArray *list)
{
  return (const SlProbed *)(gconstpointer)list->data;
}

static char *
minutes(const GArray *list)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < list->len; i++) {
    const SlPeriod *p = &g_array_index(list, SlPeriod, i);
    g_string_append_printf(text, "%s%d-", i ? " " : "", (int)((p->from - nine) / SL_MINUTE));
    if (p->to != SL_TIME_NONE)
      g_string_append_printf(text, "%d", (int)((p->to - nine) / SL_MINUTE));
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_outages(void)
{
  static const struct {
    const char *looks, *outages, *measured;
  } rows[] = {
      {"", "", ""},
      {"++++", "", "0-1 1-2 2-3 3-6"},
      {"+--+", "", "0-1 1-2 2-3 3-6"},         /* three failures are an outage */
      {"+---+", "1-4", "0-1 1-2 2-3 3-4 4-7"}, /* from the first of them */
      {"+-----", "1-", "0-1 1-2 2-3 3-4 4-5 5-8"},
      {"+-----   ", "1-8", NULL}, /* three minutes after the last look nobody knows */
      {"--+---+----+", "3-6 7-11", NULL},
      {"---       +", "0-5", "0-1 1-2 2-5 10-13"}, /* what nobody looked at is not known to be down */
      {"--        -+", "", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GArray) r = looks(rows[i].looks);
    SlTime now = nine + (SlTime)strlen(rows[i].looks) * SL_MINUTE;
    g_autoptr(GArray) outages = sl_availability_outages(spans_of(r), r->len, 3, 180, now);
    g_autoptr(GArray) measured = sl_availability_measured(spans_of(r), r->len, 180, at("Mon 20:00"));
    g_autofree char *got = minutes(outages);
    g_autofree char *seen = minutes(measured);
    g_assert_cmpstr(got, ==, rows[i].outages);
    if (rows[i].measured)
      g_assert_cmpstr(seen, ==, rows[i].measured);
  }
}

/* ---- spans say what the single looks say ---- */

#define TICKS 40

typedef struct {
  GRand *rand;
  char looks[TICKS + 1], whys[TICKS + 1]; /* as above; a down look's reason */
  guint fail_after;
  gint64 silence; /* in minutes */
  GArray *single, *spans;
} Case;

static void
make_case(Case *c)
{
  int mood = g_rand_int_range(c->rand, 1, 10);
  c->fail_after = (guint)g_rand_int_range(c->rand, 1, 6);
  c->silence = g_rand_int_range(c->rand, 1, 6);
  for (int i = 0; i < TICKS; i++) {
    int dice = g_rand_int_range(c->rand, 0, 10);
    gboolean same = i > 0 && g_rand_int_range(c->rand, 0, 3) > 0;
    c->looks[i] = same ? c->looks[i - 1] : dice == 0 || dice == 1 ? ' ' : dice < mood ? '+' : '-';
    c->whys[i] = (char)('a' + g_rand_int_range(c->rand, 0, 2));
  }
  c->single = looks(c->looks);
}

/* As the store keeps them: alike (with the same reason, too) and not after too long a silence. */
static void
gather_spans(Case *c)
{
  SlProbed *last = NULL;
  char last_why = 0;
  c->spans = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  for (int i = 0; i < TICKS; i++) {
    SlTime t = nine + i * SL_MINUTE;
    SlProbed p = {t, t, 1, c->looks[i] == '+'};
    char why = p.up ? 0 : c->whys[i];
    if (c->looks[i] == ' ')
      continue;
    if (last && last->up == p.up && last_why == why && t - last->to <= c->silence * SL_MINUTE) {
      last->to = t;
      last->n++;
      continue;
    }
    g_array_append_val(c->spans, p);
    last = &g_array_index(c->spans, SlProbed, c->spans->len - 1);
    last_why = why;
  }
}

/* What a person would say of minute `t`, looking at the letters: '+', '-' in an outage, ' ' not measured. */
static char
by_hand(const Case *c, int t)
{
  int last = t, first, n = 0;
  while (last >= 0 && c->looks[last] == ' ')
    last--;
  if (last < 0 || t - last >= c->silence)
    return ' ';
  if (c->looks[last] == '+')
    return '+';
  first = last;
  for (int i = last, gap = 0; i >= 0 && c->looks[i] != '+' && gap <= c->silence; i--) {
    gap = c->looks[i] == ' ' ? gap + 1 : 1;
    n += c->looks[i] == '-';
    first = c->looks[i] == '-' ? i : first;
  }
  for (int i = last + 1, gap = 1; i < TICKS && c->looks[i] != '+' && gap <= c->silence; i++) {
    gap = c->looks[i] == ' ' ? gap + 1 : 1;
    n += c->looks[i] == '-';
  }
  return n >= (int)c->fail_after && first <= t ? '-' : '+';
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

static char *
by_periods(const Case *c, const GArray *spans)
{
  SlTime now = nine + TICKS * SL_MINUTE;
  g_autoptr(GArray) outages = sl_availability_outages(spans_of(spans), spans->len, c->fail_after, c->silence * 60, now);
  g_autoptr(GArray) measured = sl_availability_measured(spans_of(spans), spans->len, c->silence * 60, now);
  char *text = g_strnfill(TICKS, ' ');
  for (int i = 0; i < TICKS; i++) {
    SlTime t = nine + i * SL_MINUTE;
    gboolean down = holds(outages, t), seen = holds(measured, t);
    text[i] = down ? (seen ? '-' : '!') : seen ? '+' : ' '; /* an outage is always measured */
  }
  return text;
}

static void
test_spans_are_looks(void)
{
  Case c = {.rand = g_rand_new_with_seed(99)};
  guint shorter = 0, outages = 0;
  for (guint i = 0; i < 10000; i++) {
    char wanted[TICKS + 1] = "";
    make_case(&c);
    gather_spans(&c);
    for (int t = 0; t < TICKS; t++)
      wanted[t] = by_hand(&c, t);
    g_autofree char *single = by_periods(&c, c.single);
    g_autofree char *spans = by_periods(&c, c.spans);
    if (strcmp(single, wanted) != 0 || strcmp(spans, wanted) != 0)
      g_error("case %u, silence %d, fail_after %u\n'%s'\n'%s' by hand\n'%s' by looks\n'%s' by spans", i, (int)c.silence, c.fail_after, c.looks,
              wanted, single, spans);
    shorter += c.spans->len < c.single->len;
    outages += strchr(wanted, '-') != NULL;
    g_array_unref(c.single);
    g_array_unref(c.spans);
  }
  g_assert_cmpuint(shorter, >, 9000); /* the cases are worth something */
  g_assert_cmpuint(outages, >, 3000);
  g_rand_free(c.rand);
}

/* ---- several probes ---- */

static void
add_record(GPtrArray *records, const char *client, const char *text)
{
  SlProbeRecord *r = g_new0(SlProbeRecord, 1);
  r->clients = g_ptr_array_new_with_free_func(g_free);
  if (client)
    g_ptr_array_add(r->clients, g_strdup(client));
  r->fail_after = 2;
  r->silence_sec = 60;
  r->spans = looks(text);
  g_ptr_array_add(records, r);
}

static void
test_several(void)
{
  static const struct {
    const char *client;
    int measured, down; /* minutes */
  } rows[] = {{"acme", 10, 5}, {"blau", 7, 4}, {"sunbelt", 6, 2}, {NULL, 10, 5}};
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)sl_probe_record_free);
  add_record(records, NULL, "+--+++    ");   /* everybody's */
  add_record(records, "acme", "    +--++---"); /* of acme alone: from its own look on */
  add_record(records, "blau", "+++++--");      /* measured longer than everybody's */
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    SlAvailability f;
    sl_availability_of(records, rows[i].client, agreement->calendar, nine, nine + 10 * SL_MINUTE, nine + 30 * SL_MINUTE, NULL, &f);
    g_test_message("%s", rows[i].client ? rows[i].client : "all");
    g_assert_cmpint(f.measured_seconds, ==, rows[i].measured * 60);
    g_assert_cmpint(f.down_seconds, ==, rows[i].down * 60);
  }
  SlAvailability none;
  g_ptr_array_set_size(records, 0);
  sl_availability_of(records, "acme", agreement->calendar, nine, nine + 10 * SL_MINUTE, nine + 30 * SL_MINUTE, NULL, &none);
  g_assert_false(none.measured);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  nine = at("Mon 09:00");
  g_test_add_func("/sla/availability/business-hours-only", test_business_hours_only);
  g_test_add_func("/sla/availability/maintenance", test_maintenance_is_excluded);
  g_test_add_func("/sla/availability/not-measured-is-not-100", test_not_measured_is_not_100);
  g_test_add_func("/sla/availability/outages", test_outages);
  g_test_add_func("/sla/availability/spans-are-looks", test_spans_are_looks);
  g_test_add_func("/sla/availability/several-probes", test_several);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
