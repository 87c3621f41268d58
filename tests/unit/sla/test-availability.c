/* SPDX-License-Identifier: ISC */
#include "sla/availability.h"
#include "story.h"

static SlAgreement *agreement;

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

/* "+" up, "-" down, " " nobody looked; a minute each from Monday 09:00. */
static GArray *
results(const char *text)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(SlProbed));
  for (guint i = 0; text[i]; i++) {
    SlProbed p = {at("Mon 09:00") + i * SL_MINUTE, text[i] == '+'};
    if (text[i] != ' ')
      g_array_append_val(out, p);
  }
  return out;
}

static char *
minutes(const GArray *list)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < list->len; i++) {
    const SlPeriod *p = &g_array_index(list, SlPeriod, i);
    g_string_append_printf(text, "%s%d-", i ? " " : "", (int)((p->from - at("Mon 09:00")) / SL_MINUTE));
    if (p->to != SL_TIME_NONE)
      g_string_append_printf(text, "%d", (int)((p->to - at("Mon 09:00")) / SL_MINUTE));
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_outages(void)
{
  static const struct {
    const char *results, *outages, *measured;
  } rows[] = {
      {"", "", ""},
      {"++++", "", "0-1 1-2 2-3 3-6"},
      {"+--+", "", "0-1 1-2 2-3 3-6"},         /* three failures are an outage */
      {"+---+", "1-4", "0-1 1-2 2-3 3-4 4-7"}, /* from the first of them */
      {"+-----", "1-", "0-1 1-2 2-3 3-4 4-5 5-8"},
      {"--+---+----+", "3-6 7-11", NULL},
      {"---       +", "0-5", "0-1 1-2 2-5 10-13"}, /* what nobody looked at is not known to be down */
      {"--        -+", "", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GArray) r = results(rows[i].results);
    const SlProbed *list = (const SlProbed *)(gconstpointer)r->data;
    g_autoptr(GArray) outages = sl_availability_outages(list, r->len, 3, 180);
    g_autoptr(GArray) measured = sl_availability_measured(list, r->len, 180, at("Mon 20:00"));
    g_autofree char *got = minutes(outages);
    g_autofree char *seen = minutes(measured);
    g_assert_cmpstr(got, ==, rows[i].outages);
    if (rows[i].measured)
      g_assert_cmpstr(seen, ==, rows[i].measured);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  agreement = sl_agreement_new_default();
  g_test_add_func("/sla/availability/business-hours-only", test_business_hours_only);
  g_test_add_func("/sla/availability/maintenance", test_maintenance_is_excluded);
  g_test_add_func("/sla/availability/not-measured-is-not-100", test_not_measured_is_not_100);
  g_test_add_func("/sla/availability/outages", test_outages);
  int rc = g_test_run();
  sl_agreement_free(agreement);
  return rc;
}
