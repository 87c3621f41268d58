/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <string.h>

static void
test_one_line(void)
{
  static const struct {
    const char *in, *out;
  } rows[] = {
      {"plain", "plain"},
      {NULL, ""},
      {"a\r\nBcc: b", "a  Bcc: b"},
      {"\x1b[2Jwiped", " [2Jwiped"},
      {"csi \xc2\x9b" "2J", "csi  2J"}, /* U+009B is a control sequence introducer, too */
      {"del\x7f", "del "},
      {"bell\a", "bell "},
      {"raw \xff\x9b", "raw \xef\xbf\xbd\xef\xbf\xbd"},
      {"\xe2\x80\xaetxt.exe", " txt.exe"},
      {"\xe2\x81\xa6iso", " iso"},
      {"line\xe2\x80\xa8sep", "line sep"},
      {"J\xc3\xbcrgen \xe6\x97\xa5", "J\xc3\xbcrgen \xe6\x97\xa5"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *line = sl_text_one_line(rows[i].in, 200);
    g_assert_cmpstr(line, ==, rows[i].out);
  }
}

static void
test_cut(void)
{
  for (gsize most = 0; most < 12; most++) { /* never within a character */
    g_autofree char *line = sl_text_one_line("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", most);
    g_assert_cmpuint(strlen(line), ==, MIN(most / 2 * 2, 8));
    g_assert_true(g_utf8_validate(line, -1, NULL));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/text/one-line", test_one_line);
  g_test_add_func("/base/text/cut-between-characters", test_cut);
  return g_test_run();
}
