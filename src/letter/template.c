/* SPDX-License-Identifier: ISC */
#include "letter/template.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "letter/template-private.h"

struct SlTemplates {
  GHashTable *texts; /* "en/ack" → text of the administrator's file */
};

static const SlBuiltin *
builtin_of(const char *name)
{
  for (const SlBuiltin *b = sl_template_builtin(); b->name; b++) {
    if (strcmp(b->name, name) == 0)
      return b;
  }
  return NULL;
}

const char *const *
sl_template_names(void)
{
  static gsize once = 0;
  static const char **names = NULL;
  if (g_once_init_enter(&once)) {
    guint n = 0;
    while (sl_template_builtin()[n].name)
      n++;
    names = g_new0(const char *, n + 1);
    for (guint i = 0; i < n; i++)
      names[i] = sl_template_builtin()[i].name;
    g_once_init_leave(&once, 1);
  }
  return names;
}

/* ---- the administrator's files ---- */

/* Every name in a tag must be one that the letter knows: a typing error would be an empty place in a customer's mail. */
static gboolean
check_fields(const char *path, const char *text, const SlBuiltin *builtin, GError **error)
{
  static const char *const in_lists = "id client subject target at left late due_at level who what counted total priority last_news . owner";
  g_autofree char *known = g_strdup_printf(" %s %s ", builtin->fields, in_lists);
  int line = 1;
  for (const char *p = text; *p; p++) {
    line += *p == '\n';
    if (p[0] != '{' || p[1] != '{')
      continue;
    const char *name = p + 2 + strspn(p + 2, "{#^/& ");
    if (p[2] == '!')
      continue;
    g_autofree char *word = g_strndup(name, strcspn(name, "} "));
    g_autofree char *padded = g_strdup_printf(" %s ", word);
    if (!strstr(known, padded)) {
      g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s:%d: the letter knows no field \"%s\"; it knows:%s", path, line, word, known);
      return FALSE;
    }
    p += 1;
  }
  return TRUE;
}

static gboolean
load_file(SlTemplates *templates, const char *dir, const char *language, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename(dir, language, file, NULL);
  g_autofree char *name = g_strndup(file, strlen(file) - strlen(".txt"));
  g_autofree char *text = NULL;
  g_autofree char *rendered = NULL;
  g_autoptr(GError) why = NULL;
  g_autoptr(SlJson) nothing = sl_json_object();
  const SlBuiltin *builtin = builtin_of(name);
  if (!builtin) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: there is no letter \"%s\"", path, name);
    return FALSE;
  }
  if (!g_file_get_contents(path, &text, NULL, &why) || !g_utf8_validate(text, -1, NULL)) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: %s", path, why ? why->message : "it is not UTF-8");
    return FALSE;
  }
  if (!g_str_has_prefix(text, "Subject:") || !strstr(text, "\n\n")) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s:1: a letter begins with \"Subject: …\" and an empty line", path);
    return FALSE;
  }
  /* as it is rendered: a section does not reach from the subject into the text */
  g_autofree char *head = g_strndup(text, (gsize)(strstr(text, "\n\n") - text));
  g_autofree char *subject = sl_mustache_render(head, nothing, FALSE, &why);
  if (subject)
    rendered = sl_mustache_render(text, nothing, FALSE, &why);
  if (!rendered) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s:%s", path, why->message);
    return FALSE;
  }
  if (!check_fields(path, text, builtin, error))
    return FALSE;
  g_hash_table_insert(templates->texts, g_strdup_printf("%s/%s", language, name), g_steal_pointer(&text));
  return TRUE;
}

static gboolean
load_language(SlTemplates *templates, const char *dir, const char *language, GError **error)
{
  g_autofree char *folder = g_build_filename(dir, language, NULL);
  g_autoptr(GDir) files = g_file_test(folder, G_FILE_TEST_IS_DIR) ? g_dir_open(folder, 0, NULL) : NULL;
  const char *file;
  while (files && (file = g_dir_read_name(files))) {
    if (g_str_has_suffix(file, ".txt") && !load_file(templates, dir, language, file, error))
      return FALSE;
  }
  return TRUE;
}

SlTemplates *
sl_templates_load(const char *dir, GError **error)
{
  g_autoptr(SlTemplates) templates = g_new0(SlTemplates, 1);
  templates->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GDir) languages = dir ? g_dir_open(dir, 0, NULL) : NULL;
  const char *language;
  if (dir && !languages) {
    g_set_error(error, SL_ERROR, SL_ERROR_CONFIG, "%s: the folder of templates cannot be read", dir);
    return NULL;
  }
  while (languages && (language = g_dir_read_name(languages))) {
    gboolean saved_replies = strcmp(language, "replies") == 0; /* the desk's, for /use */
    if (!saved_replies && !load_language(templates, dir, language, error))
      return NULL;
  }
  return g_steal_pointer(&templates);
}

void
sl_templates_free(SlTemplates *templates)
{
  if (templates)
    g_hash_table_unref(templates->texts);
  g_free(templates);
}

gboolean
sl_templates_speak(const SlTemplates *templates, const char *language)
{
  for (const char *const *names = sl_template_names(); *names; names++) {
    g_autofree char *key = g_strdup_printf("%s/%s", language, *names);
    if (g_hash_table_contains(templates->texts, key))
      return TRUE;
  }
  return strcmp(language, "en") == 0;
}

static const char *
text_of(const SlTemplates *templates, const char *name, const char *language)
{
  g_autofree char *key = g_strdup_printf("%s/%s", language ? language : "en", name);
  g_autofree char *english = g_strdup_printf("en/%s", name);
  const char *text = g_hash_table_lookup(templates->texts, key);
  if (!text)
    text = g_hash_table_lookup(templates->texts, english);
  if (text)
    return text;
  const SlBuiltin *builtin = builtin_of(name);
  g_assert(builtin != NULL);
  return builtin->text;
}

void
sl_template_render(const SlTemplates *templates, const char *name, const char *language, const SlJson *fields,
                   char **out_subject, char **out_text)
{
  const char *text = text_of(templates, name, language);
  const char *body = strstr(text, "\n\n");
  g_autofree char *head = g_strndup(text + strlen("Subject:"), (gsize)(body - text) - strlen("Subject:"));
  g_autoptr(GError) error = NULL;
  g_autofree char *subject = sl_mustache_render(head, fields, FALSE, &error);
  g_assert_no_error(error);
  g_autofree char *rendered = sl_mustache_render(body + 2, fields, FALSE, &error);
  g_assert_no_error(error);
  *out_text = g_strconcat(rendered, g_str_has_suffix(rendered, "\n") ? NULL : "\n", NULL);
  *out_subject = g_strstrip(sl_text_one_line(subject, strlen(subject))); /* whatever its fields hold */
}
