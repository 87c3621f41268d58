/* SPDX-License-Identifier: ISC */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "letter/template.h"

static char *folder;

static void
put(const char *language, const char *file, const char *text)
{
  g_autofree char *dir = g_build_filename(folder, language, NULL);
  g_autofree char *path = g_build_filename(dir, file, NULL);
  g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
test_builtin(void)
{
  g_autoptr(SlTemplates) templates = sl_templates_load(NULL, NULL);
  g_autoptr(SlJson) none = sl_json_object();
  const char *const *names = sl_template_names();
  g_assert_nonnull(names[0]);
  for (guint i = 0; names[i]; i++) { /* each renders even where every field is absent */
    g_autofree char *subject = NULL, *text = NULL;
    sl_template_render(templates, names[i], "xx", none, &subject, &text);
    g_assert_null(strpbrk(subject, "\r\n"));
    g_test_message("%s", names[i]);
    g_assert_true(g_str_has_suffix(text, "\n"));
    g_assert_null(strstr(text, "{{"));
  }
}

static void
test_own(void)
{
  put("de", "ack.txt", "Subject: Eingang {{id}}\n\nHallo{{#name}} {{name}}{{/name}}\n");
  g_autoptr(GError) error = NULL;
  g_autoptr(SlTemplates) templates = sl_templates_load(folder, &error);
  g_assert_no_error(error);
  g_autoptr(SlJson) fields = sl_json_object();
  sl_json_set_int(fields, "id", 7);
  sl_json_set_string(fields, "name", "J\xc3\xbcrgen {{id}}");
  g_autofree char *subject = NULL, *text = NULL, *other_subject = NULL, *other = NULL;
  sl_template_render(templates, "ack", "de", fields, &subject, &text);
  g_assert_cmpstr(subject, ==, "Eingang 7");
  g_assert_cmpstr(text, ==, "Hallo J\xc3\xbcrgen {{id}}\n");
  sl_template_render(templates, "ack", "en", fields, &other_subject, &other);
  g_assert_nonnull(strstr(other, "we have your message"));
  g_autofree char *path = g_build_filename(folder, "de", "ack.txt", NULL);
  g_unlink(path);
}

static void
test_faults(void)
{
  static const char *const rows[][3] = {
      {"ack.txt", "Subject: x\n\n{{#name}}\n{{#by}}\n{{/name}}\n", "/de/ack.txt:4: section {{#by}} is never closed"},
      {"ack.txt", "Subject: {{#name}}x\n\n{{/name}}\n", "/de/ack.txt:1: section {{#name}} is never closed"},
      {"ack.txt", "Subject: x\n\n{{name\n", "/de/ack.txt:3: a tag is opened"},
      {"ack.txt", "Subject: x\n\n{{nmae}}\n", "nmae"},
      {"ack.txt", "Hello\n\nthere\n", "/de/ack.txt:1: a letter begins with"},
      {"ack.txt", "Subject: x\n", "/de/ack.txt:1: a letter begins with"},
      {"ack.txt", "", "/de/ack.txt:1: a letter begins with"},
      {"ack.txt", "Subject: x\n\nJ\xfcrgen\n", "it is not UTF-8"},
      {"akc.txt", "Subject: x\n\ny\n", "there is no letter \"akc\""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "de", rows[i][0], NULL);
    put("de", rows[i][0], rows[i][1]);
    g_autoptr(SlTemplates) templates = sl_templates_load(folder, &error);
    g_assert_null(templates);
    g_assert_error(error, SL_ERROR, SL_ERROR_CONFIG);
    if (!strstr(error->message, rows[i][2]))
      g_error("\"%s\" does not say \"%s\"", error->message, rows[i][2]);
    g_unlink(path);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_templates_load("/nonexistent", &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("sl-template-XXXXXX", NULL);
  g_test_add_func("/letter/template/built-in", test_builtin);
  g_test_add_func("/letter/template/own", test_own);
  g_test_add_func("/letter/template/faults", test_faults);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", folder, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(folder);
  return rc;
}
