/* SPDX-License-Identifier: ISC */
#include "report/words.h"

static void
test_percent(void)
{
  static const struct {
    guint part, whole;
    const char *wanted;
  } rows[] = {{40, 42, "95.2 %"}, {1, 2, "50 %"}, {0, 7, "0 %"}, {7, 7, "100 %"}, {9999, 10000, "99.9 %"}, {1, 10000, "0.1 %"}, {2, 3, "66.7 %"},
              {4000000000u, 4000000001u, "99.9 %"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = sl_words_percent(rows[i].part, rows[i].whole);
    g_assert_cmpstr(text, ==, rows[i].wanted);
  }
}

static void
test_share(void)
{
  static const struct {
    guint part, whole;
    const char *word, *wanted;
  } rows[] = {{40, 42, "kept", "40 of 42 kept (95.2 %)"}, {1, 2, "kept", "1 of 2 kept"}, {9, 9, NULL, "9 of 9"}, {10, 10, NULL, "10 of 10 (100 %)"},
              {0, 0, "kept", "none was due"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = sl_words_share(rows[i].part, rows[i].whole, rows[i].word);
    g_assert_cmpstr(text, ==, rows[i].wanted);
  }
}

static void
test_times(void)
{
  static const struct {
    gint64 sec;
    const char *limit, *hours, *took, *narrow;
  } rows[] = {{-1, NULL, NULL, "-", ""},
              {0, "0 s", "0 s", "0 s", "0s"},
              {41, "41 s", "41 s", "41 s", "41s"},
              {90, "1 min 30 s", "1 min 30 s", "1 min", "1m"},
              {1200, "20 min", "20 min", "20 min", "20m"},
              {7200, "2 h", "2 h", "2 h 00 min", "2h00"},
              {5400, "1 h 30 min", "1 h 30 min", "1 h 30 min", "1h30"},
              {86400, "24 h", "24 h", "24 h 00 min", "24h00"},
              {14 * 86400, "14 d", "336 h", "336 h 00 min", "336h00"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *took = sl_words_took(rows[i].sec), *narrow = sl_words_short(rows[i].sec);
    g_assert_cmpstr(took, ==, rows[i].took);
    g_assert_cmpstr(narrow, ==, rows[i].narrow);
    if (rows[i].sec < 0)
      continue;
    g_autofree char *limit = sl_words_limit(rows[i].sec), *hours = sl_words_hours(rows[i].sec);
    g_assert_cmpstr(limit, ==, rows[i].limit);
    g_assert_cmpstr(hours, ==, rows[i].hours);
  }
}

static void
test_count(void)
{
  g_autofree char *none = sl_words_count(0, "ticket"), *one = sl_words_count(1, "ticket"), *two = sl_words_count(2, "ticket");
  g_assert_cmpstr(none, ==, "0 tickets");
  g_assert_cmpstr(one, ==, "1 ticket");
  g_assert_cmpstr(two, ==, "2 tickets");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/words/percent", test_percent);
  g_test_add_func("/report/words/share", test_share);
  g_test_add_func("/report/words/times", test_times);
  g_test_add_func("/report/words/count", test_count);
  return g_test_run();
}
