/* SPDX-License-Identifier: ISC */
/* The Mustache subset by the cases of its specification (where they lie beside the tree), and what is ours. */
#include <string.h>

#include "base/error.h"
#include "letter/template.h"

static SlJson *
json(const char *text)
{
  GError *error = NULL;
  SlJson *value = sl_json_parse(text, -1, &error);
  g_assert_no_error(error);
  return value;
}

static void
test_rendering(void)
{
  static const char *const rows[][3] = {
      /* template, fields, what comes out */
      {"a {{x}} b", "{\"x\":\"1\"}", "a 1 b"},
      {"a {{x}} b", "{}", "a  b"},
      {"{{x}}", "{\"x\":\"{{y}} {{{y}}} {{#y}}\",\"y\":\"never\"}", "{{y}} {{{y}}} {{#y}}"}, /* a value is no template */
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"false\"}", "yes"},                          /* a subject may be any word */
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"[]\"}", "yes"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"null\"}", "yes"},
      {"{{x}}", "{\"x\":\"null\"}", "null"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"\"}", "no"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":false}", "no"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":null}", "no"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":[]}", "no"},
      {"{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":{}}", "yes"},
      {"{{#l}}({{id}}){{/l}}", "{\"l\":[{\"id\":1},{\"id\":2}]}", "(1)(2)"},
      {"{{#l}}({{.}}){{/l}}", "{\"l\":[\"a\",\"b\"]}", "(a)(b)"},
      {"{{#l}}{{id}}{{top}}{{/l}}", "{\"l\":[{\"id\":1}],\"top\":\"T\"}", "1T"},
      {"{{a.b.c}}", "{\"a\":{\"b\":{\"c\":7}}}", "7"},
      {"x\n{{#a}}\ny\n{{/a}}\nz\n", "{\"a\":true}", "x\ny\nz\n"},
      {"{{! a comment\nof two lines }}x", "{}", "x"},
      {"{{>gone}}x", "{}", "x"},
      {"<{{x}}>", "{\"x\":\"&<>\\\"\"}", "<&<>\">"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SlJson) fields = json(rows[i][1]);
    g_autoptr(GError) error = NULL;
    g_autofree char *out = sl_mustache_render(rows[i][0], fields, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(out, ==, rows[i][2]);
  }
}

static void
test_escaping(void)
{
  g_autoptr(SlJson) fields = json("{\"x\":\"<b> & \\\"q\\\"\"}");
  g_autofree char *out = sl_mustache_render("{{x}} {{{x}}} {{&x}}", fields, TRUE, NULL);
  g_assert_cmpstr(out, ==, "&lt;b&gt; &amp; &quot;q&quot; <b> & \"q\" <b> & \"q\"");
}

/* A fault is one whatever the fields hold: a template that is wrong must not wait for the mail that meets it. */
static void
test_faults(void)
{
  static const char *const rows[][2] = {
      {"a\n{{x", "2: a tag is opened"},
      {"{{#x}}a", "1: section {{#x}} is never closed"},
      {"a{{/x}}", "1: a section is closed that was never opened"},
      {"{{#x}}\n{{#y}}\n{{/x}}", "2: section {{#y}} is never closed"},
      {"{{#x}}\n{{/y}}\n{{/x}}", "2: a section is closed that was never opened"},
      {"{{^x}}\n{{#y}}\n{{/x}}{{/y}}", "2: section {{#y}} is never closed"},
      {"{{=<% %>=}}", "1: the signs of a tag cannot be changed"},
      {"{{{x}}", "1: a tag is opened"},
  };
  g_autoptr(SlJson) none = json("{}");
  g_autoptr(SlJson) all = json("{\"x\":\"1\",\"y\":\"1\"}");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    const SlJson *fields[] = {none, all};
    for (guint k = 0; k < 2; k++) {
      g_autoptr(GError) error = NULL;
      g_autofree char *out = sl_mustache_render(rows[i][0], fields[k], FALSE, &error);
      g_assert_null(out);
      g_assert_error(error, SL_ERROR, SL_ERROR_CONFIG);
      g_assert_true(g_str_has_prefix(error->message, rows[i][1]));
    }
  }
  g_autoptr(GString) deep = g_string_new(NULL);
  for (int i = 0; i < 5000; i++)
    g_string_append(deep, "{{#x}}");
  for (int i = 0; i < 5000; i++)
    g_string_append(deep, "{{/x}}");
  g_autoptr(GError) error = NULL;
  g_assert_null(sl_mustache_render(deep->str, none, FALSE, &error));
  g_assert_nonnull(strstr(error->message, "nested too deeply"));
}

static void
run_case(const char *file, const SlJson *test)
{
  const SlJson *data = sl_json_get(test, "data");
  g_autoptr(GError) error = NULL;
  g_autofree char *out = sl_mustache_render(sl_json_get_string(test, "template"), data, TRUE, &error);
  if (g_strcmp0(out, sl_json_get_string(test, "expected")) == 0)
    return;
  g_test_message("%s, %s: \"%s\" (%s) where \"%s\" is wanted", file, sl_json_get_string(test, "name"), out, error ? error->message : "",
                 sl_json_get_string(test, "expected"));
  g_test_fail();
}

static void
test_specification(void)
{
  static const char *const files[] = {"comments.json", "interpolation.json", "inverted.json", "sections.json"};
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "shared", "corpora", "mustache", files[i], NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
      continue;
    g_autoptr(SlJson) suite = json(text);
    const SlJson *tests = sl_json_get(suite, "tests");
    for (guint k = 0; k < sl_json_length(tests); k++, n++)
      run_case(files[i], sl_json_at(tests, k));
  }
  g_test_message("%u cases of the specification", n);
  if (n == 0)
    g_test_skip("the cases are not here");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/letter/mustache/rendering", test_rendering);
  g_test_add_func("/letter/mustache/escaping", test_escaping);
  g_test_add_func("/letter/mustache/faults", test_faults);
  g_test_add_func("/letter/mustache/specification", test_specification);
  return g_test_run();
}
