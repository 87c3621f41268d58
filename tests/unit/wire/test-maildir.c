/* SPDX-License-Identifier: ISC */
/* Maildirs as source and as sink, by the same verbs as the servers. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "wire/sink.h"
#include "wire/source.h"

static char *root;

static char *
new_box(const char *name)
{
  char *path = g_build_filename(root, name, NULL);
  static const char *const folders[] = {"new", "cur", "tmp"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(path, folders[i], NULL);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
  }
  return path;
}

static void
put(const char *box, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename(box, file, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static gboolean
has(const char *box, const char *file)
{
  g_autofree char *path = g_build_filename(box, file, NULL);
  return access(path, F_OK) == 0;
}

/* ---- in ---- */

static SlSource *
open_box(SlSourceOptions *options, const char *box)
{
  GError *error = NULL;
  g_autofree char *url = g_strconcat("maildir://", box, NULL);
  options->name = (char *)"box";
  options->url = (char *)g_intern_string(url);
  SlSource *source = sl_source_new(options, -1, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(sl_source_open(source, &error));
  g_assert_no_error(error);
  return source;
}

static GArray *
list(SlSource *source, guint32 above)
{
  GArray *items = g_array_new(FALSE, FALSE, sizeof(SlSourceItem));
  g_autoptr(GError) error = NULL;
  g_assert_true(sl_source_list(source, above, items, &error));
  return items;
}

static gboolean
collect(const char *bytes, gsize length, gpointer user, GError **error)
{
  (void)error;
  g_string_append_len(user, bytes, (gssize)length);
  return TRUE;
}

static char *
read_one(SlSource *source, guint32 uid, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  return sl_source_stream(source, uid, collect, text, error) ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static guint32
uid_at(const GArray *items, guint i)
{
  return g_array_index(items, SlSourceItem, i).uid;
}

static void
test_list(void)
{
  g_autofree char *box = new_box("list");
  SlSourceOptions options = {0};
  put(box, "new/1.a", "one");
  put(box, "cur/2.b:2,S", "two");
  put(box, "new/.hidden", "no mail");
  put(box, "tmp/3.c", "not delivered yet");
  guint32 validity;
  {
    g_autoptr(SlSource) source = open_box(&options, box);
    g_autoptr(GArray) items = list(source, 0);
    g_assert_cmpuint(items->len, ==, 2);
    g_assert_cmpuint(uid_at(items, 0), <, uid_at(items, 1));
    g_autofree char *first = read_one(source, uid_at(items, 0), NULL);
    g_autofree char *second = read_one(source, uid_at(items, 1), NULL);
    g_assert_true(strcmp(first, "one") == 0 && strcmp(second, "two") == 0);
    validity = sl_source_uidvalidity(source);
    g_assert_cmpuint(validity, !=, 0);
  }
  put(box, "new/0.z", "three");
  g_autofree char *from = g_build_filename(box, "new", "1.a", NULL);
  g_autofree char *to = g_build_filename(box, "cur", "1.a:2,RS", NULL);
  g_assert_cmpint(g_rename(from, to), ==, 0); /* somebody read it in their client */
  g_autoptr(SlSource) again = open_box(&options, box);
  g_autoptr(GArray) items = list(again, 0);
  g_autoptr(GArray) above = list(again, 2);
  g_assert_cmpuint(sl_source_uidvalidity(again), ==, validity);
  g_assert_cmpuint(items->len, ==, 3);
  g_autofree char *one = read_one(again, 1, NULL);
  g_assert_cmpstr(one, ==, "one"); /* numbers stay, wherever the file has gone */
  g_assert_cmpuint(above->len, ==, 1);
  g_assert_cmpuint(uid_at(above, 0), ==, 3);
}

static void
test_mark(void)
{
  g_autofree char *box = new_box("mark");
  SlSourceOptions options = {.trouble = (char *)"Trouble/Bad"};
  put(box, "new/1.a", "one");
  put(box, "new/2.b", "two");
  g_autoptr(SlSource) source = open_box(&options, box);
  g_autoptr(GArray) items = list(source, 0);
  g_autofree char *first = read_one(source, 1, NULL);
  const char *taken = strcmp(first, "one") == 0 ? "cur/1.a:2," : "cur/2.b:2,";
  const char *bad = strcmp(first, "one") == 0 ? ".Trouble.Bad/cur/2.b:2," : ".Trouble.Bad/cur/1.a:2,";
  const guint32 one = 1, two = 2, none = 99;
  g_assert_true(sl_source_mark(source, &one, 1, SL_MARK_TAKEN, NULL));
  g_assert_true(sl_source_mark(source, &one, 1, SL_MARK_TAKEN, NULL)); /* twice is once */
  g_assert_true(sl_source_mark(source, &two, 1, SL_MARK_QUARANTINED, NULL));
  g_assert_true(sl_source_mark(source, &none, 1, SL_MARK_TAKEN, NULL)); /* gone: the row in the store is the truth */
  g_assert_true(has(box, taken)); /* no flag: people's clients set those */
  g_assert_true(has(box, bad));
  g_autoptr(GArray) left = list(source, 0);
  g_assert_cmpuint(left->len, ==, 1);
}

/* Two passes over one box mark the same mails at the same time: each mail moves once, and neither pass minds. */
static void
test_two_mark(void)
{
  enum { MAILS = 300 };
  g_autofree char *box = new_box("two");
  SlSourceOptions options = {0};
  for (guint i = 0; i < MAILS; i++) {
    g_autofree char *name = g_strdup_printf("new/%u.x", i);
    put(box, name, "mail");
  }
  g_autoptr(SlSource) source = open_box(&options, box);
  g_autoptr(GArray) items = list(source, 0);
  g_assert_cmpuint(items->len, ==, MAILS);
  guint32 uids[MAILS];
  for (guint32 i = 0; i < MAILS; i++)
    uids[i] = i + 1;
  pid_t other = fork();
  gboolean ok = sl_source_mark(source, uids, MAILS, SL_MARK_TAKEN, NULL);
  if (other == 0)
    _exit(ok ? 0 : 1);
  int status = 1;
  g_assert_cmpint(waitpid(other, &status, 0), ==, other);
  g_assert_true(ok);
  g_assert_cmpint(status, ==, 0);
  for (guint i = 0; i < MAILS; i++) {
    g_autofree char *name = g_strdup_printf("cur/%u.x:2,", i);
    g_assert_true(has(box, name));
  }
}

static void
test_gone(void)
{
  g_autofree char *box = new_box("gone");
  SlSourceOptions options = {0};
  put(box, "new/1.a", "one");
  g_autoptr(SlSource) source = open_box(&options, box);
  g_autoptr(GArray) items = list(source, 0);
  g_autofree char *path = g_build_filename(box, "new", "1.a", NULL);
  g_unlink(path);
  g_autoptr(GError) error = NULL;
  g_assert_null(read_one(source, 1, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_MAIL);
}

/* A file's name may hold anything but a slash: each file keeps one number. */
static void
test_odd_names(void)
{
  static const char *const names[] = {"new/a\nb", "new/7 c", "new/%0A", "new/\x1b[2J", "new/J\xfcrgen"};
  g_autofree char *box = new_box("odd");
  SlSourceOptions options = {0};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    put(box, names[i], names[i]);
  for (int round = 0; round < 3; round++) {
    g_autoptr(SlSource) source = open_box(&options, box);
    g_autoptr(GArray) items = list(source, 0);
    g_assert_cmpuint(items->len, ==, G_N_ELEMENTS(names));
    g_assert_cmpuint(uid_at(items, items->len - 1), ==, G_N_ELEMENTS(names));
  }
}

static void
test_links(void)
{
  g_autofree char *box = new_box("links");
  SlSourceOptions options = {0};
  g_autofree char *link = g_build_filename(box, "new", "1.link", NULL);
  g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
  g_autoptr(SlSource) source = open_box(&options, box);
  g_autoptr(GArray) items = list(source, 0);
  g_autoptr(GError) error = NULL;
  g_assert_null(items->len ? read_one(source, uid_at(items, 0), &error) : NULL); /* never another file of the machine */
}

static void
test_no_box(void)
{
  g_autoptr(GError) error = NULL, scheme = NULL;
  SlSourceOptions options = {.name = (char *)"box", .url = (char *)"maildir:///nonexistent/x"};
  g_autoptr(SlSource) source = sl_source_new(&options, -1, NULL, NULL, NULL);
  g_assert_false(sl_source_open(source, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_ACCOUNT);
  options.url = (char *)"pop3://x";
  g_assert_null(sl_source_new(&options, -1, NULL, NULL, &scheme));
  g_assert_error(scheme, SL_ERROR, SL_ERROR_CONFIG);
}

/* ---- out ---- */

typedef struct {
  const char *text;
  gsize at;
  gboolean allow, broken;
  int asked;
} Letter;

static gssize
read_letter(char *buffer, gsize size, gpointer user)
{
  Letter *letter = user;
  gsize n = MIN(MIN(size, 7), strlen(letter->text) - letter->at);
  if (letter->broken)
    return -1;
  memcpy(buffer, letter->text + letter->at, n);
  letter->at += n;
  return (gssize)n;
}

static gboolean
gate(gpointer user)
{
  Letter *letter = user;
  letter->asked++;
  g_assert_cmpuint(letter->at, ==, strlen(letter->text)); /* after the last byte */
  return letter->allow;
}

static guint
files_in(const char *box, const char *folder)
{
  g_autofree char *path = g_build_filename(box, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint n = 0;
  while (dir && g_dir_read_name(dir))
    n++;
  return n;
}

static void
test_send(void)
{
  static const struct {
    const char *sender, *recipient;
    gboolean allow, broken;
    SlSendResult result;
    guint kept;
    int asked;
  } rows[] = {
      {"b@x.example", "a@y.example", TRUE, FALSE, SL_SENT, 1, 1},
      {"", "a@y.example", TRUE, FALSE, SL_SENT, 1, 1},
      {"b@x.example", "a@y.example", FALSE, FALSE, SL_WITHHELD, 0, 1},
      {"b@x.example", "a@y.example", TRUE, TRUE, SL_DEFERRED, 0, 0},
      {"b@x.example", "a@y.example\r\nBcc: c@z", TRUE, FALSE, SL_REFUSED, 0, 0},
      {"b@x.example>\r\nX: y", "a@y.example", TRUE, FALSE, SL_REFUSED, 0, 0},
      {"b@x.example", "nobody", TRUE, FALSE, SL_REFUSED, 0, 0},
      {"b@x.example", "", TRUE, FALSE, SL_REFUSED, 0, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *box = g_strdup_printf("%s/out%u", root, i);
    g_autofree char *url = g_strconcat("maildir://", box, NULL);
    const SlSinkOptions options = {.name = (char *)"main", .url = url};
    g_autoptr(GError) error = NULL;
    g_autoptr(SlSink) sink = sl_sink_new(&options, -1, &error);
    Letter letter = {.text = "Subject: x\r\n\r\nhello\r\n", .allow = rows[i].allow, .broken = rows[i].broken};
    SlSendOutcome outcome = {0};
    g_assert_true(sl_sink_open(sink, &error));
    sl_sink_send(sink, rows[i].sender, rows[i].recipient, read_letter, gate, &letter, &outcome);
    if (outcome.result != rows[i].result || letter.asked != rows[i].asked || files_in(box, "new") != rows[i].kept)
      g_error("row %u: %d \"%s\", asked %d, kept %u", i, (int)outcome.result, outcome.text, letter.asked, files_in(box, "new"));
    g_assert_nonnull(outcome.text);
    g_assert_cmpuint(files_in(box, "tmp"), ==, 0);
    sl_send_outcome_clear(&outcome);
  }
}

static void
test_no_place(void)
{
  g_autoptr(GError) error = NULL;
  const SlSinkOptions options = {.name = (char *)"main", .url = (char *)"maildir:///proc/nothing/here"};
  g_autoptr(SlSink) sink = sl_sink_new(&options, -1, NULL);
  g_assert_false(sl_sink_open(sink, &error));
  g_assert_error(error, SL_ERROR, SL_ERROR_ACCOUNT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  root = g_dir_make_tmp("sl-maildir-XXXXXX", NULL);
  g_test_add_func("/wire/maildir-in/numbers-stay", test_list);
  g_test_add_func("/wire/maildir-in/mark", test_mark);
  g_test_add_func("/wire/maildir-in/two-mark", test_two_mark);
  g_test_add_func("/wire/maildir-in/gone", test_gone);
  g_test_add_func("/wire/maildir-in/odd-names", test_odd_names);
  g_test_add_func("/wire/maildir-in/links", test_links);
  g_test_add_func("/wire/maildir-in/no-box", test_no_box);
  g_test_add_func("/wire/maildir-out/send", test_send);
  g_test_add_func("/wire/maildir-out/no-place", test_no_place);
  int rc = g_test_run();
  const char *const remove_folder[] = {"rm", "-rf", root, NULL};
  g_spawn_sync(NULL, (char **)remove_folder, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(root);
  return rc;
}
