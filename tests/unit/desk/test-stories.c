/* SPDX-License-Identifier: ISC */
/* Runs the scenes of tests/data/desk: a block is a scene, a scene is a test. The grammar: README.txt there. */
#include "story.h"

#include <stdio.h>
#include <string.h>

/* "Tue 11:00 -> warning to Ana": at that very minute. */
static void
check_at(Story *s, SlTime at, const char *text)
{
  g_autoptr(GPtrArray) letters = world_letters(s->world);
  gboolean any = FALSE;
  for (guint i = 0; i < letters->len; i++) {
    const Letter *letter = letters->pdata[i];
    any |= story_is_new(s, letter) && letter->queued_at == at;
    if (story_is_new(s, letter) && letter->queued_at < at) {
      g_autofree char *when = story_say(letter->queued_at);
      story_fault(s, "before it there was at %s a letter %s to %s", when, letter->kind, story_name(letter->to->pdata[0]));
      story_mark_seen(s, letter->id);
    }
  }
  if (!any && !strstr(text, "nothing"))
    story_fault(s, "no letter leaves at that minute");
  story_check(s, text);
}

static void
run_line(Story *s, const char *line)
{
  gboolean given = g_str_has_prefix(line, "given ");
  const char *rest = line + (given ? strlen("given ") : 0);
  char day[4], clock[6];
  gboolean timed = sscanf(rest, "%3[A-Za-z] %5[0-9:] ", day, clock) == 2 && g_ascii_isdigit(rest[4]);
  SlTime at = SL_TIME_NONE;
  if (timed) {
    at = story_moment(s, day, clock);
    rest += strlen("Tue 10:00");
    rest += strspn(rest, " ");
    world_run_until(s->world, at);
  }
  if (g_str_has_prefix(rest, "->") && timed)
    check_at(s, at, rest + 2);
  else if (g_str_has_prefix(rest, "->"))
    story_check(s, rest + 2);
  else if (!story_do(s, rest))
    story_fault(s, "the runner does not understand this line");
  if (given)
    story_mark_all_seen(s);
}

static void
finish(Story *s)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
  world_check(s->world, faults);
  for (guint i = 0; i < faults->len; i++)
    story_fault(s, "at the end: %s", (char *)faults->pdata[i]);
}

static char *empty_folder; /* a store with nothing in it, copied for each scene */

static void
run_scene(gconstpointer data)
{
  SlTime monday = 0;
  gboolean parsed = sl_time_parse(MONDAY, &monday);
  g_assert_true(parsed);
  Story s = {.scene = data, .world = world_new(empty_folder, NULL, monday), .before = g_hash_table_new(NULL, NULL), .line = ""};
  for (guint i = 0; i < s.scene->lines->len && !s.failed && !s.skipped; i++) {
    s.line = s.scene->lines->pdata[i];
    s.number = s.scene->line + i + 1;
    if (*s.line)
      run_line(&s, s.line);
  }
  if (s.skipped)
    g_test_skip("the reader of mails does not know this kind of forward");
  else
    finish(&s);
  world_free(s.world);
  g_hash_table_unref(s.before);
  g_free(s.bytes);
  g_free(s.recipient);
}

/* ---- the files ---- */

static void
scene_free(gpointer data)
{
  Scene *scene = data;
  g_free(scene->file);
  g_free(scene->title);
  g_ptr_array_unref(scene->lines);
  g_free(scene);
}

static void
read_scenes(const char *path, const char *name, GPtrArray *scenes)
{
  g_autofree char *text = NULL;
  Scene *scene = NULL;
  gboolean read = g_file_get_contents(path, &text, NULL, NULL);
  g_assert_true(read);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    gboolean indented = g_ascii_isspace(lines[i][0]);
    g_strstrip(lines[i]);
    gboolean comment = *lines[i] == '#' || !*lines[i];
    if (!indented && !comment) {
      scene = g_new0(Scene, 1);
      scene->file = g_strdup(name);
      scene->title = g_strdup(lines[i]);
      scene->line = i + 1;
      scene->lines = g_ptr_array_new_with_free_func(g_free);
      g_ptr_array_add(scenes, scene);
    } else if (scene) {
      g_ptr_array_add(scene->lines, g_strdup(comment ? "" : lines[i]));
    }
  }
}

/* A title as a test's name: "/desk/who/an-agents-reply". */
static char *
test_name(const Scene *scene)
{
  g_autofree char *stem = g_strndup(scene->file, strcspn(scene->file, "."));
  g_autoptr(GString) name = g_string_new(NULL);
  for (const char *p = scene->title; *p; p++) {
    if (g_ascii_isalnum(*p))
      g_string_append_c(name, g_ascii_tolower(*p));
    else if (*p != '\'' && name->len && name->str[name->len - 1] != '-')
      g_string_append_c(name, '-');
  }
  while (name->len && name->str[name->len - 1] == '-')
    g_string_truncate(name, name->len - 1);
  return g_strdup_printf("/desk/scenes/%s/%s", stem, name->str);
}

static void
add_file(const char *name, GPtrArray *scenes)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "data", "desk", name, NULL);
  guint from = scenes->len;
  read_scenes(path, name, scenes);
  g_assert_cmpuint(scenes->len, >, from);
  for (guint i = from; i < scenes->len; i++) {
    g_autofree char *test = test_name(scenes->pdata[i]);
    g_test_add_data_func(test, scenes->pdata[i], run_scene);
  }
}

int
main(int argc, char **argv)
{
  static const char *const files[] = {"who-agents.txt", "who-customers.txt", "bad-input.txt", "verbs.txt", "bundles.txt", "clock.txt"};
  SlTime monday = 0;
  g_test_init(&argc, &argv, NULL);
  g_test_set_nonfatal_assertions();
  gboolean parsed = sl_time_parse(MONDAY, &monday);
  g_autoptr(GPtrArray) scenes = g_ptr_array_new_with_free_func(scene_free);
  World *empty = world_new(NULL, NULL, monday);
  g_assert_true(parsed);
  world_rest(empty);
  empty_folder = empty->folder;
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    add_file(files[i], scenes);
  int rc = g_test_run();
  world_free(empty);
  story_does_free();
  story_is_free();
  return rc;
}
